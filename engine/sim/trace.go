package sim

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// trace writes down what is done to the cases of a world and what comes of it.
type trace struct {
	world *World
	lines []string
	steps map[string]map[core.ID]string // of each case: activation -> step
}

// add writes one input and its events.
func (t *trace) add(c *Case, in core.Input, out core.Outcome) {
	line := fmt.Sprintf("%s  %s  %s", t.clock(), c.State.Case, describeInput(c, in))
	if out.Rejection != nil {
		t.lines = append(t.lines, line+"  -> refused: "+sayRejection(out.Rejection))
		return
	}
	t.lines = append(t.lines, line)
	if t.steps == nil {
		t.steps = map[string]map[core.ID]string{}
	}
	steps := t.steps[c.State.Case]
	if steps == nil {
		steps = map[core.ID]string{0: "case"}
		t.steps[c.State.Case] = steps
	}
	var events []string
	for _, e := range out.Events {
		if o, ok := e.(core.Opened); ok {
			steps[o.Act] = fmt.Sprintf("%s#%d", o.Step, o.Act)
		}
		if set, ok := e.(core.DataSet); ok {
			events = append(events, t.describeSet(c, set))
		} else if text := t.describe(steps, e); text != "" {
			events = append(events, text)
		}
	}
	t.lines = append(t.lines, "    "+strings.Join(events, " · "))
}

// refused writes an act that was refused before it reached a case: its values could not be read, or nothing was open.
func (t *trace) refused(a *definitions.Act, r *core.Rejection) {
	what := strings.TrimSpace(a.Who + " " + a.Verb + " " + a.Target + " " + a.Answer)
	if a.Called != nil {
		what = "called " + a.Called.Step + " ends " + a.Called.Ends
	}
	if a.Recorded != nil {
		what = "recorded " + a.Recorded.Procedure
	}
	if a.Answered != nil {
		what = "answered " + a.Answered.Step
	}
	t.lines = append(t.lines, fmt.Sprintf("%s  %s  -> refused: %s", t.clock(), what, sayRejection(r)+given(a, r)))
}

// moment is a time of day, with its date where that is not today's.
func (t *trace) moment(at time.Time) string {
	zone := t.world.Bundle.Office.Zone
	at = at.In(zone)
	if at.Format(time.DateOnly) == t.world.Now.In(zone).Format(time.DateOnly) {
		return at.Format(time.TimeOnly)
	}
	return at.Format(time.DateTime)
}

// widestValue is how many characters of a value are shown.
const widestValue = 40

func (t *trace) describeSet(c *Case, e core.DataSet) string {
	parts := make([]string, len(e.Values))
	for i, a := range e.Values {
		path := a.Path
		if table, column, ok := strings.Cut(a.Path, "."); ok && a.Row >= 0 {
			path = fmt.Sprintf("%s[%d].%s", table, a.Row+1, column)
		}
		f := c.Procedure.Data.Field(a.Path)
		switch {
		case a.Value == nil:
			parts[i] = "-" + path
		case f == nil:
			parts[i] = path
		default:
			parts[i] = path + "=" + shown(f, a.Value, t.world.Bundle.Office.Zone)
		}
	}
	return "set " + strings.Join(parts, " ")
}

// shown is a value as it is sent, cut where it is long.
func shown(f *value.Field, v any, zone *time.Location) string {
	raw, err := f.Encode(v, zone)
	if err != nil {
		return "?"
	}
	text := []rune(strings.TrimSpace(string(raw)))
	if len(text) > widestValue {
		return string(text[:widestValue]) + "…"
	}
	return string(text)
}

