package engine

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// SayRequest is a word on a case.
type SayRequest struct {
	Case string
	Text string
	To   []string // ids of those who get the case to read
	Key  string   // idempotency key; "" = none
}

// CommentView is a word on a case.
type CommentView struct {
	By     string    `json:"by" doc:"id of the person who wrote it"`
	ByName string    `json:"by_name"`
	At     time.Time `json:"at"`
	Text   string    `json:"text"`
}

// CaseCopyView says who got a case to read.
type CaseCopyView struct {
	To     string    `json:"to" doc:"id of the person"`
	ToName string    `json:"to_name"`
	By     string    `json:"by"`
	ByName string    `json:"by_name"`
	At     time.Time `json:"at"`
	Text   string    `json:"text,omitempty"`
	Read   bool      `json:"read" doc:"the person has opened it"`
}

// Sayings are what people said on a case, oldest first.
type Sayings struct {
	Comments []CommentView  `json:"comments"`
	Copies   []CaseCopyView `json:"copies"`
}

// addTold puts what was said on a case where its recipients find it. A case is copied to a person once.
func (st *staged) addTold(x core.Tell) {
	row := store.CopyRow{
		Office: st.job.key.office, Kind: x.Kind, By: x.By, Text: x.Text, Case: st.job.key.id, Number: st.state.Number,
		Title: st.before.proc.Title, At: st.now,
	}
	n := st.state.Seq
	if x.Kind == store.CaseCopy {
		n = 0
	}
	if len(x.To) == 0 {
		row.ID = fmt.Sprintf("%s.@%s.%d", row.Case, x.Kind, n)
		st.change.Copies = append(st.change.Copies, row)
	}
	for _, to := range candidates(x.To) {
		row.ID, row.To = fmt.Sprintf("%s.@%s.%d.%s", row.Case, x.Kind, n, to), to
		st.change.Copies = append(st.change.Copies, row)
	}
}

// Urge asks those who have the case's open tasks to hurry. Whoever may see the case may.
func (e *Engine) Urge(ctx context.Context, a Actor, q SayRequest) (Done, error) {
	return e.say(ctx, a, "urge", q, func(r *reader) (core.Input, error) {
		return core.Urge{Actor: r.person, Text: q.Text}, nil
	})
}

// Comment puts a word on the case's record, for all who may see it.
func (e *Engine) Comment(ctx context.Context, a Actor, q SayRequest) (Done, error) {
	return e.say(ctx, a, "comment", q, func(r *reader) (core.Input, error) {
		if strings.TrimSpace(q.Text) == "" {
			return nil, wrong("text", "required")
		}
		return core.Comment{Actor: r.person, Text: q.Text}, nil
	})
}

// CopyCase gives people of the office the case to read. They may see it from then on; who got it before is passed over.
func (e *Engine) CopyCase(ctx context.Context, a Actor, q SayRequest) (Done, error) {
	return e.say(ctx, a, "copy", q, func(r *reader) (core.Input, error) {
		switch {
		case len(q.To) == 0:
			return nil, wrong("to", "required")
		case len(q.To) > maxRecipients:
			return nil, wrong("to", "max", "max", strconv.Itoa(maxRecipients), "of", "entries")
		}
		people := make([]value.Person, 0, len(q.To))
		for i, id := range q.To {
			p, ok := r.desk.roster.Person(id)
			if !ok {
				return nil, wrong(fmt.Sprintf("to[%d]", i), "option", "got", id)
			}
			people = append(people, p)
		}
		return core.CopyCase{Actor: r.person, To: people, Text: q.Text}, nil
	})
}

// say does what moves nothing, for whoever may see the case.
func (e *Engine) say(ctx context.Context, a Actor, what string, q SayRequest,
	input func(*reader) (core.Input, error),
) (Done, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return Done{}, e.told(err)
	}
	if _, err := e.visible(ctx, r, q.Case); err != nil {
		return Done{}, e.told(err)
	}
	if utf8.RuneCountInString(q.Text) > maxComment {
		return Done{}, e.told(wrong("text", "max", "max", strconv.Itoa(maxComment), "of", "characters"))
	}
	in, err := input(r)
	if err != nil {
		return Done{}, e.told(err)
	}
	answer, err := r.answer(q.Key, append([]string{what, q.Case, q.Text}, q.To...)...)
	if err != nil {
		return Done{}, e.told(err)
	}
	j := r.job(q.Case, answer)
	j.build = func(*snapshot) (core.Input, error) { return in, nil }
	done, err := e.do(ctx, j)
	return done, e.told(err)
}

// Sayings lists the comments on a case, and to whom it was copied.
func (e *Engine) Sayings(ctx context.Context, a Actor, caseID string) (Sayings, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return Sayings{}, e.told(err)
	}
	if _, err := e.visible(ctx, r, caseID); err != nil {
		return Sayings{}, e.told(err)
	}
	rows, err := e.store.CopiesOf(ctx, r.office, caseID)
	if err != nil {
		return Sayings{}, e.told(err)
	}
	n := r.renderer("", nil)
	out := Sayings{Comments: []CommentView{}, Copies: []CaseCopyView{}}
	for _, row := range rows {
		switch row.Kind {
		case store.CommentCopy:
			out.Comments = append(out.Comments, CommentView{By: row.By, ByName: n.person(row.By), At: row.At, Text: row.Text})
		case store.CaseCopy:
			to := strings.TrimPrefix(string(row.To), "person:")
			out.Copies = append(out.Copies, CaseCopyView{
				To: to, ToName: n.person(to), By: row.By, ByName: n.person(row.By), At: row.At, Text: row.Text, Read: row.Read,
			})
		}
	}
	return out, nil
}

// opens tells whether a copy lets its recipient see the case: a paper, or the case itself.
func opens(c store.CopyRow, who []store.Candidate) bool {
	return (c.Kind == store.PaperCopy || c.Kind == store.CaseCopy) && slices.Contains(who, c.To)
}
