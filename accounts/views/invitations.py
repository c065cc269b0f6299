"""Taking the place that an invitation holds: the link, then a page whose address holds no token."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.forms.people import AcceptForm
from accounts.models import Invitation, User
from accounts.services.members import InvitationClosed, NotYours, accept_invitation
from accounts.views.shared import hold_link

HELD = "invitation"  # the session keeps the hash of the token under this name


@login_not_required
@require_GET
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    return hold_link(request, HELD, token, "accept_invitation")


@login_not_required
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest) -> HttpResponse:
    """Join: with the account that has the address, or by setting name and password of a new one."""
    found = _held(request)
    if found is None:
        return render(request, "accounts/invitation_closed.html", status=404)
    account = User.objects.at_address(found.email).first()
    signed_in = request.user if isinstance(request.user, User) else None
    form = AcceptForm(request.POST or None, email=found.email) if account is None else None
    is_theirs = signed_in == account
    if request.method == "POST" and is_theirs and (form is None or form.is_valid()):
        try:
            user = accept_invitation(invitation=found, user=account, **(form.account() if form else {}))
        except (InvitationClosed, NotYours):
            return render(request, "accounts/invitation_closed.html", status=409)
        del request.session[HELD]
        if signed_in is None:
            get_adapter().login(request, user)
        messages.success(request, _("You have joined %(name)s.") % {"name": found.organisation})
        return redirect("home")
    context = {
        "invitation": found, "form": form, "account": account, "signed_in": signed_in, "is_theirs": is_theirs,
    }  # fmt: skip
    return render(request, "accounts/invitation.html", context, status=422 if form and form.errors else 200)


def _held(request: HttpRequest) -> Invitation | None:
    """The invitation of the link that was opened in this browser, while it can be accepted."""
    held = request.session.get(HELD)
    every = Invitation.objects.unscoped("the link in the mail is the right to see it")
    found: Invitation | None = every.open().filter(token_hash=held).first() if held else None
    return found
