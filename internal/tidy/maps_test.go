package tidy

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

var mapRules = []rule{{
	name: "maps are not walked in chance's order",
	why: "the order of a map is another each time: an outcome, an id or a message that depends on it cannot be " +
		"replayed. Sort at once, range over slices.Sorted(maps.Keys(m)), or say `// any order: <reason>`",
	check: mapRanges,
	bad: []snippet{
		{"engine/core/x.go", "func f(m map[string]int) (s []string) {\nfor k := range m {\ns = append(s, k)\n}\nreturn s\n}"},
		{"definitions/x.go", "type set map[string]bool\nfunc f(m set) {\nfor range m {\nprintln(1)\n}\n}"},
		{"engine/x.go", "import \"maps\"\nfunc f(m map[string]int) {\nfor k := range maps.Keys(m) {\nprintln(k)\n}\n}"},
		{"engine/x.go", "import (\n\"maps\"\n\"slices\"\n)\n" +
			"func f(m map[string]int) []string { return slices.Collect(maps.Keys(m)) }"},
		{"engine/x.go", "func f(m map[string]int) {\n// any order:\nfor k := range m {\nprintln(k)\n}\n}"},
		{"engine/x.go", "func f() {\nfor k := range unknown {\nprintln(k)\n}\n}"},
	},
	good: []snippet{
		{"engine/core/x.go", "import \"slices\"\nfunc f(m map[string]int) (s []string) {\n" +
			"for k := range m {\ns = append(s, k)\n}\nslices.Sort(s)\nreturn s\n}"},
		{"engine/core/x.go", "import (\n\"maps\"\n\"slices\"\n)\nfunc f(m map[string]int) {\n" +
			"for _, k := range slices.Sorted(maps.Keys(m)) {\nprintln(k)\n}\n}"},
		{"engine/core/x.go", "func f(m, n map[string]int) {\nfor k, v := range m {\nn[k] = v\ndelete(m, k)\n}\n}"},
		{"engine/core/x.go", "func f(m map[string]int) (n int) {\n// any order: a sum\nfor _, v := range m {\nn += v\n}\n" +
			"return n\n}"},
		{"engine/core/x.go", "func f(m []string) {\nfor _, k := range m {\nprintln(k)\n}\n}"},
		{"api/x.go", "func f(m map[string]int) {\nfor k := range m {\nprintln(k)\n}\n}"},
	},
}}

func mapRanges(f *file) []finding {
	if f.test() || !f.in("definitions", "engine") {
		return nil
	}
	info := f.types()
	next := followers(f)
	found := each(f, func(n ast.Node) string {
		loop, ok := n.(*ast.RangeStmt)
		if !ok || f.excused(loop) {
			return ""
		}
		t := info.TypeOf(loop.X)
		if t == nil || t == types.Typ[types.Invalid] {
			return "cannot tell what is ranged over: the package does not compile"
		}
		if _, isMap := t.Underlying().(*types.Map); !isMap || byKey(loop) || f.sorts(next[loop]) {
			return ""
		}
		return "range over a map"
	})
	return append(found, f.unsorted()...)
}

// followers maps each statement to the one after it in the same block.
func followers(f *file) map[ast.Stmt]ast.Stmt {
	next := map[ast.Stmt]ast.Stmt{}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		var list []ast.Stmt
		switch n := n.(type) {
		case *ast.BlockStmt:
			list = n.List
		case *ast.CaseClause:
			list = n.Body
		}
		for i := 1; i < len(list); i++ {
			next[list[i-1]] = list[i]
		}
		return true
	})
	return next
}

// sorts says whether a statement is a call that sorts, or returns what such a call gives.
func (f *file) sorts(s ast.Stmt) bool {
	found := false
	switch s := s.(type) {
	case *ast.ExprStmt:
		found = f.sortCall(s.X)
	case *ast.ReturnStmt:
		found = slices.ContainsFunc(s.Results, f.sortCall)
	case *ast.AssignStmt:
		found = slices.ContainsFunc(s.Rhs, f.sortCall)
	}
	return found
}

func (f *file) sortCall(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	if name, ok := f.refers(call.Fun, "slices"); ok {
		return strings.HasPrefix(name, "Sort")
	}
	_, ok = f.refers(call.Fun, "sort")
	return ok
}

// byKey says whether the loop only writes to maps under its own key: then every order gives the same.
func byKey(loop *ast.RangeStmt) bool {
	key, ok := loop.Key.(*ast.Ident)
	if !ok || key.Name == "_" || len(loop.Body.List) == 0 {
		return false
	}
	isKey := func(e ast.Expr) bool {
		id, ok := e.(*ast.Ident)
		return ok && id.Name == key.Name
	}
	return !slices.ContainsFunc(loop.Body.List, func(s ast.Stmt) bool {
		switch s := s.(type) {
		case *ast.AssignStmt:
			at, ok := s.Lhs[0].(*ast.IndexExpr)
			return !ok || len(s.Lhs) != 1 || !isKey(at.Index)
		case *ast.ExprStmt:
			call, ok := s.X.(*ast.CallExpr)
			if !ok || len(call.Args) != 2 {
				return true
			}
			id, ok := call.Fun.(*ast.Ident)
			return !ok || id.Name != "delete" || !isKey(call.Args[1])
		}
		return true
	})
}

// excused says whether a comment on the loop's line, or right above, gives a reason.
func (f *file) excused(loop *ast.RangeStmt) bool {
	return slices.ContainsFunc(f.ast.Comments, func(g *ast.CommentGroup) bool {
		last := positions.Position(g.End()).Line
		if at := f.line(loop); last != at && last != at-1 {
			return false
		}
		_, reason, ok := strings.Cut(g.Text(), "any order:")
		return ok && strings.TrimSpace(reason) != ""
	})
}

// unsorted finds maps.Keys, maps.Values and maps.All that go anywhere but into a sort or into another map.
func (f *file) unsorted() []finding {
	fine := map[ast.Node]bool{}
	return each(f, func(n ast.Node) string {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return ""
		}
		to, _ := f.refers(call.Fun, "maps")
		if f.sortCall(call) || to == "Collect" || to == "Insert" {
			for _, arg := range call.Args {
				fine[arg] = true
			}
		}
		if walks := to == "Keys" || to == "Values" || to == "All"; !walks || fine[call] {
			return ""
		}
		return "maps." + to + " without slices.Sorted around it"
	})
}
