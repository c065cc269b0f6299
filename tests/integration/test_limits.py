"""What is asked for too often waits; and what happens to limits and pages while the cache is away."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.urls import reverse

from bami_site.cache import SteadyRedisCache
from records.models import Job
from records.models.job import JobState
from reports import views
from reports.models import Report
from reports.services import TooManyReports, request_report
from tests import builders
from tests.integration.test_resending import HEADERS, form_of
from tests.servers import free_port

LIST = "/assessments/"
RESET = "/accounts/password/reset/"


def at(monkeypatch, seconds: int) -> None:
    """The clock of the limits stands at this many seconds since 1970."""
    moment = datetime.fromtimestamp(seconds, UTC)
    monkeypatch.setattr("accounts.middleware.timezone", SimpleNamespace(now=lambda: moment))


@pytest.fixture
def still(monkeypatch):
    """Ten seconds past a full minute, for as long as the test takes."""
    at(monkeypatch, 60_000_010)


@pytest.fixture
def redis_is_away(settings, monkeypatch):
    monkeypatch.setattr(SteadyRedisCache, "away_until", 0.0)
    settings.CACHES = {
        "default": {
            "BACKEND": "bami_site.cache.SteadyRedisCache",
            "LOCATION": f"redis://127.0.0.1:{free_port()}/0",
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
    }


def test_pages_of_one_person_in_a_minute(cast, sign_in, settings, still):
    settings.LIMITS = {"page": 3}
    client = sign_in(cast.owner)
    assert [client.get(LIST).status_code for _ in range(3)] == [200] * 3
    refused = client.get(LIST, HTTP_REFERER=f"http://testserver{LIST}?page=2")
    assert (refused.status_code, refused["Retry-After"]) == (429, "50")
    words = refused.content.decode()
    assert f'href="{LIST}?page=2"' in words and "not saved" not in words
    assert sign_in(cast.viewer).get(LIST).status_code == 200
    assert sign_in(None).get("/accounts/login/").status_code == 200


def test_the_next_minute_is_another_one(cast, sign_in, settings, still, monkeypatch):
    settings.LIMITS = {"page": 1}
    client = sign_in(cast.owner)
    assert [client.get(LIST).status_code for _ in range(2)] == [200, 429]
    at(monkeypatch, 60_000_060)
    assert client.get(LIST).status_code == 200


def test_saves_are_counted_by_themselves_and_one_too_many_changes_nothing(
    cast, assessment, sign_in, settings, still
):
    settings.LIMITS = {"page": 100, "POST assessments:save": 2}
    client = sign_in(cast.owner)
    address = reverse("assessments:save", args=[assessment.uuid, "D1", "D1-INV"])
    sent = []
    for level in "123":
        row = assessment.answers.get(question_code="D1-INV")
        sent.append(client.post(address, form_of(row, reply=level), headers=HEADERS))
    assert [reply.status_code for reply in sent] == [200, 200, 429]
    assert int(sent[2]["Retry-After"]) > 0
    assert assessment.answers.get(question_code="D1-INV").level == 2
    assert client.get(LIST).status_code == 200


def test_reports_of_an_organisation_in_an_hour(cast, assessment, sign_in, settings):
    settings.REPORTS_AN_HOUR = 2
    client = sign_in(cast.viewer)
    ask = reverse("reports:ask", args=[assessment.uuid])
    for level in (1, 2):
        builders.answer(assessment, cast.owner, "D1-INV", level)
        assert client.post(ask).status_code == 302
    assert client.post(ask).status_code == 302  # the same work is no further report
    builders.answer(assessment, cast.owner, "D1-INV", 3)
    refused = client.post(ask)
    assert refused.status_code == 429
    assert 3500 < int(refused["Retry-After"]) <= 3600
    assert Job.objects.of(cast.organisation).count() == 2
    elsewhere = builders.make_assessment(organisation=builders.make_organisation("Third"))
    assert request_report(actor=elsewhere.created_by, assessment=elsewhere).job.state == JobState.QUEUED


def test_a_report_asked_for_while_the_draft_goes_is_not_found(cast, assessment, sign_in, monkeypatch):
    def gone(**values):
        raise Report.DoesNotExist

    monkeypatch.setattr(views, "request_report", gone)
    reply = sign_in(cast.owner).post(reverse("reports:ask", args=[assessment.uuid]))
    assert reply["Location"] == reverse("reports:list", args=[assessment.uuid])


def test_resets_of_a_password_in_an_hour_tell_when_to_come_again(cast, client):
    sent = [client.post(RESET, {"email": cast.owner.email}) for _ in range(4)]
    assert [reply.status_code for reply in sent] == [302, 302, 302, 429]
    assert sent[3]["Retry-After"] == "300"
    unknown = [client.post(RESET, {"email": "nobody@northmere.example"}) for _ in range(4)]
    assert [reply.status_code for reply in unknown] == [302, 302, 302, 429]


def test_without_the_cache_pages_and_saves_go_on(cast, assessment, sign_in, redis_is_away):
    client = sign_in(cast.owner)
    for name in ("overview", "results", "gaps", "roadmap"):
        assert client.get(reverse(f"assessments:{name}", args=[assessment.uuid])).status_code == 200
    row = assessment.answers.get(question_code="D1-INV")
    address = reverse("assessments:save", args=[assessment.uuid, "D1", "D1-INV"])
    assert client.post(address, form_of(row, reply="3"), headers=HEADERS).status_code == 200


def test_without_the_cache_nobody_signs_in(cast, client, redis_is_away):
    reply = client.post("/accounts/login/", {"login": cast.owner.email, "password": builders.PASSWORD})
    assert reply.status_code == 429
    assert "_auth_user_id" not in client.session


def test_the_cache_is_used_again_once_it_is_back(redis_is_away, monkeypatch):
    assert cache.get("anything", "nothing") == "nothing"
    assert SteadyRedisCache.away_until > 0
    assert (cache.add("anything", 1), cache.delete("anything")) == (False, False)
    cache.set("anything", 1)
    with pytest.raises(ValueError, match="not kept"):
        cache.incr("anything")
    monkeypatch.setattr(SteadyRedisCache, "away_until", 0.0)
    asked = []
    monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.get", lambda *_: asked.append(1))
    cache.get("anything")
    assert asked


def test_failed_reports_count_too(cast, assessment, settings):
    """What fails again and again costs as much as what succeeds."""
    settings.REPORTS_AN_HOUR = 1
    report = request_report(actor=cast.owner, assessment=assessment)
    Job.objects.work().filter(pk=report.job_id).update(state=JobState.FAILED)
    with pytest.raises(TooManyReports):
        request_report(actor=cast.owner, assessment=assessment)
