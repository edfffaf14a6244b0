package definitions

import (
	"slices"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// What the check takes for granted at a step is noted on it: a running case that is to go on from there by this version
// must have it.

// places lists what is known to be filled in.
func (k *known) places() []Place {
	var out []Place
	for id := range k.u.list {
		if s := &k.u.list[id]; k.f[id].exists {
			out = append(out, Place{Field: s.field, OfRow: s.ofRow})
		}
	}
	return out
}

// blank is what is known where nothing is, with the row of a table in scope.
func (u *slots) blank(row *value.Field) *known {
	if u.blanks == nil {
		u.blanks = map[*value.Field]*known{}
	}
	k := u.blanks[row]
	if k == nil {
		k = &known{u: u, f: make([]fact, len(u.list)), row: row}
		for id := range k.f {
			k.f[id] = unknownFact
		}
		u.blanks[row] = k
	}
	return k
}

// need notes what a formula of a step reads without asking, of that which k says is there.
func (c *checker) need(s *Step, reads []formula.Read, k *known) {
	for _, r := range reads {
		id, ok := c.u.find(r.Path, k.row)
		if !ok || !k.f[id].exists {
			continue
		}
		p := Place{Field: c.u.list[id].field, OfRow: c.u.list[id].ofRow}
		if !slices.Contains(s.Needs, p) {
			s.Needs = append(s.Needs, p)
		}
	}
}
