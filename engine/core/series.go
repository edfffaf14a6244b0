package core

import (
	"fmt"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
)

// Numbers lists the series texts (before their {n}) whose last number a Step at now may need.
func Numbers(p *definitions.Procedure, now time.Time) []string {
	var out []string
	add := func(s *definitions.Series) {
		if s != nil {
			out = append(out, seriesText(p, s, now))
		}
	}
	add(&p.Number)
	for _, d := range p.Documents {
		add(d.Number)
	}
	for _, step := range p.Asks.Turns {
		out = append(out, turnsOf(p, step))
	}
	return out
}

// turnsOf names the series that counts how often somebody was chosen in turn for a step.
func turnsOf(p *definitions.Procedure, step string) string { return "turn:" + p.ID + "/" + step }

// seriesText is the text of a series up to its {n}, on the office's day at now. It names the count.
func seriesText(p *definitions.Procedure, s *definitions.Series, now time.Time) string {
	head, _, _ := seriesParts(p, s, now)
	return head
}

// seriesParts gives the text before the number, its width (0: no number) and the text after it.
func seriesParts(p *definitions.Procedure, s *definitions.Series, now time.Time) (string, int, string) {
	var head, tail strings.Builder
	width := 0
	at := &head
	day := now.In(p.Office.Zone)
	for _, part := range s.Parts {
		switch part.Name {
		case "":
			at.WriteString(part.Text)
		case "yyyy":
			at.WriteString(day.Format("2006"))
		case "mm":
			at.WriteString(day.Format("01"))
		case "dd":
			at.WriteString(day.Format("02"))
		case "n":
			width = max(part.Width, 1)
			at = &tail
		}
	}
	return head.String(), width, tail.String()
}

// draw takes the next number of a series.
func (m *machine) draw(s *definitions.Series) string {
	head, width, tail := seriesParts(m.p, s, m.c.Now)
	if width == 0 {
		return head
	}
	return fmt.Sprintf("%s%0*d%s", head, width, m.count(head), tail)
}

// last is the last number of a series that was used.
func (m *machine) last(series string) int64 {
	if n, ok := m.drawn[series]; ok {
		return n
	}
	return m.c.Series[series]
}

// count uses the next number of a series.
func (m *machine) count(series string) int64 {
	n := m.last(series) + 1
	if m.drawn == nil {
		m.drawn = map[string]int64{}
	}
	m.drawn[series] = n
	m.emit(Drew{Series: series, N: n})
	return n
}
