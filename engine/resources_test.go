package engine_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/internal/golden"
	"github.com/guicheng/guicheng/store"
)

// shopYAML is the office of the resource patterns, and shopStaff its people: ann keeps it; chan and wong sit at the
// desk; so and ho guard the east gate, li the west one; lam leads them all; fong keeps the books.
const shopYAML = `office: sun
title: Sun
language: en
zone: Asia/Shanghai
currency: CNY
posts: {desk: Desk, gate: Gate, boss: Supervisor, books: Accounts}
superiors: {desk: boss, gate: boss}
skills: {forklift: Forklift licence, height: Work at height}
units: {east: East station, west: West station}
`

func shopStaff() []store.PersonRow {
	return []store.PersonRow{
		{ID: "ann", Name: "Ann", Admin: true}, {ID: "chan", Name: "Chan", Posts: []string{"desk"}},
		{ID: "wong", Name: "Wong", Posts: []string{"desk"}},
		{ID: "so", Name: "So", Posts: []string{"gate"}, Unit: "east", Skills: []string{"forklift"}},
		{ID: "ho", Name: "Ho", Posts: []string{"gate"}, Unit: "east"},
		{ID: "li", Name: "Li", Posts: []string{"gate"}, Unit: "west", Skills: []string{"forklift", "height"}},
		{ID: "lam", Name: "Lam", Posts: []string{"boss"}},
		{ID: "fong", Name: "Fong", Posts: []string{"books"}},
	}
}

// TestResourcePatterns plays testdata/resources/*.txt on an engine with a store: one file for each resource pattern of
// workflowpatterns.com, with its number. A file is a procedure, then acts, each followed by ---- and what came of it.
func TestResourcePatterns(t *testing.T) {
	t.Parallel()
	shown := map[int]bool{}
	for _, name := range golden.Each(t, "testdata/resources/*.txt", playPattern) {
		number, err := strconv.Atoi(name[:2])
		if err != nil || name[2] != '_' {
			t.Errorf("%s does not begin with a pattern's number", name)
		}
		shown[number] = true
	}
	for number := 1; number <= 43; number++ {
		if !shown[number] {
			t.Errorf("resource pattern %d is not shown", number)
		}
	}
}

// TestActs plays testdata/acts/*.txt like the resource patterns: acts of an office that begin beside a case, by the
// directory of people, the calendar and the shelf of copies. Those within a case are in engine/core.
func TestActs(t *testing.T) {
	t.Parallel()
	golden.Each(t, "testdata/acts/*.txt", playPattern)
}

// shop is a world in which a pattern is played.
type shop struct {
	*world
	cases []string         // ids, as they were started
	seen  map[string]int64 // events that were told, by case
}

