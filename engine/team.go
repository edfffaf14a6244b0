package engine

import (
	"slices"

	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// teamInbox lists under what the tasks of those are found whose superior the reader is.
func (r *reader) teamInbox() []store.Candidate {
	var out []store.Candidate
	seen := map[store.Candidate]bool{}
	for _, p := range r.desk.roster.Team(r.person.ID) {
		for _, c := range inboxOf(p) {
			if !seen[c] {
				seen[c] = true
				out = append(out, c)
			}
		}
	}
	return out
}

// watches tells whether a case has a task of somebody whose superior the reader is. He sees the case by that, not the
// task's form.
func (r *reader) watches(s *snapshot) bool {
	team := r.desk.roster.Team(r.person.ID)
	return len(team) > 0 && slices.ContainsFunc(s.state.Acts, func(a *core.Activation) bool {
		return slices.ContainsFunc(a.Slots, func(slot *core.Slot) bool {
			return slices.ContainsFunc(team, func(p value.Person) bool { return slotOfPerson(slot, p) })
		})
	})
}
