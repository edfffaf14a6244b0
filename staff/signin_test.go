package staff_test

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/guicheng/guicheng/staff"
	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/sqlite"
)

// hand is a clock that a test moves.
type hand struct{ at atomic.Int64 }

func (h *hand) now() time.Time        { return time.Unix(h.at.Load(), 0).UTC() }
func (h *hand) move(by time.Duration) { h.at.Add(int64(by / time.Second)) }

// newDoor has ma, who keeps the office, and he, who does not.
func newDoor(t *testing.T) (*staff.Door, *sqlite.Store, *hand) {
	t.Helper()
	db, err := sqlite.Open(":memory:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	h := &hand{}
	h.at.Store(1_800_000_000)
	return staff.NewDoor(db, h.now), db, h
}

func put(t *testing.T, db *sqlite.Store, p store.PersonRow) {
	t.Helper()
	if err := db.PutPerson(t.Context(), "house", p); err != nil {
		t.Fatal(err)
	}
}

func TestLinkThenSession(t *testing.T) {
	t.Parallel()
	d, db, h := newDoor(t)
	put(t, db, store.PersonRow{ID: "he", Name: "何"})
	link, err := d.NewLink(t.Context(), "house", "he")
	if err != nil || !link.Until.Equal(h.now().Add(staff.LinkLife)) {
		t.Fatalf("link %v, %v", link, err)
	}
	session, who, err := d.SignIn(t.Context(), link.Token)
	if err != nil || who.Office != "house" || who.Person.ID != "he" || session.Token == link.Token {
		t.Fatalf("signed in as %v, %v", who, err)
	}
	if _, _, err := d.SignIn(t.Context(), link.Token); !errors.Is(err, staff.ErrSpent) {
		t.Errorf("the link works twice: %v", err)
	}
	if who, err := d.Who(t.Context(), session.Token); err != nil || who.Person.Name != "何" {
		t.Errorf("who: %v, %v", who, err)
	}
	for _, token := range []string{"", link.Token, session.Token + "x", session.Token[1:]} {
		if _, err := d.Who(t.Context(), token); !errors.Is(err, staff.ErrNotSignedIn) {
			t.Errorf("%q is a session: %v", token, err)
		}
	}
	for range 2 {
		if err := d.SignOut(t.Context(), session.Token); err != nil {
			t.Errorf("sign out: %v", err)
		}
	}
	if _, err := d.Who(t.Context(), session.Token); !errors.Is(err, staff.ErrNotSignedIn) {
		t.Errorf("still signed in: %v", err)
	}
}

func TestSecretsGrowOld(t *testing.T) {
	t.Parallel()
	d, db, h := newDoor(t)
	put(t, db, store.PersonRow{ID: "he", Name: "何"})
	var links []staff.Secret
	for range 2 {
		link, err := d.NewLink(t.Context(), "house", "he")
		if err != nil {
			t.Fatal(err)
		}
		links = append(links, link)
	}
	h.move(staff.LinkLife - time.Second)
	session, _, err := d.SignIn(t.Context(), links[0].Token)
	if err != nil {
		t.Fatalf("a second before its end: %v", err)
	}
	h.move(time.Second)
	if _, _, err := d.SignIn(t.Context(), links[1].Token); !errors.Is(err, staff.ErrSpent) {
		t.Errorf("at its end: %v", err)
	}
	h.move(staff.SessionLife - 2*time.Second)
	if _, err := d.Who(t.Context(), session.Token); err != nil {
		t.Errorf("a second before its end: %v", err)
	}
	h.move(time.Second)
	if _, err := d.Who(t.Context(), session.Token); !errors.Is(err, staff.ErrNotSignedIn) {
		t.Errorf("at its end: %v", err)
	}
}

func TestWhoHasLeft(t *testing.T) {
	t.Parallel()
	d, db, _ := newDoor(t)
	put(t, db, store.PersonRow{ID: "he", Name: "何"})
	var tokens []string
	for range 2 {
		link, err := d.NewLink(t.Context(), "house", "he")
		if err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, link.Token)
	}
	session, _, err := d.SignIn(t.Context(), tokens[0])
	if err != nil {
		t.Fatal(err)
	}
	put(t, db, store.PersonRow{ID: "he", Name: "何", Gone: true})
	if _, err := d.Who(t.Context(), session.Token); !errors.Is(err, staff.ErrNotSignedIn) {
		t.Errorf("the session lives on: %v", err)
	}
	if _, _, err := d.SignIn(t.Context(), tokens[1]); !errors.Is(err, staff.ErrSpent) {
		t.Errorf("the link lives on: %v", err)
	}
	for _, id := range []string{"he", "nobody"} {
		if _, err := d.NewLink(t.Context(), "house", id); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a link for %s: %v", id, err)
		}
	}
	if _, err := d.NewLink(t.Context(), "other", "he"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a link for another office: %v", err)
	}
}

