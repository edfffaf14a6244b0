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

// readable shows errors first, then warnings, then texts without a translation, of these the first few only unless
// all is set.
func readable(problems []report.Problem, texts map[string][]byte, all bool) string {
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
	out := rendered(wrong, texts) + rendered(warned, texts)
	if all {
		return out + rendered(untranslated, texts)
	}
	return out + fewOf(untranslated, texts)
}

// fewOf shows the first untranslated texts of each language and counts the others.
func fewOf(problems []report.Problem, texts map[string][]byte) string {
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
		out.WriteString(rendered(list[:n], texts))
		if more := len(list) - n; more > 0 {
			fmt.Fprintf(&out, "… and %d more texts without %s (--all shows them)\n", more, lang)
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
