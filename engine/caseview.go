package engine

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// Case shows a case to those who have to do with it: who started it, is offered work on it, got a copy of it or did
// something in it; the procedure's manager, and administrators. To others it is not found. Private fields are masked.
func (e *Engine) Case(ctx context.Context, a Actor, lang, id string) (CaseView, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return CaseView{}, e.told(err)
	}
	out, err := e.caseView(ctx, r, lang, id)
	return out, e.told(err)
}

func (e *Engine) caseView(ctx context.Context, r *reader, lang, id string) (CaseView, error) {
	s, err := e.visible(ctx, r, id)
	if err != nil {
		return CaseView{}, err
	}
	n := r.renderer(lang, s.proc)
	out := CaseView{
		CaseLine: caseLine(n, s.row), Parent: s.row.Parent,
	}
	n.standing(&out.CaseLine, s)
	out.Called = e.called(ctx, r, lang, s)
	if parent := e.shared(ctx, r, s.row.Parent); parent != nil {
		out.ParentNumber = parent.row.Number
	}
	if out.Data, err = n.shown(s.proc.Data.Fields, s.state.Data, true); err != nil {
		return CaseView{}, err
	}
	out.Papers = n.papers(s)
	tasks, err := e.store.TasksOf(ctx, r.office, id)
	if err != nil {
		return CaseView{}, err
	}
	for _, t := range tasks {
		_, slotID, _ := splitID(t.ID)
		_, slot := slotOf(s.state, slotID)
		if slot == nil { // a signature whose turn has not come
			continue
		}
		line := r.taskLine(t, lang, e.now())
		n.addTo(&line, s.proc, s.state, e.now())
		line.Yours = e.mine(r, s, slot)
		line.MayOpen = e.mayOpen(r, s, slot)
		out.Open = append(out.Open, line)
	}
	out.Incidents = n.incidents(s.proc, s.state)
	r.caseActs(&out, n, s, e.now())
	out.Messages, out.Rows = n.sendable(s, out.Acts), n.rowsFor(s, out.Acts)
	return out, nil
}

// incidents lists what in a case cannot go on. What the machine says of a private field is masked.
func (n *renderer) incidents(p *definitions.Procedure, s *core.State) []Incident {
	var out []Incident
	told := &teller{renderer: n, proc: p, state: s}
	for _, act := range s.Acts {
		if act.Incident == nil {
			continue
		}
		message := act.Incident.Message
		if incidentTellsPrivate(p, *act.Incident) {
			message = masked
		}
		one := Incident{
			Act: int64(act.ID), Step: act.Step, Title: act.Step, Code: act.Incident.Code, Message: message,
			Text: told.incident(*act.Incident),
		}
		if st := core.StepOf(p, s, act.ID); st != nil {
			one.Title = n.say(st.Title)
		}
		out = append(out, one)
	}
	return out
}

// waitsAlone tells steps that wait for something other than a person.
func waitsAlone(st *definitions.Step) bool {
	switch st.Work.(type) {
	case *definitions.Wait, *definitions.Call, *definitions.Request, *definitions.Job:
		return true
	default:
		return false
	}
}

// sendable lists the messages among the acts that may be done now, with their forms.
func (n *renderer) sendable(s *snapshot, acts []ActView) []MessageView {
	out := []MessageView{}
	for _, a := range acts {
		if a.Act == string(core.ActSend) && a.May {
			m := messageOf(s.proc, a.On)
			out = append(out, MessageView{Name: m.ID, Title: a.Title, Form: n.form(s.proc, m.Form)})
		}
	}
	return out
}

func caseLine(n *renderer, row store.CaseRow) CaseLine {
	out := CaseLine{
		ID: row.ID, Number: row.Number, Procedure: row.Procedure, Title: n.say(row.Title), Version: row.Version,
		Status: row.Status, Outcome: row.Outcome, Starter: row.Starter, Started: row.Started,
		Open: []TaskLine{}, Waits: []string{}, Acts: []ActView{},
	}
	if row.Starter != "" {
		out.StarterName = n.person(row.Starter)
	}
	if !row.Ended.IsZero() {
		ended := row.Ended
		out.Ended = &ended
	}
	return out
}

// Cases lists cases, youngest first: all of them to an administrator, those of a procedure to its manager who asks for
// that procedure, and to everybody else those that he started. Of a searchable field, those whose value is from one to
// another, the greatest first; From and To stand as the API writes values, and are the same to find a single one.
func (e *Engine) Cases(ctx context.Context, a Actor, lang string, q store.CaseQuery) (CaseList, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return CaseList{}, e.told(err)
	}
	if !r.admin && (q.Procedure == "" || !r.managesAll(q.Procedure)) {
		if q.Starter != "" && q.Starter != r.person.ID {
			return CaseList{Cases: []CaseLine{}}, nil
		}
		q.Starter = r.person.ID
	}
	if err := r.search(&q); err != nil {
		return CaseList{}, e.told(err)
	}
	q.Limit = pageSize(q.Limit)
	page, err := e.store.CasesOf(ctx, r.office, q)
	if err != nil {
		return CaseList{}, e.told(err)
	}
	if len(page.Items) == 0 && q.Procedure != "" && r.desk.newest[q.Procedure] == nil {
		return CaseList{}, e.told(r.desk.notDeployed(q.Procedure)) // nor has it cases of earlier days
	}
	out := CaseList{Cases: []CaseLine{}, Next: page.Next}
	n := r.renderer(lang, nil)
	for _, row := range page.Items {
		line := caseLine(n, row)
		if s, err := e.read(ctx, row); err == nil { // a row that cannot be read is told with what stands in it
			r.standing(&line, lang, s, e.now())
			line.Called = e.called(ctx, r, lang, s)
		}
		out.Cases = append(out.Cases, line)
	}
	return out, nil
}

