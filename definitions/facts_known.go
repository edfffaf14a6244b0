package definitions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/domain"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// fact is what is known of one slot.
type fact struct {
	exists bool
	asked  bool // filled in if its `when` holds
	absent bool
	due    bool       // it has a value only where its `when` holds: what that reads was not changed behind its back
	laid   bool       // of a table: its rows were laid out, so that no form makes rows by merely filling in columns
	can    optionMask // the values it may have, if it has one
}

// optionMask is a set of a choice's options or of no and yes.
type optionMask uint64

const anyOption = ^optionMask(0)

var unknownFact = fact{can: anyOption}

// known is what is known of the data at one place; it is never changed once it is handed out.
type known struct {
	u    *slots
	f    []fact
	row  *value.Field // the table whose row is in scope
	said []said       // conditions that hold
	kept []int        // slots in which nobody else can change anything: what undoes a step sees them as they were
	deep int          // of questions within questions; ends circles that a broken procedure may have
}

// said is a condition that was found to hold, and the slots on which it depends.
type said struct {
	text  string
	reads []int
	rule  *formula.Guard // one over few values, which gave want: others are impossible meanwhile; nil = only the text
	want  bool
	set   bool // the rule reads settings: it tells something only where they are taken for constants
}

var _ formula.Known = (*known)(nil)

// maxDeep is more than the longest chain of `when`s that a person can follow.
const maxDeep = 16

// nothing is known where a case begins, but that tables have no rows: each column is filled in all none of them.
func (u *slots) nothing() *known {
	k := &known{u: u, f: make([]fact, len(u.list))}
	for id := range k.f {
		k.f[id] = fact{can: anyOption, due: true}
		k.f[id].exists = u.list[id].table != nil && !u.list[id].ofRow
	}
	return k
}

func (k *known) clone() *known {
	c := *k
	c.f = slices.Clone(k.f)
	return &c
}

func (k *known) same(o *known) bool {
	return o != nil && slices.Equal(k.f, o.f) && slices.EqualFunc(k.said, o.said, said.is) && slices.Equal(k.kept, o.kept)
}

// keeping is what is known where a step is undone: what others change in these fields is not seen there.
func (k *known) keeping(fields []*FormField) *known {
	out := k.clone()
	out.kept = nil
	for _, f := range fields {
		ids := k.u.under(f.Field)
		if f.OfRow {
			ids = k.u.rowSlots(ids)
		}
		for _, id := range ids {
			if !k.u.list[id].computed() && !slices.Contains(out.kept, id) {
				out.kept = append(out.kept, id)
			}
		}
	}
	slices.Sort(out.kept)
	return out
}

// asDeclared is what is known where the settings are as the procedure has them.
func (k *known) asDeclared() *known {
	if k.u.declared == nil {
		return k
	}
	out := *k
	out.u = k.u.declared
	return &out
}

func (s said) is(o said) bool { return s.text == o.text }

// Said implements formula.Known.
func (k *known) Said(text string) bool {
	return text != "" && slices.ContainsFunc(k.said, said{text: text}.is)
}

// learn notes that a condition holds.
func (k *known) learn(f formula.Fact) {
	if k.Said(f.Value) {
		return
	}
	s := said{text: f.Value}
	for _, path := range f.Reads {
		s.reads = append(s.reads, k.u.named(path, k.row)...)
	}
	k.said = append(slices.Clone(k.said), s)
	slices.SortFunc(k.said, func(a, b said) int { return strings.Compare(a.text, b.text) })
}

// ruled is what is known when a condition gave want: of fields with few values, that they have none with which it
// would have given something else.
func (k *known) ruled(g *formula.Guard, want bool) *known {
	t, set := k.u.table(g, k.row), false
	if t == nil && k.u.declared != nil {
		t, set = k.u.declared.table(g, k.row), true
	}
	text := fmt.Sprintf("%t: %s", want, g.Source())
	if t == nil || k.Said(text) {
		return k
	}
	c := *k
	c.said = append(slices.Clone(k.said), said{text: text, reads: t.slots, rule: g, want: want, set: set})
	slices.SortFunc(c.said, func(a, b said) int { return strings.Compare(a.text, b.text) })
	return &c
}

