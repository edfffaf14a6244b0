package api

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

const dinnerYAML = `procedure: dinner
title: 訂餐
number: 'D{n:3}'
data:
  host:
    title: 主人
    fields:
      name:  {title: 姓名, type: text}
      plate: {title: 車牌, type: text, when: with_car, searchable: true}
  with_car: {title: 開車, type: yes-no}
  guests:
    title: 客人
    each: guest
    rows:
      name:   {title: 姓名, type: text}
      dishes: {title: 菜, type: count, min: 1}
      cost:   {title: 小計, type: count, value: guest.dishes * 20}
  bill:   {title: 合計, type: count, value: 'sum(guests, .cost)'}
  fee:    {title: 內部, type: count}
  inner:  {title: 內部合計, type: count, value: bill + fee}
  says:   {title: 意見, type: text, check: {that: "says != 'no'", say: 請再想想}}
start:
  by: gate
  form: [with_car, host, guests.name, guests.dishes]
  check: {that: 'size(guests) < 3', say: 坐不下, at: guests}
  set: {fee: '5'}
ends: {eaten: 完成}
steps:
  - step: cook
    title: 下廚
    task:
      by: desk
      show: [host.name, bill]
      form: [says]
      answers: {fine: 可以, never: 不行}
      check: {that: "answer == 'fine' || has(says)", say: 說明原因, at: says}
    then: eaten
`

func dinnerWorld(t *testing.T) (w *world, he, chen *client) {
	t.Helper()
	w = newWorld(t)
	w.deploy("house", officeYAML, dinnerYAML)
	he, chen = w.in("house", "he"), w.in("house", "chen")
	return w, he, chen
}

func guest(name string, dishes any) map[string]any {
	return map[string]any{"name": name, "dishes": dishes}
}

func faultsOf(a *answer) []string {
	a.t.Helper()
	var got struct {
		Fields []FieldProblem `json:"fields"`
	}
	if err := json.Unmarshal(a.body, &got); err != nil {
		a.t.Fatal(err)
	}
	var out []string
	for _, f := range got.Fields {
		out = append(out, f.Path+" "+f.Code)
		if f.Detail == "" {
			a.t.Errorf("%s %s has no words", f.Path, f.Code)
		}
	}
	slices.Sort(out)
	return out
}

func TestAFormIsTriedWhileItIsFilledIn(t *testing.T) {
	t.Parallel()
	_, he, _ := dinnerWorld(t)
	try := func(v map[string]any) *answer {
		return he.post(prefix+"/procedures/dinner/try", values(v)).want(http.StatusOK)
	}

	a := try(map[string]any{"guests": []any{guest("Li", 2), guest("Wu", "many")}})
	if got := a.at("not_asked", 0); got != "host.plate" {
		t.Errorf("not asked: %v", got)
	}
	want := []string{"guests[1].dishes type", "host.name required", "with_car required"}
	if got := faultsOf(a); !slices.Equal(got, want) {
		t.Errorf("faults %v, want %v", got, want)
	}
	if a.text("computed", 0, "path") != "guests[0].cost" || a.text("computed", 0, "text") != "40" {
		t.Errorf("computed: %s", a.body)
	}

	a = try(map[string]any{"with_car": true, "host": map[string]any{"name": "陳"},
		"guests": []any{guest("Li", 2), guest("Wu", 1)}})
	if got := faultsOf(a); !slices.Equal(got, []string{"host.plate required"}) || a.size("not_asked") != 0 {
		t.Errorf("by car: %s", a.body)
	}
	if a.size("computed") != 3 || a.text("computed", 2, "title") != "合計" || a.text("computed", 2, "text") != "60" {
		t.Errorf("computed: %s", a.body)
	}

	a = try(map[string]any{"with_car": false, "host": map[string]any{"name": "陳"},
		"guests": []any{guest("a", 1), guest("b", 1), guest("c", 1)}})
	if a.text("detail") != "坐不下" || !slices.Equal(faultsOf(a), []string{"guests check"}) {
		t.Errorf("the whole form: %s", a.body)
	}
	he.post(prefix+"/procedures/nothing/try", values(nil)).refused(http.StatusNotFound, engine.CodeNotDeployed)
	he.post(prefix+"/procedures/dinner/try", map[string]any{"way": 4}).refused(http.StatusUnprocessableEntity, "invalid")
}

