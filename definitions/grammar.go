package definitions

// The grammar of the procedure language is data: the reader checks files against it, the JSON Schema is generated
// from it, and nothing else says which key may stand where.
//
// A root names the form of a whole document. A form is one way in which a value may be written; where several forms
// are listed, any of them will do. A shape is a mapping with fixed keys; a form of kind kindShape names it. A form of
// kind kindEntries is a mapping with free keys (their kind is form.key) whose values have one of form.each; a form of
// kind kindList is a list whose items have one of form.each. All other kinds are scalars.

// formKind says what a value is.
type formKind uint8

const (
	kindTitle   formKind = iota + 1 // text for people, in the office's language; translated
	kindText                        // text that is not translated: a pattern, a literal value
	kindID                          // a name of steps, ends, posts …: kebab-case
	kindName                        // a name in data or settings: snake_case
	kindPath                        // a full name in data: matter.what
	kindGuard                       // CEL: true or false
	kindWhen                        // CEL: a duration or a moment
	kindValue                       // Expr: a value
	kindTest                        // CEL: something that is compared
	kindCell                        // a cell of a decision table
	kindWho                         // a post, or = and an Expr text
	kindPaper                       // text with {{Expr}} parts
	kindYesNo                       // true or false
	kindCount                       // a whole number
	kindSpan                        // a literal duration: 30d
	kindSeries                      // the pattern of a running number
	kindVersion                     // sunshine/complaint@3, newest
	kindWord                        // one of form.words
	kindList                        // a list of form.each
	kindEntries                     // a mapping from form.key to form.each
	kindShape                       // a mapping of the shape form.shape
	kindFree                        // any value at all
)

// form is one way in which a value may be written.
type form struct {
	kind  formKind
	words []string // of kindWord
	key   formKind // of the keys of kindEntries
	each  []form   // of the items of kindList, of the values of kindEntries
	shape string   // of kindShape
}

// key is one entry that a shape may have.
type key struct {
	name     string
	doc      string // one line
	required bool
	varied   bool // only in a procedure that extends another
	forms    []form
}

// shape is a mapping with fixed keys.
type shape struct {
	name  string
	doc   string
	marks []string // where a mapping may also have free keys: it is this shape when it has one of these
	keys  []key
}

// root is the form of one kind of file.
type root struct {
	name  string // procedure, office, holidays, texts, scenarios, load
	files string // which files
	form  form
}

var roots = []root{
	{"procedure", "<procedure>.yaml", mapOf("procedure")},
	{"office", "office.yaml", mapOf("office")},
	{"holidays", "holidays.<year>.yaml", mapOf("holidays")},
	{"texts", "texts.<language>.yaml", entriesOf(kindText, scalar(kindText))},
	{"scenarios", "<procedure>.scenarios.yaml", mapOf("scenarios")},
	{"load", "load.yaml", mapOf("load")},
}

func scalar(k formKind) form                  { return form{kind: k} }
func mapOf(shape string) form                 { return form{kind: kindShape, shape: shape} }
func listOf(each ...form) form                { return form{kind: kindList, each: each} }
func entriesOf(k formKind, each ...form) form { return form{kind: kindEntries, key: k, each: each} }
func wordOf(words ...string) form             { return form{kind: kindWord, words: words} }

// oneOrMore: where a list is allowed, a single entry may stand alone.
func oneOrMore(each ...form) []form { return append(append([]form{}, each...), listOf(each...)) }

func titleForms() []form { return []form{scalar(kindTitle)} }
func whoForms() []form   { return oneOrMore(scalar(kindWho)) }
func idForms() []form    { return oneOrMore(scalar(kindID)) }
func pathForms() []form  { return oneOrMore(scalar(kindPath)) }

// grammar lists all shapes.
var grammar = slicesOf(fileShapes, dataShapes, lifeShapes, stepShapes, workShapes, paperShapes, officeShapes,
	scenarioShapes)

func slicesOf(groups ...[]shape) []shape {
	var out []shape
	for _, g := range groups {
		out = append(out, g...)
	}
	return out
}

