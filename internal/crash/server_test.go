package crash_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// binary builds the server once for the tests of this package.
func binary(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "guicheng")
	build := exec.CommandContext(t.Context(), "go", "build", "-tags", "nomsgpack", "-o", path, "../../cmd/guicheng")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

// server is a real process on a data folder.
type server struct {
	cmd   *exec.Cmd
	url   string
	links map[string]string // person -> one-time token
	said  *bytes.Buffer
}

var (
	linkLine  = regexp.MustCompile(`^\s+(\S+)\s.*/sign-in/(\S+)$`)
	readyLine = regexp.MustCompile(`listens on (http://\S+)`)
)

// serve starts the server on a data folder and waits until it says where it listens.
func serve(t *testing.T, bin, data, offices string) *server {
	t.Helper()
	s, err := launch(t, bin, "--data", data, "--definitions", offices)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// launch starts a node. An error means that it has ended before it listened.
func launch(t *testing.T, bin string, args ...string) (*server, error) {
	t.Helper()
	s := &server{links: map[string]string{}, said: &bytes.Buffer{}}
	s.cmd = exec.CommandContext(context.WithoutCancel(t.Context()), bin,
		slices.Concat([]string{"serve", "--demo", "--listen", "127.0.0.1:0"}, args)...)
	s.cmd.Stderr = s.said
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	t.Cleanup(func() { s.end(syscall.SIGKILL) })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if m := linkLine.FindStringSubmatch(lines.Text()); m != nil {
			s.links[m[1]] = m[2]
		}
		if m := readyLine.FindStringSubmatch(lines.Text()); m != nil {
			s.url = m[1]
			return s, nil
		}
	}
	s.end(syscall.SIGKILL)
	return nil, fmt.Errorf("the server did not start:\n%s", s.said)
}

// end sends a signal and waits until the process is gone. Again does nothing.
func (s *server) end(sig os.Signal) {
	if s.cmd.ProcessState == nil {
		_ = s.cmd.Process.Signal(sig) // it may be gone already
		_ = s.cmd.Wait()              // killed is what it is meant to be
	}
}

// person is somebody signed in on the server; the session survives a restart of it.
type person struct {
	session string
	client  *http.Client
}

func signIn(t *testing.T, s *server, who string) *person {
	t.Helper()
	p := &person{client: &http.Client{Timeout: 20 * time.Second}}
	var signed struct {
		Session string `json:"session"`
	}
	link := map[string]string{"token": s.links[who]}
	status, err := p.call(t.Context(), s, http.MethodPost, "/api/v1/sign-in", "", link, &signed)
	if err != nil || status != http.StatusOK {
		t.Fatalf("sign in %s: %d %v", who, status, err)
	}
	p.session = signed.Session
	return p
}

// call sends a request and reads the answer. An error means that it is not known what became of it.
func (p *person) call(ctx context.Context, s *server, method, path, key string, body, answer any) (int, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequestWithContext(ctx, method, s.url+path, bytes.NewReader(raw))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+p.session)
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	read, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return resp.StatusCode, fmt.Errorf("%s %s: %d %s", method, path, resp.StatusCode, strings.TrimSpace(string(read)))
	}
	if len(read) == 0 {
		return resp.StatusCode, nil
	}
	return resp.StatusCode, json.Unmarshal(read, answer)
}
