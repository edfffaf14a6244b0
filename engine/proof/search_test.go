package proof_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/sim/reference"
)

// search is an exhaustive search by the reference interpreter: every input in every state that cases come to.
type search struct {
	p       *definitions.Procedure
	trail   *reference.Trail
	states  map[string]int
	next    [][]int
	ended   []bool
	queue   [][]reference.Input // by state: the inputs that lead to it
	marks   [][]string
	asked   []string // steps of which conditions ask
	broken  []bool   // by state: too much happens at once, and nothing more comes of it
	endless bool     // some are
	cut     bool
}

// mostStates bounds a search: few have more states, and those take nearly all the time.
const mostStates = 60

var (
	number = regexp.MustCompile(`#\d+`)
	stamp  = regexp.MustCompile(` at [^ ]+ [^ ]+$`)
	clerk  = value.Person{ID: "chan", Name: "Chan", Posts: []string{"desk"}}
	begin  = time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC)
)

func newSearch(p *definitions.Procedure) *search {
	x := &search{p: p, trail: reference.NewTrail(), states: map[string]int{}}
	for _, guard := range waitedFor(p) {
		for _, q := range guard.Asks() {
			if !slices.Contains(x.asked, q.Step) {
				x.asked = append(x.asked, q.Step)
			}
		}
	}
	return x
}

// waitedFor lists the conditions for which steps and events wait.
func waitedFor(p *definitions.Procedure) []*formula.Guard {
	out := waitedForBy(p.Case)
	for _, st := range p.Steps { // any order: a set is filled
		out = append(out, waitedForBy(st)...)
	}
	return out
}

// waitedForBy lists those of one step and its events.
func waitedForBy(st *definitions.Step) []*formula.Guard {
	out := []*formula.Guard{st.OnlyWhile}
	if w, ok := st.Work.(*definitions.Wait); ok {
		for _, one := range w.For {
			out = append(out, one.When)
		}
	}
	for _, e := range st.Events {
		out = append(out, e.When)
	}
	return slices.DeleteFunc(out, func(g *formula.Guard) bool { return g == nil })
}

// all comes to every state, the nearest first.
func (x *search) all() {
	for _, flag := range []bool{true, false} {
		values := value.Record{}
		for _, f := range x.p.Data.Fields {
			values[f.Name] = flag
			if f.Kind == value.TableKind {
				values[f.Name] = []value.Record{{"name": "a"}, {"name": "b"}}
			}
		}
		x.visit([]reference.Input{{Do: reference.Start, At: begin, Who: clerk, Values: values}})
	}
	for i := 0; i < len(x.queue) && !x.cut; i++ {
		if x.broken[i] {
			continue
		}
		for _, in := range x.offers(i) {
			in.At = begin.Add(time.Duration(len(x.queue[i])) * 2 * time.Hour)
			if j := x.visit(append(slices.Clip(x.queue[i]), in)); j >= 0 {
				x.next[i] = append(x.next[i], j)
			}
		}
	}
}

// visit comes to a state by inputs, and gives its number; -1: the last of them is refused.
func (x *search) visit(inputs []reference.Input) int {
	c := reference.New(x.p, nil)
	c.Trail = x.trail
	for i, in := range inputs {
		if !c.Do(in) {
			if i < len(inputs)-1 {
				panic("the reference refuses what it has taken before")
			}
			return -1
		}
	}
	mark := c.Marking()
	key := x.key(c, mark, inputs)
	if i, ok := x.states[key]; ok {
		return i
	}
	i := len(x.states)
	x.states[key] = i
	x.next = append(x.next, nil)
	finished := func(line string) bool { return strings.HasPrefix(line, "case finished") }
	x.ended = append(x.ended, slices.ContainsFunc(mark, finished))
	x.queue, x.marks = append(x.queue, inputs), append(x.marks, mark)
	x.broken = append(x.broken, c.Broken == reference.TooManyMoves)
	x.endless = x.endless || x.broken[i]
	x.cut = x.cut || len(x.states) > mostStates || c.Broken != "" && !x.broken[i]
	return i
}

// key tells apart what differs in what may come of it: not by the time, nor by how often it has been round.
func (x *search) key(c *reference.Case, mark []string, inputs []reference.Input) string {
	var key []string
	for _, id := range x.asked {
		_, done, times := c.Asked(id)
		key = append(key, fmt.Sprint("asked ", id, done, min(times, 2)))
	}
	for _, line := range mark {
		if words := strings.Fields(line); words[0] == "act" && words[2] == "done" {
			continue
		} else if words[0] == "tokens" { // in any order
			from := strings.Split(strings.Join(words[3:], ""), ",")
			slices.Sort(from)
			line = strings.Join(append(words[:3], strings.Join(from, ",")), " ")
		}
		key = append(key, stamp.ReplaceAllString(number.ReplaceAllString(line, ""), ""))
	}
	for _, in := range inputs { // what happens once has happened
		if in.Do == reference.Send {
			key = append(key, "sent "+in.Name)
		}
	}
	slices.Sort(key)
	return strings.Join(key, "\n")
}

