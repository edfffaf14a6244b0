package core

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
)

// A request asks another system over HTTP. The engine sends it after the commit, at least once, and always with the
// same key; the answer comes back as an input. Its one outcome has no name: what the status says can be taken.

// RequestName is the name of the jobs that are requests: no author can write it.
const RequestName = "@request"

// RequestBody is what is sent, without what only the server knows: where the system is, and its secrets.
type RequestBody struct {
	System  string          `json:"system"`
	Method  string          `json:"method"`
	Path    string          `json:"path"`
	Headers []HeaderLine    `json:"headers,omitempty"`
	Body    json.RawMessage `json:"body,omitempty"` // none: nothing is given
	Key     string          `json:"key"`            // the same for the same request of the same step
	Timeout time.Duration   `json:"timeout"`
}

// HeaderLine is one header of a request.
type HeaderLine struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

func (m *machine) openRequest(a *Activation, w *definitions.Request) {
	scope := m.scope(a)
	out := RequestBody{System: w.System, Method: w.Method, Timeout: w.Timeout}
	var err error
	unsafe := false
	out.Path, err = w.Path.Wire(scope, func(text string) string {
		unsafe = unsafe || strings.Trim(text, ".") == "" // it would lead elsewhere
		return pathPart(text)
	})
	if err != nil {
		m.stick(a.ID, AtOpen, trouble(err, w.Path.Source()))
		return
	}
	if unsafe {
		m.stick(a.ID, AtOpen, &Incident{
			Code: "type", Formula: w.Path.Source(), Message: "an empty text, or nothing but dots, is no part of a path",
		})
		return
	}
	for _, h := range w.Headers {
		text, err := h.Text.Wire(scope, oneLine)
		if err != nil {
			m.stick(a.ID, AtOpen, trouble(err, h.Text.Source()))
			return
		}
		out.Headers = append(out.Headers, HeaderLine{Name: h.Name, Text: text})
	}
	if len(w.With) > 0 {
		given, wrong := m.arguments(&w.Given, scope)
		if wrong != nil {
			m.stick(a.ID, AtOpen, wrong)
			return
		}
		out.Body = given
	}
	out.Key = m.requestKey(a, out)
	m.ask(a, RequestName, out, &w.Given)
}

// pathPart writes a text as one part of a path.
func pathPart(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

// oneLine keeps a value from beginning another header.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
}

// requestKey names the request for the other system. It stays the same when the request is tried again, also after an
// incident; a request that asks for something else has another: who knows the key may answer what was asked before. A
// header may say what is asked, as the path and the body do; in which order they stand, and their case, says nothing.
func (m *machine) requestKey(a *Activation, r RequestBody) string {
	asked := []string{r.System, r.Method, r.Path, string(r.Body)}
	for _, h := range r.Headers {
		asked = append(asked, strings.ToLower(h.Name)+": "+h.Text)
	}
	slices.Sort(asked[4:])
	sum := sha256.Sum256([]byte(strings.Join(asked, "\n")))
	of := strconv.FormatInt(int64(a.ID), 10)
	if f := m.s.frame(a.Frame); f.Undoes != nil { // one that was cut short and begins anew undoes the same
		of = "undo" + strconv.FormatInt(int64(f.Undoes.Act), 10)
	}
	return fmt.Sprintf("%s.%s.%s", m.s.Case, of, hex.EncodeToString(sum[:6]))
}

// responded judges what the other system answered.
func (m *machine) responded(a *Activation, w *definitions.Request, in JobDone) {
	has := func(s definitions.Statuses) bool { return s.Has(in.Status) }
	for _, e := range w.Errors {
		if slices.ContainsFunc(e.Statuses, has) {
			m.failed(a, &w.Given, JobFailed{Job: in.Job, Error: e.ID, Message: statusText(in.Status), Given: in.Given})
			return
		}
	}
	if !slices.ContainsFunc(w.OK, has) {
		m.failed(a, &w.Given, JobFailed{
			Job: in.Job, Message: statusText(in.Status), Given: in.Given, After: in.After, Final: !passing(in.Status),
		})
		return
	}
	answer, faults := answered(&w.Given, in.Answer, m.p.Office.Zone)
	if len(faults) > 0 {
		wrong := faultText(faults[0])
		m.emit(Replied{Act: a.ID, Status: in.Status, Given: in.Given, Wrong: wrong})
		m.mishap(a, "", &Incident{Code: AnswerWrong, Message: wrong})
		return
	}
	m.emit(Replied{Act: a.ID, Status: in.Status, Given: in.Given})
	m.takeAnswer(a, &w.Given, value.Record{"answer": answer, "status": int64(in.Status)}, "")
}

func statusText(status int) string { return "status " + strconv.Itoa(status) }

// faultText names the place in an answer that does not fit, without the value: it may be personal.
func faultText(f value.Fault) string {
	text := f.Path
	if text == "" {
		text = "answer"
	}
	text += ": " + f.Code
	if want := f.Args["want"]; want != "" {
		text += ", want " + want
	}
	return text
}

// passing tells statuses that may be different in a while.
func passing(status int) bool {
	return status == 408 || status == 425 || status == 429 || status >= 500 && status != 501 && status != 505
}
