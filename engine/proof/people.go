package proof

import (
	"fmt"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// maxDoers bounds how many combinations of those who have done earlier steps are tried for one step.
const maxDoers = 20_000

// Deputies lists who does the work of a person in a procedure while that person is away, or will.
type Deputies func(person, procedure string) []value.Person

// Staffed tells of steps, starts and messages for which a staff has nobody, whoever has started the case and done the
// steps before, himself or in the stead of somebody else, and whatever the data say. A list that is computed from data
// is not judged. deputies may be nil: nobody stands in for anybody.
func Staffed(b *definitions.Bundle, staff formula.Staff, deputies Deputies) []report.Problem {
	var out []report.Problem
	for _, p := range b.Procedures {
		c := &crew{p: p, staff: staff, deputies: deputies}
		c.openings()
		c.deeds(p.Case)
		for _, g := range p.Graphs() {
			for _, st := range g.Steps {
				c.deeds(st)
				switch w := st.Work.(type) {
				case *definitions.Task:
					c.task(st, w)
					c.permits(st, w)
				case *definitions.Multi:
					c.rows(st, w)
				case *definitions.Junction, *definitions.Wait, *definitions.Call, *definitions.Block,
					*definitions.Repeat, *definitions.Set, *definitions.Decide, *definitions.Request, *definitions.Job:
				}
			}
		}
		out = append(out, c.found...)
	}
	return report.Sort(out)
}

// crew judges the people of one procedure.
type crew struct {
	p        *definitions.Procedure
	staff    formula.Staff
	deputies Deputies
	many     bool // more pasts than are tried
	found    []report.Problem
}

func (c *crew) add(at report.Place, message, hint string, way []string) {
	c.found = append(c.found, report.Problem{Place: at, Code: "nobody-may", Message: message, Hint: hint, Way: way})
}

// holders are those who hold one of some posts, each once.
func (c *crew) holders(posts []string) []value.Person {
	var out []value.Person
	for _, post := range posts {
		out = addAll(out, c.staff.Holders(post))
	}
	return out
}

func addAll(list, more []value.Person) []value.Person {
	for _, p := range more {
		if !slices.ContainsFunc(list, func(o value.Person) bool { return o.ID == p.ID }) {
			list = append(list, p)
		}
	}
	return list
}

// vacant tells whether people are named by posts that nobody holds.
func (c *crew) vacant(w definitions.Who) bool {
	return w.Expr == nil && len(w.Posts) > 0 && len(c.holders(w.Posts)) == 0
}

// posts names posts as people know them: "Manager (manager) or Gate (gate)".
func (c *crew) posts(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = id
		if k := slices.IndexFunc(c.p.Office.Posts, func(p definitions.Post) bool { return p.ID == id }); k >= 0 {
			names[i] = report.Named(c.p.Office.Posts[k].Title, id)
		}
	}
	return strings.Join(names, " or ")
}

// appoint is a hint for posts that nobody holds.
func (c *crew) appoint(w definitions.Who) string { return "appoint somebody to " + c.posts(w.Posts) }

// openings judges who starts cases, sends messages and answers for the cases.
func (c *crew) openings() {
	for _, s := range c.p.Starts {
		if c.vacant(s.By) {
			c.add(s.By.Place, fmt.Sprintf("nobody may start %s: nobody holds %s", report.Named(c.p.Title, c.p.ID),
				c.posts(s.By.Posts)),
				c.appoint(s.By), nil)
		}
	}
	for _, m := range c.p.Messages {
		if c.vacant(m.By) {
			c.add(m.By.Place, fmt.Sprintf("nobody may send %s: nobody holds %s", report.Named(m.Title, m.ID),
				c.posts(m.By.Posts)),
				c.appoint(m.By), nil)
		}
	}
	if c.vacant(c.p.Manager) {
		c.add(c.p.Manager.Place, fmt.Sprintf("nobody answers for the cases of %s: nobody holds %s",
			report.Named(c.p.Title, c.p.ID), c.posts(c.p.Manager.Posts)), c.appoint(c.p.Manager), nil)
	}
}

// deeds judges whom time limits and events remind, call in or put in the place of others.
func (c *crew) deeds(st *definitions.Step) {
	for _, d := range allDeeds(st) {
		if !c.vacant(d.Who) {
			continue
		}
		what := map[definitions.DeedKind]string{
			definitions.DeedRemind: "be reminded of", definitions.DeedEscalate: "be called in to",
			definitions.DeedReassign: "take over",
		}[d.Kind]
		if what == "" {
			continue
		}
		c.add(d.Who.Place, fmt.Sprintf("nobody is there to %s %s: nobody holds %s", what, called(st), c.posts(d.Who.Posts)),
			c.appoint(d.Who)+", or name another post", nil)
	}
}

