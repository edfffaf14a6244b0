package tidy

import (
	"go/ast"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	// patternRow is a row of docs/patterns.md that links to a story.
	patternRow = regexp.MustCompile(
		`(?m)^\| \d+ \| \[[^\]]+\]\(\.\./((?:engine/core/testdata/patterns|engine/testdata/resources)/[^)]+)\)` +
			` \| [^|]* \| (.*) \|$`)
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
	rows := patternRow.FindAllStringSubmatch(string(page), -1)
	if len(rows) != 2*43 {
		t.Fatalf("%d patterns have a row, of 43 of control flow and 43 of resources", len(rows))
	}
	for _, row := range rows {
		story, err := os.ReadFile(filepath.Join(tree.root, row[1]))
		if err != nil {
			t.Error(err)
		}
		for _, code := range codeSpan.FindAllStringSubmatch(row[2], -1) {
			if !strings.Contains(oneLine(string(story)), oneLine(code[1])) {
				t.Errorf("%s does not say %s", row[1], code[1])
			}
		}
	}
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
