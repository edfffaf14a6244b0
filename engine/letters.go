package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// The kinds of letters between cases. They stand in the store and never change.
const (
	letterStart  = "start"  // begin the case To, called by From
	letterEnded  = "ended"  // the case From, called by To, has ended
	letterCancel = "cancel" // withdraw the case To
	letterKept   = "kept"   // bring To, which is From itself, the kept messages of a key
)

// letterHandOver gives what is one person's in the case To to another; From is empty: the office wrote it.
const letterHandOver = "hand-over"

// letterStaff has the case To see to what a change of the office's people leaves to nobody, or, when To is empty, has
// such cases looked for; From is empty.
const letterStaff = "staff"

// letterBody is the stored form of a letter. Each kind uses its own part of it.
type letterBody struct {
	Act       core.ID         `json:"act,omitempty"` // of the calling case
	Procedure string          `json:"procedure,omitempty"`
	Version   int             `json:"version,omitempty"` // of the case that ended
	Depth     int             `json:"depth,omitempty"`
	Values    json.RawMessage `json:"values,omitempty"` // of the called case's fields
	Outcome   string          `json:"outcome,omitempty"`
	Code      string          `json:"code,omitempty"` // why it has no result
	Failed    string          `json:"failed,omitempty"`
	Name      string          `json:"name,omitempty"`
	Key       string          `json:"key,omitempty"`
	HandOver  *handOverBody   `json:"hand_over,omitempty"`
	By        *value.Person   `json:"by,omitempty"` // who has changed the people
	Staff     *staffBody      `json:"staff,omitempty"`
}

// letter writes one beside the change. Its id sorts by the sender's history.
func (st *staged) letter(to, kind string, body letterBody) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	st.change.Letters = append(st.change.Letters, store.Letter{
		Office: st.job.key.office,
		ID:     fmt.Sprintf("%s.%010d.%04d", st.job.key.id, st.state.Seq, len(st.change.Letters)),
		From:   st.job.key.id, To: to, Kind: kind, Body: raw,
	})
	return nil
}

func (st *staged) startCase(x core.StartCase) error {
	return st.letter(x.Case, letterStart, letterBody{
		Act: x.Act, Procedure: x.Procedure, Depth: x.Depth, Values: x.Values,
	})
}

// calleeOf finds a called procedure as the caller's version knew it.
func calleeOf(p *definitions.Procedure, id string) *definitions.Procedure {
	for _, c := range callsOf(p) {
		if c.Procedure == id {
			return c.Callee
		}
	}
	return nil
}

// callsOf lists the calls of a procedure whose callee is known, also those that a `for_each` makes.
func callsOf(p *definitions.Procedure) []*definitions.Call {
	var out []*definitions.Call
	for _, name := range slices.Sorted(maps.Keys(p.Steps)) {
		work := p.Steps[name].Work
		if m, ok := work.(*definitions.Multi); ok && len(m.Body.Steps) == 1 {
			work = m.Body.Steps[0].Work
		}
		if c, ok := work.(*definitions.Call); ok && c.Callee != nil {
			out = append(out, c)
		}
	}
	return out
}

func (st *staged) endChild(x core.EndChild) error {
	p := st.proc()
	data, err := value.EncodeRecord(p.Data.Fields, st.state.Data, p.Office.Zone)
	if err != nil {
		return fmt.Errorf("data of case %s: %w", st.job.key.id, err)
	}
	return st.letter(x.Parent.Case, letterEnded, letterBody{
		Act: x.Parent.Act, Procedure: p.ID, Version: st.state.Version, Values: data, Outcome: x.Outcome,
		Code: x.Code, Failed: x.Failed,
	})
}

// postman delivers letters. Each is taken off in the commit of what it causes, so it is delivered exactly once; a
// letter whose delivery was interrupted is found again.
type postman struct {
	e     *Engine
	aside *asides
}

func (p *postman) run(ctx context.Context) error {
	for ctx.Err() == nil {
		more, err := p.round(ctx)
		if err != nil {
			return err
		}
		if more {
			continue
		}
		select {
		case <-ctx.Done():
		case <-p.e.post.bell:
		case <-p.e.clock.After(restLetters):
		}
	}
	return nil
}

// round delivers what there is, oldest first, and reports whether it delivered anything.
func (p *postman) round(ctx context.Context) (bool, error) {
	now := p.e.now()
	letters, err := p.e.store.Letters(ctx, maxLetters+p.aside.count(now))
	if err != nil {
		return false, err
	}
	p.e.readPeople(letters)
	type sent struct {
		letter store.Letter
		job    *job
	}
	var out []sent
	delivered := false
	for _, l := range letters {
		if p.aside.has(l.Office+"/"+l.ID, now) {
			continue
		}
		delivered = true
		j, err := p.e.letterJob(ctx, l)
		if err == nil && j != nil {
			err = p.e.submitOwn(ctx, j)
		}
		switch {
		case err == nil && j != nil:
			out = append(out, sent{letter: l, job: j})
		case err != nil:
			if err := p.failed(ctx, l, err); err != nil {
				return false, err
			}
		}
	}
	for _, s := range out {
		if err := p.failed(ctx, s.letter, p.e.outcome(ctx, s.job)); err != nil {
			return false, err
		}
	}
	return delivered, nil
}

