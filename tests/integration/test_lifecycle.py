"""A whole assessment: started, listed, named, archived, deleted, submitted, reopened; and its history."""

from __future__ import annotations

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Assessment
from assessments.results import record_for
from assessments.services.submission import reopen_assessment, submit_assessment
from frameworks.document.checks import parse_framework
from frameworks.document.dump import dump_document
from frameworks.models import FrameworkVersion
from records.models import Event
from tests import builders
from tests.answering import statements

LIST = "/assessments/"
OWNERS_OWN = ("rename", "delete", "submit", "reopen")  # pages
DEEDS = ("archive", "restore", "mark_unknown")  # buttons


def place(assessment: Assessment, name: str) -> str:
    return reverse(f"assessments:{name}", args=[assessment.uuid])


def again(assessment: Assessment) -> Assessment:
    found: Assessment = Assessment.objects.of(assessment.organisation).get(pk=assessment.pk)
    return found


# --- Who may --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["respondent", "viewer"])
def test_deeds_on_the_whole_are_the_owners(cast, assessment, sign_in, role):
    client = sign_in(getattr(cast, role))
    for name in OWNERS_OWN:
        assert client.get(place(assessment, name)).status_code == 403
        assert client.post(place(assessment, name)).status_code == 403
    for name in DEEDS:
        assert client.post(place(assessment, name)).status_code == 403
    assert client.get(reverse("assessments:start")).status_code == 403
    for name in ("overview", "history", "method", "rules"):
        assert client.get(place(assessment, name)).status_code == 200
    shown = client.get(place(assessment, "overview")).content
    assert place(assessment, "submit").encode() not in shown
    assert place(assessment, "archive").encode() not in shown


def test_a_stranger_finds_nothing(cast, assessment, sign_in):
    client = sign_in(cast.stranger)
    for name in (*OWNERS_OWN, "overview", "history", "method"):
        assert client.get(place(assessment, name)).status_code == 404
    for name in DEEDS:
        assert client.post(place(assessment, name)).status_code == 404
    assert assessment.title.encode() not in client.get(LIST).content


