#!/bin/sh
# Brings the site up in demo mode: database, content, demo, static files, then web and worker.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python
umask 077  # answers are secrets: nobody else on this machine reads the database
export PYTHONUNBUFFERED=1
port=${PORT:-8000}

$python -m scripts.prepare
exec $python manage.py serve --bind "127.0.0.1:$port"
