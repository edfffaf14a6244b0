package formula

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/expr-lang/expr/vm"

	"github.com/guicheng/guicheng/definitions/value"
)

// run is one evaluation of a computation.
type run struct {
	scope *Scope
	opts  *Options
	cost  int // steps left
}

type function = func(args ...any) (any, error)

// eval runs the program. Every failure is a *Failure.
func (p *exprProgram) eval(s *Scope) (any, error) {
	machine := vm.VM{MemoryBudget: MaxCost}
	out, err := machine.Run(p.prg, &run{scope: s, opts: p.opts, cost: MaxCost})
	if err != nil {
		return nil, exprFailure(err)
	}
	return out, nil
}

func exprFailure(err error) error {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	if strings.Contains(err.Error(), "memory budget") {
		return limitFailure("MaxCost", MaxCost)
	}
	return &Failure{Code: "type", Message: err.Error()}
}

// spend charges steps for work that grows with the data.
func (r *run) spend(steps int) error {
	if r.cost -= steps; r.cost < 0 {
		return limitFailure("MaxCost", MaxCost)
	}
	return nil
}

func wrongType(what string) *Failure {
	return &Failure{Code: "type", Message: what}
}

// withRun adapts a function that needs the evaluation; the arguments behind it are handed on.
func withRun(f func(r *run, args []any) (any, error)) function {
	return func(args ...any) (any, error) {
		r, ok := args[0].(*run)
		if !ok {
			return nil, wrongType("no evaluation")
		}
		return f(r, args[1:])
	}
}

// runtimeFunctions are the calls that lowering makes. Their names cannot be written by an author.
func runtimeFunctions() map[string]function {
	return map[string]function{
		"$name": withRun(readName), "$name?": withRun(readNameOrNil), "$get": readField, "$get?": readFieldOrNil,
		"$has": isThere, "$found": found, "$has name": withRun(hasName), "$at": entryAt, "$int": toInt,
		"$items": withRun(loopItems),
		"$turn":  withRun(turn), "$+": withRun(plusOf), "$-": minusOf, "$*": timesOf, "$/": divideOf, "$%": moduloOf,
		"$neg": negateOf, "$==": equalOf, "$<": orderOf(func(c int) bool { return c < 0 }),
		"$<=": orderOf(func(c int) bool { return c <= 0 }), "$>": orderOf(func(c int) bool { return c > 0 }),
		"$>=": orderOf(func(c int) bool { return c >= 0 }), "$in": withRun(isIn), "$range": withRun(rangeOf),
		"$sum": withRun(sumOf), "$count": countOf, "$sortBy": withRun(sortOf), "$groupBy": groupsOf,
		"$len": withRun(lenOf), "$last": withRun(lastEntry), "$minutes": withRun(spanCall("minutes")),
		"$hours": withRun(spanCall("hours")), "$days": withRun(spanCall("days")), "$end_of": withRun(endCall),
		"$done_by": withRun(doneByCall), "$heads": withRun(headsCall), "$concat": withRun(concatCall),
		"$rows": withRun(rowsCall), "$add_months": withRun(addMonthsCall), "$month_of": withRun(monthCall),
		"$staff": withRun(staffCall), "$units": withRun(unitsCall), "$superiors": withRun(superiorsCall),
		"$holders": withRun(holdersCall), "$everyone": withRun(everyoneCall), "$list": withRun(listCall),
		"$able": withRun(ableCall), "$person": withRun(personCall),
		"$open_tasks": withRun(openTasksCall), "$least_loaded": withRun(leastLoadedCall),
		"$next_in_turn": withRun(nextInTurnCall), "$random_of": withRun(randomCall),
		"$most_experienced": withRun(experiencedCall), "$longest_ago": withRun(longestAgoCall),
	}
}

func readName(r *run, args []any) (any, error) {
	ref, ok := args[0].(*nameRef)
	if !ok {
		return nil, wrongType("unbound name")
	}
	v, ok := ref.binding.resolve(ref.name, r.scope)
	if !ok {
		return nil, absent(ref.name)
	}
	return v, nil
}

func readNameOrNil(r *run, args []any) (any, error) {
	ref, ok := args[0].(*nameRef)
	if !ok {
		return nil, wrongType("unbound name")
	}
	v, ok := ref.binding.resolve(ref.name, r.scope)
	if !ok {
		return nil, nil
	}
	return v, nil
}

