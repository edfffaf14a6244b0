package proof_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions/report"
)

// elsewhere are the codes that no small procedure alone can show, each with the reason.
var elsewhere = map[string]string{
	"internal":         "the check itself is wrong",
	"limit":            "only what is very large meets a limit",
	"too-many":         "only what has very many problems",
	"duplicate-office": "of several folders; shown by the command",
	"not-read":         "of a file that is not read; shown by the command",
	"duplicate-file":   "two files of one name come by the API alone",
	"post-held":        "of people who hold a post at a deployment",
	"base-changed":     "of two offices, one of which extends a procedure of the other",
	"unknown-drop":     "of a procedure and the copy of the one that it extends",
	"setting-unfit":    "of an office that has changed a setting",
	"holidays-missing": "of the day on which it is checked",
	"encoding":         "bytes that are no text",
	"unknown-code":     "of a play; shown by the tests that read them, as are the next ones",
	"unknown-end":      "of a play",
	"unknown-player":   "of a play",
	"unknown-sample":   "of a play",
	"unknown-unit":     "of a play's staff",
}

// Every code that a finding may have is shown by a story, or it is said why not.
func TestEveryCodeHasAStory(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, reported, _ := strings.Cut(string(text), "---- report\n")
		reported, _, _ = strings.Cut(reported, "---- mended\n")
		all.WriteString(reported)
	}
	shown := func(code string) bool { return strings.Contains(all.String(), "["+code+"]: ") }
	for _, code := range report.Codes() {
		switch _, said := elsewhere[code]; {
		case !said && !shown(code):
			t.Errorf("testdata: no story shows %s", code)
		case said && shown(code):
			t.Errorf("%s has a story: take it out of elsewhere", code)
		}
	}
	if kinds := len(report.Codes()) - len(elsewhere); kinds < 60 {
		t.Errorf("only %d kinds of error have a story", kinds)
	}
	for code := range elsewhere { // any order: each by itself
		if !slices.Contains(report.Codes(), code) {
			t.Errorf("there is no code %s", code)
		}
	}
}
