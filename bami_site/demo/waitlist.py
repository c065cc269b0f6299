"""The demo's waitlist: entries in each state, brought there by the same services that pages use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import yaml
from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now

from accounts.emails import COMPOSERS
from accounts.models import User, WaitlistEntry
from accounts.services.members import accept_invitation
from accounts.services.waitlist import (
    CONSENT,
    MAILS,
    Details,
    Invited,
    confirm_entry,
    invite_from_waitlist,
    join_waitlist,
    keep_note,
    leave_waitlist,
    revoke_invited,
)
from bami_site.demo import PASSWORD
from records.mail import forget_mails, message_of
from records.models import Mail
from records.models.mail import MailState

ENTRIES = settings.BASE_DIR / "bami_site" / "demo" / "waitlist.yaml"
MOMENTS = ("consented_at", "joined_at", "confirmed_at", "invited_at", "active_at")


def entries() -> list[dict[str, Any]]:
    """What the demo's file says of each entry."""
    said: list[dict[str, Any]] = yaml.safe_load(ENTRIES.read_text(encoding="utf-8"))
    return said


def load_waitlist(admin: User) -> None:
    """Every entry, in the state that it names; `admin` is the programme admin who invites."""
    for said in entries():
        state, weeks, note = said.pop("state"), said.pop("weeks"), said.pop("note", "")
        join_waitlist(details=Details(**said, consent=str(CONSENT)))
        entry = WaitlistEntry.objects.at_address(said["email"]).get()
        if state != WaitlistEntry.State.JOINED:
            bring_on(entry, state, admin)
        if note:
            keep_note(actor=admin, entry=entry, text=note, base_version=0)
        ago = timedelta(weeks=weeks)
        moments = set(MOMENTS)
        if state == WaitlistEntry.State.INVITED:  # its invitation is of today, as the day it holds until says
            moments.remove("invited_at")
        WaitlistEntry.objects.filter(pk=entry.pk).update(**{moment: F(moment) - ago for moment in moments})
    for mail in Mail.objects.named(MAILS):
        keep_as_sent(mail)


def keep_as_sent(mail: Mail) -> None:
    """The words of a mail on the demo's page, as if the worker had sent it; nothing is printed or sent."""
    words = COMPOSERS[mail.name](mail)
    if words is None:  # an invitation that was accepted since
        mail.delete()
        return
    message = message_of(mail, words)
    kept = {"subject": message.subject, "text": message.body, "sent_at": Now()}
    Mail.objects.filter(pk=mail.pk).update(state=MailState.SENT, attempts=1, **kept)


def bring_on(entry: WaitlistEntry, state: str, admin: User) -> None:
    """From joined to a later state, one step after the other."""
    name = f"{MAILS}confirmation"
    COMPOSERS[name](Mail.objects.named(name).to(entry.email).latest("pk"))  # makes the link, as sending does
    forget_mails(recipient=entry.email, names=name)
    entry.refresh_from_db()
    confirm_entry(entry=entry)
    if state == WaitlistEntry.State.LEFT:
        leave_waitlist(entry=entry)
    elif state != WaitlistEntry.State.CONFIRMED:
        invite_from_waitlist(
            actor=admin,
            invited=[Invited(entry.uuid, organisation_name=entry.organisation_name, kind=entry.kind)],
        )
        entry.refresh_from_db()
        if state == WaitlistEntry.State.REVOKED:
            revoke_invited(actor=admin, entry=entry)
        if state == WaitlistEntry.State.ACTIVE and entry.invitation is not None:
            accept_invitation(invitation=entry.invitation, user=None, name=entry.name, password=PASSWORD)
