package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/guicheng/guicheng/api"
	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/proof"
	"github.com/guicheng/guicheng/engine/sim"
	"github.com/guicheng/guicheng/store"
)

// HistoryCmd writes what the cases of a procedure have been through into a file, for replays. Private data stand in it
// as they are: it needs the machine and its files, and so gives nobody what he could not take.
type HistoryCmd struct {
	Office    string    `arg:"" help:"Id of the office."`
	Procedure string    `arg:"" help:"Id of the procedure."`
	Limit     int       `default:"1000" help:"The youngest so many cases (${default})."`
	Where     dataFlags `embed:""`
	Lang      string    `type:"lang" help:"zh-Hant, zh-Hans or en; absent: the terminal's."`
}

// Run writes the recording to the output.
func (c *HistoryCmd) Run(ctx context.Context, s *Streams) (err error) {
	db, err := c.Where.open(ctx, stopFirst)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rec, err := record(ctx, db, c.Office, c.Procedure, c.Limit)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(s.Out)
	enc.SetEscapeHTML(false)
	return enc.Encode(rec)
}

// record reads a recording from a store.
func record(ctx context.Context, db store.Store, office, procedure string, limit int) (*sim.Recording, error) {
	titles, err := titlesOf(ctx, db, office, procedure)
	if err != nil {
		return nil, err
	}
	people, err := db.People(ctx, office)
	if err != nil {
		return nil, err
	}
	out := &sim.Recording{Office: office, Procedure: procedure, Titles: titles, Cases: []sim.RecordedCase{}}
	for _, p := range people {
		out.People = append(out.People, sim.Recorded{
			ID: p.ID, Name: p.Name, Posts: p.Posts, Unit: p.Unit, Skills: p.Skills,
		})
	}
	q := store.CaseQuery{Procedure: procedure, Limit: 200}
	for {
		page, err := db.CasesOf(ctx, office, q)
		if err != nil {
			return nil, err
		}
		for _, row := range page.Items {
			if len(out.Cases) >= limit {
				return out, nil
			}
			c, err := recordCase(ctx, db, row)
			if err != nil {
				return nil, err
			}
			out.Cases = append(out.Cases, c)
		}
		if q.After = page.Next; q.After == "" {
			return out, nil
		}
	}
}

