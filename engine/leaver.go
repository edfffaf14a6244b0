package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// HandOverRequest gives all that is one person's to another.
type HandOverRequest struct {
	From string // person's id; he may have left
	To   string
	Note string
	Key  string // idempotency key; "" = none
}

// HandedOver says what a hand-over came to.
type HandedOver struct {
	Cases int `json:"cases" doc:"in how many cases there was something to hand over"`
	Tasks int `json:"tasks" doc:"how many open tasks change hands"`
}

// HandOver gives all open tasks of a person to another, all or nothing: an administrator's act. Every task is tried
// first, and when one may not be the other's nothing is done: code not-all-handed, with the tasks that stand in the
// way. Then one commit writes a letter to each of the cases; the letters are delivered, each exactly once, within
// moments, whatever happens to this program in between.
func (e *Engine) HandOver(ctx context.Context, a Actor, q HandOverRequest) (HandedOver, error) {
	out, err := e.handOver(ctx, a, q)
	return out, e.told(err)
}

func (e *Engine) handOver(ctx context.Context, a Actor, q HandOverRequest) (HandedOver, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return HandedOver{}, err
	}
	if !r.admin {
		return HandedOver{}, forbidden(WhyAdministrators)
	}
	if err := checkNote(q.Note); err != nil {
		return HandedOver{}, err
	}
	answer, err := r.answer(q.Key, "hand-over", q.From, q.To, q.Note)
	if err != nil {
		return HandedOver{}, err
	}
	if before, err := e.handedBefore(ctx, r.office, answer); err != nil || before != nil {
		return *before, err
	}
	from, to, err := e.leaverAndHeir(ctx, r, q)
	if err != nil {
		return HandedOver{}, err
	}
	cases, err := e.casesOfLeaver(ctx, r.office, from.ID)
	if err != nil {
		return HandedOver{}, err
	}
	out, cases, err := e.tryHandOver(ctx, r, cases, from, to)
	if err != nil {
		return HandedOver{}, err
	}
	change, err := e.handOverLetters(r, cases, from, to, q.Note)
	if err != nil || len(cases) == 0 {
		return out, err
	}
	if answer != nil {
		if answer.Body, err = json.Marshal(out); err != nil {
			return HandedOver{}, err
		}
		answer.At, change.Answer = e.now(), answer
	}
	results, err := e.store.Commit(ctx, []store.Change{change})
	if err != nil {
		return HandedOver{}, err
	}
	if len(results) == 1 && results[0] == store.Repeated { // the same request came twice at once
		before, err := e.handedBefore(ctx, r.office, answer)
		if err != nil || before == nil {
			return HandedOver{}, err
		}
		return *before, nil
	}
	e.post.ring()
	return out, nil
}

// handedBefore gives what the same request was answered; nil: it is new. It never returns nil with an error.
func (e *Engine) handedBefore(ctx context.Context, office string, asked *store.Answer) (*HandedOver, error) {
	if asked == nil {
		return nil, nil // no key, nothing before
	}
	before, err := e.store.Answer(ctx, office, asked.Key)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, nil // the key is new
	case err != nil:
		return &HandedOver{}, err
	case !bytes.Equal(before.Request, asked.Request):
		return &HandedOver{}, &Error{Code: CodeKeyReused}
	}
	out := &HandedOver{}
	if err := json.Unmarshal(before.Body, out); err != nil {
		return out, fmt.Errorf("stored answer: %w", err)
	}
	return out, nil
}

// leaverAndHeir finds the two people. Who hands over may have left; who takes over is there.
func (e *Engine) leaverAndHeir(ctx context.Context, r *reader, q HandOverRequest) (from, to value.Person, err error) {
	row, err := e.store.Person(ctx, r.office, q.From)
	if errors.Is(err, store.ErrNotFound) {
		return from, to, wrong("from", "nobody")
	}
	if err != nil {
		return from, to, err
	}
	to, ok := r.desk.roster.Person(q.To)
	if !ok || q.To == q.From {
		return from, to, wrong("to", "nobody")
	}
	return value.Person{ID: row.ID, Name: row.Name, Posts: row.Posts, Unit: row.Unit, Skills: row.Skills}, to, nil
}

