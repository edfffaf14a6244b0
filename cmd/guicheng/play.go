package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/proof"
	"github.com/guicheng/guicheng/engine/sim"
)

// PlayCmd walks a case of a procedure in the terminal, in memory and in virtual time.
type PlayCmd struct {
	File  string `arg:"" help:"The procedure: <office>/<procedure>.yaml."`
	As    string `help:"Act as this person of the scenarios only; otherwise as whoever may do what is chosen."`
	Lang  string `type:"lang" help:"zh-Hant, zh-Hans or en; absent: the terminal's."`
	Begin string `help:"Virtual time at which it begins: '2026-11-02 09:00'; absent: that of the scenarios, or now."`
}

// errEnough says that there is nothing more to read.
var errEnough = errors.New("end of input")

// table is the terminal with the case that lies on it.
type table struct {
	in    *bufio.Scanner
	out   io.Writer
	world *sim.World
	p     *definitions.Procedure
	as    string
	lang  string
	c     *sim.Case
	typed map[*definitions.Form]map[string]string // of forms that were refused
}

// Run asks what to do until the case has ended or there is nothing more to read.
func (c *PlayCmd) Run(s *Streams) error {
	t, err := c.lay(s)
	if err != nil {
		return err
	}
	err = t.play()
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// lay compiles the procedure and makes its world.
func (c *PlayCmd) lay(s *Streams) (*table, error) {
	folders, err := gather([]string{c.File})
	if err != nil {
		return nil, err
	}
	b, problems := proof.Check(folders[0].files)
	if report.Failed(problems) {
		return nil, fmt.Errorf("%s has errors: see guicheng check %s", c.File, filepath.Dir(c.File))
	}
	t := &table{in: bufio.NewScanner(s.In), out: s.Out, as: c.As, lang: s.language(c.Lang),
		typed: map[*definitions.Form]map[string]string{}}
	for _, p := range b.Procedures {
		if p.Case.Place.File == filepath.Base(c.File) && t.p == nil {
			t.p = p
		}
	}
	if t.p == nil {
		return nil, fmt.Errorf("%s is not the file of a procedure: name one, as %s", c.File, firstProcedure(folders[0], b))
	}
	people, begin := sim.OnePerPost(b.Office), time.Now()
	for _, sc := range b.Scenarios {
		if sc.Procedure == t.p {
			people, begin = sim.NewPeople(b.Office, sc.Staff), sc.Begin
		}
	}
	if c.Begin != "" {
		if begin, err = value.ParseMoment(c.Begin, b.Office.Zone); err != nil {
			return nil, fmt.Errorf("--begin: %w", err)
		}
	}
	if _, ok := people.Person(c.As); c.As != "" && !ok {
		ids := make([]string, 0, len(people.Everyone()))
		for _, p := range people.Everyone() {
			ids = append(ids, p.ID)
		}
		return nil, fmt.Errorf("there is nobody called %q: --as one of %s", c.As, strings.Join(ids, ", "))
	}
	t.world = sim.NewWorld(b, people, begin)
	return t, nil
}

// firstProcedure is a file that could be played; what its name would be like, if there is none.
func firstProcedure(f *folder, b *definitions.Bundle) string {
	for _, p := range b.Procedures {
		return filepath.Join(f.dir, p.Case.Place.File)
	}
	return filepath.Join(f.dir, "visitor.yaml")
}

// say prints in the language of the play.
func (t *table) say(format string, args ...any) {
	fmt.Fprint(t.out, say(t.lang, fmt.Sprintf(format, args...)))
}

// title says a text of the office in the language of the play.
func (t *table) title(text string) string { return t.world.Bundle.Office.Say(t.lang, text) }

// ask prints a question and reads a line. A lone q ends the play.
func (t *table) ask(question string) (string, error) {
	t.say("%s", question)
	if !t.in.Scan() {
		if err := t.in.Err(); err != nil {
			return "", fmt.Errorf("read the answer: %w", err)
		}
		t.say("\n")
		return "", errEnough
	}
	if t.in.Text() == "q" { // a text that is a q has a blank before it
		return "", errEnough
	}
	return strings.TrimSpace(t.in.Text()), nil
}

func (t *table) play() error {
	if err := t.start(); err != nil {
		return err
	}
	for {
		if t.c.Broken != nil {
			return t.c.Broken
		}
		if t.c.State.Status != core.Running {
			ended := strings.TrimSpace(string(t.c.State.Status) + " " + t.c.State.Outcome)
			t.say("%s %s: %s\n", t.title(t.p.Title), t.c.State.Number, sayPlay(t.lang, ended))
			return nil
		}
		if err := t.turn(); err != nil {
			return err
		}
	}
}

// start fills in the start form until a case has begun.
func (t *table) start() error {
	t.say("%s\n", t.title(t.p.Title))
	who, way := t.starter()
	if who.ID == "" {
		return fmt.Errorf("nobody may start %s by hand", t.p.ID)
	}
	starts := fmt.Sprintf("%s (%s) starts it.", who.Name, t.holds(who))
	if t.as == "" {
		t.say("%s Each task is done by the first who may; --as %s acts as one person only. q quits.\n", starts, who.ID)
	} else {
		t.say("%s You act as %s only; without --as, as whoever may do a task. q quits.\n", starts, t.as)
	}
	for t.c == nil {
		raw, err := t.sheetOf(nil, t.p.Starts[way].Form, 0).ask(t.p.Starts[way].Form)
		if err != nil {
			return err
		}
		c, r, err := t.world.StartBy(t.p, way, who, raw)
		if err != nil {
			return err
		}
		t.refused(t.p, r, t.p.Starts[way].Form)
		t.c = c
	}
	t.say("%s\n", t.c.State.Number)
	return nil
}

// holds says by which id a person is known, if that is not his name, and which posts are his.
func (t *table) holds(who value.Person) string {
	var posts []string
	for _, p := range t.world.Bundle.Office.Posts {
		if slices.Contains(who.Posts, p.ID) {
			posts = append(posts, t.title(p.Title))
		}
	}
	if who.Name == who.ID {
		return commas(t.lang, posts)
	}
	return who.ID + ": " + commas(t.lang, posts)
}

// starter finds who may start the procedure, and by which start.
func (t *table) starter() (value.Person, int) {
	for way := range t.p.Starts {
		for _, who := range t.world.People.Everyone() {
			if t.as != "" && who.ID != t.as {
				continue
			}
			by := t.p.Starts[way].By
			if slices.ContainsFunc(by.Posts, func(post string) bool { return slices.Contains(who.Posts, post) }) {
				return who, way
			}
		}
	}
	return value.Person{}, 0
}

// choice is a task of one of the cases that somebody may do now.
type choice struct {
	c    *sim.Case
	task core.PutTask
	who  []value.Person
}

// choices lists the open tasks of the case and of those that it called.
func (t *table) choices() []choice {
	var out []choice
	for _, c := range t.world.Cases {
		for _, task := range c.Tasks {
			one := choice{c: c, task: task}
			for _, p := range t.world.People.Everyone() {
				may := core.MayDo(c.Procedure, c.State, t.world.Context(), task.Slot, p) == nil
				if may && (t.as == "" || t.as == p.ID) {
					one.who = append(one.who, p)
				}
			}
			out = append(out, one)
		}
	}
	return out
}

// turn shows what is open and does what is chosen.
func (t *table) turn() error {
	t.say("\n%s\n", t.world.Now.In(t.world.Bundle.Office.Zone).Format("2006-01-02 15:04:05"))
	list := t.choices()
	for i, o := range list {
		names := make([]string, len(o.who))
		for j, p := range o.who {
			names[j] = p.ID
		}
		t.say("%3d  %s [%s] %s\n", i+1, t.title(o.task.Title), o.task.Step, strings.Join(names, ", "))
	}
	if len(list) == 0 {
		t.say("     waits for: %s\n", strings.Join(t.c.OpenSteps(), ", "))
	}
	for _, m := range t.p.Messages {
		if m.Open {
			t.say("  m %s  %s\n", m.ID, t.title(m.Title))
		}
	}
	line, err := t.ask("number of a task, m message, w 3m (let time pass), ? (more), q: ")
	if err != nil {
		return err
	}
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "q", "quit", "exit":
		return errEnough
	case "m":
		return t.send(strings.TrimSpace(rest))
	case "w":
		d, err := value.ParseDuration(rest)
		if err != nil {
			t.say("! %s\n", examples[value.Duration])
			return nil //nolint:nilerr // the person has been told and is asked again
		}
		return t.world.PassTo(t.world.Now.Add(d))
	}
	if done, err := t.onTask(word, rest, list); done || err != nil {
		return err
	}
	n, err := strconv.Atoi(word)
	if err != nil || n < 1 || n > len(list) {
		t.say("! choose one of 1 to %d, m, w, ? or q\n", len(list))
		return nil //nolint:nilerr // the person has been told and is asked again
	}
	return t.do(list[n-1])
}

