package engine_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine"
)

const leaveOne = `procedure: leave
title: Leave
number: 'L{n:3}'
manager: boss
data: {days: {title: Days, type: count}, why: {title: Why, type: text}}
start: {by: desk, form: [days]}
steps:
  - {step: look, title: Look at it, within: hours(9), task: {by: desk, form: [why]}}
  - {step: sign, title: Sign, task: {by: boss}}
`

// leaveTwo has another first step, and one more between.
const leaveTwo = `procedure: leave
title: Leave
number: 'L{n:3}'
manager: boss
data:
  days: {title: Days, type: count, searchable: true}
  why: {title: Why, type: text}
  note: {title: Note, type: text}
start: {by: desk, form: [days]}
steps:
  - {step: ask, title: Ask, task: {by: desk, form: [why]}}
  - {step: check, title: Check, task: {by: desk, form: [note]}}
  - {step: sign, title: Sign here, within: hours(2), task: {by: boss}}
`

// leaveThree has the first step again.
var leaveThree = strings.Replace(leaveTwo, "steps:\n",
	"steps:\n  - {step: look, title: Look well, task: {by: desk, form: [why, note]}}\n", 1)

func (w *world) deploy(procedure string) {
	w.t.Helper()
	files := slices.DeleteFunc(officeFiles(), func(f definitions.File) bool { return f.Name == "leave.yaml" })
	files = append(files, definitions.File{Name: "leave.yaml", Text: []byte(procedure)})
	w.must(w.Deploy(w.t.Context(), as("ann"), files))
}

func (w *world) migrate(q engine.MigrateRequest) engine.Migration {
	w.t.Helper()
	q.Procedure = "leave"
	out, err := w.Migrate(w.t.Context(), as("ann"), "en", q)
	if err != nil {
		w.t.Fatal(err)
	}
	for q.After = out.Next; q.After != ""; {
		q.Migration = out.Migration
		more, err := w.Migrate(w.t.Context(), as("ann"), "en", q)
		if err != nil {
			w.t.Fatal(err)
		}
		out.Cases, q.After = append(out.Cases, more.Cases...), more.Next
	}
	return out
}

// moves tells by case number whether it moves, or why not.
func moves(m engine.Migration) map[string]string {
	out := map[string]string{}
	for _, c := range m.Cases {
		out[c.Number] = "moves"
		if !c.Moves {
			out[c.Number] = c.Why[0].Text
		}
	}
	return out
}

// TestCasesAreMoved: a preview tells which, each moves by itself and goes on by the new version, it stands in its
// story, and all of it is taken back as far as it can.
func TestCasesAreMoved(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.deploy(leaveOne)
	w.begin("chan", "leave", `{"days": 3}`) // L001 stays at look
	late := w.begin("chan", "leave", `{"days": 4}`)
	task := w.taskOf(late.Case, "chan")
	filled := engine.CompleteRequest{Values: json.RawMessage(`{"why": "x"}`)}
	if _, err := w.Complete(t.Context(), as("chan"), task, filled); err != nil {
		t.Fatal(err)
	}
	w.deploy(leaveTwo)
	preview := w.migrate(engine.MigrateRequest{Dry: true, Limit: 1})
	want := map[string]string{
		"L001": "“Look at it” is open, and the version has no such step", "L002": "moves",
	}
	if got := moves(preview); !mapsEqual(got, want) {
		t.Fatalf("the preview says %v", got)
	}
	state := w.state()
	if len(state.Versions) != 1 || state.Versions[0].Version != 1 || state.Versions[0].Cases != 2 || state.Newest != 2 {
		t.Fatalf("after the preview: %+v", state)
	}
	done := w.migrate(engine.MigrateRequest{Limit: 1})
	if got := moves(done); !mapsEqual(got, want) {
		t.Fatalf("moved %v", got)
	}
	state = w.state()
	if len(state.Versions) != 2 || state.Versions[1].Migrations[done.Migration] != 1 {
		t.Fatalf("after the move: %+v", state)
	}
	line := w.task("lam", "sign")
	if line.Title != "Sign here" || line.Due == nil {
		t.Errorf("the task is %+v", line)
	}
	w.deploy(leaveThree)
	if got := moves(w.migrate(engine.MigrateRequest{})); got["L001"] != "moves" || got["L002"] != "moves" {
		t.Fatalf("to the third version: %v", got)
	}
	back := engine.MigrateRequest{Procedure: "leave", Migration: done.Migration, Undo: true}
	if got, err := w.Migrate(t.Context(), as("ann"), "en", back); engine.CodeOf(err) != engine.CodeNotMigrated {
		t.Errorf("what was moved on since was moved back: %+v, %v", got.Cases, err)
	}
	w.tellsMoves(late.Case)
}

