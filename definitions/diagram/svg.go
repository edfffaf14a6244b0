package diagram

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// headHeight is the room of the title over a picture.
const (
	headHeight = 34.0
	margin     = 8.0
)

// style is in the picture itself, so that it looks the same wherever it is shown. Who shows it in a page may set the
// variables; else they follow what the reader's system prefers.
const style = `.gc{--gc-ink:#1c2430;--gc-soft:#5b6675;--gc-line:#55606e;--gc-paper:#ffffff;--gc-lane:#f7f8fa;` +
	`--gc-head:#eceff3;--gc-rule:#cbd2db;--gc-box:#ffffff;--gc-now:#0b5cd5;--gc-nowfill:#e3eefd;--gc-done:#2c6e1f;` +
	`--gc-donefill:#eaf5e6;--gc-late:#b42318;--gc-latefill:#fdeceb;font-family:"PingFang TC","Microsoft JhengHei",` +
	`"Noto Sans TC","Noto Sans CJK TC","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif}` +
	`@media (prefers-color-scheme:dark){.gc{--gc-ink:#e6eaf0;--gc-soft:#a3adba;--gc-line:#9aa5b3;--gc-paper:#14181d;` +
	`--gc-lane:#191e24;--gc-head:#222932;--gc-rule:#3a434f;--gc-box:#1f262e;--gc-now:#6ea8ff;--gc-nowfill:#152844;` +
	`--gc-done:#7cc46b;--gc-donefill:#17281a;--gc-late:#ff8a80;--gc-latefill:#3a1a1a}}` +
	`.gc text{fill:var(--gc-ink)}.gc .soft{fill:var(--gc-soft)}.gc .lane{fill:var(--gc-lane);stroke:var(--gc-rule)}` +
	`.gc .head{fill:var(--gc-head);stroke:var(--gc-rule)}.gc .paper{fill:var(--gc-paper)}` +
	`.gc .box,.gc .sym,.gc .part{fill:var(--gc-box);stroke:var(--gc-line);stroke-width:1.4}.gc .bold{stroke-width:3}` +
	`.gc .block{fill:var(--gc-paper);stroke:var(--gc-line);stroke-width:1.4}` +
	`.gc .ink{fill:none;stroke:var(--gc-line);stroke-width:1.3;stroke-linecap:round;stroke-linejoin:round}` +
	`.gc .solid{fill:var(--gc-line);stroke:none}.gc .dash{stroke-dasharray:3 2.5}.gc .dots{stroke-dasharray:1 4}` +
	`.gc .way{fill:none;stroke:var(--gc-line);stroke-width:1.4}.gc .tip{fill:var(--gc-line)}` +
	`.gc .label{paint-order:stroke;stroke:var(--gc-lane);stroke-width:3px;stroke-linejoin:round}` +
	`.gc .block .label{stroke:var(--gc-paper)}.gc .passed .way{stroke:var(--gc-done);stroke-width:2.6}` +
	`.gc .passed .tip{fill:var(--gc-done)}.gc .done>.box,.gc .done>.sym{stroke:var(--gc-done);fill:var(--gc-donefill)}` +
	`.gc .open>.box,.gc .open>.sym{stroke:var(--gc-now);fill:var(--gc-nowfill);stroke-width:2.6}` +
	`.gc .late>.box,.gc .late>.sym{stroke:var(--gc-late);fill:var(--gc-latefill);stroke-width:2.6}` +
	`.gc .open>.block,.gc .late>.block,.gc .done>.block{fill:var(--gc-paper)}` +
	`.gc .pill{fill:var(--gc-done)}.gc .left>.pill{fill:var(--gc-line)}` +
	`.gc .open>.pill{fill:var(--gc-now)}.gc .late>.pill{fill:var(--gc-late)}` +
	`.gc .pilltext{fill:var(--gc-paper);font-weight:600}` +
	`@media print{.gc{width:100%;max-height:100vh}}`

// pen writes SVG.
type pen struct {
	bytes.Buffer
	d *drawing
}

func (p *pen) put(format string, args ...any) { fmt.Fprintf(p, format, args...) }

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text))
	return b.String()
}

// num writes a measure, to a tenth of a pixel.
func num(x float64) string {
	return strconv.FormatFloat(math.Round(x*10)/10+0, 'f', -1, 64)
}

