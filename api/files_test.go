package api

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/offices"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/store"
)

const (
	pngBody = "\x89PNG\r\n\x1a\n rest of a picture"
	svgBody = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`
)

// hostYAML takes a plan and a host at the gate.
const hostYAML = `procedure: visit
title: 來訪
number: 'V{n:3}'
manager: desk
data:
  host: {title: 被訪者, type: person}
  plan: {title: 平面圖, type: file}
start: {by: gate, form: [host, plan], optional: [host, plan]}
steps:
  - {step: look, title: 查看, task: {by: desk, show: [host, plan]}, then: done}
`

// newHosts has the office of newWorld with hostYAML, and a second one at the gate.
func newHosts(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.deploy("house", officeYAML, hostYAML)
	w.put("house", store.PersonRow{ID: "luo", Name: "羅偉", Posts: []string{"gate"}})
	return w
}

// upload sends a file as a program does.
func (c *client) upload(name, media, body string, headers ...string) *answer {
	c.t.Helper()
	return c.send(http.MethodPost, prefix+"/files?name="+url.QueryEscape(name), body,
		append([]string{"Content-Type", media}, headers...)...)
}

// visited brings a home visit to the point where the resident signs, and gives its case.
func (w *world) visited(chen *client) string {
	w.t.Helper()
	files, err := definitions.ReadDir(offices.FS, "sunshine")
	if err != nil {
		w.t.Fatal(err)
	}
	if _, _, err := w.engine.Deploy(w.t.Context(), engine.Operator("sunshine"), files); err != nil {
		w.t.Fatal(err)
	}
	// Who is there two hours before the time is not too early here.
	if _, err := w.engine.SetSetting(w.t.Context(), engine.Actor{Office: "sunshine", Person: "ma"}, "", "home-visit",
		"early", json.RawMessage(`"2h"`)); err != nil {
		w.t.Fatal(err)
	}
	began := chen.post(prefix+"/procedures/home-visit/cases", values(map[string]any{
		"resident": map[string]any{"name": "冼先生", "unit_no": "A12-0803", "phone": "13800000000"},
		"work":     map[string]any{"what": "更換水管"}, "parties": []any{},
	})).want(http.StatusCreated)
	later := time.Now().Add(2 * time.Hour).UTC().Format(time.RFC3339)
	work := map[string]any{"what": "更換水管", "takes": "1h", "care": "先關總閥"}
	rules := []any{"talk", "remarks", "tools", "moving", "sitting", "roaming"}
	for _, act := range []struct {
		step, answer string
		values       map[string]any
	}{
		{"name", "", map[string]any{"reading": map[string]any{"sure": true}}},
		{"appoint", "", map[string]any{"appointment": map[string]any{"at": later, "reason": "first"}}},
		{"brief", "", map[string]any{"work": work}},
		{"gather", "", nil}, {"rehearse", "", nil}, {"ring", "", nil}, {"door", "opened", nil}, {"greet", "", nil},
		{"escort", "", map[string]any{"conduct": rules}},
	} {
		if act.step == "gather" {
			chen.offered(act.step) // a timer brings it
		}
		chen.do(act.step, act.answer, act.values).want(http.StatusOK)
	}
	return began.text("case")
}

// offered waits until the inbox has a task of the step.
func (c *client) offered(step string) {
	c.t.Helper()
	deadline, tick := time.After(10*time.Second), time.NewTicker(2*time.Millisecond)
	defer tick.Stop()
	for !strings.Contains(string(c.get(prefix+"/inbox").want(http.StatusOK).body), `"step":"`+step+`"`) {
		select {
		case <-deadline:
			c.t.Fatalf("never: a task %s", step)
		case <-tick.C:
		}
	}
}

// do completes the task of a step that is in the inbox.
func (c *client) do(step, choice string, v map[string]any) *answer {
	c.t.Helper()
	inbox := c.get(prefix + "/inbox").want(http.StatusOK)
	for i := range inbox.size("tasks") {
		if inbox.text("tasks", i, "step") != step {
			continue
		}
		body := map[string]any{}
		if v != nil {
			body = values(v)
		}
		if choice != "" {
			body["answer"] = choice
		}
		return c.post(prefix+"/tasks/"+inbox.text("tasks", i, "id")+"/complete", body)
	}
	c.t.Fatalf("no task %s: %s", step, inbox.body)
	return nil
}

func TestHomeVisitEndsWithAnUploadedSignature(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t)
	for _, p := range []store.PersonRow{
		{ID: "chen", Name: "陳美玲", Posts: []string{"front-desk"}}, {ID: "he", Name: "何志強", Posts: []string{"gate"}},
		{ID: "li", Name: "李國華", Posts: []string{"supervisor"}}, {ID: "ma", Name: "馬慧敏", Admin: true},
	} {
		w.put("sunshine", p)
	}
	chen, he, li := w.in("sunshine", "chen"), w.in("sunshine", "he"), w.in("sunshine", "li")
	visit := w.visited(chen)
	signed := func(v any) map[string]any { return map[string]any{"result": map[string]any{"signature": v}} }
	made := map[string]any{"id": "made-up", "name": "簽名.png", "type": "image/png", "size": 9}
	for _, forged := range []any{"made-up", made, he.upload("簽名.png", "image/png", pngBody).text("id")} {
		p := chen.do("finish", "accepted", signed(forged)).refused(http.StatusUnprocessableEntity, "invalid")
		if len(p.Fields) != 1 || p.Fields[0].Path != "result.signature" || p.Fields[0].Code != "no-such-file" {
			t.Errorf("%v: %+v", forged, p.Fields)
		}
	}

	up := chen.upload("簽名.png", "image/png", pngBody).want(http.StatusCreated)
	id := up.text("id")
	if up.text("name") != "簽名.png" || up.text("type") != "image/png" || up.at("size") != float64(len(pngBody)) ||
		up.header.Get("Location") != prefix+"/files/"+id {
		t.Errorf("uploaded: %s %v", up.body, up.header)
	}
	li.get(prefix+"/files/"+id).refused(http.StatusNotFound, "not-found")
	made["id"], made["name"] = id, "forged.exe" // what else is said of it is not believed
	if done := chen.do("finish", "accepted", signed(made)).want(http.StatusOK); done.text("outcome") != "accepted" {
		t.Errorf("done: %s", done.body)
	}
	view := li.get(prefix + "/cases/" + visit).want(http.StatusOK)
	if !strings.Contains(string(view.body), `"text":"簽名.png"`) || strings.Contains(string(view.body), "forged.exe") {
		t.Errorf("case: %s", view.body)
	}
	if got := li.get(prefix + "/files/" + id).want(http.StatusOK); string(got.body) != pngBody {
		t.Errorf("downloaded %q", got.body)
	}
	he.get(prefix+"/files/"+id).refused(http.StatusNotFound, "not-found")
}

func TestDownloadsCannotRun(t *testing.T) {
	t.Parallel()
	w := newHosts(t)
	he := w.in("house", "he")
	id := he.upload(`C:\tmp\平面圖 "1".html`, "text/plain", "just text").want(http.StatusCreated).text("id")
	a := he.get(prefix + "/files/" + id).want(http.StatusOK)
	want := map[string]string{
		"Content-Type": "text/plain", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store",
		"Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'", "Content-Length": "9",
		"Content-Disposition": `attachment; filename="` + id +
			`.txt"; filename*=UTF-8''%E5%B9%B3%E9%9D%A2%E5%9C%96%20_1_.html.txt`,
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got := a.header.Values(name); len(got) != 1 || got[0] != want[name] {
			t.Errorf("%s is %q, want %q", name, got, want[name])
		}
	}
	if string(a.body) != "just text" {
		t.Errorf("body %q", a.body)
	}
}

