package formula

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions/value"
)

// chain writes start.map(x, step).map(x, step)… n times.
func chain(start, step string, n int) string {
	return start + strings.Repeat(".map(x, "+step+")", n)
}

// bigData fills every table to its limit.
func bigData() value.Record {
	rows := make([]value.Record, value.MaxRows)
	for i := range rows {
		rows[i] = rec("name", strings.Repeat("報", value.MaxText), "copies", int64(i), "to_be_had", true)
	}
	return rec("papers", rows, "order", rec("months", int64(3)))
}

func TestHostileConditions(t *testing.T) {
	t.Parallel()
	n := newspaper(t)
	const million = 1_000_000
	tests := map[string]string{
		"brackets":           strings.Repeat("(", million),
		"closed brackets":    strings.Repeat("(", 2000) + "true" + strings.Repeat(")", 2000),
		"square brackets":    strings.Repeat("[", million),
		"minus":              strings.Repeat("-", million) + "1 == 1",
		"few minus":          strings.Repeat("-", 4000) + "1 == 1",
		"not":                strings.Repeat("!", 4000) + "true",
		"spaced not":         strings.Repeat("! ", 2000) + "true",
		"conditionals":       strings.Repeat("true ? true : ", 290) + "true",
		"selects":            "order" + strings.Repeat(".a", 2000) + " == 1",
		"indexes":            "papers" + strings.Repeat("[0]", 1300) + " == 1",
		"additions":          "1" + strings.Repeat("+1", 2000) + " == 1",
		"ands":               "true" + strings.Repeat("&&true", 600),
		"list doubling":      chain("[1]", "[x, x]", 27) + " == [1]",
		"list sums":          chain("[[1]]", "x + x", 27) + " == [[1]]",
		"text doubling":      chain(`["xxxxxxxx"]`, "x + x", 60) + " == ['']",
		"text doubling read": chain(`["xxxxxxxx"]`, "x + x", 60) + ".exists(s, s == '')",
		"nested loops":       "papers.all(a, papers.all(b, a.copies + b.copies >= 0))",
		"deep loops":         "papers.all(a, papers.all(b, papers.all(c, papers.all(d, true))))",
		"matches":            "papers.exists(p, p.name.matches('(((a+)+)+)+$'))",
		"unfinished text":    `"` + strings.Repeat("\\", 3000),
		"nuls":               strings.Repeat("\x00", 3000),
		"not UTF-8":          "\xff\xfe",
		"wide":               strings.Repeat("報", 5000),
		"commas":             "[" + strings.Repeat("1,", 2000) + "1].exists(x, x == 2)",
	}
	data := bigData()
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, faults := n.Guard(text, Names{})
			if len(faults) > 0 {
				checkSane(t, text, faults)
				return
			}
			_, err := g.Eval(scope(data))
			var f *Failure
			if err != nil && !errors.As(err, &f) {
				t.Errorf("the error is no failure: %v", err)
			}
			if name == "nested loops" && (f == nil || f.Code != "limit" || !strings.Contains(f.Message, "MaxCost")) {
				t.Errorf("a million turns gave %v", err)
			}
			if name == "text doubling read" && (f == nil || f.Code != "limit") {
				t.Errorf("a text of 2^60 letters gave %v", err)
			}
		})
	}
}

// checkSane: every fault has a code, a message and a place inside the text.
func checkSane(t *testing.T, text string, faults []Fault) {
	t.Helper()
	for _, f := range faults {
		if f.Code == "" || f.Code == "internal" || f.Message == "" || f.Width < 1 || f.Offset < 0 ||
			f.Offset > len([]rune(text)) || len(f.Message) > 4096 {
			t.Errorf("the fault is %.300v", fmt.Sprintf("%+v", f))
		}
	}
}