func describeInput(c *Case, in core.Input) string {
	slot := func(id core.ID) string {
		for _, task := range c.Tasks {
			if task.Slot == id {
				return task.Step
			}
		}
		return fmt.Sprintf("task %d", id)
	}
	switch in := in.(type) {
	case core.Start:
		if in.Starter == nil {
			return "called: " + c.Procedure.ID
		}
		return in.Starter.ID + " starts " + c.Procedure.ID
	case core.Migrate:
		return "moved to version " + strconv.Itoa(in.To.Version)
	case core.Claim, core.Release, core.SaveDraft, core.StartWork, core.Transfer, core.Delegate, core.AddSigners,
		core.RemoveSigner, core.Complete:
		return describeTaskAct(in, slot)
	case core.Deliver:
		if in.Sender == nil {
			return "message " + in.Name
		}
		return in.Sender.ID + " sends " + in.Name
	case core.Due:
		return fmt.Sprintf("timer %d is due", in.Timer)
	case core.ChildEnded:
		return "called case ended: " + in.Outcome + in.Failed
	case core.Cancel:
		return strings.TrimSuffix("cancelled: "+in.Reason, ": ")
	case core.Urge, core.CopyCase, core.Comment, core.HandOver:
		return describeSaying(in)
	case core.Retry:
		return fmt.Sprintf("%s retries %d", in.Actor.ID, in.Act)
	case core.Return, core.Recall, core.Revoke, core.Jump, core.Suspend, core.Resume, core.Skip, core.AddRow,
		core.FinishRows:
		return describeCaseAct(in, slot)
	case core.JobDone, core.JobFailed:
		return describeJob(in)
	case core.StaffChanged:
		return in.Actor.ID + " changes the staff"
	}
	return fmt.Sprintf("%T", in)
}

func describeTaskAct(in core.Input, slot func(core.ID) string) string {
	switch in := in.(type) { //nolint:gochecksumtype // only these are of tasks
	case core.Claim:
		return in.Actor.ID + " claims " + slot(in.Slot)
	case core.Release:
		return in.Actor.ID + " releases " + slot(in.Slot)
	case core.SaveDraft:
		return in.Actor.ID + " drafts " + slot(in.Slot)
	case core.StartWork:
		return in.Actor.ID + " begins " + slot(in.Slot)
	case core.Transfer:
		return in.Actor.ID + " transfers " + slot(in.Slot) + " to " + in.To.ID
	case core.Delegate:
		return in.Actor.ID + " delegates " + slot(in.Slot) + " to " + in.To.ID
	case core.AddSigners:
		return in.Actor.ID + " adds signers " + string(in.Kind) + " " + slot(in.Slot)
	case core.RemoveSigner:
		return in.Actor.ID + " removes a signer of " + slot(in.Slot)
	case core.Complete:
		return strings.TrimSpace(in.Actor.ID + " does " + slot(in.Slot) + " " + in.Answer)
	}
	return ""
}

func describeJob(in core.Input) string {
	switch in := in.(type) { //nolint:gochecksumtype // only these are of machines
	case core.JobDone:
		return fmt.Sprintf("job %d is answered", in.Job)
	case core.JobFailed:
		return fmt.Sprintf("job %d fails: %s", in.Job, in.Error+in.Message)
	}
	return ""
}

// describe says an event in a few words; "" for what the others say already.
func (t *trace) describe(steps map[core.ID]string, e core.Event) string {
	switch e := e.(type) { //nolint:gochecksumtype // goes on in describeOther
	case core.CaseStarted:
		return "case " + e.Number
	case core.Opened:
		return "opened " + steps[e.Act]
	case core.Moved:
		return describeMoved(steps, e)
	case core.Passed:
		return "token " + e.Input + ">" + e.To
	case core.Joined:
		return "joined " + e.Step
	case core.Dropped:
		return fmt.Sprintf("dropped %d tokens", len(e.Tokens))
	case core.Offered:
		return e.Why + " for " + names(e.Candidates)
	case core.Resulted:
		return strings.TrimSpace("result of " + steps[e.Act] + " " + e.Answer)
	case core.Chosen:
		return describeWhy(e)
	case core.TimerSet:
		return "timer at " + t.moment(e.Timer.At)
	}
	return describeOther(steps, e)
}

func describeMoved(steps map[core.ID]string, e core.Moved) string {
	switch e.To {
	case core.Withdrawn:
		return "withdrawn " + steps[e.Act] + " (" + e.Why + ")"
	case core.Trailing:
		return "trailing " + steps[e.Act]
	case core.Undone:
		return "undone " + steps[e.Act]
	case core.Ready, core.Open, core.Leaving, core.Parked, core.Failed, core.Done:
	}
	return ""
}

