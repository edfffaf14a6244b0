package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/staff"
	"github.com/guicheng/guicheng/store"
)

// ProblemDocument is what every refusal is answered with (RFC 9457). Programs switch on Code; people read Detail.
type ProblemDocument struct {
	Type   string            `json:"type" doc:"urn:guicheng:problem:<code>"`
	Title  string            `json:"title" doc:"what kind of refusal it is, in the asked language"`
	Status int               `json:"status"`
	Detail string            `json:"detail" doc:"what happened and what would be right, in the asked language"`
	Code   string            `json:"code" doc:"stable: for programs"`
	Args   map[string]string `json:"args,omitempty" doc:"what the detail speaks of"`
	Fields []FieldProblem    `json:"fields,omitempty" doc:"wrong fields"`
	// Problems are findings in uploaded definitions.
	Problems []report.Problem `json:"problems,omitempty" doc:"findings in the uploaded files"`

	say    string // the procedure's own sentence
	faults []value.Fault
	cause  error // for the log alone
}

// FieldProblem is what is wrong with one field, to be shown beside it.
type FieldProblem struct {
	Path   string `json:"path" doc:"as in the form: resident.name, papers[0].price; of the request itself: query.limit"`
	Code   string `json:"code" doc:"stable: for programs"`
	Detail string `json:"detail" doc:"one sentence in the asked language"`
}

var (
	_ huma.StatusError       = (*ProblemDocument)(nil)
	_ huma.ContentTypeFilter = (*ProblemDocument)(nil)
	_ huma.HeadersError      = (*ProblemDocument)(nil)
)

// Error implements error, for the log.
func (p *ProblemDocument) Error() string {
	if p.cause != nil {
		return p.Code + ": " + p.cause.Error()
	}
	return p.Code
}

// GetStatus is the HTTP status.
func (p *ProblemDocument) GetStatus() int { return p.Status }

// ContentType is the media type of problem documents.
func (p *ProblemDocument) ContentType(string) string { return "application/problem+json" }

// GetHeaders are those that HTTP asks for with a status.
func (p *ProblemDocument) GetHeaders() http.Header {
	switch p.Status {
	case http.StatusServiceUnavailable:
		return http.Header{"Retry-After": {retryAfter}}
	case http.StatusUnauthorized:
		return http.Header{"Www-Authenticate": {`Bearer realm="guicheng"`}}
	}
	return nil
}

// Problem tells in a language what went wrong, as a server would: for programs that have an engine at hand.
func Problem(err error, lang string) ProblemDocument { return *problemOf(err).render(lang) }

// refusal is a problem document that has no words yet: render puts them in.
func refusal(code string) *ProblemDocument {
	return &ProblemDocument{Code: code, Status: statusOf(code), Type: "urn:guicheng:problem:" + code}
}

// problemOf turns what went wrong behind the door into what is said at it.
func problemOf(err error) *ProblemDocument {
	if done, ok := errors.AsType[*ProblemDocument](err); ok {
		return done
	}
	out := refusal(codeOf(err))
	if own, ok := errors.AsType[*engine.Error](err); ok {
		out.Args, out.say, out.faults = maps.Clone(own.Args), own.Say, own.Fields
	}
	switch out.Code {
	case engine.CodeNotDeployed:
		nearest(out.Args, out.Args["procedure"], strings.Split(out.Args["there"], ", "))
	case string(core.UnknownStep):
		nearest(out.Args, out.Args["to"], strings.Fields(out.Args["steps"]))
		delete(out.Args, "steps")
	case string(core.Unfit):
		delete(out.Args, "reason") // a formula's error may quote what the case holds
	case engine.CodeInternal:
		out.Args, out.say, out.faults, out.cause = nil, "", nil, err
	}
	return out
}

