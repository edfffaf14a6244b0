package proof

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// maxDoers bounds how many combinations of those who have done earlier steps are tried for one step.
const maxDoers = 20_000

// Staffed tells of steps, starts and messages for which a staff has nobody, whoever has started the case and done the
// steps before. What depends on the data of a case, and lists that are computed, are not judged.
func Staffed(b *definitions.Bundle, staff formula.Staff) []report.Problem {
	var out []report.Problem
	for _, p := range b.Procedures {
		c := &crew{p: p, staff: staff}
		c.openings()
		for _, g := range p.Graphs() {
			for _, st := range g.Steps {
				if w, ok := st.Work.(*definitions.Task); ok {
					c.task(st, w)
				}
			}
		}
		out = append(out, c.found...)
	}
	return report.Sort(out)
}

// crew judges the people of one procedure.
type crew struct {
	p     *definitions.Procedure
	staff formula.Staff
	found []report.Problem
}

func (c *crew) add(at report.Place, message, hint string, way []string) {
	c.found = append(c.found, report.Problem{Place: at, Code: "nobody-may", Message: message, Hint: hint, Way: way})
}

// holders are those who hold one of some posts, each once.
func (c *crew) holders(posts []string) []value.Person {
	var out []value.Person
	for _, post := range posts {
		for _, p := range c.staff.Holders(post) {
			if !slices.ContainsFunc(out, func(o value.Person) bool { return o.ID == p.ID }) {
				out = append(out, p)
			}
		}
	}
	return out
}

// openings judges who starts cases and sends messages.
func (c *crew) openings() {
	hint := func(posts []string) string { return "appoint somebody to " + strings.Join(posts, " or ") }
	for _, s := range c.p.Starts {
		if posts := s.By.Posts; s.By.Expr == nil && len(posts) > 0 && len(c.holders(posts)) == 0 {
			c.add(c.p.Case.Place, "nobody may start "+c.p.ID+": nobody holds "+strings.Join(posts, " or "), hint(posts), nil)
		}
	}
	for _, m := range c.p.Messages {
		if posts := m.By.Posts; m.By.Expr == nil && len(posts) > 0 && len(c.holders(posts)) == 0 {
			c.add(c.p.Case.Place, "nobody may send "+m.ID+": nobody holds "+strings.Join(posts, " or "), hint(posts), nil)
		}
	}
}

// task judges one task: each of those who are asked is there, whatever the case has been through.
func (c *crew) task(st *definitions.Step, w *definitions.Task) {
	if w.By.Expr != nil || len(w.By.Posts) == 0 || w.Nobody == definitions.NobodySkip {
		return
	}
	lists := [][]string{w.By.Posts}
	if w.Sign != definitions.SignNone { // each entry is asked by itself
		lists = lists[:0]
		for _, post := range w.By.Posts {
			lists = append(lists, []string{post})
		}
	}
	for _, posts := range lists {
		if w.Nobody == definitions.NobodyPost && w.Stead.Expr != nil {
			continue
		}
		people := c.holders(posts)
		names := strings.Join(posts, " or ")
		if len(people) == 0 && w.Nobody != definitions.NobodyPost {
			c.add(st.Place, fmt.Sprintf("nobody is there to do %s: nobody holds %s", st.ID, names),
				"appoint somebody to "+names+", or write nobody: skip or nobody: {post: …}", nil)
			return
		}
		pasts, sure := c.pasts(w)
		if !sure {
			continue
		}
		for _, past := range pasts {
			if c.anyone(w, people, past) {
				continue
			}
			message := fmt.Sprintf("nobody may do %s in some cases: %s", st.ID, none(names, people))
			c.add(st.Place, message, "let another post do it as well, appoint one more person, or write nobody: {post: …}",
				past.told(c.p))
			return
		}
	}
}

func none(posts string, people []value.Person) string {
	if len(people) == 0 {
		return "nobody holds " + posts
	}
	list := make([]string, len(people))
	for i, p := range people {
		list[i] = p.Name
	}
	return posts + " is held by " + strings.Join(list, ", ") + " alone"
}

// past is who has started a case and done some of its steps.
type past struct {
	starter value.Person
	doers   map[string][]value.Person // by step
	steps   []string
}

func (h past) told(p *definitions.Procedure) []string {
	var out []string
	if h.starter.ID != "" {
		out = append(out, h.starter.Name+" starts the case")
	}
	for _, id := range h.steps {
		for _, who := range h.doers[id] {
			out = append(out, who.Name+" does "+name(p.Steps[id]))
		}
	}
	return out
}

// Open implements formula.Marking.
func (h past) Open(string) bool { return false }

