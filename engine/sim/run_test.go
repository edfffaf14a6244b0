package sim_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/offices"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/sim"
)

// sunshine compiles the first of the shipped offices.
func sunshine(t *testing.T) *definitions.Bundle {
	t.Helper()
	return shipped(t, "sunshine")
}

// shipped compiles a shipped office.
func shipped(t *testing.T, office string) *definitions.Bundle {
	t.Helper()
	return compiled(t, offices.FS, office)
}

func compiled(t *testing.T, from fs.FS, office string) *definitions.Bundle {
	t.Helper()
	files, err := definitions.ReadDir(from, office)
	if err != nil {
		t.Fatal(err)
	}
	b, problems := definitions.Compile(files)
	if len(problems) > 0 {
		text := map[string][]byte{}
		for _, f := range files {
			text[f.Name] = f.Text
		}
		t.Fatal("\n" + report.Render(problems, func(name string) []byte { return text[name] }))
	}
	return b
}

// Every play of the shipped procedures holds, and together they reach every part of them.
func TestShippedScenarios(t *testing.T) {
	t.Parallel()
	dirs, err := offices.FS.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	t.Run("examples", func(t *testing.T) {
		t.Parallel()
		holds(t, compiled(t, os.DirFS("../../definitions"), "examples"))
	})
	for _, dir := range dirs {
		t.Run(dir.Name(), func(t *testing.T) {
			t.Parallel()
			holds(t, shipped(t, dir.Name()))
		})
	}
}

func holds(t *testing.T, b *definitions.Bundle) {
	t.Helper()
	seen := sim.NewCoverage()
	for _, s := range b.Scenarios {
		for _, r := range sim.Run(b, s, seen).Results {
			if r.Failure != nil {
				t.Errorf("%s: %v\n%s", r.Play.Title, r.Failure, strings.Join(r.Trace, "\n"))
			}
		}
	}
	for _, p := range b.Procedures {
		if p.Description == "" {
			t.Errorf("%s does not say what it is for: description", p.ID)
		}
		for _, u := range seen.Unreached(p) {
			t.Errorf("no play of %s reaches %s", p.ID, u)
		}
	}
}
