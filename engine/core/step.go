package core

import (
	"strconv"

	"github.com/guicheng/guicheng/definitions"
)

// Limits of one Step and of one case.
const (
	maxMoves = 1_000  // in one Step; what is left then becomes incidents, nothing is lost
	maxVain  = 1_000  // runs of a step, of which the last one's time is over before it has begun
	maxActs  = 10_000 // activations kept in a case at once
	maxDepth = 32     // calls within calls
	maxRows  = 10_000 // of one `for_each`
	// maxRowsOfStep are begun in one Step, so that a large table does not use up its moves; the rest follows at once.
	maxRowsOfStep = 250
	// maxComputed bounds the texts that one change computes, in bytes: rows times columns would multiply otherwise.
	maxComputed = 1 << 20
)

// Outcome is what one input came to.
type Outcome struct {
	Events    []Event
	Effects   []Effect
	Rejection *Rejection
	Preview   *Preview // of an input that was dry: what it would come to; nothing has happened
}

// New is a case to which nothing has happened yet.
func New(office, id string) *State { return &State{Office: office, Case: id} }

// ChildCase is the id of the case that a case starts by its call number call.
func ChildCase(parent string, call ID) string {
	return parent + "." + strconv.FormatInt(int64(call), 10)
}

// Step moves a case by one input. It is pure: no clock, no randomness, no I/O.
//
// The caller owns s. When the input is accepted, s has become the new state and Events say how; when it is
// rejected, s is as it was and Rejection says why. It panics with *Broken when an invariant of the core does not
// hold; s is worthless then.
func Step(p *definitions.Procedure, s *State, in Input, c Context) Outcome {
	c.Now = c.Now.UTC().Round(0)
	m := &machine{p: p, s: s, c: c}
	m.events, m.effects, m.agenda = m.room.events[:0], m.room.effects[:0], m.room.agenda[:0]
	if r := m.gate(in); r != nil {
		return Outcome{Rejection: r}
	}
	if wet, dry := wetOf(in); dry {
		return tryOut(p, s, wet, c)
	}
	if r := m.decide(in); r != nil {
		if len(m.events) > 0 {
			panic(&Broken{What: "rejected after an event: " + r.Error()})
		}
		return Outcome{Rejection: r}
	}
	m.settle()
	m.rekey()
	m.mustHold()
	return Outcome{Events: m.events, Effects: coalesce(m.effects)}
}

// machine is one Step under way.
type machine struct {
	p       *definitions.Procedure
	s       *State
	c       Context
	events  []Event
	effects []Effect
	agenda  []move
	moves   int
	drawn   map[string]int64 // last number drawn in this Step, by series
	blind   bool             // it follows threads alone: no work, no data
	hopes   *hopes           // of the searches so far; nil = there was none
	staff   bool             // people of the office have changed
	tells   bool             // it only tells what may be done: what is not known of may
	room    room
}

// room is what an ordinary Step needs, in one allocation.
type room struct {
	events  [16]Event
	effects [8]Effect
	agenda  [8]move
}

// emit makes an event happen: it is applied at once, and its effects are derived from it.
func (m *machine) emit(e Event) {
	if m.blind {
		Apply(m.p, m.s, e)
		m.events = append(m.events, e)
		return
	}
	m.effectsBefore(e)
	Apply(m.p, m.s, e)
	m.events = append(m.events, e)
	m.effectsAfter(e)
}

// next gives a fresh ID. Apply counts the state's counter up when the ID is used, so unused ones come again.
func (m *machine) next() ID { return m.s.Counter + 1 }

// gate refuses what no state of this kind can take.
func (m *machine) gate(in Input) *Rejection {
	if _, ok := in.(Start); ok {
		if m.s.Status != "" {
			return &Rejection{Code: Repeated}
		}
		return nil
	}
	switch m.s.Status {
	case Running:
		return nil
	case Suspended:
		return m.standsStill(in)
	case Frozen:
		return &Rejection{Code: CaseFrozen}
	case Finished, Cancelled:
		if sayings(in) {
			return nil
		}
		return &Rejection{Code: CaseEnded, Args: map[string]string{"number": m.s.Number}}
	}
	return &Rejection{Code: NotOpen}
}

