"""Prepares the embedded database and static files for `make run`; quick when nothing changed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Migrate, install BAMI 1.0, have the sample made, collect static files; in demo mode load the demo."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bami_site.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("loaddata", "bami-1.0.yaml", verbosity=0)
    call_command("request_sample")
    collect_static(settings.STATIC_ROOT)
    if settings.DEMO:
        call_command("load_demo")


def collect_static(target: Path) -> None:
    """Collect and compress the static files, unless lock and files are as they were."""
    from django.core.management import call_command

    stamp = target / ".collected"
    digest = static_digest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    print("Collecting the static files", flush=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(digest)


def static_digest() -> str:
    """A digest of the lock and of every static file of ours."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted((ROOT / "static").rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
