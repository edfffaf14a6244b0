package core

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestManualNamesTheIncidents: why a step may stand still is written where authors and administrators read.
func TestManualNamesTheIncidents(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/language.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "### Incidents")
	table, _, _ = strings.Cut(table, "\n## ")
	found := map[string]bool{JobFailure: true, AnswerWrong: true, CallFailed: true, CallCancelled: true,
		string(NotUpstream): true, string(RunsAlready): true, string(TooDeep): true}
	literal := regexp.MustCompile(`Incident\{\s*Code: "([a-z-]+)"`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range literal.FindAllStringSubmatch(string(source), -1) {
			found[m[1]] = true
		}
	}
	if len(found) < 18 {
		t.Fatalf("found only %v", found)
	}
	for code := range found { // any order: each is looked for
		if !strings.Contains(table, "`"+code+"`") {
			t.Errorf("docs/language.md does not explain the incident %s", code)
		}
	}
}
