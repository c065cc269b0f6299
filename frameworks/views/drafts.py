"""Versions and drafts: the list, starting a draft, its overview and its difference, discarding it."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.middleware import SignedInRequest
from frameworks.document.difference import Difference
from frameworks.document.parts import questions_of, text_of
from frameworks.forms.starting import OperationForm
from frameworks.models import FrameworkDraft
from frameworks.queries import (
    blocks_of,
    draft_events,
    open_notes,
    published_versions,
    waiting_notes,
    work_of_editor,
)
from frameworks.services.drafts import Closed, copy_draft, discard_draft, start_draft
from frameworks.views.reminders import to_think_of
from frameworks.views.shared import (
    Opened,
    address,
    check_editor,
    difference_of,
    find_draft,
    find_version,
    frame,
)

RECENT = 8


@require_GET
def versions(request: SignedInRequest) -> HttpResponse:
    """What waits, the drafts, the published versions; closed drafts behind a filter."""
    check_editor(request)
    show_closed = request.GET.get("show") == "closed"
    work = work_of_editor(request.user)
    published = published_versions()
    context = {
        "requests": work.requests,
        "drafts": FrameworkDraft.objects.closed().light().order_by("-changed_at", "-pk")
        if show_closed
        else work.drafts,
        "show_closed": show_closed,
        "noted": waiting_notes(),
        "versions": published,
        # They come newest first: of each framework the last one stays.
        "firsts": {row.framework: row.pk for row in published}.values(),
        "op_id": uuid4(),
    }
    return render(request, "frameworks/editor/versions.html", context)


@require_POST
def start(request: SignedInRequest, framework: str, version: str) -> HttpResponse:
    """A draft from a published version."""
    check_editor(request)
    found = find_version(framework, version)
    draft = start_draft(actor=request.user, version=found, op_id=_operation(request))
    messages.success(request, _("The draft is started. Every field is saved by itself."))
    return redirect("editor:draft", draft.uuid)


@require_POST
def copy(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Another draft from this one."""
    draft = copy_draft(actor=request.user, draft=find_draft(request, uuid), op_id=_operation(request))
    messages.success(request, _("Another draft is started from it, with everything it holds."))
    return redirect("editor:draft", draft.uuid)


@require_GET
def draft(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The overview of a draft: its faults as a work list, what is done, who changed what last."""
    found = find_draft(request, uuid)
    opened = Opened(found)
    difference = difference_of(found)
    context = {
        **frame(opened, "overview"),
        "groups": _groups(opened),
        "difference": difference,
        "steps": _steps(opened, difference),
        "is_mine": found.asked_by_id == request.user.pk,
        **to_think_of(opened),
        "blocks": blocks_of(found),
        "noted": _noted(opened),
        "recent": draft_events(found).select_related("actor").order_by("-seq")[:RECENT],
        "op_id": uuid4(),
    }
    return render(request, "frameworks/editor/draft.html", context)


def _noted(opened: Opened) -> list[tuple[str, str, int]]:
    """(code, title, notes of respondents that wait) of the draft's questions, in its order; one statement."""
    waiting = Counter(note.question_code for note in open_notes(opened.draft.framework))
    return [
        (code, text_of(question, "title"), waiting[code])
        for _dimension, code, question in questions_of(opened.document)
        if waiting[code]
    ]


@require_GET
def changes(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The difference to the version that the draft came from, by part and field, in words."""
    found = find_draft(request, uuid)
    context = {**frame(Opened(found), "changes"), "difference": difference_of(found)}
    return render(request, "frameworks/editor/changes.html", context)


@require_http_methods(["GET", "POST"])
def discard(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Close a draft, after a page that says what that means."""
    found = find_draft(request, uuid)
    if request.method == "POST":
        try:
            discard_draft(actor=request.user, draft=found)
        except Closed:
            messages.error(request, _("This draft was published or discarded meanwhile."))
        else:
            messages.success(request, _("The draft is discarded. It stays under the closed ones."))
        return redirect("editor:versions")
    if not found.is_open:
        raise Http404
    context = {**frame(Opened(found), "overview"), "difference": difference_of(found)}
    return render(request, "frameworks/editor/discard.html", context)


def _groups(opened: Opened) -> list[dict[str, Any]]:
    """The faults by the part of the framework that they are about, each with where it is mended."""
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for mend in opened.mends:
        group = groups.setdefault(
            (mend.kind, mend.code), {"kind": mend.kind, "code": mend.code, "name": mend.name, "mends": []}
        )
        group["mends"].append((mend, address(opened.draft, mend.page, mend.code, mend.field)))
    return list(groups.values())


def _steps(opened: Opened, difference: Difference) -> list[tuple[str, str]]:
    """(step, done, now or open): the way to publication; the first that is not done is now, none after it is.

    Empty for a discarded draft, which goes no such way.
    """
    found = opened.draft
    if found.state == FrameworkDraft.State.DISCARDED:
        return []
    is_published = found.state == FrameworkDraft.State.PUBLISHED
    done = {
        "edited": bool(difference),
        "sound": not opened.mends,
        "asked": found.is_asked,
        "published": False,
    }
    reached = len(done) if is_published else list(done.values()).index(False)
    states = ["done"] * reached + ["now"] + ["open"] * len(done)
    return list(zip(done, states, strict=False))


def _operation(request: SignedInRequest) -> UUID | None:
    form = OperationForm(request.POST)
    found: UUID | None = form.cleaned_data["op_id"] if form.is_valid() else None
    return found
