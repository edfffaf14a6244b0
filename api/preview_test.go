package api

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/store"
)

// moveYAML has something for every act that takes work away.
const moveYAML = `procedure: move
title: 搬遷
number: 'M{yyyy}-{n:3}'
manager: desk
data: {rooms: {title: 房間, each: room, rows: {name: {title: 名稱, type: text}, done: {title: 好了, type: yes-no}}}}
messages: {halt: {title: 叫停, by: desk}}
documents: {order: {title: 派工單, number: 'P{n:3}', copies: gate, body: ['派工']}}
start: {by: gate, form: [rooms.name]}
revoke: {until: close}
ends: {moved: 搬好, halted: {title: 叫停, cancels: all, undo: all}}
events: [{message: halt, to: halted}]
steps:
  - {step: book, title: 訂車, task: {by: desk, recall: true}, issues: order, compensate: unbook, then: pack}
  - {step: pack, title: 打包, task: {by: desk, recall: true}, choose: all, then: [load, pay]}
  - step: load
    title: 裝車
    for_each: {in: rooms, rest: cancel, finish: desk}
    task: {by: gate, show: [room.name], form: [room.done]}
    then: close
  - {step: pay, title: 付款, task: {by: desk}, then: close}
  - {step: close, title: 結束, join: all, task: {by: desk}, then: moved}
  - {step: unbook, title: 退車, task: {by: desk}}
`

// tried is a preview in a few words: what would be withdrawn, undone, compensated, void and open, now and later, and
// whether it ends.
func tried(a *answer) string {
	var out []string
	for _, list := range []string{"withdrawn", "undone", "compensated", "restored", "superseded", "opened", "later"} {
		for i := range a.size("preview", list) {
			step, ok := a.at("preview", list, i, "step").(string)
			if !ok {
				step = fmt.Sprint(a.at("preview", list, i))
			}
			out = append(out, list+" "+step)
		}
	}
	if a.at("preview", "ends") == true {
		out = append(out, "ends")
	}
	return strings.Join(out, ", ")
}

// Every act that takes work away tells first what would come of it, and does nothing then.
func TestWhatWouldComeOfItOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deploy("house", officeYAML, moveYAML)
	he, chen, ma := w.in("house", "he"), w.in("house", "chen"), w.in("house", "ma")
	rooms := map[string]any{"rooms": []any{map[string]any{"name": "甲"}, map[string]any{"name": "乙"}}}
	id := he.post(prefix+"/procedures/move/cases", values(rooms)).want(http.StatusCreated).text("case")
	at := prefix + "/cases/" + id
	chen.do("book", "", nil).want(http.StatusOK)
	pack := prefix + "/tasks/" + chen.get(prefix+"/inbox").text("tasks", 0, "id")
	dry := func(more map[string]any) map[string]any {
		out := map[string]any{"dry": true, "reason": "改期"}
		maps.Copy(out, more)
		return out
	}
	only := func(more map[string]any) map[string]any { // without a reason
		out := dry(more)
		delete(out, "reason")
		return out
	}
	acts := func(step string) []int64 {
		t.Helper()
		got, out := ma.get(at).want(http.StatusOK), []int64(nil)
		for i := range got.size("running") {
			if got.text("running", i, "step") == step {
				out = append(out, int64(got.at("running", i, "act").(float64)))
			}
		}
		return out
	}
	last := func() string { return string(he.get(at + "/history?limit=200&detail=true").want(http.StatusOK).body) }
	before := last()
	check := func(c *client, path string, body map[string]any, want string) {
		t.Helper()
		got := c.post(path, body).want(http.StatusOK)
		if tried(got) != want {
			t.Errorf("%s\ntells %s\nwant  %s", path, tried(got), want)
		}
		if last() != before {
			t.Errorf("%s: what was only tried has happened", path)
		}
	}
	undone := "withdrawn pack, undone book, compensated book, superseded 派工單 P001, opened unbook, later book"
	check(chen, pack+"/return", dry(map[string]any{"to": "book"}), undone)
	check(chen, at+"/cancel", only(nil), "withdrawn pack, ends")
	check(ma, at+"/jump", only(map[string]any{"leave": acts("pack"), "to": "book"}), undone)
	check(ma, fmt.Sprintf("%s/incidents/%d/skip", at, acts("pack")[0]), only(nil),
		"opened pay, opened load, opened load")

	chen.post(pack+"/complete", values(nil)).want(http.StatusOK)
	before = last()
	check(chen, strings.Replace(pack, "/complete", "", 1)+"/recall", only(nil),
		"withdrawn pay, withdrawn load, withdrawn load, undone pack, opened pack")
	open := "withdrawn load, withdrawn load, withdrawn pay, compensated book, opened unbook, ends"
	check(he, at+"/revoke", dry(nil), open)
	check(chen, at+"/messages/halt", only(map[string]any{"values": map[string]any{}}), open)
	check(chen, at+"/rows/finish", only(map[string]any{"act": acts("load")[0]}), "withdrawn load, withdrawn load")
	check(chen, at+"/cancel", dry(nil), "withdrawn load, withdrawn load, withdrawn pay, ends")
	he.post(at+"/cancel", dry(nil)).refused(http.StatusForbidden, "not-allowed") // he may revoke it
	he.post(at+"/rows/finish", only(map[string]any{"act": acts("load")[0]})).
		refused(http.StatusForbidden, "not-allowed")
	he.post(fmt.Sprintf("%s/incidents/%d/skip", at, acts("pay")[0]), only(nil)).
		refused(http.StatusForbidden, "forbidden")

	chen.post(at+"/messages/halt", values(nil)).want(http.StatusOK)
	if got := ma.get(at).want(http.StatusOK); got.size("running") != 1 || got.text("running", 0, "step") != "unbook" {
		t.Errorf("after what was tried first was done, %s", got.body)
	}
}

