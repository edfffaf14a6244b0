package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/shared"
	"github.com/guicheng/guicheng/store/storetest"
)

func open(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(path)
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

func file(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "data", "guicheng.db")
}

func TestSuite(t *testing.T) {
	t.Parallel()
	t.Run("file", func(t *testing.T) {
		t.Parallel()
		storetest.Run(t, func(t *testing.T) store.Store { return open(t, file(t)) })
	})
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		storetest.Run(t, func(t *testing.T) store.Store { return open(t, ":memory:") })
	})
}

// pragma reads one setting of a connection.
func pragma(t *testing.T, q interface {
	QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row
}, name string,
) string {
	t.Helper()
	var value string
	if err := q.QueryRowContext(context.Background(), "PRAGMA "+name).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestDurabilityIsInEffect(t *testing.T) {
	t.Parallel()
	s := open(t, file(t))
	for name, want := range map[string]string{
		"synchronous": "2", "journal_mode": "wal", "wal_autocheckpoint": "0", "foreign_keys": "1", "busy_timeout": "5000",
	} {
		if got := pragma(t, s.writer.conn, name); got != want {
			t.Errorf("writer: %s is %s, want %s", name, got, want)
		}
	}
	if got := pragma(t, s.checks.db, "synchronous"); got != "2" {
		t.Errorf("checkpointer: synchronous is %s, want 2", got)
	}
	if got := pragma(t, s.pool, "query_only"); got != "1" {
		t.Errorf("readers: query_only is %s, want 1", got)
	}
}

func TestSQLiteIsNewEnough(t *testing.T) {
	t.Parallel()
	s := open(t, "")
	var have string
	if err := s.writer.conn.QueryRowContext(context.Background(), "SELECT sqlite_version()").Scan(&have); err != nil {
		t.Fatal(err)
	}
	if !versionAtLeast(have, "3.51.3") {
		t.Fatalf("SQLite %s can corrupt a WAL file", have)
	}
	for _, tt := range []struct {
		have string
		want bool
	}{{"3.51.3", true}, {"3.51.2", false}, {"3.9.9", false}, {"3.100.0", true}, {"4.0", true}, {"3.51", false}} {
		if got := versionAtLeast(tt.have, minVersion); got != tt.want {
			t.Errorf("%s is new enough: %t, want %t", tt.have, got, tt.want)
		}
	}
}

func TestFilesAreTheOwnersOnly(t *testing.T) {
	t.Parallel()
	path := file(t)
	s := open(t, path)
	putOne(t, s, "c1")
	for name, want := range map[string]os.FileMode{
		filepath.Dir(path): 0o700, path: 0o600, path + "-wal": 0o600, path + ".lock": 0o600,
	} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", name, got, want)
		}
	}
}

func oneCase(id string) store.Change {
	return store.Change{Office: "gate", Case: store.CaseRow{ID: id, Started: time.Unix(1, 0)},
		Answer: &store.Answer{Key: "key of " + id}}
}

func putOne(t *testing.T, s *Store, id string) {
	t.Helper()
	got, err := s.Commit(context.Background(), []store.Change{oneCase(id)})
	if err != nil || got[0] != store.Applied {
		t.Fatalf("commit: %v, %v", got, err)
	}
}

func TestReopen(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a b?c#d%41 規程.db") // signs that mean something in a URI
	for i := range 3 {
		s, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		putOne(t, s, fmt.Sprintf("c%d", i))
		p, err := s.CasesOf(context.Background(), "gate", store.CaseQuery{Limit: 10})
		if err != nil || len(p.Items) != i+1 {
			t.Fatalf("opening %d: %d cases, %v", i, len(p.Items), err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatalf("closed again: %v", err)
		}
		if _, err := os.Stat(path + "-wal"); !errors.Is(err, os.ErrNotExist) {
			t.Fatalf("the log is left after Close: %v", err)
		}
		if _, err := os.Stat(path); err != nil {
			t.Fatal(err)
		}
	}
}

func TestClosedStore(t *testing.T) {
	t.Parallel()
	for _, path := range []string{file(t), ""} {
		s := open(t, path)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Commit(context.Background(), []store.Change{oneCase("c1")}); !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("commit: %v, want ErrUnavailable", err)
		}
		if _, err := s.Case(context.Background(), "gate", "c1"); !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("read: %v, want ErrUnavailable", err)
		}
	}
}

func TestSecondOpenerIsRefused(t *testing.T) {
	t.Parallel()
	path := file(t)
	s := open(t, path)
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, link} {
		_, err := Open(name)
		if !errors.Is(err, store.ErrUnavailable) || !strings.Contains(err.Error(), path+".lock") ||
			!strings.Contains(err.Error(), "stop that one first") {
			t.Fatalf("second opener of %s: %v, want ErrUnavailable with the lock file and what to do", name, err)
		}
	}
	putOne(t, s, "c1") // the first one is not disturbed
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, path)
}

