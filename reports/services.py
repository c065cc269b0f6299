"""Asking for a report: the row first, the doorbell after."""

from __future__ import annotations

import hashlib
import math
from dataclasses import asdict
from datetime import timedelta

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone, translation

from accounts.models import User
from assessments.engine.record import AssessmentRecord, record_document
from assessments.engine.shapes import ENGINE_VERSION
from assessments.models import Assessment, Snapshot
from assessments.queries import sample_record, stances_of
from assessments.results import current_snapshot, record_for
from frameworks.document.digest import canonical_json
from records.events import Entry, record
from records.jobs import send_on_commit
from records.models import Job
from records.models.job import JobState
from reports.models import Report
from reports.rendering import REQUESTED, TEMPLATE_VERSION, askers_of, names_for_paper

KIND, SAMPLE = "report", "sample"
HOUR = timedelta(hours=1)
LOST = "The file was made and can no longer be found. Ask again; nothing in the assessment is lost."


class TooManyReports(Exception):
    """The organisation asked for as many reports as it may; another can be asked for after `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


def request_report(*, actor: User, assessment: Assessment, kind: Report.Kind = Report.Kind.FULL) -> Report:
    """The report, or another file of its kind, as the assessment stands: a new job, or that of the same.

    Equal work is one job, however often and at once it is asked for; one that failed is made anew.
    Raises TooManyReports for further work beyond what an organisation may ask for in an hour, and
    Report.DoesNotExist where the assessment, or the same report, went meanwhile.
    """
    if kind == Report.Kind.BLANK:
        snapshot, text, said = None, names_for_paper(assessment), ""
        digest = hashlib.sha256(f"{assessment.version.digest}\n{text}".encode()).hexdigest()
    else:
        snapshot, text, digest, said = as_it_stands(assessment)
    paper = assessment.organisation.paper
    key = report_key(assessment, digest, paper, said, kind)
    set_aside_lost(assessment, key)
    same = Report.objects.of(assessment.organisation).filter(job__kind=KIND, job__input_hash=key)
    standing = same.exclude(job__state=JobState.FAILED)
    if found := standing.select_related("job").first():
        join(actor, found)
        return found  # type: ignore[no-any-return]  # its manager gives what it was made for
    refuse_too_many(assessment)
    try:
        with transaction.atomic():
            job = Job.objects.create(
                organisation=assessment.organisation, kind=KIND, requested_by=actor, input_hash=key
            )
            report: Report = Report.objects.create(
                organisation=assessment.organisation,
                assessment=assessment,
                revision=assessment.revision,
                snapshot=snapshot,
                record=text,
                stances=said,
                kind=kind,
                paper=paper,
                job=job,
            )
            note_asked(actor, report)
            send_on_commit(job)
    except IntegrityError:
        report = same.select_related("job").latest("pk")  # where it failed since, it is shown as failed
        join(actor, report)
    return report


def join(actor: User, report: Report) -> None:
    """Ask for what somebody else asked for and is not made yet: it is made while either may read it."""
    is_open = report.job.state in (JobState.QUEUED, JobState.RUNNING)
    if is_open and actor not in askers_of(report):
        note_asked(actor, report)


def note_asked(actor: User, report: Report) -> None:
    """Keep who asked."""
    after = {"key": report.job.input_hash, "kind": str(report.kind)}
    entry = Entry(REQUESTED, "report", str(report.uuid), before={}, after=after)
    record(actor=actor, organisation=report.organisation, entry=entry)


def as_it_stands(assessment: Assessment) -> tuple[Snapshot | None, str, str, str]:
    """Of a report of the assessment now: snapshot, or text of the draft's record; digest; stances as JSON."""
    snapshot = None if assessment.is_draft else current_snapshot(assessment)
    text = "" if snapshot else canonical_json(record_document(record_for(assessment)))
    digest = snapshot.digest if snapshot else hashlib.sha256(text.encode()).hexdigest()
    stances = stances_of(assessment, assessment.revision) if assessment.is_reviewed else ()
    said = canonical_json({"stances": [asdict(stance) for stance in stances]}) if stances else ""
    return snapshot, text, digest, said


