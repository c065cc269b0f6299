"""A consultant's clients: what each lets this person see, and what waits for them."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.middleware import SignedInRequest
from accounts.models import Consultant, Engagement
from assessments.models import Assessment
from assessments.queries.reviews import NOTHING, Waiting, waiting_for
from assessments.views.listing import PAGE


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One assessment of a client, with what waits there."""

    assessment: Assessment
    waits: Waiting


@require_GET
def clients(request: SignedInRequest) -> HttpResponse:
    """Their assessments, those that wait first; a search over names, and a filter by what is to do."""
    every = _rows(request)
    words = request.GET.get("q", "").replace("\x00", "").strip()
    found = [row for row in every if _names(row, words)]
    filters = {
        "all": found,
        "waiting": [row for row in found if row.waits.total],
        "draft": [row for row in found if row.assessment.is_draft],
        "reviewed": [row for row in found if row.assessment.is_reviewed],
    }
    shown = request.GET.get("show", "all")
    held = _held(request)
    seen = {row.assessment.organisation_id for row in every}
    # Who ended one engagement and has another is still seen.
    over = Consultant.objects.held_by(request.user).exclude(engagement__organisation__in=list(held))
    page = Paginator(filters.get(shown, found), PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": page.object_list,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "words": words,
        "shown": shown if shown in filters else "all",
        "filters": [(name, len(rows)) for name, rows in filters.items()],
        "has_rows": bool(every),
        "clients_waiting": len({row.assessment.organisation_id for row in every if row.waits.total}),
        "idle": [row for client, row in held.items() if client not in seen],
        "over": over.select_related("engagement__organisation").order_by("-engagement__until_on"),
    }
    return render(request, "assessments/clients.html", context)


def _held(request: SignedInRequest) -> dict[int, Engagement]:
    """By the key of each client, in the order of their names, the engagement that lasts longest."""
    rows = Engagement.objects.held_by(request.user).select_related("organisation")
    return {row.organisation_id: row for row in rows.order_by("organisation__name", "until_on", "pk")}


def _rows(request: SignedInRequest) -> list[ClientRow]:
    """What waits first, then the latest change."""
    current = Assessment.objects.visible_to(request.user).of_clients().current().for_page()
    assessments = list(current.with_state_today().with_level_names().order_by("-changed_at"))
    waits = waiting_for(assessments)
    rows = [ClientRow(row, waits.get(row.pk, NOTHING)) for row in assessments]
    return sorted(rows, key=lambda row: -row.waits.total)


def _names(row: ClientRow, words: str) -> bool:
    """Whether client, site or title hold the words."""
    names = (row.assessment.organisation.name, row.assessment.site.name, row.assessment.title)
    return any(words.casefold() in name.casefold() for name in names)
