package audit

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// maxValue is how much of a value is shown, in characters.
const maxValue = 200

// textOf is a value of the log as people read it. None is "".
func textOf(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case bool:
		return map[bool]string{true: "yes", false: "no"}[v]
	case string:
		return textOfString(v)
	case []any:
		return textOfList(v)
	case json.Number:
		return v.String()
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}

// textOfString is a string as it is, or a time in words. The zero time is none.
func textOfString(text string) string {
	t, err := time.Parse(time.RFC3339, text)
	switch {
	case err != nil:
		return text
	case t.IsZero():
		return ""
	}
	return t.UTC().Format("2 January 2006, 15:04:05 UTC")
}

func textOfList(list []any) string {
	texts := make([]string, len(list))
	for i, one := range list {
		texts[i] = textOf(one)
	}
	return strings.Join(texts, ", ")
}
