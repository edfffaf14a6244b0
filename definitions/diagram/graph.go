package diagram

import (
	"slices"
	"strconv"
	"strings"

	"github.com/guicheng/guicheng/definitions"
)

// shape is what a node looks like.
type shape uint8

const (
	boxShape shape = iota
	gateShape
	startShape
	eventShape // something that comes from outside: a message to the whole case, a wait for one thing
	endShape
	blockShape
)

// gate is what stands in a diamond.
type gate uint8

const (
	noGate      gate = iota
	oneGate          // ×
	allGate          // +
	someGate         // ○
	complexGate      // ✳
	eventGate        // a pentagon in a ring
)

// icon is the sign in a box or an event.
type icon uint8

const (
	noIcon icon = iota
	personIcon
	peopleIcon
	tableIcon
	scriptIcon
	gearIcon
	workerIcon
	callIcon
	clockIcon
	letterIcon
	conditionIcon
	errorIcon
	undoIcon
	stopIcon
)

// node is one thing in the picture that ways lead to and from.
type node struct {
	id     string // unique in the picture, and its id in the SVG
	shape  shape
	step   *definitions.Step
	end    *definitions.End
	list   string // id of the block that it stands in; "" = the procedure
	title  string
	people string // who does it, where its lane does not say it
	clock  string // how long it may take
	lane   string
	sent   string // the lane of what several may send, where nothing that comes of it has one
	icon   icon
	marks  []mark
	join   gate
	split  gate
	joins  string // what is said beside the join
	outs   []*arrow
	sides  []*arrow // what happens beside: timeouts, messages, errors
	undone bool     // undoes another step: no way leads to it
	inner  *plane
	wide   bool // a block in which several posts work: it stands across all lanes

	rank, column int
	cell         cell
}

// mark is a sign at the foot of a box.
type mark uint8

const (
	loopMark mark = iota
	togetherMark
	inTurnMark
	anyOrderMark
)

// arrow leads from a node to another.
type arrow struct {
	from, to  *node
	label     string
	icon      icon // of the event at its root; noIcon = a plain way
	beside    bool // it does not interrupt
	otherwise bool // taken when no other was
	back      bool // leads to what comes before
	dotted    bool
	ways      []int // of the step
	timeout   int   // -1 = none
	event     int   // -1 = none
	side      bool
	turned    bool // its label stands to its left

	text   []string // the label as it is wrapped
	port   float64  // where it leaves its cell, from the cell's axis
	root   float64  // of a side: how far below the top of its box
	via    int      // the channel between columns that it takes; -1 = none, -2 = straight through its target's column
	points []point
	labelX float64
	labelY float64
	labelW float64
}

func plain(from, to *node) *arrow { return &arrow{from: from, to: to, timeout: -1, event: -1} }

// plane is one list of steps with its lanes.
type plane struct {
	list    string
	nodes   []*node
	lanes   []*lane
	titled  bool // its lanes have heads
	columns []column
	rows    []row
	between []channel // beside columns: one before the first, then one after each
	levels  []channel // above rows, and one below the last
	taken   []passage // columns that ways go straight through
	margin  float64   // room before the columns for what stands across all lanes
	left    float64
	top     float64
	width   float64
	height  float64
}

// lane is what one post does.
type lane struct {
	key, title string
	columns    int
	left       float64
	right      float64
}

// procedure makes the nodes of the whole procedure.
func (d *drawing) procedure() *plane {
	block, ok := d.p.Case.Work.(*definitions.Block)
	if !ok {
		return &plane{}
	}
	pl, at := d.list(block.Graph, "")
	var starts []*node
	for i, s := range d.p.Starts {
		n := &node{id: "start-" + strconv.Itoa(i), shape: startShape, title: d.startTitle(s), lane: d.whoLane(s.By)}
		switch {
		case s.Schedule != nil:
			n.icon, n.lane = clockIcon, ""
		case s.Message != nil:
			n.icon, n.lane = letterIcon, ""
		}
		starts = append(starts, n)
	}
	if len(starts) == 0 {
		starts = append(starts, &node{id: "start-0", shape: startShape, title: d.say("start")})
	}
	for _, n := range starts {
		d.begin(n, block.Graph, at)
	}
	pl.nodes = append(starts, pl.nodes...)
	d.comingEvents(pl, at)
	d.settle(pl)
	return pl
}

// begin leads a start to where its list begins.
func (d *drawing) begin(n *node, g *definitions.Graph, at map[string]*node) {
	entries := g.Entries
	if len(entries) == 0 && len(g.Steps) > 0 {
		entries = g.Steps[:1]
	}
	for _, s := range entries {
		n.outs = append(n.outs, plain(n, at[s.ID]))
	}
}

