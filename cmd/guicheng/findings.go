package main

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
)

// untranslatedShown is how many texts without a translation are shown of each language: they would bury the rest.
const untranslatedShown = 3

// several counts things by their name.
func several(n int, name string) string {
	if n == 1 {
		return "1 " + name
	}
	return strconv.Itoa(n) + " " + name + "s"
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
			out.WriteString(say(f.lang, fmt.Sprintf("… and %s without %s (--all shows them)\n", several(more, "more text"),
				lang)))
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

// passedOver finds files that look like an office's and are not read, because their names end otherwise.
func passedOver(folders []*folder) []report.Problem {
	var out []report.Problem
	for _, f := range folders {
		if f.only != nil {
			continue // certain files were asked for
		}
		names, _ := filepath.Glob(filepath.Join(f.dir, "*.[yY]*[mM][lL]")) // the pattern is right
		for _, name := range names {
			if filepath.Ext(name) != ".yaml" {
				out = append(out, report.Problem{Place: report.Place{File: name}, Code: "not-read",
					Severity: report.Warning, Message: "this file is not read: its name does not end in .yaml",
					Hint: "rename it"})
			}
		}
	}
	return out
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
