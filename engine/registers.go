package engine

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// RegisterLine is a register that the reader may read.
type RegisterLine struct {
	Procedure      string `json:"procedure"`
	ProcedureTitle string `json:"procedure_title"`
	Register       string `json:"register"`
	Title          string `json:"title"`
}

// RegisterQuery filters, sorts and pages a register.
type RegisterQuery struct {
	Procedure, Register string
	Filter              string          // a condition over row, in CEL; "" = all lines
	Where               []RegisterWhere // only lines of which each of these holds
	Sort                string          // keys of columns with commas between, '-' before one for the greatest first
	After               string          // cursor
	Limit               int             // lines; below 0 = all
}

// RegisterWhere asks for lines with a value in a column: as it is sent or read, and of all but numbers also how it
// begins as people read it.
type RegisterWhere struct{ Column, Value string }

// RegisterPage is a part of a register.
type RegisterPage struct {
	RegisterLine
	Columns []RegisterColumn `json:"columns"`
	Lines   []RegisterEntry  `json:"lines"`
	Count   int              `json:"count" doc:"lines in all, on every page"`
	Totals  []RegisterTotal  `json:"totals,omitempty" doc:"computed over all lines"`
	Partial bool             `json:"partial,omitempty" doc:"there are more cases: the oldest are left out"`
	Next    string           `json:"next,omitempty" doc:"cursor of the next page"`
}

// RegisterColumn is a column of a register.
type RegisterColumn struct {
	Key     string `json:"key" doc:"its name in filters and sort"`
	Title   string `json:"title"`
	Type    string `json:"type"`
	Private bool   `json:"private,omitempty" doc:"its values are masked"`
}

// RegisterEntry is a line of a register.
type RegisterEntry struct {
	Case   string         `json:"case"`
	Number string         `json:"number"`
	Open   bool           `json:"open,omitempty" doc:"the reader has to do with the case, and may open it"`
	Cells  []RegisterCell `json:"cells" doc:"in the order of the columns"`
}

// RegisterCell is a value of a register.
type RegisterCell struct {
	Value json.RawMessage `json:"value,omitempty" doc:"absent: nothing is there"`
	Text  string          `json:"text,omitempty" doc:"as people read it"`
	// Raw is the value itself, for an export, a time in the office's zone; nil where nothing is there, or what is there is
	// masked. Kind is that of the value.
	Raw  any        `json:"-"`
	Kind value.Kind `json:"-"`
}

// RegisterTotal is a value that is computed over all lines.
type RegisterTotal struct {
	Title string `json:"title"`
	RegisterCell
}

// entry is a line of a register with the case that has it.
type entry struct {
	row  store.CaseRow
	line core.Line
}

// Registers lists the registers that the actor may read, by procedure, in the order of each.
func (e *Engine) Registers(ctx context.Context, a Actor, lang string) ([]RegisterLine, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return nil, e.told(err)
	}
	n := r.renderer(lang, nil)
	out := []RegisterLine{}
	for _, id := range r.desk.sorted() {
		p := r.desk.newest[id]
		for _, reg := range p.Registers {
			if r.mayRead(p, reg, e.now()) {
				out = append(out, registerLine(n, p, reg))
			}
		}
	}
	return out, nil
}

func registerLine(n *renderer, p *definitions.Procedure, reg *definitions.Register) RegisterLine {
	return RegisterLine{Procedure: p.ID, ProcedureTitle: n.say(p.Title), Register: reg.ID, Title: n.say(reg.Title)}
}

// mayRead tells whether a register is the reader's to read.
func (r *reader) mayRead(p *definitions.Procedure, reg *definitions.Register, now time.Time) bool {
	if r.admin || r.managesAll(p.ID) {
		return true
	}
	if !reg.Open {
		return false
	}
	nobody := core.New(r.office, "")
	nobody.Data, nobody.Settings = value.Record{}, core.Settings(p, r.desk.settings(p))
	return r.among(reg.By, core.ScopeIn(p, nobody, r.context(now), 0))
}

// Register reads a register. One that the actor may not read is not found.
func (e *Engine) Register(ctx context.Context, a Actor, lang string, q RegisterQuery) (RegisterPage, error) {
	out, err := e.register(ctx, a, lang, q)
	return out, e.told(err)
}

