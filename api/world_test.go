package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/staff"
	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/sqlite"
)

const officeYAML = `office: house
title: 小區
language: zh-Hant
zone: Asia/Shanghai
currency: CNY
posts: {gate: 門崗, desk: 客服部}
`

const visitYAML = `procedure: visit
title: 來訪
number: 'V{yyyy}/{n:3}'
manager: desk
data:
  name:   {title: 姓名, type: text}
  people: {title: 人數, type: count, min: 1, max: 9}
  phone:  {title: 電話, type: phone, private: true}
  floor:  {title: 樓層, type: count, check: {that: floor < 30, say: 沒有這一層}}
messages:
  left: {title: 已離開, by: gate}
start: {by: gate, form: [name, people, phone]}
events: {message: left, to: left}
ends: {admitted: 已放行, refused: 未放行, left: {title: 自行離開, cancels: all}}
steps:
  - step: ask
    title: 詢問
    task: {by: desk, show: [name], answers: {expected: 有約, unknown: 無約}}
    then: {expected: admit, unknown: refused}
  - step: admit
    title: 登記放行
    task: {by: gate, show: [name], form: [floor]}
    then: admitted
`

// world is a whole server: store, engine, door, HTTP.
type world struct {
	t      *testing.T
	store  store.Store
	engine *engine.Engine
	door   *staff.Door
	url    string
}

func emptyWorld(t *testing.T) *world {
	t.Helper()
	db, err := sqlite.Open(":memory:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	e, err := engine.Open(t.Context(), engine.Options{Store: db})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	w := &world{t: t, store: db, engine: e, door: staff.NewDoor(db, nil)}
	w.url = serve(t, Options{Engine: e, Door: w.door, Numbers: db})
	return w
}

// serve runs a handler behind a real server.
func serve(t *testing.T, o Options) string {
	t.Helper()
	if o.Ready == nil {
		o.Ready = func(context.Context) error { return nil }
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	h, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(h)
	server.Config = NewServer(h, o.Logger)
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}

// newWorld has an office at work: he at the gate, chen at the desk, ma who keeps it.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := emptyWorld(t)
	w.deploy("house", officeYAML, visitYAML)
	for _, p := range []store.PersonRow{
		{ID: "ma", Name: "馬慧敏", Admin: true},
		{ID: "he", Name: "何志強", Posts: []string{"gate"}},
		{ID: "chen", Name: "陳美玲", Posts: []string{"desk"}},
		{ID: "john", Name: "John", Lang: "en"},
	} {
		w.put("house", p)
	}
	return w
}

func (w *world) deploy(office, officeText, procedure string) {
	w.t.Helper()
	files := []definitions.File{
		{Name: "office.yaml", Text: []byte(officeText)}, {Name: "visit.yaml", Text: []byte(procedure)},
	}
	_, problems, err := w.engine.Deploy(w.t.Context(), engine.Operator(office), files)
	if err != nil {
		w.t.Fatalf("%v\n%s", err, report.Render(problems, nil))
	}
}

func (w *world) put(office string, p store.PersonRow) {
	w.t.Helper()
	if err := w.engine.PutPerson(w.t.Context(), engine.Operator(office), p); err != nil {
		w.t.Fatal(err)
	}
}

// in signs somebody in.
func (w *world) in(office, person string) *client {
	w.t.Helper()
	secret, err := w.door.NewLink(w.t.Context(), office, person)
	if err != nil {
		w.t.Fatal(err)
	}
	c := &client{t: w.t, url: w.url}
	a := c.post(prefix+"/sign-in", map[string]any{"token": secret.Token}).want(http.StatusOK)
	c.token = a.text("session")
	return c
}

// client is somebody with a browser or a program.
type client struct {
	t      *testing.T
	url    string
	token  string
	header http.Header // of every request
}

// answer is what came back.
type answer struct {
	t      *testing.T
	what   string
	status int
	header http.Header
	body   []byte
}

func (c *client) get(path string) *answer { c.t.Helper(); return c.send(http.MethodGet, path, "") }
func (c *client) post(path string, body any) *answer {
	c.t.Helper()
	return c.json(http.MethodPost, path, body)
}
func (c *client) put(path string, body any) *answer {
	c.t.Helper()
	return c.json(http.MethodPut, path, body)
}

func (c *client) json(method, path string, body any) *answer {
	c.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.send(method, path, string(text))
}

// send sends a body as it is; header pairs come over those of the client.
func (c *client) send(method, path, body string, headers ...string) *answer {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	maps.Copy(r.Header, c.header)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	all, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return &answer{t: c.t, what: method + " " + path, status: resp.StatusCode, header: resp.Header, body: all}
}

func (a *answer) want(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: status %d, want %d\n%s", a.what, a.status, status, a.body)
	}
	return a
}

// refused checks a whole problem document and gives it.
func (a *answer) refused(status int, code string) *ProblemDocument {
	a.t.Helper()
	a.want(status)
	if kind := a.header.Get("Content-Type"); kind != "application/problem+json" {
		a.t.Errorf("%s: content type %q", a.what, kind)
	}
	p := &ProblemDocument{}
	dec := json.NewDecoder(bytes.NewReader(a.body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(p); err != nil {
		a.t.Fatalf("%s: %v\n%s", a.what, err, a.body)
	}
	if p.Code != code || p.Status != status || p.Type != "urn:guicheng:problem:"+code || p.Title == "" || p.Detail == "" {
		a.t.Fatalf("%s: want code %s, whole, got\n%s", a.what, code, a.body)
	}
	return p
}

// at finds a value by its names and numbers in the answer.
func (a *answer) at(path ...any) any {
	a.t.Helper()
	var v any
	if err := json.Unmarshal(a.body, &v); err != nil {
		a.t.Fatalf("%s: %v\n%s", a.what, err, a.body)
	}
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				a.t.Fatalf("%s: no entry %d in %v\n%s", a.what, step, path, a.body)
			}
			v = list[step]
		}
	}
	return v
}

func (a *answer) text(path ...any) string {
	a.t.Helper()
	text, ok := a.at(path...).(string)
	if !ok {
		a.t.Fatalf("%s: no text at %v\n%s", a.what, path, a.body)
	}
	return text
}

func (a *answer) size(path ...any) int {
	a.t.Helper()
	list, ok := a.at(path...).([]any)
	if !ok {
		a.t.Fatalf("%s: no list at %v\n%s", a.what, path, a.body)
	}
	return len(list)
}

// values wraps a form's values.
func values(v map[string]any) map[string]any { return map[string]any{"values": v} }

// begin starts a visit as he, and gives its id, its number, and the first task, which chen has.
func (w *world) begin(he, chen *client) (id, number, task string) {
	w.t.Helper()
	a := he.post(prefix+"/procedures/visit/cases", values(map[string]any{
		"name": "王先生", "people": 2, "phone": "13800000000",
	})).want(http.StatusCreated)
	id, number = a.text("case"), a.text("number")
	task = chen.get(prefix+"/inbox?limit=1").want(http.StatusOK).text("tasks", 0, "id")
	return id, number, task
}
