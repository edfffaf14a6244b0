package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dbos-inc/dbos-transact-golang/dbos"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/guicheng/guicheng/internal/pgtest"
)

// The peers get what helps them: whoever waits for a step is told by a Go channel, which they need not keep.

// bells ring for those who wait for a step of a case.
type bells struct {
	next  atomic.Int64
	cases sync.Map // of chan struct{}, by case
}

func (b *bells) begin() (id string, bell chan struct{}) {
	id, bell = "c"+strconv.FormatInt(b.next.Add(1), 10), make(chan struct{}, 4)
	b.cases.Store(id, bell)
	return id, bell
}

func (b *bells) ring(id string) {
	if bell, ok := b.cases.Load(id); ok {
		bell.(chan struct{}) <- struct{}{} //nolint:errcheck // begin put it there
	}
}

// peerTimeout is longer than any run: nobody waits for it.
const peerTimeout = 10 * time.Minute

// openDBOS has W3 as a workflow that receives three messages. A step is done when its message was sent, received, and
// the receipt recorded.
func openDBOS(ctx context.Context, _ string, _ int) (*player, error) {
	dsn, err := pgtest.Create(ctx)
	if err != nil {
		return nil, err
	}
	d, err := dbos.NewContext(ctx, dbos.Config{
		AppName: "bench", DatabaseURL: dsn, Logger: slog.New(slog.DiscardHandler), ApplicationVersion: "1",
	})
	if err != nil {
		return nil, err
	}
	var b bells
	three := func(d dbos.Context, id string) (string, error) {
		for range 3 {
			if _, err := dbos.Recv[string](d, "step", peerTimeout); err != nil {
				return "", err
			}
			b.ring(id)
		}
		return id, nil
	}
	dbos.RegisterWorkflow(d, three)
	if err := dbos.Launch(d); err != nil {
		return nil, err
	}
	w3 := func(_ context.Context, tick func()) error {
		id, bell := b.begin()
		defer b.cases.Delete(id)
		if _, err := dbos.RunWorkflow(d, three, id, dbos.WithWorkflowID(id)); err != nil {
			return err
		}
		tick()
		for _, values := range filled[1:] {
			if err := dbos.Send(d, id, values, "step"); err != nil {
				return err
			}
			<-bell
			tick()
		}
		return nil
	}
	return &player{w3: w3, at: dsn, close: func() error { return dbos.Shutdown(d, 10*time.Second) }}, nil
}

// hop is one step of W3 as a job: there is no waiting for a person in river, so each job makes the next one.
type hop struct {
	Case   string `json:"case"`
	N      int    `json:"n"`
	Values string `json:"values"`
}

// Kind implements river.JobArgs.
func (hop) Kind() string { return "hop" }

// hopper does a job in one transaction: done, and the next one there.
type hopper struct {
	river.WorkerDefaults[hop]
	pool  *pgxpool.Pool
	bells *bells
}

// Work implements river.Worker.
func (w *hopper) Work(ctx context.Context, job *river.Job[hop]) error {
	tx, err := w.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }() // after a commit it does nothing
	if n := job.Args.N + 1; n < len(filled) {
		client := river.ClientFromContext[pgx.Tx](ctx)
		if _, err := client.InsertTx(ctx, tx, hop{job.Args.Case, n, filled[n]}, nil); err != nil {
			return err
		}
	}
	if _, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	w.bells.ring(job.Args.Case)
	return nil
}

// openRiver has W3 as a chain of jobs, at the shortest intervals that river takes.
func openRiver(ctx context.Context, _ string, clients int) (*player, error) {
	dsn, err := pgtest.Create(ctx)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.New(ctx, dsn+"&pool_max_conns=32")
	if err != nil {
		return nil, err
	}
	driver := riverpgxv5.New(pool)
	quiet := slog.New(slog.DiscardHandler)
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: quiet})
	if err != nil {
		return nil, err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return nil, fmt.Errorf("river's tables: %w", err)
	}
	b := &bells{}
	workers := river.NewWorkers()
	river.AddWorker(workers, &hopper{pool: pool, bells: b})
	client, err := river.NewClient(driver, &river.Config{
		Logger: quiet, Workers: workers, FetchCooldown: time.Millisecond, FetchPollInterval: 100 * time.Millisecond,
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: max(clients, 8)}},
	})
	if err != nil {
		return nil, err
	}
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return nil, err
	}
	w3 := func(ctx context.Context, tick func()) error {
		id, bell := b.begin()
		defer b.cases.Delete(id)
		if _, err := client.Insert(ctx, hop{id, 1, filled[1]}, nil); err != nil {
			return err
		}
		tick()
		for range 3 {
			<-bell
			tick()
		}
		return nil
	}
	return &player{w3: w3, at: dsn, close: func() error {
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), peerTimeout)
		defer cancel()
		err := client.Stop(stop)
		pool.Close()
		return errors.Join(err)
	}}, nil
}
