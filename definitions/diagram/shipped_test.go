package diagram

import (
	"math"
	"testing"
)

// What the shipped pictures measure: with -v it is listed, so that a change of the layout can be held against the one
// before. No picture is wider than two sheets of A3 at a readable size, and ways seldom cross.
func TestShippedPicturesMeasure(t *testing.T) {
	t.Parallel()
	const widest, most = 2500, 2
	for _, p := range shipped(t) {
		d := compose(p, Options{})
		n, ways := crossed(d.plane), waysIn(d.plane)
		t.Logf("%s: %.0f x %.0f, %d ways, %d crossings", p.ID, d.plane.width, d.plane.height, ways, n)
		if d.plane.width > widest {
			t.Errorf("%s is %.0f pixels wide", p.ID, d.plane.width)
		}
		if n > most*ways {
			t.Errorf("%d ways of %s cross %d times", ways, p.ID, n)
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

// crossed counts the crossings in a plane and all inside it.
func crossed(pl *plane) int {
	sum := 0
	arrows := pl.arrows()
	for i, a := range arrows {
		for _, b := range arrows[:i] {
			if a.to != b.to {
				sum += crossingsOf(a.points, b.points) + crossingsOf(b.points, a.points)
			}
		}
	}
	for _, n := range pl.nodes {
		if n.inner != nil {
			sum += crossed(n.inner)
		}
	}
	return sum
}

// crossingsOf counts where upright parts of the one go through flat parts of the other.
func crossingsOf(upright, flat []point) int {
	sum := 0
	for i := 1; i < len(upright); i++ {
		p, q := upright[i-1], upright[i]
		for j := 1; j < len(flat); j++ {
			r, s := flat[j-1], flat[j]
			if math.Abs(p.x-q.x) < 1 && math.Abs(r.y-s.y) < 1 && min(r.x, s.x)+1 < p.x && p.x < max(r.x, s.x)-1 &&
				min(p.y, q.y)+1 < r.y && r.y < max(p.y, q.y)-1 {
				sum++
			}
		}
	}
	return sum
}