// An administrator is told where a jump may lead from what runs, and why not elsewhere.
func TestJumpHasItsChoices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deploy("house", officeYAML, moveYAML)
	he, ma := w.in("house", "he"), w.in("house", "ma")
	rooms := map[string]any{"rooms": []any{map[string]any{"name": "甲"}}}
	id := he.post(prefix+"/procedures/move/cases", values(rooms)).want(http.StatusCreated).text("case")
	view := ma.get(prefix + "/cases/" + id).want(http.StatusOK)
	at := prefix + "/cases/" + id + "/targets?lang=en&leave="
	act := fmt.Sprint(view.at("running", 0, "act"))
	he.get(at+act).refused(http.StatusForbidden, "forbidden")
	ma.get(at+"99").refused(http.StatusConflict, "not-open")
	told := ma.get(at + act).want(http.StatusOK)
	var got []string
	for i := range told.size("targets") {
		reason, _ := told.at("targets", i, "reason").(string)
		got = append(got, told.text("targets", i, "step")+": "+reason)
	}
	want := "book: \npack: \nload: After this the case could not come to its end: “結束” would wait for ever.\n" +
		"pay: After this the case could not come to its end: “結束” would wait for ever.\nclose: "
	if strings.Join(got, "\n") != want { // unbook undoes, and opens by no jump
		t.Errorf("a jump may lead to %v, want %s", got, want)
	}
}

// An administrator is told what a skip may be filled in with, and where it may go on to; a wrong value stands with its
// field.
func TestSkipHasItsChoices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he, chen, ma := w.in("house", "he"), w.in("house", "chen"), w.in("house", "ma")
	id, _, task := w.begin(he, chen)
	at := prefix + "/cases/" + id
	var leads []string
	view := ma.get(at).want(http.StatusOK)
	for i := range view.size("running", 0, "leads") {
		lead := func(part string) string { return view.text("running", 0, "leads", i, part) }
		leads = append(leads, lead("answer")+" → "+lead("id")+" "+lead("title"))
	}
	if want := []string{"expected → admit 登記放行", "unknown → refused 未放行"}; !slices.Equal(leads, want) {
		t.Errorf("it leads to %q, want %q", leads, want)
	}
	chen.post(prefix+"/tasks/"+task+"/complete", map[string]any{"answer": "expected"}).want(http.StatusOK)
	view = ma.get(at).want(http.StatusOK)
	if got := view.text("running", 0, "form", "fields", 0, "path"); got != "floor" {
		t.Errorf("it may be filled in with %s", got)
	}
	skip := fmt.Sprintf("%s/incidents/%.0f/skip", at, view.at("running", 0, "act"))
	with := func(name string, v any) map[string]any { return values(map[string]any{name: v}) }
	for name, v := range map[string]any{"floor": "three", "people": 0} { // of a wrong type, and out of its bounds
		got := ma.post(skip, with(name, v)).refused(http.StatusUnprocessableEntity, "invalid").Fields
		if len(got) != 1 || got[0].Path != name {
			t.Errorf("%s: %+v", name, got)
		}
	}
	ma.post(skip, with("floor", 3)).want(http.StatusOK)
	if got := ma.get(at).want(http.StatusOK).text("status"); got != "finished" {
		t.Errorf("then it is %s", got)
	}
}

