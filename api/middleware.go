package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/staff"
	"github.com/guicheng/guicheng/store"
)

// cookieName is the session's cookie.
const cookieName = "guicheng"

// personHeader names by whom a page was opened: office/person, the person percent-encoded. A browser has one session
// for all its windows, and whoever takes one of them for himself is not to act by what stands in another.
const personHeader = "Guicheng-Person"

// callerKey is where authenticate leaves who asks, for languageOf and the handlers.
const callerKey = "caller"

// caller is who sends a request. Office and person come from the session alone.
type caller struct {
	actor  engine.Actor
	person store.PersonRow
	token  string
}

// callerOf gives who sends the request; nobody if there is no session.
func callerOf(c *gin.Context) caller {
	v, _ := c.Get(callerKey)
	who, _ := v.(caller)
	return who
}

// witness logs requests by their route, never by their address, which may hold a sign-in link; and it catches panics.
func (s *server) witness(c *gin.Context) {
	began := time.Now()
	defer func() {
		if v := recover(); v != nil {
			if v == http.ErrAbortHandler { //nolint:errorlint // it is thrown as it is
				panic(v)
			}
			s.log.Error("panic", "route", c.FullPath(), "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
			if !c.Writer.Written() {
				s.refuse(c, refusal(engine.CodeInternal))
			}
		}
		s.log.Debug("request", "method", c.Request.Method, "route", c.FullPath(), "status", c.Writer.Status(),
			"client", c.ClientIP(), "office", callerOf(c).actor.Office, "person", callerOf(c).actor.Person,
			"took", time.Since(began))
	}()
	c.Next()
}

// headers tells browsers to keep nothing, guess nothing, and lend nothing to other sites.
func (s *server) headers(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Vary", "Accept-Language, Accept-Encoding, Cookie, Authorization")
	if s.secure || c.Request.TLS != nil {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// sameOrigin refuses changes that another site's page asks for.
func (s *server) sameOrigin(c *gin.Context) {
	if s.foreign.Check(c.Request) != nil {
		s.refuse(c, refusal(codeForeignOrigin))
	}
}

// bounded ends the work of a request in time for an answer: a store that hangs is one that is not there.
func bounded(c *gin.Context) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), workTime)
	defer cancel()
	c.Request = c.Request.WithContext(ctx)
	c.Next()
}

// authenticate finds out who asks. A route needs a session unless it is listed as public.
func (s *server) authenticate(c *gin.Context) {
	route := c.FullPath()
	if route == "" {
		return // there is no such route, and that is no secret
	}
	if s.machines[c.Request.Method+" "+route] {
		s.authenticateWorker(c)
		return
	}
	token := tokenOf(c.Request)
	public := s.public[c.Request.Method+" "+route]
	if token == "" {
		if !public {
			s.refuse(c, refusal(engine.CodeNotSignedIn))
		}
		return
	}
	who, err := s.door.Who(c.Request.Context(), token)
	switch {
	case err == nil && !public && !expected(c.Request, who):
		p := refusal(codeOtherPerson)
		p.Args = map[string]string{"name": who.Person.Name}
		s.refuse(c, p)
	case err == nil:
		actor := engine.Actor{Office: who.Office, Person: who.Person.ID}
		c.Set(callerKey, caller{actor: actor, person: who.Person, token: token})
	case public && errors.Is(err, staff.ErrNotSignedIn): // an old cookie does not keep one from signing in
	case public && c.Request.Method == http.MethodGet: // nor from looking whether the server lives
	default:
		s.fail(c, err)
	}
}

// expected tells whether a session is that of the person whom the request expects, if it says so.
func expected(r *http.Request, who staff.Signed) bool {
	named := r.Header.Get(personHeader)
	office, person, _ := strings.Cut(named, "/")
	person, err := url.PathUnescape(person)
	return named == "" || err == nil && office == who.Office && person == who.Person.ID
}

// tokenOf takes a session from the header of a program or the cookie of a browser.
func tokenOf(r *http.Request) string {
	if scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token)
	}
	if cookie, err := r.Cookie(cookieName); err == nil {
		return cookie.Value
	}
	return ""
}

// readBody reads a body whole before anybody looks into it: of the right type, not too long, and one JSON object that
// all readers understand alike.
func (s *server) readBody(c *gin.Context) {
	r := c.Request
	if r.Method == http.MethodGet || r.Method == http.MethodHead || c.FullPath() == "" {
		return
	}
	if kind := r.Header.Get("Content-Type"); kind != "" || r.ContentLength != 0 {
		if media, _, err := mime.ParseMediaType(kind); err != nil || media != "application/json" {
			s.refuse(c, refusal(codeWrongType))
			return
		}
	}
	limit := int64(maxBody)
	if s.uploads[r.Method+" "+c.FullPath()] {
		limit = maxUpload
	}
	body, refused := readAll(c, limit)
	if refused == nil && len(body) > 0 {
		if bad, ok := errors.AsType[*misread](checkJSON(body)); ok {
			refused = bad.refusal(body)
		} else if reads, known := s.bodies[r.Method+" "+c.FullPath()]; known && !reads {
			refused = unread(body)
		}
	}
	if refused != nil {
		s.refuse(c, refused)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
}

// unread refuses names that an operation without a body would pass over; nil = there are none.
func unread(body []byte) *ProblemDocument {
	var names map[string]json.RawMessage
	_ = json.Unmarshal(body, &names) // what is no object names nothing
	if len(names) == 0 {
		return nil
	}
	out := refusal(string(core.Invalid))
	for _, name := range slices.Sorted(maps.Keys(names)) {
		out.faults = append(out.faults, humaFault(name, "unexpected property"))
	}
	out.faults = out.faults[:min(len(out.faults), maxFaults)]
	return out
}

func readAll(c *gin.Context, limit int64) ([]byte, *ProblemDocument) {
	r := c.Request
	if r.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	// MaxBytesReader ends the connection of one who goes on sending.
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, r.Body, limit))
	var long *http.MaxBytesError
	var slow net.Error
	switch {
	case err == nil:
		return body, nil
	case errors.As(err, &long):
		return nil, tooLarge(limit)
	case errors.As(err, &slow) && slow.Timeout():
		return nil, refusal(codeTooSlow)
	}
	return nil, refusal(codeBadJSON)
}

func tooLarge(limit int64) *ProblemDocument {
	p := refusal(codeTooLarge)
	p.Args = map[string]string{"max": strconv.FormatInt(limit, 10)}
	return p
}
