package definitions

// permitForms say with whom an act may be done: true is anybody of the office, false nobody.
func permitForms() []form { return append([]form{scalar(kindYesNo)}, whoForms()...) }

func againForms() []form { return []form{wordOf("ask", "once", "consecutive")} }

// stepKinds are the keys that say what a step does; it has at most one of them, besides for_each.
var stepKinds = []string{"task", "wait", "call", "steps", "set", "request", "job", "decide", "collect", "repeat"}

// wayForms are the forms of `then`.
func wayForms() []form {
	entry := []form{scalar(kindID), mapOf("way")}
	return append(oneOrMore(entry...), entriesOf(kindID, oneOrMore(entry...)...))
}

var stepShapes = []shape{
	{name: "step", doc: "One entry of the list. Without a kind of work it is a junction.", keys: []key{
		{name: "step", doc: "Its id, kebab-case, unique in the procedure.", required: true, forms: []form{scalar(kindID)}},
		{name: "title", doc: "Its name for people.", required: true, forms: titleForms()},
		{name: "task", doc: "Work for a person.", forms: []form{mapOf("task")}},
		{name: "wait", doc: "Outcome, and what is waited for; the first wins.",
			forms: []form{entriesOf(kindID, mapOf("wait-for"))}},
		{name: "call", doc: "Runs another procedure as a case of its own.", forms: []form{mapOf("call")}},
		{name: "steps", doc: "A block.", forms: stepForms()},
		{name: "ends", doc: "Of a block: its outcomes.", forms: endForms()},
		{name: "set", doc: "Computes values.", forms: []form{entriesOf(kindPath, scalar(kindValue))}},
		{name: "request", doc: "Asks another system and waits.", later: true, forms: []form{mapOf("request")}},
		{name: "job", doc: "Work that a worker fetches.", later: true, forms: []form{mapOf("request")}},
		{name: "decide", doc: "A decision table.", forms: []form{mapOf("decide")}},
		{name: "collect", doc: "Takes lines of a register.", later: true, forms: []form{mapOf("collect")}},
		{name: "repeat", doc: "Runs steps again and again.", forms: []form{mapOf("repeat")}},
		{name: "for_each", doc: "Runs the step once for each row.", forms: []form{mapOf("for-each")}},
		{name: "join", doc: "What it waits for before it opens.", forms: []form{
			wordOf("each", "all", "active", "first"), mapOf("join")}},
		{name: "choose", doc: "How many ways are taken.", forms: []form{wordOf("one", "all", "first-event")}},
		{name: "then", doc: "Where it goes on; absent: the next in the list.", forms: wayForms()},
		{name: "within", doc: "Its clock, shown to all who work inside.", forms: []form{scalar(kindWhen)}},
		{name: "timeouts", doc: "What is done when time passes.", forms: oneOrMore(mapOf("timeout"))},
		{name: "events", doc: "What is done when something comes.", forms: oneOrMore(mapOf("event"))},
		{name: "issues", doc: "Papers made when it completes.", forms: append(idForms(), entriesOf(kindID, idForms()...))},
		{name: "cancels", doc: "Steps that are withdrawn when it completes.", forms: idForms()},
		{name: "returnable", doc: "false: nobody returns to it once it is done.", forms: []form{scalar(kindYesNo)}},
		{name: "exclusive", doc: "Never at the same time as others of this name.",
			forms: []form{scalar(kindID)}},
		{name: "only_while", doc: "Offered only while this holds.", forms: []form{scalar(kindGuard)}},
		{name: "compensate", doc: "The step that undoes it.", forms: []form{scalar(kindID)}},
		{name: "any_order", doc: "Its steps may be done in any order, one at a time.",
			forms: []form{scalar(kindYesNo)}},
		{name: "after", doc: "In any_order: the steps that come before; in extends: where it is put in.",
			forms: idForms()},
		{name: "before", doc: "In extends: where it is put in.", later: true, forms: []form{scalar(kindID)}},
		{name: "rules", doc: "The rules of the office that it keeps: visitor.4.", forms: oneOrMore(scalar(kindText))},
	}},
	{name: "way", doc: "One way on.", marks: []string{"to", "else", "return"}, keys: []key{
		{name: "when", doc: "Taken only if this holds.", forms: []form{scalar(kindGuard)}},
		{name: "to", doc: "A step or an end of the same list.", forms: []form{scalar(kindID)}},
		{name: "else", doc: "Taken if no other was.", forms: []form{scalar(kindID)}},
		{name: "cancels", doc: "Steps that are withdrawn.", forms: idForms()},
		{name: "threads", doc: "How many threads go this way.", forms: []form{scalar(kindCount)}},
		{name: "undo", doc: "What was done is compensated.", forms: undoForms()},
		{name: "return", doc: "Goes back to this step: what came of it is taken back.", forms: []form{scalar(kindID)}},
	}},
	{name: "join", doc: "How arriving threads become one run.", keys: []key{
		{name: "n", doc: "So many different inputs.", forms: []form{scalar(kindCount)}},
		{name: "all", doc: "All of these inputs.", forms: []form{scalar(kindYesNo), listOf(scalar(kindID))}},
		{name: "active", doc: "All of these that can still come.", forms: []form{scalar(kindYesNo), listOf(scalar(kindID))}},
		{name: "threads", doc: "So many threads, whatever input.", forms: []form{scalar(kindCount)}},
		{name: "of", doc: "The steps whose ways count.", forms: idForms()},
		{name: "rest", doc: "What becomes of the others.", forms: []form{wordOf("absorb", "cancel")}},
		{name: "keep", doc: "One input may come again before the join fires.", forms: []form{scalar(kindYesNo)}},
	}},
	{name: "for-each", doc: "One run for each row of a table.", keys: []key{
		{name: "in", doc: "The table.", required: true, forms: []form{scalar(kindPath)}},
		{name: "until", doc: "Goes on as soon as this holds.", forms: []form{scalar(kindGuard)}},
		{name: "rest", doc: "What becomes of the others then.", forms: []form{wordOf("absorb", "cancel")}},
		{name: "order", doc: "All at the same time, or one after another.",
			forms: []form{wordOf("together", "one-by-one")}},
		{name: "add", doc: "Rows may be added while it runs.", forms: []form{mapOf("adding")}},
		{name: "finish", doc: "Who may end it early by hand.", forms: whoForms()},
	}},
	{name: "adding", doc: "Rows that come while a for_each runs.", keys: []key{
		{name: "by", doc: "Who may add them.", required: true, forms: whoForms()},
		{name: "form", doc: "What is filled in of a new row.", required: true, forms: pathForms()},
		{name: "optional", doc: "Those of form that may be left empty.", forms: pathForms()},
	}},
}

