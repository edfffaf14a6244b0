package sqlite

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/shared"
)

func itoa(n int) string { return strconv.Itoa(n) }

const copyColumns = `c.office, c.id, c.case_id, c.number, c.title, c.document, c.edition, c.recipient, c.at,
	c.kind, c.sender, c.text`

func scanCopyAnd(r scanner, more ...any) (c store.CopyRow, err error) {
	var at int64
	err = r.Scan(append([]any{&c.Office, &c.ID, &c.Case, &c.Number, &c.Title, &c.Document, &c.Edition, &c.To, &at,
		&c.Kind, &c.By, &c.Text}, more...)...)
	c.At = fromMicros(at)
	return c, err
}

// Copies lists documents that were copied to who, youngest first. Read says whether person has read them.
func (s *Store) Copies(ctx context.Context, office string, who []store.Candidate, person, after string, limit int,
) (store.Page[store.CopyRow], error) {
	var none store.Page[store.CopyRow]
	at, err := shared.DecodeCursor(after, shared.Cursor{List: shared.Copies, First: math.MaxInt64})
	if err != nil {
		return none, err
	}
	limit = shared.PageOf(limit)
	var items []store.CopyRow
	err = s.reading(ctx, "copies of "+office, func(q *statements) error {
		for some := range slices.Chunk(distinct(who), whoAtOnce) {
			text, args := copiesQuery(office, some, person, at, limit+1)
			rows, err := queryAll(ctx, q, func(r scanner) (store.CopyRow, error) {
				var read bool
				c, err := scanCopyAnd(r, &read)
				c.Read = read
				return c, err
			}, text, args...)
			if err != nil {
				return err
			}
			items = append(items, rows...)
		}
		return nil
	})
	if err != nil {
		return none, err
	}
	if len(who) > whoAtOnce {
		slices.SortFunc(items, func(a, b store.CopyRow) int {
			return cmp.Or(cmp.Compare(micros(b.At), micros(a.At)), cmp.Compare(b.ID, a.ID))
		})
	}
	return shared.Page(items, limit, func(c store.CopyRow) shared.Cursor {
		return shared.Cursor{List: shared.Copies, First: micros(c.At), ID: c.ID}
	}), nil
}

// copiesQuery merges the top of each recipient's range, like inboxQuery. A copy has one recipient, so none comes twice.
func copiesQuery(office string, who []store.Candidate, person string, at shared.Cursor, limit int) (string, []any) {
	args := []any{office, at.First, at.ID, limit, person}
	var b strings.Builder
	b.WriteString("SELECT " + copyColumns +
		", EXISTS (SELECT 1 FROM copy_reads r WHERE r.office = ?1 AND r.copy = c.id AND r.person = ?5) FROM (")
	for i := range roundUp(len(who)) {
		recipient := "" // nobody
		if i < len(who) {
			recipient = string(who[i])
		}
		if i > 0 {
			b.WriteString(" UNION ALL ")
		}
		args = append(args, recipient)
		b.WriteString("SELECT * FROM (SELECT at, id FROM copies WHERE office = ?1 AND recipient = ?" + itoa(len(args)) +
			" AND (at, id) < (?2, ?3) ORDER BY at DESC, id DESC LIMIT ?4)")
	}
	b.WriteString(` ORDER BY at DESC, id DESC LIMIT ?4) k CROSS JOIN copies c ON c.office = ?1 AND c.id = k.id
		ORDER BY k.at DESC, k.id DESC`)
	return b.String(), args
}

// ReadCopy marks a copy as read by a person. Again is no error and keeps the first time.
func (s *Store) ReadCopy(ctx context.Context, office, id, person string, at time.Time) error {
	what := "read copy " + id
	return s.writing(ctx, what, 1, func(ctx context.Context, q *statements) error {
		if _, err := queryOne(ctx, q, scanInt, "SELECT 1 FROM copies WHERE office = ? AND id = ?", office, id); err != nil {
			return err
		}
		_, err := q.exec(ctx, "INSERT INTO copy_reads (office, copy, person, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
			office, id, person, micros(at))
		return err
	})
}

// CopiesOf lists the copies of a case, oldest first. Read says whether anybody has read it.
func (s *Store) CopiesOf(ctx context.Context, office, caseID string) ([]store.CopyRow, error) {
	from, to := ofCase(caseID)
	return list(ctx, s, fmt.Sprintf("copies of case %s", caseID), func(r scanner) (store.CopyRow, error) {
		var read bool
		c, err := scanCopyAnd(r, &read)
		c.Read = read
		return c, err
	}, "SELECT "+copyColumns+`,
		EXISTS (SELECT 1 FROM copy_reads r WHERE r.office = c.office AND r.copy = c.id) FROM copies c
		WHERE c.office = ? AND c.id > ? AND c.id < ? AND c.case_id = ? ORDER BY c.at, c.id`, office, from, to, caseID)
}
