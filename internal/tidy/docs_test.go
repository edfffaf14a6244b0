package tidy

import (
	"fmt"
	"go/ast"
	"go/token"
)

var docRules = []rule{{
	name:  "exported names are documented",
	why:   "an office that embeds the engine reads these names and nothing else",
	check: undocumented,
	bad: []snippet{
		{"engine/x.go", "func F() {}"},
		{"engine/core/x.go", "type T int\n\nfunc (T) M() {}"},
		{"store/x.go", "const A = 1"},
		{"definitions/x.go", "// T is documented.\ntype T int\n\nfunc (t *T) M() {}"},
		{"engine/x.go", "// M is.\nfunc (T) M() {}\nfunc (T) N() {}"},
		{"engine/x.go", "// I is.\ntype I interface{ M() }\n\nfunc (T) M() {}"},
	},
	good: []snippet{
		{"engine/x.go", "// F does it.\nfunc F() {}\n\nfunc g() {}"},
		{"store/x.go", "// The results.\nconst (\nA = 1\nB = 2\n)"},
		{"store/x.go", "const (\nA = 1 // the first\n)"},
		{"store/x.go", "type t int\n\nfunc (t) Error() string { return \"\" }"},
		{"engine/x.go", "// M is the name of either.\nfunc (T) M() {}\nfunc (U) M() {}\nfunc (V) M() {}"},
		{"engine/x.go", "// I is.\ntype I interface {\n// M does it.\nM()\n}\n\nfunc (T) M() {}"},
		{"cmd/guicheng/x.go", "func F() {}"},
	},
}}

func undocumented(f *file) []finding {
	if f.test() || !f.in("definitions", "engine", "store", "staff") {
		return nil
	}
	var found []finding
	missing := func(id *ast.Ident, docs ...*ast.CommentGroup) {
		if !id.IsExported() {
			return
		}
		for _, d := range docs {
			if d != nil {
				return
			}
		}
		found = append(found, finding{f.path, f.line(id), fmt.Sprintf("%s is exported and has no comment", id.Name)})
	}
	told := f.told()
	for i, decl := range f.ast.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			owner := receiver(d)
			if owner == nil || owner.IsExported() && !told[d.Name.Name] && !f.again(i) {
				missing(d.Name, d.Doc)
			}
		case *ast.GenDecl:
			if d.Tok != token.IMPORT {
				specs(d, missing)
			}
		}
	}
	return found
}

// told are the methods that an interface of the same file explains: its implementations need not say it again.
func (f *file) told() map[string]bool {
	told := map[string]bool{}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		if i, ok := n.(*ast.InterfaceType); ok {
			for _, m := range i.Methods.List {
				for _, name := range m.Names {
					told[name.Name] = told[name.Name] || m.Doc != nil || m.Comment != nil
				}
			}
		}
		return true
	})
	return told
}

// again says whether declaration i is the same method as the one on the line before, of another type: the words over
// the first of such a list are about all.
func (f *file) again(i int) bool {
	if i == 0 {
		return false
	}
	one, isFunc := f.ast.Decls[i-1].(*ast.FuncDecl)
	two, alsoFunc := f.ast.Decls[i].(*ast.FuncDecl)
	return isFunc && alsoFunc && one.Name.Name == two.Name.Name && (one.Doc != nil || f.again(i-1)) &&
		positions.Position(one.End()).Line+1 == f.line(two)
}

func specs(d *ast.GenDecl, missing func(*ast.Ident, ...*ast.CommentGroup)) {
	for _, s := range d.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			if d.Lparen.IsValid() { // the words over a group of types are about the group
				missing(s.Name, s.Doc, s.Comment)
			} else {
				missing(s.Name, d.Doc, s.Doc, s.Comment)
			}
		case *ast.ValueSpec:
			for _, name := range s.Names {
				missing(name, d.Doc, s.Doc, s.Comment)
			}
		}
	}
}

// receiver is the type whose method a function is, nil if it is none.
func receiver(fn *ast.FuncDecl) *ast.Ident {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return nil
	}
	e := fn.Recv.List[0].Type
	for {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		case *ast.Ident:
			return x
		default:
			return nil
		}
	}
}
