package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// wantFate: the task is not open, and the error says what became of it.
func wantFate(t *testing.T, err error, why, by string) {
	t.Helper()
	var own *engine.Error
	if !errors.As(err, &own) || own.Code != string(core.NotOpen) || own.Args["why"] != why || own.Args["by"] != by {
		t.Fatalf("error %v, want not-open, %s by %q", err, why, by)
	}
}

func TestWhoComesTooLateIsToldWhoDidIt(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.begin("chan", "errand", `{"what": "x"}`)
	task := w.task("li", "do").ID
	w.complete("so", "do", "fine", "")
	name := nameOf(w, "so")
	for _, late := range []string{"li", "so", "chan", "ann"} { // a colleague, he himself, the starter, an administrator
		_, err := w.Complete(t.Context(), as(late), task, engine.CompleteRequest{Answer: "fine"})
		wantFate(t, err, engine.FateDone, name)
	}
	_, err := w.Task(t.Context(), as("li"), "", task)
	wantFate(t, err, engine.FateDone, name)
	w.complete("lam", "check", "", "") // and also when the case has ended
	_, err = w.Claim(t.Context(), as("li"), task)
	wantFate(t, err, engine.FateDone, name)
	wantFate(t, w.SaveDraft(t.Context(), as("li"), task, json.RawMessage(`{}`)), engine.FateDone, name)
	for _, stranger := range []string{"fong", "wong"} {
		_, err := w.Claim(t.Context(), as(stranger), task)
		if stranger == "fong" { // the books got a copy, so the case is no secret to them
			wantFate(t, err, engine.FateDone, name)
			continue
		}
		wantCode(t, err, engine.CodeNotFound)
		_, err = w.Task(t.Context(), as(stranger), "", task)
		wantCode(t, err, engine.CodeNotFound)
	}
}

func nameOf(w *world, id string) string {
	w.t.Helper()
	p, err := w.store.Person(w.t.Context(), "sun", id)
	if err != nil {
		w.t.Fatal(err)
	}
	return p.Name
}

func TestWhoComesAfterTheTimeIsTold(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.begin("chan", "timed", "")
	task := w.task("so", "answer").ID
	w.clock.move(3 * time.Minute)
	w.eventually("the stand-in is asked", w.hasTask("lam", "stand-in"))
	_, err := w.Complete(t.Context(), as("so"), task, engine.CompleteRequest{})
	wantFate(t, err, engine.FateTimedOut, "")
	_, err = w.Complete(t.Context(), as("wong"), task, engine.CompleteRequest{})
	wantCode(t, err, engine.CodeNotFound)
}

func TestWhoseTaskWasWithdrawnOrGivenAwayIsTold(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.must(w.Deploy(t.Context(), engine.Operator("sun"), officeWith("handed.yaml", strings.NewReplacer(
		"procedure: timed", "procedure: handed", "to: stand-in}\n    then: done",
		"reassign: boss}\n    then: stand-in").Replace(timedYAML))))
	began := w.begin("chan", "errand", `{"what": "x"}`)
	task := w.task("so", "do").ID
	if _, err := w.Send(t.Context(), as("chan"), engine.MessageRequest{Case: began.Case, Name: "leave-it"}); err != nil {
		t.Fatal(err)
	}
	_, err := w.Claim(t.Context(), as("so"), task)
	wantFate(t, err, engine.FateWithdrawn, "")

	w.begin("chan", "handed", "")
	task = w.task("so", "answer").ID
	w.clock.move(3 * time.Minute)
	w.eventually("the boss is asked", w.hasTask("lam", "answer"))
	_, err = w.Complete(t.Context(), as("so"), task, engine.CompleteRequest{})
	wantFate(t, err, engine.FateMoved, "")
}

func TestTheLastAdministratorStays(t *testing.T) {
	t.Parallel()
	w := open(t)
	ann, err := w.store.Person(t.Context(), "sun", "ann")
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range []func(*store.PersonRow){
		func(p *store.PersonRow) { p.Admin = false }, func(p *store.PersonRow) { p.Gone = true },
	} {
		_, _, err := w.ChangePerson(t.Context(), as("ann"), "ann", change)
		wantCode(t, err, engine.CodeLastAdmin)
		if now, err := w.store.Person(t.Context(), "sun", "ann"); err != nil || !now.Admin || now.Gone ||
			!now.Changed.Equal(ann.Changed) {
			t.Errorf("something was changed: %+v, %v", now, err)
		}
	}
	makeAdmin := func(p *store.PersonRow) { p.Admin = true }
	if _, _, err := w.ChangePerson(t.Context(), as("ann"), "lam", makeAdmin); err != nil {
		t.Fatal(err)
	}
	// Two who step down at the same time: one of them stays.
	people := []string{"ann", "lam"}
	won := race(func(i int) error {
		id := people[i%2]
		_, _, err := w.ChangePerson(t.Context(), engine.Operator("sun"), id, func(p *store.PersonRow) { p.Admin = false })
		return err
	})
	list, err := w.People(t.Context(), engine.Operator("sun"))
	if err != nil {
		t.Fatal(err)
	}
	admins := 0
	for _, p := range list {
		if p.Admin {
			admins++
		}
	}
	if admins != 1 || won == 0 {
		t.Errorf("%d administrators are left", admins)
	}
}