func (e *Engine) register(ctx context.Context, a Actor, lang string, q RegisterQuery) (RegisterPage, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return RegisterPage{}, err
	}
	p := r.desk.newest[q.Procedure]
	if p == nil || p.Register(q.Register) == nil || !r.mayRead(p, p.Register(q.Register), e.now()) {
		return RegisterPage{}, notFound()
	}
	b := &book{e: e, r: r, p: p, reg: p.Register(q.Register), n: r.renderer(lang, p)}
	if err := b.prepare(q); err != nil {
		return RegisterPage{}, err
	}
	if err := b.read(ctx); err != nil {
		return RegisterPage{}, err
	}
	b.sort()
	return b.page(ctx, q)
}

// book is a register that is being read.
type book struct {
	e       *Engine
	r       *reader
	p       *definitions.Procedure
	reg     *definitions.Register
	n       *renderer
	filter  *formula.Guard
	where   []where
	keys    []definitions.SortKey
	entries []entry
	partial bool
}

// where is a column that must have a value.
type where struct {
	column *definitions.Printed
	value  string
}

// prepare reads what was asked for.
func (b *book) prepare(q RegisterQuery) error {
	if q.Filter != "" {
		g, faults := b.p.Formulas.Guard(q.Filter, formula.Names{Extra: []*value.Field{b.reg.Row}})
		if len(faults) > 0 {
			return wrong("filter", "formula", "why", faults[0].Message)
		}
		b.filter = g
	}
	var keys []string
	for _, c := range b.reg.Columns {
		keys = append(keys, c.Key)
	}
	for _, w := range q.Where {
		i := b.reg.Column(w.Column)
		switch {
		case i < 0:
			return wrong("column", "option", "options", strings.Join(keys, ", "))
		case w.Value == "":
			return wrong("value", "required")
		}
		b.where = append(b.where, where{column: b.reg.Columns[i], value: w.Value})
	}
	b.keys = b.reg.Sort
	if q.Sort != "" {
		b.keys = nil
		for word := range strings.SplitSeq(q.Sort, ",") {
			name, down := strings.CutPrefix(strings.TrimSpace(word), "-")
			i := b.reg.Column(name)
			if i < 0 {
				return wrong("sort", "option", "options", strings.Join(keys, ", "))
			}
			b.keys = append(b.keys, definitions.SortKey{Column: i, Down: down})
		}
	}
	return nil
}

// read gathers the lines, youngest case first.
func (b *book) read(ctx context.Context) error {
	find := b.find()
	var err error
	b.partial, err = b.e.scan(ctx, b.r.office, find, b.reg.ID, b.r.context(b.e.now()), maxRegister,
		func(row store.CaseRow, lines []core.Line) error {
			for _, line := range lines {
				for _, c := range b.reg.Columns {
					if c.Private {
						delete(line, c.Key) // nobody can guess at it by filters, order or totals
					}
				}
				if b.wanted(line) {
					b.entries = append(b.entries, entry{row: row, line: line})
				}
			}
			return nil
		})
	slices.SortStableFunc(b.entries, func(x, y entry) int { return y.row.Started.Compare(x.row.Started) })
	return err
}

// find asks the store for the cases by the first column by which cases are found, or for all. How a time begins as it
// is read is nothing that a store knows.
func (b *book) find() store.CaseQuery {
	out := store.CaseQuery{Procedure: b.p.ID}
	for _, w := range b.where {
		f := w.column.Field
		if f == nil || f.Kind.IsTime() || !slices.Contains(b.p.Data.Searchable(), f) {
			continue
		}
		if from, to, err := f.SearchRange(w.value, b.p.Office.Zone); err == nil && from != "" {
			out.Field, out.From, out.To = searchField(b.p.ID, f.Path), from, to
			break
		}
	}
	return out
}

func (b *book) wanted(line core.Line) bool {
	for _, w := range b.where {
		if v, ok := line[w.column.Key]; !ok || !b.says(w.column, v, w.value) {
			return false
		}
	}
	if b.filter == nil {
		return true
	}
	yes, err := b.filter.Eval(&formula.Scope{
		Extra: value.Record{"row": line}, Data: value.Record{}, Now: b.e.now(), Zone: b.p.Office.Zone,
		Settings: core.Settings(b.p, b.r.desk.settings(b.p)), Staff: b.r.desk.roster,
	})
	return err == nil && yes
}

