package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/store"
)

var strangerRow = store.PersonRow{ID: "stranger", Name: "客", Posts: []string{"desk"}, Admin: true}

func TestLinkSignsInOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secret, err := w.door.NewLink(t.Context(), "house", "he")
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, url: w.url}
	a := c.send(http.MethodPost, "/sign-in/"+secret.Token, "").want(http.StatusOK)
	if a.text("me", "id") != "he" || a.at("session") != nil {
		t.Errorf("answer: %s", a.body)
	}
	cookie := a.header.Get("Set-Cookie")
	for _, part := range []string{"guicheng=", "HttpOnly", "SameSite=Strict", "Path=/"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("cookie %q lacks %s", cookie, part)
		}
	}
	if strings.Contains(cookie, "Secure") {
		t.Errorf("cookie %q is for TLS only, the server is not", cookie)
	}
	c.send(http.MethodPost, "/sign-in/"+secret.Token, "").refused(http.StatusGone, "link-spent")
	c.post(prefix+"/sign-in", map[string]any{"token": secret.Token}).refused(http.StatusGone, "link-spent")
	c.post(prefix+"/sign-in", map[string]any{"token": "x"}).refused(http.StatusGone, "link-spent")

	value, _, _ := strings.Cut(strings.TrimPrefix(cookie, "guicheng="), ";")
	c.header = http.Header{"Cookie": {"guicheng=" + value}}
	c.get(prefix + "/me").want(http.StatusOK)
	out := c.send(http.MethodDelete, prefix+"/session", "").want(http.StatusNoContent)
	if got := out.header.Get("Set-Cookie"); !strings.Contains(got, "guicheng=;") || !strings.Contains(got, "Max-Age=0") {
		t.Errorf("the cookie is not taken away: %q", got)
	}
	c.get(prefix+"/me").refused(http.StatusUnauthorized, "not-signed-in")
}

func TestWhoHasLeftIsOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he, ma := w.in("house", "he"), w.in("house", "ma")
	he.get(prefix + "/me").want(http.StatusOK)
	ma.put(prefix+"/people/none", map[string]any{"gone": true}).refused(http.StatusUnprocessableEntity, "invalid")
	ma.put(prefix+"/people/he", map[string]any{"gone": true}).want(http.StatusOK)
	he.get(prefix+"/me").refused(http.StatusUnauthorized, "not-signed-in")
	he.get(prefix+"/inbox").refused(http.StatusUnauthorized, "not-signed-in")
	ma.post(prefix+"/people/he/link", map[string]any{}).refused(http.StatusNotFound, "not-found")
}

// Who takes a post from the last one who holds it is told what that leaves to nobody.
func TestWorkThatIsLeftToNobodyIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.begin(w.in("house", "he"), w.in("house", "chen"))
	ma := w.in("house", "ma")
	dry := ma.put(prefix+"/people/chen", map[string]any{"posts": []string{}, "dry": true}).want(http.StatusOK)
	if at := ma.get(prefix + "/people/chen").want(http.StatusOK); dry.text("unattended", 0, "post") != "desk" ||
		at.text("posts", 0) != "desk" {
		t.Errorf("%s, and then %s", dry.body, at.body)
	}
	got := ma.put(prefix+"/people/chen", map[string]any{"posts": []string{}}).want(http.StatusOK)
	if got.text("unattended", 0, "post") != "desk" || got.at("unattended", 0, "tasks") != float64(1) ||
		got.text("name") != "陳美玲" {
		t.Errorf("%s", got.body)
	}
}

func TestAdministratorKeepsTheDirectory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ma := w.in("house", "ma")
	ma.put(prefix+"/people/new", map[string]any{"name": "新人", "posts": []string{"gate"}}).want(http.StatusOK)
	link := ma.post(prefix+"/people/new/link", map[string]any{}).want(http.StatusCreated)
	c := &client{t: t, url: w.url}
	c.send(http.MethodPost, "/sign-in/"+link.text("token"), "").want(http.StatusOK)
	if n := ma.get(prefix + "/people").want(http.StatusOK).size("people"); n != 5 {
		t.Errorf("%d people, want 5", n)
	}
	if got := ma.get(prefix+"/people/new").want(http.StatusOK).text("posts", 0); got != "gate" {
		t.Errorf("post %s", got)
	}
	ma.put(prefix+"/people/new", map[string]any{"name": "新人", "posts": []string{"nobody"}}).
		refused(http.StatusUnprocessableEntity, "invalid")
	ma.get(prefix+"/people/nobody").refused(http.StatusNotFound, "not-found")
	ma.post(prefix+"/people/nobody/link", map[string]any{}).refused(http.StatusNotFound, "not-found")
}

