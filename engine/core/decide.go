package core

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// A decide step looks its outputs up in a decision table. It ends in the moment in which it opens; its outcome is the
// one that the row gives.

func (m *machine) openDecide(a *Activation, d *definitions.Decide) {
	scope := m.scope(a)
	hits, decided, wrong := m.hits(a, d, scope)
	if wrong != nil {
		m.stick(a.ID, AtOpen, wrong)
		return
	}
	t := &tableRun{m: m, d: d, scope: scope, draft: m.draftOf(m.rowOf(a.Frame))}
	if wrong = t.give(hits); wrong == nil {
		wrong = t.draft.compute(scope)
	}
	if wrong != nil {
		m.stick(a.ID, AtOpen, wrong)
		return
	}
	m.emit(decided)
	m.emitDraft(t.draft)
	m.result(a, t.outcome)
}

// hits finds the rows that count, and why they do.
func (m *machine) hits(a *Activation, d *definitions.Decide, scope *formula.Scope) (
	[]*definitions.DecideRow, Decided, *Incident,
) {
	out := Decided{Act: a.ID}
	var hits []*definitions.DecideRow
	for _, r := range d.Rows {
		fits, err := r.When.Eval(scope)
		if err != nil {
			return nil, out, trouble(err, r.When.Source())
		}
		if !fits {
			continue
		}
		hits = append(hits, r)
		out.Hits = append(out.Hits, Hit{Row: r.Number, When: r.When.Source()})
		if d.Hit == definitions.HitFirst {
			break
		}
	}
	for _, r := range d.Rows { // what the rows read, each once
		for _, x := range r.When.Readings(scope) {
			if !slices.ContainsFunc(out.Read, func(y formula.Reading) bool { return y.Name == x.Name }) {
				out.Read = append(out.Read, x)
			}
		}
	}
	switch {
	case len(hits) == 0 && d.Else != nil:
		return []*definitions.DecideRow{d.Else}, out, nil
	case len(hits) == 0 && d.Hit.Single():
		return nil, out, &Incident{Code: "no-row", Message: "no row of the table of " + a.Step + " fits what the data says"}
	case len(hits) > 1 && d.Hit == definitions.HitUnique:
		return nil, out, &Incident{Code: "several-rows", Message: fmt.Sprintf(
			"rows %d and %d of the table of %s both fit, and only one may", hits[0].Number, hits[1].Number, a.Step)}
	}
	return hits, out, nil
}

// tableRun works out what the rows that fit give.
type tableRun struct {
	m       *machine
	d       *definitions.Decide
	scope   *formula.Scope
	draft   *draft
	outcome string
}

func (t *tableRun) give(hits []*definitions.DecideRow) *Incident {
	gives := make([][]any, len(hits)) // by hit, by output
	for i, r := range hits {
		gives[i] = make([]any, len(t.d.Outputs))
		for k := range r.Gives {
			v, wrong := t.value(r.Gives[k])
			if wrong != nil {
				return wrong
			}
			gives[i][k] = v
		}
	}
	if t.d.Hit == definitions.HitAny {
		for i := range gives {
			if !slices.EqualFunc(gives[0], gives[i], sameGiven) {
				return &Incident{Code: "rows-differ", Message: fmt.Sprintf(
					"rows %d and %d both fit and say something else", hits[0].Number, hits[i].Number)}
			}
		}
	}
	if t.d.Table != nil {
		return t.rows(gives)
	}
	for k, o := range t.d.Outputs {
		column := make([]any, len(gives))
		for i := range gives {
			column[i] = gives[i][k]
		}
		if o.Into == nil {
			t.outcome, _ = column[0].(string)
			continue
		}
		v, wrong := combine(t.d.Hit, column, o.Into)
		if wrong != nil {
			return wrong
		}
		t.draft.put(o.Into, o.OfRow, v)
	}
	return nil
}

