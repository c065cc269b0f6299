"""The worker's own app for tests: short leases, and stops at a phase of rendering until it is killed.

`HOLD_FOLDER` names a folder: the worker writes its process id there on reaching a phase and
waits, once for every file `<phase>.hold` that it finds there and removes.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from billiard.exceptions import SoftTimeLimitExceeded
from celery.signals import worker_process_init

from bami_site.celery import app, limit_child

FOLDER = Path(os.environ["HOLD_FOLDER"])
LEASE = float(os.environ.get("LEASE", "2"))  # seconds; the product's are 30, 10, 5 and 15
RENEW_EVERY = 0.4
SWEEP_EVERY = 0.3
SEND_AGAIN_AFTER = 0.5


if limits := os.environ.get("TIME_LIMITS"):  # soft and hard, in seconds; read before the worker is made
    soft, hard = map(int, limits.split(","))
    app.conf.update(task_soft_time_limit=soft, task_time_limit=hard)


def hold(phase: str) -> None:
    """Where a test asked for it: say that the phase is reached, and wait to be killed."""
    try:
        (FOLDER / f"{phase}.hold").unlink()
    except FileNotFoundError:
        return
    (FOLDER / f"{phase}.part").write_text(str(os.getpid()))
    (FOLDER / f"{phase}.part").rename(FOLDER / f"{phase}.reached")
    time.sleep(600)


def holding(function: Callable[..., Any], before: str = "", after: str = "") -> Callable[..., Any]:
    """The function with a phase before it or after it."""

    def held(*args: Any, **kwargs: Any) -> Any:
        if before:
            hold(before)
        result = function(*args, **kwargs)
        if after:
            hold(after)
        return result

    return held


def poisoned(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with what the title of a record asks for: a death for want of memory, or a spin that
    hears no soft limit."""

    def poison(*args: Any, **kwargs: Any) -> Any:
        record, results = function(*args, **kwargs)
        if record.title.startswith("poison, memory"):
            os.kill(os.getpid(), signal.SIGKILL)  # as the kernel ends who takes too much
        while record.title.startswith("poison, spin"):
            with suppress(SoftTimeLimitExceeded):
                while True:
                    pass
        return record, results

    return poison


@app.on_after_finalize.connect
def shorten(**kwargs: Any) -> None:
    """The times of a test; the constants are read whenever they are used."""
    from records import jobs
    from records.models import job

    job.LEASE = timedelta(seconds=LEASE)
    job.SEND_AGAIN_AFTER = timedelta(seconds=SEND_AGAIN_AFTER)
    jobs.RENEW_EVERY = RENEW_EVERY
    jobs.SWEEP_EVERY = SWEEP_EVERY


@worker_process_init.connect
def stop_at_phases(**kwargs: Any) -> None:
    """In the child: the functions that rendering calls, each with its phase."""
    assert limit_child is not None  # the product's own set-up of a child runs as well
    rendering: Any = import_module("reports.rendering")
    job: Any = import_module("records.models.job")

    rendering.contents = holding(rendering.contents, before="claimed")
    rendering.html_to_pdf = holding(rendering.html_to_pdf, before="rendering")
    rendering.keep_file = holding(rendering.keep_file, after="file written")
    rendering.contents = poisoned(rendering.contents)
    job.JobQuerySet.finish = holding(job.JobQuerySet.finish, before="before commit", after="after commit")
