package definitions

import "slices"

// whom reads to whom a task goes, or who is to sign as well.
func (r *playReader) whom(n *node, act *Act) {
	takes := slices.Contains([]string{"transfers", "delegates", "adds_signers", "removes_signer"}, act.Verb)
	for _, key := range []string{"whom", "place", "sign"} {
		if n.has(key) && (!takes || key != "whom" && act.Verb != "adds_signers") {
			n.keyNode(key).fault("act", "", "%s does not go with %s", key, act.Verb)
		}
	}
	if !takes {
		return
	}
	if n.get("whom") == nil {
		n.fault("act", "write whom: and a name of staff", "it is not said whom %s %s", act.Who, act.Verb)
	}
	for _, item := range n.get("whom").all() {
		act.Whom = append(act.Whom, r.playerOrPost(item, act.Verb))
	}
	if len(act.Whom) > 1 && act.Verb != "adds_signers" {
		n.get("whom").fault("act", "", "%s goes to one person", act.Verb)
	}
	if act.Verb != "adds_signers" {
		return
	}
	if act.SignPlace = n.get("place").str(); act.SignPlace == "" && !n.has("place") {
		n.fault("act", "write place: before, after or beside", "it is not said when they sign")
	}
	if sign := n.get("sign"); sign.isText() {
		mode, err := ParseMode(sign.text)
		if err != nil {
			sign.fault("wrong-value", "", "%v", err)
		}
		act.Sign = mode
	}
}

// back reads to what a case is returned.
func (r *playReader) back(n *node, act *Act) {
	if act.Verb == "returns" {
		to := n.get("to")
		if to == nil {
			n.fault("act", "write to: and a step", "it is not said to which step %s returns it", act.Who)
		} else if r.step(to) != nil {
			act.To = to.str()
		}
		act.Straight = n.get("mode").str() == "straight"
		return
	}
	for _, key := range []string{"to", "mode"} {
		if n.has(key) {
			n.keyNode(key).fault("act", "", "%s does not go with %s", key, act.Verb)
		}
	}
}

// playerOrPost gives a player's id; where signers are meant, also that of a post.
func (r *playReader) playerOrPost(n *node, verb string) string {
	if verb == "adds_signers" || verb == "removes_signer" {
		if slices.ContainsFunc(r.office.Posts, func(p Post) bool { return p.ID == n.str() }) {
			return n.str()
		}
	}
	return r.someone(n)
}
