package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/staff"
	"github.com/guicheng/guicheng/store"
)

func TestErrorsCompareByCode(t *testing.T) {
	t.Parallel()
	err := asError(store.ErrNotFound)
	if !errors.Is(err, &Error{Code: CodeNotFound}) || errors.Is(err, &Error{Code: CodeBusy}) {
		t.Error("not by code")
	}
	for want, from := range map[string]error{
		CodeInternal: errors.New("x"), CodeUnavailable: store.ErrUnavailable, string(core.Invalid): store.ErrBadCursor,
		string(core.NotHeld): rejected(&core.Rejection{Code: core.NotHeld}), "": nil,
	} {
		if got := codeOf(from); got != want {
			t.Errorf("%v has code %q, want %q", from, got, want)
		}
	}
	full := &Error{Code: "invalid", Args: map[string]string{"b": "2", "a": "1"}, Say: "否", Cause: errors.New("why"),
		Fields: []value.Fault{{Path: "x", Code: "min"}}}
	if full.Error() != `invalid a="1" b="2": 否 [x min]: why` {
		t.Error(full.Error())
	}
}

func TestLRUForgetsWhatWasUsedLongestAgo(t *testing.T) {
	t.Parallel()
	c := newLRU[int, string](2)
	c.put(1, "a", nil)
	c.put(2, "b", nil)
	c.get(1)
	c.put(3, "c", nil)
	if _, ok := c.get(2); ok {
		t.Error("2 is still there")
	}
	c.put(1, "z", func(string) bool { return true })
	if v, ok := c.get(1); !ok || v != "a" {
		t.Error("1 was replaced")
	}
	c.drop(1)
	if _, ok := c.get(1); ok {
		t.Error("1 was not dropped")
	}
}

func TestIDsSortByTheirTime(t *testing.T) {
	t.Parallel()
	n := &names{random: bytes.NewReader(make([]byte, 1000))}
	at := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	var ids []string
	for i := range 5 {
		id, err := n.next(at.Add(time.Duration(i) * time.Millisecond))
		if err != nil || len(id) != 22 || !plainID(id) {
			t.Fatalf("%q, %v", id, err)
		}
		ids = append(ids, id)
	}
	if !slices.IsSorted(ids) || len(slices.Compact(ids)) != 5 {
		t.Error(ids)
	}
	if _, err := (&names{random: strings.NewReader("")}).next(at); err == nil {
		t.Error("an id without chance")
	}
}

func TestIDsOfRowsComeApart(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"a.1": "a", "a.5.12": "a.5", "a": "", "a.": "", ".1": "", "a.x": "", "a.01": "",
	} {
		if got, _, _ := splitID(id); got != want {
			t.Errorf("task %q is of case %q, want %q", id, got, want)
		}
	}
	for id, want := range map[string]string{
		"a.slip.1.post:x": "a", "a.12.slip.2.person:a.b": "a.12", "a..slip": "", "a": "",
	} {
		if got, _ := caseOfCopy(id); got != want {
			t.Errorf("copy %q is of case %q, want %q", id, got, want)
		}
	}
}

func TestAsideIsForgottenByTime(t *testing.T) {
	t.Parallel()
	a := newAside()
	now := time.Now()
	a.put("x", now)
	a.put("y", now.Add(time.Minute))
	if !a.has("x", now) || a.count(now) != 2 {
		t.Error("not set aside")
	}
	if later := now.Add(aside); a.has("x", later) || a.count(later) != 1 || !a.has("y", later) {
		t.Error("not forgotten")
	}
	for i := range maxAside + 10 {
		a.put(strings.Repeat("z", i), now)
	}
	if len(a.order) > maxAside || len(a.until) > maxAside {
		t.Error("grows without bound")
	}
}

func TestALoopSurvivesPanics(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	c := &crew{log: slog.New(slog.NewTextHandler(&log, nil))}
	runs := 0
	c.loop(t.Context(), "test", func(context.Context) error {
		runs++
		if runs < 3 {
			panic("boom")
		}
		return nil
	})
	c.wait()
	if runs != 3 || strings.Count(log.String(), "boom") != 2 || !strings.Contains(log.String(), "parts_test.go") {
		t.Errorf("%d runs, log %s", runs, log.String())
	}
}

