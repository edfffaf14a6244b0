package api

import (
	"context"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine"
)

// codesIn reads the string constants of a Go file: the codes themselves, so that none can be forgotten.
func codesIn(t *testing.T, path string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, decl := range f.Decls {
		d, ok := decl.(*ast.GenDecl)
		if !ok || d.Tok != token.CONST {
			continue
		}
		for _, spec := range d.Specs {
			for _, v := range spec.(*ast.ValueSpec).Values {
				code, err := strconv.Unquote(v.(*ast.BasicLit).Value)
				if err != nil {
					t.Fatalf("%s: %v", path, err)
				}
				out = append(out, code)
			}
		}
	}
	if len(out) < 5 {
		t.Fatalf("%s has %d codes: is it the right file?", path, len(out))
	}
	return out
}

func allCodes(t *testing.T) []string {
	t.Helper()
	return slices.Concat(codesIn(t, "codes.go"), codesIn(t, "../engine/errors.go"),
		codesIn(t, "../engine/core/rejection.go"))
}

func TestEveryCodeHasStatusAndSentences(t *testing.T) {
	t.Parallel()
	codes := allCodes(t)
	for _, code := range codes {
		if statuses[code] == 0 {
			t.Errorf("%s has no HTTP status", code)
		}
		s, ok := sentenceOf(code)
		if !ok {
			t.Errorf("%s has no sentence", code)
		}
		for i, w := range []words{s.hant, s.hans, s.en} {
			if w.title == "" || w.detail == "" {
				t.Errorf("%s lacks words in language %d", code, i)
			}
			checkFilled(t, code, w.detail)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(statuses)) {
		if !slices.Contains(codes, code) {
			t.Errorf("status for %s, which is no code", code)
		}
	}
}

func TestEveryFieldCodeHasSentences(t *testing.T) {
	t.Parallel()
	for _, code := range slices.Sorted(maps.Keys(fieldSentences)) {
		s := fieldSentences[code]
		for i, w := range []string{s.hant, s.hans, s.en} {
			if w == "" {
				t.Errorf("%s lacks words in language %d", code, i)
			}
			checkFilled(t, code, w)
		}
	}
	for _, kind := range humaFaults {
		if _, ok := fieldSentences[kind.code]; !ok {
			t.Errorf("%s has no sentence", kind.code)
		}
	}
	if got := fieldDetail(en, value.Fault{Code: "never heard of"}); got != "Is wrong." {
		t.Errorf("a code without a sentence says %q", got)
	}
}

var leftOver = regexp.MustCompile(`[{}\[\]]`)

// checkFilled: whatever arguments there are, a sentence shows no trace of its own making.
func checkFilled(t *testing.T, code, sentence string) {
	t.Helper()
	args := map[string]string{}
	for _, m := range placeholder.FindAllString(sentence, -1) {
		if got := fill(sentence, maps.Clone(args)); leftOver.MatchString(got) {
			t.Errorf("%s: %q with %v", code, got, args)
		}
		args[m[1:len(m)-1]] = "some value"
	}
	if got := fill(sentence, args); leftOver.MatchString(got) || strings.Count(got, "some value") != len(args) {
		t.Errorf("%s: %q with %v", code, got, args)
	}
}

// refusing is an engine that refuses everything with one error.
type refusing struct {
	Engine
	err error
}

func (r refusing) Inbox(context.Context, engine.Actor, string, engine.InboxQuery) (engine.InboxPage, error) {
	return engine.InboxPage{}, r.err
}

func TestErrorsBecomeProblems(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he := w.in("house", "he")
	for _, code := range allCodes(t) {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			failure := &engine.Error{
				Code: code, Args: map[string]string{"reason": "x=13800000000", "why": "because"}, Cause: errors.New("hidden"),
			}
			own := *he
			own.t = t
			own.url = serve(t, Options{Engine: refusing{w.engine, failure}, Door: w.door, Numbers: w.store})
			for _, lang := range []string{hant, hans, en} {
				a := own.get(prefix + "/inbox?lang=" + lang)
				p := a.refused(statusOf(code), code)
				s, _ := sentenceOf(code)
				if p.Title != s.in(lang).title {
					t.Errorf("%s: title %q", lang, p.Title)
				}
				if strings.Contains(string(a.body), "hidden") {
					t.Errorf("the cause is told: %s", a.body)
				}
			}
			if code == "unfit" && strings.Contains(string(own.get(prefix+"/inbox").body), "13800000000") {
				t.Error("a formula's error quotes the case")
			}
		})
	}
}

