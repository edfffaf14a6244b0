package definitions

import (
	"slices"

	"github.com/guicheng/guicheng/definitions/domain"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// Sights are the data that the `allow` of a task may find, so that it can be tried for whom it leaves.
type Sights struct {
	Data    []Sight       // each combination that makes a difference, and that a case can have there
	Persons []SightPerson // fields that hold somebody: each may hold anybody of the staff
	Open    bool          // it asks whether something is filled in of which that is not known
}

// Sight is one combination of data, and in words: "kind = leak".
type Sight struct {
	Data, Row value.Record
	Words     []string
}

// SightPerson is a field that holds a person.
type SightPerson struct {
	Path  string // "repair.follower"; of the row in scope the name of its column
	OfRow bool
	Empty bool // it may be empty
	// Starter: it is only ever given the one who has started the case.
	Starter bool
}

// sights lists what a condition may find where k is known. What has too many values is left out of it: a condition that
// reads what is left out cannot be decided, unless it need not be read.
func (c *checker) sights(g *formula.Guard, k *known) *Sights {
	out := &Sights{}
	var ids []int
	var other []string
	for _, name := range guardReads(g) {
		id, ok := c.u.find(name, k.row)
		if !ok {
			continue
		}
		slot := &c.u.list[id]
		single := slot.table == nil || slot.ofRow // not a column over all rows
		whole := single && (slot.field.Path == name || c.u.rowName(name))
		switch {
		case single && c.somebody(slot):
			out.person(slot, !k.filled(id), c.u.given[slot.field.Path])
		case whole && c.u.valuesOf(id) != nil && !slices.Contains(ids, id):
			ids = append(ids, id)
		case !slices.Contains(ids, id):
			other = append(other, name)
		}
	}
	has := g.Looks().Has
	out.Open = slices.ContainsFunc(other, func(name string) bool { return slices.Contains(has, name) })
	n, ok := c.u.product(ids)
	if !ok {
		ids, n, out.Open = nil, 1, out.Open || len(has) > 0
	}
	for i := range n {
		vals := c.u.pick(ids, i)
		if k.possible(ids, vals) {
			out.Data = append(out.Data, c.u.sight(ids, vals))
		}
	}
	return out
}

// somebody tells whether a field holds whom people have named, or the one who has started the case.
func (c *checker) somebody(slot *slot) bool {
	return slot.field.Kind == value.Human && !slot.computed() &&
		(!c.u.given[slot.field.Path] || c.startersOnly(slot.field))
}

// startersOnly tells whether a field is given nobody but the one who starts the case.
func (c *checker) startersOnly(f *value.Field) bool {
	starts := len(c.p.Starts) > 0
	for _, s := range c.p.Starts {
		starts = starts && slices.ContainsFunc(s.Set, func(a *Assign) bool {
			return a.Into == f && a.Value != nil && a.Value.Source() == "case.starter"
		})
	}
	return starts && !givenBySteps(c.p)[f.Path] && !c.askedAnywhere()[f.Path]
}

func (s *Sights) person(slot *slot, empty, starter bool) {
	p := SightPerson{Path: slot.field.Path, OfRow: slot.ofRow, Empty: empty && !starter, Starter: starter}
	if slot.ofRow {
		p.Path = slot.field.Name
	}
	if !slices.Contains(s.Persons, p) {
		s.Persons = append(s.Persons, p)
	}
}

func (u *slots) sight(ids []int, vals []domain.Piece) Sight {
	s := u.scope(ids, vals)
	out := Sight{Data: s.Data, Row: s.Row}
	for i, id := range ids {
		out.Words = append(out.Words, u.list[id].path+" = "+vals[i].Text)
	}
	return out
}

// With is the sight with somebody in a field.
func (s Sight) With(p SightPerson, who value.Person) Sight {
	data, _ := value.Clone(s.Data).(value.Record)
	row, _ := value.Clone(s.Row).(value.Record)
	if p.OfRow {
		row[p.Path] = who
	} else {
		putValue(data, p.Path, who)
	}
	return Sight{Data: data, Row: row, Words: append(slices.Clip(s.Words), p.Path+" = "+who.Name)}
}