def test_wrong_methods_are_refused(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    for name in DEEDS:
        assert client.get(place(assessment, name)).status_code == 405
    for name in ("overview", "history", "method", "rules"):
        assert client.post(place(assessment, name)).status_code == 405
    assert client.post(LIST).status_code == 405


# --- List and start ---------------------------------------------------------------------------------------


def test_the_list_keeps_its_statements_at_one_row_and_at_three(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    client.get(LIST)
    at_one = statements(lambda: client.get(LIST))
    for number in range(2):
        builders.make_assessment(
            site=builders.make_site(cast.organisation), owner=cast.owner, title=f"More {number}"
        )
    assert client.get(LIST).content.count(b'<th scope="row">') == 3
    assert statements(lambda: client.get(LIST)) == at_one <= 6


@pytest.mark.parametrize("page", ["list", "clients"])
def test_lists_read_no_document_however_many_versions_they_hold(cast, sign_in, page):
    document = dump_document(builders.tiny_spec())
    for number in range(20):
        version = builders.make_version(parse_framework(document | {"version": f"1.{number}"}))
        builders.make_assessment(site=cast.site, owner=cast.owner, version=version, title=f"By 1.{number}")
    scored = builders.make_submitted(site=cast.site, owner=cast.owner, version=version, title="Submitted")
    client = sign_in(cast.owner if page == "list" else cast.reviewer)
    address = LIST if page == "list" else reverse("clients")
    with CaptureQueriesContext(connection) as asked:
        shown = client.get(address).content.decode()
    assert all(f"By 1.{number}" in shown for number in range(20))
    assert scored.level is not None
    assert f"{builders.tiny_spec().levels[scored.level].name}</span>" in shown
    if page == "list":
        assert "TINY 1.19" in shown
    assert len(asked) <= 7
    assert not [query["sql"] for query in asked if '"document"' in query["sql"]]


def test_an_empty_list_says_what_to_do(cast, sign_in):
    assert b"Start an assessment" in sign_in(cast.owner).get(LIST).content
    respondents = sign_in(cast.respondent).get(LIST).content
    assert b"An owner of your organisation starts one" in respondents
    assert reverse("assessments:start").encode() not in respondents
    assert b"You belong to no organisation yet" in sign_in(builders.make_user()).get(LIST).content


def test_starting_needs_a_site_and_leads_to_adding_one(cast, sign_in):
    stranger = sign_in(cast.stranger).get(reverse("assessments:start"))
    assert b"First, the site" in stranger.content


def test_starting_needs_a_framework_and_says_how_to_install_it(cast, sign_in):
    assert b"No framework is installed" in sign_in(cast.owner).get(reverse("assessments:start")).content


def test_an_assessment_is_started(cast, sign_in):
    version = builders.make_version()
    client = sign_in(cast.owner)
    start = reverse("assessments:start")
    assert str(cast.site.uuid).encode() in client.get(f"{start}?site={cast.site.uuid}").content
    values = {
        "site": str(cast.site.uuid),
        "title": "Baseline",
        "scope": "Suite 1",
        "version": str(version.pk),
    }
    reply = client.post(start, values)
    started = Assessment.objects.of(cast.organisation).get()
    assert reply["Location"] == place(started, "overview")
    assert (started.title, started.answers.count(), started.asked) == ("Baseline", 50, 50)


@pytest.mark.parametrize("site", ["1", "nonsense", "00000000-0000-4000-8000-000000000000"])
def test_a_site_that_is_none_of_the_choices_is_refused_in_plain_words(cast, sign_in, site):
    version = builders.make_version()
    values = {"site": site, "title": "Baseline", "version": str(version.pk)}
    refused = sign_in(cast.owner).post(reverse("assessments:start"), values)
    assert refused.status_code == 422
    assert b"Choose one of the sites." in refused.content
    assert b"UUID" not in refused.content


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"title": "x" * 121}, {"site": ""}, {"version": "0"}, {"scope": "x" * 4001}]
)
def test_a_start_that_lacks_something_shows_it_at_the_field(cast, sign_in, wrong):
    version = builders.make_version()
    values = {"site": str(cast.site.uuid), "title": "Baseline", "version": str(version.pk), **wrong}
    reply = sign_in(cast.owner).post(reverse("assessments:start"), values)
    assert reply.status_code == 422
    assert b"data-error-summary" in reply.content
    assert not Assessment.objects.of(cast.organisation).exists()


def test_nobody_starts_at_the_site_of_another_organisation(cast, sign_in):
    version = builders.make_version()
    values = {"site": str(cast.site.uuid), "title": "Baseline", "version": str(version.pk)}
    assert sign_in(cast.stranger).post(reverse("assessments:start"), values).status_code == 422
    assert FrameworkVersion.objects.published().count() == 1
    assert not Assessment.objects.of(cast.organisation).exists()


# --- Overview ---------------------------------------------------------------------------------------------


def test_the_overview_says_what_is_left_and_where(cast, assessment, sign_in):
    builders.answer(assessment, cast.owner, "D1-CTX", None, flagged=True)
    builders.answer(assessment, cast.owner, "D2-VAL", 3, grade="E0")
    page = sign_in(cast.owner).get(place(assessment, "overview"))
    assert "48 answers to go before you submit" in page.content.decode()
    counts = {item.key: item.count for item in page.context["work"]}
    assert (counts["unanswered"], counts["unknown"]) == (48, 1)
    assert (counts["without-evidence"], counts["flagged"]) == (1, 1)
    for item in page.context["work"]:
        assert sum(number for _code, _name, number in item.spread) == item.count
        if item.count and item.key != "contradicting":
            assert sign_in(cast.owner).get(item.url).status_code == 200


def test_the_overview_keeps_its_statements(cast, assessment, sign_in):
    client, page = sign_in(cast.owner), place(assessment, "overview")
    cache.clear()
    empty = statements(lambda: client.get(page))
    builders.answer(assessment, cast.owner, "D1-CTX", 3)
    builders.answer(assessment, cast.respondent, "D2-VAL", 3)
    cache.clear()
    assert statements(lambda: client.get(page)) == empty <= 12


