package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"github.com/guicheng/guicheng/api"
)

// prefix is where a server's API stands.
const prefix = "/api/v1"

// remote is a running server, asked as the person who signed in.
type remote struct {
	Server  string    `json:"server"`
	Session string    `json:"session"`
	Until   time.Time `json:"until"`
	Me      api.Me    `json:"me"`

	lang string
}

// refused is a server's refusal.
type refused struct{ api.ProblemDocument }

// Error implements error: it is for people.
func (r *refused) Error() string {
	if len(r.Fields) == 0 {
		if strings.ContainsFunc(r.Title, func(c rune) bool { return unicode.Is(unicode.Han, c) }) {
			return r.Title + "：" + r.Detail
		}
		return r.Title + ": " + r.Detail
	}
	parts := make([]string, len(r.Fields))
	for i, f := range r.Fields {
		parts[i] = f.Path + ": " + f.Detail
	}
	return strings.Join(parts, "; ")
}

// ask sends a body as JSON (nil: none) and reads the answer into out (nil: it is not read).
func (r *remote) ask(ctx context.Context, method, path string, body, out any) error {
	var sent io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("write the request: %w", err)
		}
		sent = bytes.NewReader(text)
	}
	q, err := http.NewRequestWithContext(ctx, method, r.Server+prefix+path, sent)
	if err != nil {
		return fmt.Errorf("ask %s: %w", r.Server, err)
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Accept-Language", r.lang)
	if r.Session != "" {
		q.Header.Set("Authorization", "Bearer "+r.Session)
	}
	resp, err := http.DefaultClient.Do(q)
	if err != nil {
		if why := unreachable(err); why != "" {
			return fmt.Errorf("no server of Guicheng answers at %s: %s", r.Server, why)
		}
		return fmt.Errorf("ask %s: %w", r.Server, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= http.StatusBadRequest {
		said := &refused{}
		if err := json.NewDecoder(resp.Body).Decode(&said.ProblemDocument); err != nil || said.Code == "" {
			return fmt.Errorf("%s answers %s: is it a server of Guicheng?", r.Server, resp.Status)
		}
		return said
	}
	if out == nil {
		return nil
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		return fmt.Errorf("read the answer of %s: %w", r.Server, err)
	}
	return nil
}

// SessionFlags say as whom a running server is asked.
type SessionFlags struct {
	Session string `env:"GUICHENG_SESSION" placeholder:"FILE" help:"Where sign-in keeps it (in your settings)."`
}

func (f *SessionFlags) file() (string, error) {
	if f.Session != "" {
		return f.Session, nil
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("there is no folder for your settings (%w): name a file with --session", err)
	}
	return filepath.Join(dir, "guicheng", "session.json"), nil
}

// errNotSignedIn says how to be.
var errNotSignedIn = errors.New("not signed in: guicheng sign-in LINK, with the link of an administrator")

// open reads the session that sign-in has kept.
func (f *SessionFlags) open(lang string) (*remote, error) {
	file, err := f.file()
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNotSignedIn
	}
	if err != nil {
		return nil, fmt.Errorf("read the session: %w", err)
	}
	r := &remote{lang: lang}
	if err := json.Unmarshal(text, r); err != nil || r.Server == "" {
		return nil, fmt.Errorf("%s is no session: sign in anew", file)
	}
	if !time.Now().Before(r.Until) {
		return nil, fmt.Errorf("the session at %s has ended: sign in anew", r.Server)
	}
	return r, nil
}

// keep writes the session where nobody else reads it.
func (f *SessionFlags) keep(r *remote) error {
	file, err := f.file()
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("keep the session: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return fmt.Errorf("keep the session: %w", err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return fmt.Errorf("keep the session: %w", err)
	}
	return nil
}

// SignInCmd begins a session at a running server, for the commands that ask one.
type SignInCmd struct {
	Link  string       `arg:"" help:"A sign-in link, as the server or an administrator gives it."`
	Lang  string       `type:"lang" help:"zh-Hant, zh-Hans or en; absent: the terminal's."`
	Where SessionFlags `embed:""`
}

// Run spends the link.
func (c *SignInCmd) Run(ctx context.Context, s *Streams) error {
	at, err := url.Parse(c.Link)
	server, token, ok := strings.Cut(c.Link, "/sign-in/")
	if err != nil || !ok || at.Host == "" || token == "" {
		return errors.New("a sign-in link is like http://127.0.0.1:8080/sign-in/BUJArI8T…")
	}
	r := &remote{Server: server, lang: s.language(c.Lang)}
	var signed api.SignedIn
	if err := r.ask(ctx, http.MethodPost, "/sign-in", map[string]string{"token": token}, &signed); err != nil {
		return err
	}
	r.Session, r.Until, r.Me = signed.Session, signed.Until, signed.Me
	if err := c.Where.keep(r); err != nil {
		return err
	}
	s.say(r.lang, "Signed in as %s (%s of %s) at %s\n", r.Me.Name, r.Me.ID, r.Me.Office, r.Server)
	return nil
}
