package proof

import (
	"fmt"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine/core"
)

// meet tells of threads that meet where they must not.
func (s *space) meet(met *meeting) report.Problem {
	p := report.Problem{Place: met.at.Place, Way: lines(s.shortened(s.leapsTo(met.node), met))}
	switch {
	case met.grows:
		p.Code, p.Message = "endless-threads", fmt.Sprintf("more and more threads can come to %s", called(met.at))
		p.Hint = "let what runs in a circle send one thread on, not several"
	case met.again:
		p.Code, p.Message = "input-twice", fmt.Sprintf("%s can join a second time while it is still open", called(met.at))
		p.Hint = "send one thread along each way to it, or write keep: true if it is to run several times"
	case met.input != nil:
		p.Code = "input-twice"
		p.Message = fmt.Sprintf("a second thread can come from %s to %s before it has joined the first",
			s.source(*met.input), called(met.at))
		p.Hint = "write keep: true to let it wait for the next round, or name the inputs that count: join: {all: […]}"
	default:
		p.Code = "needs-join"
		p.Message = fmt.Sprintf("two threads can come to %s, and nothing says how they become one", called(met.at))
		p.Hint = "write join: active to wait for those that can still come, or join: each to run once for each"
	}
	return p
}

// starves tells of a marking in which nothing more can happen, and no end was reached or threads are left.
func (s *space) starves(i int) report.Problem {
	m := s.again(i)
	p := report.Problem{Place: s.g.Owner.Place, Code: "no-end", Way: s.way(i)}
	waiting := s.net.Waits(m)
	if runs := s.net.Runs(m); len(runs) > 0 {
		st := runs[0]
		p.Place, p.Message = st.Place, fmt.Sprintf("%s can be open with no way out of it", called(st))
		p.Hint = "let the list inside it come to an end"
		if i := slices.IndexFunc(runs, func(st *definitions.Step) bool { return s.unmet(m, st) != nil }); i >= 0 {
			s.holds(&p, s.unmet(m, runs[i]))
			for _, st := range runs {
				if s.unmet(m, st) == nil && s.shutOut(m, st) {
					p.Way = append(p.Way, fmt.Sprintf("%s cannot begin while %s holds its lock", name(st), name(runs[i])))
				}
			}
		}
		for _, st := range runs {
			if w, ok := st.Work.(*definitions.Call); ok && len(s.exits(st)) == 0 {
				p.Place = st.Place
				p.Message = fmt.Sprintf("%s can never go on: no case of %s comes to an end without calling %s again", called(st),
					w.Procedure, s.p.ID)
				p.Hint = "let a way lead to an end that passes the call by"
			}
		}
		return p
	}
	if len(waiting) == 0 {
		p.Message = "every thread of " + called(s.g.Owner) + " can stop without one of its ends having been reached"
		p.Hint = "let one of the last ways lead to an end in place of stop"
		return p
	}
	at := waiting[0].At
	p.Place, p.Message = at.Place, called(at)+" can wait for ever"
	if reached := s.net.Outcomes(m); len(reached) > 0 {
		p.Code = "left-behind"
		p.Message = fmt.Sprintf("a thread can be left waiting at %s when the end %s has been reached",
			called(at), s.ending(reached[0]))
	}
	p.Way = append(p.Way, s.starving(at, waiting))
	p.Hint = s.remedy(at)
	return p
}

// holds tells of a step that waits for a condition.
func (s *space) holds(p *report.Problem, c *definitions.Condition) {
	p.Place, p.Message = c.Asks.Place, called(c.Asks)+" can wait for what does not come any more"
	p.Hint = "let it go on otherwise, too: by a timeout, or by an event such as {when: done('x'), to: y}"
	if c.Data {
		p.Message = fmt.Sprintf("%s can wait for ever: nothing that is still to come makes sure that %s", called(c.Asks),
			c.Guards[0].Source())
		p.Hint = "let it go on otherwise, too: by a time limit, or by a message that can put it right"
	}
	texts := make([]string, len(c.Guards))
	for i, g := range c.Guards {
		texts[i] = g.Source()
	}
	p.Way = append(p.Way, fmt.Sprintf("%s waits until %s", name(c.Asks), strings.Join(texts, ", ")))
}

// starving says what a join has and what it waits for.
func (s *space) starving(at *definitions.Step, waiting []core.Waiting) string {
	var has, lacks []string
	for _, w := range waiting {
		if w.At == at {
			has = append(has, s.source(w.Input))
		}
	}
	if at.Join.Kind == definitions.JoinThreads {
		return fmt.Sprintf("%s has %d of %d threads, and no more can come", name(at), len(has), at.Join.N)
	}
	for _, id := range inputs(at) {
		if !slices.Contains(has, s.source(id)) {
			lacks = append(lacks, s.source(id))
		}
	}
	return fmt.Sprintf("%s has come from %s and waits for %s, from where nothing can come any more", name(at),
		strings.Join(has, ", "), strings.Join(lacks, ", "))
}

