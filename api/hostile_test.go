package api

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/store"
)

func TestHostileBodies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he := w.in("house", "he")
	start := prefix + "/procedures/visit/cases"
	deep := strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000)
	for name, c := range map[string]struct {
		body   string
		status int
		code   string
		says   string
	}{
		"nothing":            {"", 400, "bad-json", "請求沒有內容"},
		"not JSON":           {`{"values":`, 400, "bad-json", "不是 JSON：第 1 行第 10 字起"},
		"two values":         {`{} {}`, 400, "bad-json", "只能有一個 JSON 物件；第 1 行第 4 字"},
		"an array":           {`[]`, 400, "bad-json", "寫在大括號裡"},
		"a number":           {`1`, 400, "bad-json", "寫在大括號裡"},
		"deep":               {`{"values":` + deep + `}`, 400, "bad-json", "最多相套 64 層；第 1 行第"},
		"deep arrays":        {strings.Repeat("[", 100_000), 400, "bad-json", "寫在大括號裡"},
		"huge number":        {`{"way":1e999999}`, 400, "bad-json", ""},
		"not UTF-8":          {"{\"values\":{\"name\":\"\xff\"}}", 400, "bad-json", "UTF-8 編碼；第 1 行"},
		"a name twice":       {`{"way":0,"way":1}`, 400, "bad-json", "名稱不能重複"},
		"a value twice":      {`{"values":{"name":"a","name":"b"}}`, 400, "bad-json", "名稱不能重複"},
		"a name in two ways": {`{"way":0,"WAY":1}`, 400, "bad-json", "不分大小寫"},
		"U+0000":             {`{"values":{"name":"a\u0000b"}}`, 400, "bad-json", "U+0000"},
		"unknown name":       {`{"wya":0}`, 422, "invalid", ""},
		"wrong type":         {`{"way":"0"}`, 422, "invalid", ""},
		"a fraction":         {`{"way":0.5}`, 422, "invalid", ""},
		"values a list":      {`{"values":[]}`, 422, "invalid", ""},
		"count a text":       {`{"values":{"name":"a","people":"two","phone":"13800000000"}}`, 422, "invalid", ""},
		"count huge":         {`{"values":{"name":"a","people":1e300,"phone":"13800000000"}}`, 422, "invalid", ""},
		"no such way":        {`{"way":7}`, 422, "invalid", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			own := *he
			own.t = t
			p := own.send(http.MethodPost, start, c.body, "Content-Type", "application/json").refused(c.status, c.code)
			if !strings.Contains(p.Detail, c.says) {
				t.Errorf("it says %q, not %q", p.Detail, c.says)
			}
		})
	}
}

func TestBodyThatIsTooLong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he := w.in("house", "he")
	body := func(size int) string {
		return `{"values":{"name":"` + strings.Repeat("a", size-len(`{"values":{"name":""}}`)) + `"}}`
	}
	start := prefix + "/procedures/visit/cases"
	he.send(http.MethodPost, start, body(maxBody)).refused(http.StatusUnprocessableEntity, "invalid")
	p := he.send(http.MethodPost, start, body(maxBody+1)).refused(http.StatusRequestEntityTooLarge, "too-large")
	if !strings.Contains(p.Detail, "1048576") {
		t.Errorf("detail %q", p.Detail)
	}
	// Without a length, the reading is what stops.
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+start,
		struct{ *strings.Reader }{strings.NewReader(body(maxBody + 1))})
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+he.token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d", resp.StatusCode)
	}
	ma := w.in("house", "ma")
	upload := `{"files":[{"name":"office.yaml","text":"` + strings.Repeat("#", maxBody) + `"}]}`
	ma.send(http.MethodPost, prefix+"/check", upload).want(http.StatusOK)
}

func TestForeignPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he := w.in("house", "he")
	start := prefix + "/procedures/visit/cases"
	body := `{"values":{"name":"a","people":1,"phone":"13800000000"}}`
	for _, origin := range []string{"https://evil.example", "null", w.url + ".evil.example", "http://localhost:1"} {
		he.send(http.MethodPost, start, body, "Origin", origin).refused(http.StatusForbidden, "foreign-origin")
	}
	he.send(http.MethodPost, start, body, "Sec-Fetch-Site", "cross-site").
		refused(http.StatusForbidden, "foreign-origin")
	he.send(http.MethodPost, start, body, "Origin", w.url).want(http.StatusCreated)
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "", "application/json/x", "json"} {
		he.send(http.MethodPost, start, body, "Content-Type", kind).
			refused(http.StatusUnsupportedMediaType, "wrong-type")
	}
	he.send(http.MethodPost, prefix+"/tasks/x/claim", "", "Content-Type", "text/plain").
		refused(http.StatusUnsupportedMediaType, "wrong-type")
	he.send(http.MethodPost, start, body, "Content-Type", "application/json; charset=utf-8").want(http.StatusCreated)
}

func TestQueriesAreStrict(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he := w.in("house", "he")
	for query, field := range map[string]string{
		"limit=0": "query.limit", "limit=201": "query.limit", "limit=x": "query.limit", "limti=5": "query.limti",
		"lang=fr": "query.lang", "mine=perhaps": "query.mine", "post=" + strings.Repeat("x", 101): "query.post",
	} {
		p := he.get(prefix+"/inbox?"+query).refused(http.StatusUnprocessableEntity, "invalid")
		if len(p.Fields) != 1 || p.Fields[0].Path != field || p.Fields[0].Detail == "" {
			t.Errorf("%s: %+v", query, p.Fields)
		}
	}
}

