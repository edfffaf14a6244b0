package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/guicheng/guicheng/store"
)

const (
	wakeChannel = "guicheng"
	sqlNotify   = "SELECT pg_notify('" + wakeChannel + "', $1)"
	reconnect   = time.Second // at first; doubled up to a limit
	mostRest    = 30 * time.Second
	mostWakes   = 64  // that wait to be read
	mostNames   = 100 // of cases and offices in one notification, which has room for 8,000 bytes
	mostNews    = 2_000
	mostBytes   = 7_900
	newsEvery   = 5 * time.Millisecond
)

// news is what the other nodes were not told yet. It is told after the commits, by a transaction of its own that does
// not wait for the disk: commits that notify would wait for each other, and one notification does for many.
type news struct {
	bell chan struct{}
	mu   sync.Mutex
	wake store.Wake
}

func newNews() *news { return &news{bell: make(chan struct{}, 1)} }

// note adds what was committed.
func (n *news) note(changes []store.Change, results []store.Result) {
	n.add(func(w *store.Wake) {
		for i := range changes {
			c := &changes[i]
			if results[i] != store.Applied {
				continue
			}
			w.Work = w.Work || len(c.Timers) > 0 || len(c.Letters) > 0 || len(c.Jobs) > 0
			if c.Case.Revision > 0 { // nobody else knows a new one
				w.Cases = append(w.Cases, store.CaseRef{Office: c.Office, ID: c.Case.ID})
			}
		}
	})
}

// office notes that people or procedures of an office changed.
func (n *news) office(office string) {
	n.add(func(w *store.Wake) { w.Offices = append(w.Offices, office) })
}

// work notes that there is something for any node to do.
func (n *news) work() { n.add(func(w *store.Wake) { w.Work = true }) }

func (n *news) add(to func(*store.Wake)) {
	n.mu.Lock()
	to(&n.wake)
	if len(n.wake.Cases)+len(n.wake.Offices) > mostNews {
		n.wake.Missed, n.wake.Cases, n.wake.Offices = true, nil, nil
	}
	some := n.wake.Work || n.wake.Missed || len(n.wake.Cases)+len(n.wake.Offices) > 0
	n.mu.Unlock()
	if some {
		select {
		case n.bell <- struct{}{}:
		default:
		}
	}
}

func (n *news) take() store.Wake {
	n.mu.Lock()
	defer n.mu.Unlock()
	w := n.wake
	n.wake = store.Wake{}
	return w
}

// notice is the form in which a Wake goes from node to node. A release that does not know a field passes over it.
type notice struct {
	Node    int64       `json:"node"`
	Work    bool        `json:"work,omitempty"`
	Missed  bool        `json:"missed,omitempty"`
	Offices []string    `json:"offices,omitempty"`
	Cases   [][2]string `json:"cases,omitempty"` // office and id
}

// notices splits a Wake so that each part has room in a notification.
func notices(node int64, w store.Wake) []notice {
	parts := []notice{{Node: node, Work: w.Work, Missed: w.Missed}}
	last := func() *notice {
		n := &parts[len(parts)-1]
		if len(n.Cases)+len(n.Offices) == mostNames {
			parts = append(parts, notice{Node: node})
			n = &parts[len(parts)-1]
		}
		return n
	}
	for _, o := range w.Offices {
		n := last()
		n.Offices = append(n.Offices, o)
	}
	for _, c := range w.Cases {
		n := last()
		n.Cases = append(n.Cases, [2]string{c.Office, c.ID})
	}
	return parts
}

// tell sends the news as long as the store lives.
func (s *Store) tell(ctx context.Context) {
	tick := time.NewTicker(newsEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.news.bell:
		}
		s.notify(ctx, s.news.take())
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// notify is not tried again: what is not heard is found.
func (s *Store) notify(ctx context.Context, w store.Wake) {
	b := s.begin("")
	b.Queue("SET LOCAL synchronous_commit = off")
	for _, n := range notices(s.node, w) {
		raw, err := json.Marshal(n)
		if err != nil || len(raw) > mostBytes { // ids of a length that only another program could have written
			raw = fmt.Appendf(nil, `{"node":%d,"work":%t,"missed":true}`, s.node, n.Work)
		}
		b.Queue(sqlNotify, string(raw))
	}
	_ = s.send(ctx, b)
}

// Wakes tells of what other nodes did. It listens on a connection of its own, made anew when it breaks, until ctx or
// the store ends. A pooler in transaction mode passes no notifications on: behind one nothing comes.
func (s *Store) Wakes(ctx context.Context) <-chan store.Wake {
	wakes := make(chan store.Wake, mostWakes)
	ctx = s.living(ctx)
	s.done.Go(func() {
		defer close(wakes)
		rest := reconnect
		for ctx.Err() == nil {
			if s.listen(ctx, wakes) {
				rest = reconnect
			}
			timer := time.NewTimer(rest)
			select {
			case <-ctx.Done():
			case <-timer.C:
			}
			timer.Stop()
			rest = min(2*rest, mostRest)
		}
	})
	return wakes
}

// listen passes notifications on until the connection breaks, and reports whether there was one.
func (s *Store) listen(ctx context.Context, wakes chan<- store.Wake) bool {
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig)
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "LISTEN "+wakeChannel); err != nil {
		return false
	}
	missed := true // what came before
	for {
		if missed {
			select {
			case wakes <- store.Wake{Work: true, Missed: true}:
				missed = false
			default:
			}
		}
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return true
		}
		w, own := s.read(n.Payload)
		if own {
			continue
		}
		select {
		case wakes <- w:
		default:
			missed = true // told with the next one
		}
	}
}

// read understands a notification. One of a form that is not known may mean anything.
func (s *Store) read(payload string) (w store.Wake, own bool) {
	var n notice
	if err := json.Unmarshal([]byte(payload), &n); err != nil {
		return store.Wake{Work: true, Missed: true}, false
	}
	w = store.Wake{Work: n.Work, Missed: n.Missed, Offices: n.Offices}
	for _, c := range n.Cases {
		w.Cases = append(w.Cases, store.CaseRef{Office: c[0], ID: c[1]})
	}
	return w, n.Node == s.node
}
