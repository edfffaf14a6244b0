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
