"""The pages of a draft that hold fields, and the one save of them all."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.middleware import SignedInRequest
from frameworks.document.parts import entries, questions_of
from frameworks.forms.fields import CHOICE, DraftFields, FieldsForm, Typed
from frameworks.models import FrameworkDraft
from frameworks.services.drafts import Closed, Saved, save_fields
from frameworks.views.pages import (
    Page,
    crosswalk_page,
    dimension_page,
    levels_page,
    question_page,
    use_case_page,
    use_case_row,
)
from frameworks.views.shared import Opened, address, contents, faults_of_questions, find_draft, frame

FORMS: dict[str, Page] = {
    "question": question_page,
    "dimension": dimension_page,
    "levels": levels_page,
    "crosswalk": crosswalk_page,
    "use_case": use_case_page,
}


@require_GET
def questions(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """To the first question with a fault, else the first."""
    draft = find_draft(request, uuid)
    faulty = [mend for mend in Opened(draft).mends if mend.page in ("question", "dimension")]
    if faulty:
        return redirect(address(draft, faulty[0].page, faulty[0].code, faulty[0].field))
    first = next(questions_of(Opened(draft).document), None)
    if first is None:
        return redirect("editor:yaml", uuid)
    return redirect("editor:question", uuid, first[1])


@require_GET
def question(request: SignedInRequest, uuid: UUID, code: str) -> HttpResponse:
    return question_page(request, find_draft(request, uuid), code)


@require_GET
def dimension(request: SignedInRequest, uuid: UUID, code: str) -> HttpResponse:
    return dimension_page(request, find_draft(request, uuid), code)


@require_GET
def levels(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    return levels_page(request, find_draft(request, uuid))


@require_GET
def crosswalk(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    return crosswalk_page(request, find_draft(request, uuid))


@require_GET
def use_cases(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Every use case with what it asks for, as a table."""
    opened = Opened(find_draft(request, uuid))
    held = opened.document.get("use_cases")
    context = {
        **frame(opened, "use_cases"),
        "dimensions": [code for code, _dimension in entries(opened.document.get("dimensions"))],
        "rows": [use_case_row(opened, code, use_case) for code, use_case in entries(held)],
    }
    return render(request, "frameworks/editor/use_cases.html", context)


@require_GET
def use_case(request: SignedInRequest, uuid: UUID, code: str) -> HttpResponse:
    return use_case_page(request, find_draft(request, uuid), code)


