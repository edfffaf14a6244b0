// Package staff knows the people of an office: who holds which post, who is whose superior, and who is signed in.
package staff

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/store"
)

// Roster is an office's people at one moment, with what the directory keeps of them. It is immutable. Every list is
// ordered by the persons' ids.
type Roster struct {
	*definitions.People
	office *definitions.Office
	rows   map[string]store.PersonRow
	admins map[string]bool
	langs  map[string]string
	away   []store.SubstituteRow
	under  func() map[string][]string // who is directly under whom; found out when it is asked first
}

var _ formula.Staff = (*Roster)(nil)

// NewRoster makes a roster. People who have gone are left out. office may be nil while nothing is deployed: then there
// are no units and no superiors.
func NewRoster(office *definitions.Office, people []store.PersonRow, away ...store.SubstituteRow) *Roster {
	r := &Roster{office: office, rows: map[string]store.PersonRow{}, admins: map[string]bool{}, langs: map[string]string{}}
	var all []value.Person
	for _, row := range people {
		if row.Gone {
			continue
		}
		all = append(all, value.Person{
			ID: row.ID, Name: row.Name, Posts: slices.Clone(row.Posts), Unit: row.Unit,
			Skills: slices.Clone(row.Skills),
		})
		r.rows[row.ID] = row
		r.admins[row.ID] = row.Admin
		r.langs[row.ID] = row.Lang
	}
	slices.SortFunc(all, func(a, b value.Person) int { return cmp.Compare(a.ID, b.ID) })
	r.People = definitions.NewPeople(office, all)
	r.away = r.substitutesOf(away)
	r.under = sync.OnceValue(r.below)
	return r
}

// With gives the roster as it would be with this row of a person, who may be new or have gone.
func (r *Roster) With(row store.PersonRow) *Roster {
	rows := maps.Clone(r.rows)
	rows[row.ID] = row
	return NewRoster(r.office, slices.Collect(maps.Values(rows)), r.away...)
}

// Row returns somebody as the directory keeps him. What it holds must not be changed.
func (r *Roster) Row(id string) (store.PersonRow, bool) {
	row, ok := r.rows[id]
	return row, ok
}

// Admin tells whether the person keeps the office.
func (r *Roster) Admin(id string) bool { return r.admins[id] }

// HasAdmin tells whether anybody keeps the office.
func (r *Roster) HasAdmin() bool {
	return slices.ContainsFunc(r.Everyone(), func(p value.Person) bool { return r.admins[p.ID] })
}

// Language is the one that the person reads; "" = the office's.
func (r *Roster) Language(id string) string { return r.langs[id] }
