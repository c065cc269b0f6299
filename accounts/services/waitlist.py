"""The waitlist: joining, confirming, inviting, leaving; who is known already learns it by mail alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.links import address_code
from accounts.models import Invitation, Membership, Organisation, User, WaitlistEntry, plain_address
from accounts.services.people import note
from records.events import Entry, record
from records.mail import forget_mails, write_mail, written_lately

State = WaitlistEntry.State
DAY = timedelta(days=1)
KEEP_UNCONFIRMED = timedelta(days=30)
MAILS = "accounts/waitlist_"  # how the names of the waitlist's mails begin
CONSENT = gettext_lazy(
    "I agree that the operator of this site keeps what I typed here to run the waitlist, and writes to me "
    "about it, until I leave. Every mail has a link to leave and be erased."
)


class LinkClosed(Exception):
    """The confirming link was used or replaced, or its time has run out."""


class NotInvited(Exception):
    """The entry holds no invitation that could be sent again or revoked."""


class NotedMeanwhile(Exception):
    """The note is not the one that was looked at; the exception's entry holds the one that stands."""

    def __init__(self, entry: WaitlistEntry) -> None:
        super().__init__()
        self.entry = entry


@dataclass(frozen=True, slots=True)
class Details:
    """What somebody says of themselves on the form."""

    name: str
    email: str
    organisation_name: str
    kind: str
    role: str
    country: str
    interests: Sequence[str]
    consent: str  # the wording that stood beside the tick


@dataclass(frozen=True, slots=True)
class Invited:
    """What a programme admin decides about an entry: the organisation that is made for it."""

    entry: UUID
    organisation_name: str
    kind: str


@transaction.atomic
def join_waitlist(*, details: Details) -> None:
    """Put somebody on the waitlist. An address that is known gets the mail that fits it, once a day at most.

    What was typed replaces an entry that is not confirmed yet, and never one that is. Returns nothing:
    whoever asks learns nothing about the address. Raises ValidationError for what cannot be kept.
    """
    address = plain_address(details.email)
    entry = WaitlistEntry.objects.select_for_update().at_address(address).first()
    account = User.objects.filter(email__iexact=address).first()
    if entry is None and account is None:
        entry = _new_entry(details, address)
    elif entry is not None and entry.awaits_confirmation:
        _fill(entry, details)
        entry.save()
        _record("waitlist.joined_again", entry)
    if entry is not None:
        _write_fitting_mail(entry)
    elif account is not None and not _was_written_to(address):
        write_mail(name=f"{MAILS}known", recipient=account.email, about={"user": str(account.uuid)})


@transaction.atomic
def confirm_entry(*, entry: WaitlistEntry) -> None:
    """The address answers: the entry counts from now on. Raises LinkClosed where its link no longer holds."""
    now = timezone.now()
    open_link = {"token_hash": entry.token_hash, "token_until__gt": now, "state": State.JOINED}
    if not WaitlistEntry.objects.filter(pk=entry.pk, **open_link).update(
        state=State.CONFIRMED, confirmed_at=now
    ):
        raise LinkClosed
    _record("waitlist.confirmed", entry)


@transaction.atomic
def invite_from_waitlist(*, actor: User, invited: Sequence[Invited]) -> None:
    """Make each a new organisation and hold its first owner's place; all of them or none.

    Never joins an organisation that exists, whatever its name. An entry whose invitation was revoked is
    invited anew. Raises ValidationError where an entry is not, or no longer, confirmed.
    """
    for choice in invited:
        entry = WaitlistEntry.objects.select_for_update().invitable().filter(uuid=choice.entry).first()
        if entry is None:
            raise ValidationError(
                _("An entry was invited or erased meanwhile, so nobody was invited. Choose anew.")
            )
        organisation = Organisation(name=choice.organisation_name, kind=choice.kind)
        organisation.full_clean()
        organisation.save()
        invitation = Invitation(
            organisation=organisation,
            email=entry.email,
            role=Membership.Role.OWNER,
            invited_by=actor,
            expires_at=_invitation_end(),
        )
        invitation.full_clean()
        invitation.save()
        entry.state, entry.invited_at, entry.invitation = State.INVITED, timezone.now(), invitation
        entry.save(update_fields=["state", "invited_at", "invitation"])
        made = {"kind": organisation.kind, "waitlist_entry": str(entry.uuid)}
        note(organisation, "organisation.created", made, actor=actor)
        _record("waitlist.invited", entry, actor)
        _send_invitation(entry, invitation)


