package engine

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// Pages is what a page needs beside lists: who is there, how a form stands that is being filled in, and what happens
// meanwhile.
type Pages interface {
	// Office shows what everybody of an office knows of it.
	Office(ctx context.Context, a Actor, lang string) (OfficeView, error)
	// Try tells how a form stands that is being filled in. Nothing is kept.
	Try(ctx context.Context, a Actor, lang string, r TryRequest) (TriedView, error)
	// Watch tells of tasks that come to the actor and go away from him, and of all that happens in the case that he
	// looks at; "" = none.
	Watch(ctx context.Context, a Actor, caseID string) (*Watch, error)
}

var _ Pages = (*Engine)(nil)

// OfficeView is what everybody of an office knows of it.
type OfficeView struct {
	ID         string      `json:"id"`
	Title      string      `json:"title"`
	Language   string      `json:"language" doc:"of the office"`
	Zone       string      `json:"zone" doc:"time zone, such as Asia/Shanghai"`
	Currency   string      `json:"currency,omitempty" doc:"ISO 4217"`
	Posts      []Choice    `json:"posts"`
	People     []Colleague `json:"people" doc:"those who have not left"`
	Procedures []Choice    `json:"procedures" doc:"in force"`
}

// Colleague is a person of the office, as the others know him.
type Colleague struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Posts []string `json:"posts,omitempty"`
}

// TryRequest is a form that is being filled in: of a task, of a message to a case, or of a way to start a case.
type TryRequest struct {
	Task      string
	Case      string
	Message   string
	Procedure string
	Way       int
	Answer    string // of the task that the person is about to give; "" = none yet
	Values    json.RawMessage
}

// TriedView is how a form stands.
type TriedView struct {
	NotAsked []string     `json:"not_asked" doc:"paths of fields that are not asked for, as things stand"`
	Computed []ShownField `json:"computed" doc:"values that follow from what was filled in; paths: bill, guests[0].cost"`

	Faults  []value.Fault `json:"-"`
	Refused *Error        `json:"-"` // the form as a whole
}

// Office implements Pages.
func (e *Engine) Office(ctx context.Context, a Actor, lang string) (OfficeView, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return OfficeView{}, e.told(err)
	}
	n := r.renderer(lang, nil)
	out := OfficeView{
		ID: r.office, Zone: n.zone.String(), Currency: n.cash,
		Posts: []Choice{}, People: []Colleague{}, Procedures: []Choice{},
	}
	if office := r.desk.office; office != nil {
		out.Title, out.Language = n.say(office.Title), office.Language
		for _, p := range office.Posts {
			out.Posts = append(out.Posts, Choice{ID: p.ID, Title: n.say(p.Title)})
		}
	}
	for _, p := range r.desk.roster.Everyone() {
		if len(out.People) < maxOptions {
			out.People = append(out.People, Colleague{ID: p.ID, Name: p.Name, Posts: p.Posts})
		}
	}
	for _, id := range r.desk.sorted() {
		out.Procedures = append(out.Procedures, Choice{ID: id, Title: n.say(r.desk.newest[id].Title)})
	}
	return out, nil
}

// Try implements Pages.
func (e *Engine) Try(ctx context.Context, a Actor, lang string, q TryRequest) (TriedView, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return TriedView{}, e.told(err)
	}
	var out TriedView
	err = guarded(func() (err error) {
		switch {
		case q.Task != "":
			out, err = e.tryTask(ctx, r, lang, q)
		case q.Message != "":
			out, err = e.tryMessage(ctx, r, lang, q)
		default:
			out, err = e.tryStart(ctx, r, lang, q)
		}
		return err
	})
	return out, e.told(err)
}

func (e *Engine) tryTask(ctx context.Context, r *reader, lang string, q TryRequest) (TriedView, error) {
	caseID, slotID, ok := splitID(q.Task)
	if !ok {
		return TriedView{}, notFound()
	}
	s, err := e.fresh(ctx, caseKey{office: r.office, id: caseID})
	if err != nil {
		return TriedView{}, err
	}
	_, slot := slotOf(s.state, slotID)
	if slot == nil {
		return TriedView{}, e.closed(ctx, r, caseID, slotID)
	}
	now := e.now()
	away := r.onBehalf(s, slot, now)
	if !r.ofSlot(slot) && away == nil {
		return TriedView{}, notFound()
	}
	t := &trial{e: e, r: r, n: r.renderer(lang, s.proc), p: s.proc, form: core.FormOf(s.proc, s.state, slotID)}
	values, err := t.decode(ctx, q.Values, caseID)
	if err != nil {
		return TriedView{}, err
	}
	c := core.Context{Now: now, Staff: r.desk.roster, For: away}
	return t.view(core.TryTask(s.proc, s.state, c, core.Complete{
		Actor: r.person, Slot: slotID, Answer: q.Answer, Values: values,
	}))
}

