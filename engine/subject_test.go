package engine_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/store"
)

const subjectYAML = `procedure: car
title: 車
subject: [car.plate, size, words]
manager: boss
revoke: {until: park}
data:
  car:
    title: 車
    fields: {plate: {title: 車牌, type: text}}
  size: {title: 大小, type: choice, options: {big: 大, small: 小}}
  words: {title: 說明, type: note}
start: {by: desk, form: [car.plate, size], optional: [car.plate]}
steps:
  - {step: look, title: 看, task: {by: gate, form: words}}
  - {step: park, title: 停, task: {by: gate}}
`

// deployCars deploys the office with a procedure whose cases say what they are about.
func (w *world) deployCars() {
	files := append(officeFiles(), definitions.File{Name: "car.yaml", Text: []byte(subjectYAML)})
	for i, f := range files {
		if f.Name == "texts.en.yaml" {
			files[i].Text = []byte(textsYAML + "大: Large\n")
		}
	}
	w.must(w.Deploy(w.t.Context(), engine.Operator("sun"), files))
}

// TestListsSayWhatACaseIsAbout: in the reader's language, as the case stands now, wherever it is listed.
func TestListsSayWhatACaseIsAbout(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.deployCars()
	began := w.begin("chan", "car", `{"car": {"plate": "MA-1"}, "size": "big"}`)
	w.clock.move(time.Minute)
	blank := w.begin("chan", "car", `{"size": "small"}`)
	other := w.begin("chan", "errand", `{"what": "取件"}`)
	tasks := map[string]string{} // task of each case
	inbox := func(lang string, q engine.InboxQuery) map[string]string {
		page, err := w.Inbox(t.Context(), as("so"), lang, q)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for _, line := range page.Tasks {
			out[line.Case], tasks[line.Case] = line.Subject, line.ID
		}
		return out
	}
	want := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	rows := inbox("", engine.InboxQuery{})
	want("inbox", rows[began.Case], "MA-1 · 大")
	want("inbox of a case without a plate", rows[blank.Case], "小")
	want("inbox of a procedure without a subject", rows[other.Case], "")
	want("inbox in English", inbox("en", engine.InboxQuery{})[began.Case], "MA-1 · Large")
	want("what was searched", inbox("", engine.InboxQuery{Find: began.Number})[began.Case], "MA-1 · 大")

	long := strings.Repeat("長", 50)
	done, err := w.Complete(t.Context(), as("so"), tasks[began.Case], engine.CompleteRequest{
		Values: []byte(`{"words": "` + long + `\n第二行"}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	want("after a change", done.Tasks[0].Subject, "MA-1 · 大 · "+strings.Repeat("長", 39)+"…")
	view, err := w.Task(t.Context(), as("so"), "", done.Tasks[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	want("task", view.Subject, done.Tasks[0].Subject)
	one, err := w.Case(t.Context(), as("chan"), "", began.Case)
	if err != nil {
		t.Fatal(err)
	}
	want("case", one.Subject, view.Subject)
	want("open task of the case", one.Open[0].Subject, view.Subject)
	list, err := w.Cases(t.Context(), as("chan"), "", store.CaseQuery{Procedure: "car"})
	if err != nil || len(list.Cases) != 2 {
		t.Fatalf("%d cases, %v", len(list.Cases), err)
	}
	want("list of cases", list.Cases[1].Subject, view.Subject)
}

// TestMyCasesSayWhereTheyStand: in the list, without opening one.
func TestMyCasesSayWhereTheyStand(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.deployCars()
	began := w.begin("chan", "car", `{"size": "big"}`)
	line := func() engine.CaseLine {
		t.Helper()
		list, err := w.Cases(t.Context(), as("chan"), "", store.CaseQuery{Starter: "chan"})
		if err != nil || len(list.Cases) != 1 {
			t.Fatalf("%+v: %v", list, err)
		}
		one, err := w.Case(t.Context(), as("chan"), "", began.Case)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := list.Cases[0], one.CaseLine; !reflect.DeepEqual(a.Open, b.Open) || a.OutcomeTitle != b.OutcomeTitle {
			t.Errorf("the list says %+v, the case %+v", a, b)
		}
		return list.Cases[0]
	}
	stands := line()
	if len(stands.Open) != 1 || stands.Open[0].Title != "看" || !slices.Equal(stands.Open[0].Posts, []string{"gate"}) {
		t.Errorf("it stands at %+v", stands.Open)
	}
	if len(stands.Acts) != 1 || stands.Acts[0].Act != "revoke" || !stands.Acts[0].May {
		t.Errorf("whoever began it may %+v", stands.Acts)
	}
	task := stands.Open[0].ID
	if _, err := w.Claim(t.Context(), as("so"), task); err != nil {
		t.Fatal(err)
	}
	if held := line().Open[0]; held.Holder != "so" || held.HolderName == "" {
		t.Errorf("it is held by %q, %q", held.Holder, held.HolderName)
	}
}