func (d *drawing) svg() []byte {
	p := &pen{d: d}
	pl := d.plane
	width, height := pl.width+2*margin, pl.height+headHeight+2*margin
	title := d.text(d.p.Title)
	if d.o.State != nil && d.o.State.Number != "" {
		title = d.o.State.Number + "  " + title
	}
	width = max(width, widthOf(title, 16)+4*margin)
	p.put(`<svg xmlns="http://www.w3.org/2000/svg" class="gc" role="img" lang="%s" aria-labelledby="gc-title" `+
		`aria-describedby="gc-desc" width="%s" height="%s" viewBox="%s %s %s %s">`, d.o.Lang, num(width), num(height),
		num(-margin), num(-margin), num(width), num(height))
	p.put("\n<title id=\"gc-title\">%s</title>\n<desc id=\"gc-desc\">%s</desc>\n<style>%s</style>\n",
		escaped(title), escaped(d.told()), style)
	p.put(`<rect class="paper" x="%s" y="%s" width="%s" height="%s"/>`+"\n", num(-margin), num(-margin), num(width),
		num(height))
	p.line(title, 2, 18, 16, "", ` font-weight="600"`)
	p.plane(pl)
	p.put("</svg>\n")
	return p.Bytes()
}

// plane draws lanes, then ways, then what they lead to: ways that were passed lie over those that were not.
func (p *pen) plane(pl *plane) {
	for _, l := range pl.lanes {
		if pl.list == "" || pl.titled {
			p.put(`<rect class="lane" x="%s" y="%s" width="%s" height="%s"/>`, num(l.left), num(pl.top),
				num(l.right-l.left), num(pl.height))
		}
		if pl.titled {
			p.put(`<rect class="head" x="%s" y="%s" width="%s" height="%s"/>`, num(l.left), num(pl.top),
				num(l.right-l.left), num(pl.head()-4))
			p.lines(l.lines(), (l.left+l.right)/2, pl.top+2, titleSize, "", ` font-weight="600" text-anchor="middle"`)
		}
		p.put("\n")
	}
	for _, n := range pl.nodes {
		if n.shape == blockShape {
			p.put(`<g class="%s">`, p.d.status(n))
			p.block(n)
			p.put("</g>\n")
		}
	}
	arrows := pl.arrows()
	slices.SortStableFunc(arrows, func(a, b *arrow) int {
		switch {
		case p.d.passed(a) == p.d.passed(b):
			return 0
		case p.d.passed(b):
			return -1
		}
		return 1
	})
	for _, a := range arrows {
		p.way(a)
	}
	for _, n := range pl.nodes {
		p.node(n)
	}
}

func (p *pen) line(text string, x, y, size float64, class, more string) {
	if class != "" {
		class = ` class="` + class + `"`
	}
	p.put(`<text%s x="%s" y="%s" font-size="%s"%s>%s</text>`, class, num(x), num(y), num(size), more, escaped(text))
}

// lines writes a text below y, and gives where it ends.
func (p *pen) lines(lines []string, x, y, size float64, class, more string) float64 {
	for _, l := range lines {
		p.line(l, x, y+size, size, class, more)
		y += size * leading
	}
	return y
}

// way draws an arrow with its head.
func (p *pen) way(a *arrow) {
	class := "edge"
	if p.d.passed(a) {
		class += " passed"
	}
	dots := ""
	if a.dotted {
		dots = " dots"
	}
	p.put(`<g class="%s" data-from="%s" data-to="%s">`, class, a.from.id, a.to.id)
	p.put(`<path class="way%s" d="%s"/>`, dots, rounded(a.points))
	end := a.points[len(a.points)-1]
	p.put(`<path class="tip" d="M%s %sl-4.5 -9h9z"/>`, num(end.x), num(end.y))
	if a.otherwise && !a.side { // a stroke across its root
		y := a.from.cell.y + a.labelY + 3
		p.put(`<path class="ink" d="M%s %sl8 -4"/>`, num(a.foot()-4), num(y))
	}
	p.put("</g>\n")
}

// rounded is a path whose corners are round.
func rounded(points []point) string {
	const radius = 6.0
	var b strings.Builder
	fmt.Fprintf(&b, "M%s %s", num(points[0].x), num(points[0].y))
	for i := 1; i+1 < len(points); i++ {
		at, in, out := points[i], points[i-1], points[i+1]
		r := min(radius, distance(at, in)/2, distance(at, out)/2)
		from, to := toward(at, in, r), toward(at, out, r)
		fmt.Fprintf(&b, "L%s %sQ%s %s %s %s", num(from.x), num(from.y), num(at.x), num(at.y), num(to.x), num(to.y))
	}
	end := points[len(points)-1]
	fmt.Fprintf(&b, "L%s %s", num(end.x), num(end.y))
	return b.String()
}

func distance(a, b point) float64 { return math.Abs(a.x-b.x) + math.Abs(a.y-b.y) }

// toward is the point at a distance from a on the way to b.
func toward(a, b point, by float64) point {
	whole := distance(a, b)
	if whole == 0 {
		return a
	}
	return point{a.x + (b.x-a.x)*by/whole, a.y + (b.y-a.y)*by/whole}
}
