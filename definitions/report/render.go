package report

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// widest is the number of columns of a source line that are shown; a longer line is cut around its caret.
const widest = 120

// Render shows problems like a compiler: place, severity, code and message; the source line with a caret under the
// place; the hint; and how many there are. source gives the text of a file; nil where it is not to be had, and then no
// line is shown.
func Render(problems []Problem, source func(file string) []byte) string {
	out := List("en", problems, source)
	if len(problems) > 0 {
		out += Summary(problems) + "\n"
	}
	return out
}

// List is Render without the last line, in a language of the house: where that is not English, the sentence stands
// first and the message, which is more exact, below the line.
func List(lang string, problems []Problem, source func(file string) []byte) string {
	var b strings.Builder
	lines := map[string][][]byte{}
	for _, p := range In(lang, problems, source) {
		text, ok := lines[p.File]
		if !ok && source != nil {
			text = bytes.Split(source(p.File), []byte{'\n'})
			lines[p.File] = text
		}
		p.render(&b, text, labelsIn(lang))
	}
	return b.String()
}

// labels are the words around a problem.
type labels struct {
	severity                     [2]string
	colon, message, detail, hint string
}

func labelsIn(lang string) labels {
	switch lang {
	case zhHant:
		return labels{[2]string{"錯誤", "警告"}, "：", "原文：", "詳情：", "提示："}
	case zhHans:
		return labels{[2]string{"错误", "警告"}, "：", "原文：", "详情：", "提示："}
	}
	return labels{[2]string{"error", "warning"}, ": ", "message: ", "detail: ", "hint: "}
}

// Summary counts: "2 errors, 1 warning".
func Summary(problems []Problem) string {
	var counts [2]int
	for _, p := range problems {
		counts[min(p.Severity, Warning)]++
	}
	var parts []string
	for severity, n := range counts {
		switch {
		case n == 1:
			parts = append(parts, "1 "+Severity(severity).String())
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", n, Severity(severity)))
		}
	}
	if len(parts) == 0 {
		return "no problems"
	}
	return strings.Join(parts, ", ")
}

func (p Problem) render(b *strings.Builder, lines [][]byte, words labels) {
	says := p.Message
	if p.Sentence != "" {
		says = p.Sentence
	}
	fmt.Fprintf(b, "%s: %s[%s]%s%s\n", p.Place, words.severity[min(p.Severity, Warning)], p.Code, words.colon,
		printable(says))
	margin := strings.Repeat(" ", len(strconv.Itoa(p.Line)))
	if p.Line >= 1 && p.Line <= len(lines) {
		line, caret := mark(string(lines[p.Line-1]), p.Column, p.Width)
		fmt.Fprintf(b, " %d | %s\n", p.Line, line)
		fmt.Fprintf(b, " %s | %s\n", margin, caret)
	}
	switch {
	case p.Detail != "":
		fmt.Fprintf(b, " %s = %s%s\n", margin, words.detail, printable(p.Detail))
	case p.Sentence != "":
		fmt.Fprintf(b, " %s = %s%s\n", margin, words.message, printable(p.Message))
	}
	for i, line := range p.Way {
		fmt.Fprintf(b, " %s = %d. %s\n", margin, i+1, printable(line))
	}
	if p.Hint != "" {
		fmt.Fprintf(b, " %s = %s%s\n", margin, words.hint, printable(p.Hint))
	}
}

// mark gives a line as it is shown and the carets under span characters from column on.
func mark(line string, column, span int) (shown, carets string) {
	line = strings.TrimRight(strings.TrimPrefix(line, "\ufeff"), "\r\n")
	if !utf8.ValidString(line) {
		line = strings.ToValidUTF8(line, "\ufffd")
	}
	runes := []rune(line)
	at := min(max(column-1, 0), len(runes))
	from, before := at, 0
	for from > 0 && before < widest/2 {
		from--
		before += columns(runes[from])
	}
	var text, under strings.Builder
	if from > 0 {
		text.WriteString("…")
		under.WriteString(" ")
	}
	used := 0
	for i := from; i < len(runes); i++ {
		if used >= widest {
			text.WriteString("…")
			break
		}
		used += columns(runes[i])
		text.WriteRune(visible(runes[i]))
		under.WriteString(underline(runes[i], i-at, max(span, 1)))
	}
	if at >= len(runes) {
		under.WriteString("^")
	}
	return text.String(), strings.TrimRight(under.String(), " \t")
}

// underline is what stands under one character that is offset away from the place.
func underline(r rune, offset, span int) string {
	switch {
	case offset >= 0 && offset < span:
		return strings.Repeat("^", max(columns(r), 1))
	case r == '\t':
		return "\t" // so that the carets line up whatever the terminal makes of a tab
	}
	return strings.Repeat(" ", columns(r))
}

// columns is the room that a character takes on a terminal.
func columns(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// Table aligns the cells of rows on a terminal, where a Chinese character takes the room of two; before stands in front
// of each row.
func Table(before string, rows [][]string) string {
	room := func(cell string) int {
		n := 0
		for _, r := range cell {
			n += columns(r)
		}
		return n
	}
	var wide []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(wide) {
				wide = append(wide, 0)
			}
			wide[i] = max(wide[i], room(cell))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		var line strings.Builder
		line.WriteString(before)
		for i, cell := range row {
			line.WriteString(cell + strings.Repeat(" ", wide[i]-room(cell)+2))
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}

// visible keeps a source text from steering the terminal it is shown on.
func visible(r rune) rune {
	if r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
		return '\ufffd'
	}
	return r
}

func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		return visible(r)
	}, text)
}