def test_a_submitted_overview_leads_to_the_results(cast, sign_in):
    assessment = builders.make_submitted(site=cast.site, owner=cast.owner)
    page = sign_in(cast.owner).get(place(assessment, "overview")).content.decode()
    assert "Submitted on" in page
    assert place(assessment, "reopen") in page
    assert place(assessment, "submit") not in page


# --- Rename, archive, delete --------------------------------------------------------------------------------


def test_title_and_scope_can_be_changed_while_it_is_a_draft(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    seen = client.get(place(assessment, "rename")).context["form"]["seen"].value()
    typed = {"title": "Autumn", "scope": "Suites 1 to 3", "seen": seen}
    reply = client.post(place(assessment, "rename"), typed)
    assert reply["Location"] == place(assessment, "overview")
    assert (again(assessment).title, again(assessment).scope) == ("Autumn", "Suites 1 to 3")
    assert client.post(place(assessment, "rename"), {"title": ""}).status_code == 422
    submitted = builders.make_submitted(site=cast.site, owner=cast.owner)
    assert client.get(place(submitted, "rename"))["Location"] == place(submitted, "overview")
    refused = client.post(place(submitted, "rename"), {"title": "Other", "scope": ""})
    assert refused.status_code == 409
    assert b"reopen it to change it" in refused.content


def test_two_owners_who_change_the_scope_at_once_lose_nothing(cast, assessment, sign_in):
    first, second, page = sign_in(cast.owner), sign_in(cast.owner), place(assessment, "rename")
    seen = [client.get(page).context["form"]["seen"].value() for client in (first, second)]
    stands = {"title": "Autumn", "scope": "Suites 1 to 3,\nand the night shift"}
    typed = {"title": "Spring", "scope": "Suite 4"}
    assert first.post(page, {**stands, "seen": seen[0]}).status_code == 302
    reply = second.post(page, {**typed, "seen": seen[1]})
    assert reply.status_code == 409
    words = reply.content.decode()
    assert "Somebody changed title or scope while your page was open" in words
    for text in ("Suites 1 to 3,\nand the night shift", "Spring", "Suite 4"):
        assert text in words, text
    assert (again(assessment).title, again(assessment).scope) == tuple(stands.values())
    saw_both = reply.context["form"]["seen"].value()
    assert second.post(page, {**typed, "seen": saw_both}).status_code == 302
    assert (again(assessment).title, again(assessment).scope) == tuple(typed.values())
    # The same once more, from the page that is out of date: nothing else is lost by it.
    assert second.post(page, {**typed, "seen": seen[1]}).status_code == 302


def test_a_page_that_does_not_tell_what_it_showed_overwrites_nothing(cast, assessment, sign_in):
    reply = sign_in(cast.owner).post(place(assessment, "rename"), {"title": "Autumn", "scope": ""})
    assert reply.status_code == 409
    assert again(assessment).title == "Baseline"


def test_an_archived_assessment_leaves_the_list_and_comes_back(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    assert client.post(place(assessment, "archive"))["Location"] == LIST
    assert place(assessment, "overview").encode() not in client.get(LIST).content
    assert place(assessment, "overview").encode() in client.get(f"{LIST}?show=archived").content
    assert b"This assessment is archived" in client.get(place(assessment, "overview")).content
    client.post(place(assessment, "restore"))
    assert place(assessment, "overview").encode() in client.get(LIST).content


def test_only_what_nobody_wrote_in_can_be_deleted(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    kept = builders.make_assessment(site=cast.site, owner=cast.owner, title="Kept")
    builders.answer(kept, cast.owner, "D1-CTX", 3)
    assert b"Archive the assessment" in client.get(place(kept, "delete")).content
    assert client.post(place(kept, "delete"))["Location"] == place(kept, "overview")
    assert b"It goes for good" in client.get(place(assessment, "delete")).content
    assert client.post(place(assessment, "delete"))["Location"] == LIST
    assert [row.title for row in Assessment.objects.of(cast.organisation)] == ["Kept"]


# --- Submit, reopen, history --------------------------------------------------------------------------------


def test_submitting_lists_what_is_missing_and_can_mark_it(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    builders.answer(assessment, cast.owner, "D1-CTX", 3)
    page = client.get(place(assessment, "submit"))
    assert page.context["missing_count"] == 49
    assert b"49 answers to go" in page.content
    assert client.post(place(assessment, "submit"))["Location"] == place(assessment, "submit")
    assert again(assessment).is_draft
    client.post(place(assessment, "mark_unknown"))
    assert assessment.answers.filter(state="unknown").count() == 49
    client.post(place(assessment, "mark_unknown"))
    assert Event.objects.of(cast.organisation).filter(action="answer.recorded").count() == 50
    assert b"49 answers are don" in client.get(place(assessment, "submit")).content


def test_submitting_twice_submits_once(cast, assessment, sign_in):
    builders.answer_all(assessment, cast.owner)
    client = sign_in(cast.owner)
    assert client.post(place(assessment, "submit"))["Location"] == place(assessment, "results")
    assert client.post(place(assessment, "submit"))["Location"] == place(assessment, "results")
    assert assessment.snapshots.count() == 1
    assert client.get(place(assessment, "submit"))["Location"] == place(assessment, "overview")
    assert client.post(place(assessment, "mark_unknown"))["Location"] == place(assessment, "overview")


def test_reopening_needs_a_reason_and_keeps_what_was_submitted(cast, sign_in):
    assessment = builders.make_submitted(site=cast.site, owner=cast.owner)
    client = sign_in(cast.owner)
    short = client.post(place(assessment, "reopen"), {"reason": "oops"})
    assert short.status_code == 422
    assert b"Give the reason in at least ten characters." in short.content
    client.post(place(assessment, "reopen"), {"reason": "Two answers were mixed up."})
    opened = again(assessment)
    assert (opened.is_draft, opened.revision, opened.snapshots.count()) == (True, 2, 1)
    assert client.get(place(assessment, "reopen"))["Location"] == place(assessment, "overview")
    history = client.get(place(assessment, "history")).content.decode()
    assert "Two answers were mixed up." in history
    assert assessment.snapshots.get().digest in history


def test_the_history_keeps_its_statements(cast, assessment, sign_in):
    client, page = sign_in(cast.viewer), place(assessment, "history")
    at_one = statements(lambda: client.get(page))
    for name in ("archive", "restore"):
        sign_in(cast.owner).post(place(assessment, name))
    assert statements(lambda: client.get(page)) == at_one <= 9


# --- Days are the site's own ------------------------------------------------------------------------------


def test_each_revision_starts_its_plan_on_the_monday_after_it_was_submitted(cast):
    """Sunday evening in New York is Monday already in Berlin, the server's zone."""
    site = builders.make_site(cast.site.organisation, time_zone="America/New_York")
    assessment = builders.make_assessment(site=site, owner=cast.owner)
    builders.answer_all(assessment, cast.owner)
    starts = []
    for moment in ("2026-09-07T02:00:00Z", "2027-09-15T12:00:00Z"):
        with time_machine.travel(moment, tick=False):
            submit_assessment(actor=cast.owner, assessment=assessment)
            starts.append(record_for(assessment).plan.start_on)
            reopen_assessment(actor=cast.owner, assessment=assessment, reason="The next year's round.")
    assert starts == ["2026-09-07", "2027-09-20"]


def test_the_day_at_the_site_is_not_in_the_future(cast, sign_in):
    site = builders.make_site(cast.site.organisation, time_zone="Pacific/Auckland")
    assessment = builders.make_assessment(site=site, owner=cast.owner)
    address = reverse("assessments:foundation", args=[assessment.uuid])
    statement = {"source": "assessed", "level": "3", "base_version": "0"}
    with time_machine.travel("2026-09-06T20:00:00Z", tick=False):
        client = sign_in(cast.owner)
        assert client.post(address, {**statement, "on": "2026-09-08"}).status_code == 422
        assert client.post(address, {**statement, "on": "2026-09-07"}).status_code == 302