// comingEvents are what may happen to the whole case.
func (d *drawing) comingEvents(pl *plane, at map[string]*node) {
	c := d.p.Case
	for _, a := range d.sides(&node{step: c}, c, pl, at) {
		n := &node{id: "event-" + strconv.Itoa(len(pl.nodes)), shape: eventShape, icon: a.icon, title: a.label, step: c}
		if a.event >= 0 && c.Events[a.event].Message != nil {
			n.sent = d.whoLane(c.Events[a.event].Message.By)
			if len(c.Events[a.event].Message.By.Posts) < 2 {
				n.lane = n.sent
			}
		}
		a.label, a.side, a.from = "", false, n
		n.outs = []*arrow{a}
		if a.to == nil {
			n.outs = nil
		}
		pl.nodes = append(pl.nodes, n)
	}
}

// list makes the nodes of one list of steps, and says which is which.
func (d *drawing) list(g *definitions.Graph, id string) (*plane, map[string]*node) {
	pl := &plane{list: id}
	at := map[string]*node{}
	for _, s := range g.Steps {
		n := d.node(s)
		n.list = id
		at[s.ID] = n
		pl.nodes = append(pl.nodes, n)
	}
	for _, s := range g.Steps {
		n := at[s.ID]
		n.outs = d.outs(n, s, pl, at)
		n.sides = d.sides(n, s, pl, at)
		if s.Compensate != nil {
			a := plain(n, at[s.Compensate.ID])
			a.icon, a.dotted, a.side, a.beside = undoIcon, true, true, true
			n.sides = append(n.sides, a)
		}
		if n.split == eventGate {
			continue
		}
		if len(n.outs) > 1 || len(n.outs) == 1 && n.outs[0].label != "" && slices.ContainsFunc(s.Ways, guarded) {
			n.split = splitOf(s)
		}
		if n.shape == gateShape && n.split == noGate {
			n.split = n.join
		}
		if n.shape == gateShape {
			n.join = noGate
		}
	}
	return pl, at
}

func guarded(w *definitions.Way) bool { return w.When != nil }

func splitOf(s *definitions.Step) gate {
	switch {
	case s.Choose == definitions.ChooseFirst:
		return eventGate
	case s.Choose == definitions.ChooseOne:
		return oneGate
	case slices.ContainsFunc(s.Ways, guarded):
		return someGate
	}
	return allGate
}

// node makes the node of a step, without its ways.
func (d *drawing) node(s *definitions.Step) *node {
	n := &node{id: "step-" + s.ID, step: s, title: d.text(s.Title), undone: s.Undoes}
	if s.Within != nil {
		n.clock = d.fill("within", "time", d.when(s.Within))
	}
	n.join, n.joins = d.joinOf(s)
	d.work(n, s.Work)
	return n
}

// work gives a node the look of what its step does.
func (d *drawing) work(n *node, w definitions.Work) {
	switch x := w.(type) {
	case *definitions.Junction:
		n.shape = gateShape
	case *definitions.Task:
		n.icon, n.lane = personIcon, d.whoLane(x.By)
		if x.Sign != definitions.SignNone {
			n.icon = peopleIcon
		}
		if len(x.By.Posts) > 1 || d.o.Narrow {
			n.people = d.who(x.By)
		}
	case *definitions.Wait:
		n.shape, n.icon = eventShape, d.waitIcon(x)
		if len(x.For) > 1 {
			n.shape = gateShape
			n.split = eventGate
		}
	case *definitions.Call:
		n.icon = callIcon
	case *definitions.Set:
		n.icon = scriptIcon
	case *definitions.Decide:
		n.icon = tableIcon
	case *definitions.Request:
		n.icon, n.people = gearIcon, d.system(x.System)
	case *definitions.Job:
		n.icon = workerIcon
	case *definitions.Block:
		d.block(n, x.Graph)
	case *definitions.Multi:
		m := togetherMark
		if x.InOrder {
			m = inTurnMark
		}
		d.many(n, x.Body, m)
		n.marks = append(n.marks, m)
	case *definitions.Repeat:
		d.many(n, x.Body, loopMark)
		n.marks = append(n.marks, loopMark)
		n.clock = d.rounds(x)
	}
}

// many draws what runs several times: a single kind of work as the box that it is, a list as a block.
func (d *drawing) many(n *node, body *definitions.Graph, _ mark) {
	if len(body.Steps) == 1 && body.Steps[0].ID == n.step.ID {
		d.work(n, body.Steps[0].Work)
		return
	}
	d.block(n, body)
}

func (d *drawing) block(n *node, g *definitions.Graph) {
	n.shape = blockShape
	if g.AnyOrder {
		n.marks = append(n.marks, anyOrderMark)
	}
	pl, at := d.list(g, n.step.ID)
	start := &node{id: "start-" + n.step.ID, shape: startShape}
	d.begin(start, g, at)
	pl.nodes = append([]*node{start}, pl.nodes...)
	d.settle(pl)
	n.inner = pl
	n.wide = len(pl.lanes) > 1 || slices.ContainsFunc(pl.nodes, func(n *node) bool { return n.wide })
	if !n.wide {
		n.lane = pl.lanes[0].key
	}
}