func TestSetUpHappensOnce(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t)
	secret, err := w.door.NewSetUpLink(t.Context(), "house")
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, url: w.url}
	body := map[string]any{"token": secret.Token, "office": "house", "id": "ma", "name": "馬慧敏"}
	with := func(name, value string) map[string]any {
		other := map[string]any{name: value}
		for k, v := range body {
			if k != name {
				other[k] = v
			}
		}
		return other
	}
	c.post(prefix+"/set-up", with("token", "wrong")).refused(http.StatusGone, "set-up-spent")
	c.send(http.MethodPost, "/sign-in/"+secret.Token, "").refused(http.StatusGone, "link-spent")
	p := c.post(prefix+"/set-up", body).refused(http.StatusUnprocessableEntity, "no-such-office")
	if !strings.Contains(p.Detail, "--definitions") {
		t.Errorf("nothing is deployed, and it says %q", p.Detail)
	}
	w.deploy("house", officeYAML, visitYAML)
	p = c.post(prefix+"/set-up", with("office", "huose")).refused(http.StatusUnprocessableEntity, "no-such-office")
	if p.Args["offices"] != "house" || !strings.Contains(p.Detail, "house") {
		t.Errorf("house is deployed, and it says %q", p.Detail)
	}
	c.post(prefix+"/set-up", with("id", "no id!")).refused(http.StatusUnprocessableEntity, "invalid")
	c.post(prefix+"/set-up", with("office", "No Office")).refused(http.StatusUnprocessableEntity, "invalid")

	a := c.post(prefix+"/set-up", body).want(http.StatusOK)
	if a.at("me", "admin") != true {
		t.Errorf("answer: %s", a.body)
	}
	p = c.post(prefix+"/set-up", body).refused(http.StatusConflict, "set-up-done")
	if !strings.Contains(p.Detail, "已有管理員") {
		t.Errorf("the office is set up, and it says %q", p.Detail)
	}
	c.post(prefix+"/set-up", with("id", "he")).refused(http.StatusConflict, "set-up-done")
	if _, err := w.door.NewSetUpLink(t.Context(), "house"); err == nil {
		t.Error("a second set-up link was made")
	}
	w.deploy("annex", strings.Replace(officeYAML, "office: house", "office: annex", 1), visitYAML)
	if secret, err = w.door.NewSetUpLink(t.Context(), "annex"); err != nil {
		t.Fatalf("an office beside one that is kept gets no link: %v", err)
	}
	body["token"] = secret.Token
	(&client{t: t, url: w.url}).post(prefix+"/set-up", with("office", "annex")).want(http.StatusOK)

	c.token = a.text("session")
	files := map[string]any{"files": []any{
		map[string]any{"name": "office.yaml", "text": officeYAML},
		map[string]any{"name": "visit.yaml", "text": visitYAML},
	}}
	deployed := c.post(prefix+"/deployments", files).want(http.StatusOK)
	if deployed.text("versions", 0, "procedure") != "visit" {
		t.Errorf("deployed: %s", deployed.body)
	}
	if n := c.get(prefix + "/deployments").want(http.StatusOK).size("versions"); n != 1 {
		t.Errorf("%d versions, want 1", n)
	}
}

func TestFindings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ma := w.in("house", "ma")
	files := func(text string) map[string]any {
		return map[string]any{"files": []any{
			map[string]any{"name": "office.yaml", "text": officeYAML}, map[string]any{"name": "visit.yaml", "text": text},
		}}
	}
	if good := ma.post(prefix+"/check", files(visitYAML)).want(http.StatusOK); good.at("failed") != false {
		t.Errorf("check: %s", good.body)
	}
	wrong := strings.Replace(visitYAML, "floor < 30", "flor < 30", 1)
	bad := ma.post(prefix+"/check?lang=en", files(wrong)).want(http.StatusOK)
	if bad.at("failed") != true || !strings.Contains(string(bad.body), `"hint":"did you mean floor?"`) {
		t.Errorf("check: %s", bad.body)
	}
	for lang, want := range map[string]string{"zh-Hant": "這裡沒有這個名字「flor」。", "zh-Hans": "这里没有这个名字“flor”。"} {
		if told := ma.post(prefix+"/check?lang="+lang, files(wrong)); !strings.Contains(string(told.body), want) {
			t.Errorf("check in %s: %s", lang, told.body)
		}
		p := ma.post(prefix+"/deployments?lang="+lang, files(wrong)).refused(http.StatusUnprocessableEntity, "refused")
		if !slices.ContainsFunc(p.Problems, func(f report.Problem) bool { return f.Sentence == want }) {
			t.Errorf("deployment in %s: %+v", lang, p.Problems)
		}
	}
	p := ma.post(prefix+"/deployments", files(wrong)).refused(http.StatusUnprocessableEntity, "refused")
	if !slices.ContainsFunc(p.Problems, func(f report.Problem) bool {
		return f.Severity == report.Error && f.File == "visit.yaml" && f.Line == 9 && f.Code == "unknown-name"
	}) {
		t.Errorf("problems: %+v", p.Problems)
	}
}

