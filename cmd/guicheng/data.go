package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/sqlite"
)

// dataFlags say where the data are, for the commands that work on them beside the servers.
type dataFlags struct {
	Database string `env:"GUICHENG_DATABASE_URL" placeholder:"URL" help:"PostgreSQL for the data (else: the folder)."`
	Data     string `default:"./data" env:"GUICHENG_DATA" help:"Folder that keeps the data (${default})."`
}

// defaultData is the folder where none is named.
const defaultData = "./data"

// named tells whether it was said where the data are.
func (c *dataFlags) named() bool { return c.Database != "" || c.Data != defaultData }

// errNoData says that the folder holds none.
var errNoData = errors.New("there are no data")

// stopFirst is what to do where only a server that does not run lets go of its folder.
const stopFirst = "stop it first"

// open opens a PostgreSQL beside the servers that run on it, and a folder only while no server does: instead says what
// to do then.
func (c *dataFlags) open(ctx context.Context, instead string) (store.Store, error) {
	if c.Database != "" {
		return openDatabase(ctx, c.Database)
	}
	file := filepath.Join(c.Data, databaseFile)
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w in %s; name the server's folder with --data, or its --database", errNoData, c.Data)
	}
	db, err := sqlite.Open(file)
	if errors.Is(err, store.ErrUnavailable) {
		return nil, fmt.Errorf("the server is running on %s: %s", c.Data, instead)
	}
	if err != nil {
		return nil, fmt.Errorf("open the data in %s: %w", c.Data, err)
	}
	return db, nil
}

// engineOn opens an engine on the data; close both after use.
func (c *dataFlags) engineOn(ctx context.Context) (_ *engine.Engine, closeBoth func() error, _ error) {
	db, err := c.open(ctx, "stop it first, or sign in to it and leave out --data")
	if err != nil {
		return nil, nil, err
	}
	e, err := engine.Open(ctx, engine.Options{Store: db})
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return e, func() error { e.Close(); return db.Close() }, nil
}
