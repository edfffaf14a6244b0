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
			c.spreads(r.Value, r.Field, c.p, nil, "")
		}
	}
	for _, s := range c.p.Starts {
		c.spreadAll(s.Set, c.p, nil, "")
	}
	for _, g := range graphs(c.p) {
		for _, s := range g.Steps {
			c.spreadIn(s)
		}
	}
}

func (c *checker) spreadIn(s *Step) {
	switch w := s.Work.(type) {
	case *Set:
		c.spreadAll(w.Values, c.p, nil, "")
	case *Decide:
		for _, row := range w.all() {
			for i, g := range row.Gives {
				if into := w.Outputs[i].Into; g.Value != nil && into != nil {
					c.spreads(g.Value, into, c.p, nil, "")
				}
			}
		}
	case *Call:
		if w.Callee != nil {
			c.spreadAll(w.With, w.Callee, nil, "")
			c.spreadAll(w.Take, c.p, w.Callee.Data, "its.")
		}
	case *Request:
		c.spreadAnswer(&w.Given)
	case *Job:
		if w.Collect != nil {
			c.spreadLines(w)
			return
		}
		c.spreadAnswer(&w.Given)
	case *Junction, *Task, *Wait, *Block, *Multi, *Repeat: // they compute no values
	}
}

// spreadAnswer looks at what is taken of an answer, of which parts may be declared private.
func (c *checker) spreadAnswer(g *Given) {
	var theirs *value.Schema
	if g.Answer != nil {
		theirs = value.NewSchema([]*value.Field{g.Answer})
	}
	c.spreadAll(g.Take, c.p, theirs, "")
}

// spreadLines looks at the columns of a table that lines of a register fill: what the register masks stays masked.
func (c *checker) spreadLines(w *Job) {
	into, r := w.Collect.Into, w.Collect.Register
	if into == nil || r == nil || w.Answer == nil || w.Collect.of.Data == nil {
		return
	}
	for _, f := range w.Answer.Fields[0].Fields {
		column := c.p.Data.Field(into.Path + "." + f.Name)
		from := r.Columns[r.Column(f.Name)]
		shows := func(path string) bool { return showsPrivate(w.Collect.of.Data, path, c.p, column) }
		if c.p.Data.Private(column.Path) || !slices.ContainsFunc(from.reads(), shows) {
			continue
		}
		c.add(report.Problem{Place: c.placeOf(w.Take[0].Value), Code: "private-spread",
			Message: fmt.Sprintf("%s shows personal data, %s of the register %s, and is not masked itself",
				column.Path, from.Key, r.ID),
			Hint: "write private: true on " + column.Path})
	}
}

// reads lists the data that a line of a paper or a column of a register shows or is computed from.
func (p *Printed) reads() []string {
	switch {
	case p.Field != nil:
		return []string{p.Field.Path}
	case p.Value != nil:
		return p.Value.Reads()
	}
	return nil
}

func (c *checker) spreadAll(list []*Assign, owner *Procedure, theirs *value.Schema, prefix string) {
	for _, a := range list {
		if a.Value != nil {
			c.spreads(a.Value, a.Into, owner, theirs, prefix)
		}
	}
}

// spreads reports a value that shows a private field in a field of owner that is not private. theirs are the data of
// others that the value reads, by names that begin with the prefix.
func (c *checker) spreads(
	v *formula.Value, into *value.Field, owner *Procedure, theirs *value.Schema, prefix string,
) {
	if owner.Data.Private(into.Path) {
		return
	}
	var names []string
	for _, path := range v.Reads() {
		from, at := c.p.Data, path
		inner, ok := strings.CutPrefix(path, prefix)
		if ok && theirs != nil && (prefix != "" || theirs.Field(path) != nil) {
			from, at = theirs, inner
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

// showsPrivate tells whether a value made of what stands at a path of some data shows something private of it in a
// field of owner.
func showsPrivate(data *value.Schema, path string, owner *Procedure, into *value.Field) bool {
	f := data.Field(path)
	if row, column, ok := strings.Cut(path, "."); ok && f == nil {
		if t := data.Table(row); t != nil {
			f = data.Field(t.Path + "." + column)
		}
	}
	switch {
	case f == nil:
		return false
	case data.Private(f.Path):
		return shows(f, into)
	case into.Kind != f.Kind:
		return false
	}
	return slices.ContainsFunc(f.Fields, func(part *value.Field) bool { // a whole record or table, part by part
		to := owner.Data.Field(into.Path + "." + part.Name)
		return to != nil && !owner.Data.Private(to.Path) && showsPrivate(data, part.Path, owner, to)
	})
}

// shows tells whether a value made of f can show f itself: a text can, and another kind of time, of number or of
// persons; a count of it or a yes or no cannot.
func shows(f, into *value.Field) bool {
	return into.Kind == f.Kind || slices.ContainsFunc(akin, func(kinds []value.Kind) bool {
		return slices.Contains(kinds, f.Kind) && slices.Contains(kinds, into.Kind)
	}) || slices.Contains([]value.Kind{
		value.Text, value.Note, value.Texts, value.Phone, value.IDNumber, value.Address, value.Email, value.RecordKind,
		value.TableKind,
	}, into.Kind)
}

// akin are the kinds of which one can be made of another and still say the same.
var akin = [][]value.Kind{
	{value.Date, value.Month, value.Moment},
	{value.Count, value.Number, value.Cash},
	{value.Human, value.People},
	{value.Choice, value.Choices, value.Checklist},
}
