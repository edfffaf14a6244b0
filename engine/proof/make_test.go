package proof_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
)

// maker writes procedures of every construct that has a part in how threads go.
type maker struct {
	*rand.Rand
	steps, blocks int
	messages      []string
	lists         [][2]string // steps and ends of those inside others
	asks          int         // for steps, in conditions
	aims          []string    // for which ones
	calls         bool
	rows          bool
	ready         bool // a task fills in the field ready
	fields        int  // of rounds: when they are over
}

// made is a small procedure at random: tasks, splits and joins, blocks with ends and errors, rows, calls, time limits,
// messages, locks, conditions on other steps and on what a task fills in, rounds, parts in any order, and, in the
// outermost list, choices by what was answered at the start: the proof does not follow a
// value through lists inside others. Each list inside a step is given as a procedure, too.
func made(seed uint64) (whole string, inner []string) {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 7))}
	steps, ends := m.list(2, 2+m.IntN(4), []string{"good", "good", "bad"})
	about := ""
	if m.IntN(8) == 0 {
		about = strings.TrimPrefix(m.aside(m.steps, []string{"s0", "good"}, []string{"also"}), ", ")
	}
	for _, l := range m.lists {
		inner = append(inner, m.procedure(l[0], l[1], ""))
	}
	return m.procedure(steps, endsOf(steps+about, ends, m), about), inner
}

// aimed lets each condition ask for some step of the whole procedure: for the same one wherever it is written.
func (m *maker) aimed(text string) string {
	for ; len(m.aims) < m.asks; m.aims = append(m.aims, fmt.Sprintf("s%d", m.IntN(m.steps))) {
	}
	return asked.ReplaceAllStringFunc(text, func(ask string) string {
		n, _ := strconv.Atoi(ask[1 : len(ask)-1])
		return m.aims[n]
	})
}

var asked = regexp.MustCompile(`@\d+@`)

// condition is one whose asks are numbered.
func (m *maker) condition() string {
	var out strings.Builder
	for i, part := range strings.Split(m.raw(), "@") {
		if i > 0 {
			fmt.Fprintf(&out, "@%d@", m.asks)
			m.asks++
		}
		out.WriteString(part)
	}
	return out.String()
}

// raw asks for other steps, or for what a task fills in.
func (m *maker) raw() string {
	switch k := m.IntN(12); {
	case k < 3:
		return "done('@')"
	case k == 3:
		return "open('@')"
	case k == 4:
		return "!done('@')"
	case k == 5:
		return "!open('@')"
	case k == 6:
		return "times('@') >= 2"
	case k == 7:
		return "times('@') < 2"
	case k == 8:
		return "done('@') || open('@')"
	case k == 9:
		return "done('@') && done('@')"
	case m.ready && k == 10:
		return "has(ready) && ready || done('@')"
	case m.ready:
		return "has(ready) && ready"
	}
	return "done('@')"
}

// form is what a task fills in, sometimes.
func (m *maker) form() string {
	if m.ready || m.IntN(4) > 0 {
		return ""
	}
	m.ready = true
	return ", form: [ready]"
}

// only makes a step wait until it is let in, sometimes.
func (m *maker) only() string {
	if m.IntN(12) > 0 {
		return ""
	}
	return ", only_while: \"" + m.condition() + "\""
}

// procedure writes a list of steps as a procedure.
func (m *maker) procedure(steps, ends, about string) string {
	var b strings.Builder
	b.WriteString("procedure: it\ntitle: It\ndata:\n  flag: {title: Flag, type: yes-no}\n")
	if m.ready {
		b.WriteString("  ready: {title: Ready, type: yes-no}\n")
	}
	for i := range m.fields {
		fmt.Fprintf(&b, "  round%d: {title: Round, type: yes-no}\n", i)
	}
	form := "flag"
	if m.rows {
		b.WriteString("  list: {title: List, each: one, min: 1, rows: {name: {title: Name, type: text}}}\n")
		form = "flag, list.name"
	}
	fmt.Fprintf(&b, "start: {by: desk, form: [%s]}\n%s\n", form, about)
	if len(m.messages) > 0 {
		b.WriteString("messages: {" + strings.Join(m.messages, ", ") + "}\n")
	}
	if ends != "" {
		b.WriteString("ends: {" + ends + "}\n")
	}
	b.WriteString("steps: [" + steps + "]\n")
	if m.calls {
		b.WriteString("---\nprocedure: other\ntitle: Other\nstart: {by: desk}\nends: {well: Well, ill: Ill}\nsteps:\n" +
			"  - {step: o, title: O, task: {by: desk, answers: {a: A, c: C}}, then: {a: well, c: ill}}\n")
	}
	return m.aimed(b.String())
}

