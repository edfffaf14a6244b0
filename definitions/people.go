package definitions

import (
	"cmp"
	"slices"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// MaxStandIns bounds how far work is passed on while people are away: A's to B, B's to C, C's to D.
const MaxStandIns = 3

// People are those of an office at one moment, and what stands in office.yaml about them: the units, and which post is
// above which. They answer what formulas ask of the staff, to a server and in a play alike. They are immutable; lists
// are in the order in which the people were given, and are not to be changed.
type People struct {
	all       []value.Person
	index     map[string]int            // by id
	holders   map[string][]value.Person // by post
	able      map[string][]value.Person // by skill
	units     []value.Unit
	superiors map[string]string // post -> post
	above     map[string]bool   // posts that are above another
}

var _ formula.Staff = (*People)(nil)

// NewPeople makes the people of an office; nil = of one of which nothing is known, that has no units and no superiors.
func NewPeople(office *Office, all []value.Person) *People {
	p := &People{
		all: all, index: map[string]int{}, holders: map[string][]value.Person{}, able: map[string][]value.Person{},
		above: map[string]bool{},
	}
	if office != nil {
		p.units, p.superiors = office.Units, office.Superiors
		for _, post := range office.Superiors { // any order: a set is made
			p.above[post] = true
		}
	}
	for i, x := range all {
		p.index[x.ID] = i
		for _, post := range x.Posts {
			p.holders[post] = append(p.holders[post], x)
		}
		for _, skill := range x.Skills {
			p.able[skill] = append(p.able[skill], x)
		}
	}
	return p
}

// Person returns somebody by id.
func (p *People) Person(id string) (value.Person, bool) {
	i, ok := p.index[id]
	if !ok {
		return value.Person{}, false
	}
	return p.all[i], true
}

// Unit returns a unit by id.
func (p *People) Unit(id string) (value.Unit, bool) {
	for _, u := range p.units {
		if u.ID == id {
			return u, true
		}
	}
	return value.Unit{}, false
}

// Everyone lists all persons.
func (p *People) Everyone() []value.Person { return p.all }

// Holders lists who holds the post.
func (p *People) Holders(post string) []value.Person { return p.holders[post] }

// Able lists who has the skill.
func (p *People) Able(skill string) []value.Person { return p.able[skill] }

// Units lists the office's units, in the order of its file.
func (p *People) Units() []value.Unit { return p.units }

// InUnit lists the holders of the post who belong to the unit.
func (p *People) InUnit(post, unit string) []value.Person { return ofUnit(p.holders[post], unit) }

// Heads lists who leads a unit: those of it who hold a post that is above another one, and none of whose own superiors
// belongs to the same unit.
func (p *People) Heads(unit string) []value.Person {
	var out []value.Person
	for _, x := range ofUnit(p.all, unit) {
		if slices.ContainsFunc(x.Posts, func(post string) bool { return p.above[post] }) &&
			len(ofUnit(p.Over(x), unit)) == 0 {
			out = append(out, x)
		}
	}
	return out
}

// Superiors lists who stands above a person: the holders of the posts that are above the person's own; where some of
// them belong to the person's unit, only these.
func (p *People) Superiors(person string) []value.Person {
	x, ok := p.Person(person)
	if !ok {
		return nil
	}
	all := p.Over(x)
	if near := ofUnit(all, x.Unit); len(near) > 0 {
		return near
	}
	return all
}

// Over lists the holders of all posts directly above those of a person, without him.
func (p *People) Over(x value.Person) []value.Person {
	var out []value.Person
	for _, post := range x.Posts {
		for _, q := range p.holders[p.superiors[post]] {
			if q.ID != x.ID && !slices.ContainsFunc(out, func(o value.Person) bool { return o.ID == q.ID }) {
				out = append(out, q)
			}
		}
	}
	slices.SortFunc(out, func(a, b value.Person) int { return cmp.Compare(p.index[a.ID], p.index[b.ID]) })
	return out
}

// ofUnit keeps those who belong to a unit; who belongs to none has nobody beside him.
func ofUnit(people []value.Person, unit string) []value.Person {
	if unit == "" {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(people), func(x value.Person) bool { return x.Unit != unit })
}

// ByHand tells whether nothing but messages that people send can end the wait: no time, no condition, no system.
func (w *Wait) ByHand() bool {
	return !slices.ContainsFunc(w.For, func(f *WaitFor) bool {
		return f.Message == nil || !f.Message.Open || f.Message.Key != nil
	})
}
