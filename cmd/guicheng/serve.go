package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/guicheng/guicheng/api"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/staff"
	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/postgres"
	"github.com/guicheng/guicheng/store/sqlite"
	"github.com/guicheng/guicheng/web"
)

// drain is how long requests that are under way may take once the server is told to stop.
const drain = 20 * time.Second

// databaseFile is the one that the data folder holds.
const databaseFile = "guicheng.db"

// serveCmd serves offices over HTTP.
type serveCmd struct {
	Data        string        `default:"./data" env:"GUICHENG_DATA" help:"Folder that keeps the data (${default})."`
	Database    string        `env:"GUICHENG_DATABASE_URL" placeholder:"URL" help:"PostgreSQL, instead of --data."`
	Listen      string        `default:"127.0.0.1:8080" env:"GUICHENG_LISTEN" help:"Address to listen on (${default})."`
	Demo        bool          `env:"GUICHENG_DEMO" help:"Deploy the office sunshine with its staff; print sign-in links."`
	Definitions string        `env:"GUICHENG_DEFINITIONS" placeholder:"DIR" help:"Folder of offices; new ones deployed."`
	PublicURL   string        `name:"public-url" env:"GUICHENG_PUBLIC_URL" placeholder:"URL" help:"Where people reach it."`
	Proxies     []string      `name:"trusted-proxy" env:"GUICHENG_TRUSTED_PROXY" help:"Whose X-Forwarded-For is believed."`
	Systems     string        `env:"GUICHENG_SYSTEMS" placeholder:"FILE" help:"Where systems are, with secrets."`
	Page        bool          `default:"true" negatable:"" env:"GUICHENG_PAGE" help:"Serve the inbox page, if built."`
	Keep        keepFlags     `embed:"" prefix:"keep-"`
	Drain       time.Duration `default:"0s" env:"GUICHENG_DRAIN" help:"How long /readyz says no at the end."`
	Lang        string        `type:"lang" help:"zh-Hant, zh-Hans or en; absent: the terminal's."`
	LogFormat   string        `enum:"text,json" default:"text" env:"GUICHENG_LOG_FORMAT" help:"One of ${enum}."`
	LogLevel    string        `enum:"debug,info,warn,error" default:"info" env:"GUICHENG_LOG_LEVEL" help:"One of ${enum}."`
}

// Run serves until it is told to stop by SIGINT or SIGTERM. A second signal ends it at once.
func (c *serveCmd) Run(ctx context.Context, s *Streams) error {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return c.serve(ctx, s)
}

// keepFlags say how long what has served is kept.
type keepFlags struct {
	Answers int `default:"30" env:"GUICHENG_KEEP_ANSWERS" placeholder:"DAYS" help:"How long keys are known (${default})."`
	Uploads int `default:"90" env:"GUICHENG_KEEP_UPLOADS" placeholder:"DAYS" help:"And files without a case (${default})."`
	History int `default:"0" env:"GUICHENG_KEEP_HISTORY" placeholder:"DAYS" help:"And PostgreSQL's history (0: for ever)."`
}

// Validate refuses what would throw away at once; the command line calls it.
func (k keepFlags) Validate() error {
	if k.Answers < 0 || k.Uploads < 0 || k.History < 0 {
		return errors.New("--keep-answers, --keep-uploads and --keep-history want 0 days or more")
	}
	return nil
}

func (k keepFlags) retention() store.Retention {
	const day = 24 * time.Hour
	return store.Retention{
		Answers: time.Duration(k.Answers) * day, Uploads: time.Duration(k.Uploads) * day,
		History: time.Duration(k.History) * day,
	}
}

// gcPercent lets garbage grow to thrice what lives before it is collected. So little lives in a server that Go's own
// value, 100, has it collect all the time.
const gcPercent = 300

// serve is the whole life of a server; ctx ends it.
func (c *serveCmd) serve(ctx context.Context, s *Streams) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	log := c.logger(s)
	listener, err := c.listen(ctx)
	if err != nil {
		return err
	}
	defer listener.Close() //nolint:errcheck // the server has closed it, unless it never began
	db, err := c.open(ctx)
	if err != nil {
		return err
	}
	err = c.serveOn(ctx, s, log, listener, db)
	if closing := db.Close(); closing != nil {
		err = errors.Join(err, fmt.Errorf("close the database: %w", closing))
	}
	return err
}

