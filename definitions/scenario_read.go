package definitions

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/definitions/value"
)

// verbs are the keys of an act that a person does, in the order in which they are looked for.
var verbs = [...]string{
	"starts", "does", "sends", "claims", "releases", "drafts", "begins", "transfers", "delegates", "adds_signers",
	"removes_signer", "cancels", "revokes", "suspends", "resumes", "urges", "recalls", "returns", "adds", "finishes",
}

// refusals are the codes with which an act can be refused: those of the engine, and those of a wrong field.
var refusals = [...]string{
	"not-open", "not-a-candidate", "not-allowed", "held-by-other", "not-held",
	"not-eligible", "asking", "no-signatures", "too-many-signers", "last-signer", "has-acted", "already-done",
	"invalid", "check", "unknown-answer",
	"unknown-message", "not-expected", "repeated", "case-ended", "case-frozen", "excluded", "too-deep", "unfit",
	"urged-lately", "nobody-to-urge", "not-upstream", "not-returnable", "would-strand", "too-many-detours",
	"runs-already", "not-recallable", "part-over", "successor-acted", "not-revocable", "suspended", "not-suspended",
	"required", "type", "option", "pattern", "min", "max", "places", "not-asked", "not-in-form", "unknown", "rows",
	"unique",
}

// playReader reads the scenarios of one procedure.
type playReader struct {
	p       *Procedure
	office  *Office
	out     *Scenarios
	samples map[string]map[string]any
	names   []string // of samples, for hints
	plays   map[string]*Play
	titles  []string // of plays read so far

	procedures []string // ids of the office's
	procedure  func(id string) *Procedure
}

// readScenarios reads a scenarios file whose form has been checked against the grammar, for a bundle that is complete
// but for its scenarios. What names something that does not exist is reported, and then the result is nil.
func readScenarios(_ File, doc *document, b *Bundle, add func(report.Problem)) *Scenarios {
	failed, before := false, doc.src.add
	doc.src.add = func(p report.Problem) {
		failed = failed || p.Severity == report.Error
		add(p)
	}
	defer func() { doc.src.add = before }()
	head := doc.root.get("scenarios")
	p := b.Procedure(head.str())
	ids := make([]string, len(b.Procedures))
	for i, p := range b.Procedures {
		ids[i] = p.ID
	}
	if p == nil {
		if head.isText() {
			head.fault("unknown-procedure", report.DidYouMean(head.str(), ids), "there is no procedure %q", head.str())
		}
		return nil
	}
	r := &playReader{
		p: p, office: b.Office, samples: map[string]map[string]any{}, plays: map[string]*Play{},
		out: &Scenarios{Procedure: p, File: doc.src.name}, procedures: ids, procedure: b.Procedure,
	}
	r.begin(doc.root.get("begin"))
	for _, e := range doc.root.get("staff").pairs() {
		r.player(e)
	}
	r.substitutes(doc.root.get("staff"))
	for _, e := range doc.root.get("samples").pairs() {
		into := map[string]any{}
		r.values(e.value, r.p, into)
		r.samples[e.key.str()] = into
		r.names = append(r.names, e.key.str())
	}
	for _, n := range doc.root.get("plays").all() {
		r.play(n)
	}
	if failed {
		return nil
	}
	return r.out
}

func (r *playReader) begin(n *node) {
	if !n.isText() {
		return
	}
	t, err := value.ParseMoment(n.str(), r.office.Zone)
	if err != nil {
		n.fault("type", "", "%v", err)
	}
	r.out.Begin = t
}

func (r *playReader) player(e entry) {
	player := Player{ID: e.key.str(), Name: e.key.str()}
	list := e.value
	if e.value.isMap() {
		list = e.value.get("posts")
		if name := e.value.get("name").str(); name != "" {
			player.Name = name
		}
		if unit := e.value.get("unit"); unit.isText() {
			ids := make([]string, len(r.office.Units))
			for i, u := range r.office.Units {
				ids[i] = u.ID
			}
			player.Unit = r.known(unit, "unit", ids)
		}
		skills := make([]string, len(r.office.Skills))
		for i, s := range r.office.Skills {
			skills[i] = s.ID
		}
		for _, n := range e.value.get("skills").all() {
			player.Skills = append(player.Skills, r.known(n, "skill", skills))
		}
	}
	posts := make([]string, len(r.office.Posts))
	for i, p := range r.office.Posts {
		posts[i] = p.ID
	}
	for _, n := range list.all() {
		player.Posts = append(player.Posts, r.known(n, "post", posts))
	}
	r.out.Staff = append(r.out.Staff, player)
}

