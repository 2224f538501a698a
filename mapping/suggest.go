package mapping

import (
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// longestWord is the length in bytes up to which words are compared: the
// comparison takes time in the square of it.
const longestWord = 80

// nearest finds the candidate that was probably meant, or "". Spelling that
// differs by case, spaces, hyphens or underscores only is always near.
func nearest(word string, candidates []string) string {
	best, bestDistance := "", 0
	bare := squash(word)
	if bare == "" || len(bare) > longestWord {
		return ""
	}
	for _, c := range candidates {
		d := distance(bare, squash(c))
		if d >= 0 && (best == "" || d < bestDistance) {
			best, bestDistance = c, d
		}
	}
	return best
}

// distance is the number of edits between two words, or -1 if they are too far
// apart to be slips of each other: more than a third of the longer one. Two
// letters in the wrong order are one slip.
func distance(a, b string) int {
	if a == b {
		return 0
	}
	if b == "" || len(b) > longestWord {
		return -1
	}
	d := levenshtein.ComputeDistance(a, b)
	if d == 2 && len(a) == len(b) && sameLetters(a, b) {
		d = 1
	}
	longer := max(len(a), len(b))
	if d > max(1, longer/3) || longer < 3 {
		return -1
	}
	return d
}

func sameLetters(a, b string) bool {
	x, y := []byte(a), []byte(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// squash reduces a name to what two spellings of it have in common.
func squash(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '_', '-', '\u00a0', '\ufeff', '\u200b':
			return -1
		}
		return r
	}, strings.ToLower(s))
}

// maxListed is how many names a hint still lists.
const maxListed = 24

// didYouMean is a hint that names the nearest candidate or, where none is
// near, all of them if they are few and what says what they are.
func didYouMean(word string, candidates []string, what string) string {
	if c := nearest(word, candidates); c != "" {
		return "did you mean " + quote(c) + "?"
	}
	if what == "" || len(candidates) == 0 || len(candidates) > maxListed {
		return ""
	}
	return what + " " + list(candidates)
}
