package definitions

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions/report"
)

const smallOffice = `office: small
title: Small office
language: en
zone: Asia/Shanghai
currency: CNY
posts: {desk: Desk, gate: Gate, manager: Manager}
types:
  unit-no: {type: text, pattern: '[A-Z][0-9]{1,2}-[0-9]{3,4}', hint: such as A12-0803}
`

// checkText compiles procedures in a small office and gives the report as text: one line a problem, its hint below.
func checkText(t *testing.T, procedures string) string {
	t.Helper()
	_, problems := Compile([]File{
		{Name: "office.yaml", Text: []byte(smallOffice)},
		{Name: "it.yaml", Text: []byte(procedures)},
	})
	var out strings.Builder
	for _, p := range problems {
		if p.Code == "untranslated" || p.Code == "never-filled" && p.Severity == report.Warning {
			continue // the small office speaks one language, and its data is not all used
		}
		kind := "error"
		if p.Severity == report.Warning {
			kind = "warning"
		}
		fmt.Fprintf(&out, "%s:%d:%d: %s %s: %s\n", p.File, p.Line, p.Column, kind, p.Code, p.Message)
		if p.Hint != "" {
			fmt.Fprintf(&out, "  hint: %s\n", p.Hint)
		}
	}
	return out.String()
}

// story splits a file into its parts by the lines that begin with four hyphens.
func story(t *testing.T, file string) (about, broken, want, mended string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	name := ""
	for _, line := range strings.SplitAfter(string(text), "\n") {
		if rest, ok := strings.CutPrefix(line, "---- "); ok {
			name = strings.TrimSpace(rest)
			continue
		}
		parts[name] += line
	}
	return parts[""], parts["broken"], parts["report"], parts["mended"]
}

func TestFacts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/facts/*.txt")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d stories, error %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			about, broken, want, mended := story(t, file)
			got := checkText(t, broken)
			if *update && got != "" {
				text := about + "---- broken\n" + broken + "---- report\n" + got + "---- mended\n" + mended
				if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if got != want {
				t.Errorf("the report is\n%s\nit should be\n%s", got, want)
			}
			if got == "" {
				t.Error("the broken procedure is accepted")
			}
			if rest := checkText(t, mended); rest != "" {
				t.Errorf("the mended procedure is refused:\n%s", rest)
			}
		})
	}
}
