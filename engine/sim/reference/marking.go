package reference

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// marking answers open('x'), done('x') and times('x') as an act sees them.
type marking struct {
	c *Case
	a *act
}

// runs lists the runs of a step: those in the nearest frame outwards that has it, else all that there are, and were.
func (m marking) runs(id string) []*act {
	st := m.c.p.Steps[id]
	var near *frame
	if m.a != nil {
		for near = m.a.frame; near != nil && near.graph != st.Graph; near = near.outer() {
		}
	}
	return slices.DeleteFunc(slices.Clone(m.c.acts), func(a *act) bool {
		return a.step != st || a.state == undone ||
			near != nil && a.frame != near || near == nil && a.frame.gone() && a.state != done
	})
}

// Open implements formula.Marking.
func (m marking) Open(step string) bool {
	return slices.ContainsFunc(m.runs(step), func(a *act) bool { return !a.over() })
}

// Done implements formula.Marking: it was done and does not run again.
func (m marking) Done(step string) bool {
	return !m.Open(step) && slices.ContainsFunc(m.runs(step), func(a *act) bool { return a.state == done })
}

// Times implements formula.Marking.
func (m marking) Times(step string) int64 { return int64(len(m.runs(step))) }

// DoneBy implements formula.Marking.
func (m marking) DoneBy(string) []value.Person { return nil }

// Asked tells of a step, as the whole case sees it, whether it is open, whether it was done and is not open again, and
// how often it was opened.
func (c *Case) Asked(step string) (open, done bool, times int64) {
	m := marking{c, nil}
	return m.Open(step), m.Done(step), m.Times(step)
}

// path names an act by where it stands: t/visit#1[2]/ring#1 is the first run of ring, in the row 2 of visit; with a '
// behind the 2], that row has come to its end.
func (a *act) path() string {
	if a.frame == nil {
		return a.step.ID
	}
	return a.frame.path() + "/" + a.step.ID + "#" + strconv.Itoa(a.n)
}

func (f *frame) path() string {
	path := f.owner.path()
	if f.row >= 0 {
		path += "[" + strconv.Itoa(f.row) + "]"
	}
	if f.closed() {
		path += "'"
	}
	return path
}

// find finds an act by its path.
func (c *Case) find(path string) *act {
	for _, a := range c.acts {
		if a.path() == path && (a.frame == nil || a.frame.kept()) {
			return a
		}
	}
	return nil
}

// gone tells whether a frame or one around it is part of the case no more.
func (f *frame) gone() bool { return f.closed() || f.outer() != nil && f.outer().gone() }

func (c *Case) over() bool { return c.status != "running" && c.status != "suspended" }

// Marking says where the case stands, a line for each thing, sorted. It names nothing by a number of its own, so that
// it can be compared with what somebody else says of the same case.
func (c *Case) Marking() []string {
	lines := []string{strings.TrimSpace("case " + c.status + " " + c.result)}
	for _, a := range c.acts {
		if a.frame != nil && a.frame.gone() && !c.over() && a.frame.kept() && a.recallable() {
			lines = append(lines, "ended "+a.path())
		}
		if a.frame != nil && a.frame.gone() || a.state == withdrawn || c.over() {
			continue
		}
		lines = append(lines, a.lines()...)
		for _, f := range a.inner {
			lines = append(lines, f.lines()...)
		}
	}
	for _, k := range c.inbox {
		lines = append(lines, "kept "+k.id+" "+k.message.ID+" until "+clock(k.until))
	}
	data, err := json.Marshal(c.data)
	lines = append(lines, fmt.Sprintf("data %s%v", data, orNothing(err)))
	slices.Sort(lines)
	return lines
}

func orNothing(err error) string {
	if err != nil {
		return err.Error()
	}
	return ""
}

func clock(t time.Time) string { return t.UTC().Format("02 15:04:05") }

func (a *act) lines() []string {
	head := "act " + a.path() + " " + a.state
	if !a.due.IsZero() {
		head += " due " + clock(a.due)
	}
	if a.total > 0 {
		head += fmt.Sprintf(" %d/%d", a.finished, a.total)
	}
	if len(a.missed) > 0 {
		head += " missed " + strings.Join(a.missed, ",")
	}
	lines := []string{head}
	for i, s := range a.slots {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("task %s.%d %s %s %s %s", a.path(), i, s.state,
			strings.Join(s.posts, ","), s.holder, s.answer)))
	}
	for _, t := range a.timers {
		lines = append(lines, fmt.Sprintf("timer %s %s %d at %s", a.path(), t.kind, t.index, clock(t.at)))
	}
	return lines
}

func (f *frame) lines() []string {
	lines := []string{strings.TrimSpace("frame " + f.path() + " " + f.outcome())}
	for _, s := range f.graph.Steps {
		var from []string
		for _, t := range f.tokens {
			if t.to == s {
				from = append(from, t.from)
			}
		}
		if len(from) > 0 {
			lines = append(lines, "tokens "+f.path()+"/"+s.ID+" from "+strings.Join(from, ","))
		}
	}
	count := map[*definitions.Step]int{}
	for _, r := range f.rounds {
		if r.over || len(r.seen) == 0 {
			continue
		}
		var seen []string
		for _, t := range r.seen {
			seen = append(seen, t.from)
		}
		slices.Sort(seen)
		lines = append(lines, fmt.Sprintf("round %s/%s.%d seen %s fired %t", f.path(), r.join.ID,
			count[r.join], strings.Join(seen, ","), r.fired != nil))
		count[r.join]++
	}
	return lines
}