func TestOneOfManyGetsIn(t *testing.T) {
	t.Parallel()
	d, db, _ := newDoor(t)
	put(t, db, store.PersonRow{ID: "he", Name: "何"})
	link, err := d.NewLink(t.Context(), "house", "he")
	if err != nil {
		t.Fatal(err)
	}
	var in atomic.Int64
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			_, _, err := d.SignIn(t.Context(), link.Token)
			if err == nil {
				in.Add(1)
			} else if !errors.Is(err, staff.ErrSpent) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if in.Load() != 1 {
		t.Errorf("%d got in by one link", in.Load())
	}
}

func TestSetUp(t *testing.T) {
	t.Parallel()
	d, db, _ := newDoor(t)
	put(t, db, store.PersonRow{ID: "he", Name: "何"})
	link, err := d.NewSetUpLink(t.Context(), "house")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.SignIn(t.Context(), link.Token); !errors.Is(err, staff.ErrSpent) {
		t.Errorf("a set-up link signs somebody in: %v", err)
	}
	refused := errors.New("no such id")
	_, _, err = d.SetUp(t.Context(), link.Token, "house", "ma", func() error { return refused })
	if !errors.Is(err, refused) {
		t.Errorf("set-up that fails: %v", err)
	}
	add := func() error {
		return db.PutPerson(t.Context(), "house", store.PersonRow{ID: "ma", Name: "馬", Admin: true})
	}
	session, who, err := d.SetUp(t.Context(), link.Token, "house", "ma", add)
	if err != nil || !who.Person.Admin {
		t.Fatalf("set-up after one that failed: %v, %v", who, err)
	}
	if _, err := d.Who(t.Context(), session.Token); err != nil {
		t.Errorf("the first administrator is not signed in: %v", err)
	}
	if _, _, err := d.SetUp(t.Context(), link.Token, "house", "ma", add); !errors.Is(err, staff.ErrSetUp) {
		t.Errorf("set-up again: %v", err)
	}
	if _, err := d.NewSetUpLink(t.Context(), "house"); !errors.Is(err, staff.ErrSetUp) {
		t.Errorf("a second set-up link: %v", err)
	}
	if _, err := staff.NewDoor(db, nil).NewSetUpLink(t.Context(), "house"); !errors.Is(err, staff.ErrSetUp) {
		t.Errorf("a set-up link after a restart: %v", err)
	}
	if _, err := d.NewSetUpLink(t.Context(), "annex"); err != nil {
		t.Errorf("another office has no administrator, and gets no link: %v", err)
	}
}

// keeper remembers what is kept.
type keeper struct {
	*sqlite.Store

	kept [][]byte
}

func (k *keeper) PutLink(ctx context.Context, l store.LinkRow) error {
	k.kept = append(k.kept, l.Hash)
	return k.Store.PutLink(ctx, l)
}

func (k *keeper) PutSession(ctx context.Context, s store.SessionRow) error {
	k.kept = append(k.kept, s.Hash)
	return k.Store.PutSession(ctx, s)
}

func TestSecretsAreNotKept(t *testing.T) {
	t.Parallel()
	_, db, h := newDoor(t)
	k := &keeper{Store: db}
	d := staff.NewDoor(k, h.now)
	put(t, db, store.PersonRow{ID: "he", Name: "何"})
	link, err := d.NewLink(t.Context(), "house", "he")
	if err != nil {
		t.Fatal(err)
	}
	session, _, err := d.SignIn(t.Context(), link.Token)
	if err != nil {
		t.Fatal(err)
	}
	if len(k.kept) != 2 {
		t.Fatalf("%d secrets kept, want those of the link and of the session", len(k.kept))
	}
	for _, hash := range k.kept {
		for _, token := range []string{link.Token, session.Token} {
			if len(hash) != 32 || bytes.Contains(hash, []byte(token[:8])) {
				t.Errorf("kept: %q", hash)
			}
		}
	}
}
