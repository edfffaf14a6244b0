package api

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/guicheng/guicheng/store"
)

const visitBook = `registers:
  visits:
    title: 來訪登記冊
    columns: [case.number, name, people, phone, case.state, case.started]
    sort: name
    totals: {guests: {title: 總人數, type: count, value: 'sum(lines, .people)'}}
`

// TestRegistersOverHTTP: listed, read and exported by those who may, with what a spreadsheet would run made harmless.
func TestRegistersOverHTTP(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t)
	w.deploy("house", officeYAML, visitYAML+visitBook)
	w.put("house", store.PersonRow{ID: "he", Name: "何志強", Posts: []string{"gate"}})
	w.put("house", store.PersonRow{ID: "chen", Name: "陳美玲", Posts: []string{"desk"}})
	he, chen := w.in("house", "he"), w.in("house", "chen")
	for _, name := range []string{`=HYPERLINK("http://x")`, "+1", "周,\"明\""} {
		he.post(prefix+"/procedures/visit/cases", values(map[string]any{
			"name": name, "people": 2, "phone": "13800000000",
		})).want(http.StatusCreated)
	}
	const at = prefix + "/registers/visit/visits"
	if got := chen.get(prefix + "/registers").want(http.StatusOK); got.size("registers") != 1 ||
		got.text("registers", 0, "title") != "來訪登記冊" {
		t.Errorf("listed: %s", got.body)
	}
	if got := he.get(prefix + "/registers").want(http.StatusOK); got.size("registers") != 0 {
		t.Errorf("the gate may read: %s", got.body)
	}
	he.get(at).refused(http.StatusNotFound, "not-found")
	he.get(at+"/export").refused(http.StatusNotFound, "not-found")
	page := chen.get(at + "?limit=2").want(http.StatusOK)
	if page.size("lines") != 2 || page.at("count") != float64(3) || page.text("totals", 0, "text") != "6" ||
		page.text("lines", 0, "cells", 3, "text") != "•••" || page.text("next") != "2" {
		t.Errorf("read: %s", page.body)
	}
	if got := chen.get(at + "?filter=row.people%20%3E%202").want(http.StatusOK); got.size("lines") != 0 {
		t.Errorf("filtered: %s", got.body)
	}
	if got := chen.get(at + "?column=people&value=2&column=name&value=%2B").want(http.StatusOK); got.size("lines") != 1 {
		t.Errorf("by two columns: %s", got.body)
	}
	chen.get(at+"?column=people&value=2&column=name").refused(http.StatusUnprocessableEntity, "invalid")
	if p := chen.get(at+"?filter=row.x").refused(http.StatusUnprocessableEntity, "invalid"); len(p.Fields) != 1 {
		t.Errorf("a wrong filter: %+v", p)
	}
	chen.get(at+"/export?format=pdf").refused(http.StatusUnprocessableEntity, "invalid")

	text := chen.get(at + "/export?format=csv&sort=-number&column=people&value=2").want(http.StatusOK)
	lines := strings.Split(string(text.body), "\r\n")
	if lines[0] != "\ufeff編號,姓名,人數,電話,狀態,開始時間" || !strings.Contains(lines[1], `,"周,""明""",2,•••,辦理中,`) ||
		!strings.Contains(lines[2], ",'+1,2,") || !strings.Contains(lines[3], `,"'=HYPERLINK(""http://x"")",2,`) ||
		lines[4] != ",,,,," || lines[5] != "總人數,6" {
		t.Errorf("as CSV:\n%s", text.body)
	}
	f, err := excelize.OpenReader(bytes.NewReader(chen.get(at + "/export?sort=-number").want(http.StatusOK).body))
	if err != nil {
		t.Fatal(err)
	}
	sheet := f.GetSheetName(0)
	formula, _ := f.GetCellFormula(sheet, "B4")
	content, _ := f.GetCellValue(sheet, "B4")
	kind, _ := f.GetCellType(sheet, "C4")
	total, _ := f.GetCellValue(sheet, "B6")
	if formula != "" || content != `=HYPERLINK("http://x")` || kind == excelize.CellTypeInlineString || total != "6" {
		t.Errorf("as XLSX: formula %q, content %q, type %v, total %q", formula, content, kind, total)
	}

	timesInSheet(t, f, chen, at)
}

// timesInSheet: a time is a time there, that of the office's clocks, and reads as in the page.
func timesInSheet(t *testing.T, f *excelize.File, chen *client, at string) {
	t.Helper()
	sheet := f.GetSheetName(0)
	shown := chen.get(at+"?sort=-number").want(http.StatusOK).text("lines", 0, "cells", 5, "text")
	started, _ := f.GetCellValue(sheet, "F2")
	raw, err := f.GetCellValue(sheet, "F2", excelize.Options{RawCellValue: true})
	if err != nil || started != shown {
		t.Errorf("a time as XLSX: %q, in the page %q, %v", started, shown, err)
	}
	if days, err := strconv.ParseFloat(raw, 64); err != nil || days < 46_000 {
		t.Errorf("a time as XLSX is %q: no number that can be counted with", raw)
	}

	// The titles of what every case has need no translation of the office.
	page := chen.get(at + "?lang=en").want(http.StatusOK)
	if got := page.text("columns", 0, "title") + ", " + page.text("columns", 5, "title"); got != "Number, Started" {
		t.Errorf("in English: %s", got)
	}
}

// A line leads to its case for those who may open it, and for nobody else.
func TestALineOfARegisterLeadsWhereOneMayGo(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t)
	w.deploy("house", officeYAML, visitYAML+visitBook+"    by: gate\n")
	for id, post := range map[string]string{"he": "gate", "luo": "gate", "chen": "desk"} {
		w.put("house", store.PersonRow{ID: id, Name: id, Posts: []string{post}})
	}
	he, luo := w.in("house", "he"), w.in("house", "luo")
	w.begin(he, w.in("house", "chen"))
	for c, want := range map[*client]int{he: http.StatusOK, luo: http.StatusNotFound} {
		page := c.get(prefix + "/registers/visit/visits").want(http.StatusOK)
		c.get(prefix + "/cases/" + page.text("lines", 0, "case")).want(want)
		if leads := page.at("lines", 0, "open") == true; leads != (want == http.StatusOK) {
			t.Errorf("a line that leads on: %v, and the case answers %d", leads, want)
		}
	}
}
