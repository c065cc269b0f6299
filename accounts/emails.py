"""What the mails about accounts say; what they speak of is looked up, and links made, when they are sent."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.links import hash_token, leave_link, password_link
from accounts.models import Consultant, Invitation, User, WaitlistEntry
from accounts.models.engagement import ConsultantQuerySet
from records.mail import Compose
from records.models import Mail


def password_reset(mail: Mail) -> Mapping[str, Any] | None:
    """The link that sets a new password, once and within the time that a reset holds."""
    user = _user_of(mail)
    if user is None or not user.is_active:
        return None
    minutes = settings.PASSWORD_RESET_TIMEOUT // 60
    return {"user": user, "link": password_link(user), "minutes": minutes}


def email_confirmation(mail: Mail) -> Mapping[str, Any] | None:
    """The link that confirms a new address."""
    address = EmailAddress.objects.filter(user__uuid=mail.about["user"], email=mail.recipient).first()
    if address is None or address.verified:
        return None
    link = settings.SITE_URL + reverse("account_confirm_email", args=[EmailConfirmationHMAC(address).key])
    return {"user": address.user, "link": link, "address": mail.recipient}


def invitation(mail: Mail) -> Mapping[str, Any] | None:
    """The link that takes a place in an organisation; it ends the link of any mail before it."""
    every = Invitation.objects.unscoped("a mail is written for whichever organisation invites")
    found: Invitation | None = every.open().filter(uuid=mail.about["invitation"]).first()
    if found is None:
        return None
    return {"invitation": found, "link": _new_link(found, "invitation"), "ends_on": found.expires_at}


def engagement(mail: Mail) -> Mapping[str, Any] | None:
    """The link that takes a consultant's place in an engagement; it ends the link of any mail before it."""
    found = _consultant_of(mail).open().first()
    if found is None:
        return None
    link = _new_link(found, "engagement")
    return {"engagement": found.engagement, "link": link, "ends_on": found.expires_at}


def engagement_of_owner(mail: Mail) -> Mapping[str, Any] | None:
    """For the client's owners: a consultant took a place, or the engagement's last day has passed."""
    found = _consultant_of(mail).exclude(user=None).first()
    if found is None:
        return None
    link = settings.SITE_URL + reverse("accounts:engagements", args=[found.engagement.organisation.uuid])
    return {"consultant": found, "engagement": found.engagement, "link": link}


def engagement_ended(mail: Mail) -> Mapping[str, Any] | None:
    """That a place is over, for the consultant: by a deed of the client, or by its last day."""
    found = _consultant_of(mail).exclude(user=None).first()
    if found is None:
        return None
    is_past = found.struck_at is None and found.engagement.ended_at is None
    return {"consultant": found, "engagement": found.engagement, "is_past_its_day": is_past}


def engagement_changed(mail: Mail) -> Mapping[str, Any] | None:
    """What the consultant may do now and until when; nothing once that is over: another mail tells it."""
    found = _consultant_of(mail).named().exclude(user=None).first()
    if found is None or not found.engagement.is_running:
        return None
    link = settings.SITE_URL + reverse("clients")
    return {"consultant": found, "engagement": found.engagement, "link": link}


def waitlist_confirmation(mail: Mail) -> Mapping[str, Any] | None:
    """The link that confirms the address of an entry; it ends the link of any mail before it.

    Nothing that was typed on the form is in it: anybody may have typed it, for anybody's address.
    """
    entry = WaitlistEntry.objects.filter(uuid=mail.about["entry"], state=WaitlistEntry.State.JOINED).first()
    if entry is None:
        return None
    token = secrets.token_urlsafe(32)
    entry.token_hash = hash_token(token)
    entry.token_until = timezone.now() + timedelta(days=settings.WAITLIST_CONFIRMATION_DAYS)
    entry.save(update_fields=["token_hash", "token_until"])
    link = settings.SITE_URL + reverse("waitlist_confirm_link", args=[token])
    return {"link": link, "ends_on": entry.token_until, "leave": leave_link(entry.uuid)}


def waitlist_known(mail: Mail) -> Mapping[str, Any] | None:
    """For an address that needs no confirmation: on the list already, invited once, or with an account."""
    sign_in = settings.SITE_URL + reverse("account_login")
    if "user" in mail.about:
        user = _user_of(mail)
        return {"state": "account", "sign_in": sign_in} if user and user.is_active else None
    entry = WaitlistEntry.objects.standing().filter(uuid=mail.about["entry"]).first()
    if entry is None or entry.awaits_confirmation:
        return None
    return {"state": entry.state, "sign_in": sign_in, "leave": leave_link(entry.uuid)}


def waitlist_invitation(mail: Mail) -> Mapping[str, Any] | None:
    """The invitation of somebody who waited, with the way to leave beside it."""
    words = invitation(mail)
    return None if words is None else {**words, "leave": leave_link(UUID(mail.about["entry"]))}


def account_changed(mail: Mail) -> Mapping[str, Any] | None:
    """That something about the account was changed, so that its person notices what they did not do."""
    user = _user_of(mail)
    if user is None:
        return None
    return {"user": user, "reset": settings.SITE_URL + reverse("account_reset_password")}


def _new_link(held: Invitation | Consultant, name: str) -> str:
    """A link of its own for what is held for an address; only the hash of its token is kept."""
    token = secrets.token_urlsafe(32)
    held.token_hash = hash_token(token)
    held.save(update_fields=["token_hash"])
    return settings.SITE_URL + reverse(name, args=[token])


def _consultant_of(mail: Mail) -> ConsultantQuerySet:
    every = Consultant.objects.unscoped("a mail is written for whichever organisation engages")
    rows: ConsultantQuerySet = every.filter(uuid=mail.about["consultant"]).select_related(
        "user", "engagement__organisation", "engagement__consultancy", "engagement__created_by"
    )
    return rows


def _user_of(mail: Mail) -> User | None:
    return User.objects.filter(uuid=mail.about["user"]).first()


COMPOSERS: dict[str, Compose] = {
    "accounts/password_reset": password_reset,
    "accounts/password_changed": account_changed,
    "accounts/email_confirmation": email_confirmation,
    "accounts/email_changed": account_changed,
    "accounts/email_deleted": account_changed,
    "accounts/invitation": invitation,
    "accounts/engagement": engagement,
    "accounts/engagement_begun": engagement_of_owner,
    "accounts/engagement_over": engagement_of_owner,
    "accounts/engagement_ended": engagement_ended,
    "accounts/engagement_changed": engagement_changed,
    "accounts/waitlist_confirmation": waitlist_confirmation,
    "accounts/waitlist_known": waitlist_known,
    "accounts/waitlist_invitation": waitlist_invitation,
}