func TestATaskIsTriedWithItsAnswer(t *testing.T) {
	t.Parallel()
	w, he, chen := dinnerWorld(t)
	he.post(prefix+"/procedures/dinner/cases", values(map[string]any{"with_car": false,
		"host": map[string]any{"name": "陳"}, "guests": []any{guest("Li", 2)}})).want(http.StatusCreated)
	id := chen.get(prefix+"/inbox").text("tasks", 0, "id")
	try := func(answer string, v map[string]any) *answerTried {
		a := chen.post(prefix+"/tasks/"+id+"/try", map[string]any{"answer": answer, "values": v}).want(http.StatusOK)
		return &answerTried{faultsOf(a), a}
	}
	if got := try("", nil).faults; !slices.Equal(got, []string{"says required"}) {
		t.Errorf("empty: %v", got)
	}
	got := try("fine", map[string]any{"says": "no"})
	if !slices.Equal(got.faults, []string{"says check"}) || !strings.Contains(string(got.body), "請再想想") {
		t.Errorf("checked: %s", got.body)
	}
	if got := try("fine", map[string]any{"says": "好"}); len(got.faults) > 0 || got.size("computed") != 0 {
		t.Errorf("right: %s", got.body)
	}
	he.post(prefix+"/tasks/"+id+"/try", values(nil)).refused(http.StatusNotFound, engine.CodeNotFound)
	w.in("house", "john").post(prefix+"/tasks/"+id+"/try", values(nil)).refused(http.StatusNotFound, engine.CodeNotFound)
	chen.post(prefix+"/tasks/"+id+"/complete", map[string]any{"answer": "fine", "values": map[string]any{"says": "好"}}).
		want(http.StatusOK)
	chen.post(prefix+"/tasks/"+id+"/try", values(nil)).refused(http.StatusConflict, string(core.NotOpen))
}

type answerTried struct {
	faults []string
	*answer
}

func TestAMessageIsTried(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he, chen := w.in("house", "he"), w.in("house", "chen")
	id, _, _ := w.begin(he, chen)
	a := he.post(prefix+"/cases/"+id+"/messages/left/try", values(map[string]any{})).want(http.StatusOK)
	if len(faultsOf(a)) > 0 {
		t.Errorf("a message without a form: %s", a.body)
	}
	w.in("house", "john").post(prefix+"/cases/"+id+"/messages/left/try", values(nil)).
		refused(http.StatusNotFound, engine.CodeNotFound)
}

func TestTheOfficeIsKnownToItsPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.in("house", "john").get(prefix + "/office").want(http.StatusOK)
	if a.text("title") != "小區" || a.text("zone") != "Asia/Shanghai" || a.text("posts", 0, "title") != "門崗" ||
		a.size("people") != 4 || a.text("procedures", 0, "title") != "來訪" {
		t.Errorf("office: %s", a.body)
	}
}

func TestTheInboxIsSearched(t *testing.T) {
	t.Parallel()
	_, he, chen := dinnerWorld(t)
	for _, plate := range []string{"MA-1", "MB-2"} {
		he.post(prefix+"/procedures/dinner/cases", values(map[string]any{"with_car": true,
			"host": map[string]any{"name": "陳", "plate": plate}, "guests": []any{guest("Li", 1)}})).want(http.StatusCreated)
	}
	for find, want := range map[string]string{
		"D002": "D002", "MA-1": "D001", "nothing": "", "D00": "D001 D002", "M": "D001 D002", "MB": "D002", "A-1": "",
	} {
		a := chen.get(prefix + "/inbox?find=" + find).want(http.StatusOK)
		var got []string
		for i := range a.size("tasks") {
			got = append(got, a.text("tasks", i, "number"))
		}
		slices.Sort(got) // both were begun in the same moment: either may stand first
		if text := strings.Join(got, " "); text != want {
			t.Errorf("find %s: %s, want %s", find, text, want)
		}
	}
	if n := he.get(prefix + "/inbox?find=MA-1").size("tasks"); n != 0 {
		t.Errorf("he finds %d tasks that are not his", n)
	}
	if n := chen.get(prefix + "/inbox?find=MA-1&mine=true").size("tasks"); n != 0 {
		t.Errorf("%d tasks are found among those that she has claimed", n)
	}
}

