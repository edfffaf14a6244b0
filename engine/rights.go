package engine

import (
	"context"
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/staff"
	"github.com/guicheng/guicheng/store"
)

// Operator is the program that embeds the engine, acting on an office by itself: it may administer, as at set-up, but
// it is nobody who could move a case. Never make it from what a request says.
func Operator(office string) Actor { return Actor{Office: office, operator: true} }

// reader is an actor as the directory knows him now. Rights are denied unless something below grants them.
type reader struct {
	office string
	person value.Person
	admin  bool
	lang   string // that errors are told in; "" = his own
	desk   *desk
	who    []store.Candidate // what he is offered: his posts, and he himself
	stands []staff.StandIn   // whose work he does because they are away
	at     time.Time         // when he asks
}

// context is what the core may know of the office at now.
func (r *reader) context(now time.Time) core.Context {
	return core.Context{Now: now, Staff: r.desk.roster, Office: r.desk.office}
}

// reader looks the actor up. A person who is unknown or has gone is not signed in.
func (e *Engine) reader(ctx context.Context, a Actor) (*reader, error) {
	if a.Office == "" || a.Person == "" {
		return nil, &Error{Code: CodeNotSignedIn}
	}
	d, err := e.books.desk(ctx, a.Office)
	if err != nil {
		return nil, err
	}
	person, ok := d.roster.Person(a.Person)
	if !ok {
		return nil, &Error{Code: CodeNotSignedIn}
	}
	r := &reader{office: a.Office, person: person, admin: d.roster.Admin(a.Person), lang: a.Lang, desk: d, at: e.now()}
	for _, post := range person.Posts {
		r.who = append(r.who, store.Candidate("post:"+post))
	}
	r.who = append(r.who, store.Candidate("person:"+person.ID))
	r.stands = d.roster.StandsFor(person.ID, e.now())
	return r, nil
}

// Why something is forbidden: Args["why"] of CodeForbidden.
const (
	WhyAdministrators = "administrators" // it is for administrators alone
	WhyOneself        = "oneself"        // one does it for oneself, and administrators for others
	WhyKind           = "kind"           // the worker is not entered for jobs of Args["kind"]
)

func forbidden(why string, pairs ...string) *Error {
	e := &Error{Code: CodeForbidden, Args: map[string]string{"why": why}}
	for pair := range slices.Chunk(pairs, 2) {
		e.Args[pair[0]] = pair[1]
	}
	return e
}

// administrator refuses whoever does not keep the office.
func (e *Engine) administrator(ctx context.Context, a Actor) error {
	if a.operator {
		if a.Office == "" {
			return &Error{Code: CodeNotSignedIn}
		}
		_, err := e.books.desk(ctx, a.Office)
		return err
	}
	r, err := e.reader(ctx, a)
	if err != nil {
		return err
	}
	if !r.admin {
		return forbidden(WhyAdministrators)
	}
	return nil
}

// is tells whether the reader is meant by an entry of a list of people.
func (r *reader) is(c formula.Candidate) bool {
	return c.Person != "" && c.Person == r.person.ID || c.Post != "" && slices.Contains(r.person.Posts, c.Post)
}

// among tells whether a Who names the reader. One that cannot be evaluated names nobody.
func (r *reader) among(w definitions.Who, scope *formula.Scope) bool {
	if w.Expr == nil {
		return slices.ContainsFunc(w.Posts, func(post string) bool { return r.is(formula.Candidate{Post: post}) })
	}
	var list []formula.Candidate
	err := guarded(func() (err error) {
		list, err = w.Expr.Eval(scope)
		return err
	})
	return err == nil && slices.ContainsFunc(list, r.is)
}

// manages tells whether the reader is the manager of a case's procedure.
func (r *reader) manages(s *snapshot, now time.Time) bool {
	if s.proc.Manager.Expr == nil {
		return r.among(s.proc.Manager, nil)
	}
	return r.among(s.proc.Manager, core.ScopeIn(s.proc, s.state, core.Context{Now: now, Staff: r.desk.roster}, 0))
}

// managesAll tells whether the reader is the manager of a procedure whatever the case is: by a post.
func (r *reader) managesAll(procedure string) bool {
	p := r.desk.newest[procedure]
	return p != nil && p.Manager.Expr == nil && r.among(p.Manager, nil)
}

// mayStart tells whether a start is the reader's to make.
func (r *reader) mayStart(p *definitions.Procedure, way *definitions.Start, now time.Time) bool {
	if way.Schedule != nil || way.Message != nil {
		return false
	}
	if way.By.Expr == nil {
		return r.among(way.By, nil)
	}
	begun := core.New(r.office, "")
	begun.Data, begun.Settings = value.Record{}, core.Settings(p, r.desk.settings(p))
	scope := core.ScopeIn(p, begun, core.Context{Now: now, Staff: r.desk.roster}, 0)
	scope.Actor = &r.person
	return r.among(way.By, scope)
}

// involved tells, from the case alone, whether the reader may see it: he keeps the office, manages the procedure,
// started the case, did a step of it, or is offered a task of it: he, one for whom he stands in,
// or one whose superior he is.
func (r *reader) involved(s *snapshot, now time.Time) bool {
	if r.admin || r.person.ID == s.state.Starter.ID || r.manages(s, now) {
		return true
	}
	own := slices.ContainsFunc(s.state.Acts, func(a *core.Activation) bool {
		if slices.ContainsFunc(a.By, func(p value.Person) bool { return p.ID == r.person.ID }) {
			return true
		}
		return slices.ContainsFunc(a.Slots, func(slot *core.Slot) bool {
			return r.ofSlot(slot) || r.standsAt(s.proc.ID, slot) != nil
		})
	})
	return own || r.watches(s)
}

func (r *reader) ofSlot(slot *core.Slot) bool {
	for _, p := range []*value.Person{slot.Holder, slot.Given} {
		if p != nil && p.ID == r.person.ID {
			return true
		}
	}
	return slot.State.Open() && slices.ContainsFunc(slot.Candidates, r.is)
}

func slotShown(slot *core.Slot) bool { return slot.State.Open() || slot.State == core.SlotHeld }

// maySee tells whether the reader may see a case: as involved, or because he got a copy of a paper of it, or did
// something in it that has left no trace but in the history. It asks for the last only when nothing else holds.
func (e *Engine) maySee(ctx context.Context, r *reader, s *snapshot) (bool, error) {
	if r.involved(s, e.now()) {
		return true, nil
	}
	copies, err := e.store.CopiesOf(ctx, r.office, s.row.ID)
	if err != nil {
		return false, err
	}
	if slices.ContainsFunc(copies, func(c store.CopyRow) bool { return opens(c, r.who) }) {
		return true, nil
	}
	for after := int64(0); after < maxScan; {
		events, err := e.store.History(ctx, r.office, s.row.ID, after, maxPage)
		if err != nil || len(events) == 0 {
			return false, err
		}
		if slices.ContainsFunc(events, func(ev store.EventRow) bool { return ev.Actor == r.person.ID }) {
			return true, nil
		}
		after = events[len(events)-1].Seq
	}
	return false, nil
}

// visible reads a case for a reader. One that he may not see is not found: its existence is not told.
func (e *Engine) visible(ctx context.Context, r *reader, id string) (*snapshot, error) {
	s, err := e.fresh(ctx, caseKey{office: r.office, id: id})
	if err != nil {
		return nil, err
	}
	ok, err := e.maySee(ctx, r, s)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, notFound()
	}
	return s, nil
}
