package formula

import (
	"maps"
	"slices"

	"github.com/guicheng/guicheng/definitions/report"
)

// signature types a call; it may report faults and returns the type of the result.
type signature struct {
	cel, expr bool
	least     int
	most      int // -1 = any number
	usage     string
	result    func(c *checker, n *node) *typ
}

// signatures are all that the language has; what is not here does not exist.
func signatures() map[string]signature {
	return map[string]signature{
		"size":        {cel: true, least: 1, most: 1, usage: "size(papers)", result: sizeOf},
		"len":         {expr: true, least: 1, most: 1, usage: "len(papers)", result: sizeOf},
		"last":        {cel: true, expr: true, least: 1, most: 1, usage: "last(papers)", result: lastOf},
		"minutes":     {cel: true, expr: true, least: 1, most: 1, usage: "minutes(3)", result: spanOf},
		"hours":       {cel: true, expr: true, least: 1, most: 1, usage: "hours(2)", result: spanOf},
		"days":        {cel: true, expr: true, least: 1, most: 1, usage: "days(30)", result: spanOf},
		"workhours":   {cel: true, least: 1, most: 1, usage: "workhours(5)", result: spanOf},
		"workdays":    {cel: true, least: 1, most: 1, usage: "workdays(3)", result: spanOf},
		"working":     {cel: true, least: 1, most: 1, usage: "working(minutes(30))", result: workingOf},
		"workday":     {cel: true, least: 1, most: 1, usage: "workday(today)", result: workdayOf},
		"work_after":  {cel: true, least: 2, most: 2, usage: "work_after(day, workdays(2))", result: workFrom},
		"work_before": {cel: true, least: 2, most: 2, usage: "work_before(due, workhours(2))", result: workFrom},
		"at":          {cel: true, least: 2, most: 2, usage: "at(today, '17:00')", result: atOf},
		"end_of":      {cel: true, expr: true, least: 1, most: 1, usage: "end_of(order.until)", result: endOf},
		"open":        {cel: true, least: 1, most: 1, usage: "open('step')", result: stepCall},
		"done":        {cel: true, least: 1, most: 1, usage: "done('step')", result: stepCall},
		"times":       {cel: true, least: 1, most: 1, usage: "times('step')", result: stepCall},
		"done_by":     {cel: true, expr: true, least: 1, most: 1, usage: `done_by("step")`, result: stepCall},
		"heads":       {cel: true, expr: true, least: 1, most: 1, usage: "heads(unit)", result: headsOf},
		"contains":    {cel: true, least: 2, most: 2, usage: "name.contains('x')", result: textTest},
		"startsWith":  {cel: true, least: 2, most: 2, usage: "name.startsWith('x')", result: textTest},
		"endsWith":    {cel: true, least: 2, most: 2, usage: "name.endsWith('x')", result: textTest},
		"concat":      {expr: true, least: 1, most: -1, usage: "concat(a, b)", result: concatOf},
		"rows":        {expr: true, least: 2, most: 2, usage: `rows(list, "column")`, result: rowsOf},
		"add_months":  {expr: true, least: 2, most: 2, usage: "add_months(order.starts, 3)", result: addMonths},
		"month_of":    {expr: true, least: 1, most: 1, usage: "month_of(today)", result: monthOf},
		"staff":       {expr: true, least: 2, most: 2, usage: `staff("post", unit)`, result: staffOf},
		"units":       {expr: true, most: 0, usage: "units()", result: unitsOf},
		"superiors":   {expr: true, least: 1, most: 1, usage: "superiors(person)", result: superiorsOf},
		"holders":     {expr: true, least: 1, most: 1, usage: `holders("post")`, result: holdersOf},
		"everyone":    {expr: true, most: 0, usage: "everyone()", result: everyoneOf},
		"person":      {expr: true, least: 1, most: 1, usage: `person("chan")`, result: personOf},
		"able":        {expr: true, least: 1, most: 1, usage: `able("skill")`, result: ableOf},
		"open_tasks":  {expr: true, least: 1, most: 1, usage: "open_tasks(person)", result: openTasksOf},
		"least_loaded": {expr: true, least: 1, most: 1, usage: `least_loaded(holders("post"))`,
			result: chooseOf},
		"next_in_turn": {expr: true, least: 1, most: 1, usage: `next_in_turn(holders("post"))`,
			result: chooseOf},
		"random_of": {expr: true, least: 1, most: 1, usage: `random_of(holders("post"))`, result: chooseOf},
		"most_experienced": {expr: true, least: 2, most: 2,
			usage: `most_experienced(holders("post"), "step")`, result: chooseByStep},
		"longest_ago": {expr: true, least: 2, most: 2, usage: `longest_ago(holders("post"), "step")`,
			result: chooseByStep},
		"list":     {expr: true, least: 1, most: 1, usage: "list(missing)", result: listText},
		"money":    literalSignature("money", "10.00"),
		"date":     literalSignature("date", "2026-11-24"),
		"month":    literalSignature("month", "2026-11"),
		"moment":   literalSignature("moment", "2026-11-24 15:00"),
		"duration": literalSignature("duration", "1h30m"),
	}
}

