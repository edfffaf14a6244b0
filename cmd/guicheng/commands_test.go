package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
)

const sunshine = "../../definitions/offices/sunshine"

// runner is a command as kong runs it.
type runner interface{ Run(s *Streams) error }

// longRunner is one that may take long.
type longRunner interface {
	Run(ctx context.Context, s *Streams) error
}

// run runs a command: a runner, or a longRunner.
func run(t *testing.T, c any, in string) (string, error) {
	t.Helper()
	var out, bad bytes.Buffer
	s := &Streams{In: strings.NewReader(in), Out: &out, Err: &bad}
	var err error
	if long, ok := c.(longRunner); ok {
		err = long.Run(t.Context(), s)
	} else {
		err = c.(runner).Run(s)
	}
	if bad.Len() > 0 {
		t.Errorf("written to the error output: %s", bad.String())
	}
	return out.String(), err
}

// broken copies the shipped office and changes one of its files.
func broken(t *testing.T, file, old, changed string) string {
	t.Helper()
	dir := t.TempDir()
	files, err := definitions.ReadDir(os.DirFS(sunshine), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Name == file {
			if !bytes.Contains(f.Text, []byte(old)) {
				t.Fatalf("%s has no %q", file, old)
			}
			f.Text = bytes.Replace(f.Text, []byte(old), []byte(changed), 1)
		}
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestAWrongStaffFileIsAFinding: it is shown with its line, in the asked language, beside what else there is.
func TestAWrongStaffFileIsAFinding(t *testing.T) {
	t.Parallel()
	staff := filepath.Join(t.TempDir(), "staff.yaml")
	write(t, staff, "staff:\n  wu: {posts: gate, substitute: wu}\n")
	out, err := run(t, &CheckCmd{Paths: []string{sunshine}, Format: "text", Staff: staff, Lang: "zh-Hant"}, "")
	if err == nil {
		t.Error("the check passes")
	}
	mustHave(t, out, staff+":2:", "詳情：wu 不能做自己的代理人", "1 個錯誤")
}

func mustHave(t *testing.T, out string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(out, part) {
			t.Errorf("the output lacks %q:\n%s", part, out)
		}
	}
}

func lastLine(out string) string {
	lines := strings.Split(strings.TrimRight(out, "\n"), "\n")
	return lines[len(lines)-1]
}

func exitCode(err error) int {
	var coded interface{ ExitCode() int }
	switch {
	case err == nil:
		return 0
	case errors.As(err, &coded):
		return coded.ExitCode()
	}
	return -1
}

// yamlFiles counts the files of the folders that a pattern names.
func yamlFiles(t *testing.T, dirs string) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dirs, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s: %v", dirs, err)
	}
	return len(files)
}

func TestCheckShipped(t *testing.T) {
	t.Parallel()
	out, err := run(t, &CheckCmd{Paths: []string{filepath.Dir(sunshine)}, Format: "text"}, "")
	want := fmt.Sprintf("checked %d files: 0 errors, 0 warnings\n", yamlFiles(t, filepath.Dir(sunshine)+"/*"))
	if out != want || err != nil {
		t.Errorf("got %q, %v", out, err)
	}
	two := []string{sunshine + "/visitor.yaml", sunshine + "/office.yaml"}
	out, err = run(t, &CheckCmd{Paths: two, Format: "text"}, "")
	if out != "checked 2 files: 0 errors, 0 warnings\n" || err != nil {
		t.Errorf("two files: got %q, %v", out, err)
	}
}

func TestCheckFindsErrors(t *testing.T) {
	t.Parallel()
	dir := broken(t, "visitor.yaml", "to: stand-in}", "to: stand-inn}")
	out, err := run(t, &CheckCmd{Paths: []string{dir}, Format: "text"}, "")
	if exitCode(err) != 1 {
		t.Errorf("ended with %v, want exit code 1", err)
	}
	mustHave(t, out, filepath.Join(dir, "visitor.yaml")+":", "stand-inn", "^", "hint: did you mean stand-in?")
	if !strings.HasPrefix(lastLine(out), fmt.Sprintf("checked %d files: 1 error, ", yamlFiles(t, dir))) {
		t.Errorf("last line %q", lastLine(out))
	}
	// The other file of the same folder is not to blame.
	out, err = run(t, &CheckCmd{Paths: []string{filepath.Join(dir, "home-visit.yaml")}, Format: "text"}, "")
	if out != "checked 1 file: 0 errors, 0 warnings\n" || err != nil {
		t.Errorf("other file: %q, %v", out, err)
	}
}