const keyYAML = `procedure: keys
title: 鎖匙
number: 'K{n:3}'
manager: boss
data:
  who: {title: 交給, type: post}
  face: {title: 相片, type: photo}
  hands:
    title: 經手
    each: hand
    min: 1
    max: 3
    rows:
      post: {title: 崗位, type: post}
      mark: {title: 簽名, type: signature}
start: {by: desk, form: [who, face, hands.post, hands.mark], optional: [face, hands.mark]}
steps:
  - {step: give, title: 交出, task: {by: gate, answers: {given: 已交, kept: 不交}}, then: {given: done, kept: done}}
`

func openKeys(t *testing.T) *world {
	t.Helper()
	w := open(t)
	w.must(w.Deploy(t.Context(), engine.Operator("sun"), officeWith("keys.yaml", keyYAML)))
	return w
}

func TestPostsAndPicturesAreWhatTheyShouldBe(t *testing.T) {
	t.Parallel()
	w := openKeys(t)
	text, err := w.PutFile(t.Context(), as("chan"), "a.txt", "text/plain", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	values := strings.ReplaceAll(
		`{"who": "pilot", "face": "ID", "hands": [{"post": "gate"}, {"post": "x", "mark": "ID"}]}`, "ID", text.ID)
	_, err = w.Start(t.Context(), as("chan"), engine.StartRequest{Procedure: "keys", Values: json.RawMessage(values)})
	wantFault(t, err, "who option", "hands[1].post option", "face type", "hands[1].mark type")
	var own *engine.Error
	if !errors.As(err, &own) || !strings.Contains(own.Fields[0].Args["options"], "大門崗 gate") {
		t.Errorf("the posts are not listed: %+v", own)
	}
	w.begin("chan", "keys", `{"who": "gate", "face": "`+w.file("chan")+`", "hands": [{"post": "desk"}]}`)
}

func TestAWrongAnswerNamesTheRightOnes(t *testing.T) {
	t.Parallel()
	w := openKeys(t)
	w.begin("chan", "keys", `{"who": "gate", "hands": [{"post": "desk"}]}`)
	for answer, code := range map[string]string{"": "required", "maybe": "option"} {
		_, err := w.Complete(t.Context(), as("so"), w.task("so", "give").ID, engine.CompleteRequest{Answer: answer})
		var own *engine.Error
		if !errors.As(err, &own) || own.Code != string(core.UnknownAnswer) || len(own.Fields) != 1 ||
			own.Fields[0].Path != "answer" || own.Fields[0].Code != code ||
			own.Fields[0].Args["options"] != "已交 given, 不交 kept" {
			t.Errorf("%q: %+v", answer, own)
		}
	}
}

func TestFormsNameTheirTables(t *testing.T) {
	t.Parallel()
	w := openKeys(t)
	list, err := w.Startable(t.Context(), as("chan"), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		if p.ID != "keys" {
			continue
		}
		want := engine.TableView{Path: "hands", Title: "經手", Row: "hand", Min: 1, Max: 3}
		if got := p.Starts[0].Form.Tables; len(got) != 1 || got[0] != want {
			t.Errorf("tables %+v", got)
		}
		return
	}
	t.Fatal("keys cannot be started")
}

func TestADeploymentTellsWhatItTakesAway(t *testing.T) {
	t.Parallel()
	w := openKeys(t)
	files := officeFiles()
	files[0].Text = []byte(strings.Replace(officeYAML, ", books: 財務部", "", 1))
	for i, f := range files {
		files[i].Text = []byte(strings.ReplaceAll(string(f.Text), "copies: books, ", ""))
	}
	was, err := w.WasDeployed(t.Context(), "sun", "nothing")
	if err != nil || was {
		t.Errorf("was deployed: %v, %v", was, err)
	}
	out, _, err := w.Deploy(t.Context(), as("ann"), files, "keys")
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Removed) != 1 || out.Removed[0].Procedure != "keys" || out.Removed[0].Version != 1 {
		t.Errorf("removed %+v", out.Removed)
	}
	held := 0
	for _, p := range out.Warnings {
		if p.Code == "post-held" && strings.Contains(p.Message, "books") && strings.Contains(p.Message, "(fong)") {
			held++
		}
	}
	if held != 1 {
		t.Errorf("warnings %+v", out.Warnings)
	}
	offices, err := w.Deployed(context.WithoutCancel(t.Context()))
	if err != nil || len(offices) != 1 || offices[0] != "sun" {
		t.Errorf("deployed: %v, %v", offices, err)
	}
}

func TestARetryTellsWhetherItHelped(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.must(w.Deploy(t.Context(), engine.Operator("sun"), officeWith("empty.yaml", `procedure: empty
title: 無人
number: 'E{n:3}'
manager: boss
start: {by: desk}
steps:
  - {step: look, title: 查看, task: {by: '=filter(everyone(), .name == "nobody")', nobody: incident}, then: done}
`)))
	began := w.begin("chan", "empty", "")
	view, err := w.Case(t.Context(), as("ann"), "", began.Case)
	if err != nil || len(view.Incidents) != 1 {
		t.Fatalf("%+v, %v", view, err)
	}
	done, err := w.Retry(t.Context(), as("ann"), began.Case, view.Incidents[0].Act)
	if err != nil || len(done.Incidents) != 1 || done.Incidents[0].Step != "look" {
		t.Errorf("the incident is still there, and the answer is %+v, %v", done, err)
	}
}
