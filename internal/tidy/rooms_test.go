package tidy

// edge is one allowed import between two rooms, and the reason that it exists.
type edge struct{ to, why string }

// plan lists every room with the rooms that it may import. What is not here is not allowed. The direction is
// definitions <- engine/core <- staff, store <- engine <- api <- cmd.
var plan = map[string][]edge{
	"definitions/report":   {},
	"definitions/value":    {},
	"definitions/calendar": {{"definitions/value", "spans of working time are values"}},
	"definitions/formula": {
		{"definitions/report", "a wrong name is answered with the nearest one"},
		{"definitions/value", "a formula computes and is typed over the language's values"},
		{"definitions/calendar", "working time is counted by a calendar"},
	},
	"definitions/domain": {{"definitions/value", "what is cut into pieces are the values of fields"}},
	"definitions": {
		{"definitions/domain", "decision tables are searched for gaps and overlaps"},
		{"definitions/calendar", "an office has calendars"},
		{"definitions/report", "what is wrong with a definition is said as a report"},
		{"definitions/value", "fields, settings and samples are values"},
		{"definitions/formula", "guards and values of a procedure are formulas, compiled when it is"},
	},
	"definitions/diagram": {
		{"definitions", "compiled procedures are drawn"},
		{"definitions/formula", "guards and times are said in words"},
		{"definitions/value", "fields, options and spans have titles"},
	},
	"definitions/offices": {},
	"engine/core": {
		{"definitions", "a step is taken in a compiled procedure"},
		{"definitions/calendar", "working time is counted by the office's calendar as it is now"},
		{"definitions/value", "the data of a case are values"},
		{"definitions/formula", "guards are judged and values computed"},
	},
	"engine/proof": {
		{"definitions", "compiled procedures are proved"},
		{"definitions/formula", "the conditions of who may do a step are asked of a staff"},
		{"definitions/report", "what can go wrong is a finding like any other"},
		{"definitions/value", "a staff is people"},
		{"engine/core", "threads meet in the proof by the rules of the machine itself"},
	},
	"engine/sim": {
		{"definitions", "random and given procedures are simulated"},
		{"definitions/report", "a scenario that fails is reported like any finding"},
		{"definitions/value", "a simulated person fills in values"},
		{"definitions/formula", "simulated staff answers formulas"},
		{"engine/core", "the core is what is simulated"},
	},
	"engine/sim/year": {
		{"definitions", "an office's load and calendar are followed"},
		{"definitions/calendar", "people work when the office is open"},
		{"definitions/value", "what was filled in is filled in again"},
		{"definitions/formula", "tasks have candidates"},
		{"engine/core", "inputs are given to cases"},
		{"engine/sim", "a world of cases in virtual time"},
	},
	"engine/sim/reference": {
		{"definitions", "it interprets compiled procedures, and works out all else by itself"},
		{"definitions/value", "the data of a case are values"},
		{"definitions/formula", "guards are judged; it never imports the core, with which it is compared"},
	},
	"engine/sim/oracle": {
		{"definitions", "made-up procedures are compiled"},
		{"definitions/report", "what the check says against them is looked at"},
		{"definitions/value", "forms are filled in"},
		{"engine/core", "one of the two that are compared"},
		{"engine/sim", "its staff"},
		{"engine/sim/reference", "the other"},
	},
	"store":        {},
	"store/shared": {{"store", "pages and their cursors are the contract's"}},
	"store/packed": {{"store", "what it makes small are the contract's rows"}},
	"store/sqlite": {
		{"store", "it keeps the store's contract"},
		{"store/shared", "pages and schemas are cut alike"},
		{"store/packed", "states and events are kept small"},
	},
	"store/postgres": {
		{"store", "it keeps the store's contract"},
		{"store/shared", "pages and schemas are cut alike"},
		{"store/packed", "states and events are kept small"},
	},
	"store/storetest": {{"store", "it tries to break the store's contract"}},
	"staff": {
		{"definitions", "the office file says which posts are whose superior"},
		{"definitions/formula", "a roster answers a formula's questions about people"},
		{"definitions/value", "people and units are values"},
		{"store", "people are rows"},
	},
	"engine/outgoing": {},
	"engine": {
		{"definitions/diagram", "a case is drawn with where it stands"},
		{"engine/outgoing", "requests leave the house through one door"},
		{"definitions", "deployed files become procedures"},
		{"definitions/report", "a refused deployment is answered with the findings"},
		{"definitions/value", "forms arrive as JSON and become values"},
		{"definitions/formula", "the core's context names people as formulas do"},
		{"engine/core", "the shell steps cases by the core"},
		{"engine/proof", "what could be stuck is not deployed"},
		{"staff", "an actor's posts come from the roster"},
		{"store", "what the core decided is committed"},
	},
	"api": {
		{"definitions", "an upload is a list of definition files"},
		{"definitions/report", "findings are rendered as problem documents"},
		{"definitions/value", "wrong fields are named in problem documents"},
		{"engine", "handlers bind, call the engine and render"},
		{"engine/core", "codes of rejections are mapped to HTTP statuses"},
		{"staff", "sign-in links and sessions are staff's"},
		{"store", "lists of people and cases are asked for by the store's queries"},
	},
	"cmd/guicheng": {
		{"api", "serve"},
		{"definitions/diagram", "diagram"},
		{"definitions", "check, schema"},
		{"definitions/offices", "the demo and the check of what is shipped"},
		{"definitions/report", "findings are printed"},
		{"definitions/value", "play reads and prints values"},
		{"engine", "serve"},
		{"engine/outgoing", "where systems are, and their secrets, is configuration"},
		{"engine/core", "play steps a case without a store"},
		{"engine/proof", "check refuses what a deployment would refuse"},
		{"engine/sim", "test runs scenarios"},
		{"engine/sim/year", "simulate"},
		{"staff", "the first links are printed on the console"},
		{"store", "the driver is handed on as a store"},
		{"store/postgres", "the driver is chosen here and nowhere else"},
		{"store/sqlite", "the driver is chosen here and nowhere else"},
		{"web", "the built page is handed to the server"},
	},
	"web": {},
	"bench": {
		{"api", "what people feel is measured at the door"},
		{"definitions", "the core is measured on a compiled procedure"},
		{"definitions/value", "a step takes values"},
		{"engine", "the engine is what is measured"},
		{"engine/core", "the core's share is measured alone"},
		{"internal/pgtest", "each measurement has a database of its own"},
		{"staff", "who is measured at the door is signed in"},
		{"store", "what the engine writes is looked at"},
		{"store/packed", "the limit writes as many bytes as the engine"},
		{"store/postgres", "both stores are measured"},
		{"store/sqlite", "both stores are measured"},
	},
	"internal/crash":  {},
	"internal/pgtest": {},
	"internal/tidy":   {},
}

