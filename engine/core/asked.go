package core

import (
	"math/big"
	"slices"
	"strconv"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// Who is asked when a task opens: those whom it names, unless only the starter could do it (`self`) or nobody is
// there (`nobody`), and unless they have approved before (`again`).

// signer is one of those who are asked, with what his signature counts.
type signer struct {
	list   []formula.Candidate
	weight *big.Rat // nil = 1
}

// asked lists who is asked: one entry of those who may all do it, or of several signatures one for each. None: the
// task is skipped.
func (m *machine) asked(a *Activation, w *definitions.Task) ([]signer, *Incident) {
	list, wrong := m.peopleOf(w.By, a)
	if wrong != nil {
		return nil, wrong
	}
	each := [][]formula.Candidate{list}
	if w.Sign != definitions.SignNone && len(list) > 0 {
		each = each[:0]
		for _, c := range list {
			each = append(each, []formula.Candidate{c})
		}
	}
	var out []signer
	for _, one := range each {
		there, wrong := m.there(a, w, one)
		if wrong != nil {
			return nil, wrong
		}
		if w.Again != definitions.AgainAsk && slices.ContainsFunc(out, func(s signer) bool {
			return samePerson(s.list, there)
		}) {
			continue // who stands there twice signs once
		}
		if len(there) == 0 {
			continue
		}
		s := signer{list: there}
		if w.Sign == definitions.SignRatio {
			if s.weight, wrong = m.weightOf(a, w, there[0]); wrong != nil {
				return nil, wrong
			}
		}
		out = append(out, s)
	}
	return out, nil
}

func samePerson(a, b []formula.Candidate) bool {
	return len(a) == 1 && len(b) == 1 && a[0].Person != "" && a[0] == b[0]
}

// there gives those who are asked in the place of list; none: nobody is, and that is on record.
func (m *machine) there(a *Activation, w *definitions.Task, list []formula.Candidate) ([]formula.Candidate, *Incident) {
	others, starter := m.anyone(a, w, list)
	if !others && starter && w.Self != definitions.SelfAllow {
		if w.Self == definitions.SelfSkip {
			m.emit(Skipped{Act: a.ID, Who: list, Why: SkipSelf})
			return nil, nil
		}
		list = nil
		for _, p := range m.c.Staff.Superiors(m.s.Starter.ID) {
			list = append(list, formula.Candidate{Person: p.ID})
		}
		others, _ = m.anyone(a, w, list)
	}
	if others {
		return list, nil
	}
	switch w.Nobody {
	case definitions.NobodySkip:
		m.emit(Skipped{Act: a.ID, Who: list, Why: SkipNobody})
		return nil, nil
	case definitions.NobodyPost:
		stead, wrong := m.peopleOf(w.Stead, a)
		if wrong != nil {
			return nil, wrong
		}
		if others, _ := m.anyone(a, w, stead); others {
			return stead, nil
		}
	case definitions.NobodyIncident:
	}
	return nil, nobodyFor(a)
}

// attend says, of what comes to light again, that nobody is there for it any more: it stays with those who have it, and
// somebody is to know.
func (m *machine) attend(a *Activation) {
	w, ok := m.step(a).Work.(*definitions.Task)
	if !ok {
		return
	}
	for _, s := range a.Slots {
		there := true
		switch {
		case !s.State.Open():
		case s.Worker() != "":
			_, there = m.person(s.Worker())
		case a.Advises(s):
			there = m.anyoneOf(s.Candidates)
		default:
			there, _ = m.anyone(a, w, s.Candidates)
		}
		if !there {
			m.stick(a.ID, Beside, nobodyFor(a))
			return
		}
	}
}

// Attended tells whether somebody of the office may do the task of a slot; true if there is none. It changes nothing.
func Attended(p *definitions.Procedure, s *State, c Context, slot ID) bool {
	m := &machine{p: p, s: s, c: c}
	a, found, task, r := m.find(slot)
	if r != nil || !found.State.Open() {
		return true
	}
	return m.somebody(a, found, task)
}

// somebody tells whether anybody of the office may work on the task of a slot.
func (m *machine) somebody(a *Activation, s *Slot, w *definitions.Task) bool {
	return slices.ContainsFunc(m.c.Staff.Everyone(), func(who value.Person) bool {
		return m.entitled(a, s, w, who) == nil
	})
}

const nobodyCode = "nobody"

func nobodyFor(a *Activation) *Incident {
	return &Incident{Code: "nobody", Message: "nobody is there to do " + a.Step}
}

// anyone tells whether one of a list is there who may do the task, and whether the starter is among them where he is
// not to do it.
func (m *machine) anyone(a *Activation, w *definitions.Task, list []formula.Candidate) (others, starter bool) {
	may := func(p value.Person) bool {
		if w.Self != definitions.SelfAllow && p.ID == m.s.Starter.ID {
			starter = true
			return false
		}
		return m.allowed(a, nil, w, p) == nil
	}
	for _, c := range list {
		if c.Post != "" {
			if slices.ContainsFunc(m.c.Staff.Holders(c.Post), may) {
				return true, starter
			}
			continue
		}
		if p, ok := m.person(c.Person); ok && may(p) {
			return true, starter
		}
	}
	return false, starter
}

// person looks somebody of the office up.
func (m *machine) person(id string) (value.Person, bool) {
	if quick, ok := m.c.Staff.(interface {
		Person(id string) (value.Person, bool)
	}); ok {
		return quick.Person(id)
	}
	for _, p := range m.c.Staff.Everyone() {
		if p.ID == id {
			return p, true
		}
	}
	return value.Person{}, false
}

// weightOf is what the signature of a candidate counts.
func (m *machine) weightOf(a *Activation, w *definitions.Task, c formula.Candidate) (*big.Rat, *Incident) {
	who := value.Person{Posts: []string{c.Post}}
	if c.Person != "" {
		who, _ = m.person(c.Person)
	}
	return m.weight(a, w, who)
}

// weight is what a person's signature counts: as computed, or the greatest of his posts. nil = 1.
func (m *machine) weight(a *Activation, w *definitions.Task, who value.Person) (*big.Rat, *Incident) {
	if w.Weight == nil {
		var most *big.Rat
		for _, pw := range w.Weights {
			if slices.Contains(who.Posts, pw.Post) && (most == nil || pw.Weight.Cmp(most) > 0) {
				most = pw.Weight
			}
		}
		return most, nil
	}
	scope := m.scope(a)
	scope.Extra = value.Record{"signer": who}
	v, err := w.Weight.Eval(scope)
	if err != nil {
		return nil, trouble(err, w.Weight.Source())
	}
	out := new(big.Rat)
	switch n := v.(type) {
	case int64:
		out.SetInt64(n)
	case float64: // as it is written, not as a binary fraction
		if _, ok := out.SetString(strconv.FormatFloat(n, 'f', -1, 64)); !ok {
			out.SetInt64(-1)
		}
	}
	if out.Sign() <= 0 {
		return nil, &Incident{
			Code: "weight", Message: "the weight of a signature is not above 0", Formula: w.Weight.Source(),
		}
	}
	return out, nil
}

// approvedBefore lets an approval that was given before stand for the one that a slot asks for. It reports whether
// there was one.
func (m *machine) approvedBefore(a *Activation, w *definitions.Task, slot *Slot) bool {
	if w.Again == definitions.AgainAsk || a.Advises(slot) {
		return false
	}
	for _, p := range m.approvers(a, w.Again) {
		if !m.standsFor(slot, p) || m.entitled(a, slot, w, p) != nil {
			continue
		}
		scope := m.scope(a)
		scope.Actor, scope.Answer = &p, Approved
		if m.checkAll(w.Checks, m.draftOf(m.rowOf(a.Frame)), scope) != nil {
			continue // he has something to say here
		}
		m.emit(Answered{Act: a.ID, Slot: slot.ID, Person: p, Answer: Approved, Again: true})
		return true
	}
	return false
}

// standsFor tells whether a person is still there and among those whom a slot asks.
func (m *machine) standsFor(slot *Slot, who value.Person) bool {
	now, ok := m.person(who.ID)
	return ok && isCandidate(slot.Candidates, now)
}

// approvers lists who have approved in this case, or just before an activation.
func (m *machine) approvers(a *Activation, again definitions.Again) []value.Person {
	if again == definitions.AgainConsecutive {
		return m.approversBefore(a)
	}
	var out []value.Person
	for _, past := range m.s.Past {
		if st := m.p.Steps[past.Step]; st != nil && past.Answer == Approved && isTask(st) {
			out = addPeople(out, approving(past.By, past.Against)...)
		}
	}
	for _, b := range m.s.Acts {
		if b.State == Done && b.Answer == Approved && isTask(m.step(b)) {
			out = addPeople(out, approving(b.By, b.Against)...)
		}
	}
	for _, s := range a.Slots {
		if s.State == SlotAnswered && s.Answer == Approved && !a.Advises(s) {
			out = addPeople(out, s.by()...)
		}
	}
	return out
}

// approversBefore lists who have signed just before, in this step or else in the tasks that led here.
func (m *machine) approversBefore(a *Activation) []value.Person {
	var last *Slot
	for _, s := range a.Slots {
		if s.State == SlotAnswered && !a.Advises(s) {
			last = s
		}
	}
	if last != nil {
		if last.Answer != Approved {
			return nil
		}
		return last.by()
	}
	var out []value.Person
	queue, seen := []*Activation{a}, map[ID]bool{}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, eaten := range at.Ate {
			b := m.act(eaten.By)
			if b == nil || seen[b.ID] || b.State != Done {
				continue
			}
			seen[b.ID] = true
			switch m.step(b).Work.(type) {
			case *definitions.Junction, *definitions.Set: // nobody did it: look further back
				queue = append(queue, b)
			default:
				if b.Answer == Approved && isTask(m.step(b)) {
					out = addPeople(out, approving(b.By, b.Against)...)
				}
			}
		}
	}
	return out
}

func approving(by []value.Person, against []string) []value.Person {
	if len(against) == 0 {
		return by
	}
	return slices.DeleteFunc(slices.Clone(by), func(p value.Person) bool { return slices.Contains(against, p.ID) })
}

func isTask(st *definitions.Step) bool {
	_, ok := st.Work.(*definitions.Task)
	return ok
}
