package definitions

import (
	"strings"
	"testing"
)

// tableOf is a procedure whose one decision table has these lines.
func tableOf(lines string) string {
	return `procedure: p
title: T
manager: supervisor
settings: {limit: {title: T, type: money, value: 100.00}}
data:
  kind: {title: T, type: choice, options: {person: P, company: C, vehicle: V}}
  plate: {title: T, type: text, when: kind == 'vehicle'}
  dry: {title: T, type: yes-no, when: kind == 'company'}
  amount: {title: T, type: money, min: 0}
  free: {title: T, type: money}
  share: {title: T, type: number, min: 0, max: 1}
  day: {title: T, type: date}
  urgent: {title: T, type: yes-no}
  name: {title: T, type: text}
  wants: {title: T, type: choices, options: {heat: H, water: W}}
  level: {title: T, type: choice, options: {low: L, high: H}}
  fee: {title: T, type: money, max: 500}
  count: {title: T, type: count}
  sum: {title: T, type: count, value: count + 1}
  list: {title: T, type: choices, options: {a: A, b: B}}
start: {by: gate, form: [kind, plate, dry, amount, free, share, day, urgent, name, wants, count]}
steps:
  - step: table
    title: T
    decide:
` + indented(lines) + "\n"
}

func indented(lines string) string { return "      " + strings.ReplaceAll(lines, "\n", "\n      ") }