func TestCheckAsJSON(t *testing.T) {
	t.Parallel()
	dir := broken(t, "visitor.yaml", "to: stand-in}", "to: stand-inn}")
	out, err := run(t, &CheckCmd{Paths: []string{dir}, Format: "json"}, "")
	var got checked
	if exitCode(err) != 1 || json.Unmarshal([]byte(out), &got) != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got.Files != yamlFiles(t, dir) || got.Errors != 1 || len(got.Problems) == 0 {
		t.Errorf("got %+v", got)
	}
	for _, p := range got.Problems {
		if p.Line == 0 || p.Code == "" || filepath.Base(p.File) != "visitor.yaml" {
			t.Errorf("problem %+v", p)
		}
	}
}

func TestPathsThatAreNotThere(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"no/such/place", t.TempDir(), "commands_test.go"} {
		for _, c := range []runner{
			&CheckCmd{Paths: []string{path}, Format: "text"}, &TestCmd{Paths: []string{path}}, &PlayCmd{File: path},
		} {
			if out, err := run(t, c, ""); err == nil || out != "" {
				t.Errorf("%T %s: %q, %v", c, path, out, err)
			}
		}
	}
}

func TestTestShipped(t *testing.T) {
	t.Parallel()
	out, err := run(t, &TestCmd{Paths: []string{sunshine}, Rules: true}, "")
	if err != nil || !strings.HasSuffix(out, " passed, 0 failed\n") || strings.Contains(out, "not reached") {
		t.Errorf("%v\n%s", err, out)
	}
	for _, want := range []string{
		"visitor.1 ", "visitor.5 ", "complaint.1 ", "complaint.10 ", "home-visit.1 ", "home-visit.9 ",
	} {
		line := ""
		for l := range strings.SplitSeq(out, "\n") {
			if strings.HasPrefix(l, want) {
				line = l
			}
		}
		if !strings.Contains(line, "  Yes  ") {
			t.Errorf("%sis not shown: %q", want, line)
		}
	}
	if strings.Contains(out, "  no  ") {
		t.Errorf("a rule is not shown:\n%s", out)
	}
	one, err := run(t, &TestCmd{Paths: []string{sunshine + "/visitor.yaml"}}, "")
	if err != nil || len(one) == 0 || lastLine(one) == lastLine(out) {
		t.Errorf("one file: %q, %v", one, err)
	}
}

