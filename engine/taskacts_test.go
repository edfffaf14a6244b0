package engine_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/guicheng/guicheng/engine"
)

const approveYAML = `procedure: approve
title: 審批
number: 'SP{yyyy}-{n:3}'
manager: boss
data:
  what: {title: 事項, type: text}
  note: {title: 意見, type: text}
start: {by: desk, form: [what]}
ends: {good: 同意, bad: 不同意}
steps:
  - step: sign
    title: 會簽
    task:
      by: [gate, books]
      sign: all
      show: [what]
      form: [note]
      optional: [note]
      priority: "what == '急' ? 9 : 0"
      transfer: true
      delegate: true
      add_signer: true
      remove_signer: true
    then: {approved: good, rejected: bad}
`

// approval is a world with a procedure that people sign together, and a case of it.
func approval(t *testing.T) (*world, engine.Started) {
	t.Helper()
	w := open(t)
	files := officeWith("approve.yaml", approveYAML)
	w.must(w.Deploy(t.Context(), engine.Operator("sun"), files))
	began := w.begin("chan", "approve", `{"what": "換燈"}`)
	return w, began
}

// acts are what a person may do with a task, with the codes of the reasons why not.
func (w *world) acts(person, task string) map[string]string {
	w.t.Helper()
	view, err := w.Task(w.t.Context(), as(person), "", task)
	if err != nil {
		w.t.Fatal(err)
	}
	out := map[string]string{}
	for _, a := range view.Acts {
		out[a.Act] = a.WhyNot
		if a.May != (a.WhyNot == "") {
			w.t.Errorf("%s of %s: may %v, but %q", a.Act, task, a.May, a.WhyNot)
		}
	}
	return out
}

func TestATaskSaysWhatMayBeDone(t *testing.T) {
	t.Parallel()
	w, _ := approval(t)
	task := w.task("so", "sign").ID
	want := map[string]string{
		"claim": "", "release": "not-held", "start": "", "draft": "", "complete": "", "transfer": "not-held",
		"delegate": "not-held", "add-before": "not-held", "add-after": "not-held", "add-beside": "not-held",
		"remove-signer": "not-allowed", "return": "not-upstream",
		"revoke": "not-revocable", "cancel": "not-allowed", "suspend": "not-allowed", "resume": "not-allowed",
		"jump": "forbidden", "urge": "", "copy": "", "comment": "",
	}
	if got := w.acts("so", task); !reflect.DeepEqual(got, want) {
		t.Errorf("so: %v", got)
	}
	if _, err := w.StartWork(t.Context(), as("so"), task); err != nil {
		t.Fatal(err)
	}
	if got := w.acts("so", task); got["start"] != "already-done" || got["transfer"] != "" || got["add-beside"] != "" {
		t.Errorf("so, who has begun: %v", got)
	}
	for person, transfer := range map[string]string{"lam": "", "ann": ""} { // any order: each by himself
		if got := w.acts(person, task); got["transfer"] != transfer || got["claim"] != "not-a-candidate" {
			t.Errorf("%s: %v", person, got)
		}
	}
	_, err := w.StartWork(t.Context(), as("wong"), task)
	wantCode(t, err, "not-found")
}

func TestATaskIsTransferredOnce(t *testing.T) {
	t.Parallel()
	w, began := approval(t)
	task := w.task("so", "sign").ID
	if err := w.SaveDraft(t.Context(), as("so"), task, json.RawMessage(`{"note": "先看"}`)); err != nil {
		t.Fatal(err)
	}
	req := engine.TransferRequest{To: "wong", Keep: true, Note: "休假", Key: "k1"}
	for range 2 {
		if _, err := w.Transfer(t.Context(), as("so"), task, req); err != nil {
			t.Fatal(err)
		}
	}
	req.To = "chan"
	_, err := w.Transfer(t.Context(), as("so"), task, req)
	wantCode(t, err, engine.CodeKeyReused)
	req.Key = "k2"
	_, err = w.Transfer(t.Context(), as("so"), task, req)
	wantCode(t, err, "not-held")
	_, err = w.Complete(t.Context(), as("so"), task, engine.CompleteRequest{Answer: "approved"})
	wantCode(t, err, "not-open")
	view, err := w.Task(t.Context(), as("wong"), "", task)
	if err != nil || string(view.Draft) != `{"note": "先看"}` && string(view.Draft) != `{"note":"先看"}` {
		t.Fatalf("wong has %+v %v", view, err)
	}
	_, err = w.Transfer(t.Context(), as("lam"), task, engine.TransferRequest{To: "no-such-person"})
	wantCode(t, err, "invalid")
	if _, err := w.Transfer(t.Context(), as("lam"), task, engine.TransferRequest{To: "li"}); err != nil {
		t.Fatal(err)
	}
	w.complete("li", "sign", "approved", "")
	if done := w.complete("fong", "sign", "approved", ""); done.Outcome != "good" {
		t.Errorf("done %+v", done)
	}
	want := []string{
		"陳發起「審批」，編號SP2026-001", "蘇把「會簽」連同草稿轉辦給黃：休假", "林把「會簽」轉辦給李", "李完成「會簽」：同意",
		"方完成「會簽」：同意", "「審批」結束：同意",
	}
	if got := w.told("", began.Case, false); !slices.Equal(got, want) {
		t.Errorf("the story is %q", got)
	}
}

