package formula

import (
	"errors"
	"fmt"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"

	"github.com/guicheng/guicheng/definitions/report"
)

// exprLoops are the functions of Expr that take a predicate; the others of the library are left out.
var exprLoops = map[string]bool{
	"filter": true, "map": true, "count": true, "sum": true, "find": true, "sortBy": true, "groupBy": true,
	"all": true, "any": true, "none": true,
}

// exprReader turns a parsed Expr text into our tree.
type exprReader struct{ faults []Fault }

func readExpr(text string) (*node, []Fault) {
	if f := tooLarge(text); f != nil {
		return nil, []Fault{*f}
	}
	if f := misspelt(text); f != nil {
		return nil, []Fault{*f}
	}
	tree, err := parseExpr(text)
	if err != nil {
		return nil, []Fault{exprSyntax(text, err)}
	}
	r := &exprReader{}
	root := r.expr(tree.Node, 1)
	if len(r.faults) == 0 {
		if f := sizeFault(root); f != nil {
			r.faults = append(r.faults, *f)
		}
	}
	return root, r.faults
}

// parseExpr leaves no builtin on but those with predicates: all others become calls, which our allow-list judges.
func parseExpr(text string) (tree *parser.Tree, err error) {
	defer func() {
		if r := recover(); r != nil { // the parser's own slips must not end the server
			err = fmt.Errorf("the formula cannot be read: %v", r)
		}
	}()
	config := conf.CreateNew()
	config.MaxNodes = MaxNodes
	for name := range config.Builtins {
		config.Disabled[name] = true
	}
	return parser.ParseWithConfig(text, config)
}

func exprSyntax(text string, err error) Fault {
	f := Fault{Width: 1, Code: "syntax", Message: err.Error()}
	if fe, ok := errors.AsType[*file.Error](err); ok {
		f.Offset, f.Message = fe.From, fe.Message
		f.Width = max(1, fe.To-fe.From)
	}
	f.Offset = min(f.Offset, len([]rune(text)))
	if strings.Contains(f.Message, "maximum allowed nodes") {
		f.Code, f.Message = "limit", fmt.Sprintf("the formula has more than %d parts (the limit MaxNodes)", MaxNodes)
	}
	return f
}

func (r *exprReader) bad(n *node, code, hint, format string, args ...any) *node {
	f := fault(n, code, format, args...)
	f.Hint = hint
	r.faults = append(r.faults, *f)
	n.op = opBad
	return n
}

func (r *exprReader) all(list []ast.Node, depth int) []*node {
	out := make([]*node, len(list))
	for i, e := range list {
		out[i] = r.expr(e, depth+1)
	}
	return out
}

func (r *exprReader) expr(e ast.Node, depth int) *node {
	if e == nil {
		return r.bad(&node{width: 1}, "syntax", "", "something is missing")
	}
	loc := e.Location()
	n := &node{op: opBad, off: loc.From, width: max(1, loc.To-loc.From)}
	if depth > MaxDepth {
		return r.bad(n, "limit", "", "the formula has more than %d levels (the limit MaxDepth)", MaxDepth)
	}
	switch x := e.(type) {
	case *ast.StringNode:
		n.op, n.lit = opLit, x.Value
	case *ast.IntegerNode:
		n.op, n.lit = opLit, int64(x.Value)
	case *ast.FloatNode:
		n.op, n.lit = opLit, x.Value
	case *ast.BoolNode:
		n.op, n.lit = opLit, x.Value
	case *ast.IdentifierNode:
		return r.name(n, x)
	case *ast.PointerNode:
		return r.pointer(n, x)
	case *ast.UnaryNode:
		return r.unary(n, x, depth)
	case *ast.BinaryNode:
		return r.binary(n, x, depth)
	case *ast.MemberNode:
		return r.memberOf(n, x, depth)
	case *ast.CallNode:
		return r.call(n, x, depth)
	case *ast.BuiltinNode:
		return r.loop(n, x, depth)
	case *ast.ConditionalNode:
		n.op, n.kids = opCond, r.all([]ast.Node{x.Cond, x.Exp1, x.Exp2}, depth)
	case *ast.VariableDeclaratorNode:
		n.op, n.name, n.kids = opLet, x.Name, r.all([]ast.Node{x.Value, x.Expr}, depth)
	case *ast.ArrayNode:
		n.op, n.kids = opList, r.all(x.Nodes, depth)
	case *ast.MapNode:
		return r.record(n, x, depth)
	default:
		return r.other(n, e)
	}
	return n
}

