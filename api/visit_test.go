package api

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/store"
)

func TestVisitFromStartToEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he, chen := w.in("house", "he"), w.in("house", "chen")

	if got := he.get(prefix + "/me").want(http.StatusOK).text("name"); got != "何志強" {
		t.Errorf("me is %s", got)
	}
	list := he.get(prefix + "/procedures").want(http.StatusOK)
	if list.text("procedures", 0, "id") != "visit" || list.size("procedures", 0, "starts", 0, "form", "fields") != 3 {
		t.Errorf("procedures: %s", list.body)
	}
	if n := chen.get(prefix + "/procedures").want(http.StatusOK).size("procedures"); n != 0 {
		t.Errorf("chen may start %d procedures, want none", n)
	}

	id, number, task := w.begin(he, chen)
	view := chen.get(prefix + "/tasks/" + task).want(http.StatusOK)
	if view.text("title") != "詢問" || view.size("answers") != 2 || view.text("show", 0, "text") != "王先生" {
		t.Errorf("task: %s", view.body)
	}
	chen.send(http.MethodPost, prefix+"/tasks/"+task+"/claim", "").want(http.StatusOK)
	mine := chen.get(prefix + "/inbox?mine=true").want(http.StatusOK)
	if mine.text("tasks", 0, "holder") != "chen" {
		t.Errorf("mine: %s", mine.body)
	}
	chen.post(prefix+"/tasks/"+task+"/release", map[string]any{}).want(http.StatusOK)
	chen.put(prefix+"/tasks/"+task+"/draft", values(map[string]any{"any": 1})).want(http.StatusNoContent)
	if got := chen.get(prefix+"/tasks/"+task).at("draft", "any"); got != 1.0 {
		t.Errorf("draft is %v", got)
	}
	chen.post(prefix+"/tasks/"+task+"/complete", map[string]any{"answer": "expected"}).want(http.StatusOK)

	next := he.get(prefix+"/inbox?post=gate&procedure=visit").want(http.StatusOK).text("tasks", 0, "id")
	done := he.post(prefix+"/tasks/"+next+"/complete", values(map[string]any{"floor": 3})).want(http.StatusOK)
	if done.text("status") != "finished" || done.text("outcome") != "admitted" {
		t.Errorf("done: %s", done.body)
	}

	for _, name := range []string{id, url.PathEscape(number)} {
		view := he.get(prefix + "/cases/" + name).want(http.StatusOK)
		if view.text("number") != number || view.text("outcome_title") != "已放行" {
			t.Errorf("case by %s: %s", name, view.body)
		}
		if strings.Contains(string(view.body), "13800000000") {
			t.Errorf("the telephone number is private, and shown: %s", view.body)
		}
	}
	checkHistory(t, he, prefix+"/cases/"+id+"/history")
	cases := he.get(prefix + "/cases?status=finished").want(http.StatusOK)
	if cases.size("cases") != 1 || cases.text("cases", 0, "id") != id {
		t.Errorf("cases: %s", cases.body)
	}
}

// checkHistory reads a case's history: the story by pages, and every event with its body.
func checkHistory(t *testing.T, he *client, url string) {
	t.Helper()
	var told []float64
	after := 0.0
	for range 20 {
		page := he.get(url + "?limit=2&after=" + strconv.Itoa(int(after))).want(http.StatusOK)
		for i := range page.size("events") {
			if page.at("events", i, "detail") != nil || page.at("events", i, "body") != nil {
				t.Errorf("the story shows inner working: %s", page.body)
			}
			told = append(told, page.at("events", i, "seq").(float64))
		}
		next, more := page.at("next").(float64)
		if !more {
			break
		}
		if next <= after || page.size("events") > 2 {
			t.Fatalf("after %v follows %s", after, page.body)
		}
		after = next
	}
	whole := he.get(url).want(http.StatusOK)
	if len(told) != whole.size("events") || len(told) < 4 || !slices.IsSorted(told) {
		t.Errorf("pages tell %v, the whole is %s", told, whole.body)
	}
	all := he.get(url + "?detail=true&limit=2").want(http.StatusOK)
	if all.size("events") != 2 || all.at("next") != 2.0 || all.at("events", 0, "body") == nil {
		t.Errorf("all events: %s", all.body)
	}
	rest := he.get(url + "?detail=true&after=2").want(http.StatusOK)
	if rest.at("events", 0, "seq") != 3.0 || rest.at("next") != nil {
		t.Errorf("rest of the events: %s", rest.body)
	}
}

func TestPagesFollowOneAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he, chen := w.in("house", "he"), w.in("house", "chen")
	for range 3 {
		w.begin(he, chen)
	}
	first := chen.get(prefix + "/inbox?limit=2").want(http.StatusOK)
	second := chen.get(prefix + "/inbox?limit=2&after=" + url.QueryEscape(first.text("next"))).want(http.StatusOK)
	if first.size("tasks") != 2 || second.size("tasks") != 1 || second.at("next") != nil {
		t.Errorf("pages:\n%s\n%s", first.body, second.body)
	}
	chen.get(prefix+"/inbox?after=nonsense").refused(http.StatusUnprocessableEntity, "invalid")
}

func TestFieldErrorsStandBesideTheirFields(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he := w.in("house", "he")
	he.header = http.Header{"Accept-Language": {"en-GB,en;q=0.8,zh;q=0.1"}}
	p := he.post(prefix+"/procedures/visit/cases", values(map[string]any{
		"people": 12, "phone": "secret!", "nmae": "x", "floor": 1,
	})).refused(http.StatusUnprocessableEntity, "invalid")
	got := map[string]string{}
	for _, f := range p.Fields {
		got[f.Path] = f.Code
		if f.Detail == "" || strings.Contains(f.Detail, "secret!") {
			t.Errorf("%s: detail %q", f.Path, f.Detail)
		}
	}
	if got["nmae"] != "unknown" || got["floor"] != "not-in-form" {
		t.Errorf("fields: %v", got)
	}
	p = he.post(prefix+"/procedures/visit/cases", values(map[string]any{"people": 12, "phone": "secret!"})).
		refused(http.StatusUnprocessableEntity, "invalid")
	got = map[string]string{}
	for _, f := range p.Fields {
		got[f.Path] = f.Detail
	}
	if got["name"] != "Is required." || got["people"] != "Is too large: at most 9." || got["phone"] == "" {
		t.Errorf("fields: %v", got)
	}
}

func TestAuthorsOwnSentence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he, chen := w.in("house", "he"), w.in("house", "chen")
	_, _, task := w.begin(he, chen)
	chen.post(prefix+"/tasks/"+task+"/complete", map[string]any{"answer": "maybe"}).
		refused(http.StatusUnprocessableEntity, "unknown-answer")
	chen.post(prefix+"/tasks/"+task+"/complete", map[string]any{"answer": "expected"}).want(http.StatusOK)
	next := he.get(prefix+"/inbox").text("tasks", 0, "id")
	p := he.post(prefix+"/tasks/"+next+"/complete", values(map[string]any{"floor": 31})).
		refused(http.StatusUnprocessableEntity, "invalid")
	if len(p.Fields) != 1 || p.Fields[0].Path != "floor" || p.Fields[0].Detail != "沒有這一層" {
		t.Errorf("fields: %+v", p.Fields)
	}
}

func TestWhoMayNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he, chen, john := w.in("house", "he"), w.in("house", "chen"), w.in("house", "john")
	id, _, task := w.begin(he, chen)

	he.post(prefix+"/tasks/"+task+"/complete", map[string]any{"answer": "expected"}).
		refused(http.StatusForbidden, "not-a-candidate")
	chen.post(prefix+"/procedures/visit/cases", map[string]any{}).refused(http.StatusForbidden, "not-allowed")
	he.post(prefix+"/procedures/nothing/cases", map[string]any{}).refused(http.StatusNotFound, "not-deployed")
	p := john.get(prefix+"/tasks/"+task).refused(http.StatusNotFound, "not-found")
	if p.Title != "not found" {
		t.Errorf("john reads English, the title is %q", p.Title)
	}
	john.get(prefix+"/cases/"+id).refused(http.StatusNotFound, "not-found")
	john.send(http.MethodPost, prefix+"/tasks/"+task+"/claim", "").refused(http.StatusNotFound, "not-found")
	for _, path := range []string{"/people", "/people/he"} {
		he.get(prefix+path).refused(http.StatusForbidden, "forbidden")
	}
	he.put(prefix+"/people/he", map[string]any{"name": "何志強", "admin": true}).refused(http.StatusForbidden, "forbidden")
	p = he.post(prefix+"/people/ma/link", map[string]any{}).refused(http.StatusForbidden, "forbidden")
	if p.Args["why"] != "administrators" || p.Detail != "只有單位的管理員可以這樣做；請管理員辦理。" {
		t.Errorf("it says %q, %v", p.Detail, p.Args)
	}
	files := map[string]any{"files": []any{map[string]any{"name": "office.yaml", "text": officeYAML}}}
	he.post(prefix+"/deployments", files).refused(http.StatusForbidden, "forbidden")
	he.post(prefix+"/check", files).refused(http.StatusForbidden, "forbidden")
	he.post(prefix+"/cases/"+id+"/retry", map[string]any{"act": 1}).refused(http.StatusForbidden, "forbidden")
}

func TestOtherOfficesAreNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he, chen := w.in("house", "he"), w.in("house", "chen")
	id, number, task := w.begin(he, chen)
	w.deploy("tower", strings.Replace(officeYAML, "office: house", "office: tower", 1), visitYAML)
	w.put("tower", strangerRow)
	stranger := w.in("tower", "stranger")

	for _, path := range []string{
		"/tasks/" + task, "/cases/" + id, "/cases/" + url.PathEscape(number), "/cases/" + id + "/history", "/people/he",
	} {
		stranger.get(prefix+path).refused(http.StatusNotFound, "not-found")
	}
	for _, path := range []string{"/tasks/" + task + "/claim", "/tasks/" + task + "/complete", "/people/he/link"} {
		stranger.post(prefix+path, map[string]any{}).refused(http.StatusNotFound, "not-found")
	}
	stranger.post(prefix+"/cases/"+id+"/cancel", map[string]any{"reason": "x"}).
		refused(http.StatusNotFound, "not-found")
	if n := stranger.get(prefix + "/cases").want(http.StatusOK).size("cases"); n != 0 {
		t.Errorf("%d cases of another office are listed", n)
	}
	files := map[string]any{"files": []any{map[string]any{"name": "office.yaml", "text": officeYAML}}}
	stranger.post(prefix+"/deployments", files).refused(http.StatusUnprocessableEntity, "invalid")
}

func TestMessageAndCancel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he, chen := w.in("house", "he"), w.in("house", "chen")
	id, number, _ := w.begin(he, chen)
	he.post(prefix+"/cases/"+id+"/messages/nothing", map[string]any{}).refused(http.StatusNotFound, "unknown-message")
	done := he.post(prefix+"/cases/"+url.PathEscape(number)+"/messages/left", map[string]any{"id": "m1"}).
		want(http.StatusOK)
	if done.text("outcome") != "left" {
		t.Errorf("done: %s", done.body)
	}
	he.post(prefix+"/cases/"+id+"/messages/left", map[string]any{}).refused(http.StatusConflict, "case-ended")
	he.post(prefix+"/messages/left", map[string]any{"key": "k"}).refused(http.StatusNotFound, "unknown-message")

	id, _, _ = w.begin(he, chen)
	he.post(prefix+"/cases/"+id+"/cancel", map[string]any{}).refused(http.StatusUnprocessableEntity, "invalid")
	done = he.post(prefix+"/cases/"+id+"/cancel", map[string]any{"reason": "弄錯了"}).want(http.StatusOK)
	if done.text("status") != "cancelled" {
		t.Errorf("done: %s", done.body)
	}
	if n := he.get(prefix + "/copies").want(http.StatusOK).size("copies"); n != 0 {
		t.Errorf("%d copies", n)
	}
	he.post(prefix+"/copies/none/read", map[string]any{}).refused(http.StatusNotFound, "not-found")
}

func TestIdempotencyKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he := w.in("house", "he")
	start := func(key, name string) *answer {
		body := `{"values":{"name":"` + name + `","people":1,"phone":"13800000000"}}`
		return he.send(http.MethodPost, prefix+"/procedures/visit/cases", body, "Idempotency-Key", key)
	}
	first, again := start("k1", "甲").want(http.StatusCreated), start("k1", "甲").want(http.StatusCreated)
	if first.text("case") != again.text("case") {
		t.Errorf("two cases: %s %s", first.body, again.body)
	}
	start("k1", "乙").refused(http.StatusUnprocessableEntity, "key-reused")
	p := start(strings.Repeat("k", 129), "甲").refused(http.StatusUnprocessableEntity, "invalid")
	if len(p.Fields) != 1 || p.Fields[0].Path != "header.Idempotency-Key" || p.Fields[0].Code != "max" {
		t.Errorf("fields: %+v", p.Fields)
	}
	start("k\tk", "甲").refused(http.StatusUnprocessableEntity, "invalid")
}

// TestSettingsOverHTTP: an administrator changes what a procedure has as a constant, and nobody else does.
func TestSettingsOverHTTP(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t)
	w.deploy("house", officeYAML, strings.Replace(visitYAML, "data:\n",
		"settings:\n  guests: {title: 人數上限, type: count, value: 5, max: 9}\ndata:\n", 1))
	w.put("house", store.PersonRow{ID: "ma", Name: "馬慧敏", Admin: true})
	w.put("house", store.PersonRow{ID: "chen", Name: "陳美玲", Posts: []string{"desk"}})
	ma, chen := w.in("house", "ma"), w.in("house", "chen")
	at := prefix + "/procedures/visit/settings"
	if got := ma.get(at).want(http.StatusOK); got.at("settings", 0, "value") != float64(5) {
		t.Errorf("at first: %s", got.body)
	}
	p := ma.put(at+"/guests", map[string]any{"value": 12}).refused(http.StatusUnprocessableEntity, "invalid")
	if len(p.Fields) != 1 || p.Fields[0].Path != "value" || p.Fields[0].Code != "max" {
		t.Errorf("too many: %+v", p.Fields)
	}
	chen.put(at+"/guests", map[string]any{"value": 7}).refused(http.StatusForbidden, "forbidden")
	chen.get(at).refused(http.StatusForbidden, "forbidden")
	p = ma.put(at+"/guest", map[string]any{"value": 7}).refused(http.StatusUnprocessableEntity, "invalid")
	if len(p.Fields) != 1 || !strings.Contains(p.Fields[0].Detail, "guests") {
		t.Errorf("a setting that there is not: %+v", p.Fields)
	}
	if got := ma.put(at+"/guests", map[string]any{"value": 7}).want(http.StatusOK); got.at("set") != true ||
		got.at("value") != float64(7) || got.text("changed_by") != "ma" {
		t.Errorf("set: %s", got.body)
	}
	got := ma.send(http.MethodDelete, at+"/guests", "").want(http.StatusOK)
	if got.at("set") != false || got.at("value") != float64(5) {
		t.Errorf("taken back: %s", got.body)
	}
}
