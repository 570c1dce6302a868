# Two commands do everything, their set-up included: make run, make test.

UI      := web/ui
BINARY  := bin/arpent
LINT_VERSION := v2.15.0
LINT    := bin/golangci-lint-$(LINT_VERSION)

# What tegola is built without: nothing of it is measured.
TEGOLA_TAGS := noAzblobCache noS3Cache noRedisCache noGCSCache noGpkgProvider noHanaProvider noViewer

.DEFAULT_GOAL := help
.PHONY: help run dev test lint generate verify bench bench-tiles bench-ui prove soak build clean packages test-packages go-test ui-test

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{ printf "%-12s %s\n", $$1, $$2 }'

run: packages build ## Start the server with the demo town
	@exec $(BINARY) serve --demo

dev: packages build ## Start the server, and the page with reload on change
	@trap 'kill 0' EXIT; $(BINARY) serve --demo & cd $(UI) && npm run dev

test: test-packages build lint go-test ui-test ## Run all tests, in Chromium too

go-test: build
	go vet ./...
	cd tiles/bench && go vet -mod=mod ./...
	go test -timeout 30m ./...

ui-test: build
	cd $(UI) && npm run check && npm test && npm run e2e

lint: $(LINT) $(UI)/dist/index.html ## Check style and the order of imports
	$(LINT) run ./...

generate: build ## Write again what is generated from other sources
	$(BINARY) openapi > $(UI)/openapi.json
	cd $(UI) && npm run generate

verify: lint generate ## Fail when generated files are stale
	git diff --exit-code -- $(UI)/openapi.json $(UI)/src/api/schema.d.ts

bench: packages ## Measure: lists, search and forms of a million parcels, imports and exports of 100,000 records, tiles, loading
	go test -run '^$$' -bench . -benchmem ./...

bench-tiles: packages build ## Measure tiles of a million parcels beside tegola, ST_AsMVT and nginx
	@scripts/packages nginx-light wrk
	cd tiles/bench && go build -mod=mod -tags "$(TEGOLA_TAGS)" -o ../../bin/tegola github.com/go-spatial/tegola/cmd/tegola && go run -mod=mod . $(BENCH)

bench-ui: test-packages build ## Measure the page in Chromium: opening a section, dragging a vertex, script before the map
	cd $(UI) && npx vitest run -c bench/vitest.config.ts

prove: test-packages ## Long proofs: 10,000 random sequences of operations on each coverage and network
	go test -timeout 120m -run TestSequences -v ./geo/coverage ./geo/network -sequences 10000

soak: test-packages ## Edit by four ways on two servers for SOAK=10m, and compare every tile with ST_AsMVT
	go test -timeout 120m -run TestSoakOfTiles -v ./cmd/arpent -soak $(or $(SOAK),10m)

build: $(UI)/dist/index.html ## Build the program with its page
	@go build -buildvcs=false -ldflags "-X main.version=$$(git describe --tags --always 2>/dev/null || echo unknown)" -o $(BINARY) ./cmd/arpent

clean: ## Remove what was built
	rm -rf bin $(UI)/node_modules $(UI)/dist/assets $(UI)/dist/index.html $(UI)/test-output

packages:
	@scripts/packages postgresql postgresql-15-postgis-3 gdal-bin

test-packages:
	@scripts/packages postgresql postgresql-15-postgis-3 gdal-bin cgi-mapserver chromium redis-server

$(UI)/node_modules/.package-lock.json: $(UI)/package-lock.json
	cd $(UI) && npm ci
	@touch $@

$(UI)/dist/index.html: $(UI)/node_modules/.package-lock.json $(shell find $(UI)/src $(UI)/public -type f 2>/dev/null) $(UI)/index.html $(UI)/vite.config.ts $(UI)/tsconfig.json
	cd $(UI) && npm run build
	@touch $@

$(LINT):
	GOBIN=$(CURDIR)/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	@mv bin/golangci-lint $@
