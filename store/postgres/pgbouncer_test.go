package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/internal/pgtest"
	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/storetest"
)

// TestPgBouncer runs the suite through PgBouncer in transaction mode, with few connections behind it and without
// prepared statements: nothing may depend on a session.
func TestPgBouncer(t *testing.T) {
	t.Parallel()
	bouncer := startBouncer(t)
	through := func(t *testing.T, mode string) *Store {
		u, err := url.Parse(pgtest.DSN(t))
		noError(t, err)
		u.Host = bouncer
		u.RawQuery = "sslmode=disable&default_query_exec_mode=" + mode
		return openAt(t, u.String())
	}
	t.Run("suite", func(t *testing.T) {
		t.Parallel()
		storetest.Run(t, func(t *testing.T) store.Store { return through(t, "cache_describe") })
	})
	t.Run("without cached descriptions", func(t *testing.T) {
		t.Parallel()
		s := through(t, "exec")
		fill(t, s, "gate")
		c := next("c1", 2)
		c.Drops, c.TakesTimer, c.TakesKept, c.Files = []string{"c1.1"}, "c1.1", "m2", []string{"f1"}
		commit(t, s, c)
		if _, err := s.Task(context.Background(), "gate", "c1.1"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the task that was dropped: %v, want ErrNotFound", err)
		}
	})
}

// startBouncer returns the address of a PgBouncer that ends with the test.
func startBouncer(t *testing.T) string {
	t.Helper()
	binary, err := exec.LookPath("pgbouncer")
	if err != nil {
		if binary, err = exec.LookPath("/usr/sbin/pgbouncer"); err != nil {
			t.Fatal("no PgBouncer to test with: install it (apt-get install pgbouncer, or scripts/install-postgres.sh)")
		}
	}
	admin, err := url.Parse(pgtest.Admin(t))
	noError(t, err)
	//nolint:usetesting // another account must be able to read it
	dir, err := os.MkdirTemp("/tmp", "guicheng-bouncer-")
	noError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	noError(t, os.Chmod(dir, 0o755))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	noError(t, err)
	_, port, err := net.SplitHostPort(l.Addr().String())
	noError(t, err)
	password, given := admin.User.Password()
	if given {
		password = " password='" + strings.ReplaceAll(password, "'", "''") + "'"
	}
	config := fmt.Sprintf("[databases]\n* = host=%s port=%s user=%s%s\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"+
		"listen_port = %s\nunix_socket_dir =\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 3\n"+
		"max_client_conn = 2000\nserver_idle_timeout = 1\n",
		admin.Hostname(), admin.Port(), admin.User.Username(), password, port)
	file := filepath.Join(dir, "pgbouncer.ini")
	noError(t, os.WriteFile(file, []byte(config), 0o644))
	noError(t, l.Close())
	ctx, stop := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, binary, file)
	cmd.SysProcAttr, err = pgtest.Account()
	noError(t, err)
	var log strings.Builder
	cmd.Stdout, cmd.Stderr = &log, &log
	noError(t, cmd.Start())
	t.Cleanup(func() {
		stop()
		_ = cmd.Wait()
		if t.Failed() {
			t.Log(log.String()[max(0, log.Len()-4000):])
		}
	})
	if err := pgtest.Await(ctx, (&url.URL{Scheme: "postgres", User: url.User("x"), Path: "/postgres",
		Host: net.JoinHostPort("127.0.0.1", port), RawQuery: "sslmode=disable&default_query_exec_mode=exec"}).String(),
	); err != nil {
		t.Fatalf("PgBouncer does not answer: %v", err)
	}
	return net.JoinHostPort("127.0.0.1", port)
}
