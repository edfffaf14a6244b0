package diagram

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// What the shipped pictures measure: with -v it is listed, so that a change of the layout can be held against the one
// before. No picture is wider than a sheet of A3 at a readable size, and crossings are fewer than ways.
func TestShippedPicturesMeasure(t *testing.T) {
	t.Parallel()
	const widest, most = 2100, 0.6
	for _, p := range shipped(t) {
		d := compose(p, Options{})
		n, ways := crossed(d.plane), waysIn(d.plane)
		t.Logf("%s: %.0f x %.0f, %d ways, %d crossings", p.ID, d.plane.width, d.plane.height, ways, n)
		if d.plane.width > widest {
			t.Errorf("%s is %.0f pixels wide", p.ID, d.plane.width)
		}
		if float64(n) > most*float64(ways) {
			t.Errorf("%d ways of %s cross %d times", ways, p.ID, n)
		}
	}
}

// A word is cut only where no line is as wide: what stands to the left of a way has less room.
func TestWordsAreWhole(t *testing.T) {
	t.Parallel()
	for _, p := range shipped(t) {
		for _, a := range compose(p, Options{Lang: "en"}).plane.arrows() {
			whole := strings.Fields(a.label)
			if len(a.text) < maxLabelLines && !slices.Equal(strings.Fields(strings.Join(a.text, " ")), whole) &&
				!strings.ContainsFunc(a.label, wide) {
				t.Errorf("%s of %s reads %q", a.label, p.ID, a.text)
			}
		}
	}
}

func waysIn(pl *plane) int {
	sum := len(pl.arrows())
	for _, n := range pl.nodes {
		if n.inner != nil {
			sum += waysIn(n.inner)
		}
	}
	return sum
}

// crossed counts the crossings that one sees in a plane and all inside it: ways to one place that run together cross
// another once.
func crossed(pl *plane) int {
	arrows := pl.arrows()
	seen := map[point]bool{}
	for i, a := range arrows {
		for _, b := range arrows[:i] {
			if a.to != b.to {
				cross(seen, a.points, b.points)
				cross(seen, b.points, a.points)
			}
		}
	}
	sum := len(seen)
	for _, n := range pl.nodes {
		if n.inner != nil {
			sum += crossed(n.inner)
		}
	}
	return sum
}

// cross notes where upright parts of the one go through flat parts of the other.
func cross(seen map[point]bool, upright, flat []point) {
	for i := 1; i < len(upright); i++ {
		p, q := upright[i-1], upright[i]
		for j := 1; j < len(flat); j++ {
			r, s := flat[j-1], flat[j]
			if math.Abs(p.x-q.x) < 1 && math.Abs(r.y-s.y) < 1 && min(r.x, s.x)+1 < p.x && p.x < max(r.x, s.x)-1 &&
				min(p.y, q.y)+1 < r.y && r.y < max(p.y, q.y)-1 {
				seen[point{math.Round(p.x), math.Round(r.y)}] = true
			}
		}
	}
}