func playPattern(t *testing.T, text string) string {
	t.Helper()
	source, rest, _ := strings.Cut(text, "\n====\n")
	office, procedures := shopYAML, source
	if strings.HasPrefix(source, "office:") { // an office of its own comes first
		office, procedures, _ = strings.Cut(source, "\n---\n")
	}
	s := &shop{world: &world{t: t, store: openStore(t, ":memory:"), clock: newHandClock()}, seen: map[string]int64{}}
	s.open()
	s.must(s.Deploy(t.Context(), engine.Operator("sun"), []definitions.File{
		{Name: "office.yaml", Text: []byte(office)}, {Name: "p.yaml", Text: []byte(procedures)},
	}))
	for _, p := range shopStaff() {
		if err := s.PutPerson(t.Context(), engine.Operator("sun"), p); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	out.WriteString(source + "\n====\n")
	for act := range strings.SplitSeq(strings.TrimSpace(rest), "\n\n") {
		command, _, _ := strings.Cut(act, "\n----")
		s.clock.move(time.Second) // no two things happen at one moment
		out.WriteString("\n" + command + "\n----\n" + s.play(strings.TrimPrefix(command, "> ")))
	}
	return out.String()
}

// open starts an engine whose chance is the same each time, so that a transcript is.
func (s *shop) open() {
	s.t.Helper()
	e, err := engine.Open(s.t.Context(), engine.Options{
		Store: s.store, Clock: s.clock, Random: dice{}, Logger: slog.New(slog.NewTextHandler(testLog{s.t}, nil)),
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.Engine = e
	s.t.Cleanup(e.Close)
}

// dice always show the same.
type dice struct{}

func (dice) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// play does one act: `WHO VERB …`, or `after 3m`.
func (s *shop) play(line string) string {
	s.t.Helper()
	words := strings.Fields(line)
	if words[0] == "after" {
		d, err := time.ParseDuration(words[1])
		if err != nil {
			s.t.Fatal(err)
		}
		s.clock.move(d)
		s.quiet()
		return s.told()
	}
	who, verb := words[0], words[1]
	args := append(slices.Clone(words[2:]), "", "", "")
	_, values, _ := strings.Cut(line, " {")
	if values != "" {
		values = "{" + values
	}
	said, err := s.act(who, verb, args, values)
	s.quiet()
	if err != nil {
		return "refused: " + engine.CodeOf(err) + "\n"
	}
	return s.told() + said
}

// act plays the verbs; see the files.
func (s *shop) act(who, verb string, args []string, values string) (string, error) {
	ctx, a := s.t.Context(), as(who)
	switch verb {
	case "starts": // `starts PAY`: of several procedures
		return s.starts(who, strings.Trim(args[0], "{}"), values)
	case "sends":
		_, err := s.Send(ctx, a, engine.MessageRequest{
			Case: s.cases[s.nth(args[0])-1], Name: strings.Split(args[0], "@")[0], Values: json.RawMessage(values),
		})
		return "", err
	case "sees":
		return s.sees(who)
	case "lists":
		return s.list(who, listed(args))
	case "holds":
		return s.list(who, engine.InboxQuery{Mine: true})
	case "watches":
		return s.list(who, engine.InboxQuery{Team: true})
	case "urges", "copies", "comments":
		return "", s.says(who, verb, args)
	case "names":
		return "", s.names(who, args)
	case "copied": // what is sent to him for information, and whether he has read it
		return s.copied(who)
	case "opens": // `opens N`: the Nth of that
		list, err := s.Copies(ctx, a, "", "", 10)
		if err != nil {
			return "", err
		}
		return "", s.ReadCopy(ctx, a, list.Copies[s.number(args[0])-1].ID)
	case "asks": // who was sent the newest case, and who has read it
		return s.readers(who)
	case "suspends", "resumes": // `suspends N`: the Nth case
		do := s.Suspend
		if verb == "resumes" {
			do = s.Resume
		}
		_, err := do(ctx, a, s.cases[s.number(args[0])-1], engine.SuspendRequest{Reason: "why"})
		return "", err
	case "hands": // `hands SO LI`: all that is So's becomes Li's
		_, err := s.HandOver(ctx, a, engine.HandOverRequest{From: args[0], To: args[1]})
		return "", err
	}
	return s.onTask(who, verb, args, values)
}

// names appoints a substitute: `names HO` for an hour, `names HO 2h 5h` from then until then, `of:job` in one procedure
// only.
func (s *shop) names(who string, args []string) error {
	now := s.clock.Now()
	q := engine.SubstituteRequest{Substitute: args[0], Until: now.Add(time.Hour)}
	var hours []time.Time
	for _, arg := range args[1:] {
		if id, ok := strings.CutPrefix(arg, "of:"); ok {
			q.Procedures = append(q.Procedures, id)
		} else if d, err := time.ParseDuration(arg); err == nil {
			hours = append(hours, now.Add(d))
		}
	}
	if len(hours) == 2 {
		q.From, q.Until = hours[0], hours[1]
	}
	_, err := s.PutSubstitute(s.t.Context(), as(who), q)
	return err
}

func (s *shop) copied(who string) (string, error) {
	list, err := s.Copies(s.t.Context(), as(who), "", "", 10)
	var out strings.Builder
	for _, c := range list.Copies {
		state := map[bool]string{true: "read", false: "new"}[c.Read]
		fmt.Fprintf(&out, "%s %s from %s: %s\n", state, c.Number, c.ByName, c.Text)
	}
	return cmp.Or(out.String(), "nothing\n"), err
}

func (s *shop) readers(who string) (string, error) {
	said, err := s.Sayings(s.t.Context(), as(who), s.cases[len(s.cases)-1])
	var out strings.Builder
	for _, c := range said.Copies {
		fmt.Fprintf(&out, "%s %s\n", c.ToName, map[bool]string{true: "has read it", false: "has not read it"}[c.Read])
	}
	return out.String(), err
}

func (s *shop) number(text string) int {
	s.t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

func (s *shop) starts(who, procedure, values string) (string, error) {
	if procedure == "" || strings.HasPrefix(procedure, `"`) { // what follows are values
		procedures, err := s.Startable(s.t.Context(), as(who), "")
		if err != nil || len(procedures) == 0 {
			return "", err
		}
		procedure = procedures[0].ID
	}
	out, err := s.Start(s.t.Context(), as(who), engine.StartRequest{
		Procedure: procedure, Values: json.RawMessage(values),
	})
	if err == nil {
		s.cases = append(s.cases, out.Case)
	}
	return nextOf(out.Tasks), err
}

// nextOf says which tasks of a case the answer to an act hands to the person at once.
func nextOf(tasks []engine.TaskLine) string {
	var out strings.Builder
	for _, t := range tasks {
		fmt.Fprintf(&out, "next of the case: %s\n", t.Step)
	}
	return out.String()
}

// sees opens the newest case: what is open in it, and who has it.
func (s *shop) sees(who string) (string, error) {
	c, err := s.Case(s.t.Context(), as(who), "", s.cases[len(s.cases)-1])
	return lines(c.Open), err
}

// listed reads the filters of a list: `post:gate of:pay J2`.
func listed(args []string) (q engine.InboxQuery) {
	for _, arg := range args {
		if post, ok := strings.CutPrefix(arg, "post:"); ok {
			q.Post = post
		} else if procedure, ok := strings.CutPrefix(arg, "of:"); ok {
			q.Procedure = procedure
		} else if arg != "" {
			q.Number = arg
		}
	}
	return q
}

func (s *shop) says(who, verb string, args []string) error {
	q, id := engine.SayRequest{Text: strings.TrimSpace(strings.Join(args, " "))}, s.cases[len(s.cases)-1]
	q.Case = id
	var err error
	switch verb {
	case "urges":
		_, err = s.Urge(s.t.Context(), as(who), q)
	case "comments":
		_, err = s.Comment(s.t.Context(), as(who), q)
	case "copies":
		q.To, q.Text = []string{args[0]}, ""
		_, err = s.CopyCase(s.t.Context(), as(who), q)
	}
	return err
}

// onTask does an act on the task of a step, of the oldest case or, written step@2, of the second.
func (s *shop) onTask(who, verb string, args []string, values string) (string, error) {
	ctx, a, id := s.t.Context(), as(who), s.taskID(who, args[0])
	var err error
	switch verb {
	case "claims":
		_, err = s.Claim(ctx, a, id)
	case "begins":
		_, err = s.StartWork(ctx, a, id)
	case "releases":
		_, err = s.Release(ctx, a, id)
	case "drafts":
		err = s.SaveDraft(ctx, a, id, json.RawMessage(values))
	case "reads":
		view, err := s.Task(ctx, a, "", id)
		return fmt.Sprintf("draft %s\n", view.Draft), err
	case "may":
		view, err := s.Task(ctx, a, "", id)
		var out []string
		for _, act := range view.Acts {
			if act.May {
				out = append(out, act.Act)
			}
		}
		return "may " + strings.Join(out, ", ") + "\n", err
	case "transfers":
		_, err = s.Transfer(ctx, a, id, engine.TransferRequest{To: args[1], Keep: args[2] == "keep"})
	case "delegates":
		_, err = s.Delegate(ctx, a, id, engine.DelegateRequest{To: args[1]})
	case "adds":
		_, err = s.AddSigners(ctx, a, id, engine.SignersRequest{Place: args[1], People: []string{args[2]}})
	case "returns": // `returns CHECK LOOK`
		_, err = s.Return(ctx, a, id, engine.ReturnRequest{To: args[1]})
	case "recalls":
		c, err := s.Case(ctx, a, "", s.cases[0])
		if err != nil || len(c.Recalls) == 0 {
			return "nothing to recall\n", err
		}
		_, err = s.Recall(ctx, a, c.Recalls[0].Task, engine.RecallRequest{})
		return "", err
	case "skips":
		return "", s.skips(who, args[0])
	case "does", "piles":
		return s.does(who, id, args[1], values, verb == "piles")
	default:
		s.t.Fatalf("nobody %s", verb)
	}
	return "", err
}

// skips leaves out a step of the oldest case, as an administrator may.
func (s *shop) skips(who, step string) error {
	c, err := s.Case(s.t.Context(), as(who), "", s.cases[0])
	if err != nil {
		return err
	}
	for _, open := range c.Running {
		if open.Step == step {
			_, err = s.SkipStep(s.t.Context(), as(who), c.ID, engine.SkipRequest{Act: open.Act})
			return err
		}
	}
	_, err = s.SkipStep(s.t.Context(), as(who), c.ID, engine.SkipRequest{Act: 3}) // he is not shown what runs
	return err
}

// does completes a task, and says which come next for the same person.
func (s *shop) does(who, id, answer, values string, pile bool) (string, error) {
	if strings.HasPrefix(answer, "{") {
		answer = ""
	}
	done, err := s.Complete(s.t.Context(), as(who), id, engine.CompleteRequest{
		Answer: answer, Values: json.RawMessage(values), Pile: pile,
	})
	next := nextOf(done.Tasks)
	if done.Piled != nil {
		next += fmt.Sprintf("next of the pile: %s of %s\n", done.Piled.Step, done.Piled.Number)
	}
	return next, err
}

// taskID finds the task of a step: the one that the person finds in the inbox, or else the first.
func (s *shop) taskID(who, name string) string {
	step, _, _ := strings.Cut(name, "@")
	n := s.nth(name)
	page, err := s.Inbox(s.t.Context(), as(who), "", engine.InboxQuery{})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, t := range page.Tasks {
		if t.Step == step && t.Case == s.cases[n-1] {
			return t.ID
		}
	}
	tasks, err := s.store.TasksOf(s.t.Context(), "sun", s.cases[n-1])
	if err != nil {
		s.t.Fatal(err)
	}
	for _, t := range tasks {
		if t.Step == step {
			return t.ID
		}
	}
	return s.cases[n-1] + ".999"
}

// nth is the case that a name is followed by, step@2; the first where nothing is said.
func (s *shop) nth(name string) int {
	s.t.Helper()
	n := 1
	if _, nth, ok := strings.Cut(name, "@"); ok {
		n, _ = strconv.Atoi(nth)
	}
	if n < 1 || n > len(s.cases) {
		s.t.Fatalf("there is no case %d", n)
	}
	return n
}

func (s *shop) list(who string, q engine.InboxQuery) (string, error) {
	page, err := s.Inbox(s.t.Context(), as(who), "", q)
	return lines(page.Tasks), err
}

// lines lists tasks, with those who have them.
func lines(tasks []engine.TaskLine) string {
	if len(tasks) == 0 {
		return "nothing\n"
	}
	var out strings.Builder
	for _, t := range tasks {
		line := t.Step + " of " + t.Number
		if t.For != "" {
			line += " for " + t.For
		}
		if t.Holder != "" {
			line += " held by " + t.Holder
		}
		out.WriteString(line + "\n")
	}
	return out.String()
}

// quiet waits until the engine has nothing to do by itself.
func (s *shop) quiet() {
	s.noLetters()
	s.eventually("no timer is due", func(ctx context.Context) bool {
		due, err := s.store.DueTimers(ctx, s.clock.Now(), 1)
		return err == nil && len(due) == 0
	})
}

// told gives the sentences of what has happened since it was asked last, of all cases: what people would tell, and who
// was offered what.
func (s *shop) told() string {
	var out strings.Builder
	for i, id := range s.cases {
		events, err := s.History(s.t.Context(), as("ann"), "en", id, s.seen[id], 200)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, e := range events {
			s.seen[id] = e.Seq
			if e.Detail && !slices.Contains([]string{"offered", "claimed", "began", "released"}, e.Kind) {
				continue
			}
			if len(s.cases) > 1 {
				fmt.Fprintf(&out, "case %d: ", i+1)
			}
			out.WriteString(e.Text + "\n")
		}
	}
	return out.String()
}
