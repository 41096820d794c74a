package store

import (
	"database/sql/driver"
	"strings"
	"unicode/utf8"
)

// bound makes the arguments of a statement what both databases take alike: a truth is
// 0 or 1, and text is UTF-8 without a zero byte, which PostgreSQL's cannot hold. What
// browsers send may hold anything.
func bound(args []any) []any {
	values := make([]any, len(args))
	for i, arg := range args {
		values[i] = boundOne(arg)
	}
	return values
}

func boundOne(arg any) any {
	value, err := driver.DefaultParameterConverter.ConvertValue(arg)
	if err != nil {
		return arg // the driver says what is wrong with it
	}
	switch value := value.(type) {
	case bool:
		if value {
			return int64(1)
		}
		return int64(0)
	case string:
		return readable(value)
	}
	return value
}

// readable puts U+FFFD in the place of what is no text.
func readable(text string) string {
	if utf8.ValidString(text) && strings.IndexByte(text, 0) < 0 {
		return text
	}
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}