// TestAMigrationIsUndone: what has not gone on, or can go back, is by the old version again; the rest says why not.
func TestAMigrationIsUndone(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.deploy(leaveOne)
	for range 3 {
		w.begin("chan", "leave", `{"days": 3}`)
	}
	w.deploy(leaveThree)
	done := w.migrate(engine.MigrateRequest{})
	if got := moves(done); got["L001"] != "moves" || len(got) != 3 {
		t.Fatalf("moved %v", got)
	}
	w.complete("chan", "look", "", `{"why": "x", "note": "y"}`) // this one stands at a step that is new
	back := moves(w.migrate(engine.MigrateRequest{Migration: done.Migration, Undo: true}))
	count := map[string]int{}
	for _, said := range back {
		count[said]++
	}
	if count["moves"] != 2 || count["“Ask” is open, and the version has no such step"] != 1 {
		t.Fatalf("back: %v", back)
	}
	state := w.state()
	if state.Versions[0].Version != 1 || state.Versions[0].Cases != 2 || state.Versions[1].Cases != 1 {
		t.Errorf("after: %+v", state)
	}
}

// TestADraftIsKeptWhereTheFormsAgree: what the new form does not ask for is left out.
func TestADraftIsKeptWhereTheFormsAgree(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.deploy(leaveOne)
	task := w.taskOf(w.begin("chan", "leave", `{"days": 3}`).Case, "chan")
	if err := w.SaveDraft(t.Context(), as("chan"), task, json.RawMessage(`{"why": "tired"}`)); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ form, want string }{{"[why, note]", `{"why":"tired"}`}, {"[note]", `{}`}} {
		w.deploy(strings.Replace(leaveThree, "form: [why, note]", "form: "+x.form, 1))
		w.migrate(engine.MigrateRequest{})
		view, err := w.Task(t.Context(), as("chan"), "en", task)
		if err != nil || strings.ReplaceAll(string(view.Draft), " ", "") != x.want {
			t.Errorf("form %s: draft %s, %v", x.form, view.Draft, err)
		}
	}
}

// TestOnlyAdministratorsMigrate: and what is not there is said so.
func TestOnlyAdministratorsMigrate(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.deploy(leaveOne)
	_, err := w.Migrate(t.Context(), as("chan"), "", engine.MigrateRequest{Procedure: "leave"})
	if engine.CodeOf(err) != engine.CodeForbidden {
		t.Errorf("chan: %v", err)
	}
	_, err = w.Migrate(t.Context(), as("ann"), "", engine.MigrateRequest{Procedure: "leave", To: 9})
	if engine.CodeOf(err) != engine.CodeNotDeployed {
		t.Errorf("version 9: %v", err)
	}
	_, err = w.Migrate(t.Context(), as("ann"), "", engine.MigrateRequest{Procedure: "leave", Undo: true})
	if engine.CodeOf(err) != "invalid" {
		t.Errorf("undo of nothing: %v", err)
	}
}

