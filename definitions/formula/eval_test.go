package formula

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions/value"
)

// Cases that the examples speak of.
type office struct{ staff []value.Person }

func (o office) Everyone() []value.Person { return o.staff }

func (o office) Holders(post string) []value.Person {
	return o.where(func(p value.Person) bool { return len(p.Posts) > 0 && p.Posts[0] == post })
}

func (o office) Able(skill string) []value.Person {
	return o.where(func(p value.Person) bool { return slices.Contains(p.Skills, skill) })
}

func (o office) InUnit(post, unit string) []value.Person {
	return o.where(func(p value.Person) bool { return len(p.Posts) > 0 && p.Posts[0] == post && p.Unit == unit })
}

func (o office) Units() []value.Unit {
	return []value.Unit{{ID: "east", Name: "東收費站"}, {ID: "west", Name: "西收費站"}, {ID: "patrol", Name: "路政隊"}}
}

func (o office) Heads(unit string) []value.Person {
	return o.where(func(p value.Person) bool { return p.Unit == unit && p.Name == "站長" })
}

func (o office) Superiors(string) []value.Person { return o.staff[:1] }

func (o office) where(keep func(value.Person) bool) []value.Person {
	var out []value.Person
	for _, p := range o.staff {
		if keep(p) {
			out = append(out, p)
		}
	}
	return out
}

type marking struct{}

func (marking) Open(step string) bool   { return step == "plan" }
func (marking) Done(step string) bool   { return step == "classify" }
func (marking) Times(step string) int64 { return int64(len(step)) }
func (marking) DoneBy(step string) []value.Person {
	if step == "schedule" || step == "fix" {
		return []value.Person{fung}
	}
	return nil
}

var (
	fung   = value.Person{ID: "fung", Name: "馮", Posts: []string{"m-and-e"}, Unit: "east"}
	wong   = value.Person{ID: "wong", Name: "黃", Posts: []string{"front-desk"}, Unit: "west"}
	master = value.Person{ID: "lei", Name: "站長", Posts: []string{"unit-head"}, Unit: "east"}
	guard  = value.Person{ID: "ng", Name: "吳", Posts: []string{"safety-officer"}, Unit: "east"}
)

func local0(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, shanghai())
	if err != nil {
		panic(err)
	}
	return t
}

func scope(data value.Record) *Scope {
	return &Scope{
		Data: data, Now: local0("2026-11-02 09:00").UTC(), Zone: shanghai(), Actor: &fung,
		Settings: value.Record{
			"plan_in": 2 * time.Hour, "reply_in": 30 * time.Minute, "confirm_lead": 30 * time.Minute,
			"grace": 5 * time.Minute, "ring_wait": 3 * time.Minute, "warn": 5 * time.Minute, "limit": 30 * time.Minute,
			"pass_fee": value.Money(1000), "min_months": int64(1), "self_in": value.Work{Days: 3},
			"longest": 30 * 24 * time.Hour,
		},
		Case:    Case{Number: "TS20261102-001", Started: local0("2026-11-01 10:00"), State: "running", Starter: wong},
		Staff:   office{[]value.Person{fung, wong, master, guard}},
		Marking: marking{}, Manager: []Candidate{{Post: "supervisor"}}, Holders: []value.Person{wong, fung},
		Due: local0("2026-11-02 09:30"), Total: 4, Finished: 3, Answer: "approved", Outcome: "passed",
	}
}

func rec(pairs ...any) value.Record {
	out := value.Record{}
	for i := 0; i < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		out[name] = pairs[i+1]
	}
	return out
}

func paperData() value.Record {
	return rec("order", rec("months", int64(3), "starts", local0("2026-12-01 00:00"),
		"ends", local0("2027-03-01 00:00"),
		"total", value.Money(30)),
		"papers", []value.Record{
			rec("name", "日報", "copies", int64(2), "to_be_had", true, "source", "post-office",
				"price", value.Money(1050),
				"cost", value.Money(6300)),
			rec("name", "週刊", "copies", int64(1), "to_be_had", false),
			rec("name", "月刊", "copies", int64(1), "to_be_had", true, "source", "import", "price", value.Money(10),
				"cost", value.Money(30)),
		})
}

