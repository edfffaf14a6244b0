package main

import (
	_ "embed"
	"io"
	"strings"
	"sync"

	"github.com/alecthomas/kong"

	"github.com/guicheng/guicheng/definitions/report"
)

// wordsText says what the commands say in Chinese, as definitions/report/phrases.txt says the findings.
//
//go:embed words.txt
var wordsText string

var words = sync.OnceValue(func() *report.Phrases { return report.ReadPhrases(wordsText) })

// playsText says what plays expect, what they come to, and each deed and event on the way.
//
//go:embed plays.txt
var playsText string

var plays = sync.OnceValue(func() *report.Phrases { return report.ReadPhrases(playsText) })

// sayPlay puts what a play expected or came to into a language; what has no phrase stays.
func sayPlay(lang, english string) string {
	if said, ok := plays().Say(lang, english); ok {
		return said
	}
	return english
}

// sayTrace puts a line of a play into a language: its deed, or each of its events.
func sayTrace(lang, line string) string {
	parts := strings.Split(line, "  ")
	for i, part := range parts {
		events := strings.Split(part, " · ")
		for j, event := range events {
			events[j] = sayPlay(lang, event)
		}
		parts[i] = strings.Join(events, " · ")
	}
	return strings.Join(parts, "  ")
}

// say puts English words into a language, line by line; a mark before them stays, and so does what has no phrase: a
// name, or an error of the system.
func say(lang, english string) string {
	if lang == "en" {
		return english
	}
	lines := strings.SplitAfter(english, "\n")
	for i, line := range lines {
		core := strings.TrimLeft(line, "! ")
		before := line[:len(line)-len(core)]
		core = strings.TrimRight(core, " \n")
		after := line[len(before)+len(core):]
		if said, ok := words().Say(lang, core); ok {
			lines[i] = before + said + after
		}
	}
	return strings.Join(lines, "")
}

// commas lists names in a language.
func commas(lang string, names []string) string {
	if lang == "en" {
		return strings.Join(names, ", ")
	}
	return strings.Join(names, "、")
}

// helpIn puts the help of a command and of all within it into a language.
func helpIn(n *kong.Node, lang string) {
	n.Help = say(lang, n.Help)
	for _, f := range n.Flags {
		f.Help = say(lang, f.Help)
	}
	for _, p := range n.Positional {
		p.Help = say(lang, p.Help)
	}
	for _, child := range n.Children {
		helpIn(child, lang)
	}
}

// helpPrinter prints help with kong's own words around it in the language, too.
func helpPrinter(s *Streams) kong.HelpPrinter {
	return func(options kong.HelpOptions, ctx *kong.Context) error {
		var text strings.Builder
		ctx.Stdout = &text
		if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
			return err
		}
		_, err := io.WriteString(s.Out, say(s.language(""), text.String()))
		return err
	}
}
