package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/store"
)

const slipBook = `documents:
  slip:
    title: 放行條
    number: 'FX{yyyy}-{n:3}'
    body:
      - '{{name}} 等 {{people}} 人'
      - {fields: [case.number, phone, floor, case.state]}
      - {signatures: [ask, admit]}
`

// TestAPaperIsPrinted: from the data at its issue, with what people typed escaped, for those who see the case.
func TestAPaperIsPrinted(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t)
	office := officeYAML + "letterhead: {name: 陽光物業, lines: [電話 28331234], foot: 請保管好此條}\n"
	procedure := strings.Replace(visitYAML, "    then: {expected: admit", "    issues: {expected: slip}\n"+
		"    then: {expected: admit", 1)
	procedure = strings.Replace(procedure, "    then: admitted", "    issues: slip\n    then: admitted", 1)
	w.deploy("house", office, procedure+slipBook)
	w.put("house", store.PersonRow{ID: "he", Name: "何志強", Posts: []string{"gate"}})
	w.put("house", store.PersonRow{ID: "chen", Name: "陳美玲", Posts: []string{"desk"}})
	w.put("house", store.PersonRow{ID: "xu", Name: "許", Posts: []string{"gate"}})
	he, chen, xu := w.in("house", "he"), w.in("house", "chen"), w.in("house", "xu")
	begun := he.post(prefix+"/procedures/visit/cases", values(map[string]any{
		"name": "<script>alert(1)</script>", "people": 2, "phone": "13800000000",
	})).want(http.StatusCreated)
	at := prefix + "/cases/" + begun.text("case") + "/documents"
	he.get(at+"/slip").refused(http.StatusNotFound, "not-found") // it was not issued yet
	task := chen.get(prefix+"/inbox").text("tasks", 0, "id")
	chen.post(prefix+"/tasks/"+task+"/complete", map[string]any{"answer": "expected"}).want(http.StatusOK)
	task = he.get(prefix+"/inbox").text("tasks", 0, "id")
	he.post(prefix+"/tasks/"+task+"/complete", values(map[string]any{"floor": 7})).want(http.StatusOK)

	if got := chen.get(at).want(http.StatusOK); got.size("papers") != 1 || got.text("papers", 0, "number") == "" ||
		got.at("papers", 0, "edition") != float64(2) {
		t.Errorf("papers: %s", got.body)
	}
	first, second := chen.get(at+"/slip?edition=1").want(http.StatusOK), chen.get(at+"/slip").want(http.StatusOK)
	for _, want := range []string{`<html lang="zh-Hant">`, "陽光物業", "電話 28331234", "請保管好此條", "<h1>放行條</h1>",
		"-001", "&lt;script&gt;alert(1)&lt;/script&gt; 等 2 人", "13800000000", "陳美玲 · 有約", "辦理中"} {
		if !strings.Contains(string(first.body), want) {
			t.Errorf("the first edition has no %q:\n%s", want, first.body)
		}
	}
	for text, in := range map[string][2]bool{
		"<script": {false, false}, "<td>7</td>": {false, true}, "何志強": {false, true}, "版次 2": {false, true},
		"已作廢": {true, false},
	} {
		if strings.Contains(string(first.body), text) != in[0] || strings.Contains(string(second.body), text) != in[1] {
			t.Errorf("%q is in the first edition, in the second: want %v", text, in)
		}
	}
	_, style, _ := strings.Cut(string(second.body), "<style>")
	style, _, _ = strings.Cut(style, "</style>")
	if style != paperStyle {
		t.Error("the style is not the one whose digest the policy names")
	}
	policy := second.header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'; style-src 'sha256-") || strings.Contains(policy, "script") ||
		second.header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("headers: %v", second.header)
	}
	if got := chen.get(at + "/slip?lang=en").want(http.StatusOK); !strings.Contains(string(got.body), "Edition 2") {
		t.Errorf("in English: %s", got.body)
	}
	for path, status := range map[string]int{
		"/slip?edition=3": 404, "/slop": 404, "/slip?edition=x": 422, "/slip?x=1": 422,
	} {
		if got := chen.get(at + path); got.status != status {
			t.Errorf("%s: %d, want %d", path, got.status, status)
		}
	}
	xu.get(at+"/slip").refused(http.StatusNotFound, "not-found")
}

// TestAPaperShowsPictures: a photograph and a signature stand as pictures, in a line, in a table and on a card to cut
// out; what is no picture prints its name.
func TestAPaperShowsPictures(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t)
	w.deploy("house", officeYAML, `procedure: badge
title: 發證
data:
  scan: {title: 掃描件, type: file}
  sign: {title: 簽名, type: signature}
  people:
    title: 人員
    each: one
    rows: {name: {title: 姓名, type: text}, face: {title: 相片, type: photo}}
start: {by: gate, form: [scan, sign, people.name, people.face]}
steps: [{step: make, title: 製作, task: {by: gate}, issues: [badges, list]}]
documents:
  badges: {title: 出入證, body: [{table: people, cards: true, columns: [one.name, one.face]}]}
  list: {title: 名單, body: [{fields: [scan, sign]}, {table: people}]}
`)
	w.put("house", store.PersonRow{ID: "he", Name: "何志強", Posts: []string{"gate"}})
	he := w.in("house", "he")
	heads := map[string]string{"application/pdf": "%PDF-1.7\n", "image/png": "\x89PNG\r\n\x1a\n",
		"image/jpeg": "\xff\xd8\xff\xe0"}
	file := func(name, media string) (string, map[string]any) {
		id := he.upload(name, media, heads[media]+"body of "+name).want(http.StatusCreated).text("id")
		return id, map[string]any{"id": id}
	}
	_, scan := file("scan.pdf", "application/pdf")
	signID, sign := file("sign.png", "image/png")
	faceID, face := file("face.jpg", "image/jpeg")
	begun := he.post(prefix+"/procedures/badge/cases", values(map[string]any{"scan": scan, "sign": sign,
		"people": []any{map[string]any{"name": "張三", "face": face}}})).want(http.StatusCreated)
	task := he.get(prefix+"/inbox").text("tasks", 0, "id")
	he.post(prefix+"/tasks/"+task+"/complete", map[string]any{}).want(http.StatusOK)
	at := prefix + "/cases/" + begun.text("case") + "/documents"
	for paper, want := range map[string][]string{
		"badges": {`<div class="card">`, `<img src="../../../files/` + faceID + `" alt="face.jpg">`, "張三"},
		"list": {"<td>scan.pdf</td>", `<img class="signed" src="../../../files/` + signID + `"`,
			`<td><img src="../../../files/` + faceID + `"`, "<caption>人員</caption>"},
	} {
		got := he.get(at + "/" + paper).want(http.StatusOK)
		for _, text := range want {
			if !strings.Contains(string(got.body), text) {
				t.Errorf("%s has no %q:\n%s", paper, text, got.body)
			}
		}
		if !strings.Contains(got.header.Get("Content-Security-Policy"), "img-src 'self'") {
			t.Errorf("%s: its pictures are not let in: %v", paper, got.header)
		}
	}
}
