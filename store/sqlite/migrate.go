package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks the file as ours: "GChg".
const applicationID = 0x47436867

// migration is one step forward of the schema. Its number is where it stands in the list, from 1.
type migration struct {
	name string
	text string
}

// readMigrations lists <number>_<what>.sql in order, and refuses a gap.
func readMigrations(files fs.FS) ([]migration, error) {
	entries, err := fs.ReadDir(files, "migrations") // sorted by name
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	var list []migration
	for i, e := range entries {
		number, _, _ := strings.Cut(e.Name(), "_")
		if n, err := strconv.Atoi(number); err != nil || n != i+1 {
			return nil, fmt.Errorf("migration %s: its name must begin with %04d_", e.Name(), i+1)
		}
		text, err := fs.ReadFile(files, "migrations/"+e.Name())
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", e.Name(), err)
		}
		list = append(list, migration{name: e.Name(), text: string(text)})
	}
	return list, nil
}

// checkSchema returns the schema's number, and refuses a file that is not ours or is newer than this program.
func checkSchema(ctx context.Context, conn *sql.Conn, known int) (int, error) {
	var app, have, tables int
	err := conn.QueryRowContext(ctx, "SELECT (SELECT application_id FROM pragma_application_id), "+
		"(SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)").Scan(&app, &have, &tables)
	if err != nil {
		return 0, fmt.Errorf("not a readable SQLite database: %w", err)
	}
	if app != applicationID && (app != 0 || have != 0 || tables != 0) {
		return 0, errors.New("this SQLite database was not made by Guicheng: name another file")
	}
	if have > known {
		return 0, fmt.Errorf("the database's schema has number %d, this program knows %d: "+
			"start the newer release of Guicheng that wrote it", have, known)
	}
	return have, nil
}

// migrate brings the schema forward, one transaction for each step.
func migrate(ctx context.Context, conn *sql.Conn, list []migration) error {
	have, err := checkSchema(ctx, conn, len(list))
	if err != nil {
		return err
	}
	for i := have; i < len(list); i++ {
		script := fmt.Sprintf("BEGIN IMMEDIATE;\n%s\nPRAGMA application_id = %d;\nPRAGMA user_version = %d;\nCOMMIT;",
			list[i].text, applicationID, i+1)
		if _, err := conn.ExecContext(ctx, script); err != nil {
			_, _ = conn.ExecContext(ctx, "ROLLBACK") // it may have ended already: the first error tells
			return fmt.Errorf("migration %s: %w", list[i].name, err)
		}
	}
	return nil
}
