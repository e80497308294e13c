# Every command of the project; `make` prints them. CI runs the same ones.
.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format types house check bench lock

# Any Python from 3.11 on with venv; name another with `make setup PYTHON=/path/to/python3.11`.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3 python; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { command -v $$p; break; }; done)
BIN := .venv/bin
UV := VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip
LOCK := $(UV) compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate
TESTS ?= zhucun tests

help:  ## print what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup: .venv/stamp  ## build .venv with everything in it, and fetch the browser assets
	@$(BIN)/python -m zhucun.base.web.assets

.venv/stamp: requirements-bootstrap.txt requirements-dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or later found. Install it (Debian: apt install python3 python3-venv) or name one: make setup PYTHON=/path/to/python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || "$(PYTHON)" -m venv .venv || { rm -rf .venv; echo "This Python has no venv. Debian: apt install python3-venv" >&2; exit 1; }
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.txt
	@$(UV) sync --quiet --require-hashes requirements-dev.txt
	@$(UV) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

demo: setup  ## build the demonstration county and serve it on 127.0.0.1:8000
	$(BIN)/zhucun demo

test: setup  ## all tests: on SQLite, in the browser, and on PostgreSQL where a server is installed
	$(BIN)/python -m tests.run $(TESTS)

lint: setup  ## format and lint of Python and templates, dependencies declared and used
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint --quiet --lint zhucun
	$(BIN)/deptry .

format: setup  ## format the Python files
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

types: setup  ## types
	$(BIN)/mypy

house: setup  ## import contracts and the tests of the whole house
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/house

check: lint types house test  ## everything CI runs

bench: setup  ## what is measured, see bench/README.md
	$(BIN)/python -m bench

lock: setup  ## write the locks anew from pyproject.toml and package.json
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	$(LOCK) --group bootstrap -c requirements-dev.txt -o requirements-bootstrap.txt
	$(LOCK) --group training -c requirements-dev.txt -o requirements-training.txt
	$(BIN)/python -m zhucun.base.web.assets --lock
	@! grep -n '://' requirements*.txt
	@! grep -n '"resolved"' package-lock.json
