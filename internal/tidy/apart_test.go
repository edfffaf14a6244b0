package tidy

import (
	"fmt"
	"go/ast"
	"slices"
)

// Rules that keep the carriers of a call apart from what they carry.
var apartRules = []rule{
	{
		name:  "ctx comes first",
		why:   "whoever reads a call sees at once that it may block",
		check: contextFirst,
		bad: []snippet{
			{"api/x.go", "import \"context\"\nfunc f(a int, ctx context.Context) {}"},
			{"api/x.go", "import \"context\"\ntype I interface{ f(a int, ctx context.Context) }"},
		},
		good: []snippet{
			{"api/x.go", "import \"context\"\nfunc f(ctx context.Context, a int) {}"},
			{"api/x_test.go", "import (\n\"context\"\n\"testing\"\n)\nfunc f(t *testing.T, ctx context.Context) {}"},
		},
	},
	{
		name:  "ctx is kept nowhere",
		why:   "a context lives as long as a call, a struct longer",
		check: contextKept,
		bad: []snippet{
			{"api/x.go", "import \"context\"\ntype t struct{ ctx context.Context }"},
			{"engine/x_test.go", "import \"context\"\ntype t struct{ context.Context }"},
		},
		good: []snippet{{"api/x.go", "import \"context\"\ntype t struct{ f func(context.Context) }"}},
	},
	{
		name:  "gin's context stays in api",
		why:   "a request is bound at the door; what is behind it takes plain values",
		check: ginKept,
		bad:   []snippet{{"engine/x.go", "import \"github.com/gin-gonic/gin\"\nfunc f(c *gin.Context) {}"}},
		good:  []snippet{{"api/x.go", "import \"github.com/gin-gonic/gin\"\nfunc f(c *gin.Context) {}"}},
	},
}

func contextFirst(f *file) []finding {
	return each(f, func(n ast.Node) string {
		fn, ok := n.(*ast.FuncType)
		if !ok {
			return ""
		}
		for i, p := range fn.Params.List {
			name, ok := f.refers(p.Type, "context")
			if !ok || name != "Context" || i == 0 {
				continue
			}
			if i == 1 && f.isTest(fn.Params.List[0].Type) {
				continue
			}
			return "context.Context is not the first parameter"
		}
		return ""
	})
}

// isTest says whether an expression is *testing.T or one of its kind.
func (f *file) isTest(e ast.Expr) bool {
	if star, ok := e.(*ast.StarExpr); ok {
		e = star.X
	}
	name, ok := f.refers(e, "testing")
	return ok && slices.Contains([]string{"T", "B", "F", "TB"}, name)
}

func contextKept(f *file) []finding {
	return each(f, func(n ast.Node) string {
		st, ok := n.(*ast.StructType)
		if !ok {
			return ""
		}
		for _, field := range st.Fields.List {
			if name, ok := f.refers(field.Type, "context"); ok && name == "Context" {
				return fmt.Sprintf("a struct keeps a context.Context (line %d): pass it to the call", f.line(field))
			}
		}
		return ""
	})
}

func ginKept(f *file) []finding {
	if f.in("api") {
		return nil
	}
	return each(f, func(n ast.Node) string {
		e, ok := n.(ast.Expr)
		if !ok {
			return ""
		}
		if name, ok := f.refers(e, "github.com/gin-gonic/gin"); ok && name == "Context" {
			return "*gin.Context outside of api"
		}
		return ""
	})
}