func TestADelegatedTaskComesBack(t *testing.T) {
	t.Parallel()
	w, began := approval(t)
	task := w.task("so", "sign").ID
	if _, err := w.Claim(t.Context(), as("so"), task); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Delegate(t.Context(), as("so"), task, engine.DelegateRequest{To: "wong", Key: "d"}); err != nil {
		t.Fatal(err)
	}
	if w.hasTask("so", "sign")(t.Context()) {
		t.Error("who has given it away has it in his inbox")
	}
	_, err := w.Complete(t.Context(), as("wong"), task, engine.CompleteRequest{
		Answer: "rejected", Values: json.RawMessage(`{"note": "太貴"}`), Note: "見報價",
	})
	if err != nil {
		t.Fatal(err)
	}
	view, err := w.Task(t.Context(), as("so"), "", task)
	if err != nil || view.Proposed == nil || view.Proposed.By != "wong" || view.Proposed.Title != "不同意" ||
		!json.Valid(view.Draft) || string(view.Values) != "{}" {
		t.Fatalf("so has %+v %v", view, err)
	}
	var draft map[string]string
	if err := json.Unmarshal(view.Draft, &draft); err != nil || draft["note"] != "太貴" {
		t.Errorf("the draft is %s", view.Draft)
	}
	w.complete("so", "sign", "approved", `{"note": "可"}`)
	want := []string{
		"陳 started “審批”, number SP2026-001", "蘇 delegated “會簽” to 黃",
		"黃 gave “會簽” back for a decision and proposes: 不同意: 見報價", "蘇 completed “會簽”: 同意",
	}
	if got := w.told("en", began.Case, false); !slices.Equal(got, want) {
		t.Errorf("the story is %q", got)
	}
}

func TestSignersAreAddedAndTakenOut(t *testing.T) {
	t.Parallel()
	w, began := approval(t)
	task := w.task("so", "sign").ID
	if err := w.SaveDraft(t.Context(), as("so"), task, json.RawMessage(`{"note": "等"}`)); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []engine.SignersRequest{
		{Place: "under", People: []string{"wong"}}, {Place: "before"}, {Place: "before", People: []string{"x"}},
		{Place: "beside", People: []string{"wong"}, Sign: "any"}, {Place: "after", People: []string{"wong"}, Sign: "most"},
		{Place: "after", People: []string{"wong", "wong"}},
	} {
		_, err := w.AddSigners(t.Context(), as("so"), task, bad)
		wantCode(t, err, "invalid")
	}
	add := engine.SignersRequest{Place: "before", People: []string{"wong"}, Posts: []string{"boss"}, Sign: "any", Key: "a"}
	for range 2 {
		if _, err := w.AddSigners(t.Context(), as("so"), task, add); err != nil {
			t.Fatal(err)
		}
	}
	if w.hasTask("so", "sign")(t.Context()) {
		t.Error("a task that waits for others is in the inbox")
	}
	view, err := w.Task(t.Context(), as("so"), "", task)
	if err != nil || !view.Held || view.HolderName != "蘇" || len(view.Signers) != 4 || view.WhyNot != "asking" {
		t.Fatalf("so has %+v %v", view, err)
	}
	boss := view.Signers[2]
	if boss.Who != "主管" || boss.Place != "before" || boss.Parent != task || !boss.Remove || boss.State != "offered" {
		t.Errorf("signers %+v", view.Signers)
	}
	_, err = w.RemoveSigner(t.Context(), as("so"), task, engine.RemoveRequest{Signer: began.Case + ".999"})
	wantCode(t, err, "invalid")
	for range 2 {
		_, err = w.RemoveSigner(t.Context(), as("so"), task, engine.RemoveRequest{Signer: boss.Task, Key: "r"})
		if err != nil {
			t.Fatal(err)
		}
	}
	asked, err := w.Task(t.Context(), as("wong"), "en", w.task("wong", "sign").ID)
	if err != nil || len(asked.Form.Fields) != 0 || len(asked.Answers) != 2 || asked.Show[0].Text != "換燈" {
		t.Fatalf("wong has %+v %v", asked, err)
	}
	w.complete("wong", "sign", "rejected", "")
	back, err := w.Task(t.Context(), as("so"), "", w.task("so", "sign").ID)
	if err != nil || back.Held || len(back.Draft) == 0 {
		t.Fatalf("so has %+v %v", back, err)
	}
	want := []string{
		"陳发起“審批”，编号SP2026-001", "蘇办理“會簽”之前，先请黃、主管加签（或签）", "蘇减去“會簽”的签署人主管",
		"黃就“會簽”先表示意见：不同意",
	}
	if got := w.told("zh-Hans", began.Case, false); !slices.Equal(got, want) {
		t.Errorf("the story is %q", got)
	}
}

func TestTheInboxShowsPriorityFirst(t *testing.T) {
	t.Parallel()
	w, plain := approval(t)
	urgent := w.begin("chan", "approve", `{"what": "急"}`)
	page, err := w.Inbox(t.Context(), as("so"), "", engine.InboxQuery{})
	if err != nil || len(page.Tasks) != 2 || page.Tasks[0].Case != urgent.Case || page.Tasks[0].Priority != 9 ||
		page.Tasks[1].Case != plain.Case {
		t.Fatalf("the inbox is %+v %v", page.Tasks, err)
	}
	task := page.Tasks[0].ID // its place stays when it is claimed and given back
	if _, err := w.Claim(t.Context(), as("so"), task); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Release(t.Context(), as("so"), task); err != nil {
		t.Fatal(err)
	}
	if page, err = w.Inbox(t.Context(), as("li"), "", engine.InboxQuery{}); err != nil || page.Tasks[0].ID != task {
		t.Fatalf("the inbox is %+v %v", page.Tasks, err)
	}
}
