package engine

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestEveryObstacleIsSaid: each code of an obstacle has a sentence in three languages, which differ.
func TestEveryObstacleIsSaid(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("core/migrate.go")
	if err != nil {
		t.Fatal(err)
	}
	codes := regexp.MustCompile(`ObstacleCode\s*=\s*"([a-z-]+)"`).FindAllStringSubmatch(string(source), -1)
	if len(codes) < 20 {
		t.Fatalf("%d codes", len(codes))
	}
	for _, code := range codes {
		p, ok := obstaclePhrases["obstacle."+code[1]]
		if !ok || p.hant == "" || p.hans == "" || p.en == "" || p.en == p.hans {
			t.Errorf("%s is not said in three languages: %+v", code[1], p)
		}
		if strings.ContainsAny(p.hans, "「」") {
			t.Errorf("%s: quotation marks of the other script", code[1])
		}
	}
}