func describeOther(steps map[core.ID]string, e core.Event) string {
	switch e := e.(type) { //nolint:gochecksumtype // the rest would say again what another event says
	case core.EndReached:
		return "reached " + e.End
	case core.Received:
		return "message " + e.Name + " " + e.Fate
	case core.Called:
		return "called " + e.Procedure + " as " + e.Case
	case core.Decided:
		return describeRows(steps[e.Act], e)
	case core.Asked:
		return steps[e.Act] + " asks " + e.Name
	case core.Tried:
		return strings.TrimSpace(steps[e.Act] + " failed: " + e.Error + " " + e.Message)
	case core.Replied:
		return steps[e.Act] + " was answered"
	case core.Reminded:
		return e.How + " " + names(e.To)
	case core.Issued:
		return fmt.Sprintf("issued %s %s (%d)", e.Document, e.Number, e.Edition)
	case core.Stuck:
		return "stuck " + steps[e.Act] + ": " + e.Incident.Error()
	case core.SentBack:
		return e.How + " from " + steps[e.Act] + " to " + e.To
	case core.Superseded:
		return fmt.Sprintf("superseded %s %s (%d)", e.Document, e.Number, e.Edition)
	case core.Detoured:
		return steps[e.Act] + " waits for a detour to " + e.To
	case core.Reopened:
		return "goes on inside " + steps[e.Act]
	case core.Rejoined:
		return "back at " + steps[e.Act]
	case core.Suspension:
		return "suspended"
	case core.Resumption:
		return "resumed"
	case core.Forced:
		return strings.TrimSpace("forced " + steps[e.Act] + " " + e.Answer)
	case core.Resolved:
		return "resolved " + steps[e.Act]
	case core.Stirred:
		return "stalled no more: " + steps[e.Act]
	case core.Urged:
		return e.By.ID + " urged " + names(e.To)
	case core.Ended:
		return strings.TrimSpace(string(e.Status) + " " + e.Outcome)
	}
	return describeTask(e)
}

// describeTask says what people have done with a task.
func describeTask(e core.Event) string {
	switch e := e.(type) { //nolint:gochecksumtype // the others are described before
	case core.Claimed:
		return "claimed by " + e.Person.ID
	case core.Began:
		return "begun by " + e.Person.ID
	case core.Released:
		return "released"
	case core.Answered:
		if e.Again {
			return e.Person.ID + " has approved before"
		}
		return strings.TrimSpace("answered " + e.Answer)
	case core.Skipped:
		return "skipped " + names(e.Who) + " (" + e.Why + ")"
	case core.Transferred:
		return "transferred to " + e.To.ID
	case core.Delegated:
		return "delegated to " + e.To.ID
	case core.GaveBack:
		return strings.TrimSpace("given back by " + e.By.ID + " " + e.Answer)
	case core.SignersAdded:
		return strings.TrimSpace(fmt.Sprintf("%d signers added %s %s", len(e.Signers), e.Place, e.Mode))
	case core.SignersOut:
		return fmt.Sprintf("%d signers out", len(e.Slots))
	case core.Resumed:
		return "resumed"
	}
	return ""
}

func describeCaseAct(in core.Input, slot func(core.ID) string) string {
	switch in := in.(type) { //nolint:gochecksumtype // describeInput has the others
	case core.Return:
		return in.Actor.ID + " returns " + slot(in.Slot)
	case core.Recall:
		return in.Actor.ID + " recalls " + slot(in.Slot)
	case core.Revoke:
		return in.Actor.ID + " revokes the case"
	case core.Jump:
		return in.Actor.ID + " sends the case to " + in.To
	case core.Suspend:
		return in.Actor.ID + " suspends the case"
	case core.Resume:
		return in.Actor.ID + " lets the case go on"
	case core.Skip:
		return fmt.Sprintf("%s skips %d", in.Actor.ID, in.Act)
	case core.AddRow:
		return fmt.Sprintf("%s adds a row to %d", in.Actor.ID, in.Act)
	case core.FinishRows:
		return fmt.Sprintf("%s finishes %d", in.Actor.ID, in.Act)
	}
	return ""
}

func describeSaying(in core.Input) string {
	switch in := in.(type) { //nolint:gochecksumtype // describeInput has the others
	case core.Urge:
		return in.Actor.ID + " urges"
	case core.CopyCase:
		return in.Actor.ID + " copies the case"
	case core.Comment:
		return in.Actor.ID + " comments"
	case core.HandOver:
		return in.From.ID + " hands over to " + in.To.ID
	}
	return ""
}

func describeRows(step string, e core.Decided) string {
	rows := make([]string, len(e.Hits))
	for i, hit := range e.Hits {
		rows[i] = strconv.Itoa(hit.Row)
	}
	if len(rows) == 0 {
		return step + " decided by no row"
	}
	return step + " decided by row " + strings.Join(rows, ", ")
}

func describeWhy(e core.Chosen) string {
	var out []string
	for _, why := range e.Why {
		out = append(out, fmt.Sprintf("%s: %t", why.Guard, why.Result))
	}
	return strings.Join(out, "; ")
}