// TestNothingIsRemovedUnasked: a deployment without the file of a procedure is asked whether it is to go.
func TestNothingIsRemovedUnasked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ma := w.in("house", "ma")
	office := []any{map[string]any{"name": "office.yaml", "text": officeYAML}}
	text := strings.Replace(visitYAML, "procedure: visit", "procedure: more", 1)
	other := map[string]any{"name": "more.yaml", "text": text}
	in := func(list *answer) []string {
		var out []string
		for i := range list.size("versions") {
			out = append(out, list.text("versions", i, "procedure"))
		}
		return out
	}
	before := in(ma.get(prefix + "/deployments").want(http.StatusOK))

	files := map[string]any{"files": append(office, other)}
	would := ma.post(prefix+"/check", files).want(http.StatusOK)
	if would.at("failed") != false || would.size("removed") != len(before) ||
		would.text("versions", 0, "procedure") != "more" {
		t.Errorf("check: %s", would.body)
	}
	p := ma.post(prefix+"/deployments?lang=en", files).refused(http.StatusConflict, "would-remove")
	if p.Args["procedures"] != strings.Join(before, ", ") || !strings.Contains(p.Detail, before[0]) {
		t.Errorf("refused: %+v", p)
	}
	if got := in(ma.get(prefix + "/deployments")); !slices.Equal(got, before) {
		t.Errorf("in force: %v, want %v", got, before)
	}
	files["removes"] = before
	done := ma.post(prefix+"/deployments", files).want(http.StatusOK)
	if done.size("removed") != len(before) || !slices.Equal(in(ma.get(prefix+"/deployments")), []string{"more"}) {
		t.Errorf("deployed: %s", done.body)
	}
	ma.post(prefix+"/deployments", map[string]any{"files": nil}).refused(http.StatusUnprocessableEntity, "invalid")
}

func TestBehindHTTPS(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secret, err := w.door.NewLink(t.Context(), "house", "ma")
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, url: serve(t, Options{
		Engine: w.engine, Door: w.door, Numbers: w.store, PublicURL: "https://office.example/",
	})}
	a := c.post(prefix+"/sign-in", map[string]any{"token": secret.Token}).want(http.StatusOK)
	if cookie := a.header.Get("Set-Cookie"); !strings.Contains(cookie, "; Secure") {
		t.Errorf("cookie %q goes without TLS", cookie)
	}
	if a.header.Get("Strict-Transport-Security") == "" {
		t.Error("browsers are not told to stay with TLS")
	}
	c.token = a.text("session")
	link := c.send(http.MethodPost, prefix+"/people/he/link", "", "Origin", "https://office.example").
		want(http.StatusCreated)
	if want := "https://office.example/sign-in/" + link.text("token"); link.text("link") != want {
		t.Errorf("link %s, want %s", link.text("link"), want)
	}
}

func TestOptionsThatAreWrong(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t)
	good := Options{
		Engine: w.engine, Door: w.door, Numbers: w.store, Ready: func(context.Context) error { return nil },
	}
	for name, spoil := range map[string]func(*Options){
		"no engine":         func(o *Options) { o.Engine = nil },
		"no door":           func(o *Options) { o.Door = nil },
		"no scheme":         func(o *Options) { o.PublicURL = "office.example" },
		"other scheme":      func(o *Options) { o.PublicURL = "ftp://office.example" },
		"a path":            func(o *Options) { o.PublicURL = "https://office.example/guicheng" },
		"proxy is no place": func(o *Options) { o.TrustedProxies = []string{"everybody"} },
	} {
		o := good
		spoil(&o)
		if _, err := New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// A browser has one session for all its windows. A page says by whom it was opened, and nothing is done by it in the
// name of whoever has signed in since.
func TestAPageActsForWhoOpenedItAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he, chen := w.in("house", "he"), w.in("house", "chen")
	start := prefix + "/procedures/visit/cases"
	body := `{"values":{"name":"a","people":1,"phone":"13800000000"}}`
	for _, other := range []string{"house/chen", "house/", "he", "tower/he", "house/he/", "house/%"} {
		p := he.send(http.MethodPost, start, body, personHeader, other).refused(http.StatusConflict, "other-person")
		if !strings.Contains(p.Detail, "何志強") {
			t.Errorf("it does not say who is signed in: %s", p.Detail)
		}
		he.send(http.MethodGet, prefix+"/inbox", "", personHeader, other).refused(http.StatusConflict, "other-person")
	}
	he.send(http.MethodGet, "/healthz", "", personHeader, "house/chen").want(http.StatusOK)
	he.send(http.MethodPost, start, body, personHeader, "house/%68e").want(http.StatusCreated)
	if n := chen.get(prefix + "/inbox").want(http.StatusOK).size("tasks"); n != 1 {
		t.Errorf("%d tasks, want that of the one case that was begun", n)
	}
}
