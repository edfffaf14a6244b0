package engine

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// crew runs the engine's goroutines. It is the only place where the engine starts one.
type crew struct {
	log *slog.Logger
	wg  sync.WaitGroup
}

// loop runs work until it returns nil or ctx ends. A panic or an error is logged, and the loop begins again after a
// pause that grows while it keeps failing: nothing stored may stop the server, nor keep it spinning.
func (c *crew) loop(ctx context.Context, name string, work func(context.Context) error) {
	c.wg.Go(func() {
		pause := againFirst
		for {
			began := time.Now()
			err := guarded(func() error { return work(ctx) })
			if err == nil || ctx.Err() != nil {
				return
			}
			if time.Since(began) > againLast {
				pause = againFirst
			}
			c.log.Error("loop failed; it begins again", "loop", name, "error", err, "pause", pause)
			if !rest(ctx, pause) {
				return
			}
			pause = min(2*pause, againLast)
		}
	})
}

// task runs work once beside the loops. A panic ends it alone, and is logged.
func (c *crew) task(ctx context.Context, name string, work func(context.Context)) {
	c.wg.Go(func() {
		if err := guarded(func() error { work(ctx); return nil }); err != nil {
			c.log.Error("task failed", "task", name, "error", err)
		}
	})
}

func (c *crew) wait() { c.wg.Wait() }

// rest waits in real time; false: ctx ended first.
func rest(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// panicked is a panic that was caught, with the place where it came from.
type panicked struct {
	value any
	stack []byte
}

// Error implements error.
func (p *panicked) Error() string { return fmt.Sprintf("panic: %v\n%s", p.value, p.stack) }

// Unwrap gives the error that was thrown, if it was one.
func (p *panicked) Unwrap() error {
	err, _ := p.value.(error)
	return err
}

// guarded runs f and turns a panic into an error.
func guarded(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicked{value: v, stack: debug.Stack()}
		}
	}()
	return f()
}
