"""One-time links: to set a password, to take a place that is held."""

from __future__ import annotations

import hashlib

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse


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
