package outgoing

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestPublicAddresses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"8.8.8.8": true, "2606:4700::1111": true, "1.1.1.1": true,
		"127.0.0.1": false, "10.0.0.1": false, "172.16.9.9": false, "192.168.1.1": false, "169.254.169.254": false,
		"0.0.0.0": false, "100.64.0.1": false, "224.0.0.1": false, "255.255.255.255": false, "192.0.2.1": false,
		"::1": false, "::": false, "fe80::1": false, "fc00::1": false, "ff02::1": false, "64:ff9b::7f00:1": false,
		"2002:7f00:1::": false, "::7f00:1": false, "3fff::1": false, "::ffff:127.0.0.1": false, "::ffff:8.8.8.8": true,
	} {
		if got := public(netip.MustParseAddr(text).Unmap()); got != want {
			t.Errorf("%s: public %v, want %v", text, got, want)
		}
	}
}

func TestSystemsThatAreWrittenWrong(t *testing.T) {
	t.Parallel()
	for _, s := range []System{
		{}, {URL: "ftp://x"}, {URL: "https://"}, {URL: "https://u:p@x"}, {URL: "https://x?key=1"}, {URL: "https://x#y"},
		{URL: "https://x", Signing: "whsec_%%"}, {URL: "https://x", Headers: map[string]string{"A\r\nB": "c"}},
	} {
		if _, err := New(s); err == nil {
			t.Errorf("%+v was taken", s)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"": 0, "120": 2 * time.Minute, "-5": 0, "soon": 0, "99999999999": 365 * 24 * time.Hour,
		now.Add(time.Hour).Format(http.TimeFormat): time.Hour, now.Add(-time.Hour).Format(http.TimeFormat): 0,
	} {
		if got := after(text, now); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// TestThePathStaysWithTheSystem: whatever the path is, the host is the system's.
func TestThePathStaysWithTheSystem(t *testing.T) {
	t.Parallel()
	c, err := New(System{URL: "https://api.example/v1/"})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/a", "/@evil.example/", "/../../x", "//evil.example/x", "/a%2Fb?c=d"} {
		req, err := c.request(t.Context(), Request{Method: http.MethodGet, Path: path, Time: time.Now()})
		if err != nil {
			continue
		}
		if req.URL.Host != "api.example" || !strings.HasPrefix(req.URL.String(), "https://api.example/v1/") {
			t.Errorf("%s goes to %s", path, req.URL)
		}
	}
}

// TestRedirects: a system may lead on within its own host, in the same way of asking, and not out of https.
func TestRedirects(t *testing.T) {
	t.Parallel()
	c, err := New(System{URL: "https://api.example", Headers: map[string]string{"X-Api-Key": "s3cret"}})
	if err != nil {
		t.Fatal(err)
	}
	first, err := c.request(t.Context(), Request{
		Method: http.MethodPost, Path: "/a", Body: []byte("{}"), Time: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		method, to string
		steps      int
		ok         bool
	}{
		"another path":   {http.MethodPost, "https://api.example/b", 1, true},
		"another host":   {http.MethodPost, "https://other.example/a", 1, false},
		"another port":   {http.MethodPost, "https://api.example:8443/a", 1, false},
		"another method": {http.MethodGet, "https://api.example/b", 1, false},
		"out of https":   {http.MethodPost, "http://api.example/b", 1, false},
		"no end":         {http.MethodPost, "https://api.example/b", maxRedirects + 1, false},
	} {
		next, err := http.NewRequestWithContext(t.Context(), test.method, test.to, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.redirect(next, slices.Repeat([]*http.Request{first}, test.steps)); (err == nil) != test.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestACertificateIsAsked: a system that cannot show who it is hears nothing.
func TestACertificateIsAsked(t *testing.T) {
	t.Parallel()
	var heard atomic.Bool
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { heard.Store(true) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	c, err := New(System{URL: server.URL, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Send(t.Context(), Request{Method: http.MethodGet, Path: "/", Time: time.Now(), Timeout: 5 * time.Second})
	if err == nil || !strings.Contains(err.Error(), "certificate") || heard.Load() {
		t.Errorf("got %v, heard %v", err, heard.Load())
	}
}

// TestADeliveryIsMadeOnce: the other system takes a request on a connection that was kept, and breaks it. Whether that
// is sent again is for the caller to say.
func TestADeliveryIsMadeOnce(t *testing.T) {
	t.Parallel()
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
		for _, body := range [][]byte{nil, []byte(`{"x": 1}`)} {
			var came atomic.Int64
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if came.Add(1) > 1 {
					panic(http.ErrAbortHandler)
				}
			}))
			t.Cleanup(s.Close)
			c, err := New(System{URL: s.URL, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
			if err != nil {
				t.Fatal(err)
			}
			r := Request{Method: method, Path: "/x", Body: body, Key: "k", Timeout: time.Minute}
			if _, err := c.Send(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			if _, err := c.Send(t.Context(), r); err == nil || came.Load() != 2 {
				t.Errorf("%s %s: sent twice, came %d times: %v", method, body, came.Load(), err)
			}
		}
	}
}
