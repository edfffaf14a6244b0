package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/store"
)

// filingYAML takes a photograph from the desk, two files from the gate, and more by messages.
const filingYAML = `procedure: filing
title: 歸檔
number: 'GD{yyyy}-{n:3}'
manager: boss
data:
  photo: {title: 相片, type: photo}
  guest: {title: 同行, type: person}
  scan:  {title: 掃描件, type: file}
  aside: {title: 內部件, type: file}
  pages: {title: 各頁, each: page, rows: {image: {title: 圖像, type: photo}}}
  code:  {title: 編號, type: text}
  extra: {title: 補件, type: file}
  proof: {title: 回執, type: file}
messages:
  add: {title: 補件, by: desk, form: [extra], keep: 30d}
  receipt: {title: 回執, by: gate, form: [proof], key: code, keep: 30d}
  circular: {title: 通函, by: gate, form: [proof], key: code, to: each}
start: {by: desk, form: [photo, guest, pages.image, code], optional: [photo, guest, pages.image, code]}
steps:
  - step: look
    title: 核對
    task: {by: gate, form: [photo, scan, aside], optional: [photo, scan, aside]}
    then: [{when: has(code), to: hold}, {else: done}]
  - step: hold
    title: 等候
    wait: {came: {message: receipt}, told: {message: circular}, more: {message: add}}
    then: done
`

// lendingYAML hands its file to filing, and takes one over from it.
const lendingYAML = `procedure: lending
title: 借檔
number: 'JD{yyyy}-{n:3}'
manager: books
data:
  photo: {title: 相片, type: photo}
  scan:  {title: 掃描件, type: file}
start: {by: books, form: [photo]}
steps:
  - {step: run, title: 歸檔, call: {procedure: filing, with: {photo: photo}, take: {scan: its.scan}}, then: tell}
  - {step: tell, title: 告知, task: {by: books, show: [scan]}, then: done}
`

func openFiling(t *testing.T) *world {
	t.Helper()
	w := open(t)
	w.must(w.Deploy(t.Context(), engine.Operator("sun"), append(officeFiles(),
		definitions.File{Name: "filing.yaml", Text: []byte(filingYAML)},
		definitions.File{Name: "lending.yaml", Text: []byte(lendingYAML)})))
	return w
}

// file uploads one and gives its id.
func (w *world) file(person string) string {
	w.t.Helper()
	a, err := w.PutFile(w.t.Context(), as(person), "相片.png", "image/png", []byte("of "+person))
	if err != nil {
		w.t.Fatalf("%s uploads: %v", person, err)
	}
	return a.ID
}

func (w *world) startFiling(person, values, key string) (engine.Started, error) {
	return w.Start(w.t.Context(), as(person), engine.StartRequest{
		Procedure: "filing", Values: json.RawMessage(values), Key: key,
	})
}

// reads lists who of the staff may read a file.
func (w *world) reads(id string) string {
	w.t.Helper()
	var who []string
	for _, p := range staff() {
		view, err := w.File(w.t.Context(), as(p.ID), id)
		if err == nil && len(view.Body) > 0 {
			who = append(who, p.ID)
		} else {
			wantCode(w.t, err, engine.CodeNotFound)
		}
	}
	return strings.Join(who, " ")
}

func wantFault(t *testing.T, err error, faults ...string) {
	t.Helper()
	wantCode(t, err, string(core.Invalid))
	for _, f := range faults {
		if !strings.Contains(err.Error(), "["+f+"]") {
			t.Errorf("want the fault %s, got %v", f, err)
		}
	}
}

func TestAFileIsReadByItsUploaderAndThoseOfItsCase(t *testing.T) {
	t.Parallel()
	w := openFiling(t)
	body := bytes.Repeat([]byte{0xff, 0, 'x'}, 1_000)
	a, err := w.PutFile(t.Context(), as("chan"), "平面圖 <1>.png", "image/png", body)
	if err != nil || a.Name != "平面圖 <1>.png" || a.Type != "image/png" || a.Size != 3_000 || len(a.ID) != 22 {
		t.Fatalf("%+v, %v", a, err)
	}
	view, err := w.File(t.Context(), as("chan"), a.ID)
	if err != nil || view.Attachment != a || !bytes.Equal(view.Body, body) {
		t.Fatalf("%+v, %v", view.Attachment, err)
	}
	if got := w.reads(a.ID); got != "chan" {
		t.Errorf("before it is used it is read by %s", got)
	}
	began := w.begin("chan", "filing", `{"photo": "`+a.ID+`"}`)
	if got := w.reads(a.ID); got != "ann chan so li lam" {
		t.Errorf("while the gate has it, it is read by %s", got)
	}
	w.complete("so", "look", "", `{}`)
	if got := w.reads(a.ID); got != "ann chan so lam" { // li did nothing in the case
		t.Errorf("afterwards it is read by %s", got)
	}
	if _, err := w.Case(t.Context(), as("li"), "", began.Case); engine.CodeOf(err) != engine.CodeNotFound {
		t.Errorf("li sees the case: %v", err)
	}
	for actor, code := range map[engine.Actor]string{
		{Office: "moon", Person: "chan"}: engine.CodeNotSignedIn, {Office: "sun"}: engine.CodeNotSignedIn,
		{Office: "sun", Person: "nobody"}: engine.CodeNotSignedIn, engine.Operator("sun"): engine.CodeNotSignedIn,
	} {
		_, err := w.File(t.Context(), actor, a.ID)
		wantCode(t, err, code)
		_, err = w.PutFile(t.Context(), actor, "x", "image/png", body)
		wantCode(t, err, code)
	}
	_, err = w.File(t.Context(), as("ann"), "none")
	wantCode(t, err, engine.CodeNotFound)
}

