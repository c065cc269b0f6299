"""What the mails about accounts say; what they speak of is looked up, and links made, when they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.conf import settings
from django.urls import reverse

from accounts.links import password_link
from accounts.models import User
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


def account_changed(mail: Mail) -> Mapping[str, Any] | None:
    """That something about the account was changed, so that its person notices what they did not do."""
    user = _user_of(mail)
    if user is None:
        return None
    return {"user": user, "reset": settings.SITE_URL + reverse("account_reset_password")}


def _user_of(mail: Mail) -> User | None:
    return User.objects.filter(uuid=mail.about["user"]).first()


COMPOSERS: dict[str, Compose] = {
    "accounts/password_reset": password_reset,
    "accounts/password_changed": account_changed,
    "accounts/email_confirmation": email_confirmation,
    "accounts/email_changed": account_changed,
    "accounts/email_deleted": account_changed,
}
