package proof_test

import (
	"strings"
	"testing"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/engine/core"
	"github.com/guicheng/guicheng/engine/proof"
)

const head = "procedure: it\ntitle: It\nstart: {by: desk}\nends: {good: Good}\nsteps:\n" +
	"  - {step: s, title: S, choose: all, then: [x, y]}\n"

// begun starts a case and does some of its tasks.
func begun(t *testing.T, p *definitions.Procedure, steps ...string) *core.State {
	t.Helper()
	s := core.New("small", "c")
	core.Step(p, s, core.Start{Starter: &clerk}, now())
	for _, step := range steps {
		var slot core.ID
		for _, a := range s.Acts {
			if a.Step == step && a.State == core.Open {
				slot = a.Slots[0].ID
			}
		}
		if out := core.Step(p, s, core.Complete{Actor: clerk, Slot: slot}, now()); out.Rejection != nil {
			t.Fatalf("%s: %v", step, out.Rejection)
		}
	}
	return s
}

// TestWhatTheProofDoesNotCover: all that the case has is there in the other version, and from where it stands, it could
// still go wrong.
func TestWhatTheProofDoesNotCover(t *testing.T) {
	t.Parallel()
	task := func(step, then string) string {
		return "  - {step: " + step + ", title: T, task: {by: desk}, then: " + then + "}\n"
	}
	for name, x := range map[string]struct {
		old, now string
		done     []string
		want     core.ObstacleCode
		at       string
	}{
		"a branch that is over is waited for": {
			head + task("x", "stop") + task("y", "z") + task("z", "good"),
			head + task("x", "j") + task("y", "j") + "  - {step: j, title: J, join: all, then: z}\n" + task("z", "good"),
			[]string{"x"}, core.CouldBeStuck, "j",
		},
		"both branches have come to where one goes": {
			head + task("x", "stop") + task("y", "z") + "  - {step: z, title: T, join: each, task: {by: desk}, then: good}\n",
			head + task("x", "j") + task("y", "j") + "  - {step: j, title: J, join: all, then: z}\n" + task("z", "good"),
			[]string{"y"}, core.CouldBeStuck, "",
		},
		"it is where it would be anyway": {
			head + task("x", "j") + task("y", "j") + "  - {step: j, title: J, join: all, then: z}\n" + task("z", "good"),
			head + task("x", "j") + task("w", "j") + task("y", "w") + "  - {step: j, title: J, join: all, then: z}\n" +
				task("z", "good"),
			[]string{"x"}, "", "",
		},
		"another branch comes to where it is": {
			head + task("x", "z") + task("y", "stop") + task("z", "good"),
			head + task("x", "stop") + task("y", "z") + task("z", "good"),
			[]string{"x"}, core.ThreadsMeet, "z",
		},
		"a branch has come to an end, and the other may come to another one": {
			head + task("x", "good") + task("y", "stop"),
			strings.Replace(head, "{good: Good}", "{good: Good, fair: Fair}", 1) + task("x", "stop") +
				"  - {step: y, title: T, task: {by: desk, answers: {p: P, q: Q}}, then: {p: good, q: fair}}\n",
			[]string{"x"}, core.TwoOutcomes, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			old, to := proved(x.old, 1), proved(x.now, 2)
			if old == nil || to == nil {
				t.Fatal("a version is refused")
			}
			s := begun(t, old, x.done...)
			there, obstacles := core.Movable(old, s, core.Migrate{To: to}, now())
			if len(obstacles) > 0 {
				t.Fatalf("%+v", obstacles)
			}
			o := proof.NewCover(to).Covers(there)
			switch {
			case o == nil && x.want != "":
				t.Errorf("it is covered, want %s", x.want)
			case o != nil && (o.Code != x.want || x.at != "" && o.Step != x.at):
				t.Errorf("%+v, want %s at %s", *o, x.want, x.at)
			}
		})
	}
}

// TestWhatIsTooLargeIsNotCovered: where a case stands, there are more ways to go on than are looked through.
func TestWhatIsTooLargeIsNotCovered(t *testing.T) {
	t.Parallel()
	wide := head + "  - {step: x, title: T, task: {by: desk, answers: {p: P, q: Q}}, then: {p: j, q: stop}}\n" +
		"  - {step: y, title: T, task: {by: desk, answers: {p: P, q: Q}}, then: {p: j, q: good}}\n" +
		"  - {step: j, title: J, join: active, task: {by: desk}, then: good}\n"
	p := proved(strings.Replace(wide, "{good: Good}", "{good: {title: Good, cancels: all}}", 1), 1)
	if p == nil {
		t.Fatal("it is refused")
	}
	s := begun(t, p)
	if o := proof.NewCover(p).Covers(s); o != nil {
		t.Errorf("%+v, and all of it can be looked through", *o)
	}
	if o := proof.NewSmallCover(p, 2).Covers(s); o == nil || o.Code != core.CannotBeProved {
		t.Errorf("%+v, want %s", o, core.CannotBeProved)
	}
}
