package tidy

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// finding is one place where a rule is broken.
type finding struct {
	path string
	line int
	say  string
}

func (f finding) String() string { return fmt.Sprintf("%s:%d: %s", f.path, f.line, f.say) }

// rule is one of the house's rules. The snippets show that it can fail, and that it leaves good code alone.
type rule struct {
	name  string
	why   string
	texts bool // looks at other texts than Go, too
	check func(f *file) []finding
	bad   []snippet
	good  []snippet
}

// snippet is a file that is not there. The package clause is added.
type snippet struct{ path, src string }

func rules() []rule {
	var all []rule
	for _, some := range [][]rule{importRules, sizeRules, syntaxRules, apartRules, docRules, textRules, mapRules} {
		all = append(all, some...)
	}
	return all
}

func TestHouse(t *testing.T) {
	t.Parallel()
	tree, err := house()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			files := tree.goes
			if r.texts {
				files = slices.Concat(files, tree.texts)
			}
			var found []string
			for _, f := range files {
				for _, x := range r.check(f) {
					found = append(found, x.String())
				}
			}
			if len(found) > 0 {
				t.Errorf("%s\nwhy: %s", strings.Join(found, "\n"), r.why)
			}
		})
	}
}

func TestEachRuleCanFail(t *testing.T) {
	t.Parallel()
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			if r.why == "" || len(r.bad) == 0 {
				t.Fatal("a rule needs a reason, and a snippet that breaks it")
			}
			for _, s := range r.bad {
				if len(r.check(s.file(t))) == 0 {
					t.Errorf("the rule lets this pass in %s:\n%s", s.path, s.src)
				}
			}
			for _, s := range r.good {
				if found := r.check(s.file(t)); len(found) > 0 {
					t.Errorf("the rule refuses good code in %s: %v\n%s", s.path, found, s.src)
				}
			}
		})
	}
}

func (s snippet) file(t *testing.T) *file {
	t.Helper()
	if !strings.HasSuffix(s.path, ".go") {
		return &file{path: s.path, src: s.src}
	}
	f, err := parse(s.path, "package p\n"+s.src)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// each walks the file and collects what look says about a node; "" = nothing.
func each(f *file, look func(ast.Node) string) []finding {
	var found []finding
	ast.Inspect(f.ast, func(n ast.Node) bool {
		if n == nil {
			return false
		}
		if say := look(n); say != "" {
			found = append(found, finding{f.path, f.line(n), say})
		}
		return true
	})
	return found
}
