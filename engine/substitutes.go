package engine

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/guicheng/guicheng/store"
)

// SubstituteRequest lets somebody do a person's work while he is away.
type SubstituteRequest struct {
	Person     string    // who is away; "" = the actor
	Substitute string    // who stands in
	From       time.Time // inclusive; zero = now
	Until      time.Time // exclusive
	Procedures []string  // ids; none = all
}

// SubstituteLine is a substitute, in force or not.
type SubstituteLine struct {
	ID             string    `json:"id"`
	Person         string    `json:"person" doc:"id of the person who is away"`
	PersonName     string    `json:"person_name"`
	Substitute     string    `json:"substitute" doc:"id of the person who stands in"`
	SubstituteName string    `json:"substitute_name"`
	From           time.Time `json:"from" doc:"the first moment"`
	Until          time.Time `json:"until" doc:"the first moment after"`
	Procedures     []string  `json:"procedures" doc:"the work of these procedures; empty: of all"`
	Now            bool      `json:"now" doc:"whether it is in force, and both are still here"`
}

// PutSubstitute lets somebody stand in for the actor, or, where an administrator says so, for somebody else.
func (e *Engine) PutSubstitute(ctx context.Context, a Actor, q SubstituteRequest) (SubstituteLine, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return SubstituteLine{}, e.told(err)
	}
	out, err := e.putSubstitute(ctx, r, q)
	return out, e.told(err)
}

func (e *Engine) putSubstitute(ctx context.Context, r *reader, q SubstituteRequest) (SubstituteLine, error) {
	if q.Person == "" {
		q.Person = r.person.ID
	}
	if q.Person != r.person.ID && !r.admin {
		return SubstituteLine{}, forbidden(WhyOneself)
	}
	now := e.now()
	if q.From.IsZero() {
		q.From = now
	}
	if err := r.wrongSubstitute(q, now); err != nil {
		return SubstituteLine{}, err
	}
	e.staff.Lock()
	defer e.staff.Unlock()
	all, err := e.store.Substitutes(ctx, r.office)
	if err != nil {
		return SubstituteLine{}, err
	}
	if err := e.forgetOld(ctx, r.office, all, q.Person, now); err != nil {
		return SubstituteLine{}, err
	}
	id, err := e.ids.next(now)
	if err != nil {
		return SubstituteLine{}, err
	}
	row := store.SubstituteRow{
		ID: id, Person: q.Person, Substitute: q.Substitute, From: q.From.UTC(), Until: q.Until.UTC(),
		Procedures: slices.Compact(slices.Sorted(slices.Values(q.Procedures))), Changed: now, ChangedBy: r.person.ID,
	}
	if err := e.store.PutSubstitute(ctx, r.office, row); err != nil {
		return SubstituteLine{}, err
	}
	e.books.forget(r.office)
	return r.substituteLine(row, now), nil
}

// wrongSubstitute finds what cannot be meant.
func (r *reader) wrongSubstitute(q SubstituteRequest, now time.Time) error {
	if _, ok := r.desk.roster.Person(q.Person); !ok {
		return wrong("person", "option", "got", q.Person, "options", "people of the office")
	}
	if _, ok := r.desk.roster.Person(q.Substitute); !ok || q.Substitute == q.Person {
		return wrong("substitute", "option", "got", q.Substitute)
	}
	if !q.Until.After(q.From) || !q.Until.After(now) {
		return wrong("until", "min", "min", later(q.From, now).Format(time.RFC3339), "of", "time")
	}
	for i, id := range q.Procedures {
		if r.desk.newest[id] == nil {
			return wrong(fmt.Sprintf("procedures[%d]", i), "option", "got", id)
		}
	}
	return nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// forgetOld takes away a person's substitutes whose time is long over, and refuses one too many.
func (e *Engine) forgetOld(ctx context.Context, office string, all []store.SubstituteRow, person string, now time.Time,
) error {
	n := 0
	for _, row := range all {
		if row.Person != person {
			continue
		}
		if row.Until.Before(now.Add(-keepSubstitutes)) {
			if err := e.store.DropSubstitute(ctx, office, row.ID); err != nil {
				return err
			}
			continue
		}
		n++
	}
	if n >= maxSubstitutes {
		return wrong("person", "max", "max", strconv.Itoa(maxSubstitutes), "of", "entries")
	}
	return nil
}

// Substitutes lists those whose work others do, or will do: an administrator sees all, others what concerns them.
func (e *Engine) Substitutes(ctx context.Context, a Actor) ([]SubstituteLine, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return nil, e.told(err)
	}
	rows, err := e.store.Substitutes(ctx, r.office)
	if err != nil {
		return nil, e.told(err)
	}
	out := []SubstituteLine{}
	for _, row := range rows {
		if r.admin || row.Person == r.person.ID || row.Substitute == r.person.ID {
			out = append(out, r.substituteLine(row, e.now()))
		}
	}
	return out, nil
}

// EndSubstitute ends a substitute at once. The person who is away may, and an administrator. One that is not there is
// not found.
func (e *Engine) EndSubstitute(ctx context.Context, a Actor, id string) error {
	r, err := e.reader(ctx, a)
	if err != nil {
		return e.told(err)
	}
	rows, err := e.store.Substitutes(ctx, r.office)
	if err != nil {
		return e.told(err)
	}
	i := slices.IndexFunc(rows, func(row store.SubstituteRow) bool {
		return row.ID == id && (r.admin || row.Person == r.person.ID)
	})
	if i < 0 {
		return e.told(notFound())
	}
	if err := e.store.DropSubstitute(ctx, r.office, id); err != nil {
		return e.told(err)
	}
	e.books.forget(r.office)
	return nil
}

func (r *reader) substituteLine(row store.SubstituteRow, now time.Time) SubstituteLine {
	_, person := r.desk.roster.Person(row.Person)
	_, substitute := r.desk.roster.Person(row.Substitute)
	n := r.renderer("", nil)
	return SubstituteLine{
		ID: row.ID, Person: row.Person, PersonName: n.person(row.Person), Substitute: row.Substitute,
		SubstituteName: n.person(row.Substitute), From: row.From, Until: row.Until,
		Procedures: append([]string{}, row.Procedures...),
		Now:        person && substitute && !now.Before(row.From) && now.Before(row.Until),
	}
}
