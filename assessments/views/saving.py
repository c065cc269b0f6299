"""The save of one answer, and what is shown where it was refused."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from assessments.forms.answers import COMPACT, AnswerForm, set_aside, values_with
from assessments.live_state import live_state
from assessments.models import OWN_WORDS, Answer, Assessment
from assessments.permissions import can_answer
from assessments.results import spec_of
from assessments.services.answers import FIELDS, Changes, Conflict, record_answer
from assessments.services.lock import NotADraft
from assessments.views.addresses import page_address, within
from assessments.views.contents import Contents
from assessments.views.live import live
from assessments.views.rows import Row
from assessments.views.said import said
from assessments.views.shared import find_assessment, find_question, find_to_save, frame
from frameworks.document.shapes import FrameworkSpec, QuestionSpec

MOVES_SHOWN = 6


@require_POST
def save(request: SignedInRequest, uuid: UUID, dimension: str, question: str) -> HttpResponse:
    """Save one answer: a fragment with the new numbers for a script, a redirect back without one.

    422 for values that cannot be, 428 without the version that was seen, 409 where somebody changed
    the same field meanwhile or the assessment is submitted; nothing is stored then, and what was
    typed is given back.
    """
    assessment = find_to_save(request, uuid)
    spec = spec_of(assessment)
    asked = find_question(spec, dimension, question)
    if not can_answer(assessment) or not _is_from(request):
        raise PermissionDenied
    form = AnswerForm(request.POST, auto_id=f"{asked.code}_%s")
    if not form.is_valid():
        # Without the version that was seen, nobody can tell what the save would overwrite.
        status = 422 if request.POST.get("base_version") else 428
        return _refused(request, uuid, asked, form, status=status)
    try:
        saved = record_answer(
            actor=request.user,
            assessment=assessment,
            question_code=asked.code,
            changes=form.changes(),
            base_version=form.cleaned_data["base_version"],
            op_id=form.cleaned_data["op_id"],
            set_aside=form.cleaned_data["aside"],
        )
    except ValidationError as error:
        _add_errors(form, error)
        return _refused(request, uuid, asked, form, status=422)
    except Conflict as conflict:
        return _refused(request, uuid, asked, form, status=409, conflict=conflict)
    except NotADraft:
        form.add_error(
            None, _("This assessment was submitted meanwhile: its answers stand. Yours was not saved.")
        )
        return _refused(request, uuid, asked, form, status=409)
    if not request.htmx:
        messages.success(request, _("Saved: %(title)s") % {"title": asked.title})
        return redirect(_back(request, assessment, asked))
    compact = request.POST.get("page") == "dimension"
    contents = Contents(assessment, saved.state, within(request, assessment))
    context = {
        **live(assessment, saved.state.results, dimension),
        **(contents.tally(dimension) if compact else contents.tally(question=asked.code)),
        "counts": contents.whole,
        "here": contents.counts_of(dimension),
        "next_unanswered": contents.next_unanswered(dimension) if compact else None,
        "keep": contents.filter.query,
        "assessment": assessment,
        "spec": spec,
        "row": Row(asked, saved.answer, dimension, spec, compact),
        "against": contents.against(asked.code),
        "merged": form.merged(saved.answer),
        "may_take_back": True,
        "moves": saved.moves,
        "moves_rest": max(0, len(saved.moves or ()) - MOVES_SHOWN),
        "user": request.user,
    }
    # Without the request: a context made of one is a circle, which only the garbage collector frees.
    response = HttpResponse(render_to_string("assessments/_saved.html", context))
    response["X-Operation"] = str(form.cleaned_data["op_id"])
    return response


def _is_from(request: SignedInRequest) -> bool:
    """Whether a script that names whose answer it sends names who is signed in."""
    return request.headers.get("X-Answer-Of", str(request.user.uuid)) == str(request.user.uuid)


def _add_errors(form: AnswerForm, error: ValidationError) -> None:
    """The service speaks of columns, the page of fields."""
    fields = {"state": "reply", "level": "reply", "reason": "reason"}
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for column, errors in error.error_dict.items():
        form.add_error(fields.get(column, column if column in form.fields else None), errors)


def _back(request: SignedInRequest, assessment: Assessment, asked: QuestionSpec) -> str:
    """Without a script: where the button pressed leads, back to the page or on to the next question shown."""
    chosen, code = within(request, assessment), asked.code
    if request.POST.get("then") == "next":
        following = Contents(assessment, live_state(assessment), chosen).beside(code)[1]
        code = following.question.code if following else code
    whole = request.POST.get("page") == "dimension"
    return page_address(assessment, code, chosen, whole_dimension=whole)


def _refused(
    request: SignedInRequest,
    uuid: UUID,
    asked: QuestionSpec,
    form: AnswerForm,
    *,
    status: int,
    conflict: Conflict | None = None,
) -> HttpResponse:
    """Nothing was stored: say why and keep what was typed; in a conflict show both, to choose from."""
    assessment = find_assessment(request, uuid)  # as it stands now; 404 where it is gone
    spec = spec_of(assessment)
    answer = assessment.answers.select_related("updated_by").get(question_code=asked.code)
    compact = request.POST.get("page") == "dimension"
    context = {
        "assessment": assessment,
        "spec": spec,
        "row": Row(asked, answer, spec.dimension_of[asked.code], spec, compact),
        "keep": within(request, assessment).query,
        "form": form,
        "values": form.typed(),
        "conflict": _both(spec, answer, form.changes(), conflict.fields) if conflict else None,
        "submitted": not assessment.is_draft,
    }
    if request.htmx:
        return render(request, "assessments/_refused.html", context, status=status)
    context |= {
        **frame(assessment, "answers"),
        "dimension": spec.dimension_by_code[spec.dimension_of[asked.code]],
        "may_answer": assessment.is_draft,
        "typed_words": [
            (form[name].label, form.typed()[name]) for name in ("reason", "evidence_note", "comment")
        ],
        "own_words": OWN_WORDS,
        "whole_dimension": compact,
    }
    return render(request, "assessments/refused.html", context, status=status)


def _both(spec: FrameworkSpec, answer: Answer, mine: Changes, contested: tuple[str, ...]) -> dict[str, Any]:
    """Both answers in words, and what each of the two buttons would save.

    What is not contested is saved either way: nothing that this person typed elsewhere is dropped.
    """
    theirs = {field: {column: getattr(answer, column) for column in FIELDS[field]} for field in contested}
    fields = [
        (AnswerForm.base_fields[field].label, said(spec, theirs[field]), said(spec, mine[field]))
        for field in contested
    ]
    keep, use = _("Keep theirs"), _("Use mine")
    if len(fields) == 1 and contested[0] in COMPACT:
        keep, use = (
            _("Keep %(theirs)s") % {"theirs": fields[0][1]},
            _("Use mine, %(mine)s") % {"mine": fields[0][2]},
        )
    rest = {field: columns for field, columns in mine.items() if field not in contested}
    given_up = set_aside({field: mine[field] for field in contested})
    return {
        "fields": fields,
        "contested": ",".join([*contested, *(["reason"] if "reply" in contested else [])]),
        "ways": [
            (keep, [*values_with(answer, rest).items(), ("aside", given_up)]),
            (use, list(values_with(answer, mine).items())),
        ],
    }