// fits tells whether slots may have these values, by the conditions that are known to have been true or false.
func (k *known) fits(ids []int, vals []domain.Piece) bool {
	var scope *formula.Scope
	for _, s := range k.said {
		silent := s.rule == nil || s.set && k.u.settings == nil
		if silent || slices.ContainsFunc(s.reads, func(id int) bool { return !slices.Contains(ids, id) }) {
			continue
		}
		if scope == nil {
			scope = k.u.scope(ids, vals)
		}
		if gave := k.u.decide(s.rule, scope); gave >= 0 && (gave == 1) != s.want {
			return false
		}
	}
	return true
}

// unsay drops the conditions that depend on slots that change.
func (k *known) unsay(changed []int) {
	if len(k.said) == 0 || len(changed) == 0 {
		return
	}
	k.said = slices.DeleteFunc(slices.Clone(k.said), func(s said) bool {
		return slices.ContainsFunc(s.reads, func(id int) bool {
			return slices.Contains(changed, id) || slices.Contains(changed, k.u.list[id].twin)
		})
	})
}

// Covers implements formula.Known.
func (k *known) Covers(path string) bool {
	id, ok := k.u.find(path, k.row)
	return !ok || k.filled(id)
}

// With implements formula.Known.
func (k *known) With(facts []formula.Fact) formula.Known { return k.with(facts) }

func (k *known) with(facts []formula.Fact) *known {
	c := k.clone()
	for _, f := range facts {
		if f.Op == formula.Holds {
			c.learn(f)
			continue
		}
		id, ok := k.u.find(f.Path, k.row)
		if !ok || k.u.list[id].field.Path != f.Path && k.u.list[id].path != f.Path && !k.u.rowName(f.Path) {
			continue // a record, or a part of a person: says nothing of one slot
		}
		at := &c.f[id]
		switch f.Op {
		case formula.Exists:
			at.exists, at.absent = true, false
		case formula.Absent:
			at.exists, at.absent = false, true
		case formula.Is:
			at.exists, at.absent = true, false
			at.can &= optionSet(k.u.list[id].field, f.Value)
		case formula.IsNot:
			at.exists, at.absent = true, false
			at.can &^= optionBit(k.u.list[id].field, f.Value)
		}
	}
	return c
}

func (u *slots) rowName(path string) bool {
	_, ok := u.byRow[path]
	return ok
}

// optionBit is the one option; none if the field has too many to be followed, or it is not one of them.
func optionBit(f *value.Field, id string) optionMask {
	if f.Kind == value.YesNo {
		switch id {
		case "false":
			return 1
		case "true":
			return 2
		}
		return 0
	}
	i := slices.IndexFunc(f.Options, func(o value.Option) bool { return o.ID == id })
	if f.Kind != value.Choice || i < 0 || i > 63 {
		return 0
	}
	return 1 << i
}

func optionSet(f *value.Field, id string) optionMask {
	if bit := optionBit(f, id); bit != 0 {
		return bit
	}
	return anyOption
}

// optionsOf are the options of these ids; anyOption if one of them is not followed.
func optionsOf(f *value.Field, ids []string) optionMask {
	var out optionMask
	for _, id := range ids {
		out |= optionSet(f, id)
	}
	return out
}

// allOptions are those that a field's value can be at most; anyOption if they are not followed.
func allOptions(f *value.Field) optionMask {
	switch {
	case f.Kind == value.YesNo:
		return 3
	case f.Kind == value.Choice && len(f.Options) < 64:
		return 1<<len(f.Options) - 1
	}
	return anyOption
}

func (k *known) deeper(row *value.Field) *known {
	c := *k
	c.row = row
	c.deep++
	return &c
}

// filled tells whether the slot has a value for certain.
func (k *known) filled(id int) bool {
	s, f := &k.u.list[id], k.f[id]
	if f.exists {
		return true
	}
	if f.absent || k.deep > maxDeep || !f.asked && !s.computed() {
		return false
	}
	view := k.view(s)
	if g := s.when(); g != nil && !view.certain(g) {
		return false
	}
	return !s.computed() || len(s.rule.Value.Uncovered(view)) == 0 && !s.rule.Value.MayFindNothing()
}

// view is k as the rule of slot s sees it: a column's own names mean all rows, or the one in scope.
func (k *known) view(s *slot) *known {
	if s.table != nil && !s.ofRow {
		c := k.deeper(nil)
		c.said = nil // of one row
		return c
	}
	return k.deeper(k.row)
}

// certain tells whether g is true for all data that k allows.
func (k *known) certain(g *formula.Guard) bool {
	return k.deep <= maxDeep && (k.refutesAny(g.Facts(false)) || k.always(g, true) || k.wasSaid(g))
}

