package main

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/guicheng/guicheng/api"
	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/engine/sim/year"
)

// statuses are how cases are over that did not reach an end.
var statuses = map[string]string{
	"done": "Done", "cancelled": "Cancelled", "revoked": "Revoked", "frozen": "Frozen",
}

// yearText is the report of a year as people read it.
func yearText(r *year.Report, b *definitions.Bundle, lang string) string {
	p := &yearPrinter{r: r, b: b, lang: lang}
	p.line(p.words("%s: %d days from %s, seed %d", p.title(r.Office), r.Days,
		r.From.In(b.Office.Zone).Format(time.DateOnly), r.Seed))
	p.cases()
	p.steps()
	p.posts()
	p.refused()
	p.line("")
	if s := r.Bottleneck(); s != nil {
		p.line(p.words("Bottleneck: %s, “%s” (%s): %s of waiting in all.", p.procedure(s.Procedure), p.title(s.Title),
			p.titles(s.Posts), span(s.Wait)))
	} else {
		p.line(p.words("No bottleneck: no task ever waited."))
	}
	return p.out.String()
}

type yearPrinter struct {
	r    *year.Report
	b    *definitions.Bundle
	lang string
	out  strings.Builder
}

func (p *yearPrinter) words(format string, args ...any) string {
	return say(p.lang, fmt.Sprintf(format, args...))
}

// title says a title of the office in the language of the report.
func (p *yearPrinter) title(title string) string { return p.b.Office.Say(p.lang, title) }

func (p *yearPrinter) procedure(id string) string {
	if proc := p.b.Procedure(id); proc != nil {
		return p.title(proc.Title)
	}
	return id
}

func (p *yearPrinter) titles(posts []string) string {
	var out []string
	for _, id := range posts {
		for _, post := range p.b.Office.Posts {
			if post.ID == id {
				out = append(out, p.title(post.Title))
			}
		}
	}
	if len(out) == 0 {
		return p.words("whoever is named")
	}
	return commas(p.lang, out)
}

func (p *yearPrinter) line(text string) { p.out.WriteString(text + "\n") }

func (p *yearPrinter) cases() {
	t := [][]string{p.heads("Procedure", "Begun", "Running", "Median time", "Longest", "Outcomes")}
	for _, x := range p.r.Procedures {
		var ends []string
		for _, o := range x.Outcomes {
			title := p.title(o.Title)
			if s, ok := statuses[o.ID]; ok && o.Title == o.ID {
				title = say(p.lang, s)
			}
			ends = append(ends, fmt.Sprintf("%s %d", title, o.Cases))
		}
		t = append(t, []string{p.title(x.Title), strconv.Itoa(x.Begun), strconv.Itoa(x.Running), span(x.Median),
			span(x.Longest), commas(p.lang, ends)})
	}
	p.table("Cases", t)
}

func (p *yearPrinter) steps() {
	t := [][]string{p.heads("Procedure", "Step", "Posts", "Done", "Mistakes", "Taken away", "Median wait", "Wait in all",
		"Work in all", "Late")}
	for _, x := range p.r.Steps {
		late := "-"
		if x.Clocked {
			late = percent(x.LateShare())
		}
		t = append(t, []string{p.procedure(x.Procedure), p.title(x.Title), p.titles(x.Posts), strconv.Itoa(x.Done),
			strconv.Itoa(x.Mistakes), strconv.Itoa(x.Lost), span(x.Median), span(x.Wait), span(x.Work), late})
	}
	p.table("Steps (working time; those that waited most first)", t)
}

func (p *yearPrinter) posts() {
	t := [][]string{p.heads("Posts", "Holders", "Work in all", "Load")}
	for _, x := range p.r.Posts {
		t = append(t, []string{p.title(x.Title), strconv.Itoa(x.Holders), span(x.Worked), percent(x.Load)})
	}
	p.table("Posts", t)
}

func (p *yearPrinter) refused() {
	if len(p.r.Refused) == 0 {
		return
	}
	t := [][]string{p.heads("Procedure", "Step", "Field", "Refusal", "Times")}
	for _, x := range p.r.Refused {
		t = append(t, p.refusal(x))
	}
	p.table("Not played (no play shows what to fill in)", t)
}

// refusal says what could not be played, by its titles, and why in a server's words.
func (p *yearPrinter) refusal(x year.RefusedLine) []string {
	step, field, proc := p.words("the start"), x.Field, p.b.Procedure(x.Procedure)
	if st := proc.Steps[x.Step]; st != nil {
		step = p.title(cmp.Or(st.Title, x.Step))
	}
	if f := fieldAt(proc, x.Field); f != nil {
		field = p.title(cmp.Or(f.Title, x.Field))
	}
	told := api.Problem(&engine.Error{
		Code: string(x.Why.Code), Args: x.Why.Args, Say: x.Why.Say, Fields: x.Why.Fields,
	}, p.lang)
	why := told.Detail
	if len(told.Fields) > 0 {
		why = told.Fields[0].Detail
	}
	return []string{p.procedure(x.Procedure), step, field, p.title(why), strconv.Itoa(x.Times)}
}

func (p *yearPrinter) heads(words ...string) []string {
	out := make([]string, len(words))
	for i, word := range words {
		out[i] = say(p.lang, word)
	}
	return out
}

func (p *yearPrinter) table(title string, t [][]string) {
	p.line("")
	p.line(say(p.lang, title))
	p.out.WriteString(report.Table("  ", t))
}

func percent(x float64) string { return strconv.FormatFloat(100*x, 'f', 0, 64) + " %" }

// span writes a time as 72h, 5h 30m, 12m or 40s.
func span(d time.Duration) string {
	if d < time.Minute {
		return strconv.Itoa(int(d.Seconds())) + "s"
	}
	minutes := int(d.Round(time.Minute).Minutes())
	hours := minutes / 60
	switch {
	case hours == 0:
		return strconv.Itoa(minutes) + "m"
	case hours < 48:
		return fmt.Sprintf("%dh %02dm", hours, minutes%60)
	}
	return strconv.Itoa(hours) + "h"
}