// inputs are the ids of the inputs of a join that count.
func inputs(at *definitions.Step) []string {
	var out []string
	for k, from := range at.Inputs {
		switch {
		case at.Join.Of != nil && !slices.Contains(at.Join.Of, k):
		case from < 0:
			out = append(out, "")
		default:
			out = append(out, at.Graph.Steps[from].ID)
		}
	}
	return out
}

// remedy is a hint for a join that starves.
func (s *space) remedy(at *definitions.Step) string {
	switch {
	case at.Join.Kind == definitions.JoinThreads:
		return "let as many threads come as it counts, or count fewer"
	case at.Join.Kind == definitions.JoinSome:
		return "count fewer, or write join: active to wait for those that can still come"
	case circular(at):
		return "it stands in a circle: name the inputs that count, join: {all: […]}; any other opens it alone"
	}
	return "write join: active to wait only for those that can still come"
}

// circular tells whether a step can be reached from itself.
func circular(at *definitions.Step) bool {
	seen := map[*definitions.Step]bool{}
	queue := []*definitions.Step{at}
	for len(queue) > 0 {
		st := queue[0]
		queue = queue[1:]
		ways := slices.Clone(st.Ways)
		for _, d := range allDeeds(st) {
			if d.Way != nil {
				ways = append(ways, d.Way)
			}
		}
		for _, w := range ways {
			if w.To == at || w.Return == at {
				return true
			}
			if w.To != nil && !seen[w.To] {
				seen[w.To] = true
				queue = append(queue, w.To)
			}
		}
	}
	return false
}

// goesRound tells of a marking from which a case goes on for ever.
func (s *space) goesRound(i int) report.Problem {
	p := report.Problem{Place: s.g.Owner.Place, Code: "no-end", Hint: "give the circle a way out that leads to an end",
		Message: "a case of " + called(s.g.Owner) + " runs in a circle from which no end can be reached"}
	whole := s.leapsTo(i)
	p.Way = lines(append(slices.Clone(whole), s.circle(i)...))
	leaps := whole[:len(whole)-max(len(s.nodes[i].via)-1, 0)] // the rest goes round already
	if runs := s.net.Runs(s.replay(leaps)); i > 0 && len(runs) > 0 {
		p.Place = runs[0].Place
		p.Message = fmt.Sprintf("from %s on no end can be reached any more", called(runs[0]))
	}
	return p
}

// circle are the leaps of the nearest circle that a case may run in once it has come to a node.
func (s *space) circle(first int) []core.Leap {
	before := map[int]int{first: -1}
	queue := []int{first}
	chain := func(i, until int) []int { // from there to i
		var out []int
		for ; i >= 0; i = before[i] {
			if out = append(out, i); i == until {
				slices.Reverse(out)
				return out
			}
		}
		return nil
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, next := range s.nodes[at].next {
			if round := chain(at, next); round != nil {
				return s.along(append(chain(next, first), append(round[1:], next)...))
			}
			if _, seen := before[next]; !seen {
				before[next] = at
				queue = append(queue, next)
			}
		}
	}
	return nil
}

// along are the leaps by which a case goes from node to node.
func (s *space) along(nodes []int) []core.Leap {
	var out []core.Leap
	for i, to := range nodes[1:] {
		out = append(out, s.between(nodes[i], to)...)
	}
	return out
}

// between are the leaps from one node to the next.
func (s *space) between(from, to int) []core.Leap {
	if s.nodes[to].from == from {
		return s.nodes[to].via
	}
	m := s.again(from)
	for _, l := range s.leaps(m) {
		for _, next := range s.after(l, s.play(m, l)) {
			if s.visit(from, next, nil) == to {
				return []core.Leap{l}
			}
		}
	}
	for _, st := range s.net.Runs(m) {
		for _, w := range st.Ways {
			if w.Return != nil && s.comes(st, w.Outcome) && s.lastDone(from, w.Return) == to {
				return []core.Leap{{Step: st, Outcome: w.Outcome, Ways: []*definitions.Way{w}}}
			}
		}
	}
	return nil
}

// twoOutcomes finds the nearest marking in which two ends were reached.
func (s *space) twoOutcomes() *report.Problem {
	if _, rows := s.g.Owner.Work.(*definitions.Multi); rows { // nobody asks a row for its outcome
		return nil
	}
	for i := range s.nodes {
		reached := s.nodes[i].outcomes
		if len(reached) < 2 {
			continue
		}
		place := s.g.Owner.Place
		if k := slices.IndexFunc(s.g.Ends, func(e *definitions.End) bool { return e.ID == reached[1] }); k >= 0 {
			place = s.g.Ends[k].Place
		}
		return &report.Problem{Place: place, Code: "two-outcomes", Way: s.way(i),
			Message: fmt.Sprintf("one case of %s can reach both %s and %s", called(s.g.Owner), s.ending(reached[0]),
				s.ending(reached[1])),
			Hint: "write cancels: all at the end that decides, join the threads before it, or let one of them stop"}
	}
	return nil
}

// again plays the way to a node once more.
func (s *space) again(i int) *core.Marking {
	m := s.replay(s.leapsTo(i))
	m.Noted = s.nodes[i].noted
	return m
}

