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

func settings(t *testing.T, s store.Store) {
	ctx := context.Background()
	fee := store.SettingRow{Procedure: "pass", Name: "fee", Value: []byte(`"5.00"`), Changed: at(1), ChangedBy: "ao"}
	days := store.SettingRow{Procedure: "mail", Name: "days", Value: []byte(`"3d"`), Changed: at(2), ChangedBy: "ao"}
	noError(t, s.PutSetting(ctx, gate, fee))
	noError(t, s.PutSetting(ctx, gate, days))
	noError(t, s.PutSetting(ctx, other, store.SettingRow{Procedure: "pass", Name: "fee", Value: []byte("1")}))
	equal(t, "settings", must(s.Settings(ctx, gate))(t), []store.SettingRow{days, fee})
	fee.Value, fee.Changed, fee.ChangedBy = []byte(`"6.00"`), at(3), "wong"
	noError(t, s.PutSetting(ctx, gate, fee))
	equal(t, "replaced", must(s.Settings(ctx, gate))(t), []store.SettingRow{days, fee})
	noError(t, s.DropSetting(ctx, gate, "pass", "fee"))
	noError(t, s.DropSetting(ctx, gate, "pass", "fee"))
	equal(t, "dropped", must(s.Settings(ctx, gate))(t), []store.SettingRow{days})
	equal(t, "another office's stays", len(must(s.Settings(ctx, other))(t)), 1)
}
