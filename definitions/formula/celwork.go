package formula

import (
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/guicheng/guicheng/definitions/calendar"
	"github.com/guicheng/guicheng/definitions/value"
)

// openSpan is a span that passes in working hours only.
type openSpan time.Duration

// maxOpen bounds a span of working hours: it is walked through day by day.
const maxOpen = 10_000 * time.Hour

// calendarOf is the calendar by which working time is counted, as the scope or else the options say.
func calendarOf(s *Scope, o *Options) *calendar.Calendar {
	switch {
	case s.Calendar != nil:
		return s.Calendar
	case o.Calendar != nil:
		return o.Calendar
	}
	return calendar.Default
}

// calendarFunctions are those that ask when the office works.
func calendarFunctions() []cel.EnvOption {
	two := func(name string, arg *cel.Type, f func(c *celScope, t time.Time, arg any) any) cel.EnvOption {
		return cel.Function(name, cel.MemberOverload(name+"_context",
			[]*cel.Type{celContext, cel.TimestampType, arg}, cel.TimestampType,
			cel.FunctionBinding(func(args ...ref.Val) ref.Val { return celTwo(f, args) })))
	}
	return []cel.EnvOption{
		cel.Function("working", cel.Overload("working_duration", []*cel.Type{cel.DurationType}, celWork,
			cel.UnaryBinding(celWorking))),
		cel.Function("workday", cel.MemberOverload("workday_context", []*cel.Type{celContext, cel.TimestampType},
			cel.BoolType, cel.BinaryBinding(bindContext(celWorkday)))),
		two("work_after", celWork, celWorkAfter),
		two("work_before", celWork, celWorkBefore),
		two("at", cel.StringType, celAt),
		contextMacro("workday"), contextMacro2("work_after"), contextMacro2("work_before"), contextMacro2("at"),
	}
}

func celTwo(f func(c *celScope, t time.Time, arg any) any, args []ref.Val) ref.Val {
	c, isContext := args[0].(*celScope)
	t, isTime := args[1].Value().(time.Time)
	if !isContext || !isTime {
		return types.MaybeNoSuchOverloadErr(args[1])
	}
	out := f(c, t, args[2].Value())
	if err, failed := out.(error); failed {
		return types.WrapErr(err)
	}
	return adapter{}.NativeToValue(out)
}

func celWorking(arg ref.Val) ref.Val {
	d, ok := arg.Value().(time.Duration)
	switch {
	case !ok:
		return types.MaybeNoSuchOverloadErr(arg)
	case d <= 0 || d > maxOpen:
		return types.WrapErr(&Failure{Code: "arithmetic",
			Message: "working time is more than none, and at most 10,000 hours"})
	}
	return workVal{open: openSpan(d)}
}

func celWorkday(c *celScope, at any) any {
	t, _ := at.(time.Time)
	return calendarOf(c.scope, c.opts).Workday(t, zoneOf(c.scope, c.opts))
}

func celWorkAfter(c *celScope, t time.Time, span any) any {
	return addWork(calendarOf(c.scope, c.opts), t, span, zoneOf(c.scope, c.opts))
}

func celWorkBefore(c *celScope, t time.Time, span any) any {
	k, zone := calendarOf(c.scope, c.opts), zoneOf(c.scope, c.opts)
	if w, ok := span.(value.Work); ok {
		return k.Sub(t, w, zone).UTC()
	}
	return &Failure{Code: "type", Message: "work_before counts workdays and workhours"}
}

// addWork moves from by a span of working time.
func addWork(k *calendar.Calendar, from time.Time, span any, zone *time.Location) any {
	switch x := span.(type) {
	case value.Work:
		return k.Add(from, x, zone).UTC()
	case openSpan:
		return k.AddOpen(from, time.Duration(x), zone).UTC()
	}
	return &Failure{Code: "type", Message: "the formula gave no working time"}
}

// celAt is a time of day on the day of t.
func celAt(c *celScope, t time.Time, clock any) any {
	text, _ := clock.(string)
	minute, ok := minuteOf(text)
	if !ok {
		return &Failure{Code: "arithmetic", Message: "a time of day is written like 17:00"}
	}
	y, m, d := t.In(zoneOf(c.scope, c.opts)).Date()
	return time.Date(y, m, d, 0, minute, 0, 0, zoneOf(c.scope, c.opts)).UTC()
}

// minuteOf reads a time of day, 00:00 to 23:59.
func minuteOf(text string) (int, bool) {
	h, m, ok := strings.Cut(text, ":")
	hour, err1 := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	if !ok || len(text) != len("17:00") || err1 != nil || err2 != nil || hour < 0 || hour > 23 ||
		minute < 0 || minute > 59 {
		return 0, false
	}
	return hour*60 + minute, true
}

func workingOf(c *checker, n *node) *typ {
	c.argument(n, 0, tDuration)
	return workT
}

func workdayOf(c *checker, n *node) *typ {
	c.argument(n, 0, tTime)
	return boolT
}

func workFrom(c *checker, n *node) *typ {
	c.argument(n, 0, tTime)
	c.argument(n, 1, tWork)
	if n.name == "work_before" && n.kids[1].op == opCall && n.kids[1].name == "working" {
		c.report(wide(n.kids[1], "type", "work_before counts workdays and workhours"), "write workhours(2)")
	}
	return momentT
}

func atOf(c *checker, n *node) *typ {
	c.argument(n, 0, tTime)
	c.check(n.kids[1])
	if text, ok := n.kids[1].lit.(string); !ok {
		c.report(wide(n.kids[1], "arguments", "at takes a time of day in quotes"), "write at(today, '17:00')")
	} else if _, ok := minuteOf(text); !ok {
		c.report(wide(n.kids[1], "arguments", "%q is no time of day", text), "write at(today, '17:00')")
	}
	return momentT
}
