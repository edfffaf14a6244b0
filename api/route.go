package api

import (
	"context"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine"
)

// Asked is what every request says: a language, and, by its session, who asks.
type Asked struct {
	Lang string `query:"lang" doc:"of titles and sentences, before Accept-Language: zh-Hant, zh-Hans, en, or as in zh-TW"`
	// Authenticate has held it against the session.
	Person string `header:"Guicheng-Person" doc:"office/person (person percent-encoded): refuse if another is signed in"`

	who  caller
	lang string // that titles are wanted in; "" = the office's
}

var _ huma.Resolver = (*Asked)(nil)

// Resolve takes who asks from what authenticate found out.
func (a *Asked) Resolve(ctx huma.Context) []error {
	c := humagin.Unwrap(ctx)
	a.who, a.lang = callerOf(c), languageOf(c)
	return wrongQuery(ctx, a.Lang)
}

// wrongQuery refuses what stands behind the ? and is not asked for, beside all else that is wrong with a request.
func wrongQuery(ctx huma.Context, lang string) []error {
	var out []error
	url, known := ctx.URL(), queryNames(ctx.Operation())
	for _, name := range slices.Sorted(maps.Keys(url.Query())) {
		if !slices.Contains(known, name) {
			out = append(out, &huma.ErrorDetail{Location: "query." + name, Message: "unknown query parameter"})
		}
	}
	if lang != "" && report.Language(lang) == "" {
		out = append(out, &huma.ErrorDetail{
			Location: "query.lang", Message: `expected value to be one of "zh-Hant, zh-Hans, en"`,
		})
	}
	return out
}

// Keyed is a request that may be repeated without being done twice.
type Keyed struct {
	Key string `header:"Idempotency-Key" maxLength:"128" pattern:"^[ -~]+$" doc:"the same key again: the same answer"`
}

// The parts of what is asked of a case.
type (
	// OnCase names the case.
	OnCase struct {
		Asked
		Keyed
		ID string `path:"id" maxLength:"200" doc:"id or number of the case"`
	}
	// Reasoned says why.
	Reasoned struct {
		Reason string `json:"reason,omitempty" maxLength:"200" doc:"it stands in the story of the case"`
	}
	// DryRun may be asked about only.
	DryRun struct {
		Dry bool `json:"dry,omitempty" doc:"only tell what would come of it, in preview"`
	}
)

// noteBody remembers which operations read a body: the others refuse what is sent to them.
func noteBody[I any](s *server, o huma.Operation) {
	in := reflect.TypeFor[I]()
	_, parsed := in.FieldByName("Body")
	_, raw := in.FieldByName("RawBody")
	s.bodies[o.Method+" "+ginPath(o.Path)] = parsed || raw
}

type reply[T any] struct{ Body T }

// described is how an operation is told to the world.
type described func(*server, *huma.Operation)

// op names an operation. It needs a session unless it is public.
func (s *server) op(method, path, id, summary string, more ...described) huma.Operation {
	o := huma.Operation{
		Method: method, Path: path, OperationID: id, Summary: summary, DefaultStatus: http.StatusOK,
		Security:     []map[string][]string{{"session": {}}, {"bearer": {}}},
		Responses:    map[string]*huma.Response{"default": s.problemResponse()},
		MaxBodyBytes: -1, BodyReadTimeout: -1, // readBody has read it
	}
	if tag, _, _ := strings.Cut(strings.TrimPrefix(path, prefix+"/"), "/"); tag != "" {
		o.Tags = []string{tag}
	}
	for _, m := range more {
		m(s, &o)
	}
	return o
}

func (s *server) problemResponse() *huma.Response {
	schema := s.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[ProblemDocument](), true, "")
	return &huma.Response{
		Description: "Refused, with a problem document",
		Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: schema}},
	}
}

// public operations need no session.
func public(s *server, o *huma.Operation) {
	o.Security = []map[string][]string{}
	s.public[o.Method+" "+ginPath(o.Path)] = true
}

// upload operations take a larger body.
func upload(s *server, o *huma.Operation) { s.uploads[o.Method+" "+ginPath(o.Path)] = true }

func created(_ *server, o *huma.Operation) { o.DefaultStatus = http.StatusCreated }

func noContent(_ *server, o *huma.Operation) { o.DefaultStatus = http.StatusNoContent }

// ginPath writes a path as humagin hands it to gin.
func ginPath(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}

// route serves an operation that answers with a body.
func route[I, O any](s *server, o huma.Operation, do func(context.Context, *I) (O, error)) {
	noteBody[I](s, o)
	huma.Register(s.huma, o, func(ctx context.Context, in *I) (*reply[O], error) {
		body, err := do(ctx, in)
		if err != nil {
			return nil, s.problem(err)
		}
		return &reply[O]{Body: body}, nil
	})
}

// routeRaw serves an operation that answers with headers of its own, or with nothing.
func routeRaw[I, O any](s *server, o huma.Operation, do func(context.Context, *I) (*O, error)) {
	noteBody[I](s, o)
	huma.Register(s.huma, o, func(ctx context.Context, in *I) (*O, error) {
		out, err := do(ctx, in)
		if err != nil {
			return nil, s.problem(err)
		}
		return out, nil
	})
}

// problem is what a handler returns for an error; sayProblem gives it its words.
func (s *server) problem(err error) error {
	p := problemOf(err)
	s.logProblem(p)
	return p
}

// routes are all operations of the API.
func (s *server) routes() {
	s.sessionRoutes()
	s.linkRoutes()
	s.caseRoutes()
	s.diagramRoutes()
	s.taskRoutes()
	s.signerRoutes()
	s.officeRoutes()
	s.actRoutes()
	s.backRoutes()
	s.jobRoutes()
	s.fileRoutes()
	s.registerRoutes()
	s.pageRoutes()
	s.liveRoutes()
	s.paperRoutes()
	// huma describes its own errors, which nobody is answered with.
	schemas := s.huma.OpenAPI().Components.Schemas.Map()
	delete(schemas, "ErrorModel")
	delete(schemas, "ErrorDetail")
}

// administrator refuses everybody else, where no method of the engine does.
func (a *Asked) administrator() error {
	if !a.who.person.Admin {
		p := refusal(engine.CodeForbidden)
		p.Args = map[string]string{"why": engine.WhyAdministrators}
		return p
	}
	return nil
}
