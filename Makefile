# What can be done here. `make help` lists the targets: the words after ## are its text.

GO        ?= go
TAGS      ?= nomsgpack
DATA      ?= ./data
OFFICES   ?= ./definitions/offices ./definitions/examples
FUZZTIME  ?= 20s
BENCHTIME ?= 1s
STORE     ?= postgres
RACES     ?= 100000
TESTFLAGS ?=
WEB       ?= 1
SEED      ?= $(shell date +%s)
BENCHFLAGS ?= -out results
SCALEFLAGS ?= -out results

# One set of flags for all that is built here: nothing is compiled twice.
export GOFLAGS := $(strip $(GOFLAGS) -trimpath -tags=$(TAGS))

# The linter is built once into .tools, at this version; LINTER=path uses one that is there already.
LINT_VERSION := v2.15.0
LINTER       ?= .tools/$(LINT_VERSION)/golangci-lint

SPACE := $(subst ,, )

# Rooms in which goroutines meet; of their tests not the long ones that do one thing after another.
CONCURRENT := ./engine ./store/... ./staff/... ./api/... ./cmd/...
ALONE      := TestWhatMayBeDone TestResourcePatterns TestStories TestWhyIsSaidInWords TestSimulate TestCheckShipped \
  TestDiff TestEveryWordIsSaidInChinese TestEveryEventOfAPlayIsSaidInChinese TestWhatIsWrongIsSaidInTheLanguageAskedFor
BENCHED    := ./definitions/... ./engine/... ./store/... ./api/...

GUICHENG := $(GO) run ./cmd/guicheng

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run build page test go-test offices check format vet lint tidy race verify walk browser speed generate fuzz sim agree soak bench tools
.PHONY: clean databases races microbench bench-scale bench-smoke bench-report

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## build the server and run it with the demo office on ./data (DATA=dir; WEB=0: the API alone, without Node)
	./bin/guicheng serve --demo --data $(DATA) $(if $(filter 0,$(WEB)),--no-page)

build: $(if $(filter 0,$(WEB)),,page) ## build bin/guicheng, the page in it (WEB=0: without)
	$(GO) build -o bin/guicheng ./cmd/guicheng

page: ## build the inbox page into web/dist (needs Node)
	scripts/page.sh build

test: offices go-test ## check and play the shipped procedures, then all Go tests

go-test: databases
	$(GO) test -vet=off -timeout 5m $(TESTFLAGS) ./...

offices: ## check the shipped procedures and play their scenarios
	$(GUICHENG) check $(OFFICES)
	$(GUICHENG) test $(OFFICES)

check: format lint tidy verify test walk browser race ## what CI runs (go vet is among the linters)

format:
	@bad=$$(gofmt -l $$(find . -name '*.go' -not -path './.*/*')); \
	if [ -n "$$bad" ]; then echo "not formatted, run gofmt -w:"; echo "$$bad"; exit 1; fi

vet:
	$(GO) vet ./...

lint: $(LINTER) ## all linters of .golangci.yml, go vet with all it has among them
	$(LINTER) run ./...

tidy: ## the house's rules: rooms, sizes, purity
	$(GO) test ./internal/tidy

databases: ## install PostgreSQL and PgBouncer for the tests, where they are missing (Debian)
	scripts/install-postgres.sh

race: databases ## the concurrent rooms under the race detector (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race -vet=off -timeout 10m -skip '^($(subst $(SPACE),|,$(strip $(ALONE))))$$' \
		$(TESTFLAGS) $(CONCURRENT)

verify: ## generated files and go.mod are up to date
	scripts/verify.sh

walk: build ## do the README's visit, to the letter, on a server of its own
	scripts/walk.sh

browser: build ## play whole procedures in a real browser (installs Debian's Chromium; SCREENSHOTS=folder keeps pictures)
	scripts/browser.sh

speed: build ## measure the page with 10,000 open tasks in a real browser (TASKS=2000)
	cd web && node e2e/speed.mjs

generate: ## write generated files anew
	$(GO) generate ./...
	scripts/page.sh generate

fuzz: ## every fuzz target for FUZZTIME (20s)
	scripts/fuzz.sh $(FUZZTIME)

sim: ## random procedures on the core and on the reference interpreter, from SEED on, FOR 10m or until stopped (0)
	$(GO) test -count=1 -timeout 0 -v ./engine/sim/oracle -run TestPlaysOn -seed $(SEED) -for $(or $(FOR),0)

agree: ## the proof beside an exhaustive search, of NETS (10000) made-up procedures from SEED on
	$(GO) test -count=1 -timeout 0 -v ./engine/proof -run TestProofAgreesWithSearch -nets $(or $(NETS),10000) -first $(SEED)

bench: databases ## the engine beside the limit and its peers, on both stores (BENCHFLAGS='-rounds 3')
	@cd bench && $(GO) run . table $(BENCHFLAGS)

bench-scale: databases ## 5 million open tasks on PostgreSQL (SCALEFLAGS='-n 20000'; needs 20 GB of disk)
	@cd bench && $(GO) run . scale $(SCALEFLAGS)

bench-report: ## write the last recorded results into docs/performance.md, with charts
	@cd bench && $(GO) run . report

bench-smoke: databases ## the whole bench in half a minute: does it run at all?
	@cd bench && $(GO) run . table -clients 8 -rounds 1 -window 300ms -warm 100ms -cases 200
	@cd bench && $(GO) run . scale -n 5000 -few 500 -versions 10 -window 1s

microbench: databases ## every Go benchmark, as a table (BENCHTIME=1s)
	@$(GO) test -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) $(BENCHED) | awk -f scripts/bench.awk

soak: databases ## trouble for FOR (30m) on STORE, and a ledger that must stay true (FROM=program of the release before)
	$(GO) test -vet=off -count=1 -timeout 0 -v -run '^TestSoak/^$(STORE)$$' ./internal/crash \
		-soak.for=$(or $(FOR),30m) -soak.from=$(FROM)

races: databases ## RACES (100000) answers against their timeouts, on each store
	$(GO) test -vet=off -count=1 -timeout 0 -v -run '^TestAnAnswerRacesAgainstItsTimeout$$' ./engine -races=$(RACES)

tools: $(LINTER) ## install the linter into .tools

.tools/$(LINT_VERSION)/golangci-lint:
	GOBIN=$(CURDIR)/$(@D) $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)

clean: ## remove what was built; data and tools stay
	rm -rf bin
