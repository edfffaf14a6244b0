package engine_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

func TestWhoMaySeeACase(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.begin("chan", "errand", `{"what": "x"}`).Case
	sees := func(person string) bool {
		_, err := w.Case(t.Context(), as(person), "", id)
		_, err2 := w.History(t.Context(), as(person), "", id, 0, 10)
		if engine.CodeOf(err) != engine.CodeOf(err2) {
			t.Errorf("%s: case %v, history %v", person, err, err2)
		}
		if err != nil {
			wantCode(t, err, engine.CodeNotFound)
		}
		return err == nil
	}
	for person, want := range map[string]bool{
		"ann": true, "chan": true, "wong": false, "so": true, "li": true, "lam": true, "fong": false,
	} {
		if sees(person) != want {
			t.Errorf("%s sees the new case: %v", person, !want)
		}
	}
	w.complete("so", "do", "fine", "")
	w.complete("lam", "check", "", "")
	for person, want := range map[string]bool{
		"ann": true, "chan": true, "wong": false, "so": true, "li": false, "lam": true, "fong": true,
	} {
		if sees(person) != want {
			t.Errorf("%s sees the finished case: %v", person, !want)
		}
	}
	_, err := w.Case(t.Context(), as("nobody"), "", id)
	wantCode(t, err, engine.CodeNotSignedIn)
	_, err = w.Case(t.Context(), engine.Actor{Office: "moon", Person: "chan"}, "", id)
	wantCode(t, err, engine.CodeNotSignedIn)
	_, err = w.Case(t.Context(), engine.Operator("sun"), "", id)
	wantCode(t, err, engine.CodeNotSignedIn)
}

func TestPrivateFieldsAreMaskedButInTheTaskThatAsks(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.begin("chan", "errand", `{"what": "取件", "phone": "+853 6666 0000"}`).Case
	w.complete("so", "do", "fine", "")
	view, err := w.Case(t.Context(), as("ann"), "", id)
	if err != nil {
		t.Fatal(err)
	}
	if f := view.Data[1]; f.Path != "phone" || f.Text != "•••" || f.Value != nil {
		t.Errorf("case shows %+v", f)
	}
	history, err := json.Marshal(w.history("ann", id))
	if err != nil || strings.Contains(string(history), "6666") || !strings.Contains(string(history), "•••") {
		t.Errorf("history shows the phone, or no mask: %s, %v", history, err)
	}
	task, err := w.Task(t.Context(), as("lam"), "", w.task("lam", "check").ID)
	if err != nil || task.Show[1].Text != "+853 6666 0000" {
		t.Errorf("task shows %+v, %v", task.Show, err)
	}
}

func TestATaskIsShownToItsCandidatesOnly(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.begin("chan", "errand", `{"what": "取件"}`)
	task := w.task("so", "do")
	view, err := w.Task(t.Context(), as("li"), "en", task.ID)
	if err != nil {
		t.Fatal(err)
	}
	if view.Title != "Do it" || view.ProcedureTitle != "Errand" || len(view.Answers) != 2 || !view.May {
		t.Errorf("%+v", view)
	}
	if len(view.Form.Fields) != 1 || view.Form.Fields[0].Path != "note" || view.Form.Fields[0].Required {
		t.Errorf("form %+v", view.Form)
	}
	if view.Show[0].Title != "Matter" || view.Show[0].Text != "取件" {
		t.Errorf("show %+v", view.Show)
	}
	for _, person := range []string{"chan", "fong"} {
		_, err := w.Task(t.Context(), as(person), "", task.ID)
		wantCode(t, err, engine.CodeNotFound)
		_, err = w.Claim(t.Context(), as(person), task.ID)
		if person == "fong" {
			wantCode(t, err, engine.CodeNotFound)
		} else {
			wantCode(t, err, "not-a-candidate")
		}
	}
	boss, err := w.Task(t.Context(), as("lam"), "", task.ID)
	if err != nil || boss.May || boss.WhyNot != "not-a-candidate" {
		t.Errorf("the manager sees %+v, %v", boss, err)
	}
}

