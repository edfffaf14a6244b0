package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/diagram"
	"github.com/guicheng/guicheng/definitions/report"
)

// DiagramCmd draws a procedure.
type DiagramCmd struct {
	File      string `arg:"" help:"The procedure's file; its office's other files are read from the same folder."`
	Procedure string `help:"Id of the procedure, where the file holds several."`
	Lang      string `type:"lang" help:"zh-Hant, zh-Hans or en; absent: the office's language."`
	Narrow    bool   `help:"For a telephone: no lanes, each box names who does it."`
	Out       string `short:"o" help:"File to write the SVG to; absent: the standard output."`
}

// Run draws it.
func (c *DiagramCmd) Run(s *Streams) error {
	if kind := filepath.Ext(c.Out); kind != "" && kind != ".svg" {
		return fmt.Errorf("-o %s: the picture is SVG, so its file ends in .svg", c.Out)
	}
	p, err := c.procedure(s)
	if err != nil {
		return err
	}
	picture := diagram.Draw(p, diagram.Options{Lang: c.Lang, Narrow: c.Narrow})
	if c.Out != "" {
		if err := os.WriteFile(c.Out, picture, 0o644); err != nil { //nolint:gosec // a picture is for everybody
			return fmt.Errorf("write the picture: %w", err)
		}
		return nil
	}
	if _, err := s.Out.Write(picture); err != nil {
		return fmt.Errorf("write the picture: %w", err)
	}
	return nil
}

// procedure compiles the folder of the file, and finds the procedure that is meant.
func (c *DiagramCmd) procedure(s *Streams) (*definitions.Procedure, error) {
	folders, err := gather([]string{c.File})
	if err != nil {
		return nil, err
	}
	f := folders[0]
	bundle, problems := definitions.Compile(f.files)
	if bundle == nil {
		texts := map[string][]byte{}
		f.texts(texts)
		fmt.Fprint(s.Out, report.List(s.language(c.Lang), f.own(problems), sourceIn(texts)))
		return nil, failed{"the procedure has errors"}
	}
	var ids []string
	var found *definitions.Procedure
	for _, p := range bundle.Procedures {
		if f.meant(p.Case.Place.File) && (c.Procedure == "" || c.Procedure == p.ID) {
			found = p
		}
		if f.meant(p.Case.Place.File) {
			ids = append(ids, p.ID)
		}
	}
	switch {
	case found == nil && len(ids) == 0:
		return nil, fmt.Errorf("%s holds no procedure", c.File)
	case found == nil:
		return nil, fmt.Errorf("%s holds no procedure %s, but %s", c.File, c.Procedure, strings.Join(ids, ", "))
	case c.Procedure == "" && len(ids) > 1:
		return nil, fmt.Errorf("%s holds %d procedures: add --procedure and one of %s", c.File, len(ids),
			strings.Join(ids, ", "))
	}
	return found, nil
}
