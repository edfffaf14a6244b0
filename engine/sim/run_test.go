package sim_test

import (
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/offices"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/sim"
)

// sunshine compiles the shipped office.
func sunshine(t *testing.T) *definitions.Bundle {
	t.Helper()
	files, err := definitions.ReadDir(offices.FS, "sunshine")
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
	b := sunshine(t)
	if len(b.Scenarios) != 3 {
		t.Fatalf("scenarios of %d procedures, want 3", len(b.Scenarios))
	}
	seen := sim.NewCoverage()
	for _, s := range b.Scenarios {
		for _, r := range sim.Run(b, s, seen).Results {
			if r.Failure != nil {
				t.Errorf("%s: %v\n%s", r.Play.Title, r.Failure, strings.Join(r.Trace, "\n"))
			}
		}
	}
	for _, p := range b.Procedures {
		for _, u := range seen.Unreached(p) {
			t.Errorf("no play reaches %s", u)
		}
	}
}
