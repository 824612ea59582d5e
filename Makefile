# Two commands matter: `make run` and `make test`. Nothing here needs root.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' && echo $$p && break; done)
PORT ?= 8000
HOST ?= 127.0.0.1
export PORT HOST

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps

# uv installs in less than half the time. pip does it where only pip's own configuration leads to the packages.
install = { UV_SYSTEM_CERTS=1 $(BIN)/uv pip install --quiet --compile-bytecode --no-deps --python $(BIN)/python -r $(1) || $(PIP) -r $(1); }

.PHONY: run setup test coverage audit pin lint lint-types lint-rest lock clean
.DEFAULT_GOAL := run

run: setup  ## Install what is missing, then serve Candor on http://localhost:$(PORT)/ until Ctrl-C.
	@$(BIN)/python manage.py run_platform

setup: $(VENV)/.runtime  ## Install, migrate, verify the weights; seconds when nothing changed.
	@$(BIN)/python manage.py prepare

# A stamp holds the hash of the lock file it was made from, so that a changed date alone installs nothing.
$(VENV)/.runtime: requirements.lock | $(BIN)/uv
	@if [ "$$(cat $@ 2>/dev/null)" != "$$(cksum < $<)" ]; then \
		echo "Installing the locked requirements into $(VENV) (a few minutes, once)"; \
		$(call install,$<) && cksum < $< > $@; \
	else touch $@; fi

$(VENV)/.development: requirements-dev.lock $(VENV)/.runtime
	@if [ "$$(cat $@ 2>/dev/null)" != "$$(cksum < $<)" ]; then \
		echo "Installing what the tests need"; \
		$(call install,$<) && cksum < $< > $@; \
	else touch $@; fi

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "Candor needs Python 3.11, 3.12 or 3.13, and none is on the PATH (python3 is $$(python3 --version 2>&1))."; \
		echo "Install one, or say where it is: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12"; exit 1; fi
	@echo "Making the virtual environment $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python's venv module does not work here. On Debian and Ubuntu it is the package python3-venv."; exit 1; }

$(BIN)/uv: | $(BIN)/python
	@$(PIP) "$$(grep -o '^uv[^ ]*' requirements-dev.txt)" || true

# Confined programs cannot write what Python compiles, and would compile it each time. Of the four processes two drive a
# browser each, and mostly wait for it.
test: $(VENV)/.development  ## Run the default suite. One file: make test ARGS=tests/interviews/test_media.py
	@$(BIN)/python -m compileall -q -j 2 interviewplatform interviews analysis ml
	@$(BIN)/python -m pytest -n 4 $(ARGS)

# Not each time: measuring makes the suite a quarter slower.
coverage: $(VENV)/.development  ## The default suite with the least covered packages. Takes ARGS as well.
	@rm -f .coverage.json; $(BIN)/python -m slipcover -m pytest -n 4 $(ARGS); status=$$?; \
		$(BIN)/python -m tests.least_covered; exit $$status

audit: $(VENV)/.development  ## Known vulnerabilities of the locked packages, where pip-audit reaches its data.
	@$(BIN)/python -m tests.audit

pin:  ## Pull the images that compose.yaml names, and write their digests into .env.
	@$(PYTHON) interviewplatform/pin_images.py

# ESLint and TypeScript, for `make lint` alone; node itself is a Python package of the development requirements.
node_modules/.installed: package-lock.json $(VENV)/.development
	@echo "Installing the linters of the scripts"
	@$(BIN)/npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && touch $@

lint: $(VENV)/.development node_modules/.installed  ## Style, types, templates, scripts and the import rules of ARCHITECTURE.md.
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=line lint-types lint-rest

lint-types:
	@$(BIN)/mypy interviewplatform interviews analysis ml

lint-rest:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/djlint --lint --quiet templates
	@$(BIN)/node node_modules/eslint/bin/eslint.js static/js tests/scripts eslint.config.js
	@$(BIN)/node node_modules/typescript/bin/tsc
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python manage.py makemigrations --check --dry-run -v 0

lock: $(VENV)/.development  ## Choose the newest versions that requirements*.txt allow, and write the lock files.
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --upgrade --quiet requirements.txt -o requirements.lock
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --upgrade --quiet requirements-dev.txt -o requirements-dev.lock
