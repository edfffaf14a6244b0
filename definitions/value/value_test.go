package value

import (
	"encoding/json"
	"maps"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func shanghai() *time.Location { return time.FixedZone("Asia/Shanghai", 8*60*60) }

func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, shanghai())
	if err != nil {
		panic(err)
	}
	return t
}

type directory struct{}

var _ Resolver = directory{}

func (directory) Person(id string) (Person, bool) {
	return Person{ID: id, Name: "陳", Posts: []string{"front-desk"}}, id == "chan"
}

func (directory) Unit(id string) (Unit, bool) { return Unit{ID: id, Name: "東站"}, id == "east" }

func (directory) Attachment(id string) (Attachment, bool) {
	return Attachment{ID: id, Name: "a.pdf", Type: "application/pdf", Size: 3}, id == "f1"
}

func options(ids ...string) []Option {
	out := make([]Option, len(ids))
	for i, id := range ids {
		out[i] = Option{ID: id, Title: id}
	}
	return out
}

func papers() *Field {
	return &Field{Name: "papers", Path: "papers", Kind: TableKind, Each: "paper", Min: int64(1), Fields: []*Field{
		{Name: "name", Path: "papers.name", Kind: Text},
		{Name: "copies", Path: "papers.copies", Kind: Count, Min: int64(1)},
		{Name: "price", Path: "papers.price", Kind: Cash, Max: Money(10000)},
	}}
}

