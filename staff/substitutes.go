package staff

import (
	"cmp"
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/store"
)

// MaxChain bounds how far work is passed on: A's to B, B's to C, C's to D.
const MaxChain = definitions.MaxStandIns

// StandIn is somebody whose work another person does for a while.
type StandIn struct {
	For        value.Person
	procedures []string // ids; none = all
	all        bool
}

// Covers tells whether the work of a procedure is meant.
func (s StandIn) Covers(procedure string) bool {
	return s.all || slices.Contains(s.procedures, procedure)
}

// StandsFor lists those whose work a person may do at a moment, because they are away: the nearest first, then by id.
// A substitute of a substitute stands in too, up to MaxChain; nobody stands in for himself, nor through or for people
// who have gone.
func (r *Roster) StandsFor(person string, now time.Time) []StandIn {
	var active []store.SubstituteRow
	for _, row := range r.away {
		if !now.Before(row.From) && now.Before(row.Until) {
			active = append(active, row)
		}
	}
	if len(active) == 0 {
		return nil
	}
	var out []StandIn
	reached := []StandIn{{all: true}}
	reached[0].For.ID = person
	for range MaxChain {
		var next []StandIn
		for _, s := range reached {
			next = append(next, r.before(s, active)...)
		}
		next = merged(next)
		next = slices.DeleteFunc(next, func(s StandIn) bool {
			return s.For.ID == person || !s.all && len(s.procedures) == 0
		})
		slices.SortStableFunc(next, func(a, b StandIn) int { return cmp.Compare(a.For.ID, b.For.ID) })
		out, reached = append(out, next...), next
	}
	return merged(out)
}

// Deputies lists who does the work of a person in a procedure at some moment from now on, while he is away.
func (r *Roster) Deputies(person, procedure string, now time.Time) []value.Person {
	moments := []time.Time{now}
	for _, row := range r.away {
		if row.From.After(now) {
			moments = append(moments, row.From)
		}
	}
	var out []value.Person
	for _, row := range r.away {
		d, ok := r.Person(row.Substitute)
		if !ok || d.ID == person || slices.ContainsFunc(out, func(o value.Person) bool { return o.ID == d.ID }) {
			continue
		}
		if slices.ContainsFunc(moments, func(at time.Time) bool {
			return slices.ContainsFunc(r.StandsFor(d.ID, at), func(s StandIn) bool {
				return s.For.ID == person && s.Covers(procedure)
			})
		}) {
			out = append(out, d)
		}
	}
	return out
}

// before lists those for whom s.For is the substitute, within what s covers.
func (r *Roster) before(s StandIn, active []store.SubstituteRow) []StandIn {
	var out []StandIn
	for _, row := range active {
		p, ok := r.Person(row.Person)
		if row.Substitute != s.For.ID || !ok {
			continue
		}
		found := StandIn{For: p, all: s.all && len(row.Procedures) == 0}
		switch {
		case found.all:
		case s.all:
			found.procedures = row.Procedures
		case len(row.Procedures) == 0:
			found.procedures = s.procedures
		default:
			found.procedures = slices.DeleteFunc(slices.Clone(row.Procedures),
				func(id string) bool { return !slices.Contains(s.procedures, id) })
		}
		out = append(out, found)
	}
	return out
}

// merged names everybody once, at the nearest place, with all that is covered.
func merged(list []StandIn) []StandIn {
	var out []StandIn
	for _, s := range list {
		i := slices.IndexFunc(out, func(o StandIn) bool { return o.For.ID == s.For.ID })
		if i < 0 {
			s.procedures = slices.Clone(s.procedures)
			out = append(out, s)
			continue
		}
		out[i].all = out[i].all || s.all
		out[i].procedures = append(out[i].procedures, s.procedures...)
	}
	return out
}

// substitutesOf keeps the rows whose both people are there.
func (r *Roster) substitutesOf(rows []store.SubstituteRow) []store.SubstituteRow {
	var out []store.SubstituteRow
	for _, row := range rows {
		_, person := r.Person(row.Person)
		_, substitute := r.Person(row.Substitute)
		if person && substitute {
			out = append(out, row)
		}
	}
	return out
}
