// Package diagram draws a compiled procedure as SVG: BPMN's symbols, from the top down, a lane for each post. Where a
// case stands can be laid over it. It is pure: the same procedure and state give the same picture, byte for byte.
package diagram

import (
	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
)

// Options of a picture.
type Options struct {
	Lang   string // of titles and words: zh-Hant, zh-Hans or en; "" = the office's
	Narrow bool   // one column for a telephone: no lanes, each box names who does it
	State  *State // of a case, laid over it; nil = none
}

// State is where a case stands and what it has passed. Steps and ways are counted over all runs.
type State struct {
	Number string           // of the case
	Steps  map[string]Stand // by id; "" = what came to the whole case
	Ends   map[string]bool  // ends of the procedure and its blocks that were reached, as "list/end"; list "" = its own
}

// Stand is where one step of a case stands.
type Stand struct {
	Open    int  // runs of it that are under way
	Done    int  // runs of it that were completed
	Left    int  // runs of it that were withdrawn, or taken back
	Failed  bool // something in it cannot go on
	Overdue bool // one that is under way is late
	// Ways, Timeouts and Events are indexes of those that were taken.
	Ways, Timeouts, Events []int
}

// Draw gives the picture.
func Draw(p *definitions.Procedure, o Options) []byte {
	d := compose(p, o)
	return d.svg()
}

// Say tells a guard in words, as the picture does.
func Say(p *definitions.Procedure, lang string, g *formula.Guard) string {
	return words{lang: lang, p: p}.guard(g)
}

// SayWho tells in words whom a procedure means; "" = it cannot be said.
func SayWho(p *definitions.Procedure, lang string, who definitions.Who) string {
	w := words{lang: lang, p: p}
	if who.Expr != nil {
		return who.Expr.Words(w.speech())
	}
	return w.who(who)
}

// drawing is a picture before it is written down.
type drawing struct {
	words
	p     *definitions.Procedure
	o     Options
	plane *plane
}

// compose decides where everything stands.
func compose(p *definitions.Procedure, o Options) *drawing {
	if o.Lang == "" {
		o.Lang = p.Office.Language
	}
	d := &drawing{words: words{lang: o.Lang, p: p}, p: p, o: o}
	d.plane = d.procedure()
	d.arrange(d.plane)
	d.plane.place(0, headHeight)
	return d
}
