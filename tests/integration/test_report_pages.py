"""The pages of reports: asking, watching, downloading, and what fails."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse

from accounts.models import Membership
from accounts.services.sites import change_site
from assessments.results import spec_of
from assessments.services.assessments import rename_assessment
from records.jobs import JobFailed, run_job
from records.models import Event, Job
from records.models.job import JobState
from reports.models import Report
from reports.rendering import render_report
from reports.services import request_report
from tests import builders
from tests.printing import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(cast, assessment):
    return request_report(actor=cast.owner, assessment=assessment)


def made(report, content=b"%PDF-1.7 the file", pages=3):
    """Finishes a report's job without drawing it; returns the report as it then is."""

    def work(job):
        name = f"reports/{job.uuid}-{job.attempts}"
        path = Path(default_storage.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return {"file": name, "bytes": len(content), "pages": pages}

    run_job(report.job_id, work)
    report.job.refresh_from_db()
    return report


def failed(report, reason):
    def work(job):
        raise JobFailed(reason)

    run_job(report.job_id, work)
    report.job.refresh_from_db()
    return report


def test_the_empty_list_offers_a_draft_report(sign_in, cast, assessment):
    page = sign_in(cast.viewer).get(reverse("reports:list", args=[assessment.uuid]))
    assert page.status_code == 200
    assert "Nobody has asked for a report" in page.text
    assert "Make a draft report" in page.text


def test_asking_twice_is_one_job(sign_in, cast, assessment):
    client, ask = sign_in(cast.viewer), reverse("reports:ask", args=[assessment.uuid])
    first, second = client.post(ask), client.post(ask)
    assert first.status_code == 302
    assert first.url == second.url
    assert Job.objects.unscoped("a count").filter(kind="report").count() == 1
    assert Event.objects.unscoped("a count").filter(action="report.requested").count() == 1


def test_a_changed_draft_is_another_report(sign_in, cast, assessment):
    client, ask = sign_in(cast.owner), reverse("reports:ask", args=[assessment.uuid])
    first = client.post(ask)
    builders.answer(assessment, cast.owner, "D1-INV", 3)
    assert client.post(ask).url != first.url


def test_every_state_has_its_words(sign_in, cast, assessment, asked):
    client, address = sign_in(cast.viewer), reverse("reports:report", args=[assessment.uuid, asked.uuid])
    jobs = Job.objects.unscoped("states are set by hand").filter(pk=asked.job_id)
    waiting = client.get(address)
    assert "Waiting in line" in waiting.text
    assert "Look again" in waiting.text
    assert 'hx-trigger="every 2s"' in waiting.text
    jobs.update(state=JobState.RUNNING, attempts=2)
    assert "Being made, attempt 2" in client.get(address).text
    jobs.update(state=JobState.QUEUED, attempts=1)
    assert "Waiting to be tried again" in client.get(address).text


def test_a_script_asks_for_the_state_alone(sign_in, cast, assessment, asked):
    address = reverse("reports:report", args=[assessment.uuid, asked.uuid])
    fragment = sign_in(cast.viewer).get(address, headers={"HX-Request": "true"})
    assert "<html" not in fragment.text
    assert fragment.text.lstrip().startswith("<section")


def test_a_ready_report_says_its_size_and_asks_no_more(sign_in, cast, assessment, asked):
    made(asked)
    page = sign_in(cast.viewer).get(reverse("reports:report", args=[assessment.uuid, asked.uuid]))
    assert "The report is ready" in page.text
    assert "3 pages" in page.text
    assert "Every page says: Draft, not submitted." in page.text
    assert "hx-trigger" not in page.text


def test_the_download_is_an_attachment_and_leaves_a_trace(sign_in, cast, assessment, asked):
    made(asked)
    address = reverse("reports:file", args=[assessment.uuid, asked.uuid])
    response = sign_in(cast.viewer).get(address)
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")
    assert "draft.pdf" in response["Content-Disposition"]
    assert "sandbox" in response["Content-Security-Policy"]
    event = Event.objects.unscoped("a look").get(action="report.downloaded")
    assert event.object_id == str(asked.uuid)


def test_a_download_asks_for_rights_again(sign_in, cast, assessment, asked):
    made(asked)
    client, address = sign_in(cast.viewer), reverse("reports:file", args=[assessment.uuid, asked.uuid])
    b"".join(client.get(address).streaming_content)
    Membership.objects.unscoped("someone leaves").filter(user=cast.viewer).delete()
    assert client.get(address).status_code == 404


def test_a_report_that_failed_says_why_and_is_asked_again(sign_in, cast, assessment, asked):
    failed(asked, "There is no room left.")
    client = sign_in(cast.viewer)
    page = client.get(reverse("reports:report", args=[assessment.uuid, asked.uuid]))
    assert "There is no room left." in page.text
    assert "Ask again" in page.text
    again = client.post(reverse("reports:ask", args=[assessment.uuid]))
    assert str(asked.uuid) not in again.url
    assert Report.objects.of(cast.organisation).count() == 2


def test_a_file_that_is_gone_is_made_anew(sign_in, cast, assessment, asked):
    made(asked)
    default_storage.delete(asked.job.result["file"])
    client = sign_in(cast.viewer)
    response = client.get(reverse("reports:file", args=[assessment.uuid, asked.uuid]), follow=True)
    assert "The file is not there" in response.text
    assert "Ask again" in response.text
    again = client.post(reverse("reports:ask", args=[assessment.uuid]))
    assert str(asked.uuid) not in again.url


def test_a_download_before_it_is_ready_leads_to_its_state(sign_in, cast, assessment, asked):
    response = sign_in(cast.viewer).get(reverse("reports:file", args=[assessment.uuid, asked.uuid]))
    assert response.status_code == 302
    assert response.url == reverse("reports:report", args=[assessment.uuid, asked.uuid])


def test_a_draft_report_stays_a_draft_after_submission(sign_in, cast):
    assessment = builders.make_assessment(site=cast.site, owner=cast.owner)
    draft = made(request_report(actor=cast.owner, assessment=assessment))
    builders.answer_all(assessment, cast.owner)
    builders.submit_assessment(actor=cast.owner, assessment=assessment)
    assessment.refresh_from_db()
    page = sign_in(cast.viewer).get(reverse("reports:list", args=[assessment.uuid]))
    assert "Draft of revision 1, not submitted" in page.text
    assert "Make the PDF report" in page.text
    assert draft.is_draft


@pytest.mark.parametrize("name", ["list", "report", "file"])
def test_a_stranger_finds_nothing(sign_in, cast, assessment, asked, name):
    arguments = [assessment.uuid] if name == "list" else [assessment.uuid, asked.uuid]
    assert sign_in(cast.stranger).get(reverse(f"reports:{name}", args=arguments)).status_code == 404


def test_a_stranger_cannot_ask(sign_in, cast, assessment):
    response = sign_in(cast.stranger).post(reverse("reports:ask", args=[assessment.uuid]))
    assert response.status_code == 404
    assert not Job.objects.unscoped("a count").exists()


def test_a_report_is_found_under_its_own_assessment_alone(sign_in, cast, assessment, asked):
    other = builders.make_assessment(site=cast.site, owner=cast.owner, title="Another")
    for name in ("report", "file"):
        address = reverse(f"reports:{name}", args=[other.uuid, asked.uuid])
        assert sign_in(cast.owner).get(address).status_code == 404


@pytest.mark.parametrize(
    ("name", "method"), [("list", "post"), ("report", "post"), ("file", "post"), ("ask", "get")]
)
def test_the_wrong_method_is_refused(sign_in, cast, assessment, asked, name, method):
    arguments = [assessment.uuid, *([asked.uuid] if name in ("report", "file") else [])]
    response = getattr(sign_in(cast.owner), method)(reverse(f"reports:{name}", args=arguments))
    assert response.status_code == 405


def test_the_list_takes_as_many_queries_for_three_as_for_one(
    sign_in, cast, assessment, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, address = sign_in(cast.owner), reverse("reports:list", args=[assessment.uuid])
    request_report(actor=cast.owner, assessment=assessment)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for level in (2, 3):
        builders.answer(assessment, cast.owner, "D1-INV", level)
        request_report(actor=cast.owner, assessment=assessment)
    with django_assert_num_queries(len(one)):
        client.get(address)


def test_the_history_of_a_reopened_assessment_leads_to_the_report_of_its_revision(sign_in, cast):
    assessment = builders.make_submitted(site=cast.site, owner=cast.owner)
    client, page = sign_in(cast.owner), reverse("assessments:history", args=[assessment.uuid])
    assert "none made" in client.get(page).text
    report = made(request_report(actor=cast.owner, assessment=assessment))
    client.post(
        reverse("assessments:reopen", args=[assessment.uuid]), {"reason": "Two answers were mixed up."}
    )
    draft = made(
        request_report(
            actor=cast.owner, assessment=type(assessment).objects.of(assessment.organisation).get()
        )
    )
    history = client.get(page).text
    link = reverse("reports:file", args=[assessment.uuid, report.uuid])
    assert link in history
    assert str(draft.uuid) not in history
    assert b"".join(client.get(link)) == b"%PDF-1.7 the file"


def test_a_brief_is_a_report_of_its_own(sign_in, cast, assessment):
    client = sign_in(cast.viewer)
    page = client.get(reverse("reports:list", args=[assessment.uuid]))
    assert "Make a draft brief, 2 pages" in page.text
    full = client.post(reverse("reports:ask", args=[assessment.uuid]))
    brief = client.post(reverse("reports:ask_brief", args=[assessment.uuid]))
    assert full.url != brief.url
    assert client.post(reverse("reports:ask_brief", args=[assessment.uuid])).url == brief.url
    assert Job.objects.of(cast.organisation).count() == 2
    report = made(Report.objects.of(cast.organisation).get(kind=Report.Kind.BRIEF))
    assert "Board brief: Draft of revision 1, not submitted" in client.get(brief.url).text
    response = client.get(reverse("reports:file", args=[assessment.uuid, report.uuid]))
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert "BAMI board brief - " in response["Content-Disposition"]
    event = Event.objects.of(cast.organisation).filter(action="report.requested").latest("pk")
    assert event.after_json["kind"] == "brief"


def test_a_brief_that_failed_is_asked_again_as_a_brief(sign_in, cast, assessment):
    brief = request_report(actor=cast.owner, assessment=assessment, kind=Report.Kind.BRIEF)
    failed(brief, "There is no room left.")
    page = sign_in(cast.viewer).get(reverse("reports:report", args=[assessment.uuid, brief.uuid]))
    assert f'action="{reverse("reports:ask_brief", args=[assessment.uuid])}"' in page.text


def test_the_history_leads_to_the_report_and_not_to_the_brief(sign_in, cast):
    assessment = builders.make_submitted(site=cast.site, owner=cast.owner)
    report = made(request_report(actor=cast.owner, assessment=assessment))
    brief = made(request_report(actor=cast.owner, assessment=assessment, kind=Report.Kind.BRIEF))
    history = sign_in(cast.owner).get(reverse("assessments:history", args=[assessment.uuid])).text
    assert str(report.uuid) in history
    assert str(brief.uuid) not in history


def test_a_blank_questionnaire_is_a_file_with_every_question_and_no_answer(cast, assessment, sign_in):
    builders.answer(assessment, cast.owner, "D1-INV", 3, comment="A secret of the plant")
    client = sign_in(cast.viewer)
    asked = client.post(reverse("reports:ask_blank", args=[assessment.uuid]))
    assert client.post(reverse("reports:ask_blank", args=[assessment.uuid])).url == asked.url
    report = Report.objects.of(cast.organisation).get(kind=Report.Kind.BLANK)
    run_job(report.job_id, render_report)
    page = client.get(asked.url).content.decode()
    assert "Blank questionnaire" in page
    assert "The questionnaire is ready" in page
    assert "Draft" not in page.partition("<main")[2].partition("</main>")[0]
    listed = client.get(reverse("reports:list", args=[assessment.uuid])).content.decode()
    assert "Blank questionnaire" in listed
    reply = client.get(reverse("reports:file", args=[assessment.uuid, report.uuid]))
    assert "BAMI questionnaire" in reply["Content-Disposition"]
    text = words_of(b"".join(reply))
    assert "A secret of the plant" not in text
    spec = spec_of(assessment)
    for question in spec.questions.values():
        for part in (question.title, question.text, *question.anchors):
            assert plain(part) in text, (question.code, part)
    builders.answer(assessment, cast.owner, "D1-INV", 2)
    assert client.post(reverse("reports:ask_blank", args=[assessment.uuid])).url == asked.url


def test_a_blank_questionnaire_is_another_one_under_another_name(cast, assessment, sign_in):
    client = sign_in(cast.owner)

    def asked() -> Report:
        client.post(reverse("reports:ask_blank", args=[assessment.uuid]))
        found: Report = Report.objects.of(cast.organisation).latest("pk")
        return found

    first = asked()
    assessment.refresh_from_db()
    rename_assessment(actor=cast.owner, assessment=assessment, title="Quite another title", scope="")
    second = asked()
    change_site(actor=cast.owner, site=cast.site, name="Another site", place="", time_zone="UTC")
    third = asked()
    assert len({first.pk, second.pk, third.pk}) == 3
    # What was asked for is printed, whatever it is called by then.
    run_job(second.job_id, render_report)
    text = words_of(b"".join(client.get(reverse("reports:file", args=[assessment.uuid, second.uuid]))))
    assert "Quite another title" in text and "Kelderhaven" in text and "Another site" not in text


def test_a_report_of_two_who_asked_is_made_while_one_of_them_may_read_it(cast, assessment, sign_in):
    for left in (cast.viewer, cast.owner):
        builders.answer(assessment, cast.owner, "D1-INV", 3 if left == cast.viewer else 4)
        ask = reverse("reports:ask", args=[assessment.uuid])
        asked = {sign_in(person).post(ask).url for person in (cast.viewer, cast.owner, cast.viewer)}
        assert len(asked) == 1
        report = Report.objects.of(cast.organisation).latest("pk")
        events = Event.objects.of(cast.organisation).filter(object_id=str(report.uuid))
        assert [event.actor for event in events.order_by("seq")] == [cast.viewer, cast.owner]
        with transaction.atomic():
            Membership.objects.of(cast.organisation).filter(user=left).delete()
            run_job(report.job_id, render_report)
            report.job.refresh_from_db()
            assert (report.job.state, report.job.reason) == (JobState.DONE, "")
            transaction.set_rollback(True)


def words_of(pdf: bytes) -> str:
    """The text of a PDF on one line."""
    run = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return plain(run.stdout.decode())
