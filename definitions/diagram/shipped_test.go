package diagram

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What the shipped pictures measure is written down, so that a change of the layout shows what it makes better or
// worse: update with -update, and read the difference.
func TestShippedPicturesMeasure(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("# procedure: width x height in pixels, and how often ways to different places cross\n")
	for _, p := range shipped(t) {
		d := compose(p, Options{})
		fmt.Fprintf(&b, "%s: %.0f x %.0f, %d\n", p.ID, d.plane.width, d.plane.height, crossed(d.plane))
	}
	path := filepath.Join("testdata", "shipped.txt")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != string(want) {
		t.Errorf("the shipped pictures measure otherwise; look at them and run with -update:\n%s", got)
	}
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
