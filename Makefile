# make run: the demonstration. make test: every check. Both keep .venv current.
.PHONY: setup parts run test clean bench

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.current
DEMO   := demo
DOCCANO := .doccano
NEEDS  := pyproject.toml constraints.txt hatch_build.py

setup: $(STAMP)

# pip's own build environment is held to the same versions
$(STAMP): $(NEEDS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "dossier needs Python 3.11 or newer; name one: make PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "setting up $(VENV) (a few minutes the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]' --constraint constraints.txt
	@touch $@

run: setup
	@mkdir -p $(DEMO)
	@$(BIN)/dossier init $(DEMO) >/dev/null
	@$(BIN)/dossier run corpus/examples --workspace $(DEMO) || test $$? -eq 3
	@echo
	@$(BIN)/dossier show eta-profile.txt --workspace $(DEMO) | head -n 30
	@echo
	@$(BIN)/dossier verify $(DEMO)/out/curated.jsonl --corpus corpus/examples
	@echo
	@echo "the records:   $(DEMO)/out/curated.jsonl"
	@echo "one report:    $(BIN)/dossier show NAME --workspace $(DEMO)"

# programs that tests use and pip does not bring: installed where that is allowed, else the tests that need them say so
PARTS := .parts
AXE   := axe-core@4.10.3

parts:
	@for part in "tesseract tesseract-ocr" "chromium chromium" "strace strace"; do \
		set -- $$part; \
		command -v $$1 >/dev/null && continue; \
		echo "installing $$1"; \
		{ timeout 120 apt-get update -qq && DEBIAN_FRONTEND=noninteractive timeout 300 apt-get install -y -qq $$2; } >/dev/null 2>&1 \
		|| echo "$$1 could not be installed; its tests will be skipped (in CI they fail)"; \
	done
	@test -f $(PARTS)/node_modules/axe-core/axe.min.js || { \
		echo "installing axe-core"; \
		timeout 120 npm install --prefix $(PARTS) --no-save --ignore-scripts --no-audit --no-fund --silent $(AXE) >/dev/null 2>&1; \
	} || echo "axe-core could not be installed; its tests will be skipped (in CI they fail)"
	@test -x $(DOCCANO)/bin/doccano || { \
		echo "installing doccano in $(DOCCANO) (for the tests of dossier doccano)"; \
		{ $(PYTHON) -m venv $(DOCCANO) && timeout 900 $(DOCCANO)/bin/python -m pip install --quiet \
			'doccano==1.8.4' 'marshmallow<4' 'numpy<2'; } >/dev/null 2>&1; \
	} || { rm -rf $(DOCCANO); echo "doccano could not be installed; its tests will be skipped (in CI they fail)"; }

test: setup parts
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q

bench: setup
	@$(BIN)/python benchmarks/run.py

clean:
	rm -rf $(VENV) $(DOCCANO) $(DEMO) $(PARTS) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
