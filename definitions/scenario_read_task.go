package definitions

import "slices"

// goesWith lists the keys that may stand beside what an act does, but for who does it and how it is refused.
func goesWith(verb string) []string {
	switch verb {
	case "starts":
		return []string{"fill", "each", "message"}
	case "sends", "adds":
		return []string{"fill"}
	case "does":
		return []string{"for", "row", "answer", "fill"}
	case "drafts":
		return []string{"for", "row", "fill"}
	case "claims", "releases", "begins", "recalls":
		return []string{"for", "row"}
	case "transfers", "delegates", "removes_signer":
		return []string{"for", "row", "whom"}
	case "adds_signers":
		return []string{"for", "row", "whom", "place", "sign"}
	case "returns":
		return []string{"for", "row", "to", "mode"}
	case "called":
		return []string{"row", "ends", "gives"}
	case "recorded":
		return []string{"ends", "gives"}
	case "answered":
		return []string{"row", "ends", "gives", "status"}
	case "failed":
		return []string{"row", "error", "final"}
	}
	return nil
}

// fitting refuses keys that mean nothing beside what an act does: they would be passed over in silence.
func fitting(n *node, verb string, deed bool) {
	keys := append(goesWith(verb), verb)
	switch {
	case deed:
		keys = append(keys, "who", "refused", "says", "at")
	case slices.Contains([]string{"called", "answered", "failed"}, verb):
		keys = append(keys, "refused", "says", "at")
	}
	for _, e := range n.pairs() {
		if !slices.Contains(keys, e.key.text) && shapeNamed("act").key(e.key.text) != nil {
			e.key.fault("act", "", "%s does not go with %s", e.key.text, verb)
		}
	}
}

// whom reads to whom a task goes, or who is to sign as well.
func (r *playReader) whom(n *node, act *Act) {
	if !slices.Contains(goesWith(act.Verb), "whom") {
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
	if act.Verb != "returns" {
		return
	}
	to := n.get("to")
	if to == nil {
		n.fault("act", "write to: and a step", "it is not said to which step %s returns it", act.Who)
	} else if r.step(to) != nil {
		act.To = to.str()
	}
	act.Straight = n.get("mode").str() == "straight"
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
