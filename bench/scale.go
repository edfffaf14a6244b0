package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"

	"github.com/guicheng/guicheng/internal/pgtest"
)

// scale is what was measured at millions of open tasks. Times are in milliseconds.
type scale struct {
	Open     int     `json:"open_tasks"`
	Few      int     `json:"few_open_tasks"`
	History  int     `json:"history_rows"`
	LoadSecs float64 `json:"load_seconds"`
	Bytes    int64   `json:"database_bytes"`

	Bare   quantiles `json:"inbox_by_hand"`
	Page   quantiles `json:"inbox_of_store"`
	Desk   quantiles `json:"inbox_of_engine"` // with rights, and the counts of all posts
	Counts quantiles `json:"counts_of_store"`

	Few5k  nodeReport `json:"at_few"`
	Many   nodeReport `json:"at_many"`
	Timers nodeReport `json:"with_overdue_timers"`

	Versions nodeReport `json:"with_versions"`
}

// quantiles of one kind of call.
type quantiles struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
}

// nodeReport is what a process of its own says about one node.
type nodeReport struct {
	Ready   float64   `json:"ready_ms"` // from the start of the process's work to its first answer
	Idle    float64   `json:"idle_mib"` // resident, when nobody has asked yet
	Busy    float64   `json:"busy_mib"` // resident at the end
	Rate    float64   `json:"steps_per_second"`
	Step    quantiles `json:"step_ms"`
	CPU     float64   `json:"cpu_us_per_step"`
	Overdue int       `json:"overdue,omitempty"`
	Fired   float64   `json:"timers_per_second,omitempty"`
}

func scaled(ctx context.Context, args []string) error {
	f := flag.NewFlagSet("scale", flag.ContinueOnError)
	n := f.Int("n", 5_000_000, "open tasks")
	few := f.Int("few", 5_000, "open tasks that they are compared with")
	overdue := f.Int("overdue", 0, "timers overdue at a start; 0 = a fifth of n")
	versions := f.Int("versions", 1000, "deployed versions at a start")
	window := f.Duration("window", 20*time.Second, "how long steps are measured")
	out := f.String("out", "", "folder for the results; empty = they are only printed")
	if err := f.Parse(args[1:]); err != nil {
		return err
	}
	if *overdue == 0 {
		*overdue = *n / 5
	}
	r := newResult(args)
	r.Window = window.String()
	s := &scale{Open: *n, Few: *few, History: 4 * *n}
	r.Scale = s
	small, err := load(ctx, *few)
	if err != nil {
		return err
	}
	l, err := load(ctx, *n)
	if err != nil {
		return err
	}
	s.LoadSecs = l.took.Seconds()
	if s.Bytes, err = sizePostgres(ctx, l.admin); err != nil {
		return err
	}
	if err := s.lists(ctx, l); err != nil {
		return err
	}
	// The overdue cases are the first; people work on those behind them.
	if s.Few5k, err = spawn(ctx, small, 0, *window); err != nil {
		return err
	}
	if s.Many, err = spawn(ctx, l, *overdue, *window); err != nil {
		return err
	}
	if err := l.overdue(ctx, *overdue); err != nil {
		return err
	}
	if s.Timers, err = spawn(ctx, l, *overdue, *window, "-timers"); err != nil {
		return err
	}
	s.Timers.Overdue = *overdue
	v, err := deployMany(ctx, *versions)
	if err != nil {
		return err
	}
	if s.Versions, err = spawn(ctx, v, 0, *window/4); err != nil {
		return err
	}
	return r.finish(*out, "scale", func(*result) error { return s.print(os.Stdout, r, *versions) })
}

// spawn measures one node in a process of its own, so that its memory is its own.
func spawn(ctx context.Context, l *large, from int, window time.Duration, more ...string) (nodeReport, error) {
	var report nodeReport
	self, err := os.Executable()
	if err != nil {
		return report, err
	}
	args := append([]string{"node", "-dsn", l.dsn, "-admin", l.admin, "-from", strconv.Itoa(from),
		"-cases", strconv.Itoa(l.cases), "-window", window.String()}, more...)
	if l.t != nil {
		args = append(args, "-task", l.t.last.PutTasks[0].ID[len(l.t.last.Case.ID):])
	}
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Stderr = os.Stderr
	server, err := pgtest.Server()
	if err != nil {
		return report, err
	}
	cmd.Env = append(os.Environ(), "GUICHENG_TEST_DATABASE_URL="+server) // it starts none of its own
	raw, err := cmd.Output()
	if err != nil {
		return report, fmt.Errorf("node: %w", err)
	}
	return report, json.Unmarshal(raw, &report)
}

func (s *scale) print(w io.Writer, r *result, versions int) error {
	p := func(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }
	q := func(name string, q quantiles) { p("%-52s p50 %8.2f ms  p99 %8.2f ms", name, q.P50, q.P99) }
	p("%s, %s, %s, load %s", r.Date.Format(time.DateOnly), r.Machine, r.Go, r.Load)
	p("%d open tasks, %d rows of history: loaded in %.0f s, %.1f GB\n", s.Open, s.History, s.LoadSecs,
		float64(s.Bytes)/1e9)
	q("inbox of five posts, 50 tasks, by hand", s.Bare)
	q("the same by the store", s.Page)
	q("the same by the engine, with counts and rights", s.Desk)
	q("counts of five posts, capped at 1,000", s.Counts)
	p("inbox of the store against by hand: %.2f at p50", s.Page.P50/s.Bare.P50)
	for _, n := range []struct {
		name string
		r    nodeReport
	}{{fmt.Sprintf("at %d open tasks", s.Few), s.Few5k}, {fmt.Sprintf("at %d open tasks", s.Open), s.Many},
		{fmt.Sprintf("with %d timers overdue", s.Timers.Overdue), s.Timers},
		{fmt.Sprintf("with %d versions deployed", versions), s.Versions}} {
		p("%s: ready in %.0f ms; memory idle %.0f MiB, under load %.0f MiB", n.name, n.r.Ready, n.r.Idle, n.r.Busy)
		p("    %.0f steps/s, p50 %.1f ms, p99 %.1f ms, %.0f µs CPU a step", n.r.Rate, n.r.Step.P50, n.r.Step.P99, n.r.CPU)
		if n.r.Fired > 0 {
			p("    %.0f timers a second, each moving its case", n.r.Fired)
		}
	}
	p("a step at %d against %d: CPU %.2f, p50 %.2f", s.Open, s.Few, s.Many.CPU/s.Few5k.CPU,
		s.Many.Step.P50/s.Few5k.Step.P50)
	return nil
}
