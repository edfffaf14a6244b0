package engine

import (
	"context"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// statusKept is the status of a Done for a message that no case waited for and that is kept.
const statusKept = "kept"

// Send brings a message to a case, or by key to the case that waits for it. A message by key that nobody waits for is
// kept, if its procedure says so: then Done has no case and the status kept. The same ID is taken once; again it is
// refused as repeated.
func (e *Engine) Send(ctx context.Context, a Actor, m MessageRequest) (Done, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return Done{}, e.told(err)
	}
	if m.ID == "" {
		if m.ID, err = e.ids.next(e.now()); err != nil {
			return Done{}, e.told(err)
		}
	}
	switch {
	case utf8.RuneCountInString(m.ID) > maxName:
		return Done{}, e.told(tooLong("id"))
	case utf8.RuneCountInString(m.Key) > maxName:
		return Done{}, e.told(tooLong("key"))
	}
	if m.Case != "" {
		return e.sendTo(ctx, r, m)
	}
	if m.Key == "" {
		return Done{}, e.told(wrong("key", "required"))
	}
	done, err := e.sendByKey(ctx, r, m)
	return done, e.told(err)
}

// sendTo is a message by hand, to one case.
func (e *Engine) sendTo(ctx context.Context, r *reader, m MessageRequest) (Done, error) {
	return e.actAs(ctx, r, onCase{
		id: m.Case, key: m.Once, dry: m.Dry, message: m.ID, request: []string{"send", m.Name, string(m.Values)},
		input: func(r *reader, s *snapshot) (core.Input, error) {
			msg := messageOf(s.proc, m.Name)
			if msg == nil {
				return nil, unknownMessage(m.Name)
			}
			in := core.Deliver{ID: m.ID, Name: m.Name, Sender: &r.person, Dry: m.Dry}
			if err := r.mayOn(s, in, e.now()); err != nil {
				return nil, err
			}
			var err error
			in.Values, err = decodeForm(s.proc, msg.Form, m.Values, e.sources(ctx, r, m.Case))
			return in, err
		},
	})
}

func messageOf(p *definitions.Procedure, name string) *definitions.Message {
	i := slices.IndexFunc(p.Messages, func(m *definitions.Message) bool { return m.ID == name })
	if i < 0 {
		return nil
	}
	return p.Messages[i]
}

func unknownMessage(name string) *Error {
	return &Error{Code: string(core.UnknownName), Args: map[string]string{"message": name}}
}

func notExpected(name string) *Error {
	return &Error{Code: string(core.NotExpected), Args: map[string]string{"message": name}}
}

// errNotWaiting says that a case does not wait for the key any more.
var errNotWaiting = errors.New("the case does not wait for this key")

// sendByKey is a message from outside: to the oldest case that waits for the key, or to each where the message says so.
func (e *Engine) sendByKey(ctx context.Context, r *reader, m MessageRequest) (Done, error) {
	// Whether his files are free is asked where they are used: a message that is repeated has used them itself.
	keep, err := e.checkKeyed(ctx, r, m, true)
	if err != nil {
		return Done{}, err
	}
	done, err := e.toSubscribers(ctx, r, m)
	if !errors.Is(err, errNotWaiting) {
		return done, err
	}
	if p, way := r.beginsWith(m.Name); p != nil {
		return e.begin(ctx, r, p, core.Start{Way: way.Index, Key: m.Key}, m.Values, func(j *job) { j.message = m.ID })
	}
	if keep == 0 {
		return Done{}, notExpected(m.Name)
	}
	if _, err := e.checkKeyed(ctx, r, m, false); err != nil {
		return Done{}, err
	}
	kept := store.KeptMessage{
		ID: m.ID, Name: m.Name, Key: m.Key, Sender: r.person.ID, Body: m.Values, Until: e.now().Add(keep),
	}
	if err := e.store.KeepMessage(ctx, r.office, kept); err != nil {
		if errors.Is(err, store.ErrRepeated) {
			return Done{}, &Error{Code: string(core.Repeated)}
		}
		return Done{}, err
	}
	// Somebody may have begun to wait between the look and the keeping.
	subs, err := e.store.Subscribers(ctx, r.office, m.Name, m.Key)
	if err == nil && len(subs) > 0 {
		err = e.bringKept(ctx, r.office, subs[0].Case, m.Name, m.Key)
	}
	if err != nil {
		e.log.Warn("a kept message could not be brought at once", "office", r.office, "message", m.ID, "error", err)
	}
	return Done{Status: statusKept, Tasks: []TaskLine{}}, nil
}

// checkKeyed tests a keyed message against the procedures in force: whether one of them has it, whether the sender may
// send it, and whether it can be read, with files that cases use already or with free ones alone. It says how long it
// may be kept.
func (e *Engine) checkKeyed(ctx context.Context, r *reader, m MessageRequest, reused bool) (time.Duration, error) {
	var keep time.Duration
	known, allowed := false, false
	for _, id := range r.desk.sorted() {
		p := r.desk.newest[id]
		msg := messageOf(p, m.Name)
		if msg == nil || msg.Key == nil {
			continue
		}
		known = true
		if !r.maySendByKey(msg, r.managesAll(id)) {
			continue
		}
		from := e.sources(ctx, r, "")
		from.reused = reused || msg.Each
		if _, err := decodeForm(p, msg.Form, m.Values, from); err != nil {
			return 0, err
		}
		allowed = true
		keep = max(keep, msg.Keep)
	}
	switch {
	case !known:
		return 0, unknownMessage(m.Name)
	case !allowed:
		return 0, &Error{Code: string(core.NotAllowed), Args: map[string]string{"message": m.Name}}
	}
	return keep, nil
}

