package api

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestDiagrams(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	he, chen := w.in("house", "he"), w.in("house", "chen")
	id, number, _ := w.begin(he, chen)
	for path, want := range map[string]string{
		"/procedures/visit/diagram":                     `id="step-`,
		"/procedures/visit/diagram?narrow=true&lang=en": `lang="en"`,
		"/cases/" + id + "/diagram":                     `class="node open"`,
		"/cases/" + url.PathEscape(number) + "/diagram": number,
	} {
		got := he.get(prefix + path).want(http.StatusOK)
		if !strings.HasPrefix(string(got.body), "<svg ") || !strings.Contains(string(got.body), want) {
			t.Errorf("%s lacks %q: %s", path, want, got.body)
		}
		if kind := got.header.Get("Content-Type"); kind != svgType {
			t.Errorf("%s is %q", path, kind)
		}
		if policy := got.header.Values("Content-Security-Policy"); len(policy) != 1 || policy[0] != svgPolicy {
			t.Errorf("%s has the policy %q", path, policy)
		}
	}
	he.get(prefix+"/procedures/nothing/diagram").refused(http.StatusNotFound, "not-found")
	he.get(prefix+"/cases/nothing/diagram").refused(http.StatusNotFound, "not-found")
	(&client{t: t, url: w.url}).get(prefix+"/cases/"+id+"/diagram").refused(http.StatusUnauthorized, "not-signed-in")
}
