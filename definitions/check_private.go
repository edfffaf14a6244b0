package definitions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// spread finds personal data that is copied into fields that are not masked.
func (c *checker) spread() {
	for _, r := range c.p.Rules {
		if r.Value != nil {
			c.spreads(r.Value, r.Field, c.p, nil)
		}
	}
	for _, s := range c.p.Starts {
		c.spreadAll(s.Set, c.p, nil)
	}
	for _, g := range graphs(c.p) {
		for _, s := range g.Steps {
			c.spreadIn(s)
		}
	}
}

func (c *checker) spreadIn(s *Step) {
	switch w := s.Work.(type) { //nolint:gochecksumtype // those that compute values
	case *Set:
		c.spreadAll(w.Values, c.p, nil)
	case *Decide:
		for _, row := range w.all() {
			for i, g := range row.Gives {
				if into := w.Outputs[i].Into; g.Value != nil && into != nil {
					c.spreads(g.Value, into, c.p, nil)
				}
			}
		}
	case *Call:
		if w.Callee != nil {
			c.spreadAll(w.With, w.Callee, nil)
			c.spreadAll(w.Take, c.p, w.Callee)
		}
	}
}

func (c *checker) spreadAll(list []*Assign, owner, its *Procedure) {
	for _, a := range list {
		if a.Value != nil {
			c.spreads(a.Value, a.Into, owner, its)
		}
	}
}

// spreads reports a value that shows a private field in a field of owner that is not private. its is the called
// procedure whose data the value reads by that name.
func (c *checker) spreads(v *formula.Value, into *value.Field, owner, its *Procedure) {
	if isPrivate(owner.Data, into.Path) {
		return
	}
	var names []string
	for _, path := range v.Reads() {
		from, at := c.p, path
		if inner, ok := strings.CutPrefix(path, "its."); ok && its != nil {
			from, at = its, inner
		}
		if showsPrivate(from, at, owner, into) && !slices.Contains(names, path) {
			names = append(names, path)
		}
	}
	if len(names) == 0 {
		return
	}
	c.add(report.Problem{
		Place: c.placeOf(v), Code: "private-spread",
		Message: fmt.Sprintf("%s shows personal data, %s, and is not masked itself", into.Path, strings.Join(names, ", ")),
		Hint:    "write private: true on " + into.Path,
	})
}

// showsPrivate tells whether a value made of what p has at a path shows something private of it in a field of owner.
func showsPrivate(p *Procedure, path string, owner *Procedure, into *value.Field) bool {
	f := p.Data.Field(path)
	if row, column, ok := strings.Cut(path, "."); ok && f == nil {
		if t := p.Data.Table(row); t != nil {
			f = p.Data.Field(t.Path + "." + column)
		}
	}
	switch {
	case f == nil:
		return false
	case isPrivate(p.Data, f.Path):
		return shows(f, into)
	case into.Kind != f.Kind:
		return false
	}
	return slices.ContainsFunc(f.Fields, func(part *value.Field) bool { // a whole record or table, part by part
		to := owner.Data.Field(into.Path + "." + part.Name)
		return to != nil && !isPrivate(owner.Data, to.Path) && showsPrivate(p, part.Path, owner, to)
	})
}

// isPrivate tells whether a field, or the record or table around it, is private.
func isPrivate(s *value.Schema, path string) bool {
	for path != "" {
		if f := s.Field(path); f != nil && f.Private {
			return true
		}
		cut := strings.LastIndexByte(path, '.')
		if cut < 0 {
			return false
		}
		path = path[:cut]
	}
	return false
}

// shows tells whether a value made of f can show f itself: a text can, a count of it or a yes or no cannot.
func shows(f, into *value.Field) bool {
	return into.Kind == f.Kind || slices.Contains([]value.Kind{
		value.Text, value.Note, value.Texts, value.Phone, value.IDNumber, value.Address, value.Email, value.RecordKind,
		value.TableKind,
	}, into.Kind)
}
