# Latchstring. `make help` lists what there is.
SHELL := /bin/sh
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
DEMO_HOME ?= .latchstring
ROOMS := --ignore=tests/faults --ignore=tests/journeys

.PHONY: help demo demo-reset test pictures test-full lint types contract bench assets locale lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(VENV)/.run: requirements/run.txt requirements/tool.txt pyproject.toml
	@sh tools/set-up run "$(PYTHON)"
	@touch $@

$(VENV)/.dev: requirements/dev.txt requirements/tool.txt pyproject.toml
	@sh tools/set-up dev "$(PYTHON)"
	@touch $@ $(VENV)/.run

demo: $(VENV)/.run locale ## run everything here: portal, desk, agencies, bank, mail
	@LATCHSTRING_HOME="$(DEMO_HOME)" $(BIN)/latchstring demo

demo-reset: $(VENV)/.run ## stop the demo and forget its data
	@LATCHSTRING_HOME="$(DEMO_HOME)" $(BIN)/latchstring demo --reset

locale: $(VENV)/.run
	@$(BIN)/python tools/compile_locale.py

# Apart, because a fault test forks: a process with a browser, or with the threads of a library that
# a room's test has used, cannot be forked into one that works.
test: $(VENV)/.dev locale ## every test: rooms, guards, faults, journeys in a real browser
	@sh tools/browser
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(ROOMS)
	@$(BIN)/python -m pytest -n 2 --dist loadfile tests/faults
	@$(BIN)/python -m pytest -n 2 --dist loadfile tests/journeys

pictures: $(VENV)/.dev locale ## the journeys again, every screen kept in out/journeys/
	@LATCHSTRING_PICTURES=1 $(BIN)/python -m pytest -n 2 --dist loadfile tests/journeys

test-full: test ## the suite again on Debian's PostgreSQL, and every statement, order and look
	@sh tools/on-debian-postgres $(BIN)/python -m pytest -n 2 --dist loadfile $(ROOMS)
	@LATCHSTRING_EVERY_STATEMENT=1 LATCHSTRING_EVERY_ORDER=1 $(BIN)/python -m pytest -n 2 --dist loadfile tests/faults
	@LATCHSTRING_EVERY_LOOK=1 $(BIN)/python -m pytest tests/journeys/test_everyone_can_use_it.py

lint: $(VENV)/.dev ## style, types, the import contract
	@$(BIN)/ruff check latchstring standins tests tools conftest.py
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports
	@$(BIN)/mypy

bench: $(VENV)/.dev ## speed, as ratios to a floor or a peer measured in the same run
	@$(BIN)/python -m tests.bench

assets: ## rebuild the committed stylesheets and scripts (needs Node)
	@sh assets/build.sh

lock: $(VENV)/.dev ## resolve requirements/*.in to hashed locks
	@for f in run dev tool peers; do $(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header requirements/$$f.in -o requirements/$$f.txt; done