def refuse_too_many(assessment: Assessment) -> None:
    """Raise TooManyReports where the organisation asked for as many as it may within an hour."""
    asked = Job.objects.of(assessment.organisation).filter(kind=KIND, requested_at__gt=Now() - HOUR)
    times = list(asked.order_by("-requested_at").values_list("requested_at", flat=True))
    if len(times) >= settings.REPORTS_AN_HOUR:
        free_at = times[settings.REPORTS_AN_HOUR - 1] + HOUR
        raise TooManyReports(max(1, math.ceil((free_at - timezone.now()).total_seconds())))


def is_kept(report: Report) -> bool:
    """Whether the file of a finished report is still in the store."""
    return has_file(report.job)


def has_file(job: Job) -> bool:
    """Whether what a finished job made is still in the store."""
    name = job.result.get("file", "")
    return bool(name) and default_storage.exists(name)


def set_aside_lost(assessment: Assessment, key: str) -> None:
    """A finished report whose file is gone no longer stands for its work, so that it can be made anew."""
    same = Report.objects.of(assessment.organisation).filter(job__kind=KIND, job__input_hash=key)
    for report in same.filter(job__state=JobState.DONE).select_related("job"):
        if not is_kept(report):
            Job.objects.of(assessment.organisation).filter(pk=report.job_id).lose(LOST)


def note_download(*, actor: User, report: Report) -> None:
    """Keep who took the file."""
    entry = Entry("report.downloaded", "report", str(report.uuid), before={}, after={})
    record(actor=actor, organisation=report.organisation, entry=entry)


def note_export(*, actor: User, assessment: Assessment, taken: AssessmentRecord, what: str) -> None:
    """Keep who took a table of an assessment: its plan, or a chart; of which revision, and how it stood."""
    after = {"what": what, "revision": taken.revision, "state": taken.state}
    entry = Entry("tables.exported", "tables", str(assessment.uuid), before={}, after=after)
    record(actor=actor, organisation=assessment.organisation, entry=entry)


def report_key(assessment: Assessment, digest: str, paper: str, said: str, kind: Report.Kind) -> str:
    """What makes two reports the same file; never results alone, which two organisations may share.

    `said` are the owner's answers to the review, which no snapshot holds.
    """
    parts = (
        str(assessment.uuid if kind == Report.Kind.BLANK else assessment.organisation.uuid),
        digest,
        hashlib.sha256(said.encode()).hexdigest(),
        kind.value,
        TEMPLATE_VERSION,
        ENGINE_VERSION,
        translation.get_language() or "",
        paper,
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def request_sample() -> Job:
    """The job that makes or made the sample's PDF as it looks now; a new one where there is none.

    One that failed, or whose file is gone, is made anew.
    """
    key = sample_key()
    same = Job.objects.of_installation().filter(kind=SAMPLE, input_hash=key)
    for done in same.filter(state=JobState.DONE):
        if not has_file(done):
            Job.objects.of_installation().filter(pk=done.pk).lose(LOST)
    standing = same.exclude(state=JobState.FAILED)
    if found := standing.first():
        return found
    try:
        with transaction.atomic():
            job = Job.objects.create(kind=SAMPLE, input_hash=key)
            send_on_commit(job)
    except IntegrityError:
        job = same.latest("pk")
    return job


def newest_sample() -> Job | None:
    """The newest job of the sample's PDF as it looks now, however it stands."""
    return Job.objects.of_installation().filter(kind=SAMPLE, input_hash=sample_key()).order_by("-pk").first()


def sample_key() -> str:
    """What makes two files of the sample the same."""
    text = canonical_json(record_document(sample_record()))
    parts = (text, TEMPLATE_VERSION, ENGINE_VERSION, translation.get_language() or "")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
