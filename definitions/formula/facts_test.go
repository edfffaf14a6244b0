package formula

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// known is a set of facts for tests: a path is covered when it exists.
type known map[string]bool

var nothing = known{}

func (k known) Covers(path string) bool { return k[path] }

func (k known) Said(text string) bool { return k[text] }

func (k known) With(facts []Fact) Known {
	out := known{}
	for path := range k {
		out[path] = true
	}
	for _, f := range facts {
		switch f.Op {
		case Exists, Is, IsNot:
			out[f.Path] = true
		case Holds:
			out[f.Value] = true
		case Absent:
			delete(out, f.Path)
		}
	}
	return out
}

func paths(reads []Read) string {
	var out []string
	for _, r := range reads {
		out = append(out, r.Path)
	}
	return strings.Join(out, " ")
}

func TestUncoveredConditions(t *testing.T) {
	t.Parallel()
	c, n, h := complaint(t), newspaper(t), homeVisit(t)
	tests := []struct {
		env                     *Env
		each, known, text, want string
	}{
		{c, "", "", "matter.handled_by == 'us'", "matter.handled_by"},
		{c, "", "matter.handled_by", "matter.handled_by == 'us'", ""},
		{c, "", "", "has(matter.what)", ""},
		{c, "", "", "has(matter.what) && matter.what == 'x'", ""},
		{c, "", "", "matter.what == 'x' && has(matter.what)", "matter.what"},
		{c, "", "", "has(matter.what) || matter.what == 'x'", "matter.what"},
		{c, "", "", "!has(matter.what) || matter.what == 'x'", ""},
		{c, "", "", "has(matter.what) ? matter.what == 'x' : true", ""},
		{c, "", "", "has(matter.what) ? true : matter.what == 'x'", "matter.what"},
		{c, "", "", "!(has(matter.what) && has(matter.needs)) || matter.what == 'x' && size(matter.needs) > 0", ""},
		{c, "", "", "matter.in_home && matter.in_home", "matter.in_home"},
		{c, "", "", "visit > now && visit > today", "visit"},
		{c, "", "", "settings.plan_in > minutes(1) && case.number == '' && today < now", ""},
		{c, "", "", "has(case.ended) && case.ended > now", ""},
		{c, "", "", "case.ended > now", "case.ended"},
		{c, "", "", "repair.follower.name == 'x' && actor.name == 'y'", "repair.follower"},
		{n, "", "", "papers.all(p, p.to_be_had)", "papers.to_be_had"},
		{n, "", "papers.to_be_had", "papers.all(p, p.to_be_had)", ""},
		{n, "", "", "papers.exists(p, has(p.source) && p.source == 'import')", ""},
		{n, "", "", "papers.filter(p, has(p.price)).all(q, q.price > q.cost)", "papers.cost"},
		{n, "", "", "size(papers) == 0", ""},
		{n, "", "", "last(papers).price == last(papers).cost", "papers.price papers papers.cost papers"},
		{n, "", "papers.price", "size(papers) > 0 && last(papers).price == last(papers).price", ""},
		{n, "", "papers.price", "0 < size(papers) && last(papers).price == last(papers).price", ""},
		{n, "", "papers.price", "size(papers) == 0 || last(papers).price == last(papers).price", ""},
		{n, "paper", "", "!paper.leaving || (has(paper.source) && paper.source == 'import')", "paper.leaving"},
		{n, "paper", "paper.leaving", "!paper.leaving || paper.source == 'import'", "paper.source"},
		{n, "paper", "", "paper.leaves_on >= order.starts", "paper.leaves_on order.starts"},
		{h, "", "", "parties.exists(p, has(p.coming) && !p.coming)", ""},
	}
	for _, tt := range tests {
		t.Run(tt.known+"|"+tt.text, func(t *testing.T) {
			t.Parallel()
			g, faults := tt.env.Guard(tt.text, everywhere(tt.env, tt.each))
			if len(faults) > 0 {
				t.Fatalf("%+v", faults)
			}
			if got := paths(g.Uncovered(known(set(tt.known)))); got != tt.want {
				t.Errorf("uncovered are %q, want %q", got, tt.want)
			}
		})
	}
}

