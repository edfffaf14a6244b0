package crash_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/guicheng/guicheng/internal/pgtest"
	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/postgres"
	"github.com/guicheng/guicheng/store/sqlite"
)

// soakFor and soakFrom are what make soak sets.
var (
	soakFor  = flag.Duration("soak.for", 0, "how long TestSoak makes trouble (0: its short form)")
	soakFrom = flag.String("soak.from", "", "program of the release before, which works beside this one for half the time")
)

const (
	shortSoak  = 30 * time.Second
	patience   = 2 * time.Minute // for an answer that decides, and for what happens by itself
	oneRequest = 4 * time.Second // a node that hangs is left after that
)

// TestSoak has clients work by the public API alone while nodes are killed, drained and stopped in the middle, and the
// database is stopped at once. What the clients were told is their ledger, and must be true to the end.
func TestSoak(t *testing.T) {
	t.Parallel()
	bin := binary(t)
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		data := filepath.Join(t.TempDir(), "data")
		h := &house{bin: bin, args: []string{"--data", data}, nodes: make([]*server, 1)}
		newSoak(t, h).run(func() (store.Store, error) { return sqlite.Open(filepath.Join(data, "guicheng.db")) })
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		cluster := pgtest.Own(t)
		dsn := cluster.Database(t)
		h := &house{bin: bin, args: []string{"--database", dsn}, cluster: cluster, nodes: make([]*server, 2),
			from: *soakFrom}
		newSoak(t, h).run(func() (store.Store, error) { return postgres.Open(t.Context(), dsn) })
	})
}

// soak is one run with its counts and its ledger.
type soak struct {
	t        *testing.T
	house    *house
	machines *machines
	office   map[string]string // files
	began    time.Time
	people   map[string]*person
	over     chan struct{} // closed when no more plays begin

	kills, drains, stops, hangs                atomic.Int64
	acts, unknown, refused                     atomic.Int64
	answered, timedOut, claims, calls, parcels atomic.Int64
	next, violations                           atomic.Int64
	latest                                     atomic.Int64 // how late a timer was, at most, in milliseconds
	aim                                        atomic.Int64 // milliseconds after which an answer is as fast as a timer

	mu     sync.Mutex
	ledger []*entry
	byID   map[string]*entry
	number map[string]string // id of the case, by its number
}

// entry is what the clients know of a case.
type entry struct {
	started

	procedure string
	outcome   atomic.Pointer[string] // nil: it may go on
}

func newSoak(t *testing.T, h *house) *soak {
	t.Helper()
	k := &soak{t: t, house: h, machines: newMachines(), office: maps.Clone(soakOffice), began: time.Now(),
		people: map[string]*person{}, over: make(chan struct{}), byID: map[string]*entry{}, number: map[string]string{}}
	if h.from == "" {
		maps.Copy(k.office, machineOffice)
		h.args = append(h.args, "--systems", k.books(t))
	}
	offices := filepath.Join(t.TempDir(), "offices")
	for name, text := range k.office {
		write(t, filepath.Join(offices, "sunshine", name), text)
	}
	h.args = append(h.args, "--definitions", offices)
	return k
}

func (k *soak) violate(format string, args ...any) {
	k.violations.Add(1)
	k.t.Errorf("violation: "+format, args...)
}

func (k *soak) run(open func() (store.Store, error)) {
	k.house.up(k.t)
	for _, id := range []string{"ma", "he", "luo", "chen", "huang", "li"} {
		k.people[id] = signIn(k.t, k.house.node(0), id)
	}
	crowd, every := 1, 2*time.Second
	if *soakFor > 0 {
		crowd, every = 4, 4*time.Second
	}
	done := make(chan struct{})
	var plays, others sync.WaitGroup
	others.Go(func() { k.report(done) })
	others.Go(func() { k.stand(done) })
	kinds := []playing{{12, k.race}, {1, k.claim}, {2, k.call}, {2, k.parcel}}
	if k.house.from == "" {
		k.hire()
		kinds = append(kinds, playing{2, k.order}, playing{2, k.scan})
		for range 2 * crowd {
			others.Go(func() { k.work(done) })
		}
	}
	for _, p := range kinds {
		for range p.players * crowd {
			plays.Go(func() {
				for !k.isOver() && k.violations.Load() < 20 {
					p.play(k.next.Add(1))
				}
			})
		}
	}
	ended := time.AfterFunc(duration(), func() { close(k.over) })
	defer ended.Stop()
	k.trouble(every)
	plays.Wait()
	k.t.Logf("the time is over, and all that was begun is ended; %s", k.line())
	k.quiet()
	close(done)
	others.Wait()
	for i := range k.house.nodes {
		k.end(i, syscall.SIGTERM)
	}
	k.audit(open)
	k.t.Logf("END %s", k.line())
}

// playing is how many clients play something again and again.
type playing struct {
	players int
	play    func(n int64)
}

func duration() time.Duration { return cmp.Or(*soakFor, shortSoak) }

func (k *soak) isOver() bool {
	select {
	case <-k.over:
		return true
	default:
		return false
	}
}