func TestEveryKindIsReadAndWritten(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind      Kind
		in, canon string
		want      any
	}{
		{Text, `"甲 <b>"`, "", "甲 <b>"},
		{Note, `"a\nb"`, "", "a\nb"},
		{Phone, `"+853 2871-1234"`, "", "+853 2871-1234"},
		{IDNumber, `"11010519491231002X"`, "", "11010519491231002X"},
		{Address, `"高士德"`, "", "高士德"},
		{Email, `"a@b.mo"`, "", "a@b.mo"},
		{Choice, `"us"`, "", "us"},
		{Post, `"front-desk"`, "", "front-desk"},
		{Choices, `["b","a","b"]`, `["a","b"]`, []string{"a", "b"}},
		{Checklist, `["b","a"]`, `["a","b"]`, []string{"a", "b"}},
		{Texts, `["z","a"]`, "", []string{"z", "a"}},
		{Texts, `[]`, "", []string{}},
		{People, `["chan"]`, `[{"id":"chan","name":"陳","posts":["front-desk"]}]`,
			[]Person{{ID: "chan", Name: "陳", Posts: []string{"front-desk"}}}},
		{YesNo, `true`, "", true},
		{Count, ` -3 `, `-3`, int64(-3)},
		{Number, `1.50`, `1.5`, 1.5},
		{Moment, `"2026-11-02T15:00:01.5+08:00"`, `"2026-11-02T07:00:01Z"`,
			at("2026-11-02 15:00").UTC().Add(time.Second)},
		{Moment, `"2026-11-02 15:00"`, `"2026-11-02T07:00:00Z"`, at("2026-11-02 15:00").UTC()},
		{Date, `"2026-11-02"`, "", at("2026-11-02 00:00")},
		{Month, `"2026-11"`, "", at("2026-11-01 00:00")},
		{Duration, `"90m"`, `"1h30m"`, 90 * time.Minute},
		{Duration, `"30d"`, "", 720 * time.Hour},
		{Duration, `"-5m"`, "", -5 * time.Minute},
		{Worktime, `"1 workday"`, `"1 workdays"`, Work{Days: 1}},
		{Worktime, `"5 workhours"`, "", Work{Hours: 5}},
		{Cash, `"10.5"`, `"10.50"`, Money(1050)},
		{Cash, `10`, `"10.00"`, Money(1000)},
		{Cash, `"-0.05"`, "", Money(-5)},
		{Human, `"chan"`, `{"id":"chan","name":"陳","posts":["front-desk"]}`,
			Person{ID: "chan", Name: "陳", Posts: []string{"front-desk"}}},
		{UnitKind, `"east"`, `{"id":"east","name":"東站"}`, Unit{ID: "east", Name: "東站"}},
		{UnitKind, `{"id":"east","name":"西站"}`, `{"id":"east","name":"東站"}`, Unit{ID: "east", Name: "東站"}},
		{Signature, `"f1"`, `{"id":"f1","name":"a.pdf","type":"application/pdf","size":3}`,
			Attachment{ID: "f1", Name: "a.pdf", Type: "application/pdf", Size: 3}},
		{File, `{"id":"f1","name":"a.pdf","type":"application/pdf","size":3}`, "",
			Attachment{ID: "f1", Name: "a.pdf", Type: "application/pdf", Size: 3}},
	}
	for _, tt := range tests {
		t.Run(tt.kind.String()+tt.in, func(t *testing.T) {
			t.Parallel()
			f := &Field{Name: "f", Path: "f", Kind: tt.kind, Options: options("a", "b", "us")}
			got, faults := f.Decode(json.RawMessage(tt.in), shanghai(), directory{})
			if len(faults) > 0 || !reflect.DeepEqual(got, tt.want) && !Equal(got, tt.want) {
				t.Fatalf("it reads %#v, %v; want %#v", got, faults, tt.want)
			}
			canon := tt.canon
			if canon == "" {
				canon = strings.TrimSpace(tt.in)
			}
			out, err := f.Encode(got, shanghai())
			if err != nil || string(out) != canon {
				t.Fatalf("it writes %s, %v; want %s", out, err, canon)
			}
			again, faults := f.Decode(out, shanghai(), nil)
			if len(faults) > 0 || !Equal(again, got) {
				t.Errorf("it reads back %#v, %v", again, faults)
			}
		})
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind     Kind
		in, code string
	}{
		{Text, `1`, "type"}, {Text, `null`, "type"}, {Text, `"` + strings.Repeat("字", MaxText+1) + `"`, "max"},
		{Note, `"` + strings.Repeat("字", MaxNote+1) + `"`, "max"},
		{Choices, `"a"`, "type"}, {Choices, `null`, "type"}, {Texts, `[1]`, "type"},
		{Texts, `[` + strings.Repeat(`"",`, MaxItems) + `""]`, "max"},
		{YesNo, `"true"`, "type"}, {YesNo, `null`, "type"},
		{Count, `1.5`, "type"}, {Count, `"1"`, "type"}, {Count, `1e3`, "type"}, {Count, `9007199254740992`, "max"},
		{Number, `"1"`, "type"}, {Number, `1e999`, "type"}, {Number, `null`, "type"},
		{Moment, `"yesterday"`, "type"}, {Date, `"2026-02-30"`, "type"}, {Month, `"2026-13"`, "type"},
		{Duration, `"3"`, "type"}, {Duration, `"1w"`, "type"}, {Duration, `"999999999d"`, "type"},
		{Worktime, `"3d"`, "type"}, {Worktime, `"0 workdays"`, "type"},
		{Cash, `"1.005"`, "places"}, {Cash, `1.005`, "places"}, {Cash, `"1e3"`, "type"}, {Cash, `"1,000"`, "type"},
		{Cash, `""`, "type"}, {Cash, `null`, "type"}, {Cash, `"99999999999999999999"`, "type"},
		{Human, `"nobody"`, "option"}, {Human, `{"name":"x"}`, "type"}, {Human, `3`, "type"},
		{UnitKind, `"nowhere"`, "option"}, {File, `"f9"`, "option"}, {File, `{"id":"f9","name":"a"}`, "option"},
		{File, `{"name":"a"}`, "type"}, {Photo, `["f1"]`, "type"}, {Photo, `null`, "type"}, {File, `{"id":1}`, "type"},
		{Human, `{"id":"nobody","name":"x"}`, "option"}, {Human, `{"id":""}`, "type"},
		{UnitKind, `{"id":"w","name":"西站"}`, "option"}, {UnitKind, `{}`, "type"},
		{People, `["nobody"]`, "option"}, {People, `"chan"`, "type"},
	}
	for _, tt := range tests {
		name := tt.kind.String() + tt.in
		t.Run(name[:min(40, len(name))], func(t *testing.T) {
			t.Parallel()
			f := &Field{Name: "f", Path: "f", Kind: tt.kind}
			got, faults := f.Decode(json.RawMessage(tt.in), shanghai(), directory{})
			if got != nil && tt.kind != Texts && tt.kind != People || len(faults) != 1 || faults[0].Code != tt.code {
				t.Errorf("it reads %v, %+v; want code %s", got, faults, tt.code)
			}
		})
	}
}