func TestForeignErrorsAreInternal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he := w.in("house", "he")
	he.url = serve(t, Options{Engine: refusing{w.engine, errors.New("hidden")}, Door: w.door, Numbers: w.store})
	a := he.get(prefix + "/inbox")
	a.refused(http.StatusInternalServerError, "internal")
	if strings.Contains(string(a.body), "hidden") {
		t.Errorf("the cause is told: %s", a.body)
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"": "", "fr": "", "en": en, "en-US,zh;q=0.9": en, "zh": hant, "zh-TW,zh;q=0.9,en;q=0.8": hant, "zh-CN": hans,
		"zh-Hans-HK": hans, "zh_SG": hans, "fr,en;q=0.2,zh-HK;q=0.3": hant, "en;q=x,zh-CN;q=0.1": hans, "en;q=0": "",
		"*": "", ";;,,": "",
	} {
		if got := accepted(header); got != want {
			t.Errorf("%q: %q, want %q", header, got, want)
		}
	}
	w := newWorld(t)
	c := &client{t: t, url: w.url}
	for query, want := range map[string]string{"": "尚未登入", "?lang=zh-Hans": "尚未登录", "?lang=en": "not signed in"} {
		p := c.get(prefix+"/me"+query).refused(http.StatusUnauthorized, "not-signed-in")
		if p.Title != want {
			t.Errorf("%s: %q, want %q", query, p.Title, want)
		}
	}
}

// TestEveryOperationNeedsASession walks the description, so that a new operation is guarded from its first day.
func TestEveryOperationNeedsASession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := &client{t: t, url: w.url}
	var description struct {
		OpenAPI string                                `json:"openapi"`
		Paths   map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(c.get("/openapi.json").want(http.StatusOK).body, &description); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(description.OpenAPI, "3.1") {
		t.Errorf("OpenAPI %s, want 3.1", description.OpenAPI)
	}
	open := []string{"POST " + prefix + "/set-up", "POST " + prefix + "/sign-in", "POST /sign-in/{token}"}
	var machines []string
	for path, methods := range description.Paths {
		for method, raw := range methods {
			if strings.Contains(string(raw), `"worker":[]`) {
				machines = append(machines, strings.ToUpper(method)+" "+path)
			}
		}
	}
	if len(machines) < 4 {
		t.Errorf("operations of workers: %v", machines)
	}
	var found []string
	operations := 0
	for path, methods := range description.Paths {
		for method := range methods {
			operations++
			name := strings.ToUpper(method) + " " + path
			if slices.Contains(open, name) {
				found = append(found, name)
				continue
			}
			url := regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(path, "x")
			for _, token := range []string{"", "x", strings.Repeat("A", 43)} {
				own := *c
				own.token = token
				a := own.send(strings.ToUpper(method), url, `{}`)
				code := "not-signed-in"
				if slices.Contains(machines, name) {
					code = "no-such-worker"
				}
				a.refused(http.StatusUnauthorized, code)
				if a.header.Get("WWW-Authenticate") == "" {
					t.Errorf("%s does not say how to sign in", name)
				}
			}
		}
	}
	if slices.Sort(found); !slices.Equal(found, open) {
		t.Errorf("open to all: %v, want %v", found, open)
	}
	if operations < 29 {
		t.Errorf("the description has %d operations: where are the others?", operations)
	}
}

func TestDescriptionIsWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := &client{t: t, url: w.url}
	body := string(c.get("/openapi.json").want(http.StatusOK).body)
	for _, never := range []string{"ErrorModel", "ErrorDetail", "$schema"} {
		if strings.Contains(body, never) {
			t.Errorf("the description speaks of %s, which nobody is answered with", never)
		}
	}
	for _, ref := range regexp.MustCompile(`"#/components/schemas/([A-Za-z]+)"`).FindAllStringSubmatch(body, -1) {
		if !strings.Contains(body, `"`+ref[1]+`":{`) {
			t.Errorf("%s is referred to, and not there", ref[1])
		}
	}
	if yaml := string(c.get("/openapi.yaml").want(http.StatusOK).body); !strings.Contains(yaml, "openapi: ") {
		t.Errorf("no YAML: %.100s", yaml)
	}
}