func TestUncoveredValues(t *testing.T) {
	t.Parallel()
	w, n := workPass(t), newspaper(t)
	tests := []struct {
		env               *Env
		known, text, want string
	}{
		{w, "", `company.name ?? ""`, ""},
		{w, "", `find(workers, .name == "x").pass_no ?? ""`, "workers.name"},
		{w, "", `has(last(workers).name) ? last(workers).name : ""`, "workers workers"},
		{w, "", "company", "company"},
		{w, "", missingPapers, "fee.due workers.name workers.name"},
		{w, "workers.name", "map(filter(workers, has(.photo)), .name)", ""},
		{w, "", "map(filter(workers, has(.id_number)), .id_number)", ""},
		{w, "", "settings.pass_fee * len(workers)", ""},
		{n, "", "sum(papers, .cost)", "papers.cost"},
		{n, "", "filter(papers, .to_be_had)", "papers.to_be_had"},
		{n, "", "add_months(order.starts, order.months)", "order.starts order.months"},
		{n, "", "let k = order.months; k + k", "order.months"},
		{n, "", "has(order.months) ? order.months : 0", ""},
		{n, "", "last(papers).name", "papers.name papers"},
		{n, "papers.name", "len(papers) > 0 ? last(papers).name : \"\"", ""},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			v, faults := tt.env.Value(tt.text, Names{}, nil)
			if len(faults) > 0 {
				t.Fatalf("%+v", faults)
			}
			if got := paths(v.Uncovered(known(set(tt.known)))); got != tt.want {
				t.Errorf("uncovered are %q, want %q", got, tt.want)
			}
		})
	}
}

func TestReadsKnowTheirPlace(t *testing.T) {
	t.Parallel()
	c := complaint(t)
	text, offset, width := mark(t, "'漏水' == ‹matter.what› || true")
	g, faults := c.Guard(text, Names{})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	got := g.Uncovered(nothing)
	if !slices.Equal(got, []Read{{Path: "matter.what", Offset: offset, Width: width}}) {
		t.Errorf("the reads are %v", got)
	}
	tpl, faults := c.Text("你好 {{resident.name}} {{answer ?? \"\"}}", Names{})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if got := tpl.Uncovered(nothing); !slices.Equal(got, []Read{{Path: "resident.name", Offset: 5, Width: 13}}) {
		t.Errorf("the reads are %v", got)
	}
}

func TestReadsOfAValue(t *testing.T) {
	t.Parallel()
	v, faults := newspaper(t).Value(
		"has(rejection) ? sum(papers, .cost) : sum(papers, .cost * order.months)", Names{}, nil)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if got := strings.Join(v.Reads(), " "); got != "papers papers.cost order.months" {
		t.Errorf("it reads %q", got)
	}
}

func showFacts(facts []Fact) string {
	ops := map[FactOp]string{Exists: "+", Absent: "-", Is: "=", IsNot: "≠"}
	var out []string
	for _, f := range facts {
		if f.Op == Holds { // told by TestSaid
			continue
		}
		out = append(out, fmt.Sprintf("%s%s%s", f.Path, ops[f.Op], f.Value))
	}
	return strings.Join(out, " ")
}

func TestFacts(t *testing.T) {
	t.Parallel()
	c, n := complaint(t), newspaper(t)
	tests := []struct {
		env           *Env
		text, yes, no string
	}{
		{c, "has(visit)", "visit+", "visit-"},
		{c, "!has(visit)", "visit-", "visit+"},
		{c, "matter.handled_by == 'us'", "matter.handled_by=us", "matter.handled_by≠us"},
		{c, "'us' != matter.handled_by", "matter.handled_by≠us", "matter.handled_by=us"},
		{c, "matter.in_home", "matter.in_home=true", "matter.in_home=false"},
		{c, "matter.in_home == false", "matter.in_home=false", "matter.in_home=true"},
		{c, "!matter.in_home && has(visit)", "matter.in_home=false visit+", ""},
		{c, "!matter.in_home || has(visit)", "", "matter.in_home=true visit-"},
		{c, "!(has(visit) || has(answer))", "visit- answer-", ""},
		{c, "'security' in matter.needs", "matter.needs+", "matter.needs+"},
		{c, "visit > now", "visit+", "visit+"},
		{c, "true ? has(visit) : false", "", ""},
		{n, "papers.all(p, has(p.left_on))", "papers.left_on+", ""},
		{n, "papers.exists(p, has(p.left_on))", "papers+", "papers.left_on-"},
		{n, "size(papers) > 0", "papers+", ""},
		{n, "size(papers) == 0", "", "papers+"},
		{n, "size(papers) >= 2 && size(papers) < 9", "papers+", ""},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			g, faults := tt.env.Guard(tt.text, everywhere(tt.env, ""))
			if len(faults) > 0 {
				t.Fatalf("%+v", faults)
			}
			if yes, no := showFacts(g.Facts(true)), showFacts(g.Facts(false)); yes != tt.yes || no != tt.no {
				t.Errorf("true: %q, want %q; false: %q, want %q", yes, tt.yes, no, tt.no)
			}
		})
	}
}

