package oracle

import (
	"flag"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var (
	fromSeed = flag.Uint64("seed", 1, "the first seed of TestPlaysOn")
	small    = flag.Bool("shrink", true, "whether TestPlaysOn shrinks what fails")
	playFor  = flag.Duration("for", time.Second, "how long TestPlaysOn plays; 0 = until it is stopped")
)

const (
	procedures = 520
	runs       = 50
)

// The core and the reference interpreter agree after every input, on many random procedures.
func TestCoreAgreesWithTheReference(t *testing.T) {
	t.Parallel()
	const parts = 4
	for part := range uint64(parts) {
		t.Run(strconv.FormatUint(part, 10), func(t *testing.T) {
			t.Parallel()
			var all Tally
			for seed := part; all.Procedures < procedures/parts; seed += parts {
				tally, failure := Play(seed, runs)
				if all.Add(tally); failure != nil {
					t.Fatalf("%s", failure.Shrink())
				}
			}
			if all.Refused > all.Procedures*3 || all.Cut > all.Runs/10 {
				t.Errorf("too much is thrown away: %s", &all)
			}
			t.Log(&all)
		})
	}
}

// Plays on from a seed, for a second or as long as it is told to: make sim.
func TestPlaysOn(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	var (
		next    atomic.Uint64
		failed  atomic.Bool
		mu      sync.Mutex
		all     Tally
		told    time.Duration
		players sync.WaitGroup
	)
	next.Store(*fromSeed)
	for range runtime.GOMAXPROCS(0) {
		players.Go(func() {
			for !failed.Load() && (*playFor == 0 || time.Since(begin) < *playFor) {
				tally, failure := Play(next.Add(1)-1, runs)
				if failure != nil && failed.CompareAndSwap(false, true) {
					if *small {
						failure = failure.Shrink()
					}
					t.Errorf("%s", failure)
				}
				mu.Lock()
				all.Add(tally)
				if spent := time.Since(begin); spent-told > 30*time.Second {
					told = spent
					t.Logf("%s: up to seed %d, %s; %.0f runs a minute", spent.Round(time.Second), next.Load(), &all,
						float64(all.Runs)/spent.Minutes())
				}
				mu.Unlock()
			}
		})
	}
	players.Wait()
	t.Logf("seeds %d to %d in %s: %s", *fromSeed, next.Load()-1, time.Since(begin).Round(time.Second), &all)
}
