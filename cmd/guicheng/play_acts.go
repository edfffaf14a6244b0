package main

import (
	"slices"
	"strconv"
	"strings"

	"github.com/guicheng/guicheng/definitions"
	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// moreActs tells what can be done with a task besides doing it.
const moreActs = `  begin 1                       begin to work on task 1
  transfer 1 li                 give it to li for good
  delegate 1 li                 let li work on it; it comes back
  add 1 before li,boss any      ask people or posts to sign before, after or beside; how they decide
  remove 1 li                   take li out of those who sign
`

// verbsOnTask are the words of moreActs, and what they are called in scenarios.
var verbsOnTask = map[string]string{
	"begin": "begins", "transfer": "transfers", "delegate": "delegates", "add": "adds_signers",
	"remove": "removes_signer",
}

// onTask does one of moreActs. It reports whether the line was one.
func (t *table) onTask(word, rest string, list []choice) (bool, error) {
	if word == "?" {
		t.say("%s", moreActs)
		return true, nil
	}
	verb, ok := verbsOnTask[word]
	if !ok {
		return false, nil
	}
	args := strings.Fields(rest)
	n := 0
	if len(args) > 0 {
		n, _ = strconv.Atoi(args[0])
	}
	if n < 1 || n > len(list) {
		t.say("! which task? %s 1 …, up to %d\n", word, len(list))
		return true, nil
	}
	act, wrong := actOf(verb, args[1:])
	if wrong != "" {
		t.say("! %s\n%s", wrong, moreActs)
		return true, nil
	}
	return true, t.handOver(list[n-1], act)
}

// actOf reads the rest of a line of moreActs; wrong says what is missing.
func actOf(verb string, args []string) (act *definitions.Act, wrong string) {
	act = &definitions.Act{Verb: verb}
	if verb == "adds_signers" {
		if len(args) < 2 {
			return nil, "when, and whom?"
		}
		act.SignPlace, args = args[0], args[1:]
		if len(args) > 1 {
			mode, err := definitions.ParseMode(args[1])
			if err != nil {
				return nil, err.Error()
			}
			act.Sign = mode
		}
	}
	if verb == "begins" {
		return act, ""
	}
	if len(args) == 0 {
		return nil, "whom?"
	}
	act.Whom = strings.Split(args[0], ",")
	return act, ""
}

// handOver does an act by whoever has the task, or else by the first who may take it, who takes it by that.
func (t *table) handOver(o choice, act *definitions.Act) error {
	who, ok := t.world.People.Person(o.task.Holder)
	if !ok && len(o.who) > 0 {
		who = o.who[0]
	}
	if who.ID == "" || t.as != "" && t.as != who.ID {
		t.say("! not yours: %s\n", o.task.Step)
		return nil
	}
	if o.task.Holder == "" {
		if r, err := t.world.Act(o.c, core.StartWork{Actor: who, Slot: o.task.Slot}); r != nil || err != nil {
			t.refused(o.c.Procedure, r, nil)
			return err
		}
	}
	if act.Verb == "begins" {
		return nil
	}
	if wrong := t.unknown(act.Whom); wrong != "" {
		t.say("! there is nobody called %s\n", wrong)
		return nil
	}
	r, err := t.world.Act(o.c, t.world.OnTask(o.c, act, who, o.task.Slot))
	t.refused(o.c.Procedure, r, nil)
	return err
}

// unknown is the first of a list that is neither a person nor a post; "" = all are known.
func (t *table) unknown(list []string) string {
	for _, id := range list {
		_, person := t.world.People.Person(id)
		if !person && !holdsPost(t.world.People.Everyone(), id) {
			return id
		}
	}
	return ""
}

func holdsPost(people []value.Person, post string) bool {
	for _, p := range people {
		if slices.Contains(p.Posts, post) {
			return true
		}
	}
	return false
}