func TestGuardsDecide(t *testing.T) {
	t.Parallel()
	matter := rec("matter", rec("what", "漏水", "handled_by", "us", "needs", []string{"m-and-e"}, "in_home", false,
		"demands_time", true, "wanted_at", local0("2026-11-02 15:00")), "repair", rec("follower", wong), "visit",
		local0("2026-11-02 15:00"))
	c, n, i, w, h := complaint(t), newspaper(t), inspection(t), workPass(t), homeVisit(t)
	problem := rec("deadline", local0("2026-12-02 00:00"), "person", guard)
	unit := rec("unit", value.Unit{ID: "east", Name: "東"}, "inspector", wong)
	tests := []struct {
		env  *Env
		each string
		data value.Record
		row  value.Record
		text string
		want bool
	}{
		{c, "", rec(), nil, "has(resident.name) || has(resident.unit_no)", false},
		{c, "", rec("resident", rec("unit_no", "A12")), nil, "has(resident.name) || has(resident.unit_no)", true},
		{c, "", matter, nil, "matter.handled_by == 'us' && 'm-and-e' in matter.needs && !matter.in_home", true},
		{c, "", matter, nil, "'security' in matter.needs || matter.handled_by != 'us'", false},
		{c, "", matter, nil, "has(matter) && has(visit) && !has(answer) && !has(plan)", true},
		{c, "", matter, nil, "matter.wanted_at == visit", true},
		{c, "", matter, nil, "repair.follower == actor", false},
		{c, "", matter, nil, "repair.follower.name == '黃' && 'front-desk' in repair.follower.posts", true},
		{c, "", matter, nil, "has(answer) ? answer == 'x' : true", true},
		{c, "", matter, nil, "answer == 'x' || matter.demands_time", true},
		{c, "", matter, nil, "open('plan') && !open('classify') && done('classify') && times('plan') == 4", true},
		{c, "", matter, nil, "actor in done_by('schedule') && !(actor in done_by('plan'))", true},
		{c, "", matter, nil, "settings.plan_in > minutes(119) && settings.plan_in < hours(3)", true},
		{c, "", matter, nil, "case.number.startsWith('TS') && case.state == 'running' && !has(case.ended)", true},
		{c, "", matter, nil, "case.starter.id == 'wong' && case.outcome == ''", true},
		{c, "", matter, nil, "finished * 2 > total && running == 0 && due - now == minutes(30)", true},
		{n, "", paperData(), nil, "papers.all(p, p.to_be_had)", false},
		{n, "", paperData(), nil, "papers.exists(p, has(p.source) && p.source == 'import')", true},
		{n, "", paperData(), nil, "papers.exists(p, has(p.source) && p.source == 'other')", false},
		{n, "", paperData(), nil, "size(papers.filter(p, p.to_be_had)) == 2", true},
		{n, "", paperData(), nil, "papers.map(p, p.copies).exists(k, k == 2)", true},
		{n, "", rec(), nil, "size(papers) == 0 && papers.all(p, p.to_be_had)", true},
		{n, "", paperData(), nil, "last(papers).name == '月刊' && has(last(papers).price)", true},
		{n, "paper", paperData(), rec("price", value.Money(100), "copies", int64(2), "cost", value.Money(300)),
			"paper.price * paper.copies + paper.price == paper.cost && paper.cost - paper.price >= paper.price", true},
		{n, "paper", paperData(), rec("leaving", false), "!paper.leaving || paper.source == 'post-office'", true},
		{n, "paper", paperData(), rec("leaves_on", local0("2026-12-01 00:00")),
			"paper.leaves_on >= order.starts && paper.leaves_on <= order.ends", true},
		{i, "problem", unit, problem, "problem.person.unit == unit && problem.deadline > today", true},
		{i, "problem", unit, problem, "problem.deadline <= today + settings.longest", true},
		{i, "", unit, nil, "actor.unit == unit && !(actor in heads(unit)) && inspector.unit != unit", true},
		{i, "", unit, nil, "end_of(today) == today + days(1)", true},
		{w, "", rec("missing", []string{"相片"}), nil, "size(missing) > 0", true},
		{h, "", rec("parties", []value.Record{rec("coming", true), rec()}), nil,
			"parties.exists(p, has(p.coming) && !p.coming)", false},
		{h, "", rec("parties", []value.Record{rec("coming", true), rec()}), nil,
			"parties.all(p, has(p.coming) && p.coming)", false},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			g, faults := tt.env.Guard(tt.text, everywhere(tt.env, tt.each))
			if len(faults) > 0 {
				t.Fatalf("%+v", faults)
			}
			s := scope(tt.data)
			s.Row = tt.row
			got, err := g.Eval(s)
			if err != nil || got != tt.want {
				t.Errorf("it gives %t, %v; want %t", got, err, tt.want)
			}
		})
	}
}

