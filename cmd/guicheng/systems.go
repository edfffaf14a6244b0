package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"

	"github.com/guicheng/guicheng/engine/outgoing"
)

// systemEntry is one system in the file of --systems.
type systemEntry struct {
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Signing string            `json:"signing"`
	Allow   []string          `json:"allow"`
}

// readSystems reads where the systems of the offices are, by "<office>/<system>". In a header or signing secret, $NAME
// alone stands for the variable of that name, so that the file need not hold secrets. "" = there are none.
func readSystems(path string) (map[string]outgoing.System, error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("--systems: %w", err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	var entries map[string]systemEntry
	read := json.NewDecoder(io.LimitReader(file, 1<<20))
	read.DisallowUnknownFields()
	if err := read.Decode(&entries); err != nil {
		return nil, fmt.Errorf(`--systems %s: %w; want {"office/system": {"url": "https://…"}}`, path, err)
	}
	out := make(map[string]outgoing.System, len(entries))
	for name, e := range entries { // any order: into a map
		s, err := e.system()
		if err == nil && strings.Count(name, "/") != 1 {
			err = errors.New(`its name is "office/system"`)
		}
		if err != nil {
			return nil, fmt.Errorf("--systems %s: %s: %w", path, name, err)
		}
		out[name] = s
	}
	return out, nil
}

func (e systemEntry) system() (outgoing.System, error) {
	s := outgoing.System{URL: e.URL, Headers: map[string]string{}}
	var err error
	for name, text := range e.Headers { // any order: into a map
		if s.Headers[name], err = secretOf(text); err != nil {
			return s, err
		}
	}
	if s.Signing, err = secretOf(e.Signing); err != nil {
		return s, err
	}
	for _, text := range e.Allow {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return s, fmt.Errorf("allow: %w; want a range such as 10.0.0.0/8", err)
		}
		s.Allow = append(s.Allow, p)
	}
	_, err = outgoing.New(s)
	return s, err
}

// secretOf gives the text, or what the variable holds that it names.
func secretOf(text string) (string, error) {
	name, isVariable := strings.CutPrefix(text, "$")
	if !isVariable {
		return text, nil
	}
	value, ok := os.LookupEnv(name)
	if !ok {
		return "", fmt.Errorf("there is no variable %s", name)
	}
	return value, nil
}
