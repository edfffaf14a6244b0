package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/guicheng/guicheng/store/shared"
)

//go:embed migrations/*.sql
var migrations embed.FS

// schemaLock is the key under which nodes take turns at the schema: "GChg".
const schemaLock = 0x47436867

// sqlBeginSchema waits for its turn, whatever lock_timeout the role has, and finds where the schema stands.
var sqlBeginSchema = fmt.Sprintf(`BEGIN; SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0;
	SELECT pg_advisory_xact_lock(%d);`, schemaLock)

const sqlSchema = `CREATE TABLE IF NOT EXISTS guicheng_schema (version integer NOT NULL);
	SELECT coalesce(max(version), 0) FROM guicheng_schema`

// migrate brings the schema forward in one transaction. A node that has nothing to do takes no turn.
func (s *Store) migrate(ctx context.Context, list []shared.Migration) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return acquiring(ctx, err)
	}
	defer conn.Release()
	pc := conn.Conn().PgConn()
	have, err := standing(ctx, pc, "SELECT CASE WHEN to_regclass('guicheng_schema') IS NULL THEN 0 ELSE 1 END")
	if err == nil && have == 1 {
		have, err = standing(ctx, pc, "SELECT coalesce(max(version), 0) FROM guicheng_schema")
	}
	if err == nil {
		err = shared.Known(have, len(list))
	}
	if err != nil || have == len(list) {
		return err
	}
	if err := forward(ctx, pc, list); err != nil {
		_, rollbackErr := pc.Exec(context.WithoutCancel(ctx), "ROLLBACK").ReadAll()
		return errors.Join(err, rollbackErr)
	}
	return nil
}

func forward(ctx context.Context, pc *pgconn.PgConn, list []shared.Migration) error {
	if _, err := pc.Exec(ctx, sqlBeginSchema).ReadAll(); err != nil {
		return fmt.Errorf("wait for the schema: %w", err)
	}
	have, err := standing(ctx, pc, sqlSchema) // others may have been here meanwhile
	if err != nil {
		return err
	}
	if err := shared.Known(have, len(list)); err != nil {
		return err
	}
	for i := have; i < len(list); i++ {
		text := list[i].Text + fmt.Sprintf(";\nINSERT INTO guicheng_schema (version) VALUES (%d)", i+1)
		if _, err := pc.Exec(ctx, text).ReadAll(); err != nil {
			return fmt.Errorf("migration %s: %w", list[i].Name, err)
		}
	}
	_, err = pc.Exec(ctx, "COMMIT").ReadAll()
	return err
}

// standing reads a number by the last statement of a text.
func standing(ctx context.Context, pc *pgconn.PgConn, text string) (int, error) {
	results, err := pc.Exec(ctx, text).ReadAll()
	if err != nil {
		return 0, fmt.Errorf("where the schema stands: %w", err)
	}
	if len(results) == 0 || len(results[len(results)-1].Rows) == 0 {
		return 0, errors.New("where the schema stands: the database gave no answer")
	}
	return strconv.Atoi(string(results[len(results)-1].Rows[0][0]))
}
