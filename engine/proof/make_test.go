package proof_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// maker writes procedures of every construct that has a part in how threads go.
type maker struct {
	*rand.Rand
	steps, blocks int
	messages      []string
	lists         [][2]string // steps and ends of those inside others
	calls         bool
	rows          bool
}

// made is a small procedure at random: tasks, splits and joins, blocks with ends and errors, rows, calls, time limits,
// messages, locks, and, in the outermost list, choices by what was answered at the start: the proof does not follow a
// value through lists inside others. Each list inside a step is given as a procedure, too.
func made(seed uint64) (whole string, inner []string) {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 7))}
	steps, ends := m.list(2, 2+m.IntN(4), []string{"good", "good", "bad"})
	about := ""
	if m.IntN(8) == 0 {
		about = strings.TrimPrefix(m.aside([]string{"s0", "good"}, []string{"also"}), ", ")
	}
	for _, l := range m.lists {
		inner = append(inner, m.procedure(l[0], l[1], ""))
	}
	return m.procedure(steps, endsOf(steps+about, ends, m), about), inner
}

// procedure writes a list of steps as a procedure.
func (m *maker) procedure(steps, ends, about string) string {
	var b strings.Builder
	b.WriteString("procedure: it\ntitle: It\ndata:\n  flag: {title: Flag, type: yes-no}\n")
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
	return b.String()
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
	k := m.IntN(14)
	if waits || depth < 2 && (k == 7 || k == 8) { // else a list may be over before anything can happen beside it
		k %= 7
	}
	switch {
	case k < 3:
		return ", task: {by: desk}, then: " + to() + m.aside([]string{to()}, []string{"to", "also"}) + lock
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
	case depth == 0:
		return ", task: {by: desk}, then: " + to() + lock
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
	return out + m.aside([]string{to()}, []string{"to", "also"})
}

// aside writes a time limit or a message, sometimes.
func (m *maker) aside(to, deeds []string) string {
	deed := deeds[m.IntN(len(deeds))] + ": " + to[m.IntN(len(to))]
	switch m.IntN(6) {
	case 0:
		return ", timeouts: {after: hours(1), " + deed + "}"
	case 1:
		id := fmt.Sprintf("m%d", len(m.messages))
		m.messages = append(m.messages, id+": {title: M, by: desk}")
		return ", events: {message: " + id + ", " + deed + ", once: true}"
	}
	return ""
}
