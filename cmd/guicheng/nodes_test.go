package main

import (
	"bytes"
	"io"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/guicheng/guicheng/internal/pgtest"
)

// TestServersShareADatabase starts two, signs in at one, is known at the other, and drains one while the other goes on.
func TestServersShareADatabase(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	one := start(t, serveCmd{Database: dsn, Demo: true, Drain: 2 * time.Second})
	two := start(t, serveCmd{Database: dsn, Demo: true})
	signIn := func(r *running, token string) string {
		t.Helper()
		status, signed := ask(t, http.MethodPost, r.url+"/api/v1/sign-in", "", `{"token":"`+token+`"}`)
		session, _ := signed["session"].(string)
		if status != http.StatusOK || session == "" {
			t.Fatalf("sign in: %d %v", status, signed)
		}
		return session
	}
	m := regexp.MustCompile(`(?m)^  ma .*/sign-in/(\S+)$`).FindStringSubmatch(one.out)
	if m == nil {
		t.Fatalf("no link:\n%s", one.out)
	}
	session := signIn(one, m[1])
	status, me := ask(t, http.MethodGet, two.url+"/api/v1/me", session, "")
	if status != http.StatusOK || me["id"] != "ma" {
		t.Errorf("the other server knows %d %v", status, me)
	}

	var out, log bytes.Buffer
	args := []string{"link", "sunshine", "he", "--database", dsn, "--public-url", two.url}
	if code := execute(t.Context(), args, &Streams{Out: &out, Err: &log}); code != 0 {
		t.Fatalf("link: %d %s", code, log.String())
	}
	m = regexp.MustCompile(`/sign-in/(\S+)`).FindStringSubmatch(out.String())
	if m == nil {
		t.Fatalf("no link:\n%s", out.String())
	}
	signIn(two, m[1])

	stopped := guarded(one.stop)
	ready := func(r *running) int {
		status, _ := ask(t, http.MethodGet, r.url+"/readyz", "", "")
		return status
	}
	for deadline := time.Now().Add(time.Second); ready(one) == http.StatusOK; {
		if time.Now().After(deadline) {
			t.Fatal("a server that is stopping says that it is ready")
		}
	}
	if status, _ := ask(t, http.MethodGet, one.url+"/api/v1/me", session, ""); status != http.StatusOK {
		t.Errorf("while it drains, a server answers %d", status)
	}
	if err := <-stopped; err != nil {
		t.Errorf("stop: %v", err)
	}
	if resp, err := http.Get(one.url + "/healthz"); err == nil {
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		t.Error("it listens although it has stopped")
	}
	if status := ready(two); status != http.StatusOK {
		t.Errorf("the other server is not ready: %d", status)
	}
	if err := two.stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
}