func TestGuardsThatFail(t *testing.T) {
	t.Parallel()
	c, n, h := complaint(t), newspaper(t), homeVisit(t)
	tests := []struct {
		env        *Env
		each, text string
		code, path string
	}{
		{c, "", "matter.handled_by == 'us'", "absent", "matter.handled_by"},
		{c, "", "visit > now", "absent", "visit"},
		{c, "", "'security' in matter.needs", "absent", "matter.needs"},
		{c, "", "repair.follower.name == 'x'", "absent", "repair.follower"},
		{c, "", "case.ended > now", "absent", "case.ended"},
		{h, "", "last(appointments).at > now", "absent", "appointments"},
		{n, "", "papers.all(p, p.price == p.price)", "absent", "papers.price"},
		{n, "paper", "paper.leaving", "absent", "paper.leaving"},
		{c, "", "1 / 0 == 1", "arithmetic", ""},
		{c, "", "9223372036854775807 + total > 0", "arithmetic", ""},
		{c, "", "days(99999999) > days(1)", "arithmetic", ""},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			g, faults := tt.env.Guard(tt.text, everywhere(tt.env, tt.each))
			if len(faults) > 0 {
				t.Fatalf("%+v", faults)
			}
			s := scope(rec("papers", []value.Record{{}}))
			_, err := g.Eval(s)
			var f *Failure
			if !errors.As(err, &f) || f.Code != tt.code || f.Path != tt.path {
				t.Errorf("the failure is %#v, want %s of %q", err, tt.code, tt.path)
			}
		})
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	h, i, w := homeVisit(t), inspection(t), workPass(t)
	visits := rec("appointments", []value.Record{
		rec("at", local0("2026-11-01 10:00")), rec("at", local0("2026-11-03 14:00"))})
	tests := []struct {
		env        *Env
		data       value.Record
		text, want string
	}{
		{h, visits, "last(appointments).at - settings.confirm_lead", "2026-11-03 13:30"},
		{h, visits, "last(appointments).at + settings.grace", "2026-11-03 14:05"},
		{h, visits, "settings.ring_wait", "2026-11-06 17:03"},
		{w, nil, "due - settings.warn", "2026-11-02 09:25"},
		{i, nil, "settings.self_in", "2026-11-11 17:00"},
		{i, nil, "workhours(2)", "2026-11-09 10:00"},
		{i, rec("order", rec("until", local0("2026-11-30 00:00"))), "end_of(order.until)", "2026-12-01 00:00"},
		{i, nil, "days(2)", "2026-11-08 17:00"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			w, faults := tt.env.When(tt.text, everywhere(tt.env, ""))
			if len(faults) > 0 {
				t.Fatalf("%+v", faults)
			}
			at, err := w.At(scope(tt.data), local0("2026-11-06 17:00")) // a Friday
			if err != nil || !at.Equal(local0(tt.want)) || at.Location() != time.UTC {
				t.Errorf("it gives %s, %v; want %s", at.In(shanghai()), err, tt.want)
			}
		})
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	n, w, i := newspaper(t), workPass(t), inspection(t)
	workers := []value.Record{rec("name", "甲", "id_number", "1"), rec("name", "乙", "photo", value.Attachment{ID: "p"})}
	pass := rec("company", rec("name", "丁公司"), "workers", workers, "fee", rec("due", value.Money(2000), "handed",
		value.Money(2000)))
	tests := []struct {
		env  *Env
		each string
		data value.Record
		row  value.Record
		text string
		want *value.Field
		out  any
	}{
		{n, "", paperData(), nil, "sum(papers | filter(has(.cost)), .cost)", one("x money"), value.Money(6330)},
		{n, "", rec(), nil, "sum(papers, .cost)", one("x money"), value.Money(0)},
		{n, "", paperData(), nil, "sum(papers, .copies)", one("x count"), int64(4)},
		{n, "", paperData(), nil, "sum(papers, .copies)", one("x number"), float64(4)},
		{n, "", paperData(), nil, "len(filter(papers, .to_be_had))", one("x count"), int64(2)},
		{n, "", paperData(), nil, "count(papers, .copies > 1)", one("x count"), int64(1)},
		{n, "", paperData(), nil, "find(papers, .copies == 1).name", one("x text"), "週刊"},
		{n, "", paperData(), nil, `map(sortBy(papers, .name, "desc"), .name)`,
			one("x texts"), []string{"週刊", "月刊", "日報"}},
		{n, "", paperData(), nil, `len(groupBy(papers, .name)["日報"])`, one("x count"), int64(1)},
		{n, "", paperData(), nil, "papers[1].name + papers[0].name", one("x text"), "週刊日報"},
		{n, "", paperData(), nil, "papers[2].price ?? order.total", one("x money"), value.Money(10)},
		{n, "", paperData(), nil, "papers[1].price ?? order.total", one("x money"), value.Money(30)},
		{n, "", paperData(), nil, `let k = order.months; k > 2 and not (k == 4) ? "long" : "short"`,
			one("x text"), "long"},
		{n, "", paperData(), nil, "sum(1..order.months, #)", one("x count"), int64(6)},
		{n, "", paperData(), nil, "order.months / 2", one("x number"), 1.5},
		{n, "", paperData(), nil, "(order.months + 1) % 3 - -2", one("x count"), int64(3)},
		{n, "", paperData(), nil, "add_months(order.starts, order.months)", one("x date"), local0("2027-03-01 00:00")},
		{n, "", paperData(), nil, "order.ends - order.starts", one("x duration"), 90 * 24 * time.Hour},
		{n, "", paperData(), nil, "today + days(1)", one("x moment"), local0("2026-11-03 00:00").UTC()},
		{n, "", paperData(), nil, "month_of(today)", one("x month"), local0("2026-11-01 00:00")},
		{n, "paper", paperData(), rec("price", value.Money(105), "copies", int64(2)),
			"paper.price * paper.copies * order.months", one("x money"), value.Money(630)},
		{n, "", paperData(), nil, "any(papers, .copies > 1) && all(papers, has(.name)) && none(papers, .copies > 9)",
			one("x yes-no"), true},
		{w, "", pass, nil, "settings.pass_fee * len(workers)", one("x money"), value.Money(2000)},
		{w, "", pass, nil, missingPapers, one("x texts"), []string{"單位負責人", "乙身份證", "甲相片"}},
		{w, "", pass, nil, `company.leader ?? "無"`, one("x text"), "無"},
		{w, "", pass, nil, "has(company) && has(workers) && !has(refusal)", one("x yes-no"), true},
		{w, "", pass, nil, "actor.name", one("x text"), "馮"},
		{w, "", pass, nil, "heads(actor.unit)", one("x people"), []value.Person{master}},
		{i, "", nil, nil, `rows(units(), "unit")[1].unit.name`, one("x text"), "西收費站"},
		{i, "", nil, nil, `map(units(), ({"visitor": #, "host": units()[(#index + 1) % len(units())]}))[2].host.id`,
			one("x text"), "east"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			v, faults := tt.env.Value(tt.text, everywhere(tt.env, tt.each), tt.want)
			if len(faults) > 0 {
				t.Fatalf("%+v", faults)
			}
			s := scope(tt.data)
			s.Row = tt.row
			got, err := v.Eval(s)
			if err != nil || (!reflect.DeepEqual(got, tt.out) && !value.Equal(got, tt.out)) {
				t.Errorf("it gives %#v, %v; want %#v", got, err, tt.out)
			}
		})
	}
}

