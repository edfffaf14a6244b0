package storetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"sync"
	"testing"

	"github.com/guicheng/guicheng/store"
)

func newFile(id string, body []byte) store.FileRow {
	sum := sha256.Sum256(body)
	return store.FileRow{Office: gate, ID: id, Name: "簽名 " + id + ".png", Type: "image/png", Size: int64(len(body)),
		SHA256: sum[:], By: "chan", At: at(1), Body: body}
}

func putFiles(t *testing.T, s store.Store, ids ...string) {
	t.Helper()
	for _, id := range ids {
		noError(t, s.PutFile(context.Background(), gate, newFile(id, []byte("body of "+id))))
	}
}

func fileRoundTrip(t *testing.T, s store.Store) {
	ctx := context.Background()
	for id, body := range map[string][]byte{
		"small": {0, 1, 0xff}, "empty": {}, "large": bytes.Repeat([]byte("0123456789abcdef"), 10<<20/16),
	} {
		want := newFile(id, body)
		noError(t, s.PutFile(ctx, gate, want))
		got := must(s.File(ctx, gate, id))(t)
		if !bytes.Equal(got.Body, body) {
			t.Fatalf("%s: the body came back with %d bytes, want %d", id, len(got.Body), len(body))
		}
		got.Body, want.Body = nil, nil
		equal(t, id, got, want)
		equal(t, id+" without its body", must(s.FileInfo(ctx, gate, id))(t), want)
	}
	lying := newFile("lying", []byte("four"))
	lying.Office, lying.Size, lying.Case, lying.Shared = other, 1, "c1", []string{"c2"}
	noError(t, s.PutFile(ctx, gate, lying))
	equal(t, "what is not taken", must(s.File(ctx, gate, "lying"))(t), newFile("lying", []byte("four")))

	is(t, s.PutFile(ctx, gate, newFile("small", []byte("another"))), store.ErrRepeated)
	equal(t, "after a repetition", must(s.File(ctx, gate, "small"))(t).Body, []byte{0, 1, 0xff})
	_, err := s.File(ctx, gate, "none")
	is(t, err, store.ErrNotFound)
	_, err = s.FileInfo(ctx, gate, "none")
	is(t, err, store.ErrNotFound)
}

func whose(t *testing.T, s store.Store, id string) []string {
	t.Helper()
	f := must(s.FileInfo(context.Background(), gate, id))(t)
	return append([]string{f.Case}, f.Shared...)
}

func fileOfOneCase(t *testing.T, s store.Store) {
	putFiles(t, s, "f1", "f2")
	mine, theirs, again := newCase(gate, "c1"), newCase(gate, "c2"), nextOf(gate, "c1", 1)
	mine.Files, theirs.Files, again.Files = []string{"f1"}, []string{"f2", "f1"}, []string{"f1"}
	commitAs(t, s, []store.Result{store.Applied, store.Stale, store.Applied}, mine, theirs, again)
	equal(t, "f1", whose(t, s, "f1"), []string{"c1"})
	equal(t, "f2, whose change was refused", whose(t, s, "f2"), []string{""})
	missing := newCase(gate, "c3")
	missing.Files = []string{"none"}
	commitAs(t, s, []store.Result{store.Stale}, missing)

	stale := nextOf(gate, "c1", 1) // it stands at 2
	stale.Files = []string{"f2"}
	commitAs(t, s, []store.Result{store.Stale}, stale)
	equal(t, "f2, whose case was stale", whose(t, s, "f2"), []string{""})
}

func fileShared(t *testing.T, s store.Store) {
	putFiles(t, s, "f1", "f2")
	owner := newCase(gate, "c1")
	owner.Files, owner.Shares = []string{"f1"}, []string{"f1", "none"}
	commit(t, s, owner)
	equal(t, "shared with its own case", whose(t, s, "f1"), []string{"c1"})

	called, second, stranger := newCase(gate, "c1.2"), newCase(gate, "c1.1"), newCase(gate, "c9")
	called.Shares, second.Shares, stranger.Files = []string{"f1", "f2"}, []string{"f1"}, []string{"f1"}
	commitAs(t, s, []store.Result{store.Applied, store.Applied, store.Stale}, called, second, stranger)
	equal(t, "shared", whose(t, s, "f1"), []string{"c1", "c1.1", "c1.2"})
	equal(t, "shared before it was anybody's", whose(t, s, "f2"), []string{"", "c1.2"})

	uses, free := nextOf(gate, "c1.2", 1), newCase(gate, "c9")
	uses.Files, free.Files = []string{"f1", "f2"}, []string{"f2"}
	commitAs(t, s, []store.Result{store.Applied, store.Stale}, uses, free)
	equal(t, "used where it is shared", whose(t, s, "f1"), []string{"c1", "c1.1", "c1.2"})
}

// fileRace lets many cases take one file at once.
func fileRace(t *testing.T, s store.Store) {
	putFiles(t, s, "f1")
	const takers = 12
	results := make([]store.Result, takers)
	var wg sync.WaitGroup
	for i := range takers {
		wg.Go(func() {
			c := newCase(gate, string(rune('a'+i)))
			c.Files = []string{"f1"}
			got, err := s.Commit(context.Background(), []store.Change{c})
			if err != nil {
				t.Error(err)
				return
			}
			results[i] = got[0]
		})
	}
	wg.Wait()
	applied := 0
	for i, r := range results {
		if r == store.Applied {
			applied++
			equal(t, "whose it is", whose(t, s, "f1"), []string{string(rune('a' + i))})
		}
	}
	equal(t, "cases that got it", applied, 1)
}
