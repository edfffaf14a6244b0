package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// What a change of the office's people leaves to nobody is seen to at once. A letter to the office itself is written
// in the transaction that changes the person. Whoever delivers it looks for such cases, a page at a time: one commit
// takes it, writes a letter to each case that was found, and one for what is left to look at. So whatever happens to
// this program in between, each case is found.

// staffBody is what a letter to the office says.
type staffBody struct {
	Was   value.Person `json:"was"`             // who has changed, as he was
	Page  int          `json:"page,omitempty"`  // how many were looked at
	Part  string       `json:"part,omitempty"`  // of what may be concerned: where to go on; "" = at the beginning
	After string       `json:"after,omitempty"` // cursor within it
}

// partWaits begins the parts that are the running cases of a procedure; the others are candidates of tasks.
const partWaits = "waits:"

// staffLetter is the letter to the office that goes with a change of a person; nil: it leaves nothing to nobody.
func (e *Engine) staffLetter(ctx context.Context, a Actor, old, now store.PersonRow) (*store.Letter, error) {
	if old.ID == "" || !bearsOnWork(old, now) {
		return nil, nil
	}
	d, err := e.books.desk(ctx, a.Office)
	if err != nil || d.office == nil {
		return nil, err
	}
	by, there := d.roster.Person(a.Person)
	if !there {
		by = value.Person{ID: a.Person}
	}
	body, err := json.Marshal(letterBody{By: &by, Staff: &staffBody{Was: value.Person{
		ID: old.ID, Name: old.Name, Posts: old.Posts, Unit: old.Unit, Skills: old.Skills,
	}}})
	return &store.Letter{ // a person's changes have times of their own
		Office: a.Office, ID: fmt.Sprintf("staff.%s.%d", now.ID, now.Changed.UnixMicro()), Kind: letterStaff, Body: body,
	}, err
}

// seeToStaff delivers a letter to the office.
func (e *Engine) seeToStaff(ctx context.Context, l store.Letter, body letterBody) error {
	if body.Staff == nil {
		return fmt.Errorf("letter %s to the office says nothing", l.ID)
	}
	s, err := e.staffSearch(ctx, l.Office, *body.Staff)
	if err != nil {
		return err
	}
	more, err := s.page(ctx)
	if err != nil {
		return err
	}
	change := store.Change{Office: l.Office, TakesLetter: l.ID}
	raw, err := json.Marshal(letterBody{By: body.By})
	if err != nil {
		return err
	}
	for i, id := range s.found {
		change.Letters = append(change.Letters, store.Letter{
			Office: l.Office, ID: fmt.Sprintf("%s/%06d", l.ID, i), To: id, Kind: letterStaff, Body: raw,
		})
	}
	if more {
		s.at.Page++
		body.Staff = &s.at
		raw, err := json.Marshal(body)
		if err != nil {
			return err
		}
		first, _, _ := strings.Cut(l.ID, "/")
		change.Letters = append(change.Letters, store.Letter{
			Office: l.Office, ID: fmt.Sprintf("%s/%d", first, s.at.Page), Kind: letterStaff, Body: raw,
		})
	}
	_, err = e.store.Commit(ctx, []store.Change{change})
	return err
}

// staffSearch looks for the cases in which something is left to nobody.
type staffSearch struct {
	*loss
	at    staffBody
	parts []string
	found []string // each once
}

// staffSearch goes on where a letter says, with the office as it is now.
func (e *Engine) staffSearch(ctx context.Context, office string, at staffBody) (*staffSearch, error) {
	now, err := e.store.Person(ctx, office, at.Was.ID)
	if err != nil {
		return nil, err
	}
	old := now
	old.Gone, old.Posts, old.Unit, old.Skills = false, at.Was.Posts, at.Was.Unit, at.Was.Skills
	l, err := e.lossOf(ctx, Operator(office), old, now)
	if err != nil {
		return nil, err
	}
	s := &staffSearch{loss: l, at: at}
	for _, c := range l.concerned() {
		s.parts = append(s.parts, string(c))
	}
	for _, id := range slices.Sorted(maps.Keys(l.desk.newest)) {
		s.parts = append(s.parts, partWaits+id)
	}
	s.at.Part = cmp.Or(s.at.Part, s.parts[0])
	return s, nil
}

// page looks at about a page of tasks and cases, and tells whether there are more.
func (s *staffSearch) page(ctx context.Context) (more bool, err error) {
	for i, looked := max(0, slices.Index(s.parts, s.at.Part)), 0; i < len(s.parts); {
		if s.at.Part = s.parts[i]; looked >= maxPage {
			return true, nil
		}
		n, next, err := s.look(ctx)
		if err != nil {
			return false, err
		}
		looked += n
		if s.at.After = next; next == "" {
			i++
		}
	}
	return false, nil
}

// look looks at the next page of a part: how much that was, and the cursor of what comes after it.
func (s *staffSearch) look(ctx context.Context) (n int, next string, err error) {
	if id, waits := strings.CutPrefix(s.at.Part, partWaits); waits {
		page, err := s.e.store.CasesOf(ctx, s.a.Office, store.CaseQuery{
			Procedure: id, Status: string(core.Running), After: s.at.After, Limit: maxPage,
		})
		for _, row := range page.Items {
			if err := s.judge(row.ID, func() (bool, error) { return s.waitsInVain(ctx, row) }); err != nil {
				return 0, "", err
			}
		}
		return len(page.Items), page.Next, err
	}
	page, err := s.e.store.Inbox(ctx, s.a.Office, store.InboxQuery{
		Who: []store.Candidate{store.Candidate(s.at.Part)}, After: s.at.After, Limit: maxPage,
	})
	for _, t := range page.Items {
		if err := s.judge(t.Case, func() (bool, error) { return s.lost(ctx, t) }); err != nil {
			return 0, "", err
		}
	}
	return len(page.Items), page.Next, err
}

// judge notes a case if it is to see to something, also if that cannot be told: it is found out when it is asked. The
// error is one for which to try later.
func (s *staffSearch) judge(id string, lost func() (bool, error)) error {
	if slices.Contains(s.found, id) {
		return nil
	}
	yes, err := lost()
	switch {
	case errors.Is(err, store.ErrNotFound):
	case err != nil && codeOf(err) == CodeUnavailable && !errors.Is(err, core.ErrNewer):
		return err
	case yes || err != nil:
		s.found = append(s.found, id)
	}
	return nil
}

// waitsInVain tells whether a running case has a wait that nobody can end any more.
func (s *staffSearch) waitsInVain(ctx context.Context, row store.CaseRow) (bool, error) {
	p, err := s.e.books.version(ctx, row.Office, row.Procedure, row.Version)
	if err != nil || !s.sends(p) {
		return false, err
	}
	snap, err := s.e.read(ctx, row)
	if err != nil {
		return false, err
	}
	list, err := s.unsent(snap)
	return len(list) > 0, err
}

// readPeople has the people of those offices read anew whose people have changed before these letters were written:
// another node may have done that.
func (e *Engine) readPeople(letters []store.Letter) {
	done := map[string]bool{}
	for _, l := range letters {
		if l.Kind == letterStaff && !done[l.Office] {
			done[l.Office] = true
			e.books.forget(l.Office)
		}
	}
}

// staffIn makes the input of a letter to a case.
func staffIn(j *job, by *value.Person) {
	in := core.StaffChanged{}
	if by != nil {
		in.Actor, j.actor = *by, by.ID
	}
	j.build = func(*snapshot) (core.Input, error) { return in, nil }
}