func TestAnotherOfficesFileIsNotThere(t *testing.T) {
	t.Parallel()
	w := openFiling(t)
	id := w.file("chan")
	files := officeFiles()
	files[0].Text = []byte(strings.Replace(officeYAML, "office: sun", "office: moon", 1))
	files = append(files, definitions.File{Name: "filing.yaml", Text: []byte(filingYAML)})
	w.must(w.Deploy(t.Context(), engine.Operator("moon"), files))
	for _, p := range staff() {
		if err := w.PutPerson(t.Context(), engine.Operator("moon"), p); err != nil {
			t.Fatal(err)
		}
	}
	for _, person := range []string{"chan", "ann"} { // the same ids, other people
		_, err := w.File(t.Context(), engine.Actor{Office: "moon", Person: person}, id)
		wantCode(t, err, engine.CodeNotFound)
	}
	_, err := w.Start(t.Context(), engine.Actor{Office: "moon", Person: "chan"}, engine.StartRequest{
		Procedure: "filing", Values: json.RawMessage(`{"photo": "` + id + `"}`),
	})
	wantFault(t, err, "photo no-such-file")
}

// faultOf: one's own file that is taken is said to be; of others' files nothing is said.
func faultOf(name string) string {
	if strings.HasPrefix(name, "of ") {
		return "file-used"
	}
	return "no-such-file"
}

func TestOnlyFreeFilesOfOnesOwnAreTaken(t *testing.T) {
	t.Parallel()
	w := openFiling(t)
	mine, hers, used, paged := w.file("chan"), w.file("wong"), w.file("chan"), w.file("chan")
	w.begin("chan", "filing", `{"photo": "`+used+`", "pages": [{"image": {"id": "`+paged+`"}}]}`)
	for name, values := range map[string]string{
		"unknown":             `{"photo": "none"}`,
		"another's":           `{"photo": "` + hers + `"}`,
		"another's, dressed":  `{"photo": {"id": "` + hers + `", "name": "x", "type": "image/png", "size": 1}}`,
		"of another case":     `{"photo": "` + used + `"}`,
		"of a row of another": `{"photo": {"id": "` + paged + `"}}`,
	} {
		_, err := w.startFiling("chan", values, "")
		t.Log(name)
		wantFault(t, err, "photo "+faultOf(name))
	}
	_, err := w.startFiling("chan", `{"pages": [{"image": "`+mine+`"}, {"image": "`+hers+`"}]}`, "")
	wantFault(t, err, "pages[1].image no-such-file")
	// The gate may send back what the case has, and no other's: neither the desk's free file nor that of a colleague.
	task := w.task("so", "look").ID
	for _, id := range []string{mine, hers, w.file("li")} {
		_, err := w.Complete(t.Context(), as("so"), task, engine.CompleteRequest{
			Values: json.RawMessage(`{"scan": "` + id + `"}`),
		})
		wantFault(t, err, "scan no-such-file")
	}
	scan := w.file("so")
	w.complete("so", "look", "", `{"photo": "`+paged+`", "scan": "`+scan+`"}`)
	if got := w.reads(scan); got != "ann chan so lam" {
		t.Errorf("the scan is read by %s", got)
	}
	if got := w.reads(mine); got != "chan" {
		t.Errorf("the file that was always refused is read by %s", got)
	}
}

