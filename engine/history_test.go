package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/offices"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/internal/golden"
	"github.com/guicheng/guicheng/store"
)

// TestStories tells whole cases of the shipped office as a reader sees them; read testdata/*.txt as a stranger would.
func TestStories(t *testing.T) {
	t.Parallel()
	for name, play := range map[string]func(*shipped) string{
		"visitor_refused": visitorRefused, "complaint_with_visit": complaintWithVisit, "visit_rebooked": visitRebooked,
		"visit_called_off": visitCalledOff, "complaint_urged": complaintUrged,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := openShipped(t)
			id := play(w)
			for _, lang := range []string{"zh-Hant", "zh-Hans", "en"} {
				golden.Check(t, filepath.Join("testdata", name+"."+lang+".txt"), w.story(lang, id))
			}
		})
	}
}

// visitorRefused: nobody answers for the finance department within three minutes; the supervisor does not admit him.
func visitorRefused(w *shipped) string {
	id := w.begin("li", "visitor", `{"visitor": {"kind": "person", "name": "吳先生"},
		"host": {"kind": "department", "department": "finance"}}`)
	w.pass(3*time.Minute, "lam", "stand-in")
	w.does("lam", "stand-in", "unknown", "")
	w.does("li", "refuse", "", "")
	return id
}

// complaintWithVisit: a leak that a repairer mends in the home.
func complaintWithVisit(w *shipped) string {
	id := w.begin("chan", "complaint", `{"resident": {"name": "陳先生", "unit_no": "A12-0803"},
		"matter": {"channel": "call", "what": "廚房水管漏水"}}`)
	w.classified(`"needs": ["m-and-e"], "in_home": true, "demands_time": false`)
	w.does("chan", "repair-order", "", `{"repair": {"what": "換水管", "place": "廚房", "follower": "wong"}}`)
	w.does("lam", "sign-order", "approved", `{"repair": {"escorted": true}}`)
	w.does("fung", "schedule", "at-once", `{"repair": {"repairer": "fung"}}`)
	w.agreed()
	w.confirmed("15:00", "fung")
	w.visited("fung")
	w.does("fung", "both-sign", "approved", "")
	w.does("wong", "both-sign", "approved", "")
	w.does("chan", "answer", "", `{"reply": "已更換水管"}`)
	return id
}

// complaintUrged: the supervisor's plan is late, the matter turns serious, and the resident will not be visited.
func complaintUrged(w *shipped) string {
	id := w.begin("chan", "complaint", `{"resident": {"name": "陳先生", "unit_no": "A12-0803"},
		"matter": {"channel": "call", "what": "天花滲水"}}`)
	w.classified(`"needs": ["environment", "security"], "in_home": false, "demands_time": true,
		"wanted_at": "2026-11-02T15:00:00+08:00"`)
	w.pass(2*time.Hour, "ho", "plan")
	w.does("lam", "plan", "", `{"plan": {"what": "下午三時到場", "ready_at": "2026-11-02T15:00:00+08:00"}}`)
	w.does("chan", "tell-plan", "", "")
	w.sends("yip", id, "serious", `{"serious": "電線受潮"}`)
	w.does("yip", "environment", "", `{"environment": "已清理"}`)
	w.does("ho", "tell-manager", "", `{"instruction": {"says": "請工程師"}}`)
	if _, err := w.Cancel(w.t.Context(), w.as("ann"), id, engine.CancelRequest{Reason: "業戶撤回投訴"}); err != nil {
		w.t.Fatal(err)
	}
	return id
}

// visitRebooked: of two departments one cannot come; at the new time nobody opens at first.
func visitRebooked(w *shipped) string {
	id := w.visit()
	w.agreed()
	w.does("fung", "confirm", "", `{"party": {"coming": true}}`)
	w.does("yip", "confirm", "", `{"party": {"coming": false}}`)
	w.does("chan", "tell-again", "", `{"appointment": {"at": "2026-11-02T16:00:00+08:00", "reason": "late"}}`)
	w.confirmed("16:00", "fung", "yip")
	w.visited("fung", "yip")
	return id
}

// visitCalledOff: the departments do not confirm, then the resident gives up.
func visitCalledOff(w *shipped) string {
	id := w.visit()
	w.agreed()
	w.does("fung", "confirm", "", `{"party": {"coming": true}}`)
	w.pass(5*time.Hour+30*time.Minute, "chan", "tell-again")
	w.does("chan", "tell-again", "", `{"appointment": {"at": "2026-11-02T16:00:00+08:00", "reason": "late"}}`)
	w.sends("yip", id, "cannot-keep", "")
	w.pass(90*time.Minute, "lam", "tell-again")
	w.sends("chan", id, "give-up", "")
	return id
}

// told lists the sentences of a case that a person would tell, or all of them.
func (w *world) told(lang, id string, all bool) []string {
	w.t.Helper()
	page, err := w.History(w.t.Context(), as("ann"), lang, id, 0, 200)
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, e := range page {
		if all || !e.Detail {
			out = append(out, e.Text)
		}
	}
	return out
}

