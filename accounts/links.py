"""Links that carry a right: to set a password, to take a place that is held, to leave the waitlist."""

from __future__ import annotations

import hashlib
import uuid

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.crypto import salted_hmac

LEAVING = Signer(sep=".", salt="accounts.waitlist.leave")


def password_link(user: object) -> str:
    """A link, from the configured site address, that works once and for as long as a reset does."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
    )
    return f"{settings.SITE_URL}{path}"


def hash_token(token: str) -> str:
    """SHA-256, in hex: what is kept of a token, whose text is in the mail alone."""
    return hashlib.sha256(token.encode()).hexdigest()


def leave_link(entry: uuid.UUID) -> str:
    """Where an entry of the waitlist leaves it. Signed rather than kept: it works in every mail, for ever."""
    return f"{settings.SITE_URL}{reverse('waitlist_leave_link', args=[LEAVING.sign(entry.hex)])}"


def entry_of_leave_token(token: str) -> str | None:
    """The UUID of the entry that a link of ours speaks of; None for any other token."""
    try:
        return str(uuid.UUID(LEAVING.unsign(token)))
    except BadSignature:
        return None


def address_code(email: str) -> str:
    """A code of an address that leads to it only for who holds the secret key."""
    return salted_hmac("accounts.waitlist.address", email.lower(), algorithm="sha256").hexdigest()
