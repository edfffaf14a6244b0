package main

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"time"
)

// sample is one measurement of one contestant.
type sample struct {
	rate       float64       // steps a second
	p50, p99   time.Duration // of a step, seen by its client
	cpu        time.Duration // of client, engine and database, for each step
	allocs     float64       // of client and engine, for each step
	allocBytes float64
}

// lap are the steps of one client.
type lap struct {
	took []time.Duration // of each step that ended in the window
	err  error
}

// measure lets clients work cases off for warm and then for window, and counts the steps that end in the window. A
// case has a start, which counts as work but not as a step.
func measure(ctx context.Context, p *player, clients int, warm, window time.Duration) (sample, error) {
	laps := make([]lap, clients)
	began := time.Now()
	open, shut := began.Add(warm), began.Add(warm+window)
	var group sync.WaitGroup
	for i := range laps {
		group.Go(func() { laps[i].run(ctx, p, open, shut) })
	}
	timer := time.NewTimer(time.Until(open))
	<-timer.C
	before := spent()
	timer.Reset(time.Until(shut))
	<-timer.C
	used := spent().since(before)
	group.Wait()

	var took []time.Duration
	var errs []error
	for _, l := range laps {
		took, errs = append(took, l.took...), append(errs, l.err)
	}
	if err := errors.Join(errs...); err != nil {
		return sample{}, err
	}
	if len(took) == 0 {
		return sample{}, errors.New("no step ended in the window: give more time")
	}
	slices.Sort(took)
	n := float64(len(took))
	return sample{
		rate: n / window.Seconds(), p50: took[len(took)/2], p99: took[len(took)*99/100],
		cpu: time.Duration(float64(used.cpu) / n), allocs: float64(used.mallocs) / n,
		allocBytes: float64(used.bytes) / n,
	}, nil
}

func (l *lap) run(ctx context.Context, p *player, open, shut time.Time) {
	last, steps := time.Now(), 0
	tick := func() {
		now := time.Now()
		if steps > 0 && now.After(open) && now.Before(shut) {
			l.took = append(l.took, now.Sub(last))
		}
		last = now
		steps++
	}
	for time.Now().Before(shut) {
		last, steps = time.Now(), 0
		if l.err = p.w3(ctx, tick); l.err != nil {
			return
		}
	}
}

// use is what was used up to a moment.
type use struct {
	cpu            time.Duration
	mallocs, bytes uint64
}

func spent() use {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return use{cpu: ownCPU() + databaseCPU(), mallocs: m.Mallocs, bytes: m.TotalAlloc}
}

func (u use) since(before use) use {
	return use{cpu: u.cpu - before.cpu, mallocs: u.mallocs - before.mallocs, bytes: u.bytes - before.bytes}
}
