package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/proof"
	"github.com/guicheng/guicheng/engine/sim"
)

// Streams are what a command reads from and writes to.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	Lang     string    // of what is said, where no flag says it: zh-Hant, zh-Hans, or English
	Now      time.Time // zero = the time of this machine
}

// language is the one that a flag names, or else that of the terminal.
func (s *Streams) language(flag string) string { return cmp.Or(flag, s.Lang, "en") }

// say prints in a language.
func (s *Streams) say(lang, format string, args ...any) {
	fmt.Fprint(s.Out, say(lang, fmt.Sprintf(format, args...)))
}

func (s *Streams) now() time.Time {
	if s.Now.IsZero() {
		return time.Now()
	}
	return s.Now
}

// CheckCmd checks procedures as a deployment would.
type CheckCmd struct {
	Paths  []string `arg:"" help:"Offices' folders, or files in them; a file is checked with its folder's others."`
	Format string   `enum:"text,json" default:"text" help:"text or json."`
	Lang   string   `type:"lang" help:"zh-Hant, zh-Hans or en; absent: the terminal's language."`
	Staff  string   `placeholder:"FILE" help:"A file with staff: is somebody there for every step?"`
	All    bool     `help:"Show every text that lacks a translation, not only the first few of each language."`
}

// checked is the result of a check, as JSON.
type checked struct {
	Files    int              `json:"files"`
	Errors   int              `json:"errors"`
	Warnings int              `json:"warnings"`
	Problems []report.Problem `json:"problems"`
}

