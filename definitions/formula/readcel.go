package formula

import (
	"regexp"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"github.com/guicheng/guicheng/definitions/report"
)

// celLoops are the macros that run over a list.
var celLoops = map[string]bool{"exists": true, "all": true, "filter": true, "map": true}

// celReader turns a parsed CEL text into our tree. It reads the text before macros are expanded, so that every part
// keeps the place where the author wrote it.
type celReader struct {
	info   *ast.SourceInfo
	faults []Fault
}

// readCEL parses text without macros. The faults are those of syntax and of forms that the language leaves out.
func readCEL(plain *cel.Env, text string) (*node, []Fault) {
	if f := tooLarge(text); f != nil {
		return nil, []Fault{*f}
	}
	if f := misspelt(text); f != nil {
		return nil, []Fault{*f}
	}
	parsed, issues := plain.Parse(text)
	if issues.Err() != nil {
		return nil, syntaxFaults(text, issues)
	}
	r := &celReader{info: parsed.NativeRep().SourceInfo()}
	root := r.expr(parsed.NativeRep().Expr(), 1)
	if len(r.faults) == 0 {
		if f := sizeFault(root); f != nil {
			r.faults = append(r.faults, *f)
		}
	}
	return root, r.faults
}

// wordOperator finds the words that other languages have for the signs of conditions.
var wordOperator = regexp.MustCompile(`\b(?:not|and|or|AND|OR|NOT)\b`)

var wordSigns = map[string]string{"not": "!", "NOT": "!", "and": "&&", "AND": "&&", "or": "||", "OR": "||"}

var quotedText = regexp.MustCompile(`'[^']*'|"[^"]*"`)

// wordFor finds a word that other languages have for a sign of conditions, outside quotes.
func wordFor(text string, f *Fault) bool {
	bare := quotedText.ReplaceAllStringFunc(text, func(q string) string { return strings.Repeat(" ", len(q)) })
	at := wordOperator.FindStringIndex(bare)
	if at == nil {
		return false
	}
	word := bare[at[0]:at[1]]
	f.Offset, f.Width = len([]rune(text[:at[0]])), len(word)
	f.Message, f.Hint = word+" is no sign of a condition", "write "+wordSigns[word]+" for "+word
	return true
}

// syntaxFaults reports the first error only: what follows one is mostly its echo.
func syntaxFaults(text string, issues *cel.Issues) []Fault {
	first := issues.Errors()[0]
	offset := 0
	lines := strings.SplitAfter(text, "\n")
	for i := 0; i < first.Location.Line()-1 && i < len(lines); i++ {
		offset += len([]rune(lines[i]))
	}
	message := strings.TrimPrefix(first.Message, "Syntax error: ")
	if i := strings.Index(message, " expecting {"); i > 0 {
		message = message[:i]
	}
	f := Fault{Offset: offset + max(0, first.Location.Column()), Width: 1, Code: "syntax", Message: message}
	f.Offset = min(f.Offset, len([]rune(text)))
	switch {
	case strings.Contains(message, "recursion limit") || strings.Contains(message, "size exceeds"):
		f.Code = "limit"
	case strings.Contains(message, "token recognition error at: '="):
		f.Message, f.Hint = "= compares nothing", "compare with =="
	case wordFor(text, &f):
	case strings.Contains(message, "token recognition"):
		f.Hint = "a text stands between two quotes"
	}
	if hint := spanHint(text); hint != "" && f.Hint == "" {
		f.Hint = hint
	}
	return []Fault{f}
}

func (r *celReader) at(e ast.Expr) *node {
	span, _ := r.info.GetOffsetRange(e.ID())
	return &node{op: opBad, off: int(span.Start), width: max(1, int(span.Stop-span.Start))}
}

func (r *celReader) bad(n *node, code, hint, format string, args ...any) *node {
	f := fault(n, code, format, args...)
	f.Hint = hint
	r.faults = append(r.faults, *f)
	n.op = opBad
	return n
}

func (r *celReader) expr(e ast.Expr, depth int) *node {
	n := r.at(e)
	if depth > MaxDepth {
		return r.bad(n, "limit", "", "the formula has more than %d levels (the limit MaxDepth)", MaxDepth)
	}
	switch e.Kind() {
	case ast.LiteralKind:
		return r.literal(n, e)
	case ast.IdentKind:
		n.op, n.name = opName, e.AsIdent()
		if strings.HasPrefix(n.name, ".") {
			return r.bad(n, "syntax", "", "a name does not begin with a dot")
		}
		return n
	case ast.SelectKind:
		s := e.AsSelect()
		n.op, n.name = opField, s.FieldName()
		n.kids = []*node{r.expr(s.Operand(), depth+1)}
		n.off, n.width = n.off+1, len([]rune(n.name)) // behind the dot
		return n
	case ast.CallKind:
		return r.call(n, e.AsCall(), depth)
	case ast.ListKind:
		n.op, n.kids = opList, r.all(e.AsList().Elements(), depth)
		return n
	}
	return r.bad(n, "unsupported", "", "maps and objects cannot be written in a condition")
}

