package api

import (
	"net/http"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/store"
)

const scanYAML = `procedure: scan
title: 讀單
manager: desk
data:
  paper: {title: 單據, type: text}
  total: {title: 總額, type: money}
start: {by: desk, form: [paper]}
steps:
  - step: read
    title: 讀取
    job: {kind: read-paper, with: {paper: paper}, answer: {total: {type: money}}, take: {total: answer.total}}
`

// TestAWorkerOverHTTP is the life of a job, as the machine that does it sees it.
func TestAWorkerOverHTTP(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t)
	_, _, err := w.engine.Deploy(t.Context(), engine.Operator("house"), []definitions.File{
		{Name: "office.yaml", Text: []byte(officeYAML)}, {Name: "scan.yaml", Text: []byte(scanYAML)}})
	if err != nil {
		t.Fatal(err)
	}
	w.put("house", store.PersonRow{ID: "ma", Name: "馬慧敏", Admin: true})
	w.put("house", store.PersonRow{ID: "chen", Name: "陳美玲", Posts: []string{"desk"}})
	ma, chen := w.in("house", "ma"), w.in("house", "chen")

	chen.put(prefix+"/workers/ocr", map[string]any{"kinds": []string{"read-paper"}}).want(http.StatusForbidden)
	ma.put(prefix+"/workers/ocr", map[string]any{"kinds": []string{}}).want(http.StatusUnprocessableEntity)
	token := ma.put(prefix+"/workers/ocr", map[string]any{"kinds": []string{"read-paper"}}).want(http.StatusOK).
		text("token")
	ma.get(prefix + "/workers").want(http.StatusOK)

	worker := &client{t: t, url: w.url, token: token}
	fetch := map[string]any{"limit": 5, "lock_for": 30}
	for who, want := range map[*client]int{ma: 401, {t: t, url: w.url}: 401, {t: t, url: w.url, token: "gcw_x"}: 401} {
		who.post(prefix+"/jobs/fetch", fetch).want(want) // a session is no worker
	}
	worker.get(prefix + "/inbox").want(http.StatusUnauthorized) // and a worker no session
	worker.post(prefix+"/jobs/fetch", map[string]any{"kinds": []string{"mail"}}).want(http.StatusForbidden)
	worker.post(prefix+"/jobs/fetch", map[string]any{"limit": 51}).want(http.StatusUnprocessableEntity)

	chen.post(prefix+"/procedures/scan/cases", map[string]any{"values": map[string]any{"paper": "A-1"}}).
		want(http.StatusCreated)
	jobs := worker.post(prefix+"/jobs/fetch", fetch).want(http.StatusOK)
	path := prefix + "/jobs/" + jobs.text("jobs", 0, "id")
	said := func(more map[string]any) map[string]any {
		more["fence"] = jobs.at("jobs", 0, "fence")
		return more
	}
	worker.post(path+"/extend", said(map[string]any{"lock_for": 60})).want(http.StatusOK)
	worker.post(path+"/complete", said(map[string]any{"values": map[string]any{"total": "ten"}})).
		want(http.StatusUnprocessableEntity)
	worker.post(path+"/complete", map[string]any{"fence": 99, "values": map[string]any{"total": "1.00"}}).
		want(http.StatusConflict)
	worker.post(path+"/fail", said(map[string]any{"error": "unheard-of"})).want(http.StatusUnprocessableEntity)
	for range 2 {
		worker.post(path+"/complete", said(map[string]any{"values": map[string]any{"total": "12.50"}})).
			want(http.StatusNoContent)
	}
	worker.post(path+"/extend", said(map[string]any{"lock_for": 60})).want(http.StatusGone)

	ma.send(http.MethodDelete, prefix+"/workers/ocr", "").want(http.StatusNoContent)
	worker.post(prefix+"/jobs/fetch", fetch).want(http.StatusUnauthorized)
}