// shapeNamed finds a shape; nil if there is none.
func shapeNamed(name string) *shape {
	for i := range grammar {
		if grammar[i].name == name {
			return &grammar[i]
		}
	}
	return nil
}

// key finds an entry of the shape; nil if it has none of that name.
func (s *shape) key(name string) *key {
	for i := range s.keys {
		if s.keys[i].name == name {
			return &s.keys[i]
		}
	}
	return nil
}

var fileShapes = []shape{
	{name: "procedure", doc: "One procedure: a YAML document of its own.", keys: []key{
		{name: "procedure", doc: "Its id, kebab-case.", required: true, forms: []form{scalar(kindID)}},
		{name: "title", doc: "Its name for people.", required: true, forms: titleForms()},
		{name: "description", doc: "What it is for, in a sentence or two: read by whoever looks for what to start.",
			forms: titleForms()},
		{name: "number", doc: "Pattern of its case numbers: 'LF{yyyy}{mm}{dd}-{n:3}'.", forms: []form{scalar(kindSeries)}},
		{name: "subject", doc: "Fields that say what a case is about, in lists of tasks and cases.", forms: pathForms()},
		{name: "manager", doc: "The post that answers for its cases.", forms: whoForms()},
		{name: "extends", doc: "A procedure that this one varies: sunshine/complaint@3.", varied: true,
			forms: []form{scalar(kindVersion)}},
		{name: "drops", doc: "In extends: what it does without: steps.<id>, documents.slip, data.host.phone.", varied: true,
			forms: oneOrMore(scalar(kindText))},
		{name: "settings", doc: "Constants that an office changes without a new version.",
			forms: []form{entriesOf(kindName, mapOf("setting"))}},
		{name: "data", doc: "What a case knows.", forms: []form{entriesOf(kindName, mapOf("field"))}},
		{name: "messages", doc: "What can come to a running case.", forms: []form{entriesOf(kindID, mapOf("message"))}},
		{name: "start", doc: "How a case begins.", required: true, forms: oneOrMore(mapOf("start"))},
		{name: "events", doc: "What is done when something comes, while the case runs.", forms: oneOrMore(mapOf("event"))},
		{name: "ends", doc: "The outcomes of a case; absent: one end, done.", forms: endForms()},
		{name: "steps", doc: "The numbered list.", required: true, forms: stepForms()},
		{name: "documents", doc: "Papers printed from the data.", forms: []form{entriesOf(kindID, mapOf("document"))}},
		{name: "registers", doc: "Books: views over the cases.", forms: []form{entriesOf(kindID, mapOf("register"))}},
		{name: "calendar", doc: "The calendar of the office by which its working time is counted; absent: the first.",
			forms: []form{scalar(kindID)}},
		{name: "within", doc: "The clock of the whole case.", forms: []form{scalar(kindWhen)}},
		{name: "timeouts", doc: "What is done when time passes, in the whole case.", forms: oneOrMore(mapOf("timeout"))},
		{name: "again", doc: "When somebody who has approved before would be asked again; a task may say otherwise.",
			forms: againForms()},
		{name: "revoke", doc: "The starter may end his case, until this step is done.", forms: []form{mapOf("revoke")}},
		{name: "pause_clocks", doc: "The clocks of a suspended case stand still.", forms: []form{scalar(kindYesNo)}},
		{name: "rules", doc: "The rules of the office that it keeps.", forms: oneOrMore(scalar(kindText))},
	}},
	{name: "revoke", doc: "Until when the starter may end his case.", keys: []key{
		{name: "until", doc: "Not any more once this step is done.", required: true, forms: []form{scalar(kindID)}},
	}},
	{name: "setting", doc: "A constant; frozen in a case at its start.", keys: []key{
		{name: "title", doc: "Its name for people.", required: true, forms: titleForms()},
		{name: "type", doc: "Its type, as of a field.", required: true, forms: []form{scalar(kindID)}},
		{name: "value", doc: "Its value until an office changes it.", required: true,
			forms: []form{scalar(kindText), listOf(scalar(kindText))}},
		{name: "options", doc: "Of a choice: id and title of each.", forms: optionForms()},
		{name: "min", doc: "The least value allowed.", forms: []form{scalar(kindText)}},
		{name: "max", doc: "The greatest value allowed.", forms: []form{scalar(kindText)}},
		{name: "pattern", doc: "Regular expression that a text matches as a whole.", forms: []form{scalar(kindText)}},
		{name: "hint", doc: "Shown beside the field.", forms: titleForms()},
	}},
}

