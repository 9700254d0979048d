# On a fresh Debian with python3 (3.11), python3-venv and make: `make run` sets up what it needs.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
CODE := extractors pipeline bench tests

.DEFAULT_GOAL := help
.PHONY: help setup run test soak golden lint format bench docs schema readme lock clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

setup: $(VENV)/.runtime $(VENV)/.dev ## make the environment in .venv from the locked dependencies

run: $(VENV)/.runtime ## parse raw_docs into output
	$(BIN)/perbup run raw_docs -o output

test: $(VENV)/.dev ## run the tests
	$(BIN)/python -m pytest

soak: $(VENV)/.dev ## run the tests that take minutes, with their figures
	$(BIN)/python -m pytest -m soak -s

golden: $(VENV)/.dev ## rewrite the expected rows in tests/golden; read the diff against the source
	$(BIN)/python -m tests.golden

lint: $(VENV)/.dev ## style, types and import layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(VENV)/.dev ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev ## where the time goes, and how it grows
	$(BIN)/python -m bench

docs: $(VENV)/.runtime ## rewrite docs/data-dictionary.md from the schema
	$(BIN)/perbup schema --format markdown > docs/data-dictionary.md

schema: $(VENV)/.runtime ## print the data dictionary
	$(BIN)/perbup schema

readme: $(VENV)/.dev ## run the README's examples and write what they print into it
	$(BIN)/python -m tests.readme

lock: $(VENV)/.dev ## resolve the dependencies anew and lock them with hashes
	$(BIN)/pip install --quiet pip-tools
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --upgrade $(LOCK_FLAGS) --extra dev -o requirements-dev.txt pyproject.toml
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --upgrade $(LOCK_FLAGS) -c requirements-dev.txt -o requirements.txt pyproject.toml

LOCK_FLAGS := --generate-hashes --strip-extras --allow-unsafe --no-emit-options --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

clean: ## remove the environment, the output and all caches
	rm -rf $(VENV) output build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@
