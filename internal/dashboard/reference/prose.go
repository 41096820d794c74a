package reference

import "strings"

// A paragraph is text in pieces.
type paragraph []piece

// A piece is text of one kind: "code", "strong" or "".
type piece struct{ Kind, Text string }

// prose reads the little of Markdown that the document uses: paragraphs, `code` and
// **strong**.
func prose(text string) []paragraph {
	var all []paragraph
	for part := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		if part = strings.Join(strings.Fields(part), " "); part != "" {
			all = append(all, pieces(part))
		}
	}
	return all
}

func pieces(text string) paragraph {
	var p paragraph
	for i, part := range strings.Split(text, "`") {
		if i%2 == 1 {
			p = append(p, piece{"code", part})
			continue
		}
		for j, plain := range strings.Split(part, "**") {
			kind := ""
			if j%2 == 1 {
				kind = "strong"
			}
			if plain != "" {
				p = append(p, piece{kind, plain})
			}
		}
	}
	return p
}