// do fills in a task's form and completes it.
func (t *table) do(o choice) error {
	if len(o.who) == 0 {
		t.say("! not yours: %s; %s acts here alone: leave --as out to act as whoever may\n", o.task.Step, t.as)
		return nil
	}
	task, ok := definitions.TaskOf(core.StepOf(o.c.Procedure, o.c.State, o.task.Act))
	if !ok {
		return nil
	}
	if task.Note != "" {
		t.say("  (%s)\n", t.title(task.Note))
	}
	answer, err := t.answer(core.AnswersOf(o.c.Procedure, o.c.State, o.task.Slot))
	if err != nil {
		return err
	}
	form := core.FormOf(o.c.Procedure, o.c.State, o.task.Slot)
	raw, err := t.sheetOf(o.c, form, o.task.Act).ask(form)
	if err != nil {
		return err
	}
	r, err := t.world.Complete(o.c, o.who[0], o.task, answer, raw)
	t.refused(o.c.Procedure, r, form)
	return err
}

// answer asks for one of a task's buttons.
func (t *table) answer(list []definitions.Outcome) (string, error) {
	for len(list) > 0 {
		for i, a := range list {
			t.say("    %d  %s [%s]\n", i+1, t.title(a.Title), a.ID)
		}
		line, err := t.ask("  answer: ")
		if err != nil {
			return "", err
		}
		n, _ := strconv.Atoi(line)
		for i, a := range list {
			if a.ID == line || n == i+1 {
				return a.ID, nil
			}
		}
		t.say("! one of the %d answers, by its number or its id\n", len(list))
	}
	return "", nil
}

