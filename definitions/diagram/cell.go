package diagram

import (
	"cmp"
	"slices"
)

// Sizes in pixels.
const (
	boxWidth    = 132.0
	boxPad      = 11.0
	boxLeast    = 46.0
	iconSize    = 16.0
	gateHalf    = 15.0 // of a diamond's diagonal
	gateGap     = 12.0 // between a box and its diamond
	eventRadius = 15.0
	sideRadius  = 12.0
	sideGap     = 6.0
	labelWidth  = 92.0
	longLabel   = 138.0 // how wide one is that has more than tallLabel lines
	tallLabel   = 4
	labelGap    = 5.0
	fanGap      = 12.0
	blockPad    = 14.0
	blockHead   = 26.0
)

type point struct{ x, y float64 }

// cell is what a node takes up: itself, its diamonds, and the roots and labels of its ways. Only its own ways run
// through it. Measures are from its axis and its top.
type cell struct {
	left, right, height float64
	x, y                float64 // of the axis and the top, in the picture
	boxLeft, boxTop     float64
	boxWidth, boxHeight float64
	joinTop, splitTop   float64 // of the diamonds
	title, small        []string
	titleLeft           float64 // of a title beside a symbol
}

// measure works out a node's cell.
func (n *node) measure() {
	c := &n.cell
	y := 0.0
	if n.join != noGate {
		c.joinTop = y
		y += 2*gateHalf + gateGap
	}
	c.boxTop = y
	switch n.shape {
	case boxShape:
		n.measureBox()
	case blockShape:
		n.measureBlock()
	case gateShape:
		n.measureSymbol(gateHalf)
		c.splitTop = y
	case startShape, eventShape, endShape:
		n.measureSymbol(eventRadius)
	}
	c.left, c.right = max(c.left, -c.boxLeft), max(c.right, c.boxLeft+c.boxWidth)
	if n.joins != "" {
		c.right = max(c.right, gateHalf+labelGap+widthOf(n.joins, smallSize))
	}
	c.height = max(c.height, c.boxTop+c.boxHeight)
	if n.split != noGate && n.shape != gateShape {
		c.splitTop = c.height + gateGap
		c.height = c.splitTop + 2*gateHalf
	}
	n.fan()
	n.margin()
}

func (n *node) measureBox() {
	c := &n.cell
	c.boxWidth, c.boxLeft = boxWidth, -boxWidth/2
	c.title = balanced(n.title, boxWidth-2*boxPad, titleSize)
	for _, s := range []string{n.people, n.clock} {
		c.small = append(c.small, balanced(s, boxWidth-2*boxPad, smallSize)...)
	}
	c.boxHeight = boxPad + float64(len(c.title))*titleSize*leading + float64(len(c.small))*smallSize*leading + boxPad
	if n.icon != noIcon {
		c.boxHeight += iconSize - 2
	}
	if len(n.marks) > 0 {
		c.boxHeight += iconSize - 2
	}
	c.boxHeight = max(c.boxHeight, boxLeast, n.hang())
}

func (n *node) measureBlock() {
	c, in := &n.cell, n.inner
	c.title = balanced(n.title, max(in.width-2*blockPad, boxWidth), titleSize)
	for _, s := range []string{n.people, n.clock} {
		c.small = append(c.small, balanced(s, max(in.width-2*blockPad, boxWidth), smallSize)...)
	}
	c.boxWidth = max(in.width, widest(c.title, titleSize)+30, boxWidth) + 2*blockPad
	axis := in.nodes[0].cell.x - in.left
	c.boxLeft = -(blockPad + axis)
	c.boxHeight = n.head() + in.height + blockPad
	if len(n.marks) > 0 {
		c.boxHeight += iconSize
	}
	c.boxHeight = max(c.boxHeight, n.hang())
}

// head is how far below its top the inside of a block begins.
func (n *node) head() float64 {
	return blockHead - titleSize*leading + float64(len(n.cell.title))*titleSize*leading +
		float64(len(n.cell.small))*smallSize*leading
}

// measureSymbol is for diamonds and circles, whose titles stand to their right.
func (n *node) measureSymbol(half float64) {
	c := &n.cell
	c.boxWidth, c.boxHeight, c.boxLeft = 2*half, 2*half, -half
	c.title = balanced(n.title, labelWidth, smallSize+1)
	for _, s := range []string{n.people, n.clock} {
		c.small = append(c.small, balanced(s, labelWidth, smallSize)...)
	}
	wide := max(widest(c.title, smallSize+1), widest(c.small, smallSize))
	if wide == 0 {
		return
	}
	tall := float64(len(c.title))*(smallSize+1)*leading + float64(len(c.small))*smallSize*leading
	if n.shape == gateShape { // the ways go out to its sides: the title stands over them
		c.boxTop += max(0, tall-half+4)
		c.titleLeft = gateHalf/2 + labelGap
		c.right = c.titleLeft + wide
		return
	}
	c.titleLeft = half + labelGap
	c.right = c.titleLeft + wide
	c.height = c.boxTop + tall
}

