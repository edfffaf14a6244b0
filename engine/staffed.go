package engine

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// staffLetters has cases see at once to what a change of the office's people leaves to nobody, each by a letter.
func (e *Engine) staffLetters(ctx context.Context, a Actor, cases []string) error {
	d, err := e.books.desk(ctx, a.Office)
	if err != nil {
		return err
	}
	by, there := d.roster.Person(a.Person)
	if !there {
		by = value.Person{ID: a.Person}
	}
	id, err := e.ids.next(e.now())
	if err != nil {
		return err
	}
	body, err := json.Marshal(letterBody{By: &by})
	if err != nil {
		return err
	}
	change := store.Change{Office: a.Office}
	for i, to := range cases {
		change.Letters = append(change.Letters, store.Letter{
			Office: a.Office, ID: fmt.Sprintf("%s.%06d", id, i), To: to, Kind: letterStaff, Body: body,
		})
	}
	if _, err := e.store.Commit(ctx, []store.Change{change}); err != nil {
		return err
	}
	e.post.ring()
	return nil
}

// staffIn makes the input of such a letter. Which people there are is read anew: another node may have written it.
func (e *Engine) staffIn(j *job, by *value.Person) {
	e.books.forget(j.key.office)
	in := core.StaffChanged{}
	if by != nil {
		in.Actor, j.actor = *by, by.ID
	}
	j.build = func(*snapshot) (core.Input, error) { return in, nil }
}