// says tells whether a value is what somebody typed, as it is sent or as it is read; 300 is 300.00, and 3 is not 30.
func (b *book) says(c *definitions.Printed, v any, typed string) bool {
	cell := b.shown(c, v)
	switch v.(type) {
	case int64, float64, value.Money:
		want, err := c.As.Parse(typed, b.p.Office.Zone)
		order, ok := value.Compare(v, want)
		return cell.Text == typed || err == nil && ok && order == 0
	}
	return strings.HasPrefix(cell.Text, typed) || strings.Trim(string(cell.Value), `"`) == typed
}

// sort brings the lines into order; lines without a value come last, and equal ones stay as they were.
func (b *book) sort() {
	slices.SortStableFunc(b.entries, func(x, y entry) int {
		for _, k := range b.keys {
			key := b.reg.Columns[k.Column].Key
			v, has := x.line[key]
			w, also := y.line[key]
			switch {
			case !has && !also:
				continue
			case !has:
				return 1
			case !also:
				return -1
			}
			order := b.compare(b.reg.Columns[k.Column].As, v, w)
			if k.Down {
				order = -order
			}
			if order != 0 {
				return order
			}
		}
		return 0
	})
}

func (b *book) compare(f *value.Field, v, w any) int {
	if order, ok := value.Compare(v, w); ok {
		return order
	}
	return strings.Compare(b.n.text(f, v), b.n.text(f, w))
}

func (b *book) page(ctx context.Context, q RegisterQuery) (RegisterPage, error) {
	out := RegisterPage{RegisterLine: registerLine(b.n, b.p, b.reg), Columns: []RegisterColumn{}, Lines: []RegisterEntry{},
		Count: len(b.entries), Partial: b.partial}
	for _, c := range b.reg.Columns {
		out.Columns = append(out.Columns, RegisterColumn{
			Key: c.Key, Title: b.n.say(c.Title), Type: c.As.Kind.String(), Private: c.Private,
		})
	}
	from := 0
	if q.After != "" {
		n, err := strconv.Atoi(q.After)
		if err != nil || n < 0 {
			return out, wrong("after", "cursor")
		}
		from = min(n, len(b.entries))
	}
	to := len(b.entries)
	if q.Limit >= 0 {
		to = min(from+pageSize(q.Limit), to)
	}
	for _, x := range b.entries[from:to] {
		one := RegisterEntry{Case: x.row.ID, Number: x.row.Number, Cells: make([]RegisterCell, len(b.reg.Columns))}
		one.Open = q.Limit >= 0 && b.leads(ctx, x.row) // an export leads nowhere
		for i, c := range b.reg.Columns {
			one.Cells[i] = b.shown(c, x.line[c.Key])
			if c.Private {
				one.Cells[i].Text = masked
			}
		}
		out.Lines = append(out.Lines, one)
	}
	if to < len(b.entries) {
		out.Next = strconv.Itoa(to)
	}
	out.Totals = b.totals()
	return out, nil
}

// leads tells whether the reader may open the case of a line.
func (b *book) leads(ctx context.Context, row store.CaseRow) bool {
	s, err := b.e.read(ctx, row)
	return err == nil && b.r.involved(s, b.e.now())
}

// cell writes a value; one that cannot be written is left out.
func (b *book) cell(f *value.Field, v any) RegisterCell {
	if v == nil {
		return RegisterCell{}
	}
	raw, err := f.Encode(v, b.p.Office.Zone)
	if err != nil {
		return RegisterCell{}
	}
	out := RegisterCell{Value: raw, Text: b.n.text(f, v), Raw: v, Kind: f.Kind}
	if t, ok := v.(time.Time); ok {
		out.Raw = t.In(b.p.Office.Zone)
	}
	return out
}

// shown writes what a column shows: of a case's state and outcome as people call them.
func (b *book) shown(c *definitions.Printed, v any) RegisterCell {
	out := b.cell(c.As, v)
	text, _ := v.(string)
	if c.Case == "state" || c.Case == "outcome" {
		out.Text = b.n.ofCase(b.p, c.Case, text)
	}
	return out
}

// ofCase says the state or the outcome of a case.
func (n *renderer) ofCase(p *definitions.Procedure, name, text string) string {
	switch {
	case text == "":
		return ""
	case name == "state":
		return phrase(n.lang, "state."+text)
	}
	if end := endOf(p, text); end != nil && end.Title != "" {
		return n.say(end.Title)
	}
	return text
}

