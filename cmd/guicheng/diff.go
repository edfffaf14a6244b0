package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
)

// DiffCmd says in words what differs between two versions of an office's procedures.
type DiffCmd struct {
	Old    string `arg:"" help:"The older version: an office's folder, or a procedure's file."`
	New    string `arg:"" help:"The newer version."`
	Lang   string `type:"lang" help:"zh-Hant, zh-Hans or en; absent: the terminal's language."`
	Format string `enum:"text,json" default:"text" help:"text or json."`
	// Running asks for data, which the flags of Where say where to find.
	Running bool         `help:"Tell also which running cases could be moved to NEW, an office's folder."`
	Where   dataFlags    `embed:""`
	As      SessionFlags `embed:""`
}

// Run compares and prints. Differences are no error.
func (c *DiffCmd) Run(ctx context.Context, s *Streams) error {
	before, err := versionAt(c.Old)
	if err != nil {
		return err
	}
	after, err := versionAt(c.New)
	if err != nil {
		return err
	}
	changes, problems := definitions.Compare(before, after)
	if len(problems) > 0 {
		fmt.Fprint(s.Out, report.List(s.language(c.Lang), problems, nil))
		return failed{"a version cannot be read"}
	}
	translate(changes, s.language(c.Lang), after, before)
	if c.Format == "json" {
		enc := json.NewEncoder(s.Out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if changes == nil {
			changes = []definitions.Change{}
		}
		err = enc.Encode(changes)
	} else {
		_, err = fmt.Fprint(s.Out, worded(changes, s.language(c.Lang)))
	}
	if err != nil {
		return fmt.Errorf("write the differences: %w", err)
	}
	if c.Running {
		return tellRunning(ctx, s.Out, &c.Where, &c.As, unplaced(after), s.language(c.Lang))
	}
	return nil
}

// translate puts the titles into another language, by the texts of the first version that has them: what is gone has
// them in the older one.
func translate(changes []definitions.Change, lang string, versions ...[]definitions.File) {
	var offices []*definitions.Office
	for _, files := range versions {
		if bundle, _ := definitions.Compile(unplaced(files)); bundle != nil {
			offices = append(offices, bundle.Office)
		}
	}
	for i := range changes {
		for _, office := range offices {
			if said := office.Say(lang, changes[i].Title); said != changes[i].Title {
				changes[i].Title = said
				break
			}
		}
	}
}

// unplaced names files as an office's folder has them.
func unplaced(files []definitions.File) []definitions.File {
	out := slices.Clone(files)
	for i := range out {
		out[i].Name = filepath.Base(out[i].Name)
	}
	return out
}

// worded writes changes for people, under the names of their procedures.
func worded(changes []definitions.Change, lang string) string {
	var b strings.Builder
	in := ""
	for _, c := range changes {
		if c.In != in {
			in = c.In
			b.WriteString(in + "\n")
		}
		at := c.After
		if at.Line == 0 {
			at = c.Before
		}
		fmt.Fprintf(&b, "  %s  %s\n", at, c.Say(lang))
	}
	b.WriteString(say(lang, several(len(changes), "difference")+"\n"))
	return b.String()
}

// versionAt reads a folder's files, or one file. Places in them are named as they stand on the disk.
func versionAt(path string) ([]definitions.File, error) {
	info, err := statPath(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		return []definitions.File{{Name: path, Text: text}}, nil
	}
	files, err := definitions.ReadDir(os.DirFS(path), ".")
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, errors.New("there are no .yaml files in " + path)
	}
	for i := range files {
		files[i].Name = filepath.Join(path, files[i].Name)
	}
	return files, nil
}
