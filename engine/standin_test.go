package engine_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/store"
)

// away lets another do a person's work for an hour from now on.
func (w *world) away(person, substitute string, procedures ...string) engine.SubstituteLine {
	w.t.Helper()
	line, err := w.PutSubstitute(w.t.Context(), as(person), engine.SubstituteRequest{
		Substitute: substitute, Until: w.clock.Now().Add(time.Hour), Procedures: procedures,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return line
}

// steps lists what is in a person's inbox: the step, and for whom.
func (w *world) steps(person string) string {
	w.t.Helper()
	page, err := w.Inbox(w.t.Context(), as(person), "", engine.InboxQuery{})
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, t := range page.Tasks {
		line := t.Step
		if t.For != "" {
			line += " for " + t.For
		}
		out = append(out, line)
	}
	return strings.Join(out, ", ")
}

func TestASubstituteDoesTheWork(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.begin("chan", "errand", `{"what": "送信"}`).Case
	if got := w.steps("fong"); got != "" {
		t.Fatalf("fong has %q before anybody is away", got)
	}
	w.away("so", "fong")
	if got := w.steps("fong"); got != "do for so" {
		t.Fatalf("fong has %q", got)
	}
	view, err := w.Task(t.Context(), as("fong"), "", w.task("fong", "do").ID)
	if err != nil || !view.May || view.ForName != "蘇" {
		t.Fatalf("%+v, %v", view, err)
	}
	if _, err := w.Claim(t.Context(), as("fong"), view.ID); err != nil {
		t.Fatal(err)
	}
	if got := w.task("so", "do"); got.Holder != "so" {
		t.Errorf("the task is %q's, not so's", got.Holder)
	}
	if err := w.SaveDraft(t.Context(), as("fong"), view.ID, json.RawMessage(`{"note": "半"}`)); err != nil {
		t.Fatal(err)
	}
	if view, err := w.Task(t.Context(), as("so"), "", view.ID); err != nil || string(view.Draft) != `{"note": "半"}` {
		t.Errorf("so finds the draft %s, %v", view.Draft, err)
	}
	w.complete("fong", "do", "fine", `{"note": "已送"}`)
	story := strings.Join(w.told("zh-Hant", id, false), "\n")
	if !strings.Contains(story, "方（代蘇）完成「辦理」") {
		t.Errorf("the story is %s", story)
	}
	for _, who := range []string{"so", "fong"} { // both have done it
		if _, err := w.Case(t.Context(), as(who), "", id); err != nil {
			t.Errorf("%s: %v", who, err)
		}
	}
}

func TestASubstituteHasHisTimeAndHisProcedures(t *testing.T) {
	t.Parallel()
	w := open(t)
	errand := w.begin("chan", "errand", `{"what": "送信"}`).Case
	timed := w.begin("chan", "timed", ``).Case
	task := w.task("so", "do").ID
	line := w.away("so", "fong", "errand")
	if got := w.steps("fong"); got != "do for so" {
		t.Errorf("fong has %q", got)
	}
	_, err := w.Case(t.Context(), as("fong"), "", timed)
	wantCode(t, err, engine.CodeNotFound)
	if _, err := w.Case(t.Context(), as("fong"), "", errand); err != nil {
		t.Error(err)
	}
	_, err = w.Claim(t.Context(), as("fong"), w.task("so", "answer").ID)
	wantCode(t, err, engine.CodeNotFound)
	w.clock.move(time.Hour) // the first moment after
	if got := w.steps("fong"); got != "" {
		t.Errorf("after the time fong has %q", got)
	}
	_, err = w.Claim(t.Context(), as("fong"), task)
	wantCode(t, err, engine.CodeNotFound)
	if err := w.EndSubstitute(t.Context(), as("so"), line.ID); err != nil {
		t.Error(err)
	}
}

func TestAChainOfSubstitutesEndsWhereSomebodyHasLeft(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.begin("chan", "errand", `{"what": "送信"}`)
	w.away("so", "wong")
	w.away("wong", "fong")
	if got := w.steps("fong"); got != "do for so" {
		t.Fatalf("fong has %q", got)
	}
	leave := func(id string) {
		if _, _, err := w.ChangePerson(t.Context(), engine.Operator("sun"), id, func(p *store.PersonRow) {
			p.Gone = true
		}); err != nil {
			t.Fatal(err)
		}
	}
	leave("wong")
	if got := w.steps("fong"); got != "" {
		t.Errorf("through somebody who has left fong has %q", got)
	}
}

const apartYAML = `procedure: apart
title: 分工
number: 'FG{yyyy}-{n:3}'
manager: boss
start: {by: desk}
steps:
  - {step: one, title: 初審, task: {by: gate}}
  - {step: two, title: 覆審, task: {by: '=concat(["gate"], ["books"])', allow: '!(actor in done_by("one"))'}}
`

func TestSeparationOfDutiesCountsBoth(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.must(w.Deploy(t.Context(), engine.Operator("sun"), officeWith("apart.yaml", apartYAML)))
	w.begin("chan", "apart", ``)
	w.away("so", "fong")
	w.complete("fong", "one", "", ``)
	for _, who := range []string{"fong", "so"} {
		_, err := w.Claim(t.Context(), as(who), w.task("li", "two").ID)
		wantCode(t, err, "not-allowed")
	}
	w.away("li", "fong")
	_, err := w.Claim(t.Context(), as("fong"), w.task("li", "two").ID)
	wantCode(t, err, "not-allowed")
	w.complete("li", "two", "", ``)
}

// A page of the inbox goes on behind tasks that the substitute may not see.
func TestAPageOfTheInboxIsFilled(t *testing.T) {
	t.Parallel()
	w := open(t)
	for range 5 {
		w.begin("chan", "errand", `{"what": "送信"}`)
		w.begin("chan", "parts", `{"parts": [{"name": "甲", "code": "1"}]}`)
	}
	w.away("so", "fong", "parts")
	seen, after := 0, ""
	for range 10 {
		page, err := w.Inbox(t.Context(), as("fong"), "", engine.InboxQuery{Limit: 2, After: after})
		if err != nil {
			t.Fatal(err)
		}
		for _, task := range page.Tasks {
			if task.Procedure != "parts" || task.For != "so" {
				t.Errorf("fong sees %+v", task)
			}
		}
		seen += len(page.Tasks)
		if after = page.Next; after == "" {
			break
		}
		if len(page.Tasks) != 2 {
			t.Errorf("a page has %d tasks, and there are more", len(page.Tasks))
		}
	}
	if seen != 5 {
		t.Errorf("fong sees %d tasks, want 5", seen)
	}
}
