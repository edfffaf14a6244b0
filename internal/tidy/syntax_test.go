package tidy

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"slices"
)

var syntaxRules = []rule{
	{
		name:  "core and definitions read no clock",
		why:   "time rides in the input, so that a replay meets the same time",
		check: clocks,
		bad: []snippet{
			{"engine/core/x.go", "import \"time\"\nvar _ = time.Now()"},
			{"engine/core/x.go", "import clock \"time\"\nvar now = clock.Now"},
			{"definitions/value/x.go", "import \"time\"\nfunc f() { time.Sleep(time.Second) }"},
		},
		good: []snippet{
			{"engine/core/x.go", "import \"time\"\nvar _ = time.Unix(0, 0)"},
			{"engine/x.go", "import \"time\"\nvar _ = time.Now()"},
		},
	},
	{
		name:  "core and definitions start nothing",
		why:   "two goroutines have no one order",
		check: concurrency,
		bad: []snippet{
			{"engine/core/x.go", "func f() { go f() }"},
			{"engine/core/x.go", "var c chan int"},
			{"definitions/x.go", "func f() { go f() }"},
			{"definitions/formula/x.go", "func f() { select {} }"},
		},
		good: []snippet{{"engine/core/x.go", "func f() { f() }"}, {"engine/x.go", "var c chan int"}},
	},
	{
		name: "goroutines start in guard.go",
		why: "a panic in an unguarded goroutine ends the server: each room starts them through one helper, " +
			"which catches it",
		check: goStatements,
		bad:   []snippet{{"engine/x.go", "func f() { go f() }"}, {"cmd/guicheng/main.go", "func f() { go f() }"}},
		good:  []snippet{{"engine/guard.go", "func f() { go f() }"}, {"engine/x_test.go", "func f() { go f() }"}},
	},
	{
		name:  "nothing happens at import",
		why:   "an init function acts before anybody asked it to, in an order that nobody sees",
		check: inits,
		bad:   []snippet{{"api/x.go", "func init() {}"}},
		good:  []snippet{{"api/x.go", "type t struct{}\nfunc (t) init() {}"}},
	},
	{
		name:  "tests are never skipped",
		why:   "a skipped test is a promise that nobody keeps",
		check: skips,
		bad: []snippet{
			{"api/x_test.go", "func f(t T) { t.Skip() }"},
			{"api/x_test.go", "func f(b B) { b.Skipf(\"not today\") }"},
			{"store/storetest/x.go", "func f(t T) { t.SkipNow() }"},
		},
		good: []snippet{{"api/x_test.go", "func f(s scanner) { s.SkipSpace() }"}},
	},
	{
		name:  "tests do not sleep",
		why:   "a sleep is too short on a slow machine and too long on a fast one: wait for what must happen",
		check: sleeps,
		bad:   []snippet{{"api/x_test.go", "import \"time\"\nfunc f() { time.Sleep(1) }"}},
		good:  []snippet{{"api/x_test.go", "import \"time\"\nvar _ = time.After(1)"}},
	},
}

func clocks(f *file) []finding {
	if f.test() || !f.in("engine/core", "definitions") {
		return nil
	}
	reads := []string{"Now", "Since", "Until", "After", "AfterFunc", "Sleep", "Tick", "NewTimer", "NewTicker"}
	return each(f, func(n ast.Node) string {
		e, ok := n.(ast.Expr)
		if !ok {
			return ""
		}
		if name, ok := f.refers(e, "time"); ok && slices.Contains(reads, name) {
			return fmt.Sprintf("time.%s: %s takes the time from its input", name, f.room())
		}
		return ""
	})
}

func concurrency(f *file) []finding {
	if f.test() || !f.in("engine/core", "definitions") {
		return nil
	}
	return each(f, func(n ast.Node) string {
		what := ""
		switch n := n.(type) {
		case *ast.GoStmt:
			what = "a go statement"
		case *ast.ChanType:
			what = "a channel"
		case *ast.SelectStmt:
			what = "a select"
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				what = "a receive"
			}
		}
		if what == "" {
			return ""
		}
		return fmt.Sprintf("%s in %s, which is one function called by one caller at a time", what, f.room())
	})
}

func goStatements(f *file) []finding {
	if f.test() || path.Base(f.path) == "guard.go" || f.in("store/storetest") {
		return nil
	}
	return each(f, func(n ast.Node) string {
		if _, ok := n.(*ast.GoStmt); !ok {
			return ""
		}
		return "go statement outside of guard.go: use the room's guarded helper"
	})
}

func inits(f *file) []finding {
	return each(f, func(n ast.Node) string {
		if fn, ok := n.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
			return "init function: let the caller call it"
		}
		return ""
	})
}

func skips(f *file) []finding {
	return each(f, func(n ast.Node) string {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return ""
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, sel.Sel.Name) {
			return ""
		}
		return sel.Sel.Name + ": make the test run everywhere, or take it out"
	})
}

func sleeps(f *file) []finding {
	if !f.test() && !f.in("store/storetest") {
		return nil
	}
	return each(f, func(n ast.Node) string {
		e, ok := n.(ast.Expr)
		if !ok {
			return ""
		}
		if name, ok := f.refers(e, "time"); ok && name == "Sleep" {
			return "time.Sleep in a test: wait for what must happen, or use testing/synctest"
		}
		return ""
	})
}