func (d *drawing) joinOf(s *definitions.Step) (gate, string) {
	switch s.Join.Kind {
	case definitions.JoinAll:
		return allGate, ""
	case definitions.JoinActive:
		return someGate, ""
	case definitions.JoinSome:
		return complexGate, d.fill("of", "n", strconv.Itoa(s.Join.N), "all", strconv.Itoa(len(s.Inputs)))
	case definitions.JoinThreads:
		return complexGate, d.fill("threads", "n", strconv.Itoa(s.Join.N))
	case definitions.JoinNone, definitions.JoinEach:
	}
	return noGate, ""
}

func (d *drawing) waitIcon(w *definitions.Wait) icon {
	if len(w.For) == 0 {
		return noIcon
	}
	return iconOf(w.For[0])
}

func iconOf(f *definitions.WaitFor) icon {
	switch {
	case f.Message != nil:
		return letterIcon
	case f.When != nil:
		return conditionIcon
	}
	return clockIcon
}

// outs are the ways out of a step. Those that lead to the same place are one arrow.
func (d *drawing) outs(n *node, s *definitions.Step, pl *plane, at map[string]*node) []*arrow {
	var list []*arrow
	for _, w := range s.Ways {
		to := d.leads(w, s, pl, at)
		label := d.wayLabel(s, w)
		i := slices.IndexFunc(list, func(a *arrow) bool { return a.to == to && w.Return == nil && !a.back })
		if i >= 0 {
			a := list[i]
			a.ways = append(a.ways, w.Index)
			a.otherwise = a.otherwise || d.otherwise(s, w)
			a.label = joined(a.label, label, d.say("or"))
			continue
		}
		a := plain(n, to)
		a.label, a.ways, a.otherwise, a.back = label, []int{w.Index}, d.otherwise(s, w), w.Return != nil
		if wait, ok := s.Work.(*definitions.Wait); ok && len(wait.For) > 1 {
			for _, f := range wait.For {
				if f.Outcome == w.Outcome {
					a.icon = iconOf(f)
				}
			}
		}
		list = append(list, a)
	}
	if len(list) == 1 && !slices.ContainsFunc(s.Ways, guarded) && len(s.Ways) > 1 {
		list[0].label = "" // whatever comes of it leads there
	}
	return list
}

func joined(a, b, or string) string {
	switch {
	case a == "" || b == "":
		return ""
	case a == b:
		return a
	}
	return a + or + b
}

// leads is the node that a way leads to. A thread that just ends has an end of its own.
func (d *drawing) leads(w *definitions.Way, s *definitions.Step, pl *plane, at map[string]*node) *node {
	switch {
	case w.To != nil:
		return at[w.To.ID]
	case w.Return != nil:
		return at[w.Return.ID]
	}
	key := pl.list + "/" + w.End.ID
	if w.End.ID == definitions.StopEnd {
		key += "/" + s.ID
	}
	if n := at[key]; n != nil {
		return n
	}
	n := &node{id: "end-" + strings.Trim(strings.ReplaceAll(key, "/", "-"), "-"), shape: endShape, end: w.End,
		list: pl.list, title: d.text(w.End.Title)}
	if n.title == "" && w.End.ID == definitions.DoneEnd && pl.list == "" {
		n.title = d.say("done")
	}
	switch {
	case w.End.Error:
		n.icon = errorIcon
	case w.End.Cancels:
		n.icon = stopIcon
	}
	at[key] = n
	pl.nodes = append(pl.nodes, n)
	return n
}

// sides are the timeouts and events of a step.
func (d *drawing) sides(n *node, s *definitions.Step, pl *plane, at map[string]*node) []*arrow {
	var list []*arrow
	add := func(a *arrow, do *definitions.Deed, label string) {
		a.side, a.beside = true, do.Kind != definitions.DeedTo && do.Kind != definitions.DeedFinish
		if do.Way != nil {
			a.to = d.leads(do.Way, s, pl, at)
			a.label = label
		} else {
			a.label = d.deed(do, label)
		}
		list = append(list, a)
	}
	for _, t := range s.Timeouts {
		a := plain(n, nil)
		a.icon, a.timeout = clockIcon, t.Index
		add(a, &t.Do, d.timeLabel(t))
	}
	for _, e := range s.Events {
		a := plain(n, nil)
		a.event = e.Index
		switch {
		case e.Message != nil:
			a.icon = letterIcon
			add(a, &e.Do, d.text(e.Message.Title))
		case e.When != nil:
			a.icon = conditionIcon
			add(a, &e.Do, d.guard(e.When))
		default:
			a.icon = errorIcon
			add(a, &e.Do, d.errorTitle(e.Error))
		}
	}
	return list
}
