// Package pgtest gives tests a real PostgreSQL: fresh databases on a server named by GUICHENG_TEST_DATABASE_URL, or on
// a private cluster that is started once for each test process and ends with it, however it ends.
package pgtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// urlVariable names a server whose role may create databases, and better also roles.
const urlVariable = "GUICHENG_TEST_DATABASE_URL"

const patience = time.Minute // for a server to start, or a database to be made

// shared is started by the first test that needs it, and lives as long as the process: its keeper is held by the pipe.
var shared = sync.OnceValues(startCluster)

// server returns the URL of the server that was named, or of the shared cluster.
func server() (string, error) {
	if given := os.Getenv(urlVariable); given != "" {
		return given, nil
	}
	c, err := shared()
	if err != nil {
		return "", err
	}
	return c.URL, nil
}

// DSN returns the URL of a fresh database that is gone after the test, or with the private cluster. Where the server
// allows it, its owner is a role of its own that is no superuser, so that row-level security is in force. Without a
// server the test fails.
func DSN(t testing.TB) string {
	t.Helper()
	admin, err := server()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	name := "guicheng_" + strings.ToLower(rand.Text())
	dsn, err := create(ctx, admin, name)
	if err != nil {
		t.Fatalf("a database for the test: %v", err)
	}
	if os.Getenv(urlVariable) == "" {
		return dsn // it goes with the cluster: to drop it now would cost a checkpoint of all databases
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := drop(ctx, admin, name); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return dsn
}

// Admin returns the URL of the server itself, by which DSN creates databases.
func Admin(t testing.TB) string {
	t.Helper()
	admin, err := server()
	if err != nil {
		t.Fatal(err)
	}
	return admin
}

// Server returns the URL of the server, for programs that are no tests.
func Server() (string, error) { return server() }

// Create returns the URL of a fresh database that nobody drops: it goes with the private cluster.
func Create(ctx context.Context) (string, error) {
	admin, err := server()
	if err != nil {
		return "", err
	}
	return create(ctx, admin, "guicheng_"+strings.ToLower(rand.Text()))
}

func create(ctx context.Context, admin, name string) (string, error) {
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return "", fmt.Errorf("connect to %s: %w", redacted(admin), err)
	}
	defer func() { _ = conn.Close(ctx) }()
	var super bool
	if err := conn.QueryRow(ctx, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user").Scan(&super); err != nil {
		return "", fmt.Errorf("rights of the role: %w", err)
	}
	u, err := url.Parse(admin)
	if err != nil || u.Scheme == "" {
		return "", fmt.Errorf("%s must be a URL, as postgres://user@host/postgres", redacted(admin))
	}
	owner := ""
	if super {
		if _, err := conn.Exec(ctx, "CREATE ROLE "+name+" LOGIN NOSUPERUSER PASSWORD '"+name+"'"); err != nil {
			return "", err
		}
		owner, u.User = " OWNER "+name, url.UserPassword(name, name)
	}
	options := " TEMPLATE template0 LOCALE 'C' ENCODING 'UTF8'" + owner
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+name+options); err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

func drop(ctx context.Context, admin, name string) error {
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
	_, roleErr := conn.Exec(ctx, "DROP ROLE IF EXISTS "+name)
	return errors.Join(err, roleErr)
}

// redacted hides the password of a URL.
func redacted(dsn string) string {
	u, err := url.Parse(dsn)
	if err != nil {
		return urlVariable
	}
	return u.Redacted()
}
