package definitions

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/guicheng/guicheng/definitions/formula"
)

// Task is work for a person.
type Task struct {
	By      Who
	Form    *Form
	Sign    Sign
	Ratio   *big.Rat       // of SignRatio: the share of the weight that must approve
	More    bool           // of SignRatio: more than the share must approve, not just as much
	Weight  *formula.Value // what the signature of `signer` counts; nil = by Weights
	Weights []PostWeight   // what the signature of a post counts; of one that is not listed: 1
	Answers []Outcome      // the buttons; empty = one plain "done"
	Checks  []*Check
	Allow   *formula.Guard // who of the candidates may do it; nil = each
	Sights  *Sights        // what Allow may find, as the check has found; nil = it was not looked at
	Note    string
	Recall  bool // who did it may take it back while nobody has gone on from it

	Self     Self
	Nobody   Nobody
	Declared bool // nobody was written: the author has said what happens then
	Stead    Who  // of NobodyPost: who does it then
	Again    Again
	Skip     string         // the answer that a skipped task counts as; "" for a task without answers
	Priority *formula.Value // a whole number; nil = 0

	Transfer     Permit // to whom its holder may give it for good
	Delegate     Permit // who may work on it for its holder
	AddSigner    Permit // who may be asked to sign as well
	RemoveSigner Permit // who of the signers may take out others
}

// Mode is the way in which the task's own signatures make one answer.
func (t *Task) Mode() Mode { return Mode{Sign: t.Sign, Ratio: t.Ratio, More: t.More} }

// Skippable tells whether the task may pass without anybody being asked, and without its form.
func (t *Task) Skippable() bool { return t.Self == SelfSkip || t.Nobody == NobodySkip }

// several tells whether more than one person may fill in its form.
func (t *Task) several() bool {
	return t.Sign != SignNone || t.AddSigner.Kind != PermitUsual && t.AddSigner.Kind != PermitNone
}

// Sign says how several signatures make one answer.
type Sign uint8

// The sign modes. SignNone is one task for whoever of the candidates takes it.
const (
	SignNone     Sign = iota
	SignAll           // all must approve; the first rejection ends it
	SignAny           // the first answer decides
	SignInOrder       // one after another, in the order of the list
	SignRatio         // as much of the weight as the ratio says must approve
	SignAllAtEnd      // all must approve; counted when all have answered
)

// Mode is a sign mode with its ratio. Its text is that of the API: all, all-at-end, any, in-order, 2/3, >1/2.
type Mode struct {
	Sign  Sign
	Ratio *big.Rat
	More  bool
}

var modeNames = map[Sign]string{
	SignNone: "", SignAll: "all", SignAny: "any", SignInOrder: "in-order", SignAllAtEnd: "all-at-end",
}

// String gives the mode's text.
func (m Mode) String() string {
	switch {
	case m.Sign != SignRatio:
		return modeNames[m.Sign]
	case m.More:
		return ">" + m.Ratio.RatString()
	}
	return m.Ratio.RatString()
}

// ParseMode reads the text of a sign mode; "" is not one.
func ParseMode(text string) (Mode, error) {
	for _, sign := range []Sign{SignAll, SignAny, SignInOrder, SignAllAtEnd} {
		if modeNames[sign] == text {
			return Mode{Sign: sign}, nil
		}
	}
	share, more := strings.CutPrefix(text, ">")
	ratio, err := parseRatio(share, more)
	if err != nil {
		return Mode{}, fmt.Errorf("all, all-at-end, any, in-order, a share as 2/3, or more than a share as >1/2: %w", err)
	}
	return Mode{Sign: SignRatio, Ratio: ratio, More: more}, nil
}

// maxRatio is how long a share or a weight may be written, in letters: it is computed with exactly.
const maxRatio = 20

// parseRatio reads 2/3, 0.6 or 60%.
func parseRatio(text string, more bool) (*big.Rat, error) {
	number, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	ratio, ok := new(big.Rat), false
	if len(number) <= maxRatio && !strings.ContainsAny(number, "eEpPxX_") {
		ratio, ok = ratio.SetString(number)
	}
	if !ok {
		return nil, fmt.Errorf("%s is no share: write 2/3, 0.6 or 60%%", clipped(text))
	}
	if percent {
		ratio.Quo(ratio, big.NewRat(100, 1))
	}
	switch whole := ratio.Cmp(big.NewRat(1, 1)); {
	case ratio.Sign() < 0, ratio.Sign() == 0 && !more:
		return nil, fmt.Errorf("a share of %s: nobody would have to approve", clipped(text))
	case whole > 0, whole == 0 && more:
		return nil, fmt.Errorf("a share of %s: more than all cannot approve", clipped(text))
	}
	return ratio, nil
}

// PostWeight is what the signature of a post counts.
type PostWeight struct {
	Post   string
	Weight *big.Rat
}

// Self says what happens when only the starter of the case could do a task.
type Self uint8

// The answers to that. Unless it is SelfAllow, the starter does not do it where somebody else could.
const (
	SelfAllow    Self = iota
	SelfSkip          // it is skipped; of several signers he is left out
	SelfSuperior      // those above him do it
)

// Nobody says what happens when nobody is there to do a task.
type Nobody uint8

// The answers to that.
const (
	NobodyIncident Nobody = iota
	NobodySkip            // it is skipped; of several signers that one is left out
	NobodyPost            // Task.Stead does it
)

// Again says what happens when somebody who has approved before would have to approve again.
type Again uint8

// The answers to that.
const (
	AgainAsk         Again = iota
	AgainOnce              // who approved once in the case has approved here, too
	AgainConsecutive       // only where that was the step just before, or the signature just before
)

// PermitKind is one way in which a Permit is given.
type PermitKind uint8

// The kinds of permits.
const (
	PermitUsual PermitKind = iota // nothing was said: what is usual for the act
	PermitAll                     // anybody of the office
	PermitNone
	PermitSome // those whom Who names
)

// Permit says with whom an act on a task may be done.
type Permit struct {
	Kind PermitKind
	Who  Who
}
