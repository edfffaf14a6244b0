package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// atTerminal runs commands that keep their session in a file, each with the exit code that is wanted, and gives what
// they say.
func atTerminal(t *testing.T, session string) func(want int, args ...string) string {
	t.Helper()
	return func(want int, args ...string) string {
		t.Helper()
		var out, bad bytes.Buffer
		code := execute(t.Context(), append(args, "--session", session), &Streams{Out: &out, Err: &bad})
		if code != want {
			t.Fatalf("%v: %d, want %d\n%s%s", args, code, want, out.String(), bad.String())
		}
		return out.String() + bad.String()
	}
}

// link is the sign-in link that the demo's server has printed for somebody.
func (r *running) link(person string) string {
	return regexp.MustCompile(`(?m)^  ` + person + ` .* (http\S+)$`).FindStringSubmatch(r.out)[1]
}

// TestDeployToARunningServer signs in by an administrator's link, and changes, breaks and takes away procedures.
func TestDeployToARunningServer(t *testing.T) {
	t.Parallel()
	r := start(t, serveCmd{Data: filepath.Join(t.TempDir(), "data"), Demo: true})
	session := filepath.Join(t.TempDir(), "deep", "session.json")
	do := atTerminal(t, session)
	dir := broken(t, "visitor.yaml", "title: 來訪人士接待", "title: 訪客接待")

	mustHave(t, do(1, "deploy", dir), "not signed in: guicheng sign-in LINK")
	mustHave(t, do(1, "sign-in", "visitor"), "a sign-in link is like")
	mustHave(t, do(1, "sign-in", r.url+"/sign-in/wrong"), "link")
	do(0, "sign-in", r.link("he"))
	mustHave(t, do(1, "deploy", dir), "Only an administrator of the office may do this")
	mustHave(t, do(0, "sign-in", r.link("ma"), "--lang", "zh-Hant"), "已登入：馬慧敏（ma，sunshine）")
	if info, err := os.Stat(session); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the session is kept as %v, %v", info, err)
	}

	mustHave(t, do(0, "deploy", dir), "visitor version 2  訪客接待", "do it with --yes")
	mustHave(t, do(0, "deploy", dir, "--yes"), "visitor version 2  訪客接待", "Deployed at sunshine")
	mustHave(t, do(0, "deploy", dir, "--yes"), "nothing changes")
	mustHave(t, do(1, "deploy", "../../definitions/offices/tobacco", "--lang", "zh-Hant"), "另一個單位", "tobacco")

	for _, name := range []string{"mail.yaml", "mail.scenarios.yaml", "load.yaml"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	mustHave(t, do(1, "deploy", dir, "--yes"), "the folder lacks mail, which is in force; write --remove mail")
	mustHave(t, do(1, "deploy", dir, "--yes", "--remove", "mail,mial"), "removes[1]", "mail")
	mustHave(t, do(0, "deploy", dir, "--yes", "--remove", "mail"), "mail in force no more")

	file := filepath.Join(dir, "visitor.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	wrong := strings.Replace(string(text), "by: front-desk", "by: front-dsk", 1)
	if err := os.WriteFile(file, []byte(wrong), 0o600); err != nil {
		t.Fatal(err)
	}
	mustHave(t, do(1, "deploy", dir, "--yes", "--lang", "zh-Hant"), file+":", "錯誤[unknown-post]", "單位沒有崗位 front-dsk",
		"by: front-dsk", "是不是 front-desk？")
}
