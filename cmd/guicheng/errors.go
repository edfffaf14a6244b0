package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
)

// failed is the error of a command that has said on its output already what is wrong.
type failed struct{ what string }

// Error implements error.
func (f failed) Error() string { return f.what }

// ExitCode is what the process ends with.
func (failed) ExitCode() int { return 1 }

func exitOf(err error, s *Streams) int {
	var said failed
	switch {
	case err == nil:
		return 0
	case errors.As(err, &said):
		return said.ExitCode()
	}
	fmt.Fprintf(s.Err, "guicheng: %s\n", say(s.language(""), plainly(err)))
	return 1
}

// oneLine shows an error on one line, whatever it is joined from.
func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// plainly shows an error with what is wrong in the place of the system's own words.
func plainly(err error) string {
	text := oneLine(err)
	put := func(own error, plain string) { text = strings.ReplaceAll(text, oneLine(own), plain) }
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		put(at, wrongPath(at))
	}
	if at, ok := errors.AsType[*json.SyntaxError](err); ok {
		put(at, fmt.Sprintf("it is no JSON from character %d on", at.Offset))
	}
	if at, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		put(at, wrongKind(at))
	}
	return text
}

// wrongKind says which part of JSON is of another kind than is wanted.
func wrongKind(at *json.UnmarshalTypeError) string {
	kind, _, _ := strings.Cut(at.Value, " ") // number 7
	kind = map[string]string{"number": "a number", "string": "a text", "object": "an object", "array": "a list",
		"bool": "true or false"}[kind]
	if at.Field == "" {
		return "it cannot be " + kind
	}
	return fmt.Sprintf("its “%s” cannot be %s", at.Field, kind)
}

// wrongPath says what is wrong with a path.
func wrongPath(at *fs.PathError) string {
	switch {
	case errors.Is(at.Err, fs.ErrNotExist):
		if dir := filepath.Dir(at.Path); at.Op == "open" && !exists(dir) {
			return "there is no folder " + dir
		}
		return "there is no file or folder " + at.Path
	case errors.Is(at.Err, fs.ErrPermission):
		return at.Path + " is closed to this account of the machine"
	case errors.Is(at.Err, syscall.EISDIR):
		return at.Path + " is a folder, not a file"
	case errors.Is(at.Err, syscall.ENOTDIR):
		return at.Path + " is no folder, or lies in a file"
	case errors.Is(at.Err, syscall.ENOSPC):
		return "there is no room left on the disk of " + at.Path
	}
	return oneLine(at)
}

func exists(path string) bool {
	_, err := os.Stat(path) //nolint:gosec // it is the path that was asked for
	return err == nil
}

// unreachable says why no answer came over the network; "" where it is not known.
func unreachable(err error) string {
	var wait net.Error
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return "there is no machine of that name"
	}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens there"
	case errors.As(err, &wait) && wait.Timeout():
		return "no answer came in time"
	}
	return ""
}

// refuseLine says what is wrong with a command line, and where its help is.
func refuseLine(err error, s *Streams) int {
	command := "guicheng"
	if at, ok := errors.AsType[*kong.ParseError](err); ok && at.Context != nil && at.Context.Selected() != nil {
		command = at.Context.Selected().FullPath()
	}
	text := oneLine(err)
	for _, kind := range plainer {
		text = kind.own.ReplaceAllString(text, kind.plain)
	}
	lang := s.language("")
	fmt.Fprintf(s.Err, "guicheng: %s\n%s\n", say(lang, text), say(lang, fmt.Sprintf("try: %s --help", command)))
	return 2
}

// plainer are errors of kong that speak of its own matters, and how they are said here, in this order.
var plainer = []struct {
	own   *regexp.Regexp
	plain string
}{
	{regexp.MustCompile(`^[a-z]+: --`), "--"},
	{regexp.MustCompile(`^--\S+: (.*) \(from envar (\w+)=".*"\)$`), "$2: $1"},
	{regexp.MustCompile(`^(--\S+): expected .* \(short flag\); perhaps try .*="(.*)"\?$`), "$1 $2: write $1=$2"},
	{regexp.MustCompile(`^(--\S+): expected \S+ value but got "EOL" \(<EOL>\)$`), "$1 wants a value behind it"},
	{regexp.MustCompile(`^(\S+): expected a valid \d+ bit u?int but got (".*")$`), "$1: $2 is no whole number"},
	{regexp.MustCompile(`^(\S+): expected duration but got (".*"): .*$`), "$1: $2 is no span such as 90s, 3m or 1h30m"},
	{regexp.MustCompile(`^(\S+): bool value must be .* but got (".*")$`), "$1: $2 is neither yes nor no"},
	{regexp.MustCompile(`^expected ("<.*)$`), "missing: $1"},
	{regexp.MustCompile(`^missing (flags|positional arguments): `), "missing: "},
}