func codeOf(err error) string {
	if own, ok := errors.AsType[*engine.Error](err); ok {
		return own.Code
	}
	switch {
	case errors.Is(err, staff.ErrNotSignedIn):
		return engine.CodeNotSignedIn
	case errors.Is(err, staff.ErrSpent):
		return codeLinkSpent
	case errors.Is(err, staff.ErrSetUp):
		return codeSetUpDone
	case errors.Is(err, store.ErrNotFound):
		return engine.CodeNotFound
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, store.ErrUnknown),
		errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return engine.CodeUnavailable
	}
	return engine.CodeInternal
}

// render puts the words of a language in.
func (p *ProblemDocument) render(lang string) *ProblemDocument {
	s, ok := sentenceFor(p)
	if !ok {
		s = sentences[engine.CodeInternal]
	}
	words := s.in(lang)
	p.Title, p.Detail = words.title, fill(words.detail, p.Args)
	if p.say != "" {
		p.Detail = p.say
	}
	for _, f := range p.faults {
		p.Fields = append(p.Fields, FieldProblem{Path: f.Path, Code: f.Code, Detail: fieldDetail(lang, f)})
	}
	p.faults = nil
	return p
}

func fieldDetail(lang string, f value.Fault) string {
	if say := f.Args["say"]; say != "" {
		return say
	}
	s := fieldSentences["wrong"]
	for _, code := range []string{f.Code, f.Code + "-" + f.Args["of"]} { // the more exact one counts
		if own, ok := fieldSentences[code]; ok {
			s = own
		}
	}
	args := maps.Clone(f.Args)
	want, known := kindWords[args["want"]]
	if known {
		args["want"] = want.in(lang)
	}
	if of, ok := measures[args["of"]]; ok && f.Args[f.Code] != "" {
		args[f.Code] += " " + of.in(lang)
		if f.Args[f.Code] == "1" && lang == en {
			args[f.Code] = "1 " + single[args["of"]]
		}
	}
	if f.Code == "type" && !known {
		delete(args, "want") // no words for it, and another language's are none
	}
	return fill(s.in(lang), args)
}

var (
	optional    = regexp.MustCompile(`\[[^\[\]]*\]`)
	placeholder = regexp.MustCompile(`\{[a-z]+\}`)
)

// fill puts arguments into a sentence. A part in brackets is left out when an argument of it is missing.
func fill(sentence string, args map[string]string) string {
	put := func(text string) (string, bool) {
		var out strings.Builder
		whole, at := true, 0
		for _, m := range placeholder.FindAllStringIndex(text, -1) {
			v := args[text[m[0]+1:m[1]-1]]
			whole = whole && v != ""
			out.WriteString(text[at:m[0]])
			out.WriteString(apart(text[:m[0]], v, text[m[1]:]))
			at = m[1]
		}
		out.WriteString(text[at:])
		return out.String(), whole
	}
	sentence = optional.ReplaceAllStringFunc(sentence, func(part string) string {
		if out, whole := put(part[1 : len(part)-1]); whole {
			return out
		}
		return ""
	})
	out, _ := put(sentence)
	return out
}

