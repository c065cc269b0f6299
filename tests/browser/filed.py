"""An organisation with files of every kind and in every state, beside the demo's."""

from __future__ import annotations

import json
from datetime import timedelta

from django.utils import timezone

from accounts.models import Organisation
from accounts.services.people import create_owner
from accounts.services.sites import add_site
from assessments.services.assessments import start_assessment
from bami_site.demo import PASSWORD
from frameworks.models import FrameworkVersion
from records.models import Job
from records.models.job import JobState
from reports.models import Report
from reports.services import KIND
from tests.browser.conftest import FILER

REASON = "The report could not be made. Nothing in the assessment is lost; ask again in a few minutes."
STATES = (
    *((kind, JobState.DONE, 1) for kind in Report.Kind),
    (Report.Kind.FULL, JobState.FAILED, 3),
    (Report.Kind.WORKBOOK, JobState.RUNNING, 2),
    (Report.Kind.BRIEF, JobState.QUEUED, 0),
    (Report.Kind.FULL, JobState.QUEUED, 1),
)


def made_of(kind: Report.Kind) -> dict[str, object]:
    """What a job says of the file that it made; a workbook has no pages. The file itself is gone."""
    pages = {} if kind == Report.Kind.WORKBOOK else {"pages": 38}
    return {"file": "gone", "bytes": 560_432, **pages}


def make() -> None:
    """Make them; prints the assessment and its reports as JSON. No worker takes up what waits."""
    owner = create_owner(email=FILER, organisation_name="Filed", name="Fay Filer", password=PASSWORD)
    organisation = Organisation.objects.visible_to(owner).get()
    site = add_site(actor=owner, organisation=organisation, name="Filed", place="", time_zone="Europe/Berlin")
    assessment = start_assessment(
        actor=owner, site=site, version=FrameworkVersion.objects.get(), title="In every state", scope=""
    )
    later, made = timezone.now() + timedelta(hours=6), []
    for number, (kind, state, attempts) in enumerate(STATES):
        job = Job.objects.create(
            organisation=organisation, kind=KIND, requested_by=owner, input_hash=f"{number:064}",
            state=state, attempts=attempts, sent_at=later,
            lease_until=later if state == JobState.RUNNING else None,
            reason=REASON if state == JobState.FAILED else "",
            result=made_of(kind) if state == JobState.DONE else {},
        )  # fmt: skip
        report = Report.objects.create(
            organisation=organisation,
            assessment=assessment,
            revision=1,
            kind=kind,
            paper=Organisation.Paper.A4,
            job=job,
        )
        made.append(str(report.uuid))
    print(json.dumps({"assessment": str(assessment.uuid), "reports": made}))