// events reads a stream of events until the test ends; query names the case that is looked at, if any.
func events(t *testing.T, c *client, query string) <-chan engine.Moved {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.url+prefix+"/events"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		t.Fatalf("status %d, %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	lines := bufio.NewScanner(resp.Body)
	lines.Scan() // it has begun: nothing is missed from now on
	out := make(chan engine.Moved, 100)
	go func() {
		defer close(out)
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				var m engine.Moved
				if json.Unmarshal([]byte(data), &m) == nil {
					out <- m
				}
			}
		}
	}()
	return out
}

func next(t *testing.T, from <-chan engine.Moved) engine.Moved {
	t.Helper()
	select {
	case m, ok := <-from:
		if !ok {
			t.Fatal("the stream has ended")
		}
		return m
	case <-time.After(10 * time.Second):
		t.Fatal("nothing was told")
	}
	return engine.Moved{}
}

func TestWhatMovesIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put("house", store.PersonRow{ID: "huang", Name: "黃嘉欣", Posts: []string{"desk"}})
	he, chen, huang := w.in("house", "he"), w.in("house", "chen"), w.in("house", "huang")
	toChen, toHuang, toHe := events(t, chen, ""), events(t, huang, ""), events(t, he, "")

	id, _, task := w.begin(he, chen)
	for _, stream := range []<-chan engine.Moved{toChen, toHuang} {
		if m := next(t, stream); m.Case != id || !slices.Equal(m.Come, []string{task}) || len(m.Gone) > 0 {
			t.Errorf("a task that came: %+v", m)
		}
	}
	chen.send(http.MethodPost, prefix+"/tasks/"+task+"/claim", "").want(http.StatusOK)
	if m := next(t, toChen); !slices.Equal(m.Come, []string{task}) {
		t.Errorf("who claims: %+v", m)
	}
	if m := next(t, toHuang); !slices.Equal(m.Gone, []string{task}) {
		t.Errorf("who could have claimed: %+v", m)
	}
	chen.post(prefix+"/tasks/"+task+"/complete", map[string]any{"answer": "expected"}).want(http.StatusOK)
	if m := next(t, toChen); !slices.Equal(m.Gone, []string{task}) {
		t.Errorf("who has done it: %+v", m)
	}
	if m := next(t, toHe); len(m.Come) != 1 || len(m.Gone) > 0 {
		t.Errorf("what comes next: %+v", m) // and of what is not his he was told nothing
	}
}

// TestWhatHappensInACaseIsTold: to whoever looks at one that he may see, though none of its tasks is his.
func TestWhatHappensInACaseIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he, chen, ma := w.in("house", "he"), w.in("house", "chen"), w.in("house", "ma")
	_, _, task := w.begin(he, chen)
	id, number, _ := w.begin(he, chen)
	toMa, toHe := events(t, ma, "?case="+id), events(t, he, "?case="+url.QueryEscape(number))
	chen.send(http.MethodPost, prefix+"/tasks/"+task+"/claim", "").want(http.StatusOK) // of the other one
	chen.post(prefix+"/cases/"+id+"/comments", map[string]any{"text": "好"}).want(http.StatusOK)
	for name, stream := range map[string]<-chan engine.Moved{"ma": toMa, "he": toHe} {
		if m := next(t, stream); m.Case != id || len(m.Come)+len(m.Gone) > 0 {
			t.Errorf("%s is told %+v", name, m)
		}
	}
	w.in("house", "john").get(prefix+"/events?case="+id).refused(http.StatusNotFound, "not-found")
}

func TestAStreamEndsWhenTheServerStops(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	closing := make(chan struct{})
	w.url = serve(t, Options{Engine: w.engine, Door: w.door, Numbers: w.store, Closing: closing})
	he := w.in("house", "he")
	stream := events(t, he, "")
	close(closing)
	select {
	case <-stream:
	case <-time.After(10 * time.Second):
		t.Error("the stream goes on")
	}
	he.get(prefix+"/events?limit=1").refused(http.StatusUnprocessableEntity, "invalid")
}
