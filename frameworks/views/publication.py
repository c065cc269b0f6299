"""Publication of a draft: its number, what stands in the way, the request, and the second editor's deed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.middleware import SignedInRequest
from accounts.permissions import can_publish
from frameworks.forms.publication import AskForm, RevisionForm, TakeBackForm
from frameworks.models import FrameworkDraft
from frameworks.queries import blocks_of
from frameworks.services.drafts import Closed
from frameworks.services.publication import (
    ChangedMeanwhile,
    ask_for_publication,
    publish_draft,
    take_back_request,
)
from frameworks.views.reminders import to_think_of
from frameworks.views.shared import Opened, difference_of, find_draft, frame


@require_GET
def publication(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    return _page(request, find_draft(request, uuid))


@require_POST
def ask(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Ask the other editors to publish the draft as this page showed it."""
    draft = find_draft(request, uuid)
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            ask_for_publication(actor=request.user, draft=draft, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        except ChangedMeanwhile:
            form.add_error(None, _("The draft was changed while this page was open. Look at it again."))
        except Closed:
            return _closed(request, uuid)
        else:
            messages.success(request, _("The other editors are asked to publish it, by mail."))
            return redirect("editor:publication", uuid)
    return _page(request, find_draft(request, uuid), form=form, status=422)


@require_POST
def take_back(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """End the request, with what the other editor has to say to who asked."""
    draft = find_draft(request, uuid)
    form = TakeBackForm(request.POST)
    if form.is_valid():
        try:
            take_back_request(actor=request.user, draft=draft, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        except Closed:
            return _closed(request, uuid)
        else:
            messages.success(request, _("The request is taken back. Its note is kept for the next one."))
            return redirect("editor:publication", uuid)
    return _page(request, find_draft(request, uuid), declining=form, status=422)


@require_POST
def publish(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Publish the draft as this page showed it: for another editor than the one who asked."""
    draft = find_draft(request, uuid)
    if not can_publish(request.user):
        raise PermissionDenied
    form = RevisionForm(request.POST)
    refusal = _("Nothing was published: this page was incomplete when it was sent. Look at it again.")
    if form.is_valid():
        try:
            version = publish_draft(actor=request.user, draft=draft, **form.cleaned_data)
        except ValidationError as error:
            refusal = " ".join(error.messages)
        except ChangedMeanwhile:
            refusal = _("The draft or the request was changed while this page was open. Look at it again.")
        except Closed:
            return _closed(request, uuid)
        else:
            messages.success(
                request,
                _("%(version)s is published. New assessments start with it; others keep their version.")
                % {"version": f"{version.framework.upper()} {version.version}"},
            )
            return redirect("version", version.framework, version.version)
    return _page(request, find_draft(request, uuid), refusal=refusal, status=422)


def _page(
    request: SignedInRequest,
    draft: FrameworkDraft,
    *,
    form: AskForm | None = None,
    declining: TakeBackForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """What stands in the way, and the request or its form."""
    opened = Opened(draft)
    initial = {"number": draft.number, "note": draft.note, "revision": draft.revision}
    blocks = blocks_of(draft)
    context = {
        **frame(opened, "publication"),
        **to_think_of(opened),
        "blocks": blocks,
        # The number is mended here, with the request: its own fault does not stand in the way of asking.
        "may_ask": not blocks.unchanged and all(mend.page == "publication" for mend in opened.mends),
        "form": form or AskForm(initial=initial),
        "declining": declining or TakeBackForm(),
        "refusal": refusal,
        "is_mine": draft.asked_by_id == request.user.pk,
        "difference": difference_of(draft) if draft.is_asked else (),
    }
    return render(request, "frameworks/editor/publication.html", context, status=status)


def _closed(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    messages.error(request, _("This draft was published or discarded meanwhile: it no longer changes."))
    return redirect("editor:draft", uuid)
