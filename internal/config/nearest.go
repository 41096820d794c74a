package config

import "strings"

// maxEdits is how many edits a word may be away from a known one to be taken for
// a slip of the fingers.
const maxEdits = 2

// Nearest returns the known word that was probably meant by a wrong one, or "".
// An underscore is as good as a hyphen.
func Nearest(word string, known []string) string {
	best, fewest := "", maxEdits+1
	for _, k := range known {
		n := edits(fold(word), fold(k))
		if n < fewest && n < len(k) {
			best, fewest = k, n
		}
	}
	return best
}

func fold(s string) string {
	return strings.ReplaceAll(strings.ToLower(s), "_", "-")
}

// edits is the optimal string alignment distance: insertions, deletions,
// substitutions and exchanges of neighbours.
func edits(a, b string) int {
	before, prev := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost(a[i-1] != b[j-1]))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, prev = prev, row
	}
	return prev[len(b)]
}

func cost(differs bool) int {
	if differs {
		return 1
	}
	return 0
}
