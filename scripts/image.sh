#!/bin/sh
# The steps of the image, also as plain commands: libraries, packages, static files.
#   scripts/image.sh libraries    system libraries (as root)
#   scripts/image.sh packages     Python packages of the lock, into $VIRTUAL_ENV or the system's Python
#   scripts/image.sh static       collected and compressed static files
set -eu
cd "$(dirname "$0")/.."
case "${1:-}" in
  libraries)
    apt-get -qq update
    apt-get -qq -y --no-install-recommends install \
      libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core >/dev/null
    rm -rf /var/lib/apt/lists/*
    ;;
  packages)
    python3 -m pip install --quiet --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
    ;;
  static)
    # Only the static files are read here: no secret and no database of the real site is needed.
    DATA_DIR="${DATA_DIR:-/srv/data}" BAMI_MODE=demo python3 manage.py collectstatic --noinput --clear --verbosity 0
    ;;
  *)
    sed -n '2,6p' "$0" >&2
    exit 2
    ;;
esac
