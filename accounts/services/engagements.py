"""Engaging a consultancy: naming its consultants, who accept by mail, and ending it at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Consultant, Engagement, Membership, Organisation, User, plain_address
from accounts.services.people import lock_organisation, note
from records.mail import write_mail

MOST_CONSULTANTS = 20  # named in one engagement
LONGEST = timedelta(days=3653)  # ten years, with three leap days


class EngagementClosed(Exception):
    """The place was taken or struck, or the engagement has ended."""


class NotAConsultant(Exception):
    """The person belongs to no consultancy that may take this place."""


@transaction.atomic
def engage(
    *, actor: User, organisation: Organisation, kind: str, until_on: date, emails: Iterable[str]
) -> Engagement:
    """Engage, until a day, the consultants who accept: each address is sent a link of its own.

    Which consultancy it is shows once the first of them accepts. The same happens whether an address is
    known here or not. Raises ValidationError for a day in the past or more than ten years ahead, no address,
    or more than twenty.
    """
    addresses = sorted({plain_address(email) for email in emails})
    _check_number(len(addresses))
    row = Engagement(organisation=organisation, kind=kind, until_on=until_on, created_by=actor)
    _check_day(until_on)
    row.full_clean(exclude=["organisation", "created_by", "consultancy"])
    row.save(force_insert=True)
    for address in addresses:
        _send(_name(row, address))
    after = {"engagement": str(row.uuid), "kind": kind, "until": until_on.isoformat()}
    note(organisation, "engagement.begun", {**after, "consultants": ", ".join(addresses)}, actor=actor)
    return row


@transaction.atomic
def change_engagement(*, actor: User, engagement: Engagement, kind: str, until_on: date) -> None:
    """Another last day, or reading instead of reviewing and the other way round, from the next request on.

    Consultants who accepted get a mail that says so. Raises ValidationError for a day in the past or more
    than ten years ahead, EngagementClosed where it has ended.
    """
    _lock_running(engagement)
    _check_day(until_on)
    if (kind, until_on) == (engagement.kind, engagement.until_on):
        return
    may_review_now = kind == Engagement.Kind.REVIEW != engagement.kind
    before = {"was": engagement.kind, "was_until": engagement.until_on.isoformat()}
    engagement.kind, engagement.until_on = kind, until_on
    engagement.clean_fields(exclude=["organisation", "created_by", "consultancy", "ended_by"])
    engagement.save(update_fields=["kind", "until_on"])
    after = {"engagement": str(engagement.uuid), "kind": kind, "until": until_on.isoformat(), **before}
    note(engagement.organisation, "engagement.changed", after, actor=actor)
    for consultant in _accepted(engagement):
        recipient = consultant.mail_address
        write_mail(name="accounts/engagement_changed", recipient=recipient, about=_about(consultant))
        if may_review_now and consultant.user:
            _tell_what_waits(engagement, consultant.user)


@transaction.atomic
def name_consultant(*, actor: User, engagement: Engagement, email: str) -> None:
    """Name one more, or send a new link to one who has not accepted; who has accepted stays as they are.

    Raises ValidationError for an address that is none or one too many, EngagementClosed.
    """
    _lock_running(engagement)
    address = plain_address(email)
    named = Consultant.objects.of(engagement.organisation).named().filter(engagement=engagement)
    row = named.filter(email__iexact=address).first()
    if row is None:
        _check_number(named.count() + 1)
        row = _name(engagement, address)
    elif row.accepted_at is None:
        row.expires_at = _end()
        row.save(update_fields=["expires_at"])
    else:
        raise ValidationError({"email": _("%(email)s has accepted already.") % {"email": address}})
    _send(row)
    after = {"engagement": str(engagement.uuid), "email": address}
    note(engagement.organisation, "consultant.named", after, actor=actor)


@transaction.atomic
def strike_consultant(*, actor: User, consultant: Consultant) -> None:
    """Take the place away from the next request on. Raises EngagementClosed where that was done before."""
    organisation = consultant.engagement.organisation
    standing = Consultant.objects.of(organisation).named().filter(pk=consultant.pk)
    if not standing.update(struck_at=timezone.now(), token_hash=""):
        raise EngagementClosed
    after = {"engagement": str(consultant.engagement.uuid), "email": consultant.email}
    note(organisation, "consultant.struck", after, actor=actor)
    _tell_ended([consultant])


@transaction.atomic
def end_engagement(*, actor: User, engagement: Engagement) -> None:
    """End it at once: nothing of the client can be seen from the next request on. Raises EngagementClosed."""
    _lock_running(engagement)
    engagement.ended_at, engagement.ended_by = timezone.now(), actor
    engagement.save(update_fields=["ended_at", "ended_by"])
    _forget_links(engagement)
    note(engagement.organisation, "engagement.ended", {"engagement": str(engagement.uuid)}, actor=actor)
    _tell_ended(_accepted(engagement))


def sweep() -> None:
    """Tell, once, of every engagement whose last day has passed."""
    for engagement in Engagement.objects.lapsed().select_related("organisation"):
        _tell_lapsed(engagement)


@transaction.atomic
def _tell_lapsed(engagement: Engagement) -> None:
    """To its consultants and the client's owners; nobody where another worker has, or it was prolonged."""
    organisation = engagement.organisation
    lock_organisation(organisation)
    lapsed = Engagement.objects.of(organisation).lapsed().filter(pk=engagement.pk)
    if not lapsed.update(told_at=timezone.now()):
        return
    _forget_links(engagement)
    after = {"engagement": str(engagement.uuid), "until": engagement.until_on.isoformat()}
    note(organisation, "engagement.ran_out", after)
    accepted = _accepted(engagement)
    _tell_ended(accepted)
    if accepted:
        _tell_owners("engagement_over", accepted[0])