var workShapes = []shape{
	{name: "task", doc: "Work for a person.", keys: []key{
		{name: "by", doc: "Who may do it.", required: true, forms: whoForms()},
		{name: "form", doc: "To fill in, required.", forms: pathForms()},
		{name: "optional", doc: "Those of form that may be left empty.", forms: pathForms()},
		{name: "show", doc: "Read only.", forms: pathForms()},
		{name: "add", doc: "The form is a new row of this table.", forms: []form{scalar(kindPath)}},
		{name: "edit_rows", doc: "Tables whose rows may be added and removed.", forms: pathForms()},
		{name: "answers", doc: "The buttons; the answer is the outcome.",
			forms: []form{entriesOf(kindID, scalar(kindTitle))}},
		{name: "sign", doc: "One signature for each entry of by.",
			forms: []form{wordOf("all", "all-at-end", "any", "in-order"), mapOf("sign")}},
		{name: "check", doc: "What the values must meet.", forms: oneOrMore(mapOf("check"))},
		{name: "allow", doc: "Who of them may do it.", forms: []form{scalar(kindGuard)}},
		{name: "note", doc: "A remark for whoever does it.", forms: titleForms()},
		{name: "recall", doc: "Who did it may take it back while nobody has gone on from it.",
			forms: []form{scalar(kindYesNo)}},
		{name: "self", doc: "When only the starter himself could do it.",
			forms: []form{wordOf("allow", "skip", "superior")}},
		{name: "nobody", doc: "When nobody is there to do it.",
			forms: []form{wordOf("incident", "skip"), mapOf("nobody")}},
		{name: "again", doc: "When somebody who has approved before would be asked again.", forms: againForms()},
		{name: "priority", doc: "Sorts the inbox, the greatest first; 0 is the usual.",
			forms: []form{scalar(kindValue)}},
		{name: "transfer", doc: "To whom it may be handed over for good; absent: to whom by names as well.",
			forms: permitForms()},
		{name: "delegate", doc: "Who may work on it for its holder; absent: whom by names as well.",
			forms: permitForms()},
		{name: "add_signer", doc: "Who may be asked to sign beside, before or after; absent: nobody.",
			forms: permitForms()},
		{name: "remove_signer", doc: "Which signers may take others out; absent: only those whom one added.",
			forms: permitForms()},
	}},
	{name: "sign", doc: "A share of the signatures, each with its weight.", keys: []key{
		{name: "ratio", doc: "At least this share must approve: 2/3, 0.6 or 60%.", forms: []form{scalar(kindText)}},
		{name: "more_than", doc: "More than this share must approve: 1/2.", forms: []form{scalar(kindText)}},
		{name: "weight", doc: "What one signature counts; absent: 1. By post, or computed over signer.",
			forms: []form{scalar(kindValue), entriesOf(kindID, scalar(kindText))}},
	}},
	{name: "nobody", doc: "Who does it when nobody else is there.", keys: []key{
		{name: "post", doc: "A post, several, or = and an expression.", required: true, forms: whoForms()},
	}},
	{name: "wait-for", doc: "One thing that is waited for.", keys: []key{
		{name: "message", doc: "This message.", forms: []form{scalar(kindID)}},
		{name: "at", doc: "This moment.", forms: []form{scalar(kindWhen)}},
		{name: "after", doc: "This span from the opening.", forms: []form{scalar(kindWhen)}},
		{name: "when", doc: "This becoming true.", forms: []form{scalar(kindGuard)}},
	}},
	{name: "call", doc: "Runs another procedure.", keys: []key{
		{name: "procedure", doc: "Its id.", required: true, forms: []form{scalar(kindID)}},
		{name: "version", doc: "newest.", forms: []form{wordOf("newest")}},
		{name: "with", doc: "Its field, and a value computed here.",
			forms: []form{entriesOf(kindPath, scalar(kindValue))}},
		{name: "take", doc: "A field here, and a value computed over its data.",
			forms: []form{entriesOf(kindPath, scalar(kindValue))}},
		{name: "wait", doc: "false: goes on at once.", forms: []form{scalar(kindYesNo)}},
	}},
	{name: "request", doc: "Work of another system.", marks: []string{"with", "take"}, keys: []key{
		{name: "name", doc: "Which one.", forms: []form{scalar(kindText)}},
		{name: "url", doc: "Its address.", forms: []form{scalar(kindText)}},
		{name: "with", doc: "What it is given.", forms: []form{entriesOf(kindName, scalar(kindValue))}},
		{name: "take", doc: "What is taken from its answer.", forms: []form{entriesOf(kindPath, scalar(kindValue))}},
	}},
	{name: "decide", doc: "A decision table: what the inputs are decides what the outputs become.", keys: []key{
		{name: "hit", doc: "Which rows count; absent: unique.", forms: []form{wordOf(hitWords...)}},
		{name: "inputs", doc: "What is looked at, a column each.", required: true, forms: oneOrMore(scalar(kindTest))},
		{name: "outputs", doc: "What is set, a column each: fields, and outcome.", required: true,
			forms: oneOrMore(scalar(kindPath))},
		{name: "rows", doc: "A cell for each input, then for each output.", required: true,
			forms: []form{listOf(listOf(scalar(kindCell), listOf(scalar(kindCell))))}},
		{name: "else", doc: "The outputs where no row fits.", forms: []form{listOf(scalar(kindCell))}},
	}},
	{name: "collect", doc: "Takes lines of a register.", keys: []key{
		{name: "register", doc: "procedure.register.", required: true, forms: []form{scalar(kindText)}},
		{name: "when", doc: "Which lines.", forms: []form{scalar(kindGuard)}},
		{name: "into", doc: "The table that receives them.", required: true, forms: []form{scalar(kindPath)}},
	}},
	{name: "repeat", doc: "Runs steps again and again.", keys: []key{
		{name: "steps", doc: "What is repeated.", required: true, forms: stepForms()},
		{name: "while", doc: "As long as this holds.", forms: []form{scalar(kindGuard)}},
		{name: "until", doc: "Until this holds.", forms: []form{scalar(kindGuard)}},
		{name: "limit", doc: "At most so often.", forms: []form{scalar(kindCount)}},
		{name: "ends", doc: "Ends that leave it at once, as its outcome.", forms: endForms()},
	}},
}

