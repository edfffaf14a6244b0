package engine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/engine"
)

func TestUrgingReachesTheHolders(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.begin("chan", "errand", `{"what": "送信"}`).Case
	say := engine.SayRequest{Case: id, Text: "客人在等", Key: "k1"}
	for range 2 { // the same key is the same urging
		if _, err := w.Urge(t.Context(), as("chan"), say); err != nil {
			t.Fatal(err)
		}
	}
	for _, who := range []string{"so", "li"} {
		list, err := w.Copies(t.Context(), as(who), "", "", 10)
		if err != nil || len(list.Copies) != 1 || list.Copies[0].Kind != "urge" || list.Copies[0].ByName != "陳" {
			t.Errorf("%s has %+v, %v", who, list.Copies, err)
		}
	}
	if got := w.told("zh-Hant", id, false); !strings.Contains(strings.Join(got, "\n"), "陳催辦：大門崗（客人在等）") {
		t.Errorf("the story is %q", got)
	}
	for range 2 {
		if _, err := w.Urge(t.Context(), as("chan"), engine.SayRequest{Case: id}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.Urge(t.Context(), as("chan"), engine.SayRequest{Case: id})
	wantCode(t, err, "urged-lately")
	w.clock.move(time.Hour)
	if _, err := w.Urge(t.Context(), as("chan"), engine.SayRequest{Case: id}); err != nil {
		t.Error("after an hour:", err)
	}
	_, err = w.Urge(t.Context(), as("fong"), engine.SayRequest{Case: id})
	wantCode(t, err, engine.CodeNotFound)
}

// An urging is no paper: who was urged in a post that he has left does not see the case by it.
func TestAnUrgingOpensNothing(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.begin("chan", "errand", `{"what": "送信"}`).Case
	if _, err := w.Urge(t.Context(), as("chan"), engine.SayRequest{Case: id}); err != nil {
		t.Fatal(err)
	}
	w.complete("so", "do", "fine", `{}`)
	_, err := w.Case(t.Context(), as("li"), "", id)
	wantCode(t, err, engine.CodeNotFound)
}

func TestACopiedCaseIsReadByItsRecipientOnly(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.begin("chan", "errand", `{"what": "送信", "phone": "6666"}`).Case
	_, err := w.CopyCase(t.Context(), as("wong"), engine.SayRequest{Case: id, To: []string{"wong"}})
	wantCode(t, err, engine.CodeNotFound) // one may not copy to oneself what one does not see
	for range 2 {
		if _, err := w.CopyCase(t.Context(), as("chan"), engine.SayRequest{
			Case: id, To: []string{"fong", "fong"}, Text: "請閱",
		}); err != nil {
			t.Fatal(err)
		}
	}
	list, err := w.Copies(t.Context(), as("fong"), "", "", 10)
	if err != nil || len(list.Copies) != 1 || list.Copies[0].Kind != "case" || list.Copies[0].Read {
		t.Fatalf("fong has %+v, %v", list.Copies, err)
	}
	view, err := w.Case(t.Context(), as("fong"), "", id)
	if err != nil || strings.Contains(view.Data[1].Text, "6666") {
		t.Errorf("fong sees %+v, %v", view.Data, err)
	}
	_, err = w.Claim(t.Context(), as("fong"), view.Open[0].ID)
	wantCode(t, err, "not-a-candidate")
	sayings := func() engine.Sayings {
		out, err := w.Sayings(t.Context(), as("chan"), id)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if got := sayings(); len(got.Copies) != 1 || got.Copies[0].Read || got.Copies[0].ToName != "方" {
		t.Errorf("copies are %+v", got.Copies)
	}
	if err := w.ReadCopy(t.Context(), as("fong"), list.Copies[0].ID); err != nil {
		t.Fatal(err)
	}
	if got := sayings(); !got.Copies[0].Read {
		t.Error("the copy was read, and is not marked")
	}
}

func TestCommentsAreSeenByAllWhoSeeTheCase(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.begin("chan", "errand", `{"what": "送信"}`).Case
	for who, text := range map[string]string{"so": "門口沒人"} {
		if _, err := w.Comment(t.Context(), as(who), engine.SayRequest{Case: id, Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Cancel(t.Context(), as("chan"), id, engine.CancelRequest{Reason: "不送了"}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Comment(t.Context(), as("chan"), engine.SayRequest{Case: id, Text: "明天再送"}); err != nil {
		t.Error("a case that has ended takes a comment:", err)
	}
	got, err := w.Sayings(t.Context(), as("lam"), id)
	if err != nil || len(got.Comments) != 2 || got.Comments[0].Text != "門口沒人" || got.Comments[1].ByName != "陳" {
		t.Errorf("comments are %+v, %v", got.Comments, err)
	}
	_, err = w.Sayings(t.Context(), as("fong"), id)
	wantCode(t, err, engine.CodeNotFound)
	_, err = w.Comment(t.Context(), as("chan"), engine.SayRequest{Case: id, Text: " "})
	wantCode(t, err, "invalid")
	_, err = w.Comment(t.Context(), as("chan"), engine.SayRequest{Case: id, Text: strings.Repeat("長", 2001)})
	wantCode(t, err, "invalid")
}

func TestSubstitutesAreOnesOwn(t *testing.T) {
	t.Parallel()
	w := open(t)
	until := w.clock.Now().Add(48 * time.Hour)
	own, err := w.PutSubstitute(t.Context(), as("so"), engine.SubstituteRequest{Substitute: "fong", Until: until})
	if err != nil || !own.Now || own.PersonName != "蘇" || own.SubstituteName != "方" {
		t.Fatalf("%+v, %v", own, err)
	}
	for _, q := range []engine.SubstituteRequest{
		{Substitute: "so", Until: until}, {Substitute: "nobody", Until: until}, {Substitute: "li"},
		{Substitute: "li", From: until, Until: until}, {Substitute: "li", Until: until, Procedures: []string{"x"}},
	} {
		_, err := w.PutSubstitute(t.Context(), as("so"), q)
		wantCode(t, err, "invalid")
	}
	_, err = w.PutSubstitute(t.Context(), as("so"), engine.SubstituteRequest{Person: "li", Substitute: "so", Until: until})
	wantCode(t, err, engine.CodeForbidden)
	byAdmin, err := w.PutSubstitute(t.Context(), as("ann"), engine.SubstituteRequest{
		Person: "li", Substitute: "fong", From: until.Add(-time.Hour), Until: until, Procedures: []string{"errand"},
	})
	if err != nil || byAdmin.Now {
		t.Fatalf("%+v, %v", byAdmin, err)
	}
	for who, n := range map[string]int{"ann": 2, "fong": 2, "so": 1, "li": 1, "chan": 0} {
		if list, err := w.Substitutes(t.Context(), as(who)); err != nil || len(list) != n {
			t.Errorf("%s sees %+v, %v", who, list, err)
		}
	}
	wantCode(t, w.EndSubstitute(t.Context(), as("fong"), own.ID), engine.CodeNotFound)
	if err := w.EndSubstitute(t.Context(), as("so"), own.ID); err != nil {
		t.Error(err)
	}
	wantCode(t, w.EndSubstitute(t.Context(), as("so"), own.ID), engine.CodeNotFound)
}
