package core

import (
	"encoding/json"

	"github.com/guicheng/guicheng/definitions"
)

// A block runs a graph of its own. It may follow any step; its outcome is the end that its graph reached.

func (m *machine) openBlock(a *Activation, w *definitions.Block) {
	m.beginFrame(a.ID, -1, nil, w.Graph)
}

// beginFrame opens a frame and sends the first thread to the first step of its graph.
func (m *machine) beginFrame(owner ID, row int, was json.RawMessage, g *definitions.Graph) {
	id := m.next()
	m.emit(FrameOpened{Frame: id, Owner: owner, Row: row, Was: was})
	for _, first := range g.Entries {
		m.push(move{kind: arriveMove, frame: id, step: first, from: Eaten{By: owner}})
	}
}