func hasName(r *run, args []any) (any, error) {
	ref, ok := args[0].(*nameRef)
	return ok && ref.binding.has(ref.name, r.scope), nil
}

func readField(args ...any) (any, error) {
	ref, ok := args[1].(*fieldRef)
	if !ok {
		return nil, wrongType("unbound field")
	}
	if args[0] == nil {
		return nil, absent(ref.path)
	}
	if v, ok := getMember(args[0], ref.name); ok {
		return v, nil
	}
	switch {
	case ref.kind.rows:
		return []value.Record(nil), nil
	case ref.kind.sort == tRecord:
		return value.Record(nil), nil
	}
	return nil, absent(ref.path)
}

func readFieldOrNil(args ...any) (any, error) {
	ref, ok := args[1].(*fieldRef)
	if !ok {
		return nil, wrongType("unbound field")
	}
	v, ok := getMember(args[0], ref.name)
	if !ok {
		return nil, nil
	}
	return v, nil
}

func isThere(args ...any) (any, error) { return args[0] != nil, nil }

// found: a find that found nothing is as good as an empty field.
func found(args ...any) (any, error) {
	if ref, ok := args[1].(*fieldRef); ok && args[0] == nil {
		return nil, &Failure{Code: "absent", Path: ref.path, Message: "find found nothing"}
	}
	return args[0], nil
}

// turn charges one turn of a loop, by the size of its body.
func turn(r *run, args []any) (any, error) {
	steps, ok := args[0].(int)
	if !ok {
		return nil, wrongType("a turn without size")
	}
	if err := r.spend(steps); err != nil {
		return nil, err
	}
	return args[1], nil
}

func toInt(args ...any) (any, error) {
	n, ok := args[0].(int)
	if !ok {
		return nil, wrongType("not a whole number")
	}
	return int64(n), nil
}

// entries gives any list as one of any values.
func entries(v any) ([]any, error) {
	switch x := v.(type) {
	case []any:
		return x, nil
	case []value.Record:
		return widen(x), nil
	case []value.Person:
		return widen(x), nil
	case []value.Unit:
		return widen(x), nil
	case []string:
		return widen(x), nil
	case []Candidate:
		return widen(x), nil
	case nil:
		return nil, nil
	}
	return nil, wrongType("not a list")
}