// printedForms are the forms of a line of a paper or a column of a register.
func printedForms() []form { return []form{scalar(kindPath), entriesOf(kindName, mapOf("column"))} }

var paperShapes = []shape{
	{name: "document", doc: "A paper printed from the data.", keys: []key{
		{name: "title", doc: "Its name for people.", required: true, forms: titleForms()},
		{name: "number", doc: "Pattern of its own numbers; absent: the case's number.",
			forms: []form{scalar(kindSeries)}},
		{name: "copies", doc: "Who gets a copy for information.", forms: whoForms()},
		{name: "body", doc: "What is printed.", required: true, forms: oneOrMore(scalar(kindPaper), mapOf("part"))},
	}},
	{name: "part", doc: "One piece of a paper: fields, a table, or signatures.", keys: []key{
		{name: "fields", doc: "Fields with their titles.", forms: []form{listOf(printedForms()...)}},
		{name: "table", doc: "Rows of this table.", forms: []form{scalar(kindPath)}},
		{name: "when", doc: "Of a table: only these rows.", forms: []form{scalar(kindGuard)}},
		{name: "columns", doc: "Of a table: what is printed of a row.", forms: []form{listOf(printedForms()...)}},
		{name: "signatures", doc: "Who did these steps, and when.", forms: []form{listOf(scalar(kindID))}},
	}},
	{name: "column", doc: "A computed line or column.", keys: []key{
		{name: "title", doc: "Its name for people.", required: true, forms: titleForms()},
		{name: "type", doc: "Its type, as of a field.", required: true, forms: []form{scalar(kindID)}},
		{name: "value", doc: "What is printed.", required: true, forms: []form{scalar(kindValue)}},
	}},
	{name: "register", doc: "A book: one line a case, or a row of a table.", keys: []key{
		{name: "title", doc: "Its name for people.", required: true, forms: titleForms()},
		{name: "for_each", doc: "One line for each row of this table.", forms: []form{scalar(kindPath)}},
		{name: "from", doc: "Only cases that completed this step.", forms: []form{scalar(kindID)}},
		{name: "when", doc: "Only these lines.", forms: []form{scalar(kindGuard)}},
		{name: "columns", doc: "What a line shows.", required: true, forms: []form{listOf(printedForms()...)}},
	}},
}

