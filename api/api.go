// Package api serves an engine over HTTP: routes, who is signed in, problem documents, and the OpenAPI description.
// Handlers bind, call the engine, and render; they decide nothing.
package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/staff"
	"github.com/guicheng/guicheng/store"
)

// prefix stands before every route of the API.
const prefix = "/api/v1"

// Engine is what is served.
type Engine interface {
	engine.Acts
	engine.TaskActs
	engine.Rows
	engine.CaseActs
	engine.Repairs
	engine.Reads
	engine.Diagrams
	engine.Files
	engine.Deployments
	engine.Administration
	engine.Migrations
	engine.Settings
	engine.OfficeActs
	engine.Succession
	engine.Jobs
	engine.Books
	engine.Timetable
	engine.Papers
	engine.Machines
	engine.Pages
	// FirstAdministrator adds the office's first administrator; forbidden once there is one.
	FirstAdministrator(ctx context.Context, office string, p store.PersonRow) error
	// Deployed lists the offices that have procedures in force.
	Deployed(ctx context.Context) ([]string, error)
}

var _ Engine = (*engine.Engine)(nil)

// Numbers finds a case by the number that people know it by.
type Numbers interface {
	CaseByNumber(ctx context.Context, office, number string) (store.CaseRow, error)
}

var _ Numbers = store.Cases(nil)

// Options of a server. Engine, Door, Numbers and Ready are needed.
type Options struct {
	Engine  Engine
	Door    *staff.Door
	Numbers Numbers
	// Ready says whether the store answers.
	Ready  func(context.Context) error
	Logger *slog.Logger
	// PublicURL is where people reach the server, such as https://office.example. It stands in sign-in links; with
	// https, cookies are sent over TLS only.
	PublicURL string
	// TrustedProxies are addresses or networks whose X-Forwarded-For is believed, for the log. Empty: nobody's.
	TrustedProxies []string
	Version        string
	// Page is the built inbox page, with index.html at its top; nil: the API alone is served.
	Page fs.FS
	// Closing is closed when the server is about to stop, so that streams of events end; nil: never.
	Closing <-chan struct{}
}

type server struct {
	engine  Engine
	door    *staff.Door
	numbers Numbers
	ready   func(context.Context) error
	log     *slog.Logger
	origin  string // scheme and host of the public URL
	secure  bool   // cookies over TLS only
	foreign *http.CrossOriginProtection
	gin     *gin.Engine
	huma    huma.API
	public  map[string]bool // routes that need no session, as "GET /path"; all others need one
	uploads map[string]bool // routes that take a larger body
	bodies  map[string]bool // whether a route reads a body
	// machines are routes for workers, who have no session.
	machines map[string]bool
	version  string
	page     *page // nil: there is none
	closing  <-chan struct{}
}

// New makes the handler that serves an engine.
func New(o Options) (http.Handler, error) {
	if o.Engine == nil || o.Door == nil || o.Numbers == nil || o.Ready == nil {
		return nil, errors.New("api: Options need Engine, Door, Numbers and Ready")
	}
	s, err := newServer(o)
	if err != nil {
		return nil, err
	}
	return s.gin, nil
}

// Describe writes the OpenAPI description of what a server of this version answers.
func Describe(version string) ([]byte, error) {
	s, err := newServer(Options{Version: version})
	if err != nil {
		return nil, err
	}
	return json.MarshalIndent(s.huma.OpenAPI(), "", "  ")
}

