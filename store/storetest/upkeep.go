package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/guicheng/guicheng/store"
)

func changePerson(t *testing.T, s store.Store) {
	ctx := context.Background()
	none := store.PersonRow{}
	first := store.PersonRow{ID: "chan", Name: "陳", Changed: at(1)}
	second := store.PersonRow{ID: "chan", Name: "陳大文", Gone: true, Changed: at(2)}
	third := store.PersonRow{ID: "chan", Name: "陳", Posts: []string{"gate"}, Changed: at(3)}
	letter := func(id string) *store.Letter {
		return &store.Letter{Office: gate, ID: id, Kind: "staff", Body: []byte(`{}`)}
	}
	is(t, s.ChangePerson(ctx, gate, first, second, letter("a")), store.ErrStale) // there is none
	noError(t, s.ChangePerson(ctx, gate, none, first, nil))
	is(t, s.ChangePerson(ctx, gate, none, third, letter("b")), store.ErrStale)
	noError(t, s.ChangePerson(ctx, gate, first, second, letter("c")))
	is(t, s.ChangePerson(ctx, gate, first, third, letter("d")), store.ErrStale)
	equal(t, "the person", must(s.Person(ctx, gate, "chan"))(t), second)
	is(t, s.ChangePerson(ctx, other, second, third, nil), store.ErrStale)
	noError(t, s.ChangePerson(ctx, other, none, third, nil))
	equal(t, "letters", must(s.Letters(ctx, 10))(t), []store.Letter{*letter("c")}) // with what was done alone
}

func lastAdmin(t *testing.T, s store.Store) {
	ctx := context.Background()
	admin := func(id string) store.PersonRow { return store.PersonRow{ID: id, Admin: true, Changed: morning} }
	noError(t, s.PutPerson(ctx, gate, store.PersonRow{ID: "lau"})) // there was none
	noError(t, s.PutPerson(ctx, gate, admin("chan")))
	noError(t, s.PutPerson(ctx, other, admin("wong"))) // keeps another office
	gone := admin("chan")
	gone.Gone = true
	is(t, s.PutPerson(ctx, gate, gone), store.ErrLastAdmin)
	is(t, s.PutPerson(ctx, gate, store.PersonRow{ID: "chan"}), store.ErrLastAdmin)
	is(t, s.ChangePerson(ctx, gate, admin("chan"), gone, &store.Letter{ID: "a"}), store.ErrLastAdmin)
	equal(t, "letters", len(must(s.Letters(ctx, 10))(t)), 0)
	equal(t, "the administrator", must(s.Person(ctx, gate, "chan"))(t), admin("chan"))
	noError(t, s.PutPerson(ctx, gate, store.PersonRow{ID: "lau"}))
	noError(t, s.PutPerson(ctx, gate, admin("lau")))
	noError(t, s.PutPerson(ctx, gate, gone))
	is(t, s.PutPerson(ctx, gate, store.PersonRow{ID: "lau"}), store.ErrLastAdmin)
}

func lastAdminsRace(t *testing.T, s store.Store) {
	ctx := context.Background()
	for round := range 20 {
		office := fmt.Sprintf("o%d", round)
		const keepers = 4
		for i := range keepers {
			noError(t, s.PutPerson(ctx, office, store.PersonRow{ID: strconv.Itoa(i), Admin: true}))
		}
		var wg sync.WaitGroup
		errs := make([]error, keepers)
		for i := range keepers {
			wg.Go(func() { errs[i] = s.PutPerson(ctx, office, store.PersonRow{ID: strconv.Itoa(i)}) })
		}
		wg.Wait()
		refused := 0
		for _, err := range errs {
			switch {
			case errors.Is(err, store.ErrLastAdmin):
				refused++
			case err != nil:
				t.Fatal(err)
			}
		}
		equal(t, "refused", refused, 1)
	}
}

func upkeep(t *testing.T, s store.Store) {
	ctx := context.Background()
	day := 24 * time.Hour
	now := time.Now().UTC().Add(100 * day) // the store notes by itself when a message came
	put := func(id string, age time.Duration) {
		c := newCase(gate, "c"+id)
		c.Answer = &store.Answer{Key: id, At: now.Add(-age)}
		c.Message = "m" + id
		commit(t, s, c)
		noError(t, s.PutFile(ctx, gate, store.FileRow{ID: id, At: now.Add(-age), Body: []byte(id)}))
		hash := bytes.Repeat([]byte(id), 8)
		noError(t, s.PutLink(ctx, store.LinkRow{Hash: hash, Office: gate, Until: now.Add(day - age)}))
		noError(t, s.PutSession(ctx, store.SessionRow{Hash: hash, Office: gate, Until: now.Add(day - age)}))
		noError(t, s.KeepMessage(ctx, gate, store.KeptMessage{ID: "k" + id, Name: "bell", Until: now.Add(day - age)}))
	}
	noError(t, s.PutPerson(ctx, gate, store.PersonRow{ID: "chan"})) // an office is one that has somebody
	for _, age := range []int{0, 10, 20, 30} {
		put(strconv.Itoa(age), time.Duration(age)*day)
	}
	own, shared := nextOf(gate, "c0", 1), nextOf(gate, "c10", 1)
	own.Files, shared.Shares = []string{"30"}, []string{"20"}
	commit(t, s, own, shared)

	got := must(s.Upkeep(ctx, now, store.Retention{}))(t)
	equal(t, "what has a time of its own", got, store.Forgotten{Secrets: 6, Messages: 3})
	got = must(s.Upkeep(ctx, now, store.Retention{Answers: 15 * day, Uploads: 5 * day}))(t)
	equal(t, "what is old", got, store.Forgotten{Answers: 2 + 8, Uploads: 1}) // each message came 100 days ago
	got = must(s.Upkeep(ctx, now, store.Retention{Answers: 15 * day, Uploads: 5 * day}))(t)
	equal(t, "again", got, store.Forgotten{})

	for id, there := range map[string]bool{"0": true, "10": true, "20": false, "30": false} {
		if _, err := s.Answer(ctx, gate, id); (err == nil) != there {
			t.Errorf("answer %s: %v, want it there: %t", id, err, there)
		}
	}
	for id, there := range map[string]bool{"0": true, "10": false, "20": true, "30": true} {
		if _, err := s.File(ctx, gate, id); (err == nil) != there {
			t.Errorf("file %s: %v, want it there: %t", id, err, there)
		}
	}
	again := newCase(gate, "c50")
	again.Message = "m0"
	commit(t, s, again) // its id is forgotten
	for i := range 2_100 {
		noError(t, s.PutLink(ctx, store.LinkRow{Hash: fmt.Append(nil, i), Office: gate, Until: morning}))
	}
	equal(t, "many", must(s.Upkeep(ctx, now, store.Retention{}))(t), store.Forgotten{Secrets: 2_100})
}

func wakes(t *testing.T, s store.Store) {
	ctx, cancel := context.WithCancel(context.Background())
	both := []<-chan store.Wake{s.Wakes(ctx), s.Wakes(context.Background())}
	commit(t, s, newCase(gate, "c1"), nextOf(gate, "c1", 1))
	cancel()
	for w := range both[0] {
		if len(w.Cases) > 0 {
			t.Errorf("a store is woken by its own commits: %+v", w)
		}
	}
	noError(t, s.Close())
	for w := range both[1] {
		if len(w.Cases) > 0 {
			t.Errorf("a store is woken by its own commits: %+v", w)
		}
	}
}
