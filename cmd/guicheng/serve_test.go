package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// running is a server that was started as the command line would.
type running struct {
	out  string // what it printed until it listened
	url  string
	stop func() error
}

var listens = regexp.MustCompile(`Guicheng listens on (\S+)\n`)

func start(t *testing.T, c serveCmd) *running {
	t.Helper()
	c.Listen = "127.0.0.1:0"
	ctx, cancel := context.WithCancel(t.Context())
	read, write := io.Pipe()
	done := guarded(func() error {
		err := c.serve(ctx, &Streams{Out: write, Err: io.Discard})
		write.CloseWithError(io.EOF)
		return err
	})
	r := &running{stop: func() error { cancel(); return <-done }}
	t.Cleanup(cancel)
	lines := bufio.NewReader(read)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("the server did not begin: %v\n%s", r.stop(), r.out)
		}
		r.out += line
		if m := listens.FindStringSubmatch(line); m != nil {
			r.url = m[1]
			return r
		}
	}
}

// ask sends a request and reads the JSON that comes back.
func ask(t *testing.T, method, url, token, body string) (int, map[string]any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		t.Fatalf("%s %s: %v", method, url, err)
	}
	return resp.StatusCode, out
}

func TestServeDemo(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	began := time.Now()
	r := start(t, serveCmd{Data: data, Demo: true})
	t.Logf("ready after %s", time.Since(began))
	links := regexp.MustCompile(`(?m)^  (\S+) .* (http://\S+/sign-in/)(\S+)$`).FindAllStringSubmatch(r.out, -1)
	if len(links) != len(demoStaff) {
		t.Fatalf("%d links, want %d\n%s", len(links), len(demoStaff), r.out)
	}
	for _, l := range links {
		if l[2] != r.url+"/sign-in/" {
			t.Errorf("the link of %s leads to %s", l[1], l[2])
		}
		status, signed := ask(t, http.MethodPost, r.url+"/api/v1/sign-in", "", `{"token":"`+l[3]+`"}`)
		token, _ := signed["session"].(string)
		if status != http.StatusOK || token == "" {
			t.Fatalf("%s cannot sign in: %d %v", l[1], status, signed)
		}
		if status, me := ask(t, http.MethodGet, r.url+"/api/v1/me", token, ""); status != 200 || me["id"] != l[1] {
			t.Errorf("%s is %v", l[1], me)
		}
	}
	second := serveCmd{Data: data, Listen: "127.0.0.1:0"}
	err := second.serve(t.Context(), &Streams{Out: io.Discard, Err: io.Discard})
	if err == nil || !strings.Contains(err.Error(), "in use by another server") {
		t.Errorf("a second server on the same data: %v", err)
	}
	if err := r.stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
	again := start(t, serveCmd{Data: data, Demo: true})
	if err := again.stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
}

func TestServeSetsUp(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	one := t.TempDir()
	if err := os.CopyFS(filepath.Join(one, "sunshine"), os.DirFS(sunshine)); err != nil {
		t.Fatal(err)
	}
	r := start(t, serveCmd{Data: data, Definitions: one})
	m := regexp.MustCompile(`"token":"([^"]+)"`).FindStringSubmatch(r.out)
	if m == nil {
		t.Fatalf("no set-up link:\n%s", r.out)
	}
	for _, want := range []string{"curl -b admin -c admin " + r.url, `"office":"sunshine"`} {
		if !strings.Contains(r.out, want) {
			t.Errorf("the command lacks %s:\n%s", want, r.out)
		}
	}
	body := `{"token":"` + m[1] + `","office":"sunshine","id":"ma","name":"馬慧敏"}`
	status, signed := ask(t, http.MethodPost, r.url+"/api/v1/set-up", "", body)
	if status != http.StatusOK {
		t.Fatalf("set-up: %d %v", status, signed)
	}
	token, _ := signed["session"].(string)
	_, versions := ask(t, http.MethodGet, r.url+"/api/v1/deployments", token, "")
	if list, _ := versions["versions"].([]any); len(list) == 0 {
		t.Errorf("nothing is deployed: %v", versions)
	}
	if status, _ := ask(t, http.MethodGet, r.url+"/readyz", "", ""); status != http.StatusOK {
		t.Errorf("ready: %d", status)
	}
	if err := r.stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
	again := start(t, serveCmd{Data: data})
	if strings.Contains(again.out, "token") {
		t.Errorf("there is an administrator, and a set-up link:\n%s", again.out)
	}
	if _, me := ask(t, http.MethodGet, again.url+"/api/v1/me", token, ""); me["id"] != "ma" {
		t.Errorf("the session did not outlive the server: %v", me)
	}
	if err := again.stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
}

func TestServeSaysWhatToDo(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { taken.Close() }) // after the subtests, which are parallel
	plain := filepath.Join(t.TempDir(), "plain")
	if err := os.WriteFile(plain, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	data, noise := filepath.Join(t.TempDir(), "data"), t.TempDir()
	if err := os.WriteFile(filepath.Join(noise, databaseFile), bytes.Repeat([]byte("noise"), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	office, capital := filepath.Join(t.TempDir(), "of"), filepath.Join(t.TempDir(), "of")
	for _, file := range []string{filepath.Join(office, officeFile), filepath.Join(capital, "one", "Office.yaml")} {
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("office: one\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"port in use": {[]string{"--listen", taken.Addr().String(), "--data", data}, "another program has this port"},
		"another port, with make": {
			[]string{"--listen", taken.Addr().String(), "--data", data}, "GUICHENG_LISTEN=127.0.0.1:8081 make run",
		},
		"the office's own folder": {
			[]string{"--listen", "127.0.0.1:0", "--data", data + "4", "--definitions", office},
			office + " is an office itself: --definitions names the folder around it, " + filepath.Dir(office),
		},
		"the office's file with a capital": {
			[]string{"--listen", "127.0.0.1:0", "--data", data + "5", "--definitions", capital},
			filepath.Join(capital, "one", "Office.yaml") + " is not read: rename it to office.yaml",
		},
		"no address":     {[]string{"--listen", "nowhere", "--data", data}, "--listen nowhere: want host:port"},
		"data is a file": {[]string{"--listen", "127.0.0.1:0", "--data", plain}, "choose another folder with --data"},
		"no definitions": {
			[]string{"--listen", "127.0.0.1:0", "--data", data + "1", "--definitions", data}, "there is no folder " + data,
		},
		"no office of the demo": {
			[]string{"--listen", "127.0.0.1:0", "--data", data + "3", "--demo", "--definitions", data}, "no office sunshine in",
		},
		"no database":      {[]string{"--listen", "127.0.0.1:0", "--data", noise}, "is no SQLite database, or is damaged"},
		"wrong public URL": {[]string{"--listen", "127.0.0.1:0", "--data", data + "2", "--public-url", "x"}, "public URL"},
		"unknown format":   {[]string{"--log-format", "xml"}, "--log-format"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out, log bytes.Buffer
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second) // ends a server that should not have begun
			defer cancel()
			code := execute(ctx, append([]string{"serve"}, c.args...), &Streams{Out: &out, Err: &log})
			first, _, _ := strings.Cut(log.String(), "\n")
			if code == 0 || !strings.HasPrefix(first, "guicheng: ") || !strings.Contains(first, c.says) {
				t.Errorf("exit %d, said %q, want %q", code, log.String(), c.says)
			}
		})
	}
}
