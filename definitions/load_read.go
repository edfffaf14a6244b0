package definitions

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// What an office that says nothing else is taken to have.
const (
	usualWork     = 10 * time.Minute
	usualAway     = 12
	usualMistakes = 0.03
)

// DefaultLoad is the load of an office that says nothing of it.
func DefaultLoad() *Load { return &Load{Work: usualWork, Away: usualAway, Mistakes: usualMistakes} }

// readLoad reads how much there is to do, for a bundle that is complete but for it. What names something that does not
// exist is reported.
func readLoad(doc *document, b *Bundle) *Load {
	n, out := doc.root, DefaultLoad()
	if id := n.get("load"); id.isText() && id.str() != b.Office.ID {
		id.fault("unknown-name", report.DidYouMean(id.str(), []string{b.Office.ID}), "this is the office %q", b.Office.ID)
	}
	who := &playReader{office: b.Office, out: &Scenarios{}}
	if begin := n.get("begin"); begin.isText() {
		t, err := value.ParseDate(begin.str(), b.Office.Zone)
		if err != nil {
			begin.fault("type", "", "%v", err)
		}
		out.Begin = t
	}
	for _, e := range n.get("staff").pairs() {
		who.player(e)
	}
	who.substitutes(n.get("staff"))
	out.Staff = who.out.Staff
	share(n.get("away"), 365, &out.Away)
	share(n.get("mistakes"), 1, &out.Mistakes)
	span(n.get("work"), &out.Work)
	out.Cases, out.Steps = map[string]float64{}, map[string]time.Duration{}
	out.Answers, out.Plays = map[string]map[string]float64{}, map[string]map[string]float64{}
	out.hours(n.get("hours"), b.Office)
	for _, e := range n.get("cases").pairs() {
		p := b.Procedure(e.key.str())
		if p == nil {
			var ids []string
			for _, x := range b.Procedures {
				ids = append(ids, x.ID)
			}
			e.key.fault("unknown-procedure", report.DidYouMean(e.key.str(), ids), "there is no procedure %q", e.key.str())
			continue
		}
		out.coming(p, b, e.value)
	}
	return out
}

// hours reads by which calendars the holders of posts work.
func (l *Load) hours(n *node, o *Office) {
	l.Hours = map[string]string{}
	var posts, ids []string
	for _, p := range o.Posts {
		posts = append(posts, p.ID)
	}
	for _, c := range o.Calendars {
		ids = append(ids, c.ID)
	}
	for _, e := range n.pairs() {
		if !slices.Contains(posts, e.key.str()) {
			e.key.fault("unknown-post", hintAmong(e.key.str(), posts), "the office has no post %s", clipped(e.key.str()))
		}
		if !slices.Contains(ids, e.value.str()) {
			e.value.fault("unknown-calendar", hintAmong(e.value.str(), ids), "the office has no calendar %s",
				clipped(e.value.str()))
		}
		l.Hours[e.key.str()] = e.value.str()
	}
}

func (l *Load) coming(p *Procedure, b *Bundle, n *node) {
	often := 0.0
	if !n.isMap() {
		share(n, 10_000, &often)
		l.Cases[p.ID] = often
		return
	}
	share(n.get("a_workday"), 10_000, &often)
	l.Cases[p.ID] = often
	for _, e := range n.get("work").pairs() {
		if s := stepIn(p, e.key); s != nil {
			took := l.Work
			span(e.value, &took)
			l.Steps[p.ID+"."+s.ID] = took
		}
	}
	l.followed(p, b, n.get("plays"))
	for _, e := range n.get("answers").pairs() {
		s := stepIn(p, e.key)
		if s == nil {
			continue
		}
		weights := map[string]float64{}
		for _, a := range e.value.pairs() {
			ids := answerIDs(s)
			if !slices.Contains(ids, a.key.str()) {
				a.key.fault("unknown-answer", report.DidYouMean(a.key.str(), ids), "step %s has no answer %q", s.ID, a.key.str())
				continue
			}
			weight := 0.0
			share(a.value, 1_000_000, &weight)
			weights[a.key.str()] = weight
		}
		l.Answers[p.ID+"."+s.ID] = weights
	}
}

// followed reads how often cases follow the plays of their procedure.
func (l *Load) followed(p *Procedure, b *Bundle, n *node) {
	var titles []string
	for _, s := range b.Scenarios {
		for _, play := range s.Plays {
			if s.Procedure == p {
				titles = append(titles, play.Title)
			}
		}
	}
	for _, e := range n.pairs() {
		if !slices.Contains(titles, e.key.str()) {
			e.key.fault("unknown-name", report.DidYouMean(e.key.str(), titles), "%s has no play %q", p.ID, e.key.str())
			continue
		}
		if l.Plays[p.ID] == nil {
			l.Plays[p.ID] = map[string]float64{}
		}
		weight := 0.0
		share(e.value, 1_000_000, &weight)
		l.Plays[p.ID][e.key.str()] = weight
	}
}

func stepIn(p *Procedure, key *node) *Step {
	s := p.Steps[key.str()]
	if s == nil {
		ids := slices.Sorted(maps.Keys(p.Steps))
		key.fault("unknown-step", report.DidYouMean(key.str(), ids), "%s has no step %q", p.ID, key.str())
	}
	return s
}

func answerIDs(s *Step) []string {
	task, ok := TaskOf(s)
	if !ok {
		return nil
	}
	var out []string
	for _, a := range task.Answers {
		out = append(out, a.ID)
	}
	return out
}

// share reads a number from 0 to most.
func share(n *node, most float64, into *float64) {
	if !n.isText() {
		return
	}
	x, err := strconv.ParseFloat(n.str(), 64)
	if err != nil || !(x >= 0 && x <= most) {
		n.fault("wrong-value", "write a number such as 18 or 0.5", "%s is not a number from 0 to %g", clipped(n.str()), most)
		return
	}
	*into = x
}

func span(n *node, into *time.Duration) {
	if n.isText() {
		if d, err := value.ParseDuration(n.str()); err == nil { // else the grammar has said it
			*into = d
		}
	}
}
