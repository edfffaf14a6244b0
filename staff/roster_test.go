package staff_test

import (
	"slices"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/staff"
	"github.com/guicheng/guicheng/store"
)

func roster() *staff.Roster {
	office := &definitions.Office{
		Units:     []value.Unit{{ID: "east", Name: "東站"}, {ID: "west", Name: "西站"}},
		Superiors: map[string]string{"gate": "chief", "chief": "director"},
	}
	return staff.NewRoster(office, []store.PersonRow{
		{ID: "w1", Name: "W1", Posts: []string{"gate"}, Unit: "west"},
		{ID: "e1", Name: "E1", Posts: []string{"gate"}, Unit: "east"},
		{ID: "e2", Name: "E2", Posts: []string{"gate", "desk"}, Unit: "east"},
		{ID: "ec", Name: "EC", Posts: []string{"chief"}, Unit: "east"},
		{ID: "oc", Name: "OC", Posts: []string{"chief"}},
		{ID: "d", Name: "D", Posts: []string{"director"}, Admin: true, Lang: "en"},
		{ID: "x", Name: "X", Posts: []string{"gate"}, Unit: "east", Admin: true, Gone: true},
	})
}

func ids(people []value.Person) []string {
	var out []string
	for _, p := range people {
		out = append(out, p.ID)
	}
	return out
}

func TestRosterKnowsWhoIsWho(t *testing.T) {
	t.Parallel()
	r := roster()
	for what, c := range map[string]struct {
		got  []value.Person
		want []string
	}{
		"everyone":                          {r.Everyone(), []string{"d", "e1", "e2", "ec", "oc", "w1"}},
		"holders":                           {r.Holders("gate"), []string{"e1", "e2", "w1"}},
		"holders of a post that nobody has": {r.Holders("pilot"), nil},
		"in a unit":                         {r.InUnit("gate", "east"), []string{"e1", "e2"}},
		"head":                              {r.Heads("east"), []string{"ec"}},
		"head of a unit without one":        {r.Heads("west"), nil},
		"head of no unit":                   {r.Heads(""), nil},
		"superior in the same unit":         {r.Superiors("e1"), []string{"ec"}},
		"superiors elsewhere":               {r.Superiors("w1"), []string{"ec", "oc"}},
		"superior of a chief":               {r.Superiors("ec"), []string{"d"}},
		"superior of the director":          {r.Superiors("d"), nil},
		"team of a chief of a unit":         {r.Team("ec"), []string{"e1", "e2", "w1"}},
		"team of a chief of no unit":        {r.Team("oc"), []string{"w1"}},
		"team of the director":              {r.Team("d"), []string{"e1", "e2", "ec", "oc", "w1"}},
		"team of one who is nobody's chief": {r.Team("e1"), nil},
		"superior of one who has gone":      {r.Superiors("x"), nil},
	} {
		if got := ids(c.got); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", what, got, c.want)
		}
	}
	if _, ok := r.Person("x"); ok || r.Admin("x") || !r.Admin("d") || !r.HasAdmin() || r.Language("d") != "en" {
		t.Error("who has gone is still there, or the administrator is not")
	}
	if u, ok := r.Unit("west"); !ok || u.Name != "西站" || len(r.Units()) != 2 {
		t.Error("units")
	}
}

func TestRosterBeforeTheFirstDeployment(t *testing.T) {
	t.Parallel()
	r := staff.NewRoster(nil, []store.PersonRow{{ID: "a", Name: "A", Posts: []string{"p"}}})
	if len(r.Units()) != 0 || r.Superiors("a") != nil || r.Heads("u") != nil || r.HasAdmin() {
		t.Error("knows what nobody told")
	}
}
