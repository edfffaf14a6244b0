package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
)

// untranslatedShown is how many texts without a translation are shown of each language: they would bury the rest.
const untranslatedShown = 3

// labels are the words around findings, by language.
var labels = map[string]struct{ count, more, hidden string }{
	"zh-Hant": {"%d 個檔案，%d 個錯誤，%d 個警告\n", "……還有 %d 段文字沒有 %s 譯文（--all 全部列出）\n", "%d 個警告：guicheng check %s 會列出\n"},
	"zh-Hans": {"%d 个文件，%d 个错误，%d 个警告\n", "……还有 %d 段文字没有 %s 译文（--all 全部列出）\n", "%d 个警告：guicheng check %s 会列出\n"},
	"en": {"%d files, %d errors, %d warnings\n", "… and %d more texts without %s (--all shows them)\n",
		"%d warnings: guicheng check %s shows them\n"},
}

// findings shows problems on a terminal.
type findings struct {
	lang  string
	texts map[string][]byte // of the files, as they stand on the disk
	all   bool              // every text without a translation
}

func (f findings) list(problems []report.Problem) string {
	return report.List(f.lang, problems, sourceIn(f.texts))
}

// readable shows errors first, then warnings, then texts without a translation, of these the first few only unless
// all is set.
func (f findings) readable(problems []report.Problem) string {
	var wrong, warned, untranslated []report.Problem
	for _, p := range problems {
		switch {
		case p.Severity == report.Error:
			wrong = append(wrong, p)
		case p.Code == definitions.Untranslated:
			untranslated = append(untranslated, p)
		default:
			warned = append(warned, p)
		}
	}
	out := f.list(wrong) + f.list(warned)
	if f.all {
		return out + f.list(untranslated)
	}
	return out + f.few(untranslated)
}

// few shows the first untranslated texts of each language and counts the others.
func (f findings) few(problems []report.Problem) string {
	byLanguage := map[string][]report.Problem{}
	var languages []string
	for _, p := range problems {
		lang := languageOf(p)
		if byLanguage[lang] == nil {
			languages = append(languages, lang)
		}
		byLanguage[lang] = append(byLanguage[lang], p)
	}
	var out strings.Builder
	for _, lang := range languages {
		list := byLanguage[lang]
		n := min(untranslatedShown, len(list))
		out.WriteString(f.list(list[:n]))
		if more := len(list) - n; more > 0 {
			fmt.Fprintf(&out, labels[f.lang].more, more, lang)
		}
	}
	return out.String()
}

// languageOf is the language that a text lacks: the second part of the name of the file that the hint names.
func languageOf(p report.Problem) string {
	_, rest, _ := strings.Cut(p.Hint+p.Message, "texts.")
	lang, _, _ := strings.Cut(rest, ".")
	return lang
}

// sameOffice finds folders that say they are the same office: on a server one would take the other's place.
func sameOffice(folders []*folder) []report.Problem {
	var out []report.Problem
	first := map[string]report.Place{}
	for _, f := range folders {
		id, at := definitions.OfficeID(f.files)
		if id == "" {
			continue
		}
		at.File = filepath.Join(f.dir, at.File)
		if was, taken := first[id]; taken {
			out = append(out, report.Problem{Place: at, Width: len(id), Code: "duplicate-office",
				Message: fmt.Sprintf("the office %s stands in two folders, here and at %s", id, was),
				Hint:    "give one of them another id"})
			continue
		}
		first[id] = at
	}
	return out
}
