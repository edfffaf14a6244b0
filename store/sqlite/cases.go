package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/packed"
	"github.com/guicheng/guicheng/store/shared"
)

const caseColumns = "office, id, revision, procedure, version, number, title, status, outcome, starter, started, " +
	"ended, parent, state"

func scanCase(r scanner) (c store.CaseRow, err error) {
	var started, ended int64
	err = r.Scan(&c.Office, &c.ID, &c.Revision, &c.Procedure, &c.Version, &c.Number, &c.Title, &c.Status, &c.Outcome,
		&c.Starter, &started, &ended, &c.Parent, &c.State)
	if err != nil {
		return c, err
	}
	c.Started, c.Ended = fromMicros(started), fromMicros(ended)
	if c.State, err = packed.Unpack(c.State); err != nil {
		err = fmt.Errorf("state of case %q: %w", c.ID, err)
	}
	return c, err
}

const sqlReadCase = "SELECT " + caseColumns + " FROM cases WHERE office = ? AND id = ?"

// Case returns the case's record.
func (s *Store) Case(ctx context.Context, office, id string) (store.CaseRow, error) {
	return find(ctx, s, "case "+id, scanCase, sqlReadCase, office, id)
}

// CasesByRef returns the records of those cases that are there.
func (s *Store) CasesByRef(ctx context.Context, refs []store.CaseRef) ([]store.CaseRow, error) {
	rows := make([]store.CaseRow, 0, len(refs))
	err := s.reading(ctx, "cases by reference", func(q *statements) error {
		for _, ref := range refs {
			row, err := queryOne(ctx, q, scanCase, sqlReadCase, ref.Office, ref.ID)
			if errors.Is(err, sql.ErrNoRows) {
				continue
			}
			if err != nil {
				return err
			}
			rows = append(rows, row)
		}
		return nil
	})
	return rows, err
}

// CaseByNumber finds a case by its number.
func (s *Store) CaseByNumber(ctx context.Context, office, number string) (store.CaseRow, error) {
	return find(ctx, s, "case number "+number, scanCase,
		"SELECT "+caseColumns+" FROM cases WHERE office = ? AND number = ? AND number <> ''", office, number)
}

// CasesOf lists cases, youngest first; those of a field, the greatest value first.
func (s *Store) CasesOf(ctx context.Context, office string, q store.CaseQuery) (store.Page[store.CaseRow], error) {
	var none store.Page[store.CaseRow]
	at, err := shared.CasesFrom(q)
	if err != nil {
		return none, err
	}
	limit := shared.PageOf(q.Limit)
	text, args := casesQuery(office, q, at, limit+1)
	items, err := list(ctx, s, "cases of "+office, scanFound, text, args...)
	if err != nil {
		return none, err
	}
	return shared.CasesPage(items, limit, at.List), nil
}

// scanFound reads a case of a list, with the key that it was found by.
func scanFound(r scanner) (f shared.FoundCase, err error) {
	f.CaseRow, err = scanCase(shared.Also(r, &f.Text))
	return f, err
}

func casesQuery(office string, q store.CaseQuery, at shared.Cursor, limit int) (string, []any) {
	var b strings.Builder
	args := []any{office, at.First, at.ID}
	order := " ORDER BY started DESC, id DESC LIMIT ?"
	if q.Field == "" {
		b.WriteString("SELECT " + caseColumns + ", '' FROM cases WHERE office = ? AND (started, id) < (?, ?)")
	} else { // from what was searched to the cases, in the order of the list
		b.WriteString("SELECT c." + strings.ReplaceAll(caseColumns, ", ", ", c.") + `, s.text FROM searches s
			CROSS JOIN cases c ON c.office = s.office AND c.id = s.case_id
			WHERE s.office = ? AND s.field = ? AND s.text >= ? AND s.text <> ''
				AND (s.text, s.started, s.case_id) < (?, ?, ?)`)
		args = []any{office, q.Field, q.From, at.Text, at.First, at.ID}
		order = " ORDER BY s.text DESC, s.started DESC, s.case_id DESC LIMIT ?"
	}
	for _, f := range []struct{ text, value string }{
		{" AND procedure = ?", q.Procedure},
		{" AND status = ?", q.Status},
		{" AND starter = ? AND starter <> ''", q.Starter},
	} {
		if f.value != "" {
			b.WriteString(f.text)
			args = append(args, f.value)
		}
	}
	if q.Number != "" {
		b.WriteString(" AND number >= ? AND number < ? AND number <> ''")
		args = append(args, q.Number, q.Number+string(utf8.MaxRune)) // no number has that last character
	}
	b.WriteString(order)
	return b.String(), append(args, limit)
}

// Answer returns what was answered under an idempotency key.
func (s *Store) Answer(ctx context.Context, office, key string) (store.Answer, error) {
	return find(ctx, s, "answer of key "+key, func(r scanner) (a store.Answer, err error) {
		var at int64
		err = r.Scan(&a.Key, &a.Request, &a.Body, &at)
		a.At = fromMicros(at)
		return a, err
	}, "SELECT key, request, body, at FROM answers WHERE office = ? AND key = ?", office, key)
}

// Counters returns the last numbers of series.
func (s *Store) Counters(ctx context.Context, office string, series []string) (map[string]int64, error) {
	last := make(map[string]int64, len(series))
	err := s.reading(ctx, "counters of "+office, func(q *statements) error {
		for _, name := range series {
			n, err := queryOne(ctx, q, scanInt,
				"SELECT coalesce((SELECT n FROM counters WHERE office = ? AND series = ?), 0)", office, name)
			if err != nil {
				return err
			}
			last[name] = n
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return last, nil
}
