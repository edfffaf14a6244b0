package core

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// A running case is moved to another version of its procedure as it stands: nothing is opened, left or joined by that.
// So each thing that it has must have its like in the other version. Whether the case can still end from there is for
// the proof of that version to say, which is asked before.

// Obstacle is one reason why a case cannot be moved to another version.
type Obstacle struct {
	Code ObstacleCode
	Step string // id of the step that it is about; "" = none
	Name string // what else it is about: a field, a message, an end …
}

// ObstacleCode names a kind of obstacle. Codes are stable and part of the API.
type ObstacleCode string

// The codes of obstacles.
const (
	StepGone       ObstacleCode = "step-gone"        // it is open, and the version has no such step
	StepElsewhere  ObstacleCode = "step-elsewhere"   // it stands in another list there
	StepOther      ObstacleCode = "step-other"       // its work is of another kind there
	SignsOther     ObstacleCode = "signs-other"      // its signatures make an answer in another way there
	AnswerGone     ObstacleCode = "answer-gone"      // what was answered is no answer there
	WorkOther      ObstacleCode = "work-other"       // another table, procedure, system or worker there
	LockOther      ObstacleCode = "lock-other"       // it excludes others than it did
	RaceOther      ObstacleCode = "race-other"       // the steps that race with each other do not there
	JoinOther      ObstacleCode = "join-other"       // threads have come to its join that the join there does not take
	EndGone        ObstacleCode = "end-gone"         // a thread has come to an end that the version does not have
	FieldGone      ObstacleCode = "field-gone"       // it is filled in
	FieldOther     ObstacleCode = "field-other"      // its value does not fit the field there
	FieldMissing   ObstacleCode = "field-missing"    // the version reads it from here on, and it is empty
	WaysClosed     ObstacleCode = "ways-closed"      // what is filled in takes no way out of it, or no row of its table
	MessageOther   ObstacleCode = "message-other"    // a message waits that the version does not take
	PaperGone      ObstacleCode = "paper-gone"       // a paper was issued that the version does not know
	UndoOther      ObstacleCode = "undo-other"       // something was done that is not undone there as it is here
	UndoUnderWay   ObstacleCode = "undo-under-way"   // something is being undone just now
	ClocksStand    ObstacleCode = "clocks-stand"     // it waits for a detour, and its clocks are others there
	ClockUnfit     ObstacleCode = "clock-unfit"      // a formula of the version cannot be computed
	CouldBeStuck   ObstacleCode = "could-be-stuck"   // the proof: from where it stands, it could fail to end
	ThreadsMeet    ObstacleCode = "threads-meet"     // the proof: threads could meet that must not
	TwoOutcomes    ObstacleCode = "two-outcomes"     // the proof: it could come to two outcomes
	CannotBeProved ObstacleCode = "cannot-be-proved" // the proof: too large to be looked through
)

// Migrate moves a case to another version of its procedure. The caller has asked the proof of that version whether it
// covers where the case stands; all else is judged here.
type Migrate struct {
	To        *definitions.Procedure
	Actor     value.Person
	Migration string       // its id: of all cases that are moved together
	Back      bool         // it undoes that migration
	Settings  value.Record // as the office has set them, for those that the case does not have yet
}

// Migrated says that the case goes on by another version.
type Migrated struct {
	Migration string       `json:"migration,omitempty"`
	From      int          `json:"from"`
	To        int          `json:"to"`
	Back      bool         `json:"back,omitempty"`
	Person    value.Person `json:"person,omitzero"`
	At        time.Time    `json:"at,omitzero"`
	Settings  value.Record `json:"settings,omitempty"`
	Dropped   []string     `json:"dropped,omitempty"` // computed fields that the version does not have, or otherwise
	Happened  []Happened   `json:"happened,omitempty"`
	Dues      []ActDue     `json:"dues,omitempty"` // of the activations whose own clock is another
}

// ActDue is when an activation is due; zero = it has no clock of its own.
type ActDue struct {
	Act ID        `json:"act"`
	At  time.Time `json:"at,omitzero"`
}

// MovedTo is a State's last move to another version.
type MovedTo struct {
	Migration string `json:"migration,omitempty"`
	From      int    `json:"from"`
	Back      bool   `json:"back,omitempty"` // it undid that migration
	Seq       int64  `json:"seq"`            // number of the event
}

// MovedToOf reads from a stored state how its case was last moved; nil = never.
func MovedToOf(raw []byte) *MovedTo {
	var in struct {
		MovedTo *MovedTo `json:"moved_to"`
	}
	if json.Unmarshal(raw, &in) != nil {
		return nil
	}
	return in.MovedTo
}

