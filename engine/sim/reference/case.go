package reference

import (
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// Case is one case of a procedure.
type Case struct {
	Broken string // why the case cannot be followed any further: a limit was met, a formula failed; "" = it can
	Trail  *Trail // where it has been, if that is to be noted

	p       *definitions.Procedure
	staff   formula.Staff
	now     time.Time
	status  string
	since   time.Time // when it was suspended
	result  string    // the end that was reached
	starter string
	data    value.Record
	root    *act // the procedure itself, seen as a block
	acts    []*act
	opened  int
	ticks   int // orders what was done, and rounds that ended
	inbox   []kept
	once    []*definitions.Event
	locks   []lock
	agenda  []func()
	moves   int
	did     []Input // that it has taken
	tried   bool    // what comes has been tried already

	undoables []*undoable
}

// act is one run of one step.
type act struct {
	id       int    // in the order of opening
	frame    *frame // nil for the procedure itself
	step     *definitions.Step
	n        int // the n-th run of the step in its frame
	state    string
	stuck    string // what a failed act was about: open or leave
	due      time.Time
	outcome  string
	inner    []*frame
	slots    []*slot
	timers   []*timer
	held     map[*definitions.Event]bool // conditions that held when they were last judged
	total    int                         // rows
	begun    int
	finished int
	missed   []string
	race     *act             // whose ways race, of which this is one
	armed    bool             // it has been open: its timers run
	undoing  bool             // it goes on when others are undone
	owes     []*undoable      // which, before it opens
	back     *Input           // what a called case came to while the case was suspended
	forced   *definitions.Way // by which it is to leave, whatever the guards say
	ate      []*thread        // that made it open
	by       string           // who has answered
	ended    int              // when it was done
	detour   *act             // who waits for it, on a return that comes straight back
	parked   time.Time        // since when it waits for a detour
	lost     bool             // it was taken back
	into     string           // the step inside it at which it begins, by a jump; "" = at its start
	sent     bool             // somebody has sent the case here: `only_while` is not asked
	result   *result          // nil = it has none yet
	past     []*frame         // lists inside it that have come to their end, and may go on
}

// result is when an act had its result.
type result struct {
	opened int      // what is younger came of it
	ticks  int      // when that was
	ends   int      // that the act had reached by then
	timers []*timer // that it had
}

// lock is held by an act: none but those inside it may start that need it.
type lock struct {
	name string // "" = that of a list in any order
	in   *frame // that list's run; nil for a named one
	by   *act
}

// frame is one run of a list of steps.
type frame struct {
	id      int // in the order of opening, with acts
	owner   *act
	graph   *definitions.Graph
	row     int // -1 for other frames
	acts    []*act
	tokens  []*thread // that wait at joins; older ones stand before younger ones
	rounds  []*round
	cleared int // how often all in it was taken back; threads that were on their way are gone then, too
	ends    []ending
	undoes  *undoable // it undoes this, and
	then    func()    // what comes next
}

// thread is one way on which the case moves: it comes to a step, and waits there if the step joins.
type thread struct {
	to   *definitions.Step
	from string // the step that it came from; "" = the start
	by   *act   // that sent it
	id   int    // in the order of waiting; 0 = it did not
}

// ending is a thread's end in a frame.
type ending struct {
	end   string
	by    *act
	error bool // it ended by an error that was taken beside
}

// round is one firing of a join that does not wait for all its inputs. It is kept when it is over: what is taken back
// may open it again.
type round struct {
	join  *definitions.Step
	seen  []*thread
	fired *act
	over  bool
	late  int // when nothing more could come; 0 = it is not over, or all had come
}

type slot struct {
	posts  []string
	state  string // waiting, offered, claimed, started, answered
	holder string
	answer string
}

type timer struct {
	kind  string // timeout, wait
	index int
	at    time.Time
}

type kept struct {
	id      string
	message *definitions.Message
	values  value.Record
	until   time.Time
}

// The states of an activation.
const (
	ready     = "ready"
	open      = "open"
	leaving   = "leaving"
	trailing  = "trailing"
	reverting = "reverting"
	failed    = "failed"
	parked    = "parked"
	done      = "done"
	withdrawn = "withdrawn"
	undone    = "undone"
)

// New is a case to which nothing has happened yet.
func New(p *definitions.Procedure, staff formula.Staff) *Case {
	return &Case{p: p, staff: staff, data: value.Record{}}
}

// alive tells whether an act can still move the case on.
func (a *act) alive() bool {
	return a.state == ready || a.state == open || a.state == leaving || a.state == failed ||
		a.state == reverting || a.state == parked
}

// over tells whether nothing more becomes of an act.
func (a *act) over() bool { return a.state == done || a.state == withdrawn || a.state == undone }

// TooManyMoves is said of a case in which too much happens at once.
const TooManyMoves = "too many moves"

// running settles what follows from an input: the agenda first, then, whenever it is empty, what only shows when all
// is quiet.
func (c *Case) running() {
	for c.moves = 0; c.Broken == ""; {
		if len(c.agenda) == 0 {
			if !c.quiet() {
				return
			}
			continue
		}
		next := c.agenda[0]
		c.agenda = c.agenda[1:]
		if next(); c.moves > 900 {
			c.Broken = TooManyMoves
		}
		c.moves++
	}
}

func (c *Case) later(move func()) { c.agenda = append(c.agenda, move) }

// quiet makes the first move that is due when the agenda is empty.
func (c *Case) quiet() bool {
	return c.admit() || c.judge() || c.closeRound() || c.fireActive() || c.endFrame() || c.enoughRows()
}

// arrive lets a thread come to a step.
func (c *Case) arrive(f *frame, t *thread, race *act) {
	switch {
	case !waits(t.to):
		c.enterBy(f, t.to, nil, t).race = race
	case !slices.Contains(counted(t.to), t.from):
		c.enterBy(f, t.to, nil, t)
	default:
		c.opened++
		t.id = c.opened
		c.join(f, t)
	}
}

// enterBy makes a new run of a step.
func (c *Case) enterBy(f *frame, st *definitions.Step, missed []string, ate ...*thread) *act {
	n := 1
	for _, a := range f.acts {
		if a.step == st {
			n++
		}
	}
	a := c.newAct(f, st, n)
	a.missed, a.ate = missed, ate
	c.Trail.open(f, a)
	f.acts = append(f.acts, a)
	c.later(func() { c.enter(a) })
	return a
}

func (c *Case) newAct(f *frame, st *definitions.Step, n int) *act {
	c.opened++
	a := &act{id: c.opened, frame: f, step: st, n: n, state: ready, held: map[*definitions.Event]bool{}}
	if st.Within != nil {
		a.due = c.moment(a, st.Within, c.now)
	}
	c.acts = append(c.acts, a)
	return a
}

// enter begins the work of a step, if it may.
func (c *Case) enter(a *act) {
	if a.state != ready || a.undoing || !c.mayOpen(a) {
		return
	}
	if _, task := a.step.Work.(*definitions.Task); a.step.Lock != nil && !task {
		c.lock(a)
	}
	for i, t := range a.step.Timeouts {
		if !a.armed {
			a.timers = append(a.timers, &timer{"timeout", i, c.moment(a, t.Time, c.now)})
		}
	}
	a.armed = true
	a.state = open
	switch w := a.step.Work.(type) {
	case *definitions.Junction:
		c.complete(a, "")
	case *definitions.Task:
		a.slots = newSlots(w)
	case *definitions.Wait:
		for i, f := range w.For {
			if f.Time != nil {
				a.timers = append(a.timers, &timer{"wait", i, c.moment(a, f.Time, c.now)})
			}
		}
	case *definitions.Call:
		if w.NoWait {
			c.complete(a, "")
		}
	case *definitions.Block:
		c.begin(a, w.Graph, -1)
	case *definitions.Multi:
		c.spread(a, w)
	case *definitions.Set:
		for _, v := range w.Values {
			c.assign(a, v.Into, v.OfRow, c.compute(a, v.Value))
		}
		c.complete(a, "")
	case *definitions.Repeat:
		a.total, a.finished = 0, 0
		c.nextRound(a, w)
	case *definitions.Decide:
		c.lookUp(a, w)
	case *definitions.Request, *definitions.Job: // until a machine says what came of it
	}
	c.unpack(a)
}

// begin opens a frame: one thread comes to its first step.
func (c *Case) begin(owner *act, g *definitions.Graph, row int) {
	c.opened++
	f := &frame{id: c.opened, owner: owner, graph: g, row: row}
	owner.inner = append(owner.inner, f)
	if owner.into != "" && owner.total < 2 { // later rounds begin at the start
		c.beginInside(f, owner.into)
		return
	}
	for _, st := range entries(g) {
		c.onWay(f, &thread{to: st, by: owner}, nil)
	}
}

// nextRound begins a round of a repeat, unless it is over.
func (c *Case) nextRound(a *act, w *definitions.Repeat) {
	switch {
	case w.While != nil && (a.total > 0 || a.into == "") && !c.holds(a, w.While):
		c.complete(a, over(a))
	case a.total >= w.Limit:
		a.state, a.stuck = failed, open
	default:
		a.total++
		c.begin(a, w.Body, -1)
	}
}

// over is the outcome of a repeat that came to its end by itself: it has a name only where there are others.
func over(a *act) string {
	if len(a.step.Outcomes) == 0 {
		return ""
	}
	return definitions.DoneEnd
}

// spread begins the rows of a multi step.
func (c *Case) spread(a *act, w *definitions.Multi) {
	rows, _ := c.data[w.Table.Name].([]value.Record)
	for _, row := range rows {
		for _, column := range w.Fills {
			delete(row, column.Name)
		}
	}
	a.total, a.begun, a.finished = len(rows), 0, 0
	enough := a.total == 0 || w.Until != nil && c.holds(a, w.Until) // judged before the rows begin
	for !(enough && (w.Cancel || w.InOrder)) && a.begun < a.total && (a.begun == 0 || !w.InOrder) {
		a.begun++
		c.begin(a, w.Body, a.begun-1)
	}
	if enough {
		c.pass(a, w)
	}
}

// enough lets a multi step pass when its `until` holds or nothing is left to do.
func (c *Case) enough(a *act, w *definitions.Multi) bool {
	if a.state != open {
		return false
	}
	if a.finished < a.total && (w.Until == nil || !c.holds(a, w.Until)) {
		return false
	}
	c.pass(a, w)
	return true
}

func (c *Case) enoughRows() bool {
	return slices.ContainsFunc(c.acts, func(a *act) bool {
		w, ok := a.step.Work.(*definitions.Multi)
		return ok && c.enough(a, w)
	})
}

// pass lets a multi step go on with what is there.
func (c *Case) pass(a *act, w *definitions.Multi) {
	if w.Cancel && len(a.inner) > 0 { // they would not come back
		c.close(a)
		a.past = nil
	}
	c.complete(a, "")
}

// complete gives an activation its result.
func (c *Case) complete(a *act, outcome string) {
	a.outcome, a.state = outcome, leaving
	a.result = &result{c.opened, c.ticks, len(a.ends()), a.timers}
	a.timers, a.slots = nil, nil
	c.win(a)
	c.later(func() { c.leave(a) })
}

// leave chooses the ways out of a step and puts a thread on each.
func (c *Case) leave(a *act) {
	if a.state != leaving {
		return
	}
	if a.detour != nil { // it takes no way
		c.done(a)
		c.rejoin(a)
		return
	}
	ways := c.chosen(a)
	if a.forced != nil {
		ways, a.forced = []*definitions.Way{a.forced}, nil
	}
	if len(ways) == 0 && a.frame != nil {
		a.state, a.stuck = failed, leaving
		return
	}
	if a.frame == nil {
		return
	}
	var again *act
	if back := ways[0].Return; back != nil {
		if again = a.cameFrom(back.ID); again == nil {
			a.state, a.stuck = failed, leaving
			return
		}
	}
	cancelled := a.step.Cancels
	if a.around(cancelled) {
		c.done(a)
	}
	if c.cancel(a.frame, a, cancelled); a.frame.gone() {
		return
	}
	if again != nil {
		c.done(a)
		c.doAgain(again, true)
		return
	}
	c.undo(a, c.undoneByWays(a, ways), func() { c.goOn(a, ways) })
}

// around tells whether one of some steps stands around an act.
func (a *act) around(steps []*definitions.Step) bool {
	for at := a.frame.owner; at != nil && at.frame != nil; at = at.frame.owner {
		if slices.Contains(steps, at.step) {
			return true
		}
	}
	return false
}

// done ends an act; of a `for_each` that has passed early the rest trails.
func (c *Case) done(a *act) {
	a.state = done
	if slices.ContainsFunc(a.inner, func(f *frame) bool { return f.undoes == nil }) {
		a.state = trailing
		return
	}
	c.ticks++
	a.ended = c.ticks
	c.canUndo(a)
	for _, t := range a.ate {
		if r := t.by.result; r != nil && a.id > r.opened && !passes(a.step) { // somebody has gone on
			t.by.past = nil
		}
	}
}

// goOn ends an act, and puts a thread on each of its ways.
func (c *Case) goOn(a *act, ways []*definitions.Way) {
	if a.frame.gone() {
		return
	}
	c.done(a)
	for _, w := range ways {
		for range max(1, w.Threads) {
			c.take(a.frame, a, w, a.step.ID)
		}
	}
}

// take puts a thread on a way.
func (c *Case) take(f *frame, by *act, w *definitions.Way, from string) {
	c.Trail.take(w)
	if c.cancel(f, by, w.Cancels); w.To == nil {
		c.reach(f, by, w.End)
		return
	}
	var race *act
	if by != nil && by.step.Choose == definitions.ChooseFirst && by.step.ID == from && slices.Contains(by.step.Ways, w) {
		race = by
	}
	c.onWay(f, &thread{to: w.To, from: from, by: by}, race)
}

// onWay lets a thread come to a step, unless it is taken back meanwhile.
func (c *Case) onWay(f *frame, t *thread, race *act) {
	cleared := f.cleared
	c.later(func() {
		if !f.gone() && f.cleared == cleared && !t.by.lost {
			c.arrive(f, t, race)
		}
	})
}

// reach ends a thread.
func (c *Case) reach(f *frame, by *act, e *definitions.End) {
	if f.gone() {
		return
	}
	if e.Error && f.owner != c.root { // the case's own tells its caller
		c.errorEnd(f, e.ID)
		return
	}
	if e.ID != definitions.StopEnd {
		c.Trail.end(f, e)
	}
	f.ends = append(f.ends, ending{end: e.ID, by: by})
	if e.Cancels {
		c.clear(f)
	}
}

// chosen lists the ways that are taken out of a step.
func (c *Case) chosen(a *act) []*definitions.Way {
	var taken []*definitions.Way
	for _, w := range a.step.Ways {
		if w.Outcome != "" && w.Outcome != a.outcome || w.Else {
			continue
		}
		if w.When == nil || c.holds(a, w.When) {
			if taken = append(taken, w); a.step.Choose == definitions.ChooseOne {
				return taken
			}
		}
	}
	for _, w := range a.step.Ways {
		if len(taken) == 0 && w.Else && (w.Outcome == "" || w.Outcome == a.outcome) {
			return []*definitions.Way{w}
		}
	}
	return taken
}
