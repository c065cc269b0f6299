"""Deeds that cross: while one request is under way, another one changes what it found."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from assessments.forms.leaving_out import seen_in
from assessments.models import Assessment
from assessments.results import record_for, results_for
from assessments.services.assessments import (
    archive_assessment,
    delete_assessment,
    naming_of,
    rename_assessment,
    restore_assessment,
)
from assessments.services.settings import set_targets, state_dpmm
from assessments.services.submission import reopen_assessment, submit_assessment
from assessments.views import foundation, leaving_out, lifecycle, saving, targets
from records.jobs import job_file, run_job
from records.models import Event, Job
from reports.services import request_report
from tests import builders
from tests.integration.test_resending import HEADERS, form_of

REASON = "found another batch record"
POSTED = {
    "rename": {"title": "Autumn", "scope": ""},
    "foundation": {"source": "not_known", "base_version": "0"},
    "targets": {"capacity": "4", "base_version": "0"},
    "reopen": {"reason": REASON},
    "delete": {},
    "submit": {},
    "mark_unknown": {},
}


@pytest.fixture
def meanwhile(monkeypatch):
    """meanwhile(module, deed): the deed is done just after a view of the module found its assessment."""

    def arrange(module, deed):
        finder = "find_to_save" if module is saving else "find_assessment"
        find = getattr(module, finder)
        waiting = [deed]

        def find_and_cross(request, uuid):
            found = find(request, uuid)
            if waiting:
                waiting.pop()()
            return found

        monkeypatch.setattr(module, finder, find_and_cross)

    return arrange


def place(assessment: Assessment, name: str) -> str:
    return reverse(f"assessments:{name}", args=[assessment.uuid])


def again(assessment: Assessment) -> Assessment:
    row: Assessment = Assessment.objects.of(assessment.organisation).for_page().get(pk=assessment.pk)
    return row


def save_place(assessment: Assessment, code: str = "D1-INV") -> str:
    return reverse("assessments:save", args=[assessment.uuid, code[:2], code])


def deeds_of(assessment: Assessment, action: str) -> int:
    events: int = Event.objects.of(assessment.organisation).filter(action=action).count()
    return events


# --- The assessment goes meanwhile ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "module"), [("rename", lifecycle), ("foundation", foundation), ("targets", targets)]
)
def test_a_form_about_what_is_gone_is_not_found(cast, assessment, sign_in, meanwhile, name, module):
    meanwhile(module, lambda: delete_assessment(actor=cast.owner, assessment=assessment))
    assert sign_in(cast.owner).post(place(assessment, name), POSTED[name]).status_code == 404


@pytest.mark.parametrize("headers", [HEADERS, {}])
def test_a_save_into_what_is_gone_is_not_found(cast, assessment, sign_in, meanwhile, headers):
    posted = form_of(assessment.answers.get(question_code="D1-INV"), reply="3")
    meanwhile(saving, lambda: delete_assessment(actor=cast.owner, assessment=assessment))
    assert sign_in(cast.owner).post(save_place(assessment), posted, headers=headers).status_code == 404


def test_leaving_out_what_is_gone_gives_the_reason_back(cast, assessment, sign_in, meanwhile):
    rows = list(assessment.answers.filter(question_code__startswith="D3"))
    meanwhile(leaving_out, lambda: delete_assessment(actor=cast.owner, assessment=assessment))
    values = {"reason": "No process is moved here.", "seen": seen_in(rows), "op_id": str(uuid.uuid4())}
    lost = reverse("assessments:leave_out", args=[assessment.uuid, "D3"])
    reply = sign_in(cast.owner).post(lost, values)
    assert reply.status_code == 404
    assert "No process is moved here." in reply.content.decode()


def test_deleting_twice_at_once_is_deleting_once(cast, assessment, sign_in, meanwhile):
    meanwhile(lifecycle, lambda: delete_assessment(actor=cast.owner, assessment=assessment))
    reply = sign_in(cast.owner).post(place(assessment, "delete"))
    assert (reply.status_code, reply["Location"]) == (302, reverse("assessments:list"))
    assert deeds_of(assessment, "assessment.deleted") == 1


def test_an_answer_saved_meanwhile_keeps_the_draft(cast, assessment, sign_in, meanwhile):
    meanwhile(lifecycle, lambda: builders.answer(assessment, cast.owner, "D1-INV", 3))
    reply = sign_in(cast.owner).post(place(assessment, "delete"), follow=True)
    assert b"Only a draft without a reply can be deleted" in reply.content
    assert again(assessment).replied == 1


def test_a_deleted_draft_takes_its_reports_along(
    cast, assessment, settings, tmp_path, django_capture_on_commit_callbacks
):
    report = request_report(actor=cast.owner, assessment=assessment)
    job = report.job
    Job.objects.work().claim(job.pk, "here")
    job.refresh_from_db()
    file = Path(default_storage.path(job_file(job)))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"%PDF")
    with django_capture_on_commit_callbacks(execute=True):
        delete_assessment(actor=cast.owner, assessment=assessment)
    assert not Job.objects.work().filter(pk=job.pk).exists()
    assert not file.exists()
    run_job(job.pk, lambda _job: pytest.fail("there is nothing to make"))


# --- It is submitted or reopened meanwhile ------------------------------------------------------------------


def test_reopened_twice_at_once_is_one_revision(cast, sign_in, meanwhile):
    submitted = builders.make_submitted(site=cast.site, owner=cast.owner)
    meanwhile(
        lifecycle, lambda: reopen_assessment(actor=cast.owner, assessment=again(submitted), reason=REASON)
    )
    reply = sign_in(cast.owner).post(place(submitted, "reopen"), POSTED["reopen"])
    assert reply.status_code == 422
    assert b"is a draft already" in reply.content
    assert REASON.encode() in reply.content
    assert again(submitted).revision == 2
    assert deeds_of(submitted, "assessment.reopened") == 1


def test_a_title_given_while_it_is_submitted_is_refused(cast, assessment, sign_in, meanwhile):
    builders.answer_all(assessment, cast.owner)
    meanwhile(lifecycle, lambda: submit_assessment(actor=cast.owner, assessment=again(assessment)))
    posted = {**POSTED["rename"], "seen": naming_of(assessment)}
    reply = sign_in(cast.owner).post(place(assessment, "rename"), posted)
    assert reply.status_code == 409
    assert again(assessment).title == "Baseline"


@pytest.mark.parametrize(
    ("deed", "crossing"), [("archive", archive_assessment), ("restore", restore_assessment)]
)
def test_what_is_archived_or_brought_back_twice_at_once_is_so_once(
    cast, assessment, sign_in, meanwhile, deed, crossing
):
    if deed == "restore":
        archive_assessment(actor=cast.owner, assessment=assessment)
    meanwhile(lifecycle, lambda: crossing(actor=cast.owner, assessment=again(assessment)))
    assert sign_in(cast.owner).post(place(assessment, deed)).status_code == 302
    assert deeds_of(assessment, f"assessment.{deed}d") == 1
    assert (again(assessment).archived_at is None) is (deed == "restore")


@pytest.mark.parametrize("deed", ["archive", "restore"])
def test_what_is_gone_is_neither_archived_nor_brought_back(cast, assessment, sign_in, meanwhile, deed):
    if deed == "restore":
        archive_assessment(actor=cast.owner, assessment=assessment)
    meanwhile(lifecycle, lambda: delete_assessment(actor=cast.owner, assessment=assessment))
    assert sign_in(cast.owner).post(place(assessment, deed)).status_code == 404


def test_a_title_never_brings_an_earlier_stamp_back(cast, assessment):
    """The stamp is the key of kept results: one that came twice would show numbers of other answers."""
    stale = again(assessment)
    builders.answer(assessment, cast.owner, "D1-INV", 5)
    builders.answer(assessment, cast.owner, "D1-INV", 4)
    assert results_for(again(assessment)).completeness.replied == 1
    stamp = again(assessment).stamp
    rename_assessment(actor=cast.owner, assessment=stale, title="Autumn", scope="")
    assert again(assessment).stamp > stamp


def test_what_is_set_while_it_is_submitted_is_in_the_snapshot(cast, assessment, sign_in, meanwhile):
    """A request that found the assessment earlier freezes what stands, not what it found."""
    builders.answer_all(assessment, cast.owner)

    def set_all():
        found = again(assessment)
        set_targets(
            actor=cast.owner, assessment=found, use_cases=["UC01"], targets={"D1": 4}, start_on=None,
            capacity=2, blackout_weeks=[3], base_version=0,
        )  # fmt: skip
        state_dpmm(
            actor=cast.owner, assessment=found, source="estimated", level=3, on=None, tool="", by="",
            base_version=1,
        )  # fmt: skip
        rename_assessment(actor=cast.owner, assessment=found, title="Autumn", scope="Suite 1")

    meanwhile(lifecycle, set_all)
    assert sign_in(cast.owner).post(place(assessment, "submit")).status_code == 302
    record = record_for(again(assessment))
    assert (record.title, record.scope, record.dpmm.level) == ("Autumn", "Suite 1", 3)
    assert (record.use_cases, record.targets) == (("UC01",), {"D1": 4})
    assert (record.plan.capacity, record.plan.blackout_weeks) == (2, (3,))


# --- An operation id that means something else already --------------------------------------------------


@pytest.mark.parametrize(
    ("question", "version"), [("D1-INV", 0), ("D1-INV", 1), ("D1-GOV", 0)], ids=["before", "now", "other"]
)
def test_a_used_operation_id_with_other_content_is_a_conflict(cast, assessment, sign_in, question, version):
    codes = list(assessment.answers.values_list("question_code", flat=True))
    question = question if question in codes else next(code for code in sorted(codes) if code != "D1-INV")
    client, operation = sign_in(cast.owner), str(uuid.uuid4())
    row = assessment.answers.get(question_code="D1-INV")
    first = form_of(row, reply="3", op_id=operation)
    assert client.post(save_place(assessment), first, headers=HEADERS).status_code == 200
    other = assessment.answers.get(question_code=question)
    posted = form_of(other, reply="4", op_id=operation, base_version=version)
    reply = client.post(save_place(assessment, question), posted, headers=HEADERS)
    assert reply.status_code == 409
    assert deeds_of(assessment, "answer.recorded") == 1
    other.refresh_from_db()
    assert other.level == (3 if question == "D1-INV" else None)
