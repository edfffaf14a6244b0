package postgres

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/internal/pgtest"
	"github.com/guicheng/guicheng/store"
)

func TestConnectionCutAroundCommit(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p, dsn := pgtest.ThroughProxy(t, pgtest.DSN(t))
	s := openAt(t, dsn)
	step := func(i int) store.Change {
		c := fullChange("gate", fmt.Sprintf("c%d", i))
		c.Draws = []store.Draw{{Series: fmt.Sprintf("s%d", i), N: 1}}
		return c
	}
	commit(t, s, step(0)) // its statements are prepared now
	for i := 1; i <= 20; i++ {
		when := []pgtest.Cut{pgtest.Before, pgtest.After}[i%2]
		p.Arm(when, fmt.Sprintf("k-c%d", i))
		_, err := s.Commit(ctx, []store.Change{step(i)})
		if !errors.Is(err, store.ErrUnknown) {
			t.Fatalf("cut %d: %v, want ErrUnknown", when, err)
		}
		_, err = s.Answer(ctx, "gate", fmt.Sprintf("k-c%d", i))
		if was := err == nil; was != (when == pgtest.After) || err != nil && !errors.Is(err, store.ErrNotFound) {
			t.Fatalf("cut %d: asked by its key: %v", when, err)
		}
		if when == pgtest.Before {
			commit(t, s, step(i))
		}
		// The connection is new: its statements are prepared by a step that is not cut.
		commit(t, s, step(100+i))
	}
	for i := range 21 {
		row, err := s.Case(ctx, "gate", fmt.Sprintf("c%d", i))
		if err != nil || row.Revision != 1 {
			t.Fatalf("case %d: revision %d (%v), want 1", i, row.Revision, err)
		}
	}
}

func TestDatabaseThatIsDown(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p, dsn := pgtest.ThroughProxy(t, pgtest.DSN(t))
	s := openAt(t, dsn)
	commit(t, s, fullChange("gate", "c1"))
	p.Down()
	_, _ = s.Case(ctx, "gate", "c1") // finds the connection broken
	if _, err := s.Commit(ctx, []store.Change{next("c2", 0)}); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("commit: %v, want ErrUnavailable", err)
	}
	if _, err := s.Case(ctx, "gate", "c1"); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("read: %v, want ErrUnavailable", err)
	}
	if err := s.PutPerson(ctx, "gate", store.PersonRow{ID: "chan"}); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("write: %v, want ErrUnavailable", err)
	}
	if _, err := Open(ctx, dsn); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("open: %v, want ErrUnavailable", err)
	}
}

// TestDatabaseThatRefuses makes the server refuse writes, end connections, and fail at COMMIT itself.
func TestDatabaseThatRefuses(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dsn := pgtest.DSN(t)
	s := openAt(t, dsn)
	commit(t, s, fullChange("gate", "c1"))
	conn := connect(t, dsn)
	u, err := url.Parse(dsn)
	noError(t, err)
	database := strings.TrimPrefix(u.Path, "/")

	exec := func(text string) {
		t.Helper()
		_, err := conn.Exec(ctx, text)
		noError(t, err)
	}
	exec(`CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$`)
	exec(`CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON answers DEFERRABLE INITIALLY DEFERRED
		FOR EACH ROW WHEN (new.key = 'k-bad') EXECUTE FUNCTION fail()`)
	_, err = s.Commit(ctx, []store.Change{fullChange("gate", "bad")})
	if err == nil || errors.Is(err, store.ErrUnknown) {
		t.Errorf("refused at COMMIT: %v, want an error that is not ErrUnknown", err)
	}
	if _, err := s.Case(ctx, "gate", "bad"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the case of a refused COMMIT: %v, want ErrNotFound", err)
	}

	exec("ALTER DATABASE " + database + " SET default_transaction_read_only = on")
	standby := openAt(t, dsn)
	if _, err := standby.Commit(ctx, []store.Change{next("c2", 0)}); !errors.Is(err, store.ErrUnavailable) ||
		errors.Is(err, store.ErrUnknown) {
		t.Errorf("read-only: %v, want ErrUnavailable", err)
	}
	if _, err := standby.Case(ctx, "gate", "c1"); err != nil {
		t.Errorf("read while read-only: %v", err)
	}

	// A row that somebody holds: the lock timeout ends the wait.
	held, err := pgtestTx(ctx, t, dsn)
	noError(t, err)
	short := openAt(t, dsn+"&lock_timeout=50&default_transaction_read_only=off")
	if _, err := short.Commit(ctx, []store.Change{next("c1", 1)}); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("a held row: %v, want ErrUnavailable", err)
	}
	held()
	commit(t, short, next("c1", 1))
}

// pgtestTx holds case c1 until the function is called.
func pgtestTx(ctx context.Context, t *testing.T, dsn string) (func(), error) {
	t.Helper()
	conn := connect(t, dsn+"&default_transaction_read_only=off")
	_, err := conn.Exec(ctx, "BEGIN")
	noError(t, err)
	_, err = conn.Exec(ctx, "SELECT set_config('guicheng.office', 'gate', true)")
	noError(t, err)
	_, err = conn.Exec(ctx, "SELECT FROM cases WHERE office = 'gate' AND id = 'c1' FOR UPDATE")
	return func() { _, _ = conn.Exec(ctx, "ROLLBACK") }, err
}