@transaction.atomic
def invite_again(*, actor: User, entry: WaitlistEntry) -> None:
    """Another link with its full time; the one before ends when it is sent. Raises NotInvited."""
    invitation = entry.invitation
    if invitation is None:
        raise NotInvited
    standing = Invitation.objects.of(invitation.organisation).standing().filter(pk=invitation.pk)
    if not standing.update(expires_at=_invitation_end()):
        raise NotInvited
    _record("waitlist.invited_again", entry, actor)
    _send_invitation(entry, invitation)


@transaction.atomic
def revoke_invited(*, actor: User, entry: WaitlistEntry) -> None:
    """End the invitation of an entry now: no link to it works any more, and the entry can be invited anew.

    The address is forgotten in what is left of the invitation. Raises NotInvited where it was accepted or
    revoked before.
    """
    invitation = entry.invitation
    if invitation is None or not _erase_invitation(invitation, _("Invitation revoked"), actor):
        raise NotInvited
    waiting = WaitlistEntry.objects.filter(pk=entry.pk, state=State.INVITED)
    if not waiting.update(state=State.REVOKED):
        raise NotInvited
    _record("waitlist.revoked", entry, actor)


def note_accepted(*, invitation: Invitation, user: User) -> None:
    """The entry whose invitation was accepted is active; called in the transaction of the acceptance."""
    waiting = WaitlistEntry.objects.filter(invitation=invitation, state=State.INVITED)
    entry = waiting.first()
    if entry and waiting.update(state=State.ACTIVE, active_at=timezone.now()):
        _record("waitlist.accepted", entry, user)


@transaction.atomic
def keep_note(*, actor: User, entry: WaitlistEntry, text: str, base_version: int) -> None:
    """What programme admins note, in the place of the note of that version; the same text is no new note.

    Raises ValidationError for a long note, or an entry that is erased, and NotedMeanwhile where the note is
    another by now.
    """
    current = WaitlistEntry.objects.select_for_update().filter(pk=entry.pk).first()
    if current is None or current.has_left:
        raise ValidationError(_("This entry was erased meanwhile."))
    if current.note == text:
        return
    if current.note_version != base_version:
        raise NotedMeanwhile(current)
    current.note, current.noted_at, current.noted_by = text, timezone.now(), actor
    current.note_version += 1
    current.clean_fields(exclude=["country", "name", "email", "organisation_name", "role"])
    current.save(update_fields=["note", "note_version", "noted_at", "noted_by"])
    _record("waitlist.noted", current, actor)


@transaction.atomic
def leave_waitlist(*, entry: WaitlistEntry, actor: User | None = None) -> None:
    """Erase an entry, its mails, and an invitation that nobody accepted; an account stays.

    What is left counts: its kind and its days. `actor` is a programme admin who was asked to erase it.
    """
    current = WaitlistEntry.objects.select_for_update().filter(pk=entry.pk).first()
    if current is None or current.has_left:
        return
    forget_mails(recipient=current.email, names=MAILS)
    if current.invitation is not None:
        _erase_invitation(current.invitation, _("Left the waitlist"))
    erased = WaitlistEntry(
        pk=current.pk,
        uuid=current.uuid,
        kind=current.kind,
        joined_at=current.joined_at,
        token_hash=current.token_hash,
        state=State.LEFT,
        left_at=timezone.now(),
        address_code=address_code(current.email),
    )
    erased.save(force_update=True)  # every field: what is not named above is empty
    _record("waitlist.left", erased, actor)


def note_export(*, actor: User, rows: int, ending: str, is_filtered: bool) -> None:
    """Keep who took the list as a file, and how much of it; not what was searched for: it may be a name."""
    taken = {"rows": rows, "file": ending, "filtered": is_filtered}
    happened = Entry("waitlist.exported", "waitlist", "", before={}, after=taken)
    record(actor=actor, organisation=None, entry=happened)