// TestCasesGoOnWhileTheyAreMoved: people work on them all the time; each case ends, moved or not.
func TestCasesGoOnWhileTheyAreMoved(t *testing.T) {
	t.Parallel()
	w := openFile(t)
	w.deploy(leaveOne)
	const cases = 30
	for range cases {
		w.begin("chan", "leave", `{"days": 3}`)
	}
	w.deploy(leaveThree)
	finished := make(chan error)
	go func() {
		for range cases {
			page, err := w.Inbox(t.Context(), as("chan"), "", engine.InboxQuery{Limit: 1})
			if err == nil && len(page.Tasks) > 0 {
				_, err = w.Complete(t.Context(), as("chan"), page.Tasks[0].ID, engine.CompleteRequest{
					Values: json.RawMessage(`{"why": "x", "note": "y"}`),
				})
			}
			if code := engine.CodeOf(err); err != nil && code != "invalid" && code != "not-open" {
				finished <- err
				return
			}
		}
		finished <- nil
	}()
	w.migrate(engine.MigrateRequest{Limit: 3})
	if err := <-finished; err != nil {
		t.Fatal(err)
	}
	w.migrate(engine.MigrateRequest{})
	if state := w.state(); len(state.Versions) != 1 || state.Versions[0].Version != 2 || state.Versions[0].Cases != cases {
		t.Errorf("after: %+v", state)
	}
}

func (w *world) state() engine.MigrationState {
	w.t.Helper()
	out, err := w.MigrationState(w.t.Context(), as("ann"), "leave")
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// taskOf gives the one open task of a case that a person sees.
func (w *world) taskOf(id, person string) string {
	w.t.Helper()
	page, err := w.Inbox(w.t.Context(), as(person), "", engine.InboxQuery{})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, line := range page.Tasks {
		if line.Case == id {
			return line.ID
		}
	}
	w.t.Fatalf("%s has no task of %s", person, id)
	return ""
}

// tellsMoves: both moves stand in the story of a case, in three languages, and what was done by each version.
func (w *world) tellsMoves(id string) {
	w.t.Helper()
	for lang, want := range map[string][]string{
		"en": {"moved the case from version 1 of the procedure to version 2", "from version 2 of the procedure to version 3",
			"Look at it"},
		"zh-Hant": {"由第 1 版移到第 2 版", "由第 2 版移到第 3 版"},
		"zh-Hans": {"由第 1 版移到第 2 版", "由第 2 版移到第 3 版"},
	} {
		list, err := w.History(w.t.Context(), as("ann"), lang, id, 0, 0)
		if err != nil {
			w.t.Fatal(err)
		}
		var story strings.Builder
		for _, v := range list {
			if !v.Detail {
				story.WriteString(v.Text + "\n")
			}
		}
		for _, part := range want {
			if !strings.Contains(story.String(), part) {
				w.t.Errorf("the story in %s does not say %q:\n%s", lang, part, story.String())
			}
		}
	}
}

func mapsEqual(x, y map[string]string) bool {
	if len(x) != len(y) {
		return false
	}
	for k, v := range x { //nolint:maprange // only compared
		if y[k] != v {
			return false
		}
	}
	return true
}

// TestTwoNodesMoveTheSameCases: each case is moved once, whoever asks.
func TestTwoNodesMoveTheSameCases(t *testing.T) {
	t.Parallel()
	w := nodes(t, 2, false)
	w[0].deploy(leaveOne)
	var ids []string
	for range 12 {
		ids = append(ids, w[0].begin("chan", "leave", `{"days": 3}`).Case)
	}
	w[0].deploy(leaveThree)
	errs := make(chan error)
	for _, node := range w {
		go func() {
			_, err := node.Migrate(t.Context(), as("ann"), "en", engine.MigrateRequest{Procedure: "leave", To: 2, Limit: 100})
			errs <- err
		}()
	}
	for range w {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	for _, id := range ids {
		list, err := w[1].History(t.Context(), as("ann"), "en", id, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, v := range list {
			if v.Kind == "migrated" {
				n++
			}
		}
		if n != 1 {
			t.Errorf("case %s was moved %d times", id, n)
		}
	}
}
