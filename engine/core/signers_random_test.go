package core_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/guicheng/guicheng/engine/core"
)

// TestSignersAtRandom lets people do to the signers of a step whatever comes into their heads. The laws of every step
// hold (see story.step), what TaskActs promises is not refused, and whatever was done the step can still be decided.
func TestSignersAtRandom(t *testing.T) {
	t.Parallel()
	modes := []string{"all", "all-at-end", "any", "in-order", "{ratio: 2/3, weight: {boss: 2}}", "{more_than: 1/2}"}
	for seed := range uint64(120) {
		mode := modes[seed%uint64(len(modes))]
		t.Run(fmt.Sprintf("%d %s", seed, mode), func(t *testing.T) {
			t.Parallel()
			r := &restless{t: t, rand: rand.New(rand.NewPCG(seed, 17))}
			r.s = newStory(t, strings.Replace(restlessYAML, "MODE", mode, 1))
			r.s.do(t, "as a1 start")
			for range 40 {
				if r.s.s.Status != core.Running {
					return
				}
				r.s.do(t, r.act())
				r.keepsPromises()
			}
			r.finish()
		})
	}
}

const restlessYAML = `procedure: t
title: 試
manager: boss
start: {by: a}
ends: {ja: 是, nein: 否}
steps:
  - step: v
    title: 簽
    task:
      by: [a, b, boss]
      sign: MODE
      add_signer: true
      remove_signer: true
      transfer: true
      delegate: true
    timeouts: [{after: minutes(7), escalate: c}, {after: minutes(20), reassign: [b, c]}]
    then: {approved: ja, rejected: nein}
`

type restless struct {
	t    *testing.T
	rand *rand.Rand
	s    *story
}

func (r *restless) one(of ...string) string { return of[r.rand.IntN(len(of))] }

// slot names a slot of the step, by its number among all.
func (r *restless) slot() string {
	for _, a := range r.s.s.Acts {
		if a.Step == "v" && len(a.Slots) > 0 {
			return fmt.Sprintf("v#%d", a.Slots[r.rand.IntN(len(a.Slots))].ID)
		}
	}
	return "v"
}

// act is one line of what somebody does; mostly by whoever has the task.
func (r *restless) act() string {
	people := []string{"a1", "a2", "b1", "b2", "c1", "c2", "boss1", "xy"}
	slot, who := r.slot(), r.one(people...)
	if worker := r.worker(slot); worker != "" && r.rand.IntN(5) > 0 {
		who = worker
	}
	other := r.one(people...)
	line := r.one(
		"claim "+slot, "claim "+slot, "begin "+slot, "draft "+slot, "release "+slot, "transfer "+slot+" "+other,
		"transfer "+slot+" "+other+" office", "transfer "+slot+" "+other+" keep", "delegate "+slot+" "+other,
		"add "+r.one("before", "after", "beside")+" "+slot+" "+r.one(other, "c", other+",c")+" "+
			r.one("", "", "any", "all-at-end", "in-order", "1/2", ">1/2"),
		"remove "+slot, "remove "+slot+" office", "after "+r.one("1m", "3m"),
		slot+" "+r.one("approved", "approved", "rejected", "maybe"),
	)
	return "as " + who + " " + strings.TrimSpace(line)
}

func (r *restless) worker(slot string) string {
	for _, a := range r.s.s.Acts {
		for _, s := range a.Slots {
			if fmt.Sprintf("v#%d", s.ID) == slot {
				return s.Worker()
			}
		}
	}
	return ""
}

// keepsPromises does, on a copy, what somebody may do with a task, and what he may not: that is refused as it was told.
func (r *restless) keepsPromises() {
	r.t.Helper()
	c := core.Context{Now: r.s.now, Staff: team{}, Series: r.s.series}
	who := team{}.Everyone()[r.rand.IntN(8)]
	for _, a := range r.s.s.Acts {
		for _, slot := range a.Slots {
			for _, p := range core.TaskActs(r.s.p, r.s.s, c, slot.ID, who, false) {
				in := map[core.Act]core.Input{
					core.ActClaim: core.Claim{Actor: who, Slot: slot.ID}, core.ActStart: core.StartWork{Actor: who, Slot: slot.ID},
					core.ActRelease:  core.Release{Actor: who, Slot: slot.ID},
					core.ActDraft:    core.SaveDraft{Actor: who, Slot: slot.ID},
					core.ActComplete: core.Complete{Actor: who, Slot: slot.ID, Answer: core.Rejected},
				}[p.Act]
				if in == nil || p.Why != nil && p.Why.Code == core.AlreadyDone {
					continue
				}
				out := core.Step(r.s.p, r.s.s.Clone(), in, c)
				if (out.Rejection == nil) != (p.Why == nil) || p.Why != nil && out.Rejection.Code != p.Why.Code {
					r.t.Fatalf("%s may %s: %v, and it came to %v", who.ID, p.Act, p.Why, out.Rejection)
				}
			}
		}
	}
}

// finish lets everybody approve what he may until the step is decided. Who has signed and holds another signature that
// somebody else could give must give that back.
func (r *restless) finish() {
	r.t.Helper()
	for range 4 * 100 {
		if r.s.s.Status != core.Running {
			return
		}
		if !r.approveOne() && !r.releaseOne() {
			r.t.Fatalf("nobody can go on:\n%s", r.s.signers("v"))
		}
	}
	r.t.Fatalf("it does not end:\n%s", r.s.signers("v"))
}

// approveOne lets the first who may approve do so.
func (r *restless) approveOne() bool {
	c := core.Context{Now: r.s.now, Staff: team{}, Series: r.s.series}
	for _, a := range r.s.s.Acts {
		for _, slot := range a.Slots {
			for _, who := range (team{}).Everyone() {
				if core.MayDo(r.s.p, r.s.s, c, slot.ID, who) == nil {
					r.s.step(r.t, core.Complete{Actor: who, Slot: slot.ID, Answer: core.Approved})
					return true
				}
			}
		}
	}
	return false
}

func (r *restless) releaseOne() bool {
	for _, a := range r.s.s.Acts {
		for _, slot := range a.Slots {
			if slot.State == core.SlotStarted || slot.State == core.SlotClaimed {
				r.s.step(r.t, core.Release{Actor: *slot.Holder, Slot: slot.ID})
				return true
			}
		}
	}
	return false
}