// apart sets an argument off with spaces where Latin letters or digits in it would touch Chinese ones.
func apart(before, v, after string) string {
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(v)
	end, _ := utf8.DecodeLastRuneInString(v)
	next, _ := utf8.DecodeRuneInString(after)
	latin := func(r rune) bool { return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
	if unicode.Is(unicode.Han, last) && latin(first) {
		v = " " + v
	}
	if latin(end) && unicode.Is(unicode.Han, next) {
		v += " "
	}
	return v
}

// refuse answers with a problem document, outside of huma.
func (s *server) refuse(c *gin.Context, p *ProblemDocument) {
	s.logProblem(p)
	body, err := json.Marshal(p.render(languageOf(c)))
	if err != nil {
		body = []byte(`{"type":"urn:guicheng:problem:internal","status":500,"code":"internal"}`)
	}
	for name, values := range p.GetHeaders() {
		c.Header(name, strings.Join(values, ", "))
	}
	c.Abort()
	c.Data(p.Status, p.ContentType(""), body)
}

// fail answers an error, outside of huma.
func (s *server) fail(c *gin.Context, err error) { s.refuse(c, problemOf(err)) }

// logProblem keeps what only the log may know. The engine has logged its own.
func (s *server) logProblem(p *ProblemDocument) {
	if _, known := errors.AsType[*engine.Error](p.cause); p.cause != nil && !known {
		s.log.Error("internal error", "error", p.cause)
	}
}

// sayProblem is huma's last step before an answer is written: it gives problems their words, and turns those of huma
// into ours. What was sent is not repeated: it may be secret.
func (s *server) sayProblem(ctx huma.Context, _ string, v any) (any, error) {
	lang := languageOf(humagin.Unwrap(ctx))
	switch p := v.(type) {
	case *ProblemDocument:
		return p.render(lang), nil
	case *huma.ErrorModel:
		out := fromHuma(p)
		s.nameNearest(ctx.Operation(), out.faults)
		s.logProblem(out)
		return out.render(lang), nil
	}
	return v, nil
}

func fromHuma(m *huma.ErrorModel) *ProblemDocument {
	switch m.Status {
	case http.StatusUnprocessableEntity:
		out := refusal(string(core.Invalid))
		for _, e := range m.Errors {
			path := strings.TrimPrefix(strings.TrimPrefix(e.Location, "body"), ".")
			out.faults = append(out.faults, humaFault(path, e.Message))
		}
		slices.SortStableFunc(out.faults, func(a, b value.Fault) int { return strings.Compare(a.Path, b.Path) })
		out.faults = out.faults[:min(len(out.faults), maxFaults)]
		return out
	case http.StatusBadRequest:
		out := refusal(codeBadJSON)
		if m.Detail == "request body is required" {
			out.Args = map[string]string{"why": whyEmpty}
		}
		return out
	}
	out := refusal(engine.CodeInternal)
	out.cause = fmt.Errorf("huma: %s", m.Detail)
	return out
}

// humaFaults are the kinds of huma's messages, by how they begin, with the code of the same kind of fault in a form.
var humaFaults = []struct{ begins, code string }{
	{"expected required property", "required"},
	{"required ", "required"},
	{"unexpected property", "unknown"},
	{"unknown query parameter", "unknown"},
	{"expected value to be one of", "option"},
	{"expected length >=", "min"},
	{"expected array length >=", "min"},
	{"expected number >=", "min"},
	{"expected length <=", "max"},
	{"expected array length <=", "max"},
	{"expected number <=", "max"},
	{"expected string to be RFC 3339 date-time", "type"},
	{"expected string to be", "pattern"},
	{"expected string to match", "pattern"},
	{"expected ", "type"},
	{"invalid ", "type"},
}

var (
	missingName = regexp.MustCompile(`^expected required property (\S+) to be present$`)
	oneOf       = regexp.MustCompile(`^expected value to be one of "(.*)"$`)
	bound       = regexp.MustCompile(`^expected (.*) [<>]= (-?[0-9.]+)$`)
)

// boundOf says what huma's bounds count.
var boundOf = map[string]string{"length": "characters", "array length": "entries", "number": "value"}

func humaFault(path, message string) value.Fault {
	if runes := []rune(path); len(runes) > maxPath {
		path = string(runes[:maxPath])
	}
	f := value.Fault{Path: path, Code: "wrong", Args: map[string]string{}}
	if m := missingName.FindStringSubmatch(message); m != nil {
		f.Path = strings.TrimPrefix(path+"."+m[1], ".")
	}
	for _, kind := range humaFaults {
		if strings.HasPrefix(message, kind.begins) {
			f.Code = kind.code
			break
		}
	}
	if m := bound.FindStringSubmatch(message); m != nil {
		f.Args[f.Code], f.Args["of"] = m[2], boundOf[m[1]]
	}
	if m := oneOf.FindStringSubmatch(message); m != nil {
		f.Args["options"] = m[1]
	}
	if f.Code == "type" {
		f.Args["want"] = strings.TrimPrefix(strings.TrimPrefix(message, "expected "), "invalid ")
	}
	return f
}