// Run checks and prints what was found. The error is not nil if one of the findings is an error.
func (c *CheckCmd) Run(s *Streams) error {
	folders, err := gather(c.Paths)
	if err != nil {
		return err
	}
	result := checked{Problems: []report.Problem{}}
	texts := map[string][]byte{}
	for _, f := range folders {
		bundle, problems := proof.Check(f.files)
		people, wrong, err := c.people(bundle, texts)
		if err != nil {
			return err
		}
		problems = report.Sort(append(problems, people...))
		result.Problems = append(result.Problems, wrong...)
		if bundle != nil {
			if p, missing := definitions.HolidaysMissing(bundle.Office, s.now()); missing {
				problems = append(problems, p)
			}
		}
		result.Files += f.count()
		result.Problems = append(result.Problems, f.own(problems)...)
		f.texts(texts)
	}
	for _, f := range folders {
		result.Problems = append(result.Problems, f.own(baseChanges(f, folders))...)
	}
	result.Problems = append(result.Problems, sameOffice(folders)...)
	result.Problems = append(result.Problems, passedOver(folders)...)
	for _, p := range result.Problems {
		if p.Severity == report.Error {
			result.Errors++
		} else {
			result.Warnings++
		}
	}
	lang := s.language(c.Lang)
	if c.Format == "json" {
		result.Problems = report.In(lang, result.Problems, sourceIn(texts))
		enc := json.NewEncoder(s.Out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		err = enc.Encode(result)
	} else {
		f := findings{lang: lang, texts: texts, all: c.All}
		_, err = io.WriteString(s.Out, f.readable(result.Problems)+say(lang, fmt.Sprintf("checked %s: %s, %s\n",
			several(result.Files, "file"), several(result.Errors, "error"), several(result.Warnings, "warning"))))
	}
	if err != nil {
		return fmt.Errorf("write the findings: %w", err)
	}
	if result.Errors > 0 {
		return failed{"the check found errors"}
	}
	return nil
}

// people tells for which steps the staff that was given has nobody, or what is wrong with the file of the staff.
func (c *CheckCmd) people(bundle *definitions.Bundle, texts map[string][]byte) (
	list, wrong []report.Problem, err error,
) {
	if bundle == nil || c.Staff == "" {
		return nil, nil, nil
	}
	text, err := os.ReadFile(c.Staff)
	if err != nil {
		return nil, nil, fmt.Errorf("read the staff: %w", err)
	}
	players, wrong := definitions.ReadStaff(bundle.Office, definitions.File{Name: c.Staff, Text: text})
	if report.Failed(wrong) {
		texts[c.Staff] = text
		return nil, wrong, nil
	}
	people := sim.NewPeople(bundle.Office, players)
	return proof.Staffed(bundle, people, people.Deputies(players)), nil, nil
}

// baseChanges tells what has changed in the procedures of other folders that those of this one extend.
func baseChanges(f *folder, folders []*folder) []report.Problem {
	var out []report.Problem
	for _, other := range folders {
		if office, _ := definitions.OfficeID(other.files); office != "" && other != f {
			out = append(out, definitions.BaseChanges(f.files, office, other.files)...)
		}
	}
	return out
}

// sourceIn gives the texts of files by their names.
func sourceIn(texts map[string][]byte) func(file string) []byte {
	return func(file string) []byte { return texts[file] }
}

// texts adds the texts of the folder's files, named as they stand on the disk.
func (f *folder) texts(into map[string][]byte) {
	for _, file := range f.files {
		into[filepath.Join(f.dir, file.Name)] = file.Text
	}
}

// folder is an office's folder, whole, and which of its files were meant.
type folder struct {
	dir   string
	files []definitions.File
	only  []string // names of files; nil = all
}

// gather finds the offices' folders that paths mean, each once.
func gather(paths []string) ([]*folder, error) {
	var out []*folder
	for _, path := range paths {
		info, err := statPath(path)
		switch {
		case err != nil:
			return nil, err
		case !info.IsDir() && filepath.Ext(path) != ".yaml":
			return nil, fmt.Errorf("%s is not read: the files of an office end in .yaml", path)
		case !info.IsDir():
			if out, err = addFolder(out, filepath.Dir(path), filepath.Base(path)); err != nil {
				return nil, err
			}
			continue
		}
		dirs, err := officesUnder(path)
		if err != nil {
			return nil, err
		}
		for _, dir := range dirs {
			if out, err = addFolder(out, dir, ""); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// statPath finds what was named.
func statPath(path string) (fs.FileInfo, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no %s: name an office's folder, or a .yaml file in it", path)
	case err != nil:
		return nil, fmt.Errorf("find %s: %w", path, err)
	}
	return info, nil
}

// officesUnder lists the folders at and under a path that hold an office; the path itself if there is none.
func officesUnder(path string) ([]string, error) {
	var dirs []string
	err := filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.EqualFold(d.Name(), officeFile) {
			dirs = append(dirs, filepath.Dir(name))
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for offices in %s: %w", path, err)
	}
	if len(dirs) == 0 {
		dirs = []string{path}
	}
	return dirs, nil
}

// addFolder adds a folder, or one file of it, to those that are there.
func addFolder(list []*folder, dir, file string) ([]*folder, error) {
	i := slices.IndexFunc(list, func(f *folder) bool { return f.dir == dir })
	if i < 0 {
		files, err := definitions.ReadDir(os.DirFS(dir), ".")
		if err != nil {
			return nil, err
		}
		if len(files) == 0 {
			return nil, fmt.Errorf("there are no .yaml files in %s: an office is a folder with an office.yaml", dir)
		}
		list, i = append(list, &folder{dir: dir, files: files, only: []string{}}), len(list)
	}
	switch f := list[i]; {
	case file == "":
		f.only = nil
	case f.only != nil:
		f.only = append(f.only, file)
	}
	return list, nil
}

// meant tells whether a file of the folder was asked for.
func (f *folder) meant(name string) bool { return f.only == nil || slices.Contains(f.only, name) }

func (f *folder) count() int {
	n := 0
	for _, file := range f.files {
		if f.meant(file.Name) {
			n++
		}
	}
	return n
}

// own keeps the problems of the files that were meant, and names the files as they stand on the disk.
func (f *folder) own(problems []report.Problem) []report.Problem {
	var out []report.Problem
	for _, p := range problems {
		if p.File == "" || f.meant(p.File) {
			p.File = filepath.Join(f.dir, p.File)
			out = append(out, p)
		}
	}
	return out
}