// Why something may not be done stands beside it, in the language asked for; what may be done to a part names the part.
func TestActsHaveTheirReasonsInThreeLanguages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deploy("house", officeYAML, moveYAML)
	w.put("house", store.PersonRow{ID: "wu", Name: "吳", Posts: []string{"gate"}})
	he, chen := w.in("house", "he"), w.in("house", "chen")
	rooms := map[string]any{"rooms": []any{map[string]any{"name": "甲"}}}
	id := he.post(prefix+"/procedures/move/cases", values(rooms)).want(http.StatusCreated).text("case")
	chen.do("book", "", nil).want(http.StatusOK)
	chen.do("pack", "", nil).want(http.StatusOK)
	load := he.get(prefix+"/inbox").text("tasks", 0, "id")
	find := func(c *client, path, act, of string) (may bool, on, reason string) {
		t.Helper()
		got := c.get(path).want(http.StatusOK)
		for i := range got.size("acts") {
			if got.text("acts", i, "act") == act && got.text("acts", i, "title") == of {
				on, _ = got.at("acts", i, "on").(string)
				reason, _ = got.at("acts", i, "reason").(string)
				return got.at("acts", i, "may") == true, on, reason
			}
		}
		t.Fatalf("%s does not tell of %s: %s", path, act, got.body)
		return
	}
	for lang, want := range map[string]string{
		"zh-Hant": "這個程序不允許您做這件事。", "zh-Hans": "这个程序不允许您做这件事。",
		"en": "The procedure does not allow you to do this.",
	} {
		for _, path := range []string{"/cases/" + id, "/tasks/" + load} {
			if may, on, reason := find(he, prefix+path+"?lang="+lang, "finish-rows", "裝車"); may || on == "" || reason != want {
				t.Errorf("%s in %s: %v on %q since %q", path, lang, may, on, reason)
			}
		}
	}
	if may, on, _ := find(chen, prefix+"/cases/"+id, "send", "叫停"); !may || on != "halt" {
		t.Errorf("the message: %v %q", may, on)
	}
	if may, on, _ := find(chen, prefix+"/cases/"+id, "recall", "打包"); !may || on == "" {
		t.Errorf("the recall: %v %q", may, on)
	}
	if may, _, reason := find(chen, prefix+"/cases/"+id+"?lang=en", "recall", "訂車"); may || reason == "" {
		t.Errorf("the recall of what another step came of: %v since %q", may, reason)
	}
}

// A case says who stopped it and who took it up again, and why.
func TestSuspendAndResumeSayWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he, chen := w.in("house", "he"), w.in("house", "chen")
	id, _, _ := w.begin(he, chen)
	chen.post(prefix+"/cases/"+id+"/suspend", map[string]any{"reason": "等批示"}).want(http.StatusOK)
	chen.post(prefix+"/cases/"+id+"/resume", map[string]any{"reason": "批示已到"}).want(http.StatusOK)
	story := string(he.get(prefix + "/cases/" + id + "/history?limit=200").want(http.StatusOK).body)
	for _, why := range []string{"等批示", "批示已到"} {
		if !strings.Contains(story, why) {
			t.Errorf("the story does not say why: %s is not in %s", why, story)
		}
	}
}
