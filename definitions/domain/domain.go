// Package domain reasons about which values tests can tell apart. It cuts what a field can be into pieces within which
// every test gives the same answer, so that one value of a piece stands for all of it, and finds what a set of boxes
// over several such axes leaves out. It knows nothing of procedures: decision tables use it, and whatever else has to
// show that something is always, never or twice the case.
package domain

import (
	"slices"
	"strings"
)

// Axis is one thing that is tested, with all that it can be.
type Axis struct {
	Name   string
	Pieces []Piece
}

// Piece is a part of an axis that no test divides.
type Piece struct {
	Value any    // stands for all of the piece; nil = empty, or no value that can be written down
	Text  string // how it is written
}

// Set is a set of the pieces of one axis.
type Set []uint64

// Box is a set of pieces on each axis: the combinations that lie in all of them.
type Box []Set

// NewSet makes an empty set with room for n pieces.
func NewSet(n int) Set { return make(Set, (n+63)/64) }

// Add puts piece i into the set.
func (s Set) Add(i int) { s[i/64] |= 1 << (i % 64) }

// Has tells whether piece i is in the set.
func (s Set) Has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

// Empty tells whether nothing is in the set.
func (s Set) Empty() bool { return !slices.ContainsFunc(s, func(w uint64) bool { return w != 0 }) }

// first is the lowest piece of a set that is not empty.
func (s Set) first() int {
	for i := range len(s) * 64 {
		if s.Has(i) {
			return i
		}
	}
	return 0
}

func combine(a, b Set, f func(x, y uint64) uint64) Set {
	out := make(Set, len(a))
	for i := range a {
		out[i] = f(a[i], b[i])
	}
	return out
}

func meet(a, b Set) Set  { return combine(a, b, func(x, y uint64) uint64 { return x & y }) }
func minus(a, b Set) Set { return combine(a, b, func(x, y uint64) uint64 { return x &^ y }) }

// Select is the set of an axis's pieces for which the test holds.
func (a *Axis) Select(holds func(v any) bool) Set {
	out := NewSet(len(a.Pieces))
	for i, p := range a.Pieces {
		if holds(p.Value) {
			out.Add(i)
		}
	}
	return out
}

// Space is the box of all that the axes can be.
func Space(axes []Axis) Box {
	out := make(Box, len(axes))
	for i := range axes {
		out[i] = axes[i].Select(func(any) bool { return true })
	}
	return out
}

// Meet is what two boxes have in common; false if that is nothing.
func (b Box) Meet(o Box) (Box, bool) {
	out := make(Box, len(b))
	for i := range b {
		if out[i] = meet(b[i], o[i]); out[i].Empty() {
			return nil, false
		}
	}
	return out, true
}

// Void tells whether no combination lies in the box.
func (b Box) Void() bool { return slices.ContainsFunc(b, Set.Empty) }

// Example is one combination of a box that is not void, a piece for each axis.
func (b Box) Example() []int {
	out := make([]int, len(b))
	for i, s := range b {
		out[i] = s.first()
	}
	return out
}

// maxSplits bounds one search: with it a hundred rows over ten axes are decided in a few milliseconds, and nothing
// that an author writes takes longer than a tenth of a second.
const maxSplits = 200_000

// Outside looks for a combination of the box that lies in none of the others. Sure is false if the search was given
// up: nothing is known then.
func (b Box) Outside(others []Box) (point []int, found, sure bool) {
	if b.Void() {
		return nil, false, true
	}
	s := search{left: maxSplits}
	point = s.outside(b, others)
	return point, point != nil, s.left > 0
}

type search struct{ left int }

// outside cuts the first box that touches b out of it, axis by axis, and searches each of the parts that remain.
func (s *search) outside(b Box, others []Box) []int {
	if s.left--; s.left <= 0 {
		return nil
	}
	for i, o := range others {
		if _, touches := b.Meet(o); !touches {
			continue
		}
		rest := slices.Clone(b)
		for k := range rest {
			if part := minus(rest[k], o[k]); !part.Empty() {
				piece := slices.Clone(rest)
				piece[k] = part
				if point := s.outside(piece, others[i+1:]); point != nil || s.left <= 0 {
					return point
				}
			}
			rest[k] = meet(rest[k], o[k])
		}
		return nil
	}
	return b.Example()
}

// Spell writes a combination: "amount = 5000 and kind = person". Axes on which every box holds all are left out.
func Spell(axes []Axis, point []int, boxes ...Box) string {
	var parts []string
	for i := range axes {
		all := Space(axes[i : i+1])[0]
		if slices.ContainsFunc(boxes, func(b Box) bool { return !minus(all, b[i]).Empty() }) {
			parts = append(parts, axes[i].Name+" = "+axes[i].Pieces[point[i]].Text)
		}
	}
	if len(parts) == 0 {
		return "anything"
	}
	return strings.Join(parts, " and ")
}