// fan spreads the ways out: one straight down, those to the left and right of it beside it, each with its label to its
// right. Where none is to the left of it, the label of the one straight down stands there: below its box there is room.
func (n *node) fan() {
	c := &n.cell
	top := c.height
	for _, a := range n.outs {
		a.text = labelled(a.label)
		a.labelW = widest(a.text, smallSize+1)
	}
	order := slices.Clone(n.outs)
	slices.SortStableFunc(order, func(a, b *arrow) int { return cmp.Compare(n.lean(a), n.lean(b)) })
	main := 0
	for i, a := range order {
		if n.aslant(a) < n.aslant(order[main]) {
			main = i
		}
	}
	for i := 0; i < main; { // what leads round a node in the same column, or back to the right, goes to the right
		if n.lean(order[i]) < 0 {
			i++
			continue
		}
		round := order[i]
		order = slices.Insert(slices.Delete(order, i, i+1), main, round)
		main--
	}
	if main == 0 && len(order) > 1 {
		order[main].turn()
	}
	for i := main; i < len(order); i++ {
		if i > main {
			order[i].port = order[i-1].port + max(order[i-1].room(), gateHalf+8)
		}
		c.right = max(c.right, order[i].port+order[i].room()-fanGap)
	}
	for i := main - 1; i >= 0; i-- {
		order[i].port = order[i+1].port - max(order[i].room(), gateHalf+8)
		c.left = max(c.left, -order[i].port+2)
	}
	deepest := 0.0
	for _, a := range order {
		tall := 0.0
		if len(a.text) > 0 {
			tall = float64(len(a.text))*(smallSize+1)*leading + 4
		}
		if a.icon != noIcon {
			tall = max(tall, 2*sideRadius+4)
		}
		deepest = max(deepest, tall)
	}
	c.height = top + deepest
	if len(order) > 1 {
		c.height += 4
	}
	for _, a := range order {
		a.labelX, a.labelY = a.port+a.indent(), top+4
		if a.turned {
			a.labelX = a.port - labelGap - a.labelW
			c.left = max(c.left, 2-a.labelX)
		}
	}
	n.besides()
}

// turn puts the label of a way to its left where it fits below the half of a box, or is a little wider for a long word.
func (a *arrow) turn() {
	room := max(boxWidth/2-labelGap, min(longestWord(a.label, smallSize+1), labelWidth))
	text := balanced(a.label, room, smallSize+1)
	if a.turned = a.icon == noIcon && len(text) <= tallLabel; a.turned {
		a.text, a.labelW = text, widest(text, smallSize+1)
	}
}

// maxLabelLines is how many lines a label may have; the rest is in the title of its node.
const maxLabelLines = 8

// labelled wraps what is said beside a way.
func labelled(text string) []string {
	lines := balanced(text, labelWidth, smallSize+1)
	if len(lines) > tallLabel {
		lines = balanced(text, longLabel, smallSize+1)
	}
	if len(lines) <= maxLabelLines {
		return lines
	}
	lines = slices.Clone(lines[:maxLabelLines])
	last := []rune(lines[maxLabelLines-1])
	lines[maxLabelLines-1] = string(last[:max(0, len(last)-1)]) + "…"
	return lines
}

// indent is how far to the right of a way its label begins.
func (a *arrow) indent() float64 {
	if a.icon != noIcon && !a.side {
		return sideRadius + labelGap
	}
	return labelGap
}

// room is how far a way keeps the next one off.
func (a *arrow) room() float64 {
	if a.turned {
		return fanGap
	}
	room := a.indent() + a.labelW + fanGap
	if a.labelW == 0 {
		room = a.indent() + 24
	}
	if a.icon != noIcon {
		room += sideRadius // the next one has a ring, too
	}
	return room
}

// lean says how far to the side a way leads: 0 = straight down.
func (n *node) lean(a *arrow) int {
	if a.back && a.to.column == n.column {
		return 1
	}
	return a.to.column - n.column
}

// aslant says how little a way is one that leads straight down.
func (n *node) aslant(a *arrow) int {
	switch {
	case a.back:
		return 1000
	case a.to.rank == n.rank+1:
		return 2 * abs(n.lean(a))
	}
	return 2*abs(n.lean(a)) + 1
}

// hang gives timeouts and events their places at the edge, one below the other, and says how high that is.
func (n *node) hang() float64 {
	y := sideGap
	for _, a := range n.sides {
		a.text = labelled(a.label)
		a.labelW = widest(a.text, smallSize+1)
		if a.to == nil { // its label stands beside it, else below the way
			a.root = y + max(sideRadius, a.tall()/2)
			y = a.root + max(sideRadius, a.tall()/2) + sideGap
		} else {
			a.root = y + sideRadius
			y = a.root + max(sideRadius, a.tall()+3) + sideGap
		}
	}
	return y
}

// tall is how high the label is.
func (a *arrow) tall() float64 { return float64(len(a.text)) * (smallSize + 1) * leading }

// besides leads the ways of timeouts and events down at the right of the box, those of the higher ones farther out.
func (n *node) besides() {
	c := &n.cell
	if len(n.sides) == 0 {
		return
	}
	edge := c.boxLeft + c.boxWidth + sideRadius
	at := max(edge+8, c.right+fanGap)
	for _, a := range slices.Backward(n.sides) {
		if a.to == nil {
			a.labelX, a.labelY = edge+labelGap, c.boxTop+a.root-a.tall()/2
			at = max(at, a.labelX+a.labelW+fanGap)
		} else {
			a.port = at
			a.labelX, a.labelY = at+labelGap, c.boxTop+a.root+3
			at += labelGap + a.labelW + fanGap
		}
		c.height = max(c.height, a.labelY+a.tall()+4)
	}
	c.right = max(c.right, at-fanGap)
}

// margin leaves a little air around a cell.
func (n *node) margin() {
	n.cell.left += 6
	n.cell.right += 6
}

func abs(n int) int { return max(n, -n) }
