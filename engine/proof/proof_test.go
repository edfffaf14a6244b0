package proof_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/offices"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/proof"
)

var update = flag.Bool("update", false, "write the reports anew")

const office = `office: small
title: Small office
language: en
zone: Asia/Shanghai
currency: CNY
posts: {desk: Desk, gate: Gate, manager: Manager}
`

// told checks procedures in a small office and gives the report as people see it.
func told(procedures string) string {
	files := []definitions.File{
		{Name: "it.yaml", Text: []byte(procedures)},
		{Name: "office.yaml", Text: []byte(office)},
	}
	_, problems := proof.Check(files)
	problems = slices.DeleteFunc(problems, func(p report.Problem) bool { return p.Code == "untranslated" })
	return report.Render(problems, func(name string) []byte {
		for _, f := range files {
			if f.Name == name {
				return f.Text
			}
		}
		return nil
	})
}

// Each kind of error has a small broken procedure with its report, and a mended twin that passes.
func TestStories(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d stories, error %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			about, broken, want, mended := story(t, file)
			got := told(broken)
			if *update && got != "" {
				text := about + "---- broken\n" + broken + "---- report\n" + got + "---- mended\n" + mended
				if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			} else if got != want {
				t.Errorf("the report is\n%s\nit should be\n%s", got, want)
			}
			if got == "" {
				t.Error("the broken procedure is accepted")
			}
			if rest := told(mended); rest != "" {
				t.Errorf("the mended procedure is refused:\n%s", rest)
			}
		})
	}
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
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "---- "); ok {
			name = strings.TrimSpace(rest)
			continue
		}
		parts[name] += line
	}
	return parts[""], parts["broken"], parts["report"], parts["mended"]
}

// All procedures that are shipped are proved.
func TestShippedProceduresAreSound(t *testing.T) {
	t.Parallel()
	dirs, err := offices.FS.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		if !dir.IsDir() {
			continue
		}
		files, err := definitions.ReadDir(offices.FS, dir.Name())
		if err != nil {
			t.Fatal(err)
		}
		if _, problems := proof.Check(files); report.Failed(problems) {
			t.Errorf("%s:\n%s", dir.Name(), report.Render(problems, nil))
		}
	}
}
