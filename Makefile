# make run                  start Pain Rounds on this machine (PORT=8080 for another port)
# make check                lint, types and the tests that need no server: two minutes, for while you work
# make test                 lint, types and the whole suite: what a change must pass
# make test-all             the same in its long form, up to an hour: searches and breaks things ten times longer
# make bench            measure what the service costs, into tests/benchmarks/RESULTS.md (PART=attempts for one part)
# make format               mend what Ruff can mend, and lay the code out
# make migration NAME="…"   write the next migration: what the models say and the last one does not make
# make lock                 write the locks anew from pyproject.toml: all, and what production needs
# make clean                remove the environment and what the tools left; keeps instance/

SHELL := /bin/sh
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done)
BIN := .venv/bin
LOCK = $(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
READY := .venv/ready

.PHONY: run check test test-all bench format migration lock clean help

help:
	@sed -n 's/^# //p' Makefile

run: $(READY)
	@exec $(BIN)/lms serve

check: $(READY)
	@exec sh tests/run -m fast --hypothesis-profile brief

test: $(READY)
	@exec sh tests/run

test-all: $(READY)
	@exec sh tests/run --long --timeout 1800

bench: $(READY)
	@exec $(BIN)/python -m tests.benchmarks $(PART:%=--part %) $(if $(LONG),--long) $(if $(QUICK),--quick) $(USERS:%=--users %) $(BESIDE:%=--beside %)

format: $(READY)
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .

migration: $(READY)
	@$(BIN)/python -m migrations.new "$(NAME)"
	@$(BIN)/ruff format --quiet migrations/versions

$(READY): requirements.txt pyproject.toml
	@if [ -z "$(PYTHON)" ]; then echo "Pain Rounds needs Python 3.11 or newer; none is on the PATH." >&2; exit 1; fi
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Pain Rounds needs Python 3.11 or newer; $(PYTHON) is older." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
		|| { echo "$(PYTHON) has no venv module; install it (on Debian: apt install python3-venv)." >&2; exit 1; }
	@echo "Setting up .venv (once, about a minute) …"
	@$(PYTHON) -m venv .venv \
		|| { echo "The folder $(CURDIR) cannot be written; make it writable first." >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

lock: $(READY)
	$(LOCK) --extra dev --extra build pyproject.toml -o requirements.txt
	$(LOCK) --extra build --constraints requirements.txt pyproject.toml -o requirements-production.txt

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
