package core_test

import (
	"strings"

	"github.com/guicheng/guicheng/definitions/value"
	"github.com/guicheng/guicheng/engine/core"
)

// actor takes `as NAME` and `for NAME` off an act: who does it, and in whose stead.
func (s *story) actor(line string) (value.Person, string) {
	who := value.Person{ID: "all", Name: "all", Posts: []string{"a", "b", "c", "boss"}}
	if rest, ok := strings.CutPrefix(line, "as "); ok {
		name, act, _ := strings.Cut(rest, " ")
		who, _ = team{}.Person(name)
		line = act
	}
	s.standsFor = nil
	if rest, ok := strings.CutPrefix(line, "for "); ok {
		name, act, _ := strings.Cut(rest, " ")
		owner, _ := team{}.Person(name)
		s.standsFor, line = &owner, act
	}
	return who, line
}

// saying reads `urge TEXT`, `copy NAME,NAME TEXT` and `comment TEXT`.
func saying(who value.Person, verb, arg string) core.Input {
	switch verb {
	case "urge":
		return core.Urge{Actor: who, Text: arg}
	case "copy":
		names, text, _ := strings.Cut(arg, " ")
		var to []value.Person
		for id := range strings.SplitSeq(names, ",") {
			to = append(to, value.Person{ID: id, Name: id})
		}
		return core.CopyCase{Actor: who, To: to, Text: text}
	case "leave": // `leave FROM TO`: all that is FROM's becomes TO's
		from, to, _ := strings.Cut(arg, " ")
		a, _ := team{}.Person(from)
		b, _ := team{}.Person(to)
		return core.HandOver{Actor: who, From: a, To: b}
	case "staff": // the office's people have changed
		return core.StaffChanged{Actor: who}
	case "comment":
		return core.Comment{Actor: who, Text: arg}
	}
	return nil
}