// decisionTables are tables, each with what the check must say of it; nothing = it is sound.
var decisionTables = map[string]struct{ table, want string }{
	"gap between numbers": {
		"inputs: [amount]\noutputs: [level]\nrows: [['< 5000', low], ['> 5000', high]]",
		"table-gap: amount = 5000.00 takes no row of T (table)"},
	"gap before the first": {
		"inputs: [free]\noutputs: [level]\nrows: [['0..', low]]", "table-gap: free = -0.01 takes no row of T (table)"},
	"no gap below the least": {"inputs: [amount]\noutputs: [level]\nrows: [['0..', low]]", ""},
	"touching intervals": {
		"inputs: [amount]\noutputs: [level]\nrows: [['[0..10)', low], ['[10..20]', high], ['> 20', low]]", ""},
	"no cent between": {
		"inputs: [amount]\noutputs: [level]\nrows: [['..9.99', low], ['10..', high]]", ""},
	"overlap": {
		"inputs: [amount, kind]\noutputs: [level]\nrows: [['..10', '-', low], ['10..', '-', high]]",
		"rows-overlap: amount = 10.00 takes rows 1 and 2"},
	"gap of two": {
		"inputs: [kind, urgent]\noutputs: [level]\nrows: [[person, '-', low], [not(person), yes, high]]",
		"table-gap: kind = company and urgent = no takes no row of T (table)"},
	"never reached": {
		"hit: first\ninputs: [kind]\noutputs: [level]\nrows: [[[person, company], low], [vehicle, low], [person, high]]",
		"row-never: row 3 is never reached: the rows before it take all that it takes"},
	"covered by two": {
		"hit: first\ninputs: [share]\noutputs: [level]\nrows: [['< 0.5', low], ['>= 0.5', high], ['0.2..0.7', low]]",
		"row-never: row 3 is never reached: the rows before it take all that it takes"},
	"beyond the bounds": {
		"inputs: [share]\noutputs: [level]\nrows: [['..1', low], ['> 1', high]]",
		"row-never: row 2 can never fit: no value that comes here lies in all its cells"},
	"gap between fractions": {
		"inputs: [share]\noutputs: [level]\nrows: [['< 0.5', low], ['> 0.6', high]]",
		"table-gap: share = 0.5 takes no row of T (table)"},
	"dates": {
		"inputs: [day]\noutputs: [level]\nrows: [['< 2026-01-01', low], ['> 2026-01-01', high]]",
		"table-gap: day = 2026-01-01 takes no row of T (table)"},
	"texts": {
		"inputs: [name]\noutputs: [level]\nrows: [[甲, low], [乙, high]]",
		"table-gap: name = any other text takes no row of T (table)"},
	"lists": {
		"inputs: [wants]\noutputs: [level]\nrows: [[heat, low], [not(heat), high]]", ""},
	"any says the same": {
		"hit: any\ninputs: [amount]\noutputs: [level]\nrows: [['..10', low], ['5..', low]]", ""},
	"any says something else": {
		"hit: any\ninputs: [amount]\noutputs: [level]\nrows: [['..10', low], ['5..', high]]",
		"rows-overlap: amount = 5.00 takes rows 1 and 2"},
	"else closes it": {
		"inputs: [amount]\noutputs: [level]\nrows: [['< 5000', low]]\nelse: [high]", ""},
	"a setting": {
		"inputs: [amount]\noutputs: [level]\nrows: [['< settings.limit', low], ['>= settings.limit', high]]", ""},
	"a setting, and a value beside it": {
		"inputs: [amount]\noutputs: [level]\nrows: [['< settings.limit', low], ['>= 1', high]]",
		"table-open: it depends on settings whether amount = 0.99 takes a row of T (table)"},
	"asked only sometimes": {
		"inputs: [plate]\noutputs: [level]\nrows: [[A1, low]]\nelse: [high]",
		"may-be-empty: plate may still be empty here: it is asked only when kind == 'vehicle'"},
	"asks for the empty": {
		"inputs: [plate]\noutputs: [level]\nrows: [[empty, low], [not(empty), high]]", ""},
	"empty as the facts have it": {
		"inputs: [kind, dry]\noutputs: [level]\nrows: [[company, yes, low], [company, no, high], " +
			"[not(company), empty, low]]",
		""},
	"an amount too large": {
		"inputs: [kind]\noutputs: [fee]\nrows: [['-', 501]]",
		"wrong-cell: fee is set here: \"501\" does not fit: max 500"},
	"an unknown option": {
		"inputs: [kind]\noutputs: [level]\nrows: [[persons, low]]",
		"wrong-cell: kind is compared here: persons is none of its options"},
	"a text for an amount": {
		"inputs: [amount]\noutputs: [level]\nrows: [[cheap, low]]",
		"wrong-cell: amount is compared here: money is written"},
	"an empty interval": {
		"inputs: [amount]\noutputs: [level]\nrows: [['[10..5]', low]]", "wrong-cell: nothing lies in [10..5]"},
	"too few cells": {
		"inputs: [kind, urgent]\noutputs: [level]\nrows: [[person, low]]",
		"wrong-row: row 1 has 2 cells, and the table 2 inputs and 1 outputs"},
	"a sum of choices": {
		"hit: sum\ninputs: [kind]\noutputs: [level]\nrows: [[person, low]]",
		"not-for-type: hit: sum does not make a choice"},
	"a computed output": {
		"inputs: [kind]\noutputs: [sum]\nrows: [['-', 1]]", "computed-field: sum is computed: it cannot be set"},
	"a list of one":       {"hit: collect\ninputs: [kind]\noutputs: [list]\nrows: [[person, a], ['-', b]]", ""},
	"a formula in a cell": {"inputs: [kind]\noutputs: [fee]\nrows: [['-', '=amount']]", ""},
	"a formula that lacks": {"inputs: [kind]\noutputs: [fee]\nrows: [['-', '=amuont']]",
		"unknown-name: there is no name amuont"},
	"a way for no outcome": {
		"inputs: [kind]\noutputs: [outcome]\nrows: [[person, in], [not(person), out]]",
		"no-way: table has several outcomes and does not say where each leads"},
	"something computed": {
		"inputs: [count * 2]\noutputs: [level]\nrows: [['< 10', low], ['> 10', high]]",
		"table-gap: count * 2 = 10 takes no row of T (table)"},
}

func TestDecisionTablesAreChecked(t *testing.T) {
	t.Parallel()
	for name, test := range decisionTables {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, problems := Compile(officeFiles("p.yaml", tableOf(test.table)))
			var got []string
			for _, p := range withoutTranslations(problems) {
				if p.Code != "never-filled" { // the data is not all used
					got = append(got, p.Code+": "+p.Message)
				}
			}
			all := strings.Join(got, "\n")
			if test.want == "" && all != "" || !strings.Contains(all, test.want) || len(got) > 1 {
				t.Errorf("got %q, want %q", all, test.want)
			}
		})
	}
}

// TestWrongOutputOfWhatIsCompensated finds the error, although the values of the step would be kept.
func TestWrongOutputOfWhatIsCompensated(t *testing.T) {
	t.Parallel()
	text := tableOf("inputs: [urgent]\noutputs: [nothing]\nrows: [[yes, 1], [no, 2]]") +
		"    compensate: back\n  - {step: back, title: T}\n"
	_, problems := Compile(officeFiles("p.yaml", text))
	for _, p := range problems {
		if p.Code == "unknown-field" || p.Code == "unknown-name" {
			return
		}
	}
	t.Errorf("the output that there is not is not told: %v", problems)
}
