package engine

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// Start starts a case of the procedure's newest version.
func (e *Engine) Start(ctx context.Context, a Actor, r StartRequest) (Started, error) {
	done, err := e.start(ctx, a, r)
	return Started{Case: done.Case, Number: done.Number, Status: done.Status, Tasks: done.Tasks}, e.told(err)
}

func (e *Engine) start(ctx context.Context, a Actor, r StartRequest) (Done, error) {
	reader, err := e.reader(ctx, a)
	if err != nil {
		return Done{}, err
	}
	answer, err := reader.answer(r.Key, "start", r.Procedure, strconv.Itoa(r.Way), string(r.Values))
	if err != nil {
		return Done{}, err
	}
	p := reader.desk.newest[r.Procedure]
	if p == nil {
		return Done{}, reader.desk.notDeployed(r.Procedure)
	}
	if r.Way < 0 || r.Way >= len(p.Starts) {
		return Done{}, wrong("way", "option", "options", ways(p))
	}
	if !reader.mayStart(p, p.Starts[r.Way], e.now()) {
		return Done{}, &Error{Code: string(core.NotAllowed), Args: map[string]string{"procedure": p.ID}}
	}
	return e.begin(ctx, reader, p, core.Start{Way: r.Way}, r.Values, func(j *job) { j.answer = answer })
}

// begin starts a case in somebody's name, with what the form of its start is filled in with.
func (e *Engine) begin(
	ctx context.Context, reader *reader, p *definitions.Procedure, in core.Start, filled json.RawMessage, also func(*job),
) (Done, error) {
	id, err := e.ids.next(e.now())
	if err != nil {
		return Done{}, err
	}
	j := reader.job(id, nil)
	j.fresh = p
	also(j)
	decode := func() (value.Record, error) {
		return decodeForm(p, p.Starts[in.Way].Form, filled, e.sources(ctx, reader, id))
	}
	values, err := decode()
	if err != nil {
		return e.answered(ctx, j, err) // a file that the same request has used is not free any more
	}
	j.build = func(*snapshot) (_ core.Input, err error) {
		if j.tries > 0 { // somebody may have taken a file
			values, err = decode()
		}
		in.Starter, in.Values, in.Settings = &reader.person, values, reader.desk.settings(p)
		return in, err
	}
	return e.do(ctx, j)
}

// ways lists the ways to start that people have, by number.
func ways(p *definitions.Procedure) string {
	var out []string
	for _, way := range p.Starts {
		if way.Schedule == nil && way.Message == nil {
			out = append(out, strconv.Itoa(way.Index))
		}
	}
	return strings.Join(out, ", ")
}

// job is a person's act on a case.
func (r *reader) job(id string, answer *store.Answer) *job {
	j := newJob(r.office, id)
	j.actor, j.reader, j.answer = r.person.ID, r, answer
	return j
}

