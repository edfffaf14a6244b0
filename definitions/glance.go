package definitions

import (
	"path"
	"strings"

	"github.com/guicheng/guicheng/definitions/report"
)

// silent reads a file without saying what is wrong with it: Compile says it.
func silent(f File) []*document { return readFile(f, func(report.Problem) {}) }

// OfficeID gives the id in office.yaml and where it stands, also of an office that does not compile; "" if there is
// none.
func OfficeID(files []File) (string, report.Place) {
	for _, f := range files {
		if path.Base(f.Name) != "office.yaml" {
			continue
		}
		for _, d := range silent(f) {
			if id := d.root.get("office"); id.isText() {
				return id.text, id.place()
			}
		}
	}
	return "", report.Place{}
}

// CountPlays counts the plays in a file of scenarios, also of one that does not compile; 0 of any other file.
func CountPlays(f File) int {
	n := 0
	if strings.HasSuffix(f.Name, ".scenarios.yaml") {
		for _, d := range silent(f) {
			n += len(d.root.get("plays").all())
		}
	}
	return n
}
