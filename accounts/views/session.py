"""Who is signed in, for the scripts that save answers: the session's token, and the keys of what waits."""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.middleware import SignedInRequest
from accounts.models import User

PURPOSE = b"bami: answers that wait in a browser"


@require_GET
def session(request: SignedInRequest) -> JsonResponse:
    """The person, a token for what is sent next, the keys of what waits in their browser, and what to say.

    The first key encrypts; those after it come of earlier secrets and only decrypt. Never cached
    (accounts.middleware); who is signed out gets 401 from the sign-in gate.
    """
    return JsonResponse(
        {
            "user": str(request.user.uuid),
            "token": get_token(request),
            "keys": [base64.b64encode(key).decode() for key in waiting_keys(request.user)],
            "now": timezone.now().isoformat(),
            "words": render_to_string("components/saving_words.html"),
        }
    )


def waiting_keys(user: User) -> list[bytes]:
    """A key of 32 bytes of this person for each secret of the site, newest first: HKDF, never stored.

    The salt is the person's UUID, random and theirs alone (RFC 5869 asks for no secrecy).
    """
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [hkdf(secret.encode(), salt=user.uuid.bytes, info=PURPOSE) for secret in secrets]


def hkdf(secret: bytes, *, salt: bytes, info: bytes) -> bytes:
    """32 bytes from a secret: HKDF with SHA-256 (RFC 5869), whose first block is all that is needed."""
    extracted = hmac.new(salt, secret, hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()