// fewTasks is how many of its open tasks a case in a list shows.
const fewTasks = 3

// standing says of a case in a list where it stands, who has it, and what the reader may do with it.
func (r *reader) standing(line *CaseLine, lang string, s *snapshot, now time.Time) {
	n := r.renderer(lang, s.proc)
	n.standing(line, s)
	for _, t := range openTasks(s.proc, s.state) {
		if len(line.Open) == fewTasks {
			line.More++
			continue
		}
		task := r.taskLine(taskRow(r.office, s.row.ID, s.state, t), lang, now)
		n.addTo(&task, s.proc, s.state, now)
		line.Open = append(line.Open, task)
	}
	whole := core.ActsOnWhole(s.proc, s.state, r.context(now), r.person, r.rights(s, now))
	for _, a := range n.actViews(s, whole) {
		if a.May {
			line.Acts = append(line.Acts, a)
		}
	}
}

// standing says what a case is about, how it ended, and what it waits for.
func (n *renderer) standing(line *CaseLine, s *snapshot) {
	line.Subject = n.subject(s.proc, s.state.Data)
	if end := endOf(s.proc, s.state.Outcome); end != nil {
		line.OutcomeTitle = n.say(end.Title)
	}
	for _, act := range s.state.Acts {
		step := core.StepOf(s.proc, s.state, act.ID)
		if step != nil && (act.State == core.Ready || act.State == core.Open && waitsAlone(step)) {
			line.Waits = append(line.Waits, n.say(step.Title))
		}
	}
}

// called are the cases that a case waits for, with who has them, as far as the reader has to do with them.
func (e *Engine) called(ctx context.Context, r *reader, lang string, s *snapshot) []CaseLine {
	var out []CaseLine
	for _, act := range s.state.Acts {
		if act.State != core.Open {
			continue
		}
		if child := e.shared(ctx, r, act.Called); child != nil {
			line := caseLine(r.renderer(lang, child.proc), child.row)
			r.standing(&line, lang, child, e.now())
			out = append(out, line)
		}
	}
	return out
}

// shared is another case with which the reader has to do, too; nil = there is none.
func (e *Engine) shared(ctx context.Context, r *reader, id string) *snapshot {
	if id == "" {
		return nil
	}
	s, err := e.fresh(ctx, caseKey{office: r.office, id: id})
	if err != nil || !r.involved(s, e.now()) {
		return nil // what cannot be read is told without
	}
	return s
}

// search brings what is searched into the form in which it is stored: by the procedure's version of today.
func (r *reader) search(q *store.CaseQuery) error {
	if q.Field == "" {
		if q.From != "" || q.To != "" {
			return wrong("field", "required")
		}
		return nil
	}
	p := r.desk.newest[q.Procedure]
	if p == nil {
		return wrong("procedure", "required")
	}
	var names []string
	for _, f := range p.Data.Searchable() {
		if names = append(names, f.Path); f.Path != q.Field {
			continue
		}
		q.Field = searchField(p.ID, f.Path)
		return searchKeys(q, f, p.Office.Zone)
	}
	return wrong("field", "option", "options", strings.Join(names, ", "))
}

// searchKeys makes keys of what was typed.
func searchKeys(q *store.CaseQuery, f *value.Field, zone *time.Location) error {
	one := q.From == q.To
	switch {
	case one && q.From == "":
		return wrong("value", "required")
	case !one && !f.Kind.Ordered():
		return wrong("from", "unordered", "want", f.Kind.String())
	}
	for _, end := range []struct {
		name  string
		typed *string
	}{{"from", &q.From}, {"to", &q.To}} {
		if *end.typed == "" {
			continue
		}
		key, err := f.SearchFor(*end.typed, zone)
		if err != nil || key == "" {
			if one {
				end.name = "value"
			}
			return wrong(end.name, "type", "want", f.Kind.String())
		}
		*end.typed = key
	}
	return nil
}

// Copies lists the documents that were copied to the actor or to a post of his, youngest first.
func (e *Engine) Copies(ctx context.Context, a Actor, lang, after string, limit int) (CopyList, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return CopyList{}, e.told(err)
	}
	page, err := e.store.Copies(ctx, r.office, r.who, r.person.ID, after, pageSize(limit))
	if err != nil {
		return CopyList{}, e.told(err)
	}
	out := CopyList{Copies: []CopyLine{}, Next: page.Next}
	n := r.renderer(lang, nil)
	for _, c := range page.Items {
		out.Copies = append(out.Copies, CopyLine{
			ID: c.ID, Case: c.Case, Number: c.Number, Title: n.say(c.Title), Document: c.Document, Edition: c.Edition,
			At: c.At, Read: c.Read, Kind: c.Kind, By: c.By, ByName: n.byName(c.By), Text: c.Text,
		})
	}
	return out, nil
}

// ReadCopy marks a copy as read by the actor, who must be one that it was sent to. Again is no error.
func (e *Engine) ReadCopy(ctx context.Context, a Actor, id string) error {
	r, err := e.reader(ctx, a)
	if err != nil {
		return e.told(err)
	}
	caseID, ok := caseOfCopy(id)
	if !ok {
		return e.told(notFound())
	}
	copies, err := e.store.CopiesOf(ctx, r.office, caseID)
	if err != nil {
		return e.told(err)
	}
	for _, c := range copies {
		if c.ID == id && slices.Contains(r.who, c.To) {
			return e.told(e.store.ReadCopy(ctx, r.office, id, r.person.ID, e.now()))
		}
	}
	return e.told(notFound())
}