def sweep() -> None:
    """Erase what nobody confirmed in time, and the codes of addresses that left a day ago."""
    now = timezone.now()
    for entry in WaitlistEntry.objects.filter(state=State.JOINED, joined_at__lt=now - KEEP_UNCONFIRMED):
        _erase_unconfirmed(entry)
    coded = WaitlistEntry.objects.filter(state=State.LEFT, left_at__lt=now - DAY).exclude(address_code="")
    if coded.exists():  # an update that finds nothing would still take SQLite's one lock
        coded.update(address_code="")


@transaction.atomic
def _erase_unconfirmed(entry: WaitlistEntry) -> None:
    deleted, _each = WaitlistEntry.objects.filter(pk=entry.pk, state=State.JOINED).delete()
    if deleted:
        forget_mails(recipient=entry.email, names=MAILS)
        _record("waitlist.run_out", entry)


def _new_entry(details: Details, address: str) -> WaitlistEntry:
    """A new entry, or the one that another request made at the same moment."""
    entry = WaitlistEntry(email=address)
    _fill(entry, details)
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
            _record("waitlist.joined", entry)
    except IntegrityError:
        entry = WaitlistEntry.objects.at_address(address).get()
    return entry


def _fill(entry: WaitlistEntry, details: Details) -> None:
    """What was typed, with the consent to it; not saved yet."""
    entry.name, entry.organisation_name = details.name, details.organisation_name
    entry.kind, entry.role, entry.country = details.kind, details.role, details.country
    for interest in WaitlistEntry.Interest:
        setattr(entry, interest.value, interest.value in details.interests)
    entry.consent = details.consent
    entry.consented_at = entry.joined_at = timezone.now()
    entry.clean_fields()
    if not (entry.name and entry.email and entry.organisation_name and entry.consent):
        raise ValidationError(_("Name, address, organisation and consent are needed."))


def _write_fitting_mail(entry: WaitlistEntry) -> None:
    if _was_written_to(entry.email):
        return
    about = {"entry": str(entry.uuid)}
    if entry.awaits_confirmation:
        write_mail(name=f"{MAILS}confirmation", recipient=entry.email, about=about)
    elif entry.state == State.INVITED and entry.invitation and not entry.invitation.has_run_out:
        _send_invitation(entry, entry.invitation)
    else:
        write_mail(name=f"{MAILS}known", recipient=entry.email, about=about)


def _was_written_to(address: str) -> bool:
    """Whether the waitlist wrote to this address within a day; also where its entry was erased since."""
    erased = WaitlistEntry.objects.filter(address_code=address_code(address))
    return written_lately(recipient=address, names=MAILS, within=DAY) or erased.exists()


def _send_invitation(entry: WaitlistEntry, invitation: Invitation) -> None:
    about = {"entry": str(entry.uuid), "invitation": str(invitation.uuid)}
    write_mail(name=f"{MAILS}invitation", recipient=invitation.email, about=about)


def _erase_invitation(invitation: Invitation, name: str, actor: User | None = None) -> bool:
    """Revoke it and forget the address; the organisation that was made for it goes by `name` from then on.

    One that was accepted belongs to an account and stays. Whether there was one to revoke.
    """
    organisation = invitation.organisation
    standing = Invitation.objects.of(organisation).standing().filter(pk=invitation.pk)
    address = f"{invitation.uuid}@erased.invalid"
    if not standing.update(revoked_at=timezone.now(), token_hash="", email=address):
        return False
    note(organisation, "invitation.revoked", {"invitation": str(invitation.uuid)}, actor=actor)
    if not Membership.objects.of(organisation).exists():
        organisation.name = name
        organisation.save(update_fields=["name"])
    return True


def _invitation_end() -> datetime:
    return timezone.now() + timedelta(days=settings.INVITATION_DAYS)


def _record(action: str, entry: WaitlistEntry, actor: User | None = None) -> None:
    """An entry of the installation's trail; it names no person, so that erasing needs no trail changed."""
    happened = Entry(action, "waitlist_entry", str(entry.uuid), before={}, after={"kind": entry.kind})
    record(actor=actor, organisation=None, entry=happened)
