#!/bin/sh
# What a container runs: migrate | web | worker | beat.
set -eu
cd "$(dirname "$0")/.."
case "${1:-web}" in
  migrate)
    python3 manage.py migrate --noinput
    python3 manage.py loaddata bami-1.0.yaml
    exec python3 manage.py request_sample
    ;;
  web)
    exec python3 -m gunicorn bami_site.wsgi:application --preload --bind "0.0.0.0:${PORT:-8000}" \
      --workers "${WEB_WORKERS:-2}" --threads 4 --timeout 60 --graceful-timeout 30 --no-control-socket
    ;;
  worker)
    exec python3 -m celery -A bami_site worker --pool prefork --concurrency "${WORKERS:-1}" --loglevel info \
      --without-gossip --without-mingle --without-heartbeat
    ;;
  beat)
    exec python3 -m celery -A bami_site beat --loglevel info --schedule "${DATA_DIR:-/srv/data}/beat"
    ;;
  *)
    sed -n '2p' "$0" >&2
    exit 2
    ;;
esac
