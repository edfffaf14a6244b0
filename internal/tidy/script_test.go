package tidy

import (
	"encoding/json"
	"go/ast"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"go.yaml.in/yaml/v4"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// script is how one of the two kinds of Chinese is written: in the characters of its standard, but for a few that stand
// in both and belong to the other, and between marks of its own.
type script struct {
	name     string
	standard encoding.Encoding
	never    string
}

var (
	simplified  = script{"zh-Hans", simplifiedchinese.HZGB2312, "後於徵瞭裏「」『』"}
	traditional = script{"zh-Hant", traditionalchinese.Big5, "“”"}
)

// alien lists the characters of a text that belong to the other script.
func (s script) alien(text string) string {
	var out []rune
	for _, r := range text {
		strange := strings.ContainsRune(s.never, r)
		if unicode.Is(unicode.Han, r) {
			_, err := s.standard.NewEncoder().String(string(r))
			strange = strange || err != nil
		}
		if strange && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return string(out)
}

func (s script) check(t *testing.T, where, text string) {
	t.Helper()
	if bad := s.alien(text); bad != "" {
		t.Errorf("%s: %s of %q is not %s", where, bad, text, s.name)
	}
}

// Who reads one kind of Chinese is shown nothing of the other.
func TestChineseIsOfOneScript(t *testing.T) {
	t.Parallel()
	if got := simplified.alien("订阅後「書」"); got != "後「書」" {
		t.Errorf("not simplified are %s", got)
	}
	if got := traditional.alien("订閱“书”"); got != "订“书”" {
		t.Errorf("not traditional are %s", got)
	}
	for name, s := range map[string]script{"zh-Hans": simplified, "zh-Hant": traditional} {
		var texts map[string]string
		read(t, filepath.Join("web", "src", "texts", name+".json"), func(raw []byte) error {
			return json.Unmarshal(raw, &texts)
		})
		for _, key := range slices.Sorted(maps.Keys(texts)) {
			s.check(t, "the page's "+key, texts[key])
		}
	}
	offices := filepath.Join("definitions", "offices")
	tree := os.DirFS(filepath.Join(top(t), offices))
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, "texts.en.yaml") {
			return err
		}
		read(t, filepath.Join(offices, name), func(raw []byte) error {
			if !strings.HasSuffix(name, "texts.zh-Hans.yaml") {
				for i, line := range strings.Split(string(raw), "\n") {
					traditional.check(t, name+":"+strconv.Itoa(i+1), line)
				}
				return nil
			}
			var texts map[string]string
			err := yaml.Unmarshal(raw, &texts)
			for _, hant := range slices.Sorted(maps.Keys(texts)) {
				simplified.check(t, name, texts[hant])
			}
			return err
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func top(t *testing.T) string {
	t.Helper()
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func read(t *testing.T, path string, use func([]byte) error) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(top(t), path))
	if err == nil {
		err = use(raw)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// What the program says stands in threes: zh-Hant, zh-Hans, en.
func TestSayingsAreOfOneScript(t *testing.T) {
	t.Parallel()
	tree, err := house()
	if err != nil {
		t.Fatal(err)
	}
	threes := 0
	for _, f := range tree.goes {
		if f.test() {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok || len(lit.Elts) != 3 {
				return true
			}
			hant, hans, en := said(lit.Elts[0]), said(lit.Elts[1]), said(lit.Elts[2])
			if !chinese(hant) || !chinese(hans) || chinese(en) {
				return true
			}
			threes++
			where := f.path + ":" + strconv.Itoa(f.line(n))
			traditional.check(t, where, hant)
			simplified.check(t, where, hans)
			return true
		})
	}
	read(t, filepath.Join("definitions", "report", "phrases.txt"), func(raw []byte) error {
		for phrase := range strings.SplitSeq(string(raw), "\n\n") {
			lines := strings.Split(strings.TrimSpace(phrase), "\n")
			if len(lines) == 3 {
				traditional.check(t, "phrases.txt: "+lines[0], lines[1])
				simplified.check(t, "phrases.txt: "+lines[0], lines[2])
			}
		}
		return nil
	})
	if threes < 100 {
		t.Errorf("only %d sayings were found", threes)
	}
}

func chinese(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// said is all text in an expression.
func said(e ast.Expr) string {
	var b strings.Builder
	ast.Inspect(e, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			text, _ := strconv.Unquote(lit.Value)
			b.WriteString(text)
		}
		return true
	})
	return b.String()
}
