package core

import (
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// deliver brings a message to the one that waits for it: the oldest of the steps that do, else the case itself.
func (m *machine) deliver(in Deliver) *Rejection {
	msg, takers, r := m.expects(in)
	if r != nil {
		return r
	}
	if slices.ContainsFunc(m.s.Kept, func(k KeptMessage) bool { return k.ID == in.ID }) {
		return &Rejection{Code: Repeated}
	}
	scope, sender := m.scopeIn(0), value.Person{}
	if in.Sender != nil {
		scope.Actor, sender = in.Sender, *in.Sender
	}
	d, r := m.fill(msg.Form, in.Values, scope)
	if r != nil {
		return r
	}
	switch {
	case len(takers) > 0:
		m.bring(KeptMessage{ID: in.ID, Name: in.Name, Sender: sender}, takers, d)
	case msg.Keep > 0:
		until := m.c.Now.Add(msg.Keep)
		m.emit(Received{ID: in.ID, Name: in.Name, Sender: sender, Fate: "kept"})
		m.emit(Kept{
			Act:     1,
			Message: KeptMessage{ID: in.ID, Name: in.Name, Sender: sender, Values: in.Values, Until: until},
			Timer:   Timer{ID: m.next(), Kind: KeepTimer, At: until},
		})
	default:
		m.emit(Received{ID: in.ID, Name: in.Name, Sender: sender, Fate: "dropped"})
	}
	return nil
}

// expects finds who would take a message; a person's is refused where he may not send it, or nothing waits for it.
func (m *machine) expects(in Deliver) (*definitions.Message, []taker, *Rejection) {
	args := map[string]string{"message": in.Name}
	msg := message(m.p, in.Name)
	if msg == nil {
		return nil, nil, &Rejection{Code: UnknownName, Args: args}
	}
	if in.Sender != nil {
		scope := m.scopeIn(0)
		scope.Actor = in.Sender
		list, wrong := m.resolve(msg.By, scope)
		if wrong != nil {
			return nil, nil, unfit(wrong, "by")
		}
		if !msg.Open || !isCandidate(list, *in.Sender) {
			return nil, nil, &Rejection{Code: NotAllowed, Args: args}
		}
	}
	takers := firstOf(m.takers(msg, in.Key), msg)
	if m.s.Status == Suspended {
		takers = nil
	}
	if len(takers) == 0 && msg.Keep == 0 && in.Sender != nil {
		return nil, nil, &Rejection{Code: NotExpected, Args: args}
	}
	return msg, takers, nil
}

func message(p *definitions.Procedure, id string) *definitions.Message {
	for _, msg := range p.Messages {
		if msg.ID == id {
			return msg
		}
	}
	return nil
}

// taker is one that waits for a message: an event of an activation, or an outcome of a wait.
type taker struct {
	act     ID
	event   *definitions.Event
	outcome string
}

// takers lists who waits for a message (under its key, if it has one): steps by age, the case itself last, so that what
// is nearer comes first.
func (m *machine) takers(msg *definitions.Message, key string) []taker {
	var out, whole []taker
	for _, a := range m.s.Acts {
		if a.State != Open || a.Undo != nil || key != "" && !slices.Contains(a.Keys, Key{Name: msg.ID, Key: key}) {
			continue
		}
		st := m.step(a)
		for _, t := range m.waitsFor(a, st, msg) {
			if a.Frame == 0 {
				whole = append(whole, t)
			} else {
				out = append(out, t)
			}
		}
	}
	return append(out, whole...)
}

func (m *machine) waitsFor(a *Activation, st *definitions.Step, msg *definitions.Message) []taker {
	var out []taker
	if w, ok := st.Work.(*definitions.Wait); ok {
		for _, f := range w.For {
			if f.Message == msg {
				out = append(out, taker{act: a.ID, outcome: f.Outcome})
			}
		}
	}
	for _, e := range st.Events {
		deaf := a.Detour != 0 && e.Do.Kind == definitions.DeedAlso // nothing would come of it
		if e.Message == msg && !deaf && !m.happened(a, e) {
			out = append(out, taker{act: a.ID, event: e})
		}
	}
	return out
}

// happened tells whether an event has happened and does not happen again: one with `once` in any run of its step.
func (m *machine) happened(a *Activation, e *definitions.Event) bool { return EventIsOver(m.s, a, e) }

// EventIsOver tells whether an event of an activation has happened and does not happen again.
func EventIsOver(s *State, a *Activation, e *definitions.Event) bool {
	return slices.ContainsFunc(s.Happened, func(h Happened) bool {
		return h.Step == a.Step && h.Event == e.Index && (e.Once || h.Act == a.ID)
	})
}

// firstOf are those of a message's takers that get it.
func firstOf(takers []taker, msg *definitions.Message) []taker {
	if msg.Each {
		return takers
	}
	return takers[:min(1, len(takers))]
}

// bring gives a message to its takers.
func (m *machine) bring(msg KeptMessage, takers []taker, d *draft) {
	for i, t := range takers {
		if !m.still(t) { // what another did with it was enough
			continue
		}
		m.emit(Received{ID: msg.ID, Name: msg.Name, Sender: msg.Sender, Act: t.act, Fate: "taken"})
		if i == 0 {
			m.emitDraft(d)
		}
		m.take(t)
	}
}

// still tells whether a taker waits for its message as it did.
func (m *machine) still(t taker) bool {
	a := m.act(t.act)
	return a != nil && a.State == Open && (t.event == nil || !m.happened(a, t.event))
}

// take does what a message's taker does with it.
func (m *machine) take(t taker) {
	a := m.act(t.act)
	if t.event == nil {
		m.result(a, t.outcome)
		return
	}
	if t.event.Once {
		m.emit(Once{Act: a.ID, Event: t.event.Index})
	}
	m.doDeed(a, t.event.Do, Undoing{Event: &t.event.Index})
}

// takeKept gives a step that has just opened the kept messages that it waits for, oldest first.
func (m *machine) takeKept(a *Activation, st *definitions.Step) {
	m.unkeep(func(msg *definitions.Message) []taker {
		if a.State != Open || a.Undo != nil {
			return nil
		}
		waiting := m.waitsFor(a, st, msg)
		return waiting[:min(1, len(waiting))]
	})
}

// takeAllKept brings the kept messages, oldest first, as if they came now.
func (m *machine) takeAllKept() {
	m.unkeep(func(msg *definitions.Message) []taker { return firstOf(m.takers(msg, ""), msg) })
}

// unkeep brings kept messages to those who wait for them.
func (m *machine) unkeep(waiting func(*definitions.Message) []taker) {
	for _, k := range slices.Clone(m.s.Kept) {
		msg := message(m.p, k.Name)
		here := slices.ContainsFunc(m.s.Kept, func(x KeptMessage) bool { return x.ID == k.ID })
		if msg == nil || !here {
			continue
		}
		takers := waiting(msg)
		if len(takers) == 0 {
			continue
		}
		d, r := m.fill(msg.Form, k.Values, m.scopeIn(0))
		if r != nil { // the data has moved on since: what it carried does not fit any more
			m.stick(takers[0].act, Beside, &Incident{Code: "message", Message: r.Error()})
			continue
		}
		m.emit(Unkept{ID: k.ID, Name: k.Name})
		m.emit(TimerCleared{Act: 1, Timer: k.Timer})
		m.bring(k, takers, d)
	}
}

// subscribe makes an activation reachable by the keys of the messages that it waits for.
func (m *machine) subscribe(a *Activation, st *definitions.Step) *Incident {
	for _, msg := range m.p.Messages {
		if msg.Key == nil || len(m.waitsFor(a, st, msg)) == 0 {
			continue
		}
		key, wrong := m.keyOf(a, msg)
		if wrong != nil {
			return wrong
		}
		m.resubscribe(a, msg.ID, key)
	}
	return nil
}

// rekey lets subscriptions follow their keys when the data that give them have changed.
func (m *machine) rekey() {
	changed := slices.ContainsFunc(m.events, func(e Event) bool { _, ok := e.(DataSet); return ok })
	if !changed || m.s.Status != Running {
		return
	}
	for _, a := range m.s.Acts {
		if a.State != Open {
			continue
		}
		st := m.step(a)
		for _, msg := range m.p.Messages {
			if msg.Key == nil || len(m.waitsFor(a, st, msg)) == 0 {
				continue
			}
			key, wrong := m.keyOf(a, msg)
			if wrong != nil {
				m.stick(a.ID, Beside, wrong)
				continue
			}
			m.resubscribe(a, msg.ID, key)
		}
	}
}

func (m *machine) resubscribe(a *Activation, name, key string) {
	i := slices.IndexFunc(a.Keys, func(k Key) bool { return k.Name == name })
	if i >= 0 && a.Keys[i].Key == key || i < 0 && key == "" {
		return
	}
	if i >= 0 {
		m.emit(Unsubscribed{Act: a.ID, Key: a.Keys[i]})
	}
	if key != "" {
		m.emit(Subscribed{Act: a.ID, Key: Key{Name: name, Key: key}})
	}
}

// keyOf computes the key under which an activation waits for a message; "" while what it is made of is empty.
func (m *machine) keyOf(a *Activation, msg *definitions.Message) (string, *Incident) {
	v, err := msg.Key.Eval(m.scope(a))
	if absent(err) {
		return "", nil
	}
	if err != nil {
		return "", trouble(err, msg.Key.Source())
	}
	key, ok := v.(string)
	if !ok {
		return "", &Incident{Code: "type", Message: "the key of " + msg.ID + " is not a text", Formula: msg.Key.Source()}
	}
	return key, nil
}

// conditions looks for events, waits and thresholds whose condition has come true. It reports whether one did.
func (m *machine) conditions() bool {
	for _, a := range m.s.Acts {
		if a.State != Open && a.State != Ready || a.Undo != nil {
			continue
		}
		st := m.step(a)
		if w, ok := st.Work.(*definitions.Wait); ok && a.State == Open && m.waitConditions(a, w) {
			return true
		}
		for _, e := range st.Events { // also of a step that waits for its turn: there may be a way out of that
			if e.When == nil || a.State != Open && a.State != Ready {
				continue
			}
			if m.happened(a, e) {
				m.rearm(a, e)
				continue
			}
			if m.judge(a, "event", e.When) {
				m.emit(Once{Act: a.ID, Event: e.Index})
				m.doDeed(a, e.Do, Undoing{Event: &e.Index})
				return true
			}
		}
	}
	return false
}

// rearm lets an event happen again once its condition is false: it happens when that turns true, not while it is.
func (m *machine) rearm(a *Activation, e *definitions.Event) {
	if e.Once {
		return
	}
	if holds, err := e.When.Eval(m.scope(a)); err == nil && !holds {
		m.emit(Once{Act: a.ID, Event: e.Index, Over: true})
	}
}

// judge evaluates a condition and records it when it holds. One that cannot be evaluated is an incident; one that
// reads an empty field does not hold.
func (m *machine) judge(a *Activation, what string, g *formula.Guard) bool {
	scope := m.scope(a)
	holds, err := g.Eval(scope)
	if absent(err) {
		return false
	}
	if err != nil { // the step goes on: only what the condition would have done does not happen
		if a.Incident == nil {
			m.stick(a.ID, Beside, trouble(err, g.Source()))
		}
		return false
	}
	if holds {
		m.emit(Judged{Act: a.ID, What: what, Why: Why{
			Way: -1, Guard: g.Source(), Read: g.Readings(scope), Result: true,
		}})
	}
	return holds
}

// decided evaluates a condition on which an activation cannot go on without an answer, and records it.
func (m *machine) decided(a *Activation, what string, g *formula.Guard) (bool, *Incident) {
	scope := m.scope(a)
	holds, err := g.Eval(scope)
	if err != nil {
		return false, trouble(err, g.Source())
	}
	m.emit(Judged{Act: a.ID, What: what, Why: Why{
		Way: -1, Guard: g.Source(), Read: g.Readings(scope), Result: holds,
	}})
	return holds, nil
}