@transaction.atomic
def accept_engagement(*, consultant: Consultant, user: User, consultancy: Organisation | None) -> Engagement:
    """Take the place that the address was named for, as a member of the consultancy.

    The first to accept settles which consultancy is engaged. Raises EngagementClosed for a place that was
    taken, struck or has run out, NotAConsultant for who has another address or belongs to no consultancy
    that may take it.
    """
    rows = Engagement.objects.of(consultant.engagement.organisation)
    engagement: Engagement = rows.select_for_update().get(pk=consultant.engagement_id)
    if not user.has_address(consultant.email) or consultancy not in consultancies_for(engagement, user):
        raise NotAConsultant
    held = Consultant.objects.of(engagement.organisation).open().filter(pk=consultant.pk)
    if not held.update(accepted_at=timezone.now(), user=user, token_hash=""):
        raise EngagementClosed
    user.consults = True
    user.save(update_fields=["consults"])
    if engagement.consultancy is None:
        engagement.consultancy = consultancy
        engagement.save(update_fields=["consultancy"])
    after = {"engagement": str(engagement.uuid), "user": str(user.uuid)}
    note(engagement.organisation, "engagement.accepted", after, actor=user)
    if engagement.kind == Engagement.Kind.REVIEW:
        _tell_what_waits(engagement, user)
    _tell_owners("engagement_begun", consultant)
    return engagement


def consultancies_for(engagement: Engagement, user: User) -> list[Organisation]:
    """The consultancies as whose member this person may take a place in the engagement.

    Nobody reviews an organisation that they belong to themselves.
    """
    places = Membership.objects.held_by(user)
    if places.filter(organisation=engagement.organisation).exists():
        return []
    mine = Organisation.objects.filter(
        pk__in=places.values("organisation"), kind=Organisation.Kind.CONSULTANCY
    )
    if engagement.consultancy_id:
        mine = mine.filter(pk=engagement.consultancy_id)
    return list(mine.order_by("name"))


def _name(engagement: Engagement, address: str) -> Consultant:
    row = Consultant(engagement=engagement, email=address, expires_at=_end())
    row.full_clean(exclude=["engagement", "user"])
    row.save(force_insert=True)
    return row


def _lock_running(engagement: Engagement) -> None:
    """One change at a time; raises EngagementClosed where it has ended meanwhile."""
    lock_organisation(engagement.organisation)
    engagement.refresh_from_db(fields=["kind", "until_on", "ended_at"])
    if not engagement.is_running:
        raise EngagementClosed


def _check_day(until_on: date) -> None:
    today = timezone.localdate()
    if until_on < today:
        raise ValidationError({"until_on": _("The last day lies in the past.")})
    if until_on > today + LONGEST:
        latest = date_format(today + LONGEST, "j F Y")
        raise ValidationError(
            {
                "until_on": _("An engagement lasts ten years at most. Choose a day up to %(latest)s.")
                % {"latest": latest}
            }
        )


def _check_number(number: int) -> None:
    if not 1 <= number <= MOST_CONSULTANTS:
        raise ValidationError(
            {
                "emails": _("Name one to %(most)s consultants by their work e-mail.")
                % {"most": MOST_CONSULTANTS}
            }
        )


def _end() -> datetime:
    return timezone.now() + timedelta(days=settings.INVITATION_DAYS)


def _send(consultant: Consultant) -> None:
    write_mail(name="accounts/engagement", recipient=consultant.email, about=_about(consultant))


def _accepted(engagement: Engagement) -> list[Consultant]:
    """Those who are named and have accepted."""
    named = Consultant.objects.of(engagement.organisation).named().filter(engagement=engagement)
    accepted = named.filter(accepted_at__isnull=False)
    return list(accepted.select_related("user", "engagement__organisation"))


def _forget_links(engagement: Engagement) -> None:
    named = Consultant.objects.of(engagement.organisation).named().filter(engagement=engagement)
    named.update(token_hash="")


def _tell_what_waits(engagement: Engagement, user: User) -> None:
    """What was submitted before waits for who may review it; the mail is dropped where nothing does."""
    about = {"user": str(user.uuid), "organisation": str(engagement.organisation.uuid)}
    write_mail(name="assessments/ready_for_review", recipient=user.email, about=about)


def _tell_owners(name: str, consultant: Consultant) -> None:
    owners = Membership.objects.of(consultant.engagement.organisation).filter(
        role=Membership.Role.OWNER, user__is_active=True
    )
    for email in owners.order_by("pk").values_list("user__email", flat=True):
        write_mail(name=f"accounts/{name}", recipient=email, about=_about(consultant))


def _tell_ended(consultants: Iterable[Consultant]) -> None:
    """Those who had accepted learn that it is over; who had not is told nothing."""
    for consultant in consultants:
        if consultant.accepted_at:
            recipient = consultant.mail_address
            write_mail(name="accounts/engagement_ended", recipient=recipient, about=_about(consultant))


def _about(consultant: Consultant) -> dict[str, str]:
    return {"consultant": str(consultant.uuid)}
