package postgres

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	usualStatementTime = 30 * time.Second
	usualLockTime      = 10 * time.Second
	usualConnectTime   = 10 * time.Second
	usualConnections   = 16
	mostTime           = time.Hour
)

// limits are the time limits of each transaction, in the words of the database.
type limits struct {
	statement string // milliseconds
	lock      string // milliseconds
	whole     time.Duration
}

// configure reads the DSN. The time limits are set in each transaction: a pooler would refuse or lose them otherwise.
func configure(dsn string) (*pgxpool.Config, limits, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, limits{}, fmt.Errorf("the database's URL: %w", err)
	}
	params := config.ConnConfig.RuntimeParams
	statement, err := limitOf(params, "statement_timeout", usualStatementTime)
	if err != nil {
		return nil, limits{}, err
	}
	lock, err := limitOf(params, "lock_timeout", usualLockTime)
	if err != nil {
		return nil, limits{}, err
	}
	if params["application_name"] == "" {
		params["application_name"] = "guicheng"
	}
	if !strings.Contains(dsn, "pool_max_conns") {
		config.MaxConns = max(config.MaxConns, usualConnections)
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = usualConnectTime
	}
	return config, limits{
		statement: strconv.FormatInt(statement.Milliseconds(), 10),
		lock:      strconv.FormatInt(lock.Milliseconds(), 10),
		whole:     statement,
	}, nil
}

func limitOf(params map[string]string, name string, usual time.Duration) (time.Duration, error) {
	text, given := params[name]
	if !given {
		return usual, nil
	}
	delete(params, name)
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || time.Duration(n)*time.Millisecond > mostTime {
		return 0, fmt.Errorf("the database's URL: %s is %q, want milliseconds, from 1 to %d", name, text,
			mostTime.Milliseconds())
	}
	return time.Duration(n) * time.Millisecond, nil
}
