"""Reports of an assessment: ask, watch, download; and the sample that anybody may read."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.middleware import SignedInRequest, hour_limit, too_many
from assessments.engine.record import AssessmentRecord
from assessments.engine.shapes import Results
from assessments.models import Assessment, Snapshot
from assessments.permissions import can_ask_for_report
from assessments.queries import find_sample
from assessments.results import record_for, record_in, results_for, results_in, spec_of
from assessments.views.plan import filter_asked
from assessments.views.results import findings, reading_asked
from assessments.views.shared import find_assessment, frame
from frameworks.document.shapes import FrameworkSpec
from records.exports import csv_file
from records.models import Job
from records.models.job import JobState
from reports.document.figures import FIGURES, Case, Shown
from reports.document.figures import figure as draw_figure
from reports.document.keys import key as key_of
from reports.exports import figure_table, figure_title, plan, svg_file
from reports.models import Report
from reports.services import (
    TooManyReports,
    has_file,
    is_kept,
    newest_sample,
    note_download,
    note_export,
    request_report,
    request_sample,
    sample_key,
)

PDF = "application/pdf"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
SVG = "image/svg+xml; charset=utf-8"
NAMES = {
    Report.Kind.FULL: "BAMI report",
    Report.Kind.BRIEF: "BAMI board brief",
    Report.Kind.BLANK: "BAMI questionnaire",
    Report.Kind.WORKBOOK: "BAMI results",
}


@require_GET
def report_list(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Every report of this assessment, latest first, and the button that asks for one."""
    assessment = find_assessment(request, uuid)
    reports = Report.objects.of(assessment.organisation).filter(assessment=assessment).with_job()
    context = {**frame(assessment, "reports"), "reports": reports}
    return render(request, "reports/list.html", context)


@require_POST
def ask(request: SignedInRequest, uuid: UUID, kind: Report.Kind) -> HttpResponse:
    """Ask for a file of this kind as the assessment stands; opens its page, which shows how far it is."""
    assessment = find_assessment(request, uuid)
    if not can_ask_for_report(assessment):
        raise PermissionDenied
    try:
        asked = request_report(actor=request.user, assessment=assessment, kind=kind)
    except TooManyReports as error:
        return too_many(request, error.seconds)
    except Report.DoesNotExist:  # it went, or failed, while it was asked for
        return redirect("reports:list", uuid)
    return redirect("reports:report", uuid, asked.uuid)


@require_GET
def report(request: SignedInRequest, uuid: UUID, report_uuid: UUID) -> HttpResponse:
    """One report: being made, ready, or failed with its reason. A script asks for the state alone."""
    assessment = find_assessment(request, uuid)
    found = _find(assessment, report_uuid)
    context = {**frame(assessment, "reports"), "report": found, **_progress(found)}
    template = "reports/_state.html" if request.htmx else "reports/report.html"
    return render(request, template, context)


@require_GET
def file(request: SignedInRequest, uuid: UUID, report_uuid: UUID) -> HttpResponseBase:
    """The file itself; rights are checked again, and who took it is kept."""
    assessment = find_assessment(request, uuid)
    found = _find(assessment, report_uuid)
    if found.job.state != JobState.DONE:
        return redirect("reports:report", uuid, report_uuid)
    if not is_kept(found):
        messages.error(
            request, _("The file is not there. Ask for the report again; nothing in the assessment is lost.")
        )
        return redirect("reports:report", uuid, report_uuid)
    note_download(actor=request.user, report=found)
    kind = EXCEL if found.is_workbook else PDF
    return made_file(found.job, kind, file_name(assessment, found))


@require_GET
def plan_table(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The actions of the plan as CSV; who took it is kept."""
    assessment = find_assessment(request, uuid)
    if not can_ask_for_report(assessment):
        raise PermissionDenied
    if seconds := hour_limit(request, "export", settings.EXPORTS_AN_HOUR):
        return too_many(request, seconds)
    record = record_for(assessment)
    found = plan(spec_of(assessment), record, results_for(assessment))
    note_export(actor=request.user, assessment=assessment, taken=record, what="plan")
    content = csv_file(found.heads, found.rows)
    return table_file(content, CSV, table_name(assessment, record, _("BAMI plan"), "csv"))


@require_GET
def figure_file(request: SignedInRequest, uuid: UUID, figure: str, ending: str) -> HttpResponse:
    """A chart as an SVG that stands alone, or its numbers as CSV; who took it is kept.

    `reading` is that of the heat map; `wave`, `owner` and `area` say which actions of the plan.
    """
    return taken_along(request, find_assessment(request, uuid), None, figure, ending)


@require_GET
def revision_figure_file(
    request: SignedInRequest, uuid: UUID, revision: int, kind: str, figure: str, ending: str
) -> HttpResponse:
    """The same of one revision, as it was submitted or as it was reviewed."""
    assessment = find_assessment(request, uuid)
    kept: Snapshot = get_object_or_404(assessment.snapshots, revision=revision, kind=kind)
    return taken_along(request, assessment, kept, figure, ending)


def is_offered(figure: str, ending: str) -> bool:
    """Whether there is a chart of that name, and files of that kind."""
    return figure in FIGURES and ending in ("svg", "csv")


def taken_along(
    request: SignedInRequest, assessment: Assessment, kept: Snapshot | None, figure: str, ending: str
) -> HttpResponse:
    """The file of a chart of the assessment as it stands, or as a snapshot keeps it; who took it is kept."""
    if not is_offered(figure, ending):
        raise Http404
    if not can_ask_for_report(assessment):
        raise PermissionDenied
    if seconds := hour_limit(request, "figure", settings.FIGURES_AN_HOUR):
        return too_many(request, seconds)
    record = record_in(kept) if kept else record_for(assessment)
    results = results_in(kept) if kept else results_for(assessment)
    spec = spec_of(assessment)
    case = Case(spec, record, results, shown_asked(request, figure, spec, results))
    what = " ".join(filter(None, (figure, part_words(case))))
    content, kind = figure_content(figure, ending, case, assessment_words(case.record))
    note_export(actor=request.user, assessment=assessment, taken=case.record, what=f"{what}.{ending}")
    return table_file(content, kind, table_name(assessment, case.record, f"BAMI {what}", ending))


def figure_content(figure: str, ending: str, case: Case, about: str) -> tuple[bytes, str]:
    """A chart as a file, whosever it is: its bytes and their type. Raises Http404 for nothing to draw."""
    if ending == "csv":
        table = figure_table(figure, case)
        return csv_file(table.heads, table.rows), CSV
    drawing = draw_figure(figure, case)
    if drawing is None:
        raise Http404
    words = ", ".join(filter(None, (about, part_words(case))))
    return svg_file(drawing, key_of(figure, case), figure_title(figure, case), words), SVG


def shown_asked(request: SignedInRequest, figure: str, spec: FrameworkSpec, results: Results) -> Shown:
    """What of a chart the address asks for."""
    if figure == "heat":
        return Shown(reading=reading_asked(request, results))
    if figure == "gantt" and (plan_filter := filter_asked(request, spec)).is_set:
        steps = results.roadmap.actions
        return Shown(actions=frozenset(step.action for step in steps if plan_filter.lets_through(spec, step)))
    return Shown()


def part_words(case: Case) -> str:
    """What of a chart is taken along, where that is not all of it as claimed; else empty."""
    if case.shown.actions is not None:
        values = {"n": len(case.shown.actions), "all": len(case.results.roadmap.actions)}
        return _("%(n)d of %(all)d actions") % values
    return {"evidenced": _("evidenced"), "validated": _("validated")}.get(case.shown.reading, "")


def assessment_words(record: AssessmentRecord) -> str:
    """What a chart that travels alone says about itself."""
    state = _("draft") if not record.submitted_at else _("revision %(n)d") % {"n": record.revision}
    if record.review:
        state = _("%(revision)s, reviewed") % {"revision": state}
    return f"{record.site}, {record.title}, {state}, {record.framework.upper()} {record.version}"


def table_file(content: bytes, kind: str, name: str) -> HttpResponse:
    """A table or a drawing as a file to keep under this name."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def table_name(assessment: Assessment, record: AssessmentRecord, what: str, ending: str) -> str:
    """A name that says what it is: "BAMI plan - Kelderhaven - Baseline - draft.csv"."""
    state = f"revision {record.revision}" if record.submitted_at else "draft"
    state += " reviewed" if record.review else ""
    parts = (what, assessment.site.name, assessment.title, state)
    return " - ".join(filter(None, map(_clean, parts))) + f".{ending}"


def made_file(job: Job, kind: str, name: str) -> HttpResponseBase:
    """What a finished job made, as a file to keep under this name."""
    response = FileResponse(
        default_storage.open(job.result["file"]),
        as_attachment=True,
        filename=name,
        content_type=kind,
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@login_not_required
@require_safe
def sample(request: HttpRequest) -> HttpResponse:
    """The results of the sample for anybody to read, and how far its PDF is."""
    found = find_sample()
    if found is None:
        raise Http404
    job = newest_sample()
    context = {
        "spec": found.spec,
        "record": found.record,
        "submitted_at": datetime.fromisoformat(found.record.submitted_at),
        "job": job,
        "is_waiting": job is not None and job.state in (JobState.QUEUED, JobState.RUNNING),
        "is_done": job is not None and job.state == JobState.DONE and has_file(job),
        **findings(found.spec, found.results, found.record),
    }
    return render(request, "reports/sample.html", context)


@login_not_required
@require_POST
def ask_for_sample(request: HttpRequest) -> HttpResponse:
    """Have the sample's PDF made where it is missing; equal work is one job, whoever asks."""
    if seconds := hour_limit(request, "sample", settings.REPORTS_AN_HOUR):
        return too_many(request, seconds)
    request_sample()
    return redirect("sample_report")


@login_not_required
@require_safe
def sample_file(request: HttpRequest) -> HttpResponseBase:
    """The sample's PDF."""
    job = newest_sample()
    if job is None or job.state != JobState.DONE or not has_file(job):
        return redirect("sample_report")
    return made_file(job, PDF, "BAMI sample report.pdf")


@login_not_required
@require_safe
def sample_figure_file(request: HttpRequest, figure: str, ending: str) -> HttpResponse:
    """A chart of the sample as an SVG that stands alone, or its numbers as CSV."""
    if not is_offered(figure, ending):
        raise Http404
    content, kind = sample_content(sample_key(), figure, ending)
    return table_file(content, kind, f"BAMI sample {figure}.{ending}")


@lru_cache(maxsize=2 * len(FIGURES))
def sample_content(_key: str, figure: str, ending: str) -> tuple[bytes, str]:
    """The same for everybody, so it is drawn once: anybody may ask for it, as often as they like."""
    found = find_sample()
    if found is None:
        raise Http404
    about = _("Sample of an invented site: %(words)s") % {"words": assessment_words(found.record)}
    return figure_content(figure, ending, Case(found.spec, found.record, found.results, Shown()), about)


def file_name(assessment: Assessment, found: Report) -> str:
    """A name that says what it is: "BAMI report - Kelderhaven - Baseline - draft.pdf"; a brief says so."""
    state = "blank" if found.is_blank else "draft" if found.is_draft else f"revision {found.revision}"
    state += " reviewed" if found.is_reviewed else ""
    parts = (
        NAMES[Report.Kind(found.kind)],
        assessment.site.name,
        assessment.title,
        state,
    )
    return " - ".join(filter(None, map(_clean, parts))) + (".xlsx" if found.is_workbook else ".pdf")


def _find(assessment: Assessment, report_uuid: UUID) -> Report:
    reports = Report.objects.of(assessment.organisation).filter(assessment=assessment).with_job()
    found: Report = get_object_or_404(reports, uuid=report_uuid)
    return found


def _progress(found: Report) -> dict[str, Any]:
    state = found.job.state
    return {
        "is_waiting": state in (JobState.QUEUED, JobState.RUNNING),
        "is_done": state == JobState.DONE,
        "is_lost": state == JobState.DONE and not is_kept(found),
        "is_failed": state == JobState.FAILED,
    }


def _clean(text: str) -> str:
    kept = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)
    return re.sub(r'[\\/:*?"<>|]+', "-", " ".join(kept.split()))[:80].strip(" .")
