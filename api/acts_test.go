package api

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/store"
)

// What people do beside their tasks, over HTTP: by the case's number, with a key that makes it once.
func TestSayingsOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put("house", store.PersonRow{ID: "wu", Name: "吳", Posts: []string{"gate"}})
	he, chen, wu := w.in("house", "he"), w.in("house", "chen"), w.in("house", "wu")
	_, number, _ := w.begin(he, chen)
	at := prefix + "/cases/" + strings.ReplaceAll(number, "/", "%2F")
	for range 3 {
		he.post(at+"/urge", map[string]any{"text": "請快"}).want(http.StatusOK)
	}
	p := he.post(at+"/urge", map[string]any{}).refused(http.StatusTooManyRequests, "urged-lately")
	if !strings.Contains(p.Detail, "之後可再催") {
		t.Errorf("it is not said when: %s", p.Detail)
	}
	if got := chen.get(prefix + "/copies").want(http.StatusOK); got.size("copies") != 3 ||
		got.text("copies", 0, "kind") != "urge" {
		t.Errorf("chen was urged: %s", got.body)
	}
	wu.get(at).refused(http.StatusNotFound, "not-found")
	wu.get(at+"/comments").refused(http.StatusNotFound, "not-found")
	he.post(at+"/copy", map[string]any{"to": []string{"wu"}}).want(http.StatusOK)
	wu.get(at).want(http.StatusOK)
	wu.post(at+"/comments", map[string]any{"text": "知悉"}).want(http.StatusOK)
	got := he.get(at + "/comments").want(http.StatusOK)
	if got.text("comments", 0, "text") != "知悉" || got.text("copies", 0, "to_name") != "吳" {
		t.Errorf("what was said is %s", got.body)
	}
	he.post(at+"/copy", map[string]any{"to": []string{"nobody"}}).refused(http.StatusUnprocessableEntity, "invalid")
}

// tripYAML is a procedure in which something can be undone.
const tripYAML = `procedure: trip
title: 差旅
number: 'C{yyyy}/{n:3}'
manager: desk
start: {by: gate}
revoke: {until: close}
steps:
  - {step: book, title: 訂票, task: {by: desk}, compensate: unbook}
  - {step: stay, title: 訂房, task: {by: desk}, compensate: unstay}
  - {step: check, title: 核對, task: {by: desk}}
  - {step: close, title: 結束, task: {by: gate}}
  - {step: unbook, title: 退票, task: {by: desk}}
  - {step: unstay, title: 退房, task: {by: desk}}
`

// A return and a revocation say first what they would compensate, and in which order; a substitute returns as well.
func TestWhatIsTakenBackIsCompensatedOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deploy("house", officeYAML, tripYAML)
	w.put("house", store.PersonRow{ID: "wu", Name: "吳"})
	he, chen, wu := w.in("house", "he"), w.in("house", "chen"), w.in("house", "wu")
	id := he.post(prefix+"/procedures/trip/cases", values(nil)).want(http.StatusCreated).text("case")
	task := func(c *client, step string) string {
		t.Helper()
		got := c.get(prefix + "/inbox").want(http.StatusOK)
		if got.size("tasks") != 1 || got.text("tasks", 0, "step") != step {
			t.Fatalf("want %s, got %s", step, got.body)
		}
		return prefix + "/tasks/" + got.text("tasks", 0, "id")
	}
	does := func(steps ...string) {
		t.Helper()
		for _, step := range steps {
			chen.post(task(chen, step)+"/complete", values(nil)).want(http.StatusOK)
		}
	}
	does("book", "stay")
	until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	chen.post(prefix+"/substitutes", map[string]any{"substitute": "wu", "until": until}).want(http.StatusCreated)
	back := map[string]any{"to": "book", "mode": "again", "dry": true, "reason": "改期"}
	got := wu.post(task(wu, "check")+"/return", back).want(http.StatusOK)
	if got.size("preview", "compensated") != 2 || got.text("preview", "compensated", 0, "step") != "stay" ||
		got.text("preview", "compensated", 1, "step") != "book" {
		t.Errorf("the return would compensate %s", got.body)
	}
	back["dry"] = false
	wu.post(task(wu, "check")+"/return", back).want(http.StatusOK)
	story := he.get(prefix + "/cases/" + id + "/history?limit=100").want(http.StatusOK)
	if !strings.Contains(string(story.body), "吳") || !strings.Contains(string(story.body), "陳美玲") {
		t.Errorf("it is not on record who returned it for whom: %s", story.body)
	}
	does("unstay", "unbook", "book")
	got = he.post(prefix+"/cases/"+id+"/revoke", map[string]any{"dry": true}).want(http.StatusOK)
	if got.size("preview", "compensated") != 1 || got.text("preview", "compensated", 0, "step") != "book" {
		t.Errorf("the revocation would compensate %s", got.body)
	}
	he.post(prefix+"/cases/"+id+"/revoke", map[string]any{"reason": "不去了"}).want(http.StatusOK)
	he.get(prefix + "/cases/" + id).want(http.StatusOK)
	does("unbook")
	if got := he.get(prefix + "/cases/" + id).want(http.StatusOK); got.text("outcome") != "revoked" {
		t.Errorf("the case is %s", got.body)
	}
}

func TestSubstitutesAndLeaversOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put("house", store.PersonRow{ID: "wu", Name: "吳", Posts: []string{"gate"}})
	w.put("house", store.PersonRow{ID: "ann", Name: "安", Admin: true})
	he, chen, wu, ann := w.in("house", "he"), w.in("house", "chen"), w.in("house", "wu"), w.in("house", "ann")
	_, _, task := w.begin(he, chen)
	until := time.Now().Add(48 * time.Hour).UTC().Format(time.RFC3339)
	p := chen.post(prefix+"/substitutes?lang=en", map[string]any{"substitute": "wu", "until": "tomorrow"}).
		refused(http.StatusUnprocessableEntity, "invalid")
	if len(p.Fields) != 1 || !strings.Contains(p.Fields[0].Detail, "2026-") {
		t.Errorf("it is not said how a moment is written: %+v", p.Fields)
	}
	made := chen.post(prefix+"/substitutes", map[string]any{"substitute": "wu", "until": until}).want(http.StatusCreated)
	if got := wu.get(prefix + "/inbox").want(http.StatusOK); got.text("tasks", 0, "for") != "chen" {
		t.Errorf("wu has %s", got.body)
	}
	chen.send(http.MethodDelete, prefix+"/substitutes/"+made.text("id"), "").want(http.StatusNoContent)
	if got := wu.get(prefix + "/inbox").want(http.StatusOK); got.size("tasks") != 0 {
		t.Errorf("wu still has %s", got.body)
	}
	chen.send(http.MethodPost, prefix+"/tasks/"+task+"/claim", "").want(http.StatusOK)
	chen.post(prefix+"/people/chen/hand-over", map[string]any{"to": "wu"}).refused(http.StatusForbidden, "forbidden")
	if got := ann.post(prefix+"/people/chen/hand-over", map[string]any{"to": "wu"}).want(http.StatusOK); got.at("tasks") !=
		float64(1) {
		t.Errorf("handed over: %s", got.body)
	}
}