// hostileValues are texts that end a careless server.
func hostileValues() map[string]string {
	const million = 1_000_000
	doubling := func(step string, n int) string {
		var b strings.Builder
		fmt.Fprintf(&b, "let v0 = %s; ", strings.ReplaceAll(step, "V", "1"))
		for i := range n {
			fmt.Fprintf(&b, "let v%d = %s; ", i+1, strings.ReplaceAll(step, "V", fmt.Sprintf("v%d", i)))
		}
		fmt.Fprintf(&b, "len(v%d)", n)
		return b.String()
	}
	return map[string]string{
		"brackets":         strings.Repeat("(", million),
		"closed brackets":  strings.Repeat("(", 2000) + "1" + strings.Repeat(")", 2000),
		"minus":            strings.Repeat("-", million) + "1",
		"few minus":        strings.Repeat("-", 4000) + "1",
		"not":              strings.Repeat("not ", 1000) + "true",
		"maps":             strings.Repeat(`{"a":`, 800),
		"conditionals":     strings.Repeat("true ? 1 : ", 360) + "1",
		"powers":           "2" + strings.Repeat("**9", 1000),
		"coalesce":         "1" + strings.Repeat("??1", 1000),
		"text doubling":    strings.Replace(doubling("V + V", 40), "1 + 1", `"xxxxxxxx"`, 1),
		"list doubling":    strings.Replace(doubling("concat(V, V)", 40), "concat(1, 1)", "[1]", 1),
		"nested doubling":  strings.Replace(doubling("[V, V]", 40), "[1, 1]", "[1]", 1),
		"record doubling":  strings.Replace(doubling(`[{"a": V, "b": V}]`, 30), `[{"a": 1, "b": 1}]`, "1", 1),
		"lets":             strings.Repeat("let a = 1; ", 300) + "1",
		"nested loops":     "count(papers, len(filter(papers, .copies > 0)) > 0)",
		"deep loops":       "map(papers, len(map(papers, len(map(papers, 1)))))",
		"sorts":            strings.Repeat("sortBy(", 20) + "papers" + strings.Repeat(", .name)", 20),
		"chained maps":     strings.Repeat("map(", 25) + "papers" + strings.Repeat(", #)", 25),
		"ranges":           "sum(0..9223372036854775807, #)",
		"negative range":   "len(-9223372036854775807..9223372036854775807)",
		"many ranges":      "sum(0..999, len(0..999))",
		"long list":        `list(map(papers, .name + .name))`,
		"repeat":           `repeat("x", 1000000000)`,
		"replace":          `replace("x", "", "xxxxxxxx")`,
		"regexp":           `"x" matches "(((a+)+)+)+$"`,
		"environment":      "$env",
		"hidden name":      "$env.scope",
		"functions":        "len",
		"pipes":            "1" + strings.Repeat(" | len()", 400),
		"unfinished text":  `"` + strings.Repeat("\\", 3000),
		"unfinished quote": strings.Repeat("`", 3001),
		"nuls":             strings.Repeat("\x00", 3000),
		"not UTF-8":        "\xff\xfe",
		"comments":         strings.Repeat("/*", 1500),
		"big number":       strings.Repeat("9", 3000),
		"float":            "1e999",
	}
}

func TestHostileValues(t *testing.T) {
	t.Parallel()
	n := newspaper(t)
	data := bigData()
	for name, text := range hostileValues() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, faults := n.Value(text, Names{}, nil)
			if len(faults) > 0 {
				checkSane(t, text, faults)
				return
			}
			_, err := v.Eval(scope(data))
			var f *Failure
			if err != nil && !errors.As(err, &f) {
				t.Errorf("the error is no failure: %v", err)
			}
			switch name {
			case "text doubling", "list doubling", "nested loops", "ranges",
				"negative range", "many ranges", "long list":
				if f == nil || f.Code != "limit" {
					t.Errorf("it gave %v", err)
				}
			}
		})
	}
}

