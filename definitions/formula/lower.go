package formula

import (
	"strconv"
	"time"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"github.com/guicheng/guicheng/definitions/value"
)

// exprProgram is a compiled computation with what the checker found.
type exprProgram struct {
	source string
	root   *node
	names  map[string]binding
	opts   *Options
	prg    *vm.Program
}

// compileExpr checks text and rewrites it for the library's machine: every read, sum and comparison becomes a call of
// ours, which knows empty fields, exact money and the limits.
func (e *Env) compileExpr(text string, n Names) (*exprProgram, []Fault) {
	root, faults := readExpr(text)
	if len(faults) > 0 {
		return nil, faults
	}
	place, err := e.placeOf(n)
	if err != nil {
		return nil, internalFault(err)
	}
	c := &checker{env: e, names: place.names, exprs: true}
	if faults := c.run(root); len(faults) > 0 {
		return nil, faults
	}
	l := &lowering{names: place.names}
	prg, err := assemble(l.lower(root, false))
	if err != nil {
		return nil, internalFault(err)
	}
	return &exprProgram{source: text, root: root, names: place.names, opts: &e.opts, prg: prg}, nil
}

func assemble(root ast.Node) (*vm.Program, error) {
	config := conf.CreateNew()
	config.Optimize = false // the optimizer rewrites what we have already decided
	for name, f := range runtimeFunctions() {
		config.Functions[name] = &builtin.Function{Name: name, Func: f}
	}
	return compiler.Compile(&parser.Tree{Node: root, Source: file.NewSource("")}, config)
}

// lowering makes the library's tree from ours. Where empty is set, an empty field gives nil instead of a failure: for
// has and ??.
type lowering struct{ names map[string]binding }

// nameRef and fieldRef are what the calls of a lowered read carry.
type nameRef struct {
	name    string
	binding binding
}

type fieldRef struct {
	name, path string
	kind       *typ
}

func (l *lowering) lower(n *node, empty bool) ast.Node {
	switch n.op {
	case opLit:
		return literalNode(n.lit)
	case opName:
		return l.name(n, empty)
	case opPointer:
		if n.name == "index" {
			return call("$int", &ast.PointerNode{Name: "index"})
		}
		return &ast.PointerNode{}
	case opField:
		path := n.path
		if path == "" {
			path = n.text()
		}
		return call(pick(empty, "$get?", "$get"), l.lower(n.kids[0], empty), &ast.ConstantNode{
			Value: &fieldRef{name: n.name, path: path, kind: n.typ}})
	case opIndex:
		return call("$at", l.lower(n.kids[0], false), l.lower(n.kids[1], false))
	case opHas:
		return l.has(n.kids[0])
	case opNot:
		return &ast.UnaryNode{Operator: "!", Node: l.lower(n.kids[0], false)}
	case opNeg:
		return call("$neg", l.lower(n.kids[0], false))
	case opAnd, opOr:
		return &ast.BinaryNode{Operator: pick(n.op == opAnd, "&&", "||"),
			Left: l.lower(n.kids[0], false), Right: l.lower(n.kids[1], false)}
	case opCoalesce:
		return &ast.BinaryNode{Operator: "??", Left: l.lower(n.kids[0], true), Right: l.lower(n.kids[1], empty)}
	case opCond:
		return &ast.ConditionalNode{Ternary: true, Cond: l.lower(n.kids[0], false),
			Exp1: l.lower(n.kids[1], empty), Exp2: l.lower(n.kids[2], empty)}
	case opLet:
		return &ast.VariableDeclaratorNode{Name: "let " + n.name,
			Value: l.lower(n.kids[0], false), Expr: l.lower(n.kids[1], empty)}
	}
	if n.op == opEach && n.name == "find" && !empty {
		return call("$found", l.loop(n), &ast.ConstantNode{Value: &fieldRef{path: n.path}})
	}
	return l.more(n)
}

func (l *lowering) more(n *node) ast.Node {
	switch n.op {
	case opBinary:
		return l.binary(n)
	case opEach:
		return l.loop(n)
	case opCall:
		if n.lit != nil { // money('10.00'): read when it was checked
			return &ast.ConstantNode{Value: n.lit}
		}
	case opList:
		return &ast.ArrayNode{Nodes: l.all(n.kids)}
	case opMap:
		m := &ast.MapNode{}
		for i, kid := range n.kids {
			m.Pairs = append(m.Pairs, &ast.PairNode{
				Key: &ast.StringNode{Value: n.keys[i]}, Value: l.lower(kid, false)})
		}
		return m
	}
	return call("$"+n.name, append([]ast.Node{environment()}, l.all(n.kids)...)...)
}

