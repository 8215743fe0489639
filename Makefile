# SPDX-FileCopyrightText: 2026 IKM site developers
# SPDX-License-Identifier: EUPL-1.2
#
# The one entry point. A line that begins with `## ` is the help of the target below it.
# You can set these from the command line:

SPHINXOPTS  =
SPHINXBUILD = $(RUN) -m sphinx
BUILDDIR    = _build
LANGUAGE    = de
PORT        = 8000
PYTHON      = python3
VENV        = .venv

.DEFAULT_GOAL = help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# All commands run in the environment that make creates.
BIN := $(VENV)/bin
RUN := $(BIN)/python -X utf8

# A locale that this machine does not have, as ssh may bring one along, would end Sphinx.
$(if $(shell locale 2>&1 >/dev/null),$(eval export LC_ALL = C.UTF-8))

# Handed to deploy/publish.sh in the environment as they were typed: no $ in them is expanded.
$(foreach name,TARGET RELEASE SITE SSH PREVIEW YES,$(eval override $(name) := $$(value $(name))))
export TARGET RELEASE SITE SSH PREVIEW YES VENV BUILDDIR

## help         show this list
.PHONY: help
help:
	@echo "make TARGET, where TARGET is one of:"
	@sed -n 's/^## /  /p' $(firstword $(MAKEFILE_LIST))

## html         build the whole site, all languages, into _build/html
.PHONY: html
html: $(VENV)/html.stamp
	@SPHINXBUILD='$(SPHINXBUILD)' $(RUN) tools/build_site.py --target '$(BUILDDIR)/html' -- $(SPHINXOPTS)

## live         show one language on this machine and follow each change (LANGUAGE=en PORT=8000)
.PHONY: live
live: $(VENV)/html.stamp
	@PYTHONUTF8=1 $(RUN) -m sphinx_autobuild -q -A live=1 -D 'language=$(LANGUAGE)' --port '$(PORT)' \
	  --re-ignore '/[.#][^/]*$$|~$$|\.(mo|pyc|tmp)$$' $(foreach name,'$(BUILDDIR)' deploy docs tests tools,--ignore $(name)) \
	  -d '$(BUILDDIR)/live/doctrees/$(LANGUAGE)' $(SPHINXOPTS) . '$(BUILDDIR)/live/$(LANGUAGE)' \
	  || { echo "Läuft hier schon etwas auf Port $(PORT)? Nehmen Sie einen anderen: make live PORT=8001" >&2; exit 1; }

## gettext      extract the German texts into catalogue templates
.PHONY: gettext
gettext: $(VENV)/html.stamp
	@$(SPHINXBUILD) -M gettext . '$(BUILDDIR)' $(SPHINXOPTS)

## update-po    bring the translators' catalogues up to date with the German text
.PHONY: update-po
update-po: $(VENV)/html.stamp
	@$(RUN) -m tools.update_po

## check        fail if a translation is missing, fuzzy, stale or wrong (FILES=… HINTS=1)
.PHONY: check
check: $(VENV)/html.stamp
	@$(RUN) -m tools.check_po $(if $(HINTS),--hints) $(FILES)

## status       show how much is translated, by page and section
.PHONY: status
status: $(VENV)/html.stamp
	@$(RUN) -m tools.check_po --status

## publish      build the site, check it and put it online (TARGET=/folder or TARGET=user@host:/folder)
.PHONY: publish
publish: $(if $(TARGET),html)
	@deploy/publish.sh publish

## rollback     show readers the release before again (TARGET=…, another one with RELEASE=…)
.PHONY: rollback
rollback:
	@deploy/publish.sh rollback

## releases     list the releases online (TARGET=…)
.PHONY: releases
releases:
	@deploy/publish.sh releases

## test         run all tests, or a part (TESTS=tests/content)
.PHONY: test
test: $(VENV)/test.stamp node_modules/.stamp
	@$(RUN) -m pytest -n auto --dist loadgroup $(TESTS)

## linkcheck    ask all addresses that the built pages name, also in blocks (needs the network)
.PHONY: linkcheck
linkcheck: html $(VENV)/test.stamp
	@$(BIN)/lychee --no-progress --include-fragments --max-concurrency 8 --root-dir '$(abspath $(BUILDDIR)/html)' \
	  --exclude-path 404.html $(LYCHEEOPTS) '$(BUILDDIR)/html/**/*.html' \
	  --remap "$$(sed -n 's/^site_url = "\(.*\)"/\1/p' conf.py) file://$(abspath $(BUILDDIR)/html)/"

## bench        measure builds of many pages beside plain Sphinx and Furo (PAGES="30 300")
.PHONY: bench
bench: $(VENV)/html.stamp
	@$(RUN) tools/bench.py $(PAGES)

## report       list open questions, empty facts, and pages that name a number of regions
.PHONY: report
report: $(VENV)/html.stamp
	@$(RUN) -m tools.report

## data-check   check the figures in data/: names file, row, column and rule of every mistake
.PHONY: data-check
data-check: $(VENV)/html.stamp
	@$(RUN) -m tools.check_data

## lint         check the Python code (ruff, mypy) and the licences (REUSE)
.PHONY: lint
lint: $(VENV)/test.stamp
	@$(BIN)/ruff check .
	@$(BIN)/ruff format -q --check . || $(BIN)/ruff format --diff .
	@$(BIN)/mypy
	@$(BIN)/reuse lint -q || $(BIN)/reuse lint

## lock         choose the newest versions of all packages and write the lock files
.PHONY: lock
lock: $(VENV)/test.stamp
	@$(RUN) -m pip install -q uv
	@$(BIN)/uv pip compile -q --upgrade --universal --fork-strategy requires-python --generate-hashes \
	  --no-header --python-version 3.11 pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile -q --upgrade --universal --fork-strategy requires-python --generate-hashes \
	  --no-header --python-version 3.11 pyproject.toml --group test -c requirements.txt -o requirements-test.txt

## clean        remove what was built (and the environment: make clean ENV=1)
.PHONY: clean
clean:
	@rm -rf '$(BUILDDIR)'
	@find locales -name '*.mo' -delete
	@find ikm_site tests tools -name '__pycache__' -prune -exec rm -rf {} +
	@test -z "$(ENV)" || rm -rf $(VENV) node_modules

# One stamp for each list of packages: pip runs again only when the list changes.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "This needs Python 3.11 or newer; name it: make PYTHON=python3.12" >&2; exit 1; }
	@echo "Creating the environment $(VENV) (once, about a minute) …"
	@$(PYTHON) -m venv --clear $(VENV) \
	  || { rm -rf $(VENV); echo "Python cannot make environments here; on Debian: apt install python3-venv" >&2; exit 1; }

$(VENV)/html.stamp: requirements.txt | $(BIN)/python
	@$(RUN) -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/test.stamp: requirements-test.txt $(VENV)/html.stamp
	@echo "Installing what the tests need (once) …"
	@$(RUN) -m pip install -q --disable-pip-version-check --require-hashes -r requirements-test.txt
	@touch $@

# axe-core and the Nu HTML checker come from npm. Without npm their tests are skipped in plain sight.
node_modules/.stamp: package-lock.json
	@if command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund --ignore-scripts && touch $@; else \
	  echo "npm is missing: tests with axe-core and the Nu checker are skipped; on Debian: apt install npm" >&2; fi