// substitutes reads who stands in for whom, when everybody is known.
func (r *playReader) substitutes(staff *node) {
	for i, e := range staff.pairs() {
		n := e.value.get("substitute")
		if n == nil {
			continue
		}
		if r.out.Staff[i].Substitute = r.someone(n); n.str() == e.key.str() {
			n.fault("wrong-value", "name somebody else, or take it out", "%s cannot stand in for himself", e.key.str())
		}
	}
}

// known gives a name that must be one of a list, and reports it when it is not.
func (r *playReader) known(n *node, what string, list []string) string {
	if n.isText() && !slices.Contains(list, n.str()) {
		n.fault("unknown-"+what, report.DidYouMean(n.str(), list), "there is no %s %q", what, n.str())
	}
	return n.str()
}

func (r *playReader) someone(n *node) string {
	ids := make([]string, len(r.out.Staff))
	for i, p := range r.out.Staff {
		ids[i] = p.ID
	}
	return r.known(n, "player", ids)
}

func (r *playReader) step(n *node) *Step {
	st := r.p.Steps[r.known(n, "step", slices.Sorted(maps.Keys(r.p.Steps)))]
	return st
}

func (r *playReader) play(n *node) {
	play := &Play{Title: n.get("play").str(), Place: n.place()}
	if first := r.plays[play.Title]; first != nil {
		n.get("play").fault("duplicate-play", "", "a play of this title stands on line %d already", first.Place.Line)
	}
	play.Rules = rulesOf(n, r.office)
	if from := n.get("from"); from != nil {
		title := from
		if from.isMap() {
			title = from.get("play")
		}
		play.From = r.plays[title.str()]
		if play.From == nil && title.isText() {
			title.fault("unknown-play", report.DidYouMean(title.str(), r.titles), "no play %q stands before this one",
				title.str())
		}
	}
	for _, a := range n.get("acts").all() {
		if act := r.act(a); act != nil {
			play.Acts = append(play.Acts, act)
		}
	}
	r.plays[play.Title] = play
	r.titles = append(r.titles, play.Title)
	r.out.Plays = append(r.out.Plays, play)
}

// act reads one line of a play; nil when nothing can be made of it.
func (r *playReader) act(n *node) *Act {
	act := &Act{Place: n.place()}
	var found []string
	for _, verb := range verbs {
		if n.get(verb) != nil {
			found = append(found, verb)
		}
	}
	if len(found) == 0 {
		for _, other := range [...]string{"after", "called", "recorded", "answered", "failed", "expect"} {
			if n.get(other) != nil {
				found = append(found, other)
			}
		}
		if len(found) == 0 && n.get("at") != nil {
			found = append(found, "at")
		}
	}
	if len(found) != 1 {
		if n.isMap() {
			n.fault("act", "write who, and one of "+strings.Join(verbs[:], ", ")+"; "+
				"or one of after, at, called, recorded, answered, failed, expect",
				"an act does one thing, this one does %d", len(found))
		}
		return nil
	}
	fitting(n, found[0], slices.Contains(verbs[:], found[0]))
	switch found[0] {
	case "after":
		act.After = r.span(n.get("after"))
	case "at":
		act.Until = r.moment(n.get("at"))
	case "called":
		act.Called = r.called(n)
	case "recorded":
		act.Recorded = r.recorded(n)
	case "answered", "failed":
		act.Answered = r.answered(n, found[0])
	case "expect":
		act.Expect = r.expect(n.get("expect"))
	default:
		act.Verb = found[0]
		r.deed(n, act)
	}
	r.refusal(n, act)
	return act
}

// deed reads what a person does.
func (r *playReader) deed(n *node, act *Act) {
	if n.get("who") == nil && act.Verb == "starts" && r.byCalendar() {
		act.Each = n.get("each").str()
		r.known(n.get("starts"), "procedure", []string{r.p.ID})
		return
	}
	if n.get("who") == nil {
		n.fault("act", "write who: and a name of staff", "nobody %s here", act.Verb)
	}
	act.Who = r.someone(n.get("who"))
	target := n.get(act.Verb)
	act.Target = target.str()
	act.Answer = n.get("answer").str()
	act.Row = number(n.get("row"))
	act.Fill = r.fill(n.get("fill"), r.p)
	refused := n.get("refused") != nil
	switch act.Verb {
	case "starts":
		r.known(target, "procedure", []string{r.p.ID})
		r.byMessage(n.get("message"), act)
	case "cancels", "revokes", "suspends", "resumes", "urges":
		r.known(target, "procedure", []string{r.p.ID})
	case "adds", "finishes":
		r.step(target)
	case "sends":
		ids := make([]string, len(r.p.Messages))
		for i, m := range r.p.Messages {
			ids[i] = m.ID
		}
		if !refused {
			r.known(target, "message", ids)
		}
	case "does", "claims", "releases", "drafts", "begins", "transfers", "delegates", "adds_signers", "removes_signer",
		"recalls", "returns":
		if n.get("for") != nil {
			act.For = r.someone(n.get("for"))
		}
		if st := r.step(target); st != nil {
			r.task(n, st, act, refused)
		}
	}
	r.whom(n, act)
	r.back(n, act)
}

