package tidy

import (
	"fmt"
	"regexp"
	"strings"
)

// The words are put together here so that this file does not hold them.
var (
	unfinished = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`)
	machine    = regexp.MustCompile(`(^|[^\w.-])/(wo` + `rk|fa` + `rm|ro` + `ot|ho` + `me|Us` + `ers)/[\w.]`)
)

var textRules = []rule{
	{
		name:  "nothing is left for later",
		why:   "what is open is an issue, where it is seen; in the code nobody looks for it",
		texts: true,
		check: func(f *file) []finding { return lines(f, unfinished, "do it or open an issue") },
		bad: []snippet{
			{"api/x.go", "// TO" + "DO: later"},
			{"docs/x.md", "FIX" + "ME"},
		},
		good: []snippet{{"api/x.go", "// what is to do"}, {"docs/x.md", "MASTO" + "DON"}},
	},
	{
		name:  "no path of one machine",
		why:   "it is right on one machine only",
		texts: true,
		check: func(f *file) []finding { return lines(f, machine, "use a path relative to the repository") },
		bad: []snippet{
			{"api/x_test.go", "var dir = \"/ho" + "me/me/x\""},
			{"docs/x.md", "see /ro" + "ot/go"},
		},
		good: []snippet{{"api/x.go", "var p = \"sunshine/home-visit/x\""}, {"docs/x.md", "/var/lib/guicheng"}},
	},
}

func lines(f *file, wrong *regexp.Regexp, advice string) []finding {
	var found []finding
	n := 0
	for line := range strings.SplitSeq(f.src, "\n") {
		n++
		if m := wrong.FindString(line); m != "" {
			found = append(found, finding{f.path, n, fmt.Sprintf("%q: %s", strings.TrimSpace(m), advice)})
		}
	}
	return found
}
