package proof_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/proof"
)

const (
	callsItself = "a call is seen, and it calls itself for want of another procedure"
	shutForGood = "what lets a step in may be shut for good, to see what becomes of who works there"
)

// unsound are stories of the core whose procedures the check refuses, each with what it is told for.
var unsound = map[string]string{
	"acts/revoke_ended_nowhere.txt":    "a case that stands where nothing leads to an end is revoked",
	"acts/return_call.txt":             callsItself,
	"acts/suspend.txt":                 callsItself,
	"acts/suspend_error_of_a_call.txt": callsItself,
	"error_of_a_call.txt":              callsItself,
	"acts/hand_over_begun.txt":         shutForGood,
	"acts/jump_only_while.txt":         shutForGood,
	"acts/return_only_while.txt":       shutForGood,
	"acts/stalled.txt":                 shutForGood,
	"acts/straight_only_while.txt":     shutForGood,
	"acts/transfer_unlocks.txt":        shutForGood,
	"cancels_round.txt":                "the round of a join is seen after all that was to come to it was cancelled",
	"events_when.txt":                  "a condition turns true again, while what it began the first time may be open",
	"ended_nowhere.txt":                "a case that stands where nothing leads to an end is still ended by its clock",
	"error_beside_in_the_case.txt":     "an error that is taken beside may leave nothing to do",
	"round_by_threads.txt":             "rounds of a join among threads that never become fewer",
	"undo_interrupted_failed.txt":      "what is undone is interrupted, and nothing is left to do",
}

// What the stories of the core show, the patterns and the acts among them, can be deployed.
func TestShownProceduresAreSound(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "core", "testdata")
	office := read(t, filepath.Join(root, "office.yaml"))
	excused := 0
	for _, glob := range []string{"patterns/*.txt", "acts/*.txt", "*.txt"} {
		files, err := filepath.Glob(filepath.Join(root, glob))
		if err != nil || len(files) < 40 {
			t.Fatalf("%s: %d stories, error %v", glob, len(files), err)
		}
		for _, file := range files {
			name := strings.TrimPrefix(filepath.ToSlash(file), filepath.ToSlash(root)+"/")
			source, _, _ := strings.Cut(read(t, file), "\n====\n")
			_, problems := proof.Check(inOffice(office, source))
			failed := report.Failed(problems)
			switch why := unsound[name]; {
			case why == "" && failed:
				t.Errorf("%s shows what cannot be deployed:\n%s", name, report.Render(problems, nil))
			case why != "" && !failed:
				t.Errorf("%s is sound: it needs no excuse any more", name)
			case why != "":
				excused++
			}
		}
	}
	if excused != len(unsound) {
		t.Errorf("%d of %d unsound stories are there", excused, len(unsound))
	}
}

// What the manual shows can be deployed. Each example stands in the office and by the base of its own page.
func TestManualExamplesAreSound(t *testing.T) {
	t.Parallel()
	for page, least := range map[string]int{"acts.md": 3, "language.md": 30} {
		text := read(t, filepath.Join("..", "..", "docs", page))
		seen := 0
		for line, source := range blocks(text, "procedure") {
			seen++
			files := inOffice(joined(text, "office"), source)
			if base := joined(text, "base"); base != "" {
				files = append(files, definitions.File{Name: "town.base.yaml", Text: []byte(base)})
			}
			if _, problems := proof.Check(files); report.Failed(problems) {
				t.Errorf("docs/%s:%d:\n%s", page, line, report.Render(problems, nil))
			}
		}
		if seen < least {
			t.Errorf("docs/%s has only %d procedures", page, seen)
		}
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func inOffice(office, procedure string) []definitions.File {
	return []definitions.File{{Name: "office.yaml", Text: []byte(office)}, {Name: "it.yaml", Text: []byte(procedure)}}
}

// blocks are the fenced examples of a kind on a page, by the line on which each begins.
func blocks(page, kind string) map[int]string {
	out := map[int]string{}
	at, n := 0, 0
	for line := range strings.Lines(page) {
		n++
		switch {
		case strings.TrimSpace(line) == "```yaml "+kind:
			at = n + 1
		case strings.HasPrefix(line, "```"):
			at = 0
		case at > 0:
			out[at] += line
		}
	}
	return out
}

func joined(page, kind string) string {
	var out strings.Builder
	for _, text := range blocks(page, kind) {
		out.WriteString(text)
	}
	return out.String()
}
