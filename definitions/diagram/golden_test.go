package diagram

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/offices"
	"github.com/guicheng/guicheng/definitions/report"
	"github.com/guicheng/guicheng/internal/golden"
)

func compiled(t testing.TB, dir string) *definitions.Bundle {
	t.Helper()
	files, err := definitions.ReadDir(os.DirFS(dir), ".")
	if err != nil {
		t.Fatal(err)
	}
	bundle, problems := definitions.Compile(files)
	if bundle == nil {
		t.Fatal(report.List("en", problems, nil))
	}
	return bundle
}

// Whoever changes a picture looks at it: draw anew with -update, and open the file.
func TestPictures(t *testing.T) {
	t.Parallel()
	bundle := compiled(t, "testdata")
	leave, repair := bundle.Procedure("leave"), bundle.Procedure("repair")
	for name, picture := range map[string][]byte{
		"leave":        Draw(leave, Options{}),
		"leave-narrow": Draw(leave, Options{Narrow: true}),
		"repair":       Draw(repair, Options{Lang: "en"}),
		"leave-late": Draw(leave, Options{State: &State{
			Number: "L2026-001",
			Steps: map[string]Stand{
				"judge": {Done: 2, Ways: []int{0}}, "approve": {Open: 1, Done: 1, Overdue: true, Ways: []int{2}},
			},
		}}),
		"leave-granted": Draw(leave, Options{State: &State{
			Steps: map[string]Stand{
				"judge": {Done: 1, Ways: []int{0}}, "approve": {Timeouts: []int{1}}, "note": {Done: 1, Ways: []int{0}},
			},
			Ends: map[string]bool{"/granted": true},
		}}),
	} {
		golden.Check(t, filepath.Join("testdata", name+".svg"), string(picture))
	}
}

// A picture is well-formed XML without scripts, and says in words what it shows.
func TestPicturesTell(t *testing.T) {
	t.Parallel()
	leave := compiled(t, "testdata").Procedure("leave")
	picture := string(Draw(leave, Options{State: &State{Steps: map[string]Stand{"approve": {Open: 2, Overdue: true}}}}))
	d := xml.NewDecoder(strings.NewReader(picture))
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := tok.(xml.StartElement); ok {
			if e.Name.Local == "script" {
				t.Error("a picture has a script")
			}
			for _, a := range e.Attr {
				if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "style" || a.Name.Local == "href" {
					t.Errorf("<%s %s>: a strict policy lets nothing of that through", e.Name.Local, a.Name.Local)
				}
			}
		}
	}
	for _, want := range []string{
		`<title id="gc-title">請假</title>`, "主管審批請假申請並寫明意見（主管）、逾期、進行中：准→登記；不准→不准；退回→長假由主管批",
		"1 小時 30 分鐘", "到期：提醒主管", "逾期 ×2", "天數 &gt; 3→主管審批請假申請並寫明意見", "prefers-color-scheme:dark",
	} {
		if !strings.Contains(picture, want) {
			t.Errorf("the picture does not say %q", want)
		}
	}
}

// Every title is shown whole: what is wrapped, put together again, is what was written.
func TestTitlesAreWhole(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"詢問有關部門是否有約", "收款、開收據、發空白工作證", "Ask the department (or the resident) whether there is an appointment",
		"Donaudampfschifffahrtsgesellschaftskapitän", "業戶 3 座 12 樓 A", "（一）「甲」，乙。", "",
	} {
		for _, width := range []float64{20, 60, 92, 128} {
			lines := balanced(text, width, 13)
			if got := strings.ReplaceAll(strings.Join(lines, ""), " ", ""); got != strings.ReplaceAll(text, " ", "") {
				t.Errorf("%q at %v is wrapped as %q", text, width, lines)
			}
			for i, l := range lines {
				if w := widthOf(l, 13); w > width && len([]rune(l)) > 2 {
					t.Errorf("%q is %v wide, more than %v", l, w, width)
				}
				if i > 0 && width > 60 && strings.ContainsAny(l[:1], ",.)") {
					t.Errorf("%q begins a line", l)
				}
			}
		}
	}
}

// shipped gives all procedures of the offices and the examples.
func shipped(t testing.TB) []*definitions.Procedure {
	t.Helper()
	dirs, err := offices.FS.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var list []*definitions.Procedure
	for _, dir := range dirs {
		files, err := definitions.ReadDir(offices.FS, dir.Name())
		if err != nil {
			t.Fatal(err)
		}
		bundle, problems := definitions.Compile(files)
		if bundle == nil {
			t.Fatal(report.List("en", problems, nil))
		}
		list = append(list, bundle.Procedures...)
	}
	return append(list, compiled(t, filepath.Join("..", "examples")).Procedures...)
}

func TestShippedPicturesAreSound(t *testing.T) {
	t.Parallel()
	for _, p := range shipped(t) {
		for _, lang := range []string{"zh-Hant", "zh-Hans", "en"} {
			for _, narrow := range []bool{false, true} {
				for _, fault := range faults(compose(p, Options{Lang: lang, Narrow: narrow})) {
					t.Errorf("%s in %s, narrow %v: %s", p.ID, lang, narrow, fault)
				}
			}
		}
		if a, b := Draw(p, Options{}), Draw(p, Options{}); !bytes.Equal(a, b) {
			t.Errorf("%s is drawn otherwise the second time", p.ID)
		}
	}
}

func TestSchedulesAreSaid(t *testing.T) {
	t.Parallel()
	at := 8*60 + 5
	for _, c := range []struct {
		schedule  definitions.Schedule
		hant, eng string
	}{
		{definitions.Schedule{Every: "day", Minute: at}, "每天 08:05", "Daily 08:05"},
		{definitions.Schedule{Every: "workday", Minute: at}, "每個工作日 08:05", "Workdays 08:05"},
		{definitions.Schedule{Every: "week", Day: 7, Minute: at}, "每週日 08:05", "Sun 08:05"},
		{definitions.Schedule{Every: "month", Day: 15, Minute: at}, "每月 15 日 08:05", "Monthly, day 15, 08:05"},
		{definitions.Schedule{Every: "year", Month: 10, Day: 1, Minute: at}, "每年 10 月 1 日 08:05", "Yearly 10/1 08:05"},
	} {
		start := &definitions.Start{Schedule: &c.schedule}
		if hant, eng := (words{lang: "zh-Hant"}).startTitle(start), (words{lang: "en"}).startTitle(start); hant != c.hant ||
			eng != c.eng {
			t.Errorf("%+v is %q and %q", c.schedule, hant, eng)
		}
	}
}
