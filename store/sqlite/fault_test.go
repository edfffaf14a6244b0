package sqlite

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/guicheng/guicheng/store"
)

func execWriter(t *testing.T, s *Store, text string) {
	t.Helper()
	if _, err := s.writer.conn.ExecContext(context.Background(), text); err != nil {
		t.Fatal(err)
	}
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	s := open(t, file(t))
	putOne(t, s, "c1")
	execWriter(t, s, "PRAGMA max_page_count = 1") // means the present size: no page more
	big := oneCase("c2")
	big.Case.State = make([]byte, 1<<20)
	rand.NewChaCha8([32]byte{}).Read(big.Case.State)
	for range 2 {
		_, err := s.Commit(context.Background(), []store.Change{oneCase("c3"), big})
		if !errors.Is(err, store.ErrUnavailable) || errors.Is(err, store.ErrUnknown) {
			t.Fatalf("commit on a full disk: %v, want ErrUnavailable", err)
		}
	}
	for id, want := range map[string]error{"c1": nil, "c2": store.ErrNotFound, "c3": store.ErrNotFound} {
		if _, err := s.Case(context.Background(), "gate", id); !errors.Is(err, want) {
			t.Errorf("case %s: %v, want %v", id, err, want)
		}
	}
	execWriter(t, s, "PRAGMA max_page_count = 1000000")
	putOne(t, s, "c2") // work resumes by itself
}

// TestFailedCommit makes COMMIT itself fail, by a constraint that is judged there.
func TestFailedCommit(t *testing.T) {
	t.Parallel()
	for _, path := range []string{file(t), ""} {
		s := open(t, path)
		execWriter(t, s, `CREATE TABLE parent (id INTEGER PRIMARY KEY);
			CREATE TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
			CREATE TRIGGER fail AFTER INSERT ON answers WHEN new.key = 'key of bad' BEGIN INSERT INTO child VALUES (7); END`)
		_, err := s.Commit(context.Background(), []store.Change{oneCase("c1"), oneCase("bad")})
		if !errors.Is(err, store.ErrUnknown) {
			t.Fatalf("failed COMMIT: %v, want ErrUnknown", err)
		}
		if _, err := s.Answer(context.Background(), "gate", "key of c1"); !errors.Is(err, store.ErrNotFound) {
			t.Fatalf("asked by its key: %v, want ErrNotFound", err)
		}
		putOne(t, s, "c1")
	}
}

// TestBrokenWriter loses the connection in the middle of a transaction, as after a fault of the disk.
func TestBrokenWriter(t *testing.T) {
	t.Parallel()
	s := open(t, file(t))
	putOne(t, s, "c1")
	s.writer.turn <- struct{}{}
	s.writer.discard()
	s.writer.give()
	putOne(t, s, "c2")
	if got := pragma(t, s.writer.conn, "synchronous"); got != "2" {
		t.Fatalf("the next writer has synchronous %s, want 2", got)
	}
}

func TestPanicInATransaction(t *testing.T) {
	t.Parallel()
	s := open(t, file(t))
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = s.writing(context.Background(), "test", 1, func(ctx context.Context, q *statements) error {
			if _, err := q.exec(ctx, "INSERT INTO messages (office, id) VALUES ('gate', 'm')"); err != nil {
				t.Error(err)
			}
			panic("here")
		})
	}()
	if err := s.KeepMessage(context.Background(), "gate", store.KeptMessage{ID: "m"}); err != nil {
		t.Fatalf("the writer is not free, or the transaction stayed: %v", err)
	}
}

// TestCallerGoesAway ends the caller's context within the transaction: what has begun is finished.
func TestCallerGoesAway(t *testing.T) {
	t.Parallel()
	s := open(t, file(t))
	ctx, cancel := context.WithCancel(context.Background())
	err := s.writing(ctx, "test", 1, func(ctx context.Context, q *statements) error {
		cancel()
		_, err := q.exec(ctx, "INSERT INTO messages (office, id) VALUES ('gate', 'm')")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.KeepMessage(ctx, "gate", store.KeptMessage{ID: "x"}); !errors.Is(err, context.Canceled) {
		t.Fatalf("a caller who is gone: %v, want context.Canceled", err)
	}
	err = s.KeepMessage(context.Background(), "gate", store.KeptMessage{ID: "m"})
	if !errors.Is(err, store.ErrRepeated) {
		t.Fatalf("what the caller left: %v, want ErrRepeated", err)
	}
}

// TestCheckpoint moves the log while work goes on, and starts a long one anew.
func TestCheckpoint(t *testing.T) {
	t.Parallel()
	path := file(t)
	s := open(t, path)
	ctx := context.Background()
	change := oneCase("big")
	change.Case.State = make([]byte, (longLog+100)*4096)
	if _, err := s.Commit(ctx, []store.Change{change}); err != nil {
		t.Fatal(err)
	}
	if err := s.checks.checkpoint(ctx); err != nil {
		t.Fatal(err)
	}
	putOne(t, s, "c1") // begins the log anew
	length, err := s.checks.move(ctx)
	if err != nil || length > 100 {
		t.Fatalf("the log has %d pages (%v), want it begun anew", length, err)
	}
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for n := range 100 {
				if _, err := s.Commit(ctx, []store.Change{oneCase(fmt.Sprintf("c%d-%d", i, n))}); err != nil {
					t.Error(err)
					return
				}
				s.checks.wrote(checkpointAfter)
			}
		})
	}
	wg.Wait()
}

const (
	crashFile = "GUICHENG_TEST_CRASH_FILE"
	ready     = "committed"
)

// TestKilledProcess has another process commit and die without closing anything: its commit is there, its lock not.
func TestKilledProcess(t *testing.T) {
	t.Parallel()
	if path := os.Getenv(crashFile); path != "" { // the other process
		s, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		putOne(t, s, "c1")
		if _, err := os.Stdout.WriteString(ready + "\n"); err != nil {
			t.Fatal(err)
		}
		select {} // until it is killed
	}
	path := filepath.Join(t.TempDir(), "guicheng.db")
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledProcess$", "-test.v")
	cmd.Env = append(os.Environ(), crashFile+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	buf := make([]byte, 256)
	for !strings.Contains(said.String(), ready) {
		n, err := out.Read(buf)
		said.Write(buf[:n])
		if err != nil {
			t.Fatalf("the other process ended: %v\n%s", err, said.String())
		}
	}
	if _, err := Open(path); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("while it lives: %v, want ErrUnavailable", err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	s := open(t, path)
	if _, err := s.Case(context.Background(), "gate", "c1"); err != nil {
		t.Fatalf("what it committed: %v", err)
	}
}
