package storetest

import (
	"context"
	"testing"

	"github.com/guicheng/guicheng/store"
)

func substitutes(t *testing.T, s store.Store) {
	ctx := context.Background()
	a := store.SubstituteRow{ID: "s2", Person: "chan", Substitute: "wong", From: at(1), Until: at(9),
		Procedures: []string{"complaint", "visit"}, Changed: at(0), ChangedBy: "chan"}
	b := store.SubstituteRow{ID: "s1", Person: "wong", Substitute: "ao", From: at(2), Until: at(3), Changed: at(1),
		ChangedBy: "admin"}
	noError(t, s.PutSubstitute(ctx, gate, a))
	noError(t, s.PutSubstitute(ctx, gate, b))
	noError(t, s.PutSubstitute(ctx, other, store.SubstituteRow{ID: "s2", Person: "x", Substitute: "y"}))
	equal(t, "substitutes", must(s.Substitutes(ctx, gate))(t), []store.SubstituteRow{b, a})
	a.Until, a.Procedures = at(20), nil
	noError(t, s.PutSubstitute(ctx, gate, a))
	equal(t, "replaced", must(s.Substitutes(ctx, gate))(t), []store.SubstituteRow{b, a})
	noError(t, s.DropSubstitute(ctx, gate, "s2"))
	noError(t, s.DropSubstitute(ctx, gate, "s2"))
	equal(t, "dropped", must(s.Substitutes(ctx, gate))(t), []store.SubstituteRow{b})
	equal(t, "another office's stays", len(must(s.Substitutes(ctx, other))(t)), 1)
}

func deeds(t *testing.T, s store.Store) {
	ctx := context.Background()
	did := func(step, who string, minute int) store.DeedRow {
		return store.DeedRow{Procedure: "repair", Step: step, Person: who, Times: 1, Last: at(minute)}
	}
	c := newCase(gate, "c1")
	c.Deeds = []store.DeedRow{did("fix", "chan", 5), did("fix", "chan", 6), did("look", "chan", 1)}
	d := newCase(gate, "c2")
	d.Deeds = []store.DeedRow{did("fix", "chan", 4), did("fix", "ao", 2)}
	x := newCase(other, "c1")
	x.Deeds = []store.DeedRow{did("fix", "chan", 30)}
	commit(t, s, c, d, x)
	stale := newCase(gate, "c1")
	stale.Deeds = []store.DeedRow{did("fix", "chan", 50)}
	commitAs(t, s, []store.Result{store.Stale}, stale)
	want := []store.DeedRow{
		{Procedure: "repair", Step: "fix", Person: "ao", Times: 1, Last: at(2)},
		{Procedure: "repair", Step: "fix", Person: "chan", Times: 3, Last: at(6)},
	}
	equal(t, "of a step", must(s.DeedsOf(ctx, gate, "repair", []string{"fix", "none"}))(t), want)
	equal(t, "of two", len(must(s.DeedsOf(ctx, gate, "repair", []string{"look", "fix"}))(t)), 3)
	equal(t, "of another procedure", len(must(s.DeedsOf(ctx, gate, "visit", []string{"fix"}))(t)), 0)
	bad := store.Change{Office: gate, Deeds: []store.DeedRow{did("fix", "chan", 1)}}
	if _, err := s.Commit(ctx, []store.Change{bad}); err == nil {
		t.Fatal("a deed of no case was counted")
	}
}
