package definitions

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	_ "time/tzdata"

	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/internal/golden"
)

const officeText = `office: sunshine
title: Sunshine
language: zh-Hant
zone: Asia/Shanghai
currency: CNY
posts: {gate: 大門崗, front-desk: 客服部, supervisor: 主管, admin: 行政部, m-and-e: 機電部}
superiors: {front-desk: supervisor}
types:
  unit-no: {type: text, pattern: '[A-Z][0-9]{1,2}-[0-9]{3,4}', hint: 例如 A12-0803}
`

// officeFiles gives a small office with the given files beside office.yaml: name, text, name, text.
func officeFiles(pairs ...string) []File {
	files := []File{{Name: "office.yaml", Text: []byte(officeText)}}
	for i := 0; i+1 < len(pairs); i += 2 {
		files = append(files, File{Name: pairs[i], Text: []byte(pairs[i+1])})
	}
	return files
}

func withoutTranslations(problems []report.Problem) []report.Problem {
	var out []report.Problem
	for _, p := range problems {
		if p.Code != "untranslated" {
			out = append(out, p)
		}
	}
	return out
}

func sources(files []File) func(string) []byte {
	return func(name string) []byte {
		for _, f := range files {
			if f.Name == name {
				return f.Text
			}
		}
		return nil
	}
}

// TestReports holds the whole report of each file in testdata/compile beside it. -update writes them.
func TestReports(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/compile/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal("no files in testdata/compile", err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files := officeFiles(filepath.Base(name), string(text))
			if filepath.Base(name) == "office.yaml" {
				files = []File{{Name: "office.yaml", Text: text}}
			}
			bundle, problems := Compile(files)
			if failed := report.Failed(problems); failed != (bundle == nil) {
				t.Errorf("failed = %v, but bundle = %v", failed, bundle)
			}
			got := report.Render(withoutTranslations(problems), sources(files))
			golden.Check(t, strings.TrimSuffix(name, ".yaml")+".txt", got)
		})
	}
}