func TestOfAnObjectFromPeopleOnlyTheIDIsBelieved(t *testing.T) {
	t.Parallel()
	forged := map[Kind]struct {
		in             string
		resolved, asIs any
	}{
		Human: {`{"id":"chan","name":"局長","posts":["boss"],"unit":"hq"}`,
			Person{ID: "chan", Name: "陳", Posts: []string{"front-desk"}},
			Person{ID: "chan", Name: "局長", Posts: []string{"boss"}, Unit: "hq"}},
		UnitKind: {`{"id":"east","name":"總局"}`, Unit{ID: "east", Name: "東站"}, Unit{ID: "east", Name: "總局"}},
		Photo: {`{"id":"f1","name":"x.png","type":"image/png","size":9}`,
			Attachment{ID: "f1", Name: "a.pdf", Type: "application/pdf", Size: 3},
			Attachment{ID: "f1", Name: "x.png", Type: "image/png", Size: 9}},
		People: {`[{"id":"chan","posts":["boss"]},"chan"]`,
			[]Person{{ID: "chan", Name: "陳", Posts: []string{"front-desk"}},
				{ID: "chan", Name: "陳", Posts: []string{"front-desk"}}}, nil},
	}
	for kind, c := range forged {
		f := &Field{Name: "f", Path: "f", Kind: kind}
		if got, faults := f.Decode(json.RawMessage(c.in), shanghai(), directory{}); !reflect.DeepEqual(got, c.resolved) {
			t.Errorf("%s from people is %+v, %v", kind, got, faults)
		}
		got, faults := f.Decode(json.RawMessage(c.in), shanghai(), nil)
		if c.asIs != nil && !reflect.DeepEqual(got, c.asIs) || c.asIs == nil && len(faults) != 1 {
			t.Errorf("%s of our own is %+v, %v", kind, got, faults)
		}
	}
	for kind, in := range map[Kind]string{Human: `"chan"`, UnitKind: `"east"`, File: `"f1"`} {
		f := &Field{Name: "f", Path: "f", Kind: kind}
		if _, faults := f.Decode(json.RawMessage(in), shanghai(), nil); codes(faults) != "f:type" {
			t.Errorf("%s: an id without a resolver: %v", kind, faults)
		}
	}
}

func codes(faults []Fault) string {
	var out []string
	for _, f := range faults {
		out = append(out, f.Path+":"+f.Code)
	}
	return strings.Join(out, " ")
}

func TestAllFaultsOfARecordAtOnce(t *testing.T) {
	t.Parallel()
	fields := []*Field{
		{Name: "agreed", Path: "agreed", Kind: YesNo}, papers(),
		{Name: "resident", Path: "resident", Kind: RecordKind, Fields: []*Field{
			{Name: "name", Path: "resident.name", Kind: Text}}},
	}
	rec, faults := DecodeRecord(fields, json.RawMessage(`{"agreed":"yes","papers":[{"name":"日報","price":"1.234","x":1},
		"row",{"copies":"2"}],"resident":{"name":3,"phone":"1"},"zzz":1,"aaa":null}`), shanghai(), nil)
	want := "agreed:type papers[0].price:places papers[0].x:unknown papers[1]:type papers[2].copies:type " +
		"resident.name:type resident.phone:unknown aaa:unknown zzz:unknown"
	if got := codes(faults); got != want {
		t.Errorf("the faults are %s\nwant %s", got, want)
	}
	if name, _ := rec["resident"].(Record); len(name) != 0 {
		t.Errorf("the record is %v", rec)
	}
}