func TestObjectsAreNotBelieved(t *testing.T) {
	t.Parallel()
	w := openFiling(t)
	id := w.file("chan")
	began := w.begin("chan", "filing", `{"photo": {"id": "`+id+`", "name": "forged.exe", "type": "text/html", "size": 9},
		"guest": {"id": "fong", "name": "局長", "posts": ["boss", "desk"], "unit": "hq"}}`)
	view, err := w.Case(t.Context(), as("ann"), "", began.Case)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"photo": `{"id":"` + id + `","name":"相片.png","type":"image/png","size":7}`,
		"guest": `{"id":"fong","name":"方","posts":["books"]}`,
	}
	for _, f := range view.Data {
		if text, ok := want[f.Path]; ok && string(f.Value) != text {
			t.Errorf("%s is %s, want %s", f.Path, f.Value, text)
		}
	}
	_, err = w.startFiling("chan", `{"guest": {"id": "stranger", "name": "x"}}`, "")
	wantFault(t, err, "guest option")
}

func TestFilesThatAreNotKept(t *testing.T) {
	t.Parallel()
	w := openFiling(t)
	full := make([]byte, 10<<20)
	if _, err := w.PutFile(t.Context(), as("chan"), "full", "image/png", full); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		name, kind string
		body       []byte
	}{
		"empty":      {"x", "image/png", nil},
		"too long":   {"x", "image/png", make([]byte, 10<<20+1)},
		"no name":    {" ", "image/png", full[:1]},
		"long name":  {strings.Repeat("名", 201), "image/png", full[:1]},
		"control":    {"a\r\nb", "image/png", full[:1]},
		"turned":     {"gnp.\u202eexe", "image/png", full[:1]},
		"not UTF-8":  {"\xff", "image/png", full[:1]},
		"no type":    {"x", "", full[:1]},
		"split type": {"x", "image/png\r\nX: y", full[:1]},
	} {
		_, err := w.PutFile(t.Context(), as("chan"), c.name, c.kind, c.body)
		t.Log(name)
		wantCode(t, err, string(core.Invalid))
	}
}

func TestAFileGoesToOneOfManyCases(t *testing.T) {
	t.Parallel()
	w := openFiling(t)
	id := w.file("chan")
	won := race(func(int) error {
		_, err := w.startFiling("chan", `{"photo": "`+id+`"}`, "")
		if err != nil && !strings.Contains(err.Error(), "[photo file-used]") {
			t.Error(err)
		}
		return err
	})
	if won != 1 {
		t.Fatalf("%d cases got the file", won)
	}
}

func TestARepeatedStartWithAFileGetsItsAnswer(t *testing.T) {
	t.Parallel()
	w := openFiling(t)
	id := w.file("chan")
	first, err := w.startFiling("chan", `{"photo": "`+id+`"}`, "k1")
	if err != nil {
		t.Fatal(err)
	}
	again, err := w.startFiling("chan", `{"photo": "`+id+`"}`, "k1")
	if err != nil || again.Case != first.Case {
		t.Fatalf("%+v, %v; first %+v", again, err, first)
	}
	_, err = w.startFiling("chan", `{"photo": "`+id+`"}`, "k2")
	wantFault(t, err, "photo file-used")
}

func TestTooManyFilesInOneAct(t *testing.T) {
	t.Parallel()
	w := openFiling(t)
	id := w.file("chan")
	rows := strings.Repeat(`{"image": "`+id+`"},`, 200)
	w.begin("chan", "filing", `{"pages": [`+strings.TrimSuffix(rows, ",")+`]}`)
	rows = strings.Repeat(`{"image": "x"},`, 200) + `{"image": "` + w.file("chan") + `"}`
	_, err := w.startFiling("chan", `{"pages": [`+rows+`]}`, "")
	wantFault(t, err, "pages[200].image max")
}

func TestFilesGoWithACallAndComeBack(t *testing.T) {
	t.Parallel()
	w := openFiling(t)
	photo := w.file("fong")
	w.begin("fong", "lending", `{"photo": "`+photo+`"}`)
	w.eventually("the called case begins", w.hasTask("so", "look"))
	if got := w.reads(photo); got != "ann so li lam fong" { // lam manages the called procedure
		t.Errorf("the lent photo is read by %s", got)
	}
	scan, aside := w.file("so"), w.file("so")
	w.complete("so", "look", "", `{"photo": "`+photo+`", "scan": "`+scan+`", "aside": "`+aside+`"}`)
	w.eventually("the call comes back", w.hasTask("fong", "tell"))
	if got := w.reads(scan); got != "ann so lam fong" {
		t.Errorf("the scan that came back is read by %s", got)
	}
	if got := w.reads(aside); got != "ann so lam" {
		t.Errorf("what was not taken over is read by %s", got)
	}
	w.complete("fong", "tell", "", "")
}

func (w *world) send(person, name, caseID, key, id, file string) (engine.Done, error) {
	field := map[string]string{"add": "extra"}[name]
	if field == "" {
		field = "proof"
	}
	return w.Send(w.t.Context(), as(person), engine.MessageRequest{
		Name: name, Case: caseID, Key: key, ID: id, Values: json.RawMessage(fmt.Sprintf(`{%q: %q}`, field, file)),
	})
}

