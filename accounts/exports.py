"""What an export of the waitlist holds: its columns, and an entry as a row of them."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from accounts.models import WaitlistEntry
from accounts.models.countries import country_name
from records.exports import Value

HEADS = (
    "Name", "E-mail", "Organisation", "Kind", "Role", "Country", "Interests", "State", "Joined", "Confirmed",
    "Invited", "Active", "Left", "Consent", "Consent given", "Note",
)  # fmt: skip


def waitlist_row(entry: WaitlistEntry) -> list[Value]:
    """The values under HEADS; moments in the zone of pages that belong to no site."""
    return [
        entry.name,
        entry.email,
        entry.organisation_name,
        entry.get_kind_display(),
        entry.get_role_display(),
        country_name(entry.country),
        ", ".join(str(interest.label) for interest in entry.interests),
        entry.get_state_display(),
        *map(_local, (entry.joined_at, entry.confirmed_at, entry.invited_at, entry.active_at, entry.left_at)),
        entry.consent,
        _local(entry.consented_at),
        entry.note,
    ]


def _local(moment: datetime | None) -> datetime | None:
    return timezone.localtime(moment) if moment else None
