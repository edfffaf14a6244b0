package definitions

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/guicheng/guicheng/definitions/report"
)

// textPlace is where an expression stands in its file.
type textPlace struct {
	node *node
	skip int // characters of the node's text before the expression: the = of a computed person
}

// at gives the place of a character of the expression, counted from 0, through quotes, escapes and folded lines.
func (t textPlace) at(offset int) report.Place {
	if t.node == nil {
		return report.Place{}
	}
	return t.node.inside(offset + t.skip)
}

// cursor walks over the characters of a file.
type cursor struct {
	rows      [][]rune
	row, char int // from 0
}

func (c *cursor) peek() (rune, bool) {
	if c.row >= len(c.rows) {
		return 0, false
	}
	if c.char >= len(c.rows[c.row]) {
		return '\n', true
	}
	return c.rows[c.row][c.char], true
}

func (c *cursor) next() {
	if c.row < len(c.rows) && c.char < len(c.rows[c.row]) {
		c.char++
		return
	}
	c.row, c.char = c.row+1, 0
}

func (c *cursor) blanks() {
	for {
		r, ok := c.peek()
		if !ok || r != ' ' && r != '\t' {
			return
		}
		c.next()
	}
}

func (s *source) lines() [][]rune {
	if s.rows == nil {
		text := strings.TrimPrefix(string(s.text), "\ufeff")
		for line := range strings.SplitSeq(text, "\n") {
			s.rows = append(s.rows, []rune(strings.TrimSuffix(line, "\r")))
		}
	}
	return s.rows
}

// inside gives the place of a character of a scalar's value.
func (n *node) inside(offset int) report.Place {
	c := &cursor{rows: n.src.lines(), row: n.line - 1, char: n.column - 1}
	value := []rune(n.text)
	offset = min(max(offset, 0), len(value))
	switch {
	case n.style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		c.block(value, offset, n.style&yaml.FoldedStyle != 0)
	case n.style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		c.next()
		c.flow(value[:offset], n.style)
	default:
		c.flow(value[:offset], n.style)
	}
	return report.Place{File: n.src.name, Line: c.row + 1, Column: c.char + 1}
}

// flow passes over the source of value, a plain or quoted scalar that may be folded over several lines.
func (c *cursor) flow(value []rune, style yaml.Style) {
	for i := 0; i < len(value); i++ {
		c.foldedEnd()
		r, ok := c.peek()
		switch {
		case !ok:
			return
		case r == '\n': // folded: one line break is a space, more are line breaks
			c.next()
			c.blanks()
			for r, ok := c.peek(); ok && r == '\n' && value[i] == '\n'; r, ok = c.peek() {
				c.next()
				c.blanks()
				if i+1 < len(value) && value[i+1] == '\n' {
					i++
				}
			}
		case r == '\'' && style&yaml.SingleQuotedStyle != 0:
			c.next()
			c.next()
		case r == '\\' && style&yaml.DoubleQuotedStyle != 0:
			c.escape()
		default:
			c.next()
		}
	}
	c.foldedEnd()
	if r, _ := c.peek(); r == '\n' {
		c.next()
		c.blanks()
	}
}

// foldedEnd skips blanks before a line break: they are not part of the value.
func (c *cursor) foldedEnd() {
	ahead := *c
	ahead.blanks()
	if r, ok := ahead.peek(); ok && r == '\n' && ahead.row == c.row {
		*c = ahead
	}
}

// escape passes over one backslash sequence of a double-quoted scalar.
func (c *cursor) escape() {
	c.next()
	r, _ := c.peek()
	c.next()
	if r == '\n' {
		c.blanks()
		return
	}
	digits := map[rune]int{'x': 2, 'u': 4, 'U': 8}[r]
	for range digits {
		c.next()
	}
}

// block finds a character of a literal (|) or folded (>) scalar, whose indentation is that of its first line.
func (c *cursor) block(value []rune, offset int, folded bool) {
	c.row, c.char = c.row+1, 0
	first := c.row
	for first < len(c.rows) && strings.TrimSpace(string(c.rows[first])) == "" {
		first++
	}
	indent := 0
	if first < len(c.rows) {
		for indent < len(c.rows[first]) && c.rows[first][indent] == ' ' {
			indent++
		}
	}
	c.char = indent
	for _, r := range value[:offset] {
		end := c.row < len(c.rows) && c.char >= len(c.rows[c.row])
		if r == '\n' || folded && r == ' ' && end {
			c.row, c.char = c.row+1, indent
			continue
		}
		c.char++
	}
}