// replay gives the marking to which leaps lead; nil if they cannot be made one after the other.
func (s *space) replay(leaps []core.Leap) *core.Marking {
	m := s.net.Begin()
	for _, l := range leaps {
		if l.Step != s.p.Case && (s.net.Ended(m) || !slices.Contains(s.net.Runs(m), l.Step)) {
			return nil
		}
		same := func(may core.Leap) bool { return may.Deed == l.Deed }
		beside := l.Deed != nil && l.Deed.Kind == definitions.DeedAlso && !l.Perish
		if beside && !slices.ContainsFunc(s.deeds(l.Step, m), same) { // once in a run
			return nil
		}
		m = s.net.Play(m, l)
	}
	return m
}

// shortened leaves out of a way to a meeting what has no part in it.
func (s *space) shortened(leaps []core.Leap, met *meeting) []core.Leap {
	for i := range slices.Backward(leaps) {
		less := slices.Delete(slices.Clone(leaps), i, i+1)
		m := s.replay(less)
		if m == nil {
			continue
		}
		if now := s.meeting(m); now != nil && now.at == met.at && now.grows == met.grows && now.again == met.again {
			return s.shortened(less, met)
		}
	}
	return leaps
}

func (s *space) leapsTo(i int) []core.Leap {
	var out []core.Leap
	for at := i; at >= 0; at = s.nodes[at].from {
		out = append(slices.Clone(s.nodes[at].via), out...)
	}
	return out
}

// way tells in the titles that people know how a case comes to a node.
func (s *space) way(i int) []string { return lines(s.leapsTo(i)) }

func lines(leaps []core.Leap) []string {
	var out []string
	for _, l := range leaps {
		out = append(out, told(l))
	}
	if len(out) > mostLines {
		cut := len(out) - mostLines
		out = slices.Concat(out[:mostLines/2], []string{fmt.Sprintf("… %d more", cut)}, out[len(out)-mostLines/2:])
	}
	return out
}

// told is a leap in words: "Ask: unknown -> Refuse".
func told(l core.Leap) string {
	switch {
	case l.Unheard:
		return fmt.Sprintf("%s: an error is taken inside it, and nothing of it is left", name(l.Step))
	case l.Perish && l.Deed == nil:
		return fmt.Sprintf("%s: an error ends it, and is taken further out", name(l.Step))
	case l.Withdraw != nil:
		return fmt.Sprintf("%s: what is inside withdraws %s", name(l.Step), names(l.Withdraw))
	case l.Deed != nil:
		return fmt.Sprintf("%s: %s -> %s", name(l.Step), cause(l.Step, l.Deed), leads(l.Deed.Way))
	}
	out := name(l.Step)
	if i := slices.IndexFunc(l.Step.Outcomes, func(o definitions.Outcome) bool { return o.ID == l.Outcome }); i >= 0 {
		out += ": " + shown(l.Step.Outcomes[i].Title, l.Outcome)
	}
	to := make([]string, len(l.Ways))
	for i, w := range l.Ways {
		to[i] = leads(w)
		if w.When != nil {
			to[i] += " [" + w.When.Source() + "]"
		}
	}
	return out + " -> " + strings.Join(to, ", ")
}

// cause says what makes a deed be done.
func cause(st *definitions.Step, d *definitions.Deed) string {
	for _, t := range st.Timeouts {
		if &t.Do == d {
			return "its time is up"
		}
	}
	for _, e := range st.Events {
		switch {
		case &e.Do != d:
		case e.Message != nil:
			return shown(e.Message.Title, e.Message.ID) + " comes"
		case e.Error != "":
			return "the error " + e.Error
		default:
			return e.When.Source()
		}
	}
	return "something happens"
}

func leads(w *definitions.Way) string {
	var out string
	switch {
	case w.To != nil:
		out = name(w.To)
	case w.Return != nil:
		out = "back to " + name(w.Return)
	case w.End.ID == definitions.StopEnd:
		out = "nowhere"
	default:
		out = "the end " + shown(w.End.Title, w.End.ID)
	}
	if w.Threads > 1 {
		out += fmt.Sprintf(" × %d", w.Threads)
	}
	return out
}

// source is the title of the step whence a thread came.
func (s *space) source(id string) string {
	if st := s.g.Step(id); st != nil {
		return name(st)
	}
	return "the start"
}

// called names a step by its title and its id.
func called(st *definitions.Step) string { return report.Named(st.Title, st.ID) }

// goal names where a way leads, by its title and its id.
func goal(w *definitions.Way) string {
	switch {
	case w.To != nil:
		return called(w.To)
	case w.Return != nil:
		return called(w.Return)
	}
	return report.Named(w.End.Title, w.End.ID)
}

// ending names an end of the list by its title and its id.
func (s *space) ending(id string) string {
	for _, e := range s.g.Ends {
		if e.ID == id {
			return report.Named(e.Title, id)
		}
	}
	return id
}

func name(st *definitions.Step) string { return shown(st.Title, st.ID) }

func names(list []*definitions.Step) string {
	out := make([]string, len(list))
	for i, st := range list {
		out[i] = name(st)
	}
	return strings.Join(out, ", ")
}

func shown(title, id string) string {
	if title == "" {
		return id
	}
	return title
}
