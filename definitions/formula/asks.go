package formula

import "slices"

// Ask is one thing that a condition asks of where a case stands: whether a step is open, whether it was done, or
// whether it has been opened so many times at least.
type Ask struct {
	Step string
	Kind AskKind
	Many int64 // of AskTimes
}

// AskKind says what is asked of a step.
type AskKind uint8

// The questions: open('x'), done('x'), and times('x') compared with a number.
const (
	AskOpen AskKind = iota + 1
	AskDone
	AskTimes
)

// Reply says what is known of a condition, or of a part of it.
type Reply uint8

// The replies. Unsure is given where nothing tells, and counts against the condition, whichever way it asks. Elsewhere
// is given for what is judged in another place: it may be so beside something else that must be, too, and what else may
// be instead of it must do without it.
const (
	No Reply = iota
	May
	Yes
	Unsure
	Elsewhere
)

// Either is what two conditions come to of which one is enough.
func Either(a, b Reply) Reply {
	switch {
	case a == Elsewhere:
		return b
	case b == Elsewhere:
		return a
	}
	return max(a, b)
}

func both(a, b Reply) Reply {
	switch {
	case a == b:
		return a
	case a == Elsewhere:
		return min(May, b)
	case b == Elsewhere:
		return min(a, May)
	}
	return min(a, b)
}

// Judge works a condition out: ask replies to what it asks of steps, and all else in it holds as data says.
func (g *Guard) Judge(ask func(Ask) Reply, data Reply) Reply {
	return weigh(g.p.root, false, func(n *node, not bool) Reply {
		q, turned, ok := asked(n)
		if !ok {
			return data
		}
		return replied(n, q, not != turned, ask)
	})
}

// weigh works a condition out, or its contrary, from what leaf says of what is neither joined nor literal.
func weigh(n *node, not bool, leaf func(n *node, not bool) Reply) Reply {
	switch n.op {
	case opNot:
		return weigh(n.kids[0], !not, leaf)
	case opAnd, opOr:
		a, b := weigh(n.kids[0], not, leaf), weigh(n.kids[1], not, leaf)
		if (n.op == opAnd) != not {
			return both(a, b)
		}
		return Either(a, b)
	case opLit:
		if yes, ok := n.lit.(bool); ok && yes != not {
			return Yes
		}
		return No
	}
	return leaf(n, not)
}

// replied is what a question comes to, or its contrary.
func replied(n *node, q Ask, not bool, ask func(Ask) Reply) Reply {
	reply := ask(q)
	if n.name == "==" || n.name == "!=" { // so often, and not once more
		more := ask(Ask{Step: q.Step, Kind: AskTimes, Many: q.Many + 1})
		switch more {
		case Unsure:
			return No
		case Elsewhere:
			return Elsewhere
		case No, May, Yes:
			reply = min(reply, Yes-more)
		}
	}
	switch {
	case reply == Elsewhere:
		return reply
	case reply == Unsure:
		return No
	case !not:
		return reply
	}
	return Yes - reply
}

// asked reads a question. Turned: the node says the contrary of it.
func asked(n *node) (q Ask, turned, ok bool) {
	if n.op == opCall && len(n.kids) == 1 && (n.name == "open" || n.name == "done") {
		id, _ := n.kids[0].lit.(string)
		if n.name == "open" {
			return Ask{Step: id, Kind: AskOpen}, false, true
		}
		return Ask{Step: id, Kind: AskDone}, false, true
	}
	if n.op != opBinary {
		return Ask{}, false, false
	}
	call, many, name := n.kids[0], n.kids[1], n.name
	if call.op == opLit {
		call, many, name = many, call, turnedBy(name)
	}
	count, literal := many.lit.(int64)
	if !literal || many.op != opLit || call.op != opCall || call.name != "times" || len(call.kids) != 1 {
		return Ask{}, false, false
	}
	id, _ := call.kids[0].lit.(string)
	q = Ask{Step: id, Kind: AskTimes, Many: count}
	switch name {
	case ">=":
		return q, false, true
	case "<":
		return q, true, true
	case ">", "<=":
		q.Many++
		return q, name == "<=", true
	case "==", "!=":
		return q, name == "!=", true
	}
	return Ask{}, false, false
}

func turnedBy(name string) string {
	if other, ok := turned[name]; ok {
		return other
	}
	return name
}

// Asks lists the steps of which a condition asks, in a way that Judge can reply to, each question once.
func (g *Guard) Asks() []Ask {
	var out []Ask
	var walk func(n *node)
	walk = func(n *node) {
		if q, _, ok := asked(n); ok {
			if n.name == "==" || n.name == "!=" {
				q.Many++
			}
			if !slices.Contains(out, q) {
				out = append(out, q)
			}
			return
		}
		if n.op == opNot || n.op == opAnd || n.op == opOr {
			for _, kid := range n.kids {
				walk(kid)
			}
		}
	}
	walk(g.p.root)
	return out
}

// Rest tells whether a part of a condition is no such question, and lists what these parts name: paths of data, and
// steps of which they ask in another way.
func (g *Guard) Rest() (paths, steps []string, some bool) {
	var rest func(n *node)
	rest = func(n *node) {
		switch _, _, ok := asked(n); {
		case ok, n.op == opLit:
		case n.op == opNot, n.op == opAnd, n.op == opOr:
			for _, kid := range n.kids {
				rest(kid)
			}
		default:
			some = true
			paths = append(paths, pathsOf(n)...)
			n.walk(func(kid *node) {
				if kid.op == opCall && slices.Contains(ofSteps, kid.name) && len(kid.kids) == 1 {
					id, _ := kid.kids[0].lit.(string)
					steps = append(steps, id)
				}
			})
		}
	}
	rest(g.p.root)
	return paths, steps, some
}

// ofSteps are the functions that tell of a step.
var ofSteps = []string{"open", "done", "times", "done_by"}

// Beside tells whether all that a guard says beside what it asks of steps holds, or, with want false, none of it, as
// far as sure tells of each condition.
func (g *Guard) Beside(want bool, sure func(Part) bool) bool {
	return beside(g.p.root, !want, false, sure)
}

// beside walks down to what asks nothing. not: what is said of the node is that it is false.
func beside(n *node, not, within bool, sure func(Part) bool) bool {
	if _, _, ok := asked(n); ok || !within && n.op == opLit {
		return true
	}
	switch n.op {
	case opNot:
		return beside(n.kids[0], !not, within, sure)
	case opAnd, opOr:
		within = within || !n.asksOfSteps()
		a, b := beside(n.kids[0], not, within, sure), beside(n.kids[1], not, within, sure)
		if within && (n.op == opOr) != not {
			return a || b
		}
		return a && b
	}
	p := Part{False: facts(n, not)}
	if !not && n.steady() {
		p.Text = n.canon()
	}
	return sure(p)
}

func (n *node) asksOfSteps() bool {
	found := false
	n.walk(func(kid *node) {
		_, _, ok := asked(kid)
		found = found || ok
	})
	return found
}
