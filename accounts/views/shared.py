"""What every page of an organisation begins with: finding it, and what its frame shows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404

from accounts.middleware import SignedInRequest
from accounts.models import Organisation
from accounts.permissions import can_keep_organisation, role_in


def find_organisation(request: SignedInRequest, uuid: UUID) -> Organisation:
    """The organisation, for its members; else 404, as if there were none."""
    return get_object_or_404(Organisation.objects.visible_to(request.user), uuid=uuid)


def frame(organisation: Organisation, tab: str) -> dict[str, Any]:
    """What accounts/_frame.html shows around every page of an organisation."""
    return {
        "organisation": organisation,
        "tab": tab,
        "may_keep_organisation": can_keep_organisation(role_in(organisation)),
    }
