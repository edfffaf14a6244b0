// Package outgoing sends HTTP requests to the systems that an administrator has named, and to nothing else: it looks at
// the address that it is connected to, at each redirect, and bounds time and size.
package outgoing

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// Limits of one request.
const (
	MaxAnswer    = 1 << 20 // bytes of an answer
	maxHeaders   = 64 << 10
	maxRedirects = 3
	// MaxTime is how long one request may take, whatever it asks for.
	MaxTime = time.Minute
)

// System is a system that requests may be sent to.
type System struct {
	URL     string            // http or https, with the part of the path that all requests share
	Headers map[string]string // secrets: sent to this system alone
	Signing string            // secret of standard-webhooks, "whsec_…"; "" = requests are not signed
	// Allow lists ranges of addresses that are otherwise refused: private, loopback, link-local and reserved ones.
	Allow []netip.Prefix
}

// Request is one message to a system.
type Request struct {
	Method  string
	Path    string
	Headers [][2]string
	Body    []byte // JSON; nil = none
	Key     string // the same for the same request, however often it is sent
	Time    time.Time
	Timeout time.Duration
}

// Response is what the system answered.
type Response struct {
	Status int
	Body   []byte
	After  time.Duration // Retry-After
}

// Error is why there is no answer. Its text shows neither address nor secrets.
type Error struct {
	Text  string
	Final bool // trying again is of no use
}

// Error implements error.
func (e *Error) Error() string { return e.Text }

// Client sends requests to one system. It is safe for concurrent use.
type Client struct {
	system System
	base   *url.URL
	sign   *webhooks.Webhook
	http   *http.Client
}

// New makes a client; an error says what of the system is written wrong.
func New(s System) (*Client, error) {
	base, err := url.Parse(s.URL)
	switch {
	case err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "":
		return nil, errors.New("the address of a system begins with https:// or http://")
	case base.RawQuery != "" || base.Fragment != "" || base.User != nil:
		return nil, errors.New("the address of a system has no ?, # or password: secrets are headers")
	}
	c := &Client{system: s, base: base}
	if s.Signing != "" {
		if c.sign, err = webhooks.NewWebhook(s.Signing); err != nil {
			return nil, errors.New(`the signing secret is written as "whsec_" and base64`)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Headers)) {
		if strings.ContainsAny(name+s.Headers[name], "\r\n\x00") || name == "" {
			return nil, fmt.Errorf("the header %q cannot be sent", name)
		}
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: c.control}
	kept := &http.Transport{ // no proxy: it would hide the address that is connected to
		DialContext: dialer.DialContext, TLSHandshakeTimeout: 10 * time.Second, ForceAttemptHTTP2: true,
		MaxResponseHeaderBytes: maxHeaders, MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute,
	}
	fresh := kept.Clone()
	fresh.DisableKeepAlives = true
	c.http = &http.Client{Transport: once{kept, fresh}, CheckRedirect: c.redirect}
	return c, nil
}

// once sends a request once. A Transport sends what has an Idempotency-Key, or is a GET, again by itself when a kept
// connection breaks: nobody would know of that delivery. It leaves alone what it cannot read again, and what has a
// connection of its own.
type once struct{ kept, fresh *http.Transport }

// RoundTrip implements http.RoundTripper.
func (o once) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body == nil || req.Body == http.NoBody {
		return o.fresh.RoundTrip(req)
	}
	unread := *req
	unread.GetBody = nil
	return o.kept.RoundTrip(&unread)
}

var errRefused = errors.New("the address is refused")

// control is asked with the address that is about to be connected to, after all names were looked up.
func (c *Client) control(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return errRefused
	}
	ip := at.Addr().Unmap().WithZone("")
	for _, p := range c.system.Allow {
		if p.Contains(ip) {
			return nil
		}
	}
	if !public(ip) {
		return errRefused
	}
	return nil
}