func TestLimitsAreNamed(t *testing.T) {
	t.Parallel()
	n := newspaper(t)
	for name, text := range map[string]string{
		"MaxSource": "true || " + strings.Repeat(" ", MaxSource),
		"MaxNest":   strings.Repeat("(", MaxNest+1) + "true" + strings.Repeat(")", MaxNest+1),
		"MaxLoops":  "papers.all(a, papers.all(b, papers.all(c, true)))",
	} {
		_, faults := n.Guard(text, Names{})
		if len(faults) == 0 || faults[0].Code != "limit" || !strings.Contains(faults[0].Message, name) {
			t.Errorf("%s: %+v", name, faults)
		}
	}
	fits := strings.Repeat("(", MaxNest) + "true" + strings.Repeat(")", MaxNest)
	if _, faults := n.Guard(fits, Names{}); len(faults) > 0 {
		t.Errorf("%d brackets are refused: %+v", MaxNest, faults)
	}
	quoted := "order.months > 0 || '" + strings.Repeat("(", 100) + "' == ''"
	if _, faults := n.Guard(quoted, Names{}); len(faults) > 0 {
		t.Errorf("brackets in a text are counted: %+v", faults)
	}
	_, faults := n.Text(strings.Repeat("{{1}}", MaxParts+1), Names{})
	if len(faults) == 0 || !strings.Contains(faults[0].Message, "MaxParts") {
		t.Errorf("%+v", faults)
	}
	_, faults = n.Text(strings.Repeat("字", MaxText), Names{})
	if len(faults) == 0 || !strings.Contains(faults[0].Message, "MaxText") {
		t.Errorf("%+v", faults)
	}
}

func FuzzGuard(f *testing.F) {
	for _, seed := range []string{
		"matter.handled_by == 'us'", "papers.exists(p, has(p.source) && p.source == 'import')", "has(order)",
		"last(papers).price * 2 > papers[0].cost", "!(actor in done_by(\"request\"))", "[1, 2].map(x, x + 1) == [2]",
		"size(papers.filter(p, p.to_be_had)) > 0 ? true : false", "today + days(1) > now",
		"((((", "'\\", "a.b.c.d", "-1",
	} {
		f.Add(seed)
	}
	n := newspaper(f)
	s := scope(paperData())
	f.Fuzz(func(t *testing.T, text string) {
		names := everywhere(n, "paper")
		g, faults := n.Guard(text, names)
		if len(faults) > 0 {
			checkSane(t, text, faults)
			return
		}
		_, err := g.Eval(s)
		var failure *Failure
		if err != nil && !errors.As(err, &failure) {
			t.Errorf("the error is no failure: %v", err)
		}
		g.Readings(s)
		g.Facts(true)
		g.Facts(false)
		for _, r := range g.Uncovered(nothing) {
			if r.Offset < 0 || r.Width < 1 || r.Offset+r.Width > len([]rune(text))+1 {
				t.Errorf("a read is at %d+%d", r.Offset, r.Width)
			}
		}
	})
}

func FuzzValue(f *testing.F) {
	for _, seed := range []string{
		"sum(papers, .cost)", "filter(papers, .to_be_had)", "let u = units(); map(u, ({\"visitor\": #}))", "1..3",
		"map(sortBy(papers, .name, \"desc\"), .name)", "papers[1].price ?? order.total", "add_months(today, 1)", "((((",
		"rows(units(), \"unit\")", "papers | filter(has(.cost)) | len()",
		"{\"a\": 1}.a", "groupBy(papers, .name)[\"x\"]",
	} {
		f.Add(seed)
	}
	n := newspaper(f)
	s := scope(paperData())
	f.Fuzz(func(t *testing.T, text string) {
		v, faults := n.Value(text, everywhere(n, "paper"), nil)
		if len(faults) > 0 {
			checkSane(t, text, faults)
			return
		}
		_, err := v.Eval(s)
		var failure *Failure
		if err != nil && !errors.As(err, &failure) {
			t.Errorf("the error is no failure: %v", err)
		}
		if failure != nil && failure.Code == "type" {
			t.Errorf("a checked formula met a wrong type: %s", failure.Message)
		}
		v.Reads()
		v.Uncovered(nothing)
	})
}
