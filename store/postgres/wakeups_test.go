package postgres

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/internal/pgtest"
	"github.com/guicheng/guicheng/store"
)

// awaken reads wake-ups until one is as it should be.
func awaken(t *testing.T, what string, wakes <-chan store.Wake, is func(store.Wake) bool) {
	t.Helper()
	for patience := time.After(20 * time.Second); ; {
		select {
		case w, open := <-wakes:
			if !open {
				t.Fatalf("%s: the channel is closed", what)
			}
			if is(w) {
				return
			}
		case <-patience:
			t.Fatalf("%s: no wake-up", what)
		}
	}
}

func TestWakes(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	dsn := pgtest.DSN(t)
	nodes := []*Store{openAt(t, dsn), openAt(t, dsn)}
	own, wakes := nodes[0].Wakes(ctx), nodes[1].Wakes(ctx)
	missed := func(w store.Wake) bool { return w.Missed }
	work := func(w store.Wake) bool { return w.Work && !w.Missed }
	awaken(t, "connected", own, missed)
	awaken(t, "connected", wakes, missed)
	commit(t, nodes[0], fullChange("gate", "c1"), fullChange("gate", "c2"))
	awaken(t, "after timers and letters", wakes, work)
	commit(t, nodes[0], next("c1", 1))
	awaken(t, "after a step", wakes, func(w store.Wake) bool {
		return reflect.DeepEqual(w, store.Wake{Cases: []store.CaseRef{{Office: "gate", ID: "c1"}}})
	})
	noError(t, nodes[0].PutPerson(ctx, "gate", store.PersonRow{ID: "chan"}))
	office := func(w store.Wake) bool { return reflect.DeepEqual(w, store.Wake{Offices: []string{"gate"}}) }
	awaken(t, "after a person", wakes, office)
	_, err := nodes[0].Deploy(ctx, "gate", store.BundleRow{Hash: "b"}, nil)
	noError(t, err)
	awaken(t, "after a deployment", wakes, office)

	_, err = connect(t, pgtest.Admin(t)).Exec(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = $1 AND query LIKE 'LISTEN%'`, nodes[0].pool.Config().ConnConfig.Database)
	noError(t, err)
	awaken(t, "connected again", wakes, missed)
	commit(t, nodes[0], fullChange("gate", "c3"))
	awaken(t, "after a new connection", wakes, work)

	cancel()
	for range wakes { // until it is closed
	}
	for w := range own {
		if !w.Missed {
			t.Errorf("a node was told what it did itself: %+v", w)
		}
	}
	ended := nodes[1].Wakes(context.Background())
	noError(t, nodes[1].Close())
	for range ended {
	}
}

func TestNoticesHaveRoom(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	s, another := openAt(t, dsn), openAt(t, dsn)
	w := store.Wake{Work: true}
	for i := range 250 {
		w.Cases = append(w.Cases, store.CaseRef{Office: "gate", ID: fmt.Sprintf("c%020d", i)})
	}
	w.Offices = []string{"gate", strings.Repeat("x", 9_000)} // no notification has room for it
	wakes := s.Wakes(context.Background())
	awaken(t, "connected", wakes, func(w store.Wake) bool { return w.Missed })
	another.notify(context.Background(), w)
	var got store.Wake
	awaken(t, "all of it", wakes, func(part store.Wake) bool {
		got.Cases = append(got.Cases, part.Cases...)
		got.Work, got.Missed = got.Work || part.Work, got.Missed || part.Missed
		return len(got.Cases) >= 150
	})
	if !got.Work || !got.Missed {
		t.Errorf("of a wake that has no room in a notification %t and %t came, want work and missed", got.Work, got.Missed)
	}
	if _, own := s.read("{"); own {
		t.Error("what cannot be read passes for one's own")
	}
	if w, _ := s.read(`{"node": 1, "work": true, "colour": "red"}`); !w.Work || w.Missed {
		t.Errorf("a notification of a newer release is read as %+v", w)
	}
}
