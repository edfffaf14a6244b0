package engine_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/engine"
)

// ordersYAML keeps books of orders, and a report that is computed from them.
const ordersYAML = `procedure: buy
title: 訂購
number: 'DG{yyyy}-{n:3}'
manager: boss
data:
  buyer: {title: 訂購人, type: text, searchable: true}
  phone: {title: 電話, type: text, private: true}
  goods:
    title: 貨品
    each: item
    rows: {name: {title: 名稱, type: text}, price: {title: 單價, type: money}, note: {title: 備註, type: text}}
  gone: {title: 已取, type: yes-no}
start: {by: desk, form: [buyer, phone, goods.name, goods.price, goods.note], optional: goods.note}
steps:
  - {step: pay, title: 收款, task: {by: books}}
  - {step: hand-over, title: 交貨, task: {by: gate, form: [gone]}}
registers:
  orders:
    title: 訂購登記冊
    columns: [case.number, buyer, phone, {sum: {title: 合計, type: money, value: 'sum(goods, .price)'}}, gone, case.state]
    by: desk
    sort: [-sum]
    totals: {all: {title: 總計, type: money, value: 'sum(lines, .sum)'}, n: {title: 張數, type: count, value: len(lines)}}
  sold:
    title: 售出
    for_each: goods
    from: pay
    when: "item.price > money('1')"
    columns: [buyer, item.name, item.price, item.note]
---
procedure: tally
title: 月報
data:
  least: {title: 起計, type: money}
  goods:
    title: 貨品
    each: line
    max: 3
    rows: {buyer: {title: 訂購人, type: text}, name: {title: 名稱, type: text}, price: {title: 單價, type: money}}
  sum: {title: 合計, type: money, value: 'sum(goods, .price)'}
start: {by: desk, form: [least]}
steps:
  - {step: gather, title: 彙集, collect: {register: buy.sold, when: row.price >= least, into: goods}}
  - {step: read, title: 審閱, task: {by: boss, show: [goods, sum]}}
`

func openBooks(t *testing.T) *world {
	t.Helper()
	w := open(t)
	w.must(w.Deploy(t.Context(), engine.Operator("sun"),
		officeWith("books.yaml", ordersYAML)))
	for _, order := range []string{
		`{"buyer": "=甲", "phone": "1", "goods": [{"name": "椅", "price": "80.00"}, {"name": "釘", "price": "0.50"}]}`,
		`{"buyer": "乙", "phone": "2", "goods": [{"name": "桌", "price": "300.00"}]}`,
		`{"buyer": "丙", "phone": "3", "goods": [{"name": "燈", "price": "20.00"}]}`,
	} {
		w.begin("chan", "buy", order)
		w.clock.move(time.Minute)
	}
	w.complete("fong", "pay", "", "")
	w.complete("fong", "pay", "", "")
	return w
}

func (w *world) read(person string, q engine.RegisterQuery) engine.RegisterPage {
	w.t.Helper()
	q.Procedure = "buy"
	if q.Register == "" {
		q.Register = "orders"
	}
	page, err := w.Register(w.t.Context(), as(person), "", q)
	if err != nil {
		w.t.Fatalf("%+v: %v", q, err)
	}
	return page
}

