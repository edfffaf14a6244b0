package pgtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// The versions that Guicheng is for.
const (
	oldest = 15
	newest = 18
)

const howToGet = "no PostgreSQL to test on: install one (apt-get install postgresql, or " +
	"scripts/install-postgres.sh), or name a server in " + urlVariable

// binaries finds the folder of initdb and postgres: what is called in PATH first, then Debian's, the newest first.
func binaries() (string, error) {
	var folders []string
	if path, err := exec.LookPath("initdb"); err == nil {
		folders = append(folders, filepath.Dir(path))
	}
	folders = append(folders, "/usr/local/bin")
	for v := newest; v >= oldest; v-- {
		folders = append(folders, fmt.Sprintf("/usr/lib/postgresql/%d/bin", v))
	}
	for _, folder := range folders {
		whole := !slices.ContainsFunc([]string{"initdb", "postgres"}, func(name string) bool {
			_, err := exec.LookPath(filepath.Join(folder, name))
			return err != nil
		})
		if whole {
			return folder, nil
		}
	}
	return "", errors.New(howToGet)
}

// account is who runs the server: postgres refuses to be root.
func account() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(uidErr, gidErr); err != nil {
			return nil, fmt.Errorf("account %s: %w", name, err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is no account postgres or nobody: add one")
}

// Account is how to start a server's program: not as root.
func Account() (*syscall.SysProcAttr, error) {
	who, err := account()
	return &syscall.SysProcAttr{Credential: who, Setpgid: true}, err
}

// keeper runs the server and waits for the end of its standard input, which comes when the test process is no more,
// even if it was killed. Then it stops the server and removes its folder.
const keeper = `"$1/postgres" -D "$2/data" & server=$!
cat >/dev/null
kill -INT $server 2>/dev/null
wait $server
rm -rf "$2"`

// startCluster makes a private cluster, with fsync as in earnest, and returns its superuser's URL.
func startCluster() (string, error) {
	bin, err := binaries()
	if err != nil {
		return "", err
	}
	who, err := account()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("/tmp", "guicheng-pg-") // short: a socket's path has 107 bytes at most
	if err != nil {
		return "", err
	}
	if who != nil {
		if err := os.Chown(dir, int(who.Uid), int(who.Gid)); err != nil {
			return "", err
		}
	}
	as := &syscall.SysProcAttr{Credential: who, Setpgid: true}
	//nolint:gosec // what binaries found
	initdb := exec.CommandContext(context.Background(), filepath.Join(bin, "initdb"), "-D", filepath.Join(dir, "data"),
		"-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale", "C")
	initdb.Dir, initdb.SysProcAttr = dir, as
	if out, err := initdb.CombinedOutput(); err != nil {
		return "", fmt.Errorf("initdb in %s: %w\n%s", dir, err, out)
	}
	return launch(bin, dir, as)
}

func launch(bin, dir string, as *syscall.SysProcAttr) (string, error) {
	port, err := freePort()
	if err != nil {
		return "", err
	}
	settings := fmt.Sprintf("listen_addresses = '127.0.0.1'\nport = %d\nunix_socket_directories = '%s'\n"+
		"max_connections = 300\nshared_buffers = 128MB\nmax_wal_size = 4GB\n", port, dir)
	f, err := os.OpenFile(filepath.Join(dir, "data", "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(settings)
	if err := errors.Join(err, f.Close()); err != nil {
		return "", fmt.Errorf("settings of the cluster: %w", err)
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return "", err
	}
	defer func() { _ = log.Close() }()
	life, held, err := os.Pipe()
	if err != nil {
		return "", err
	}
	//nolint:gosec // as above
	cmd := exec.CommandContext(context.Background(), "/bin/sh", "-c", keeper, "sh", bin, dir)
	cmd.Dir, cmd.SysProcAttr, cmd.Stdin, cmd.Stdout, cmd.Stderr = dir, as, life, log, log
	if err := cmd.Start(); err != nil {
		return "", fmt.Errorf("start postgres: %w", err)
	}
	if err := life.Close(); err != nil {
		return "", err
	}
	url := (&url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/postgres",
		Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), RawQuery: "sslmode=disable"}).String()
	if err := Await(context.Background(), url); err != nil {
		text, _ := os.ReadFile(log.Name())
		return "", errors.Join(fmt.Errorf("the cluster in %s did not start: %w\n%s", dir, err, text), held.Close())
	}
	lifeline.hold(held)
	return url, nil
}

// holder keeps the pipe of the keeper open as long as this process lives.
type holder struct{ ends chan *os.File }

func (h holder) hold(f *os.File) { h.ends <- f }

var lifeline = holder{ends: make(chan *os.File, 1)}

func freePort() (int, error) {
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	_, text, err := net.SplitHostPort(l.Addr().String())
	port, numberErr := strconv.Atoi(text)
	return port, cmp.Or(err, numberErr, l.Close())
}

// Await connects until the server answers, for a minute at most.
func Await(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := pgx.Connect(ctx, url)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return err
		}
	}
}