// answer is what an idempotency key will be answered; nil without a key. The key is the person's own, and the digest
// tells the same request from another one.
func (r *reader) answer(key string, request ...string) (*store.Answer, error) {
	if key == "" {
		return nil, nil // no key, no answer to keep
	}
	if utf8.RuneCountInString(key) > maxName {
		return nil, tooLong("header.Idempotency-Key")
	}
	h := sha256.New()
	for _, part := range request {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return &store.Answer{Key: r.person.ID + "/" + key, Request: h.Sum(nil)}, nil
}

// Claim takes a task for the actor alone. Claiming what one holds is no error.
func (e *Engine) Claim(ctx context.Context, a Actor, task string) (Done, error) {
	return e.onTask(ctx, a, task, nil, func(r *reader, _ *snapshot, slot core.ID) (core.Input, error) {
		return core.Claim{Actor: r.person, Slot: slot}, nil
	})
}

// Release gives a claimed task back to all that it is offered to.
func (e *Engine) Release(ctx context.Context, a Actor, task string) (Done, error) {
	return e.onTask(ctx, a, task, nil, func(r *reader, _ *snapshot, slot core.ID) (core.Input, error) {
		return core.Release{Actor: r.person, Slot: slot}, nil
	})
}

// SaveDraft keeps what was filled in so far, unchecked, with the task, and claims it. A draft is a JSON object of at
// most 1 MiB.
func (e *Engine) SaveDraft(ctx context.Context, a Actor, task string, draft json.RawMessage) error {
	var object map[string]json.RawMessage
	switch {
	case len(draft) > maxDraft:
		return e.told(wrong("values", "max", "max", strconv.Itoa(maxDraft), "of", "bytes"))
	case json.Unmarshal(draft, &object) != nil:
		return e.told(wrong("values", "type", "want", "record"))
	}
	_, err := e.onTask(ctx, a, task, nil, func(r *reader, _ *snapshot, slot core.ID) (core.Input, error) {
		return core.SaveDraft{Actor: r.person, Slot: slot, Draft: draft}, nil
	})
	return err
}

// Complete finishes a task with an answer and the values of its form.
func (e *Engine) Complete(ctx context.Context, a Actor, task string, req CompleteRequest) (Done, error) {
	key := func(r *reader) (*store.Answer, error) {
		return r.answer(req.Key, "complete", task, req.Answer, string(req.Values), req.Note)
	}
	if utf8.RuneCountInString(req.Note) > maxName {
		return Done{}, e.told(tooLong("note"))
	}
	step := taskStep{}
	input := func(r *reader, s *snapshot, slot core.ID) (core.Input, error) {
		step = stepOfTask(s, slot)
		form := core.FormOf(s.proc, s.state, slot)
		values, err := decodeForm(s.proc, form, req.Values, e.sources(ctx, r, s.row.ID))
		return core.Complete{
			Actor: r.person, Slot: slot, Answer: req.Answer, Values: values, Note: req.Note, Dry: req.Dry,
		}, err
	}
	if req.Dry {
		return e.foreseeTask(ctx, a, task, input)
	}
	done, err := e.onTask(ctx, a, task, key, input)
	if err == nil && req.Pile {
		done.Piled = e.piled(ctx, a, done.Case, step)
	}
	return done, err
}

// foreseeTask tells what an act on an open task would come to.
func (e *Engine) foreseeTask(
	ctx context.Context, a Actor, task string, input func(*reader, *snapshot, core.ID) (core.Input, error),
) (Done, error) {
	id, slot, ok := splitID(task)
	if !ok {
		return Done{}, e.told(notFound())
	}
	return e.act(ctx, a, onCase{
		id: id, slot: slot, dry: true, allowed: e.mayAskAbout(slot),
		input: func(r *reader, s *snapshot) (core.Input, error) { return input(r, s, slot) },
	})
}

// onTask does an act on an open task. Who may not see the task, or its case, is not told that there is one.
func (e *Engine) onTask(ctx context.Context, a Actor, task string, key func(*reader) (*store.Answer, error),
	input func(*reader, *snapshot, core.ID) (core.Input, error),
) (Done, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return Done{}, e.told(err)
	}
	id, slot, ok := splitID(task)
	if !ok {
		return Done{}, e.told(notFound())
	}
	var answer *store.Answer
	if key != nil {
		if answer, err = key(r); err != nil {
			return Done{}, e.told(err)
		}
	}
	j := r.job(id, answer)
	j.build = func(s *snapshot) (core.Input, error) {
		if s.state.Status != core.Running {
			return core.Claim{Actor: r.person, Slot: slot}, nil // the core says why not
		}
		_, open := slotOf(s.state, slot)
		if open == nil {
			return nil, errNoSuchTask
		}
		j.standing = r.onBehalf(s, open, e.now())
		return input(r, s, slot)
	}
	done, err := e.do(ctx, j)
	if err != nil {
		err = e.explain(ctx, r, id, slot, err)
	}
	return done, e.told(err)
}

// errNoSuchTask says that a task is not open: who may see the case is told so.
var errNoSuchTask = &Error{Code: string(core.NotOpen)}

// hide turns a refusal into not-found for one who may not see the case, so that refusals do not tell of it.
func (e *Engine) hide(ctx context.Context, r *reader, id string, refused error) error {
	switch codeOf(refused) {
	case CodeNotFound, CodeUnavailable, CodeBusy, CodeInternal, CodeKeyReused:
		return refused
	}
	_, err := e.visible(ctx, r, id)
	if codeOf(err) == CodeNotFound {
		return notFound()
	}
	return refused
}
