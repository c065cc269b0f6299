"""Questions of a draft as a whole: added, put in another place, taken out."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.middleware import SignedInRequest
from frameworks.document.editing import mark_of
from frameworks.document.parts import entry_of, find_question, named_by, text_of
from frameworks.forms.starting import QuestionForm
from frameworks.queries import open_notes
from frameworks.services.drafts import Closed, add_question, move_question, remove_question
from frameworks.services.notes import settle_note
from frameworks.views.shared import Opened, address, closed, contents, find_draft, frame


@require_http_methods(["GET", "POST"])
def add(request: SignedInRequest, uuid: UUID, code: str) -> HttpResponse:
    """A new question of a dimension: code and title first, then its own page."""
    draft = find_draft(request, uuid)
    opened = Opened(draft)
    dimension = entry_of(opened.document.get("dimensions"), code)
    if dimension is None or not draft.is_open:
        raise Http404
    form = QuestionForm(request.POST or None, initial={"op_id": uuid4(), "code": f"{code}-"})
    if request.method == "POST" and form.is_valid():
        try:
            add_question(actor=request.user, draft=draft, dimension=code, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        except Closed:
            return closed(request, uuid)
        else:
            messages.success(request, _("The question is added. Its faults say what is still to be written."))
            return redirect("editor:question", uuid, form.cleaned_data["code"])
    context = {
        **frame(opened, "questions"),
        "contents": contents(opened),
        "dimension": code,
        "dimension_name": text_of(dimension, "short_name") or code,
        "form": form,
    }
    return render(request, "frameworks/editor/add_question.html", context, status=422 if form.errors else 200)


@require_POST
def move(request: SignedInRequest, uuid: UUID, code: str) -> HttpResponse:
    """Put a question before another of its dimension, or last."""
    draft = find_draft(request, uuid)
    try:
        move_question(actor=request.user, draft=draft, question=code, before=request.POST.get("before", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("editor:draft", uuid)
    except Closed:
        return closed(request, uuid)
    found = find_question(Opened(draft).document, code)
    assert found is not None  # it was moved just now
    messages.success(request, _("%(code)s stands in another place now.") % {"code": code})
    return redirect(address(draft, "dimension", found[0], f"row-{code}"))


@require_http_methods(["GET", "POST"])
def remove(request: SignedInRequest, uuid: UUID, code: str) -> HttpResponse:
    """Take a question out where nothing names it; else what does, which only the file can change."""
    draft = find_draft(request, uuid)
    opened = Opened(draft)
    found = find_question(opened.document, code)
    if found is None or not draft.is_open:
        raise Http404
    dimension, question = found
    refusal = ""
    if request.method == "POST":
        try:
            remove_question(actor=request.user, draft=draft, question=code, seen=request.POST.get("seen", ""))
        except ValidationError as error:
            refusal = " ".join(error.messages)
        except Closed:
            return closed(request, uuid)
        else:
            messages.success(request, _("%(code)s is removed.") % {"code": code})
            return redirect(address(draft, "dimension", dimension))
    context = {
        **frame(opened, "questions"),
        "contents": contents(opened),
        "code": code,
        "title": text_of(question, "title") or code,
        "text": text_of(question, "text"),
        "dimension": dimension,
        "named": named_by(opened.document, code),
        "seen": mark_of(question),
        "refusal": refusal,
    }
    return render(request, "frameworks/editor/remove_question.html", context, status=422 if refusal else 200)


@require_POST
def settle(request: SignedInRequest, uuid: UUID, note: UUID) -> HttpResponse:
    """Take a respondent's note off the list, from the page of its question in a draft."""
    draft = find_draft(request, uuid)
    found = get_object_or_404(open_notes(draft.framework), uuid=note)
    settle_note(actor=request.user, note=found)
    messages.success(request, _("The note is settled."))
    if find_question(Opened(draft).document, found.question_code) is None:
        return redirect("editor:draft", uuid)
    return redirect("editor:question", uuid, found.question_code)
