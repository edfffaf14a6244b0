package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/store"
)

const substituteColumns = "id, person, substitute, since, until, procedures, changed, changed_by"

const (
	sqlPutSubstitute = "INSERT INTO substitutes (office, " + substituteColumns + `)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (office, id) DO UPDATE SET person = excluded.person,
	substitute = excluded.substitute, since = excluded.since, until = excluded.until, procedures = excluded.procedures,
	changed = excluded.changed, changed_by = excluded.changed_by`
	sqlSubstitutes    = "SELECT " + substituteColumns + " FROM substitutes WHERE office = $1 ORDER BY id"
	sqlDropSubstitute = "DELETE FROM substitutes WHERE office = $1 AND id = $2"

	// Rows of one key are added up first: a statement may change a row once.
	sqlDeeds = `INSERT INTO deeds (office, procedure, step, person, times, last)
	SELECT r.office, r.procedure, r.step, r.person, sum(r.times), max(r.last)
	FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[])
		AS r(ord, office, procedure, step, person, times, last)
	WHERE ` + sqlApplied + ` GROUP BY r.office, r.procedure, r.step, r.person
	ORDER BY r.office, r.procedure, r.step, r.person
	ON CONFLICT (office, procedure, step, person)
	DO UPDATE SET times = deeds.times + excluded.times, last = greatest(deeds.last, excluded.last)`
	sqlDeedsOf = `SELECT procedure, step, person, times, last FROM deeds
	WHERE office = $1 AND procedure = $2 AND step = ANY($3::text[]) ORDER BY step, person`
)

// PutSubstitute adds or replaces a substitute.
func (s *Store) PutSubstitute(ctx context.Context, office string, n store.SubstituteRow) error {
	return s.changeOffice(ctx, "put substitute "+n.ID, office, sqlPutSubstitute, office, n.ID, n.Person, n.Substitute,
		micros(n.From), micros(n.Until), texts(n.Procedures), micros(n.Changed), n.ChangedBy)
}

// Substitutes lists all of an office, by id.
func (s *Store) Substitutes(ctx context.Context, office string) ([]store.SubstituteRow, error) {
	return list(ctx, s, "substitutes of "+office, named(office), func(r scanner) (n store.SubstituteRow, err error) {
		var since, until, changed int64
		var procedures []string
		err = r.Scan(&n.ID, &n.Person, &n.Substitute, &since, &until, &procedures, &changed, &n.ChangedBy)
		n.From, n.Until, n.Changed = fromMicros(since), fromMicros(until), fromMicros(changed)
		if len(procedures) > 0 {
			n.Procedures = procedures
		}
		return n, err
	}, sqlSubstitutes, office)
}

// DropSubstitute takes one away. Again is no error.
func (s *Store) DropSubstitute(ctx context.Context, office, id string) error {
	return s.changeOffice(ctx, "drop substitute "+id, office, sqlDropSubstitute, office, id)
}

func (w *wave) deeds(b *pgx.Batch) {
	rows := rowsOf(w, func(c *store.Change) []store.DeedRow { return c.Deeds })
	if len(rows) == 0 {
		return
	}
	type r = row[store.DeedRow]
	b.Queue(sqlDeeds, ords(rows), offices(rows),
		column(rows, func(r *r) string { return r.v.Procedure }),
		column(rows, func(r *r) string { return r.v.Step }),
		column(rows, func(r *r) string { return r.v.Person }),
		column(rows, func(r *r) int64 { return r.v.Times }),
		column(rows, func(r *r) int64 { return micros(r.v.Last) }))
}

// DeedsOf lists what was counted of a procedure's steps, by step and person.
func (s *Store) DeedsOf(ctx context.Context, office, procedure string, steps []string) ([]store.DeedRow, error) {
	return list(ctx, s, "deeds of "+procedure, named(office), func(r scanner) (d store.DeedRow, err error) {
		var last int64
		err = r.Scan(&d.Procedure, &d.Step, &d.Person, &d.Times, &last)
		d.Last = fromMicros(last)
		return d, err
	}, sqlDeedsOf, office, procedure, texts(steps))
}
