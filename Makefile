# `make run` and `make test` are the two commands; each installs what it needs.
.DEFAULT_GOAL := help
.PHONY: help setup run test lint bench clean
export UV_PYTHON_DOWNLOADS = never

ROWS ?= 10m
LOCK := pyproject.toml uv.lock scripts/uv.txt

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 14

setup: .venv/.setup ## install what Assay needs into .venv
	@:

run: setup ## serve a made-up marketplace, or review your own facts: make run FACTS=DIR
	@.venv/bin/assay $(if $(FACTS),run --facts "$(FACTS)",demo)

test: .venv/.setup-all ## everything CI runs
	@sh scripts/test-needs
	@sh scripts/lint
	@sh scripts/test

lint: .venv/.setup-all ## format, lint, types and import contracts
	@sh scripts/lint

bench: .venv/.setup-bench ## measure: make bench ROWS=100m
	@.venv/bin/python -m tests.bench --rows $(ROWS)
	@.venv/bin/python -m tests.bench.pages

clean: ## back to a fresh clone
	rm -rf build dist .venv .tools .coverage* .hypothesis .*_cache

# The stamps live in .venv, so they go when it goes. Only -all takes away what is not in the lock.
.venv/.setup: $(LOCK)
	@sh scripts/setup --inexact
	@touch $@

.venv/.setup-bench: $(LOCK)
	@sh scripts/setup --inexact --group bench
	@touch .venv/.setup $@

.venv/.setup-all: $(LOCK)
	@sh scripts/setup --all-extras --all-groups
	@touch .venv/.setup .venv/.setup-bench $@
