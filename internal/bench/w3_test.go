package bench_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

// client runs one case of three human steps to its end.
type client func(n int64) error

// run lets clients work cases off until b.N steps are done, and reports completed steps a second.
func run(b *testing.B, clients int, work client) float64 {
	b.Helper()
	var next atomic.Int64
	var group sync.WaitGroup
	cases := int64(max(1, b.N/3))
	errs := make(chan error, clients)
	b.ResetTimer()
	for range clients {
		group.Go(func() {
			for n := next.Add(1); n <= cases; n = next.Add(1) {
				if err := work(n); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	group.Wait()
	b.StopTimer()
	select {
	case err := <-errs:
		b.Fatal(err)
	default:
	}
	rate := float64(cases*3) / b.Elapsed().Seconds()
	b.ReportMetric(rate, "steps/s")
	return rate
}

// BenchmarkW3 measures a case of three human steps, each durable before it is answered: by hand, by the engine in this
// process, and over HTTP. The ratio is against the rows written by hand in the same run, by the same number of clients.
func BenchmarkW3(b *testing.B) {
	for _, clients := range []int{1, 32} {
		var limit float64
		b.Run(fmt.Sprintf("hand/clients=%d", clients), func(b *testing.B) {
			h := newHand(b)
			limit = run(b, clients, func(n int64) error { return h.w3(fmt.Sprintf("c%09d", n)) })
		})
		b.Run(fmt.Sprintf("engine/clients=%d", clients), func(b *testing.B) {
			e := newEngine(b)
			rate := run(b, clients, e.w3)
			b.ReportMetric(rate/limit, "of-limit")
		})
		b.Run(fmt.Sprintf("http/clients=%d", clients), func(b *testing.B) {
			s := newServer(b, clients)
			rate := run(b, clients, s.w3)
			b.ReportMetric(rate/limit, "of-limit")
		})
	}
}
