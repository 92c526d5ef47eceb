# The commands of the project. They need Python 3.11+ and nothing else: .venv is made from uv.lock, and a real
# PostgreSQL and Redis come with it (unless DATABASE_URL and REDIS_URL name yours).
# Variables: PYTHON (which Python makes .venv), PORT (8000), HOST (127.0.0.1), RISALA_VAR (./var), EXTRAS=no (see
# config/stack/extras.sh).

.DEFAULT_GOAL := help
.PHONY: help run services test check bench fmt clean

help:  ## show this list
	@sed -n 's/^\([a-z]*\):  *## /  make \1\t/p' Makefile

run:  ## start everything and print where it is
	@config/stack/prepare.sh run
	@exec .venv/bin/python -m config.stack.launch run --with-parent

services:  ## start only PostgreSQL and Redis
	@config/stack/prepare.sh run
	@exec .venv/bin/python -m config.stack.launch services --with-parent

test:  ## all checks, then all tests
	@config/stack/prepare.sh dev
	@config/stack/extras.sh
	@exec .venv/bin/python -m config.stack.checks all

check:  ## style, types, imports, sizes: no tests
	@config/stack/prepare.sh dev
	@exec .venv/bin/python -m config.stack.checks static

bench:  ## the benchmarks, each against a limit measured in the same run
	@config/stack/prepare.sh dev
	@exec .venv/bin/python -m benchmarks

fmt:  ## put the code into the common form
	@config/stack/prepare.sh dev
	@.venv/bin/ruff check --fix --exit-zero .
	@.venv/bin/ruff format .

clean:  ## remove .venv and what tools left behind; the data in var stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
