package definitions

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/guicheng/guicheng/definitions/formula"
	"github.com/guicheng/guicheng/definitions/value"
)

func factsFor(t *testing.T) *slots {
	t.Helper()
	b, problems := Compile([]File{
		{Name: "office.yaml", Text: []byte(smallOffice)},
		{Name: "it.yaml", Text: []byte(`procedure: it
title: It
data:
  kind: {title: Kind, type: choice, options: {a: A, b: B, c: C}}
  sure: {title: Sure, type: yes-no}
  more: {title: More, type: text, when: kind == 'a' && sure}
  sums: {title: Sums, type: text, value: more + '!'}
  list:
    title: List
    each: item
    rows: {good: {title: Good, type: yes-no}, why: {title: Why, type: text, when: '!item.good'}}
start: {by: desk, form: [kind, sure, more, list.good, list.why]}
steps: [{step: a, title: A, task: {by: desk}}]
`)}})
	if b == nil {
		t.Fatalf("it does not compile: %v", problems)
	}
	return newSlots(b.Procedures[0])
}

func is(path, v string) formula.Fact { return formula.Fact{Path: path, Op: formula.Is, Value: v} }

func isNot(path, v string) formula.Fact { return formula.Fact{Path: path, Op: formula.IsNot, Value: v} }

// unlessRefuted keeps what is known free of contradictions.
func (k *known) unlessRefuted(f formula.Fact) *known {
	if k.refutes(f) {
		return k
	}
	return k.with([]formula.Fact{f})
}

func TestKnownFollowsWhen(t *testing.T) {
	t.Parallel()
	u := factsFor(t)
	form := newChange()
	for _, path := range []string{"kind", "sure", "more"} {
		form.filled[u.byPath[path]] = false
	}
	k := u.nothing().after(form)
	for name, c := range map[string]struct {
		facts []formula.Fact
		want  bool
	}{
		"nothing":          {nil, false},
		"half of it":       {[]formula.Fact{is("kind", "a")}, false},
		"both":             {[]formula.Fact{is("kind", "a"), is("sure", "true")}, true},
		"by exclusion":     {[]formula.Fact{isNot("kind", "b"), isNot("kind", "c"), isNot("sure", "false")}, true},
		"the other option": {[]formula.Fact{is("kind", "b"), is("sure", "true")}, false},
		"asked outright":   {[]formula.Fact{{Path: "more", Op: formula.Exists}}, true},
	} {
		got := k.With(c.facts)
		if got.Covers("more") != c.want || got.Covers("sums") != c.want {
			t.Errorf("%s: more %v, sums %v, want %v", name, got.Covers("more"), got.Covers("sums"), c.want)
		}
	}
	if k.Covers("more") || !k.Covers("settings.x") || !k.Covers("list.good") || k.Covers("list") {
		t.Error("With changed what was known, or the tables are wrong")
	}
}

func TestKnownRows(t *testing.T) {
	t.Parallel()
	u := factsFor(t)
	row := newChange()
	row.filled[u.byRow["item.good"]], row.filled[u.byRow["item.why"]] = false, false
	k := u.nothing().within(u.tables["item"]).after(row)
	bad := k.With([]formula.Fact{is("item.good", "false")})
	if !k.Covers("item.good") || k.Covers("item.why") || !bad.Covers("item.why") {
		t.Error("a row does not know its own columns")
	}
}

// What both of two ways know is known by each of them; what is learned is never more than what was said.
func TestMeetKnowsNoMore(t *testing.T) {
	t.Parallel()
	u := factsFor(t)
	paths := []string{"kind", "sure", "more", "sums", "list", "list.good", "list.why"}
	rapid.Check(t, func(t *rapid.T) {
		some := func(label string) *known {
			k := u.nothing()
			for range rapid.IntRange(0, 6).Draw(t, label) {
				path := rapid.SampledFrom(paths).Draw(t, "path")
				switch rapid.IntRange(0, 4).Draw(t, "do") {
				case 0:
					k = k.unlessRefuted(formula.Fact{Path: path, Op: formula.Absent})
				case 1:
					k = k.unlessRefuted(is("kind", rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "option")))
				case 2:
					k = k.unlessRefuted(is("sure", rapid.SampledFrom([]string{"true", "false"}).Draw(t, "answer")))
				default:
					c := newChange()
					c.filled[u.byPath[path]] = rapid.Bool().Draw(t, "optional")
					if u.list[u.byPath[path]].field.Kind == value.TableKind {
						c = newChange()
						c.gotRow = []int{u.byPath[path]}
					}
					k = k.after(c)
				}
			}
			return k
		}
		a, b := some("a"), some("b")
		both := meet(a, b)
		for _, path := range paths {
			if both.Covers(path) && !(a.Covers(path) && b.Covers(path)) {
				t.Fatalf("%s: both know it, one does not", path)
			}
			if a.disturbed(newChange()).Covers(path) != a.Covers(path) {
				t.Fatalf("%s: disturbed by nothing", path)
			}
		}
		if !both.same(meet(both, both)) || !meet(a, nil).same(a) {
			t.Fatal("meeting oneself is not oneself")
		}
	})
}
