package api

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestLargeAnswersAreCompressed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := &client{t: t, url: w.url}
	whole := c.send(http.MethodGet, "/openapi.json", "", "Accept-Encoding", "identity").want(http.StatusOK)
	small := c.send(http.MethodGet, "/openapi.json", "", "Accept-Encoding", "br, gzip").want(http.StatusOK)
	if small.header.Get("Content-Encoding") != "gzip" || len(small.body)*4 > len(whole.body) {
		t.Errorf("%d of %d bytes as %q", len(small.body), len(whole.body), small.header.Get("Content-Encoding"))
	}
	z, err := gzip.NewReader(bytes.NewReader(small.body))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(z); err != nil || !bytes.Equal(got, whole.body) {
		t.Errorf("compressed and whole differ: %v", err)
	}
	for _, a := range []*answer{whole, small} {
		if !strings.Contains(strings.Join(a.header.Values("Vary"), ", "), "Accept-Encoding") {
			t.Errorf("a cache may mix them up: Vary %q", a.header.Values("Vary"))
		}
	}
	for _, takes := range []string{"gzip;q=0", "deflate", ""} {
		a := c.send(http.MethodGet, "/openapi.json", "", "Accept-Encoding", takes)
		if got := a.header.Get("Content-Encoding"); got != "" {
			t.Errorf("who takes %q got %q", takes, got)
		}
	}
}

// What is small, what is no text, what POST answers and what goes on and on are sent as they are.
func TestOtherAnswersAreNotCompressed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := &client{t: t, url: w.url}
	gzipped := func(a *answer) bool { return a.header.Get("Content-Encoding") == "gzip" }
	if gzipped(c.send(http.MethodGet, "/healthz", "", "Accept-Encoding", "gzip")) {
		t.Error("a small answer is compressed")
	}
	if gzipped(c.send(http.MethodGet, "/link/none", "", "Accept-Encoding", "gzip")) {
		t.Error("a page with a link is compressed")
	}
	token := `{"token": "` + strings.Repeat("x", 1500) + `"}`
	if gzipped(c.send(http.MethodPost, prefix+"/sign-in", token, "Accept-Encoding", "gzip")) {
		t.Error("what POST answers is compressed")
	}
}
