package tidy

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// The limits of the house. Tests and generated files keep them, too.
const (
	maxFunction = 70 // lines, from func to the closing brace
	maxFile     = 600
	maxLine     = 120 // characters; a tab is one
	maxMethods  = 7   // of an interface, without those of interfaces that it embeds
	maxBytes    = 512 << 10
)

var sizeRules = []rule{
	{
		name:  "functions fit on a page",
		why:   "what fits on a page is read whole",
		check: longFunctions,
		bad:   []snippet{{"api/x.go", "func f() {" + strings.Repeat("\n", maxFunction) + "}"}},
		good:  []snippet{{"api/x.go", "func f() {" + strings.Repeat("\n", maxFunction-1) + "}"}},
	},
	{
		name:  "files fit in a head",
		why:   "a longer file holds two things",
		check: longFiles,
		bad:   []snippet{{"api/x.go", strings.Repeat("\n", maxFile)}},
		good:  []snippet{{"api/x.go", strings.Repeat("\n", maxFile-1)}},
	},
	{
		name:  "lines fit on a screen",
		why:   "two files side by side, and a comparison of them, must be readable",
		check: longLines,
		bad:   []snippet{{"api/x.go", "// " + strings.Repeat("界", maxLine-2)}},
		good:  []snippet{{"api/x.go", "// " + strings.Repeat("界", maxLine-3)}},
	},
	{
		name:  "files and lines of the page fit, too",
		why:   "its code is read beside Go's, by the same eyes",
		texts: true,
		check: func(f *file) []finding {
			if !ofPage(f) {
				return nil
			}
			return append(longFiles(f), longLines(f)...)
		},
		bad: []snippet{
			{"web/src/x.tsx", strings.Repeat("界", maxLine+1)},
			{"web/e2e/x.test.mjs", strings.Repeat("\n", maxFile+1)},
			{"web/src/x.css", strings.Repeat("x", maxLine+1)},
		},
		good: []snippet{
			{"web/src/x.tsx", strings.Repeat("界", maxLine)},
			{"web/src/api/schema.d.ts", strings.Repeat("x", maxLine+1)},
			{"docs/x.md", strings.Repeat("x", maxLine+1)},
		},
	},
	{
		name:  "interfaces are small",
		why:   "a large interface has one implementation and many half ones",
		check: largeInterfaces,
		bad:   []snippet{{"api/x.go", "type I interface {a(); b(); c(); d(); e(); f(); g(); h()}"}},
		good:  []snippet{{"api/x.go", "type I interface {J; a(); b(); c(); d(); e(); f(); g()}\ntype J interface{}"}},
	},
}

// ofPage tells what is written for the page; the types of its client are generated.
func ofPage(f *file) bool {
	written := []string{".ts", ".tsx", ".mjs", ".css"}
	return slices.Contains(written, path.Ext(f.path)) && !strings.HasSuffix(f.path, ".d.ts")
}

func longFunctions(f *file) []finding {
	return each(f, func(n ast.Node) string {
		fn, ok := n.(*ast.FuncDecl)
		if !ok {
			return ""
		}
		lines := positions.Position(fn.End()).Line - f.line(fn) + 1
		if lines <= maxFunction {
			return ""
		}
		return fmt.Sprintf("%s has %d lines, %d are allowed", fn.Name.Name, lines, maxFunction)
	})
}

func longFiles(f *file) []finding {
	lines := strings.Count(f.src, "\n")
	if lines <= maxFile {
		return nil
	}
	return []finding{{f.path, maxFile + 1, fmt.Sprintf("the file has %d lines, %d are allowed", lines, maxFile)}}
}

func longLines(f *file) []finding {
	var found []finding
	n := 0
	for line := range strings.SplitSeq(f.src, "\n") {
		n++
		if long := utf8.RuneCountInString(line); long > maxLine {
			found = append(found, finding{f.path, n, fmt.Sprintf("%d characters, %d are allowed", long, maxLine)})
		}
	}
	return found
}

func largeInterfaces(f *file) []finding {
	return each(f, func(n ast.Node) string {
		spec, ok := n.(*ast.InterfaceType)
		if !ok {
			return ""
		}
		methods := 0
		for _, m := range spec.Methods.List {
			methods += len(m.Names)
		}
		if methods <= maxMethods {
			return ""
		}
		return fmt.Sprintf("interface of %d methods, %d are allowed: split it and embed the parts", methods, maxMethods)
	})
}

// What was built once by chance is carried by every clone for ever.
func TestNothingHeavyIsKept(t *testing.T) {
	t.Parallel()
	tree, err := house()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range tree.heavy {
		t.Errorf("%s is larger than %d KiB: what is built belongs into bin, which is not kept", name, maxBytes>>10)
	}
}
