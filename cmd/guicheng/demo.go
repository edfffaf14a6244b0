package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/api"
	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/offices"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/staff"
	"github.com/guicheng/guicheng/store"
)

// demoOffice is the one that --demo shows.
const demoOffice = "sunshine"

// demoStaff are its people: one or two for each post, and an administrator.
var demoStaff = []store.PersonRow{
	{ID: "ma", Name: "馬慧敏", Admin: true},
	{ID: "he", Name: "何志強", Posts: []string{"gate"}},
	{ID: "luo", Name: "羅偉", Posts: []string{"gate"}},
	{ID: "chen", Name: "陳美玲", Posts: []string{"front-desk"}},
	{ID: "huang", Name: "黃嘉欣", Posts: []string{"front-desk"}},
	{ID: "li", Name: "李國華", Posts: []string{"supervisor"}},
	{ID: "zhang", Name: "張文山", Posts: []string{"property-manager"}},
	{ID: "liang", Name: "梁振邦", Posts: []string{"m-and-e"}},
	{ID: "wu", Name: "吳建民", Posts: []string{"m-and-e"}},
	{ID: "zhou", Name: "周秀蘭", Posts: []string{"environment"}},
	{ID: "zheng", Name: "鄭勇", Posts: []string{"security"}},
	{ID: "lin", Name: "林淑芬", Posts: []string{"finance"}},
	{ID: "cai", Name: "蔡家豪", Posts: []string{"admin"}},
	{ID: "xu", Name: "許雅文", Posts: []string{"sales"}},
}

// house is what a server does before it lets anybody in.
type house struct {
	engine *engine.Engine
	door   *staff.Door
	url    string
	out    io.Writer
	log    *slog.Logger
	lang   string // of findings in the definitions
}

// prepare deploys what the command line names, and prints the links by which the first people come in. What it prints
// is printed here alone.
func (h *house) prepare(ctx context.Context, demo bool, dir string) error {
	var from fs.FS = offices.FS
	if dir != "" {
		from = os.DirFS(dir)
		if _, err := fs.Stat(from, officeFile); err == nil {
			return fmt.Errorf("%s is an office itself: --definitions names the folder around it, %s", dir,
				filepath.Join(dir, ".."))
		}
	}
	if demo {
		return h.demo(ctx, from, dir)
	}
	if dir != "" {
		if err := h.deployAll(ctx, from, dir); err != nil {
			return err
		}
	}
	return h.setUp(ctx)
}

// say prints in the language of the terminal.
func (h *house) say(format string, args ...any) {
	fmt.Fprint(h.out, say(h.lang, fmt.Sprintf(format, args...)))
}

// setUp prints how the first administrator of each office is made that has none.
func (h *house) setUp(ctx context.Context) error {
	deployed, err := h.engine.Deployed(ctx)
	if err != nil {
		return fmt.Errorf("offices: %w", err)
	}
	if len(deployed) == 0 {
		h.say("No office is deployed yet: start with --definitions DIR, or with --demo.\n\n")
	}
	for _, office := range deployed {
		secret, err := h.door.NewSetUpLink(ctx, office)
		if errors.Is(err, staff.ErrSetUp) {
			continue
		}
		if err != nil {
			return fmt.Errorf("set-up link: %w", err)
		}
		h.say(`%[1]s has no administrator yet. Make the first one within %.0[2]f minutes: fill in an id
and a name below, as in "id":"ma","name":"馬慧敏"; the secret works once.
The session is kept in the file admin: curl -b admin %[3]s/api/v1/me

  curl -b admin -c admin %[3]s/api/v1/set-up -H 'Content-Type: application/json' \
    -d '{"token":"%[4]s","office":"%[1]s","id":"","name":""}'

`, office, staff.LinkLife.Minutes(), h.url, secret.Token)
	}
	return nil
}

// demo deploys the office, adds those of its people who are not there yet, and prints a link for each.
func (h *house) demo(ctx context.Context, from fs.FS, dir string) error {
	d, err := h.read(from, dir, demoOffice)
	if err != nil {
		return err
	}
	if err := h.deploy(ctx, d); err != nil {
		return err
	}
	office := d.bundle.Office
	operator := engine.Operator(office.ID)
	there, err := h.engine.People(ctx, operator)
	if err != nil {
		return fmt.Errorf("people of %s: %w", office.ID, err)
	}
	for _, p := range demoStaff {
		if slices.ContainsFunc(there, func(q store.PersonRow) bool { return q.ID == p.ID }) {
			continue
		}
		if err := h.engine.PutPerson(ctx, operator, p); err != nil {
			return fmt.Errorf("add %s to %s: %w", p.ID, office.ID, err)
		}
	}
	return h.printLinks(ctx, office)
}

func (h *house) printLinks(ctx context.Context, office *definitions.Office) error {
	people, err := h.engine.People(ctx, engine.Operator(office.ID))
	if err != nil {
		return fmt.Errorf("people of %s: %w", office.ID, err)
	}
	h.say("%s (%s). Each link signs one person in, once, within %.0f minutes:\n\n",
		office.Title, office.ID, staff.LinkLife.Minutes())
	var rows [][]string
	for _, p := range people {
		if p.Gone {
			continue
		}
		secret, err := h.door.NewLink(ctx, office.ID, p.ID)
		if err != nil {
			return err
		}
		rows = append(rows, []string{p.ID, p.Name, titles(office, p), api.SignInLink(h.url, secret.Token)})
	}
	fmt.Fprintln(h.out, report.Table("  ", rows))
	return nil
}

// titles says what a person does in the office.
func titles(office *definitions.Office, p store.PersonRow) string {
	var out []string
	for _, post := range office.Posts {
		if slices.Contains(p.Posts, post.ID) {
			out = append(out, post.Title+" "+post.ID)
		}
	}
	if p.Admin {
		out = append(out, "系統管理員")
	}
	return strings.Join(out, ", ")
}