func TestMigrationsAreIdempotent(t *testing.T) {
	t.Parallel()
	s := open(t, "")
	ctx := context.Background()
	all, err := shared.Migrations(migrations)
	if err != nil {
		t.Fatal(err)
	}
	before := catalogue(t, s)
	for range 2 {
		if err := migrate(ctx, s.writer.conn, all); err != nil {
			t.Fatal(err)
		}
	}
	if after := catalogue(t, s); !slices.Equal(before, after) {
		t.Fatalf("the schema changed:\n%v\n%v", before, after)
	}
	broken := append(slices.Clone(all), shared.Migration{Name: "x", Text: "CREATE TABLE half (a); CREATE TABLE half (a);"})
	if err := migrate(ctx, s.writer.conn, broken); err == nil {
		t.Fatal("a broken migration passed")
	}
	if after := catalogue(t, s); !slices.Equal(before, after) {
		t.Fatalf("a broken migration left something: %v", after)
	}
	longer := append(slices.Clone(all), shared.Migration{Name: "y", Text: "CREATE TABLE whole (a);"})
	if err := migrate(ctx, s.writer.conn, longer); err != nil {
		t.Fatal(err)
	}
	if err := migrate(ctx, s.writer.conn, all); err == nil || !strings.Contains(err.Error(), "newer release") {
		t.Fatalf("the program is older now: %v", err)
	}
}

func TestMigrationNames(t *testing.T) {
	t.Parallel()
	text := &fstest.MapFile{Data: []byte("SELECT 1;")}
	for name, files := range map[string]fstest.MapFS{
		"a gap":       {"migrations/0001_a.sql": text, "migrations/0003_b.sql": text},
		"no number":   {"migrations/first.sql": text},
		"twice":       {"migrations/0001_a.sql": text, "migrations/0001_b.sql": text},
		"no folder":   {},
		"from nought": {"migrations/0000_a.sql": text},
	} {
		if list, err := shared.Migrations(files); err == nil {
			t.Errorf("%s: %v was accepted", name, list)
		}
	}
}

// catalogue lists all that the schema has.
func catalogue(t *testing.T, s *Store) []string {
	t.Helper()
	all, err := queryAll(context.Background(), s.writer.stmts, scanString,
		"SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestForeignFilesAreRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, want string }{
		"newer":         {"PRAGMA application_id = 1195599975; PRAGMA user_version = 999", "newer release"},
		"another's":     {"CREATE TABLE recipes (a)", "not made by Guicheng"},
		"another's id":  {"PRAGMA application_id = 7", "not made by Guicheng"},
		"only numbered": {"PRAGMA user_version = 1", "not made by Guicheng"},
	} {
		path := filepath.Join(t.TempDir(), "x.db")
		db, err := sql.Open("sqlite", "file:"+path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.ExecContext(context.Background(), tt.text); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Open(path)
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want an error with %q and the file", name, err, tt.want)
		}
		if after, err := os.ReadFile(path); err != nil || !slices.Equal(before, after) {
			t.Errorf("%s: the refused file was changed (%v)", name, err)
		}
	}
	path := filepath.Join(t.TempDir(), "x.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("this is a letter, not a database. ", 200)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("a text file: %v, want an error that names it", err)
	}
}

func TestEveryKeyBeginsWithTheOffice(t *testing.T) {
	t.Parallel()
	s := open(t, "")
	bySecret := []string{"links", "sessions"} // found by the hash of a secret before the office is known
	keys, err := queryAll(context.Background(), s.writer.stmts, func(r scanner) (k [2]string, err error) {
		return k, r.Scan(&k[0], &k[1])
	}, `SELECT t.name, coalesce((SELECT c.name FROM pragma_index_info(i.name) c WHERE c.seqno = 0), '(none)')
		FROM pragma_table_list t JOIN pragma_index_list(t.name) i
		WHERE t.schema = 'main' AND t.type = 'table' AND i."unique" ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := queryAll(context.Background(), s.writer.stmts, scanString,
		"SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		if !slices.ContainsFunc(keys, func(k [2]string) bool { return k[0] == table }) {
			t.Errorf("table %s has no key", table)
		}
	}
	for _, k := range keys {
		if k[1] != "office" && !slices.Contains(bySecret, k[0]) && !strings.HasPrefix(k[0], "sqlite_") {
			t.Errorf("a key of table %s begins with %s, want office", k[0], k[1])
		}
	}
}