func TestRowsOfATable(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.begin("chan", "parts", `{"parts": [{"name": "門", "code": "s1"}, {"name": "窗", "code": "s2"}]}`).Case
	for range 2 {
		line := w.task("so", "look")
		view, err := w.Task(t.Context(), as("so"), "", line.ID)
		if err != nil {
			t.Fatal(err)
		}
		name := map[string]string{"1": "門", "2": "窗"}[line.Row]
		if len(view.Show) != 1 || view.Show[0].Text != name || view.Form.Fields[0].Path != "part.fine" {
			t.Fatalf("row %q shows %+v, asks %+v", line.Row, view.Show, view.Form.Fields)
		}
		w.complete("so", "look", "", `{"part": {"fine": true}}`)
	}
	view, err := w.Task(t.Context(), as("chan"), "", w.task("chan", "mend").ID)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"parts":[{"#":0,"name":"門","code":"s1"},{"#":1,"name":"窗","code":"s2"}]}`
	if string(view.Values) != want || view.Form.EditRows[0] != "parts" {
		t.Errorf("the form begins with %s", view.Values)
	}
	if !strings.Contains(string(view.Show[0].Value), "s2") || view.Show[0].Text != "2行" {
		t.Errorf("the task shows %+v", view.Show[0])
	}
	shown, err := w.Case(t.Context(), as("chan"), "", id)
	if err != nil || strings.Contains(string(shown.Data[0].Value), "s2") {
		t.Errorf("the case shows %s, %v", shown.Data[0].Value, err)
	}
	w.complete("chan", "mend", "", `{"parts": [{"#": 1, "name": "大窗", "code": "s2"}, {"name": "牆", "code": "s3"}]}`)
	shown, err = w.Case(t.Context(), as("chan"), "", id)
	if err != nil || shown.Status != "finished" || !strings.Contains(string(shown.Data[0].Value), "大窗") {
		t.Errorf("%+v, %v", shown, err)
	}
	history, err := json.Marshal(w.history("chan", id))
	if err != nil || strings.Contains(string(history), `"s2"`) || strings.Contains(string(history), "s3") {
		t.Errorf("the history shows %s, %v", history, err)
	}
}

func TestHistoryIsToldInSentences(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.begin("chan", "errand", `{"what": "取件"}`).Case
	w.complete("so", "do", "fine", "")
	w.complete("lam", "check", "", "")
	var lines []string
	for _, e := range w.history("chan", id) {
		if e.Text == "" || strings.ContainsAny(e.Text, "{}") || e.Text == e.Kind {
			t.Errorf("%s is told as %q", e.Kind, e.Text)
		}
		lines = append(lines, e.Text)
	}
	told := strings.Join(lines, "\n")
	for _, want := range []string{
		"陳發起「差事」，編號CS2026-001", "填寫：事項 取件", "「辦理」交由大門崗辦理", "蘇完成「辦理」：可",
		"發出《通知單》，編號CS2026-001，副本送財務部", "「差事」結束：辦妥",
	} {
		if !strings.Contains(told, want) {
			t.Errorf("%q is not told in\n%s", want, told)
		}
	}
	rest, err := w.History(t.Context(), as("chan"), "en", id, int64(len(lines)-3), 2)
	if err != nil || len(rest) != 2 {
		t.Fatalf("%+v, %v", rest, err)
	}
	all, err := w.History(t.Context(), as("chan"), "en", id, 1, 1)
	if err != nil || all[0].Text != "陳 started “Errand”, number CS2026-001" || all[0].Actor != "chan" {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestCopiesAreReadByThoseWhoGotThem(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.begin("chan", "errand", `{"what": "取件"}`).Case
	w.complete("so", "do", "fine", "")
	w.complete("lam", "check", "", "")
	list, err := w.Copies(t.Context(), as("fong"), "", "", 0)
	if err != nil || len(list.Copies) != 1 || list.Copies[0].Read || list.Copies[0].Case != id {
		t.Fatalf("%+v, %v", list, err)
	}
	wantCode(t, w.ReadCopy(t.Context(), as("chan"), list.Copies[0].ID), engine.CodeNotFound)
	for range 2 {
		if err := w.ReadCopy(t.Context(), as("fong"), list.Copies[0].ID); err != nil {
			t.Fatal(err)
		}
	}
	list, err = w.Copies(t.Context(), as("fong"), "", "", 0)
	if err != nil || !list.Copies[0].Read {
		t.Fatalf("%+v, %v", list, err)
	}
}

func TestListsAreOfOnesOwn(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.begin("chan", "errand", `{"what": "1"}`)
	w.begin("wong", "errand", `{"what": "2"}`)
	w.begin("wong", "timed", "")
	for _, c := range []struct {
		person string
		query  store.CaseQuery
		want   int
	}{
		{"ann", store.CaseQuery{}, 3},
		{"chan", store.CaseQuery{}, 1},
		{"chan", store.CaseQuery{Starter: "wong"}, 0},
		{"lam", store.CaseQuery{}, 0},
		{"lam", store.CaseQuery{Procedure: "errand"}, 2},
		{"wong", store.CaseQuery{Procedure: "errand"}, 1},
	} {
		list, err := w.Cases(t.Context(), as(c.person), "", c.query)
		if err != nil || len(list.Cases) != c.want {
			t.Errorf("%s %+v: %d cases, %v", c.person, c.query, len(list.Cases), err)
		}
	}
	lines, err := w.Startable(t.Context(), as("chan"), "en")
	if err != nil || len(lines) != 5 || lines[0].Title != "Errand" || lines[0].Description != "To fetch something" ||
		len(lines[0].Starts[0].Form.Fields) != 2 {
		t.Errorf("startable %+v, %v", lines, err)
	}
	lines, err = w.Startable(t.Context(), as("so"), "")
	if err != nil || len(lines) != 0 {
		t.Errorf("startable %+v, %v", lines, err)
	}
	_, err = w.Start(t.Context(), as("so"), engine.StartRequest{Procedure: "timed"})
	wantCode(t, err, "not-allowed")
	page, err := w.Inbox(t.Context(), as("so"), "", engine.InboxQuery{Post: "boss"})
	if err != nil || len(page.Tasks) != 0 || page.Counts["gate"] != 3 || page.Counts["mine"] != 0 {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestDeploymentsNumberWhatChanged(t *testing.T) {
	t.Parallel()
	w := open(t)
	old := w.begin("chan", "timed", "")
	files := officeFiles()
	for i := range files {
		if files[i].Name == "timed.yaml" {
			files[i].Text = []byte(strings.ReplaceAll(timedYAML, "by: gate", "by: boss"))
		}
	}
	out, _, err := w.Deploy(t.Context(), as("ann"), files)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range out.Versions {
		if want := map[bool]int{true: 2, false: 1}[v.Procedure == "timed"]; v.Version != want {
			t.Errorf("%+v, want version %d", v, want)
		}
	}
	young := w.begin("chan", "timed", "")
	if w.task("so", "answer").Case != old.Case || w.task("lam", "answer").Case != young.Case {
		t.Error("a case does not keep the version it began with")
	}
	w.Close()
	w.start()
	if w.complete("so", "answer", "", "").Status != "finished" {
		t.Error("the old version does not run after a restart")
	}

	var fewer []definitions.File
	for _, f := range files {
		if f.Name != "timed.yaml" {
			fewer = append(fewer, f)
		}
	}
	_, _, err = w.Deploy(t.Context(), as("ann"), fewer)
	wantCode(t, err, engine.CodeWouldRemove)
	w.must(w.Deploy(t.Context(), as("ann"), fewer, "timed"))
	_, err = w.Start(t.Context(), as("chan"), engine.StartRequest{Procedure: "timed"})
	wantCode(t, err, engine.CodeNotDeployed)
	if w.complete("lam", "answer", "", "").Status != "finished" {
		t.Error("a case of a procedure that was taken away does not go on")
	}
	versions, err := w.Versions(t.Context(), "sun")
	if err != nil || len(versions) != 4 {
		t.Errorf("%+v, %v", versions, err)
	}
}

func TestDeploymentsWithProblemsAreRefused(t *testing.T) {
	t.Parallel()
	w := open(t)
	files := officeWith("bad.yaml", "procedure: bad\nsteps: [")
	_, problems, err := w.Deploy(t.Context(), as("ann"), files)
	wantCode(t, err, engine.CodeRefused)
	if len(problems) == 0 {
		t.Error("no problems are named")
	}
	_, _, err = w.Deploy(t.Context(), as("lam"), officeFiles())
	wantCode(t, err, engine.CodeForbidden)
	_, _, err = w.Deploy(t.Context(), engine.Operator("moon"), officeFiles())
	wantCode(t, err, string(core.Invalid))
}

// TestWarningsOfADeploymentAreKept: they are read again after a restart, as they were told.
func TestWarningsOfADeploymentAreKept(t *testing.T) {
	t.Parallel()
	w := openFile(t)
	files := officeFiles()
	for i := range files {
		switch files[i].Name {
		case "timed.yaml":
			files[i].Text = []byte(strings.ReplaceAll(timedYAML, "by: gate", "by: auditor"))
		case "office.yaml": // a post that nobody can hold yet
			files[i].Text = []byte(strings.Replace(string(files[i].Text), "posts: {", "posts: {auditor: 審計, ", 1))
		}
	}
	out, _, err := w.Deploy(t.Context(), as("ann"), files)
	if err != nil || len(out.Warnings) == 0 {
		t.Fatalf("%+v, %v", out, err)
	}
	w.Close()
	w.start()
	kept, err := w.InForce(t.Context(), as("ann"))
	if err != nil || !reflect.DeepEqual(kept.Warnings, out.Warnings) || kept.By != "ann" || !kept.At.Equal(out.At) {
		t.Errorf("kept %+v, %v\nof %+v", kept, err, out)
	}
	_, err = w.InForce(t.Context(), as("chan"))
	wantCode(t, err, engine.CodeForbidden)
}

func TestPeopleComeAndGo(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.begin("chan", "errand", `{"what": "x"}`)
	wantCode(t, w.PutPerson(t.Context(), as("chan"), store.PersonRow{ID: "x", Name: "X"}), engine.CodeForbidden)
	for _, p := range []store.PersonRow{
		{ID: "a/b", Name: "X"}, {ID: "x", Name: " "}, {ID: "x", Name: "X", Posts: []string{"pilot"}},
		{ID: "x", Name: "X", Unit: "none"},
	} {
		wantCode(t, w.PutPerson(t.Context(), as("ann"), p), string(core.Invalid))
	}
	gone := store.PersonRow{ID: "so", Name: "蘇", Posts: []string{"gate"}, Gone: true}
	if err := w.PutPerson(t.Context(), as("ann"), gone); err != nil {
		t.Fatal(err)
	}
	_, err := w.Inbox(t.Context(), as("so"), "", engine.InboxQuery{})
	wantCode(t, err, engine.CodeNotSignedIn)
	w.task("li", "do")
	err = w.FirstAdministrator(t.Context(), "sun", store.PersonRow{ID: "eve", Name: "E"})
	wantCode(t, err, engine.CodeForbidden)
	if err := w.FirstAdministrator(t.Context(), "moon", store.PersonRow{ID: "eve", Name: "E"}); err != nil {
		t.Fatal(err)
	}
	people, err := w.People(t.Context(), as("ann"))
	if err != nil || len(people) != 7 {
		t.Errorf("%d people, %v", len(people), err)
	}
}

// TestCasesAreFoundByWhatIsSearchable: by the value that a case has now, by those who may see the case.
func TestCasesAreFoundByWhatIsSearchable(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.must(w.Deploy(t.Context(), engine.Operator("sun"), officeWith("car.yaml", `procedure: car
title: 車
number: 'V{yyyy}-{n:3}'
manager: boss
data:
  car:
    title: 車
    fields: {plate: {title: 車牌, type: text, searchable: true}}
  fee: {title: 費用, type: money, searchable: true}
  day: {title: 日, type: date, searchable: true}
  who: {title: 誰, type: person, searchable: true}
  total: {title: 合計, type: money, value: fee * 2, searchable: true}