// send sends a message by the first who may.
func (t *table) send(name string) error {
	i := slices.IndexFunc(t.p.Messages, func(m *definitions.Message) bool { return m.ID == name })
	if i < 0 {
		var open []string
		for _, m := range t.p.Messages {
			if m.Open {
				open = append(open, m.ID+" ("+t.title(m.Title)+")")
			}
		}
		t.say("! there is no message %q: there are %s\n", name, cmp.Or(strings.Join(open, ", "), "none"))
		return nil
	}
	m := t.p.Messages[i]
	for _, who := range t.world.People.Everyone() {
		if t.as != "" && who.ID != t.as ||
			!slices.ContainsFunc(m.By.Posts, func(post string) bool { return slices.Contains(who.Posts, post) }) {
			continue
		}
		raw, err := t.sheetOf(t.c, m.Form, 0).ask(m.Form)
		if err != nil {
			return err
		}
		r, err := t.world.Send(t.c, who, name, raw)
		t.refused(t.p, r, m.Form)
		return err
	}
	t.say("! nobody may send it\n")
	return nil
}

// refusals say in words why an act was refused.
var refusals = map[core.Code]string{
	core.NotOpen: "nothing waits for this any more", core.NotACandidate: "this person is not asked to do it",
	core.NotAllowed: "this person may not do it", core.HeldByOther: "somebody else has taken it",
	core.Excluded: "something that excludes it is under way",
	core.Invalid:  "the form is not filled in as it must be", core.CheckFailed: "a check does not hold",
	core.NotExpected: "nothing in the case waits for this message", core.CaseEnded: "the case has ended",
	core.Unfit: "a formula could not be worked out", core.NotHeld: "this person does not hold it",
	core.NotEligible: "the one named may not be given it, or signs it already",
	core.Asking:      "others were asked first, and have not all answered", core.TooMany: "there are too many signers",
	core.NoSignatures: "it asks for one answer: nobody can sign beside or after", core.LastSigner: "nobody would be left",
	core.HasActed: "this signer has begun or answered already",
}

// refused shows why an act was refused, and forgets what was typed if it was not.
func (t *table) refused(p *definitions.Procedure, r *core.Rejection, form *definitions.Form) {
	if r == nil {
		delete(t.typed, form)
		return
	}
	t.say("! refused: %s\n", cmp.Or(t.title(r.Say), refusals[r.Code], string(r.Code)))
	for _, fault := range r.Fields {
		f := fieldAt(p, fault.Path)
		if f == nil {
			t.say("!   %s: %s\n", fault.Path, cmp.Or(t.title(fault.Args["say"]), fault.Code))
			continue
		}
		if say := say(t.lang, t.sentence(f, fault)); say != t.title(r.Say) {
			t.say("!   %s [%s]: %s\n", t.title(f.Title), fault.Path, say)
		}
	}
}

var rowIndex = regexp.MustCompile(`\[\d+\]`)

// fieldAt finds the field of a fault; nil if it is of none.
func fieldAt(p *definitions.Procedure, path string) *value.Field {
	path = rowIndex.ReplaceAllString(path, "")
	first, rest, inside := strings.Cut(path, ".")
	if t := p.Data.Table(first); t != nil && inside {
		path = t.Name + "." + rest
	}
	return p.Data.Field(path)
}
