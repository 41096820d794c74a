# What a contributor runs. Continuous integration runs `make test` and nothing else.

SHELL   := /bin/bash -o pipefail
TOOL    := go tool -modfile=$(CURDIR)/tools/go.mod
MODULES := . client/internal/build e2e bench

.DEFAULT_GOAL := build
.PHONY: build test unit client e2e check format deps bench screenshots clean

build: ## the one binary, ./crossgate
	go build -o crossgate ./cmd/crossgate

test: deps check unit client e2e ## everything, from a clean checkout

unit: ## the root module's tests, with the race detector
	go test -race -timeout 20m ./... # the store's kill and restart PostgreSQL many times

client: client/node_modules ## the browser client: its types, its tests, and that dist is what the sources build to
	cd client && npm test
	cd client/internal/build && go test -count=1 ./... # it reads what go test does not watch

e2e: e2e/node_modules e2e/apiclient/node_modules ## the binary in front of real APIs, called from real Chromium and Firefox
	cd e2e && go test -count=1 -timeout 10m ./...

check: ## format, vet and staticcheck, in every module
	@unformatted=$$($(TOOL) gofumpt -l .) && if [ -n "$$unformatted" ]; then \
		printf 'not formatted, run make format:\n%s\n' "$$unformatted" >&2; exit 1; fi
	@for module in $(MODULES); do \
		echo "check $$module" && (cd $$module && go vet ./... && $(TOOL) staticcheck ./...) || exit 1; done

format: ## gofumpt, in every module
	$(TOOL) gofumpt -l -w .

deps: ## what the tests need from the system: installed where that is allowed, else named
	@scripts/deps

bench: ## gateway and library against their peers, unwrapped calls against ordinary ones, the dashboard at long lists; never part of the tests
	cd bench && go run . $(BENCH)

screenshots: e2e/node_modules ## pictures of the dashboard and the demo, in dist/screenshots
	cd e2e && E2E_SCREENSHOTS=$(CURDIR)/dist/screenshots go test -count=1 -run 'TestScreenshots|TestDemo|TestPolicyPage|TestOverview|TestInspector|TestSitesPages' .

clean:
	rm -rf crossgate dist client/node_modules e2e/node_modules

# What comes from npm, in the versions and with the checksums that the lock files name.
client/node_modules e2e/node_modules e2e/apiclient/node_modules: %/node_modules: %/package-lock.json
	cd $* && npm ci --ignore-scripts
	@touch $@