// Done implements formula.Marking.
func (h past) Done(step string) bool { return len(h.doers[step]) > 0 }

// Times implements formula.Marking.
func (h past) Times(step string) int64 { return int64(len(h.doers[step])) }

// DoneBy implements formula.Marking.
func (h past) DoneBy(step string) []value.Person { return h.doers[step] }

var (
	_       formula.Marking = past{}
	askedBy                 = regexp.MustCompile(`done_by\(\s*["']([a-z0-9-]+)["']\s*\)`)
)

// pasts lists the pasts that make a difference to who may do a task. False: they are too many, or not known.
func (c *crew) pasts(w *definitions.Task) ([]past, bool) {
	out := []past{{doers: map[string][]value.Person{}}}
	source := ""
	if w.Allow != nil {
		source = w.Allow.Source()
	}
	if w.Self != definitions.SelfAllow || strings.Contains(source, "case.starter") {
		starters, ok := c.starters()
		if !ok {
			return nil, false
		}
		out = out[:0]
		for _, p := range starters {
			out = append(out, past{starter: p, doers: map[string][]value.Person{}})
		}
	}
	for _, m := range askedBy.FindAllStringSubmatch(source, -1) {
		st := c.p.Steps[m[1]]
		if slices.Contains(out[0].steps, m[1]) || st == nil {
			continue
		}
		doers, ok := c.doers(st)
		if !ok || len(out)*len(doers) > maxDoers {
			return nil, false
		}
		var more []past
		for _, h := range out {
			for _, list := range doers {
				next := past{starter: h.starter, doers: map[string][]value.Person{}, steps: append(slices.Clip(h.steps), m[1])}
				for _, id := range h.steps {
					next.doers[id] = h.doers[id]
				}
				next.doers[m[1]] = list
				more = append(more, next)
			}
		}
		out = more
		if len(out) == 0 {
			return nil, false
		}
	}
	return out, len(out) > 0
}

// starters are those who may start a case.
func (c *crew) starters() ([]value.Person, bool) {
	var posts []string
	for _, s := range c.p.Starts {
		if s.By.Expr != nil || len(s.By.Posts) == 0 {
			return nil, false
		}
		posts = append(posts, s.By.Posts...)
	}
	out := c.holders(posts)
	return out, len(out) > 0
}

// doers lists who may have done a step: each of those who are asked, alone; of a signed one, one of each post.
func (c *crew) doers(st *definitions.Step) ([][]value.Person, bool) {
	w, ok := st.Work.(*definitions.Task)
	if !ok {
		return [][]value.Person{nil}, true
	}
	if w.By.Expr != nil || len(w.By.Posts) == 0 {
		return nil, false
	}
	if w.Sign == definitions.SignNone {
		var out [][]value.Person
		for _, p := range c.holders(w.By.Posts) {
			out = append(out, []value.Person{p})
		}
		return out, len(out) > 0
	}
	out := [][]value.Person{nil}
	for _, post := range w.By.Posts {
		var more [][]value.Person
		for _, list := range out {
			for _, p := range c.staff.Holders(post) {
				more = append(more, append(slices.Clip(list), p))
			}
		}
		if out = more; len(out) > maxDoers {
			return nil, false
		}
	}
	return out, len(out) > 0
}

// anyone tells whether one of some people may do a task after a past, as the engine asks when the task opens.
func (c *crew) anyone(w *definitions.Task, people []value.Person, h past) bool {
	starter := false
	may := func(p value.Person) bool {
		if w.Self != definitions.SelfAllow && p.ID == h.starter.ID {
			starter = true
			return false
		}
		return c.allowed(w, p, h)
	}
	if slices.ContainsFunc(people, may) {
		return true
	}
	switch {
	case starter && w.Self == definitions.SelfSkip:
		return true
	case starter && slices.ContainsFunc(c.staff.Superiors(h.starter.ID), may):
		return true
	}
	return w.Nobody == definitions.NobodyPost && slices.ContainsFunc(c.holders(w.Stead.Posts), may)
}

// allowed asks `allow`. What it cannot be asked without data is taken to hold.
func (c *crew) allowed(w *definitions.Task, p value.Person, h past) bool {
	if w.Allow == nil || len(w.Allow.Reads()) > 0 {
		return true
	}
	settings := value.Record{}
	for _, s := range c.p.Settings {
		settings[s.Name] = s.Value
	}
	holds, err := w.Allow.Eval(&formula.Scope{
		Data: value.Record{}, Settings: settings, Case: formula.Case{Starter: h.starter, State: "running"},
		Now: time.Unix(0, 0), Zone: c.p.Office.Zone, Actor: &p, Marking: h, Staff: c.staff,
	})
	return holds || err != nil
}