// decide reads the input against the state and makes its first events.
func (m *machine) decide(in Input) *Rejection {
	switch in := in.(type) {
	case Start:
		return m.start(in)
	case Claim, StartWork, Release, SaveDraft, Complete, Transfer, Delegate, AddSigners, RemoveSigner:
		return m.actOnTask(in)
	case Deliver:
		return m.deliver(in)
	case Due:
		return m.due(in)
	case ChildEnded:
		if m.s.Status == Suspended {
			return m.holdChild(in)
		}
		return m.childEnded(in)
	case JobDone:
		return m.jobDone(in)
	case JobFailed:
		return m.jobFailed(in)
	case Cancel:
		return m.cancel(in)
	case StaffChanged:
		m.staff = true
		return nil
	case Retry:
		return m.retry(in)
	case Urge, CopyCase, Comment, HandOver:
		return m.say(in)
	case AddRow:
		return m.addRow(in)
	case FinishRows:
		return m.finishRows(in)
	case Return:
		return m.giveBack(in)
	case Recall:
		return m.recall(in)
	case Revoke:
		return m.revoke(in)
	case Jump:
		return m.jump(in)
	case Suspend:
		return m.suspend(in)
	case Resume:
		return m.resume(in)
	case Skip:
		return m.skip(in)
	case Migrate:
		return m.migrate(in)
	}
	panic(&Broken{What: "input of an unknown kind"})
}

// moveKind says what a move does.
type moveKind uint8

const (
	arriveMove moveKind = iota + 1 // a thread comes to a step
	openMove                       // an activation begins its work
	leaveMove                      // an activation's work has a result
)

// move is one entry of the agenda.
type move struct {
	kind  moveKind
	act   ID // to open or to leave
	frame ID // to arrive in
	step  *definitions.Step
	from  Eaten // whence a thread arrives
	race  ID    // the activation whose ways race; 0 = none
	way   int   // by which to leave, counted from 1; 0 = as the guards say
}

func (m *machine) push(v move) { m.agenda = append(m.agenda, v) }

// settle runs the agenda first in, first out; whenever it is empty it asks what else can happen by itself.
func (m *machine) settle() {
	for {
		for len(m.agenda) > 0 {
			v := m.agenda[0]
			m.agenda = m.agenda[1:]
			m.moves++
			if v.kind != arriveMove && (m.moves > maxMoves || len(m.s.Acts) > maxActs) {
				m.park(v)
				continue
			}
			m.do(v)
		}
		if m.s.Status != Running || m.moves > maxMoves {
			return
		}
		if !m.quiet() {
			if !m.blind {
				m.tellStalled()
			}
			return
		}
	}
}

func (m *machine) do(v move) {
	switch v.kind {
	case arriveMove:
		m.arrive(v)
	case openMove:
		switch a := m.act(v.act); {
		case a == nil || a.State != Ready:
		case m.blind:
			m.emit(Moved{Act: a.ID, To: Open})
		default:
			m.open(a)
		}
	case leaveMove:
		if a := m.act(v.act); a != nil && a.State == Leaving {
			m.leave(a, v.way)
		}
	}
}

// park turns a move beyond the limit into an incident that a retry can take up. Threads still arrive: that alone
// begins nothing.
func (m *machine) park(v move) {
	phase := AtOpen
	if v.kind == leaveMove {
		phase = AtLeave
	}
	if a := m.act(v.act); a != nil && (a.State == Ready || a.State == Leaving) {
		m.stick(v.act, phase, &Incident{Code: "too-many-moves", Message: "this act set too much in motion at once"})
	}
}

// quiet looks, in a fixed order, for what can happen by itself now that nothing moves. It reports whether it moved.
func (m *machine) quiet() bool {
	if m.blind {
		return m.closeRounds() || m.fireActive()
	}
	return m.admitted() || m.conditions() || m.closeRounds() || m.fireActive() || m.emptyFrames() || m.enough() ||
		m.deserted()
}
