package proof_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/offices"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/proof"
	"github.com/guicheng/guicheng/engine/sim"
	"github.com/guicheng/guicheng/internal/golden"
)

const office = `office: small
title: Small office
language: en
zone: Asia/Shanghai
currency: CNY
posts: {desk: Desk, gate: Gate, manager: Manager}
skills: {forklift: Forklift}
types:
  unit-no: {type: text, pattern: '[A-Z][0-9]{1,2}-[0-9]{3,4}', hint: such as A12-0803}
`

// filesOf makes files of a text: it.yaml, and what stands below lines as `=== it.scenarios.yaml`, in a small office.
func filesOf(text string) []definitions.File {
	texts, names, name := map[string]string{}, []string{}, "it.yaml"
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, "=== "); ok {
			name = strings.TrimSpace(rest)
			texts[name] = ""
			names = append(names, name)
			continue
		}
		if name == "it.yaml" && len(names) == 0 {
			names = append(names, name)
		}
		texts[name] += line
	}
	if !slices.Contains(names, "office.yaml") {
		texts["office.yaml"] = office
		names = append(names, "office.yaml")
	}
	var files []definitions.File
	for _, name := range names {
		if texts[name] != "none\n" {
			files = append(files, definitions.File{Name: name, Text: []byte(texts[name])})
		}
	}
	return files
}

// told checks procedures and gives the report as people see it. A file may give the staff.
func told(text string) string {
	problems, source := found(text)
	return report.Render(problems, source)
}

// found checks a text, and gives the text of each of its files.
func found(text string) ([]report.Problem, func(name string) []byte) {
	files := filesOf(text)
	all := slices.Clone(files)
	var staff *definitions.File
	if i := slices.IndexFunc(files, func(f definitions.File) bool { return f.Name == "staff" }); i >= 0 {
		staff = &files[i]
		files = slices.Concat(files[:i], files[i+1:])
	}
	bundle, problems := proof.Check(files)
	if staff != nil && bundle != nil {
		players, wrong := definitions.ReadStaff(bundle.Office, *staff)
		people := sim.NewPeople(bundle.Office, players)
		problems = append(append(problems, wrong...), proof.Staffed(bundle, people, people.Deputies(players))...)
	}
	problems = slices.DeleteFunc(problems, func(p report.Problem) bool {
		alone := p.Code == "never-filled" && p.Severity == report.Warning // the data of a story is not all used
		return p.Code == "untranslated" && p.File == "office.yaml" || alone
	})
	return problems, func(name string) []byte {
		for _, f := range all {
			if f.Name == name {
				return f.Text
			}
		}
		return nil
	}
}

// Each kind of error has a small broken procedure with its report, and a mended twin that passes.
func TestStories(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) < 60 {
		t.Fatalf("%d stories, error %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			about, broken, _, mended := story(t, file)
			got := told(broken)
			golden.Check(t, file, about+"---- broken\n"+broken+"---- report\n"+got+"---- mended\n"+mended)
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
	for name, files := range shipped(t) {
		if _, problems := proof.Check(files); report.Failed(problems) {
			t.Errorf("%s:\n%s", name, report.Render(problems, nil))
		}
	}
}

// shipped are the files of the offices that are shipped.
func shipped(t testing.TB) map[string][]definitions.File {
	t.Helper()
	dirs, err := offices.FS.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]definitions.File{}
	for _, dir := range dirs {
		if !dir.IsDir() {
			continue
		}
		if out[dir.Name()], err = definitions.ReadDir(offices.FS, dir.Name()); err != nil {
			t.Fatal(err)
		}
	}
	return out
}