func TestNamesOfDownloads(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"a.png": "a.png", "a.PNG": "a.PNG.png", "x.exe": "x.exe.png", "..": "file.png", "": "file.png", ".png": "file.png",
		"../../etc/passwd": "_.._etc_passwd.png", "a\r\nSet-Cookie: b": "a__Set-Cookie_%20b.png", "a%00b": "a_00b.png",
		"a+b&c=d;e'f": "a%2Bb%26c%3Dd%3Be%27f.png", "\xff": "_.png", "con. ": "con.png",
		strings.Repeat("字", 150): strings.Repeat("%E5%AD%97", 100) + ".png",
	} {
		got := disposition(value.Attachment{ID: "0a\"\r\n/é", Name: name}, "png")
		if got != `attachment; filename="0a.png"; filename*=UTF-8''`+want {
			t.Errorf("%q: %s", name, got)
		}
	}
}

func TestContentIsWhatItsTypeSays(t *testing.T) {
	t.Parallel()
	w := newHosts(t)
	he := w.in("house", "he")
	heic, webp := "\x00\x00\x00\x18ftypheic....", "RIFF\x04\x00\x00\x00WEBP...."
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..."
	docx := "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	for _, good := range [][2]string{
		{"image/png", pngBody}, {"image/jpeg", "\xff\xd8\xff\xe0.."}, {"image/webp", webp}, {"image/heic", heic},
		{"application/pdf", "%PDF-1.7\n"}, {"text/plain", "甲乙"}, {"text/plain; charset=big5", "\xa5\xd2\xa4A"},
		{"text/csv", "a,b\r\n"}, {docx, "PK\x03\x04..."}, {"application/msword", ole}, {"IMAGE/PNG", pngBody},
	} {
		he.upload("x", good[0], good[1]).want(http.StatusCreated)
	}
	html := "<!DOCTYPE html><script>alert(1)</script>"
	for _, bad := range [][2]string{
		{"image/png", html}, {"image/png", svgBody}, {"image/svg+xml", svgBody}, {"text/html", html}, {"image/jpeg", pngBody},
		{"image/webp", "RIFF"}, {"image/webp", "RIFF....WAVE"}, {"image/heic", "....ftypisom...."}, {"image/heic", svgBody},
		{"application/pdf", html}, {"application/xml", "<a/>"}, {"application/octet-stream", "x"}, {"application/json", "{}"},
		{"text/plain", html}, {"text/plain", " \n" + svgBody}, {"text/plain", "\xef\xbb\xbf<?xml?>"}, {"text/csv", pngBody},
		{"text/plain", "a\x00b"}, {docx, ole}, {"application/msword", "MZ"}, {"application/javascript", "x"}, {"", pngBody},
		{"image/png, text/html", pngBody}, {"multipart/form-data; boundary=x", "--x--"},
	} {
		p := he.upload("x.png", bad[0], bad[1]).refused(http.StatusUnsupportedMediaType, "wrong-type")
		if !strings.Contains(p.Detail, "PDF") {
			t.Errorf("detail %q speaks of something else", p.Detail)
		}
	}
}

func TestUploadsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newHosts(t)
	he := w.in("house", "he")
	full := pngBody + strings.Repeat("x", maxFile-len(pngBody))
	he.upload("full", "image/png", full).want(http.StatusCreated)
	p := he.upload("x", "image/png", full+"x").refused(http.StatusRequestEntityTooLarge, "too-large")
	if p.Args["max"] != "10485760" {
		t.Errorf("args %v", p.Args)
	}
	he.upload("x", "image/png", "").refused(http.StatusUnprocessableEntity, "invalid")
	for _, name := range []string{"", "a\nb", strings.Repeat("x", 201)} {
		he.upload(name, "image/png", pngBody).refused(http.StatusUnprocessableEntity, "invalid")
	}
	for _, path := range []string{"/files?name=a&nmae=b", "/files?name=a&Name=b"} {
		p := he.send(http.MethodPost, prefix+path, pngBody, "Content-Type", "image/png").
			refused(http.StatusUnprocessableEntity, "invalid")
		if len(p.Fields) != 1 || p.Fields[0].Code != "unknown" {
			t.Errorf("%s: %+v", path, p.Fields)
		}
	}
	he.get(prefix+"/files/x?y=z").refused(http.StatusUnprocessableEntity, "invalid")
	he.get(prefix+"/files/x").refused(http.StatusNotFound, "not-found")
	he.get(prefix+"/files").refused(http.StatusMethodNotAllowed, "wrong-method")
	long := `{"values":{"plan":"` + strings.Repeat("x", maxBody) + `"}}` // other routes take no more than before
	he.send(http.MethodPost, prefix+"/procedures/visit/cases", long).
		refused(http.StatusRequestEntityTooLarge, "too-large")
	he.send(http.MethodPost, prefix+"/procedures/visit/cases", "{}", "Content-Type", "text/plain").
		refused(http.StatusUnsupportedMediaType, "wrong-type")
}

