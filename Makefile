# `make demo` and `make test` are all the set-up there is: both build .venv from the versions in constraints.txt.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MADE := $(VENV)/.made
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint soak bench clean
.DELETE_ON_ERROR:

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(MADE) ## build .venv (PYTHON=python3.12 chooses the interpreter)

demo: $(MADE) ## play a year of recovery in a new folder
	$(BIN)/relance demo

test: $(MADE) ## run the tests, on every core
	$(BIN)/python -m pytest --numprocesses auto

lint: $(MADE) ## run the other gates: format, rules, layers, types
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/lint-imports
	$(BIN)/mypy

soak: $(MADE) ## kill writers 200 times and exporters 60 times; look for what is lost
	$(BIN)/python -m tests.adapters.seal.killed 200
	$(BIN)/python -m tests.adapters.dossier.killed 60

bench: $(MADE) ## measure, and print the table of benchmarks/README.md
	$(BIN)/python -m benchmarks

clean: ## remove .venv, caches and builds; no store, no demonstration
	rm -rf $(VENV) build dist .hypothesis .mypy_cache .ruff_cache .import_linter_cache
	find domain projections adapters cli tests benchmarks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# The build backend comes first and stays, so that building relance itself is held to the same constraints.
$(MADE): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { \
	  echo "There is no $(PYTHON) here: install Python 3.11 or newer, or name one, as in: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "relance wants Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) -c 'import platform; print(platform.python_version())'): name another, as in: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make a virtual environment (no ensurepip): on Debian or Ubuntu, as root, run: apt-get install $$($(PYTHON) -c 'import sys; print("python3.%d-venv" % sys.version_info[1])')" >&2; exit 1; }
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(PIP) hatchling editables
	$(PIP) --no-build-isolation --editable '.[dev]'
	@touch $@
