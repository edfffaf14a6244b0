package api

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
)

// built is a page as Vite builds it.
func built() fstest.MapFS {
	return fstest.MapFS{
		"index.html":          {Data: []byte("<!doctype html>the page")},
		"index.html.gz":       {Data: []byte("gz")},
		"index.html.br":       {Data: []byte("br")},
		"assets/main-1.js":    {Data: []byte("let a")},
		"assets/main-1.js.br": {Data: []byte("small")},
		"icon.svg":            {Data: []byte("<svg/>")},
		"README":              {Data: []byte("not to be served")},
	}
}

func pageWorld(t *testing.T) *client {
	t.Helper()
	w := newWorld(t)
	w.url = serve(t, Options{Engine: w.engine, Door: w.door, Numbers: w.store, Page: built()})
	return &client{t: t, url: w.url}
}

const browser = "text/html,application/xhtml+xml,*/*;q=0.8"

func TestABrowserGetsThePage(t *testing.T) {
	t.Parallel()
	c := pageWorld(t)
	for _, path := range []string{"/", "/tasks/x.1", "/sign-in/secret", "/cases/V2026%2F001"} {
		a := c.send(http.MethodGet, path, "", "Accept", browser, "Accept-Encoding", "identity").want(http.StatusOK)
		if string(a.body) != "<!doctype html>the page" || a.header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s gives %s", path, a.body)
		}
		policy := a.header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "script-src 'self';") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if got := a.header.Get("Cache-Control"); got != "no-cache" {
			t.Errorf("%s: kept as %q, and a new page would not be seen", path, got)
		}
		for _, header := range []string{"X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"} {
			if a.header.Get(header) == "" {
				t.Errorf("%s: no %s", path, header)
			}
		}
	}
}

func TestProgramsAreAnsweredAsBefore(t *testing.T) {
	t.Parallel()
	c := pageWorld(t)
	if got := c.get("/").want(http.StatusOK).text("api"); got != prefix {
		t.Errorf("/ says %s", got)
	}
	c.send(http.MethodGet, prefix+"/nothing", "", "Accept", browser).refused(http.StatusNotFound, "unknown-route")
	c.get("/nothing").refused(http.StatusNotFound, "unknown-route")
	c.send(http.MethodGet, "/assets/old.js", "", "Accept", browser).refused(http.StatusNotFound, "unknown-route")
	c.get("/README").refused(http.StatusNotFound, "unknown-route")
	a := c.send(http.MethodGet, "/openapi.json", "", "Accept", browser).want(http.StatusOK)
	if !strings.HasPrefix(string(a.body), "{") {
		t.Errorf("openapi.json: %.40s", a.body)
	}
}

func TestAssetsAreSmallAndKept(t *testing.T) {
	t.Parallel()
	c := pageWorld(t)
	for _, want := range []struct{ takes, coding, body string }{
		{"gzip, deflate, br, zstd", "br", "small"}, {"br;q=0, gzip", "", "let a"}, {"identity", "", "let a"},
	} {
		a := c.send(http.MethodGet, "/assets/main-1.js", "", "Accept-Encoding", want.takes).want(http.StatusOK)
		if string(a.body) != want.body || a.header.Get("Content-Encoding") != want.coding {
			t.Errorf("%s: %q as %q", want.takes, a.body, a.header.Get("Content-Encoding"))
		}
		if !strings.Contains(a.header.Get("Cache-Control"), "immutable") || a.header.Get("ETag") == "" {
			t.Errorf("kept as %q with tag %q", a.header.Get("Cache-Control"), a.header.Get("ETag"))
		}
	}
	a := c.send(http.MethodGet, "/", "", "Accept", browser, "Accept-Encoding", "gzip")
	if string(a.body) != "gz" {
		t.Errorf("gzip: %s", a.body)
	}
	tag := a.header.Get("ETag")
	again := c.send(http.MethodGet, "/", "", "Accept", browser, "If-None-Match", tag).want(http.StatusNotModified)
	if len(again.body) > 0 {
		t.Errorf("what the browser has is sent again: %s", again.body)
	}
}

func TestWithoutAPageABrowserIsToldSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := &client{t: t, url: w.url}
	if a := c.send(http.MethodGet, "/", "", "Accept", browser).want(http.StatusOK); !strings.Contains(
		string(a.body), "make run") {
		t.Errorf("/ says %s", a.body)
	}
	c.send(http.MethodGet, "/cases", "", "Accept", browser).refused(http.StatusNotFound, "unknown-route")
}

func TestToLookAtALinkDoesNotSpendIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secret, err := w.door.NewLink(t.Context(), "house", "he")
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, url: w.url}
	for range 2 {
		a := c.send(http.MethodGet, "/sign-in/"+secret.Token, "", "Accept", browser).want(http.StatusOK)
		if !strings.Contains(string(a.body), `method="post"`) || a.header.Get("Set-Cookie") != "" {
			t.Errorf("to look at a link gives %s", a.body)
		}
		c.get("/sign-in/"+secret.Token).refused(http.StatusMethodNotAllowed, "wrong-method")
	}
	stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+"/sign-in/"+secret.Token, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{"Accept": {browser}, "Content-Type": {"application/x-www-form-urlencoded"}}
	a, err := stay.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/" || a.Header.Get("Set-Cookie") == "" {
		t.Errorf("the form gives %d to %q", a.StatusCode, a.Header.Get("Location"))
	}
}

func TestABrokenPageIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := Options{Engine: w.engine, Door: w.door, Numbers: w.store, Logger: slog.New(slog.DiscardHandler),
		Ready: func(context.Context) error { return nil }, Page: fstest.MapFS{"icon.svg": {}}}
	if _, err := New(o); err == nil || !strings.Contains(err.Error(), "index.html") {
		t.Errorf("a page without index.html: %v", err)
	}
}
