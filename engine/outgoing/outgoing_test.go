package outgoing

import (
	"net/http"
	"net/netip"
	"strings"
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
		"2002:7f00:1::": false, "::ffff:127.0.0.1": false, "::ffff:8.8.8.8": true,
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

// TestSecretsStayWithTheSystem: led on to another host, the request says nothing that is the system's alone.
func TestSecretsStayWithTheSystem(t *testing.T) {
	t.Parallel()
	c, err := New(System{URL: "https://api.example", Headers: map[string]string{"X-Api-Key": "s3cret"},
		Signing: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})
	if err != nil {
		t.Fatal(err)
	}
	first, err := c.request(t.Context(), Request{
		Method: http.MethodPost, Path: "/a", Body: []byte("{}"), Time: time.Now()})
	if err != nil || first.Header.Get("X-Api-Key") == "" || first.Header.Get("Webhook-Signature") == "" {
		t.Fatalf("the first request: %v %v", first.Header, err)
	}
	next := first.Clone(t.Context())
	next.URL.Host = "other.example"
	if err := c.redirect(next, []*http.Request{first}); err != nil {
		t.Fatal(err)
	}
	if next.Header.Get("X-Api-Key")+next.Header.Get("Webhook-Signature") != "" {
		t.Errorf("another host is told %v", next.Header)
	}
	next.URL.Scheme = "http"
	if err := c.redirect(next, []*http.Request{first}); err == nil {
		t.Error("a redirect from https to http was followed")
	}
}