// endsOf declares the ends that are led to; one of them may decide alone.
func endsOf(steps string, ends []string, m *maker) string {
	var out []string
	for _, e := range ends {
		switch {
		case !strings.Contains(steps, e) || strings.Contains(strings.Join(out, " "), e+":"):
		case strings.HasPrefix(e, "wrong"):
			out = append(out, e+": {title: E, error: true}")
		case m.IntN(8) == 0:
			out = append(out, e+": {title: E, cancels: all}")
		default:
			out = append(out, e+": E")
		}
	}
	return strings.Join(out, ", ")
}

// list writes n steps that lead to one another and to ends.
func (m *maker) list(depth, n int, ends []string) (steps string, named []string) {
	first := m.steps
	m.steps += n
	var b strings.Builder
	for i := range n {
		to := func() string {
			switch k := m.IntN(12); {
			case k == 0:
				return "stop"
			case k < 3 || i == n-1 && k < 10:
				return ends[m.IntN(len(ends))]
			case k == 3:
				return fmt.Sprintf("s%d", first+m.IntN(n))
			}
			return fmt.Sprintf("s%d", first+min(i+1+m.IntN(2), n-1))
		}
		if i > 0 {
			b.WriteString(",\n  ")
		}
		id := fmt.Sprintf("s%d", first+i)
		fmt.Fprintf(&b, "{step: %s, title: S%s%s}", id, m.work(depth, i == 0, id, to), m.join())
	}
	return b.String(), ends
}

func (m *maker) join() string {
	if m.IntN(3) > 0 {
		return ""
	}
	return []string{", join: all", ", join: active", ", join: each", ", join: first", ", join: {n: 2}",
		", join: {n: 1, rest: cancel}", ", join: {threads: 2}", ", join: {all: true, keep: true}"}[m.IntN(8)]
}

// work writes what a step does, and where it leads.
func (m *maker) work(depth int, waits bool, self string, to func() string) string {
	lock := ""
	if m.IntN(8) == 0 {
		lock = fmt.Sprintf(", exclusive: k%d", m.IntN(2))
	}
	k := m.IntN(17)
	if waits || depth < 2 && (k == 7 || k == 8) { // else a list may be over before anything can happen beside it
		k %= 7
	}
	switch {
	case k < 3:
		return ", task: {by: desk" + m.form() + "}, then: " + to() +
			m.aside(m.steps, []string{to()}, []string{"to", "also"}) + lock + m.only()
	case k < 5:
		return fmt.Sprintf(", task: {by: desk, answers: {a: A, c: C}}, then: {a: %s, c: %s}%s", to(), to(), lock)
	case k < 7:
		return fmt.Sprintf(", task: {by: desk}, choose: all, then: [%s, %s]%s", to(), to(), lock)
	case k == 7:
		return fmt.Sprintf(", choose: all, then: [%s, {when: flag, to: %s}]", to(), to())
	case k == 8:
		return fmt.Sprintf(", then: [{when: flag, to: %s}, {to: %s}]", to(), to())
	case k == 9:
		m.calls = true
		event := ""
		if m.IntN(2) == 0 {
			event = ", events: {error: failed, " + []string{"to", "also"}[m.IntN(2)] + ": " + to() + "}"
		}
		return fmt.Sprintf(", call: {procedure: other}, then: {well: %s, ill: %s}%s", to(), to(), event)
	case k == 14:
		other := []string{"", ", c: {when: \"" + m.condition() + "\"}", ", c: {after: hours(1)}"}[m.IntN(3)]
		return ", wait: {a: {when: \"" + m.condition() + "\"}" + other + "}, then: " + to() + lock
	case depth == 0:
		return ", task: {by: desk}, then: " + to() + lock
	case k == 15:
		return ", any_order: true, steps: [" + m.anyOrder() + "], then: " + to() + lock
	case k == 16:
		return m.rounds(depth) + ", then: " + to() + lock
	case k == 10:
		m.rows = true
		inner, _ := m.list(depth-1, 1+m.IntN(2), []string{"done"})
		m.lists = append(m.lists, [2]string{inner})
		return ", for_each: {in: list}, steps: [" + inner + "], then: " + to() + lock
	}
	return m.block(depth, self, to) + lock
}

