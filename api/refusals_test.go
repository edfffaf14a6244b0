package api

import (
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/store"
)

func TestOfTwoWhoAnswerOneIsToldOfTheOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put("house", store.PersonRow{ID: "huang", Name: "黃嘉欣", Posts: []string{"desk"}})
	he, chen, huang, john := w.in("house", "he"), w.in("house", "chen"), w.in("house", "huang"), w.in("house", "john")
	for range 10 {
		_, _, task := w.begin(he, chen)
		both := []*client{chen, huang}
		answers := make([]*answer, len(both))
		var wg sync.WaitGroup
		for i, c := range both {
			wg.Go(func() {
				answers[i] = c.post(prefix+"/tasks/"+task+"/complete", map[string]any{"answer": "unknown"})
			})
		}
		wg.Wait()
		lost, winner := answers[0], "黃嘉欣"
		if answers[0].status == http.StatusOK {
			lost, winner = answers[1], "陳美玲"
		}
		if answers[0].status+answers[1].status != http.StatusOK+http.StatusConflict {
			t.Fatalf("%d and %d: %s", answers[0].status, answers[1].status, lost.body)
		}
		p := lost.refused(http.StatusConflict, "not-open")
		if p.Args["by"] != winner || p.Detail != "這項工作已由"+winner+"完成。" {
			t.Errorf("%v %q, want %s", p.Args, p.Detail, winner)
		}
		john.post(prefix+"/tasks/"+task+"/claim", map[string]any{}).refused(http.StatusNotFound, "not-found")
	}
}

func TestEveryFateHasSentences(t *testing.T) {
	t.Parallel()
	for name, s := range variants {
		for _, lang := range []string{hant, hans, en} {
			if w := s.in(lang); w.title == "" || w.detail == "" {
				t.Errorf("%s lacks words in %s", name, lang)
			}
			checkFilled(t, name, s.in(lang).detail)
		}
	}
	for _, why := range []string{
		engine.FateDone, engine.FateTimedOut, engine.FateWithdrawn, engine.FateMoved, engine.FateRemoved,
	} {
		if _, ok := variants["not-open "+why]; !ok {
			t.Errorf("%s has no sentence", why)
		}
	}
}

func TestTheLastAdministratorCannotLeave(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ma := w.in("house", "ma")
	me := prefix + "/people/ma"
	for _, body := range []map[string]any{
		{"name": "馬慧敏", "admin": false}, {"name": "馬慧敏", "gone": true}, {"name": "馬", "gone": true, "admin": true},
	} {
		ma.put(me, body).refused(http.StatusConflict, "last-administrator")
	}
	if got := ma.get(me).want(http.StatusOK); got.text("name") != "馬慧敏" || got.at("admin") != true {
		t.Errorf("something was changed: %s", got.body)
	}
	// What is left out stays as it is.
	kept := ma.put(me, map[string]any{"name": "馬敏"}).want(http.StatusOK)
	if kept.at("admin") != true || kept.text("name") != "馬敏" {
		t.Errorf("changed: %s", kept.body)
	}
	if he := ma.put(prefix+"/people/he", map[string]any{"name": "何", "admin": true}).want(http.StatusOK); he.
		text("posts", 0) != "gate" {
		t.Errorf("changed: %s", he.body)
	}
	// With another one there, he may step down, and the answer is still his.
	if down := ma.put(me, map[string]any{"name": "馬", "admin": false}).want(http.StatusOK); down.at("admin") != false {
		t.Errorf("changed: %s", down.body)
	}
	ma.get(prefix+"/people").refused(http.StatusForbidden, "forbidden")
}

// choiceYAML asks for values of many kinds.
const choiceYAML = `procedure: visit
title: 來訪
number: 'V{n:3}'
manager: desk
data:
  kind: {title: 類別, type: choice, options: {person: 個人, company: 單位}}
  day: {title: 日期, type: date}
  at: {title: 時刻, type: moment}
  cost: {title: 費用, type: money}
  takes: {title: 需時, type: duration}
  post: {title: 崗位, type: post}
  face: {title: 相片, type: photo}
start: {by: gate, form: [kind, day, at, cost, takes, post, face], optional: [face]}
steps:
  - {step: look, title: 查看, task: {by: desk, answers: {good: 可, bad: 不可}}, then: {good: done, bad: done}}
`

func TestSentencesSayHowToWriteIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deploy("house", officeYAML, choiceYAML)
	he, chen := w.in("house", "he"), w.in("house", "chen")
	file := he.upload("a.txt", "text/plain", "x").want(http.StatusCreated).text("id")
	start := prefix + "/procedures/visit/cases"
	wrong := map[string]any{
		"day": "tomorrow", "at": "9:00", "cost": "ten", "takes": "long", "post": "pilot", "face": file,
	}
	check := func(lang string, want map[string]string) {
		t.Helper()
		p := he.post(start+"?lang="+lang, values(wrong)).refused(http.StatusUnprocessableEntity, "invalid")
		for _, f := range p.Fields {
			if !strings.Contains(f.Detail, want[f.Path]) || want[f.Path] == "" {
				t.Errorf("%s: %q, want %q", f.Path, f.Detail, want[f.Path])
			}
		}
		if len(p.Fields) != len(want) {
			t.Errorf("fields: %+v", p.Fields)
		}
	}
	check("zh-Hant", map[string]string{
		"day": "日期，如 2026-11-24", "at": "時刻，如 2026-11-24T09:00:00+08:00", "cost": "金額，如 10.00",
		"takes": "時長，如 1h30m", "post": "門崗 gate, 客服部 desk", "face": "相片",
	})
	check("en", map[string]string{
		"day": "2026-11-24", "at": "2026-11-24T09:00:00+08:00", "cost": "10.00", "takes": "1h30m", "post": "gate",
		"face": "an image",
	})
	good := map[string]any{
		"kind": "dog", "day": "2026-11-24", "at": "2026-11-24T09:00:00+08:00", "cost": "10.00", "takes": "1h", "post": "desk",
	}
	p := he.post(start, values(good)).refused(http.StatusUnprocessableEntity, "invalid")
	if len(p.Fields) != 1 || !strings.Contains(p.Fields[0].Detail, "個人 person, 單位 company") {
		t.Errorf("fields: %+v", p.Fields)
	}
	good["kind"], good["face"] = "person", "nothing"
	p = he.post(start, values(good)).refused(http.StatusUnprocessableEntity, "invalid")
	if len(p.Fields) != 1 || p.Fields[0].Code != "no-such-file" {
		t.Errorf("fields: %+v", p.Fields)
	}
	delete(good, "face")
	he.post(start, values(good)).want(http.StatusCreated)
	p = chen.do("look", "", nil).refused(http.StatusUnprocessableEntity, "unknown-answer")
	if len(p.Fields) != 1 || p.Fields[0].Path != "answer" || !strings.Contains(p.Fields[0].Detail, "可 good, 不可 bad") {
		t.Errorf("fields: %+v", p.Fields)
	}
}

var english = regexp.MustCompile(`[A-Za-z]{3,}(?: [A-Za-z]+)+`)

func TestStaffReadNoForeignLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ma, he := w.in("house", "ma"), w.in("house", "he")
	long := strings.Repeat("名", 201)
	for name, a := range map[string]*answer{
		"post":    ma.put(prefix+"/people/x", map[string]any{"name": "X", "posts": []string{"pilot"}}),
		"unit":    ma.put(prefix+"/people/x", map[string]any{"name": "X", "unit": "north"}),
		"id":      ma.put(prefix+"/people/a%20b", map[string]any{"name": "X"}),
		"no name": ma.put(prefix+"/people/x", map[string]any{"name": " "}),
		"long":    ma.put(prefix+"/people/x", map[string]any{"name": long}),
		"type":    ma.put(prefix+"/people/x", map[string]any{"name": 5}),
		"list":    ma.put(prefix+"/people/x", map[string]any{"name": "X", "posts": "gate"}),
		"way":     he.post(prefix+"/procedures/visit/cases", map[string]any{"way": 9}),
		"cursor":  he.get(prefix + "/inbox?after=nonsense"),
		"limit":   he.get(prefix + "/inbox?limit=many"),
		"file":    he.upload("", "image/png", pngBody),
		"empty":   he.upload("x", "image/png", ""),
	} {
		p := a.refused(http.StatusUnprocessableEntity, "invalid")
		if len(p.Fields) == 0 {
			t.Errorf("%s: no fields: %s", name, a.body)
		}
		for _, f := range p.Fields {
			if m := english.FindString(f.Detail); m != "" {
				t.Errorf("%s: %q in %q", name, m, f.Detail)
			}
		}
	}
	ma.put(prefix+"/people/x", map[string]any{"name": long[:len("名")*200]}).want(http.StatusOK) // 200 characters
}

// A list of the cases of a procedure that there is not is no empty list: the name was mistyped.
func TestCasesOfNoProcedure(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, who := range []string{"ma", "he"} {
		c := w.in("house", who)
		p := c.get(prefix+"/cases?procedure=vist").refused(http.StatusNotFound, "not-deployed")
		if p.Args["near"] != "visit" || !strings.Contains(p.Detail, "visit") {
			t.Errorf("%+v", p)
		}
		c.get(prefix + "/cases?procedure=visit").want(http.StatusOK)
	}
}
