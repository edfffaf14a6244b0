package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/proof"
	"github.com/guicheng/guicheng/store"
)

// Deploy compiles and proves an office's files and puts them in force: cases that begin from now on follow them,
// running ones keep their version. Problems of severity error refuse the whole, with code refused; warnings come with
// the Deployment. The same files again change nothing.
//
// The files are those of the whole office: a procedure in force that they lack is in force no more. Whoever is not the
// operator names these in removes, or the whole is refused with code would-remove: a forgotten file is no decision.
func (e *Engine) Deploy(ctx context.Context, a Actor, files []definitions.File, removes ...string) (
	Deployment, []report.Problem, error,
) {
	if err := e.administrator(ctx, a); err != nil {
		return Deployment{}, nil, e.told(err)
	}
	out, problems, err := e.deploy(ctx, a, files, removes)
	return out, problems, e.told(err)
}

func (e *Engine) deploy(ctx context.Context, a Actor, files []definitions.File, removes []string) (
	Deployment, []report.Problem, error,
) {
	bundle, before, problems, err := e.weigh(ctx, a, files)
	if err != nil {
		return Deployment{}, problems, err
	}
	gone := removed(before, bundle)
	if err := removable(removes, gone); err != nil {
		return Deployment{}, problems, err
	}
	var unsaid []string
	for _, line := range gone {
		if !a.operator && !slices.Contains(removes, line.Procedure) {
			unsaid = append(unsaid, line.Procedure)
		}
	}
	if len(unsaid) > 0 {
		return Deployment{}, problems, &Error{Code: CodeWouldRemove,
			Args: map[string]string{"procedures": strings.Join(unsaid, ", ")}}
	}
	encoded, err := json.Marshal(bundle.Files)
	if err != nil {
		return Deployment{}, nil, err
	}
	warnings, err := json.Marshal(problems)
	if err != nil {
		return Deployment{}, nil, err
	}
	hashes := []store.ProcedureHash{{Procedure: wholeOffice, Title: bundle.Office.Title, Hash: bundle.Hash}}
	for _, p := range bundle.Procedures {
		hashes = append(hashes, store.ProcedureHash{Procedure: p.ID, Title: p.Title, Hash: p.Hash})
	}
	row := store.BundleRow{Hash: bundle.Hash, Files: encoded, At: e.now(), By: a.Person, Warnings: warnings}
	versions, err := e.store.Deploy(ctx, a.Office, row, hashes)
	if err != nil {
		return Deployment{}, nil, err
	}
	e.books.forget(a.Office)
	if err := e.plan(ctx, a.Office); err != nil {
		return Deployment{}, nil, err
	}
	out := Deployment{
		Office: a.Office, Warnings: problems, Versions: []VersionLine{}, Removed: gone, At: row.At, By: row.By,
	}
	for _, v := range versions {
		if v.Procedure == wholeOffice {
			continue
		}
		out.Versions = append(out.Versions, VersionLine{Procedure: v.Procedure, Version: v.Version, Title: v.Title})
	}
	slices.SortFunc(out.Versions, func(x, y VersionLine) int { return strings.Compare(x.Procedure, y.Procedure) })
	e.log.Info("deployed", "office", a.Office, "by", a.by(), "bundle", bundle.Hash, "versions", lineUp(out.Versions),
		"removed", lineUp(out.Removed))
	return out, problems, nil
}

// removable refuses to take away what is not in force, or what the files still have.
func removable(removes []string, gone []VersionLine) error {
	ids := make([]string, len(gone))
	for i, line := range gone {
		ids[i] = line.Procedure
	}
	for i, id := range removes {
		if !slices.Contains(ids, id) {
			return wrong(fmt.Sprintf("removes[%d]", i), "option", "options", strings.Join(ids, ", "))
		}
	}
	return nil
}

// Check tells what a deployment of an office's files would find: what is wrong with them, and what could go wrong with
// their cases.
func Check(files []definitions.File) ([]report.Problem, error) {
	_, problems, err := check(files)
	return problems, err
}

// Foresee tells what a deployment of these files would find and do, and does nothing: the versions that would be new,
// the procedures that would be in force no more, and all problems. Files with errors make a Deployment without either.
func (e *Engine) Foresee(ctx context.Context, a Actor, files []definitions.File) (
	Deployment, []report.Problem, error,
) {
	out := Deployment{Office: a.Office, Versions: []VersionLine{}}
	bundle, before, problems, err := e.weigh(ctx, a, files)
	if CodeOf(err) == CodeRefused {
		return out, problems, nil
	}
	if err != nil {
		return out, problems, e.told(err)
	}
	lines, err := e.store.Versions(ctx, a.Office)
	if err != nil {
		return out, nil, e.told(err)
	}
	for _, p := range bundle.Procedures {
		next := VersionLine{Procedure: p.ID, Version: 1, Title: p.Title}
		if i := slices.IndexFunc(lines, func(v store.VersionRow) bool { return v.Procedure == p.ID }); i >= 0 {
			if lines[i].Hash == p.Hash {
				continue
			}
			next.Version = lines[i].Version + 1
		}
		out.Versions = append(out.Versions, next)
	}
	out.Removed = removed(before, bundle)
	return out, report.Sort(problems), nil
}