func (k *soak) line() string {
	return fmt.Sprintf("%s: kills %d, drains %d, database stops %d, hangs %d | acts %d acknowledged, %d unknown and "+
		"%d refused asked again | races %d (answers %d, timeouts %d, latest %d ms) | claims %d, calls %d, parcels %d | "+
		"%s | violations %d", time.Since(k.began).Round(time.Second), k.kills.Load(), k.drains.Load(), k.stops.Load(),
		k.hangs.Load(), k.acts.Load(), k.unknown.Load(), k.refused.Load(), k.answered.Load()+k.timedOut.Load(),
		k.answered.Load(), k.timedOut.Load(), k.latest.Load(), k.claims.Load(), k.calls.Load(), k.parcels.Load(),
		k.machines.line(), k.violations.Load())
}

// report says a line a minute.
func (k *soak) report(done <-chan struct{}) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
			k.t.Log(k.line())
		}
	}
}

// try sends a request once. Status 0: it is not known what became of it.
func (k *soak) try(who, method, path, key string, body, answer any) (int, error) {
	s := k.house.any()
	if s == nil {
		return 0, errors.New("all nodes are down")
	}
	ctx, cancel := context.WithTimeout(k.t.Context(), oneRequest)
	defer cancel()
	status, err := k.people[who].call(ctx, s, method, path, key, body, answer)
	switch {
	case status == 0:
		k.unknown.Add(1)
	case status == http.StatusServiceUnavailable:
		k.refused.Add(1)
	case status >= http.StatusInternalServerError, status == http.StatusUnauthorized:
		k.violate("%s: %v", who, err)
	case method != http.MethodGet && err == nil && !strings.HasSuffix(path, "/fetch"):
		k.acts.Add(1)
	}
	return status, err
}

// act sends a request again and again, to any node, until it is decided. It must be one that may be repeated.
func (k *soak) act(who, method, path, key string, body, answer any) (int, error) {
	deadline := time.Now().Add(patience)
	for {
		status, err := k.try(who, method, path, key, body, answer)
		if status != 0 && status != http.StatusServiceUnavailable {
			return status, err
		}
		if time.Now().After(deadline) {
			k.violate("%s %s %s: no answer that decides within %s: %v", who, method, path, patience, err)
			return 0, err
		}
		k.rest(20*time.Millisecond + rand.N(80*time.Millisecond))
	}
}

// rest lets time pass, as people do.
func (k *soak) rest(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-k.t.Context().Done():
	}
}

// await asks until the answer is yes.
func (k *soak) await(what string, yes func() bool) bool {
	for deadline := time.Now().Add(patience); !yes(); {
		if time.Now().After(deadline) {
			k.violate("waited in vain for %s", what)
			return false
		}
		k.rest(50*time.Millisecond + rand.N(100*time.Millisecond))
	}
	return true
}

// note enters an acknowledged start into the ledger.
func (k *soak) note(st started, procedure string) *entry {
	k.mu.Lock()
	defer k.mu.Unlock()
	if e := k.byID[st.Case]; e != nil {
		return e
	}
	if other, taken := k.number[st.Number]; taken {
		k.violate("number %s was given to %s and to %s", st.Number, other, st.Case)
	}
	e := &entry{started: st, procedure: procedure}
	k.byID[st.Case], k.number[st.Number] = e, st.Case
	k.ledger = append(k.ledger, e)
	return e
}

// caseLine is a case as the API lists it.
type caseLine struct {
	ID      string    `json:"id"`
	Number  string    `json:"number"`
	Status  string    `json:"status"`
	Outcome string    `json:"outcome"`
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended"`
}

// caseNow is a case as the API shows it.
type caseNow struct {
	caseLine

	Data []struct {
		Path  string          `json:"path"`
		Value json.RawMessage `json:"value"`
	} `json:"data"`
}

// value is the text of a field.
func (c *caseNow) value(field string) string {
	for _, d := range c.Data {
		var text string
		if d.Path == field && json.Unmarshal(d.Value, &text) == nil {
			return text
		}
	}
	return ""
}

// look asks for a case and holds it against the ledger.
func (k *soak) look(e *entry) caseNow {
	var now caseNow
	known := e.outcome.Load()
	status, err := k.act("ma", http.MethodGet, "/api/v1/cases/"+e.Case, "", nil, &now)
	switch {
	case status == 0:
	case err != nil:
		k.violate("case %s was acknowledged: %v", e.Number, err)
	case now.ID != e.Case || now.Number != e.Number:
		k.violate("case %s is %+v now", e.Number, now)
	case known != nil && now.Outcome != *known:
		k.violate("case %s had ended with %q, and is %+v now", e.Number, *known, now)
	}
	return now
}

// recheck looks at cases of any age.
func (k *soak) recheck(n int) {
	for range n {
		k.mu.Lock()
		if len(k.ledger) == 0 {
			k.mu.Unlock()
			return
		}
		e := k.ledger[rand.IntN(len(k.ledger))]
		k.mu.Unlock()
		k.look(e)
	}
}
