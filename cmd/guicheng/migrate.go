package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine"
)

// MigrateCmd moves running cases to another version of their procedure, or tells which could be moved.
type MigrateCmd struct {
	Office    string    `arg:"" help:"Id of the office."`
	Procedure string    `arg:"" help:"Id of the procedure."`
	To        int       `placeholder:"VERSION" help:"Version to move to; absent: the one in force."`
	Yes       bool      `help:"Move them. Without it, it is only told which could be moved."`
	Undo      string    `placeholder:"ID" help:"Move back what this migration has moved."`
	Lang      string    `enum:"zh-Hant,zh-Hans,en," default:"" help:"zh-Hant, zh-Hans or en; absent: the terminal's."`
	Format    string    `enum:"text,json" default:"text" help:"text or json."`
	Where     dataFlags `embed:""`
}

// Run goes through all running cases of the procedure.
func (c *MigrateCmd) Run(ctx context.Context, s *Streams) (err error) {
	e, closeBoth, err := c.Where.engineOn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeBoth()) }()
	all, err := migrateAll(ctx, e, c.Office, s.language(c.Lang), engine.MigrateRequest{
		Procedure: c.Procedure, To: c.To, Dry: !c.Yes, Migration: c.Undo, Undo: c.Undo != "",
	})
	if err != nil {
		return err
	}
	if c.Format == "json" {
		enc := json.NewEncoder(s.Out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(all)
	}
	tellMigration(s.Out, all)
	return nil
}

// migrateAll goes through all pages.
func migrateAll(ctx context.Context, e *engine.Engine, office, lang string, q engine.MigrateRequest) (
	engine.Migration, error,
) {
	var all engine.Migration
	q.Limit = 200
	for {
		page, err := e.Migrate(ctx, engine.Operator(office), lang, q)
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

// tellMigration writes what became of each case, and how many were moved.
func tellMigration(out io.Writer, m engine.Migration) {
	moved := 0
	verb := map[bool]string{true: "could move", false: "moved"}[m.Dry]
	for _, c := range m.Cases {
		if c.Moves {
			moved++
			fmt.Fprintf(out, "  %s  %d -> %d  %s\n", c.Number, c.From, c.To, verb)
			continue
		}
		fmt.Fprintf(out, "  %s  %d -> %d  stays\n", c.Number, c.From, c.To)
		for _, why := range c.Why {
			fmt.Fprintf(out, "      %s\n", why.Text)
		}
	}
	fmt.Fprintf(out, "%s: %d of %d running cases %s\n", m.Procedure, moved, len(m.Cases), verb)
	if !m.Dry && moved > 0 {
		fmt.Fprintf(out, "this was migration %s; --undo takes it back\n", m.Migration)
	}
}

// tellRunning tells of each procedure of a version that is not deployed which running cases could be moved to it.
func tellRunning(ctx context.Context, out io.Writer, where *dataFlags, files []definitions.File, lang string) (
	err error,
) {
	bundle, _ := definitions.Compile(files)
	if bundle == nil {
		return errors.New("the newer version has errors; see guicheng check")
	}
	e, closeBoth, err := where.engineOn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeBoth()) }()
	office := bundle.Office.ID
	known, err := e.Versions(ctx, office)
	if err != nil {
		return err
	}
	for _, p := range bundle.Procedures {
		is := func(v engine.VersionLine) bool { return v.Procedure == p.ID }
		if !slices.ContainsFunc(known, is) {
			continue
		}
		m, err := migrateAll(ctx, e, office, lang, engine.MigrateRequest{Procedure: p.ID, Files: files})
		if err != nil {
			return err
		}
		tellMigration(out, m)
	}
	return nil
}
