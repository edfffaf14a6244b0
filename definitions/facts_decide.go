package definitions

import "fmt"

// decided is the change that a decision table makes when it comes to an outcome ("" = any). Each output is set anew:
// one that a row does not give is empty afterwards. k nil: nothing is known of what the values read.
func (u *slots) decided(d *Decide, outcome string, k *known) *change {
	c := newChange()
	for i, o := range d.Outputs {
		switch {
		case o.Into == nil, d.Table != nil:
			continue
		case d.Hit == HitSum || d.Hit == HitCount:
			c.add(u.output(o, false))
			continue
		}
		loose := !d.Hit.Single()
		for _, r := range d.all() {
			if outcome == "" || d.Outcome(r) == outcome {
				loose = loose || !r.Gives[i].certain(k)
			}
		}
		given := u.output(o, loose)
		if can, ok := d.written(i, outcome); ok {
			for _, id := range given.slots() {
				given.write(id, can)
			}
		}
		c.add(given)
	}
	if d.Table != nil {
		u.newRows(c, d.Table, false)
		for i, o := range d.Outputs {
			id := u.byPath[o.Into.Path]
			if !sometimes(d, i, k) {
				c.filled[id] = false
				c.emptied = without(c.emptied, id)
			}
		}
		c.gotRow = nil // no row may fit
		c.fewer = appendNewID(c.fewer, u.byPath[d.Table.Path])
	}
	return c
}

// written is what output i can be where the table comes to an outcome ("" = any), if all that the rows give it then is
// written down.
func (d *Decide) written(i int, outcome string) (optionMask, bool) {
	var can optionMask
	for _, r := range d.all() {
		if outcome != "" && d.Outcome(r) != outcome {
			continue
		}
		var ids []string
		switch fixed, value := r.Gives[i].Fixed, r.Gives[i].Value; {
		case value != nil:
			var ok bool
			if ids, ok = value.Written(); !ok {
				return 0, false
			}
		case fixed != nil:
			ids = []string{fmt.Sprint(fixed)}
		}
		can |= optionsOf(d.Outputs[i].Into, ids)
	}
	return can, d.Hit.Single() && can != 0
}

// sometimes tells whether a row may leave output i empty.
func sometimes(d *Decide, i int, k *known) bool {
	for _, r := range d.Rows {
		if !r.Gives[i].certain(k) {
			return true
		}
	}
	return false
}

func (u *slots) output(o *Output, loose bool) *change {
	c := newChange()
	ids := u.under(o.Into)
	if o.OfRow {
		ids = u.rowSlots(ids)
	}
	for _, id := range ids {
		c.filled[id] = loose
	}
	return c
}

// certain tells whether the cell gives a value in any case.
func (g Entry) certain(k *known) bool {
	switch {
	case g.Value != nil:
		return k != nil && !g.Value.MayFindNothing() && len(g.Value.Uncovered(k)) == 0
	default:
		return g.Fixed != nil
	}
}

func without(list []int, id int) []int {
	var out []int
	for _, x := range list {
		if x != id {
			out = append(out, x)
		}
	}
	return out
}

func appendNewID(list []int, id int) []int { return append(without(list, id), id) }

// judgeTable judges what a decision table reads: each input once, unless a cell asks whether it is empty.
func (c *checker) judgeTable(d *Decide, in *known, at spot) {
	for _, i := range d.Inputs {
		if !i.asks {
			judgeText(c, i.Test, in, at)
		}
	}
	for _, r := range d.all() {
		k := in
		if r.When != nil {
			k = in.with(r.When.Facts(true))
		}
		for _, g := range r.Gives {
			judgeText(c, g.Value, k, at)
		}
	}
}
