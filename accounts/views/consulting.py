"""Taking a consultant's place in an engagement: the link, then a page whose address holds no token."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Consultant, Organisation, User
from accounts.services.engagements import (
    EngagementClosed,
    NotAConsultant,
    accept_engagement,
    consultancies_for,
)
from accounts.views.shared import hold_link

HELD = "engagement"  # the session keeps the hash of the token under this name


@login_not_required
@require_GET
def engagement(request: HttpRequest, token: str) -> HttpResponse:
    return hold_link(request, HELD, token, "accept_engagement")


@login_not_required
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest) -> HttpResponse:
    """Accept as a member of a consultancy, signed in with the address that was named."""
    found = _held(request)
    if found is None:
        return render(request, "accounts/invitation_closed.html", status=404)
    user = request.user if isinstance(request.user, User) else None
    is_theirs = user is not None and user.has_address(found.email)
    mine = consultancies_for(found.engagement, user) if user and is_theirs else []
    consultancy = _chosen(request, mine)
    if request.method == "POST" and user and consultancy:
        try:
            accepted = accept_engagement(consultant=found, user=user, consultancy=consultancy)
        except (EngagementClosed, NotAConsultant):
            return render(request, "accounts/invitation_closed.html", status=409)
        del request.session[HELD]
        messages.success(request, _("%(name)s has engaged you.") % {"name": accepted.organisation})
        return redirect("clients")
    context = {
        "engagement": found.engagement,
        "email": found.email,
        "signed_in": user,
        "is_theirs": is_theirs,
        "consultancies": mine,
    }
    refused = request.method == "POST" and is_theirs and not consultancy
    return render(request, "accounts/engagement.html", context, status=422 if refused else 200)


def _chosen(request: HttpRequest, mine: list[Organisation]) -> Organisation | None:
    """The consultancy to accept for: the only one, or the one that was chosen."""
    wanted = request.POST.get("consultancy", "")
    return mine[0] if len(mine) == 1 else next((row for row in mine if str(row.uuid) == wanted), None)


def _held(request: HttpRequest) -> Consultant | None:
    """The place of the link that was opened in this browser, while it can be taken."""
    held = request.session.get(HELD)
    every = Consultant.objects.unscoped("the link in the mail is the right to see it")
    rows = every.open().select_related("engagement__organisation", "engagement__created_by")
    found: Consultant | None = rows.filter(token_hash=held).first() if held else None
    return found