// wasSaid tells whether each part of g is a condition that was found to hold, or must hold for what else is known.
func (k *known) wasSaid(g *formula.Guard) bool {
	return len(k.said) > 0 && !slices.ContainsFunc(g.Parts(), func(p formula.Part) bool {
		return !k.Said(p.Text) && !k.refutesAny(p.False)
	})
}

// impossible tells whether g is false for all data that k allows.
func (k *known) impossible(g *formula.Guard) bool {
	return k.deep <= maxDeep && (k.refutesAny(g.Facts(true)) || k.always(g, false))
}

func (k *known) refutesAny(facts []formula.Fact) bool {
	return slices.ContainsFunc(facts, k.refutes)
}

func (k *known) refutes(f formula.Fact) bool {
	id, ok := k.u.find(f.Path, k.row)
	if !ok {
		return false
	}
	s := &k.u.list[id]
	can := k.f[id].can & allOptions(s.field)
	switch f.Op {
	case formula.Exists:
		return k.f[id].absent || k.notAsked(id)
	case formula.Absent:
		return k.filled(id)
	case formula.Is:
		return k.f[id].absent || can&optionSet(s.field, f.Value) == 0
	case formula.IsNot:
		return k.f[id].absent || can != 0 && can&^optionBit(s.field, f.Value) == 0
	}
	return false
}

// notAsked tells whether a field has no value since its `when` does not hold.
func (k *known) notAsked(id int) bool {
	s := &k.u.list[id]
	g := s.when()
	if g == nil || !k.onlyDue(id) {
		return false
	}
	view := k.view(s)
	return view.deep <= maxDeep && view.impossible(g)
}

// onlyDue tells whether a field has a value only where its `when` holds: a form sees to that, when it asks for the
// field, but not when it asks again for what the `when` reads.
func (k *known) onlyDue(id int) bool {
	s := &k.u.list[id]
	return s.computed() || k.f[id].due && !k.u.given[s.field.Path]
}

// meet is what both know: where alternative ways come together.
func meet(a, b *known) *known {
	if a == nil {
		return b
	}
	if b == nil || a == b {
		return a
	}
	c := a.clone()
	for id := range c.f {
		x, y := a.f[id], b.f[id]
		s := &a.u.list[id]
		f := fact{can: x.may() | y.may(), absent: x.absent && y.absent, laid: x.laid && y.laid}
		f.due = (x.due || x.absent) && (y.due || y.absent)
		if s.computed() {
			f.exists = x.exists && y.exists
		} else {
			f.exists = (x.exists || a.filled(id)) && (y.exists || b.filled(id))
			f.asked = s.when() != nil && a.askedIfDue(id) && b.askedIfDue(id)
		}
		c.f[id] = f
	}
	c.said = slices.DeleteFunc(slices.Clone(a.said), func(s said) bool { return !slices.ContainsFunc(b.said, s.is) })
	c.kept = slices.DeleteFunc(slices.Clone(a.kept), func(id int) bool { return !slices.Contains(b.kept, id) })
	return c
}

func (f fact) may() optionMask {
	if f.absent {
		return 0
	}
	return f.can
}

// askedIfDue tells whether the field is filled in, or not to be asked.
func (k *known) askedIfDue(id int) bool {
	f := k.f[id]
	if f.exists || f.asked {
		return true
	}
	s := &k.u.list[id]
	return k.view(s).impossible(s.when())
}

// union is what any of the two knows: where branches that were both waited for come together.
func union(a, b *known) *known {
	if a == nil || b == nil || a == b {
		return either(a, b)
	}
	c := a.clone()
	for _, s := range b.said {
		if !slices.ContainsFunc(a.said, s.is) {
			c.said = append(slices.Clip(c.said), s)
		}
	}
	c.said = slices.Clone(c.said)
	slices.SortFunc(c.said, func(a, b said) int { return strings.Compare(a.text, b.text) })
	for id := range c.f {
		x, y := a.f[id], b.f[id]
		f := fact{exists: x.exists || y.exists, asked: x.asked || y.asked, laid: x.laid || y.laid, can: x.can & y.can}
		f.due = x.due || y.due
		f.absent = !f.exists && x.absent && y.absent
		if f.can == 0 {
			f.can = anyOption
		}
		c.f[id] = f
	}
	return c
}

func either(a, b *known) *known {
	if a != nil {
		return a
	}
	return b
}
