package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// officeDirs writes offices' folders, by the folder's name, each with one procedure of a title.
func officeDirs(t *testing.T, offices map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, id := range offices {
		putOffice(t, filepath.Join(dir, name), id, "甲")
	}
	return dir
}

func putOffice(t *testing.T, folder, id, title string) {
	t.Helper()
	office := "office: " + id + "\ntitle: 處\nlanguage: zh-Hant\nzone: Asia/Shanghai\ncurrency: CNY\n" +
		"posts: {desk: 前臺}\n"
	procedure := "procedure: visit\ntitle: " + title + "\nnumber: 'V{n:3}'\nmanager: desk\nstart: {by: desk}\n" +
		"steps:\n  - {step: look, title: 看, task: {by: desk}, then: done}\n"
	if err := os.MkdirAll(folder, 0o750); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"office.yaml": office, "visit.yaml": procedure} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// administrator sets an office up and gives the session.
func (r *running) administrator(t *testing.T, office string) string {
	t.Helper()
	m := regexp.MustCompile(`"token":"([^"]+)"`).FindStringSubmatch(r.out)
	if m == nil {
		t.Fatalf("no set-up link:\n%s", r.out)
	}
	status, signed := ask(t, http.MethodPost, r.url+"/api/v1/set-up", "",
		`{"token":"`+m[1]+`","office":"`+office+`","id":"ma","name":"馬"}`)
	token, _ := signed["session"].(string)
	if status != http.StatusOK || token == "" {
		t.Fatalf("set-up: %d %v", status, signed)
	}
	return token
}

func (r *running) title(t *testing.T, token string) string {
	t.Helper()
	_, got := ask(t, http.MethodGet, r.url+"/api/v1/deployments", token, "")
	list, _ := got["versions"].([]any)
	if len(list) != 1 {
		t.Fatalf("versions: %v", got)
	}
	line, _ := list[0].(map[string]any)
	title, _ := line["title"].(string)
	return title
}

func TestAStartDoesNotUndoADeployment(t *testing.T) {
	t.Parallel()
	dir, data := officeDirs(t, map[string]string{"one": "north"}), filepath.Join(t.TempDir(), "data")
	first := start(t, serveCmd{Data: data, Definitions: dir})
	token := first.administrator(t, "north")
	if err := first.stop(); err != nil {
		t.Fatal(err)
	}
	putOffice(t, filepath.Join(dir, "one"), "north", "乙")
	second := start(t, serveCmd{Data: data, Definitions: dir}) // new files are put in force
	if got := second.title(t, token); got != "乙" {
		t.Errorf("in force is %s", got)
	}
	if err := second.stop(); err != nil {
		t.Fatal(err)
	}
	putOffice(t, filepath.Join(dir, "one"), "north", "甲") // as they were deployed before
	third := start(t, serveCmd{Data: data, Definitions: dir})
	if got := third.title(t, token); got != "乙" {
		t.Errorf("the start has put %s in force again", got)
	}
	if err := third.stop(); err != nil {
		t.Fatal(err)
	}
}

func TestOneBrokenOfficeDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	dir, data := officeDirs(t, map[string]string{"good": "north", "bad": "south"}), filepath.Join(t.TempDir(), "data")
	broken := filepath.Join(dir, "bad", "visit.yaml")
	if err := os.WriteFile(broken, []byte("procedure: visit\nsteps: ["), 0o600); err != nil {
		t.Fatal(err)
	}
	r := start(t, serveCmd{Data: data, Definitions: dir})
	if !strings.Contains(r.out, broken+":") {
		t.Errorf("the findings do not name %s:\n%s", broken, r.out)
	}
	if got := r.title(t, r.administrator(t, "north")); got != "甲" {
		t.Errorf("in force is %s", got)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
}

func TestNothingToServeIsAnError(t *testing.T) {
	t.Parallel()
	both := officeDirs(t, map[string]string{"one": "north", "two": "north"})
	bad := officeDirs(t, map[string]string{"bad": "south"})
	if err := os.WriteFile(filepath.Join(bad, "bad", "visit.yaml"), []byte("procedure: ["), 0o600); err != nil {
		t.Fatal(err)
	}
	for dir, says := range map[string][]string{
		both: {filepath.Join(both, "one"), filepath.Join(both, "two"), "both the office north"},
		bad:  {"none was deployed before"},
	} {
		c := serveCmd{Data: filepath.Join(t.TempDir(), "data"), Definitions: dir, Listen: "127.0.0.1:0"}
		err := c.serve(t.Context(), &Streams{Out: io.Discard, Err: io.Discard})
		for _, want := range says {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("said %v, want %s", err, want)
			}
		}
	}
}

func TestALinkIsTheWayBackIn(t *testing.T) {
	t.Parallel()
	dir, data := officeDirs(t, map[string]string{"one": "north"}), filepath.Join(t.TempDir(), "data")
	link := func(args ...string) (int, string, string) {
		var out, log bytes.Buffer
		code := execute(t.Context(), append([]string{"link", "--data", data}, args...), &Streams{Out: &out, Err: &log})
		return code, out.String(), log.String()
	}
	if code, _, said := link("north", "ma"); code == 0 || !strings.Contains(said, "there are no data") {
		t.Errorf("no data: %d %s", code, said)
	}
	r := start(t, serveCmd{Data: data, Definitions: dir})
	r.administrator(t, "north")
	if code, _, said := link("north", "ma"); code == 0 || !strings.Contains(said, "let an administrator make") {
		t.Errorf("while it runs: %d %s", code, said)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	for says, args := range map[string][]string{
		"there are the offices: north": {"south", "ma"}, "its administrators are: ma": {"north", "he"},
	} {
		if code, _, said := link(args...); code == 0 || !strings.Contains(said, says) {
			t.Errorf("%v: %d %s", args, code, said)
		}
	}
	_, out, _ := link("north", "ma", "--public-url", "https://office.example/")
	m := regexp.MustCompile(`https://office\.example/sign-in/(\S+)`).FindStringSubmatch(out)
	if m == nil {
		t.Fatalf("no link: %s", out)
	}
	again := start(t, serveCmd{Data: data})
	status, signed := ask(t, http.MethodPost, again.url+"/api/v1/sign-in", "", `{"token":"`+m[1]+`"}`)
	if status != http.StatusOK {
		t.Errorf("sign-in: %d %v", status, signed)
	}
	if err := again.stop(); err != nil {
		t.Fatal(err)
	}
}

func TestAnEmptyServerSaysHowToBegin(t *testing.T) {
	t.Parallel()
	r := start(t, serveCmd{Data: filepath.Join(t.TempDir(), "data")})
	if !strings.Contains(r.out, "--definitions") || strings.Contains(r.out, "token") {
		t.Errorf("it says\n%s", r.out)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
}
