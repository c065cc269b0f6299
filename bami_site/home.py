"""What waits for a person, whoever they are: assessments, clients, content, programme."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.middleware import SignedInRequest
from accounts.models import Engagement, Membership, Organisation, User
from accounts.permissions import Deed, can_edit_content, can_keep_waitlist, may, sees_as_consultant
from accounts.queries import programme_work
from assessments.models import Assessment
from assessments.permissions import can_answer, can_submit
from assessments.queries.reviews import NOTHING, Waiting, waiting_for
from frameworks.queries import waiting_notes, work_of_editor

SHOWN = 8  # assessments of a list before "all"


@dataclass(frozen=True, slots=True)
class Work:
    """One assessment with what waits in it for this person."""

    assessment: Assessment
    waits: Waiting
    unanswered: int = 0  # questions without a reply, for who may answer
    to_confirm: int = 0  # answers carried over and not confirmed, for who may answer
    is_complete: bool = False  # every question has a reply that stands, and this person is who submits

    @property
    def is_waiting(self) -> bool:
        return bool(self.waits.total or self.unanswered or self.to_confirm or self.is_complete)


@require_GET
def home(request: SignedInRequest) -> HttpResponse:
    """Every door that this person has, each with what waits behind it."""
    user = request.user
    places = list(Membership.objects.held_by(user).values_list("role", "organisation__kind"))
    mine, clients = _work(user)
    is_consultant = bool(clients) or Engagement.objects.held_by(user).exists()
    programme = programme_work() if can_keep_waitlist(user) else None
    content, noted = (work_of_editor(user), waiting_notes()) if can_edit_content(user) else (None, None)
    waiting = [row for row in (*mine, *clients) if row.is_waiting]
    # A consultancy may assess itself, but that is not what it comes for.
    kinds = {kind for role, kind in places if may(role, Deed.START)}
    may_start = bool(kinds - {Organisation.Kind.CONSULTANCY.value})
    context = {
        "is_member": bool(places),
        "may_start": may_start,
        "is_new": may_start and not mine,
        "organisations": Organisation.objects.visible_to(user).order_by("name"),
        "mine": [row for row in mine if row.is_waiting][:SHOWN],
        "has_mine": bool(mine),
        "is_consultant": is_consultant,
        "clients": [row for row in clients if row.is_waiting][:SHOWN],
        "programme": programme,
        "content": content,
        "noted": noted,
        "count": len(waiting)
        + (bool(programme.confirmed) + bool(programme.mails_given_up) if programme else 0)
        + (len(content.requests) + len(content.faulty) if content else 0)
        + (bool(noted.notes) if noted else 0),
    }
    return render(request, "home.html", context)


def _work(user: User) -> tuple[list[Work], list[Work]]:
    """Of their own organisations, and of clients; what was changed last comes first."""
    visible = Assessment.objects.visible_to(user).current().for_page().with_to_confirm()
    rows = list(visible.order_by("-changed_at"))
    waits = waiting_for(rows)
    mine: list[Work] = []
    clients: list[Work] = []
    for row in rows:
        work = _work_in(row, waits.get(row.pk, NOTHING))
        (clients if sees_as_consultant(row) else mine).append(work)
    return mine, clients


def _work_in(assessment: Assessment, waits: Waiting) -> Work:
    if not assessment.is_draft or not can_answer(assessment):
        return Work(assessment, waits)
    unanswered = assessment.asked - assessment.replied
    to_confirm: int = assessment.to_confirm  # type: ignore[attr-defined]  # `with_to_confirm` annotates it
    is_complete = not unanswered and not to_confirm and can_submit(assessment)
    return Work(assessment, waits, unanswered, to_confirm, is_complete)