// reserved are ranges that look public and are not.
var reserved = func() []netip.Prefix {
	var out []netip.Prefix
	for _, text := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
		"198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64",
		"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
	} {
		out = append(out, netip.MustParsePrefix(text))
	}
	return out
}()

// public tells addresses that anybody in the world can reach.
func public(ip netip.Addr) bool {
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, p := range reserved {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

var errRedirect = errors.New("the redirect is refused")

// redirect follows a few steps on the system's own host, never from https to http, and never as another request: a POST
// that became a GET would be answered, and nothing would be done.
func (c *Client) redirect(req *http.Request, via []*http.Request) error {
	first, last := via[0], via[len(via)-1]
	if len(via) > maxRedirects || req.URL.Host != c.base.Host || req.Method != first.Method ||
		req.URL.Scheme != "https" && req.URL.Scheme != last.URL.Scheme {
		return errRedirect
	}
	return nil
}

// Send sends a request once. An error is a *Error.
func (c *Client) Send(ctx context.Context, r Request) (Response, error) {
	ctx, cancel := context.WithTimeout(ctx, min(r.Timeout, MaxTime))
	defer cancel()
	req, err := c.request(ctx, r)
	if err != nil {
		return Response{}, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return Response{}, reason(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxAnswer+1))
	switch {
	case err != nil:
		return Response{}, reason(err)
	case len(body) > MaxAnswer:
		return Response{}, &Error{Text: fmt.Sprintf("the answer is larger than %d bytes", MaxAnswer), Final: true}
	}
	return Response{Status: resp.StatusCode, Body: body, After: after(resp.Header.Get("Retry-After"), r.Time)}, nil
}

func (c *Client) request(ctx context.Context, r Request) (*http.Request, error) {
	at, err := url.Parse(strings.TrimSuffix(c.base.String(), "/") + r.Path)
	if err != nil || at.Host != c.base.Host || at.Scheme != c.base.Scheme {
		return nil, &Error{Text: "the path cannot be sent", Final: true}
	}
	var body io.Reader
	if r.Body != nil {
		body = bytes.NewReader(r.Body)
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, at.String(), body)
	if err != nil {
		return nil, &Error{Text: "the request cannot be written", Final: true}
	}
	for _, h := range r.Headers {
		req.Header.Set(h[0], h[1])
	}
	for name, value := range c.system.Headers { // any order: they are a set
		req.Header.Set(name, value)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "guicheng")
	req.Header.Set("Idempotency-Key", r.Key)
	if r.Body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.sign == nil {
		return req, nil
	}
	signature, err := c.sign.Sign(r.Key, r.Time, r.Body)
	if err != nil {
		return nil, &Error{Text: "the request cannot be signed", Final: true}
	}
	req.Header.Set(webhooks.HeaderWebhookID, r.Key)
	req.Header.Set(webhooks.HeaderWebhookTimestamp, strconv.FormatInt(r.Time.Unix(), 10))
	req.Header.Set(webhooks.HeaderWebhookSignature, signature)
	return req, nil
}

// reason says in words that may be shown why there is no answer.
func reason(err error) *Error {
	var timeout interface{ Timeout() bool }
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, errRefused):
		return &Error{Text: "the address is not one that requests may go to", Final: true}
	case errors.Is(err, errRedirect):
		return &Error{Text: "the system led on to where requests may not go", Final: true}
	case errors.As(err, &timeout) && timeout.Timeout():
		return &Error{Text: "no answer in time"}
	case errors.As(err, &certificate):
		return &Error{Text: "the certificate of the system is not trusted"}
	case errors.As(err, &dns):
		return &Error{Text: "the name of the system is not known"}
	case errors.Is(err, syscall.ECONNREFUSED):
		return &Error{Text: "the system takes no connection"}
	case errors.Is(err, context.Canceled):
		return &Error{Text: "interrupted"}
	}
	return &Error{Text: "the connection broke"}
}

// after reads Retry-After: seconds, or a date.
func after(text string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(text); err == nil && n > 0 {
		return time.Duration(min(n, int((365*24*time.Hour)/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}
