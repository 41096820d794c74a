package portable

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// A list is as long as it may be and full of what costs most: reading it ends where no
// more can be imported, and no line is looked at again for each of the others. Read line by
// line over again, several of these would take hours.
func TestLongListsEnd(t *testing.T) {
	fill := func(begin, piece, end string) string {
		return begin + strings.Repeat(piece, (MaxBytes-len(begin)-len(end))/len(piece)) + end
	}
	var names strings.Builder
	for i := 0; names.Len() < MaxBytes-100; i++ {
		fmt.Fprintf(&names, `"https://o%d.example",`+"\n", i)
	}
	for _, tt := range []struct {
		name string
		kind Kind
		text string
	}{
		{"numbers", JSON, fill("[", "1,", "1]")},
		{"entries", JSON, fill("[", `"a.example",`+"\n", `"a.example"]`)},
		{"objects of Okta's that have no scope", Okta, fill("[", `{"origin":"https://a.example"},`+"\n", `{}]`)},
		{"one application of Auth0's", Auth0, `{"allowed_origins":[` + names.String() + `"https://b.example"]}`},
		{"wildcards", Vanilla, fill("", "*.a.example\n", "")},
		{"domains", Plain, fill("", "a.example,", "")},
		{"rows without a domain", CSV, fill("domain,label\n", ",x\n", "")},
		{"origins that are refused, and as many that are not", NginxMap, fill("", "https://a.example 0;\nhttps://b.example 1;\n", "")},
		{"semicolons", NginxMap, fill("", ";", "")},
		{"comments", NginxMap, fill("", "#\n", "")},
		{"words", NginxMap, fill("", "a ", "")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			entries, notes, err := Parse(tt.kind, []byte(tt.text))
			var wrong Mistakes
			if !errors.As(err, &wrong) || len(entries)+len(notes) > 0 {
				t.Fatalf("%d entries, %d notes, %v", len(entries), len(notes), err)
			}
			if len(wrong) > maxWrong+1 {
				t.Errorf("%d mistakes are told of", len(wrong))
			}
		})
	}
}

// The lines that mistakes in an application of Auth0's name are right, whichever of its
// lists stands first.
func TestAuth0Lines(t *testing.T) {
	const text = `{
"web_origins": [
"https://*.a.example",
"https://*.b.example"],
"allowed_origins": [
"https://*.c.example",
"https://*.d.example"]
}`
	_, _, err := Parse(Auth0, []byte(text))
	var wrong Mistakes
	if !errors.As(err, &wrong) {
		t.Fatal(err)
	}
	for i, line := range []int{6, 7, 3, 4} {
		if i >= len(wrong) || wrong[i].Line != line {
			t.Errorf("mistake %d of %v is not in line %d", i, wrong, line)
		}
	}
}
