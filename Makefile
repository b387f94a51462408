# Two commands do everything: `make demo` and `make test`. Both make their own environment in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check format lint types imports unit policies mutate firm samples handbook test-long test-browser test-browser-all bench bench-memory bench-handbook clean

demo: $(VENV)/.installed ## check the sample records and print the verdicts
	$(BIN)/pykala check tests/data/cases --with tests/data/documents/contract.yaml --with tests/data/documents/provider.yaml \
		--parameters tests/data/demo-parameters.yaml --as-of 2025-10-31 --lang en --fail-on never

test: $(VENV)/.developer format lint imports types policies unit ## everything that CI runs but for the browser

check: test

format: $(VENV)/.developer
	$(BIN)/ruff format --check dsl engine tests

lint: $(VENV)/.developer
	$(BIN)/ruff check dsl engine tests

imports: $(VENV)/.developer
	$(BIN)/lint-imports

types: $(VENV)/.developer
	$(BIN)/mypy

policies: $(VENV)/.developer
	$(BIN)/pykala lint --strict
	$(BIN)/pykala fmt --check
	$(BIN)/pykala test --coverage --threshold 95
	$(BIN)/pykala test --mutate --no-propose --run "feedback/*"

mutate: $(VENV)/.developer ## every mutant of every rule, with examples that would notice what survives
	$(BIN)/pykala test --mutate

firm: $(VENV)/.developer ## how firm the verdicts on complete records are, rule by rule
	$(BIN)/python tests/complete_stories.py

samples: $(VENV)/.developer ## the same records in every form that is read, in build/samples
	PYTHONPATH=tests $(BIN)/python -m data.make_samples build/samples

unit: $(VENV)/.developer
	$(BIN)/python -m pytest -n auto --dist worksteal

handbook: $(VENV)/.developer ## the handbook of the shipped policies, in handbook/index.html
	$(BIN)/pykala docs build

test-long: $(VENV)/.developer ## the property tests, many times as many examples, anew each time
	$(BIN)/python -m pytest -n auto --dist worksteal --hypothesis-profile long tests/properties

test-browser: $(VENV)/.browser ## the built handbook in a real browser: languages, search, keyboard, accessibility
	CHROMIUM="$$(.ci/chromium)" $(BIN)/python -m pytest -n auto tests/browser

test-browser-all: $(VENV)/.browser ## the same, with every check of accessibility on every page (takes long)
	CHROMIUM="$$(.ci/chromium)" EVERY_PAGE=1 $(BIN)/python -m pytest -n auto tests/browser

bench: $(VENV)/.developer ## what a call of `pykala check` costs, cold and warm
	$(BIN)/python tests/bench/start_up.py

bench-memory: $(VENV)/.developer ## what a check of 200 MB of cases and of a workbook of 50,000 rows needs (takes long)
	$(BIN)/python tests/bench/memory.py

bench-handbook: $(VENV)/.developer ## how long the handbook takes, and ten times as many rules (takes long)
	$(BIN)/python tests/bench/handbook.py --times 10

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.developer: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(VENV)/.browser: $(VENV)/.developer
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,browser]'
	@touch $@

clean:
	rm -rf $(VENV) build dist handbook .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