start: {by: desk, form: [car.plate, fee, day, who], optional: [car.plate, fee, day, who]}
steps:
  - {step: look, title: 看, task: {by: gate, form: [car.plate], optional: [car.plate], answers: {seen: 看了, again: 再看}},
     then: {seen: done, again: look}}
`)))
	one := w.begin("chan", "car", `{"car": {"plate": "MA-1"}, "fee": "5.00", "day": "2026-11-02", "who": "so"}`)
	w.clock.move(time.Minute)
	two := w.begin("wong", "car", `{"car": {"plate": "MA-1"}, "fee": "7.50", "day": "2026-11-03"}`)
	from := func(person, field, from, to string) string {
		q := store.CaseQuery{Procedure: "car", Field: field, From: from, To: to}
		list, err := w.Cases(t.Context(), as(person), "", q)
		if err != nil {
			return engine.CodeOf(err)
		}
		var numbers []string
		for _, c := range list.Cases {
			numbers = append(numbers, c.Number)
		}
		return strings.Join(numbers, " ")
	}
	find := func(person, field, value string) string { return from(person, field, value, value) }
	both := two.Number + " " + one.Number
	for _, c := range []struct{ person, field, value, want string }{
		{"ann", "car.plate", "MA-1", both}, {"ann", "car.plate", "MA-2", ""}, {"ann", "car.plate", "", "invalid"},
		{"lam", "car.plate", "MA-1", both}, {"chan", "car.plate", "MA-1", one.Number}, {"so", "car.plate", "MA-1", ""},
		{"ann", "fee", "5", one.Number}, {"ann", "fee", "7.50", two.Number}, {"ann", "fee", "five", "invalid"},
		{"ann", "total", "10.00", one.Number}, {"ann", "day", "2026-11-03", two.Number}, {"ann", "day", "now", "invalid"},
		{"ann", "who", "so", one.Number}, {"ann", "plate", "MA-1", "invalid"}, {"ann", "", "MA-1", "invalid"},
	} {
		if got := find(c.person, c.field, c.value); got != c.want {
			t.Errorf("%s finds %q by %s = %s, want %q", c.person, got, c.field, c.value, c.want)
		}
	}
	for _, c := range []struct{ field, from, to, want string }{
		{"fee", "5", "7.5", both}, {"fee", "5.01", "", two.Number}, {"fee", "", "7.49", one.Number}, {"fee", "-3", "3", ""},
		{"fee", "1000", "", ""}, {"day", "2026-11-03", "", two.Number}, {"day", "2026-01-01", "2026-11-02", one.Number},
		{"fee", "five", "7", "invalid"}, {"fee", "5", "seven", "invalid"}, {"car.plate", "MA-1", "MA-2", "invalid"},
	} {
		if got := from("ann", c.field, c.from, c.to); got != c.want {
			t.Errorf("%s from %q to %q finds %q, want %q", c.field, c.from, c.to, got, c.want)
		}
	}
	w.complete("so", "look", "again", `{"car": {"plate": "MA-9"}}`)
	was, is := find("ann", "car.plate", "MA-1"), find("ann", "car.plate", "MA-9")
	if was+" "+is != both && is+" "+was != both {
		t.Errorf("after the change MA-1 finds %q and MA-9 %q", was, is)
	}
}