// A condition that was asked is known where it is asked again, however it is spelt, unless it changes by itself.
func TestSaid(t *testing.T) {
	t.Parallel()
	n := newspaper(t)
	for _, tt := range []struct {
		one, other string
		same       bool
	}{
		{"order.months > 2", "2<order.months", true},
		{"!(order.months > 2)", "order.months <= 2", true},
		{"!(order.months > 2)", "order.months < 2", false},
		{"!(order.months / 3.0 > 2.0)", "order.months / 3.0 <= 2.0", true},
		{"order.months < size(papers)", "size(papers) > order.months", true},
		{"order.months > 2", "order.months > 3", false},
		{"has(last(papers).left_on) && size(papers) > 0", "size( papers )>0", true},
		{"order.months > 2 || has(rejection)", "order.months > 2", false},
		{"case.number != ''", "case.number != ''", false},
	} {
		one, f := n.Guard(tt.one, everywhere(n, ""))
		other, g := n.Guard(tt.other, everywhere(n, ""))
		if len(f)+len(g) > 0 {
			t.Fatalf("%+v %+v", f, g)
		}
		k, all := nothing.With(one.Facts(true)), true
		for _, p := range other.Parts() {
			all = all && k.Said(p.Text) && p.Text != ""
		}
		if all != tt.same {
			t.Errorf("%s says %s: %v, want %v", tt.one, tt.other, all, tt.same)
		}
	}
}

func BenchmarkGuard(b *testing.B) {
	c, n := complaint(b), newspaper(b)
	data := rec("matter", rec("what", "漏水", "handled_by", "us", "needs", []string{"m-and-e"}, "in_home", false))
	for name, bench := range map[string]struct {
		env  *Env
		text string
		data any
	}{
		"choice":   {c, "matter.handled_by != 'us'", nil},
		"list":     {c, "'environment' in matter.needs && !matter.in_home", nil},
		"presence": {c, "has(repair.follower) || has(visit)", nil},
		"table":    {n, "papers.exists(p, has(p.source) && p.source == 'other')", nil},
	} {
		b.Run(name, func(b *testing.B) {
			g, faults := bench.env.Guard(bench.text, Names{})
			if len(faults) > 0 {
				b.Fatal(faults)
			}
			s := scope(data)
			if bench.env == n {
				s = scope(paperData())
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := g.Eval(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkValue(b *testing.B) {
	n := newspaper(b)
	big := bigData()
	for _, text := range []string{"order.months * 50", "sum(papers, .copies)"} {
		b.Run(text, func(b *testing.B) {
			v, faults := n.Value(text, Names{}, nil)
			if len(faults) > 0 {
				b.Fatal(faults)
			}
			s := scope(big)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := v.Eval(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	b.Run("environment", func(b *testing.B) {
		for b.Loop() {
			e := newspaper(b)
			if _, faults := e.Guard("size(papers) > 0", Names{}); len(faults) > 0 {
				b.Fatal(faults)
			}
		}
	})
	n := newspaper(b)
	b.Run("guard", func(b *testing.B) {
		for b.Loop() {
			if _, faults := n.Guard("papers.all(p, p.to_be_had)", Names{}); len(faults) > 0 {
				b.Fatal(faults)
			}
		}
	})
	b.Run("value", func(b *testing.B) {
		for b.Loop() {
			if _, faults := n.Value("sum(papers, .cost)", Names{}, nil); len(faults) > 0 {
				b.Fatal(faults)
			}
		}
	})
}
