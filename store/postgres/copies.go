package postgres

import (
	"context"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/shared"
)

const copyColumns = `c.office, c.id, c.case_id, c.number, c.title, c.document, c.edition, c.recipient, c.at,
	c.kind, c.sender, c.text`

func scanCopyAnd(r scanner, more ...any) (c store.CopyRow, err error) {
	var at int64
	err = r.Scan(append([]any{&c.Office, &c.ID, &c.Case, &c.Number, &c.Title, &c.Document, &c.Edition, &c.To, &at,
		&c.Kind, &c.By, &c.Text}, more...)...)
	c.At = fromMicros(at)
	return c, err
}

// sqlListCopies merges the top of each recipient's range, like the inbox. A copy has one recipient: none comes twice.
const sqlListCopies = "SELECT " + copyColumns + `,
	EXISTS (SELECT FROM copy_reads r WHERE r.office = $1 AND r.copy = c.id AND r.person = $6) FROM (
	SELECT m.at, m.id FROM unnest($2::text[]) AS w(recipient) CROSS JOIN LATERAL (
		SELECT o.at, o.id FROM copies o
		WHERE o.office = $1 AND o.recipient = w.recipient AND (o.at, o.id) < ($3, $4)
		ORDER BY o.at DESC, o.id DESC LIMIT $5) m
	ORDER BY m.at DESC, m.id DESC LIMIT $5) k
CROSS JOIN LATERAL (SELECT ` + copyColumns + ` FROM copies c WHERE c.office = $1 AND c.id = k.id OFFSET 0) c
ORDER BY k.at DESC, k.id DESC`

// Copies lists documents that were copied to who, youngest first. Read says whether person has read them.
func (s *Store) Copies(ctx context.Context, office string, who []store.Candidate, person, after string, limit int,
) (store.Page[store.CopyRow], error) {
	var none store.Page[store.CopyRow]
	at, err := shared.DecodeCursor(after, shared.Cursor{List: shared.Copies, First: math.MaxInt64})
	if err != nil {
		return none, err
	}
	limit = shared.PageOf(limit)
	items, err := list(ctx, s, "copies of "+office, named(office), func(r scanner) (store.CopyRow, error) {
		var read bool
		c, err := scanCopyAnd(r, &read)
		c.Read = read
		return c, err
	}, sqlListCopies, office, texts(distinct(who)), at.First, at.ID, limit+1, person)
	if err != nil {
		return none, err
	}
	return shared.Page(items, limit, func(c store.CopyRow) shared.Cursor {
		return shared.Cursor{List: shared.Copies, First: micros(c.At), ID: c.ID}
	}), nil
}

const sqlReadCopy = `WITH c AS (SELECT c.office, c.id FROM copies c WHERE c.office = $1 AND c.id = $2), put AS (
	INSERT INTO copy_reads (office, copy, person, at) SELECT c.office, c.id, $3, $4 FROM c ON CONFLICT DO NOTHING)
	SELECT count(*) FROM c`

// ReadCopy marks a copy as read by a person. Again is no error and keeps the first time.
func (s *Store) ReadCopy(ctx context.Context, office, id, person string, at time.Time) error {
	what := "read copy " + id
	n := 0
	err := s.change(ctx, what, func() *pgx.Batch {
		b := s.begin(named(office))
		b.Queue(sqlReadCopy, office, id, person, micros(at)).QueryRow(func(r pgx.Row) error { return r.Scan(&n) })
		return b
	})
	if code(err) == badText || err == nil && n == 0 {
		return failure(what, pgx.ErrNoRows)
	}
	return err
}

const sqlCopiesOf = "SELECT " + copyColumns + `,
	EXISTS (SELECT FROM copy_reads r WHERE r.office = $1 AND r.copy = c.id) FROM copies c
	WHERE c.office = $1 AND c.id > $2 AND c.id < $3 AND c.case_id = $4 ORDER BY c.at, c.id`

// CopiesOf lists the copies of a case, oldest first. Read says whether anybody has read it.
func (s *Store) CopiesOf(ctx context.Context, office, caseID string) ([]store.CopyRow, error) {
	from, to := ofCase(caseID)
	return list(ctx, s, "copies of case "+caseID, named(office), func(r scanner) (store.CopyRow, error) {
		var read bool
		c, err := scanCopyAnd(r, &read)
		c.Read = read
		return c, err
	}, sqlCopiesOf, office, from, to, caseID)
}