// forTests are rooms that the tests of every room may import besides its own edges.
var forTests = []edge{
	{"definitions", "tests compile procedures"},
	{"engine/sim/reference", "what the proof says is searched by rules of its own"},
	{"definitions/offices", "the shipped procedures are the best test data"},
	{"definitions/report", "tests print what is wrong with a definition"},
	{"definitions/formula", "tests give formulas their staff"},
	{"definitions/value", "tests build values"},
	{"engine", "tests of api and cmd run a whole engine"},
	{"engine/core", "tests look at what the core decided"},
	{"engine/sim", "tests simulate"},
	{"staff", "tests sign people in"},
	{"store", "tests put faulty stores between"},
	{"store/sqlite", "tests run on a real store"},
	{"store/postgres", "tests run on a real store"},
	{"store/storetest", "each driver runs the suite"},
	{"internal/pgtest", "tests get databases of their own"},
}

// library is a module from outside with the rooms that may know it.
type library struct {
	prefix string
	rooms  []string // nil = tests only
	why    string
}

var libraries = []library{
	{"cel.dev/cel-go", []string{"definitions/formula"}, "CEL decides; nobody else knows that it is CEL"},
	{"github.com/expr-lang/expr", []string{"definitions/formula"}, "Expr computes; nobody else knows that it is Expr"},
	{"go.yaml.in/yaml/v4", []string{"definitions"}, "definitions are the only YAML that is read"},
	{"golang.org/x/text", []string{"definitions/report"}, "carets stand under wide characters"},
	{"github.com/standard-webhooks/standard-webhooks/libraries", []string{"engine/outgoing"},
		"what is sent is signed as others expect it"},
	{"github.com/gin-gonic/gin", []string{"api"}, "HTTP ends in api"},
	{"github.com/danielgtaylor/huma/v2", []string{"api"}, "the OpenAPI description ends in api"},
	{"github.com/xuri/excelize/v2", []string{"api"}, "spreadsheets are made where they are sent"},
	{"modernc.org/sqlite", []string{"store/sqlite", "bench"}, "SQL of one database stays in its driver"},
	{"github.com/jackc/pgx/v5", []string{"store/postgres", "internal/pgtest", "bench"},
		"SQL of one database stays in its driver"},
	{"github.com/klauspost/compress", []string{"store/packed"}, "how small is decided in one room"},
	{"github.com/alecthomas/kong", []string{"cmd/guicheng"}, "flags are wiring"},
	{"github.com/dbos-inc/dbos-transact-golang", []string{"bench"}, "a peer, in a module of its own"},
	{"github.com/go-analyze/charts", []string{"bench"}, "results are drawn"},
	{"github.com/riverqueue/river", []string{"bench"}, "a peer, in a module of its own"},
	{"github.com/santhosh-tekuri/jsonschema/v6", nil, "tests validate the shipped procedures against the schema"},
	{"pgregory.net/rapid", nil, "random tests"},
	{"github.com/anishathalye/porcupine", []string{"store/storetest"}, "races are judged by a linearizability checker"},
}