// failed decides what becomes of a letter that could not be delivered. The error is one for which to try later.
func (p *postman) failed(ctx context.Context, l store.Letter, err error) error {
	code := codeOf(err)
	switch {
	case err == nil || errors.Is(err, errGone):
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, core.ErrNewer):
		p.setAside(l, err)
		return nil
	case code == CodeUnavailable || code == CodeBusy:
		return err
	case l.Kind == letterStart:
		return p.refuse(ctx, l, err)
	case code == CodeNotFound: // to a case that was never begun
		return p.e.takeLetter(ctx, l)
	}
	p.setAside(l, err)
	return nil
}

func (p *postman) setAside(l store.Letter, err error) {
	p.aside.put(l.Office+"/"+l.ID, p.e.now())
	p.e.log.Error("letter set aside", "office", l.Office, "letter", l.ID, "kind", l.Kind, "to", l.To, "error", err)
}

// refuse tells the calling case that the called one could not begin.
func (p *postman) refuse(ctx context.Context, l store.Letter, why error) error {
	var body letterBody
	if err := json.Unmarshal(l.Body, &body); err != nil {
		p.setAside(l, err)
		return nil
	}
	j := newJob(l.Office, l.From)
	j.takesMail = l.ID
	j.spent = always
	j.build = func(*snapshot) (core.Input, error) {
		return core.ChildEnded{
			Act: body.Act, Case: l.To, Code: core.CallFailed, Failed: body.Procedure + ": " + asError(why).Error(),
		}, nil
	}
	if err := p.e.submitOwn(ctx, j); err != nil {
		return err
	}
	err := p.e.outcome(ctx, j)
	switch code := codeOf(err); {
	case err == nil || errors.Is(err, errGone):
		return nil
	case code == CodeUnavailable || code == CodeBusy:
		return err
	}
	p.setAside(l, err)
	return nil
}

func always(*snapshot) bool { return true }

// takeLetter takes a letter off that concerns no case.
func (e *Engine) takeLetter(ctx context.Context, l store.Letter) error {
	_, err := e.store.Commit(ctx, []store.Change{{Office: l.Office, TakesLetter: l.ID}})
	return err
}

// letterJob makes the input of a letter. No job and no error: it was dealt with.
func (e *Engine) letterJob(ctx context.Context, l store.Letter) (*job, error) {
	var body letterBody
	if err := json.Unmarshal(l.Body, &body); err != nil {
		return nil, fmt.Errorf("letter %s cannot be read: %w", l.ID, err)
	}
	j := newJob(l.Office, l.To)
	j.takesMail = l.ID
	j.spent = always
	j.sharesFiles = true
	switch l.Kind {
	case letterStart:
		j.spent = nil
		return j, e.startByCall(ctx, j, l, body)
	case letterEnded:
		return j, e.endOfCall(ctx, j, l, body)
	case letterCancel:
		j.build = func(*snapshot) (core.Input, error) {
			return core.Cancel{Code: core.CalledOff}, nil
		}
		return j, nil
	case letterHandOver:
		return j, handOverIn(j, body.HandOver)
	case letterStaff:
		if l.To == "" {
			return nil, e.seeToStaff(ctx, l, body)
		}
		staffIn(j, body.By)
		return j, nil
	case letterKept:
		if err := e.bringKept(ctx, l.Office, l.To, body.Name, body.Key); err != nil {
			return nil, err
		}
		return nil, e.takeLetter(ctx, l)
	}
	return nil, fmt.Errorf("letter %s is of the unknown kind %q: this program is older than the data", l.ID, l.Kind)
}

// startByCall begins a called case on the newest version of its procedure.
func (e *Engine) startByCall(ctx context.Context, j *job, l store.Letter, body letterBody) error {
	d, err := e.books.desk(ctx, l.Office)
	if err != nil {
		return err
	}
	p := d.newest[body.Procedure]
	if p == nil {
		return d.notDeployed(body.Procedure)
	}
	values, faults := value.DecodeRecord(p.Data.Fields, body.Values, p.Office.Zone, nil)
	if len(faults) > 0 {
		return &Error{Code: string(core.Invalid), Fields: faults}
	}
	j.fresh = p
	way := p.CallStart()
	j.build = func(*snapshot) (core.Input, error) {
		return core.Start{
			Way: way, Values: values, Settings: d.settings(p), Parent: &core.Parent{Case: l.From, Act: body.Act},
			Depth: body.Depth,
		}, nil
	}
	return nil
}

// endOfCall brings a called case's end to the caller, its data read by the version that it ran on.
func (e *Engine) endOfCall(ctx context.Context, j *job, l store.Letter, body letterBody) error {
	p, err := e.books.version(ctx, j.key.office, body.Procedure, body.Version)
	if err != nil {
		return err
	}
	data, faults := value.DecodeRecord(p.Data.Fields, body.Values, p.Office.Zone, nil)
	if len(faults) > 0 {
		return fmt.Errorf("data of a called %s: %s %s", p.ID, faults[0].Path, faults[0].Code)
	}
	j.build = func(*snapshot) (core.Input, error) {
		return core.ChildEnded{
			Act: body.Act, Case: l.From, Outcome: body.Outcome, Data: data, Code: body.Code, Failed: body.Failed,
		}, nil
	}
	return nil
}
