package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"

	"github.com/guicheng/guicheng/api"
	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine"
)

// MigrateCmd moves running cases to another version of their procedure, or tells which could be moved.
type MigrateCmd struct {
	Office    string       `arg:"" help:"Id of the office."`
	Procedure string       `arg:"" help:"Id of the procedure."`
	To        int          `placeholder:"VERSION" help:"Version to move to; absent: the one in force."`
	Yes       bool         `help:"Move them. Without it, it is only told which could be moved."`
	Undo      *string      `placeholder:"ID" help:"Move back what this migration has moved."`
	Lang      string       `type:"lang" help:"zh-Hant, zh-Hans or en; absent: the terminal's."`
	Format    string       `enum:"text,json" default:"text" help:"text or json."`
	Where     dataFlags    `embed:""`
	As        SessionFlags `embed:""`
}

// Run goes through all running cases of the procedure.
func (c *MigrateCmd) Run(ctx context.Context, s *Streams) (err error) {
	lang := s.language(c.Lang)
	undo := c.Undo != nil
	switch {
	case undo && *c.Undo == "": // as a script has it whose variable is empty: it must not move cases on
		return errors.New("--undo wants the id of a migration: guicheng migrate --yes has said it")
	case undo && c.To != 0:
		return errors.New("--undo moves each case back to where it came from: leave out --to")
	}
	m, err := moverOn(ctx, &c.Where, &c.As, c.Office, lang)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.close()) }()
	q := engine.MigrateRequest{Procedure: c.Procedure, To: c.To, Dry: !c.Yes, Undo: undo}
	if undo {
		q.Migration = *c.Undo
	}
	all, err := m.migrateAll(ctx, q)
	if err != nil {
		return err
	}
	if c.Format == "json" {
		enc := json.NewEncoder(s.Out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(all)
	}
	tellMigration(s.Out, all, lang)
	if !all.Dry && !undo && moved(all) > 0 {
		s.say(lang, "this was migration %[1]s; take it back: guicheng migrate %[2]s %[3]s --undo %[1]s --yes\n",
			all.Migration, c.Office, c.Procedure)
	}
	return nil
}

// mover moves cases where they are: in the data, or at a running server.
type mover struct {
	migrate  func(context.Context, engine.MigrateRequest) (engine.Migration, error)
	versions func(context.Context) ([]engine.VersionLine, error)
	close    func() error
}

// moverOn asks the running server of a session where no data are named, and opens the data else.
func moverOn(ctx context.Context, where *dataFlags, as *SessionFlags, office, lang string) (*mover, error) {
	if where.named() {
		return moverOnData(ctx, where, office, lang)
	}
	server, err := as.open(lang)
	switch {
	case errors.Is(err, errNotSignedIn):
		m, wrong := moverOnData(ctx, where, office, lang)
		if errors.Is(wrong, errNoData) {
			return nil, fmt.Errorf("%w; of a running server: %w", wrong, err)
		}
		return m, wrong
	case err != nil:
		return nil, err
	case server.Me.Office != office:
		return nil, fmt.Errorf("you are signed in to %s at %s, not to %s", server.Me.Office, server.Server, office)
	}
	return &mover{migrate: server.migrate, versions: server.versions, close: func() error { return nil }}, nil
}

func moverOnData(ctx context.Context, where *dataFlags, office, lang string) (*mover, error) {
	e, closeBoth, err := where.engineOn(ctx)
	if err != nil {
		return nil, err
	}
	told := func(err error) error {
		if err == nil {
			return nil
		}
		return &refused{api.Problem(err, lang)}
	}
	return &mover{
		migrate: func(ctx context.Context, q engine.MigrateRequest) (engine.Migration, error) {
			m, err := e.Migrate(ctx, engine.Operator(office), lang, q)
			return m, told(err)
		},
		versions: func(ctx context.Context) ([]engine.VersionLine, error) {
			list, err := e.Versions(ctx, office)
			return list, told(err)
		},
		close: closeBoth,
	}, nil
}