func TestEveryEventIsToldInEveryLanguage(t *testing.T) {
	t.Parallel()
	office := &definitions.Office{Zone: time.UTC}
	p := &definitions.Procedure{
		ID: "p", Title: "程序", Office: office, Data: value.NewSchema(nil),
		Case:  &definitions.Step{Work: &definitions.Block{Graph: &definitions.Graph{}}},
		Steps: map[string]*definitions.Step{"s": {ID: "s", Title: "步", Work: &definitions.Task{}}},
	}
	events := []core.Event{
		core.CaseStarted{}, core.DataSet{}, core.FrameOpened{Row: -1}, core.FrameOpened{}, core.FrameClosed{}, core.Opened{},
		core.Opened{N: 2}, core.Drew{}, core.Unsubscribed{}, core.Once{Over: true}, core.Reminded{How: "reassigned"},
		core.CaseStarted{Parent: &core.Parent{}}, core.Stuck{Incident: core.Incident{Code: "nobody", Formula: "x"}},
		core.Passed{}, core.Joined{}, core.Dropped{}, core.RoundChanged{},
		core.Offered{Why: "later"},
		core.Offered{Why: "turn"}, core.Offered{Why: "escalated"}, core.Offered{Why: "reassigned"}, core.Claimed{},
		core.Began{}, core.Began{Draft: true}, core.Released{}, core.Skipped{Why: "self"}, core.Skipped{Why: "nobody"},
		core.Transferred{}, core.Transferred{From: &value.Person{}, Keep: true}, core.Delegated{}, core.GaveBack{},
		core.GaveBack{Done: true}, core.GaveBack{Done: true, Answer: "approved"}, core.SignersAdded{Place: "before"},
		core.SignersAdded{Place: "after"}, core.SignersAdded{Place: "beside"}, core.SignersOut{}, core.Resumed{},
		core.SignersOut{By: value.Person{ID: "li"}}, core.Answered{Again: true}, core.Answered{Note: "fine"},
		core.Answered{}, core.Answered{Answer: "approved"}, core.Spread{}, core.Grown{}, core.EndedEarly{},
		core.Grown{By: value.Person{ID: "li"}}, core.Locked{}, core.Raised{},
		core.Raised{Taker: 1}, core.CanUndo{}, core.UndoBegan{}, core.UndoEnded{},
		core.RowEnded{}, core.Subscribed{}, core.Resulted{}, core.Resulted{Answer: "x"}, core.Chosen{}, core.Judged{},
		core.EndReached{}, core.TimerSet{}, core.TimerCleared{}, core.TimerCleared{Fired: true}, core.Received{},
		core.Received{Fate: "kept"}, core.Received{Fate: "dropped"}, core.Kept{}, core.Unkept{}, core.Once{}, core.Called{},
		core.Reminded{}, core.Reminded{How: "escalated"}, core.Issued{}, core.Issued{Edition: 2}, core.Stuck{},
		core.Resolved{}, core.Ended{Status: core.Finished}, core.Ended{Status: core.Cancelled},
		core.Ended{Status: core.Frozen}, core.Urged{}, core.Urged{Text: "x"},
		core.Answered{For: &value.Person{Name: "x"}}, core.Released{For: &value.Person{Name: "x"}}, core.CaseCopied{},
		core.CaseCopied{Text: "x"}, core.NotHandedOver{},
		core.Commented{}, core.SentBack{How: core.ByReturn, Reason: "x"}, core.SentBack{How: core.ByWay},
		core.SentBack{How: core.ByRecall}, core.SentBack{How: core.ByJump}, core.Superseded{}, core.Detoured{},
		core.SentBack{How: core.ByReopening}, core.Reopened{},
		core.Rejoined{}, core.Suspension{}, core.Suspension{Reason: "x"}, core.Resumption{},
		core.Resumption{Shift: time.Hour}, core.Forced{}, core.Forced{Answer: "x"}, core.Issued{Edition: 2, Instead: "D1"},
		core.Ended{Status: core.Cancelled, Outcome: core.Revoked},
	}
	for _, to := range []core.ActState{
		core.Ready, core.Open, core.Leaving, core.Trailing, core.Reverting, core.Failed, core.Done, core.Withdrawn,
		core.Parked, core.Undone,
	} {
		events = append(events, core.Moved{To: to, Why: "ended"})
	}
	r := &reader{desk: &desk{office: office, roster: staff.NewRoster(office, nil)}}
	for _, lang := range []string{langTraditional, langSimplified, langEnglish} {
		for _, e := range events {
			teller := &teller{renderer: r.renderer(lang, p), proc: p, state: core.New("o", "c")}
			if text := teller.tell(e); text == "" || strings.ContainsAny(text, "{}") || strings.HasPrefix(text, e.Kind()) {
				t.Errorf("%s: %#v is told as %q", lang, e, text)
			}
		}
	}
}

