package core

import (
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// What people say on a case moves nothing: to urge who has it now, to copy it to others, to comment. All of it is on
// record, and goes out in the same commit.

// maxUrges is how often a case may be urged within an hour.
const maxUrges = 3

// Urge asks those who hold the case's open tasks to hurry 催辦.
type Urge struct {
	Actor value.Person
	Text  string
}

// CopyCase gives others the case to read 抄送. Who has got it already is passed over.
type CopyCase struct {
	Actor value.Person
	To    []value.Person
	Text  string
}

// Comment puts a word on the record.
type Comment struct {
	Actor value.Person
	Text  string
}

func (Urge) input()     {}
func (CopyCase) input() {}
func (Comment) input()  {}

// Urged says who asked whom to hurry.
type Urged struct {
	By   value.Person        `json:"by,omitzero"`
	To   []formula.Candidate `json:"to,omitempty"`
	At   time.Time           `json:"at,omitzero"`
	Text string              `json:"text,omitempty"`
}

// CaseCopied says who got the case to read.
type CaseCopied struct {
	By   value.Person   `json:"by,omitzero"`
	To   []value.Person `json:"to,omitempty"`
	Text string         `json:"text,omitempty"`
}

// Commented is a word on the case.
type Commented struct {
	By   value.Person `json:"by,omitzero"`
	Text string       `json:"text,omitempty"`
}

// Kind implements Event.
func (Urged) Kind() string { return "urged" }

// Kind implements Event.
func (CaseCopied) Kind() string { return "case-copied" }

// Kind implements Event.
func (Commented) Kind() string { return "commented" }

func (e Urged) apply(_ *definitions.Procedure, s *State) {
	hourAgo := e.At.Add(-time.Hour)
	s.Urged = append(slices.DeleteFunc(s.Urged, func(t time.Time) bool { return !t.After(hourAgo) }), e.At)
}

func (e CaseCopied) apply(_ *definitions.Procedure, s *State) {
	for _, p := range e.To {
		s.Copied = append(s.Copied, p.ID)
	}
}

func (Commented) apply(*definitions.Procedure, *State) {}

// Tell sends a word on the case to people; it blocks nothing.
type Tell struct {
	Kind string // urge, case, comment
	By   string // person's id
	To   []formula.Candidate
	Text string
}

func (Tell) effect() {}

// sayings tells an input that moves nothing on and so is taken whatever the case's status is, but not of a frozen one.
func sayings(in Input) bool {
	switch in.(type) { //nolint:gochecksumtype // all others move the case
	case CopyCase, Comment, HandOver:
		return true
	}
	return false
}

func (m *machine) urge(in Urge) *Rejection {
	to, r := m.toUrge()
	if r != nil {
		return r
	}
	m.emit(Urged{By: in.Actor, To: to, At: m.c.Now, Text: in.Text})
	return nil
}

// toUrge lists who would be urged now: the holder of a task, or else all that it is offered to. It is limited for each
// case and hour.
func (m *machine) toUrge() ([]formula.Candidate, *Rejection) {
	hourAgo := m.c.Now.Add(-time.Hour)
	recent := slices.DeleteFunc(slices.Clone(m.s.Urged), func(t time.Time) bool { return !t.After(hourAgo) })
	if len(recent) >= maxUrges {
		again := recent[0].Add(time.Hour).In(m.p.Office.Zone)
		return nil, &Rejection{Code: UrgedLately, Args: map[string]string{"again": again.Format("15:04")}}
	}
	to := m.present()
	if len(to) == 0 {
		return nil, &Rejection{Code: NobodyToUrge}
	}
	return to, nil
}

// present lists who has the open tasks of the case, each once.
func (m *machine) present() []formula.Candidate {
	var to []formula.Candidate
	for _, a := range m.s.Acts {
		if a.State != Open {
			continue
		}
		for _, slot := range a.Slots {
			switch {
			case !slot.State.Open():
			case slot.Worker() != "":
				to = addCandidates(to, []formula.Candidate{{Person: slot.Worker()}})
			default:
				to = addCandidates(to, slot.Candidates)
			}
		}
	}
	return to
}

func (m *machine) copyCase(in CopyCase) *Rejection {
	var to []value.Person
	for _, p := range in.To {
		twice := slices.ContainsFunc(to, func(q value.Person) bool { return q.ID == p.ID })
		if !twice && !slices.Contains(m.s.Copied, p.ID) {
			to = append(to, p)
		}
	}
	if len(to) > 0 {
		m.emit(CaseCopied{By: in.Actor, To: to, Text: in.Text})
	}
	return nil
}

func (m *machine) comment(in Comment) *Rejection {
	m.emit(Commented{By: in.Actor, Text: in.Text})
	return nil
}

// say decides an input that does not move the case on.
func (m *machine) say(in Input) *Rejection {
	switch in := in.(type) { //nolint:gochecksumtype // decide has the others
	case Urge:
		return m.urge(in)
	case CopyCase:
		return m.copyCase(in)
	case Comment:
		return m.comment(in)
	case HandOver:
		return m.handOver(in)
	}
	panic(&Broken{What: "a saying of an unknown kind"})
}

// tells derives the effects of what was said.
func (m *machine) tell(e Event) {
	switch e := e.(type) { //nolint:gochecksumtype // effectsAfter has the others
	case Urged:
		m.effect(Tell{Kind: "urge", By: e.By.ID, To: e.To, Text: e.Text})
	case CaseCopied:
		to := make([]formula.Candidate, len(e.To))
		for i, p := range e.To {
			to[i].Person = p.ID
		}
		m.effect(Tell{Kind: "case", By: e.By.ID, To: to, Text: e.Text})
	case Commented:
		m.effect(Tell{Kind: "comment", By: e.By.ID, Text: e.Text})
	}
}
