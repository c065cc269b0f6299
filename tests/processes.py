"""Other processes of ours on the test database: commands, workers, and the broker that both sides use."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import connection
from kombu import pools


def environment(**changes: str) -> dict[str, str]:
    """The environment in which another process finds the test database, the test's folder and its broker."""
    dropped = ("PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST", "BAMI_TEST_DB", "REDIS_URL")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    own = {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "BAMI_MODE": "demo",
        "BAMI_TEST_DB": connection.vendor,
        "DATABASE_URL": database_url(),
        "DATA_DIR": str(settings.DATA_DIR),
        "PYTHONPATH": str(settings.BASE_DIR),
        "PYTHONUNBUFFERED": "1",
    }
    return {**kept, **own, **changes}


def database_url() -> str:
    """The address of the test database, which Django names itself."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    password = f":{values['PASSWORD']}" if values["PASSWORD"] else ""
    return f"postgres://{values['USER']}{password}@{values['HOST']}:{values['PORT']}/{values['NAME']}"


def manage(*arguments: str, text: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
    """Run a management command on the test database."""
    return subprocess.run(
        [sys.executable, "-W", "error", "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment(**changes),
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextmanager
def broker_at(url: str, **options: Any) -> Iterator[None]:
    """Send the jobs of this process to another broker meanwhile."""
    before = {name: current_app.conf[name] for name in ("broker_url", "broker_transport_options")}
    try:
        _use_broker(broker_url=url, broker_transport_options=options)
        yield
    finally:
        _use_broker(**before)


def _use_broker(**values: Any) -> None:
    current_app.conf.update(values)
    pools.reset()
    setattr(current_app, "_pool", None)  # noqa: B010  # untyped, as the next is
    setattr(current_app.amqp, "_producer_pool", None)  # noqa: B010


def wait_until(holds: Callable[[], bool], seconds: float, what: str) -> float:
    """Wait until something holds and say how long it took; fail with `what` where it never does."""
    begun = time.monotonic()
    while not holds():
        if time.monotonic() - begun > seconds:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.05)
    return time.monotonic() - begun
