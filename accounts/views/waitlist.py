"""Joining the waitlist, confirming the address, and leaving; what is answered tells nothing about anybody."""

from __future__ import annotations

from contextlib import suppress

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.forms.waitlist import JoinForm
from accounts.links import entry_of_leave_token
from accounts.middleware import hour_limit, too_many
from accounts.models import WaitlistEntry
from accounts.models.countries import country_name
from accounts.services.waitlist import LinkClosed, confirm_entry, join_waitlist, leave_waitlist
from accounts.views.shared import hold_link

CONFIRMING = "waitlist_confirming"  # the session keeps the hash of the link's token under this name
LEAVING = "waitlist_leaving"  # and here the UUID that a signed link spoke of


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def waitlist(request: HttpRequest) -> HttpResponse:
    """The form. Known or not, robot or not: the answer is the same, and a mail says what fits."""
    form = JoinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if seconds := hour_limit(request, "waitlist", settings.WAITLIST_AN_HOUR):
            return too_many(request, seconds)
        try:
            if not form.is_from_a_robot:
                join_waitlist(details=form.details())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("waitlist_sent")
    context = {"form": form, "confirmation_days": settings.WAITLIST_CONFIRMATION_DAYS}
    return render(request, "accounts/waitlist.html", context, status=422 if form.errors else 200)


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """That a mail is on its way, and what to do with it."""
    return render(
        request, "accounts/waitlist_sent.html", {"confirmation_days": settings.WAITLIST_CONFIRMATION_DAYS}
    )


@login_not_required
@require_GET
def confirm_link(request: HttpRequest, token: str) -> HttpResponse:
    return _unreferred(hold_link(request, CONFIRMING, token, "waitlist_confirm"))


@login_not_required
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Confirm the address by a click: programs that look into mails open links, and press no buttons."""
    entry = _entry_of_confirming_link(request)
    if request.method == "POST" and entry is not None:
        with suppress(LinkClosed):  # the page says how it stands now
            confirm_entry(entry=entry)
        return redirect("waitlist_confirm")
    is_open = entry is not None and (not entry.awaits_confirmation or not entry.link_has_run_out)
    status = 200 if is_open else 404
    context = {"entry": entry, "country": country_name(entry.country) if entry else ""}
    return render(request, "accounts/waitlist_confirm.html", context, status=status)


@login_not_required
@require_GET
def leave_link(request: HttpRequest, token: str) -> HttpResponse:
    """Where every mail of the waitlist leads too: the way out, without the token in the address."""
    request.session[LEAVING] = entry_of_leave_token(token)
    return _unreferred(redirect("waitlist_leave"))


@login_not_required
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Leave and be erased by a click; who is erased already is told so."""
    held = request.session.get(LEAVING)
    entry = WaitlistEntry.objects.standing().filter(uuid=held).first() if held else None
    if request.method == "POST" and entry is not None:
        leave_waitlist(entry=entry)
        return redirect("waitlist_leave")
    context = {"entry": entry, "is_ours": held is not None}
    status = 200 if held else 404
    return render(request, "accounts/waitlist_leave.html", context, status=status)


def _entry_of_confirming_link(request: HttpRequest) -> WaitlistEntry | None:
    held = request.session.get(CONFIRMING)
    return WaitlistEntry.objects.filter(token_hash=held).first() if held else None


def _unreferred(response: HttpResponse) -> HttpResponse:
    """The page after a link with a token does not learn where the reader came from.

    On the link alone: on a page with a form, browsers would then hide where the form was sent from, too.
    """
    response["Referrer-Policy"] = "no-referrer"
    return response
