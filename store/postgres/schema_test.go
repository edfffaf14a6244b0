package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/internal/pgtest"
	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/shared"
)

var morning = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func rowsAs[T any](t *testing.T, conn *pgx.Conn, text string, args ...any) []T {
	t.Helper()
	rows, err := conn.Query(context.Background(), text, args...)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[T])
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// fullChange has one of everything.
func fullChange(office, id string) store.Change {
	return store.Change{
		Office: office,
		Case: store.CaseRow{ID: id, Procedure: "repair", Version: 1, Number: "R-" + id, Status: "running", Started: morning,
			State: []byte("state")},
		Events: []store.EventRow{{Seq: 1, At: morning, Kind: "opened"}},
		Draws:  []store.Draw{{Series: "s-" + id, N: 1}},
		PutTasks: []store.TaskRow{{ID: id + ".1", Slot: 1, Candidates: []store.Candidate{"post:gate"}, Opened: morning,
			Due: morning}},
		Timers:   []store.TimerRow{{ID: id + ".1", Timer: 1, At: morning}},
		Subs:     []store.Subscription{{ID: id + ".1.bell", Name: "bell", Key: "k"}},
		Deeds:    []store.DeedRow{{Procedure: "repair", Step: "fix", Person: "chan", Times: 1, Last: morning}},
		Letters:  []store.Letter{{ID: "l-" + id, From: id, To: "x"}},
		Copies:   []store.CopyRow{{ID: id + ".doc", To: "post:gate", At: morning}},
		Searches: []store.SearchRow{{Field: "plate", Text: "MA-1"}},
		Jobs:     []store.JobRow{{ID: id + ".1", Name: "scan", Free: morning}},
		Answer:   &store.Answer{Key: "k-" + id, At: morning},
		Message:  "m-" + id,
	}
}

