package definitions

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/guicheng/guicheng/definitions/domain"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// maxCombinations bounds the tries of one choice.
const maxCombinations = 4096

// truth is what a guard over few values gives for each of their combinations.
type truth struct {
	slots []int
	gives []int8 // by combination: 1 true, 0 false, -1 a value that it needs is empty
}

// tried are the functions that may stand in a condition of which all values are tried.
var tried = []string{"has", "size", "in", "money", "date", "month", "moment", "duration", "minutes", "hours", "days"}

var calls = regexp.MustCompile(`([a-z_]+)\s*\(`)

// finiteSlots lists the slots that g reads; false: it reads something that has too many values, or no value.
func (u *slots) finiteSlots(g *formula.Guard, row *value.Field) ([]int, bool) {
	for _, m := range calls.FindAllStringSubmatch(g.Source(), -1) {
		if !slices.Contains(tried, m[1]) {
			return nil, false
		}
	}
	if !u.divided(g, row) {
		return nil, false
	}
	var out []int
	for _, name := range guardReads(g) {
		if u.settings != nil && strings.HasPrefix(name, "settings.") {
			continue
		}
		id, ok := u.find(name, row)
		if !ok || u.valuesOf(id) == nil || u.list[id].field.Path != name && !u.rowName(name) {
			return nil, false
		}
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out, true
}

// product counts the combinations of the slots' values; false: more than can be tried.
func (u *slots) product(ids []int) (int, bool) {
	n := 1
	for _, id := range ids {
		n *= len(u.valuesOf(id))
		if n > maxCombinations {
			return 0, false
		}
	}
	return n, true
}

// pick is the n-th combination.
func (u *slots) pick(ids []int, n int) []domain.Piece {
	out := make([]domain.Piece, len(ids))
	for i, id := range ids {
		all := u.valuesOf(id)
		out[i] = all[n%len(all)]
		n /= len(all)
	}
	return out
}

// scope gives the slots these values.
func (u *slots) scope(ids []int, vals []domain.Piece) *formula.Scope {
	s := &formula.Scope{Data: value.Record{}, Row: value.Record{}, Settings: u.settings}
	for i, id := range ids {
		at := &u.list[id]
		switch {
		case vals[i].Value == nil:
		case at.table != nil:
			s.Row[at.field.Name] = vals[i].Value
		default:
			putValue(s.Data, at.path, vals[i].Value)
		}
	}
	return s
}

func putValue(rec value.Record, path string, v any) {
	parts := strings.Split(path, ".")
	for _, p := range parts[:len(parts)-1] {
		sub, ok := rec[p].(value.Record)
		if !ok {
			sub = value.Record{}
			rec[p] = sub
		}
		rec = sub
	}
	rec[parts[len(parts)-1]] = v
}

// table works out a guard for all combinations of what it reads; nil if they are too many.
func (u *slots) table(g *formula.Guard, row *value.Field) *truth {
	if t, ok := u.finite[g]; ok {
		return t
	}
	var t *truth
	if ids, ok := u.finiteSlots(g, row); ok {
		if n, ok := u.product(ids); ok {
			t = &truth{slots: ids, gives: make([]int8, n)}
			for i := range n {
				t.gives[i] = u.decide(g, u.scope(ids, u.pick(ids, i)))
			}
		}
	}
	u.finite[g] = t
	return t
}

func (u *slots) decide(g *formula.Guard, s *formula.Scope) int8 {
	if u.work.done += tryCost; u.work.spent() {
		return -1
	}
	yes, err := g.Eval(s)
	switch {
	case err != nil:
		return -1
	case yes:
		return 1
	}
	return 0
}

// always tells whether g, tried for all values that k allows, gives only want.
func (k *known) always(g *formula.Guard, want bool) bool {
	t := k.u.table(g, k.row)
	if t == nil {
		return false
	}
	hope := int8(0)
	if want {
		hope = 1
	}
	for n, gives := range t.gives {
		if gives == hope {
			continue
		}
		if vals := k.u.pick(t.slots, n); k.allows(t.slots, vals) && k.fits(t.slots, vals) {
			return false
		}
	}
	return true
}

// allows tells whether the slots may have these values, as far as k knows.
func (k *known) allows(ids []int, vals []domain.Piece) bool {
	for i, id := range ids {
		s, f := &k.u.list[id], k.f[id]
		if vals[i].Value == nil {
			if f.exists || f.asked && s.when() == nil {
				return false
			}
			continue
		}
		if f.absent {
			return false
		}
		bit := anyOption
		switch v := vals[i].Value.(type) {
		case string:
			bit = optionBit(s.field, v)
		case bool:
			bit = optionBit(s.field, strconv.FormatBool(v))
		}
		if f.can&bit == 0 {
			return false
		}
	}
	return true
}

// gaps finds values with which no way out of the step is taken.
func (c *checker) gaps(s *Step, run *passage) {
	for i, outcome := range run.outcomes {
		var guards []*formula.Guard
		var first *Way
		open := false
		for _, w := range s.Ways {
			if !takes(w, outcome) {
				continue
			}
			if w.When == nil {
				open = true
				break
			}
			if first == nil {
				first = w
			}
			guards = append(guards, w.When)
		}
		if open || first == nil || run.outs[i] == nil {
			continue
		}
		c.gap(s, first, guards, run.outs[i])
	}
}

func (c *checker) gap(s *Step, first *Way, guards []*formula.Guard, k *known) {
	p := report.Problem{Place: first.Place, Code: "choice-gap", Hint: "add a last way without when, or with else"}
	point, sure := k.untaken(guards)
	if point == "" && (sure || k.coveredBy(guards)) {
		return
	}
	declared := ""
	if point == "" {
		declared, _ = k.asDeclared().untaken(guards)
	}
	switch {
	case point != "":
		p.Message = fmt.Sprintf("%s takes no way of %s", point, called(s))
	case declared != "":
		p.Message = fmt.Sprintf("with the procedure's own settings, %s takes no way of %s", declared, called(s))
	default:
		p.Severity, p.Code = report.Warning, "choice-open"
		p.Message = "it cannot be shown that one of the ways of " + called(s) + " is always taken"
	}
	c.add(p)
}

// untaken spells values with which none of the guards holds; "" = there are none, if all were tried.
func (k *known) untaken(guards []*formula.Guard) (point string, sure bool) {
	ids, n, ok := k.u.together(guards, k.row)
	if !ok {
		return "", false
	}
	for i := range n {
		vals := k.u.pick(ids, i)
		if !k.possible(ids, vals) {
			continue
		}
		scope := k.u.scope(ids, vals)
		if !slices.ContainsFunc(guards, func(g *formula.Guard) bool { return k.u.decide(g, scope) != 0 }) {
			return k.u.spell(ids, vals), true
		}
	}
	return "", true
}

// coveredBy tells whether the last of the guards must hold when the others do not.
func (k *known) coveredBy(guards []*formula.Guard) bool {
	for _, g := range guards {
		if k.certain(g) {
			return true
		}
		k = k.with(g.Facts(false))
	}
	return false
}

func (u *slots) together(guards []*formula.Guard, row *value.Field) ([]int, int, bool) {
	var ids []int
	for _, g := range guards {
		t := u.table(g, row)
		if t == nil {
			return nil, 0, false
		}
		for _, id := range t.slots {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	n, ok := u.product(ids)
	return ids, n, ok
}

// possible tells whether the slots can have these values at once, as far as k and the fields' own checks tell.
func (k *known) possible(ids []int, vals []domain.Piece) bool {
	return k.allows(ids, vals) && k.consistent(ids, vals) && k.u.meetsChecks(ids, vals) && k.fits(ids, vals)
}

// consistent tells whether fields that are asked only `when` are there and empty accordingly.
func (k *known) consistent(ids []int, vals []domain.Piece) bool {
	for i, id := range ids {
		s := &k.u.list[id]
		g := s.when()
		if g == nil {
			continue
		}
		t := k.u.table(g, k.row)
		if t == nil || slices.ContainsFunc(t.slots, func(r int) bool { return !slices.Contains(ids, r) }) {
			if vals[i].Value == nil && k.filled(id) {
				return false
			}
			continue
		}
		asked := k.u.decide(g, k.u.scope(ids, vals))
		if asked == 1 && vals[i].Value == nil && k.f[id].asked ||
			asked == 0 && vals[i].Value != nil && k.onlyDue(id) {
			return false
		}
	}
	return true
}

// spell is a combination in words.
func (u *slots) spell(ids []int, vals []domain.Piece) string {
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = u.list[id].path + " = " + vals[i].Text
	}
	return strings.Join(parts, " and ")
}
