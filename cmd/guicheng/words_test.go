package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions/report"
)

// verb is a hole of a format.
var verb = regexp.MustCompile(`%(\[\d\])?[-+.0-9]*(\[\d\])?[a-zA-Z]`)

// spoken lists what a file says to people, with X in the place of what is computed: what say and ask print, what errors
// and refusals say, and the help of flags.
func spoken(t *testing.T, file string) []string {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(tree, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.Field:
			if x.Tag != nil {
				tag, _ := strconv.Unquote(x.Tag.Value)
				out = append(out, os.Expand(reflect.StructTag(tag).Get("help"), func(string) string { return "X" }))
			}
		case *ast.CallExpr:
			name := ""
			switch f := x.Fun.(type) {
			case *ast.SelectorExpr:
				name = f.Sel.Name
			case *ast.Ident:
				name = f.Name
			}
			if slices.Contains([]string{"say", "ask", "Errorf", "New", "Sprintf", "words", "heads", "table"}, name) {
				for _, arg := range x.Args {
					out = append(out, literal(arg))
				}
			}
			if name == "several" {
				out = append(out, "1 "+literal(x.Args[1]), "2 "+literal(x.Args[1])+"s")
			}
		case *ast.AssignStmt:
			for _, r := range x.Rhs {
				if x.Tok != token.ADD_ASSIGN { // what is added is no text by itself
					out = append(out, literal(r))
				}
			}
		case *ast.ReturnStmt:
			for _, r := range x.Results {
				out = append(out, literal(r))
			}
		case *ast.KeyValueExpr:
			if key, ok := x.Key.(*ast.Ident); !ok || key.Name != "Message" && key.Name != "Hint" { // a finding's own
				out = append(out, literal(x.Value))
			}
		}
		return true
	})
	return out
}

// literal is a text that stands in the source, or is put together there; "" = it is none.
func literal(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.BasicLit:
		if x.Kind == token.STRING {
			s, _ := strconv.Unquote(x.Value)
			s = strings.ReplaceAll(s, "%q", `"X"`)
			return strings.ReplaceAll(verb.ReplaceAllString(s, "X"), "%%", "%")
		}
	case *ast.BinaryExpr:
		left, right := literal(x.X), literal(x.Y)
		if left == "" && right == "" {
			return ""
		}
		or := func(s string) string {
			if s == "" {
				return "X"
			}
			return s
		}
		return or(left) + or(right)
	}
	return ""
}

// heading is a word that stands alone.
var heading = regexp.MustCompile(`^[A-Z][a-z]+$`)

// silent are texts that are English, and stay so: they are commands to type, machines read them, or they say nothing.
var silent = regexp.MustCompile(`^(X|X[hms]|\W|\d)*$|^curl |^-d |^m X |listens on|^panic: |[\p{Han}]|^panic|^[a-z-]+$`)

func TestEveryWordIsSaidInChinese(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	all := report.ReadPhrases(strings.ReplaceAll(wordsText, "\n\n~", "\n\n")) // those that are a part of others, too
	seen := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, text := range spoken(t, file) {
			for line := range strings.SplitSeq(text, "\n") {
				line = strings.TrimSpace(strings.TrimLeft(line, "! "))
				if silent.MatchString(line) || !strings.Contains(line, " ") && !heading.MatchString(line) {
					continue
				}
				seen++
				for _, lang := range []string{"zh-Hant", "zh-Hans"} {
					_, finding := report.Say(lang, line)
					if _, ok := all.Say(lang, line); !ok && !finding {
						t.Errorf("%s: nothing in words.txt says in %s: %s", file, lang, line)
					}
				}
			}
		}
	}
	if seen < 150 {
		t.Errorf("only %d texts were found: are they written in another way now?", seen)
	}
}

// TestWordsAreInOrder: three lines each, in the order of the first, that speak of the same holes.
func TestWordsAreInOrder(t *testing.T) {
	t.Parallel()
	holes := regexp.MustCompile(`\{\d\}`)
	before := ""
	for block := range strings.SplitSeq(strings.TrimSpace(wordsText), "\n\n") {
		lines := strings.Split(block, "\n")
		if len(lines) != 3 || lines[0] <= before {
			t.Fatalf("not three lines, or not in order behind %q:\n%s", before, block)
		}
		before = lines[0]
		for _, line := range lines[1:] {
			for _, h := range holes.FindAllString(lines[0], -1) {
				if !strings.Contains(strings.ReplaceAll(line, "{=", "{"), h) {
					t.Errorf("%s of %q is not in %q", h, lines[0], line)
				}
			}
		}
	}
}

func TestTheTerminalsLanguageIsSpoken(t *testing.T) {
	t.Parallel()
	var out, wrong bytes.Buffer
	in := strings.NewReader("person\n\n\nq\n")
	s := &Streams{In: in, Out: &out, Err: &wrong, Lang: "zh-Hans"}
	if code := execute(t.Context(), []string{"play", sunshine + "/visitor.yaml"}, s); code != 0 {
		t.Fatalf("exit %d: %s", code, wrong.String())
	}
	mustHave(t, out.String(), "来访人士接待", "发起。每一项由第一个能做的人做", "必须填写")
	if code := execute(t.Context(), []string{"check", "nowhere"}, s); code != 1 {
		t.Errorf("exit %d", code)
	}
	mustHave(t, wrong.String(), "guicheng: 没有 nowhere：请写单位的文件夹，或其中的 .yaml 文件")
	out.Reset()
	if code := execute(t.Context(), nil, s); code != 0 {
		t.Errorf("exit %d", code)
	}
	mustHave(t, out.String(), "检查程序，与部署时一样。")
}
