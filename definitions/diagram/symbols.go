package diagram

import "strings"

// node draws a node, its diamonds and the labels of its ways.
func (p *pen) node(n *node) {
	c := n.cell
	p.put(`<g id="%s" class="node %s">`, n.id, p.d.status(n))
	p.put(`<title>%s</title>`, escaped(p.d.nodeTold(n)))
	if n.join != noGate {
		p.diamond(n.join, "part", c.x, c.y+c.joinTop)
		p.put(`<path class="way" d="M%s %sv%s"/>`, num(c.x), num(c.y+c.joinTop+2*gateHalf), num(gateGap))
		if n.joins != "" {
			p.line(n.joins, c.x+gateHalf+labelGap, c.y+c.joinTop+gateHalf+4, smallSize, "soft label", "")
		}
	}
	left, top := c.x+c.boxLeft, c.y+c.boxTop
	switch n.shape {
	case boxShape:
		p.box(n, left, top)
	case blockShape: // drawn below the ways
	case gateShape:
		p.diamond(n.split, "sym", c.x, top)
		y := top + gateHalf - 6 - float64(len(c.title))*(smallSize+1)*leading
		p.lines(c.title, c.x+c.titleLeft, y, smallSize+1, "label", "")
	case startShape, eventShape, endShape:
		p.event(n, c.x, top+eventRadius)
		tall := float64(len(c.title)) * (smallSize + 1) * leading
		y := p.lines(c.title, c.x+c.titleLeft, top+max(0, eventRadius-tall/2), smallSize+1, "label", "")
		p.lines(c.small, c.x+c.titleLeft, y, smallSize, "soft label", "")
	}
	if n.split != noGate && n.shape != gateShape {
		p.put(`<path class="way" d="M%s %sv%s"/>`, num(c.x), num(c.y+c.boxTop+c.boxHeight), num(gateGap))
		p.diamond(n.split, "part", c.x, c.y+c.splitTop)
	}
	for _, a := range n.outs {
		if a.icon != noIcon && !a.side && n.shape == gateShape {
			p.ring(c.x+a.port, c.y+a.labelY+sideRadius-2, sideRadius, "part")
			p.icon(a.icon, c.x+a.port, c.y+a.labelY+sideRadius-2)
		}
		p.lines(a.text, c.x+a.labelX, c.y+a.labelY, smallSize+1, "label", "")
	}
	for _, a := range n.sides {
		x, y := left+c.boxWidth, top+a.root
		p.ring(x, y, sideRadius, "part"+dash(a.beside))
		p.icon(a.icon, x, y)
		p.lines(a.text, c.x+a.labelX, c.y+a.labelY, smallSize+1, "label", "")
	}
	p.badge(n, left, top)
	p.put("</g>\n")
}

func (p *pen) box(n *node, left, top float64) {
	c := n.cell
	class := "box"
	if n.icon == callIcon {
		class += " bold"
	}
	p.put(`<rect class="%s" x="%s" y="%s" width="%s" height="%s" rx="8"/>`, class, num(left), num(top),
		num(c.boxWidth), num(c.boxHeight))
	tall := float64(len(c.title))*titleSize*leading + float64(len(c.small))*smallSize*leading
	y := top + (c.boxHeight-tall)/2
	if n.icon != noIcon {
		p.icon(n.icon, left+iconSize/2+5, top+iconSize/2+5)
		y += (iconSize - 2) / 2
	}
	if len(n.marks) > 0 {
		y -= (iconSize - 2) / 2
	}
	y = p.lines(c.title, c.x, y, titleSize, "", ` text-anchor="middle"`)
	p.lines(c.small, c.x, y, smallSize, "soft", ` text-anchor="middle"`)
	p.marks(n, c.x, top+c.boxHeight-10)
}

// block draws the frame of a block and all that is in it.
func (p *pen) block(n *node) {
	c := n.cell
	left, top := c.x+c.boxLeft, c.y+c.boxTop
	p.put(`<rect class="box block" x="%s" y="%s" width="%s" height="%s" rx="10"/>`, num(left), num(top),
		num(c.boxWidth), num(c.boxHeight))
	y := p.lines(c.title, left+blockPad, top+6, titleSize, "", ` font-weight="600"`)
	p.lines(c.small, left+blockPad, y, smallSize, "soft", "")
	p.plane(n.inner)
	p.marks(n, left+c.boxWidth/2, top+c.boxHeight-10)
}

func (p *pen) marks(n *node, x, y float64) {
	x -= float64(len(n.marks)-1) * 9
	for i, m := range n.marks {
		p.mark(m, x+float64(i)*18, y)
	}
}

func (p *pen) mark(m mark, x, y float64) {
	switch m {
	case togetherMark:
		p.ink(x, y, "M-4 -5v10M0 -5v10M4 -5v10")
	case inTurnMark:
		p.ink(x, y, "M-5 -4h10M-5 0h10M-5 4h10")
	case loopMark:
		p.ink(x, y, "M-2.5 4.6A5 5 0 1 1 2.5 4.6M-2.5 4.6l-3.4 0.3M-2.5 4.6l0 -3.4")
	case anyOrderMark:
		p.ink(x, y, "M-6 1.5C-4 -4 -1.5 -2 0 0S4 4 6 -1.5")
	}
}

func (p *pen) ink(x, y float64, path string) {
	p.put(`<path class="ink" transform="translate(%s %s)" d="%s"/>`, num(x), num(y), path)
}

