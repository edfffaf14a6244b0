package formula

import (
	"slices"

	"github.com/guicheng/guicheng/definitions/value"
)

// Choosing one of several people: by what they have to do, by whose turn it is, by chance, by what they did before.
// Each gives a list of one person, or the empty list where there was nobody to choose from. Whoever stands first in
// the list wins a tie. The same scope gives the same choice.

func ableCall(r *run, args []any) (any, error) {
	skill, ok := args[0].(string)
	if !ok {
		return nil, wrongType("able takes a skill")
	}
	if r.scope.Staff == nil {
		return []value.Person(nil), nil
	}
	return r.scope.Staff.Able(skill), nil
}

func openTasksCall(r *run, args []any) (any, error) {
	p, ok := args[0].(value.Person)
	if !ok {
		return nil, wrongType("open_tasks takes a person")
	}
	if r.scope.Work == nil {
		return int64(0), nil
	}
	return r.scope.Work.Open(p.ID), nil
}

// personsOf gives a list as persons, and charges for looking at each.
func personsOf(r *run, list any) ([]value.Person, error) {
	all, err := entries(list)
	if err != nil {
		return nil, err
	}
	out := make([]value.Person, 0, len(all))
	for _, v := range all {
		p, ok := v.(value.Person)
		if !ok {
			return nil, wrongType("not a list of persons")
		}
		out = append(out, p)
	}
	return out, r.spend(len(out) + 1)
}

// only gives the person at place i of a list.
func only(list []value.Person, i int) []value.Person {
	if len(list) == 0 {
		return []value.Person{}
	}
	return []value.Person{list[i]}
}

// best gives the first of a list whom nobody else is better than.
func best(list []value.Person, better func(a, b value.Person) bool) []value.Person {
	at := 0
	for i := range list {
		if better(list[i], list[at]) {
			at = i
		}
	}
	return only(list, at)
}

func leastLoadedCall(r *run, args []any) (any, error) {
	list, err := personsOf(r, args[0])
	if err != nil || r.scope.Work == nil {
		return only(list, 0), err
	}
	return best(list, func(a, b value.Person) bool { return r.scope.Work.Open(a.ID) < r.scope.Work.Open(b.ID) }), nil
}

func nextInTurnCall(r *run, args []any) (any, error) {
	list, err := personsOf(r, args[0])
	if err != nil || len(list) == 0 {
		return only(list, 0), err
	}
	return only(list, int(r.scope.Turn%int64(len(list)))), nil
}

func randomCall(r *run, args []any) (any, error) {
	list, err := personsOf(r, args[0])
	if err != nil || len(list) == 0 {
		return only(list, 0), err
	}
	return only(list, int(mixed(r.scope.Seed)%uint64(len(list)))), nil
}

// mixed spreads a seed over all bits (splitmix64), so that seeds that follow one another choose apart.
func mixed(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func experiencedCall(r *run, args []any) (any, error) {
	list, err := personsOf(r, args[0])
	step, _ := args[1].(string)
	if err != nil || r.scope.Work == nil {
		return only(list, 0), err
	}
	return best(list, func(a, b value.Person) bool {
		x, _ := r.scope.Work.Done(step, a.ID)
		y, _ := r.scope.Work.Done(step, b.ID)
		return x > y
	}), nil
}

func longestAgoCall(r *run, args []any) (any, error) {
	list, err := personsOf(r, args[0])
	step, _ := args[1].(string)
	if err != nil || r.scope.Work == nil {
		return only(list, 0), err
	}
	return best(list, func(a, b value.Person) bool {
		_, x := r.scope.Work.Done(step, a.ID)
		_, y := r.scope.Work.Done(step, b.ID)
		return x.Before(y)
	}), nil
}

// Asks says what a choice of people must know of the office's work.
type Asks struct {
	Load  bool     // Scope.Work.Open
	Turn  bool     // Scope.Turn; each evaluation is a turn
	Deeds []string // Scope.Work.Done of these steps
}

// Asks says what this list must know of the office's work.
func (w *Who) Asks() Asks {
	var out Asks
	w.p.root.walk(func(n *node) {
		if n.op != opCall {
			return
		}
		switch n.name {
		case "least_loaded", "open_tasks":
			out.Load = true
		case "next_in_turn":
			out.Turn = true
		case "most_experienced", "longest_ago":
			if step, ok := n.kids[1].lit.(string); ok && !slices.Contains(out.Deeds, step) {
				out.Deeds = append(out.Deeds, step)
			}
		}
	})
	return out
}
