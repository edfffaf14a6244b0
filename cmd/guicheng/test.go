package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/sim"
)

// TestCmd plays the scenarios of procedures.
type TestCmd struct {
	Paths []string `arg:"" help:"Offices' folders, or procedures or scenarios in them."`
	Rules bool     `help:"Print which steps keep and which plays show each rule."`
}

// Run plays and prints what failed and what no play reached. The error is not nil if a play failed.
func (c *TestCmd) Run(s *Streams) error {
	folders, err := gather(c.Paths)
	if err != nil {
		return err
	}
	var out strings.Builder
	passed, wrong := 0, 0
	for _, f := range folders {
		p, w := c.office(&out, f)
		passed, wrong = passed+p, wrong+w
	}
	fmt.Fprintf(&out, "%d passed, %d failed\n", passed, wrong)
	if _, err := io.WriteString(s.Out, out.String()); err != nil {
		return fmt.Errorf("write the results: %w", err)
	}
	if wrong > 0 {
		return failed{"plays failed"}
	}
	return nil
}

// office plays the scenarios of one folder. A folder that does not compile counts as one failure.
func (c *TestCmd) office(out *strings.Builder, f *folder) (passed, wrong int) {
	b, problems := definitions.Compile(f.files)
	if report.Failed(problems) {
		texts := map[string][]byte{}
		for _, file := range f.files {
			texts[filepath.Join(f.dir, file.Name)] = file.Text
		}
		whole := folder{dir: f.dir}
		out.WriteString(rendered(whole.own(problems), texts))
		return 0, 1
	}
	seen := sim.NewCoverage()
	var reports []sim.Report
	for _, s := range b.Scenarios {
		if f.meant(s.File) || f.meant(s.Procedure.Case.Place.File) {
			reports = append(reports, sim.Run(b, s, seen))
		}
	}
	for _, r := range reports {
		for _, result := range r.Results {
			if result.Failure == nil {
				passed++
				continue
			}
			wrong++
			printFailure(out, f.dir, r.Scenarios.Procedure.ID, result)
		}
	}
	for _, r := range reports {
		printUnreached(out, f.dir, r.Scenarios.Procedure, seen)
	}
	if c.Rules {
		printRules(out, reports)
	}
	return passed, wrong
}

func printFailure(out *strings.Builder, dir, procedure string, r sim.Result) {
	at := r.Failure.Place
	at.File = filepath.Join(dir, at.File)
	fmt.Fprintf(out, "FAIL %s: %s\n  %s\n    expected  %s\n    was       %s\n", procedure, r.Play.Title, at,
		r.Failure.Want, r.Failure.Got)
	for _, line := range r.Trace {
		fmt.Fprintf(out, "    | %s\n", line)
	}
}

func printUnreached(out *strings.Builder, dir string, p *definitions.Procedure, seen *sim.Coverage) {
	for _, u := range seen.Unreached(p) {
		u.Place.File = filepath.Join(dir, u.Place.File)
		fmt.Fprintf(out, "not reached by any play: %s\n", u)
	}
}

// ruleLine is what keeps and what shows one rule.
type ruleLine struct {
	steps, plays    []string
	kept, wasBroken bool // a play has a consequence that came, and one that was refused or absent
}

func printRules(out *strings.Builder, reports []sim.Report) {
	lines := map[string]*ruleLine{}
	of := func(rule string) *ruleLine {
		if lines[rule] == nil {
			lines[rule] = &ruleLine{}
		}
		return lines[rule]
	}
	for _, r := range reports {
		p := r.Scenarios.Procedure
		for _, rule := range p.Case.Rules {
			of(rule).steps = append(of(rule).steps, p.ID)
		}
		for _, id := range slices.Sorted(maps.Keys(p.Steps)) {
			for _, rule := range p.Steps[id].Rules {
				of(rule).steps = append(of(rule).steps, id)
			}
		}
		for _, play := range r.Scenarios.Plays {
			for _, rule := range play.Rules {
				of(rule).show(play)
			}
		}
	}
	table := tabwriter.NewWriter(out, 2, 0, 2, ' ', 0)
	fmt.Fprintln(table, "rule\tkept by\tshown\tby")
	for _, rule := range slices.SortedFunc(maps.Keys(lines), compareRules) {
		l := lines[rule]
		shown := "no"
		if l.kept && l.wasBroken {
			shown = "yes"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", rule, strings.Join(l.steps, ", "), shown, strings.Join(l.plays, "; "))
	}
	_ = table.Flush() // into memory
}

// show notes what a play shows of the rule.
func (l *ruleLine) show(play *definitions.Play) {
	l.plays = append(l.plays, play.Title)
	for _, a := range play.Acts {
		if a.Refused != "" {
			l.wasBroken = true
		} else if a.Verb != "" || a.Called != nil {
			l.kept = true
		}
		if x := a.Expect; x != nil {
			l.kept = l.kept || len(x.Open) > 0 || x.Ended != ""
			l.wasBroken = l.wasBroken || x.Only || len(x.NotOpen) > 0 || len(x.Empty) > 0
		}
	}
}

// compareRules puts complaint.10 behind complaint.9.
func compareRules(a, b string) int {
	x, m, _ := strings.Cut(a, ".")
	y, n, _ := strings.Cut(b, ".")
	i, _ := strconv.Atoi(m)
	j, _ := strconv.Atoi(n)
	return cmp.Or(strings.Compare(x, y), cmp.Compare(i, j), strings.Compare(a, b))
}
