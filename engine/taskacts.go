package engine

import (
	"context"
	"maps"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

var _ TaskActs = (*Engine)(nil)

// StartWork begins to work on a task, which takes it for the actor alone. Again is no error.
func (e *Engine) StartWork(ctx context.Context, a Actor, task string) (Done, error) {
	return e.onTask(ctx, a, task, nil, func(r *reader, _ *snapshot, slot core.ID) (core.Input, error) {
		return core.StartWork{Actor: r.person, Slot: slot}, nil
	})
}

// Transfer gives a task to somebody else for good. Its holder may, as far as the procedure allows; the procedure's
// manager and an administrator may give any task to anybody whom its `allow` does not exclude.
func (e *Engine) Transfer(ctx context.Context, a Actor, task string, req TransferRequest) (Done, error) {
	if err := checkNote(req.Note); err != nil {
		return Done{}, e.told(err)
	}
	key := func(r *reader) (*store.Answer, error) {
		return r.answer(req.Key, "transfer", task, req.To, strconv.FormatBool(req.Keep), req.Note)
	}
	return e.onTask(ctx, a, task, key, func(r *reader, s *snapshot, slot core.ID) (core.Input, error) {
		to, ok := r.desk.roster.Person(req.To)
		if !ok {
			return nil, wrong("to", "nobody")
		}
		return core.Transfer{
			Actor: r.person, Slot: slot, To: to, Keep: req.Keep, Note: req.Note, Office: e.keeps(r, s),
		}, nil
	})
}

// Delegate lets somebody else work on a task that the actor holds. What he answers is a proposal: the task comes back,
// and the actor decides.
func (e *Engine) Delegate(ctx context.Context, a Actor, task string, req DelegateRequest) (Done, error) {
	if err := checkNote(req.Note); err != nil {
		return Done{}, e.told(err)
	}
	key := func(r *reader) (*store.Answer, error) {
		return r.answer(req.Key, "delegate", task, req.To, req.Note)
	}
	return e.onTask(ctx, a, task, key, func(r *reader, _ *snapshot, slot core.ID) (core.Input, error) {
		to, ok := r.desk.roster.Person(req.To)
		if !ok {
			return nil, wrong("to", "nobody")
		}
		return core.Delegate{Actor: r.person, Slot: slot, To: to, Note: req.Note}, nil
	})
}

// AddSigners asks more people to sign, before, after or beside the actor, who holds the task.
func (e *Engine) AddSigners(ctx context.Context, a Actor, task string, req SignersRequest) (Done, error) {
	mode, err := checkSigners(req)
	if err != nil {
		return Done{}, e.told(err)
	}
	key := func(r *reader) (*store.Answer, error) {
		request := append([]string{"add-signers", task, req.Place, req.Sign, req.Note, strconv.Itoa(len(req.People))},
			req.People...)
		return r.answer(req.Key, append(request, req.Posts...)...)
	}
	return e.onTask(ctx, a, task, key, func(r *reader, _ *snapshot, slot core.ID) (core.Input, error) {
		in := core.AddSigners{
			Actor: r.person, Slot: slot, Kind: core.SlotKind(req.Place), Mode: mode, Note: req.Note,
		}
		for i, id := range req.People {
			p, ok := r.desk.roster.Person(id)
			if !ok {
				return nil, wrong("people["+strconv.Itoa(i)+"]", "nobody")
			}
			in.Signers = append(in.Signers, core.Signer{Person: &p})
		}
		for _, post := range req.Posts {
			in.Signers = append(in.Signers, core.Signer{Post: post})
		}
		return in, nil
	})
}

func checkSigners(req SignersRequest) (definitions.Mode, error) {
	var mode definitions.Mode
	switch core.SlotKind(req.Place) {
	case core.AddBefore, core.AddAfter, core.AddBeside:
	default:
		return mode, wrong("place", "option", "options", "before, after, beside")
	}
	if len(req.People)+len(req.Posts) == 0 {
		return mode, wrong("people", "required")
	}
	if req.Sign != "" {
		var err error
		if mode, err = definitions.ParseMode(req.Sign); err != nil {
			return mode, wrong("sign", "option", "options", "all, all-at-end, any, in-order, 2/3, >1/2")
		}
	}
	return mode, checkNote(req.Note)
}

// RemoveSigner takes out a signer of the step of a task, with those whom he added. Whoever added him may, a signer
// whom the procedure lets do it, its manager, and an administrator.
func (e *Engine) RemoveSigner(ctx context.Context, a Actor, task string, req RemoveRequest) (Done, error) {
	if err := checkNote(req.Note); err != nil {
		return Done{}, e.told(err)
	}
	key := func(r *reader) (*store.Answer, error) {
		return r.answer(req.Key, "remove-signer", task, req.Signer, req.Note)
	}
	return e.onTask(ctx, a, task, key, func(r *reader, s *snapshot, slot core.ID) (core.Input, error) {
		caseID, signer, ok := splitID(req.Signer)
		act, _ := slotOf(s.state, slot)
		if !ok || caseID != s.row.ID || !signs(act, signer) {
			return nil, wrong("signer", "nobody")
		}
		return core.RemoveSigner{Actor: r.person, Slot: signer, Note: req.Note, Office: e.keeps(r, s)}, nil
	})
}

func signs(act *core.Activation, slot core.ID) bool {
	for _, s := range act.Slots {
		if s.ID == slot {
			return true
		}
	}
	return false
}

// keeps tells whether the reader is an administrator, or the manager of a case's procedure.
func (e *Engine) keeps(r *reader, s *snapshot) bool { return r.admin || r.manages(s, e.now()) }

func checkNote(note string) error {
	if utf8.RuneCountInString(note) > maxName {
		return tooLong("note")
	}
	return nil
}

// taskActs lists what the reader may do with a task, himself or in the stead of somebody who is away, and then what he
// may do with its case.
func (r *reader) taskActs(n *renderer, s *snapshot, slot core.ID, now time.Time, away *value.Person) []ActView {
	c := r.context(now)
	c.For = away
	list := core.TaskActs(s.proc, s.state, c, slot, r.person, r.admin || r.manages(s, now))
	return append(n.actViews(s, list), r.actsOn(n, s, now)...)
}

// actViews shows acts with the reasons why not; sentences for them are put in where they are shown.
func (n *renderer) actViews(s *snapshot, list []core.Possible) []ActView {
	out := make([]ActView, len(list))
	for i, p := range list {
		out[i] = ActView{Act: string(p.Act), MayView: mayView(p.Why)}
		switch {
		case p.Message != "":
			out[i].On, out[i].Title = p.Message, n.say(messageOf(s.proc, p.Message).Title)
			if out[i].Args["message"] != "" { // the reason is read beside the title
				out[i].Args = maps.Clone(out[i].Args)
				out[i].Args["message"] = out[i].Title
			}
		case p.Act == core.ActRecall:
			out[i].On, out[i].Title = rowID(s.row.ID, p.On), n.titleOf(s, p.Step)
		case p.On != 0:
			out[i].On, out[i].Title = strconv.FormatInt(int64(p.On), 10), n.titleOf(s, p.Step)
		}
	}
	return out
}

// choices shows answers. Those of whoever was only asked have no titles of their own.
func (n *renderer) choices(answers []definitions.Outcome) []Choice {
	out := make([]Choice, len(answers))
	for i, o := range answers {
		out[i] = Choice{ID: o.ID, Title: n.say(o.Title)}
		if o.Title == "" {
			out[i].Title = phrase(n.lang, o.ID)
		}
	}
	return out
}

func (n *renderer) proposal(work *definitions.Task, slot *core.Slot) *ProposalView {
	if slot.Proposed == nil {
		return nil
	}
	return &ProposalView{
		By: slot.Proposed.By.ID, Name: slot.Proposed.By.Name, Answer: slot.Proposed.Answer, Note: slot.Proposed.Note,
		Title: n.answerTitle(work, slot.Proposed.Answer),
	}
}

func (n *renderer) answerTitle(work *definitions.Task, answer string) string {
	for _, o := range work.Answers {
		if o.ID == answer {
			return n.say(o.Title)
		}
	}
	if answer == "" {
		return ""
	}
	return phrase(n.lang, answer)
}

// signers shows who signs the step of a task, as a tree; nothing where it is one task of one person.
func (r *reader) signers(n *renderer, s *snapshot, act *core.Activation, own *core.Slot, now time.Time) []SignerView {
	if len(act.Slots) == 1 {
		return nil
	}
	work, ok := core.StepOf(s.proc, s.state, act.ID).Work.(*definitions.Task)
	if !ok {
		return nil
	}
	c := r.context(now)
	office := r.admin || r.manages(s, now)
	out := []SignerView{}
	for _, slot := range core.Signers(s.state, own.ID) {
		view := SignerView{
			Task: rowID(s.row.ID, slot.ID), Who: n.signer(slot), State: string(slot.State), Place: string(slot.Kind),
			Answer: slot.Answer, Title: n.answerTitle(work, slot.Answer),
			Remove: core.MayRemove(s.proc, s.state, c, slot.ID, r.person, office) == nil,
		}
		if slot.Parent != 0 {
			view.Parent = rowID(s.row.ID, slot.Parent)
		}
		if slot.Weight != nil {
			view.Weight = slot.Weight.RatString()
		}
		out = append(out, view)
	}
	return out
}

// signer names who signs: the one who has it, or those of whom one will.
func (n *renderer) signer(slot *core.Slot) string {
	if slot.Holder != nil {
		return slot.Holder.Name
	}
	names := make([]string, len(slot.Candidates))
	for i, c := range slot.Candidates {
		if names[i] = n.post(c.Post); c.Person != "" {
			names[i] = n.person(c.Person)
		}
	}
	return n.list(names)
}