// offers lists what may come to a case that stands in the i-th state.
func (x *search) offers(i int) []reference.Input {
	var out []reference.Input
	for _, line := range x.marks[i] {
		words := strings.Fields(line)
		switch words[0] {
		case "task":
			path := words[1][:strings.LastIndexByte(words[1], '.')]
			st := x.step(path)
			if st.Lock != nil && words[2] != "started" { // who begins it has the lock, long before he is done
				out = append(out, reference.Input{Do: reference.Draft, Who: clerk, Act: path})
			}
			for _, values := range fillings(st) {
				if len(st.Outcomes) == 0 {
					out = append(out, reference.Input{Do: reference.Complete, Who: clerk, Act: path, Values: values})
				}
				for _, o := range st.Outcomes {
					out = append(out, reference.Input{
						Do: reference.Complete, Who: clerk, Act: path, Answer: o.ID, Values: values,
					})
				}
			}
		case "timer":
			n, err := strconv.Atoi(words[3])
			if err != nil {
				panic(err)
			}
			out = append(out, reference.Input{Do: reference.Due, Act: words[1], Name: words[2], Index: n})
		case "act":
			if st := x.step(words[1]); words[2] == "open" && st != nil {
				out = append(out, x.called(st, words[1])...)
			}
		}
	}
	for _, m := range x.p.Messages {
		out = append(out, reference.Input{Do: reference.Send, Who: clerk, Name: m.ID})
	}
	return out
}

// fillings are all that may be filled in with a task: each yes-no field either way.
func fillings(st *definitions.Step) []value.Record {
	out := []value.Record{nil}
	task, ok := st.Work.(*definitions.Task)
	if !ok || task.Form == nil {
		return out
	}
	for _, f := range task.Form.Fields {
		var more []value.Record
		for _, values := range out {
			for _, yes := range []bool{true, false} {
				next := value.Record{f.Name: yes}
				maps.Copy(next, values)
				more = append(more, next)
			}
		}
		out = more
	}
	return out
}

// called lists what may come of a called case.
func (x *search) called(st *definitions.Step, path string) []reference.Input {
	if _, ok := st.Work.(*definitions.Call); !ok {
		return nil
	}
	out := []reference.Input{
		{Do: reference.Child, Act: path, Answer: "well", Values: value.Record{}},
		{Do: reference.Child, Act: path, Answer: "ill", Values: value.Record{}},
	}
	if slices.ContainsFunc(st.Events, func(e *definitions.Event) bool { return e.Error == definitions.FailedError }) {
		out = append(out, reference.Input{Do: reference.Child, Act: path, Failed: "it could not begin"})
	}
	return out
}

func (x *search) step(path string) *definitions.Step {
	id := number.ReplaceAllString(path[strings.LastIndexByte(path, '/')+1:], "")
	id, _, _ = strings.Cut(id, "[")
	return x.p.Steps[id]
}

// seen says of each code whether the search has seen what it says. What was not searched to the end shows no more than
// what has happened on the way.
func (x *search) seen() map[string]bool {
	stuck, dead := !x.cut && x.stuck(), !x.cut && x.dead()
	return map[string]bool{
		"no-end": stuck || x.endless, "left-behind": stuck, "lock-circle": stuck, "needs-join": x.trail.Met,
		"input-twice": x.trail.Second, "two-outcomes": x.trail.Both,
		"dead-step": dead, "way-never-taken": dead, "timeout-never": dead, "event-never": dead,
		"unreachable-step": dead, "end-unreached": dead, "endless-loop": x.endless,
	}
}

// stuck tells whether from some state no end can be reached.
func (x *search) stuck() bool {
	good := slices.Clone(x.ended)
	for grown := true; grown; {
		grown = false
		for i, next := range x.next {
			if !good[i] && slices.ContainsFunc(next, func(j int) bool { return good[j] }) {
				good[i], grown = true, true
			}
		}
	}
	return slices.Contains(good, false)
}

// dead tells whether no case has come to a step, or gone by a way.
func (x *search) dead() bool {
	for _, st := range append(slices.Collect(maps.Values(x.p.Steps)), x.p.Case) { // any order: one is enough
		if st.Graph != nil && !x.trail.Opened[st] {
			return true
		}
		ways := slices.Clone(st.Ways)
		for _, t := range st.Timeouts {
			ways = append(ways, t.Do.Way)
		}
		for _, e := range st.Events {
			ways = append(ways, e.Do.Way)
		}
		if slices.ContainsFunc(ways, func(w *definitions.Way) bool { return w != nil && !x.trail.Taken[w] }) {
			return true
		}
	}
	return false
}
