# Everything runs in .venv; nothing outside this folder is touched.
PYTHON ?= python3
BIN := .venv/bin
# One more than there are cores: tests of chats wait much of their time.
WORKERS ?= $(shell expr `getconf _NPROCESSORS_ONLN` + 1)

.PHONY: run test lint format bench soak clean

INSTALL = $(PYTHON) -m venv .venv && \
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --constraint constraints.txt --editable
# pip compiles what it installs one file after the other; this does it on all cores. Most of the largest packages is
# never imported: Python compiles the rest of those when it is. Some packages bring files that are not meant for this
# Python: their failing means nothing.
LARGEST = /(botocore|diffusers|moto|ray|sympy|torch|transformers)/
COMPILE = $(BIN)/python -m compileall -q -j 0 -x '$(LARGEST)' .venv/lib >/dev/null 2>&1 || true
# The tests start some hundreds of processes: where Python may keep no compiled files, each would compile everything.
export PYTHONDONTWRITEBYTECODE :=

.venv/base: constraints.txt pyproject.toml
	$(INSTALL) .
	@$(COMPILE)
	@touch $@

.venv/dev: constraints.txt pyproject.toml
	$(INSTALL) '.[dev,models]'
	@$(COMPILE)
	@touch .venv/base $@

run: .venv/base  ## make the first clip, then start the studio
	@$(BIN)/kinora run --first-clip

test: .venv/dev  ## everything the tests need, then the tests
	@$(BIN)/python -m compileall -q bots engine provenance safety storage tests
	$(BIN)/pytest --numprocesses $(WORKERS)

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/dev  ## measure; prints figures, asserts nothing
	$(BIN)/python -m tests.benchmarks

soak: .venv/dev  ## the long runs
	$(BIN)/pytest -m soak

clean:
	rm -rf .venv build dist *.egg-info
