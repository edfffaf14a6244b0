package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/store"
)

// Deploy compiles an office's files and puts them in force: cases that begin from now on follow them, running ones keep
// their version. Problems of severity error refuse the whole, with code refused; warnings come with the Deployment.
// The same files again change nothing.
func (e *Engine) Deploy(ctx context.Context, a Actor, files []definitions.File) (Deployment, []report.Problem, error) {
	if err := e.administrator(ctx, a); err != nil {
		return Deployment{}, nil, e.told(err)
	}
	out, problems, err := e.deploy(ctx, a, files)
	return out, problems, e.told(err)
}

func (e *Engine) deploy(ctx context.Context, a Actor, files []definitions.File) (Deployment, []report.Problem, error) {
	size := 0
	for _, f := range files {
		size += len(f.Text)
	}
	if size > maxDeploy {
		return Deployment{}, nil, badRequest("files", fmt.Sprintf("%d bytes, but at most %d are taken", size, maxDeploy))
	}
	bundle, problems, err := compile(files)
	if err != nil {
		return Deployment{}, nil, err
	}
	if bundle == nil {
		return Deployment{}, problems, &Error{Code: CodeRefused, Args: map[string]string{"why": firstError(problems)}}
	}
	if bundle.Office.ID != a.Office {
		return Deployment{}, problems, badRequest("office",
			fmt.Sprintf("the files are those of office %q, not of %q", bundle.Office.ID, a.Office))
	}
	encoded, err := json.Marshal(bundle.Files)
	if err != nil {
		return Deployment{}, nil, err
	}
	hashes := []store.ProcedureHash{{Procedure: wholeOffice, Title: bundle.Office.Title, Hash: bundle.Hash}}
	for _, p := range bundle.Procedures {
		hashes = append(hashes, store.ProcedureHash{Procedure: p.ID, Title: p.Title, Hash: p.Hash})
	}
	row := store.BundleRow{Hash: bundle.Hash, Files: encoded, At: e.now(), By: a.Person}
	versions, err := e.store.Deploy(ctx, a.Office, row, hashes)
	if err != nil {
		return Deployment{}, nil, err
	}
	e.books.forget(a.Office)
	out := Deployment{Office: a.Office, Warnings: problems, Versions: []VersionLine{}}
	for _, v := range versions {
		if v.Procedure == wholeOffice {
			continue
		}
		out.Versions = append(out.Versions, VersionLine{Procedure: v.Procedure, Version: v.Version, Title: v.Title})
	}
	slices.SortFunc(out.Versions, func(x, y VersionLine) int { return strings.Compare(x.Procedure, y.Procedure) })
	return out, problems, nil
}

// Versions lists the procedures in force, by id.
func (e *Engine) Versions(ctx context.Context, office string) ([]VersionLine, error) {
	d, err := e.books.desk(ctx, office)
	if err != nil {
		return nil, e.told(err)
	}
	out := []VersionLine{}
	for _, line := range d.lines {
		out = append(out, VersionLine{Procedure: line.Procedure, Version: line.Version, Title: line.Title})
	}
	return out, nil
}

// PutPerson adds or replaces a person of the office.
func (e *Engine) PutPerson(ctx context.Context, a Actor, p store.PersonRow) error {
	if err := e.administrator(ctx, a); err != nil {
		return e.told(err)
	}
	return e.told(e.putPerson(ctx, a.Office, p))
}

func (e *Engine) putPerson(ctx context.Context, office string, p store.PersonRow) error {
	switch {
	case !plainID(p.ID):
		return badRequest("id", "a person's id is 1 to 64 letters, digits, and . _ @ -")
	case strings.TrimSpace(p.Name) == "" || len(p.Name) > maxName:
		return badRequest("name", "a person has a name of at most 200 bytes")
	}
	p.Posts = slices.Compact(slices.Sorted(slices.Values(p.Posts)))
	for _, post := range p.Posts {
		if !plainID(post) {
			return badRequest("posts", fmt.Sprintf("%q is not the id of a post", post))
		}
	}
	d, err := e.books.desk(ctx, office)
	if err != nil {
		return err
	}
	if err := d.knows(p); err != nil {
		return err
	}
	p.Changed = e.now()
	if err := e.store.PutPerson(ctx, office, p); err != nil {
		return err
	}
	e.books.forget(office)
	return nil
}

// knows refuses posts and units that the office does not have. Before the first deployment it cannot tell.
func (d *desk) knows(p store.PersonRow) error {
	if d.office == nil {
		return nil
	}
	for _, id := range p.Posts {
		if !slices.ContainsFunc(d.office.Posts, func(post definitions.Post) bool { return post.ID == id }) {
			return badRequest("posts", fmt.Sprintf("the office has no post %q", id))
		}
	}
	if _, ok := d.roster.Unit(p.Unit); !ok && p.Unit != "" {
		return badRequest("unit", fmt.Sprintf("the office has no unit %q", p.Unit))
	}
	return nil
}

// plainID keeps separators of keys and of paths out of ids.
func plainID(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for _, r := range id {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		case r == '.', r == '_', r == '@', r == '-':
		default:
			return false
		}
	}
	return true
}

// FirstAdministrator adds the office's first administrator. It is refused, with code forbidden, once there is one.
func (e *Engine) FirstAdministrator(ctx context.Context, office string, p store.PersonRow) error {
	e.books.forget(office)
	d, err := e.books.desk(ctx, office)
	if err != nil {
		return e.told(err)
	}
	if d.roster.HasAdmin() {
		return e.told(fail(CodeForbidden, errors.New("the office has an administrator")))
	}
	p.Admin, p.Gone = true, false
	return e.told(e.putPerson(ctx, office, p))
}

// People lists all persons of the office, also those who have gone, by id.
func (e *Engine) People(ctx context.Context, a Actor) ([]store.PersonRow, error) {
	if err := e.administrator(ctx, a); err != nil {
		return nil, e.told(err)
	}
	out, err := e.store.People(ctx, a.Office)
	return out, e.told(err)
}