func TestUploadsFromOtherSites(t *testing.T) {
	t.Parallel()
	w := newHosts(t)
	he := w.in("house", "he")
	for _, pair := range [][2]string{
		{"Origin", "https://evil.example"}, {"Origin", "null"}, {"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site"},
	} {
		he.upload("x", "text/plain", "x", pair[0], pair[1]).refused(http.StatusForbidden, "foreign-origin")
	}
	browser := &client{t: t, url: w.url, header: http.Header{"Cookie": {cookieName + "=" + he.token}}}
	browser.upload("x", "text/plain", "x").want(http.StatusCreated) // as curl does with a cookie
	browser.upload("x", "text/plain", "x", "Origin", "https://evil.example").
		refused(http.StatusForbidden, "foreign-origin")
	browser.upload("x", "text/plain", "x", "Sec-Fetch-Site", "same-origin").want(http.StatusCreated)
	id := browser.upload("x", "text/plain", "x", "Origin", w.url).want(http.StatusCreated).text("id")
	browser.get(prefix + "/files/" + id).want(http.StatusOK)
	(&client{t: t, url: w.url}).upload("x", "text/plain", "x").refused(http.StatusUnauthorized, "not-signed-in")
}

func TestForgedPersonsAndStrangersFiles(t *testing.T) {
	t.Parallel()
	w := newHosts(t)
	w.deploy("tower", strings.Replace(officeYAML, "office: house", "office: tower", 1), hostYAML)
	w.put("tower", store.PersonRow{ID: "he", Name: "何", Posts: []string{"gate"}, Admin: true})
	he, luo, chen, other := w.in("house", "he"), w.in("house", "luo"), w.in("house", "chen"), w.in("tower", "he")
	start := func(c *client, v map[string]any) *answer {
		return c.post(prefix+"/procedures/visit/cases", values(v))
	}
	forged := map[string]any{"id": "john", "name": "局長", "posts": []any{"gate", "desk"}, "unit": "hq"}
	id := start(he, map[string]any{"host": forged}).want(http.StatusCreated).text("case")
	data := chen.get(prefix+"/cases/"+id).want(http.StatusOK).at("data", 0, "value")
	if host, _ := data.(map[string]any); len(host) != 2 || host["id"] != "john" || host["name"] != "John" {
		t.Errorf("the host is %v", data)
	}

	plan := he.upload("a.txt", "text/plain", "plan").want(http.StatusCreated).text("id")
	for name, c := range map[string]*client{"a colleague": luo, "another office": other} {
		c.get(prefix+"/files/"+plan).refused(http.StatusNotFound, "not-found")
		for _, v := range []any{plan, map[string]any{"id": plan, "name": "a.txt", "type": "text/plain", "size": 4}} {
			p := start(c, map[string]any{"plan": v}).refused(http.StatusUnprocessableEntity, "invalid")
			if len(p.Fields) != 1 || p.Fields[0].Path != "plan" || p.Fields[0].Code != "no-such-file" {
				t.Errorf("%s: %+v", name, p.Fields)
			}
		}
	}
	start(he, map[string]any{"plan": plan}).want(http.StatusCreated)
	start(he, map[string]any{"plan": plan}).refused(http.StatusUnprocessableEntity, "invalid") // it is the first case's
	chen.get(prefix + "/files/" + plan).want(http.StatusOK)
	luo.get(prefix+"/files/"+plan).refused(http.StatusNotFound, "not-found")
	other.get(prefix+"/files/"+plan).refused(http.StatusNotFound, "not-found")
}

func TestFilesAreDescribed(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t)
	api := (&client{t: t, url: w.url}).get("/openapi.json").want(http.StatusOK)
	put, get := api.at("paths", prefix+"/files", "post"), api.at("paths", prefix+"/files/{id}", "get")
	if put == nil || get == nil {
		t.Fatalf("not described: %v %v", put, get)
	}
	for _, path := range [][]any{
		{"requestBody", "content", "image/png", "schema"}, {"responses", "201", "content", "application/json", "schema"},
	} {
		if api.at(append([]any{"paths", prefix + "/files", "post"}, path...)...) == nil {
			t.Errorf("no %v", path)
		}
	}
}
