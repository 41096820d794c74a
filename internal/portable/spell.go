package portable

import (
	"regexp/syntax"
	"strings"
)

// spelled returns the texts that a regular expression stands for.
func spelled(re *syntax.Regexp) ([]string, error) {
	switch re.Op {
	case syntax.OpEmptyMatch:
		return []string{""}, nil
	case syntax.OpLiteral:
		return spelledLiteral(re)
	case syntax.OpBeginText:
		return []string{string(markBegin)}, nil
	case syntax.OpEndText:
		return []string{string(markEnd)}, nil
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return []string{string(markSingle)}, nil
	case syntax.OpCharClass:
		return spelledClass(re)
	case syntax.OpCapture:
		return spelled(re.Sub[0])
	case syntax.OpQuest:
		inner, err := spelled(re.Sub[0])
		return append([]string{""}, inner...), err
	case syntax.OpStar, syntax.OpPlus:
		return spelledEndless(re.Sub[0])
	case syntax.OpRepeat: // of something else it may be fewer than any number
		if re.Sub[0].Op == syntax.OpCharClass && isDigits(re.Sub[0].Rune) {
			return []string{string(markDigits)}, nil
		}
	case syntax.OpAlternate:
		return spelledEither(re.Sub)
	case syntax.OpConcat:
		return spelledTogether(re.Sub)
	}
	return nil, errSpelled
}

func spelledLiteral(re *syntax.Regexp) ([]string, error) {
	text := string(re.Rune)
	if re.Flags&syntax.FoldCase != 0 || strings.ContainsAny(text, marks) {
		return nil, errSpelled
	}
	return []string{text}, nil
}

// spelledClass spells a small class of characters out. A larger one stands for
// something within a label.
func spelledClass(re *syntax.Regexp) ([]string, error) {
	var texts []string
	for i := 0; i < len(re.Rune); i += 2 {
		for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
			if len(texts) == maxClass {
				return []string{string(markLabel)}, nil
			}
			texts = append(texts, string(r))
		}
	}
	return texts, nil
}

// spelledEndless is what stands before a * or +. Only any characters at all, those of
// a label, and digits have a meaning here.
func spelledEndless(re *syntax.Regexp) ([]string, error) {
	switch {
	case re.Op == syntax.OpAnyChar, re.Op == syntax.OpAnyCharNotNL:
		return []string{string(markAny)}, nil
	case re.Op != syntax.OpCharClass:
		return nil, errSpelled
	case isDigits(re.Rune):
		return []string{string(markDigits)}, nil
	case holdsHosts(re.Rune):
		return []string{string(markAny)}, nil
	}
	return []string{string(markLabel)}, nil
}

func isDigits(class []rune) bool {
	return len(class) == 2 && class[0] == '0' && class[1] == '9'
}

// holdsHosts reports whether a class has every character of a host.
func holdsHosts(class []rune) bool {
	for _, c := range "abcdefghijklmnopqrstuvwxyz0123456789-_." {
		if !holds(class, c) {
			return false
		}
	}
	return true
}

func holds(class []rune, c rune) bool {
	for i := 0; i < len(class); i += 2 {
		if class[i] <= c && c <= class[i+1] {
			return true
		}
	}
	return false
}

func spelledEither(parts []*syntax.Regexp) ([]string, error) {
	var texts []string
	for _, part := range parts {
		more, err := spelled(part)
		if err != nil {
			return nil, err
		}
		if texts = append(texts, more...); len(texts) > maxVariants {
			return nil, errManyNames
		}
	}
	return texts, nil
}

func spelledTogether(parts []*syntax.Regexp) ([]string, error) {
	texts := []string{""}
	for _, part := range parts {
		more, err := spelled(part)
		if err != nil {
			return nil, err
		}
		if len(texts)*len(more) > maxVariants {
			return nil, errManyNames
		}
		var longer []string
		for _, head := range texts {
			for _, tail := range more {
				longer = append(longer, head+tail)
			}
		}
		texts = longer
	}
	return texts, nil
}