func TestSecretsAreNotRepeated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := &client{t: t, url: w.url}
	for _, body := range []string{
		`{"token":["top-secret"]}`, `{"token":"top-secret","x":1}`, `{"token":"top-secret"`, `{"token":"top-secret"} 1`,
		`{"token":"` + strings.Repeat("top-secret", 30) + `"}`,
	} {
		if a := c.send(http.MethodPost, prefix+"/sign-in", body); strings.Contains(string(a.body), "top-secret") {
			t.Errorf("%s was answered with %s", body, a.body)
		}
	}
}

func TestAddressesThatAreNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := &client{t: t, url: w.url}
	for _, path := range []string{
		"/nothing", prefix, prefix + "/nothing", prefix + "/me/", "//", "/docs", "/schemas/Me.json",
	} {
		c.get(path).refused(http.StatusNotFound, "unknown-route")
	}
	a := c.send(http.MethodPatch, prefix+"/me", `{}`)
	a.refused(http.StatusMethodNotAllowed, "wrong-method")
	if a.header.Get("Allow") != "GET" {
		t.Errorf("Allow is %q", a.header.Get("Allow"))
	}
	c.send(http.MethodHead, "/sign-in/x", "").want(http.StatusMethodNotAllowed)
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he := w.in("house", "he")
	for _, path := range []string{
		"/", "/healthz", "/readyz", "/openapi.json", "/openapi.yaml", prefix + "/me", "/nothing",
	} {
		a := he.get(path)
		for name, want := range map[string]string{
			"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
			"Referrer-Policy": "no-referrer",
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		if !strings.Contains(a.header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s has no content security policy", path)
		}
	}
	root := he.get("/").want(http.StatusOK)
	if root.text("api") != prefix || root.text("openapi") != "/openapi.json" {
		t.Errorf("root: %s", root.body)
	}
}

// lockedBuffer is a log that many write to.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// broken is an engine that panics, or fails, when asked who may start what or what is to do.
type broken struct{ Engine }

func (broken) Startable(context.Context, engine.Actor, string) ([]engine.ProcedureLine, error) {
	panic("secret of the house")
}

func (broken) Inbox(context.Context, engine.Actor, string, engine.InboxQuery) (engine.InboxPage, error) {
	return engine.InboxPage{}, fmt.Errorf("inbox: %w", store.ErrUnavailable)
}

func TestFaultsOfOurOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	log := &lockedBuffer{}
	he := w.in("house", "he")
	he.url = serve(t, Options{
		Engine: broken{w.engine}, Door: w.door, Numbers: w.store,
		Logger: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Ready: func(ctx context.Context) error {
			if _, bounded := ctx.Deadline(); !bounded {
				return nil // whoever asks would wait for a store that hangs
			}
			return store.ErrUnavailable
		},
	})
	a := he.get(prefix + "/procedures")
	a.refused(http.StatusInternalServerError, "internal")
	if strings.Contains(string(a.body), "secret of the house") || !strings.Contains(log.String(), "secret of the house") {
		t.Errorf("the panic belongs into the log, not into the answer:\n%s\n%s", a.body, log)
	}
	for _, path := range []string{prefix + "/inbox", "/readyz"} {
		a := he.get(path)
		a.refused(http.StatusServiceUnavailable, "unavailable")
		if a.header.Get("Retry-After") == "" {
			t.Errorf("%s does not say when to come again", path)
		}
	}
	he.get("/healthz").want(http.StatusOK)
	he.get("/sign-in/top-secret-token")
	if strings.Contains(log.String(), "top-secret-token") || strings.Contains(log.String(), he.token) {
		t.Errorf("the log holds a secret:\n%s", log)
	}
}

// TestAllFaultsOfARequestAreToldAtOnce: of the address and of the body.
func TestAllFaultsOfARequestAreToldAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he := w.in("house", "he")
	p := he.send(http.MethodPost, prefix+"/procedures/visit/cases?lang=de&foo=1", `{"way":"a","bar":2}`).
		refused(http.StatusUnprocessableEntity, "invalid")
	var paths []string
	for _, f := range p.Fields {
		paths = append(paths, f.Path+" "+f.Code)
	}
	if got := strings.Join(paths, ", "); got != "bar unknown, query.foo unknown, query.lang option, way type" {
		t.Errorf("told of %s", got)
	}
	p = he.send(http.MethodGet, prefix+"/inbox?limit=x&lang=zh-CN&other=1", "").
		refused(http.StatusUnprocessableEntity, "invalid")
	if len(p.Fields) != 2 || p.Title != "填写有误" {
		t.Errorf("told %q of %v", p.Title, p.Fields)
	}
}

// TestWhoHasGoneIsNoFault: a client that does not wait for the answer of /readyz leaves no warning.
func TestWhoHasGoneIsNoFault(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	log := &lockedBuffer{}
	handler, err := New(Options{
		Engine: w.engine, Door: w.door, Numbers: w.store, Logger: slog.New(slog.NewTextHandler(log, nil)),
		Ready: func(ctx context.Context) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	q := httptest.NewRequestWithContext(gone, http.MethodGet, "/readyz", nil)
	handler.ServeHTTP(httptest.NewRecorder(), q)
	if strings.Contains(log.String(), "not ready") {
		t.Errorf("the log warns:\n%s", log)
	}
}
