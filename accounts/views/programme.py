"""A programme admin's waitlist: list, entry, note, invitations, counts and exports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, time, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.db.models.functions import TruncWeek
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.charts import bars, week_bars
from accounts.exports import HEADS, waitlist_row
from accounts.forms.waitlist import InvitedForm, NoteForm, WaitlistFilter
from accounts.middleware import SignedInRequest, hour_limit, too_many
from accounts.models import WaitlistEntry
from accounts.models.countries import country_name
from accounts.models.waitlist import WaitlistEntryQuerySet
from accounts.permissions import can_keep_waitlist
from accounts.queries import programme_work
from accounts.services.waitlist import (
    NotedMeanwhile,
    NotInvited,
    invite_again,
    invite_from_waitlist,
    keep_note,
    leave_waitlist,
    note_export,
    revoke_invited,
)
from records.exports import csv_file, excel_file

PAGE = 50  # rows
WEEKS = 12
FILES = {  # how each ending is named to the browser
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CHOICES = ("state", "kind", "interest", "country")  # the filters that choose
MEANWHILE = gettext_lazy("An entry was invited or erased meanwhile, so nobody was invited. Look again.")
View = Callable[..., HttpResponse]


def for_programme_admins(view: View) -> View:
    """The check of every page here: 403 for anybody else who is signed in."""

    @wraps(view)
    def checked(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_keep_waitlist(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


@require_GET
@for_programme_admins
def front(request: SignedInRequest) -> HttpResponse:
    """Where a shortened address leads."""
    return redirect("programme:waitlist")


@require_GET
@for_programme_admins
def waitlist(request: SignedInRequest) -> HttpResponse:
    """The entries, newest first or as asked, fifty to a page."""
    form, rows = _filtered(request)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "rows": [(entry, country_name(entry.country)) for entry in page.object_list],
        "sort": form.cleaned_data.get("sort") or "joined",
        "is_filtered": _is_filtered(form),
        "work": programme_work(),
    }
    return render(request, "programme/waitlist.html", context, status=422 if form.errors else 200)


@require_GET
@for_programme_admins
def entry(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """One entry: what was typed, how far it is, and what admins noted."""
    found = _find(uuid)
    seen = {"note": found.note, "base_version": found.note_version}
    return _entry_page(request, found, NoteForm(initial=seen))


@require_POST
@for_programme_admins
def note(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Keep a note; 409 with both texts where another admin kept one since the page was opened."""
    found = _find(uuid)
    form = NoteForm(request.POST)
    if form.is_valid():
        typed, seen = form.cleaned_data["note"], form.cleaned_data["base_version"]
        try:
            keep_note(actor=request.user, entry=found, text=typed, base_version=seen)
        except ValidationError as error:
            form.add_error("note", error.messages)
        except NotedMeanwhile as meanwhile:
            both = NoteForm(initial={"note": typed, "base_version": meanwhile.entry.note_version})
            return _entry_page(request, _find(uuid), both, status=409)
        else:
            messages.success(request, _("The note is kept."))
            return redirect("programme:entry", uuid)
    return _entry_page(request, found, form, status=422)


@require_http_methods(["GET", "POST"])
@for_programme_admins
def invite(request: SignedInRequest) -> HttpResponse:
    """Confirm the kinds of the chosen entries, then invite each into a new organisation; all or none."""
    sent = request.method == "POST"
    uuids = _uuids((request.POST if sent else request.GET).getlist("entry"))
    chosen = WaitlistEntry.objects.invitable().filter(uuid__in=uuids).order_by("name", "pk")
    forms = [InvitedForm(request.POST if sent else None, entry=found) for found in chosen]
    refusal = MEANWHILE if sent and len(forms) < len(uuids) else ""
    if sent and forms and not refusal and _are_valid(forms):
        try:
            invite_from_waitlist(actor=request.user, invited=[form.invited() for form in forms])
        except ValidationError as error:
            refusal = " ".join(error.messages)
        else:
            said = ngettext("%(name)s is invited.", "%(n)s are invited.", len(forms)) % {
                "n": len(forms),
                "name": forms[0].entry.name,
            }
            messages.success(request, said)
            return redirect("programme:waitlist")
    if not forms:
        messages.error(request, str(refusal or _("Choose entries that are confirmed and not invited yet.")))
        return redirect("programme:waitlist")
    context = {"forms": forms, "refusal": refusal, "days": settings.INVITATION_DAYS}
    return render(request, "programme/invite.html", context, status=422 if sent else 200)


