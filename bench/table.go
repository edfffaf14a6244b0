package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"
)

// tableOptions are the flags of the table.
type tableOptions struct {
	stores       []string
	clients      []int
	rounds       int
	warm, window time.Duration
	cases        int // for the bytes of a case; 0 = do not ask
	only         []string
}

// key is a line of the table before it has figures.
type key struct {
	store, who string
	clients    int
}

// runTable measures. In each round every contestant has its turn at every number of clients, those that are compared
// right after one another; the order turns with the rounds.
func runTable(ctx context.Context, o tableOptions, r *result) error {
	all := o.wanted(contestants(o.stores))
	samples := map[key][]sample{}
	for round := range o.rounds {
		for _, clients := range o.clients {
			for i := range all {
				c := all[(i+round)%len(all)]
				err := c.with(ctx, clients, func(p *player) error {
					s, err := measure(ctx, p, clients, o.warm, o.window)
					k := key{c.store, c.name, clients}
					samples[k] = append(samples[k], s)
					return err
				})
				if err != nil {
					return fmt.Errorf("%s on %s, %d clients: %w", c.name, c.store, clients, err)
				}
			}
			fmt.Fprintf(os.Stderr, "round %d of %d: %d clients done\n", round+1, o.rounds, clients)
		}
	}
	for _, c := range all {
		for _, clients := range o.clients {
			r.Lines = append(r.Lines, newLine(key{c.store, c.name, clients}, samples))
		}
		if o.cases > 0 {
			bytes, err := bytesOfCase(ctx, c, o.cases)
			if err != nil {
				return fmt.Errorf("bytes of %s on %s: %w", c.name, c.store, err)
			}
			r.Lines[len(r.Lines)-1].CaseBytes = bytes
		}
	}
	return nil
}

func (o tableOptions) wanted(all []contestant) []contestant {
	if len(o.only) == 0 {
		return all
	}
	var out []contestant
	for _, c := range all {
		for _, name := range o.only {
			if c.name == name {
				out = append(out, c)
			}
		}
	}
	return out
}

func newLine(k key, samples map[key][]sample) line {
	of := func(f func(sample) float64) spread {
		var values []float64
		for _, s := range samples[k] {
			values = append(values, f(s))
		}
		return spreadOf(values)
	}
	ratio := func(to key) spread {
		var values []float64
		if to != k {
			for i, s := range samples[k] {
				if i < len(samples[to]) {
					values = append(values, s.rate/samples[to][i].rate)
				}
			}
		}
		return spreadOf(values)
	}
	l := line{
		Store: k.store, Who: k.who, Clients: k.clients, Rate: of(func(s sample) float64 { return s.rate }),
		P50:        of(func(s sample) float64 { return s.p50.Seconds() * 1e3 }),
		P99:        of(func(s sample) float64 { return s.p99.Seconds() * 1e3 }),
		CPU:        of(func(s sample) float64 { return s.cpu.Seconds() * 1e6 }),
		Allocs:     of(func(s sample) float64 { return s.allocs }),
		AllocBytes: of(func(s sample) float64 { return s.allocBytes }),
		OfLimit:    ratio(key{k.store, theLimit, k.clients}),
	}
	if k.who == theEngine || k.who == theHTTP {
		l.OfDBOS = ratio(key{overPostgres, theDBOS, k.clients})
	}
	return l
}

// print writes the table, each figure as median (min to max), beside the last recorded run.
func (r *result) print(w io.Writer, before *result) error {
	fmt.Fprintf(w, "%s, %s, %s, load %s, %d rounds of %s\n\n", r.Date.Format(time.DateOnly), r.Machine, r.Go, r.Load,
		r.Rounds, r.Window)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "store\twho\tclients\tsteps/s\tof limit\tof dbos\tp50 ms\tp99 ms\tCPU µs\tallocs\tkB\tbytes/case\t"+
		"to last run")
	for _, l := range r.Lines {
		last, bytes := "", ""
		if b := before.find(l.Store, l.Who, l.Clients); b != nil {
			last = fmt.Sprintf("%.2f", l.Rate.Median/b.Rate.Median)
		}
		if l.CaseBytes > 0 {
			bytes = fmt.Sprintf("%.0f", l.CaseBytes)
		}
		fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\t%.0f\t%.0f\t%.1f\t%s\t%s\n", l.Store, l.Who, l.Clients,
			l.Rate.say("%.0f"), l.OfLimit.say("%.2f"), l.OfDBOS.say("%.1f"), l.P50.say("%.1f"), l.P99.say("%.1f"),
			l.CPU.Median, l.Allocs.Median, l.AllocBytes.Median/1e3, bytes, last)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if c := r.Core; c != nil {
		fmt.Fprintf(w, "\ncore: one Step %s µs, %.0f allocations; CEL's share of it %s µs, %.1f %%; "+
			"the state encoded %s µs\n",
			c.Step.say("%.1f"), c.Allocs, c.CEL.say("%.2f"), c.celPart(), c.Encode.say("%.1f"))
	}
	if c := r.Check; c != nil {
		fmt.Fprintf(w, "check: a procedure of 200 steps %s ms, all that are shipped %s ms\n", c.Large.say("%.0f"),
			c.Shipped.say("%.0f"))
	}
	if r.Nodes != nil {
		fmt.Fprintf(w, "two nodes on one database against one: %s\n", r.Nodes.say("%.2f"))
	}
	return nil
}

// say shows the median, and how far the rounds were apart.
func (s spread) say(format string) string {
	if s == (spread{}) {
		return ""
	}
	return fmt.Sprintf(format+" ("+format+"–"+format+")", s.Median, s.Min, s.Max)
}
