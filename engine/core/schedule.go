package core

import (
	"fmt"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

// Scheduled gives the cases that a start by the calendar begins: one, or one for each entry of its list, in order.
// at is the time that the calendar names.
func Scheduled(way *definitions.Start, p *definitions.Procedure, settings value.Record, at time.Time, c Context) (
	[]Start, *Rejection,
) {
	one := Start{Way: way.Index, Settings: settings, As: at}
	if way.ForEach == nil {
		return []Start{one}, nil
	}
	list, err := way.ForEach.Eval(&formula.Scope{
		Settings: Settings(p, settings), Now: at, Zone: p.Office.Zone, Staff: c.Staff, Calendar: c.calendar(p),
	})
	if err != nil {
		return nil, unfit(err, way.ForEach.Source())
	}
	var out []Start
	for _, entry := range entriesOf(list) {
		one.Each = entry
		out = append(out, one)
	}
	if len(out) > maxRows {
		return nil, &Rejection{Code: Unfit, Args: map[string]string{
			"limit": fmt.Sprintf("a schedule begins at most %d cases at a time", maxRows)}}
	}
	return out, nil
}

func entriesOf(list any) []any {
	var out []any
	switch x := list.(type) {
	case []value.Person:
		for _, p := range x {
			out = append(out, p)
		}
	case []value.Unit:
		for _, u := range x {
			out = append(out, u)
		}
	case []string:
		for _, s := range x {
			out = append(out, s)
		}
	}
	return out
}

// EntryID names an entry of a start's list, so that the case that begins for it can be told from the others.
func EntryID(entry any) string {
	switch x := entry.(type) {
	case value.Person:
		return x.ID
	case value.Unit:
		return x.ID
	case string:
		return x
	}
	return ""
}
