package crash_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/guicheng/guicheng/internal/pgtest"
	"github.com/guicheng/guicheng/store"
)

// house is the nodes on one store, which die and come back.
type house struct {
	bin     string
	args    []string
	cluster *pgtest.Cluster // nil: the embedded database
	from    string          // program of an older release, by which each node is begun; "" = none

	mu     sync.Mutex
	nodes  []*server // nil: it is down
	starts int
}

// up starts the nodes that are down, again and again until they stand.
func (h *house) up(t *testing.T) {
	t.Helper()
	for i := range h.nodes {
		if h.node(i) == nil {
			h.start(t, i)
		}
	}
}

func (h *house) start(t *testing.T, i int) {
	t.Helper()
	var last error
	for range 20 { // the database may be recovering
		s, err := launch(t, h.program(), h.args...)
		if err == nil {
			h.set(i, s)
			h.starts++
			return
		}
		last = err
	}
	t.Fatal(last)
}

// program is the older release until every node has begun: what is started again is this one.
func (h *house) program() string {
	if h.from != "" && h.starts < len(h.nodes) {
		return h.from
	}
	return h.bin
}

func (h *house) node(i int) *server {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.nodes[i]
}

func (h *house) set(i int, s *server) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.nodes[i] = s
}

// any is a node, as a balancer picks one that knows nothing of hanging; nil: all are down.
func (h *house) any() *server {
	h.mu.Lock()
	defer h.mu.Unlock()
	first := rand.IntN(len(h.nodes))
	for i := range h.nodes {
		if s := h.nodes[(first+i)%len(h.nodes)]; s != nil {
			return s
		}
	}
	return nil
}

// end ends a node and looks through what it said for what it must never say.
func (k *soak) end(i int, sig syscall.Signal) {
	s := k.house.node(i)
	k.house.set(i, nil)
	s.end(sig)
	if code := s.cmd.ProcessState.ExitCode(); sig == syscall.SIGTERM && code != 0 {
		k.violate("a node that was told to stop ended with code %d", code)
	}
	for _, word := range []string{"panic", "a case broke", "internal error", "set aside", "cannot be read", "is not taken",
		"cannot be ended"} {
		if bytes.Contains(s.said.Bytes(), []byte(word)) {
			for line := range strings.Lines(s.said.String()) {
				if strings.Contains(line, word) {
					k.violate("a node said: %s", line)
					break
				}
			}
		}
	}
}

// trouble makes trouble until the time is over. Between two troubles it looks whether what was acknowledged is there.
func (k *soak) trouble(every time.Duration) {
	for n := 0; ; n++ {
		select {
		case <-k.over:
			return
		case <-time.After(every/2 + rand.N(every)):
		}
		i, what := rand.IntN(len(k.house.nodes)), rand.IntN(20)
		if k.house.from != "" && time.Since(k.began) < duration()/2 {
			i = 0 // the others are of the older release until then
		}
		if first := []int{0, 11, 18, 17, 8}; n < len(first) { // the short form meets everything, too
			what = first[n]
		}
		switch {
		case k.house.cluster == nil && what < 15, what < 8:
			k.end(i, syscall.SIGKILL)
			k.kills.Add(1)
			k.house.start(k.t, i)
		case k.house.cluster == nil, what < 11:
			k.end(i, syscall.SIGTERM)
			k.drains.Add(1)
			k.house.start(k.t, i)
		case what < 18:
			k.house.cluster.Stop(k.t)
			k.stops.Add(1)
			if what == 17 { // and a node with it
				k.end(i, syscall.SIGKILL)
				k.kills.Add(1)
			}
			k.house.cluster.Start(k.t)
			k.house.up(k.t)
		default:
			k.hang(i)
		}
		k.recheck(30)
	}
}

// hang stops a node for longer than a lease, and lets it go on as if nothing had been.
func (k *soak) hang(i int) {
	s := k.house.node(i)
	_ = s.cmd.Process.Signal(syscall.SIGSTOP)
	k.hangs.Add(1)
	select {
	case <-k.over:
	case <-time.After(store.LeaseTime + 2*time.Second):
	}
	_ = s.cmd.Process.Signal(syscall.SIGCONT)
}
