package postgres

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/internal/pgtest"
	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/storetest"
)

// openAt opens a store that is closed with the test.
func openAt(t testing.TB, dsn string) *Store {
	t.Helper()
	s, err := Open(context.Background(), dsn)
	return closing(t, s, err)
}

func closing(t testing.TB, s *Store, err error) *Store {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func openNew(t testing.TB) *Store {
	t.Helper()
	return openAt(t, pgtest.DSN(t))
}

// recorder notes the statements that are sent in batches, which is how the store sends all of its own.
type recorder struct {
	mu    sync.Mutex
	texts map[string]bool
}

func (r *recorder) TraceBatchStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceBatchStartData) context.Context {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, q := range d.Batch.QueuedQueries {
		r.texts[q.SQL] = true
	}
	return ctx
}
func (r *recorder) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (r *recorder) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}
func (r *recorder) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}
func (r *recorder) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TestSuite runs the suite, and then looks whether each statement that it caused names the office of each table.
//
//nolint:tparallel // what comes after the suite waits for it
func TestSuite(t *testing.T) {
	t.Parallel()
	seen := &recorder{texts: map[string]bool{}}
	t.Run("all", func(t *testing.T) {
		storetest.Run(t, func(t *testing.T) store.Store {
			config, limit, err := configure(pgtest.DSN(t))
			if err != nil {
				t.Fatal(err)
			}
			config.ConnConfig.Tracer = seen
			s, err := open(context.Background(), config, limit)
			return closing(t, s, err)
		})
	})
	if len(seen.texts) < 50 {
		t.Fatalf("%d statements were seen, want all of them", len(seen.texts))
	}
	acrossOffices := []string{sqlDueTimers, sqlNextTimer, sqlListLetters, sqlOffices, sqlTake, sqlSession, sqlDrop,
		sqlForgetLinks, sqlForgetSessions,
		sqlFetchJobs, sqlNextJob, sqlBySecret, sqlDueSchedules, sqlNextSchedule}
	for text := range seen.texts {
		if !slices.Contains(acrossOffices, text) {
			namesOffices(t, text)
		}
	}
}

var (
	reads  = regexp.MustCompile(`(?:FROM|JOIN|UPDATE|USING)\s+(` + tables + `)\b(?:\s+(?:AS\s+)?([a-z]+))?`)
	writes = regexp.MustCompile(`INSERT INTO (` + tables + `) \((\w+, )*office\b`)
	puts   = regexp.MustCompile(`INSERT INTO (` + tables + `)\b`)
)

const tables = `cases|history|tasks|offers|timers|letters|subscriptions|kept_messages|messages|answers|counters|` +
	`copies|copy_reads|searches|files|file_bodies|file_shares|bundles|versions|persons|substitutes|deeds|links|sessions|` +
	`jobs|workers|settings|schedules`

func namesOffices(t *testing.T, text string) {
	t.Helper()
	for _, m := range reads.FindAllStringSubmatch(text, -1) {
		by := "office"
		if m[2] != "" {
			by = m[2] + `\.office`
		}
		if !regexp.MustCompile(`(\b` + by + ` = |= ` + by + `\b)`).MatchString(text) {
			t.Errorf("%s is read without its office in\n%s", m[1], text)
		}
	}
	if a, b := len(puts.FindAllString(text, -1)), len(writes.FindAllString(text, -1)); a != b {
		t.Errorf("a row is put without its office in\n%s", text)
	}
}

func TestNamesOfficesSeesWhatIsMissing(t *testing.T) {
	t.Parallel()
	if !reads.MatchString("SELECT FROM tasks t WHERE t.id = $1") || writes.MatchString("INSERT INTO tasks (id) VALUES") ||
		strings.Contains(tables, " ") {
		t.Fatal("the expressions find nothing")
	}
	dsn := pgtest.DSN(t)
	openAt(t, dsn)
	known := strings.Split(tables, "|")
	for _, table := range rowsAs[string](t, connect(t, dsn), sqlOurTables) {
		if !slices.Contains(known, table) && !strings.HasPrefix(table, "history_") {
			t.Errorf("the expressions do not know the table %s", table)
		}
	}
}