// Kind implements Event.
func (Migrated) Kind() string { return "migrated" }

func (e Migrated) apply(_ *definitions.Procedure, s *State) {
	s.Version, s.Settings, s.Happened = e.To, e.Settings, slices.Clone(e.Happened)
	s.MovedTo = &MovedTo{Migration: e.Migration, From: e.From, Back: e.Back, Seq: s.Seq}
	for _, path := range e.Dropped {
		for _, row := range rowsWith(s.Data, path) {
			setAt(s.Data, path, row, nil)
		}
	}
	for _, d := range e.Dues {
		s.act(d.Act).Due = d.At
	}
	for _, a := range s.Acts { // what ended by the other version is over
		s.forget(a.ID)
	}
}

// rowsWith lists the rows in which a field stands; -1 alone for one that is no column.
func rowsWith(data value.Record, path string) []int {
	head, _, _ := strings.Cut(path, ".")
	rows, table := data[head].([]value.Record)
	if !table {
		return []int{-1}
	}
	out := make([]int, len(rows))
	for i := range out {
		out[i] = i
	}
	return out
}

func (Migrate) input() {}

// Movable tells what keeps a case from being moved as in says, and how it would stand if nothing does: before anything
// that the other version then does by itself. It changes nothing.
func Movable(p *definitions.Procedure, s *State, in Migrate, c Context) (*State, []Obstacle) {
	after := &machine{p: p, s: s.Clone(), c: c}
	if list := after.obstacles(in.To); len(list) > 0 {
		return nil, list
	}
	if wrong := after.moveTo(in); wrong != nil {
		return nil, []Obstacle{*wrong}
	}
	if list := after.closedWays(); len(list) > 0 {
		return nil, list
	}
	return after.s, nil
}

// migrate moves the case, and lets it go on by the other version.
func (m *machine) migrate(in Migrate) *Rejection {
	if _, list := Movable(m.p, m.s, in, m.c); len(list) > 0 {
		o := list[0]
		return &Rejection{Code: CannotMove, Args: map[string]string{
			"why": string(o.Code), "step": o.Step, "name": o.Name,
		}}
	}
	m.moveTo(in)
	d := m.draftOf(rowRef{})
	if wrong := m.save(d, m.scopeIn(0)); wrong != nil {
		m.stick(1, Beside, wrong)
	}
	for _, a := range slices.Clone(m.s.Acts) {
		st := m.step(a)
		if a.State.Over() || st == nil {
			continue
		}
		if wrong := m.follow(a, st); wrong != nil {
			m.stick(a.ID, Beside, wrong)
		}
		if a.State == Ready && a.Undo == nil && st.Lock == nil && st.OnlyWhile == nil { // it need not wait any more
			m.push(move{kind: openMove, act: a.ID})
		}
	}
	return nil
}

// follow lets an open activation wait for the messages that the version takes, and takes those that wait for it.
func (m *machine) follow(a *Activation, st *definitions.Step) *Incident {
	if a.State != Open {
		return nil
	}
	for _, k := range slices.Clone(a.Keys) {
		if msg := message(m.p, k.Name); msg == nil || msg.Key == nil || len(m.waitsFor(a, st, msg)) == 0 {
			m.emit(Unsubscribed{Act: a.ID, Key: k})
		}
	}
	if wrong := m.subscribe(a, st); wrong != nil {
		return wrong
	}
	m.takeKept(a, st)
	return nil
}

// moveTo makes the machine go on by the other version, with the clocks that this one has.
func (m *machine) moveTo(in Migrate) *Obstacle {
	from := m.p
	e := Migrated{
		Migration: in.Migration, From: m.s.Version, To: in.To.Version, Back: in.Back, Person: in.Actor, At: m.c.Now,
		Settings: m.settingsFor(in), Dropped: m.dropped(in.To), Happened: m.happenedIn(in.To),
	}
	dues, wrong := m.duesIn(in.To, e)
	if wrong != nil {
		return wrong
	}
	e.Dues = dues
	m.p = in.To
	m.emit(e)
	for _, a := range slices.Clone(m.s.Acts) {
		if old := stepAt(from, m.s, a); old != nil && !a.State.Over() && a.Armed {
			if wrong := m.reclock(a, old, m.step(a)); wrong != nil {
				return wrong
			}
		}
	}
	return nil
}

