"""Where a programme admin works, and what the trail holds of it."""

from __future__ import annotations

from accounts.models import WaitlistEntry
from records.models import Event

LIST, INVITE, COUNTS, MAILS = (
    "/programme/waitlist/", "/programme/waitlist/invite/", "/programme/waitlist/counts/", "/programme/mails/"
)  # fmt: skip


def of(entry: WaitlistEntry, deed: str = "") -> str:
    """The address of an entry, or of what is done with it."""
    return f"{LIST}{entry.uuid}/{deed}"


def events(action: str) -> list[Event]:
    """What the trail holds of this action, oldest first."""
    rows = Event.objects.unscoped("the test looks at all of them").filter(action=action).order_by("seq")
    return list(rows)