func (c *serveCmd) serveOn(ctx context.Context, s *Streams, log *slog.Logger, listener net.Listener, db store.Store,
) error {
	systems, err := readSystems(c.Systems)
	if err != nil {
		return err
	}
	e, err := engine.Open(ctx, engine.Options{
		Store: db, Logger: log, Retention: c.Keep.retention(), Systems: systems,
	})
	if err != nil {
		return fmt.Errorf("open the engine: %w", err)
	}
	defer e.Close()
	h := &house{engine: e, door: staff.NewDoor(e.Keys(), e.Now), out: s.Out, log: log, lang: s.language(c.Lang),
		url: publicURL(c.PublicURL, listener.Addr().String())}
	stopping := &atomic.Bool{}
	closing := make(chan struct{})
	handler, err := api.New(api.Options{
		Engine: e, Door: h.door, Numbers: db, Logger: log, PublicURL: h.url, TrustedProxies: c.Proxies,
		Page: c.page(s), Closing: closing, Version: version(), Ready: func(ctx context.Context) error {
			if stopping.Load() {
				return errors.New("the server is stopping")
			}
			_, err := db.OfficeIDs(ctx)
			return err
		},
	})
	if err != nil {
		return err
	}
	if err := h.prepare(ctx, c.Demo, c.Definitions); err != nil {
		return err
	}
	server := api.NewServer(handler, log)
	served := guarded(func() error { return server.Serve(listener) })
	fmt.Fprintf(s.Out, "Guicheng listens on %s\n", h.url)
	log.Info("ready", "listen", listener.Addr().String(), "data", c.Data, "version", version())
	select {
	case err = <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	log.Info("stopping", "drain", c.Drain)
	stopping.Store(true)
	select { // whoever balances the load between nodes finds out, and sends no more
	case <-time.After(c.Drain):
	case err = <-served:
		return fmt.Errorf("serve: %w", err)
	}
	close(closing)
	return shutdown(context.WithoutCancel(ctx), server, served)
}

// page is the inbox page; nil, and a word about it, where the API is served alone.
func (c *serveCmd) page(s *Streams) fs.FS {
	page := web.Page()
	switch {
	case !c.Page:
		s.say(s.language(c.Lang), "The API is served alone, without the inbox page.\n\n")
		return nil
	case page == nil:
		s.say(s.language(c.Lang),
			"The API is served alone: the inbox page was not built. make build does it, with Node.\n\n")
	}
	return page
}

// open opens PostgreSQL where a URL is given, the embedded database otherwise.
func (c *serveCmd) open(ctx context.Context) (store.Store, error) {
	if c.Database != "" {
		return openDatabase(ctx, c.Database)
	}
	db, err := sqlite.Open(filepath.Join(c.Data, databaseFile))
	if err != nil {
		return nil, c.dataError(err)
	}
	return db, nil
}

// postgresAddress is how the address of a PostgreSQL begins: as a URL, or as the first of its words.
var postgresAddress = regexp.MustCompile(`^\s*(postgres(ql)?://|[a-z_]+\s*=)`)

func openDatabase(ctx context.Context, url string) (store.Store, error) {
	if !postgresAddress.MatchString(url) {
		return nil, errors.New("--database is no address of a PostgreSQL: want one such as " +
			"postgres://guicheng@127.0.0.1:5432/guicheng")
	}
	db, err := postgres.Open(ctx, url)
	if why := unreachable(err); why != "" {
		return nil, fmt.Errorf("cannot reach the PostgreSQL of --database: %s", why)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot open the database of --database: %w", err)
	}
	return db, nil
}

// shutdown takes no more requests and lets those under way finish.
func shutdown(ctx context.Context, server *http.Server, served <-chan error) error {
	ctx, cancel := context.WithTimeout(ctx, drain)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("requests did not end within %s: %w", drain, err), server.Close())
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

func (c *serveCmd) logger(s *Streams) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.LogLevel)) // the flag takes nothing else; "" means info
	o := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(s.Err, o))
	}
	return slog.New(slog.NewTextHandler(s.Err, o))
}

func (c *serveCmd) listen(ctx context.Context) (net.Listener, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", c.Listen)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("cannot listen on %s: another program has this port; stop it, or choose another one: "+
			"guicheng serve --listen 127.0.0.1:8081, or GUICHENG_LISTEN=127.0.0.1:8081 make run", c.Listen)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("cannot listen on %s: this account of the machine may not use that port", c.Listen)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return nil, fmt.Errorf("cannot listen on %s: this machine has no such address", c.Listen)
	case err != nil:
		return nil, wrongListen(c.Listen)
	}
	return l, nil
}

func wrongListen(address string) error {
	return fmt.Errorf("--listen %s: want host:port, such as 127.0.0.1:8080", address)
}

// dataError says what to do about a folder that cannot be used.
func (c *serveCmd) dataError(err error) error {
	why := oneLine(err)
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		why = wrongPath(at)
	}
	switch {
	case errors.Is(err, store.ErrUnavailable):
		return fmt.Errorf("the data in %s are in use by another server; stop that one, "+
			"or choose another folder with --data", c.Data)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.ENOTDIR):
		return fmt.Errorf("cannot write to the data folder %s (%s); make it writable, "+
			"or choose another folder with --data", c.Data, why)
	}
	return fmt.Errorf("cannot open the data in %s: %w", c.Data, err)
}

// publicURL is the one that was given, or the one that is listened on.
func publicURL(given, listen string) string {
	if given != "" {
		return given
	}
	host, port, err := net.SplitHostPort(listen)
	if ip := net.ParseIP(host); err != nil || host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}
