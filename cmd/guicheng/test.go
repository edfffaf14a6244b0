package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/proof"
	"github.com/guicheng/guicheng/engine/sim"
)

// TestCmd plays the scenarios of procedures.
type TestCmd struct {
	Paths []string `arg:"" help:"Offices' folders, or procedures or scenarios in them."`
	Lang  string   `type:"lang" help:"zh-Hant, zh-Hans or en; absent: the terminal's."`
	Rules bool     `help:"Print which steps keep and which plays show each rule."`
}

// Run plays and prints what failed and what no play reached. The error is not nil if a play failed.
func (c *TestCmd) Run(s *Streams) error {
	folders, err := gather(c.Paths)
	if err != nil {
		return err
	}
	var out strings.Builder
	var all tally
	for _, f := range folders {
		c.office(&out, f, &all, s.language(c.Lang))
	}
	out.WriteString(say(s.language(c.Lang), all.String()+"\n"))
	if _, err := io.WriteString(s.Out, out.String()); err != nil {
		return fmt.Errorf("write the results: %w", err)
	}
	switch {
	case all.refused:
		return failed{"the procedures have errors"}
	case all.passed+all.wrong == 0:
		return errors.New("there is nothing to play: what should happen stands in files such as visitor.scenarios.yaml")
	case all.wrong > 0:
		return failed{"plays failed"}
	case all.uncovered > 0:
		return failed{"rules are not kept by a step, or not shown kept and broken by a play"}
	}
	return nil
}

// tally counts what became of plays.
type tally struct {
	passed, wrong, unplayed int
	uncovered               int  // rules that nothing keeps, or no play shows kept and broken
	refused                 bool // an office does not compile
}

// String is the last line: "3 passed, 0 failed".
func (t tally) String() string {
	out := fmt.Sprintf("%d passed, %d failed", t.passed, t.wrong)
	if t.refused {
		out += fmt.Sprintf(", %d not played", t.unplayed)
	}
	return out
}

// office plays the scenarios of one folder. Of one that does not compile no play is played.
func (c *TestCmd) office(out *strings.Builder, f *folder, all *tally, lang string) {
	b, problems := proof.Check(f.files)
	defined(out, f, problems, lang)
	if b == nil {
		all.refused = true
		for _, file := range f.files {
			if f.meant(file.Name) {
				all.unplayed += definitions.CountPlays(file)
			}
		}
		return
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
				all.passed++
				continue
			}
			all.wrong++
			printFailure(out, lang, f.dir, r.Scenarios.Procedure.ID, result)
		}
	}
	for _, r := range reports {
		printUnreached(out, lang, f.dir, r.Scenarios.Procedure, seen)
	}
	printUnplayed(out, lang, f, b)
	if c.Rules {
		listed := b.Office.Rules
		if len(reports) < len(b.Scenarios) {
			listed = nil // of some procedures alone
		}
		all.uncovered += printRules(out, lang, listed, reports)
	}
}

// defined shows the errors of an office's definitions, and how many warnings there are.
func defined(out *strings.Builder, f *folder, problems []report.Problem, lang string) {
	texts := map[string][]byte{}
	f.texts(texts)
	whole := folder{dir: f.dir}
	var wrong []report.Problem
	for _, p := range whole.own(problems) {
		if p.Severity == report.Error {
			wrong = append(wrong, p)
		}
	}
	out.WriteString(findings{lang: lang, texts: texts}.list(wrong))
	if n := len(problems) - len(wrong); n > 0 {
		out.WriteString(say(lang, fmt.Sprintf("%s: guicheng check %s shows them\n", several(n, "warning"), f.dir)))
	}
}

func printFailure(out *strings.Builder, lang, dir, procedure string, r sim.Result) {
	at := r.Failure.Place
	at.File = filepath.Join(dir, at.File)
	out.WriteString(say(lang, fmt.Sprintf("FAIL %s: %s\n  %s\n    expected  %s\n    was       %s\n", procedure,
		r.Play.Title, at, sayPlay(lang, r.Failure.Want), sayPlay(lang, r.Failure.Got))))
	for _, line := range r.Trace {
		fmt.Fprintf(out, "    | %s\n", sayTrace(lang, line))
	}
}

// printUnplayed names the procedures that have no scenarios at all.
func printUnplayed(out *strings.Builder, lang string, f *folder, b *definitions.Bundle) {
	for _, p := range b.Procedures {
		played := slices.ContainsFunc(b.Scenarios, func(s *definitions.Scenarios) bool { return s.Procedure == p })
		if file := p.Case.Place.File; !played && f.meant(file) {
			out.WriteString(say(lang, fmt.Sprintf("no play: %s has no scenarios\n", filepath.Join(f.dir, file))))
		}
	}
}

func printUnreached(out *strings.Builder, lang, dir string, p *definitions.Procedure, seen *sim.Coverage) {
	for _, u := range seen.Unreached(p) {
		u.Place.File = filepath.Join(dir, u.Place.File)
		out.WriteString(say(lang, fmt.Sprintf("not reached by any play: %s\n", u)))
	}
}

// ruleLine is what keeps and what shows one rule.
type ruleLine struct {
	steps, plays    []string
	kept, wasBroken bool // a play has a consequence that came, and one that was refused or absent
}

// printRules shows what keeps and what shows each rule, those that the office lists first, and tells of how many of
// these nothing keeps or nothing shows it.
func printRules(out *strings.Builder, lang string, listed []definitions.Rule, reports []sim.Report) int {
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
	says, order := map[string]string{}, []string{}
	for _, r := range listed {
		says[r.ID], order = r.Title, append(order, r.ID)
	}
	for _, rule := range slices.SortedFunc(maps.Keys(lines), compareRules) {
		if _, listed := says[rule]; !listed {
			order = append(order, rule)
		}
	}
	var uncovered []string
	table := [][]string{{say(lang, "Rule"), say(lang, "Says"), say(lang, "Kept by"), say(lang, "Shown"),
		say(lang, "Shown by")}}
	for _, rule := range order {
		l, shown := of(rule), "No"
		if l.kept && l.wasBroken {
			shown = "Yes"
		}
		switch {
		case len(l.steps) == 0:
			uncovered = append(uncovered, fmt.Sprintf("%s: no step keeps it", rule))
		case shown == "No":
			uncovered = append(uncovered, fmt.Sprintf("%s: no play shows it kept and broken", rule))
		}
		table = append(table,
			[]string{rule, says[rule], commas(lang, l.steps), say(lang, shown), strings.Join(l.plays, "; ")})
	}
	out.WriteString(report.Table("", table))
	for _, line := range uncovered {
		out.WriteString(say(lang, line+"\n"))
	}
	return len(uncovered)
}

// show notes what a play shows of the rule.
func (l *ruleLine) show(play *definitions.Play) {
	l.plays = append(l.plays, play.Title)
	for _, a := range play.Acts {
		if a.Refused != "" {
			l.wasBroken = true
		} else if a.Verb != "" || a.Called != nil || a.Answered != nil {
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