func (r *exprReader) other(n *node, e ast.Node) *node {
	switch e.(type) {
	case *ast.NilNode:
		return r.bad(n, "unsupported", "write has(…), or ?? with a value instead", "there is no nil")
	case *ast.ChainNode:
		return r.bad(n, "unsupported", "write has(x.y) ? x.y : … or x.y ?? …", "there is no ?.")
	case *ast.SliceNode:
		return r.bad(n, "unsupported", "use filter with #index", "lists are not sliced")
	}
	return r.bad(n, "unsupported", "", "this form is not part of the language")
}

func (r *exprReader) name(n *node, x *ast.IdentifierNode) *node {
	n.op, n.name = opName, x.Value
	if strings.HasPrefix(x.Value, "$") {
		return r.bad(n, "unsupported", "", "names do not begin with $")
	}
	return n
}

func (r *exprReader) pointer(n *node, x *ast.PointerNode) *node {
	n.op, n.name = opPointer, x.Name
	if x.Name != "" && x.Name != "index" {
		return r.bad(n, "unsupported", "# is the entry, #index its number from 0", "there is no #%s", x.Name)
	}
	return n
}

func (r *exprReader) unary(n *node, x *ast.UnaryNode, depth int) *node {
	n.kids = []*node{r.expr(x.Node, depth+1)}
	switch x.Operator {
	case "!", "not":
		n.op = opNot
	case "-":
		n.op = opNeg
	default:
		return r.bad(n, "unsupported", "", "there is no operator %s before a value", x.Operator)
	}
	return n
}

func (r *exprReader) binary(n *node, x *ast.BinaryNode, depth int) *node {
	n.name, n.kids = x.Operator, r.all([]ast.Node{x.Left, x.Right}, depth)
	switch x.Operator {
	case "&&", "and":
		n.op = opAnd
	case "||", "or":
		n.op = opOr
	case "??":
		n.op = opCoalesce
	case "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "in", "..":
		n.op = opBinary
	default:
		return r.bad(n, "unsupported", "", "there is no operator %s", x.Operator)
	}
	return n
}

func (r *exprReader) memberOf(n *node, x *ast.MemberNode, depth int) *node {
	if x.Method || x.Optional {
		return r.bad(n, "unsupported", "write f(x) or has(x.y) ? x.y : …", "only fields stand behind a dot")
	}
	key, named := x.Property.(*ast.StringNode)
	base := r.expr(x.Node, depth+1)
	if named && x.Property.Location() == x.Location() {
		n.op, n.name, n.kids = opField, key.Value, []*node{base}
		return n
	}
	n.op, n.kids = opIndex, []*node{base, r.expr(x.Property, depth+1)}
	return n
}

func (r *exprReader) call(n *node, x *ast.CallNode, depth int) *node {
	callee, ok := x.Callee.(*ast.IdentifierNode)
	if !ok {
		return r.bad(n, "unsupported", "write f(x)", "functions do not stand behind a dot")
	}
	n.name, n.kids, n.op = callee.Value, r.all(x.Arguments, depth), opCall
	if n.name == "has" {
		n.op = opHas
		if len(n.kids) != 1 {
			return r.bad(n, "arguments", "write has(matter.needs)", "has takes one field")
		}
	}
	return n
}

func (r *exprReader) loop(n *node, x *ast.BuiltinNode, depth int) *node {
	n.op, n.name = opEach, x.Name
	if !exprLoops[x.Name] {
		return r.bad(n, "unknown-function", report.DidYouMean(x.Name, exprFunctionNames()),
			"there is no function %s", x.Name)
	}
	for _, arg := range x.Arguments {
		if p, ok := arg.(*ast.PredicateNode); ok {
			arg = p.Node
		}
		n.kids = append(n.kids, r.expr(arg, depth+1))
	}
	if len(n.kids) == 0 {
		return r.bad(n, "arguments", "", "%s needs a list", x.Name)
	}
	return n
}

func (r *exprReader) record(n *node, x *ast.MapNode, depth int) *node {
	n.op = opMap
	for _, p := range x.Pairs {
		pair, ok := p.(*ast.PairNode)
		if !ok {
			return r.other(n, p)
		}
		key, ok := pair.Key.(*ast.StringNode)
		if !ok {
			return r.bad(n, "unsupported", `write {"name": value}`, "the names of a record are written as texts")
		}
		n.keys = append(n.keys, key.Value)
		n.kids = append(n.kids, r.expr(pair.Value, depth+1))
	}
	return n
}
