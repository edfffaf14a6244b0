package definitions

import (
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// answered is what is known in `take`: the data, and the answer without what may be missing in it.
type answered struct {
	caller *known
	given  *Given
	there  []string // optional fields that a condition has shown to be there
}

var _ formula.Known = (*answered)(nil)

// Covers implements formula.Known.
func (a *answered) Covers(path string) bool {
	if path != "answer" && !strings.HasPrefix(path, "answer.") {
		return a.caller.Covers(path)
	}
	return !slices.ContainsFunc(a.given.Optional, func(f *value.Field) bool { return f.Path == path }) ||
		slices.Contains(a.there, path)
}

// Said implements formula.Known.
func (a *answered) Said(string) bool { return false }

// With implements formula.Known.
func (a *answered) With(facts []formula.Fact) formula.Known {
	out := &answered{given: a.given, there: slices.Clone(a.there)}
	var mine []formula.Fact
	for _, f := range facts {
		switch {
		case f.Path != "answer" && !strings.HasPrefix(f.Path, "answer."):
			mine = append(mine, f)
		case f.Op != formula.Absent:
			out.there = append(out.there, f.Path)
		}
	}
	out.caller = a.caller.with(mine)
	return out
}

// taken is what is known when the answer was taken over: a value that reads what may be missing may leave its field
// empty.
func (c *checker) taken(g *Given, k *known) *known {
	for _, a := range g.Take {
		change := c.u.assign(a)
		if len(a.Value.Uncovered(&answered{caller: k, given: g})) > 0 {
			change.loosen()
		}
		k = k.after(change)
	}
	return k
}

// judgeGiven judges what a request or job is given.
func (c *checker) judgeGiven(w Work, in *known, at spot) {
	for _, a := range GivenOf(w).With { // what is empty is left out
		c.note(at.step, a.Value)
	}
	if r, ok := w.(*Request); ok {
		judgeText(c, r.Path, in, at)
		for _, h := range r.Headers {
			judgeText(c, h.Text, in, at)
		}
	}
}
