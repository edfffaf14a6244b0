package postgres

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/packed"
	"github.com/guicheng/guicheng/store/shared"
)

func itoa(n int) string { return strconv.Itoa(n) }

const caseColumns = "office, id, revision, procedure, version, number, title, status, outcome, starter, started, " +
	"ended, parent, state"

// sqlFound goes from what was searched to the cases, in the order of the list.
const sqlFound = ` FROM searches s JOIN cases c ON c.office = s.office AND c.id = s.case_id
	WHERE s.office = $1 AND s.field = $5 AND s.text >= $6 AND s.text <> ''
		AND (s.text, s.started, s.case_id) < ($7, $2, $3)`

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

// scanFound reads a case of a list, with the key that it was found by.
func scanFound(r scanner) (f shared.FoundCase, err error) {
	f.CaseRow, err = scanCase(shared.Also(r, &f.Text))
	return f, err
}

const (
	sqlCase       = "SELECT " + caseColumns + " FROM cases WHERE office = $1 AND id = $2"
	sqlCasesByRef = "SELECT " + caseColumns + ` FROM unnest($1::text[], $2::text[]) AS r(of_office, of_id)
	JOIN cases ON office = r.of_office AND id = r.of_id`
	sqlCaseByNumber = "SELECT " + caseColumns + " FROM cases WHERE office = $1 AND number = $2 AND number <> ''"
	sqlAnswer       = "SELECT key, request, body, at FROM answers WHERE office = $1 AND key = $2"
	sqlCounts       = `SELECT r.series, coalesce(k.n, 0) FROM unnest($2::text[]) AS r(series)
	LEFT JOIN counters k ON k.office = $1 AND k.series = r.series`
)

// Case returns the case's record.
func (s *Store) Case(ctx context.Context, office, id string) (store.CaseRow, error) {
	return find(ctx, s, "case "+id, named(office), scanCase, sqlCase, office, id)
}

// CasesByRef returns the records of those cases that are there.
func (s *Store) CasesByRef(ctx context.Context, refs []store.CaseRef) ([]store.CaseRow, error) {
	offices, ids := make([]string, len(refs)), make([]string, len(refs))
	for i, ref := range refs {
		offices[i], ids[i] = ref.Office, ref.ID
	}
	return list(ctx, s, "cases by reference", everyOffice, scanCase, sqlCasesByRef, offices, ids)
}

// CaseByNumber finds a case by its number.
func (s *Store) CaseByNumber(ctx context.Context, office, number string) (store.CaseRow, error) {
	return find(ctx, s, "case number "+number, named(office), scanCase, sqlCaseByNumber, office, number)
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
	items, err := list(ctx, s, "cases of "+office, named(office), scanFound, text, args...)
	if err != nil {
		return none, err
	}
	return shared.CasesPage(items, limit, at.List), nil
}

func casesQuery(office string, q store.CaseQuery, at shared.Cursor, limit int) (string, []any) {
	var b strings.Builder
	args := []any{office, at.First, at.ID, limit}
	order := " ORDER BY started DESC, id DESC LIMIT $4"
	if q.Field == "" {
		b.WriteString("SELECT " + caseColumns + ", '' FROM cases WHERE office = $1 AND (started, id) < ($2, $3)")
	} else {
		b.WriteString("SELECT c." + strings.ReplaceAll(caseColumns, ", ", ", c.") + ", s.text" + sqlFound)
		args = append(args, q.Field, q.From, at.Text)
		order = " ORDER BY s.text DESC, s.started DESC, s.case_id DESC LIMIT $4"
	}
	for _, f := range []struct{ text, value, more string }{
		{" AND procedure = $", q.Procedure, ""},
		{" AND status = $", q.Status, ""},
		{" AND starter = $", q.Starter, " AND starter <> ''"},
	} {
		if f.value != "" {
			args = append(args, f.value)
			b.WriteString(f.text + itoa(len(args)) + f.more)
		}
	}
	if q.Number != "" {
		args = append(args, q.Number, beyond(q.Number))
		b.WriteString(" AND number >= $" + itoa(len(args)-1) + " AND number < $" + itoa(len(args)) + " AND number <> ''")
	}
	b.WriteString(order)
	return b.String(), args
}

// beyond follows all texts with this prefix: none of them has that last character.
func beyond(prefix string) string { return prefix + string(utf8.MaxRune) }

// Answer returns what was answered under an idempotency key.
func (s *Store) Answer(ctx context.Context, office, key string) (store.Answer, error) {
	return find(ctx, s, "answer of key "+key, named(office), func(r scanner) (a store.Answer, err error) {
		var at int64
		err = r.Scan(&a.Key, &a.Request, &a.Body, &at)
		a.At = fromMicros(at)
		return a, err
	}, sqlAnswer, office, key)
}

// Counters returns the last numbers of series.
func (s *Store) Counters(ctx context.Context, office string, series []string) (map[string]int64, error) {
	last := make(map[string]int64, len(series))
	for _, name := range series {
		last[name] = 0
	}
	_, err := list(ctx, s, "counters of "+office, named(office), func(r scanner) (struct{}, error) {
		var name string
		var n int64
		err := r.Scan(&name, &n)
		last[name] = n
		return struct{}{}, err
	}, sqlCounts, office, texts(series))
	if err != nil {
		return nil, err
	}
	return last, nil
}
