package packed_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/guicheng/guicheng/store"
	"github.com/guicheng/guicheng/store/packed"
)

const state = `{"office":"gate","case":"1m8c354tcc68x03jd2wvbk","procedure":"visitor","version":1,` +
	`"number":"LF20261126-001","status":"running","started":"2026-11-26T14:11:37.42Z",` +
	`"starter":{"id":"chan","name":"陳","posts":["desk"]},` +
	`"counter":4,"seq":9,"frames":[{"id":2,"owner":1,"row":-1}],` +
	`"acts":[{"id":1,"frame":0,"step":"three","n":1,"state":"open"}]}`

func TestPackGivesBackWhatItTook(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "x", "{}", state, "\x00\x01\x02", strings.Repeat(state, 500), "[{\"seq\":1"} {
		kept := packed.Pack([]byte(raw))
		if len(kept) > len(raw)+1 {
			t.Errorf("%d bytes became %d", len(raw), len(kept))
		}
		got, err := packed.Unpack(kept)
		if err != nil || string(got) != raw {
			t.Errorf("%.20q came back as %.20q (%v)", raw, got, err)
		}
	}
	if kept := packed.Pack([]byte(state)); len(kept) > len(state)*6/10 {
		t.Errorf("a small state of %d bytes takes %d, want six tenths at most", len(state), len(kept))
	}
}

// What was kept by the first release must be read by every later one: the dictionary may not change.
func TestWhatWasKeptIsRead(t *testing.T) {
	t.Parallel()
	events := []store.EventRow{{Seq: 1, At: time.UnixMicro(1764166297421000).UTC(), Actor: "chan", Kind: "answered",
		Body: []byte(`{"act":3,"slot":4,"person":{"id":"chan","name":"陳","posts":["desk"]}}`)}}
	kept := []byte("\x01\x91\x01B\xdb\x06(64166297421\x05\x00q\xbc\fchan" +
		"\x86\xc0\x03\x003\x11\x86\x004B\xc0\x03\rA$name\":\"陳.=\x03$desk\"]}}}]")
	got, err := packed.ReadEvents("gate", "c1", kept)
	if err != nil || len(got) != 1 || got[0].Seq != 1 || !got[0].At.Equal(events[0].At) || got[0].Actor != "chan" ||
		!bytes.Equal(got[0].Body, events[0].Body) {
		t.Fatalf("read %+v (%v), want %+v", got, err, events)
	}
	old := []byte(`[{"seq":7,"at":1764166297421000,"kind":"moved","body":{"act":3}}]`)
	if got, err := packed.ReadEvents("gate", "c1", old); err != nil || len(got) != 1 || got[0].Seq != 7 {
		t.Errorf("plain JSON: %+v (%v)", got, err)
	}
	if _, err := packed.Unpack([]byte{9, 1, 2}); err == nil || !strings.Contains(err.Error(), "way 9") {
		t.Errorf("a later release's way: %v, want an error that names it", err)
	}
	if _, err := packed.Unpack([]byte{1, 255, 255, 255}); err == nil {
		t.Error("what is torn was read")
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	events := []store.EventRow{
		{Office: "gate", Case: "c1", Seq: 3, At: at.Add(time.Second), Kind: "ended"},
		{Office: "gate", Case: "c1", Seq: 2, At: at, Actor: `"陳"\`, Kind: "da\nta", Body: []byte(`{"a": [1, "二"]}`)},
	}
	leaf, err := packed.Events(events)
	if err != nil || leaf.First != 2 || leaf.Last != 3 || leaf.At != at.Add(time.Second).UnixMicro() {
		t.Fatalf("leaf %+v (%v), want 2 to 3", leaf, err)
	}
	got, err := packed.ReadEvents("gate", "c1", leaf.Body)
	if err != nil || len(got) != 2 {
		t.Fatalf("read %d events (%v), want 2", len(got), err)
	}
	for i, want := range []store.EventRow{events[1], events[0]} {
		g := got[i]
		if g.Seq != want.Seq || !g.At.Equal(want.At) || g.Actor != want.Actor || g.Kind != want.Kind ||
			!bytes.Equal(g.Body, want.Body) || g.Office != "gate" || g.Case != "c1" {
			t.Errorf("event %d is %+v, want %+v", i, g, want)
		}
	}
	for name, bad := range map[string][]store.EventRow{
		"two events have number 2": {{Seq: 2}, {Seq: 2}},
		"number 0":                 {{Seq: 0}},
		"no JSON":                  {{Seq: 1, Body: []byte("{")}},
	} {
		if _, err := packed.Events(bad); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v, want an error about %q", err, name)
		}
	}
	if leaf, err := packed.Events(nil); err != nil || leaf.First != 0 || leaf.Body != nil {
		t.Errorf("no events made %+v (%v)", leaf, err)
	}
}

func BenchmarkPack(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		packed.Pack([]byte(state))
	}
}
