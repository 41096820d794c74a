package portable

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"
)

// Limits of a regular expression: as a text, and as the names that it stands for.
const (
	maxPattern  = 1000 // bytes
	maxVariants = 100
	maxClass    = 16 // characters of a class that is spelled out
)

// What a regular expression stands for is spelled out as texts, in which these
// characters stand for what has no end.
const (
	markBegin  = '\ue000' // ^
	markEnd    = '\ue001' // $
	markAny    = '\ue002' // .* and the like: any number of labels
	markLabel  = '\ue003' // [^.]+ and the like: something within one label
	markSingle = '\ue004' // a dot without a backslash
	markDigits = '\ue005' // [0-9]+
	marks      = "\ue000\ue001\ue002\ue003\ue004\ue005"
)

var (
	errSpelled   = errors.New("it is too intricate to be spelled out as names")
	errManyNames = fmt.Errorf("it stands for more than %d names", maxVariants)
	errAnchors   = errors.New("it is not held by ^ and $, so it trusts more than it seems to")
	errSingle    = errors.New(`it has a dot without a backslash, which stands for any character: write \. there`)
	errLabel     = errors.New("it trusts one level of subdomains, and a wildcard would trust every level here: name them one by one")
	errNoDot     = errors.New(`it has no \. before the name, so it also trusts names that merely end like it`)
	errNotOrigin = errors.New("it does not match what browsers send: https://, a host in lower case, and perhaps a port")
	errAnyPort   = errors.New("it trusts any port, which no entry does but that of a loopback address: name the ports")
)

// addPattern adds what a regular expression stands for, or refuses it: an entry never
// trusts what the expression did not.
func (l *list) addPattern(line int, typed, pattern string) {
	pattern, anyCase := strings.CutPrefix(pattern, "*")
	found, err := patternEntries(pattern, anyCase)
	if err != nil {
		l.refuse(line, "%s: %v", shown(typed), err)
		return
	}
	for _, entry := range found.entries {
		l.add(Entry{Line: line, Typed: typed, Domain: entry})
	}
	text := fmt.Sprintf("%s becomes %s", shown(typed), strings.Join(found.entries, " and "))
	if found.insecure {
		text += "; http:// is left out, add it by itself where it is needed"
	}
	if found.anyPort {
		text += "; other ports are left out, add those that are needed"
	}
	l.note(line, "%s", text)
}

// A translation is what a regular expression becomes, and what is left out.
type translation struct {
	entries  []string
	insecure bool // http, where https is there, too
	anyPort  bool // any port, where the usual one is there, too
}

// patternEntries translates a regular expression.
func patternEntries(pattern string, anyCase bool) (translation, error) {
	if len(pattern) > maxPattern {
		return translation{}, errSpelled
	}
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return translation{}, errSpelled
	}
	texts, err := spelled(tree)
	if err != nil {
		return translation{}, err
	}
	var t translation
	for _, text := range texts {
		if anyCase {
			text = strings.ToLower(text)
		}
		if err := t.add(text); err != nil {
			return translation{}, err
		}
	}
	return t, t.settle()
}

// add adds one text that the expression stands for.
func (t *translation) add(text string) error {
	begun, isBegun := strings.CutPrefix(text, string(markBegin))
	whole, isEnded := strings.CutSuffix(begun, string(markEnd))
	switch {
	case !isBegun || !isEnded:
		return errAnchors
	case strings.ContainsRune(whole, markSingle):
		return errSingle
	}
	scheme, rest, ok := strings.Cut(whole, "://")
	if !ok || (scheme != "https" && scheme != "http") {
		return errNotOrigin
	}
	host, isAnyPort := strings.CutSuffix(rest, ":"+string(markDigits))
	host = strings.Replace(host, string(markAny)+".", "*.", 1)
	if err := checkHost(host); err != nil {
		return err
	}
	t.anyPort = t.anyPort || isAnyPort
	entry := scheme + "://" + host
	if isAnyPort {
		entry += ":"
	}
	if !slices.Contains(t.entries, entry) {
		t.entries = append(t.entries, entry)
	}
	return nil
}

// checkHost checks a host and port in which the wildcard has been written out.
func checkHost(host string) error {
	name, wildcard := strings.CutPrefix(host, "*.")
	switch {
	case strings.ContainsRune(name, markLabel):
		return errLabel
	case strings.ContainsRune(name, markDigits):
		return errSpelled
	case strings.ContainsRune(name, markAny) && !wildcard:
		return errNoDot
	case name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.:") != "":
		return errNotOrigin
	}
	return nil
}

// settle leaves out what is there beside something safer: http beside https, and any
// port beside the usual one.
func (t *translation) settle() error {
	var kept []string
	for _, entry := range t.entries {
		usual, isAnyPort := strings.CutSuffix(entry, ":")
		name, isInsecure := strings.CutPrefix(entry, "http://")
		switch {
		case isAnyPort && !slices.Contains(t.entries, usual):
			return errAnyPort
		case isAnyPort:
		case isInsecure && slices.Contains(t.entries, "https://"+name):
			t.insecure = true
		default:
			kept = append(kept, strings.TrimPrefix(entry, "https://"))
		}
	}
	t.entries = kept
	return nil
}
