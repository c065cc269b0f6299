#!/bin/sh
# Sets up what the project needs on this machine; does nothing when it is all there.
#   scripts/setup.sh          to run the site
#   scripts/setup.sh tests    to test it as well
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-run}
python=${PYTHON:-python3}
if [ "$purpose" = tests ]; then lock=requirements-dev.txt; else lock=requirements.txt; fi

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

apt_updated=""
install() {
  say "Installing $*"
  if [ -z "$apt_updated" ]; then
    apt-get -o DPkg::Lock::Timeout=300 -qq update >/dev/null 2>&1 || true
    apt_updated=yes
  fi
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq -y --no-install-recommends install "$@" >/dev/null
}

command -v "$python" >/dev/null 2>&1 || fail "Python 3.11 or newer is needed: install the package python3."
"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' ||
  fail "Python 3.11 to 3.13 is needed, $("$python" --version) found: set PYTHON to another one."

# --- System libraries ---------------------------------------------------------------------------------
# Each line: what is looked for, and the package that brings it.
has_library() { ldconfig -p 2>/dev/null | grep -q "$1" || /sbin/ldconfig -p 2>/dev/null | grep -q "$1"; }
missing=""
venv=""
# Debian's python3 may lack what makes a virtual environment with pip in it.
[ -x .venv/bin/pip ] || "$python" -c 'import ensurepip' >/dev/null 2>&1 || venv=" python3-venv"
has_library libpango-1.0.so.0 || missing="$missing libpango-1.0-0"
has_library libpangoft2-1.0.so.0 || missing="$missing libpangoft2-1.0-0"
has_library libharfbuzz-subset.so.0 || missing="$missing libharfbuzz-subset0"
[ -d /usr/share/fonts/truetype/dejavu ] || missing="$missing fonts-dejavu-core"
if [ -n "$missing$venv" ] && can_install; then
  install $venv $missing
elif [ "$purpose" = run ]; then
  [ -z "$venv" ] ||
    fail "Python cannot make a virtual environment here without the package$venv${missing:+; PDF reports also need$missing}. Install with: apt-get install$venv$missing"
  if [ -n "$missing" ]; then
    say "PDF reports need packages that are missing:$missing. Install them with: apt-get install$missing. The site works without them; only a report says what is missing."
  fi
fi

if [ "$purpose" = tests ]; then
  if can_install; then missing=""; else missing="$venv$missing"; fi
  [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || missing="$missing chromium"
  [ -n "${TEST_DATABASE_URL:-}" ] || command -v postgres >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing="$missing postgresql"
  [ -n "${TEST_REDIS_URL:-}" ] || command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server"
  command -v pdftotext >/dev/null 2>&1 || missing="$missing poppler-utils"
  if [ -n "$missing" ]; then
    if can_install; then
      install $missing
    else
      fail "The tests need packages that are missing:$missing. Install them with: apt-get install$missing"
    fi
  fi
fi

# --- Virtual environment ---------------------------------------------------------------------------------
if ! [ -x .venv/bin/pip ]; then
  rm -rf .venv  # what a venv that failed half-way leaves behind
  "$python" -m venv .venv
fi

# --- Python packages, exactly those of the lock ------------------------------------------------------------
stamp=.venv/.installed-$lock
digest=$(cat "$lock" | sha256sum)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$digest" ]; then
  say "Installing the Python packages of $lock"
  .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
  # Where PYTHONDONTWRITEBYTECODE is set, pip leaves this out and every start would compile everything anew.
  .venv/bin/python -m compileall -q .venv/lib >/dev/null || true
  printf '%s' "$digest" >"$stamp"
  [ "$lock" = requirements.txt ] || cat requirements.txt | sha256sum >.venv/.installed-requirements.txt
fi
