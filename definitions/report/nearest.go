package report

import "unicode/utf8"

// farthest bounds the texts that are compared: a name is never longer.
const farthest = 100

// Nearest finds the candidate that name was most likely meant to be: at most about a third of its letters differ.
// It is "" where none is near; of equals the first wins.
func Nearest(name string, candidates []string) string {
	if len(name) > farthest {
		return ""
	}
	best, least := "", utf8.RuneCountInString(name)/3+2
	for _, c := range candidates {
		if len(c) > farthest || c == name {
			continue
		}
		if d := distance(name, c); d < least && d < utf8.RuneCountInString(c) {
			best, least = c, d
		}
	}
	return best
}

// DidYouMean is the hint that names the nearest candidate; "" where none is near.
func DidYouMean(name string, candidates []string) string {
	if near := Nearest(name, candidates); near != "" {
		return "did you mean " + near + "?"
	}
	return ""
}

// distance counts the letters to change, add, drop or swap with their neighbour.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, prev, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, prev, row = prev, row, before
	}
	return prev[len(y)]
}