// The step around the rows and the step for each row have one id; no sentence may take one for the other.
func TestRowsAreTold(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.begin("chan", "parts", `{"parts": [{"name": "門", "code": "s1"}, {"name": "窗", "code": "s2"}]}`).Case
	w.complete("so", "look", "", `{"part": {"fine": true}}`)
	w.complete("so", "look", "", `{"part": {"fine": true}}`)
	want := []string{"陳發起「分項」，編號FX2026-001", "蘇完成「查看」（1 門）", "蘇完成「查看」（2 窗）"}
	if got := w.told("", id, false); !slices.Equal(got, want) {
		t.Errorf("the story is %q, want %q", got, want)
	}
	var next []string
	for _, text := range w.told("en", id, true) {
		if strings.HasPrefix(text, "Next after") {
			next = append(next, text)
		}
	}
	want = []string{
		"Next after “查看” (1 門): the end “done”", "Next after “查看” (2 窗): the end “done”", "Next after “查看”: “更正”",
	}
	if !slices.Equal(next, want) {
		t.Errorf("the ways are %q, want %q", next, want)
	}
}

func TestRowsWithoutANameAreNumbered(t *testing.T) {
	t.Parallel()
	w := open(t)
	files := officeFiles()
	for i, f := range files {
		if f.Name == "parts.yaml" {
			files[i].Text = []byte(strings.ReplaceAll(partsYAML, "name: {title: 名稱, type: text}",
				"name: {title: 名稱, type: text, private: true}"))
		}
	}
	w.must(w.Deploy(t.Context(), as("ann"), files))
	id := w.begin("chan", "parts", `{"parts": [{"name": "門", "code": "s1"}]}`).Case
	w.complete("so", "look", "", `{"part": {"fine": true}}`)
	for lang, want := range map[string]string{
		"zh-Hant": "蘇完成「查看」（第1項）", "zh-Hans": "蘇完成“查看”（第1项）", "en": "蘇 completed “查看” (row 1)",
	} {
		if got := w.told(lang, id, false); len(got) != 2 || got[1] != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}

func TestIncidentsAreToldInWords(t *testing.T) {
	t.Parallel()
	w := open(t)
	id := w.begin("chan", "order", `{"matter": "送文件"}`).Case
	w.eventually("the called case begins", w.hasTask("so", "do"))
	child := w.task("so", "do").Case
	if _, err := w.Cancel(t.Context(), as("lam"), child, engine.CancelRequest{Reason: "不辦"}); err != nil {
		t.Fatal(err)
	}
	w.noLetters()
	for _, c := range []struct{ id, want string }{
		{id, "「差事辦理」遇到故障：另開的案件已撤銷：不辦"},
		{id, "「差事辦理」另開案件「差事」"},
		{child, "「差事」由另一個案件開始，編號CS2026-001"},
		{child, "林撤銷「差事」：不辦"},
	} {
		if got := w.told("", c.id, false); !slices.Contains(got, c.want) {
			t.Errorf("%q is not told in %q", c.want, got)
		}
	}
}

// shipped is an engine with the shipped office, at nine in the morning.
type shipped struct {
	*engine.Engine
	t     *testing.T
	clock *handClock
}

func openShipped(t *testing.T) *shipped {
	t.Helper()
	w := &shipped{t: t, clock: newHandClock()}
	e, err := engine.Open(t.Context(), engine.Options{
		Store: openStore(t, ":memory:"), Clock: w.clock, Logger: slog.New(slog.NewTextHandler(testLog{t}, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Engine = e
	t.Cleanup(e.Close)
	files, err := definitions.ReadDir(offices.FS, "sunshine")
	if err != nil {
		t.Fatal(err)
	}
	if _, problems, err := e.Deploy(t.Context(), engine.Operator("sunshine"), files); err != nil {
		t.Fatal(problems, err)
	}
	for _, p := range []store.PersonRow{
		{ID: "ann", Name: "安敏", Admin: true}, {ID: "li", Name: "李國強", Posts: []string{"gate"}},
		{ID: "chan", Name: "陳美玲", Posts: []string{"front-desk"}},
		{ID: "wong", Name: "黃志明", Posts: []string{"front-desk"}},
		{ID: "lam", Name: "林慧", Posts: []string{"supervisor"}},
		{ID: "ho", Name: "何偉", Posts: []string{"property-manager"}},
		{ID: "fung", Name: "馮文", Posts: []string{"m-and-e"}}, {ID: "yip", Name: "葉青", Posts: []string{"environment"}},
		{ID: "koo", Name: "顧全", Posts: []string{"security"}},
	} {
		if err := e.PutPerson(t.Context(), engine.Operator("sunshine"), p); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func (w *shipped) as(person string) engine.Actor {
	return engine.Actor{Office: "sunshine", Person: person}
}

func (w *shipped) begin(person, procedure, values string) string {
	w.t.Helper()
	out, err := w.Start(w.t.Context(), w.as(person), engine.StartRequest{
		Procedure: procedure, Values: json.RawMessage(values),
	})
	if err != nil {
		w.t.Fatalf("%s starts %s: %v", person, procedure, err)
	}
	return out.Case
}

func (w *shipped) does(person, step, answer, values string) {
	w.t.Helper()
	id := w.offered(person, step)
	if _, err := w.Complete(w.t.Context(), w.as(person), id, engine.CompleteRequest{
		Answer: answer, Values: json.RawMessage(values),
	}); err != nil {
		w.t.Fatalf("%s does %s: %v", person, step, err)
	}
}

func (w *shipped) sends(person, id, message, values string) {
	w.t.Helper()
	_, err := w.Send(w.t.Context(), w.as(person), engine.MessageRequest{
		Case: id, Name: message, Values: json.RawMessage(values),
	})
	if err != nil {
		w.t.Fatalf("%s sends %s: %v", person, message, err)
	}
}

// pass lets time go by until a person is offered a step, because something fell due.
func (w *shipped) pass(d time.Duration, person, step string) {
	w.t.Helper()
	w.clock.move(d)
	w.offered(person, step)
}

// offered waits until the person has the task, which a called case or a timer may have to bring.
func (w *shipped) offered(person, step string) string {
	w.t.Helper()
	var id string
	(&world{t: w.t}).eventually(person+" has "+step, func(ctx context.Context) bool {
		page, err := w.Inbox(ctx, w.as(person), "", engine.InboxQuery{})
		for _, task := range page.Tasks {
			if task.Step == step {
				id = task.ID
			}
		}
		return err == nil && id != ""
	})
	return id
}

func (w *shipped) classified(more string) {
	w.t.Helper()
	w.does("chan", "repeat-back", "confirmed", `{"resident": {"name": "陳先生", "unit_no": "A12-0803"},
		"matter": {"what": "滲水"}}`)
	w.does("chan", "classify", "", `{"matter": {"channel": "call", "what": "滲水", "handled_by": "us", `+more+`}}`)
}

func (w *shipped) visit() string {
	w.t.Helper()
	return w.begin("chan", "home-visit", `{"resident": {"name": "冼先生", "unit_no": "A12-0803", "phone": "13800000000"},
		"work": {"what": "更換水管"}, "parties": [{"post": "m-and-e"}, {"post": "environment"}]}`)
}

func (w *shipped) agreed() {
	w.t.Helper()
	w.does("chan", "name", "", `{"reading": {"sure": true}}`)
	w.does("chan", "appoint", "", `{"appointment": {"at": "2026-11-02T15:00:00+08:00", "reason": "first"}}`)
	w.does("chan", "brief", "", `{"work": {"what": "更換水管", "takes": "1h", "care": "先關總閥"}}`)
}

// confirmed is what happens until everybody stands at the door, at the time that was agreed.
func (w *shipped) confirmed(at string, people ...string) {
	w.t.Helper()
	for _, p := range people {
		w.does(p, "confirm", "", `{"party": {"coming": true}}`)
	}
	then, err := time.Parse(time.RFC3339, "2026-11-02T"+at+":00+08:00")
	if err != nil {
		w.t.Fatal(err)
	}
	w.pass(then.Sub(w.clock.Now()), people[0], "set-off")
	for _, p := range people {
		w.does(p, "set-off", "", `{"party": {"here_at": "`+w.clock.Now().Format(time.RFC3339)+`"}}`)
	}
	w.does("chan", "gather", "", "")
}

// visited is what happens at the door, which is opened after the second ring, and behind it.
func (w *shipped) visited(people ...string) {
	w.t.Helper()
	w.does("chan", "rehearse", "", "")
	w.does("chan", "ring", "", "")
	w.pass(3*time.Minute, "chan", "ring-again")
	w.does("chan", "ring-again", "", "")
	w.does("chan", "door-again", "opened", "")
	w.does("chan", "greet", "", "")
	for _, p := range people {
		w.does(p, "work", "", "")
	}
	w.does("chan", "escort", "", `{"conduct": ["talk", "remarks", "tools", "moving", "sitting", "roaming"]}`)
	a, err := w.PutFile(w.t.Context(), w.as("chan"), "簽名.png", "image/png", []byte("signature"))
	if err != nil {
		w.t.Fatal(err)
	}
	raw, err := json.Marshal(map[string]any{"result": map[string]any{"signature": a}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.does("chan", "finish", "accepted", string(raw))
}

// story is what a reader sees of a case: read in small pages, which must say the same as a large one.
func (w *shipped) story(lang, id string) string {
	w.t.Helper()
	var out strings.Builder
	for after := int64(0); ; {
		page, err := w.History(w.t.Context(), w.as("ann"), lang, id, after, 3)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, e := range page {
			if !e.Detail {
				fmt.Fprintf(&out, "%s %s\n", e.At.In(time.FixedZone("", 8*3600)).Format("15:04"), e.Text)
			}
		}
		if len(page) == 0 {
			return out.String()
		}
		after = page[len(page)-1].Seq
	}
}