@require_POST
@for_programme_admins
def again(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Send an invitation again, with its full time."""
    try:
        invite_again(actor=request.user, entry=_find(uuid))
    except NotInvited:
        messages.error(request, _("This invitation was accepted or revoked meanwhile."))
    else:
        messages.success(request, _("A new link is on its way; the one before no longer works then."))
    return redirect("programme:entry", uuid)


@require_POST
@for_programme_admins
def revoke(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """End an invitation that was not accepted yet, from now on."""
    try:
        revoke_invited(actor=request.user, entry=_find(uuid))
    except NotInvited:
        messages.error(request, _("This invitation was accepted or revoked meanwhile."))
    else:
        messages.success(request, _("The invitation is revoked; its link no longer works."))
    return redirect("programme:entry", uuid)


@require_http_methods(["GET", "POST"])
@for_programme_admins
def erase(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Erase an entry whose person asked for it another way, after a page that says what that means."""
    found = _find(uuid)
    if request.method == "POST":
        leave_waitlist(entry=found, actor=request.user)
        messages.success(request, _("The entry is erased."))
        return redirect("programme:waitlist")
    return render(request, "programme/erase.html", {"entry": found})


@require_GET
@for_programme_admins
def counts(request: SignedInRequest) -> HttpResponse:
    """How many joined, by week and kind; and how many stand in each state."""
    kinds = WaitlistEntry.Kind
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    since = timezone.make_aware(datetime.combine(monday, time.min))
    every = WaitlistEntry.objects.order_by()
    weekly = every.filter(joined_at__gte=since).annotate(week=TruncWeek("joined_at"))
    by_week = {
        (timezone.localdate(week), kind): number
        for week, kind, number in weekly.values_list("week", "kind").annotate(Count("pk"))
    }
    by_state = {
        (state, kind): number
        for state, kind, number in every.values_list("state", "kind").annotate(Count("pk"))
    }
    weeks = week_bars(by_week, kinds.values, last=today, weeks=WEEKS)
    states = bars(
        [
            (str(state.label), [by_state.get((state.value, kind), 0) for kind in kinds.values])
            for state in WaitlistEntry.State
        ]
    )
    context = {
        "kinds": kinds.labels,
        "this_week": weeks[0].total,
        **{
            name: [(row, list(zip(kinds.labels, row.counts, strict=True))) for row in rows]
            for name, rows in (("weeks", weeks), ("states", states))
        },
        "work": programme_work(),
    }
    return render(request, "programme/counts.html", context)


@require_GET
@for_programme_admins
def export(request: SignedInRequest, ending: str) -> HttpResponse:
    """The entries that the filters show, as a file; who took it is kept in the trail."""
    if ending not in FILES:
        raise Http404
    if seconds := hour_limit(request, "export", settings.EXPORTS_AN_HOUR):
        return too_many(request, seconds)
    form, found = _filtered(request)
    rows = list(map(waitlist_row, found))
    content = csv_file(HEADS, rows) if ending == "csv" else excel_file(_("Waitlist"), HEADS, rows)
    note_export(actor=request.user, rows=len(rows), ending=ending, is_filtered=_is_filtered(form))
    response = HttpResponse(content, content_type=FILES[ending])
    name = f"waitlist-{timezone.localdate().isoformat()}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _filtered(request: SignedInRequest) -> tuple[WaitlistFilter, WaitlistEntryQuerySet]:
    """The filters as asked, and the entries that they show; a filter that makes no sense is left out."""
    standing = WaitlistEntry.objects.standing().order_by()
    form = WaitlistFilter(request.GET, countries=standing.values_list("country", flat=True).distinct())
    form.is_valid()
    wanted = {name: form.cleaned_data.get(name, "") for name in CHOICES}
    rows = WaitlistEntry.objects.chosen(**wanted).found_by(form.cleaned_data.get("q", ""))
    return form, rows.sorted_by(form.cleaned_data.get("sort", ""))


def _is_filtered(form: WaitlistFilter) -> bool:
    """Whether it shows fewer than all, in whichever order."""
    return any(form.cleaned_data.get(name) for name in ("q", *CHOICES))


def _entry_page(
    request: SignedInRequest, found: WaitlistEntry, form: NoteForm, status: int = 200
) -> HttpResponse:
    context = {
        "entry": found,
        "form": form,
        "country": country_name(found.country),
        "is_noted_meanwhile": status == 409,
    }
    return render(request, "programme/entry.html", context, status=status)


def _are_valid(forms: Sequence[InvitedForm]) -> bool:
    """Whether all of them are; each is looked at, so that each says what is wrong with it."""
    return [form.is_valid() for form in forms].count(False) == 0


def _find(uuid: UUID) -> WaitlistEntry:
    rows = WaitlistEntry.objects.select_related("invitation", "noted_by")
    return get_object_or_404(rows, uuid=uuid)


def _uuids(texts: Sequence[str]) -> list[UUID]:
    """What is a UUID among them, each once; a page's worth at most."""
    found: dict[UUID, None] = {}
    for text in texts:
        with suppress(ValueError):
            found[UUID(text)] = None
    return list(found)[:PAGE]