// A rule that nothing keeps any more, and one whose breach no play shows, are told and fail.
func TestTestSaysWhichRuleIsLost(t *testing.T) {
	t.Parallel()
	const rule = "visitor.5 "
	for name, file := range map[string]string{
		"no step keeps it": "visitor.yaml", "no play shows it kept and broken": "visitor.scenarios.yaml",
	} {
		dir := broken(t, file, "[visitor.5]", "[visitor.3]")
		text, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		text = bytes.ReplaceAll(text, []byte("visitor.5"), []byte("visitor.3"))
		if err := os.WriteFile(filepath.Join(dir, file), text, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := run(t, &TestCmd{Paths: []string{dir}, Rules: true}, "")
		if exitCode(err) != 1 || !strings.Contains(err.Error(), "rules are not kept by a step, or not shown") {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		mustHave(t, out, "\n"+rule, "\nvisitor.5: "+name)
	}
}

func TestTestShowsWhatFailed(t *testing.T) {
	t.Parallel()
	dir := broken(t, "visitor.yaml", "timeouts: {after: settings.answer_in, to: stand-in}", "within: settings.answer_in")
	out, err := run(t, &TestCmd{Paths: []string{dir + "/visitor.scenarios.yaml"}}, "")
	if exitCode(err) != 1 {
		t.Errorf("ended with %v", err)
	}
	mustHave(t, out, "FAIL visitor: 客服部未及時答復，由其他人員應對",
		filepath.Join(dir, "visitor.scenarios.yaml")+":", "expected  ", "was       ",
		"| 2026-11-02 09:00:00  C-1  li starts visitor", " passed, 1 failed\n")

	dir = broken(t, "visitor.scenarios.yaml", "{who: chan, sends: left}",
		"{who: chan, claims: stand-in, refused: not-a-candidate}")
	out, err = run(t, &TestCmd{Paths: []string{dir}}, "")
	if exitCode(err) != 1 || !strings.Contains(out, "expected  stand-in not open") {
		t.Errorf("%v\n%s", err, out)
	}

	dir = broken(t, "visitor.yaml", "to: stand-in}", "to: stand-inn}")
	out, err = run(t, &TestCmd{Paths: []string{dir}}, "")
	if exitCode(err) != 1 || !strings.HasPrefix(lastLine(out), "0 passed, 0 failed, ") ||
		lastLine(out) == "0 passed, 0 failed, 0 not played" || strings.Contains(out, "warning[") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestTestNamesWhatIsNotReached(t *testing.T) {
	t.Parallel()
	dir := broken(t, "visitor.scenarios.yaml", "  - play: 業戶無約則婉拒\n    rules: [visitor.3]\n    acts:\n"+
		"      - {who: li, starts: visitor, fill: [ng, resident]}\n"+
		"      - {who: chan, does: phone-resident, answer: unknown}\n"+
		"      - {who: li, does: refuse}\n      - {expect: {ended: refused}}\n", "")
	out, err := run(t, &TestCmd{Paths: []string{dir}}, "")
	if err != nil {
		t.Error(err)
	}
	mustHave(t, out, "not reached by any play: "+filepath.Join(dir, "visitor.yaml")+":", "way phone-resident -> refuse")
}

func TestPlay(t *testing.T) {
	t.Parallel()
	in := strings.Join([]string{
		"robot", "vehicle", "順豐速運", "粵B12345", "resident", "", "A12-83", "A12-0803", // an empty line is asked again
		"9", "x", "w soon", "w 3m", // it is the stand-in's turn
		"1", "3", "1", // a third answer does not exist
		"1", "yesterday", "2026-11-02 09:03",
		"m left", "m no-such-message",
		"w 1h", "1", "2026-11-02 10:03",
	}, "\n") + "\n"
	out, err := run(t, &PlayCmd{File: sunshine + "/visitor.yaml"}, in)
	if err != nil {
		t.Fatal(err)
	}
	mustHave(t, out, "li (Gate guard) starts it. Each", "--as li", "Kind: it is one of person (Person), company (Company)",
		"Unit number must be filled in", "Unit number: it must be written so: For example A12-0803", "LF20261102-001",
		"! choose one of 1 to 1", "! write a span, such as 90s", "[stand-in] lam, mak", "! one of the 2 answers",
		"Time in: write a moment, such as 2026-11-02 15:00", "refused: nothing in the case waits for this message",
		`there is no message "no-such-message": there are left (`, "Receiving visitors LF20261102-001: finished admitted")
}

func TestPlayAsOnePerson(t *testing.T) {
	t.Parallel()
	out, err := run(t, &PlayCmd{File: sunshine + "/visitor.yaml", As: "li", Begin: "2026-12-24 18:00"},
		"person\n吳先生\ndepartment\nfinance\n1\nq\n")
	if err != nil {
		t.Fatal(err)
	}
	mustHave(t, out, "2026-12-24 18:00:00", "! not yours: ask-department", "You act as li only")
	if strings.Contains(out, "visitor.plate") || strings.Contains(out, "host.unit_no") {
		t.Errorf("fields that do not apply were asked for:\n%s", out)
	}
	if _, err := run(t, &PlayCmd{File: sunshine + "/visitor.yaml", As: "nobody"}, ""); err == nil {
		t.Error("a stranger may play")
	}
	if _, err := run(t, &PlayCmd{File: sunshine + "/visitor.yaml", As: "ho"}, ""); err == nil {
		t.Error("somebody who may not start may start")
	}
}

func TestPlayTables(t *testing.T) {
	t.Parallel()
	in := strings.Join([]string{
		"冼先生", "A12-0803", "", "更換水管", "two", "2", "m-and-e", "environment", "", // start: two parties, no contractor
		"1", "yes", "1", "2026-11-02 15:00", "first", "1", "更換水管", "1h", "先關總閥",
		"1", "是", "1", "no",
	}, "\n") + "\n"
	out, err := run(t, &PlayCmd{File: sunshine + "/home-visit.yaml"}, in)
	if err != nil {
		t.Fatal(err)
	}
	mustHave(t, out, "how many rows", "a whole number, please", "[confirm] fung", "[confirm] yip",
		"[tell-again] chan, wong")
}

// A refused form offers what was typed; a lone q ends the play wherever it is typed.
func TestPlayKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	in := strings.Join([]string{
		"person", "吳先生", "resident", "A12-0803",
		"1", "expected",
		"1", "2027-01-01 00:00", // not yet: a check of the field refuses it
		"1", "", // the same again
		"1", "2026-11-02 09:00", "1", "q", "never read",
	}, "\n") + "\n"
	out, err := run(t, &PlayCmd{File: sunshine + "/visitor.yaml"}, in)
	if err != nil {
		t.Fatal(err)
	}
	mustHave(t, out, "! refused: the form is not filled in as it must be", "Time in [time_in]: ",
		"[Enter = 2027-01-01 00:00, - = empty]", "[leave] li")
	if n := strings.Count(out, "! refused"); n != 2 || !strings.HasSuffix(out, "Time out [time_out] (moment): ") {
		t.Errorf("%d refusals:\n%s", n, out)
	}
}

// Errors come first, and what lacks a translation does not bury the rest.
func TestCheckShowsWhatMatters(t *testing.T) {
	t.Parallel()
	dir := broken(t, "visitor.yaml", "to: stand-in}", "to: stand-inn}")
	if err := os.WriteFile(filepath.Join(dir, "texts.en.yaml"), []byte("陽光花園: Sunshine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := run(t, &CheckCmd{Paths: []string{dir}, Format: "text"}, "")
	first, _, _ := strings.Cut(out, "\n")
	if !strings.Contains(first, "error[unknown-place]") || strings.Count(out, "warning[untranslated]") != 3 {
		t.Errorf("got\n%s", out)
	}
	mustHave(t, out, "… and ", " more texts without en (--all shows them)\n")
	out, _ = run(t, &CheckCmd{Paths: []string{dir}, Format: "text", All: true}, "")
	if n := strings.Count(out, "warning[untranslated]"); n < 40 || strings.Contains(out, "--all") {
		t.Errorf("%d texts with --all", n)
	}
	out, err := run(t, &TestCmd{Paths: []string{dir}}, "")
	if exitCode(err) != 1 || strings.Contains(out, "warning[") {
		t.Errorf("%v\n%s", err, out)
	}
	mustHave(t, out, "error[unknown-place]", " warnings: guicheng check "+dir+" shows them")
}

func TestCheckFindsTheSameOfficeTwice(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for _, name := range []string{"one", "two"} {
		if err := os.CopyFS(filepath.Join(root, name), os.DirFS(sunshine)); err != nil {
			t.Fatal(err)
		}
	}
	out, err := run(t, &CheckCmd{Paths: []string{root}, Format: "text"}, "")
	if exitCode(err) != 1 {
		t.Errorf("ended with %v", err)
	}
	mustHave(t, out, "error[duplicate-office]", filepath.Join(root, "one", "office.yaml"),
		filepath.Join(root, "two", "office.yaml"), fmt.Sprintf("checked %d files: 1 error,", 2*yamlFiles(t, sunshine)))
}

func TestSchema(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"", "procedure", "scenarios"} {
		out, err := run(t, &SchemaCmd{Kind: kind}, "")
		if err != nil || !json.Valid([]byte(out)) || !strings.Contains(out, "$schema") {
			t.Errorf("schema %q: %v\n%s", kind, err, out)
		}
	}
	if _, err := run(t, &SchemaCmd{Kind: "novel"}, ""); err == nil {
		t.Error("there is a schema of novels")
	}
}

func TestPlayHandsTasksOver(t *testing.T) {
	t.Parallel()
	in := strings.Join([]string{
		"person", "吳先生", "department", "finance",
		"?", "begin", "begin 9", "transfer 1", "delegate 1 nobody", "add 1 under", "add 1 before chan most",
		"begin 1", "add 1 before chan", "transfer 1 wong", "remove 1 chan", "1", "expected", "q",
	}, "\n") + "\n"
	out, err := run(t, &PlayCmd{File: sunshine + "/visitor.yaml"}, in)
	if err != nil {
		t.Fatal(err)
	}
	mustHave(t, out, "add 1 before li,boss any", "! which task? begin 1 …", "! whom?", "! there is nobody called nobody",
		"! when, and whom?", "most is no share", "refused: this person may not do it")
}

func TestCommandsSayWhatTheyWant(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	office, err := os.ReadFile(filepath.Join(sunshine, "office.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"office.yaml": office, "visitor.txt": nil, "leave.yml": nil} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for want, c := range map[string]any{
		"visitor.txt is not read: the files of an office end in .yaml": &CheckCmd{Paths: []string{dir + "/visitor.txt"}},
		"there is no " + dir + "/x: name an office's folder":           &CheckCmd{Paths: []string{dir + "/x"}},
		"there is nothing to play":                                     &TestCmd{Paths: []string{dir}},
		"sunshine is not the file of a procedure: name one, as " + filepath.Join(sunshine, "complaint.yaml"): &PlayCmd{
			File: sunshine},
	} {
		if _, err := run(t, c, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	out, err := run(t, &CheckCmd{Paths: []string{dir}, Format: "text"}, "")
	if err != nil {
		t.Errorf("ended with %v", err)
	}
	mustHave(t, out, filepath.Join(dir, "leave.yml"), "warning[not-read]")
	if err := os.Remove(filepath.Join(dir, "visitor.txt")); err != nil {
		t.Fatal(err)
	}
	visitor, err := os.ReadFile(filepath.Join(sunshine, "visitor.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "visitor.yaml"), visitor, 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ = run(t, &TestCmd{Paths: []string{dir}}, "")
	mustHave(t, out, "no play: "+filepath.Join(dir, "visitor.yaml")+" has no scenarios")
}

func TestHelpIsGivenToWhoAsksForNothing(t *testing.T) {
	t.Parallel()
	var out, wrong bytes.Buffer
	if code := execute(t.Context(), nil, &Streams{Out: &out, Err: &wrong}); code != 0 {
		t.Errorf("exit %d: %s", code, wrong.String())
	}
	mustHave(t, out.String(), "Usage: guicheng <command>", "Check procedures as a deployment would.")
}
