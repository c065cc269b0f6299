# make run and make test are all you need; each does its own set-up.
PYTHON_BIN := .venv/bin/python
.PHONY: run test setup setup-tests quick check bench pictures lock

run: setup
	@scripts/run.sh

test: check
	@$(PYTHON_BIN) -m scripts.test

setup:
	@scripts/setup.sh

setup-tests:
	@scripts/setup.sh tests

quick: check
	@$(PYTHON_BIN) -m pytest tests/unit tests/property tests/integration -q -n 2 --db sqlite \
	  --ignore tests/integration/test_report_ends_once.py --ignore tests/integration/test_serve.py \
	  --ignore tests/integration/test_image.py --ignore tests/integration/test_url_policy.py \
	  --ignore tests/integration/test_canaries.py --ignore tests/integration/test_mass_assignment.py

check: setup-tests
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/lint-imports
	@.venv/bin/mypy .

bench: setup-tests
	@$(PYTHON_BIN) -m tests.bench

pictures: setup-tests
	@$(PYTHON_BIN) -m tests.browser.pictures

lock:
	@.venv/bin/python -m pip install --quiet uv
	@for set in "" dev; do \
	  .venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-annotate pyproject.toml $${set:+--group $$set} -o requirements$${set:+-$$set}.txt; done
