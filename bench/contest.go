package main

import (
	"context"
	"os"
)

// contestant is somebody who can do W3. For each measurement a fresh one is opened on a fresh database.
type contestant struct {
	name  string
	store string
	open  func(ctx context.Context, dir string, clients int) (*player, error)
}

// player is an open contestant.
type player struct {
	// w3 runs one case; tick is called when its start, and each of its three steps, was answered as durable.
	w3 func(ctx context.Context, tick func()) error
	// at is where its database is, for those who ask for its size.
	at    string
	close func() error
}

const (
	theLimit  = "limit"
	theEngine = "engine"
	theHTTP   = "HTTP"
	theDBOS   = "dbos"
	theRiver  = "river"
)

// contestants stand in the order of the table.
func contestants(stores []string) []contestant {
	var all []contestant
	for _, kind := range stores {
		limit := openLimitSQLite
		if kind == overPostgres {
			limit = openLimitPostgres
		}
		all = append(all,
			contestant{theLimit, kind, limit},
			contestant{theEngine, kind, openEngine(kind)},
			contestant{theHTTP, kind, openHTTP(kind)})
		if kind == overPostgres {
			all = append(all, contestant{theDBOS, kind, openDBOS}, contestant{theRiver, kind, openRiver})
		}
	}
	return all
}

// with opens a contestant in a folder of its own, and closes and removes it after f.
func (c contestant) with(ctx context.Context, clients int, f func(*player) error) (err error) {
	dir, err := os.MkdirTemp("", "guicheng-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // the system's temporary folder
	p, err := c.open(ctx, dir, clients)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := p.close(); err == nil {
			err = closeErr
		}
	}()
	return f(p)
}

func openEngine(kind string) func(context.Context, string, int) (*player, error) {
	return func(ctx context.Context, dir string, _ int) (*player, error) {
		st, at, err := openStore(ctx, kind, dir)
		if err != nil {
			return nil, err
		}
		h, err := openHouse(ctx, st)
		if err != nil {
			return nil, err
		}
		h.closers = append(h.closers, st.Close)
		return &player{w3: h.w3, at: at, close: h.close}, nil
	}
}
