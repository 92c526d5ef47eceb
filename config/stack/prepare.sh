#!/bin/sh
# Creates .venv from uv.lock: `prepare.sh run` what the product needs, `prepare.sh dev` also what its tests need.
# Needs a Python 3.11+ with venv, found by itself or named by PYTHON. Nothing is done when nothing has changed.
set -eu
cd "$(dirname "$0")/../.."
UV="uv==0.13.8"
stamp=".venv/.prepared-$1"

stop() {
    echo "Risala: $*" >&2
    exit 1
}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        new_enough "$PYTHON" || stop "PYTHON=$PYTHON is not a Python 3.11 or newer."
        return
    fi
    for PYTHON in python3 python3.13 python3.12 python3.11 python3.14; do
        new_enough "$PYTHON" && return
    done
    have=$(python3 -V 2>/dev/null) || have=none
    stop "needs Python 3.11 or newer, found $have. Install one, or name it: make PYTHON=/path/to/python3.11 …"
}

up_to_date() {
    [ -f "$stamp" ] && [ ! uv.lock -nt "$stamp" ] && [ ! pyproject.toml -nt "$stamp" ] && new_enough .venv/bin/python
}

up_to_date && exit 0
if ! new_enough .venv/bin/python; then
    find_python
    echo "Risala: creating .venv with $("$PYTHON" -V) …"
    "$PYTHON" -c 'import venv, ensurepip' 2>/dev/null ||
        stop "$PYTHON has no venv module; on Debian and Ubuntu: apt install python3-venv."
    "$PYTHON" -m venv --clear .venv || stop "$PYTHON could not create .venv."
fi
if ! .venv/bin/python -m uv --version >/dev/null 2>&1; then
    echo "Risala: installing $UV …"
    .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "$UV" || stop "could not install $UV."
fi
echo "Risala: installing the packages of uv.lock ($1) …"
group=--no-dev
[ "$1" = dev ] && group=--group=dev
# Inexact: uv itself lies in this environment and is not in the lock.
sync() {
    env -u VIRTUAL_ENV UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON_DOWNLOADS=never "$@" \
        .venv/bin/python -m uv sync --frozen --inexact "$group"
}
# uv trusts its own list of authorities first; behind a company's proxy only the machine's list knows the one that counts.
sync || { echo "Risala: once more, with this machine's own certificates …" && sync UV_SYSTEM_CERTS=1; } ||
    stop "could not install the packages of uv.lock."
touch "$stamp"
[ "$1" = dev ] && touch .venv/.prepared-run
exit 0
