# make demo: set up and plan the bottling line. make check: the quick checks. make test: set up and run every check. All need Python 3.11 or newer, make and git only.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/ready
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet install

.PHONY: demo check test lint check-types layers quick unit clients docs bench bench-ladder bench-full bench-scale schemas golden lock setup clean

demo: $(READY)
	$(BIN)/stepladder plan bottling_line --output build/bottling_line.json
	$(BIN)/stepladder next build/bottling_line.json

# While one works: under three minutes. Everything but the tests that search (tests/conftest.py), are slow or measure.
check: lint check-types layers quick

# Before a commit: everything.
test: lint check-types layers unit

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

check-types: $(READY)
	$(BIN)/mypy

layers: $(READY)
	$(BIN)/lint-imports --no-logo

quick: $(READY)
	$(BIN)/python -m pytest -m "not slow and not timing and not search"

unit: $(READY)
	$(BIN)/python -m pytest --durations 25 --durations-min 5
	$(BIN)/python -m pytest -n0 -m timing --durations 15 --durations-min 2

# Programs that nobody here wrote, which read our files back in the tests. Those of the system need Debian and its root; without them their tests say so.
clients: $(VENV)/clients
	.ci/clients

$(VENV)/clients: $(READY) .ci/clients.txt
	@$(PIP) --require-hashes --requirement .ci/clients.txt
	@touch $@

# The documentation as a site in build/site, without a warning; it needs no network, neither to be made nor to be read.
docs: $(VENV)/docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

$(VENV)/docs: $(READY) .ci/docs.txt
	@$(PIP) --require-hashes --requirement .ci/docs.txt
	@touch $@

# Under five minutes; bench-ladder has the public problems whose best value is known; bench-full takes hours, goes on where it was stopped, and covers everything.
bench: $(VENV)/bench
	$(BIN)/python -m tests.benchmarks.run quick

bench-ladder: $(VENV)/bench
	$(BIN)/python -m tests.benchmarks.run ladder

bench-full: $(VENV)/bench
	$(BIN)/python -m tests.benchmarks.run full

# Time and memory at 1,000 to 30,000 steps, as a table.
bench-scale: $(READY)
	$(BIN)/python -m tests.benchmarks.scale

$(VENV)/bench: $(READY) .ci/bench.txt
	@$(PIP) --require-hashes --requirement .ci/bench.txt
	@touch $@

setup: $(READY)

# The versions in .ci/lock.txt are exact and each file is checked against its hash; only this project itself has none.
$(READY): .ci/lock.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12")'
	@echo "Setting up $(VENV); the first time this takes a minute or two."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes --requirement .ci/lock.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@mkdir -p build
	@touch $(READY)

# -- after a change that is meant -------------------------------------------------------------------------------------

schemas: $(READY)
	$(BIN)/python -c 'from stepladder.data.schemas import write; write()'

golden: $(READY)
	$(BIN)/python docs/generate.py
	STEPLADDER_GOLDEN=write $(BIN)/python -m pytest tests/output tests/optimise/test_golden_lp.py tests/docs

lock:
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --output-file .ci/lock.txt
	uv pip compile pyproject.toml --group bench --constraint .ci/lock.txt --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --output-file .ci/bench.txt
	uv pip compile pyproject.toml --group clients --no-strip-extras --constraint .ci/lock.txt --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --output-file .ci/clients.txt
	uv pip compile pyproject.toml --group docs --constraint .ci/lock.txt --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --output-file .ci/docs.txt

clean:
	rm -rf $(VENV) build