func (e *Engine) tryStart(ctx context.Context, r *reader, lang string, q TryRequest) (TriedView, error) {
	p := r.desk.newest[q.Procedure]
	if p == nil {
		return TriedView{}, r.desk.notDeployed(q.Procedure)
	}
	if q.Way < 0 || q.Way >= len(p.Starts) {
		return TriedView{}, wrong("way", "option", "options", ways(p))
	}
	now := e.now()
	if !r.mayStart(p, p.Starts[q.Way], now) {
		return TriedView{}, &Error{Code: string(core.NotAllowed), Args: map[string]string{"procedure": p.ID}}
	}
	t := &trial{e: e, r: r, n: r.renderer(lang, p), p: p, form: p.Starts[q.Way].Form}
	values, err := t.decode(ctx, q.Values, "")
	if err != nil {
		return TriedView{}, err
	}
	state := core.New(r.office, "")
	if state.Data == nil {
		state.Data = value.Record{}
	}
	return t.view(core.TryStart(p, state, core.Context{Now: now, Staff: r.desk.roster}, core.Start{
		Way: q.Way, Starter: &r.person, Values: values,
	}))
}

func (e *Engine) tryMessage(ctx context.Context, r *reader, lang string, q TryRequest) (TriedView, error) {
	s, err := e.visible(ctx, r, q.Case)
	if err != nil {
		return TriedView{}, err
	}
	t := &trial{e: e, r: r, n: r.renderer(lang, s.proc), p: s.proc}
	for _, m := range s.proc.Messages {
		if m.ID == q.Message {
			t.form = m.Form
		}
	}
	values, err := t.decode(ctx, q.Values, q.Case)
	if err != nil {
		return TriedView{}, err
	}
	return t.view(core.TryMessage(s.proc, s.state, core.Context{Now: e.now(), Staff: r.desk.roster}, core.Deliver{
		Name: q.Message, Sender: &r.person, Values: values,
	}))
}

// trial is a form that is tried out.
type trial struct {
	e      *Engine
	r      *reader
	n      *renderer
	p      *definitions.Procedure
	form   *definitions.Form
	faults []value.Fault
}

// decode takes what can be read of the values; what cannot is a fault of its field, and does not hinder the others.
func (t *trial) decode(ctx context.Context, raw json.RawMessage, caseID string) (value.Record, error) {
	if len(raw) == 0 {
		raw = json.RawMessage("{}")
	}
	from := t.e.sources(ctx, t.r, caseID)
	fields := core.FormFields(t.p, t.form)
	rec, faults := value.DecodeRecord(fields, raw, t.p.Office.Zone, from)
	if from.err != nil {
		return nil, from.err
	}
	from.renameFiles(faults)
	faults = append(faults, from.misfits(fields, rec, "")...)
	t.faults = faults
	if rec == nil {
		rec = value.Record{}
	}
	return rec, nil
}

func (t *trial) view(tried core.Trial) (TriedView, error) {
	out := TriedView{NotAsked: append([]string{}, tried.NotAsked...), Computed: []ShownField{}}
	for _, f := range tried.Faults { // what could not be read is not missing
		if !slices.ContainsFunc(t.faults, func(x value.Fault) bool { return x.Path == f.Path }) {
			t.faults = append(t.faults, f)
		}
	}
	out.Faults = t.n.withTitles(t.p, t.faults)
	if tried.Refused != nil {
		out.Refused = rejected(tried.Refused)
		out.Refused.Fields = t.n.withTitles(t.p, out.Refused.Fields)
	}
	for _, f := range t.computed() {
		if err := t.show(&out, f, tried); err != nil {
			return TriedView{}, err
		}
	}
	return out, nil
}

// computed lists the computed fields that follow from this form, and from nothing that its reader does not see in it.
func (t *trial) computed() []*value.Field {
	if t.form == nil {
		return nil
	}
	known := map[string]bool{}
	for _, f := range t.form.Show {
		t.know(known, f)
	}
	asked := map[string]bool{}
	for _, ff := range t.form.Fields {
		t.know(asked, ff.Field)
	}
	var out []*value.Field
	for _, rule := range t.p.Rules { // what one reads stands before it
		if rule.Value == nil {
			continue
		}
		reads := rule.Value.Reads()
		sees := !slices.ContainsFunc(reads, func(x string) bool { return !asked[x] && !known[x] })
		if sees && slices.ContainsFunc(reads, func(x string) bool { return asked[x] }) {
			out = append(out, rule.Field)
			t.know(asked, rule.Field)
		}
	}
	return out
}

// know enters a field under the names by which formulas read it: a column also by its row's name, and its table.
func (t *trial) know(names map[string]bool, f *value.Field) {
	names[f.Path] = true
	for _, inner := range f.Fields {
		t.know(names, inner)
	}
	head, column, inside := strings.Cut(f.Path, ".")
	if table := t.p.Data.Field(head); inside && table != nil && table.Kind == value.TableKind {
		names[head], names[table.Each+"."+column] = true, true
	}
}

// show adds a computed field as it stands: a column in each of its rows.
func (t *trial) show(out *TriedView, f *value.Field, tried core.Trial) error {
	head, column, inside := strings.Cut(f.Path, ".")
	table := t.p.Data.Field(head)
	if !inside || table.Kind != value.TableKind {
		one, err := t.n.show(f, dataAt(tried.Data, f.Path), false)
		out.Computed = append(out.Computed, one)
		return err
	}
	rows, ok := tried.Data[head].([]value.Record)
	if !ok {
		return nil
	}
	for i, row := range rows {
		if tried.Row >= 0 && tried.Row != i {
			continue
		}
		one, err := t.n.show(f, row[column], false)
		if err != nil {
			return err
		}
		one.Path = head + "[" + strconv.Itoa(i) + "]." + column
		if tried.Row >= 0 {
			one.Path = table.Each + "." + column
		}
		out.Computed = append(out.Computed, one)
	}
	return nil
}
