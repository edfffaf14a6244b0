package engine

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// makeChange turns what a step came to into the rows of one commit.
func (st *staged) makeChange() error {
	j, p := st.job, st.proc()
	state, err := core.EncodeState(p, st.state)
	if err != nil {
		return fmt.Errorf("state of case %s: %w", j.key.id, err)
	}
	s := st.state
	row := store.CaseRow{
		Office: j.key.office, ID: j.key.id, Revision: st.before.row.Revision, Procedure: s.Procedure, Version: s.Version,
		Number: s.Number, Title: p.Title, Status: string(s.Status), Outcome: s.Outcome, Starter: s.Starter.ID,
		Started: s.Started, Ended: s.Ended, State: state,
	}
	if s.Parent != nil {
		row.Parent = s.Parent.Case
	}
	st.change = store.Change{Office: j.key.office, Case: row}
	if !st.freezes() {
		st.change.TakesLetter, st.change.TakesTimer = j.takesMail, j.takesTimer
		st.change.TakesKept, st.change.Message = j.takesKept, j.message
		st.change.Job, st.change.Fence = j.machineJob, j.fence
	}
	if err := st.addEvents(); err != nil {
		return err
	}
	for _, effect := range st.out.Effects {
		if err := st.add(effect); err != nil {
			return err
		}
	}
	st.addDeeds()
	st.addFiles()
	st.addSearches()
	if j.after != nil {
		if err := j.after(st); err != nil {
			return err
		}
	}
	return st.addAnswer()
}

func (st *staged) addEvents() error {
	seq := st.state.Seq - int64(len(st.out.Events))
	st.change.Events = make([]store.EventRow, 0, len(st.out.Events))
	for i, event := range st.out.Events {
		body, err := core.EncodeEvent(st.proc(), event)
		if err != nil {
			return fmt.Errorf("event %s of case %s: %w", event.Kind(), st.job.key.id, err)
		}
		st.change.Events = append(st.change.Events, store.EventRow{
			Office: st.job.key.office, Case: st.job.key.id, Seq: seq + int64(i) + 1, At: st.now,
			Actor: st.actorOf(event), Kind: event.Kind(), Body: body,
		})
		if _, resumed := event.(core.Resumption); resumed { // people may have changed meanwhile
			if err := st.letter(st.job.key.id, letterStaff, letterBody{}); err != nil {
				return err
			}
		}
	}
	return nil
}

// actorOf names the person who did what an event says. What follows from it by itself is the engine's.
func (st *staged) actorOf(event core.Event) string {
	switch x := event.(type) {
	case core.CaseStarted, core.DataSet, core.Claimed, core.Began, core.Released, core.Received,
		core.Resolved, core.Detoured, core.Suspension, core.Resumption, core.Forced, core.Migrated,
		core.Transferred, core.Delegated, core.GaveBack, core.SignersAdded, core.Urged, core.CaseCopied, core.Commented:
		return st.job.actor
	case core.Answered:
		if !x.Again {
			return st.job.actor
		}
	case core.SignersOut:
		return x.By.ID
	case core.SentBack:
		return x.Person.ID
	case core.UndoBegan:
		return x.Undo.By
	case core.Ended:
		if st.state.Status == core.Cancelled {
			return cmp.Or(x.By, st.job.actor)
		}
	default:
	}
	return ""
}

