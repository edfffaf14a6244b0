package diagram

import (
	"strings"
	"unicode"
)

// Sizes of letters, and of what lies between lines.
const (
	titleSize = 13.0
	smallSize = 11.0
	leading   = 1.35
)

// narrow are how wide the letters of the usual sans-serif fonts are, in parts of their size; others are given by class.
var narrow = map[rune]float64{
	' ': 0.3, '.': 0.3, ',': 0.3, ':': 0.3, ';': 0.3, '!': 0.32, '|': 0.3, '\'': 0.24, '"': 0.42, '(': 0.36, ')': 0.36,
	'[': 0.36, ']': 0.36, '/': 0.38, '-': 0.38, 'i': 0.26, 'j': 0.27, 'l': 0.26, 't': 0.36, 'f': 0.34, 'r': 0.4,
	'I': 0.32, 'm': 0.9, 'w': 0.78, 'M': 0.88, 'W': 0.96, '@': 0.96, '%': 0.9,
}

// widthOf is how wide a text stands in letters of a size.
func widthOf(text string, size float64) float64 {
	sum := 0.0
	for _, r := range text {
		sum += letter(r)
	}
	return sum * size
}

func letter(r rune) float64 {
	if w, ok := narrow[r]; ok {
		return w
	}
	switch {
	case wide(r):
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case unicode.IsUpper(r):
		return 0.7
	case r < 0x80:
		return 0.58
	}
	return 0.8
}

// wide tells letters that fill a square: Chinese and what is set among it.
func wide(r rune) bool {
	return r >= 0x1100 && r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 ||
		r >= 0xf900 && r <= 0xfaff || r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 ||
		r >= 0x1f300 && r <= 0x1faff || r >= 0x20000 && r <= 0x3fffd || r == '→' || r == '≤' || r == '≥' || r == '×' ||
		r == '“' || r == '”' || r == '—' || r == '…'
}

// Marks that begin no line, and those that end none.
const (
	notFirst = "，。、；：！？）」』》〉】”…,.;:!?)]}%·／"
	notLast  = "（「『《〈【“([{"
)

// wrap breaks a text into lines that fit a width: between Chinese letters anywhere but before a mark that closes, else
// between words; a word that is wider than a line is cut.
func wrap(text string, width, size float64) []string {
	var lines []string
	line := ""
	for _, piece := range pieces(text) {
		switch {
		case widthOf(line+strings.TrimRight(piece, " "), size) <= width:
			line += piece
			continue
		case line != "":
			lines = append(lines, strings.TrimSpace(line))
		}
		for widthOf(strings.TrimSpace(piece), size) > width {
			n := fits(piece, width, size)
			lines = append(lines, piece[:n])
			piece = piece[n:]
		}
		line = strings.TrimLeft(piece, " ")
	}
	if line = strings.TrimSpace(line); line != "" {
		lines = append(lines, line)
	}
	return lines
}

// balanced wraps a text so that its lines are about as long: no more of them than need be, and each as short as can be
// without cutting a word.
func balanced(text string, width, size float64) []string {
	best := wrap(text, width, size)
	least := max(3*size, longestWord(text, size))
	for try := width - size/2; try >= least; try -= size / 2 {
		lines := wrap(text, try, size)
		if len(lines) > len(best) {
			break
		}
		best = lines
	}
	return best
}

// longestWord is how wide the widest part is that does not break.
func longestWord(text string, size float64) float64 {
	most := 0.0
	for _, p := range pieces(text) {
		most = max(most, widthOf(strings.TrimSpace(p), size))
	}
	return most
}

// fits is how many bytes of a text fit a width: at least one letter.
func fits(text string, width, size float64) int {
	sum := 0.0
	for i, r := range text {
		if sum += letter(r) * size; sum > width && i > 0 {
			return i
		}
	}
	return len(text)
}

// pieces are the parts of a text between which a line may end.
func pieces(text string) []string {
	var out []string
	part := ""
	var last rune
	for _, r := range text {
		free := wide(r) || wide(last) || last == ' '
		if part != "" && free && r != ' ' && !strings.ContainsRune(notFirst, r) && !strings.ContainsRune(notLast, last) {
			out = append(out, part)
			part = ""
		}
		part += string(r)
		last = r
	}
	if part != "" {
		out = append(out, part)
	}
	return out
}

// widest is how wide the widest of some lines is.
func widest(lines []string, size float64) float64 {
	most := 0.0
	for _, l := range lines {
		most = max(most, widthOf(l, size))
	}
	return most
}
