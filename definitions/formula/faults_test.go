package formula

import (
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions/value"
)

// mark reads where a fault is: the part between ‹ and › of the text.
func mark(t *testing.T, marked string) (text string, offset, width int) {
	t.Helper()
	before, rest, ok := strings.Cut(marked, "‹")
	middle, after, ok2 := strings.Cut(rest, "›")
	if !ok || !ok2 {
		t.Fatalf("%q has no mark", marked)
	}
	return before + middle + after, len([]rune(before)), max(1, len([]rune(middle)))
}

func checkFault(t *testing.T, faults []Fault, offset, width int, code, say string) {
	t.Helper()
	if len(faults) == 0 {
		t.Fatal("there is no fault")
	}
	f := faults[0]
	if f.Offset != offset || f.Width != width || f.Code != code {
		t.Errorf("the fault is %s at %d+%d, want %s at %d+%d: %s (%s)",
			f.Code, f.Offset, f.Width, code, offset, width, f.Message, f.Hint)
	}
	if !strings.Contains(f.Message+" | "+f.Hint, say) {
		t.Errorf("the fault says %q (%q), want %q", f.Message, f.Hint, say)
	}
}

func TestFaultsOfConditions(t *testing.T) {
	t.Parallel()
	c, n, i := complaint(t), newspaper(t), inspection(t)
	answers := Names{Answers: []string{"approved", "rejected"}}
	tests := []struct {
		env               *Env
		names             Names
		marked, code, say string
	}{
		{c, Names{}, "matter.‹handeld_by› == 'us'", "unknown-field", "did you mean matter.handled_by?"},
		{c, Names{}, "‹mater›.handled_by == 'us'", "unknown-name", "did you mean matter?"},
		{c, Names{}, "matter.handled_by == ‹'uss'›", "unknown-option", "did you mean us?"},
		{c, Names{}, "matter.handled_by != ‹'xxxxxx'›", "unknown-option", "it is one of us, developer, outside"},
		{c, Names{}, "‹'m-and-x'› in matter.needs", "unknown-option", "did you mean m-and-e?"},
		{c, Names{}, "matter.handled_by in ['us', ‹'outsied'›]", "unknown-option", "did you mean outside?"},
		{c, Names{}, "‹matter.what›", "result", "write has(matter.what), or compare it"},
		{c, Names{}, "‹matter.what› && true", "type", "matter.what is a text"},
		{c, Names{}, "'中文' == resident.‹nmae›", "unknown-field", "did you mean resident.name?"},
		{c, Names{}, "settings.plan_in ‹>› 3", "type", "minutes(3)"},
		{c, Names{}, "settings.‹plan_inn› > minutes(3)", "unknown-field", "settings.plan_in"},
		{c, Names{}, "‹actor› in done_by('plan')", "unknown-name", "in allow and check"},
		{c, Names{}, "matter.wanted_at > ‹now›", "unknown-name", "use at"},
		{c, Names{}, "‹due› > today", "unknown-name", "timeouts of a step with within"},
		{c, Names{}, "‹outcome› == 'x'", "unknown-name", "in the take of a call"},
		{c, Names{}, "‹total› == 1", "unknown-name", "until of a for_each"},
		{c, Names{}, "‹manager› == 1", "unknown-name", "where people are named"},
		{c, answers, "answer == ‹'aproved'›", "unknown-option", "did you mean approved?"},
		{c, Names{}, "done(‹'plann'›)", "unknown-step", "did you mean plan?"},
		{c, Names{}, "done(‹matter.what›)", "arguments", "write done('step')"},
		{c, Names{}, "‹len›(matter.needs) > 0", "unknown-function", "write size(…)"},
		{c, Names{}, "‹siez›(matter.needs) > 0", "unknown-function", "did you mean size?"},
		{c, Names{}, "matter.what.‹matches›('a+')", "unknown-function", "no function matches"},
		{c, Names{}, "‹has›(1 == 1)", "arguments", "has takes a field"},
		{c, Names{}, "has(matter.‹whta›)", "unknown-field", "did you mean matter.what?"},
		{c, Names{}, "has(‹visitt›)", "unknown-name", "did you mean visit?"},
		{c, Names{}, "has(‹today›)", "arguments", "always exists"},
		{c, Names{}, "matter.what ‹=› 'x'", "syntax", "=="},
		{c, Names{}, "matter.what == ‹'›x", "syntax", ""},
		{c, Names{}, "matter.what ==‹›", "syntax", ""},
		{c, Names{}, "‹›", "syntax", "empty"},
		{c, Names{}, "matter.what == ‹null›", "unsupported", "write has(…)"},
		{c, Names{}, "‹{›'a': 1} == {'a': 1}", "unsupported", "maps"},
		{c, Names{}, "resident ‹==› resident", "type", "does not go between"},
		{c, Names{}, "resident.name.‹first› == 'x'", "type", "a text has no fields"},
		{c, Names{}, "matter.wanted_at ‹>› '2026-11-02'", "type", "compare with another time"},
		{c, Names{}, "repair.follower ‹==› 'chan'", "type", "compare its .id or .name"},
		{c, Names{}, "1 + 2 ‹+› 'a' == 3", "type", "+ does not go between"},
		{c, Names{}, "[‹['a'›]].exists(x, true)", "type", "a list does not hold lists"},
		{n, Names{}, "papers.‹price› > papers.cost", "type", "papers is a table"},
		{n, Names{}, "‹paper›.to_be_had", "unknown-name", "names one row of papers"},
		{n, Names{}, "papers.exists(p, p.‹souce› == 'import')", "unknown-field", "did you mean p.source?"},
		{n, Names{}, "papers.exists(p, p.source == ‹'imports'›)", "unknown-option", "did you mean import?"},
		{n, Names{}, "papers.exists(p, ‹p.name›)", "type", "exists needs yes or no"},
		{n, Names{}, "papers.exists(p, papers.exists(q, papers.‹exists›(r, true)))", "limit", "MaxLoops"},
		{n, Names{}, "papers.‹exists›(order, true)", "arguments", "hides data"},
		{n, Names{}, "papers.‹exists›(p.x, true)", "arguments", "takes a row name"},
		{n, Names{}, "‹exists›(papers, true)", "arguments", "stands behind a list"},
		{n, Names{}, "order.total ‹>› 10", "type", "money('10.00'), or a setting"},
		{i, Names{}, "‹'finance'› in inspector.posts", "unknown-post", "committee"},
		{i, Names{}, "today ‹+› settings.self_in > today", "type", "working time counts from an event only"},
	}
	for _, tt := range tests {
		t.Run(tt.marked, func(t *testing.T) {
			t.Parallel()
			text, offset, width := mark(t, tt.marked)
			_, faults := tt.env.Guard(text, tt.names)
			checkFault(t, faults, offset, width, tt.code, tt.say)
		})
	}
}