// titlesOf names the steps of all versions of a procedure, or says what there is instead.
func titlesOf(ctx context.Context, db store.Store, office, procedure string) (map[string]string, error) {
	offices, err := db.OfficeIDs(ctx)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(offices, office) {
		return nil, fmt.Errorf("there is no office %q; there are the offices: %s", office, strings.Join(offices, ", "))
	}
	newest, err := db.Version(ctx, office, procedure, 0)
	if errors.Is(err, store.ErrNotFound) {
		known, err := db.Versions(ctx, office)
		if err != nil {
			return nil, err
		}
		var ids []string
		for _, v := range known {
			if v.Procedure != "." { // the office itself
				ids = append(ids, v.Procedure)
			}
		}
		return nil, fmt.Errorf("%s has no procedure %q; it has: %s", office, procedure, strings.Join(ids, ", "))
	}
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for n := 1; n <= newest.Version; n++ {
		if err := addTitles(ctx, db, office, procedure, n, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func addTitles(ctx context.Context, db store.Store, office, procedure string, version int, to map[string]string) error {
	v, err := db.Version(ctx, office, procedure, version)
	if err != nil {
		return err
	}
	row, err := db.Bundle(ctx, office, v.Bundle)
	if err != nil {
		return err
	}
	files, err := engine.ReadFiles(row)
	if err != nil {
		return err
	}
	b, _ := definitions.Compile(files) // one of an earlier release may not be read any more: then ids must do
	if b == nil || b.Procedure(procedure) == nil {
		return nil
	}
	maps.Copy(to, b.Procedure(procedure).Titles())
	return nil
}

func recordCase(ctx context.Context, db store.Store, row store.CaseRow) (sim.RecordedCase, error) {
	out := sim.RecordedCase{
		Case: row.ID, Number: row.Number, Status: core.Status(row.Status), Outcome: row.Outcome,
	}
	for after := int64(0); ; {
		rows, err := db.History(ctx, row.Office, row.ID, after, 200)
		if err != nil || len(rows) == 0 {
			return out, err
		}
		for _, e := range rows {
			out.Events = append(out.Events, sim.RecordedEvent{At: e.At, Kind: e.Kind, Body: e.Body})
		}
		after = rows[len(rows)-1].Seq
	}
}

// ReplayCmd plays recorded cases against a new version of their procedure.
type ReplayCmd struct {
	New     string `arg:"" help:"The new version: an office's folder."`
	Against string `required:"" placeholder:"FILE" help:"Recorded cases, as guicheng history writes them; - = the input."`
	Lang    string `type:"lang" help:"zh-Hant, zh-Hans or en; absent: the terminal's language."`
	Format  string `enum:"text,json" default:"text" help:"text or json."`
}

// Run lists the cases that would have gone otherwise. That some do is no error.
func (c *ReplayCmd) Run(s *Streams) error {
	files, err := versionAt(c.New)
	if err != nil {
		return err
	}
	bundle, problems := proof.Check(unplaced(files))
	if bundle == nil {
		fmt.Fprint(s.Out, report.List(s.language(c.Lang), problems, nil))
		return failed{"the new version has errors"}
	}
	rec, err := readRecording(s.In, c.Against)
	if err != nil {
		return err
	}
	list, err := sim.Replay(bundle, rec)
	if err != nil {
		return err
	}
	if c.Format == "json" {
		enc := json.NewEncoder(s.Out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(list)
	}
	tellReplay(s.Out, bundle.Procedure(rec.Procedure), rec.Titles, list, s.language(c.Lang))
	return nil
}

func readRecording(in io.Reader, file string) (*sim.Recording, error) {
	if file != "-" {
		f, err := os.Open(file)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no recording %s: guicheng history writes one", file)
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		defer f.Close() //nolint:errcheck // it was only read
		in = f
	}
	rec := &sim.Recording{}
	if err := json.NewDecoder(in).Decode(rec); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s is no recording, as guicheng history writes them: %w", file, err)
	}
	if rec.Procedure == "" || rec.Cases == nil {
		return nil, fmt.Errorf("%s is no recording, as guicheng history writes them", file)
	}
	return rec, nil
}

// tellReplay lists the cases that would have gone otherwise, and counts all.
func tellReplay(out io.Writer, p *definitions.Procedure, titles map[string]string, list []sim.Replayed, lang string) {
	same := 0
	for _, r := range list {
		if r.Fate == sim.Likewise {
			same++
			continue
		}
		fmt.Fprintf(out, "  %s  %s\n", r.Number, sayReplayed(p, titles, r, lang))
	}
	fmt.Fprint(out, say(lang, fmt.Sprintf("%s, %d of them would have gone the same way\n", several(len(list), "case"),
		same)))
}

// sayReplayed says where a case would have gone otherwise, and how.
func sayReplayed(p *definitions.Procedure, titles map[string]string, r sim.Replayed, lang string) string {
	known := map[string]string{}
	for id, was := range titles { // any order: each has its own place
		known[id] = p.Office.Say(lang, was)
	}
	maps.Copy(known, p.TitlesIn(lang)) // but what the new version has no more
	title := func(step string) string { return report.Among(known, step) }
	open := make([]string, len(r.Open))
	for i, step := range r.Open {
		open[i] = title(step)
	}
	what := ""
	switch r.Fate {
	case sim.Otherwise:
		what = otherwise(r, title, commas(lang, open))
	case sim.Refused:
		field := r.Where
		if f := fieldAt(p, r.Where); f != nil && f.Title != "" {
			field = p.Office.Say(lang, f.Title)
		}
		what = wouldRefuse(r, p.ID, title(r.Step), field, sayRefusal(p, r, lang))
	case sim.GotStuck:
		what = gotStuck(title(r.Step), title(r.Where), sayPlay(lang, r.Why))
	case sim.NotPlayed, sim.Likewise:
		what = fmt.Sprintf("from here on it cannot be played again: Guicheng cannot read its event “%s”", r.Why)
	}
	return r.At.In(p.Office.Zone).Format(time.DateOnly+" 15:04") + " " + say(lang, what)
}

// sayRefusal says why something was refused: by its code, or in the words of the check that does not hold.
func sayRefusal(p *definitions.Procedure, r sim.Replayed, lang string) string {
	code := core.Code(r.Why)
	words, ok := refusals[code]
	if fault, known := faultWords[r.Fault]; known && code == core.Invalid {
		words, ok = fault, true
	}
	if ok {
		return say(lang, words)
	}
	titled := func(code string) string { return api.Problem(&engine.Error{Code: code}, lang).Title }
	if title := titled(r.Why); title != titled(engine.CodeInternal) { // it is a code
		return title
	}
	return p.Office.Say(lang, r.Why)
}

// faultWords say what is wrong with what was filled in.
var faultWords = map[string]string{
	"required": "this must be filled in", "not-asked": "this is not asked for here", "option": "it is none of the options",
	"min": "it is below the least that may be", "max": "it is above the most that may be",
}

// otherwise says how a case would have gone another way; open names what would be open instead.
func otherwise(r sim.Replayed, title func(step string) string, open string) string {
	switch {
	case r.Step == "" && r.Where != "":
		return fmt.Sprintf("it ended with %s: by the new version it would end with %s", title(r.Why), title(r.Where))
	case r.Step == "":
		return "it ended: by the new version it would not have, but wait for: " + open
	case open == "":
		return fmt.Sprintf("%s did “%s”: by the new version the case would be over then, or nothing wait for it", r.Person,
			title(r.Step))
	}
	return fmt.Sprintf("%s did “%s”: by the new version it would not be open then, but these would: %s", r.Person,
		title(r.Step), open)
}

// gotStuck says after what and where a case could not go on, and why.
func gotStuck(step, where, why string) string {
	switch {
	case step == "":
		return fmt.Sprintf("by the new version it would be stuck by then (%s)", why)
	case where == "":
		return fmt.Sprintf("after “%s”: by the new version it would be stuck (%s)", step, why)
	}
	return fmt.Sprintf("after “%s”: by the new version it would be stuck at “%s” (%s)", step, where, why)
}

// wouldRefuse says what the new version would refuse, and why.
func wouldRefuse(r sim.Replayed, procedure, step, field, why string) string {
	what := fmt.Sprintf("%s did “%s”", r.Person, step)
	if r.Step == procedure {
		what = r.Person + " began it"
	}
	if field != "" {
		return fmt.Sprintf("%s: the new version would refuse it because of “%s” (%s)", what, field, why)
	}
	return fmt.Sprintf("%s: the new version would refuse it (%s)", what, why)
}
