package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/store"
)

func TestALeaversTasksAreHandedOver(t *testing.T) {
	t.Parallel()
	w := open(t)
	for range 3 {
		w.begin("chan", "errand", `{"what": "送信"}`)
	}
	page, err := w.Inbox(t.Context(), as("so"), "", engine.InboxQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range page.Tasks[:2] {
		if _, err := w.Claim(t.Context(), as("so"), task.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := w.ChangePerson(t.Context(), engine.Operator("sun"), "so", func(p *store.PersonRow) {
		p.Gone = true
	}); err != nil {
		t.Fatal(err)
	}
	q := engine.HandOverRequest{From: "so", To: "li", Note: "離職", Key: "k"}
	for range 2 { // the same key is the same hand-over
		out, err := w.HandOver(t.Context(), as("ann"), q)
		if err != nil || out.Cases != 2 || out.Tasks != 2 {
			t.Fatalf("%+v, %v", out, err)
		}
	}
	w.noLetters()
	mine, err := w.Inbox(t.Context(), as("li"), "", engine.InboxQuery{Mine: true})
	if err != nil || len(mine.Tasks) != 2 {
		t.Fatalf("li holds %+v, %v", mine.Tasks, err)
	}
	told := strings.Join(w.told("zh-Hant", mine.Tasks[0].Case, false), "\n")
	if !strings.Contains(told, "離職") || !strings.Contains(told, "李") {
		t.Errorf("the story is %s", told)
	}
	if out, err := w.HandOver(t.Context(), as("ann"), engine.HandOverRequest{From: "so", To: "li"}); err != nil ||
		out.Tasks != 0 {
		t.Errorf("there is nothing left: %+v, %v", out, err)
	}
	q.Note = "another"
	_, err = w.HandOver(t.Context(), as("ann"), q)
	wantCode(t, err, engine.CodeKeyReused)
	_, err = w.HandOver(t.Context(), as("lam"), engine.HandOverRequest{From: "so", To: "li"})
	wantCode(t, err, engine.CodeForbidden)
	for _, q := range []engine.HandOverRequest{{From: "so", To: "so"}, {From: "x", To: "li"}, {From: "li", To: "so"}} {
		_, err = w.HandOver(t.Context(), as("ann"), q)
		wantCode(t, err, "invalid")
	}
}

func TestAHandOverIsAllOrNothing(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.must(w.Deploy(t.Context(), engine.Operator("sun"), officeWith("apart.yaml", apartYAML)))
	w.begin("chan", "errand", `{"what": "送信"}`)
	w.begin("chan", "apart", ``)
	if _, err := w.Claim(t.Context(), as("so"), w.task("so", "do").ID); err != nil {
		t.Fatal(err)
	}
	w.complete("li", "one", "", ``)
	if _, err := w.Claim(t.Context(), as("so"), w.task("so", "two").ID); err != nil {
		t.Fatal(err)
	}
	_, err := w.HandOver(t.Context(), as("ann"), engine.HandOverRequest{From: "so", To: "li"})
	wantCode(t, err, engine.CodeNotAllHanded)
	own, _ := errors.AsType[*engine.Error](err)
	if own == nil || len(own.Fields) != 1 || !strings.Contains(own.Fields[0].Path, "覆審") {
		t.Errorf("what stands in the way is %+v", own)
	}
	w.noLetters()
	if got := w.task("so", "do").Holder; got != "so" {
		t.Errorf("one task of two was handed over, to %q", got)
	}
	if out, err := w.HandOver(t.Context(), as("ann"), engine.HandOverRequest{From: "so", To: "fong"}); err != nil ||
		out.Tasks != 2 {
		t.Fatalf("%+v, %v", out, err)
	}
	w.noLetters()
	if got := w.steps("fong"); got != "do, two" && got != "two, do" { // of one moment
		t.Errorf("fong has %q", got)
	}
}

// TestWhatWaitsForADetourIsHandedOverToo: it is in nobody's inbox, and the leaver's all the same.
func TestWhatWaitsForADetourIsHandedOverToo(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.must(w.Deploy(t.Context(), engine.Operator("sun"), officeWith("twice.yaml", `procedure: twice
title: 兩步
start: {by: desk}
steps:
  - {step: count, title: 點算, task: {by: desk}}
  - {step: check, title: 覆核, task: {by: gate}}
`)))
	id := w.begin("chan", "twice", "").Case
	w.complete("chan", "count", "", "")
	task := w.task("so", "check").ID
	if _, err := w.Claim(t.Context(), as("so"), task); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Return(t.Context(), as("so"), task, engine.ReturnRequest{To: "count", Straight: true}); err != nil {
		t.Fatal(err)
	}
	out, err := w.HandOver(t.Context(), as("ann"), engine.HandOverRequest{From: "so", To: "li"})
	if err != nil || out.Cases != 1 || out.Tasks != 1 {
		t.Fatalf("%+v, %v", out, err)
	}
	w.noLetters()
	if so, li := w.steps("so"), w.steps("li"); so+li != "" {
		t.Errorf("while it waits it is in an inbox: %q, %q", so, li)
	}
	view, err := w.Case(t.Context(), as("ann"), "", id)
	if err != nil || len(view.Open) != 2 || view.Open[0].Holder != "li" || !view.Open[0].Held {
		t.Errorf("%+v, %v", view.Open, err)
	}
	w.complete("chan", "count", "", "")
	if got := w.task("li", "check"); got.Holder != "li" || got.Held {
		t.Errorf("the task is %+v", got)
	}
}

// TestASignatureWhoseTurnHasNotComeIsHandedOverToo, also where nothing else of the case is the leaver's.
func TestASignatureWhoseTurnHasNotComeIsHandedOverToo(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.must(w.Deploy(t.Context(), engine.Operator("sun"), officeWith("signed.yaml", `procedure: signed
title: 會簽
start: {by: desk}
steps:
  - step: sign
    title: 簽署
    task: {by: '=filter(everyone(), .id in ["chan", "so"])', sign: in-order}
    then: {approved: done, rejected: done}
`)))
	id := w.begin("chan", "signed", "").Case
	if so := w.steps("so"); so != "" {
		t.Errorf("before his turn so is asked for %s", so)
	}
	if view, err := w.Case(t.Context(), as("ann"), "", id); err != nil || len(view.Open) != 1 || view.Open[0].Held {
		t.Errorf("open is what is nobody's turn: %+v, %v", view.Open, err)
	}
	out, err := w.HandOver(t.Context(), as("ann"), engine.HandOverRequest{From: "so", To: "li"})
	if err != nil || out.Cases != 1 || out.Tasks != 1 {
		t.Fatalf("%+v, %v", out, err)
	}
	w.noLetters()
	w.complete("chan", "sign", "approved", "")
	w.complete("li", "sign", "approved", "")
	if view, err := w.Case(t.Context(), as("ann"), "", id); err != nil || view.Status != "finished" {
		t.Errorf("the case is %+v, %v", view.Status, err)
	}
}

// The letters of a hand-over are delivered when the program comes back after it had stopped.
func TestAHandOverGoesOnAfterAStop(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.begin("chan", "errand", `{"what": "送信"}`)
	if _, err := w.Claim(t.Context(), as("so"), w.task("so", "do").ID); err != nil {
		t.Fatal(err)
	}
	stopped := &letterless{Store: w.store}
	w.Close()
	w.store = stopped
	w.start()
	if out, err := w.HandOver(t.Context(), as("ann"), engine.HandOverRequest{From: "so", To: "li"}); err != nil ||
		out.Tasks != 1 {
		t.Fatalf("%+v, %v", out, err)
	}
	w.Close()
	if got, err := stopped.Store.Letters(t.Context(), 10); err != nil || len(got) != 1 {
		t.Fatalf("letters %+v, %v", got, err)
	}
	w.store = stopped.Store
	w.start()
	w.noLetters()
	if got := w.task("li", "do").Holder; got != "li" {
		t.Errorf("the task is %q's", got)
	}
}

// letterless is a store whose letters are not found: as if the program stopped before it looked.
// TestWhoStaysMayBeExcluded: a post keeps a holder, and a rule keeps him from what was the other's to do.
func TestWhoStaysMayBeExcluded(t *testing.T) {
	t.Parallel()
	w := open(t)
	files := officeWith("pair.yaml", `procedure: pair
title: 雙人
manager: boss
start: {by: desk}
steps:
  - {step: count, title: 點算, task: {by: desk}}
  - {step: check, title: 覆核, task: {by: desk, allow: "!(actor in done_by('count'))"}}
`)
	w.must(w.Deploy(t.Context(), engine.Operator("sun"), files))
	w.begin("chan", "pair", "")
	w.complete("chan", "count", "", "")
	_, left, err := w.ChangePerson(t.Context(), as("ann"), "wong", func(p *store.PersonRow) { p.Gone = true })
	want := []engine.Unattended{{Post: "desk", Title: "客服部", Tasks: 1, Excluded: true}}
	if err != nil || !slices.Equal(left, want) {
		t.Fatalf("%+v, %v", left, err)
	}
	_, left, err = w.ChangePerson(t.Context(), as("ann"), "so", func(p *store.PersonRow) { p.Posts = []string{"desk"} })
	if err != nil || len(left) > 0 {
		t.Fatalf("%+v, %v", left, err)
	}
}

type letterless struct{ store.Store }

func (letterless) Letters(context.Context, int) ([]store.Letter, error) { return nil, nil }

// TestAChangeOfTheOfficeTellsWhatIsLeftToNobody: a post that loses its last holder, and a person who leaves.
func TestAChangeOfTheOfficeTellsWhatIsLeftToNobody(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.begin("chan", "parcel", `{"code": "D1"}`)
	if _, err := w.Send(t.Context(), as("so"), engine.MessageRequest{
		Name: "arrived", Key: "D1", ID: "m1", Values: json.RawMessage(`{"from": "店"}`),
	}); err != nil {
		t.Fatal(err)
	}
	change := func(id string, what func(*store.PersonRow), want ...engine.Unattended) {
		t.Helper()
		_, left, err := w.ChangePerson(t.Context(), as("ann"), id, what)
		if err != nil || !slices.Equal(left, want) {
			t.Errorf("%+v, %v, want %+v", left, err, want)
		}
	}
	holders := []string{}
	people, err := w.People(t.Context(), as("ann"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range people {
		if slices.Contains(p.Posts, "desk") && !p.Gone {
			holders = append(holders, p.ID)
		}
	}
	none := func(p *store.PersonRow) { p.Posts = nil }
	last := len(holders) - 1
	for _, id := range holders[:last] {
		change(id, none)
	}
	if _, err := w.Claim(t.Context(), as(holders[last]), w.task(holders[last], "fetch").ID); err != nil {
		t.Fatal(err)
	}
	change(holders[last], none, engine.Unattended{Tasks: 1, Excluded: true}) // he has claimed it, and may not do it
	change(holders[last], func(p *store.PersonRow) { p.Posts = []string{"desk"} })
	if _, err := w.Release(t.Context(), as(holders[last]), w.task(holders[last], "fetch").ID); err != nil {
		t.Fatal(err)
	}
	change(holders[last], none, engine.Unattended{Post: "desk", Title: "客服部", Tasks: 1})
	change(holders[last], func(p *store.PersonRow) { p.Posts = []string{"desk"} })
	if _, err := w.Claim(t.Context(), as(holders[last]), w.task(holders[last], "fetch").ID); err != nil {
		t.Fatal(err)
	}
	change(holders[last], func(p *store.PersonRow) { p.Gone = true }, engine.Unattended{Tasks: 1})
}
