package definitions

import (
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// What a decision table may be.
const (
	MaxTableRows    = 500
	MaxTableColumns = 30
)

// decide compiles a decision table: each row becomes one condition, and what it gives.
func (c *compiler) decide(s *Step, n *node, row *value.Field) {
	d := &Decide{Hit: HitUnique}
	s.Work = d
	if hit := n.get("hit"); hit != nil {
		d.Hit = Hit(hit.text)
	}
	sound := true
	for _, item := range n.get("inputs").all() {
		in := c.input(item, row)
		sound = sound && in != nil
		d.Inputs = append(d.Inputs, in)
	}
	for _, item := range n.get("outputs").all() {
		out := c.output(d, item, row)
		sound = sound && out != nil
		d.Outputs = append(d.Outputs, out)
	}
	rows := n.get("rows")
	if rows.isList() && len(rows.items) == 0 {
		rows.fault("missing-key", "", "a table without rows")
	}
	if len(rows.all()) > MaxTableRows || len(d.Inputs)+len(d.Outputs) > MaxTableColumns {
		n.fault("limit", "make two tables of it", "a table has at most %d rows (the limit MaxTableRows) and %d columns "+
			"(MaxTableColumns)", MaxTableRows, MaxTableColumns)
		return
	}
	if !sound {
		return
	}
	for i, item := range rows.all() {
		c.row(s, d, i+1, item, row)
	}
	for _, r := range d.Rows { // a column that is asked for emptiness is not read before
		c.rowGuard(d, r, row)
	}
	if e := n.get("else"); e != nil {
		c.otherwise(s, d, e, row)
	}
}

func (c *compiler) input(n *node, row *value.Field) *Input {
	if !n.isText() {
		return nil
	}
	at := textPlace{node: n}
	test, faults := c.p.Formulas.Column(n.text, formula.Names{Row: row, Now: true})
	if !c.report(at, faults) || test == nil {
		return nil
	}
	c.p.texts[test] = at
	in := &Input{Test: test, Place: n.place(), field: test.Field()}
	if !test.Names() {
		return in
	}
	path := n.text
	if row != nil {
		if column, ok := strings.CutPrefix(path, row.Each+"."); ok {
			path = row.Path + "." + column
		}
	}
	if in.data = c.p.Data.Field(path); in.data != nil {
		f := *in.data
		if c.computed[in.data] { // its bounds are asked of people only
			f.Min, f.Max = nil, nil
		}
		if f.Kind == value.Post {
			f.Options = in.field.Options
		}
		in.field = &f
	}
	return in
}

// output looks up what a column sets, and whether the hit policy can make such a value.
func (c *compiler) output(d *Decide, n *node, row *value.Field) *Output {
	if n.str() == "outcome" {
		if !d.Hit.Single() {
			n.fault("not-for-type", "take hit: first", "several rows may fit, and a step has one outcome")
			return nil
		}
		return &Output{}
	}
	if d.Hit.Lists() {
		return c.gathered(d, n, row)
	}
	into, ok := c.target(n, row)
	if !ok {
		return nil
	}
	out := &Output{Into: into.field, OfRow: into.ofRow, each: into.field}
	k := into.field.Kind
	switch {
	case d.Hit == HitCount && k != value.Count,
		d.Hit == HitSum && k != value.Count && k != value.Number && k != value.Cash && k != value.Duration,
		(d.Hit == HitMin || d.Hit == HitMax) && !ordered(k):
		n.fault("not-for-type", "", "hit: %s does not make a %s", d.Hit, k)
		return nil
	case k == value.RecordKind || k == value.TableKind:
		n.fault("not-for-type", "name its fields", "a cell does not hold a %s", k)
		return nil
	}
	return out
}

// gathered is an output of a policy that lists: a list, or a column of the table that gets a row for each hit.
func (c *compiler) gathered(d *Decide, n *node, row *value.Field) *Output {
	got, ok := c.path(n, row)
	if !ok {
		return nil
	}
	f := got.field
	if c.computed[f] {
		n.fault("computed-field", "", "%s is computed: it cannot be set", n.text)
		return nil
	}
	if got.table != nil && !got.ofRow {
		if d.Table != nil && d.Table != got.table || d.Table == nil && len(d.Outputs) > 0 {
			n.fault("wrong-kind", "make two tables of it", "the hits become rows of one table, and nothing else")
			return nil
		}
		d.Table = got.table
		return &Output{Into: f, each: f}
	}
	each := *f
	switch f.Kind {
	case value.Texts:
		each.Kind = value.Text
	case value.Choices:
		each.Kind = value.Choice
	case value.People:
		each.Kind = value.Human
	default:
		n.fault("not-for-type", "name a list of texts, choices or people, or a column of a table",
			"hit: %s makes a list, and %s is a %s", d.Hit, n.text, f.Kind)
		return nil
	}
	if d.Table != nil {
		n.fault("wrong-kind", "make two tables of it", "the hits become rows of one table, and nothing else")
		return nil
	}
	each.Min, each.Max = nil, nil
	return &Output{Into: f, OfRow: got.ofRow, each: &each}
}

func (c *compiler) row(s *Step, d *Decide, number int, n *node, row *value.Field) {
	given := len(d.Outputs)
	if d.Hit == HitCount {
		given = 0
	}
	if !n.isList() || len(n.items) != len(d.Inputs)+given {
		n.fault("wrong-row", "a row has a cell for each input, then for each output: '-' fits anything, or gives nothing",
			"row %d has %d cells, and the table %d inputs and %d outputs", number, len(n.all()), len(d.Inputs), given)
		return
	}
	r := &DecideRow{Number: number, Place: n.place()}
	for i, in := range d.Inputs {
		one := c.cellOf(in, n.items[i])
		in.asks = in.asks || one.asksEmpty()
		r.cells = append(r.cells, one)
	}
	c.nodes[r] = n
	r.Gives = c.givens(s, d, n.items[len(d.Inputs):], row)
	d.Rows = append(d.Rows, r)
}

// rowGuard makes the condition of a row from its cells.
func (c *compiler) rowGuard(d *Decide, r *DecideRow, row *value.Field) {
	var parts []string
	for i, one := range r.cells {
		if text := one.cel(d.Inputs[i], c.b.zone()); text != "" {
			parts = append(parts, text)
		}
	}
	text := strings.Join(parts, " && ")
	if text == "" {
		text = "true"
	}
	g, faults := c.p.Formulas.Guard(text, formula.Names{Row: row, Now: true})
	for _, f := range faults[:min(len(faults), 1)] {
		c.nodes[r].fault(f.Code, f.Hint, "row %d: %s", r.Number, f.Message)
	}
	r.When = g
}

func (c *compiler) otherwise(s *Step, d *Decide, n *node, row *value.Field) {
	if !d.Hit.Single() && d.Hit != HitMin && d.Hit != HitMax {
		n.fault("not-for-type", "take else out", "hit: %s has a result where no row fits, too", d.Hit)
		return
	}
	if len(n.all()) != len(d.Outputs) {
		n.fault("wrong-row", "", "else has %d cells, and the table %d outputs", len(n.all()), len(d.Outputs))
		return
	}
	d.Else = &DecideRow{Place: n.place(), Gives: c.givens(s, d, n.all(), row)}
}

// givens reads the outputs of a row: literals, or = and a value that is computed.
func (c *compiler) givens(s *Step, d *Decide, cells []*node, row *value.Field) []Entry {
	out := make([]Entry, len(d.Outputs))
	for i, n := range cells {
		o := d.Outputs[i]
		text := strings.TrimSpace(n.str())
		switch {
		case !n.isText():
			n.fault("wrong-cell", "make two rows of it", "an output is one value")
		case o.Into == nil:
			out[i] = Entry{Fixed: text}
			c.decided(s, n, text)
		case text == "-":
		case strings.HasPrefix(text, "="):
			out[i].Value = c.computedCell(n, o, row)
		default:
			v, hint, err := literalOf(o.each, text, c.b.zone())
			if err == nil {
				_, err = o.each.Parse(plainYes(o.each, text), c.b.zone()) // its bounds as well
			}
			if err != nil {
				if hint == "" {
					hint = "write " + clipped("="+text) + " if it is to be computed"
				}
				n.fault("wrong-cell", hint, "%s is set here: %v", o.Into.Path, err)
				continue
			}
			out[i].Fixed = v
		}
	}
	return out
}

func plainYes(f *value.Field, text string) string {
	if f.Kind == value.YesNo {
		switch text {
		case "yes":
			return "true"
		case "no":
			return "false"
		}
	}
	return text
}

func (c *compiler) computedCell(n *node, o *Output, row *value.Field) *formula.Value {
	at := textPlace{node: n, skip: strings.Index(n.text, "=") + 1}
	v, faults := c.p.Formulas.Value(n.text[at.skip:], formula.Names{Row: row}, o.each)
	if !c.report(at, faults) || v == nil {
		return nil
	}
	c.p.texts[v] = at
	return v
}

// decided adds an outcome that a row gives.
func (c *compiler) decided(s *Step, n *node, id string) {
	if !idForm.MatchString(id) {
		n.fault("wrong-name", "small letters, digits and hyphens: front-desk", "%s is no outcome", clipped(id))
		return
	}
	if !slices.ContainsFunc(s.Outcomes, func(o Outcome) bool { return o.ID == id }) {
		s.Outcomes = append(s.Outcomes, Outcome{ID: id})
	}
}
