"""A mail to one person: a row written with what causes it, tried until it is sent or a day has passed."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

LEASE = timedelta(seconds=150)  # longer than a task may take, so that nobody renews it
RING_AGAIN_AFTER = timedelta(seconds=15)


class MailState(models.TextChoices):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DROPPED = "dropped"  # what it was about is gone, such as an invitation that was revoked
    GIVEN_UP = "given up"


class MailQuerySet(models.QuerySet["Mail"]):
    """Claiming and ending are single statements: one changed row means it is yours."""

    def claim(self, mail_id: int) -> bool:
        """Take a mail that is due, or whose sender died; counts the attempt."""
        return bool(
            self.filter(self._free(), pk=mail_id).update(
                state=MailState.SENDING, attempts=F("attempts") + 1, lease_until=Now() + LEASE
            )
        )

    def due(self) -> MailQuerySet:
        """What should be on its way and that nobody was told of for a while."""
        return self.filter(self._free(), rung_at__lt=Now() - RING_AGAIN_AFTER)

    def to(self, recipient: str) -> MailQuerySet:
        return self.filter(recipient__iexact=recipient)

    def named(self, beginning: str) -> MailQuerySet:
        return self.filter(name__startswith=beginning)

    def given_up(self) -> MailQuerySet:
        """What a day of trying did not send."""
        return self.filter(state=MailState.GIVEN_UP)

    def end(self, mail: Mail, state: MailState, **values: object) -> bool:
        """Leave the state of sending, if this attempt still owns the mail."""
        owned = self.filter(pk=mail.pk, attempts=mail.attempts, state=MailState.SENDING)
        return bool(owned.update(state=state, lease_until=None, **values))

    @staticmethod
    def _free() -> Q:
        waiting = Q(state=MailState.WAITING, due_at__lte=Now())
        return waiting | Q(state=MailState.SENDING, lease_until__lt=Now())


class Mail(models.Model):
    """What is sent to whom, by name and by what it is about; the words are made when it is sent."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=60)  # of its templates: "accounts/invitation"
    recipient = models.EmailField()
    about = models.JSONField(default=dict)  # UUIDs of the rows that it speaks of, by kind
    state = models.CharField(max_length=10, choices=MailState, default=MailState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    written_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    rung_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    subject = models.CharField(max_length=200, blank=True)  # kept in demo mode alone, as the text is
    text = models.TextField(blank=True)

    objects: ClassVar = MailQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="mail_waiting")]

    def __str__(self) -> str:
        return f"{self.name} {self.uuid}"
