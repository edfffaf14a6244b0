package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/guicheng/guicheng/definitions"
)

// ScheduleLine is a start by the calendar: how often, when it began cases last, and when it does so next.
type ScheduleLine struct {
	Procedure string `json:"procedure"`
	Title     string `json:"title" doc:"of the procedure"`
	Way       int    `json:"way" doc:"which of the procedure's starts"`
	Every     string `json:"every" enum:"day,workday,week,month,year"`
	Month     int    `json:"month,omitempty"`
	Day       int    `json:"day,omitempty" doc:"of the month, or of the week from Monday, 1"`
	At        string `json:"at" doc:"time of day in the office's zone"`
	Missed    string `json:"missed" enum:"latest,all,none" doc:"what is caught up of missed times"`
	ForEach   string `json:"for_each,omitempty" doc:"the list for each entry of which a case begins"`
	// Last is absent before the first time.
	Last *time.Time `json:"last,omitempty" doc:"the last time that has come, whether cases began or it was missed"`
	Next *time.Time `json:"next,omitempty" doc:"absent: the calendar names no time any more"`
	// Overdue says that its time has come and nothing has begun it: why, the server's log says.
	Overdue bool `json:"overdue,omitempty" doc:"its time came more than five minutes ago, and it has not begun"`
}

// Schedules lists what begins by the calendar, by procedure: all of it to administrators, to others that of which they
// are the manager.
func (e *Engine) Schedules(ctx context.Context, a Actor, lang string) ([]ScheduleLine, error) {
	r, err := e.reader(ctx, a)
	if err != nil {
		return nil, e.told(err)
	}
	rows, err := e.store.Schedules(ctx, r.office)
	if err != nil {
		return nil, e.told(err)
	}
	out := []ScheduleLine{}
	now := e.now()
	for _, row := range rows {
		p := r.desk.newest[row.Procedure]
		if p == nil || row.Way >= len(p.Starts) || p.Starts[row.Way].Schedule == nil ||
			!r.admin && !r.managesAll(row.Procedure) {
			continue
		}
		way := p.Starts[row.Way]
		line := scheduleLine(way, row.Next, now)
		line.Procedure, line.Title = p.ID, r.renderer(lang, p).say(p.Title)
		if last := row.Last; r.desk.nextTime(p, way.Schedule, last.Add(-time.Second)).Equal(last) {
			line.Last = &last
		}
		out = append(out, line)
	}
	return out, nil
}

func scheduleLine(way *definitions.Start, next, now time.Time) ScheduleLine {
	s := way.Schedule
	line := ScheduleLine{Way: way.Index, Every: s.Every, Month: s.Month, Day: s.Day, Missed: string(s.Missed),
		At: fmt.Sprintf("%02d:%02d", s.Minute/60, s.Minute%60), Overdue: now.Sub(next) > lateStart}
	if way.ForEach != nil {
		line.ForEach = way.ForEach.Source()
	}
	if next.Before(never) {
		line.Next = &next
	}
	return line
}
