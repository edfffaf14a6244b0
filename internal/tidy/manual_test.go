package tidy

import (
	"go/ast"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	// patternRow is a row of docs/patterns.md that links to a story.
	patternRow = regexp.MustCompile(
		`(?m)^\| (\d+) \| \[[^\]]+\]\(\.\./((?:engine/core/testdata/patterns|engine/testdata/resources)/[^)]+)\)` +
			` \| [^|]* \| (.*) \|$`)
	// actRow is a row of an act of an office there.
	actRow = regexp.MustCompile(
		`(?m)^\| ([^|]*) \| \[[^\]]+\]\(\.\./(engine/core/testdata/acts/[^)]+)\) \| [^|]* \| (.*) \|$`)
	codeSpan = regexp.MustCompile("`([^`]+)`")
	testName = regexp.MustCompile("`((?:Test|Fuzz|Example)\\w+)(?:/([^`]+))?`")
	mdLink   = regexp.MustCompile(`\]\(([^)]+)\)`)
)

// A promise in the manual is worth what the test is worth that it names: so the test must be there.
func TestManualNamesRealTests(t *testing.T) {
	t.Parallel()
	tree, err := house()
	if err != nil {
		t.Fatal(err)
	}
	have, sources := map[string]bool{}, new(strings.Builder)
	for _, f := range tree.goes {
		sources.WriteString(f.src)
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && f.test() {
				have[fn.Name.Name] = true
			}
		}
	}
	named := 0
	for _, f := range tree.texts {
		if !strings.HasSuffix(f.path, ".md") {
			continue
		}
		for _, m := range testName.FindAllStringSubmatch(f.src, -1) {
			named++
			if !have[m[1]] {
				t.Errorf("%s names the test %s, which is not there", f.path, m[1])
			}
			if m[2] != "" && !strings.Contains(sources.String(), `"`+strings.ReplaceAll(m[2], "_", " ")+`"`) {
				t.Errorf("%s names the test %s/%s, which is not there", f.path, m[1], m[2])
			}
		}
	}
	if named == 0 {
		t.Error("docs/guarantees.md names no test: this test looks for nothing")
	}
}

func TestManualLinksLead(t *testing.T) {
	t.Parallel()
	tree, err := house()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range tree.texts {
		if !strings.HasSuffix(f.path, ".md") {
			continue
		}
		for _, m := range mdLink.FindAllStringSubmatch(f.src, -1) {
			to, err := url.Parse(m[1])
			if err != nil || to.IsAbs() || to.Path == "" {
				continue
			}
			if _, err := os.Stat(filepath.Join(tree.root, path.Join(f.room(), to.Path))); err != nil {
				t.Errorf("%s links to %s, which is not there", f.path, m[1])
			}
		}
	}
}

// A pattern's row shows what its story plays: the YAML must stand in it.
func TestPatternsPageShowsItsStories(t *testing.T) {
	t.Parallel()
	tree, err := house()
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(tree.root, "docs", "patterns.md"))
	if err != nil {
		t.Fatal(err)
	}
	stories := map[string][]string{} // that have a row, by folder
	for _, row := range patternRow.FindAllStringSubmatch(string(page), -1) {
		if number, _, _ := strings.Cut(path.Base(row[2]), "_"); strings.TrimLeft(number, "0") != row[1] {
			t.Errorf("row %s leads to %s", row[1], row[2])
		}
		stories[path.Dir(row[2])] = append(stories[path.Dir(row[2])], path.Base(row[2]))
		shows(t, tree.root, row[2], row[3])
	}
	for _, folder := range []string{"engine/core/testdata/patterns", "engine/testdata/resources"} {
		files, err := filepath.Glob(filepath.Join(tree.root, folder, "*.txt"))
		if err != nil || len(files) != 43 || len(stories[folder]) != 43 {
			t.Errorf("%s has %d stories and %d rows, of 43 (%v)", folder, len(files), len(stories[folder]), err)
		}
		for _, file := range files {
			if !slices.Contains(stories[folder], filepath.Base(file)) {
				t.Errorf("%s has no row", file)
			}
		}
	}
	acts := ""
	for _, row := range actRow.FindAllStringSubmatch(string(page), -1) {
		acts += row[1] + " "
		shows(t, tree.root, row[2], row[3])
	}
	for act := range strings.FieldsSeq(officeActs) {
		if !strings.Contains(acts, act+" ") {
			t.Errorf("the act %s has no row", act)
		}
	}
}

// officeActs are the acts that offices know by these names.
const officeActs = `會簽 票簽 或簽 依次 加簽 減簽 轉辦 委派 駁回 退回 撤回 撤銷 抄送 催辦 跳轉 掛起 恢復 離崗代理 離職轉辦
	審批人=發起人 審批人為空 自動去重 暫存`

// shows tests that a story is there, and that what its row quotes stands in it.
func shows(t *testing.T, root, file, quoted string) {
	t.Helper()
	story, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
	if err != nil {
		t.Error(err)
	}
	for _, code := range codeSpan.FindAllStringSubmatch(quoted, -1) {
		if !strings.Contains(oneLine(string(story)), oneLine(code[1])) {
			t.Errorf("%s does not say %s", file, code[1])
		}
	}
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
