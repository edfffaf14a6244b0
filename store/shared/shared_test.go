package shared_test

import (
	"errors"
	"testing"
	"testing/fstest"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/shared"
)

func TestAPageEndsWhereTheNextBegins(t *testing.T) {
	t.Parallel()
	at := func(id string) shared.Cursor { return shared.Cursor{List: shared.Cases, First: 7, ID: id} }
	page := shared.Page([]string{"a", "b", "c"}, 2, at)
	if len(page.Items) != 2 || page.Next == "" {
		t.Fatalf("the page is %+v", page)
	}
	got, err := shared.DecodeCursor(page.Next, shared.Cursor{List: shared.Cases})
	if err != nil || got != at("b") {
		t.Errorf("it ends at %+v, %v", got, err)
	}
	if last := shared.Page([]string{"a", "b"}, 2, at); len(last.Items) != 2 || last.Next != "" {
		t.Errorf("the last page is %+v", last)
	}
	for _, text := range []string{"x", "e30", "!", page.Next + "A"} {
		if _, err := shared.DecodeCursor(text, shared.Cursor{List: shared.Cases}); !errors.Is(err, store.ErrBadCursor) {
			t.Errorf("%q gives %v", text, err)
		}
	}
	if _, err := shared.DecodeCursor(page.Next, shared.Cursor{List: shared.Inbox}); !errors.Is(err, store.ErrBadCursor) {
		t.Errorf("another list's cursor gives %v", err)
	}
	first := shared.Cursor{List: shared.Inbox, Rank: -1}
	if got, err := shared.DecodeCursor("", first); err != nil || got != first {
		t.Errorf("the beginning is %+v, %v", got, err)
	}
}

func TestLimitsOfPagesAndLists(t *testing.T) {
	t.Parallel()
	limits := map[int][2]int{-1: {50, 100}, 0: {50, 100}, 7: {7, 7}, 300: {200, 300}, 1 << 40: {200, 10_000}}
	for asked, want := range limits {
		if got := [2]int{shared.PageOf(asked), shared.ListOf(asked)}; got != want {
			t.Errorf("%d gives %v, want %v", asked, got, want)
		}
	}
}

func TestMigrationsHaveNoGap(t *testing.T) {
	t.Parallel()
	files := func(names ...string) fstest.MapFS {
		out := fstest.MapFS{}
		for _, n := range names {
			out["migrations/"+n] = &fstest.MapFile{Data: []byte("SELECT 1")}
		}
		return out
	}
	list, err := shared.Migrations(files("0001_a.sql", "0002_b.sql"))
	if err != nil || len(list) != 2 || list[1] != (shared.Migration{Name: "0002_b.sql", Text: "SELECT 1"}) {
		t.Errorf("%+v, %v", list, err)
	}
	for _, names := range [][]string{{"0002_a.sql"}, {"0001_a.sql", "0003_b.sql"}, {"a.sql"}, {}} {
		if list, err := shared.Migrations(files(names...)); err == nil {
			t.Errorf("%v gives %v", names, list)
		}
	}
	if err := shared.Known(3, 3); err != nil {
		t.Error(err)
	}
	if shared.Known(4, 3) == nil {
		t.Error("a newer schema is taken")
	}
}