func stepForms() []form { return []form{listOf(mapOf("step"))} }
func undoForms() []form { return append(idForms(), wordOf("block", "all")) }
func endForms() []form  { return []form{entriesOf(kindID, scalar(kindTitle), mapOf("end"))} }
func optionForms() []form {
	return []form{entriesOf(kindID, scalar(kindTitle)), listOf(scalar(kindID))}
}

var dataShapes = []shape{
	{name: "field", doc: "A field, a record (fields) or a table (each, rows).", keys: []key{
		{name: "title", doc: "Its name for people.", forms: titleForms()},
		{name: "type", doc: "text, note, choice, count, moment … or a type of the office.", forms: []form{scalar(kindID)}},
		{name: "when", doc: "Asked only if this holds.", forms: []form{scalar(kindGuard)}},
		{name: "value", doc: "Computed from this; read only.", forms: []form{scalar(kindValue)}},
		{name: "default", doc: "What a form begins with, where there is no value yet.", forms: []form{scalar(kindValue)}},
		{name: "check", doc: "What its value must meet.", forms: oneOrMore(mapOf("check"))},
		{name: "private", doc: "Personal data: masked in lists, exports and logs.", forms: []form{scalar(kindYesNo)}},
		{name: "searchable", doc: "Cases are found by its value.", forms: []form{scalar(kindYesNo)}},
		{name: "options", doc: "Of a choice: id and title of each.", forms: optionForms()},
		{name: "min", doc: "The least value, length or number of rows.", forms: []form{scalar(kindText)}},
		{name: "max", doc: "The greatest value, length or number of rows.", forms: []form{scalar(kindText)}},
		{name: "pattern", doc: "Regular expression that a text matches as a whole.", forms: []form{scalar(kindText)}},
		{name: "hint", doc: "Shown beside the field.", forms: titleForms()},
		{name: "places", doc: "Decimals of a number.", forms: []form{scalar(kindCount)}},
		{name: "fields", doc: "Makes it a record: its fields.", forms: []form{entriesOf(kindName, mapOf("field"))}},
		{name: "each", doc: "Makes it a table: the name of one row.", forms: []form{scalar(kindName)}},
		{name: "key", doc: "Of a table: what tells one row from another.", forms: []form{scalar(kindValue)}},
		{name: "rows", doc: "Of a table: its columns.", forms: []form{entriesOf(kindName, mapOf("field"))}},
	}},
	{name: "check", doc: "A condition that the values of a form must meet.", keys: []key{
		{name: "that", doc: "What must hold.", required: true, forms: []form{scalar(kindGuard)}},
		{name: "say", doc: "Shown to the person when it does not.", required: true, forms: titleForms()},
		{name: "at", doc: "The field at which it is shown.", forms: []form{scalar(kindPath)}},
	}},
}