func newServer(o Options) (*server, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	s := &server{
		engine: o.Engine, door: o.Door, numbers: o.Numbers, ready: o.Ready, log: o.Logger, version: o.Version,
		foreign: http.NewCrossOriginProtection(), public: map[string]bool{}, uploads: map[string]bool{},
		machines: map[string]bool{}, bodies: map[string]bool{}, closing: o.Closing,
	}
	var err error
	if s.page, err = readPage(o.Page); err != nil {
		return nil, err
	}
	if err := s.setPublicURL(o.PublicURL); err != nil {
		return nil, err
	}
	gin.SetMode(gin.ReleaseMode)
	s.gin = gin.New()
	s.gin.HandleMethodNotAllowed = true
	s.gin.RedirectTrailingSlash = false
	s.gin.UseRawPath, s.gin.UnescapePathValues = true, true // a case's number may hold a slash
	if err := s.gin.SetTrustedProxies(o.TrustedProxies); err != nil {
		return nil, fmt.Errorf("trusted proxies %s: want addresses or ranges such as 10.0.0.0/8",
			strings.Join(o.TrustedProxies, ", "))
	}
	s.gin.Use(s.witness, s.headers, s.givePage, compress, bounded, s.sameOrigin, s.authenticate, s.readBody)
	s.gin.NoRoute(func(c *gin.Context) { s.refuse(c, refusal(codeUnknownRoute)) })
	s.gin.NoMethod(func(c *gin.Context) { s.refuse(c, refusal(codeWrongMethod)) })
	s.describe()
	s.routes()
	s.plainRoutes()
	return s, nil
}

// PublicOrigin is a public URL as sign-in links begin.
func PublicOrigin(public string) (string, error) {
	u, err := url.Parse(public)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Path != "" && u.Path != "/" {
		return "", fmt.Errorf("public URL %q: want https://host or http://host:port, without a path", public)
	}
	return u.Scheme + "://" + u.Host, nil
}

func (s *server) setPublicURL(public string) error {
	if public == "" {
		return nil
	}
	var err error
	if s.origin, err = PublicOrigin(public); err != nil {
		return err
	}
	s.secure = strings.HasPrefix(s.origin, "https:")
	if err := s.foreign.AddTrustedOrigin(s.origin); err != nil {
		return fmt.Errorf("public URL %q: %w", public, err)
	}
	return nil
}

// describe begins the OpenAPI description. Its own pages load scripts from elsewhere, so they are off.
func (s *server) describe() {
	config := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Guicheng 規程", Version: s.version,
				Description: "Workflow for offices. Errors are problem documents (RFC 9457) with a stable code.",
			},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"session": {Type: "apiKey", In: "cookie", Name: cookieName},
					"worker":  {Type: "http", Scheme: "bearer", Description: "the token of PUT /api/v1/workers/{id}"},
					"bearer":  {Type: "http", Scheme: "bearer", Description: "the session of POST /api/v1/sign-in"},
				},
			},
		},
		Formats:       map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat},
		DefaultFormat: "application/json",
		Transformers:  []huma.Transformer{s.sayProblem},
	}
	s.huma = humagin.New(s.gin, config)
}

// plainRoutes are those without a description: for people who look around, and for machines that watch.
func (s *server) plainRoutes() {
	s.plain("/", func(c *gin.Context) {
		c.JSON(http.StatusOK, gin.H{
			"name": "Guicheng 規程", "version": s.version, "api": prefix, "openapi": "/openapi.json",
		})
	})
	s.plain("/healthz", func(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"status": "live"}) })
	s.plain("/readyz", func(c *gin.Context) {
		ctx, cancel := context.WithTimeout(c.Request.Context(), readyTime)
		defer cancel()
		if err := s.ready(ctx); err != nil {
			if c.Request.Context().Err() == nil { // who asked has gone: nothing is wrong here
				s.log.Warn("not ready", "error", err)
			}
			s.refuse(c, refusal(engine.CodeUnavailable))
			return
		}
		c.JSON(http.StatusOK, gin.H{"status": "ready"})
	})
	description := sync.OnceValues(func() ([]byte, error) { return json.Marshal(s.huma.OpenAPI()) })
	s.plain("/openapi.json", s.document("application/openapi+json", description))
	s.plain("/openapi.yaml", s.document("application/openapi+yaml", sync.OnceValues(s.huma.OpenAPI().YAML)))
}

func (s *server) plain(path string, handle gin.HandlerFunc) {
	s.public["GET "+path] = true
	s.gin.GET(path, handle)
}

func (s *server) document(kind string, body func() ([]byte, error)) gin.HandlerFunc {
	return func(c *gin.Context) {
		text, err := body()
		if err != nil {
			s.fail(c, err)
			return
		}
		c.Data(http.StatusOK, kind, text)
	}
}

// NewServer makes the HTTP server around a handler, with times and sizes that nobody can stretch.
func NewServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime,
		IdleTimeout: idleTime, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
