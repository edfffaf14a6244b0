package formula

import "slices"

// Looks is what a formula about people goes by besides who they are.
type Looks struct {
	Starter bool     // case.starter
	DoneBy  []string // the steps of which it asks who did them
	Now     bool     // the time, or how the case stands: open('x'), done('x'), times('x')
	Has     []string // the paths of which it asks whether they are filled in
	Chosen  bool     // one of a list, by chance or by what people have to do
}

// Looks says what the guard goes by besides data.
func (g *Guard) Looks() Looks { return looks(g.p.root) }

// Looks says what the list goes by besides data.
func (w *Who) Looks() Looks { return looks(w.p.root) }

func looks(root *node) Looks {
	var out Looks
	root.walk(func(n *node) {
		switch n.op {
		case opField:
			out.Starter = out.Starter || n.name == "starter" && n.kids[0].op == opName && n.kids[0].name == "case"
		case opName:
			out.Now = out.Now || !n.local && n.path == "" && slices.Contains(momentary, n.name)
		case opHas:
			out.Has = append(out.Has, n.kids[0].path)
		case opCall:
			out.Now = out.Now || slices.Contains([]string{"open", "done", "times"}, n.name)
			out.Chosen = out.Chosen || slices.Contains(chooses, n.name)
			if id, ok := n.firstText(); ok && n.name == "done_by" && !slices.Contains(out.DoneBy, id) {
				out.DoneBy = append(out.DoneBy, id)
			}
		}
	})
	return out
}

// momentary are the names that mean the moment, or those who have the work at hand.
var momentary = []string{"now", "today", "manager", "holders", "due"}

// chooses are the functions that take one of a list, and the number by which a list may be filtered.
var chooses = []string{
	"least_loaded", "next_in_turn", "random_of", "most_experienced", "longest_ago", "open_tasks",
}

// firstText is the literal text that a call is given first.
func (n *node) firstText() (string, bool) {
	if len(n.kids) == 0 {
		return "", false
	}
	text, ok := n.kids[0].lit.(string)
	return text, ok
}