// add turns one effect into its rows.
func (st *staged) add(effect core.Effect) error {
	c, id := &st.change, st.job.key.id
	switch x := effect.(type) {
	case core.PutTask:
		c.PutTasks = append(c.PutTasks, st.taskRow(x))
	case core.DropTask:
		c.Drops = append(c.Drops, rowID(id, x.Slot))
	case core.PutDraft:
		c.Drafts = append(c.Drafts, store.Draft{Task: rowID(id, x.Slot), Body: x.Draft})
	case core.PutTimer:
		c.Timers = append(c.Timers, store.TimerRow{
			Office: c.Office, ID: rowID(id, x.Timer), Case: id, Timer: int64(x.Timer), At: x.At,
		})
	case core.DropTimer:
		if timer := rowID(id, x.Timer); timer != c.TakesTimer {
			c.Disarm = append(c.Disarm, timer)
		}
	case core.Subscribe:
		return st.subscribe(x)
	case core.Unsubscribe:
		c.Unsubs = append(c.Unsubs, rowID(id, x.Act)+"."+x.Name)
	case core.PutJob:
		c.Jobs = append(c.Jobs, store.JobRow{
			Office: c.Office, ID: rowID(id, x.Job), Case: id, Number: st.state.Number, Procedure: st.state.Procedure,
			Step: x.Step, Name: x.Name, Body: x.Body, Most: x.Most, Free: x.At,
		})
	case core.DelayJob:
		c.Delays = append(c.Delays, store.JobDelay{ID: rowID(id, x.Job), At: x.At})
	case core.DropJob:
		c.DropJobs = append(c.DropJobs, rowID(id, x.Job))
	case core.StartCase:
		return st.startCase(x)
	case core.CancelCase:
		return st.letter(x.Case, letterCancel, letterBody{})
	case core.EndChild:
		return st.endChild(x)
	case core.Copy:
		st.addCopies(x)
	case core.Tell:
		st.addTold(x)
	case core.Draw:
		c.Draws = append(c.Draws, store.Draw{Series: x.Series, N: x.N})
	case core.Notify: // it stands in the history, and the inbox shows what is late
	default:
		return fmt.Errorf("effect %T is unknown", effect)
	}
	return nil
}

// addSearches puts what has changed of the searchable fields.
func (st *staged) addSearches() {
	p := st.proc()
	st.dropSearches(p)
	for _, f := range p.Data.Searchable() {
		old := ""
		if p == st.before.proc || searchable(st.before.proc, f.Path) {
			old = f.SearchKey(p.Data.At(st.before.state.Data, f.Path), p.Office.Zone)
		}
		now := f.SearchKey(p.Data.At(st.state.Data, f.Path), p.Office.Zone)
		if old != now {
			st.change.Searches = append(st.change.Searches, store.SearchRow{
				Case: st.job.key.id, Field: searchField(p.ID, f.Path), Text: now,
			})
		}
	}
}

// dropSearches takes away what is searched for by an earlier version alone.
func (st *staged) dropSearches(now *definitions.Procedure) {
	if now == st.before.proc {
		return
	}
	for _, f := range st.before.proc.Data.Searchable() {
		if !searchable(now, f.Path) {
			st.change.Searches = append(st.change.Searches, store.SearchRow{
				Case: st.job.key.id, Field: searchField(now.ID, f.Path),
			})
		}
	}
}

func searchable(p *definitions.Procedure, path string) bool {
	return slices.ContainsFunc(p.Data.Searchable(), func(f *value.Field) bool { return f.Path == path })
}

// searchField names a field among those of all procedures.
func searchField(procedure, path string) string { return procedure + "." + path }

// rowID names a row of a case: "<case>.<number>".
func rowID(caseID string, n core.ID) string { return caseID + "." + strconv.FormatInt(int64(n), 10) }

// splitID takes a row's id apart again.
func splitID(id string) (caseID string, n core.ID, ok bool) {
	i := strings.LastIndexByte(id, '.')
	if i <= 0 {
		return "", 0, false
	}
	number, err := strconv.ParseInt(id[i+1:], 10, 64)
	if err != nil || number < 1 || strconv.FormatInt(number, 10) != id[i+1:] {
		return "", 0, false
	}
	return id[:i], core.ID(number), true
}

func (st *staged) taskRow(x core.PutTask) store.TaskRow {
	return taskRow(st.job.key.office, st.job.key.id, st.state, x)
}

func taskRow(office, caseID string, s *core.State, x core.PutTask) store.TaskRow {
	row := store.TaskRow{
		Office: office, ID: rowID(caseID, x.Slot), Case: caseID, Slot: int64(x.Slot), Act: int64(x.Act),
		Number: s.Number, Procedure: s.Procedure, Step: x.Step, Title: x.Title,
		Row: x.Row, Candidates: candidates(x.Candidates), Holder: x.Holder, Opened: x.Opened,
		Due: x.Soonest(), Priority: x.Priority,
	}
	if x.Held || x.Waiting { // nobody's inbox asks for it, and its draft stays with it
		row.Candidates, row.Holder = []store.Candidate{heldBy(x.Holder)}, ""
	}
	return row
}

// heldBy stands in the place of the candidates of a task that waits for others: whom its holder has asked, to whom he
// has sent it back, or whose turn it is before his.
func heldBy(person string) store.Candidate { return store.Candidate(heldPrefix + person) }

const heldPrefix = "held:"

func candidates(list []formula.Candidate) []store.Candidate {
	out := make([]store.Candidate, len(list))
	for i, c := range list {
		out[i] = candidate(c)
	}
	return out
}