// texts writes the lines of a page, a line each.
func texts(page engine.RegisterPage) []string {
	out := []string{}
	for _, line := range page.Lines {
		var cells []string
		for _, c := range line.Cells {
			cells = append(cells, c.Text)
		}
		out = append(out, strings.Join(cells, "|"))
	}
	return out
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestARegisterIsRead: sorted, totalled, filtered, paged, with private values masked.
func TestARegisterIsRead(t *testing.T) {
	t.Parallel()
	w := openBooks(t)
	page := w.read("chan", engine.RegisterQuery{})
	same(t, "all", texts(page), "DG2026-002|乙|•••|300.00 元||辦理中", "DG2026-001|=甲|•••|80.50 元||辦理中",
		"DG2026-003|丙|•••|20.00 元||辦理中")
	if page.Count != 3 || page.Partial || len(page.Totals) != 2 || page.Totals[0].Text != "400.50 元" ||
		page.Totals[1].Text != "3" || page.Lines[0].Cells[2].Raw != nil {
		t.Errorf("%+v", page)
	}
	first := w.read("lam", engine.RegisterQuery{Limit: 2, Sort: "buyer"})
	same(t, "first page", texts(first), "DG2026-001|=甲|•••|80.50 元||辦理中", "DG2026-003|丙|•••|20.00 元||辦理中")
	same(t, "last page", texts(w.read("lam", engine.RegisterQuery{Limit: 2, Sort: "buyer", After: first.Next})),
		"DG2026-002|乙|•••|300.00 元||辦理中")
	some := w.read("ann", engine.RegisterQuery{Filter: `row.sum > money('50') && row.buyer != '乙'`})
	same(t, "filtered", texts(some), "DG2026-001|=甲|•••|80.50 元||辦理中")
	if some.Totals[0].Text != "80.50 元" {
		t.Errorf("totals are of what was asked for: %+v", some.Totals)
	}
	where := func(pairs ...string) []string {
		var q engine.RegisterQuery
		for i := 0; i < len(pairs); i += 2 {
			q.Where = append(q.Where, engine.RegisterWhere{Column: pairs[i], Value: pairs[i+1]})
		}
		return texts(w.read("ann", q))
	}
	same(t, "of a buyer", where("buyer", "丙"), "DG2026-003|丙|•••|20.00 元||辦理中")
	for _, typed := range []string{"300.00", "300", "300.00 元"} {
		same(t, "by what is not searchable", where("sum", typed), "DG2026-002|乙|•••|300.00 元||辦理中")
	}
	same(t, "a number is no beginning", where("sum", "30"))
	same(t, "of a buyer, by two columns", where("case.state", "辦理", "buyer", "丙"), "DG2026-003|丙|•••|20.00 元||辦理中")
	same(t, "by two columns of which one is another", where("buyer", "丙", "sum", "300"))
	if n := len(where("case.number", "DG2026-00")); n != 3 {
		t.Errorf("%d begin so", n)
	}
	same(t, "by what is masked", texts(w.read("ann", engine.RegisterQuery{Filter: "row.phone == '1'"})))
	same(t, "rows, from a step on", texts(w.read("ann", engine.RegisterQuery{Register: "sold", Sort: "price"})),
		"=甲|椅|80.00 元|", "乙|桌|300.00 元|")
}

// TestWhoMayReadARegister: those whom it names, the manager by post, and administrators.
func TestWhoMayReadARegister(t *testing.T) {
	t.Parallel()
	w := openBooks(t)
	for person, want := range map[string]string{"ann": "orders sold", "lam": "orders sold", "chan": "orders", "so": ""} {
		list, err := w.Registers(t.Context(), as(person), "")
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, r := range list {
			ids = append(ids, r.Register)
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%s may read %q, want %q", person, got, want)
		}
	}
	for _, q := range []engine.RegisterQuery{{Procedure: "buy", Register: "orders"}, {Procedure: "buy", Register: "x"},
		{Procedure: "x", Register: "orders"}} {
		_, err := w.Register(t.Context(), as("so"), "", q)
		wantCode(t, err, engine.CodeNotFound)
	}
	for field, q := range map[string]engine.RegisterQuery{
		"filter": {Filter: "row.price > 3"}, "sort": {Sort: "price"}, "after": {After: "x"},
		"column": {Where: []engine.RegisterWhere{{Column: "price", Value: "1"}}},
		"value":  {Where: []engine.RegisterWhere{{Column: "buyer"}}},
	} {
		q.Procedure, q.Register = "buy", "orders"
		_, err := w.Register(t.Context(), as("ann"), "en", q)
		if f := fieldsOf(err); len(f) != 1 || f[0].Path != field {
			t.Errorf("%s: %v, %+v", field, err, f)
		}
	}
}

// TestAStepCollects: lines of a register come into a table, oldest case first; more than it has room for is an
// incident.
func TestAStepCollects(t *testing.T) {
	t.Parallel()
	w := openBooks(t)
	w.complete("fong", "pay", "", "")
	w.begin("chan", "tally", `{"least": "20.00"}`)
	w.eventually("it is gathered", w.hasTask("lam", "read"))
	view, err := w.Task(t.Context(), as("lam"), "", w.task("lam", "read").ID)
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"buyer":"=甲","name":"椅","price":"80.00"},{"buyer":"乙","name":"桌","price":"300.00"},` +
		`{"buyer":"丙","name":"燈","price":"20.00"}]`
	if got := string(view.Show[0].Value); got != want || view.Show[1].Text != "400.00 元" {
		t.Errorf("gathered %s, in all %s", got, view.Show[1].Text)
	}
	w.begin("chan", "buy", `{"buyer": "丁", "phone": "4", "goods": [{"name": "門", "price": "500.00"}]}`)
	w.complete("fong", "pay", "", "")
	full := w.begin("chan", "tally", `{"least": "20.00"}`)
	w.eventually("there is no room for four", func(ctx context.Context) bool {
		c, err := w.Case(ctx, as("ann"), "en", full.Case)
		return err == nil && len(c.Incidents) == 1 && strings.Contains(c.Incidents[0].Message, "room for 3")
	})
}
