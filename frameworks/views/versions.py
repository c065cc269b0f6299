"""What changed in a published version: for everybody who is signed in."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.middleware import SignedInRequest
from accounts.permissions import can_edit_content
from frameworks.queries import document_of, newer_version, version_before
from frameworks.views.shared import compare, find_version


@require_GET
def version(request: SignedInRequest, framework: str, version: str) -> HttpResponse:
    """A version with its change note, and how it differs from the one before."""
    found = find_version(framework, version)
    before = version_before(found)
    context = {
        "version": found,
        "before": before,
        "difference": compare(document_of(before), document_of(found)) if before else (),
        "is_editor": can_edit_content(request.user),
        "is_newest": newer_version(found) is None,  # the public pages show the newest
    }
    return render(request, "frameworks/version.html", context)