// totals are computed over all lines; one that cannot be computed is empty.
func (b *book) totals() []RegisterTotal {
	if len(b.reg.Totals) == 0 {
		return nil
	}
	lines := make([]value.Record, len(b.entries))
	for i, x := range b.entries {
		lines[i] = x.line
	}
	scope := &formula.Scope{
		Extra: value.Record{"lines": lines}, Data: value.Record{}, Now: b.e.now(), Zone: b.p.Office.Zone,
		Settings: core.Settings(b.p, b.r.desk.settings(b.p)), Staff: b.r.desk.roster,
	}
	var out []RegisterTotal
	for _, t := range b.reg.Totals {
		v, err := t.Value.Eval(scope)
		if err != nil {
			v = nil
		}
		out = append(out, RegisterTotal{Title: b.n.say(t.Title), RegisterCell: b.cell(t.As, v)})
	}
	return out
}

// scan gives the lines of a register, case by case, youngest first, of so many cases at most; it tells whether there
// are more. A case shows the register as its own version has it.
func (e *Engine) scan(ctx context.Context, office string, q store.CaseQuery, register string, c core.Context, most int,
	take func(store.CaseRow, []core.Line) error,
) (bool, error) {
	q.Limit = maxPage
	for seen := 0; ; {
		page, err := e.store.CasesOf(ctx, office, q)
		if err != nil {
			return false, err
		}
		for _, row := range page.Items {
			if seen++; seen > most {
				return true, nil
			}
			lines, err := e.linesOf(ctx, row, register, c)
			if err == nil {
				err = take(row, lines)
			}
			if err != nil {
				return false, err
			}
		}
		if q.After = page.Next; q.After == "" {
			return false, nil
		}
	}
}

// linesOf gives the lines of one case. One that cannot be read has none: it is frozen.
func (e *Engine) linesOf(ctx context.Context, row store.CaseRow, register string, c core.Context) ([]core.Line, error) {
	p, err := e.books.version(ctx, row.Office, row.Procedure, row.Version)
	if err != nil {
		return nil, err
	}
	reg := p.Register(register)
	if reg == nil {
		return nil, nil
	}
	var lines []core.Line
	err = guarded(func() error {
		state, err := core.DecodeState(p, row.State)
		if err != nil {
			return err
		}
		lines = core.Lines(p, state, reg, c)
		return nil
	})
	if err != nil {
		e.log.Error("a case is left out of a register", "office", row.Office, "case", row.ID, "error", err.Error())
		return nil, nil
	}
	return lines, nil
}

// collect does the job of a step that collects: it gathers the lines, and gives the input that its answer is.
func (e *Engine) collect(ctx context.Context, row store.JobRow) core.Input {
	failed := func(err error) core.Input {
		return core.JobFailed{Given: row.Given, Message: asError(err).Error(), Final: codeOf(err) != CodeUnavailable}
	}
	s, err := e.fresh(ctx, caseKey{office: row.Office, id: row.Case})
	if err != nil {
		return failed(err)
	}
	d, err := e.books.desk(ctx, row.Office)
	if err != nil {
		return failed(err)
	}
	c := core.Context{Now: e.now(), Staff: d.roster, Office: d.office}
	g, err := core.Gather(s.proc, s.state, actOfJob(s.state, row), c)
	if err != nil {
		return failed(err)
	}
	procedure, register := g.Register()
	var lines [][]core.Line // the youngest case comes first, the table begins with the oldest
	more, err := e.scan(ctx, row.Office, store.CaseQuery{Procedure: procedure}, register, c, maxCollect,
		func(_ store.CaseRow, l []core.Line) error {
			lines = append(lines, l)
			return nil
		})
	if err == nil && more {
		err = errors.New("there are more cases than the " + strconv.Itoa(maxCollect) + " that collect looks at")
	}
	for _, l := range slices.Backward(lines) {
		if err == nil {
			err = g.Add(l)
		}
	}
	if err != nil {
		return failed(err)
	}
	raw, err := g.Answer()
	if err != nil {
		return failed(err)
	}
	return core.JobDone{Given: row.Given, Answer: raw}
}

// actOfJob finds the activation that waits for a job; 0 if none does.
func actOfJob(s *core.State, row store.JobRow) core.ID {
	for _, a := range s.Acts {
		if a.Job != 0 && rowID(row.Case, a.Job) == row.ID {
			return a.ID
		}
	}
	return 0
}
