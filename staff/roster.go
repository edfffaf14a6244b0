// Package staff knows the people of an office: who holds which post, who is whose superior, and who is signed in.
package staff

import (
	"cmp"
	"slices"
	"sync"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/store"
)

// Roster is an office's people at one moment. It is immutable and answers a formula's questions about staff.
// Every list is ordered by the persons' ids.
type Roster struct {
	people    []value.Person
	byID      map[string]int
	rows      map[string]store.PersonRow
	admins    map[string]bool
	langs     map[string]string
	holders   map[string][]value.Person // by post
	able      map[string][]value.Person // by skill
	units     []value.Unit
	superiors map[string]string // post -> post
	above     map[string]bool   // posts that are somebody's superior
	away      []store.SubstituteRow
	under     func() map[string][]string // who is directly under whom; found out when it is asked first
}

var _ formula.Staff = (*Roster)(nil)

// NewRoster makes a roster. People who have gone are left out. office may be nil while nothing is deployed: then there
// are no units and no superiors.
func NewRoster(office *definitions.Office, people []store.PersonRow, away ...store.SubstituteRow) *Roster {
	r := &Roster{
		byID: map[string]int{}, rows: map[string]store.PersonRow{}, admins: map[string]bool{}, langs: map[string]string{},
		holders: map[string][]value.Person{},
		able:    map[string][]value.Person{}, superiors: map[string]string{}, above: map[string]bool{},
	}
	if office != nil {
		r.units = office.Units
		r.superiors = office.Superiors
		for _, post := range office.Superiors {
			r.above[post] = true
		}
	}
	for _, row := range people {
		if row.Gone {
			continue
		}
		r.people = append(r.people, value.Person{
			ID: row.ID, Name: row.Name, Posts: slices.Clone(row.Posts), Unit: row.Unit,
			Skills: slices.Clone(row.Skills),
		})
		r.rows[row.ID] = row
		r.admins[row.ID] = row.Admin
		r.langs[row.ID] = row.Lang
	}
	slices.SortFunc(r.people, func(a, b value.Person) int { return cmp.Compare(a.ID, b.ID) })
	for i, p := range r.people {
		r.byID[p.ID] = i
		for _, post := range p.Posts {
			r.holders[post] = append(r.holders[post], p)
		}
		for _, skill := range p.Skills {
			r.able[skill] = append(r.able[skill], p)
		}
	}
	r.away = r.substitutesOf(away)
	r.under = sync.OnceValue(r.below)
	return r
}

// Person returns somebody by id.
func (r *Roster) Person(id string) (value.Person, bool) {
	i, ok := r.byID[id]
	if !ok {
		return value.Person{}, false
	}
	return r.people[i], true
}

// Row returns somebody as the directory keeps him. What it holds must not be changed.
func (r *Roster) Row(id string) (store.PersonRow, bool) {
	row, ok := r.rows[id]
	return row, ok
}

// Unit returns a unit by id.
func (r *Roster) Unit(id string) (value.Unit, bool) {
	for _, u := range r.units {
		if u.ID == id {
			return u, true
		}
	}
	return value.Unit{}, false
}

// Admin tells whether the person keeps the office.
func (r *Roster) Admin(id string) bool { return r.admins[id] }

// HasAdmin tells whether anybody keeps the office.
func (r *Roster) HasAdmin() bool {
	return slices.ContainsFunc(r.people, func(p value.Person) bool { return r.admins[p.ID] })
}

// Language is the one that the person reads; "" = the office's.
func (r *Roster) Language(id string) string { return r.langs[id] }

// Everyone lists all persons.
func (r *Roster) Everyone() []value.Person { return r.people }

// Holders lists who holds the post.
func (r *Roster) Holders(post string) []value.Person { return r.holders[post] }

// Able lists who has the skill.
func (r *Roster) Able(skill string) []value.Person { return r.able[skill] }

// InUnit lists the holders of the post who belong to the unit.
func (r *Roster) InUnit(post, unit string) []value.Person {
	return among(r.holders[post], func(p value.Person) bool { return p.Unit == unit })
}

// Units lists the office's units, in the order of its file.
func (r *Roster) Units() []value.Unit { return r.units }

// Heads lists who leads a unit: those of it who hold a post that is superior to another one, and none of whose own
// superiors belongs to the same unit.
func (r *Roster) Heads(unit string) []value.Person {
	if unit == "" {
		return nil
	}
	return among(r.people, func(p value.Person) bool {
		if p.Unit != unit || !slices.ContainsFunc(p.Posts, func(post string) bool { return r.above[post] }) {
			return false
		}
		return !slices.ContainsFunc(r.over(p), func(q value.Person) bool { return q.Unit == unit })
	})
}

// Superiors lists who stands above a person: the holders of the posts superior to the person's own; where some of them
// belong to the person's unit, only these.
func (r *Roster) Superiors(person string) []value.Person {
	p, ok := r.Person(person)
	if !ok {
		return nil
	}
	all := r.over(p)
	if p.Unit == "" {
		return all
	}
	if near := among(all, func(q value.Person) bool { return q.Unit == p.Unit }); len(near) > 0 {
		return near
	}
	return all
}

// over lists the holders of all posts directly above p's, without p.
func (r *Roster) over(p value.Person) []value.Person {
	var out []value.Person
	for _, post := range p.Posts {
		above, ok := r.superiors[post]
		if !ok {
			continue
		}
		for _, q := range r.holders[above] {
			if q.ID != p.ID && !slices.ContainsFunc(out, func(o value.Person) bool { return o.ID == q.ID }) {
				out = append(out, q)
			}
		}
	}
	slices.SortFunc(out, func(a, b value.Person) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

func among(people []value.Person, fits func(value.Person) bool) []value.Person {
	var out []value.Person
	for _, p := range people {
		if fits(p) {
			out = append(out, p)
		}
	}
	return out
}
