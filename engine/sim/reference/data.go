package reference

import (
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// holds judges a condition as an act sees it.
func (c *Case) holds(a *act, g *formula.Guard) bool {
	yes, err := g.Eval(c.scope(a))
	if err != nil {
		c.Broken = err.Error()
	}
	return yes
}

func (c *Case) compute(a *act, v *formula.Value) any {
	x, err := v.Eval(c.scope(a))
	if err != nil {
		c.Broken = err.Error()
	}
	return x
}

// again is when a timer falls due once more: what was missed meanwhile is not made up for.
func (c *Case) again(a *act, every *formula.When, from time.Time) time.Time {
	if at := c.moment(a, every, from); at.After(c.now) {
		return at
	}
	return c.moment(a, every, c.now)
}

func (c *Case) moment(a *act, w *formula.When, from time.Time) time.Time {
	at, err := w.At(c.scope(a), from)
	if err != nil {
		c.Broken = err.Error()
	}
	return at
}

func (c *Case) scope(a *act) *formula.Scope {
	s := &formula.Scope{Data: c.data, Now: c.now, Zone: c.p.Office.Zone, Marking: marking{c, a}, Staff: c.staff}
	if a != nil {
		s.Row, s.Due = c.rowOf(a), a.due
		s.Total, s.Finished, s.Running = int64(a.total), int64(a.finished), int64(a.total-a.finished)
	}
	return s
}

// rowOf is the row that an act is about: that of the nearest frame outwards that has one.
func (c *Case) rowOf(a *act) value.Record {
	for f := a.frame; f != nil; f = f.outer() {
		if f.undoes != nil {
			return c.rowOf(f.undoes.act)
		}
		if w, ok := f.owner.step.Work.(*definitions.Multi); ok {
			rows, _ := c.data[w.Table.Name].([]value.Record)
			return rows[f.row]
		}
	}
	return nil
}

// complete tells whether the values have all that a form requires.
func complete(f *definitions.Form, values value.Record) bool {
	return f == nil || !slices.ContainsFunc(f.Fields, func(x *definitions.FormField) bool {
		in := values
		if x.OfRow {
			in, _ = values[x.Table.Each].(value.Record)
		}
		return !x.Optional && (x.Table == nil || x.OfRow) && in[x.Name] == nil
	})
}

// fill puts the values of a form into the data.
func (c *Case) fill(a *act, f *definitions.Form, values value.Record) {
	if f == nil {
		return
	}
	for _, x := range f.Fields {
		switch {
		case x.OfRow:
			row, _ := values[x.Table.Each].(value.Record)
			c.assign(a, x.Field, true, row[x.Name])
		case x.Table != nil:
			c.data[x.Table.Name] = values[x.Table.Name]
		default:
			c.assign(a, x.Field, false, values[x.Name])
		}
	}
}

func (c *Case) assign(a *act, f *value.Field, ofRow bool, v any) {
	into := c.data
	if ofRow {
		into = c.rowOf(a)
	}
	if into[f.Name] = v; v == nil {
		delete(into, f.Name)
	}
}
