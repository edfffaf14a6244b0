package diagram

import (
	"slices"
	"strconv"
	"strings"
)

// stand is where a node of a case stands; nothing where no case is laid over.
func (d *drawing) stand(n *node) Stand {
	if d.o.State == nil || n.step == nil {
		return Stand{}
	}
	if n.step.Graph == nil { // the case itself
		return d.o.State.Steps[""]
	}
	return d.o.State.Steps[n.step.ID]
}

// status is a node's class.
func (d *drawing) status(n *node) string {
	s := d.stand(n)
	switch {
	case n.step != nil && n.step.Graph == nil: // what may come to the whole case
		if len(n.outs) == 1 && d.passed(n.outs[0]) {
			return "done"
		}
		return ""
	case s.Overdue, s.Failed:
		return "late"
	case s.Open > 0:
		return "open"
	case s.Done > 0, d.reached(n), n.shape == startShape && d.begun(n):
		return "done"
	case s.Left > 0:
		return "left"
	}
	return ""
}

func (d *drawing) reached(n *node) bool {
	return d.o.State != nil && n.end != nil && d.o.State.Ends[n.list+"/"+n.end.ID]
}

// begun tells whether the list that a start begins was entered from there.
func (d *drawing) begun(n *node) bool {
	return slices.ContainsFunc(n.outs, func(a *arrow) bool {
		s := d.stand(a.to)
		return s.Open+s.Done+s.Left > 0
	})
}

// passed tells whether a way was taken.
func (d *drawing) passed(a *arrow) bool {
	if d.o.State == nil {
		return false
	}
	s := d.stand(a.from)
	switch {
	case a.timeout >= 0:
		return slices.Contains(s.Timeouts, a.timeout)
	case a.event >= 0:
		return slices.Contains(s.Events, a.event)
	case a.from.shape == startShape:
		return d.begun(&node{outs: []*arrow{a}})
	}
	return slices.ContainsFunc(a.ways, func(w int) bool { return slices.Contains(s.Ways, w) })
}

// badge says at a node's corner where it stands, in words: colour alone tells too few.
func (p *pen) badge(n *node, left, top float64) {
	if n.step == nil || n.step.Graph == nil {
		return
	}
	s := p.d.stand(n)
	var word string
	count := 0
	switch {
	case s.Failed:
		word = p.d.say("failed")
	case s.Overdue:
		word, count = p.d.say("late"), s.Open
	case s.Open > 0:
		word, count = p.d.say("open"), s.Open
	case s.Done > 0 && n.shape != gateShape:
		word, count = "✓", s.Done
	case s.Left > 0 && s.Done == 0:
		word, count = p.d.say("left"), s.Left
	default:
		return
	}
	if count > 1 {
		word += " ×" + strconv.Itoa(count)
	}
	wide := widthOf(word, smallSize) + 12
	if word == "✓" {
		wide = 17
	}
	x := left - 5
	if n.shape != boxShape && n.shape != blockShape {
		x = left - wide + 8
	}
	// It ends above the step's icon.
	p.put(`<rect class="pill" x="%s" y="%s" width="%s" height="16" rx="8"/>`, num(x), num(top-13), num(wide))
	p.line(word, x+wide/2, top-1, smallSize, "pilltext", ` text-anchor="middle"`)
}

// told is the picture in words, step by step, for those who do not see it.
func (d *drawing) told() string {
	var parts []string
	var tell func(*plane)
	tell = func(pl *plane) {
		for _, n := range pl.nodes {
			if n.shape == endShape || n.shape == startShape && pl.list != "" {
				continue
			}
			parts = append(parts, d.nodeTold(n))
			if n.inner != nil {
				tell(n.inner)
			}
		}
	}
	tell(d.plane)
	return strings.Join(parts, "\n")
}

// nodeTold is a node in words: what it is, who does it, where it stands, where its ways lead.
func (d *drawing) nodeTold(n *node) string {
	text := n.title
	if who := d.doneBy(n); who != "" {
		text = d.fill("step", "title", text, "who", who)
	}
	s := d.stand(n)
	for _, st := range []struct {
		holds bool
		word  string
	}{{s.Failed, "failed"}, {s.Overdue, "late"}, {s.Open > 0, "open"}, {s.Open == 0 && s.Done > 0, "passed"},
		{s.Open+s.Done == 0 && s.Left > 0, "left"}} {
		if st.holds {
			text += d.say("list") + d.say(st.word)
		}
	}
	var ways []string
	for _, a := range slices.Concat(n.outs, n.sides) {
		switch {
		case a.to == nil:
			ways = append(ways, a.label)
		case a.label == "" && a.to.title == "":
		case a.label == "":
			ways = append(ways, "→ "+a.to.title)
		default:
			ways = append(ways, d.fill("leads", "what", a.label, "to", a.to.title))
		}
	}
	if len(ways) == 0 {
		return text
	}
	return text + d.say("colon") + strings.Join(ways, d.say("semicolon"))
}

func (d *drawing) doneBy(n *node) string {
	if n.people != "" {
		return n.people
	}
	if n.shape != boxShape || n.lane == "" {
		return ""
	}
	return d.laneTitle(n.lane)
}
