.DEFAULT_GOAL := help
.PHONY: help generate test stories counts check run postgres postgres-stop audit lab lab-kill lab-drain fuzz race playground dashboard mail mail-shots screens bench bench-quick bench-sign-in

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-16s %s\n", $$1, $$2}'

run: ## Run with demo data, mailbox and playground
	go run .

generate: ## Write everything that is generated
	go generate ./...

test: ## Run the tests, on PostgreSQL too if TEST_POSTGRES_URL is set
	go test ./...

stories: ## Rewrite the answers in the stories; the diff is the review
	go test ./graph -run TestStories -update

counts: ## Renew what requests may cost in statements and allocations (needs TEST_POSTGRES_URL); the diff is the review
	go test ./graph -count=1 -run 'TestStatements|TestAllocations' -update

postgres: ## Start a throw-away PostgreSQL and print what to export
	@echo "export TEST_POSTGRES_URL=$$(scripts/postgres start)"

postgres-stop: ## Stop it again
	@scripts/postgres stop

check: ## Everything that CI asks, without PostgreSQL and the audit
	go generate ./... && git diff --exit-code && gofmt -l . && go vet ./... && go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./... && go test ./...

race: ## The race detector on everything (minutes; the first build alone takes two)
	go test -race ./...

lab: ## The long forms of races, mutations and timings
	go test ./internal/link -run TestMutatedTokens -mutations 100000
	TENANTRY_LAB=1 go test ./internal/... ./graph/... -count=1 -timeout 60m

lab-kill: ## Kill the program while it takes and sends notifications, fifty times at each of five points (minutes)
	TENANTRY_LAB=1 go test ./internal/cli -count=1 -timeout 30m -run TestKillMail -v

lab-drain: ## Two processes send 10,000 notifications to 30,000 recipients (needs TEST_POSTGRES_URL)
	TENANTRY_LAB=1 go test ./internal/cli -count=1 -timeout 30m -run TestDrainLab -v

fuzz: ## Fuzz every parser of what strangers send, 30 seconds each (FUZZ=2m for longer)
	scripts/fuzz $(or $(FUZZ),30s)

bench: ## Measure speed beside a hand-written handler, into bench/results (under 15 minutes)
	go -C bench run ./cmd/bench

bench-quick: ## The same on a small data set, to see where one stands (under two minutes)
	go -C bench run ./cmd/bench -quick

bench-sign-in: ## Measure what signing in costs, and what others notice of a flood of it (two minutes)
	go -C bench run ./cmd/signin

playground: ## Build the playground again (needs Node and npm)
	cd web/playground && npm ci && npm run build && go generate ..

dashboard: ## Build the dashboard again (needs Node and npm)
	cd clients/typescript && npm ci && npm run build
	cd web/dashboard && npm ci && npm run check && npm run build

mail: ## Compile the layout of the mails again (needs Node and npm)
	cd web/mail && npm ci && npm run build

mail-shots: ## Take the pictures of every mail in docs/screens/mail again (needs Chromium)
	go test ./internal/mail -count=1 -run TestShots -shots $(CURDIR)/data/mail-shots
	cd web/check && npm ci && node mail.mjs $(CURDIR)/data/mail-shots $(CURDIR)/docs/screens/mail

screens: ## Take the pictures of every screen of the dashboard in docs/screens again (needs Node, npm and Chromium)
	scripts/screens

audit: ## The GraphQL-over-HTTP audit against a running server (URL=http://localhost:8080/graphql)
	cd .ci/audit && npm ci && node audit.js $(or $(URL),http://localhost:8080/graphql)