func TestChecks(t *testing.T) {
	t.Parallel()
	unitNo := &Field{Path: "f", Kind: Text, Pattern: "[A-Z][0-9]{1,2}-[0-9]{3,4}|X", Hint: "例如 A12-0803"}
	tests := []struct {
		name  string
		field *Field
		value any
		want  string
	}{
		{"unit number", unitNo, "A12-0803", ""},
		{"anchored in front", unitNo, "zA12-0803", "f:pattern"},
		{"anchored behind", unitNo, "Xy", "f:pattern"},
		{"blank", &Field{Path: "f", Kind: Text}, "  ", "f:required"},
		{"phone", &Field{Path: "f", Kind: Phone}, "none", "f:pattern"},
		{"id", &Field{Path: "f", Kind: IDNumber}, "1234", "f:pattern"},
		{"old id", &Field{Path: "f", Kind: IDNumber}, "123456789012345", ""},
		{"email", &Field{Path: "f", Kind: Email}, "a@b", "f:pattern"},
		{"option", &Field{Path: "f", Kind: Choice, Options: options("a")}, "b", "f:option"},
		{"options", &Field{Path: "f", Kind: Choices, Options: options("a")},
			[]string{"a", "b", "c"}, "f[1]:option f[2]:option"},
		{"checklist", &Field{Path: "f", Kind: Checklist, Options: options("a", "b", "c")},
			[]string{"b"}, "f:required f:required"},
		{"full checklist", &Field{Path: "f", Kind: Checklist, Options: options("a", "b")}, []string{"a", "b"}, ""},
		{"length", &Field{Path: "f", Kind: Text, Min: int64(2), Max: int64(2)}, "中文", ""},
		{"short", &Field{Path: "f", Kind: Text, Min: int64(3)}, "中文", "f:min"},
		{"few choices", &Field{Path: "f", Kind: Choices, Min: int64(1)}, []string{}, "f:min"},
		{"count", &Field{Path: "f", Kind: Count, Min: int64(1), Max: int64(3)}, int64(4), "f:max"},
		{"number", &Field{Path: "f", Kind: Number, Min: 0.5}, 0.25, "f:min"},
		{"places", &Field{Path: "f", Kind: Number, Places: 2}, 1.125, "f:places"},
		{"duration", &Field{Path: "f", Kind: Duration, Min: 5 * time.Minute}, time.Minute, "f:min"},
		{"date", &Field{Path: "f", Kind: Date, Max: at("2026-11-02 00:00")}, at("2026-11-03 00:00"), "f:max"},
		{"wrong type", &Field{Path: "f", Kind: Count}, "3", "f:type"},
		{"no row", papers(), []Record{}, "papers:min"},
		{"rows", papers(), []Record{{"copies": int64(0)}, {"price": Money(10001), "name": ""}},
			"papers[0].copies:min papers[1].name:required papers[1].price:max"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := codes(tt.field.Check(tt.value)); got != tt.want {
				t.Errorf("the faults are %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPatternsAreBounded(t *testing.T) {
	t.Parallel()
	if _, err := CompilePattern(strings.Repeat("a", MaxPattern+1)); err == nil {
		t.Error("a long pattern is accepted")
	}
	if _, err := CompilePattern("("); err == nil {
		t.Error("half a pattern is accepted")
	}
	f := &Field{Path: "f", Kind: Text, Pattern: "("}
	if got := codes(f.Check("x")); got != "f:pattern" {
		t.Errorf("the faults are %q", got)
	}
}

func TestAuthorsTexts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		field *Field
		text  string
		want  any
	}{
		{&Field{Kind: Duration}, "3m", 3 * time.Minute},
		{&Field{Kind: Cash}, "10.00", Money(1000)},
		{&Field{Kind: Date}, "2026-11-24", at("2026-11-24 00:00")},
		{&Field{Kind: Count}, "1", int64(1)},
		{&Field{Kind: Number}, "1.5", 1.5},
		{&Field{Kind: YesNo}, "false", false},
		{&Field{Kind: Worktime}, "3 workdays", Work{Days: 3}},
		{&Field{Kind: Choices, Options: options("a", "b")}, "b, a", []string{"a", "b"}},
		{&Field{Kind: Text}, "甲", "甲"},
		{&Field{Kind: Duration}, "3", nil},
		{&Field{Kind: Duration}, "-3m", nil},
		{&Field{Kind: Duration, Min: time.Hour}, "3m", nil},
		{&Field{Kind: YesNo}, "yes", nil},
		{&Field{Kind: Count}, "1.0", nil},
		{&Field{Kind: Number}, "NaN", nil},
		{&Field{Kind: Human}, "chan", nil},
		{&Field{Kind: TableKind}, "[]", nil},
		{&Field{Kind: Choice, Options: options("a")}, "b", nil},
		{&Field{Kind: Text}, strings.Repeat("x", MaxText+1), nil},
	}
	for _, tt := range tests {
		got, err := tt.field.Parse(tt.text, shanghai())
		if tt.want == nil {
			if err == nil {
				t.Errorf("%s %.20q gives %v", tt.field.Kind, tt.text, got)
			}
			continue
		}
		if err != nil || !Equal(got, tt.want) {
			t.Errorf("%s %q gives %v, %v", tt.field.Kind, tt.text, got, err)
		}
	}
}

func TestRecordsAreWrittenInOneWay(t *testing.T) {
	t.Parallel()
	fields := []*Field{{Name: "b", Path: "b", Kind: Count}, {Name: "a", Path: "a", Kind: Text}, papers()}
	rec := Record{"a": "x", "b": int64(1), "papers": []Record{{"price": Money(5), "name": "日報"}}}
	const want = `{"b":1,"a":"x","papers":[{"name":"日報","price":"0.05"}]}`
	for range 20 {
		got, err := EncodeRecord(fields, maps.Clone(rec), shanghai())
		if err != nil || string(got) != want {
			t.Fatalf("it writes %s, %v", got, err)
		}
	}
	if _, err := EncodeRecord(fields, Record{"c": 1}, nil); err == nil {
		t.Error("an undeclared entry is written")
	}
	if _, err := EncodeRecord(fields, Record{"b": "1"}, nil); err == nil {
		t.Error("a value of another type is written")
	}
}

func TestATextIsWrittenAsTheEncoderWritesIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ -~\x00-\x7f]*`)).Draw(t, "text")
		got, err := (&Field{Name: "f", Path: "f", Kind: Text}).Encode(text, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		var want strings.Builder
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(text); err != nil || string(got)+"\n" != want.String() {
			t.Fatalf("%q is written %s, not %s (%v)", text, got, want.String(), err)
		}
	})
}

func TestClonesAreApart(t *testing.T) {
	t.Parallel()
	rec := Record{"rows": []Record{{"p": Person{ID: "a", Posts: []string{"x"}}}}, "list": []string{"a"},
		"people": []Person{{ID: "b", Posts: []string{"y"}}}}
	copied, ok := Clone(rec).(Record)
	if !ok || !Equal(rec, copied) {
		t.Fatalf("the copy is %v", copied)
	}
	rows, _ := copied["rows"].([]Record)
	p, _ := rows[0]["p"].(Person)
	p.Posts[0] = "changed"
	rows[0]["q"] = true
	list, _ := copied["list"].([]string)
	list[0] = "changed"
	people, _ := copied["people"].([]Person)
	people[0].Posts[0] = "changed"
	s, err := json.Marshal(rec)
	if err != nil || strings.Contains(string(s), "changed") || strings.Contains(string(s), "q") {
		t.Errorf("the original is now %s, %v", s, err)
	}
	if Equal(rec, copied) {
		t.Error("they are still equal")
	}
}

func TestUnlikeValuesAreNotEqual(t *testing.T) {
	t.Parallel()
	values := []any{nil, "1", "2", int64(1), 1.0, true, Money(1), time.Duration(1), Work{Days: 1}, Work{Hours: 1},
		at("2026-11-02 00:00"), Person{ID: "1"}, Unit{ID: "1"}, Attachment{ID: "1"}, []string{"1"}, []Person{{ID: "1"}},
		Record{"a": "1"}, Record{"b": "1"}, []Record{{"a": "1"}}}
	for i, a := range values {
		for j, b := range values {
			if Equal(a, b) != (i == j) {
				t.Errorf("Equal(%#v, %#v) is %t", a, b, i != j)
			}
		}
	}
}

func TestDurationsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(0, 1<<62).Draw(t, "d"))
		got, err := ParseDuration(FormatDuration(d))
		if err != nil || got != d {
			t.Fatalf("%d writes %q and reads %d, %v", d, FormatDuration(d), got, err)
		}
	})
}

func TestMoneyReadsBackExactly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := Money(rapid.Int64Range(-maxExact, maxExact).Draw(t, "m"))
		got, err := ParseMoney(m.String())
		if err != nil || got != m {
			t.Fatalf("%d writes %q and reads %d, %v", m, m, got, err)
		}
		n := rapid.Int64().Draw(t, "n")
		if p, ok := m.Times(n); ok && n != 0 && int64(p)/n != int64(m) {
			t.Fatalf("%d × %d gives %d", m, n, p)
		}
	})
}

func TestKindsHaveTheirWords(t *testing.T) {
	t.Parallel()
	for k := Text; k < RecordKind; k++ {
		if got, ok := KindNamed(k.String()); !ok || got != k {
			t.Errorf("%d is called %q", k, k)
		}
	}
	if _, ok := KindNamed("table"); ok {
		t.Error("table is a word of a field's type")
	}
}

func FuzzDecode(f *testing.F) {
	fields := []*Field{papers(), {Name: "who", Path: "who", Kind: Human}, {Name: "at", Path: "at", Kind: Moment},
		{Name: "span", Path: "span", Kind: Duration}, {Name: "n", Path: "n", Kind: Number},
		{Name: "list", Path: "list", Kind: Choices, Options: options("a", "b")}}
	f.Add(`{"papers":[{"name":"x","price":"1.00"}],"at":"2026-11-02 15:00","span":"1d2h","n":1e3,"list":["b","a"]}`)
	f.Add(`{"who":{"id":"a","name":"b","posts":["c"]}}`)
	f.Fuzz(func(t *testing.T, raw string) {
		rec, faults := DecodeRecord(fields, json.RawMessage(raw), shanghai(), nil)
		if len(faults) > 0 {
			return
		}
		out, err := EncodeRecord(fields, rec, shanghai())
		if err != nil {
			t.Fatalf("%v is not written: %v", rec, err)
		}
		again, faults := DecodeRecord(fields, out, shanghai(), nil)
		if len(faults) > 0 || !Equal(rec, again) {
			t.Fatalf("%s reads back as %v, %v", out, again, faults)
		}
	})
}

func TestAFaultSaysWhatWouldBeRight(t *testing.T) {
	t.Parallel()
	fields := []*Field{{Name: "amount", Path: "amount", Kind: Cash}}
	_, faults := DecodeRecord(fields, []byte(`{"amount": "1.005"}`), shanghai(), nil)
	if len(faults) != 1 || faults[0].Args["max"] != "2" {
		t.Errorf("faults: %+v", faults)
	}
}

// TestSearchKeysAreInTheOrderOfValues: of every kind by which cases are found from one value to another.
func TestSearchKeysAreInTheOrderOfValues(t *testing.T) {
	t.Parallel()
	instant := time.UnixMicro
	for kind, of := range map[Kind]func(int64) any{
		Count:    func(n int64) any { return n },
		Cash:     func(n int64) any { return Money(n) },
		Duration: func(n int64) any { return time.Duration(n) },
		Moment:   func(n int64) any { return instant(n % (1 << 50)) },
		Number:   func(n int64) any { return float64(n) / 1000 },
	} {
		f := &Field{Name: "f", Path: "f", Kind: kind}
		if !kind.Ordered() || !kind.Searchable() {
			t.Errorf("%s is not ordered", kind)
		}
		rapid.Check(t, func(t *rapid.T) {
			near := rapid.Int64Range(-20, 20)
			a, b := rapid.OneOf(near, rapid.Int64()).Draw(t, "a"), rapid.OneOf(near, rapid.Int64()).Draw(t, "b")
			if kind == Moment {
				a, b = a%(1<<50), b%(1<<50)
			}
			less := a < b
			if kind == Number {
				less = float64(a)/1000 < float64(b)/1000
			}
			if got := f.SearchKey(of(a), shanghai()) < f.SearchKey(of(b), shanghai()); got != less {
				t.Fatalf("%s: the key of %v is less than that of %v: %v", kind, of(a), of(b), got)
			}
		})
	}
	zero := &Field{Kind: Number}
	if zero.SearchKey(0.0, nil) != zero.SearchKey(math.Copysign(0, -1), nil) {
		t.Error("the two zeros have two keys")
	}
}
