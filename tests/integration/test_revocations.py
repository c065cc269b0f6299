"""What is taken away is gone with the next request, on every surface (S-07)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Consultant, Engagement, Membership
from accounts.services.engagements import change_engagement, end_engagement, strike_consultant
from accounts.services.members import change_role, leave_organisation, remove_member
from assessments.services.submission import submit_assessment
from records.jobs import run_job
from records.models.job import JobState
from reports.rendering import render_report
from reports.services import request_report
from tests.builders import PASSWORD, answer_all, make_assessment, make_member, make_version, tiny_spec
from tests.integration.test_report_pages import made
from tests.integration.test_resending import HEADERS, form_of

NEW = "quiet kelp forests in spring"


def membership_of(cast, person):
    return Membership.objects.of(cast.organisation).get(user=person)


def engagement_of(cast):
    return Engagement.objects.of(cast.organisation).running().get(kind="reviewer")


def removed(cast, person):
    remove_member(actor=cast.owner, membership=membership_of(cast, person))


def left(cast, person):
    leave_organisation(membership=membership_of(cast, person))


def lowered(cast, person):
    change_role(actor=cast.owner, membership=membership_of(cast, person), role="viewer")


def deactivated(cast, person):
    person.is_active = False
    person.save(update_fields=["is_active"])


def password_changed(cast, person):
    other = Client()
    other.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    posted = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    other.post("/accounts/password/change/", posted)
    person.refresh_from_db()
    assert person.check_password(NEW)


def engagement_ended(cast, person):
    end_engagement(actor=cast.owner, engagement=engagement_of(cast))


def last_day_past(cast, person):
    Engagement.objects.of(cast.organisation).update(until_on=timezone.localdate().replace(year=2020))


def struck(cast, person):
    row = Consultant.objects.of(cast.organisation).select_related("engagement__organisation")
    strike_consultant(actor=cast.owner, consultant=row.get(engagement=engagement_of(cast)))


def left_the_consultancy(cast, person):
    boss = make_member(cast.consultancy, email="boss@tessaly.example")
    place = Membership.objects.of(cast.consultancy).get(user=person)
    remove_member(actor=boss, membership=place)


def may_only_read(cast, person):
    row = engagement_of(cast)
    change_engagement(actor=cast.owner, engagement=row, kind="reader", until_on=row.until_on)


# The deed that takes away, whom from, and the surfaces that are gone with it.
EVERYTHING = ("page", "saving", "finished report", "queued report")
REVIEWING = ("page", "deciding", "finished report", "queued report")
CASES: list[tuple[Callable[..., None], str, tuple[str, ...]]] = [
    (removed, "respondent", EVERYTHING),
    (left, "respondent", EVERYTHING),
    (lowered, "respondent", ("saving",)),
    (deactivated, "respondent", EVERYTHING),
    (password_changed, "respondent", ("page", "saving", "finished report")),
    (engagement_ended, "reviewer", REVIEWING),
    (last_day_past, "reviewer", REVIEWING),
    (struck, "reviewer", REVIEWING),
    (left_the_consultancy, "reviewer", REVIEWING),
    (deactivated, "reviewer", REVIEWING),
    (may_only_read, "reviewer", ("deciding",)),
]


@pytest.mark.check("S-07")
@pytest.mark.parametrize(
    ("take_away", "place", "gone"), CASES, ids=lambda value: getattr(value, "__name__", None)
)
def test_what_is_taken_away_is_gone_with_the_next_request(cast, sign_in, take_away, place, gone, figure):
    person = getattr(cast, place)
    version = make_version(tiny_spec())
    draft = make_assessment(site=cast.site, owner=cast.owner, version=version)
    finished = make_assessment(site=cast.site, owner=cast.owner, version=version, title="Finished")
    answer_all(finished, cast.owner)
    submit_assessment(actor=cast.owner, assessment=finished)
    report = made(request_report(actor=cast.owner, assessment=finished))
    queued = request_report(actor=person, assessment=draft)
    client = sign_in(person)
    row = draft.answers.order_by("pk").first()

    def reached() -> set[str]:
        """The surfaces on which this person still gets what they ask for."""
        dimension = tiny_spec().dimension_of[row.question_code]
        save = f"/assessments/{draft.uuid}/answers/{dimension}/{row.question_code}/save/"
        row.refresh_from_db()
        posted = form_of(row, comment=f"{row.version} and one")
        accepted = {"decision": "accepted", "revision": "1", "base_version": "0"}
        replies = {
            "page": client.get(f"/assessments/{draft.uuid}/results/"),
            "saving": client.post(save, posted, headers=HEADERS),
            "deciding": client.post(
                f"/assessments/{finished.uuid}/review/answers/{row.question_code}/decide/",
                accepted,
                follow=True,
            ),
            "finished report": client.get(f"/assessments/{finished.uuid}/reports/{report.uuid}/file/"),
        }
        for reply in replies.values():
            if reply.streaming:
                reply.getvalue()
        return {
            surface
            for surface, reply in replies.items()
            if reply.status_code == 200 and "/login/" not in reply.request["PATH_INFO"]
        }

    before = reached()
    assert before == {"page", "finished report"} | ({"saving"} if place == "respondent" else {"deciding"})
    take_away(cast, person)
    after = reached()
    run_job(queued.job_id, render_report)
    queued.job.refresh_from_db()
    if queued.job.state == JobState.DONE:
        after.add("queued report")
    figure("S-07", cells=len(gone), allowed=len(after & set(gone)))
    assert after == (before | {"queued report"}) - set(gone)


@pytest.mark.check("S-07")
def test_who_may_only_read_any_more_does_not_review(cast, assessment, sign_in, figure):
    client = sign_in(cast.reviewer)
    address = f"/assessments/{assessment.uuid}/"
    assert "You review for them" in client.get(address).content.decode()
    may_only_read(cast, cast.reviewer)
    page = client.get(address).content.decode()
    figure("S-07", cells=1, allowed="You review for them" in page)
    assert "You read for them" in page
