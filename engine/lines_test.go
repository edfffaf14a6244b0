package engine_test

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

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
	files := officeWith("car.yaml", subjectYAML)
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
	acts := make([]string, len(stands.Acts))
	for i, a := range stands.Acts {
		acts[i] = a.Act
	}
	if !slices.Equal(acts, []string{"revoke", "urge", "copy", "comment"}) {
		t.Errorf("whoever began it may %v", acts)
	}
	task := stands.Open[0].ID
	if _, err := w.Claim(t.Context(), as("so"), task); err != nil {
		t.Fatal(err)
	}
	if held := line().Open[0]; held.Holder != "so" || held.HolderName == "" {
		t.Errorf("it is held by %q, %q", held.Holder, held.HolderName)
	}
}

// TestLinesSayWhenATaskIsTakenAway: by a timeout, and what comes in its place.
func TestLinesSayWhenATaskIsTakenAway(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.begin("chan", "timed", "").Case
	want := w.clock.Now().Add(3 * time.Minute)
	says := func(what string, line engine.TaskLine) {
		t.Helper()
		if line.Until == nil || !line.Until.Equal(want) || line.Otherwise != "代答" {
			t.Errorf("%s: until %v, otherwise %q, want %v and 代答", what, line.Until, line.Otherwise, want)
		}
	}
	page, err := w.Inbox(t.Context(), as("so"), "", engine.InboxQuery{})
	if err != nil || len(page.Tasks) != 1 {
		t.Fatalf("%d tasks, %v", len(page.Tasks), err)
	}
	says("inbox", page.Tasks[0])
	task, err := w.Task(t.Context(), as("so"), "", page.Tasks[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	says("task", task.TaskLine)
	if _, err := w.Suspend(t.Context(), as("ann"), id, engine.SuspendRequest{}); err != nil {
		t.Fatal(err)
	}
	if task, err = w.Task(t.Context(), as("so"), "", task.ID); err != nil || task.Until != nil {
		t.Errorf("of a suspended case: until %v, %v", task.Until, err)
	}
}

const clocksYAML = `procedure: clocks
title: 時鐘
number: "C{n:3}"
manager: boss
data: {kind: {title: 種類, type: choice, options: [none, late, soon, block, handed, race, called]}}
start: {by: desk, form: [kind]}
steps:
  - step: sort
    title: 分
    then:
      - {when: kind == 'late', to: late}
      - {when: kind == 'soon', to: soon}
      - {when: kind == 'block', to: block}
      - {when: kind == 'handed', to: handed}
      - {when: kind == 'race', to: race}
      - {when: kind == 'called', to: called}
      - {to: plain}
  - {step: plain, title: 無限, task: {by: gate}, then: done}
  - {step: late, title: 五分, within: minutes(5), task: {by: gate}, then: done}
  - {step: soon, title: 一分, within: minutes(1), task: {by: gate}, timeouts: {after: minutes(9), to: other}, then: done}
  - step: block
    title: 塊
    timeouts: {after: minutes(2), to: other}
    steps:
      - {step: inner, title: 塊中, within: minutes(7), task: {by: gate}}
    then: done
  - step: handed
    title: 轉交
    task: {by: gate}
    timeouts:
      - {after: minutes(1), remind: boss}
      - {after: minutes(6), reassign: =holders}
      - {after: minutes(8), to: other}
    then: done
  - {step: race, title: 競先, choose: first-event, then: [reply, silence]}
  - {step: reply, title: 回覆, task: {by: gate}, then: done}
  - {step: silence, title: 未覆, wait: {over: {after: minutes(3)}}, then: other}
  - {step: called, title: 上報, task: {by: gate}, timeouts: {after: minutes(4), escalate: boss}, then: done}
  - {step: other, title: 代辦, task: {by: boss}, then: done}
`

// TestTheSoonestTakenAwayStandsAbove: an inbox is in the order of limits and of the timeouts that take a task away, its
// own or of a block around it, or of a wait with which it races. A reminder is none; when a timeout has passed on a
// task, the next one counts.
func TestTheSoonestTakenAwayStandsAbove(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.must(w.Deploy(t.Context(), engine.Operator("sun"), officeWith("clocks.yaml", clocksYAML)))
	began := w.clock.Now()
	for _, kind := range []string{"none", "late", "handed", "race", "block", "soon"} {
		w.begin("chan", "clocks", `{"kind": "`+kind+`"}`)
	}
	at := func(minutes int) *time.Time {
		moment := began.Add(time.Duration(minutes) * time.Minute)
		return &moment
	}
	list := func(q engine.InboxQuery, want ...engine.TaskLine) {
		t.Helper()
		page, err := w.Inbox(t.Context(), as("so"), "", q)
		if err != nil || len(page.Tasks) != len(want) {
			t.Fatalf("%d tasks, want %d: %v", len(page.Tasks), len(want), err)
		}
		for i, line := range page.Tasks {
			got := engine.TaskLine{Title: line.Title, Due: line.Due, Until: line.Until, Otherwise: line.Otherwise}
			if !reflect.DeepEqual(got, want[i]) {
				t.Errorf("%d: %s, due %v, until %v, otherwise %q, want %+v", i, got.Title, got.Due, got.Until, got.Otherwise,
					want[i])
			}
		}
	}
	soon := engine.TaskLine{Title: "一分", Due: at(1), Until: at(9), Otherwise: "代辦"}
	inner := engine.TaskLine{Title: "塊中", Due: at(7), Until: at(2), Otherwise: "代辦"}
	late := engine.TaskLine{Title: "五分", Due: at(5)}
	handed := engine.TaskLine{Title: "轉交", Until: at(6)}
	plain := engine.TaskLine{Title: "無限"}
	reply := engine.TaskLine{Title: "回覆", Until: at(3), Otherwise: "代辦"}
	list(engine.InboxQuery{}, soon, inner, reply, late, handed, plain)
	list(engine.InboxQuery{Find: "C0"}, soon, inner, reply, late, handed, plain)

	w.clock.move(6 * time.Minute)
	handed = engine.TaskLine{Title: "轉交", Until: at(8), Otherwise: "代辦"}
	w.eventually("the block is interrupted, and the third is handed over", func(ctx context.Context) bool {
		page, err := w.Inbox(ctx, as("so"), "", engine.InboxQuery{})
		return err == nil && len(page.Tasks) == 4 && page.Tasks[2].Until != nil && page.Tasks[2].Until.Equal(*at(8))
	})
	list(engine.InboxQuery{}, soon, late, handed, plain)
}

// TestATaskSaysWhoIsCalledIn: by the next timeout that lets others do it, as well or instead; whoever begins one that
// races keeps it.
func TestATaskSaysWhoIsCalledIn(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.must(w.Deploy(t.Context(), engine.Operator("sun"), officeWith("clocks.yaml", clocksYAML)))
	at := w.clock.Now()
	task := func(kind string) engine.TaskView {
		t.Helper()
		begun := w.begin("chan", "clocks", `{"kind": "`+kind+`"}`)
		page, err := w.Inbox(t.Context(), as("so"), "", engine.InboxQuery{Find: begun.Number})
		if err != nil || len(page.Tasks) != 1 {
			t.Fatalf("%d tasks, %v", len(page.Tasks), err)
		}
		view, err := w.Task(t.Context(), as("so"), "", page.Tasks[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		return view
	}
	for kind, want := range map[string]*engine.CallInView{
		"none":   nil,
		"soon":   nil,
		"called": {At: at.Add(4 * time.Minute), People: "主管"},
		"handed": {At: at.Add(6 * time.Minute), People: "經辦人", Instead: true},
	} {
		if got := task(kind).CallsIn; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", kind, got, want)
		}
	}
	race := task("race")
	if err := w.SaveDraft(t.Context(), as("so"), race.ID, []byte(`{}`)); err != nil {
		t.Fatal(err)
	}
	if got, err := w.Task(t.Context(), as("so"), "", race.ID); err != nil || race.Until == nil || got.Until != nil {
		t.Errorf("until %v, once begun %v, %v", race.Until, got.Until, err)
	}
}

// TestFormsBeginWithDefaults: with the time, the person and the settings as they are when the form is shown.
func TestFormsBeginWithDefaults(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.must(w.Deploy(t.Context(), engine.Operator("sun"), officeWith("entry.yaml", `procedure: entry
title: 進入
manager: boss
settings: {most: {title: 上限, type: count, value: 4}}
data:
  came: {title: 進入時間, type: moment, default: now}
  day:  {title: 日期, type: date, default: today}
  who:  {title: 登記人, type: person, default: actor}
  most: {title: 人數, type: count, default: settings.most}
  word: {title: 說明, type: text}
start: {by: desk, form: [came, day, who, most, word]}
steps:
  - {step: look, title: 看, task: {by: gate, form: [day, word]}}
`)))
	lines, err := w.Startable(t.Context(), as("chan"), "")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(lines, func(l engine.ProcedureLine) bool { return l.ID == "entry" })
	now := w.clock.Now()
	day := now.In(time.FixedZone("", 8*3600)).Format(time.DateOnly)
	for k, want := range []string{
		`"` + now.UTC().Format(time.RFC3339) + `"`, `"` + day + `"`, `{"id":"chan","name":"陳","posts":["desk"]}`, "4", "",
	} {
		f := lines[i].Starts[0].Form.Fields[k]
		if string(f.Default) != want || f.Now != (k == 0) {
			t.Errorf("%s begins with %s (now: %v), want %s", f.Path, f.Default, f.Now, want)
		}
	}
}

// TestAFormSaysWhatItsCheckMayWant: what may be left empty, unless a check of the form reads it.
func TestAFormSaysWhatItsCheckMayWant(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.must(w.Deploy(t.Context(), engine.Operator("sun"), officeWith("cars.yaml", `procedure: cars
title: 車輛
manager: boss
data:
  car: {title: 車, fields: {kind: {title: 類別, type: choice, options: [car, none]}, plate: {title: 車牌, type: text}}}
  word: {title: 說明, type: text}
start:
  by: desk
  form: [car, word]
  optional: [car.plate, word]
  check: {that: car.kind != 'car' || has(car.plate), say: 須記車牌, at: car.plate}
steps:
  - {step: look, title: 看, task: {by: gate, form: [word]}}
`)))
	lines, err := w.Startable(t.Context(), as("chan"), "")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(lines, func(l engine.ProcedureLine) bool { return l.ID == "cars" })
	for k, want := range []engine.FieldView{
		{Path: "car.kind", Required: true}, {Path: "car.plate", Judged: true}, {Path: "word"},
	} {
		f := lines[i].Starts[0].Form.Fields[k]
		if got := (engine.FieldView{Path: f.Path, Required: f.Required, Judged: f.Judged}); !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
}
