package formula

// nearest finds the candidate that wrong was most likely meant to be; "" if none is near. Of equals the first wins.
func nearest(wrong string, candidates []string) string {
	best, bestAt := "", len([]rune(wrong))/3+2
	if len(wrong) > 100 {
		return ""
	}
	for _, c := range candidates {
		if d := distance(wrong, c); d < bestAt && d < len([]rune(c)) {
			best, bestAt = c, d
		}
	}
	return best
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

func didYouMean(prefix, wrong string, candidates []string) string {
	if n := nearest(wrong, candidates); n != "" {
		return "did you mean " + prefix + n + "?"
	}
	return ""
}
