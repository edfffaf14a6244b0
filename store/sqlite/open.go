package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/guicheng/guicheng/store"
)

const (
	minVersion  = "3.51.3" // before it two connections of one process could corrupt a WAL file
	memory      = ":memory:"
	busyMillis  = 5000
	writerCache = 32 << 10 // KiB
	readerCache = 8 << 10  // KiB
	readers     = 4
)

// pragmas hold for every connection; synchronous is FULL because NORMAL loses acknowledged commits in a power cut.
var pragmas = [...]string{
	"busy_timeout(" + strconv.Itoa(busyMillis) + ")",
	"synchronous(FULL)",
	"foreign_keys(ON)",
	"temp_store(MEMORY)",
	"wal_autocheckpoint(0)", // the checkpointer does it, outside of people's commits
	"trusted_schema(OFF)",
}

// dsn names a database file for the driver, whatever signs its path has.
func dsn(path string, settings []string) string {
	q := url.Values{"_pragma": settings}
	if path == memory {
		return "file::memory:?" + q.Encode()
	}
	return "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + "?" + q.Encode()
}

// connect opens a pool that keeps its connections, with the settings that all have and more.
func connect(path string, size int, more ...string) (*sql.DB, error) {
	return connectPlain(path, size, append(slices.Clone(pragmas[:]), more...))
}

func connectPlain(path string, size int, settings []string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn(path, settings))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db, nil
}

// prepareFile creates the folder and the file with rights for their owner only, and returns the file's one true name.
func prepareFile(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("database %s: %w", path, err)
	}
	if err := os.MkdirAll(filepath.Dir(abs), 0o700); err != nil {
		return "", fmt.Errorf("database %s: create its folder: %w", path, err)
	}
	f, err := os.OpenFile(abs, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return "", fmt.Errorf("database %s: %w", path, err)
	}
	if err := f.Close(); err != nil {
		return "", fmt.Errorf("database %s: %w", path, err)
	}
	name, err := filepath.EvalSymlinks(abs)
	if err != nil {
		return "", fmt.Errorf("database %s: %w", path, err)
	}
	return name, nil
}

// lock takes <path>.lock for this process. It is an empty SQLite file under an exclusive lock, because SQLite's locks
// work alike on every system and end with the process, however it ends.
func lock(ctx context.Context, path string) (*sql.DB, error) {
	name := path + ".lock"
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock file: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("lock file: %w", err)
	}
	db, err := connectPlain(name, 1, []string{"busy_timeout(0)", "journal_mode(MEMORY)"})
	if err != nil {
		return nil, err
	}
	if _, err := db.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		err = errors.Join(err, db.Close())
		return nil, fmt.Errorf("%w: database %s is in use by another process, which holds %s: stop that one first, "+
			"or give this one a database of its own (%w)", store.ErrUnavailable, path, name, err)
	}
	return db, nil
}

// checkVersion refuses an SQLite that can corrupt a file.
func checkVersion(ctx context.Context, conn *sql.Conn) error {
	var have string
	if err := conn.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&have); err != nil {
		return fmt.Errorf("version of SQLite: %w", err)
	}
	if !versionAtLeast(have, minVersion) {
		return fmt.Errorf("SQLite %s is linked, which can corrupt a WAL file: at least %s is needed", have, minVersion)
	}
	return nil
}

func versionAtLeast(have, want string) bool {
	h, w := strings.Split(have, "."), strings.Split(want, ".")
	for i := range w {
		var a int
		if i < len(h) {
			a, _ = strconv.Atoi(h[i])
		}
		b, _ := strconv.Atoi(w[i])
		if a != b {
			return a > b
		}
	}
	return true
}

// walMode switches the file to write-ahead logging, and makes sure of it.
func walMode(ctx context.Context, conn *sql.Conn) error {
	var mode string
	if err := conn.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode); err != nil {
		return fmt.Errorf("journal mode: %w", err)
	}
	if mode != "wal" {
		return fmt.Errorf("journal mode is %q, want wal: the file system does not support it; "+
			"put the database on a local disk", mode)
	}
	return nil
}
