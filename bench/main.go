// Bench measures the engine: a case of three human steps (W3) in process and over HTTP, on both stores, beside what the
// same database can do by hand and what other Go engines do on it. It is a module of its own, so that nobody who uses
// Guicheng gets the libraries of others.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"time"
)

func main() {
	debug.SetGCPercent(300) // as `guicheng serve` does, for all contestants
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

const usage = `what is to be done?
  table   W3 on both stores, beside the limit and the peers; the core's share
  scale   millions of open tasks on PostgreSQL: inbox, counts, a step, timers, start, memory
  report  writes the last recorded results of both into docs/performance.md, with charts`

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("%s", usage)
	}
	switch args[0] {
	case "table":
		return table(ctx, args)
	case "scale":
		return scaled(ctx, args)
	case "report":
		return report(args)
	case "node": // what scale starts as a process of its own
		return node(ctx, args)
	}
	return fmt.Errorf("%q: %s", args[0], usage)
}

func table(ctx context.Context, args []string) (err error) {
	f := flag.NewFlagSet("table", flag.ContinueOnError)
	stores := f.String("stores", "sqlite,postgres", "which stores")
	clients := f.String("clients", "1,8,32,256", "how many clients at once")
	rounds := f.Int("rounds", 5, "how often each contestant has its turn")
	window := f.Duration("window", 2*time.Second, "how long a turn is measured")
	warm := f.Duration("warm", 500*time.Millisecond, "how long it runs before")
	cases := f.Int("cases", 6000, "cases by which the bytes of one are measured; 0 = not at all")
	only := f.String("only", "", "what to measure, as core,limit,engine,HTTP,dbos,river; empty = all")
	nodes := f.Bool("nodes", true, "also measure two nodes on one PostgreSQL against one")
	out := f.String("out", "", "folder for the results; empty = they are only printed")
	profile := f.String("profile", "", "file for a CPU profile")
	memory := f.String("memory", "", "file for a profile of the allocations")
	if err := f.Parse(args[1:]); err != nil {
		return err
	}
	o := tableOptions{stores: list(*stores), rounds: *rounds, warm: *warm, window: *window, cases: *cases,
		only: list(*only)}
	for _, text := range list(*clients) {
		n, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("clients: %w", err)
		}
		o.clients = append(o.clients, n)
	}
	if *profile != "" {
		stop, err := profiled(*profile)
		if err != nil {
			return err
		}
		defer stop()
	}
	r := newResult(args)
	r.Rounds, r.Window = o.rounds, o.window.String()
	if o.only == nil || slices.Contains(o.only, "core") {
		share, err := measureCore()
		if err != nil {
			return err
		}
		r.Core = &share
		check, err := measureCheck()
		if err != nil {
			return err
		}
		r.Check = &check
	}
	if err := runTable(ctx, o, r); err != nil {
		return err
	}
	if *nodes {
		if r.Nodes, err = twoNodes(ctx, o); err != nil {
			return err
		}
	}
	if *memory != "" {
		if err := allocated(*memory); err != nil {
			return err
		}
	}
	return r.finish(*out, "table", func(before *result) error { return r.print(os.Stdout, before) })
}

// finish saves the result, if there is a folder for it, and prints it beside the one before.
func (r *result) finish(dir, kind string, print func(before *result) error) error {
	if dir == "" {
		return print(nil)
	}
	name, err := r.save(dir, kind)
	if err != nil {
		return err
	}
	before, err := latest(dir, kind, name)
	if err != nil {
		return err
	}
	if err := print(before); err != nil {
		return err
	}
	fmt.Println("\nrecorded in", name)
	return nil
}

func list(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

func profiled(name string) (stop func(), err error) {
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		if err := f.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
		}
	}, nil
}

func allocated(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(pprof.Lookup("allocs").WriteTo(f, 0), f.Close())
}
