package year

import (
	"cmp"
	"slices"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/calendar"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/sim"
)

// Report is what an office manager would ask of a year. Times are working time, but for those of whole cases.
type Report struct {
	Office string    `json:"office"`
	From   time.Time `json:"from"`
	Days   int       `json:"days"`
	Seed   uint64    `json:"seed"`

	Procedures []*ProcedureLine `json:"procedures"`
	Steps      []*StepLine      `json:"steps"`
	Posts      []*PostLine      `json:"posts"`
	// Refused are tasks and starts for which neither the plays nor chance knew what to fill in, with how often.
	Refused []RefusedLine `json:"refused"`

	bundle *definitions.Bundle
	steps  map[string]*StepLine
	cases  map[string]*ProcedureLine
	hours  map[string]time.Duration // worked, by person
}

// ProcedureLine is what became of the cases of a procedure.
type ProcedureLine struct {
	ID       string         `json:"id"`
	Title    string         `json:"title"`
	Begun    int            `json:"begun"`
	Running  int            `json:"running"`
	Outcomes []*OutcomeLine `json:"outcomes"`
	Median   time.Duration  `json:"median_ns"` // from its begin to its end, of those that ended
	Longest  time.Duration  `json:"longest_ns"`

	took []time.Duration
}

// OutcomeLine counts the cases that ended in one way.
type OutcomeLine struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Cases int    `json:"cases"`
}

// StepLine is how the tasks of a step went.
type StepLine struct {
	Procedure string        `json:"procedure"`
	ID        string        `json:"id"`
	Title     string        `json:"title"`
	Posts     []string      `json:"posts"` // to whom it is offered
	Done      int           `json:"done"`
	Mistakes  int           `json:"mistakes"`
	Lost      int           `json:"lost"`    // taken away by what happened elsewhere
	Late      int           `json:"late"`    // done after their time, or taken away by it
	Clocked   bool          `json:"clocked"` // whether there is a time to be late for
	Wait      time.Duration `json:"wait_ns"` // in all
	Work      time.Duration `json:"work_ns"`
	Median    time.Duration `json:"median_wait_ns"`

	waits   []time.Duration
	timeout int
}

// PostLine is what there was to do for a post.
type PostLine struct {
	ID      string        `json:"id"`
	Title   string        `json:"title"`
	Holders int           `json:"holders"`
	Worked  time.Duration `json:"worked_ns"`
	Load    float64       `json:"load"` // of the working hours of its holders
}

// RefusedLine is what could not be played.
type RefusedLine struct {
	Procedure string `json:"procedure"`
	Step      string `json:"step"` // empty: the start
	Code      string `json:"code"`
	Field     string `json:"field,omitempty"`
	Times     int    `json:"times"`

	Why *core.Rejection `json:"-"` // the first of them
}

func newReport(b *definitions.Bundle, from time.Time, o Options) *Report {
	return &Report{
		Office: b.Office.Title, From: from, Days: o.Days, Seed: o.Seed, bundle: b, steps: map[string]*StepLine{},
		cases: map[string]*ProcedureLine{}, hours: map[string]time.Duration{},
	}
}

func (r *Report) procedure(p *definitions.Procedure) *ProcedureLine {
	line := r.cases[p.ID]
	if line == nil {
		line = &ProcedureLine{ID: p.ID, Title: p.Title, Outcomes: []*OutcomeLine{}}
		r.cases[p.ID] = line
		r.Procedures = append(r.Procedures, line)
	}
	return line
}

func (r *Report) begins(c *sim.Case) { r.procedure(c.Procedure).Begun++ }

func (r *Report) ends(c *sim.Case) {
	line := r.procedure(c.Procedure)
	took := c.State.Ended.Sub(c.State.Started)
	line.took = append(line.took, took)
	id, title := string(c.State.Status), ""
	if c.State.Status == core.Finished {
		id = c.State.Outcome
		if block, ok := c.Procedure.Case.Work.(*definitions.Block); ok {
			for _, end := range block.Graph.Ends {
				if end.ID == id {
					title = end.Title
				}
			}
		}
	}
	i := slices.IndexFunc(line.Outcomes, func(o *OutcomeLine) bool { return o.ID == id })
	if i < 0 {
		i = len(line.Outcomes)
		line.Outcomes = append(line.Outcomes, &OutcomeLine{ID: id, Title: cmp.Or(title, id)})
	}
	line.Outcomes[i].Cases++
}