func TestAMessageByHandBringsItsFile(t *testing.T) {
	t.Parallel()
	w := openFiling(t)
	began, other := w.begin("chan", "filing", `{"code": "a"}`), w.begin("chan", "filing", `{"code": "b"}`)
	id := w.file("chan")
	_, err := w.send("chan", "add", began.Case, "", "m0", w.file("wong"))
	wantFault(t, err, "extra no-such-file")
	if _, err := w.send("chan", "add", began.Case, "", "m1", id); err != nil { // nobody waits yet: the case keeps it
		t.Fatal(err)
	}
	_, err = w.send("chan", "add", began.Case, "", "m1", id)
	wantCode(t, err, string(core.Repeated))
	_, err = w.send("chan", "add", other.Case, "", "m2", id)
	wantFault(t, err, "extra file-used")
	if got := w.reads(id); got != "ann chan so li lam" {
		t.Errorf("it is read by %s", got)
	}
}

func TestAMessageByKeyBringsItsFile(t *testing.T) {
	t.Parallel()
	w := openFiling(t)
	id := w.file("so")
	if done, err := w.send("so", "receipt", "", "early", "m1", id); err != nil || done.Status != "kept" {
		t.Fatalf("%+v, %v", done, err)
	}
	_, err := w.send("so", "receipt", "", "early", "m1", id)
	wantCode(t, err, string(core.Repeated))
	_, err = w.send("so", "receipt", "", "early", "m2", w.file("li"))
	wantFault(t, err, "proof no-such-file")
	began := w.begin("chan", "filing", `{"code": "early"}`)
	w.complete("so", "look", "", "")
	w.eventually("the kept message comes", w.hasEnded(began.Case))
	if got := w.reads(id); got != "ann chan so lam" {
		t.Errorf("it is read by %s", got)
	}
	_, err = w.send("so", "receipt", "", "early", "m3", id)
	wantFault(t, err, "proof file-used") // it would be kept for another case
}

func TestAMessageToEachBringsItsFileToEach(t *testing.T) {
	t.Parallel()
	w := openFiling(t)
	var cases []string
	for _, person := range []string{"chan", "wong"} {
		cases = append(cases, w.begin(person, "filing", `{"code": "all"}`).Case)
		w.complete("so", "look", "", "")
	}
	id := w.file("li")
	if _, err := w.send("li", "circular", "", "all", "m1", id); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		w.eventually("each ends", w.hasEnded(c))
	}
	for _, person := range []string{"chan", "wong"} {
		if _, err := w.File(t.Context(), as(person), id); err != nil {
			t.Errorf("%s cannot read it: %v", person, err)
		}
	}
	if _, err := w.File(t.Context(), as("fong"), id); engine.CodeOf(err) != engine.CodeNotFound {
		t.Errorf("the books have nothing to do with it: %v", err)
	}
	_, err := w.startFiling("chan", `{"photo": "`+id+`"}`, "")
	wantFault(t, err, "photo no-such-file")
}

func (w *world) hasEnded(id string) func(context.Context) bool {
	return func(ctx context.Context) bool {
		view, err := w.Case(ctx, as("ann"), "", id)
		return err == nil && view.Status == "finished"
	}
}

// swapped gives a store whose files were changed behind its back.
type swapped struct{ store.Store }

func (s swapped) File(ctx context.Context, office, id string) (store.FileRow, error) {
	f, err := s.Store.File(ctx, office, id)
	f.Body = slices.Concat(f.Body, []byte("!"))
	return f, err
}

func TestAFileThatWasChangedIsNotGiven(t *testing.T) {
	t.Parallel()
	w := openOn(t, swapped{openStore(t, ":memory:")})
	_, err := w.File(t.Context(), as("chan"), w.file("chan"))
	wantCode(t, err, engine.CodeInternal)
}

// noFiles cannot look files up just now.
type noFiles struct{ store.Store }

func (noFiles) FileInfo(context.Context, string, string) (store.FileRow, error) {
	return store.FileRow{}, store.ErrUnavailable
}

func TestAStoreThatFailsIsNotAWrongValue(t *testing.T) {
	t.Parallel()
	w := openOn(t, noFiles{openStore(t, ":memory:")})
	w.must(w.Deploy(t.Context(), engine.Operator("sun"), officeWith("filing.yaml", filingYAML)))
	_, err := w.startFiling("chan", `{"photo": "`+w.file("chan")+`"}`, "")
	wantCode(t, err, engine.CodeUnavailable)
	_, err = w.File(t.Context(), as("chan"), "x")
	wantCode(t, err, engine.CodeUnavailable)
}
