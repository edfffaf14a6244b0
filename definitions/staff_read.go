package definitions

import "github.com/guicheng/guicheng/definitions/report"

// ReadStaff reads who holds which post from a file with `staff`, written as in scenarios: a file of scenarios will do.
func ReadStaff(office *Office, f File) ([]Player, []report.Problem) {
	var problems []report.Problem
	add := func(p report.Problem) { problems = append(problems, p) }
	r := &playReader{office: office, out: &Scenarios{}}
	for _, d := range readFile(f, add) {
		staff := d.root.get("staff")
		if staff == nil {
			d.root.fault("missing-key", "staff: {chan: desk, li: [gate, manager]}", "there is no staff in %s", f.Name)
		}
		for _, e := range staff.pairs() {
			r.player(e)
		}
		r.substitutes(staff)
	}
	return r.out.Staff, report.Sort(problems)
}