func candidate(c formula.Candidate) store.Candidate {
	if c.Person != "" {
		return store.Candidate("person:" + c.Person)
	}
	return store.Candidate("post:" + c.Post)
}

func (st *staged) addCopies(x core.Copy) {
	title := x.Document
	for _, d := range st.proc().Documents {
		if d.ID == x.Document {
			title = d.Title
		}
	}
	for _, to := range candidates(x.To) {
		st.change.Copies = append(st.change.Copies, store.CopyRow{
			Office: st.job.key.office,
			ID:     fmt.Sprintf("%s.%s.%d.%s", st.job.key.id, x.Document, x.Edition, to),
			Case:   st.job.key.id, Number: x.Number, Title: title, Document: x.Document, Edition: x.Edition,
			To: to, At: st.now,
		})
	}
}

// subscribe makes the case reachable by a key. Where messages of this name are kept for whoever comes, a letter to the
// case itself has them brought: it is written in the same commit, so no crash can lose it.
func (st *staged) subscribe(x core.Subscribe) error {
	st.change.Subs = append(st.change.Subs, store.Subscription{
		Office: st.job.key.office, ID: rowID(st.job.key.id, x.Act) + "." + x.Name, Case: st.job.key.id,
		Name: x.Name, Key: x.Key,
	})
	for _, m := range st.proc().Messages {
		if m.ID == x.Name && m.Keep > 0 {
			return st.letter(st.job.key.id, letterKept, letterBody{Name: x.Name, Key: x.Key})
		}
	}
	return nil
}

// freezes tells a change that only freezes a case that broke: what was asked for is not done, and not answered.
func (st *staged) freezes() bool { return st.broken != nil }

// addAnswer puts the reply beside the change, for the same request that comes again.
func (st *staged) addAnswer() error {
	if st.job.answer == nil || st.freezes() {
		return nil
	}
	body, err := json.Marshal(st.done())
	if err != nil {
		return err
	}
	answer := *st.job.answer
	answer.Body, answer.At = body, st.now
	st.change.Answer = &answer
	return nil
}

// sameAnswer gives what was answered before, if it was asked the same.
func sameAnswer(asked *store.Answer, before store.Answer) (Done, error) {
	if !bytes.Equal(asked.Request, before.Request) {
		return Done{}, &Error{Code: CodeKeyReused}
	}
	var out Done
	if err := json.Unmarshal(before.Body, &out); err != nil {
		return Done{}, fmt.Errorf("stored answer: %w", err)
	}
	return out, nil
}

// done is the reply to an act: where the case stands, and what the actor may do next.
func (st *staged) done() Done {
	s := st.state
	out := Done{
		Case: st.job.key.id, Number: s.Number, Status: string(s.Status), Outcome: s.Outcome, Tasks: []TaskLine{},
	}
	if st.job.reader == nil {
		return out
	}
	if st.job.reader.admin {
		out.Incidents = st.job.reader.renderer("", st.proc()).incidents(st.proc(), s)
	}
	for _, t := range openTasks(st.proc(), s) {
		if t.Held {
			continue
		}
		row := st.taskRow(t)
		away, ok := st.job.reader.whoseTask(row.Procedure, row.Candidates, row.Holder)
		if ok && st.mayDo(t.Slot, away) {
			line := st.job.reader.taskLine(row, "", st.now).standingFor(away)
			st.job.reader.renderer("", st.proc()).addTo(&line, st.proc(), s, st.now)
			out.Tasks = append(out.Tasks, line)
		}
	}
	return out
}

// mayDo tells whether the actor may do an open task, for somebody who is away or, nil, for himself.
func (st *staged) mayDo(slot core.ID, away *value.Person) bool {
	c := st.job.reader.context(st.now)
	c.For = away
	return core.MayDo(st.proc(), st.state, c, slot, st.job.reader.person) == nil
}

// caseOfCopy takes the case out of a copy's id, "<case>.<document>.<edition>.<candidate>". The id of a called case has
// points of its own, each followed by a number; documents begin with a letter.
func caseOfCopy(id string) (string, bool) {
	parts := strings.Split(id, ".")
	for i := 1; i < len(parts); i++ {
		if parts[i] == "" {
			return "", false
		}
		if c := parts[i][0]; c < '0' || c > '9' {
			return strings.Join(parts[:i], "."), true
		}
	}
	return "", false
}
