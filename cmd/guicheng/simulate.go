package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/offices"
	"github.com/guicheng/guicheng/engine/proof"
	"github.com/guicheng/guicheng/engine/sim/year"
)

// SimulateCmd plays the load of offices in virtual time.
type SimulateCmd struct {
	Paths  []string `arg:"" optional:"" help:"Offices' folders."`
	Office string   `help:"Or a shipped office: sunshine, expressway or tobacco."`
	Days   int      `default:"365" help:"How many days."`
	Seed   uint64   `default:"1" help:"The same seed gives the same days."`
	Format string   `enum:"text,json" default:"text" help:"text or json."`
	Lang   string   `type:"lang" help:"zh-Hant, zh-Hans or en; absent: the terminal's."`
}

// maxDays bounds a simulation: ten years.
const maxDays = 3660

// Run plays and prints what an office manager would ask.
func (c *SimulateCmd) Run(s *Streams) error {
	if c.Days < 1 || c.Days > maxDays {
		return fmt.Errorf("--days %d: want 1 to %d", c.Days, maxDays)
	}
	folders, err := c.folders()
	if err != nil {
		return err
	}
	for _, f := range folders {
		if err := c.simulate(s, f); err != nil {
			return err
		}
	}
	return nil
}

func (c *SimulateCmd) simulate(s *Streams, f *folder) error {
	b, problems := proof.Check(f.files)
	if b == nil {
		var out strings.Builder
		defined(&out, f, problems, s.language(c.Lang))
		if _, err := io.WriteString(s.Out, out.String()); err != nil {
			return fmt.Errorf("write the findings: %w", err)
		}
		return failed{"the procedures have errors"}
	}
	r, err := year.Play(b, year.Options{Days: c.Days, Seed: c.Seed})
	if err != nil {
		return fmt.Errorf("%s could not be played to the end: %w", f.dir, err)
	}
	if c.Format == "json" {
		e := json.NewEncoder(s.Out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		err = e.Encode(r)
	} else {
		_, err = io.WriteString(s.Out, yearText(r, b, s.language(c.Lang)))
	}
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// folders are those of the paths, or the shipped office.
func (c *SimulateCmd) folders() ([]*folder, error) {
	if (c.Office == "") == (len(c.Paths) == 0) {
		return nil, errWhichOffice
	}
	if c.Office == "" {
		return gather(c.Paths)
	}
	entries, err := offices.FS.ReadDir(".")
	if err != nil {
		return nil, fmt.Errorf("shipped offices: %w", err)
	}
	var names []string
	for _, e := range entries {
		if names = append(names, e.Name()); e.Name() != c.Office {
			continue
		}
		files, err := definitions.ReadDir(offices.FS, c.Office)
		if err != nil {
			return nil, fmt.Errorf("office %s: %w", c.Office, err)
		}
		return []*folder{{dir: c.Office, files: files}}, nil
	}
	return nil, fmt.Errorf("--office %s: no such office is shipped, only %s", c.Office, strings.Join(names, ", "))
}

var errWhichOffice = errors.New("say which office: --office sunshine, or its folder")