func widen[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

// sizeOfList and entry look into a list without copying it.
func sizeOfList(v any) (int, bool) {
	switch x := v.(type) {
	case []any:
		return len(x), true
	case []value.Record:
		return len(x), true
	case []value.Person:
		return len(x), true
	case []value.Unit:
		return len(x), true
	case []string:
		return len(x), true
	case []Candidate:
		return len(x), true
	}
	return 0, v == nil
}

func entry(v any, i int) any {
	switch x := v.(type) {
	case []any:
		return x[i]
	case []value.Record:
		return x[i]
	case []value.Person:
		return x[i]
	case []value.Unit:
		return x[i]
	case []string:
		return x[i]
	case []Candidate:
		return x[i]
	}
	return nil
}

func loopItems(r *run, args []any) (any, error) {
	list, err := entries(args[0])
	if err != nil {
		return nil, err
	}
	if list == nil {
		list = []any{}
	}
	return list, r.spend(len(list)/16 + 1)
}

func entryAt(args ...any) (any, error) {
	if groups, ok := args[0].(map[string][]any); ok {
		name, _ := args[1].(string)
		return groups[name], nil
	}
	n, ok := sizeOfList(args[0])
	if !ok {
		return nil, wrongType("not a list")
	}
	i, ok := args[1].(int64)
	if !ok || i < 0 || i >= int64(n) {
		return nil, &Failure{Code: "absent", Message: "the list has no entry of that number"}
	}
	return entry(args[0], int(i)), nil
}

func lenOf(_ *run, args []any) (any, error) {
	switch x := args[0].(type) {
	case string:
		return int64(utf8.RuneCountInString(x)), nil
	case map[string][]any:
		return int64(len(x)), nil
	}
	n, ok := sizeOfList(args[0])
	if !ok {
		return nil, wrongType("not a list")
	}
	return int64(n), nil
}

func lastEntry(_ *run, args []any) (any, error) {
	n, ok := sizeOfList(args[0])
	switch {
	case !ok:
		return nil, wrongType("not a list")
	case n == 0:
		return nil, &Failure{Code: "absent", Message: "the list of last is empty"}
	}
	return entry(args[0], n-1), nil
}

func countOf(args ...any) (any, error) {
	list, err := entries(args[0])
	n := int64(0)
	for _, v := range list {
		if v == true {
			n++
		}
	}
	return n, err
}

func groupsOf(args ...any) (any, error) {
	list, err := entries(args[0])
	if err != nil {
		return nil, err
	}
	keys, err := entries(args[1])
	if err != nil || len(keys) != len(list) {
		return nil, wrongType("a group has no name")
	}
	groups := map[string][]any{}
	for i, v := range list {
		name, _ := keys[i].(string)
		groups[name] = append(groups[name], v)
	}
	return groups, nil
}

// sortOf orders a list by keys of the same length; entries with equal keys keep their order.
func sortOf(r *run, args []any) (any, error) {
	list, err := entries(args[0])
	if err != nil {
		return nil, err
	}
	keys, err := entries(args[1])
	if err != nil || len(keys) != len(list) {
		return nil, wrongType("an entry has no key")
	}
	if err := r.spend(len(list) * 10); err != nil {
		return nil, err
	}
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	sign := 1
	if args[2] == "desc" {
		sign = -1
	}
	slices.SortStableFunc(order, func(a, b int) int {
		c, _ := compareValues(keys[a], keys[b])
		return sign * c
	})
	out := make([]any, len(list))
	for i, at := range order {
		out[i] = list[at]
	}
	return out, nil
}

func concatCall(r *run, args []any) (any, error) {
	out := []any{}
	for _, arg := range args {
		list, err := entries(arg)
		if err != nil {
			return nil, err
		}
		if len(out)+len(list) > MaxItems {
			return nil, limitFailure("MaxItems", MaxItems)
		}
		if err := r.spend(len(list)); err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

func rangeOf(r *run, args []any) (any, error) {
	from, ok1 := args[0].(int64)
	to, ok2 := args[1].(int64)
	switch {
	case !ok1 || !ok2:
		return nil, wrongType("a range is between whole numbers")
	case to < from:
		return []any{}, nil
	case uint64(to)-uint64(from) >= MaxItems:
		return nil, limitFailure("MaxItems", MaxItems)
	}
	if err := r.spend(int(to - from)); err != nil {
		return nil, err
	}
	out := make([]any, 0, to-from+1)
	for i := range to - from + 1 {
		out = append(out, from+i)
	}
	return out, nil
}

func rowsCall(r *run, args []any) (any, error) {
	list, err := entries(args[0])
	if err != nil {
		return nil, err
	}
	column, _ := args[1].(string)
	if err := r.spend(len(list)); err != nil {
		return nil, err
	}
	out := make([]value.Record, len(list))
	for i, v := range list {
		out[i] = value.Record{column: v}
	}
	return out, nil
}

func spanCall(name string) func(*run, []any) (any, error) {
	return func(_ *run, args []any) (any, error) {
		n, ok := args[0].(int64)
		if !ok {
			return nil, wrongType("not a whole number")
		}
		d, ok := spanTimes(n, spanSize(name))
		if !ok {
			return nil, &Failure{Code: "arithmetic", Message: "the duration is too long"}
		}
		return d, nil
	}
}

func timeArgument(args []any) (time.Time, error) {
	t, ok := args[0].(time.Time)
	if !ok {
		return time.Time{}, wrongType("not a time")
	}
	return t, nil
}

func endCall(r *run, args []any) (any, error) {
	t, err := timeArgument(args)
	return endOfDay(t, zoneOf(r.scope, r.opts)), err
}

func monthCall(r *run, args []any) (any, error) {
	t, err := timeArgument(args)
	return value.MonthOf(t, zoneOf(r.scope, r.opts)), err
}

// addMonthsCall keeps the day, or takes the last of a shorter month.
func addMonthsCall(r *run, args []any) (any, error) {
	t, err := timeArgument(args)
	if err != nil {
		return nil, err
	}
	n, ok := args[1].(int64)
	if !ok || n > 12_000 || n < -12_000 {
		return nil, &Failure{Code: "arithmetic", Message: "add_months takes up to 12,000 months"}
	}
	zone := zoneOf(r.scope, r.opts)
	t = t.In(zone)
	y, m, d := t.Date()
	h, mi, s := t.Clock()
	first := time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, zone)
	days := time.Date(first.Year(), first.Month()+1, 0, 0, 0, 0, 0, zone).Day()
	return time.Date(first.Year(), first.Month(), min(d, days), h, mi, s, 0, zone), nil
}