func TestTablesAreComputed(t *testing.T) {
	t.Parallel()
	i, n := inspection(t), newspaper(t)
	v, faults := i.Value(`let u = units(); map(u, ({"visitor": #, "host": u[(#index + 1) % len(u)]}))`, Names{},
		i.opts.Schema.Field("pairs"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	got, err := v.Eval(scope(nil))
	pairs, ok := got.([]value.Record)
	if err != nil || !ok || len(pairs) != 3 || !value.Equal(pairs[2]["host"], value.Unit{ID: "east"}) {
		t.Errorf("it gives %#v, %v", got, err)
	}
	v, faults = n.Value("filter(papers, .to_be_had)", Names{}, n.opts.Schema.Field("papers"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	data := paperData()
	got, err = v.Eval(scope(data))
	rows, ok := got.([]value.Record)
	if err != nil || !ok || len(rows) != 2 {
		t.Fatalf("it gives %#v, %v", got, err)
	}
	rows[0]["name"] = "changed"
	first, _ := data["papers"].([]value.Record)
	if first[0]["name"] != "日報" {
		t.Error("the result shares its rows with the data")
	}
}

func TestValuesThatFail(t *testing.T) {
	t.Parallel()
	n := newspaper(t)
	tests := []struct{ text, code, path string }{
		{"order.months", "absent", "order.months"},
		{"rejection", "absent", "rejection"},
		{"sum(papers, .cost)", "absent", "papers.cost"},
		{"find(papers, false).name", "absent", "papers"},
		{"heads(find(units(), false))", "absent", ""},
		{"papers[7].name", "absent", ""},
		{"order.months ?? papers[0].copies", "absent", "papers.copies"},
		{"1 % 0", "arithmetic", ""},
		{"1 / 0", "arithmetic", ""},
		{"9223372036854775807 + len(papers)", "arithmetic", ""},
		{"add_months(today, 99999999)", "arithmetic", ""},
		{"settings.min_months * 9223372036854775807 * 2", "arithmetic", ""},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			v, faults := n.Value(tt.text, Names{}, nil)
			if len(faults) > 0 {
				t.Fatalf("%+v", faults)
			}
			got, err := v.Eval(scope(rec("papers", []value.Record{{}})))
			var f *Failure
			if !errors.As(err, &f) || f.Code != tt.code || f.Path != tt.path {
				t.Errorf("it gives %#v, %#v; want %s of %q", got, err, tt.code, tt.path)
			}
		})
	}
}

func TestWho(t *testing.T) {
	t.Parallel()
	c, w, i, h := complaint(t), workPass(t), inspection(t), homeVisit(t)
	tests := []struct {
		env  *Env
		each string
		data value.Record
		text string
		want []Candidate
	}{
		{c, "", rec("repair", rec("follower", wong)), `concat(done_by("schedule"), [repair.follower])`,
			[]Candidate{{Person: "fung"}, {Person: "wong"}}},
		{c, "", rec("repair", rec("follower", fung)), `concat(done_by("schedule"), [repair.follower])`,
			[]Candidate{{Person: "fung"}}},
		{c, "", nil, "holders", []Candidate{{Person: "wong"}, {Person: "fung"}}},
		{c, "", nil, "manager", []Candidate{{Post: "supervisor"}}},
		{c, "", nil, "concat(manager, holders)", []Candidate{{Post: "supervisor"}, {Person: "wong"}, {Person: "fung"}}},
		{c, "", nil, `holders("front-desk")`, []Candidate{{Person: "wong"}}},
		{c, "", nil, `done_by("plan")`, []Candidate{}},
		{w, "", rec("department", "m-and-e"), `["front-desk", department]`,
			[]Candidate{{Post: "front-desk"}, {Post: "m-and-e"}}},
		{w, "", nil, "map(everyone(), #)",
			[]Candidate{{Person: "fung"}, {Person: "wong"}, {Person: "lei"}, {Person: "ng"}}},
		{i, "", rec("unit", value.Unit{ID: "east"}), `staff("safety-officer", unit)`, []Candidate{{Person: "ng"}}},
		{i, "", rec("unit", value.Unit{ID: "east"}), "heads(unit)", []Candidate{{Person: "lei"}}},
		{i, "", rec("inspector", wong), "superiors(inspector)", []Candidate{{Person: "fung"}}},
		{i, "", rec("inspector", wong), `["committee", inspector]`, []Candidate{{Post: "committee"}, {Person: "wong"}}},
		{h, "party", nil, "party.post", []Candidate{{Post: "security"}}},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			w, faults := tt.env.Who(tt.text, everywhere(tt.env, tt.each))
			if len(faults) > 0 {
				t.Fatalf("%+v", faults)
			}
			s := scope(tt.data)
			s.Row = rec("post", "security")
			got, err := w.Eval(s)
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("it gives %v, %v; want %v", got, err, tt.want)
			}
		})
	}
}

