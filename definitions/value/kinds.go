package value

// kindNames are the words of the language, by kind.
var kindNames = [...]string{
	Text: "text", Note: "note", Phone: "phone", IDNumber: "id-number", Address: "address", Email: "email",
	Choice: "choice", Post: "post", Choices: "choices", Checklist: "checklist", Texts: "texts", People: "people",
	YesNo: "yes-no", Count: "count", Number: "number", Moment: "moment", Date: "date", Month: "month",
	Duration: "duration", Worktime: "worktime", Cash: "money", Human: "person", UnitKind: "unit", File: "file",
	Photo: "photo", Signature: "signature", RecordKind: "record", TableKind: "table",
}

// String is the kind as an author writes it: "yes-no".
func (k Kind) String() string {
	if int(k) < len(kindNames) && kindNames[k] != "" {
		return kindNames[k]
	}
	return "unknown"
}

// KindNamed finds the kind that an author wrote as name; records and tables have no name to write.
func KindNamed(name string) (Kind, bool) {
	for k := Text; k < RecordKind; k++ {
		if kindNames[k] == name {
			return k, true
		}
	}
	return 0, false
}

// IsText tells kinds whose Go value is a free text.
func (k Kind) IsText() bool { return k >= Text && k <= Email }

// IsAttachment tells kinds whose Go value is an [Attachment].
func (k Kind) IsAttachment() bool { return k == File || k == Photo || k == Signature }

// IsTime tells kinds whose Go value is a time.Time.
func (k Kind) IsTime() bool { return k == Moment || k == Date || k == Month }