// weigh compiles and proves the files of an actor's office, and sets them against the office as it stands.
func (e *Engine) weigh(ctx context.Context, a Actor, files []definitions.File) (
	*definitions.Bundle, *desk, []report.Problem, error,
) {
	size := 0
	for _, f := range files {
		size += len(f.Text)
	}
	if size > maxDeploy {
		return nil, nil, nil, wrong("files", "max", "max", strconv.Itoa(maxDeploy), "of", "bytes")
	}
	bundle, problems, err := check(files)
	if err != nil {
		return nil, nil, nil, err
	}
	if bundle == nil {
		return nil, nil, problems, fail(CodeRefused, errors.New(firstError(problems)))
	}
	if bundle.Office.ID != a.Office {
		return nil, nil, problems, wrong("files", "other-office", "got", bundle.Office.ID, "want", a.Office)
	}
	e.books.forget(a.Office)
	before, err := e.books.desk(ctx, a.Office)
	if err != nil {
		return nil, nil, nil, err
	}
	problems = append(slices.Clone(problems), heldPosts(before, bundle.Office)...)
	problems = append(problems, unfitSettings(before, bundle)...)
	problems = append(problems, unstaffed(before, bundle, e.now())...)
	if p, missing := definitions.HolidaysMissing(bundle.Office, e.now()); missing {
		problems = append(problems, p)
	}
	if report.Failed(problems) {
		return nil, nil, report.Sort(problems), fail(CodeRefused, errors.New(firstError(problems)))
	}
	return bundle, before, problems, nil
}

// check compiles and proves. What is in force already is compiled alone: it was proved when it was deployed.
func check(files []definitions.File) (b *definitions.Bundle, problems []report.Problem, err error) {
	err = guarded(func() error {
		b, problems = proof.Check(files)
		return nil
	})
	return b, problems, err
}

// by names who acts, for the log.
func (a Actor) by() string {
	if a.operator {
		return "operator"
	}
	return a.Person
}

// lineUp writes procedures with their versions, for the log.
func lineUp(list []VersionLine) string {
	parts := make([]string, len(list))
	for i, v := range list {
		parts[i] = fmt.Sprintf("%s@%d", v.Procedure, v.Version)
	}
	return strings.Join(parts, " ")
}

// removed lists the procedures in force that a bundle does not have.
func removed(before *desk, bundle *definitions.Bundle) []VersionLine {
	var out []VersionLine
	for _, line := range before.lines {
		if bundle.Procedure(line.Procedure) == nil {
			out = append(out, VersionLine{Procedure: line.Procedure, Version: line.Version, Title: line.Title})
		}
	}
	slices.SortFunc(out, func(x, y VersionLine) int { return strings.Compare(x.Procedure, y.Procedure) })
	return out
}

// heldPosts warns of people whose post the office does not have any more: nothing is offered to them by it.
func heldPosts(before *desk, office *definitions.Office) []report.Problem {
	held := map[string][]string{}
	for _, p := range before.roster.Everyone() {
		for _, post := range p.Posts {
			if !hasPost(office, post) {
				held[post] = append(held[post], fmt.Sprintf("%s (%s)", p.Name, p.ID))
			}
		}
	}
	var out []report.Problem
	for _, post := range slices.Sorted(maps.Keys(held)) {
		out = append(out, report.Problem{
			Place: report.Place{File: officeFile, Line: 1, Column: 1}, Severity: report.Warning, Code: "post-held",
			Message: fmt.Sprintf("the office has no post %q, which is held by %s", post, strings.Join(held[post], ", ")),
			Hint:    "give them another post, or keep this one: nothing more is offered to its holders",
		})
	}
	return out
}

// officeFile is where an office declares its posts.
const officeFile = "office.yaml"

func hasPost(office *definitions.Office, id string) bool {
	return slices.ContainsFunc(office.Posts, func(post definitions.Post) bool { return post.ID == id })
}

// WasDeployed tells whether an office's bundle with this hash was ever deployed, whatever is in force now.
func (e *Engine) WasDeployed(ctx context.Context, office, hash string) (bool, error) {
	_, err := e.store.Bundle(ctx, office, hash)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, e.told(err)
}

// Deployed lists the offices that have procedures in force, by id.
func (e *Engine) Deployed(ctx context.Context) ([]string, error) {
	ids, err := e.store.OfficeIDs(ctx)
	if err != nil {
		return nil, e.told(err)
	}
	out := []string{}
	for _, id := range ids {
		lines, err := e.store.Versions(ctx, id)
		if err != nil {
			return nil, e.told(err)
		}
		if inForce(lines) != nil {
			out = append(out, id)
		}
	}
	return out, nil
}

// ReadFiles gives the files of a stored bundle.
func ReadFiles(row store.BundleRow) (files []definitions.File, err error) {
	if err := json.Unmarshal(row.Files, &files); err != nil {
		return nil, fmt.Errorf("read the files of a deployment: %w", err)
	}
	return files, nil
}

// InForce tells what an office runs by: when these files were last deployed, by whom, and of what that warned.
func (e *Engine) InForce(ctx context.Context, a Actor) (Deployment, error) {
	out := Deployment{Office: a.Office, Versions: []VersionLine{}}
	if err := e.administrator(ctx, a); err != nil {
		return out, e.told(err)
	}
	lines, err := e.store.Versions(ctx, a.Office)
	if err != nil {
		return out, e.told(err)
	}
	line := inForce(lines)
	if line == nil {
		return out, nil
	}
	row, err := e.store.Bundle(ctx, a.Office, line.Bundle)
	if err != nil {
		return out, e.told(err)
	}
	out.At, out.By = row.At, row.By
	if len(row.Warnings) > 0 { // none were kept of old deployments
		if err := json.Unmarshal(row.Warnings, &out.Warnings); err != nil {
			return out, e.told(fmt.Errorf("read the warnings of a deployment: %w", err))
		}
	}
	out.Versions, err = e.Versions(ctx, a.Office)
	return out, err
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
