# Two commands on a fresh machine (Python 3.11+, make): make demo, make test.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# One more than the two cores that CI has: many tests wait, for a database or another process.
PROCS ?= 3

.PHONY: demo test check bench bench-quick bench-report serve postgres guide lock clean

demo: $(VENV)/.runtime
	$(BIN)/baton demo

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n $(PROCS) --dist loadfile

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Every figure beside its target, on both databases: about a quarter of an hour.
bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks

# A sample in less than 50 seconds, as JSON lines alone.
bench-quick: $(VENV)/.bench
	@$(BIN)/python -m benchmarks --quick

# All of it, written down in docs/speed.md with its plots.
bench-report: $(VENV)/.bench
	$(BIN)/python -m benchmarks --report

serve: $(VENV)/.runtime
	$(BIN)/baton serve

# A PostgreSQL on loopback to try things on; it prints its URL and ends with Ctrl-C.
postgres: $(VENV)/.dev
	$(BIN)/python -m tests.support.postgres

# docs/analysts.md, made by running all that it shows; needs sqlite3, curl and jq as well.
guide: $(VENV)/.dev
	$(BIN)/python docs/analysts/make.py

# The lock names versions, never a registry.
lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --output-file requirements.lock pyproject.toml
	$(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	$(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --extra bench --constraint requirements-dev.lock --output-file requirements-bench.lock pyproject.toml

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: $(VENV)/bin/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

# Silent, for what is printed after it is read by programs.
$(VENV)/.bench: $(VENV)/.runtime requirements-bench.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.lock >&2
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	touch $@