// rows judges who adds rows to a step that is done for each, and who ends it early.
func (c *crew) rows(st *definitions.Step, w *definitions.Multi) {
	if w.Add != nil && c.vacant(w.Add.By) {
		c.add(w.Add.By.Place, fmt.Sprintf("nobody is there to add rows to %s: nobody holds %s", called(st),
			c.posts(w.Add.By.Posts)), c.appoint(w.Add.By), nil)
	}
	if w.Finish != nil && c.vacant(*w.Finish) {
		c.add(w.Finish.Place, fmt.Sprintf("nobody is there to end %s early: nobody holds %s", called(st),
			c.posts(w.Finish.Posts)),
			c.appoint(*w.Finish), nil)
	}
}

// permits warns of acts on a task for which nobody is there: it can be done without them.
func (c *crew) permits(st *definitions.Step, w *definitions.Task) {
	for _, one := range []struct {
		key string
		who definitions.Permit
	}{
		{"transfer", w.Transfer}, {"delegate", w.Delegate}, {"add_signer", w.AddSigner}, {"remove_signer", w.RemoveSigner},
	} {
		if one.who.Kind == definitions.PermitSome && c.vacant(one.who.Who) {
			c.add(one.who.Who.Place, fmt.Sprintf("%s of %s names nobody who is there: nobody holds %s", one.key, called(st),
				c.posts(one.who.Who.Posts)), c.appoint(one.who.Who), nil)
			c.found[len(c.found)-1].Severity = report.Warning
		}
	}
}

// task judges one task: each of those who are asked is there, whatever the case has been through. Where the author has
// said what happens when nobody is there, an incident or that it is skipped, that is what is to happen.
func (c *crew) task(st *definitions.Step, w *definitions.Task) {
	if w.Declared && w.Nobody != definitions.NobodyPost {
		return
	}
	for _, who := range each(w) {
		if c.vacant(who) && (w.Nobody != definitions.NobodyPost || c.vacant(w.Stead)) {
			c.add(st.Place, fmt.Sprintf("nobody is there to do %s: nobody holds %s", called(st), c.posts(who.Posts)),
				c.appoint(who)+", or say what happens then: nobody: {post: …}, skip or incident", nil)
			return
		}
	}
	c.many = false
	pasts, sure := c.pasts(st, w)
	if c.many {
		c.add(st.Place, fmt.Sprintf("it cannot be shown that somebody is left for %s: more than %d combinations of people",
			called(st), maxDoers), "let allow ask about fewer steps", nil)
		c.found[len(c.found)-1].Severity = report.Warning
	}
	if !sure {
		return
	}
	for _, who := range each(w) {
		for _, h := range pasts {
			if c.left(st, w, who, h) {
				return
			}
		}
	}
}

// each lists those of whom one must be there: all together, or of several signatures one after the other.
func each(w *definitions.Task) []definitions.Who {
	if w.Sign == definitions.SignNone || w.By.Expr != nil {
		return []definitions.Who{w.By}
	}
	out := make([]definitions.Who, len(w.By.Posts))
	for i, post := range w.By.Posts {
		out[i] = definitions.Who{Posts: []string{post}}
	}
	return out
}

// left tells, and reports, that nobody is left for a task after a past.
func (c *crew) left(st *definitions.Step, w *definitions.Task, who definitions.Who, h past) bool {
	lists, ok := c.named(who, h)
	if !ok {
		return false
	}
	if w.Sign == definitions.SignNone || len(lists) == 0 {
		lists = [][]value.Person{slices.Concat(lists...)}
	}
	for _, list := range lists {
		for _, s := range c.sights(w, h) {
			if len(c.there(w, list, h, []definitions.Sight{s})) > 0 || c.skips(w, list, h, s) {
				continue
			}
			way := c.told(h)
			if len(s.Words) > 0 {
				way = append(way, "the data: "+strings.Join(s.Words, ", "))
			}
			c.add(st.Place, fmt.Sprintf("nobody may do %s in some cases: %s", called(st), c.none(who, list)),
				"let another post do it as well, appoint one more person, or say what happens then: "+
					"nobody: {post: …}, skip or incident", way)
			return true
		}
	}
	return false
}

// none says who there is of those who are asked.
func (c *crew) none(who definitions.Who, list []value.Person) string {
	names := make([]string, len(list))
	for i, p := range list {
		names[i] = p.Name
	}
	switch all := strings.Join(names, ", "); {
	case who.Expr != nil && len(list) == 0:
		return "=" + who.Expr.Source() + " gives nobody"
	case who.Expr != nil:
		return "=" + who.Expr.Source() + " gives " + all + " alone"
	case len(list) == 0:
		return "nobody holds " + c.posts(who.Posts)
	default:
		return c.posts(who.Posts) + " is held by " + all + " alone"
	}
}
