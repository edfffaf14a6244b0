package definitions

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions/report"
)

// Whoever does not read English is told as well what is wrong: every code has a sentence in both forms of Chinese.
func TestEveryCodeHasSentences(t *testing.T) {
	t.Parallel()
	codes := codesOfFindings(t)
	if len(codes) < 80 {
		t.Fatalf("found only %d codes: %q", len(codes), codes)
	}
	marks := regexp.MustCompile(`\[[^\[\]]*\{it\}[^\[\]]*\]`)
	for _, code := range codes {
		for _, lang := range []string{"zh-Hant", "zh-Hans"} {
			s := report.Sentence(code, lang)
			if !strings.HasSuffix(s, "。") {
				t.Errorf("definitions/report/catalogue.go: %s has no sentence in %s: %q", code, lang, s)
			}
			if rest := marks.ReplaceAllString(s, ""); strings.ContainsAny(rest, "[]{}") {
				t.Errorf("%s in %s: brackets hold {it} and nothing else does: %q", code, lang, s)
			}
		}
	}
}

// codesOfFindings reads our own files for the codes that a finding may have.
func codesOfFindings(t *testing.T) []string {
	t.Helper()
	codes := []string{Untranslated, "yaml-word"} // which are not said where they are found
	where := []string{"*.go", "formula/*.go", "report/*.go", "../cmd/guicheng/*.go", "../engine/deploy.go"}
	for _, pattern := range where {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(tree, func(n ast.Node) bool {
				codes = append(codes, codesIn(n)...)
				return true
			})
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

var (
	codeForm = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	// notFindings are the codes of a Failure, which the case at hand has and not its procedure.
	notFindings = []string{"absent", "arithmetic"}
)

// codesIn are those that one call says, or one literal under Code.
func codesIn(n ast.Node) (out []string) {
	var at []ast.Expr
	switch n := n.(type) {
	case *ast.KeyValueExpr:
		if k, ok := n.Key.(*ast.Ident); ok && k.Name == "Code" {
			at = []ast.Expr{n.Value}
		}
	case *ast.CallExpr:
		name := ""
		switch fun := n.Fun.(type) {
		case *ast.Ident:
			name = fun.Name
		case *ast.SelectorExpr:
			name = fun.Sel.Name
		}
		if slices.Contains([]string{"fault", "wide", "bad", "at"}, name) {
			at = n.Args[:min(len(n.Args), 3)]
		}
		if name == "known" && len(n.Args) == 3 { // of a play: it puts the kind of name behind it
			if kind, ok := n.Args[1].(*ast.BasicLit); ok {
				out = append(out, "unknown-"+strings.Trim(kind.Value, `"`))
			}
		}
	}
	for _, e := range at {
		lit, ok := e.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			continue
		}
		if s, err := strconv.Unquote(lit.Value); err == nil && codeForm.MatchString(s) && !slices.Contains(notFindings, s) {
			out = append(out, s)
		}
	}
	return out
}
