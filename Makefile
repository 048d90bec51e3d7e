# Two commands matter: `make demo` and `make test`. Both set up what they need in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test tools bench lock clean

demo: $(VENV)/ready
	@$(BIN)/ranvier demo

test: $(VENV)/ready
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto --dist worksteal -rs

# What looks at mails: axe, html-validate, caniemail and a browser's driver. Chromium and SpamAssassin are the system's.
tools:
	cd tests/tools && npm ci

# A quarter of an hour. The references that it installs stay out of `make test`'s requirements.
bench: $(VENV)/bench-ready
	@$(BIN)/python bench

$(VENV)/bench-ready: bench/requirements.txt $(VENV)/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bench/requirements.txt
	touch $@

$(VENV)/ready: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Ranvier needs Python 3.11 or newer; name one: make PYTHON=python3.11") if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# Newest versions that pyproject.toml and package.json allow, with hashes and without any address.
lock: $(VENV)/ready
	$(BIN)/python -m venv .lock && .lock/bin/pip install --quiet uv
	.lock/bin/uv pip compile pyproject.toml --group dev --extra cluster --extra speed --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-emit-index-url --no-annotate --no-header --output-file requirements.txt
	rm -r .lock
	cd tests/tools && npm install --package-lock-only
	$(BIN)/python -c "import json, pathlib; lock = pathlib.Path('tests/tools/package-lock.json'); \
		tree = json.loads(lock.read_text()); [one.pop('funding', None) for one in tree['packages'].values()]; \
		lock.write_text(json.dumps(tree, indent=2) + '\n')"

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache
