"""Deeds on a whole assessment: rename, archive, delete, submit, reopen; and its history."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.middleware import SignedInRequest
from assessments.forms.whole import ReasonForm, RenameForm
from assessments.models import Assessment, Snapshot
from assessments.permissions import can_archive, can_delete, can_rename, can_reopen, can_submit
from assessments.queries.history import deeds_on
from assessments.results import results_for
from assessments.services.answers import mark_rest_unknown
from assessments.services.assessments import (
    RenamedMeanwhile,
    archive_assessment,
    delete_assessment,
    is_deletable,
    naming_of,
    rename_assessment,
    restore_assessment,
)
from assessments.services.lock import NotADraft
from assessments.services.submission import reopen_assessment, submit_assessment
from assessments.views.refusals import form_status, gives_words_back, refusals_on
from assessments.views.shared import find_assessment, frame
from records.models.job import JobState

ALREADY_SUBMITTED = gettext_lazy("This assessment is submitted already. Nothing was changed.")


@require_http_methods(["GET", "POST"])
@gives_words_back
def rename(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Another title and scope; 409 with both texts where somebody changed them since the page was opened."""
    assessment = find_assessment(request, uuid)
    if not can_rename(assessment):
        raise PermissionDenied
    form = RenameForm(request.POST or None, initial=named(assessment))
    is_renamed_meanwhile = False
    if request.method == "POST" and form.is_valid():
        try:
            with refusals_on(form):
                rename_assessment(actor=request.user, assessment=assessment, **form.cleaned_data)
        except RenamedMeanwhile:
            is_renamed_meanwhile = True
        if not form.errors and not is_renamed_meanwhile:
            messages.success(request, _("Title and scope are changed."))
            return redirect("assessments:overview", uuid)
        assessment = find_assessment(request, uuid)  # as it stands now; 404 where it is gone
        if is_renamed_meanwhile:  # what was typed, to be kept over what stands now
            form = RenameForm(initial={**form.cleaned_data, "seen": naming_of(assessment)})
    elif not assessment.is_draft:
        return redirect("assessments:overview", uuid)
    context = {**frame(assessment, "overview"), "form": form, "is_renamed_meanwhile": is_renamed_meanwhile}
    status = 409 if is_renamed_meanwhile else form_status(form)
    return render(request, "assessments/rename.html", context, status=status)


def named(assessment: Assessment) -> dict[str, str]:
    """What the page of title and scope begins with."""
    return {"title": assessment.title, "scope": assessment.scope, "seen": naming_of(assessment)}


@require_POST
def archive(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    assessment = find_assessment(request, uuid)
    if not can_archive(assessment):
        raise PermissionDenied
    archive_assessment(actor=request.user, assessment=assessment)
    assessment = find_assessment(request, uuid)  # as it stands now; 404 where it is gone
    messages.success(request, _("%(title)s is archived. It stays readable.") % {"title": assessment.title})
    return redirect("assessments:list")


@require_POST
def restore(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    assessment = find_assessment(request, uuid)
    if not can_archive(assessment):
        raise PermissionDenied
    restore_assessment(actor=request.user, assessment=assessment)
    assessment = find_assessment(request, uuid)  # as it stands now; 404 where it is gone
    messages.success(request, _("%(title)s is back on the list.") % {"title": assessment.title})
    return redirect("assessments:overview", uuid)


@require_http_methods(["GET", "POST"])
def delete(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Asks first; only a draft without replies can go."""
    assessment = find_assessment(request, uuid)
    if not can_delete(assessment):
        raise PermissionDenied
    if request.method == "POST":
        try:
            delete_assessment(actor=request.user, assessment=assessment)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect("assessments:overview", uuid)
        messages.success(request, _("%(title)s is deleted.") % {"title": assessment.title})
        return redirect("assessments:list")
    context = {**frame(assessment, "overview"), "is_deletable": is_deletable(assessment)}
    return render(request, "assessments/delete.html", context)


@require_http_methods(["GET", "POST"])
def submit(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """What is missing, listed; then what submitting does, and the button."""
    assessment = find_assessment(request, uuid)
    if not can_submit(assessment):
        raise PermissionDenied
    if request.method == "POST":
        try:
            submit_assessment(actor=request.user, assessment=assessment)
        except NotADraft:
            messages.error(request, ALREADY_SUBMITTED)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect("assessments:submit", uuid)
        else:
            messages.success(request, _("The assessment is submitted. Its answers and numbers now stand."))
        return redirect("assessments:results", uuid)
    if not assessment.is_draft:
        return redirect("assessments:overview", uuid)
    context = frame(assessment, "overview")
    answers = list(assessment.answers.all())
    replied = {answer.question_code for answer in answers if answer.is_reply}
    carried = {answer.question_code for answer in answers if answer.carried_from_id}
    context["missing"] = [
        (dimension, [question for question in dimension.questions if question.code not in replied])
        for dimension in context["spec"].dimensions
        if any(question.code not in replied for question in dimension.questions)
    ]
    context["to_confirm"] = [
        (dimension, [question for question in dimension.questions if question.code in carried])
        for dimension in context["spec"].dimensions
        if any(question.code in carried for question in dimension.questions)
    ]
    context["missing_count"] = len(context["spec"].questions) - len(replied)
    context["results"] = results_for(assessment)
    return render(request, "assessments/submit.html", context)


@require_POST
def mark_unknown(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    assessment = find_assessment(request, uuid)
    if not can_submit(assessment):
        raise PermissionDenied
    try:
        count = mark_rest_unknown(actor=request.user, assessment=assessment, op_id=uuid4())
    except NotADraft:
        messages.error(request, ALREADY_SUBMITTED)
        return redirect("assessments:overview", uuid)
    said = ngettext(
        "%(count)s question is marked as don’t know.", "%(count)s questions are marked as don’t know.", count
    )
    messages.success(request, said % {"count": count})
    return redirect("assessments:submit", uuid)


@require_http_methods(["GET", "POST"])
def reopen(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    assessment = find_assessment(request, uuid)
    if not can_reopen(assessment):
        raise PermissionDenied
    if assessment.is_draft:
        return redirect("assessments:overview", uuid)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            reopen_assessment(actor=request.user, assessment=assessment, reason=form.cleaned_data["reason"])
        if not form.errors:
            messages.success(
                request, _("The assessment is open again as revision %(n)s.") % {"n": assessment.revision}
            )
            return redirect("assessments:overview", uuid)
        assessment = find_assessment(request, uuid)  # as it stands now
    context = {**frame(assessment, "overview"), "form": form}
    return render(request, "assessments/reopen.html", context, status=form_status(form))


@require_GET
def history(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Revisions with digest and report, and the deeds on the whole and in its reviews, latest first."""
    assessment = find_assessment(request, uuid)
    made = {
        report.snapshot_id: report
        for report in assessment.reports.filter(kind="full").select_related("job").order_by("created_at")
        if report.job.state == JobState.DONE
    }
    deeds = deeds_on(request.user, assessment)
    snapshots = list(assessment.snapshots.select_related("created_by").order_by("-revision", "-pk"))
    context = {
        **frame(assessment, "history"),
        "snapshots": [(snapshot, made.get(snapshot.pk)) for snapshot in snapshots],
        "submitted_count": sum(snapshot.kind == Snapshot.Kind.SUBMITTED for snapshot in snapshots),
        "deeds": deeds,
        "has_words": any(deed.words for deed in deeds),
    }
    return render(request, "assessments/history.html", context)
