package sqlite

import (
	"context"
	"log/slog"
	"runtime/debug"
)

// beside runs work in a goroutine of its own, the only kind that this room starts. A panic is logged and ends the work,
// not the server.
func beside(ctx context.Context, name string, work func(context.Context)) {
	go func() {
		defer func() {
			if v := recover(); v != nil {
				slog.ErrorContext(ctx, "work beside the store ended", "work", name, "panic", v, "stack", string(debug.Stack()))
			}
		}()
		work(ctx)
	}()
}
