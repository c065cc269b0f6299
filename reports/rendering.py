"""Rendering a report: from the record and its results to a file in the store."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.template.loader import render_to_string

from accounts.models import Organisation, User
from assessments.engine.evaluate import evaluate
from assessments.engine.record import AssessmentRecord, read_record, record_document
from assessments.engine.review import StanceRecord
from assessments.engine.shapes import Results
from assessments.models import Assessment
from assessments.queries import find_sample, revisions_of
from assessments.results import record_in, results_in, spec_of
from frameworks.document.digest import canonical_json
from records.exports import workbook_file
from records.jobs import JobFailed, job_file
from records.models import Event, Job
from reports.document import build_document
from reports.exports import sheets
from reports.models import Report
from reports.pdf import Blocked, RenderingUnavailable, html_to_pdf

TEMPLATE_VERSION = "15"  # rises whenever the report of the same record could look different
TEMPLATES = {Report.Kind.FULL: "reports/pdf/report.html", Report.Kind.BRIEF: "reports/pdf/brief.html"}
REQUESTED = "report.requested"
NO_SAMPLE = "The framework version that the sample is judged by is not installed."
NO_ROOM = "There is no room left to keep the file. Ask again once the service has space; nothing is lost."
NOT_ALLOWED = "Whoever asked for this can no longer read the assessment, so it was not made. Ask again."
TOO_LARGE = "The report needs more memory than a report may take. Shorten the longest comments and ask again."


def render_report(job: Job) -> dict[str, Any]:
    """Make the file of a job and keep it; returns where it lies, its size, and of a PDF its pages.

    Raises JobFailed with a reason that the person who asked can act on.
    """
    if job.organisation is None or job.requested_by is None:
        raise ValueError("a report without an organisation or a person who asked")
    report = Report.objects.of(job.organisation).select_related("snapshot").get(job=job)
    assessment = next(filter(None, (seen_by(person, report) for person in askers_of(report))), None)
    if assessment is None:
        raise JobFailed(NOT_ALLOWED)
    if report.is_blank:
        context = {"named": named_in(report), "spec": spec_of(assessment), "paper": report.paper}
        return print_page(job, render_to_string("reports/pdf/questionnaire.html", context))
    if report.is_workbook:
        record, results = contents(report, assessment)
        tables = sheets(spec_of(assessment), record, results, stances_in(report))
        return keep(job, workbook_file(tables))
    return print_page(job, report_html(report, assessment, asked_at=job.requested_at.isoformat()))


def askers_of(report: Report) -> list[User]:
    """Who asked for a report or joined in while it was made, and still has an account."""
    asked = Event.objects.of(report.organisation).filter(
        object_type="report", object_id=str(report.uuid), action=REQUESTED
    )
    return list(User.objects.filter(is_active=True, pk__in=asked.values("actor")).order_by("pk"))


def seen_by(person: User, report: Report) -> Assessment | None:
    """The assessment of a report, if this person may still see it."""
    rows = Assessment.objects.visible_to(person).for_page()
    found: Assessment | None = rows.filter(pk=report.assessment_id).first()
    return found


def report_html(report: Report, assessment: Assessment, *, asked_at: str) -> str:
    """The page to print; what it was made from is let go here, before printing needs the room."""
    record, results = contents(report, assessment)
    digest = report.snapshot.digest if report.snapshot else hashlib.sha256(report.record.encode()).hexdigest()
    document = build_document(
        spec_of(assessment),
        record,
        results,
        digest=digest,
        asked_at=asked_at,
        stances=stances_in(report),
        revisions=revisions_of(assessment, report.revision, report.snapshot),
    )
    template = TEMPLATES[Report.Kind(report.kind)]
    return render_to_string(template, {"document": document, "paper": report.paper})


def render_sample(job: Job) -> dict[str, Any]:
    """Make the PDF of the shipped sample and keep it. Raises JobFailed with a reason."""
    sample = find_sample()
    if sample is None:
        raise JobFailed(NO_SAMPLE)
    text = canonical_json(record_document(sample.record))
    document = build_document(
        sample.spec, sample.record, sample.results, digest=hashlib.sha256(text.encode()).hexdigest()
    )
    context = {"document": document, "paper": Organisation.Paper.A4.value, "is_sample": True}
    return print_page(job, render_to_string(TEMPLATES[Report.Kind.FULL], context))


def print_page(job: Job, html: str) -> dict[str, Any]:
    """From the page to a PDF in the store. Raises JobFailed with a reason."""
    try:
        pdf = html_to_pdf(html)
    except RenderingUnavailable as error:
        raise JobFailed(str(error)) from error
    except Blocked as error:
        raise JobFailed("The report asked for something outside itself and was stopped.") from error
    except MemoryError as error:
        raise JobFailed(TOO_LARGE) from error
    return {**keep(job, pdf.content), "pages": pdf.pages}


def keep(job: Job, content: bytes) -> dict[str, Any]:
    """Where the file lies and how large it is, once it is kept. Raises JobFailed with a reason."""
    try:
        name = keep_file(job, content)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise JobFailed(NO_ROOM) from error
        raise
    return {"file": name, "bytes": len(content)}


def names_for_paper(assessment: Assessment) -> str:
    """What a blank questionnaire prints of its assessment, as JSON."""
    names = {"organisation": assessment.organisation.name, "site": assessment.site.name}
    return canonical_json({**names, "title": assessment.title})


def named_in(report: Report) -> dict[str, str]:
    """The same as it was when the questionnaire was asked for."""
    names: dict[str, str] = json.loads(report.record or names_for_paper(report.assessment))
    return names


def contents(report: Report, assessment: Assessment) -> tuple[AssessmentRecord, Results]:
    """What the report prints: the snapshot, or the draft's record as it was when asked for."""
    if report.snapshot is not None:
        return record_in(report.snapshot), results_in(report.snapshot)
    record = read_record(json.loads(report.record))
    return record, evaluate(spec_of(assessment), record.inputs())


def stances_in(report: Report) -> tuple[StanceRecord, ...]:
    """The owner's answers to the review as they stood when the report was asked for."""
    kept = json.loads(report.stances)["stances"] if report.stances else []
    return tuple(StanceRecord(**row) for row in kept)


def keep_file(job: Job, content: bytes) -> str:
    """Write under a temporary name, flush, rename: a reader never sees half a file."""
    name = job_file(job)
    path = Path(default_storage.path(name))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_suffix(".part")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
    finally:
        temporary.unlink(missing_ok=True)
    return name
