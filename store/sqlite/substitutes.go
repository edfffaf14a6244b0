package sqlite

import (
	"context"
	"fmt"
	"slices"

	"github.com/guicheng/guicheng/store"
)

const substituteColumns = "id, person, substitute, since, until, procedures, changed, changed_by"

func scanSubstitute(r scanner) (n store.SubstituteRow, err error) {
	var since, until, changed int64
	var procedures string
	err = r.Scan(&n.ID, &n.Person, &n.Substitute, &since, &until, &procedures, &changed, &n.ChangedBy)
	if err != nil {
		return n, err
	}
	n.From, n.Until, n.Changed = fromMicros(since), fromMicros(until), fromMicros(changed)
	n.Procedures, err = decodeList[string](procedures)
	return n, err
}

// PutSubstitute adds or replaces a substitute.
func (s *Store) PutSubstitute(ctx context.Context, office string, n store.SubstituteRow) error {
	return s.writing(ctx, "put substitute "+n.ID, 1, func(ctx context.Context, q *statements) error {
		_, err := q.exec(ctx, "INSERT OR REPLACE INTO substitutes ("+substituteColumns+
			", office) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", n.ID, n.Person, n.Substitute, micros(n.From), micros(n.Until),
			encodeList(n.Procedures), micros(n.Changed), n.ChangedBy, office)
		return err
	})
}

// Substitutes lists all of an office, by id.
func (s *Store) Substitutes(ctx context.Context, office string) ([]store.SubstituteRow, error) {
	return list(ctx, s, "substitutes of "+office, scanSubstitute,
		"SELECT "+substituteColumns+" FROM substitutes WHERE office = ? ORDER BY id", office)
}

// DropSubstitute takes one away. Again is no error.
func (s *Store) DropSubstitute(ctx context.Context, office, id string) error {
	return s.writing(ctx, "drop substitute "+id, 1, func(ctx context.Context, q *statements) error {
		_, err := q.exec(ctx, "DELETE FROM substitutes WHERE office = ? AND id = ?", office, id)
		return err
	})
}

func (a *applier) deeds(ctx context.Context) error {
	for _, d := range a.c.Deeds {
		if err := a.exec(ctx, `INSERT INTO deeds (office, procedure, step, person, times, last) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET times = times + excluded.times, last = max(last, excluded.last)`,
			a.office, d.Procedure, d.Step, d.Person, d.Times, micros(d.Last)); err != nil {
			return fmt.Errorf("deed of %q: %w", d.Person, err)
		}
	}
	return nil
}

// DeedsOf lists what was counted of a procedure's steps, by step and person.
func (s *Store) DeedsOf(ctx context.Context, office, procedure string, steps []string) ([]store.DeedRow, error) {
	var out []store.DeedRow
	for _, step := range slices.Compact(slices.Sorted(slices.Values(steps))) {
		rows, err := list(ctx, s, "deeds of "+procedure, func(r scanner) (d store.DeedRow, err error) {
			var last int64
			err = r.Scan(&d.Procedure, &d.Step, &d.Person, &d.Times, &last)
			d.Last = fromMicros(last)
			return d, err
		}, `SELECT procedure, step, person, times, last FROM deeds
			WHERE office = ? AND procedure = ? AND step = ? ORDER BY person`, office, procedure, step)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}
