package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/engine/proof"
)

// officeDir is an office's files, read and compiled.
type officeDir struct {
	place  string // as it is told to people
	files  []definitions.File
	bundle *definitions.Bundle
}

// errFindings says that an office's files have errors, which were printed.
var errFindings = errors.New("the definitions have errors")

// deployAll deploys each folder that holds an office. One that is wrong is told, and does not keep the others from
// being served, nor its own office by what was deployed before. What nobody can decide is an error: two folders for
// one office, and nothing at all to serve.
func (h *house) deployAll(ctx context.Context, from fs.FS, dir string) error {
	entries, err := fs.ReadDir(from, ".")
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no folder %s: --definitions names one that holds offices' folders", dir)
	}
	if err != nil {
		return fmt.Errorf("read the definitions in %s: %w", dir, err)
	}
	var good []*officeDir
	found := 0
	for _, e := range entries {
		if _, err := fs.Stat(from, path.Join(e.Name(), officeFile)); err != nil {
			if file := misnamed(from, e.Name()); file != "" {
				return fmt.Errorf("%s is not read: rename it to %s", filepath.Join(dir, e.Name(), file), officeFile)
			}
			continue
		}
		found++
		f, err := h.read(from, dir, e.Name())
		if err != nil {
			h.log.Error("not deployed; what was in force stays", "folder", filepath.Join(dir, e.Name()), "error", err)
			continue
		}
		good = append(good, f)
	}
	if found == 0 {
		return fmt.Errorf("no office in %s; want folders with an office.yaml, as definitions/offices has them", dir)
	}
	if err := twice(good); err != nil {
		return err
	}
	for _, f := range good {
		if err := h.deploy(ctx, f); err != nil {
			return err
		}
	}
	deployed, err := h.engine.Deployed(ctx)
	if err != nil {
		return fmt.Errorf("offices: %w", err)
	}
	if len(deployed) == 0 {
		return fmt.Errorf("every office in %s has errors, and none was deployed before; see guicheng check %s", dir, dir)
	}
	return nil
}

// officeFile is the file that makes a folder an office.
const officeFile = "office.yaml"

// misnamed is the file of a folder that was most likely meant to be officeFile; "" = there is none.
func misnamed(from fs.FS, dir string) string {
	entries, _ := fs.ReadDir(from, dir) // a file is no folder, and holds none
	for _, e := range entries {
		if name := strings.ToLower(e.Name()); name == officeFile || name == "office.yml" {
			return e.Name()
		}
	}
	return ""
}

// twice refuses two folders for one office: each start would put the other one in force.
func twice(list []*officeDir) error {
	for i, f := range list {
		before := slices.IndexFunc(list[:i], func(g *officeDir) bool { return g.bundle.Office.ID == f.bundle.Office.ID })
		if before >= 0 {
			return fmt.Errorf("%s and %s are both the office %s; give one of them another id, or take it away",
				list[before].place, f.place, f.bundle.Office.ID)
		}
	}
	return nil
}

// read compiles an office's folder. Its findings are printed with the folder's path.
func (h *house) read(from fs.FS, dir, name string) (*officeDir, error) {
	f := &officeDir{place: filepath.Join(dir, name)}
	var err error
	f.files, err = definitions.ReadDir(from, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no office %s in %s, which --demo shows: without --demo, those are served that are "+
			"there", name, dir)
	}
	if err != nil {
		return nil, fmt.Errorf("read the definitions in %s: %w", f.place, err)
	}
	var problems []report.Problem
	f.bundle, problems = proof.Check(f.files)
	if f.bundle != nil {
		return f, nil
	}
	for i := range problems {
		problems[i].File = filepath.Join(f.place, problems[i].File)
	}
	fmt.Fprint(h.out, report.List(h.lang, problems, f.text))
	return nil, fmt.Errorf("%s: %w; see guicheng check", f.place, errFindings)
}

// text is the source of a finding.
func (f *officeDir) text(file string) []byte {
	i := slices.IndexFunc(f.files, func(x definitions.File) bool { return filepath.Join(f.place, x.Name) == file })
	if i < 0 {
		return nil
	}
	return f.files[i].Text
}

// deploy puts a folder in force, once: the same files again would undo what an administrator has deployed since.
func (h *house) deploy(ctx context.Context, f *officeDir) error {
	office := f.bundle.Office.ID
	was, err := h.engine.WasDeployed(ctx, office, f.bundle.Hash)
	if err != nil {
		return fmt.Errorf("deploy %s: %w", f.place, err)
	}
	if was {
		h.log.Info("deployed before, left as it is", "office", office, "folder", f.place, "bundle", f.bundle.Hash)
		return nil
	}
	out, _, err := h.engine.Deploy(ctx, engine.Operator(office), f.files)
	if err != nil {
		return fmt.Errorf("deploy %s: %w", f.place, err)
	}
	for _, w := range out.Warnings {
		h.log.Warn("deployed with a warning", "folder", f.place, "warning", w.String())
	}
	return nil
}