func commit(t *testing.T, s *Store, changes ...store.Change) {
	t.Helper()
	got, err := s.Commit(context.Background(), changes)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range got {
		if r != store.Applied {
			t.Fatalf("change %d: result %d, want applied", i, r)
		}
	}
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fill puts at least one row of an office into each table.
func fill(t *testing.T, s *Store, office string) {
	t.Helper()
	ctx := context.Background()
	commit(t, s, fullChange(office, "c1"))
	noError(t, s.KeepMessage(ctx, office, store.KeptMessage{ID: "m2", Name: "bell", Key: "k", Until: morning}))
	noError(t, s.PutPerson(ctx, office, store.PersonRow{ID: "chan"}))
	noError(t, s.PutSubstitute(ctx, office, store.SubstituteRow{ID: "s1", From: morning, Until: morning}))
	noError(t, s.PutSchedules(ctx, office, []store.ScheduleRow{{ID: "p/0", Next: morning}}))
	noError(t, s.PutSetting(ctx, office, store.SettingRow{Procedure: "p", Name: "fee", Changed: morning}))
	noError(t, s.PutWorker(ctx, office, store.WorkerRow{ID: "w1", Changed: morning}))
	noError(t, s.PutFile(ctx, office, store.FileRow{ID: "f1", Body: []byte("x")}))
	c := store.Change{Office: office, Case: store.CaseRow{ID: "c1", Revision: 1}, Shares: []string{"f1"}}
	commit(t, s, c)
	noError(t, s.ReadCopy(ctx, office, "c1.doc", "chan", morning))
	_, err := s.Deploy(ctx, office, store.BundleRow{Hash: "b"}, []store.ProcedureHash{{Procedure: "p", Hash: "h"}})
	noError(t, err)
	noError(t, s.PutLink(ctx, store.LinkRow{Hash: []byte(office), Office: office, Until: morning}))
	noError(t, s.PutSession(ctx, store.SessionRow{Hash: []byte(office), Office: office, Until: morning}))
}

const sqlOurTables = `SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace
	AND relkind IN ('r', 'p') AND relname <> 'guicheng_schema' ORDER BY 1`

// TestRowLevelSecurity goes past the store, as a statement would that forgot its office.
func TestRowLevelSecurity(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dsn := pgtest.DSN(t)
	s := openAt(t, dsn)
	fill(t, s, "gate")
	conn := connect(t, dsn)
	for _, table := range rowsAs[string](t, conn, sqlOurTables) {
		var there int
		for setting, want := range map[string]bool{"": false, "other": false, "gate": true, "*": true,
			"\x1fother\x1fgate\x1f": true, "\x1fother\x1f": false, "gat": false} {
			if strings.HasPrefix(table, "history_") {
				want = false // a month without history; their parent has it
			}
			tx, err := conn.Begin(ctx)
			noError(t, err)
			if setting != "" {
				_, err = tx.Exec(ctx, "SELECT set_config('guicheng.office', $1, true)", setting)
				noError(t, err)
			}
			noError(t, tx.QueryRow(ctx, "SELECT count(*) FROM "+table).Scan(&there))
			if there > 0 != want && (want || !strings.HasPrefix(table, "history_")) {
				t.Errorf("table %s shows %d rows to %q", table, there, setting)
			}
			noError(t, tx.Rollback(ctx))
		}
	}
	_, err := conn.Exec(ctx, "INSERT INTO messages (office, id) VALUES ('gate', 'x')")
	if code(err) != "42501" {
		t.Errorf("a row for an office that was not named: %v, want it refused", err)
	}
	bare := rowsAs[string](t, conn, `SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace
		AND relkind IN ('r', 'p') AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY 1`)
	if !slices.Equal(bare, []string{"guicheng_schema"}) {
		t.Errorf("without row-level security in force: %v, want guicheng_schema only", bare)
	}
}

func TestEveryKeyBeginsWithTheOffice(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	openAt(t, dsn)
	conn := connect(t, dsn)
	const keys = `SELECT t.relname || '.' || coalesce(a.attname, '?') FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
		LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
		WHERE t.relnamespace = current_schema()::regnamespace AND i.indisunique ORDER BY 1`
	bySecret := []string{"links.hash", "sessions.hash"} // found by the hash of a secret before the office is known
	found := rowsAs[string](t, conn, keys)
	for _, key := range found {
		if !strings.HasSuffix(key, ".office") && !slices.Contains(bySecret, key) {
			t.Errorf("a key begins with %s, want office", key)
		}
	}
	for _, table := range rowsAs[string](t, conn, sqlOurTables) {
		if !slices.ContainsFunc(found, func(key string) bool { return strings.HasPrefix(key, table+".") }) {
			t.Errorf("table %s has no key", table)
		}
	}
	const unordered = `SELECT t.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
		WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p') AND a.atttypid = 'text'::regtype
		AND a.attcollation <> '"C"'::regcollation`
	if got := rowsAs[string](t, conn, unordered); len(got) > 0 {
		t.Errorf("columns ordered by the database's locale: %v", got)
	}
}

func TestTenNodesStartAtOnce(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	var wg sync.WaitGroup
	stores := make([]*Store, 10)
	for i := range stores {
		wg.Go(func() {
			s, err := Open(context.Background(), dsn)
			if err != nil {
				t.Error(err)
				return
			}
			stores[i] = s
		})
	}
	wg.Wait()
	for i, s := range stores {
		if s == nil {
			continue
		}
		commit(t, s, fullChange("gate", fmt.Sprintf("c%d", i)))
		noError(t, s.Close())
		noError(t, s.Close())
	}
	got := rowsAs[int](t, connect(t, dsn), "SELECT version FROM guicheng_schema ORDER BY 1")
	list, err := shared.Migrations(migrations)
	noError(t, err)
	if len(got) != len(list) {
		t.Errorf("migrations done: %v, want each of %d once", got, len(list))
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	noError(t, openAt(t, dsn).Close())
	_, err := connect(t, dsn).Exec(context.Background(), "INSERT INTO guicheng_schema (version) VALUES (999)")
	noError(t, err)
	_, err = Open(context.Background(), dsn)
	if err == nil || !strings.Contains(err.Error(), "999") {
		t.Fatalf("opened at a newer schema: %v, want an error that names its number", err)
	}
}

func TestHistoryByMonths(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dsn := pgtest.DSN(t)
	s := openAt(t, dsn)
	now, err := s.Now(ctx)
	noError(t, err)
	months := rowsAs[string](t, connect(t, dsn), sqlPartitions)
	if len(months) != monthsAhead+2 || !slices.Contains(months, partition(now)) || !slices.Contains(months, historyRest) {
		t.Fatalf("partitions %v, want this month, %d more and the rest", months, monthsAhead)
	}
	old := time.Date(2020, 2, 10, 0, 0, 0, 0, time.UTC)
	c := fullChange("gate", "c1")
	c.Events = []store.EventRow{{Seq: 1, At: old, Kind: "opened"}}
	commit(t, s, c)
	commit(t, s, store.Change{Office: "gate", Case: store.CaseRow{ID: "c1", Revision: 1},
		Events: []store.EventRow{{Seq: 2, At: now, Kind: "next"}}})
	noError(t, s.makeMonth(ctx, time.Date(2020, 2, 1, 0, 0, 0, 0, time.UTC))) // takes over what the rest had of it
	noError(t, s.makeMonth(ctx, time.Date(2020, 2, 1, 0, 0, 0, 0, time.UTC)))
	read := func() []int64 {
		events, err := s.History(ctx, "gate", "c1", 0, 10)
		noError(t, err)
		var seqs []int64
		for _, e := range events {
			seqs = append(seqs, e.Seq)
		}
		return seqs
	}
	if got := read(); !slices.Equal(got, []int64{1, 2}) {
		t.Fatalf("events %v, want 1 and 2", got)
	}
	for _, tt := range []struct {
		keep time.Duration
		want int64
	}{{0, 0}, {now.Sub(old), 0}, {now.Sub(old.AddDate(0, 1, 0)), 1}} {
		f, err := s.Upkeep(ctx, now, store.Retention{History: tt.keep})
		if err != nil || f.Months != tt.want {
			t.Fatalf("keeping %v: %d months are dropped (%v), want %d", tt.keep, f.Months, err, tt.want)
		}
	}
	if got := read(); !slices.Equal(got, []int64{2}) {
		t.Fatalf("events after the old month was dropped: %v, want 2", got)
	}
}