func (r *Report) step(p *definitions.Procedure, t core.PutTask) *StepLine {
	key := p.ID + "." + t.Step
	line := r.steps[key]
	if line == nil {
		line = &StepLine{Procedure: p.ID, ID: t.Step, Title: t.Title}
		r.steps[key] = line
		r.Steps = append(r.Steps, line)
	}
	line.Clocked = line.Clocked || !t.Due.IsZero()
	for _, c := range t.Candidates {
		if c.Post != "" && !slices.Contains(line.Posts, c.Post) {
			line.Posts = append(line.Posts, c.Post)
		}
	}
	return line
}

func (l *StepLine) done(wait, work time.Duration, late bool) {
	l.Done++
	l.Wait, l.Work = l.Wait+wait, l.Work+work
	l.waits = append(l.waits, wait)
	if late {
		l.Late++
	}
}

// lost counts a task that was taken away, late if its own time limit did it.
func (l *StepLine) lost(byTimer bool) {
	if byTimer {
		l.Clocked = true
		l.timeout++
		l.Late++
		return
	}
	l.Lost++
}

// LateShare is how many of the tasks that had a time were late: 0 to 1.
func (l *StepLine) LateShare() float64 {
	if n := l.Done + l.timeout; n > 0 {
		return float64(l.Late) / float64(n)
	}
	return 0
}

func (r *Report) worked(w *worker, took time.Duration) { r.hours[w.ID] += took }

func (r *Report) refused(p *definitions.Procedure, step string, why *core.Rejection) {
	line := RefusedLine{Procedure: p.ID, Step: step, Code: string(why.Code), Why: why}
	if len(why.Fields) > 0 {
		line.Field, line.Code = why.Fields[0].Path, why.Fields[0].Code
	}
	same := func(x RefusedLine) bool {
		return x.Procedure == line.Procedure && x.Step == step && x.Code == line.Code && x.Field == line.Field
	}
	i := slices.IndexFunc(r.Refused, same)
	if i < 0 {
		i = len(r.Refused)
		r.Refused = append(r.Refused, line)
	}
	r.Refused[i].Times++
}

// close counts what is left at the end, and sums up.
func (y *year) close(end time.Time) {
	r := y.report
	for _, c := range y.world.Retire() {
		r.ends(c)
	}
	for _, c := range y.world.Cases {
		r.procedure(c.Procedure).Running++
	}
	for _, line := range r.Procedures {
		slices.Sort(line.took)
		line.Median = middle(line.took)
		if n := len(line.took); n > 0 {
			line.Longest = line.took[n-1]
		}
		slices.SortStableFunc(line.Outcomes, func(a, b *OutcomeLine) int { return cmp.Compare(b.Cases, a.Cases) })
	}
	for _, line := range r.Steps {
		slices.Sort(line.waits)
		line.Median = middle(line.waits)
	}
	order := map[string]int{}
	for i, p := range r.bundle.Procedures {
		order[p.ID] = i
	}
	slices.SortStableFunc(r.Procedures, func(a, b *ProcedureLine) int { return cmp.Compare(order[a.ID], order[b.ID]) })
	slices.SortStableFunc(r.Steps, func(a, b *StepLine) int { return cmp.Compare(b.Wait, a.Wait) })
	there := map[*calendar.Calendar]time.Duration{}
	for _, hours := range y.hours {
		there[hours] = hours.Between(r.From, end, y.bundle.Office.Zone)
	}
	for _, post := range r.bundle.Office.Posts {
		line := &PostLine{ID: post.ID, Title: post.Title}
		whole := time.Duration(0)
		for _, w := range y.staff {
			if slices.Contains(w.Posts, post.ID) {
				line.Holders++
				line.Worked += r.hours[w.ID]
				whole += there[w.hours]
			}
		}
		if whole > 0 {
			line.Load = float64(line.Worked) / float64(whole)
		}
		r.Posts = append(r.Posts, line)
	}
}

func middle(sorted []time.Duration) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[len(sorted)/2]
}

// Bottleneck is the step whose tasks waited longest in all; nil if none did.
func (r *Report) Bottleneck() *StepLine {
	if len(r.Steps) == 0 || r.Steps[0].Wait == 0 {
		return nil
	}
	return r.Steps[0]
}