@require_POST
def save(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Save the fields of a page that were changed on it: a fragment for a script, the page without one.

    422 for values that cannot be kept, 428 without an operation id, 409 where somebody changed the same
    field meanwhile or the draft is closed. What was typed is given back; fields that nobody contests are
    saved even so.
    """
    draft = find_draft(request, uuid)
    form = FieldsForm(request.POST)
    page = request.POST.get("page", "").partition(":")[0]
    if page not in FORMS:
        raise Http404
    if not form.is_valid():
        said = (_("This page was incomplete when it was sent. What you typed is below: send it again."),)
        return _refused(request, draft, form, Typed(form.typed(), form.seen(), {}, {}, 428, said))
    try:
        saved = save_fields(
            actor=request.user,
            draft=draft,
            changes=form.changes(Opened(draft).document),
            op_id=form.cleaned_data["op_id"],
        )
    except Closed:
        return _closed(request, find_draft(request, uuid), form)
    except ValidationError as error:
        return _refused(request, draft, form, _typed(form, error))
    if saved.contested:
        return _refused(request, saved.draft, form, _contested(form, saved))
    if request.htmx:
        return _saved(request, saved.draft, form)
    _say(request, saved)
    return redirect(_address(draft, form))


def _typed(form: FieldsForm, error: ValidationError) -> Typed:
    """Nothing was saved: every field as it was typed, with what is wrong."""
    if hasattr(error, "error_dict"):
        errors = {name: " ".join(said) for name, said in error.message_dict.items()}
        return Typed(form.typed(), form.seen(), errors, {}, 422)
    return Typed(form.typed(), form.seen(), {}, {}, 422, tuple(error.messages))


def _contested(form: FieldsForm, saved: Saved) -> Typed:
    """What was contested, as it was typed; all else is saved and shown as it stands."""
    contested = {field.field: field for field in saved.contested}
    typed = {name: texts for name, texts in form.typed().items() if name in contested}
    seen = {name: mark for name, mark in form.seen().items() if name in contested}
    return Typed(typed, seen, {}, contested, 409)


def _refused(request: SignedInRequest, draft: FrameworkDraft, form: FieldsForm, typed: Typed) -> HttpResponse:
    """The page with what was typed, for a script the fields alone; where the page is gone, the words."""
    if request.htmx:
        fields = DraftFields(Opened(draft).document, Opened(draft).faults, typed)
        wrong = {**typed.errors, **typed.contested} or dict.fromkeys(form.names(), "")
        context = {"fields": [fields.field(name) for name in wrong], "typed": typed, "draft": draft}
        return render(request, "frameworks/editor/_refused.html", context, status=typed.status)
    page, _colon, code = form.data["page"].partition(":")
    try:
        return FORMS[page](request, draft, code, typed)
    except Http404:
        said = _("The part of the draft that you were editing is not there any more. Nothing was saved.")
        return _gone(request, draft, form, said)


def _closed(request: SignedInRequest, draft: FrameworkDraft, form: FieldsForm) -> HttpResponse:
    if draft.state == FrameworkDraft.State.PUBLISHED:
        said = _("This draft was published meanwhile and no longer changes. Nothing was saved.")
    else:
        said = _("This draft was discarded meanwhile and no longer changes. Nothing was saved.")
    if request.htmx:
        typed = Typed(form.typed(), form.seen(), {}, {}, 409, (said,))
        context = {"fields": [], "typed": typed, "draft": draft, "closed": True, "names": form.names()}
        return render(request, "frameworks/editor/_refused.html", context, status=409)
    return _gone(request, draft, form, said)


def _gone(request: SignedInRequest, draft: FrameworkDraft, form: FieldsForm, said: str) -> HttpResponse:
    """Where what was typed has no page any more: all of it, to copy."""
    document = Opened(draft).document
    words = [
        (DraftFields(document, {}).field(change.field).label, str(text))
        for change in form.changes(document)
        for text in form.typed()[change.field]
    ]
    context = {"draft": draft, "said": said, "words": words, "tab": "overview", "faults": draft.faults}
    return render(request, "frameworks/editor/refused.html", context, status=409)


def _saved(request: SignedInRequest, draft: FrameworkDraft, form: FieldsForm) -> HttpResponse:
    """For a script: the marks of what stands now, every fault, and fields chosen of two as they stand."""
    opened = Opened(draft)
    fields = DraftFields(opened.document, opened.faults)
    context = {
        "draft": draft,
        "fields": [fields.field(name) for name in form.names()],
        "chosen": [name for name in form.names() if CHOICE + name in form.data],
        "op_id": uuid4(),
        "faults": opened.faults.items(),
        "faults_of_questions": faults_of_questions(opened),
        "contents": contents(opened),
    }
    response = render(request, "frameworks/editor/_saved.html", context)
    response["X-Operation"] = str(form.cleaned_data["op_id"])
    return response


def _say(request: SignedInRequest, saved: Saved) -> None:
    count = len(saved.changed)
    if count:
        messages.success(
            request, ngettext("%(count)s field saved.", "%(count)s fields saved.", count) % {"count": count}
        )
    else:
        messages.info(request, _("Nothing was changed."))


def _address(draft: FrameworkDraft, form: FieldsForm) -> str:
    page, _colon, code = form.data["page"].partition(":")
    return address(draft, page, code)
