package tidy

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// The linter says in an editor what the plan says in a test: it must know the same rooms, edges and libraries.
func TestLinterKnowsThePlan(t *testing.T) {
	t.Parallel()
	rules := linterRules(t)
	for room, edges := range plan {
		if room == "bench" || strings.HasPrefix(room, "internal/") { // a module of its own, and tests
			continue
		}
		want := []string{"$gostd"}
		for _, l := range libraries {
			if slices.Contains(l.rooms, room) {
				want = append(want, l.prefix)
			}
		}
		for _, e := range edges {
			want = append(want, module+"/"+e.to+"$")
		}
		rule, ok := rules[strings.ReplaceAll(room, "/", "-")]
		switch {
		case !ok:
			t.Errorf(".golangci.yml: depguard has no rule for %s", room)
		case rule.Mode != "strict" || !slices.Equal(rule.Files, []string{"**/" + room + "/*.go", "!$test"}):
			t.Errorf(".golangci.yml: the rule for %s is %s on %q", room, rule.Mode, rule.Files)
		case !slices.Equal(slices.Sorted(slices.Values(rule.Allow)), slices.Sorted(slices.Values(want))):
			t.Errorf(".golangci.yml: %s may import\n\t%q\nand by the plan\n\t%q", room, rule.Allow, want)
		}
	}
}

type linterRule struct {
	Mode  string   `yaml:"list-mode"` //nolint:tagliatelle // depguard's own word
	Files []string `yaml:"files"`
	Allow []string `yaml:"allow"`
}

func linterRules(t *testing.T) map[string]linterRule {
	t.Helper()
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, ".golangci.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var config struct {
		Linters struct {
			Settings struct {
				Depguard struct {
					Rules map[string]linterRule `yaml:"rules"`
				} `yaml:"depguard"`
			} `yaml:"settings"`
		} `yaml:"linters"`
	}
	if err := yaml.Unmarshal(text, &config); err != nil {
		t.Fatal(err)
	}
	return config.Linters.Settings.Depguard.Rules
}
