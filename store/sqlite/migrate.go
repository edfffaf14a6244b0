package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"

	"github.com/guicheng/guicheng/store/shared"
)

//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks the file as ours: "GChg".
const applicationID = 0x47436867

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
	return have, shared.Known(have, known)
}

// migrate brings the schema forward, one transaction for each step.
func migrate(ctx context.Context, conn *sql.Conn, list []shared.Migration) error {
	have, err := checkSchema(ctx, conn, len(list))
	if err != nil {
		return err
	}
	for i := have; i < len(list); i++ {
		script := fmt.Sprintf("BEGIN IMMEDIATE;\n%s\nPRAGMA application_id = %d;\nPRAGMA user_version = %d;\nCOMMIT;",
			list[i].Text, applicationID, i+1)
		if _, err := conn.ExecContext(ctx, script); err != nil {
			_, _ = conn.ExecContext(ctx, "ROLLBACK") // it may have ended already: the first error tells
			return fmt.Errorf("migration %s: %w", list[i].Name, err)
		}
	}
	return nil
}
