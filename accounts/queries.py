"""Reads about people and organisations that several pages share."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import WaitlistEntry
from records.models import Mail


@dataclass(frozen=True, slots=True)
class ProgrammeWork:
    """What waits for a programme admin, as counts."""

    confirmed: int  # entries that can be invited
    mails_given_up: int


def programme_work() -> ProgrammeWork:
    """What waits for a programme admin: two statements, however long the lists are."""
    return ProgrammeWork(
        confirmed=WaitlistEntry.objects.confirmed().count(), mails_given_up=Mail.objects.given_up().count()
    )