func (r *remote) migrate(ctx context.Context, q engine.MigrateRequest) (out engine.Migration, err error) {
	body := map[string]any{"dry": q.Dry, "undo": q.Undo, "after": q.After, "migration": q.Migration, "limit": q.Limit}
	if q.To != 0 {
		body["to"] = q.To
	}
	if q.Files != nil {
		var files []api.UploadedFile
		for _, f := range q.Files {
			files = append(files, api.UploadedFile{Name: f.Name, Text: string(f.Text)})
		}
		body["files"] = files
	}
	err = r.ask(ctx, http.MethodPost, "/procedures/"+url.PathEscape(q.Procedure)+"/migrate", body, &out)
	return out, err
}

func (r *remote) versions(ctx context.Context) ([]engine.VersionLine, error) {
	var out struct {
		Versions []engine.VersionLine `json:"versions"`
	}
	err := r.ask(ctx, http.MethodGet, "/deployments", nil, &out)
	return out.Versions, err
}

// migrateAll goes through all pages.
func (m *mover) migrateAll(ctx context.Context, q engine.MigrateRequest) (all engine.Migration, err error) {
	q.Limit = 200
	for {
		page, err := m.migrate(ctx, q)
		if err != nil {
			return all, err
		}
		page.Cases = append(all.Cases, page.Cases...)
		all = page
		if q.After, q.Migration = page.Next, page.Migration; page.Next == "" {
			return all, nil
		}
	}
}

func moved(m engine.Migration) (n int) {
	for _, c := range m.Cases {
		if c.Moves {
			n++
		}
	}
	return n
}

// tellMigration writes what became of each case, and how many were moved.
func tellMigration(out io.Writer, m engine.Migration, lang string) {
	became, all := "moved", "%s: %d of %d running cases moved\n"
	if m.Dry {
		became, all = "could move", "%s: %d of %d running cases could move\n"
	}
	for _, c := range m.Cases {
		is := became
		if !c.Moves {
			is = "stays"
		}
		fmt.Fprintf(out, "  %s  %d -> %d  %s\n", c.Number, c.From, c.To, say(lang, is))
		for _, why := range c.Why {
			fmt.Fprintf(out, "      %s\n", why.Text)
		}
	}
	fmt.Fprint(out, say(lang, fmt.Sprintf(all, m.Procedure, moved(m), len(m.Cases))))
}

// tellRunning tells of each procedure of a version that is not deployed which running cases could be moved to it.
func tellRunning(
	ctx context.Context, out io.Writer, where *dataFlags, as *SessionFlags, files []definitions.File, lang string,
) (err error) {
	bundle, _ := definitions.Compile(files)
	if bundle == nil {
		return errNewerWrong
	}
	m, err := moverOn(ctx, where, as, bundle.Office.ID, lang)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.close()) }()
	known, err := m.versions(ctx)
	if err != nil {
		return err
	}
	for _, p := range bundle.Procedures {
		i := slices.IndexFunc(known, func(v engine.VersionLine) bool { return v.Procedure == p.ID })
		if i < 0 {
			continue
		}
		all, err := m.migrateAll(ctx, engine.MigrateRequest{Procedure: p.ID, Files: files, Dry: true})
		if said, ok := errors.AsType[*refused](err); ok && said.Code == engine.CodeRefused {
			return errNewerWrong
		}
		if err != nil {
			return err
		}
		if all.To == known[i].Version { // a deployment would change nothing of it
			if len(all.Cases) == 0 {
				continue
			}
			fmt.Fprint(out, say(lang, fmt.Sprintf("%s: version %d is in force already\n", p.ID, all.To)))
		}
		tellMigration(out, all, lang)
	}
	for _, v := range known {
		if bundle.Procedure(v.Procedure) == nil {
			fmt.Fprint(out, say(lang, fmt.Sprintf(
				"%s: the newer version does not have it; its running cases go on as they are\n", v.Procedure)))
		}
	}
	return nil
}

var errNewerWrong = errors.New("the newer version has errors; see guicheng check")