// byCalendar tells whether cases of the procedure begin by themselves.
func (r *playReader) byCalendar() bool {
	return slices.ContainsFunc(r.p.Starts, func(s *Start) bool { return s.Schedule != nil })
}

// byMessage reads by which message a case begins.
func (r *playReader) byMessage(n *node, act *Act) {
	if n == nil {
		return
	}
	var ids []string
	for _, s := range r.p.Starts {
		if s.Message != nil {
			ids = append(ids, s.Message.ID)
		}
	}
	act.Message = n.str()
	r.known(n, "message", ids)
}

// task checks what an act says of a step's task.
func (r *playReader) task(n *node, st *Step, act *Act, refused bool) {
	task, ok := TaskOf(st)
	if !ok {
		n.get(act.Verb).fault("not-a-task", "", "%s is not a task: nobody does it", st.ID)
		return
	}
	if act.Verb != "does" || refused {
		return
	}
	ids := make([]string, len(task.Answers))
	for i, a := range task.Answers {
		ids[i] = a.ID
	}
	switch answer := n.get("answer"); {
	case answer != nil && len(ids) == 0:
		answer.fault("unknown-answer", "leave it out", "%s has no answers: it is simply done", st.ID)
	case answer != nil:
		r.known(answer, "answer", ids)
	case len(ids) > 0:
		n.fault("no-answer", "write answer: with one of "+strings.Join(ids, ", "),
			"%s has answers: one of them must be given", st.ID)
	}
}

// TaskOf gives the task of a step, also where the step runs it once for each row.
func TaskOf(st *Step) (*Task, bool) {
	switch w := st.Work.(type) {
	case *Task:
		return w, true
	case *Multi:
		if len(w.Body.Steps) == 1 && w.Body.Steps[0].ID == st.ID {
			t, ok := w.Body.Steps[0].Work.(*Task)
			return t, ok
		}
	case *Junction, *Wait, *Call, *Block, *Repeat, *Set, *Decide, *Request, *Job:
	}
	return nil, false
}

func (r *playReader) refusal(n *node, act *Act) {
	if refused := n.get("refused"); refused != nil {
		act.Refused = r.known(refused, "code", refusals[:])
		act.Says = n.get("says").str()
		if at := n.get("at"); at != nil {
			act.At = at.str()
		}
		return
	}
	for _, key := range [...]string{"says", "at"} {
		if says := n.get(key); says != nil && (key == "says" || act.Until.IsZero()) {
			says.fault("act", "add refused: and the code", "%s belongs to a refusal, and this act must be accepted", key)
		}
	}
}

func (r *playReader) called(n *node) *Called {
	st := r.step(n.get("called"))
	called := &Called{Step: n.get("called").str(), Row: number(n.get("row")), Ends: n.get("ends").str()}
	if st == nil {
		return called
	}
	call, ok := workOf(st).(*Call)
	if !ok {
		n.get("called").fault("not-a-call", "", "%s calls no other procedure", st.ID)
		return called
	}
	if n.get("ends") == nil {
		n.fault("act", "add ends: and the end that it reached", "a call that is played by hand says how it ended")
	}
	if call.Callee == nil {
		return called
	}
	r.known(n.get("ends"), "end", endsOf(call.Callee))
	called.Gives = r.fill(n.get("gives"), call.Callee)
	return called
}

// recorded reads a case that stands there without having been played; its computed fields are said, too.
func (r *playReader) recorded(n *node) *Recorded {
	out := &Recorded{Procedure: r.known(n.get("recorded"), "procedure", r.procedures), Ends: n.get("ends").str()}
	p := r.procedure(out.Procedure)
	if p == nil {
		return out
	}
	if n.get("ends") != nil {
		r.known(n.get("ends"), "end", endsOf(p))
	}
	out.Gives = r.fill(n.get("gives"), p)
	return out
}

// endsOf lists the outcomes that a case of p can have.
func endsOf(p *Procedure) []string {
	var ids []string
	if block, ok := p.Case.Work.(*Block); ok {
		for _, e := range block.Graph.Ends {
			if e.ID != StopEnd {
				ids = append(ids, e.ID)
			}
		}
	}
	return ids
}

func (r *playReader) span(n *node) time.Duration {
	d, err := value.ParseDuration(n.str())
	if err != nil {
		n.fault("type", "", "%v", err)
	}
	return d
}

func (r *playReader) moment(n *node) time.Time {
	t, err := value.ParseMoment(n.str(), r.office.Zone)
	if err != nil {
		n.fault("type", "with refused: it would be the field of the refusal", "%v", err)
	}
	return t
}