var officeShapes = []shape{
	{name: "office", doc: "An organisation.", keys: []key{
		{name: "office", doc: "Its id, kebab-case.", required: true, forms: []form{scalar(kindID)}},
		{name: "title", doc: "Its name for people.", required: true, forms: titleForms()},
		{name: "language", doc: "Of every title in its files.", required: true,
			forms: []form{wordOf("zh-Hant", "zh-Hans", "en")}},
		{name: "zone", doc: "Its time zone: Asia/Shanghai.", required: true, forms: []form{scalar(kindText)}},
		{name: "currency", doc: "ISO 4217: CNY.", forms: []form{scalar(kindText)}},
		{name: "posts", doc: "What people of the office are.", required: true,
			forms: []form{entriesOf(kindID, scalar(kindTitle))}},
		{name: "skills", doc: "What its people may be able to do.",
			forms: []form{entriesOf(kindID, scalar(kindTitle))}},
		{name: "units", doc: "Its parts.", forms: []form{entriesOf(kindID, scalar(kindTitle))}},
		{name: "superiors", doc: "A post, and the post above it.", forms: []form{entriesOf(kindID, scalar(kindID))}},
		{name: "types", doc: "Field types of its own.", forms: []form{entriesOf(kindID, mapOf("type"))}},
	}},
	{name: "type", doc: "A base type made narrower.", keys: []key{
		{name: "type", doc: "The base type.", required: true, forms: []form{scalar(kindID)}},
		{name: "title", doc: "Its name for people.", forms: titleForms()},
		{name: "options", doc: "Of a choice: id and title of each.", forms: optionForms()},
		{name: "min", doc: "The least value or length.", forms: []form{scalar(kindText)}},
		{name: "max", doc: "The greatest value or length.", forms: []form{scalar(kindText)}},
		{name: "pattern", doc: "Regular expression that a text matches as a whole.", forms: []form{scalar(kindText)}},
		{name: "hint", doc: "Shown beside the field.", forms: titleForms()},
		{name: "places", doc: "Decimals of a number.", forms: []form{scalar(kindCount)}},
		{name: "private", doc: "Personal data.", forms: []form{scalar(kindYesNo)}},
	}},
}