func (s signature) serves(c *checker) bool { return (c.exprs && s.expr) || (!c.exprs && s.cel) }

func exprFunctionNames() []string { return functionNames(true) }

func functionNames(exprs bool) []string {
	names := []string{"has", "filter", "map", "all"}
	if exprs {
		names = append(names, "sum", "count", "find", "sortBy", "groupBy", "any", "none")
	} else {
		names = append(names, "exists")
	}
	all := signatures()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if s := all[name]; (exprs && s.expr) || (!exprs && s.cel) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// elsewhere tells authors who know another language what to write.
var elsewhere = map[string]string{
	"len": "write size(…)", "size": "write len(…)", "count": "write size(…)", "exists": "write any(list, …)",
	"join": "write list(…)", "now": "write now, without brackets", "workdays": "working time is for conditions",
}

func (c *checker) call(n *node) {
	s, ok := c.env.functions[n.name]
	if !ok || !s.serves(c) {
		for _, kid := range n.kids {
			c.check(kid)
		}
		hint := elsewhere[n.name]
		if hint == "" {
			hint = report.DidYouMean(n.name, functionNames(c.exprs))
		}
		c.report(fault(n, "unknown-function", "there is no function %s here", n.name), hint)
		return
	}
	if len(n.kids) < s.least || (s.most >= 0 && len(n.kids) > s.most) {
		c.report(fault(n, "arguments", "%s has %d arguments", n.name, len(n.kids)), "write "+s.usage)
		return
	}
	n.typ = s.result(c, n)
}

// argument checks one argument for a sort.
func (c *checker) argument(n *node, i int, sorts ...sort) *typ {
	t := c.check(n.kids[i])
	if t.sort != tAny && !slices.Contains(sorts, t.sort) {
		c.report(wide(n.kids[i], "type", "%s does not take %s", n.name, t), "write "+c.env.functions[n.name].usage)
	}
	return t
}

func sizeOf(c *checker, n *node) *typ {
	c.argument(n, 0, tList, tString, tGroups)
	return intT
}

// lastOf reads the table: it needs a row.
func lastOf(c *checker, n *node) *typ {
	t := c.argument(n, 0, tList)
	if t.sort != tList {
		return anyT
	}
	n.path = n.kids[0].path
	n.kids[0].read = n.path != "" && !n.kids[0].local
	n.local = true
	return t.elem
}

func spanOf(c *checker, n *node) *typ {
	c.argument(n, 0, tInt)
	if n.name == "workdays" || n.name == "workhours" {
		return workT
	}
	return durationT
}

func endOf(c *checker, n *node) *typ {
	c.argument(n, 0, tTime)
	return momentT
}

// stepCall takes the id of a step as it stands in the procedure.
func stepCall(c *checker, n *node) *typ {
	c.stepID(n, n.kids[0])
	switch n.name {
	case "times":
		return intT
	case "done_by":
		return listOf(c.env.opts.personType())
	}
	return boolT
}

// stepID checks an argument that names a step in quotes.
func (c *checker) stepID(n, arg *node) {
	c.check(arg)
	id, ok := arg.lit.(string)
	switch {
	case arg.op != opLit || !ok:
		c.report(wide(arg, "arguments", "%s takes the id of a step in quotes", n.name),
			"write "+c.env.functions[n.name].usage)
	case !c.env.opts.Steps[id]:
		c.report(fault(arg, "unknown-step", "there is no step %s", id),
			report.DidYouMean(id, sortedKeys(c.env.opts.Steps)))
	}
}

func headsOf(c *checker, n *node) *typ {
	c.argument(n, 0, tUnit)
	return listOf(c.env.opts.personType())
}

func textTest(c *checker, n *node) *typ {
	c.argument(n, 0, tString)
	c.argument(n, 1, tString)
	return boolT
}

func concatOf(c *checker, n *node) *typ {
	out := listOf(anyT)
	for i := range n.kids {
		if t := c.argument(n, i, tList); t.sort == tList {
			out = c.unify(n.kids[i], out, t)
		}
	}
	return listOf(out.elem)
}

func rowsOf(c *checker, n *node) *typ {
	t := c.argument(n, 0, tList)
	c.check(n.kids[1])
	column, ok := n.kids[1].lit.(string)
	if !ok || t.sort != tList {
		c.report(wide(n.kids[1], "arguments", "rows takes a list and the name of a column in quotes"),
			"write "+c.env.functions["rows"].usage)
		return anyT
	}
	return listOf(&typ{sort: tRecord, members: []member{{name: column, typ: t.elem}}})
}

func addMonths(c *checker, n *node) *typ {
	t := c.argument(n, 0, tTime)
	c.argument(n, 1, tInt)
	return t
}

func monthOf(c *checker, n *node) *typ {
	c.argument(n, 0, tTime)
	return monthT
}

func staffOf(c *checker, n *node) *typ {
	c.argument(n, 0, tString)
	c.option(c.env.opts.postType(), n.kids[0])
	c.argument(n, 1, tUnit)
	return listOf(c.env.opts.personType())
}

func unitsOf(*checker, *node) *typ { return listOf(unitT) }

func superiorsOf(c *checker, n *node) *typ {
	c.argument(n, 0, tPerson)
	return listOf(c.env.opts.personType())
}

func holdersOf(c *checker, n *node) *typ {
	c.argument(n, 0, tString)
	c.option(c.env.opts.postType(), n.kids[0])
	return listOf(c.env.opts.personType())
}

func everyoneOf(c *checker, _ *node) *typ { return listOf(c.env.opts.personType()) }

func personOf(c *checker, n *node) *typ {
	c.argument(n, 0, tString)
	return listOf(c.env.opts.personType())
}

func ableOf(c *checker, n *node) *typ {
	c.argument(n, 0, tString)
	c.option(c.env.opts.skillType(), n.kids[0])
	return listOf(c.env.opts.personType())
}

func openTasksOf(c *checker, n *node) *typ {
	c.choosing(n)
	c.argument(n, 0, tPerson)
	return intT
}

// choosing refuses what depends on the office's work where no person is chosen.
func (c *checker) choosing(n *node) {
	if _, ok := c.names[choosing]; !ok {
		c.report(fault(n, "unknown-function", "there is no function %s here", n.name),
			n.name+" exists where a task is given to people: by, remind, escalate, reassign")
	}
}

func chooseOf(c *checker, n *node) *typ {
	c.choosing(n)
	t := c.argument(n, 0, tList)
	if t.sort == tList && t.elem.sort != tPerson && t.elem.sort != tAny {
		c.report(wide(n.kids[0], "type", "%s chooses among persons, not from %s", n.name, t),
			"write "+c.env.functions[n.name].usage)
	}
	return listOf(c.env.opts.personType())
}

func chooseByStep(c *checker, n *node) *typ {
	t := chooseOf(c, n)
	c.stepID(n, n.kids[1])
	return t
}

func listText(c *checker, n *node) *typ {
	if t := c.argument(n, 0, tList); t.sort == tList && t.elem.sort == tRecord {
		c.report(wide(n.kids[0], "type", "list prints single values, not rows"), "write list(map(papers, .name))")
	}
	return stringT
}

// loop checks exists, all, filter, map … : the body sees one entry of the list.
func (c *checker) loop(n *node) {
	list := c.check(n.kids[0])
	if list.sort != tList {
		if list.sort != tAny {
			c.report(wide(n.kids[0], "type", "%s runs over a list, not over %s", n.name, list), "")
		}
		list = listOf(anyT)
	}
	n.table = list.elem
	if c.loops++; c.loops > MaxLoops {
		c.report(fault(n, "limit", "more than %d loops inside one another (the limit MaxLoops)", MaxLoops), "")
	}
	c.deepest = max(c.deepest, c.loops)
	body := anyT
	if len(n.kids) > 1 {
		if _, taken := c.names[n.each]; taken && n.each != "" {
			c.report(fault(n, "arguments", "the row name %s hides data of that name", n.each), "choose another letter")
		}
		path := n.kids[0].path
		if list.elem.sort != tRecord {
			path = ""
		}
		c.locals = append(c.locals, local{name: n.each, typ: list.elem, path: path, row: true})
		body = c.check(n.kids[1])
		c.locals = c.locals[:len(c.locals)-1]
	}
	c.loops--
	n.typ = c.loopResult(n, list.elem, body)
}

func (c *checker) loopResult(n *node, elem, body *typ) *typ {
	switch n.name {
	case "map":
		if body.sort == tList || body.sort == tGroups {
			c.report(wide(n.kids[1], "type", "a list does not hold lists"), "")
			return listOf(anyT)
		}
		n.path = rowPath(n.kids[1])
		return listOf(body)
	case "sum":
		if len(n.kids) == 1 {
			body = elem
		}
		if !body.isNumber() && body.sort != tMoney && body.sort != tDuration && body.sort != tAny {
			c.report(wide(n, "type", "sum adds numbers, money or durations, not %s", body), "")
		}
		return body
	case "sortBy":
		return c.sorted(n, elem, body)
	case "groupBy":
		if body.sort != tString && body.sort != tAny {
			c.report(wide(n.kids[1], "type", "groups are named by a text, not by %s", body), "")
		}
		return &typ{sort: tGroups, elem: elem}
	}
	if len(n.kids) > 1 && body.sort != tBool && body.sort != tAny {
		c.report(wide(n.kids[1], "type", "%s needs yes or no, not %s", n.name, body), wantHint(n.kids[1], tBool))
	}
	switch n.name {
	case "filter":
		n.path = n.kids[0].path
		return listOf(elem)
	case "find":
		n.path, n.local = n.kids[0].path, true
		return elem
	case "count":
		if len(n.kids) == 1 && elem.sort != tBool {
			c.report(fault(n, "arguments", "count needs a condition"),
				"write count(papers, .price > x), or len(papers)")
		}
		return intT
	}
	return boolT
}

func (c *checker) sorted(n *node, elem, body *typ) *typ {
	if body.sort != tAny && !ordered(body, body) {
		c.report(wide(n.kids[1], "type", "%s has no order", body), "")
	}
	if len(n.kids) > 2 {
		c.check(n.kids[2])
		if order := n.kids[2].lit; order != "asc" && order != "desc" {
			c.report(wide(n.kids[2], "arguments", "the order is \"asc\" or \"desc\""), "")
		}
	}
	n.path = n.kids[0].path
	return listOf(elem)
}
