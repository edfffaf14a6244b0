package web_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	placeholder = regexp.MustCompile(`\{\w+\}`)
	// said are the keys that the page names; begun are those that it puts together, such as t(`act.${a.act}`).
	said  = regexp.MustCompile(`'([a-z][\w.-]*)'`)
	begun = regexp.MustCompile("`([a-z][\\w.-]*[.-])\\$\\{[^`]*`")
	shown = regexp.MustCompile(`\bt\('([^']+)'`)
)

func catalogue(t *testing.T, language string) map[string]string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("src", "texts", language+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]string
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatalf("%s: %v", language, err)
	}
	return out
}

func TestEveryTextStandsInEveryLanguage(t *testing.T) {
	t.Parallel()
	hant := catalogue(t, "zh-Hant")
	for _, language := range []string{"zh-Hans", "en"} {
		other := catalogue(t, language)
		for _, key := range slices.Sorted(maps.Keys(hant)) {
			text := other[key]
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s has no text for %s", language, key)
			}
			want, got := placeholder.FindAllString(hant[key], -1), placeholder.FindAllString(text, -1)
			slices.Sort(want)
			if slices.Sort(got); !slices.Equal(want, got) {
				t.Errorf("%s: %s speaks of %v, in zh-Hant of %v", language, key, got, want)
			}
		}
		for _, key := range slices.Sorted(maps.Keys(other)) {
			if _, ok := hant[key]; !ok {
				t.Errorf("%s has %s, and zh-Hant has not", language, key)
			}
		}
	}
}

func TestEveryTextIsSaid(t *testing.T) {
	t.Parallel()
	texts := catalogue(t, "zh-Hant")
	used, prefixes := map[string]bool{}, []string{}
	err := filepath.WalkDir("src", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".ts") && !strings.HasSuffix(name, ".tsx") {
			return err
		}
		raw, err := os.ReadFile(name)
		for _, m := range said.FindAllStringSubmatch(string(raw), -1) {
			used[m[1]] = true
		}
		for _, m := range begun.FindAllStringSubmatch(string(raw), -1) {
			prefixes = append(prefixes, m[1])
		}
		for _, m := range shown.FindAllStringSubmatch(string(raw), -1) {
			if _, ok := texts[m[1]]; !ok {
				t.Errorf("%s says %s, which is in no catalogue", name, m[1])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		if !used[key] && !slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(key, p) }) {
			t.Errorf("nobody says %s", key)
		}
	}
}