// maySendByKey: whom the message names; an administrator or the manager, for systems outside that act as persons.
func (r *reader) maySendByKey(msg *definitions.Message, manager bool) bool {
	return r.admin || manager || msg.Open && msg.By.Expr == nil && r.among(msg.By, nil)
}

// beginsWith finds the procedure of which a message that no case waits for begins one: the first by id that the sender
// may send it to; nil if there is none.
func (r *reader) beginsWith(name string) (*definitions.Procedure, *definitions.Start) {
	for _, id := range r.desk.sorted() {
		p := r.desk.newest[id]
		for _, way := range p.Starts {
			if way.Message != nil && way.Message.ID == name && r.maySendByKey(way.Message, r.managesAll(id)) {
				return p, way
			}
		}
	}
	return nil, nil
}

func (e *Engine) toSubscribers(ctx context.Context, r *reader, m MessageRequest) (Done, error) {
	subs, err := e.store.Subscribers(ctx, r.office, m.Name, m.Key)
	if err != nil {
		return Done{}, err
	}
	var first *Done
	tried := map[string]bool{}
	for _, sub := range subs[:min(len(subs), maxSubscribers)] {
		if tried[sub.Case] {
			continue
		}
		tried[sub.Case] = true
		done, each, err := e.toSubscriber(ctx, r, m, sub.Case)
		switch {
		case errors.Is(err, errNotWaiting) || codeOf(err) == CodeNotFound:
			continue
		case err != nil && first == nil:
			return Done{}, err
		case err != nil:
			continue // others of `to: each` have it; this one's trouble stands in the log
		}
		if first == nil {
			first = &done
		}
		if !each {
			break
		}
	}
	if first == nil {
		return Done{}, errNotWaiting
	}
	return *first, nil
}

// toSubscriber brings a keyed message to one case, and reports whether others are to get it too.
func (e *Engine) toSubscriber(ctx context.Context, r *reader, m MessageRequest, id string) (Done, bool, error) {
	s, err := e.snapshot(ctx, caseKey{office: r.office, id: id})
	if err != nil {
		return Done{}, false, err
	}
	msg := messageOf(s.proc, m.Name)
	each := msg != nil && msg.Each
	j := r.job(id, nil)
	j.reader = nil // who sends by key need not see the case's tasks
	j.message = m.ID
	if each {
		j.message = m.ID + "/" + id // once for each case
		j.sharesFiles = true
	}
	j.build = func(s *snapshot) (core.Input, error) {
		msg := messageOf(s.proc, m.Name)
		if msg == nil || !waits(s.state, m.Name, m.Key) {
			return nil, errNotWaiting
		}
		if !r.maySendByKey(msg, r.manages(s, e.now())) {
			return nil, &Error{Code: string(core.NotAllowed), Args: map[string]string{"message": m.Name}}
		}
		from := e.sources(ctx, r, id)
		from.reused = each
		values, err := decodeForm(s.proc, msg.Form, m.Values, from)
		return core.Deliver{ID: j.message, Name: m.Name, Key: m.Key, Values: values}, err
	}
	done, err := e.do(ctx, j)
	return done, each, err
}

// waits tells whether a case waits for a message of this key.
func waits(s *core.State, name, key string) bool {
	return s.Status == core.Running && slices.ContainsFunc(s.Acts, func(a *core.Activation) bool {
		return a.State == core.Open && slices.Contains(a.Keys, core.Key{Name: name, Key: key})
	})
}

// bringKept brings a case the kept messages of a key, oldest first, as long as it waits for them.
func (e *Engine) bringKept(ctx context.Context, office, id, name, key string) error {
	kept, err := e.store.KeptMessages(ctx, office, name, key, e.now())
	if err != nil {
		return err
	}
	d, err := e.books.desk(ctx, office)
	if err != nil {
		return err
	}
	for _, k := range kept {
		j := newJob(office, id)
		j.actor, j.takesKept = k.Sender, k.ID
		j.build = func(s *snapshot) (core.Input, error) {
			msg := messageOf(s.proc, name)
			if msg == nil || !waits(s.state, name, key) {
				return nil, errNotWaiting
			}
			sender := &reader{office: office, person: value.Person{ID: k.Sender}, desk: d}
			values, err := decodeForm(s.proc, msg.Form, k.Body, e.sources(ctx, sender, id))
			return core.Deliver{ID: k.ID, Name: name, Key: key, Values: values}, err
		}
		if err := e.submitOwn(ctx, j); err != nil {
			return err
		}
		err := e.outcome(ctx, j)
		switch code := codeOf(err); {
		case err == nil || errors.Is(err, errGone):
		case errors.Is(err, errNotWaiting):
			return nil
		case code == CodeUnavailable || code == CodeBusy:
			return err
		default: // it stays kept until its time is over
			e.log.Warn("a kept message does not fit", "office", office, "case", id, "message", k.ID, "error", err)
		}
	}
	return nil
}
