package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/internal/pgtest"
	"github.com/guicheng/guicheng/store/postgres"
)

// nodeFlags say what a node is to do.
type nodeFlags struct {
	dsn, admin, task string
	from, cases      int
	window           time.Duration
	timers           bool
}

// node is one node in a process of its own. It prints its report as JSON.
func node(ctx context.Context, args []string) error {
	var o nodeFlags
	f := flag.NewFlagSet("node", flag.ContinueOnError)
	f.StringVar(&o.dsn, "dsn", "", "the database")
	f.StringVar(&o.admin, "admin", "", "the same, as superuser")
	f.StringVar(&o.task, "task", "", "what follows a case's id in the id of its open task; empty = run W3")
	f.IntVar(&o.from, "from", 0, "the first case that people work on")
	f.IntVar(&o.cases, "cases", 0, "how many are loaded")
	f.DurationVar(&o.window, "window", time.Second, "how long steps are measured")
	f.BoolVar(&o.timers, "timers", false, "count what becomes of the timers")
	if err := f.Parse(args[1:]); err != nil {
		return err
	}
	report, err := o.run(ctx)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(report)
}

func (o *nodeFlags) run(ctx context.Context) (report nodeReport, err error) {
	began := time.Now()
	st, err := postgres.Open(ctx, o.dsn)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	e, err := engine.Open(ctx, engine.Options{Store: st})
	if err != nil {
		return report, err
	}
	h := &house{Engine: e, store: st, desk: engine.Actor{Office: "bench", Person: "chan"}}
	defer e.Close()
	v, stop, err := serve(ctx, h, st, 8)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	if err := v.get(ctx, "/api/v1/inbox"); err != nil {
		return report, err
	}
	report.Ready = float64(time.Since(began).Microseconds()) / 1e3
	debug.FreeOSMemory()
	report.Idle = resident()
	before, err := o.overdueLeft(ctx)
	if err != nil {
		return report, err
	}
	if err := o.work(ctx, h, &report); err != nil {
		return report, err
	}
	after, err := o.overdueLeft(ctx)
	report.Fired = float64(before-after) / o.window.Seconds()
	report.Busy = resident()
	return report, err
}

// work lets eight people step what stands open, each case once and far from the one before.
func (o *nodeFlags) work(ctx context.Context, h *house, report *nodeReport) error {
	const clients = 8
	if o.task == "" {
		s, err := measure(ctx, &player{w3: h.w3}, clients, 0, o.window)
		report.Rate, report.CPU = s.rate, float64(s.cpu.Nanoseconds())/1e3
		report.Step = quantiles{P50: s.p50.Seconds() * 1e3, P99: s.p99.Seconds() * 1e3}
		return err
	}
	count := o.cases - o.from
	stride := coprime(count)
	var next atomic.Int64
	took, errs := make([][]time.Duration, clients), make([]error, clients)
	before, until := spent(), time.Now().Add(o.window)
	began := time.Now()
	var group sync.WaitGroup
	for c := range clients {
		group.Go(func() {
			for errs[c] == nil && time.Now().Before(until) {
				n := next.Add(1) - 1
				if n >= int64(count) {
					return
				}
				i := o.from + int(n*int64(stride)%int64(count))
				at := time.Now()
				errs[c] = o.step(ctx, h, i)
				took[c] = append(took[c], time.Since(at))
			}
		})
	}
	group.Wait()
	var all []time.Duration
	for _, t := range took {
		all = append(all, t...)
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	used := spent().since(before)
	report.Rate = float64(len(all)) / time.Since(began).Seconds()
	report.CPU = float64(used.cpu.Microseconds()) / float64(len(all))
	report.Step = quantilesOf(all)
	return nil
}

// step completes the open task of the i-th loaded case. One that was done before, by an earlier run, or whose task the
// clock has taken, is no fault.
func (o *nodeFlags) step(ctx context.Context, h *house, i int) error {
	who := engine.Actor{Office: "bench", Person: fmt.Sprintf("q%d", i%posts)}
	if p := i % posts; p < 5 {
		who.Person = "q0"
	}
	_, err := h.Complete(ctx, who, loadedCase(i)+o.task, engine.CompleteRequest{})
	if e := (*engine.Error)(nil); errors.As(err, &e) && e.Code == "not-open" {
		return nil
	}
	return err
}

// coprime is a step width that visits all of n, far from one another.
func coprime(n int) int {
	gcd := func(a, b int) int {
		for b != 0 {
			a, b = b, a%b
		}
		return a
	}
	for s := n*5/8 + 1; ; s++ {
		if gcd(s, n) == 1 {
			return s
		}
	}
}

func (o *nodeFlags) overdueLeft(ctx context.Context) (n int, err error) {
	if !o.timers {
		return 0, nil
	}
	conn, err := pgx.Connect(ctx, o.admin)
	if err != nil {
		return 0, err
	}
	defer conn.Close(ctx) //nolint:errcheck // it has answered
	err = conn.QueryRow(ctx, "SELECT count(*) FROM timers").Scan(&n)
	return n, err
}

// resident is the memory of this process in MiB.
func resident() float64 {
	raw, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			return float64(number(strings.Fields(rest)[0])) / 1024
		}
	}
	return 0
}

// deployMany gives a database in which an office has deployed W3 in so many versions.
func deployMany(ctx context.Context, versions int) (l *large, err error) {
	l = &large{}
	if l.dsn, err = pgtest.Create(ctx); err != nil {
		return nil, err
	}
	if l.admin, err = adminOf(l.dsn); err != nil {
		return nil, err
	}
	st, err := postgres.Open(ctx, l.dsn)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	h, err := openHouse(ctx, st)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(h.close(), err) }()
	for i := range versions {
		text := strings.Replace(procedure, "title: 三步", fmt.Sprintf("title: 三步%d", i), 1)
		if err := h.deploy(ctx, "three.yaml", text); err != nil {
			return nil, err
		}
	}
	return l, nil
}
