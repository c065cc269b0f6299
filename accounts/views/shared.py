"""What several pages begin with: finding an organisation, its frame, a link from a mail."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.links import hash_token
from accounts.middleware import SignedInRequest
from accounts.models import Organisation
from accounts.permissions import can_keep_organisation, role_in

# Links that who has their address accepts: the name under which the session holds the hash, and the page.
ACCEPTED_AT = {"invitation": "accept_invitation", "engagement": "accept_engagement"}


def find_organisation(request: SignedInRequest, uuid: UUID) -> Organisation:
    """The organisation, for its members; else 404, as if there were none."""
    return get_object_or_404(Organisation.objects.visible_to(request.user), uuid=uuid)


def hold_link(request: HttpRequest, name: str, token: str, page: str) -> HttpResponse:
    """Where a mail leads: the token goes from the address into the session, as its hash, and on to a page."""
    request.session[name] = hash_token(token)
    return redirect(page)


def held_for(request: HttpRequest, address: str) -> dict[str, str]:
    """Of the links that the session holds, the one that is accepted at this address; nothing else of it."""
    return {
        name: request.session[name]
        for name, page in ACCEPTED_AT.items()
        if address == reverse(page) and name in request.session
    }


def frame(organisation: Organisation, tab: str) -> dict[str, Any]:
    """What accounts/_frame.html shows around every page of an organisation."""
    return {
        "organisation": organisation,
        "tab": tab,
        "may_keep_organisation": can_keep_organisation(role_in(organisation)),
    }