func TestValuesAreWrittenAsPeopleReadThem(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("east", 8*3600)
	office := &definitions.Office{
		Zone: zone, Currency: "CNY", Posts: []definitions.Post{{ID: "gate", Title: "大門崗"}},
		Texts: map[string]definitions.Texts{"en": {"大門崗": "Gate", "甲": "A"}},
	}
	r := &reader{desk: &desk{office: office, roster: staff.NewRoster(office, nil)}}
	at := time.Date(2026, 11, 1, 17, 30, 0, 0, time.UTC)
	options := []value.Option{{ID: "a", Title: "甲"}, {ID: "b", Title: "乙"}}
	for _, c := range []struct {
		field    value.Field
		v        any
		hant, en string
	}{
		{value.Field{Kind: value.Moment}, at, "2026-11-02 01:30", "2026-11-02 01:30"},
		{value.Field{Kind: value.Date}, at, "2026-11-02", "2026-11-02"},
		{value.Field{Kind: value.Duration}, 90 * time.Minute, "1小時 30分鐘", "1 h 30 min"},
		{value.Field{Kind: value.Duration}, time.Duration(0), "0秒", "0 s"},
		{value.Field{Kind: value.Worktime}, value.Work{Days: 3}, "3個工作日", "3 working days"},
		{value.Field{Kind: value.Worktime}, value.Work{Days: 1}, "1個工作日", "1 working day"},
		{value.Field{Kind: value.Worktime}, value.Work{Hours: 1}, "1個工作小時", "1 working hour"},
		{value.Field{Kind: value.Cash}, value.Money(1050), "10.50 元", "CNY 10.50"},
		{value.Field{Kind: value.Choice, Options: options}, "a", "甲", "A"},
		{value.Field{Kind: value.Choices, Options: options}, []string{"a", "b"}, "甲、乙", "A, 乙"},
		{value.Field{Kind: value.Post}, "gate", "大門崗", "Gate"},
		{value.Field{Kind: value.YesNo}, true, "是", "yes"},
		{value.Field{Kind: value.Number, Places: 2}, 1.5, "1.50", "1.50"},
		{value.Field{Kind: value.Count}, int64(7), "7", "7"},
		{value.Field{Kind: value.Human}, value.Person{ID: "x", Name: "陳"}, "陳", "陳"},
		{value.Field{Kind: value.TableKind}, []value.Record{{}, {}}, "2行", "2 rows"},
	} {
		for lang, want := range map[string]string{langTraditional: c.hant, langEnglish: c.en} {
			if got := r.renderer(lang, nil).text(&c.field, c.v); got != want {
				t.Errorf("%s in %s: %q, want %q", c.field.Kind, lang, got, want)
			}
		}
	}
}

func TestMasksReachEveryBody(t *testing.T) {
	t.Parallel()
	column := &value.Field{Name: "id_no", Path: "people.id_no", Kind: value.IDNumber, Private: true}
	schema := value.NewSchema([]*value.Field{
		{Name: "phone", Path: "phone", Kind: value.Phone, Private: true},
		{Name: "people", Path: "people", Kind: value.TableKind, Each: "human", Fields: []*value.Field{column}},
		{Name: "home", Path: "home", Kind: value.RecordKind, Private: true, Fields: []*value.Field{
			{Name: "street", Path: "home.street", Kind: value.Text},
		}},
	})
	p := &definitions.Procedure{Data: schema}
	for kind, body := range map[string]string{
		"data-set": `{"values":[{"path":"phone","value":"secret"},{"path":"people","value":[{"id_no":"secret"}]},
			{"path":"people.id_no","row":0,"value":"secret"},{"path":"home.street","value":"secret"},
			{"path":"home","value":{"street":"secret"}},{"path":"gone","value":"secret"}]}`,
		"frame-opened": `{"frame":1,"was":{"id_no":"secret"}}`,
		"chosen": `{"why":[{"guard":"g","read":[{"name":"phone","value":"secret"},
			{"name":"human.id_no","value":"secret"}]}]}`,
		"judged": `{"why":{"guard":"g","read":[{"name":"people","value":["secret"]},
			{"name":"home","value":"secret"}]}}`,
		"asked":   `{"act":3,"job":4,"body":{"x":"secret"}}`,
		"decided": `{"hits":[{"row":1}],"read":[{"name":"phone","value":"secret"}]}`,
		"called":  `{"procedure":"unknown","values":{"x":"secret"}}`,
		"kept":    `{"message":{"name":"unknown","values":{"x":"secret"}}}`,
	} {
		out := maskBody(p, kind, []byte(body))
		if !json.Valid(out) || strings.Contains(string(out), "secret") {
			t.Errorf("%s shows %s", kind, out)
		}
	}
}

// aheadOf is a store that is asked for nothing but its time.
type aheadOf struct {
	store.Work
	by time.Duration
}

func (a aheadOf) Now(context.Context) (time.Time, error) { return time.Now().Add(a.by), nil }

// TestAWrongClockChangesNothing has a machine whose clock is an hour off, either way: the engine lives in the time of
// its store, and follows it when it jumps.
func TestAWrongClockChangesNothing(t *testing.T) {
	t.Parallel()
	for _, off := range []time.Duration{-time.Hour, 0, time.Hour} {
		c, err := newStoreClock(t.Context(), aheadOf{by: off})
		if err != nil {
			t.Fatal(err)
		}
		for _, by := range []time.Duration{off, 3 * time.Hour, off} {
			if err := c.follow(t.Context(), aheadOf{by: by}); err != nil {
				t.Fatal(err)
			}
			if wrong := time.Until(c.Now()) - by; wrong.Abs() > time.Second {
				t.Errorf("the store is %s ahead of the machine, and the engine is %s off the store", by, wrong)
			}
		}
	}
}
