package formula

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/guicheng/guicheng/definitions/value"
)

// What a formula may cost. A fault or failure of code "limit" names the limit that was met.
const (
	MaxSource = 4 << 10   // bytes of one formula, tested before it is parsed
	MaxNest   = 32        // brackets, or signs and negations, inside one another, tested before it is parsed
	MaxDepth  = 100       // levels of the parsed tree
	MaxNodes  = 2_000     // nodes of the parsed tree
	MaxLoops  = 2         // exists, all, filter, map … inside one another
	MaxItems  = 1_000     // entries of a list that a formula builds; a table has no more rows
	MaxString = 64 << 10  // bytes of a text that a formula builds
	MaxText   = 64 << 10  // bytes of the source of a text with {{…}} parts
	MaxParts  = 100       // {{…}} parts of one text
	MaxCost   = 1_000_000 // steps of one evaluation
	MaxMemory = 16 << 20  // bytes that one evaluation of a guard may hold
)

var _ = [1]struct{}{}[MaxItems-value.MaxRows] // a formula can hold every table

// tooLarge tests the bounds that must hold before a parser may see the text.
func tooLarge(text string) *Fault {
	if len(text) > MaxSource {
		return &Fault{
			Width: 1, Code: "limit", Hint: "compute a part of it in a field of its own",
			Message: fmt.Sprintf("the formula has %d bytes, the limit MaxSource is %d", len(text), MaxSource),
		}
	}
	if !utf8.ValidString(text) {
		return &Fault{Width: 1, Code: "syntax", Message: "the formula is not valid UTF-8"}
	}
	if strings.TrimSpace(text) == "" {
		return &Fault{Width: 1, Code: "syntax", Message: "the formula is empty"}
	}
	return tooDeep(text)
}

// tooDeep counts open brackets and runs of prefix operators: each costs the parsers one level of their stack.
func tooDeep(text string) *Fault {
	nest, run, offset := 0, 0, -1
	var quote rune
	escaped := false
	for _, r := range text {
		offset++
		switch {
		case quote != 0:
			switch {
			case escaped:
				escaped = false
			case r == '\\' && quote != '`':
				escaped = true
			case r == quote:
				quote = 0
			}
			run = 0
			continue
		case r == '"' || r == '\'' || r == '`':
			quote = r
		case r == '(' || r == '[' || r == '{':
			nest++
		case r == ')' || r == ']' || r == '}':
			nest--
		case r == '-' || r == '!' || r == '+' || r == '?':
			run++
		case r == ' ' || r == '\t' || r == '\n':
			continue
		default:
			run = 0
		}
		if nest > MaxNest || run > MaxNest {
			return &Fault{
				Offset: offset, Width: 1, Code: "limit",
				Message: fmt.Sprintf("more than %d levels inside one another (the limit MaxNest)", MaxNest),
			}
		}
	}
	return nil
}

// sizeFault tests a parsed tree.
func sizeFault(root *node) *Fault {
	nodes := 0
	var walk func(n *node, depth int) *Fault
	walk = func(n *node, depth int) *Fault {
		nodes++
		if depth > MaxDepth {
			return fault(n, "limit", "the formula has more than %d levels (the limit MaxDepth)", MaxDepth)
		}
		if nodes > MaxNodes {
			return fault(n, "limit", "the formula has more than %d parts (the limit MaxNodes)", MaxNodes)
		}
		for _, kid := range n.kids {
			if f := walk(kid, depth+1); f != nil {
				return f
			}
		}
		return nil
	}
	return walk(root, 1)
}

func limitFailure(name string, most int) *Failure {
	return &Failure{Code: "limit", Message: fmt.Sprintf("the evaluation went over the limit %s (%d)", name, most)}
}