func TestWhoOfAnUnknownPost(t *testing.T) {
	t.Parallel()
	w, faults := workPass(t).Who("department", Names{})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	_, err := w.Eval(scope(rec("department", "front-dask")))
	var f *Failure
	if !errors.As(err, &f) || f.Code != "type" {
		t.Errorf("the failure is %#v", err)
	}
}

func TestTexts(t *testing.T) {
	t.Parallel()
	data := rec("company", rec("leader", "丙"), "missing", []string{"相片", "身份證"}, "fee",
		rec("due", value.Money(2000)), "workers", []value.Record{{}, {}}, "department", "m-and-e")
	tests := []struct{ text, want string }{
		{`{{company.name ?? ""}}:尚欠 {{list(missing)}}。`, ":尚欠 相片、身份證。"},
		{"工本費 {{fee.due}},共 {{len(workers)}} 證。收據號 {{fee.receipt}}。", "工本費 20.00,共 2 證。收據號 。"},
		{"{{today}} {{now}} {{settings.limit}} {{actor}} {{missing}}", "2026-11-02 2026-11-02 09:00 30m 馮 相片、身份證"},
		{`{{"}}"}}`, "}}"},
		{"{{ {\"a\": 1}.a }}!", "1!"},
		{"", ""},
	}
	w := workPass(t)
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			tpl, faults := w.Text(tt.text, everywhere(w, ""))
			if len(faults) > 0 {
				t.Fatalf("%+v", faults)
			}
			got, err := tpl.Eval(scope(data))
			if err != nil || got != tt.want {
				t.Errorf("it prints %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

func TestChoicesPrintTheirTitle(t *testing.T) {
	t.Parallel()
	tpl, faults := complaint(t).Text("{{matter.handled_by}}", Names{})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	got, err := tpl.Eval(scope(rec("matter", rec("handled_by", "us"))))
	if err != nil || got != "選項us" {
		t.Errorf("it prints %q, %v", got, err)
	}
}

func TestReadings(t *testing.T) {
	t.Parallel()
	g, faults := complaint(t).Guard("matter.handled_by == 'us' && has(visit) && settings.plan_in > minutes(1) && "+
		"'m-and-e' in matter.needs", Names{})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	got := g.Readings(scope(rec("matter", rec("handled_by", "us"))))
	want := []Reading{
		{"matter.handled_by", "us"}, {"visit", nil}, {"settings.plan_in", 2 * time.Hour}, {"matter.needs", nil}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the readings are %v, want %v", got, want)
	}
}

func TestComputedChoicesAreOptions(t *testing.T) {
	t.Parallel()
	c := complaint(t)
	for path, text := range map[string]string{"matter.handled_by": "resident.name", "matter.needs": "[resident.name]"} {
		v, faults := c.Value(text, Names{}, c.opts.Schema.Field(path))
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		_, err := v.Eval(scope(rec("resident", rec("name", "nobody"))))
		var f *Failure
		if !errors.As(err, &f) || f.Code != "type" || f.Path != path {
			t.Errorf("%s fails with %#v", path, err)
		}
	}
}

func TestTheCalleesRecordsAreItsOwn(t *testing.T) {
	t.Parallel()
	c := complaint(t)
	its := record("its")
	its.Fields = []*value.Field{record("resident", "age count"), one("outcome text")}
	names := Names{Extra: []*value.Field{its}}
	g, faults := c.Guard("its.resident.age > 3 && resident.name == 'x' && its.outcome == 'y'", names)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	s := scope(rec("resident", rec("name", "x")))
	s.Extra = rec("its", rec("resident", rec("age", int64(4)), "outcome", "y"))
	if yes, err := g.Eval(s); err != nil || !yes {
		t.Errorf("it gives %t, %v", yes, err)
	}
	v, faults := c.Value("its.resident.age", names, one("age count"))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if got, err := v.Eval(s); err != nil || got != int64(4) {
		t.Errorf("it gives %v, %v", got, err)
	}
	if _, faults := c.Guard("its.resident.name == 'x'", names); len(faults) != 1 || faults[0].Code != "unknown-field" {
		t.Errorf("%+v", faults)
	}
}
