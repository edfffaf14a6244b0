package proof_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/internal/golden"
)

// english finds running English: three words of small letters one after the other.
var english = regexp.MustCompile(`\b[a-z]{2,} [a-z]{2,} [a-z]{2,}`)

// TestStoriesAreToldInChinese tells every story in Chinese, and nothing of it stays in English but the names that it
// speaks of.
func TestStoriesAreToldInChinese(t *testing.T) {
	t.Parallel()
	stories, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(stories) == 0 {
		t.Fatalf("%d stories, error %v", len(stories), err)
	}
	for lang, file := range map[string]string{"zh-Hant": "testdata/zh-Hant.golden", "zh-Hans": "testdata/zh-Hans.golden"} {
		var all strings.Builder
		for _, name := range stories {
			_, broken, _, _ := story(t, name)
			problems, source := found(broken)
			for _, p := range report.In(lang, problems, source) {
				words := strings.Join(append([]string{p.Detail, p.Hint}, p.Way...), "\n")
				if p.Sentence == "" || p.Detail == "" || english.MatchString(words) {
					t.Errorf("%s: %s says\n%s\nof: %s", name, lang, words, p.Message)
				}
			}
			all.WriteString("---- " + strings.TrimSuffix(filepath.Base(name), ".txt") + "\n")
			all.WriteString(report.List(lang, problems, source))
		}
		golden.Check(t, file, all.String())
	}
}
