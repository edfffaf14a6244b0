package report_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions/report"
)

// rooms are where findings are made.
var rooms = []string{
	"..", "../formula", "../domain", "../calendar", "../../engine", "../../engine/proof", "../../cmd/guicheng",
}

// TestEveryFindingIsSaidInChinese reads the source: each message and hint that is written there has a phrase.
func TestEveryFindingIsSaidInChinese(t *testing.T) {
	t.Parallel()
	found := map[string]string{}
	for _, room := range rooms {
		files, err := filepath.Glob(filepath.Join(room, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", room, len(files), err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			maps.Copy(found, said(t, file, text))
		}
	}
	if len(found) < 300 {
		t.Fatalf("only %d messages and hints were found: are they written in another way now?", len(found))
	}
	for _, text := range slices.Sorted(maps.Keys(found)) {
		for _, lang := range []string{"zh-Hant", "zh-Hans"} {
			if _, ok := report.Say(lang, text); !ok {
				t.Errorf("%s: nothing in phrases.txt says in %s: %s", found[text], lang, text)
			}
		}
	}
}

// TestPhrases: three lines each, in order, that speak of the same holes.
func TestPhrases(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("phrases.txt")
	if err != nil {
		t.Fatal(err)
	}
	holes := regexp.MustCompile(`\{\d\}`)
	before := ""
	for block := range strings.SplitSeq(strings.TrimSpace(string(text)), "\n\n") {
		lines := strings.Split(block, "\n")
		if len(lines) != 3 || lines[0] <= before {
			t.Fatalf("not three lines, or not in order behind %q:\n%s", before, block)
		}
		before = lines[0]
		for _, line := range lines[1:] {
			for _, h := range holes.FindAllString(line, -1) {
				if !strings.Contains(lines[0], h) {
					t.Errorf("%s is not in %q", h, lines[0])
				}
			}
		}
	}
}

// said lists the messages and hints of a file, with X in the place of what is computed, and where they stand. Those
// that are nothing but computed are left out: they are made of others.
func said(t *testing.T, file string, text []byte) map[string]string {
	t.Helper()
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, file, text, 0)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	note := func(e ast.Expr) {
		if s := sample(e); strings.Trim(s, "X ") != "" && strings.Contains(s, " ") {
			out[s] = set.Position(e.Pos()).String()
		}
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.CallExpr:
			if called(x) == "fault" && len(x.Args) >= 3 {
				note(x.Args[1])
				note(x.Args[2])
			}
		case *ast.CompositeLit:
			if doc := docOf(x); doc != nil {
				note(doc)
			}
		case *ast.KeyValueExpr:
			if key, ok := x.Key.(*ast.Ident); ok && (key.Name == "Message" || key.Name == "Hint") {
				note(x.Value)
			}
		case *ast.AssignStmt:
			for i, left := range x.Lhs {
				if sel, ok := left.(*ast.SelectorExpr); ok && i < len(x.Rhs) &&
					(sel.Sel.Name == "Message" || sel.Sel.Name == "Hint") && x.Tok == token.ASSIGN {
					note(x.Rhs[i])
				}
			}
		}
		return true
	})
	return out
}

// docOf is what a hint says of a key that is missing: its doc in the grammar, if it is required.
func docOf(c *ast.CompositeLit) (doc ast.Expr) {
	required := false
	for _, e := range c.Elts {
		if pair, ok := e.(*ast.KeyValueExpr); ok {
			switch key, _ := pair.Key.(*ast.Ident); {
			case key == nil:
			case key.Name == "doc":
				doc = pair.Value
			case key.Name == "required":
				required = true
			}
		}
	}
	if !required {
		return nil
	}
	return doc
}

func called(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

var verbs = regexp.MustCompile(`%[-+# 0-9.]*[a-zA-Z]`)

// sample is a text as an expression may give it.
func sample(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(x.Value)
		if err != nil {
			return "X"
		}
		return strings.ReplaceAll(verbs.ReplaceAllString(s, "X"), "%%", "%")
	case *ast.BinaryExpr:
		return sample(x.X) + sample(x.Y)
	case *ast.ParenExpr:
		return sample(x.X)
	case *ast.CallExpr:
		if called(x) == "Sprintf" {
			return sample(x.Args[0])
		}
	}
	return "X"
}
