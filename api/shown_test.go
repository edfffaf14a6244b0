package api

import (
	"net/http"
	"testing"
)

// shownYAML has a table of what is chosen, what it costs, and something private.
const shownYAML = `procedure: order
title: 訂購
number: 'D{n:3}'
manager: desk
data:
  goods:
    title: 貨品
    each: item
    rows:
      from: {title: 供應, type: choice, options: {post: 郵局, shop: 書店}}
      price: {title: 單價, type: money}
      note: {title: 附言, type: text, private: true}
start: {by: gate, form: [goods.from, goods.price, goods.note]}
ends: {seen: 已看}
steps:
  - {step: look, title: 看, for_each: {in: goods}, task: {by: desk, show: [goods]}, then: seen}
`

// A table is shown as people read it, and a task of one row says what that row is called.
func TestRowsAreShownAsPeopleReadThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deploy("house", officeYAML, shownYAML)
	he, chen := w.in("house", "he"), w.in("house", "chen")
	goods := []any{
		map[string]any{"from": "post", "price": "10", "note": "急"},
		map[string]any{"from": "shop", "price": "2.50", "note": "緩"},
	}
	id := he.post(prefix+"/procedures/order/cases", values(map[string]any{"goods": goods})).
		want(http.StatusCreated).text("case")
	view := chen.get(prefix + "/cases/" + id).want(http.StatusOK)
	row := func(a *answer, list string, n int) string {
		out := ""
		for i := range a.size(list, 0, "rows", n) {
			out += a.text(list, 0, "rows", n, i) + "|"
		}
		return out
	}
	if got := row(view, "data", 1); got != "書店|2.50 元|•••|" {
		t.Errorf("the second row is shown as %s", got)
	}
	for i, name := range []string{"郵局", "書店"} {
		task := chen.get(prefix+"/inbox").want(http.StatusOK).text("tasks", i, "id")
		got := chen.get(prefix + "/tasks/" + task).want(http.StatusOK)
		if said := got.text("row_name"); said != name {
			t.Errorf("row %d is called %s", i+1, said)
		}
		if said := row(got, "show", 0); said != "郵局|10.00 元|急|" {
			t.Errorf("the task shows %s", said)
		}
		if said := view.text("open", i, "row_name"); said != name {
			t.Errorf("in the case row %d is called %s", i+1, said)
		}
		try := chen.post(prefix+"/cases/"+id+"/cancel", map[string]any{"dry": true}).want(http.StatusOK)
		if said := try.text("preview", "withdrawn", i, "row_name"); said != name || try.size("preview", "withdrawn") != 2 {
			t.Errorf("in a preview row %d is called %s of %s", i+1, said, try.body)
		}
	}
}

// What an administrator may leave out with a skip, nobody else may: not after he has looked at the case either.
func TestWhatIsAskedStaysAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deploy("house", officeYAML, `procedure: ask
title: 詢問
number: 'X{n:3}'
manager: desk
data: {what: {title: 內容, type: text}}
start: {by: gate}
ends: {told: 已答}
steps:
  - {step: fill, title: 填寫, task: {by: desk, form: [what]}, then: told}
`)
	he, chen, ma := w.in("house", "he"), w.in("house", "chen"), w.in("house", "ma")
	id := he.post(prefix+"/procedures/ask/cases", values(nil)).want(http.StatusCreated).text("case")
	ma.get(prefix + "/cases/" + id).want(http.StatusOK)
	task := prefix + "/tasks/" + chen.get(prefix+"/inbox").text("tasks", 0, "id")
	if chen.get(task).want(http.StatusOK).at("form", "fields", 0, "required") != true {
		t.Error("the field is not asked for any more")
	}
	chen.post(task+"/complete", values(nil)).refused(http.StatusUnprocessableEntity, "invalid")
}
