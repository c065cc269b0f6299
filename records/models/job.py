"""A piece of work for the worker: its row is the truth, the broker only the doorbell."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from records.models.owned import OwnedManager, OwnedModel, OwnedQuerySet

LEASE = timedelta(seconds=30)
SEND_AGAIN_AFTER = timedelta(seconds=15)
ATTEMPTS = 3


class JobState(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class JobQuerySet(OwnedQuerySet["Job"]):
    """Claiming, renewing and finishing are single statements: one changed row means it is yours."""

    def claim(self, job_id: int, worker: str) -> bool:
        """Take a job that is queued, or whose lease has run out; counts the attempt."""
        free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=Now())
        return bool(
            self.filter(free, pk=job_id, attempts__lt=ATTEMPTS).update(
                state=JobState.RUNNING, attempts=F("attempts") + 1, lease_until=Now() + LEASE, worker=worker
            )
        )

    def renew(self, job_id: int, attempt: int) -> bool:
        """Hold on to a job for another lease, if this attempt still owns it."""
        return bool(self._owned(job_id, attempt).update(lease_until=Now() + LEASE))

    def finish(self, job_id: int, attempt: int, result: dict[str, Any]) -> bool:
        """Mark done, if this attempt still owns the job."""
        return bool(
            self._owned(job_id, attempt).update(
                state=JobState.DONE, result=result, reason="", lease_until=None, finished_at=Now()
            )
        )

    def fail(self, job_id: int, attempt: int, reason: str) -> bool:
        """Mark failed with a reason that a person can act on, if this attempt still owns the job."""
        return bool(
            self._owned(job_id, attempt).update(
                state=JobState.FAILED, reason=reason, lease_until=None, finished_at=Now()
            )
        )

    def lose(self, reason: str) -> int:
        """Mark what was done as failed, because what it made is gone; it can then be asked for anew."""
        return self.filter(state=JobState.DONE).update(state=JobState.FAILED, reason=reason)

    def put_back(self, job_id: int, attempt: int) -> bool:
        """Queue again after a passing fault, if attempts are left; the sweep sends it."""
        return bool(
            self._owned(job_id, attempt)
            .filter(attempts__lt=ATTEMPTS)
            .update(state=JobState.QUEUED, lease_until=None)
        )

    def spent(self) -> JobQuerySet:
        """Running past the lease with no attempt left."""
        return self.filter(state=JobState.RUNNING, lease_until__lt=Now(), attempts__gte=ATTEMPTS)

    def late(self) -> JobQuerySet:
        """Queued, or past the lease with attempts left, and not sent for a while."""
        waiting = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=Now())
        return self.filter(waiting, attempts__lt=ATTEMPTS, sent_at__lt=Now() - SEND_AGAIN_AFTER)

    def _owned(self, job_id: int, attempt: int) -> JobQuerySet:
        return self.filter(pk=job_id, attempts=attempt, state=JobState.RUNNING)


class JobManager(OwnedManager["Job"]):
    def __init__(self) -> None:
        super().__init__(JobQuerySet)

    def work(self) -> JobQuerySet:
        """Every job: the worker's own way in."""
        jobs: JobQuerySet = self.unscoped("a worker serves every organisation")
        return jobs

    def of_installation(self) -> JobQuerySet:
        """The jobs that belong to no organisation, such as the public sample's."""
        jobs: JobQuerySet = self._everything().filter(organisation=None)
        return jobs


class Job(OwnedModel):
    """One request for work; unique while it has not failed, so that a double click is one job.

    Without an organisation it is the installation's own, and nobody's request.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    kind = models.CharField(max_length=20)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    requested_at = models.DateTimeField(db_default=Now())
    input_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(db_default=Now())
    worker = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    result = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True)

    objects = JobManager()

    class Meta(OwnedModel.Meta):
        indexes = [models.Index(fields=["state", "sent_at"], name="job_waiting")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "input_hash"],
                condition=~Q(state=JobState.FAILED),
                name="one_job_for_the_same_work",
            ),
            models.UniqueConstraint(
                fields=["kind", "input_hash"],
                condition=~Q(state=JobState.FAILED) & Q(organisation=None),
                name="one_job_of_installation_for_the_same_work",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"
