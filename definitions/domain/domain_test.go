package domain_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions/domain"
	"github.com/guicheng/guicheng/definitions/value"
)

func TestCut(t *testing.T) {
	t.Parallel()
	shanghai := time.FixedZone("CST", 8*3600)
	day := func(d int) time.Time { return time.Date(2026, 3, d, 0, 0, 0, 0, shanghai) }
	for name, test := range map[string]struct {
		field value.Field
		at    []any
		want  string
	}{
		"whole numbers":  {value.Field{Kind: value.Count}, []any{int64(5), int64(7), int64(6)}, "4 5 6 7 8"},
		"a hole between": {value.Field{Kind: value.Count}, []any{int64(5), int64(9), int64(5)}, "4 5 6 9 10"},
		"within bounds": {value.Field{Kind: value.Count, Min: int64(5), Max: int64(9)},
			[]any{int64(5), int64(9)}, "5 6 9"},
		"beyond bounds":  {value.Field{Kind: value.Count, Min: int64(5)}, []any{int64(1)}, "5"},
		"nothing to cut": {value.Field{Kind: value.Count}, nil, "0"},
		"money by the cent": {value.Field{Kind: value.Cash}, []any{value.Money(999), value.Money(1000)},
			"9.98 9.99 10.00 10.01"},
		"numbers are dense": {value.Field{Kind: value.Number}, []any{1.0, 1.5}, "0 1 1.25 1.5 2.5"},
		"up to a bound":     {value.Field{Kind: value.Number, Max: 1.6, Min: 0.5}, []any{1.0, 1.5}, "0.5 1 1.25 1.5 1.6"},
		"with places":       {value.Field{Kind: value.Number, Places: 1}, []any{1.0, 1.1}, "0.9 1 1.1 1.2"},
		"days": {value.Field{Kind: value.Date}, []any{day(2), day(4)},
			"2026-03-01 2026-03-02 2026-03-03 2026-03-04 2026-03-05"},
		"spans":     {value.Field{Kind: value.Duration}, []any{time.Second, 2 * time.Second}, "0s 1s 1s500ms 2s 3s"},
		"yes or no": {value.Field{Kind: value.YesNo}, nil, "no yes"},
		"texts":     {value.Field{Kind: value.Text}, []any{"b", "a", "b"}, "a b any other text"},
		"lists": {value.Field{Kind: value.Choices, Min: int64(1), Options: []value.Option{{ID: "a"}, {ID: "b"}}}, nil,
			"[a] [b] [a, b]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pieces, ok := domain.Cut(&test.field, test.at, shanghai)
			var got []string
			for _, p := range pieces {
				got = append(got, p.Text)
			}
			if text := strings.Join(got, " "); !ok || text != test.want {
				t.Errorf("got %s, want %s", text, test.want)
			}
		})
	}
	if _, ok := domain.Cut(&value.Field{Kind: value.Human}, nil, nil); ok {
		t.Error("a person was cut")
	}
}

// TestOutside compares the search with trying every combination.
func TestOutside(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 1))
		axes := make([]domain.Axis, 1+r.IntN(4))
		for i := range axes {
			axes[i].Name = fmt.Sprint("x", i)
			axes[i].Pieces = make([]domain.Piece, 1+r.IntN(4))
		}
		boxes := make([]domain.Box, r.IntN(7))
		for i := range boxes {
			boxes[i] = randomBox(r, axes)
		}
		space := domain.Space(axes)
		if r.IntN(2) == 0 {
			space = randomBox(r, axes)
		}
		point, found, sure := space.Outside(boxes)
		if want := tryAll(axes, space, boxes); !sure || found != want {
			t.Fatalf("seed %d: found %v, want %v", seed, found, want)
		}
		if found && (!holds(space, point) || anyHolds(boxes, point)) {
			t.Fatalf("seed %d: %v is no example", seed, point)
		}
	}
}

func randomBox(r *rand.Rand, axes []domain.Axis) domain.Box {
	out := make(domain.Box, len(axes))
	for i := range axes {
		out[i] = axes[i].Select(func(any) bool { return r.IntN(3) > 0 })
	}
	return out
}

func holds(b domain.Box, point []int) bool {
	for i, p := range point {
		if !b[i].Has(p) {
			return false
		}
	}
	return true
}

func anyHolds(boxes []domain.Box, point []int) bool {
	for _, b := range boxes {
		if holds(b, point) {
			return true
		}
	}
	return false
}

func tryAll(axes []domain.Axis, space domain.Box, boxes []domain.Box) bool {
	point := make([]int, len(axes))
	for {
		if holds(space, point) && !anyHolds(boxes, point) {
			return true
		}
		i := 0
		for ; i < len(axes); i++ {
			if point[i]++; point[i] < len(axes[i].Pieces) {
				break
			}
			point[i] = 0
		}
		if i == len(axes) {
			return false
		}
	}
}

// TestOutsideEnds shows that a search that would take long is given up.
func TestOutsideEnds(t *testing.T) {
	t.Parallel()
	axes := make([]domain.Axis, 24)
	for i := range axes {
		axes[i].Pieces = make([]domain.Piece, 40)
	}
	r := rand.New(rand.NewPCG(1, 1))
	boxes := make([]domain.Box, 200)
	for i := range boxes {
		boxes[i] = make(domain.Box, len(axes))
		for k := range axes {
			boxes[i][k] = axes[k].Select(func(any) bool { return r.IntN(20) > 0 })
		}
	}
	if _, found, sure := domain.Space(axes).Outside(boxes); !found && !sure {
		return
	} else if !found {
		t.Error("random boxes cover everything")
	}
}
