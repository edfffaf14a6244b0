package formula

import (
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions/value"
)

// field reads one line of a schema: "name kind [options…]".
func field(path, line string) *value.Field {
	words := strings.Fields(line)
	f := &value.Field{Name: words[0], Path: strings.TrimPrefix(path+"."+words[0], ".")}
	kind, ok := value.KindNamed(words[1])
	if !ok {
		panic("no kind " + words[1])
	}
	f.Kind = kind
	for _, id := range words[2:] {
		f.Options = append(f.Options, value.Option{ID: id, Title: "選項" + id})
	}
	return f
}

func record(name string, lines ...string) *value.Field {
	f := &value.Field{Name: name, Path: name, Kind: value.RecordKind}
	for _, line := range lines {
		f.Fields = append(f.Fields, field(name, line))
	}
	return f
}

func table(name, each string, lines ...string) *value.Field {
	f := record(name, lines...)
	f.Kind, f.Each = value.TableKind, each
	return f
}

func one(line string) *value.Field { return field("", line) }

func shanghai() *time.Location { return time.FixedZone("Asia/Shanghai", 8*60*60) }

func newEnv(t testing.TB, settings []*value.Field, steps, posts string, fields ...*value.Field) *Env {
	t.Helper()
	e, err := NewEnv(Options{
		Schema: value.NewSchema(fields), Settings: settings, Steps: set(steps), Posts: set(posts),
		Currency: "CNY", Zone: shanghai(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func set(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}

const sunshine = "gate front-desk supervisor property-manager m-and-e environment security finance admin sales"

func complaint(t testing.TB) *Env {
	return newEnv(t, []*value.Field{one("plan_in duration"), one("reply_in duration")},
		"repeat-back classify plan dispatch schedule repair worked", sunshine,
		record("resident", "name text", "unit_no text", "phone phone"),
		record("matter", "channel choice call letter in-person", "what note", "handled_by choice us developer outside",
			"needs choices m-and-e environment security", "in_home yes-no", "demands_time yes-no", "wanted_at moment"),
		record("plan", "what note", "ready_at moment"),
		record("repair", "what note", "escorted yes-no", "at moment", "follower person"),
		one("visit moment"), one("answer note"))
}

func homeVisit(t testing.TB) *Env {
	return newEnv(t,
		[]*value.Field{one("ring_wait duration"), one("confirm_lead duration"), one("grace duration")},
		"name appoint confirm work escort finish", sunshine,
		record("resident", "name text", "unit_no text"),
		record("reading", "sure yes-no", "says text"),
		record("work", "what note", "takes duration"),
		table("parties", "party", "post post", "coming yes-no", "here_at moment"),
		table("appointments", "appointment", "at moment", "reason choice first late"),
		record("result", "visited_at moment", "signature signature", "wants note"))
}

func workPass(t testing.TB) *Env {
	return newEnv(t,
		[]*value.Field{one("limit duration"), one("warn duration"), one("pass_fee money")},
		"receive issue", sunshine,
		record("company", "name text", "leader text", "phone phone"),
		one("department post"),
		table("workers", "worker", "name text", "id_number id-number", "photo photo", "pass_no text"),
		record("fee", "due money", "handed money", "receipt text"),
		one("missing texts"),
		record("hands", "finance person", "security person", "admin person", "stand_in text"),
		one("refusal note"))
}

func newspaper(t testing.TB) *Env {
	return newEnv(t, []*value.Field{one("min_months count")}, "request approve enter", sunshine,
		record("resident", "name text", "unit_no text"),
		record("order", "months count", "starts month", "ends date", "total money"),
		table("papers", "paper", "name text", "copies count", "to_be_had yes-no",
			"source choice post-office import other", "price money", "cost money", "leaving yes-no", "leaves_on date",
			"left_on date"),
		one("rejection note"))
}

func inspection(t testing.TB) *Env {
	return newEnv(t, []*value.Field{one("self_in worktime"), one("longest duration")}, "fix check-fix inspect",
		"committee committee-head safety-officer unit-head superior-company",
		one("unit unit"), one("inspector person"), one("month month"),
		table("problems", "problem", "what note", "person person", "deadline date", "major yes-no", "fixed_on date"),
		table("targets", "target", "unit unit", "inspector person", "outcome text"),
		table("pairs", "pair", "visitor unit", "host unit", "inspector person", "outcome text"),
		table("inspections", "row", "problems count"), table("hazards", "danger", "state text"),
		record("order", "measures note", "until date"))
}

// everywhere is a generous set of names, for the row of one table.
func everywhere(e *Env, each string) Names {
	return Names{Row: e.opts.Schema.Table(each), Actor: true, Due: true, Now: true, Counts: true, Manager: true}
}

func TestConditionsOfTheExamples(t *testing.T) {
	t.Parallel()
	c, h, w, n, i := complaint(t), homeVisit(t), workPass(t), newspaper(t), inspection(t)
	answers := Names{Answers: []string{"approved", "rejected", "accepted"}}
	taken := Names{Extra: []*value.Field{record("row", "month month", "state text")}}
	tests := []struct {
		env   *Env
		names Names
		text  string
	}{
		{c, Names{}, "has(resident.name) || has(resident.unit_no)"},
		{c, Names{}, "matter.handled_by == 'us'"},
		{c, Names{}, "matter.handled_by != 'us'"},
		{c, Names{}, "matter.demands_time"},
		{c, Names{}, "'m-and-e' in matter.needs"},
		{c, Names{}, "'environment' in matter.needs && !matter.in_home"},
		{c, Names{}, "has(repair.follower)"},
		{h, Names{}, "!reading.sure"},
		{h, everywhere(h, "appointment"), "appointment.at > now"},
		{h, Names{}, "parties.exists(p, has(p.coming) && !p.coming)"},
		{h, Names{}, "parties.all(p, has(p.coming) && p.coming)"},
		{h, Names{}, "done('work')"},
		{h, answers, "answer == 'accepted' || has(result.wants)"},
		{w, Names{}, "size(missing) > 0"},
		{w, Names{}, "'finance' in hands.finance.posts || has(hands.stand_in)"},
		{w, answers, "answer == 'approved' || has(refusal)"},
		{w, Names{}, "case.outcome == 'issued'"},
		{n, Names{}, "order.months >= settings.min_months"},
		{n, everywhere(n, "paper"), "!paper.leaving || (has(paper.source) && paper.source == 'post-office')"},
		{n, everywhere(n, "paper"), "has(paper.leaving) && paper.leaving"},
		{n, everywhere(n, "paper"), "paper.leaves_on >= order.starts && paper.leaves_on <= order.ends"},
		{n, Names{}, "papers.all(p, p.to_be_had)"},
		{n, Names{}, "size(papers) > 0"},
		{n, Names{}, "papers.exists(p, has(p.source) && p.source == 'post-office')"},
		{n, Names{}, "papers.all(p, has(p.left_on))"},
		{n, Names{Actor: true}, `!(actor in done_by("request"))`},
		{n, everywhere(n, "paper"), "paper.price * paper.copies > paper.cost"},
		{i, everywhere(i, "target"),
			"!(target.inspector in heads(target.unit)) && target.inspector.unit != target.unit"},
		{i, everywhere(i, "problem"), "problem.person.unit == unit"},
		{i, everywhere(i, "problem"), "problem.deadline > today && problem.deadline <= today + settings.longest"},
		{i, Names{Actor: true}, "!(actor in heads(unit)) && actor.unit != unit"},
		{i, Names{Actor: true}, `!(actor in heads(unit)) && actor.unit != unit && !(actor in done_by("fix"))`},
		{i, Names{}, "problems.exists(p, p.major)"},
		{i, everywhere(i, "pair"), "pair.visitor != pair.host"},
		{i, everywhere(i, "pair"), "pair.inspector.unit == pair.visitor && !(pair.inspector in heads(pair.host))"},
		{i, taken, "row.month == month || row.state == 'open'"},
		{i, Names{Actor: true}, "actor != inspector && actor.unit != unit"},
		{i, Names{Counts: true}, "finished * 2 > total && running == 0"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			if _, faults := tt.env.Guard(tt.text, tt.names); len(faults) > 0 {
				t.Fatalf("%+v", faults)
			}
		})
	}
}

func TestTimesOfTheExamples(t *testing.T) {
	t.Parallel()
	c, h, w, n, i := complaint(t), homeVisit(t), workPass(t), newspaper(t), inspection(t)
	tests := []struct {
		env    *Env
		names  Names
		text   string
		moment bool
	}{
		{c, Names{}, "settings.plan_in", false},
		{c, Names{Due: true}, "due", true},
		{h, Names{}, "last(appointments).at - settings.confirm_lead", true},
		{h, Names{}, "last(appointments).at + settings.grace", true},
		{h, Names{}, "last(appointments).at", true},
		{w, Names{Due: true}, "due - settings.warn", true},
		{n, Names{}, "order.ends", true},
		{i, Names{}, "settings.self_in", false},
		{i, Names{}, "workdays(1)", false},
		{i, everywhere(i, "problem"), "end_of(problem.deadline)", true},
		{i, Names{}, "end_of(order.until)", true},
		{i, Names{}, "minutes(3)", false},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			w, faults := tt.env.When(tt.text, tt.names)
			if len(faults) > 0 {
				t.Fatalf("%+v", faults)
			}
			if w.IsMoment() != tt.moment {
				t.Errorf("IsMoment is %t", w.IsMoment())
			}
		})
	}
}

const missingPapers = `concat(
        has(company.name) ? [] : ["施工單位"],
        has(company.leader) ? [] : ["單位負責人"],
        has(fee.handed) && fee.handed >= fee.due ? [] : ["工本費"],
        map(filter(workers, !has(.id_number)), .name + "身份證"),
        map(filter(workers, !has(.photo)), .name + "相片"))`

func TestValuesOfTheExamples(t *testing.T) {
	t.Parallel()
	c, h, w, n, i := complaint(t), homeVisit(t), workPass(t), newspaper(t), inspection(t)
	f := func(e *Env, path string) *value.Field { return e.opts.Schema.Field(path) }
	tests := []struct {
		env   *Env
		names Names
		text  string
		want  *value.Field
	}{
		{c, Names{}, "resident", f(c, "resident")},
		{c, Names{}, `rows(matter.needs, "post")`, table("parties", "party", "post post", "coming yes-no")},
		{h, Names{}, "last(appointments).at", f(h, "result.visited_at")},
		{w, Names{}, "settings.pass_fee * len(workers)", f(w, "fee.due")},
		{w, Names{}, missingPapers, f(w, "missing")},
		{n, Names{}, "add_months(order.starts, order.months)", f(n, "order.ends")},
		{n, Names{}, "sum(papers, .cost)", f(n, "order.total")},
		{n, everywhere(n, "paper"), "paper.price * paper.copies * order.months", f(n, "papers.cost")},
		{n, Names{}, "filter(papers, .to_be_had)", f(n, "papers")},
		{i, Names{}, "month_of(today)", f(i, "month")},
		{i, Names{}, "add_months(month_of(today), -1)", f(i, "month")},
		{i, Names{}, `rows(units(), "unit")`, f(i, "targets")},
		{i, Names{}, `let u = units(); map(u, ({"visitor": #, "host": u[(#index + 1) % len(u)]}))`, f(i, "pairs")},
		{i, Names{}, "len(problems)", one("problems count")},
		{i, Names{}, "sum(inspections, .problems)", one("problems count")},
		{i, Names{}, `count(hazards, .state == "open")`, one("open count")},
		{i, Names{}, "today", f(i, "problems.fixed_on")},
		{i, Names{}, "false", f(i, "problems.major")},
		{i, Names{Outcome: true}, "outcome", f(i, "targets.outcome")},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			if _, faults := tt.env.Value(tt.text, tt.names, tt.want); len(faults) > 0 {
				t.Fatalf("%+v", faults)
			}
		})
	}
}