func (l *lowering) all(list []*node) []ast.Node {
	out := make([]ast.Node, len(list))
	for i, n := range list {
		out[i] = l.lower(n, false)
	}
	return out
}

// name reads a let, which the checker keeps apart from data, or a name of the place.
func (l *lowering) name(n *node, empty bool) ast.Node {
	if n.local {
		return &ast.IdentifierNode{Value: "let " + n.name}
	}
	ref := &nameRef{name: n.name, binding: l.names[n.name]}
	return call(pick(empty, "$name?", "$name"), environment(), &ast.ConstantNode{Value: ref})
}

func (l *lowering) has(n *node) ast.Node {
	if n.op == opName {
		ref := &nameRef{name: n.name, binding: l.names[n.name]}
		return call("$has name", environment(), &ast.ConstantNode{Value: ref})
	}
	return call("$has", l.lower(n, true))
}

func (l *lowering) binary(n *node) ast.Node {
	a, b := l.lower(n.kids[0], false), l.lower(n.kids[1], false)
	switch n.name {
	case "!=":
		return &ast.UnaryNode{Operator: "!", Node: call("$==", a, b)}
	case "..":
		return call("$range", environment(), a, b)
	case "+", "in":
		return call("$"+n.name, environment(), a, b)
	}
	return call("$"+n.name, a, b)
}

// loop keeps the library's own loops, with a counter in every turn; sums and orders are ours.
func (l *lowering) loop(n *node) ast.Node {
	list := l.lower(n.kids[0], false)
	loop := func(name string) ast.Node {
		if len(n.kids) == 1 {
			return list
		}
		parts := 0
		n.kids[1].walk(func(*node) { parts++ })
		body := call("$turn", environment(), &ast.ConstantNode{Value: 1 + parts/4}, l.lower(n.kids[1], false))
		return &ast.BuiltinNode{Name: name, Arguments: []ast.Node{
			call("$items", environment(), list), &ast.PredicateNode{Node: body}}}
	}
	switch n.name {
	case "sum":
		return call("$sum", environment(), loop("map"), &ast.ConstantNode{Value: zeroOf(n.typ)})
	case "count":
		if len(n.kids) == 1 {
			return call("$count", list)
		}
		return call("$int", loop("count"))
	case "groupBy", "sortBy":
		return l.twice(n, list, func(once ast.Node) ast.Node {
			list = once
			if n.name == "groupBy" {
				return call("$groupBy", once, loop("map"))
			}
			var order ast.Node = &ast.StringNode{Value: "asc"}
			if len(n.kids) > 2 {
				order = l.lower(n.kids[2], false)
			}
			return call("$sortBy", environment(), once, loop("map"), order)
		})
	}
	return loop(n.name)
}

// twice uses a list at two places and computes it once: in nested sorts the program would double with each.
func (l *lowering) twice(n *node, list ast.Node, use func(ast.Node) ast.Node) ast.Node {
	name := "let " + strconv.Itoa(n.off) // an author's name does not begin with a digit
	return &ast.VariableDeclaratorNode{Name: name, Value: list, Expr: use(&ast.IdentifierNode{Value: name})}
}

func zeroOf(t *typ) any {
	switch t.sort {
	case tFloat:
		return float64(0)
	case tMoney:
		return value.Money(0)
	case tDuration:
		return time.Duration(0)
	}
	return int64(0)
}

func call(name string, args ...ast.Node) ast.Node {
	return &ast.CallNode{Callee: &ast.IdentifierNode{Value: name}, Arguments: args}
}

// environment is the running evaluation, which every call that needs it gets as its first argument.
func environment() ast.Node { return &ast.IdentifierNode{Value: "$env"} }

func literalNode(lit any) ast.Node {
	switch v := lit.(type) {
	case bool:
		return &ast.BoolNode{Value: v}
	case string:
		return &ast.StringNode{Value: v}
	}
	return &ast.ConstantNode{Value: lit}
}

func pick(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}