func TestFaultsOfTimes(t *testing.T) {
	t.Parallel()
	c := complaint(t)
	for marked, say := range map[string]string{
		"‹3›":              "write minutes(3), hours(2) or days(30)",
		"‹matter.in_home›": "a time is a duration",
	} {
		text, offset, width := mark(t, marked)
		_, faults := c.When(text, Names{})
		checkFault(t, faults, offset, width, "result", say)
	}
}

func TestFaultsOfValues(t *testing.T) {
	t.Parallel()
	w, n := workPass(t), newspaper(t)
	texts, money, count := one("out text"), one("out money"), one("out count")
	tests := []struct {
		env       *Env
		marked    string
		want      *value.Field
		code, say string
	}{
		{w, "company.‹nmae›", texts, "unknown-field", "did you mean company.name?"},
		{w, "‹compny›.name", texts, "unknown-name", "did you mean company?"},
		{w, "filter(workers, ‹.name›)", nil, "type", "filter needs yes or no"},
		{w, "map(workers, .‹nam›)", nil, "unknown-field", "name"},
		{w, "‹company.name›", count, "result", "out is a count, but this is a text"},
		{w, "settings.pass_fee ‹*› 1.5", money, "type", "* does not go between"},
		{w, "settings.pass_fee ‹+› 1", money, "type", "amounts"},
		{w, "‹repeat›(company.name, 3)", texts, "unknown-function", ""},
		{w, "‹replace›(company.name, 'a', 'b')", texts, "unknown-function", ""},
		{w, "‹toJSON›(workers)", texts, "unknown-function", ""},
		{w, "‹join›([\"a\"], \",\")", texts, "unknown-function", "write list(…)"},
		{w, "‹flatten›([missing])", texts, "unknown-function", ""},
		{w, "‹reduce›(workers, #acc, 1)", nil, "unknown-function", ""},
		{w, "‹nil›", texts, "unsupported", "there is no nil"},
		{w, "company?.‹name›", texts, "unsupported", "there is no ?."},
		{w, "company.name ‹matches› \"a\"", texts, "unsupported", "no operator matches"},
		{w, "2 ‹**› 3", count, "unsupported", "no operator **"},
		{w, "‹#› + 1", count, "syntax", ""},
		{w, "company.name +‹›", texts, "syntax", ""},
		{w, "let ‹company› = 1; 2", count, "arguments", "hides data"},
		{w, "[1, ‹[2]›]", nil, "type", "a list does not hold lists"},
		{w, "workers ‹==› workers", one("out yes-no"), "type", ""},
		{w, "sum(‹workers, .name›)", money, "type", ""},
		{n, "‹filter(papers, .to_be_had)›", table("other", "o", "name text"), "result", "other has no field"},
		{n, "‹paper›.price", money, "unknown-name", "names one row of papers"},
		{w, "‹\"x\"›", one("out choice a b"), "unknown-option", "no option"},
	}
	for _, tt := range tests {
		t.Run(tt.marked, func(t *testing.T) {
			t.Parallel()
			text, offset, width := mark(t, tt.marked)
			_, faults := tt.env.Value(text, Names{}, tt.want)
			switch {
			case strings.HasPrefix(tt.marked, "‹filter"), strings.HasPrefix(tt.marked, "sum("), tt.code == "syntax",
				strings.HasPrefix(tt.marked, "let"), strings.HasPrefix(tt.marked, "[1"):
				if len(faults) == 0 || faults[0].Code != tt.code || !strings.Contains(faults[0].Message, tt.say) {
					t.Errorf("%+v", faults)
				}
				return
			}
			checkFault(t, faults, offset, width, tt.code, tt.say)
		})
	}
}