var lifeShapes = []shape{
	{name: "message", doc: "Something that can come to a running case; with by it is a button.", keys: []key{
		{name: "title", doc: "Its name for people.", required: true, forms: titleForms()},
		{name: "by", doc: "Who may send it by hand.", forms: whoForms()},
		{name: "form", doc: "What it carries.", forms: pathForms()},
		{name: "optional", doc: "Those of form that may be left empty.", forms: pathForms()},
		{name: "key", doc: "The text that a sender from outside must give.", forms: []form{scalar(kindValue)}},
		{name: "keep", doc: "How long it waits for somebody to take it: 30d.", forms: []form{scalar(kindSpan)}},
		{name: "to", doc: "each: everybody who waits gets it.", forms: []form{wordOf("each")}},
	}},
	{name: "start", doc: "One way in which a case begins.", keys: []key{
		{name: "by", doc: "Who may start it by hand.", forms: whoForms()},
		{name: "form", doc: "To fill in, required.", forms: pathForms()},
		{name: "optional", doc: "Those of form that may be left empty.", forms: pathForms()},
		{name: "check", doc: "What the values must meet.", forms: oneOrMore(mapOf("check"))},
		{name: "schedule", doc: "Started by the calendar.", forms: []form{mapOf("schedule")}},
		{name: "message", doc: "Started by this message from outside, where no case waits for its key.",
			forms: []form{scalar(kindID)}},
		{name: "for_each", doc: "Of schedule: one case for each of this list, called each: units(), holders(\"gate\").",
			forms: []form{scalar(kindValue)}},
		{name: "set", doc: "Values computed at the start.", forms: []form{entriesOf(kindPath, scalar(kindValue))}},
	}},
	{name: "schedule", doc: "When cases begin by themselves, in the office's zone.", keys: []key{
		{name: "every", doc: "How often.", required: true,
			forms: []form{wordOf("day", "workday", "week", "month", "year")}},
		{name: "month", doc: "Of the year.", forms: []form{scalar(kindCount)}},
		{name: "day", doc: "Of the month, or of the week from Monday, 1.", forms: []form{scalar(kindCount)}},
		{name: "at", doc: "The time of day; absent: '00:00'.", forms: []form{scalar(kindText)}},
		{name: "missed", doc: "What is caught up of missed times; absent: latest.",
			forms: []form{wordOf("latest", "all", "none")}},
	}},
	{name: "end", doc: "A place where a case or block ends.", keys: []key{
		{name: "title", doc: "Its name for people.", required: true, forms: titleForms()},
		{name: "cancels", doc: "all: everything else is withdrawn.", forms: []form{wordOf("all")}},
		{name: "undo", doc: "What was done is compensated.", forms: undoForms()},
		{name: "error", doc: "It is raised where the list stands: there, events: {error: …} takes it.",
			forms: []form{scalar(kindYesNo)}},
	}},
	{name: "event", doc: "What is done when something comes or becomes true.", keys: []key{
		{name: "message", doc: "When this message comes.", forms: []form{scalar(kindID)}},
		{name: "error", doc: "When this error is raised inside; '*' is any.", forms: []form{scalar(kindText)}},
		{name: "when", doc: "When this becomes true.", forms: []form{scalar(kindGuard)}},
		{name: "to", doc: "Interrupts, and goes there.", forms: []form{scalar(kindID)}},
		{name: "also", doc: "Goes there beside what is open.", forms: []form{scalar(kindID)}},
		{name: "finish", doc: "Ends this for_each step early.", forms: []form{scalar(kindYesNo)}},
		{name: "once", doc: "At most once in a case.", forms: []form{scalar(kindYesNo)}},
		{name: "cancels", doc: "Steps that are withdrawn.", forms: idForms()},
		{name: "undo", doc: "What was done is compensated.", forms: undoForms()},
	}},
	{name: "timeout", doc: "What is done when time has passed.", keys: []key{
		{name: "after", doc: "A span from the opening of the step.", forms: []form{scalar(kindWhen)}},
		{name: "at", doc: "A moment.", forms: []form{scalar(kindWhen)}},
		{name: "every", doc: "Repeats after this span.", forms: []form{scalar(kindWhen)}},
		{name: "to", doc: "Interrupts, and goes there.", forms: []form{scalar(kindID)}},
		{name: "also", doc: "Goes there beside what is open.", forms: []form{scalar(kindID)}},
		{name: "remind", doc: "Who is told.", forms: whoForms()},
		{name: "escalate", doc: "Who may do it as well.", forms: whoForms()},
		{name: "reassign", doc: "Who does it instead.", forms: whoForms()},
		{name: "cancels", doc: "Steps that are withdrawn.", forms: idForms()},
		{name: "undo", doc: "What was done is compensated.", forms: undoForms()},
	}},
}
