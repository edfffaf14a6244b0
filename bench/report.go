package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-analyze/charts"
)

// report writes the last recorded results into docs/performance.md, between its marks, and draws them.
func report(args []string) error {
	f := flag.NewFlagSet("report", flag.ContinueOnError)
	results := f.String("results", "results", "folder of the results")
	docs := f.String("docs", "../docs", "folder of performance.md and the charts")
	if err := f.Parse(args[1:]); err != nil {
		return err
	}
	table, err := latest(*results, "table", "")
	if err != nil {
		return err
	}
	scale, err := latest(*results, "scale", "")
	if err != nil {
		return err
	}
	if table == nil || scale == nil {
		return fmt.Errorf("%s has no results of table and scale: measure first", *results)
	}
	name := filepath.Join(*docs, "performance.md")
	raw, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	text := string(raw)
	for mark, with := range map[string]string{"table": table.markdown(), "scale": scale.scaleMarkdown()} {
		if text, err = between(text, mark, with); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return errors.Join(
		os.WriteFile(name, []byte(text), 0o644), //nolint:gosec // a page for all to read
		table.chart(overSQLite, filepath.Join(*docs, "performance-sqlite.svg")),
		table.chart(overPostgres, filepath.Join(*docs, "performance-postgres.svg")))
}

// between writes with between the marks of a name.
func between(text, mark, with string) (string, error) {
	open, shut := "<!-- "+mark+" -->\n", "<!-- end of "+mark+" -->"
	before, rest, ok := strings.Cut(text, open)
	_, after, ok2 := strings.Cut(rest, shut)
	if !ok || !ok2 {
		return "", fmt.Errorf("the marks %q and %q are not there", strings.TrimSpace(open), shut)
	}
	return before + open + with + shut + after, nil
}

// head says when, where and how a run was made.
func (r *result) head() string {
	return fmt.Sprintf("%s · %s · %s · load of the machine before: %s · `%s`\n\n", r.Date.Format(time.DateOnly),
		r.Machine, r.Go, r.Load, r.Command)
}

func (r *result) markdown() string {
	var b strings.Builder
	b.WriteString(r.head())
	fmt.Fprintf(&b, "Median of %d rounds of %s (least–greatest).\n\n", r.Rounds, r.Window)
	b.WriteString("| store | who | clients | steps/s | of the limit | of dbos | p50 ms | p99 ms | CPU µs | " +
		"allocations | bytes of a case |\n|---|---|---|---|---|---|---|---|---|---|---|\n")
	for _, l := range r.Lines {
		bytes := ""
		if l.CaseBytes > 0 {
			bytes = fmt.Sprintf("%.0f", l.CaseBytes)
		}
		fmt.Fprintf(&b, "| %s | %s | %d | %s | %s | %s | %s | %s | %.0f | %.0f | %s |\n", l.Store, l.Who, l.Clients,
			l.Rate.say("%.0f"), l.OfLimit.say("%.2f"), l.OfDBOS.say("%.1f"), l.P50.say("%.1f"), l.P99.say("%.0f"),
			l.CPU.Median, l.Allocs.Median, bytes)
	}
	if c := r.Core; c != nil {
		fmt.Fprintf(&b, "\nThe core: one `Step` takes %s µs and %.0f allocations; CEL's share of it %s µs, %.1f %%; "+
			"encoding the state %s µs beside it.\n",
			c.Step.say("%.1f"), c.Allocs, c.CEL.say("%.2f"), c.celPart(), c.Encode.say("%.1f"))
	}
	if r.Nodes != nil {
		fmt.Fprintf(&b, "\nTwo nodes on one PostgreSQL against one, 32 clients in all: %s.\n", r.Nodes.say("%.2f"))
	}
	return b.String()
}

func (r *result) scaleMarkdown() string {
	var b strings.Builder
	s := r.Scale
	b.WriteString(r.head())
	fmt.Fprintf(&b, "%d open tasks and %d rows of history, loaded in %.0f s: %.1f GB.\n\n", s.Open, s.History,
		s.LoadSecs, float64(s.Bytes)/1e9)
	b.WriteString("| read | p50 ms | p99 ms |\n|---|---|---|\n")
	for _, q := range []struct {
		name string
		q    quantiles
	}{{"inbox of five posts, 50 tasks, by hand", s.Bare}, {"the same by the store", s.Page},
		{"the same by the engine, with rights and counts", s.Desk}, {"counts of five posts, capped at 1,000", s.Counts}} {
		fmt.Fprintf(&b, "| %s | %.2f | %.2f |\n", q.name, q.q.P50, q.q.P99)
	}
	b.WriteString("\n| one node, 8 people | ready ms | steps/s | p50 ms | p99 ms | CPU µs | idle MiB | busy MiB |\n" +
		"|---|---|---|---|---|---|---|---|\n")
	for _, n := range []struct {
		name string
		r    nodeReport
	}{{fmt.Sprintf("%d open tasks", s.Few), s.Few5k}, {fmt.Sprintf("%d open tasks", s.Open), s.Many},
		{fmt.Sprintf("%d timers overdue", s.Timers.Overdue), s.Timers}, {"many versions deployed", s.Versions}} {
		fmt.Fprintf(&b, "| %s | %.0f | %.0f | %.1f | %.1f | %.0f | %.0f | %.0f |\n", n.name, n.r.Ready, n.r.Rate,
			n.r.Step.P50, n.r.Step.P99, n.r.CPU, n.r.Idle, n.r.Busy)
	}
	fmt.Fprintf(&b, "\nMeanwhile %.0f overdue timers a second were fired, each moving its case. A step at %d open tasks "+
		"against %d: %.2f of the CPU, %.2f of the median.\n", s.Timers.Fired, s.Open, s.Few, s.Many.CPU/s.Few5k.CPU,
		s.Many.Step.P50/s.Few5k.Step.P50)
	return b.String()
}

// chart draws steps a second of all who ran on a store.
func (r *result) chart(store, name string) error {
	var clients, who []string
	rates := map[string][]float64{}
	for _, l := range r.Lines {
		if l.Store != store {
			continue
		}
		if len(rates[l.Who]) == 0 {
			who = append(who, l.Who)
		}
		if len(who) == 1 {
			clients = append(clients, fmt.Sprintf("%d clients", l.Clients))
		}
		rates[l.Who] = append(rates[l.Who], l.Rate.Median)
	}
	var data [][]float64
	for _, w := range who {
		data = append(data, rates[w])
	}
	o := charts.NewBarChartOptionWithData(data)
	o.Title.Text = fmt.Sprintf("W3 on %s, steps a second, %s", store, r.Date.Format(time.DateOnly))
	o.CategoryAxis.Labels = clients
	o.Legend.SeriesNames = who
	o.Legend.Offset = charts.OffsetRight
	p := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputSVG, Width: 860, Height: 380})
	if err := p.BarChart(o); err != nil {
		return err
	}
	raw, err := p.Bytes()
	if err != nil {
		return err
	}
	return os.WriteFile(name, raw, 0o644) //nolint:gosec // a picture for all to see
}