// block writes a list inside a step, with ends of its own; one of them may be an error.
func (m *maker) block(depth int, self string, to func() string) string {
	m.blocks++
	x, y, wrong := fmt.Sprintf("x%d", m.blocks), fmt.Sprintf("y%d", m.blocks), fmt.Sprintf("wrong%d", m.blocks)
	ends := []string{x, y}
	if m.IntN(3) == 0 {
		ends = append(ends, wrong)
	}
	first := m.steps
	inner, _ := m.list(depth-1, 1+m.IntN(3), ends)
	declared := endsOf(inner, ends, m)
	m.lists = append(m.lists, [2]string{inner, declared})
	out := ", ends: {" + declared + "}, steps: [" + inner + "], then: {"
	var ways []string
	for _, e := range []string{x, y} {
		if strings.Contains(declared, e+":") {
			ways = append(ways, e+": "+to())
		}
	}
	out += strings.Join(ways, ", ") + "}"
	if strings.Contains(declared, wrong+":") {
		other := to()
		for other == self { // it would come while the block that it leaves is still there
			other = to()
		}
		return out + ", events: {error: " + wrong + ", " + []string{"to", "also"}[m.IntN(2)] + ": " + other + "}"
	}
	return out + m.aside(first, []string{to()}, []string{"to", "also"})
}

// anyOrder writes tasks of a list that are done one at a time, in whatever order.
func (m *maker) anyOrder() string {
	var steps []string
	for range 2 + m.IntN(2) {
		after := ""
		if len(steps) > 0 && m.IntN(3) == 0 {
			after = fmt.Sprintf(", after: [s%d]", m.steps-1)
		}
		steps = append(steps, fmt.Sprintf("{step: s%d, title: S, task: {by: desk}%s%s}", m.steps, after, m.only()))
		m.steps++
	}
	inner := strings.Join(steps, ", ")
	return inner
}

// rounds writes a list that runs again and again, until what somebody fills in says that it is over.
func (m *maker) rounds(depth int) string {
	field := fmt.Sprintf("round%d", m.fields)
	m.fields++
	first := m.steps
	m.steps++
	inner, _ := m.list(depth-1, 1+m.IntN(2), []string{"done"})
	steps := fmt.Sprintf("{step: s%d, title: S, task: {by: desk, form: [%s]}, then: s%d},\n  %s",
		first, field, first+1, inner)
	m.lists = append(m.lists, [2]string{steps})
	return ", repeat: {until: " + field + ", steps: [" + steps + "]}"
}

// aside writes a time limit, a message or a condition on one of the first steps, sometimes.
func (m *maker) aside(first int, to, deeds []string) string {
	deed := deeds[m.IntN(len(deeds))] + ": " + to[m.IntN(len(to))]
	switch m.IntN(8) {
	case 2:
		return fmt.Sprintf(", events: {when: done('s%d'), %s}", m.IntN(max(first, 1)), deed)
	case 3: // of whatever else there is, also inside its own step
		return fmt.Sprintf(", events: {when: %q, %s}", m.condition(), deed)
	case 0:
		return ", timeouts: {after: hours(1), " + deed + "}"
	case 1:
		id := fmt.Sprintf("m%d", len(m.messages))
		m.messages = append(m.messages, id+": {title: M, by: desk}")
		return ", events: {message: " + id + ", " + deed + ", once: true}"
	}
	return ""
}