func (p *pen) solid(x, y float64, path string) {
	p.put(`<path class="solid" transform="translate(%s %s)" d="%s"/>`, num(x), num(y), path)
}

func (p *pen) diamond(g gate, class string, x, top float64) {
	p.put(`<path class="%s" d="M%s %sl%[4]s %[4]sl-%[4]s %[4]sl-%[4]s -%[4]sz"/>`, class, num(x), num(top), num(gateHalf))
	y := top + gateHalf
	switch g {
	case oneGate:
		p.ink(x, y, "M-4.5 -4.5L4.5 4.5M4.5 -4.5L-4.5 4.5")
	case allGate:
		p.ink(x, y, "M-6.5 0h13M0 -6.5v13")
	case someGate:
		p.put(`<circle class="ink" cx="%s" cy="%s" r="6.5"/>`, num(x), num(y))
	case complexGate:
		p.ink(x, y, "M-6 0h12M0 -6v12M-4.3 -4.3l8.6 8.6M4.3 -4.3l-8.6 8.6")
	case eventGate:
		p.put(`<circle class="ink" cx="%s" cy="%s" r="8"/>`, num(x), num(y))
		p.ink(x, y, "M0 -5.2L5 -1.6L3.1 4.3H-3.1L-5 -1.6z")
	case noGate:
	}
}

// event draws a start, what comes in between, and an end.
func (p *pen) event(n *node, x, y float64) {
	switch n.shape {
	case endShape:
		p.put(`<circle class="sym bold" cx="%s" cy="%s" r="%s"/>`, num(x), num(y), num(eventRadius-1))
	case eventShape:
		p.ring(x, y, eventRadius, "sym"+dash(n.aside()))
	default:
		p.put(`<circle class="sym" cx="%s" cy="%s" r="%s"/>`, num(x), num(y), num(eventRadius))
	}
	if n.icon == stopIcon {
		p.put(`<circle class="solid" cx="%s" cy="%s" r="8"/>`, num(x), num(y))
		return
	}
	p.icon(n.icon, x, y)
}

// aside tells an event that interrupts nothing.
func (n *node) aside() bool { return len(n.outs) == 1 && n.outs[0].beside }

// ring draws the double line of an event that comes in between.
func (p *pen) ring(x, y, r float64, class string) {
	p.put(`<circle class="%s" cx="%s" cy="%s" r="%s"/>`, class, num(x), num(y), num(r))
	p.put(`<circle class="ink%s" cx="%s" cy="%s" r="%s"/>`, strings.TrimPrefix(strings.TrimPrefix(class, "sym"), "part"),
		num(x), num(y), num(r-2.6))
}

func dash(beside bool) string {
	if beside {
		return " dash"
	}
	return ""
}

// icon draws a sign around a point.
func (p *pen) icon(i icon, x, y float64) {
	switch i {
	case personIcon:
		p.ink(x, y, "M-6 7c0 -8 12 -8 12 0zM-3 -3.5a3 3 0 1 1 6 0a3 3 0 1 1 -6 0")
	case peopleIcon:
		p.ink(x, y, "M-7.5 6.5c0 -7.5 10 -7.5 10 0zM-5 -3a2.6 2.6 0 1 1 5.2 0a2.6 2.6 0 1 1 -5.2 0"+
			"M3 1c3 0 5 2 5 5.5H4.6M2 -5.4a2.5 2.5 0 1 1 1.5 4.6")
	case tableIcon:
		p.ink(x, y, "M-7 -5.5h14v11h-14zM-7 -2h14M-7 1.8h14M-2.5 -5.5v11")
	case scriptIcon:
		p.ink(x, y, "M-4 -6.5h9c-4 4 3 8 -1 13h-9c4 -5 -3 -9 1 -13zM-2 -2.5h5M-2 1.5h5")
	case gearIcon:
		p.ink(x, y, "M-2.6 0a2.6 2.6 0 1 1 5.2 0a2.6 2.6 0 1 1 -5.2 0M0 -7v2.6M0 4.4v2.6M-7 0h2.6M4.4 0h2.6"+
			"M-5 -5l1.9 1.9M3.1 3.1l1.9 1.9M5 -5l-1.9 1.9M-3.1 3.1l-1.9 1.9")
	case workerIcon:
		p.ink(x, y, "M-7 -4.5h14v8h-14zM-3 6.5h6M0 3.5v3M-4 -1.5h5M-4 1h8")
	case callIcon:
		p.ink(x, y, "M-6 -6h12v12h-12zM-3 0h6M0 -3v6")
	case clockIcon:
		p.ink(x, y, "M-5.4 0a5.4 5.4 0 1 1 10.8 0a5.4 5.4 0 1 1 -10.8 0M0 -3.6V0l2.6 1.6")
	case letterIcon:
		p.ink(x, y, "M-5.5 -3.8h11v7.6h-11zM-5.5 -3.6L0 0.6L5.5 -3.6")
	case conditionIcon:
		p.ink(x, y, "M-4 -5h8v10h-8zM-2.2 -2.6h4.4M-2.2 0h4.4M-2.2 2.6h4.4")
	case errorIcon:
		p.solid(x, y, "M-5 5.5L-1.8 -5L1.2 0.6L4.6 -5.5L1.8 5L-1.4 -0.4z")
	case undoIcon:
		p.solid(x, y, "M0 -4v8l-5 -4zM5 -4v8l-5 -4z")
	case noIcon, stopIcon:
	}
}
