# Every target works from a bare clone: it makes the virtual environment (.venv) and the tools (.tools) it needs.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
TOOLS  := .tools/.installed
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: demo test lint format contracts texts bench lock clean
.DEFAULT_GOAL := demo

demo: $(BIN)/.installed-run
	$(BIN)/smartborder demo

test: $(BIN)/.installed-dev $(TOOLS)
	$(BIN)/python -m scripts.check

lint: $(BIN)/.installed-dev
	$(BIN)/python -m scripts.check lint

format: $(BIN)/.installed-dev
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

contracts: $(BIN)/.installed-dev $(TOOLS)
	$(BIN)/python -m scripts.contracts

texts: $(BIN)/.installed-dev
	$(BIN)/python -m scripts.texts

bench: $(BIN)/.installed-dev
	$(BIN)/python -m scripts.bench

lock: $(BIN)/.installed-dev
	$(BIN)/python -m scripts.lock

clean:
	rm -rf $(VENV) .tools build dist out cache .coverage*

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed; name one: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(BIN)/.installed-run: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(BIN)/.installed-dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@ $(BIN)/.installed-run

$(TOOLS): $(BIN)/.installed-dev scripts/package-lock.json scripts/package.json
	$(BIN)/python -m scripts.tools
	touch $@
