package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/postgres"
)

// calls is how often each list is asked for.
const calls = 2000

// bareInbox is what a page needs at least: the top of each post's range, merged, with its tasks.
const bareInbox = `SELECT t.id, t.case_id, t.number, t.procedure, t.step, t.title, t.candidates, t.holder, t.opened,
	t.due
	FROM (SELECT m.due_key, m.opened, m.task FROM unnest($1::text[]) w(candidate) CROSS JOIN LATERAL (
		SELECT o.due_key, o.opened, o.task FROM offers o WHERE o.office = 'bench' AND o.candidate = w.candidate
		ORDER BY o.due_key, o.opened, o.task LIMIT 50) m ORDER BY m.due_key, m.opened, m.task LIMIT 50) k
	JOIN tasks t ON t.office = 'bench' AND t.id = k.task ORDER BY k.due_key, k.opened, k.task`

// lists measures what is read, always by another five posts.
func (s *scale) lists(ctx context.Context, l *large) (err error) {
	st, err := postgres.Open(ctx, l.dsn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	e, err := engine.Open(ctx, engine.Options{Store: st})
	if err != nil {
		return err
	}
	defer e.Close()
	conn, err := pgx.Connect(ctx, l.admin)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // it has answered
	five := func(n int) (who []store.Candidate, names []string) {
		for i := range 5 {
			names = append(names, fmt.Sprintf("post:p%d", (n*37+i*211)%posts))
			who = append(who, store.Candidate(names[i]))
		}
		return who, names
	}
	desk := engine.Actor{Office: "bench", Person: "q0"}
	all := []func(n int) error{
		func(n int) error {
			_, names := five(n)
			rows, err := conn.Query(ctx, bareInbox, names)
			if err != nil {
				return err
			}
			_, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) ([]any, error) { return r.Values() })
			return err
		},
		func(n int) error {
			who, _ := five(n)
			_, err := st.Inbox(ctx, "bench", store.InboxQuery{Who: who, Limit: 50})
			return err
		},
		func(n int) error {
			who, _ := five(n)
			_, err := st.InboxCounts(ctx, "bench", who, 1000)
			return err
		},
		func(int) error {
			_, err := e.Inbox(ctx, desk, "", engine.InboxQuery{Limit: 50})
			return err
		},
	}
	took, err := inTurns(all)
	if err != nil {
		return err
	}
	s.Bare, s.Page, s.Counts, s.Desk = took[0], took[1], took[2], took[3]
	return nil
}

// inTurns times each call right after the other, so that they share what the machine does meanwhile.
func inTurns(all []func(n int) error) ([]quantiles, error) {
	took := make([][]time.Duration, len(all))
	for n := range calls {
		for i, f := range all {
			began := time.Now()
			if err := f(n); err != nil {
				return nil, err
			}
			if n >= calls/10 { // before, plans are made and pages fetched
				took[i] = append(took[i], time.Since(began))
			}
		}
	}
	out := make([]quantiles, len(all))
	for i, t := range took {
		out[i] = quantilesOf(t)
	}
	return out, nil
}

func quantilesOf(took []time.Duration) quantiles {
	if len(took) == 0 {
		return quantiles{}
	}
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }
	return quantiles{P50: ms(took[len(took)/2]), P99: ms(took[len(took)*99/100])}
}
