package staff

import (
	"slices"

	"github.com/guicheng/guicheng/definitions/value"
)

// Team lists whose work a person watches over: those whose superior he is, by post and unit, all of a unit that he
// leads, and those below them in turn; without himself.
func (r *Roster) Team(person string) []value.Person {
	under := r.under()
	in := map[string]bool{person: true}
	queue := []string{person}
	for len(queue) > 0 {
		next := under[queue[0]]
		queue = queue[1:]
		for _, id := range next {
			if !in[id] {
				in[id] = true
				queue = append(queue, id)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(r.Everyone()), func(p value.Person) bool { return p.ID == person || !in[p.ID] })
}

// below finds who is directly under whom.
func (r *Roster) below() map[string][]string {
	out := map[string][]string{}
	heads := map[string][]value.Person{}
	for _, u := range r.Units() {
		heads[u.ID] = r.Heads(u.ID)
	}
	for _, p := range r.Everyone() {
		for _, boss := range slices.Concat(r.Superiors(p.ID), heads[p.Unit]) {
			if boss.ID != p.ID && !slices.Contains(out[boss.ID], p.ID) {
				out[boss.ID] = append(out[boss.ID], p.ID)
			}
		}
	}
	return out
}
