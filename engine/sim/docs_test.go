package sim_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/sim"
)

// TestManualPlays runs all plays that the manual shows, each with the procedure of which it is. Each goes the same way
// when it is replayed, whatever is done in it.
func TestManualPlays(t *testing.T) {
	t.Parallel()
	kinds := map[string]bool{}
	for page, least := range map[string]int{"acts.md": 3, "language.md": 8} {
		text, err := os.ReadFile(filepath.Join("..", "..", "docs", page))
		if err != nil {
			t.Fatal(err)
		}
		base := ""
		office, procedures, played := "", map[string]string{}, 0
		for part := range strings.SplitSeq(string(text), "```yaml ") {
			kind, rest, _ := strings.Cut(part, "\n")
			block, _, _ := strings.Cut(rest, "```")
			first, _, _ := strings.Cut(block, "\n")
			switch kind {
			case "office":
				office = block
			case "base":
				base = block
			case "procedure":
				procedures[strings.TrimPrefix(first, "procedure: ")] = block
			case "scenarios":
				played += playManual(t, kinds, page, office, base, procedures[strings.TrimPrefix(first, "scenarios: ")], block)
			}
		}
		if played < least {
			t.Errorf("%s: only %d plays", page, played)
		}
	}
	for _, kind := range []string{
		"claimed", "began", "released", "transferred", "delegated", "gave-back", "signers-added", "signers-out", "sent-back",
		"detoured", "case-suspended", "case-resumed", "grown", "ended-early", "received", "tried", "raised",
		"undo-began", "called",
	} {
		if !kinds[kind] {
			t.Errorf("nobody did %s", kind)
		}
	}
}

func playManual(t *testing.T, kinds map[string]bool, page, office, base, procedure, scenarios string) (played int) {
	t.Helper()
	files := []definitions.File{
		{Name: "office.yaml", Text: []byte(office)}, {Name: "p.yaml", Text: []byte(procedure)},
		{Name: "p.scenarios.yaml", Text: []byte(scenarios)},
	}
	if base != "" {
		files = append(files, definitions.File{Name: "town.base.yaml", Text: []byte(base)})
	}
	b, problems := definitions.Compile(files)
	if report.Failed(problems) {
		t.Fatalf("%s: %s", page, report.Render(problems, nil))
	}
	for _, r := range sim.Run(b, b.Scenarios[0], nil).Results {
		played++
		if r.Failure != nil {
			t.Errorf("%s: %s: %v\n%s", page, r.Play.Title, r.Failure, strings.Join(r.Trace, "\n"))
		}
	}
	replayed(t, b, kinds)
	return played
}