func (r *celReader) all(list []ast.Expr, depth int) []*node {
	out := make([]*node, len(list))
	for i, e := range list {
		out[i] = r.expr(e, depth+1)
	}
	return out
}

func (r *celReader) literal(n *node, e ast.Expr) *node {
	n.op = opLit
	switch v := e.AsLiteral().(type) {
	case types.String:
		n.lit = string(v)
	case types.Int:
		n.lit = int64(v)
	case types.Double:
		n.lit = float64(v)
	case types.Bool:
		n.lit = bool(v)
	case types.Null:
		return r.bad(n, "unsupported", "write has(…) to ask whether a field is filled in", "there is no null")
	default:
		return r.bad(n, "unsupported", "", "%s literals are not part of the language", v.Type().TypeName())
	}
	return n
}

var celBinary = map[string]string{
	operators.Add: "+", operators.Subtract: "-", operators.Multiply: "*", operators.Divide: "/", operators.Modulo: "%",
	operators.Equals: "==", operators.NotEquals: "!=", operators.Less: "<", operators.LessEquals: "<=",
	operators.Greater: ">", operators.GreaterEquals: ">=", operators.In: "in",
}

func (r *celReader) call(n *node, c ast.CallExpr, depth int) *node {
	name := c.FunctionName()
	if text, ok := celBinary[name]; ok && len(c.Args()) == 2 {
		n.op, n.name, n.kids = opBinary, text, r.all(c.Args(), depth)
		return n
	}
	switch name {
	case operators.LogicalAnd, operators.LogicalOr:
		n.op = opAnd
		if name == operators.LogicalOr {
			n.op = opOr
		}
		n.kids = r.all(c.Args(), depth)
		return n
	case operators.LogicalNot:
		n.op, n.kids = opNot, r.all(c.Args(), depth)
		return n
	case operators.Negate:
		n.op, n.kids = opNeg, r.all(c.Args(), depth)
		return n
	case operators.Conditional:
		n.op, n.kids = opCond, r.all(c.Args(), depth)
		return n
	case operators.Index:
		n.op, n.kids = opIndex, r.all(c.Args(), depth)
		return n
	}
	return r.function(n, c, depth)
}

func (r *celReader) function(n *node, c ast.CallExpr, depth int) *node {
	name := c.FunctionName()
	width := len([]rune(name))
	if c.IsMemberFunction() {
		return r.method(n, c, depth)
	}
	n.off, n.width = n.off-width, width // the parser's place is the bracket
	if celLoops[name] {
		return r.bad(n, "arguments", "write papers."+name+"(p, …)", "%s stands behind a list", name)
	}
	n.name, n.kids = name, r.all(c.Args(), depth)
	n.op = opCall
	if name == "has" {
		n.op = opHas
		if len(n.kids) != 1 {
			return r.bad(n, "arguments", "write has(matter.needs)", "has takes one field")
		}
	}
	return n
}

func (r *celReader) method(n *node, c ast.CallExpr, depth int) *node {
	name := c.FunctionName()
	n.off, n.width = n.off-len([]rune(name)), len([]rune(name))
	n.name = name
	if !celLoops[name] {
		n.op = opCall
		n.kids = append([]*node{r.expr(c.Target(), depth+1)}, r.all(c.Args(), depth)...)
		if name == "size" || celText[name] {
			return n
		}
		return r.bad(n, "unknown-function", report.DidYouMean(name, celMethods),
			"there is no function %s behind a dot", name)
	}
	if len(c.Args()) != 2 || c.Args()[0].Kind() != ast.IdentKind {
		return r.bad(n, "arguments", "write papers."+name+"(p, p.price > x)",
			"%s takes a row name and a condition", name)
	}
	n.op, n.each = opEach, c.Args()[0].AsIdent()
	n.kids = []*node{r.expr(c.Target(), depth+1), r.expr(c.Args()[1], depth+1)}
	return n
}

var (
	celText    = map[string]bool{"contains": true, "startsWith": true, "endsWith": true}
	celMethods = []string{"exists", "all", "filter", "map", "size", "contains", "startsWith", "endsWith"}
)
