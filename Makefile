# LinBan. `make help` lists what there is. Everything sets itself up and may be run again.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
SETUP := .venv/.installed node_modules/.installed app/static/vendor/cel.js
PYTEST := $(BIN)/pytest -q
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup run worker test test-sqlite test-postgresql test-js test-browser test-long check migration bench lock browser clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

setup: $(SETUP) ## everything that run and test need, from the locks

run: $(SETUP) ## web server, worker and sandbox with demo data (PORT, HOST, DATABASE_URL, HTTPS=1)
	@exec $(BIN)/python -m app.cli run

worker: $(SETUP) ## the worker alone
	@exec $(BIN)/python -m app.worker

test: $(SETUP) browser ## all tests: SQLite, PostgreSQL, JavaScript, Chromium, Firefox
	@$(MAKE) --no-print-directory test-sqlite
	@$(MAKE) --no-print-directory test-postgresql
	@$(MAKE) --no-print-directory test-js
	@$(MAKE) --no-print-directory test-browser

test-sqlite: $(SETUP) ## Python tests on SQLite
	@echo "== Python tests on SQLite"
	@TEST_DATABASE=sqlite $(PYTEST) -n 2 --dist loadfile -m "not long and not browser"

test-postgresql: $(SETUP) ## Python tests on PostgreSQL
	@echo "== Python tests on PostgreSQL"
	@TEST_DATABASE=postgresql $(PYTEST) -n 2 --dist loadfile -m "not long and not browser"

test-js: $(SETUP) ## JavaScript tests
	@echo "== JavaScript tests"
	@find tests/js -name '*.test.js' -print0 | sort -z | xargs -0 node --test

test-browser: $(SETUP) browser ## browser tests in Chromium, as a phone, and Firefox
	@echo "== Browser tests in Chromium and Firefox"
	@$(PYTEST) -n 2 --dist loadfile -m "browser and not long"

test-long: $(SETUP) browser ## what takes minutes
	@echo "== Long tests"
	@$(PYTEST) -m long

check: $(SETUP) ## format, types, floors, dependencies, scripts, templates, migrations, definitions
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	npx --no-install eslint .
	$(BIN)/djlint app/templates --lint --quiet
	@bash .ci/empty $(BIN)/alembic -q upgrade head --then $(BIN)/alembic check
	@bash .ci/empty $(BIN)/python -m app.cli catalogue check
	@bash .ci/empty $(BIN)/python -m app.cli texts check
	@bash .ci/empty $(BIN)/python -m app.cli words

migration: $(SETUP) ## a new migration from the models: make migration name=add_visits
	@[ -n "$(name)" ] || { echo 'Say what it does: make migration name=add_visits' >&2; exit 2; }
	@number=$$(ls migrations/versions | sed -nE 's/^0*([0-9]+)_.*/\1/p' | sort -n | tail -1); \
	bash .ci/empty $(BIN)/alembic -q upgrade head --then $(BIN)/alembic revision --autogenerate \
		--rev-id "$$(printf %04d $$(($$number + 1)))" -m "$(name)"

bench: $(SETUP) ## the figures, as JSON
	@$(BIN)/python -m tests.bench.run

lock: ## make the locks anew from pyproject.toml and package.json
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--no-annotate --upgrade --group dev pyproject.toml -o requirements.lock
	npm install --package-lock-only --omit-lockfile-registry-resolved=true --no-audit --no-fund
	@node -e 'const fs = require("fs"), f = "package-lock.json", lock = JSON.parse(fs.readFileSync(f)); for (const p of Object.values(lock.packages)) delete p.funding; fs.writeFileSync(f, JSON.stringify(lock, null, 2) + "\n")'

browser: .venv/.installed
	@bash .ci/browser

clean: ## remove what was installed and built; data in var/ stays
	rm -rf .venv node_modules app/static/vendor

.venv/.installed: requirements.lock pyproject.toml .ci/install
	@bash .ci/install "$(PYTHON)"

node_modules/.installed: package-lock.json package.json
	@echo "Installing JavaScript packages"
	@npm ci --omit-lockfile-registry-resolved=true --ignore-scripts --no-audit --no-fund --no-update-notifier --silent
	touch $@

app/static/vendor/cel.js: node_modules/.installed app/vendor.mjs
	@node app/vendor.mjs
	touch $@
