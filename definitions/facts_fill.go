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
	short   []int        // columns that one more row lacks; the other rows keep theirs
	gotRow  []int        // tables that have a row now
	fewer   []int        // tables that may have lost their rows
	more    []int        // columns that one more row has filled in
	laid    []int        // tables whose rows there are now: a later form makes no rows of its own
	makes   []int        // tables of which it makes the rows, unless they were laid before
	remade  []int        // tables of which a row may now stand at another place
	stale   []int        // of changes that may or may not happen: what depends on what one of them fills in
	// can is what is filled in, of slots of which that is written down.
	can map[int]optionMask
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
	u.lay(c, f, made)
	return c
}

// lay notes which tables the form makes rows of, and which are there in any case when it is complete.
func (u *slots) lay(c *change, f *Form, made []*value.Field) {
	for _, t := range f.EditRows {
		c.remade = append(c.remade, u.byPath[t.Path])
	}
	for _, field := range f.Fields {
		if field.Table == nil || field.OfRow {
			continue
		}
		id := u.byPath[field.Table.Path]
		if !field.Optional || field.Table == f.Add {
			c.laid = append(c.laid, id)
		}
		if !slices.Contains(made, field.Table) {
			c.makes = append(c.makes, id)
		}
	}
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
		case !ok && added:
			c.short = append(c.short, id)
		case !ok:
			c.emptied = append(c.emptied, id)
		case added && optional:
			c.short = append(c.short, id)
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

// assign is the change of one computed value.
func (u *slots) assign(a *Assign) *change {
	c := newChange()
	ids := u.under(a.Into)
	if a.OfRow {
		ids = u.rowSlots(ids)
	}
	if a.Into.Kind != value.TableKind {
		for _, id := range ids {
			c.filled[id] = a.Into.Kind == value.RecordKind || a.Value.MayFindNothing()
			if ids, ok := a.Value.Written(); ok {
				c.write(id, optionsOf(a.Into, ids))
			}
		}
		return c
	}
	if strings.HasPrefix(strings.TrimSpace(a.Value.Source()), "filter("+a.Into.Path+",") {
		c.fewer, c.remade = ids[:1], ids[:1] // fewer rows, the same columns
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
	c.fewer, c.laid, c.remade = ids[:1], ids[:1], ids[:1]
	return c
}

var (
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
	for id := range o.filled { // any order: each by itself
		delete(c.can, id)
	}
	maps.Copy(c.filled, o.filled)
	for id, can := range o.can { // any order: each by itself
		c.write(id, can)
	}
	c.emptied = append(c.emptied, o.emptied...)
	c.short = append(c.short, o.short...)
	c.gotRow = append(c.gotRow, o.gotRow...)
	c.fewer = append(c.fewer, o.fewer...)
	c.more = append(c.more, o.more...)
	c.makes = append(c.makes, o.makes...)
	c.remade = append(c.remade, o.remade...)
}

// write notes what is filled in.
func (c *change) write(id int, can optionMask) {
	if c.can == nil {
		c.can = map[int]optionMask{}
	}
	c.can[id] = can
}

// none tells whether nothing that is known can be lost by the change.
func (c *change) none() bool {
	return len(c.filled)+len(c.emptied)+len(c.short)+len(c.fewer)+len(c.more)+len(c.makes)+len(c.remade)+len(c.stale) == 0
}

// loosen: all of it may be left empty.
func (c *change) loosen() {
	for _, id := range c.slots() {
		c.filled[id] = true
	}
}

func (c *change) slots() []int {
	if len(c.filled) == 0 {
		return nil
	}
	return slices.Sorted(maps.Keys(c.filled))
}

// after is what is known when the change was made.
func (k *known) after(c *change) *known {
	out := k.clone()
	out.forget(c)
	out.drop(c)
	out.oneMore(c)
	for _, id := range c.slots() {
		s := &out.u.list[id]
		out.f[id] = s.fact(c.filled[id])
		out.f[id].due = k.f[id].due || !c.filled[id]
		if can, ok := c.can[id]; ok && !s.computed() {
			out.f[id].can = can
		}
		switch {
		case s.ofRow: // the column over all rows loses what one row may change
			out.oneRow(s.twin, c.filled[id])
		case s.twin >= 0: // the row in scope is one of all
			out.f[s.twin] = out.f[id]
		}
	}
	for _, id := range c.gotRow {
		out.f[id].exists = true
	}
	for _, id := range c.laid {
		out.f[id].laid = true
	}
	return out
}

// drop forgets what the change empties, and the rows that stand at other places now.
func (k *known) drop(c *change) {
	for _, id := range c.fewer {
		k.f[id] = fact{can: anyOption, laid: k.f[id].laid}
	}
	for _, id := range c.short {
		k.f[id] = unknownFact
	}
	empty := slices.Clone(c.emptied)
	for _, id := range c.makes {
		if k.f[id].laid {
			continue
		}
		for _, column := range k.u.under(k.u.list[id].field)[1:] {
			if _, ok := c.filled[column]; !ok {
				empty = append(empty, column)
			}
		}
	}
	for _, id := range empty {
		k.f[id] = unknownFact
		if twin := k.u.list[id].twin; twin >= 0 && !k.u.list[id].ofRow {
			k.f[twin] = unknownFact
		}
	}
	for _, id := range c.remade {
		for _, column := range k.u.under(k.u.list[id].field)[1:] {
			k.f[k.u.list[column].twin] = unknownFact
		}
	}
}

// oneRow: what is known of a column when one row may have filled it in anew.
func (k *known) oneRow(column int, optional bool) {
	col := &k.f[column]
	col.can, col.absent = anyOption, false
	col.exists = col.exists && !optional && k.u.list[column].when() == nil
	col.asked = col.asked && !optional
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
	lost := k.u.loses(c)
	for _, dep := range lost {
		k.f[dep] = unknownFact
	}
	k.unsay(slices.Concat(lost, k.u.touched(c), c.stale))
}

// touched lists the slots that the change fills in or empties.
func (u *slots) touched(c *change) []int {
	out := slices.Concat(c.slots(), c.emptied, c.short, c.more)
	for _, id := range slices.Concat(c.remade, c.fewer, c.makes, c.gotRow) {
		out = append(out, u.under(u.list[id].field)...)
	}
	return out
}

// loses lists the slots that depend on what the change touches and are not filled in with it.
func (u *slots) loses(c *change) []int {
	var out []int
	touched := u.touched(c)
	for _, id := range touched {
		for _, dep := range u.list[id].dependents {
			if !slices.Contains(touched, dep) {
				out = append(out, dep)
			}
		}
		twin := u.list[id].twin // a row is one of all, and all are each
		if twin < 0 {
			continue
		}
		for _, dep := range u.list[twin].dependents {
			if !slices.Contains(touched, dep) && !slices.Contains(touched, u.list[dep].twin) {
				out = append(out, dep)
			}
		}
	}
	return out
}

// disturbed is what is still known while somebody else may make the change at any time.
func (k *known) disturbed(c *change) *known {
	if c.none() {
		return k
	}
	out := k.clone()
	out.forget(c)
	out.oneMore(c)
	out.drop(c)
	for _, id := range c.slots() {
		s := &out.u.list[id]
		out.f[id] = out.perhaps(id, c.filled[id])
		switch {
		case s.ofRow:
			out.oneRow(s.twin, c.filled[id])
		case s.twin >= 0:
			out.f[s.twin] = out.perhaps(s.twin, c.filled[id])
		}
	}
	for _, id := range c.stale {
		out.f[id] = unknownFact
	}
	for _, id := range k.kept {
		out.f[id] = k.f[id]
	}
	return out
}

// perhaps is what is known of a slot that may have been filled in anew.
func (k *known) perhaps(id int, optional bool) fact {
	was, f := k.f[id], unknownFact
	f.due = was.due
	if !optional {
		asked := k.u.list[id].when() != nil
		f.exists = was.exists && !asked
		f.asked = asked && (was.exists || was.asked)
	}
	return f
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