// stepAt is the step that an activation runs by a version; nil if it has none.
func stepAt(p *definitions.Procedure, s *State, a *Activation) *definitions.Step {
	if a.Frame == 0 {
		return p.Case
	}
	if g := graphAt(p, s, s.frame(a.Frame)); g != nil {
		return g.Step(a.Step)
	}
	return nil
}

// graphAt is graphOf for a version that need not have the list.
func graphAt(p *definitions.Procedure, s *State, f *Frame) *definitions.Graph {
	if f.Undoes != nil {
		return nil
	}
	st := stepAt(p, s, s.act(f.Owner))
	if st == nil {
		return nil
	}
	return st.Inside()
}

// settingsFor keeps the settings that the case has; new ones are as the office has set them.
func (m *machine) settingsFor(in Migrate) value.Record {
	set := value.Record{}
	for _, s := range in.To.Settings {
		if v, ok := in.Settings[s.Name]; ok {
			set[s.Name] = v
		}
		for _, old := range m.p.Settings {
			if v, ok := m.s.Settings[s.Name]; ok && old.Name == s.Name && fits(old.Field, s.Field, v, m.p) == nil {
				set[s.Name] = v
			}
		}
	}
	return Settings(in.To, set)
}

// dropped lists the computed fields whose values the other version cannot have: it computes its own.
func (m *machine) dropped(to *definitions.Procedure) []string {
	var out []string
	for _, r := range m.p.Rules {
		if r.Value == nil {
			continue
		}
		f := to.Data.Field(r.Field.Path)
		for _, row := range rowsWith(m.s.Data, r.Field.Path) {
			v := getAt(m.s.Data, r.Field.Path, row)
			if v != nil && (f == nil || fits(r.Field, f, v, m.p) != nil) {
				out = append(out, r.Field.Path)
				break
			}
		}
	}
	return out
}

// happenedIn translates what has happened once into the events of the other version.
func (m *machine) happenedIn(to *definitions.Procedure) []Happened {
	var out []Happened
	for _, h := range m.s.Happened {
		old, now := m.p.Steps[h.Step], to.Steps[h.Step]
		if h.Step == m.p.ID && old == nil {
			old, now = m.p.Case, to.Case
		}
		if old == nil || now == nil {
			continue
		}
		if j := likeIn(old.Events, now.Events, h.Event, sameEvent); j >= 0 {
			h.Event = j
			out = append(out, h)
		}
	}
	return out
}

// sameEvent tells whether two events wait for the same.
func sameEvent(x, y *definitions.Event) bool {
	if (x.Message == nil) != (y.Message == nil) || (x.When == nil) != (y.When == nil) || x.Error != y.Error {
		return false
	}
	return x.Message == nil && (x.When == nil || x.When.Source() == y.When.Source()) ||
		x.Message != nil && x.Message.ID == y.Message.ID
}

// likeIn finds the like of the i-th of a list in another one: the n-th that is the same, if it is the n-th here; -1 =
// there is none.
func likeIn[T any](list, other []T, i int, same func(x, y T) bool) int {
	n := 0
	for _, x := range list[:i] {
		if same(x, list[i]) {
			n++
		}
	}
	for j, y := range other {
		if !same(list[i], y) {
			continue
		}
		if n == 0 {
			return j
		}
		n--
	}
	return -1
}

// duesIn computes the clocks of the open steps whose `within` is another one there.
func (m *machine) duesIn(to *definitions.Procedure, e Migrated) ([]ActDue, *Obstacle) {
	after := &machine{p: to, s: m.s.Clone(), c: m.c}
	Apply(to, after.s, e)
	var out []ActDue
	for _, a := range m.s.Acts {
		old, now := stepAt(m.p, m.s, a), stepAt(to, m.s, a)
		if a.State.Over() || old == nil || now == nil || sameWhen(old.Within, now.Within) {
			continue
		}
		if a.State == Parked {
			return nil, &Obstacle{Code: ClocksStand, Step: a.Step}
		}
		due := ActDue{Act: a.ID}
		if now.Within != nil {
			at, err := now.Within.At(after.scope(after.act(a.ID)), a.Opened)
			if err != nil {
				return nil, &Obstacle{Code: ClockUnfit, Step: a.Step, Name: now.Within.Source()}
			}
			due.At = at.Add(a.Stood)
		}
		out = append(out, due)
	}
	return out, nil
}

func sameWhen(x, y *formula.When) bool {
	if x == nil || y == nil {
		return x == y
	}
	return x.Source() == y.Source()
}