// fillForms are the forms of values in a scenario: names of samples and values, later ones win.
func fillForms() []form { return oneOrMore(scalar(kindText), entriesOf(kindPath, scalar(kindFree))) }

var scenarioShapes = []shape{
	{name: "scenarios", doc: "Plays that show how a procedure behaves.", keys: []key{
		{name: "scenarios", doc: "The procedure.", required: true, forms: []form{scalar(kindID)}},
		{name: "begin", doc: "Virtual time at which each play begins.", required: true, forms: []form{scalar(kindText)}},
		{name: "staff", doc: "A person, and the post he holds.", required: true,
			forms: []form{entriesOf(kindID, append(idForms(), mapOf("player"))...)}},
		{name: "samples", doc: "Named values.", forms: []form{entriesOf(kindText, entriesOf(kindPath, scalar(kindFree)))}},
		{name: "plays", doc: "The stories.", required: true, forms: []form{listOf(mapOf("play"))}},
	}},
	{name: "player", doc: "A person of the scenarios.", marks: []string{"posts", "name", "unit", "skills"}, keys: []key{
		{name: "name", doc: "Shown to people.", forms: []form{scalar(kindText)}},
		{name: "posts", doc: "What he holds.", required: true, forms: idForms()},
		{name: "unit", doc: "Where he belongs.", forms: []form{scalar(kindID)}},
		{name: "skills", doc: "What he is able to do.", forms: idForms()},
	}},
	{name: "play", doc: "One story.", keys: []key{
		{name: "play", doc: "Its title.", required: true, forms: []form{scalar(kindText)}},
		{name: "rules", doc: "The rules of the office that it shows.", forms: oneOrMore(scalar(kindText))},
		{name: "from", doc: "Goes on where that play ended.", forms: []form{scalar(kindText), mapOf("from")}},
		{name: "acts", doc: "What is done and what comes of it.", required: true, forms: []form{listOf(mapOf("act"))}},
	}},
	{name: "from", doc: "The play that this one goes on from.", keys: []key{
		{name: "play", doc: "Its title.", required: true, forms: []form{scalar(kindText)}},
	}},
	{name: "act", doc: "One line of a play.", keys: []key{
		{name: "who", doc: "The person who acts.", forms: []form{scalar(kindID)}},
		{name: "for", doc: "In whose stead the task is done.", forms: []form{scalar(kindID)}},
		{name: "starts", doc: "Starts a case of this procedure.", forms: []form{scalar(kindID)}},
		{name: "does", doc: "Completes the task of this step.", forms: []form{scalar(kindID)}},
		{name: "sends", doc: "Sends this message.", forms: []form{scalar(kindID)}},
		{name: "claims", doc: "Takes the task of this step.", forms: []form{scalar(kindID)}},
		{name: "releases", doc: "Gives the task of this step back.", forms: []form{scalar(kindID)}},
		{name: "drafts", doc: "Saves the task of this step unfinished.", forms: []form{scalar(kindID)}},
		{name: "adds", doc: "Adds a row to this for_each step.", forms: []form{scalar(kindID)}},
		{name: "finishes", doc: "Ends this for_each step early.", forms: []form{scalar(kindID)}},
		{name: "begins", doc: "Begins to work on the task of this step.", forms: []form{scalar(kindID)}},
		{name: "transfers", doc: "Gives the task of this step to whom, for good.", forms: []form{scalar(kindID)}},
		{name: "delegates", doc: "Lets whom work on the task of this step, and decides.", forms: []form{scalar(kindID)}},
		{name: "adds_signers", doc: "Asks whom to sign this step as well.", forms: []form{scalar(kindID)}},
		{name: "removes_signer", doc: "Takes whom out of the signers of this step.", forms: []form{scalar(kindID)}},
		{name: "whom", doc: "Of these acts: a person; of signers, several persons or posts.", forms: idForms()},
		{name: "place", doc: "Of adds_signers: when they are asked.",
			forms: []form{wordOf("before", "after", "beside")}},
		{name: "sign", doc: "Of adds_signers before or after: all, all-at-end, any, in-order, 2/3, >1/2.",
			forms: []form{scalar(kindText)}},
		{name: "cancels", doc: "Cancels the case.", forms: []form{scalar(kindID), scalar(kindYesNo)}},
		{name: "returns", doc: "Sends the case back.", later: true, forms: []form{scalar(kindFree)}},
		{name: "row", doc: "Which row of a for_each, from 1.", forms: []form{scalar(kindCount)}},
		{name: "fill", doc: "What is filled in.", forms: fillForms()},
		{name: "answer", doc: "The button.", forms: []form{scalar(kindID)}},
		{name: "refused", doc: "The code with which it must be refused.", forms: []form{scalar(kindID)}},
		{name: "says", doc: "The sentence of the refusal.", forms: []form{scalar(kindText)}},
		{name: "at", doc: "The field of the refusal; alone: lets time pass up to this moment.",
			forms: []form{scalar(kindText)}},
		{name: "after", doc: "Lets time pass.", forms: []form{scalar(kindSpan)}},
		{name: "called", doc: "Ends an open call by hand.", forms: []form{scalar(kindID)}},
		{name: "ends", doc: "Of called: the end it reached.", forms: []form{scalar(kindID)}},
		{name: "gives", doc: "Of called: values of its fields.", forms: fillForms()},
		{name: "expect", doc: "What must hold now.", forms: []form{mapOf("expect")}},
	}},
	{name: "expect", doc: "What must hold at a point of a play.", keys: []key{
		{name: "open", doc: "Steps that wait for somebody or something.", forms: idForms()},
		{name: "only", doc: "true: nothing else is open.", forms: []form{scalar(kindYesNo)}},
		{name: "not_open", doc: "Steps that do not.", forms: idForms()},
		{name: "who_may", doc: "Exactly who may do the open task.", forms: idForms()},
		{name: "data", doc: "Values by full name.", forms: []form{entriesOf(kindPath, scalar(kindFree))}},
		{name: "empty", doc: "Fields that are not set.", forms: pathForms()},
		{name: "issued", doc: "How often each paper was issued.", forms: []form{entriesOf(kindID, scalar(kindCount))}},
		{name: "copied", doc: "Who got a copy.", forms: idForms()},
		{name: "told", doc: "Who was reminded.", forms: idForms()},
		{name: "called", doc: "Procedures of which a case was started.", forms: idForms()},
		{name: "times", doc: "How often each step ran.", forms: []form{entriesOf(kindID, scalar(kindCount))}},
		{name: "number", doc: "The number of the case.", forms: []form{scalar(kindText)}},
		{name: "ended", doc: "The outcome.", forms: []form{scalar(kindID)}},
		{name: "running", doc: "It has not ended.", forms: []form{scalar(kindYesNo)}},
	}},
}
