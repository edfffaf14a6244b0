package definitions

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// change is what filling something in does to what is known.
type change struct {
	filled  map[int]bool // slot -> it may be left empty
	emptied []int        // columns that rows may now lack, fields that may be empty now
	gotRow  []int        // tables that have a row now
	fewer   []int        // tables that may have lost their rows
	more    []int        // columns that one more row has filled in
}

func newChange() *change { return &change{filled: map[int]bool{}} }

// form is the change that a completed form makes. fresh: it is the form of a start, whose tables are new.
func (u *slots) form(f *Form, fresh bool) *change {
	c := newChange()
	if f == nil {
		return c
	}
	made := slices.Clone(f.EditRows)
	if f.Add != nil {
		made = append(made, f.Add)
	}
	for _, field := range f.Fields {
		ids := u.under(field.Field)
		if field.OfRow && field.Table != f.Add {
			ids = u.rowSlots(ids)
		}
		for _, id := range ids {
			c.filled[id] = c.filled[id] || field.Optional
		}
		if fresh && field.Table != nil && !slices.Contains(made, field.Table) {
			made = append(made, field.Table)
		}
	}
	for _, t := range made {
		u.newRows(c, t, t == f.Add)
	}
	return c
}

func (u *slots) rowSlots(ids []int) []int {
	var out []int
	for _, id := range ids {
		if s := &u.list[id]; s.twin >= 0 && !s.ofRow {
			id = s.twin
		}
		out = append(out, id)
	}
	return out
}

// newRows: columns that the form does not fill in are empty in the new rows.
func (u *slots) newRows(c *change, t *value.Field, added bool) {
	for _, col := range t.Fields {
		id := u.byPath[col.Path]
		optional, ok := c.filled[id]
		switch {
		case !ok:
			c.emptied = append(c.emptied, id)
		case added && optional:
			c.emptied = append(c.emptied, id)
			delete(c.filled, id)
		case added:
			c.more = append(c.more, id)
			delete(c.filled, id)
		}
	}
	least, _ := t.Min.(int64)
	switch id := u.byPath[t.Path]; {
	case added || least > 0:
		c.gotRow = append(c.gotRow, id)
	default:
		c.fewer = append(c.fewer, id)
	}
}

// mayFindNothing tells a value that looks something up and does not say what it is when nothing is found.
func mayFindNothing(v *formula.Value) bool {
	return findCall.MatchString(v.Source()) && !strings.Contains(v.Source(), "??")
}

// assign is the change of one computed value.
func (u *slots) assign(a *Assign) *change {
	c := newChange()
	ids := u.under(a.Into)
	if a.OfRow {
		ids = u.rowSlots(ids)
	}
	if a.Into.Kind != value.TableKind {
		for _, id := range ids {
			c.filled[id] = a.Into.Kind == value.RecordKind || mayFindNothing(a.Value)
		}
		return c
	}
	if strings.HasPrefix(strings.TrimSpace(a.Value.Source()), "filter("+a.Into.Path+",") {
		c.fewer = ids[:1] // fewer rows, the same columns
		return c
	}
	given := columnsOf(a.Value)
	for _, id := range ids[1:] {
		if given[u.list[id].field.Name] {
			c.filled[id] = false
		} else {
			c.emptied = append(c.emptied, id)
		}
	}
	c.fewer = ids[:1]
	return c
}

var (
	findCall = regexp.MustCompile(`\bfind\s*\(`)
	rowsCall = regexp.MustCompile(`(?s)rows\(.*["']([a-z0-9_]+)["']\s*\)\s*$`)
	mapKey   = regexp.MustCompile(`["']([a-z0-9_]+)["']\s*:`)
)

// columnsOf lists the columns that a computed table has: those of rows(list, "column") or of a map's keys.
func columnsOf(v *formula.Value) map[string]bool {
	out := map[string]bool{}
	if m := rowsCall.FindStringSubmatch(v.Source()); m != nil {
		out[m[1]] = true
	}
	for _, m := range mapKey.FindAllStringSubmatch(v.Source(), -1) {
		out[m[1]] = true
	}
	return out
}

// add takes over another change that happens after this one.
func (c *change) add(o *change) {
	maps.Copy(c.filled, o.filled)
	c.emptied = append(c.emptied, o.emptied...)
	c.gotRow = append(c.gotRow, o.gotRow...)
	c.fewer = append(c.fewer, o.fewer...)
	c.more = append(c.more, o.more...)
}

// loosen: all of it may be left empty.
func (c *change) loosen() {
	for _, id := range c.slots() {
		c.filled[id] = true
	}
}

func (c *change) slots() []int { return slices.Sorted(maps.Keys(c.filled)) }

// after is what is known when the change was made.
func (k *known) after(c *change) *known {
	out := k.clone()
	out.forget(c)
	for _, id := range c.fewer {
		out.f[id] = unknownFact
	}
	for _, id := range c.emptied {
		out.f[id] = unknownFact
	}
	out.oneMore(c)
	for _, id := range c.slots() {
		out.f[id] = out.u.list[id].fact(c.filled[id])
		if s := &out.u.list[id]; s.ofRow { // the column over all rows loses what one row may change
			col := &out.f[s.twin]
			col.can, col.exists = anyOption, col.exists && !c.filled[id] && s.when() == nil
			col.asked = col.asked && !c.filled[id]
		}
	}
	for _, id := range c.gotRow {
		out.f[id].exists = true
	}
	return out
}

// oneMore: a column is filled in if it was in the other rows, too.
func (k *known) oneMore(c *change) {
	for _, id := range c.more {
		f := &k.f[id]
		f.can = anyOption
		if k.u.list[id].when() != nil {
			f.exists, f.asked = false, f.exists || f.asked
		}
	}
}

// fact is what is known of a slot just filled in.
func (s *slot) fact(optional bool) fact {
	f := unknownFact
	switch {
	case s.computed() || optional:
	case s.when() != nil:
		f.asked = true
	default:
		f.exists = true
	}
	return f
}

// forget drops what was known of the slots that depend on a changed one and are not changed themselves.
func (k *known) forget(c *change) {
	for _, id := range slices.Concat(c.slots(), c.emptied) {
		for _, dep := range k.u.list[id].dependents {
			if _, ok := c.filled[dep]; !ok {
				k.f[dep] = unknownFact
			}
		}
	}
}

// disturbed is what is still known while somebody else may make the change at any time.
func (k *known) disturbed(c *change) *known {
	if len(c.filled)+len(c.emptied)+len(c.fewer)+len(c.more) == 0 {
		return k
	}
	out := k.clone()
	out.forget(c)
	out.oneMore(c)
	for _, id := range slices.Concat(c.emptied, c.fewer) {
		out.f[id] = unknownFact
	}
	for _, id := range c.slots() {
		was := out.f[id]
		f := unknownFact
		if !c.filled[id] {
			f.exists = was.exists && out.u.list[id].when() == nil
			f.asked = out.u.list[id].when() != nil && (was.exists || was.asked)
		}
		out.f[id] = f
	}
	return out
}

// within is what is known inside one row of table t, and outside again.
func (k *known) within(t *value.Field) *known {
	out := k.clone()
	out.row = t
	for _, c := range t.Fields {
		id := k.u.byPath[c.Path]
		out.f[k.u.list[id].twin] = k.f[id]
	}
	return out
}
