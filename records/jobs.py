"""Running a job: claim it, hold the lease while it works, finish or fail it, and sweep what is late."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models.functions import Now
from kombu.exceptions import OperationalError as BrokerError

from records.models import Job
from records.models.job import ATTEMPTS

log = logging.getLogger(__name__)
RENEW_EVERY = 10.0  # seconds; the lease holds three times as long
SWEEP_EVERY = 5.0
SEND_WITHIN = 1.0  # seconds for a broker that is away or does not answer
AT_ONCE = {
    "socket_timeout": SEND_WITHIN,
    "socket_connect_timeout": SEND_WITHIN,
    "max_retries": 1,
    "interval_start": 0,
}
TOO_LONG = "It took too long to make. Ask again; if it happens again, tell us the number on this page."
GAVE_UP = (
    "The worker ended while it was being made, three times. Ask again; nothing in the assessment is lost."
)
UNEXPECTED = "Something went wrong while it was made. Ask again; nothing in the assessment is lost."


class JobFailed(Exception):
    """The work cannot be done; the message is a reason that a person can act on."""


Work = Callable[[Job], dict[str, Any]]


def send_on_commit(job: Job) -> None:
    """Ring the doorbell once the row is there; if nobody hears it, the sweep rings again."""
    transaction.on_commit(partial(send, job))


def send(job: Job) -> None:
    ring(settings.JOB_TASKS[job.kind], job.pk)


def ring(task: str, row_id: int) -> None:
    """Hand a row's id to the broker. A broker that is away is no failure: the row waits for the sweep."""
    try:
        # A connection of its own: who asked waits for this one, so it gives up sooner than the worker's.
        with current_app.connection_for_write(
            connect_timeout=SEND_WITHIN, transport_options=AT_ONCE
        ) as broker:
            # Without limits of its own: those of the worker hold, whatever the sender knows.
            current_app.send_task(
                task, args=[row_id], connection=broker, time_limit=None, soft_time_limit=None
            )
    except (BrokerError, OSError) as error:
        log.warning("%s of row %s could not be sent: %s", task, row_id, error)


def run_job(job_id: int, work: Work) -> None:
    """Do one job if it is free: at most one attempt owns it at a time, and it ends done or failed.

    `work` gets the job and returns its result; JobFailed is final, anything else is tried again while
    attempts are left (trust page, 3.10). A done job keeps the file of the attempt that ended it, a failed
    one none.
    """
    jobs = Job.objects.work()
    if not jobs.claim(job_id, f"{socket.gethostname()}:{os.getpid()}"):
        return
    job = jobs.select_related("organisation", "requested_by").get(pk=job_id)
    with Lease(job):
        try:
            result = work(job)
        except JobFailed as error:
            _fail(job, str(error))
        except SoftTimeLimitExceeded:
            _fail(job, TOO_LONG)
        except Exception:
            log.exception("job %s, attempt %s", job.uuid, job.attempts)
            if not jobs.put_back(job.pk, job.attempts):
                _fail(job, UNEXPECTED)
        else:
            # Before the end is written: a kill between the two leaves a job that is tried again.
            discard_files(job, range(1, job.attempts))
            if not jobs.finish(job.pk, job.attempts, result):
                discard_files(job, [job.attempts])  # a newer attempt owns it


def job_file(job: Job) -> str:
    """The name in the store under which this attempt keeps its file."""
    return _file_of(job, job.attempts)


def discard_files(job: Job, attempts: Iterable[int]) -> None:
    """Remove what these attempts left in the store, whole files and begun ones."""
    for attempt in attempts:
        path = Path(default_storage.path(_file_of(job, attempt)))
        path.unlink(missing_ok=True)
        path.with_suffix(".part").unlink(missing_ok=True)


def _file_of(job: Job, attempt: int) -> str:
    return f"{job.kind}s/{job.uuid}-{attempt}"


def _fail(job: Job, reason: str) -> None:
    discard_files(job, range(1, job.attempts + 1))
    Job.objects.work().fail(job.pk, job.attempts, reason)


class Lease:
    """Renews a job's lease from a thread of its own for as long as the work goes on."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.renew, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *error: object) -> None:
        self.over.set()
        self.thread.join()

    def renew(self) -> None:
        while not self.over.wait(RENEW_EVERY):
            try:
                Job.objects.work().renew(self.job.pk, self.job.attempts)
            except Exception:
                log.exception("the lease of job %s could not be renewed", self.job.uuid)
        connection.close()


def sweep() -> None:
    """Fail what has no attempt left; send again what nobody took."""
    jobs = Job.objects.work()
    for job in jobs.spent():
        if jobs.fail(job.pk, ATTEMPTS, GAVE_UP):
            discard_files(job, range(1, ATTEMPTS + 1))
            log.warning("job %s failed after %s attempts", job.uuid, ATTEMPTS)
    for job in jobs.late():
        jobs.filter(pk=job.pk).update(sent_at=Now())
        send(job)


def sweep_for_ever(stop: threading.Event, sweeps: Iterable[Callable[[], None]]) -> None:
    """The worker's sweeps, until it stops; a database that is away is tried again."""
    while not stop.wait(SWEEP_EVERY):
        try:
            for swept in sweeps:
                swept()
        except Exception:
            log.exception("the sweep failed")
        finally:
            connection.close()  # none is held between two sweeps