// casesOfLeaver lists the cases in which a person has a task of his own, oldest task first.
func (e *Engine) casesOfLeaver(ctx context.Context, office, person string) ([]string, error) {
	who := []store.Candidate{
		store.Candidate("holder:" + person), store.Candidate("person:" + person), heldBy(person),
	}
	var cases []string
	seen := map[string]bool{}
	for after := ""; ; {
		page, err := e.store.Inbox(ctx, office, store.InboxQuery{Who: who, After: after, Limit: maxPage})
		if err != nil {
			return nil, err
		}
		for _, t := range page.Items {
			if !seen[t.Case] {
				seen[t.Case] = true
				cases = append(cases, t.Case)
			}
		}
		if after = page.Next; after == "" {
			return cases, nil
		}
		if len(cases) > maxHandOver {
			return nil, wrong("from", "max", "max", strconv.Itoa(maxHandOver), "of", "entries")
		}
	}
}

// tryHandOver counts the tasks, leaves the cases that have some, and refuses when one may not be the heir's.
func (e *Engine) tryHandOver(ctx context.Context, r *reader, cases []string, from, to value.Person) (
	HandedOver, []string, error,
) {
	out, having := HandedOver{}, []string{}
	refused := &Error{Code: CodeNotAllHanded, Args: map[string]string{"person": to.Name}}
	for _, id := range cases {
		s, err := e.fresh(ctx, caseKey{office: r.office, id: id})
		if err != nil {
			return HandedOver{}, nil, err
		}
		list := core.CanHandOver(s.proc, s.state, r.context(e.now()), from, to)
		if len(list) > 0 {
			having = append(having, id)
		}
		for _, t := range list {
			out.Tasks++
			if t.Why != nil && len(refused.Fields) < maxNamed {
				act, _ := slotOf(s.state, t.Slot)
				title := t.Step
				if act != nil {
					title = core.StepOf(s.proc, s.state, act.ID).Title
				}
				refused.Fields = append(refused.Fields, faultAt(s.row.Number+" "+title, "not-theirs"))
			}
		}
	}
	if len(refused.Fields) > 0 {
		return HandedOver{}, nil, refused
	}
	out.Cases = len(having)
	return out, having, nil
}

// handOverLetters is the one change that hands over: a letter to each case.
func (e *Engine) handOverLetters(r *reader, cases []string, from, to value.Person, note string) (store.Change, error) {
	id, err := e.ids.next(e.now())
	if err != nil {
		return store.Change{}, err
	}
	body, err := json.Marshal(letterBody{HandOver: &handOverBody{By: r.person, From: from, To: to, Note: note}})
	if err != nil {
		return store.Change{}, err
	}
	change := store.Change{Office: r.office}
	for i, to := range cases {
		change.Letters = append(change.Letters, store.Letter{
			Office: r.office, ID: fmt.Sprintf("%s.%06d", id, i), To: to, Kind: letterHandOver, Body: body,
		})
	}
	return change, nil
}

// handOverBody is what a letter says that hands over.
type handOverBody struct {
	By   value.Person `json:"by"`
	From value.Person `json:"from"`
	To   value.Person `json:"to"`
	Note string       `json:"note,omitempty"`
}

// handOverIn makes the input of such a letter. In a case that is frozen nothing can be handed over, until it is mended.
func handOverIn(j *job, b *handOverBody) error {
	if b == nil {
		return errors.New("a letter that hands over says nothing")
	}
	j.actor = b.By.ID
	j.build = func(*snapshot) (core.Input, error) {
		return core.HandOver{Actor: b.By, From: b.From, To: b.To, Note: b.Note}, nil
	}
	return nil
}