func TestPeopleOfTheExamples(t *testing.T) {
	t.Parallel()
	c, h, w, i := complaint(t), homeVisit(t), workPass(t), inspection(t)
	tests := []struct {
		env   *Env
		names Names
		text  string
	}{
		{c, Names{}, `concat(done_by("schedule"), [repair.follower])`},
		{c, Names{Manager: true}, "holders"},
		{h, everywhere(h, "party"), "party.post"},
		{w, Names{}, "everyone()"},
		{w, Names{Manager: true}, "manager"},
		{w, Names{}, "hands.finance"},
		{w, Names{}, `["front-desk", department]`},
		{i, Names{}, `staff("safety-officer", unit)`},
		{i, Names{}, "heads(unit)"},
		{i, everywhere(i, "problem"), "problem.person"},
		{i, Names{}, `["committee", inspector]`},
		{i, Names{}, "superiors(inspector)"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			if _, faults := tt.env.Who(tt.text, tt.names); len(faults) > 0 {
				t.Fatalf("%+v", faults)
			}
		})
	}
}

func TestTextsOfTheExamples(t *testing.T) {
	t.Parallel()
	w := workPass(t)
	for _, text := range []string{
		`{{company.name ?? ""}}:尚欠 {{list(missing)}}。`,
		`茲收到 {{company.name ?? ""}} 工本費 {{fee.due}},共 {{len(workers)}} 證。收據號 {{fee.receipt}}。`,
		`{{refusal ?? ""}}。工本費 {{fee.due}} 已退。`,
		"沒有公式",
	} {
		if _, faults := w.Text(text, Names{}); len(faults) > 0 {
			t.Errorf("%s: %+v", text, faults)
		}
	}
}