func TestFaultsOfPeopleAndTexts(t *testing.T) {
	t.Parallel()
	w, c := workPass(t), complaint(t)
	_, faults := w.Who("fee.due", Names{})
	checkFault(t, faults, 0, 7, "result", "not persons or posts")
	_, faults = w.Who(`["front-dask", department]`, Names{})
	checkFault(t, faults, 1, 12, "unknown-post", "did you mean front-desk?")
	_, faults = c.Who("holders", Names{})
	checkFault(t, faults, 0, 7, "unknown-name", "where people are named")
	_, faults = c.Who(`done_by("shedule")`, Names{})
	checkFault(t, faults, 8, 9, "unknown-step", "did you mean schedule?")

	_, faults = w.Text("尚欠 {{list(mising)}}。", Names{})
	checkFault(t, faults, 10, 6, "unknown-name", "did you mean missing?")
	_, faults = w.Text("尚欠 {{list(missing)。", Names{})
	checkFault(t, faults, 3, 2, "syntax", "not closed")
	_, faults = w.Text("{{workers}}", Names{})
	checkFault(t, faults, 2, 7, "result", "cannot be printed")
}

func TestAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	_, faults := complaint(t).Guard("matter.wat == 'x' && resident.nam == 'y' && actor == 1", Names{})
	if len(faults) != 3 {
		t.Errorf("there are %d faults, want 3: %+v", len(faults), faults)
	}
}
