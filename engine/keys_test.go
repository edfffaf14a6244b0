package engine_test

import (
	"errors"
	"testing"
	"time"

	"github.com/guicheng/guicheng/store"
)

// A session is believed for some seconds; what ends on this node ends at once.
func TestKeysAreBelievedForSeconds(t *testing.T) {
	t.Parallel()
	w := open(t)
	ctx, keys := t.Context(), w.Keys()
	now := w.clock.Now()
	put := func(hash string) {
		t.Helper()
		row := store.SessionRow{Hash: []byte(hash), Office: "sun", Person: "so", Until: now.Add(time.Hour)}
		if err := keys.PutSession(ctx, row); err != nil {
			t.Fatal(err)
		}
		if got, err := keys.Session(ctx, []byte(hash), now); err != nil || got.Person != "so" {
			t.Fatalf("session of %+v (%v), want so's", got, err)
		}
	}
	gone := func(hash string, at time.Time) bool {
		_, err := keys.Session(ctx, []byte(hash), at)
		return errors.Is(err, store.ErrNotFound)
	}
	put("here")
	if err := keys.DropSession(ctx, []byte("here")); err != nil || !gone("here", now) {
		t.Errorf("a session that ended here goes on (%v)", err)
	}
	put("there")
	if err := w.store.DropSession(ctx, []byte("there")); err != nil { // as another node does
		t.Fatal(err)
	}
	if gone("there", now) {
		t.Error("a session was asked for again at once")
	}
	if !gone("there", now.Add(time.Hour)) {
		t.Error("a session is believed after its end")
	}
	put("elsewhere")
	if err := w.store.DropSession(ctx, []byte("elsewhere")); err != nil {
		t.Fatal(err)
	}
	w.clock.move(6 * time.Second)
	if !gone("elsewhere", now) {
		t.Error("a session that ended on another node is believed after six seconds")
	}
}

// Who has left is nobody for the next request, and for its rights.
func TestKeysKnowThePeopleOfTheOffice(t *testing.T) {
	t.Parallel()
	w := open(t)
	ctx, keys := t.Context(), w.Keys()
	p, err := keys.Person(ctx, "sun", "so")
	if err != nil || p.ID != "so" || len(p.Posts) == 0 {
		t.Fatalf("so is %+v (%v)", p, err)
	}
	if _, err := keys.Person(ctx, "sun", "nobody"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("nobody: %v, want not found", err)
	}
	p.Gone = true
	if err := w.PutPerson(ctx, as("ann"), p); err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Person(ctx, "sun", "so"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("who has left: %v, want not found", err)
	}
}