func (t *tableRun) value(g definitions.Entry) (any, *Incident) {
	if g.Value == nil {
		return g.Fixed, nil
	}
	v, err := g.Value.Eval(t.scope)
	switch {
	case absent(err):
		return nil, nil
	case err != nil:
		return nil, trouble(err, g.Value.Source())
	}
	return v, nil
}

// rows makes a row of the table for each hit; under collect, of those that are alike one.
func (t *tableRun) rows(gives [][]any) *Incident {
	var rows []value.Record
	for i, one := range gives {
		if t.d.Hit == definitions.HitCollect && slices.ContainsFunc(gives[:i], func(o []any) bool {
			return slices.EqualFunc(o, one, sameGiven)
		}) {
			continue
		}
		row := value.Record{}
		for k, o := range t.d.Outputs {
			if one[k] != nil {
				row[o.Into.Name] = value.Clone(one[k])
			}
		}
		rows = append(rows, row)
	}
	var v any
	if len(rows) > 0 {
		v = rows
	}
	t.draft.put(t.d.Table, false, v)
	return nil
}

func sameGiven(a, b any) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return value.Equal(a, b)
}

// combine makes one value of what the rows give; nil = the output becomes empty.
func combine(hit definitions.Hit, list []any, into *value.Field) (any, *Incident) {
	if hit == definitions.HitCount {
		return int64(len(list)), nil
	}
	if hit.Single() {
		return list[0], nil
	}
	list = slices.DeleteFunc(list, func(v any) bool { return v == nil })
	switch hit {
	case definitions.HitSum:
		return sum(list, into)
	case definitions.HitMin, definitions.HitMax:
		return furthest(list, hit == definitions.HitMax), nil
	}
	return gather(list, into, hit == definitions.HitCollect), nil
}

func sum(list []any, into *value.Field) (any, *Incident) {
	var whole int64
	var inexact float64
	for _, v := range list {
		var n int64
		switch x := v.(type) {
		case int64:
			n = x
		case value.Money:
			n = int64(x)
		case time.Duration:
			n = int64(x)
		case float64:
			inexact += x
		}
		if (whole+n > whole) != (n > 0) && n != 0 {
			return nil, &Incident{Code: "arithmetic", Message: "the sum for " + into.Path + " is too large"}
		}
		whole += n
	}
	switch into.Kind {
	case value.Number:
		return inexact, nil
	case value.Cash:
		return value.Money(whole), nil
	case value.Duration:
		return time.Duration(whole), nil
	}
	return whole, nil
}

// furthest is the smallest or the largest; nil of none.
func furthest(list []any, largest bool) any {
	if len(list) == 0 {
		return nil
	}
	order := func(a, b any) int {
		if largest {
			a, b = b, a
		}
		c, ok := value.Compare(a, b)
		if !ok {
			panic(&Broken{What: "a table compares " + strconv.Quote(fmt.Sprint(a))})
		}
		return c
	}
	return slices.MinFunc(list, order)
}

// gather makes a list; once: without repeats. A list of options stands in the order of the options.
func gather(list []any, into *value.Field, once bool) any {
	if len(list) == 0 {
		return nil
	}
	if into.Kind == value.People {
		var out []value.Person
		for _, v := range list {
			if p, ok := v.(value.Person); ok && (!once || !slices.ContainsFunc(out, func(q value.Person) bool {
				return q.ID == p.ID
			})) {
				out = append(out, p)
			}
		}
		return out
	}
	var out []string
	for _, v := range list {
		if s, ok := v.(string); ok && (!once && into.Kind == value.Texts || !slices.Contains(out, s)) {
			out = append(out, s)
		}
	}
	if into.Kind == value.Choices {
		at := func(id string) int {
			return slices.IndexFunc(into.Options, func(o value.Option) bool { return o.ID == id })
		}
		slices.SortFunc(out, func(a, b string) int { return at(a) - at(b) })
	}
	return out
}
