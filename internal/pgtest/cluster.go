package pgtest

import (
	"bufio"
	"cmp"
	"context"
	"crypto/rand"
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
	"strings"
	"syscall"
	"testing"
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

// binaries finds the folder of initdb and postgres: what is called in PATH first, then Debian's, the newest first, then
// what scripts/install-postgres.sh has put beside the module where nobody is root.
func binaries() (string, error) {
	var folders []string
	if path, err := exec.LookPath("initdb"); err == nil {
		folders = append(folders, filepath.Dir(path))
	}
	folders = append(folders, "/usr/local/bin")
	for v := newest; v >= oldest; v-- {
		folders = append(folders, fmt.Sprintf("/usr/lib/postgresql/%d/bin", v))
	}
	if dir, err := os.Getwd(); err == nil { // of the package that is tested, somewhere in the module
		for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
			folders = append(folders, filepath.Join(dir, ".tools", "postgresql", "bin"))
		}
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

// keeper runs the server and does what its standard input says: stop it at once, or start it again. The end of its
// input comes when the test process is no more, even if it was killed: then it stops the server and removes its folder.
const keeper = `"$1/postgres" -D "$2/data" </dev/null 3>&- & server=$!
while read -r word; do
	case $word in
	stop) kill -QUIT $server; wait $server; echo stopped >&3;;
	start) "$1/postgres" -D "$2/data" </dev/null 3>&- & server=$!;;
	esac
done
kill -INT $server 2>/dev/null
wait $server
rm -rf "$2"`

// Cluster is a private server. Nobody else is on it, so that a test may stop it.
type Cluster struct {
	// URL is that of its superuser.
	URL string

	say  *os.File      // to the keeper
	said *bufio.Reader // by the keeper
}

// Own returns a cluster that ends with the test.
func Own(t testing.TB) *Cluster {
	t.Helper()
	c, err := startCluster()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.say.Close() }) // the keeper does the rest
	return c
}

// Stop stops the server in immediate mode: all that it was about is lost, as when the power fails.
func (c *Cluster) Stop(t testing.TB) {
	t.Helper()
	if _, err := c.say.WriteString("stop\n"); err != nil {
		t.Fatal(err)
	}
	if word, err := c.said.ReadString('\n'); err != nil {
		t.Fatalf("stop of the cluster: %q, %v", word, err)
	}
}

// Start starts the server again and waits until it answers: it has recovered.
func (c *Cluster) Start(t testing.TB) {
	t.Helper()
	if _, err := c.say.WriteString("start\n"); err != nil {
		t.Fatal(err)
	}
	if err := Await(context.Background(), c.URL); err != nil {
		t.Fatal(err)
	}
}

// Database makes a database with an owner of its own and returns its URL.
func (c *Cluster) Database(t testing.TB) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	dsn, err := create(ctx, c.URL, "guicheng_"+strings.ToLower(rand.Text()))
	if err != nil {
		t.Fatal(err)
	}
	return dsn
}

// startCluster makes a private cluster, with fsync as in earnest.
func startCluster() (*Cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	who, err := account()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("/tmp", "guicheng-pg-") // short: a socket's path has 107 bytes at most
	if err != nil {
		return nil, err
	}
	if who != nil {
		if err := os.Chown(dir, int(who.Uid), int(who.Gid)); err != nil {
			return nil, err
		}
	}
	as := &syscall.SysProcAttr{Credential: who, Setpgid: true}
	//nolint:gosec // what binaries found
	initdb := exec.CommandContext(context.Background(), filepath.Join(bin, "initdb"), "-D", filepath.Join(dir, "data"),
		"-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale", "C")
	initdb.Dir, initdb.SysProcAttr = dir, as
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb in %s: %w\n%s", dir, err, out)
	}
	return launch(bin, dir, as)
}

func launch(bin, dir string, as *syscall.SysProcAttr) (*Cluster, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	settings := fmt.Sprintf("listen_addresses = '127.0.0.1'\nport = %d\nunix_socket_directories = '%s'\n"+
		"max_connections = 300\nshared_buffers = 128MB\nmax_wal_size = 4GB\n", port, dir)
	f, err := os.OpenFile(filepath.Join(dir, "data", "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	_, err = f.WriteString(settings)
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("settings of the cluster: %w", err)
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	ears, say, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	said, mouth, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	//nolint:gosec // as above
	cmd := exec.CommandContext(context.Background(), "/bin/sh", "-c", keeper, "sh", bin, dir)
	cmd.Dir, cmd.SysProcAttr, cmd.Stdin, cmd.Stdout, cmd.Stderr = dir, as, ears, log, log
	cmd.ExtraFiles = []*os.File{mouth}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	if err := errors.Join(ears.Close(), mouth.Close()); err != nil {
		return nil, err
	}
	url := (&url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/postgres",
		Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), RawQuery: "sslmode=disable"}).String()
	if err := Await(context.Background(), url); err != nil {
		text, _ := os.ReadFile(log.Name())
		return nil, errors.Join(fmt.Errorf("the cluster in %s did not start: %w\n%s", dir, err, text), say.Close())
	}
	return &Cluster{URL: url, say: say, said: bufio.NewReader(said)}, nil
}

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
