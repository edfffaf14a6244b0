package postgres

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/internal/pgtest"
	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/shared"
)

// TestPlansAreRanges asks how the hot statements run while the tables are empty and the planner knows nothing, which is
// the plan that a node keeps: all by an index, and by the one that finds the least.
func TestPlansAreRanges(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	openAt(t, dsn)
	conn := connect(t, dsn)
	who := []store.Candidate{"post:a", "post:b"}
	inbox, _ := inboxQuery("gate", store.InboxQuery{Who: who}, shared.Cursor{}, 51)
	narrow := store.InboxQuery{Who: who, Procedure: "p", Step: "s", Number: "n"}
	filtered, _ := inboxQuery("gate", narrow, shared.Cursor{}, 51)
	cases, _ := casesQuery("gate", store.CaseQuery{}, shared.Cursor{}, 51)
	found, _ := casesQuery("gate", store.CaseQuery{Procedure: "p", Field: "p.plate", From: "MA"}, shared.Cursor{}, 51)
	starter, _ := casesQuery("gate", store.CaseQuery{Starter: "chan"}, shared.Cursor{}, 51)
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"judge, plain": {sqlJudgePlain, []string{"cases_pkey", "answers_pkey", "cases_number"}},
		"judge":        {sqlJudge, []string{"cases_pkey", "answers_pkey", "timers_pkey", "letters_pkey", "messages_pkey"}},
		"lock cases":   {sqlLockCases, []string{"cases_pkey"}},
		"lock timers":  {sqlLockTimers, []string{"timers_pkey"}},
		"step":         {sqlCases, []string{"cases_pkey"}},
		"drops": {sqlDrops, []string{"tasks_pkey", "offers_pkey",
			"(candidate = old.candidate) AND (rank = old.rank) AND (due_key = old.due_key) AND (opened = old.opened) " +
				"AND (task = old.task)"}},
		"drafts":         {sqlDrafts, []string{"tasks_pkey"}},
		"inbox":          {inbox, []string{"offers_pkey", "(candidate = w.candidate) AND (ROW(", "tasks_pkey"}},
		"filtered":       {filtered, []string{"offers_pkey", "(candidate = w.candidate) AND (ROW(", "tasks_pkey"}},
		"counts":         {sqlInboxCounts, []string{"offers_pkey", "(candidate = w.candidate)"}},
		"copies":         {sqlListCopies, []string{"copies_recipient", "(recipient = w.recipient) AND (ROW("}},
		"cases":          {cases, []string{"cases_started", "ROW("}},
		"starter":        {starter, []string{"cases_starter", "ROW("}},
		"found":          {found, []string{"searches_text", "(text >= $6) AND (ROW(", "cases_pkey"}},
		"due":            {sqlDueTimers, []string{"timers_at", "(at <= $1)"}},
		"next":           {sqlNextTimer, []string{"timers_at", "(at > $1)"}},
		"letters":        {sqlListLetters, []string{"letters_came"}},
		"keyed":          {sqlSubscribers, []string{"subscriptions_key"}},
		"kept":           {sqlKept, []string{"kept_messages_key"}},
		"history":        {sqlRead, []string{"(case_id = $2) AND (last > $3)", "cases_pkey"}},
		"case":           {sqlCase, []string{"cases_pkey"}},
		"by number":      {sqlCaseByNumber, []string{"cases_number"}},
		"task":           {sqlTask, []string{"tasks_pkey"}},
		"tasks of":       {sqlTasksOf, []string{"tasks_pkey", "(id > $2) AND (id < $3)"}},
		"file":           {sqlFileInfo, []string{"files_pkey", "file_shares_pkey"}},
		"session":        {sqlSession, []string{"sessions_pkey"}},
		"fetch requests": {sqlFetchJobs, []string{"jobs_free", "(name = n.name) AND (free <= $2)", "jobs_pkey"}},
		"fetch jobs": {sqlFetchJobsOf, []string{"jobs_office", "(name = n.name) AND (office = $6) AND (free <= $2)",
			"jobs_pkey"}},
		"next request": {sqlNextJob, []string{"jobs_free", "(name = n.name)"}},
		"next job":     {sqlNextJobOf, []string{"jobs_office", "(name = n.name)"}},
		"hold job":     {sqlHold, []string{"jobs_pkey"}},
		"worker":       {sqlBySecret, []string{"workers_hash"}},
	} {
		plan := planOf(t, conn, tt.text)
		for _, want := range tt.want {
			if !strings.Contains(plan, want) {
				t.Errorf("%s: the plan has no %q:\n%s", name, want, plan)
			}
		}
		if n := strings.Count(plan, "Sort"); strings.HasPrefix(name, "fetch") && n > 2 {
			t.Errorf("%s sorts what an index has in order:\n%s", name, plan)
		}
		if strings.Contains(plan, "Seq Scan") {
			t.Errorf("%s walks a table:\n%s", name, plan)
		}
	}
}

// planOf is the plan for whatever parameters.
func planOf(t *testing.T, conn *pgx.Conn, text string) string {
	t.Helper()
	ctx := context.Background()
	tx, err := conn.Begin(ctx)
	noError(t, err)
	_, err = tx.Exec(ctx, sqlSettings, "gate", "1000", "1000")
	noError(t, err)
	st, err := tx.Prepare(ctx, "asked", text)
	noError(t, err)
	nulls := strings.TrimSuffix(strings.Repeat("NULL, ", len(st.ParamOIDs)), ", ")
	rows, err := tx.Query(ctx, "EXPLAIN (COSTS OFF) EXECUTE asked ("+nulls+")")
	noError(t, err)
	var lines []string
	for rows.Next() {
		var line string
		noError(t, rows.Scan(&line))
		lines = append(lines, line)
	}
	noError(t, rows.Err())
	noError(t, conn.Deallocate(ctx, "asked"))
	noError(t, tx.Rollback(ctx))
	return strings.Join(lines, "\n")
}
