"""The digital plant; AI uses, targets and plan."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from assessments.models import Assessment
from records.models import Event
from tests import builders
from tests.answering import statements

PROXIES = {"D1-CAP": 3, "D1-INT": 1, "D4-MES": 2, "D4-LIM": 4, "D4-HIS": 2}
FOUNDATION = {"source": "assessed", "level": "3", "on": "2026-06-18", "tool": "DPMM 3.0", "by": "Automation"}
TARGETS = {"use_cases": ["UC02", "UC01"], "target_D5": "4", "start_on": "2026-12-07", "capacity": "3"}


def place(assessment: Assessment, name: str) -> str:
    return reverse(f"assessments:{name}", args=[assessment.uuid])


def again(assessment: Assessment) -> Assessment:
    found: Assessment = Assessment.objects.of(assessment.organisation).get(pk=assessment.pk)
    return found


@pytest.mark.parametrize(("name", "values"), [("foundation", FOUNDATION), ("targets", TARGETS)])
def test_owners_alone_change_settings(cast, assessment, sign_in, name, values):
    posted = {**values, "base_version": "0"}
    for role in ("respondent", "viewer"):
        client = sign_in(getattr(cast, role))
        shown = client.get(place(assessment, name))
        assert shown.status_code == 200
        assert b'<button class="btn btn-primary" type="submit">' not in shown.content
        assert client.post(place(assessment, name), posted).status_code == 403
    stranger = sign_in(cast.stranger)
    assert stranger.get(place(assessment, name)).status_code == 404
    assert stranger.post(place(assessment, name), posted).status_code == 404
    assert sign_in(cast.owner).put(place(assessment, name)).status_code == 405
    assert again(assessment).settings_version == 0


@pytest.mark.parametrize(("name", "values"), [("foundation", FOUNDATION), ("targets", TARGETS)])
def test_settings_are_refused_once_submitted_or_changed_meanwhile(cast, sign_in, name, values):
    client = sign_in(cast.owner)
    assessment = builders.make_assessment(site=cast.site, owner=cast.owner)
    assert client.post(place(assessment, name), {**values, "base_version": "0"}).status_code == 302
    meanwhile = client.post(place(assessment, name), {**values, "base_version": "0"})
    assert meanwhile.status_code == 409
    assert b"Somebody changed this meanwhile" in meanwhile.content
    submitted = builders.make_submitted(site=cast.site, owner=cast.owner)
    late = client.post(place(submitted, name), {**values, "base_version": "0"})
    assert late.status_code == 409
    assert b"reopen it to change it" in late.content


def test_the_digital_plant_is_stated(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    client.post(place(assessment, "foundation"), {**FOUNDATION, "base_version": "0"})
    stated = again(assessment)
    assert (stated.dpmm_source, stated.dpmm_level, str(stated.dpmm_on)) == ("assessed", 3, "2026-06-18")
    assert (stated.dpmm_tool, stated.dpmm_by) == ("DPMM 3.0", "Automation")
    page = client.get(place(assessment, "foundation")).content.decode()
    assert 'value="2026-06-18"' in page
    assert "The digital plant stands at DPMM 3 Connected plant" in page
    # Not known: what was said of the level goes with it.
    client.post(place(assessment, "foundation"), {**FOUNDATION, "source": "not_known", "base_version": "1"})
    stated = again(assessment)
    assert (stated.dpmm_source, stated.dpmm_level, stated.dpmm_on, stated.dpmm_by) == (
        "not_known",
        None,
        None,
        "",
    )
    assert Event.objects.of(cast.organisation).filter(action="dpmm.stated").count() == 2


def test_an_unknown_level_is_derived_from_five_answers(cast, assessment, sign_in):
    client = sign_in(cast.viewer)
    assert b"No DPMM level: no ceiling applies yet" in client.get(place(assessment, "foundation")).content
    for code, level in PROXIES.items():
        builders.answer(assessment, cast.owner, code, level)
    page = client.get(place(assessment, "foundation"))
    assert (page.context["dpmm"].level, page.context["dpmm"].source) == (2, "derived")
    assert [question.code for question, _dimension, _answer in page.context["proxies"]] == list(PROXIES)
    assert len(page.context["spec"].crosswalk) == 5


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"source": ""}, "Say whether the level was assessed, is estimated, or is not known."),
        ({"level": ""}, "Choose the DPMM level, or say that it is not known."),
        ({"level": "6"}, "Select a valid choice"),
        ({"on": "2999-01-01"}, "The date lies in the future."),
        ({"tool": "x" * 121}, "at most 120 characters"),
        ({"by": "null \x00 byte"}, "Null characters are not allowed"),
    ],
)
def test_a_statement_that_cannot_be_is_said_at_the_field(cast, assessment, sign_in, wrong, message):
    reply = sign_in(cast.owner).post(
        place(assessment, "foundation"), {**FOUNDATION, "base_version": "0", **wrong}
    )
    assert reply.status_code == 422
    assert message in reply.content.decode()
    assert again(assessment).dpmm_source == ""


def test_uses_targets_and_plan_are_set(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    client.post(place(assessment, "targets"), {**TARGETS, "blackout_weeks": "12, 26–28", "base_version": "0"})
    stated = again(assessment)
    assert (stated.use_cases, stated.targets) == (["UC01", "UC02"], {"D5": 4})
    assert (stated.plan_capacity, stated.plan_blackout_weeks) == (3, [11, 25, 26, 27])
    page = client.get(place(assessment, "targets"))
    chosen = [
        use.code
        for _class, uses in page.context["groups"]
        for _n, use, _verdict, is_chosen in uses
        if is_chosen
    ]
    assert chosen == ["UC01", "UC02"]
    assert sum(len(uses) for _class, uses in page.context["groups"]) == 19
    assert "12, 26–28" in page.content.decode()
    roadmap = client.get(place(assessment, "roadmap")).content.decode()
    said = re.search(r"Weeks in which nothing starts</dt>\s*<dd>(.*?)</dd>", roadmap)
    assert said
    assert said[1] == "12, 26–28"
    by_hand = next(cells for cells in page.context["rows"] if cells[0].code == "D5")
    assert (by_hand[2], by_hand[3]) == (3, 4)


def test_a_submitted_plan_is_told_as_it_was_made(cast, sign_in):
    submitted = builders.make_submitted(site=cast.site, owner=cast.owner)
    page = sign_in(cast.viewer).get(place(submitted, "targets"))
    text, start = page.content.decode(), page.context["start_on"]
    assert start.weekday() == 0
    assert f"{start.day} {start:%B %Y}" in text
    assert 'name="start_on"' not in text
    assert "The verdict is that of the submission" in text
    assert "Set it by hand" not in text


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"use_cases": ["UC99"]}, "There is no use case UC99."),
        ({"target_D1": "6"}, "Select a valid choice"),
        ({"capacity": "0"}, "greater than or equal to 1"),
        ({"capacity": ""}, "This field is required"),
        ({"blackout_weeks": "0"}, "is not a week or a span of weeks from 1 to 521"),
        ({"blackout_weeks": "7," * 262}, "At most 261 weeks or spans"),
        ({"blackout_weeks": "9-3"}, "is not a week or a span of weeks from 1 to 521"),
        ({"start_on": "someday"}, "Enter a valid date"),
        ({"start_on": "1999-12-31"}, "A plan starts between 1 January 2000 and 31 December 2100."),
        ({"start_on": "9999-12-01"}, "A plan starts between 1 January 2000 and 31 December 2100."),
    ],
)
def test_targets_that_cannot_be_are_said_at_the_field(cast, assessment, sign_in, wrong, message):
    reply = sign_in(cast.owner).post(place(assessment, "targets"), {**TARGETS, "base_version": "0", **wrong})
    assert reply.status_code == 422
    assert message in reply.content.decode()
    assert b'id="id_use_cases_0"' in reply.content
    assert again(assessment).settings_version == 0


def test_weeks_are_taken_as_they_were_shown(cast, assessment, sign_in):
    """Every other week is the most there is; however long the text is, the page's own is taken again."""
    client, page = sign_in(cast.owner), place(assessment, "targets")
    weeks = ",".join(str(week) for week in range(1, 522, 2))
    posted = {**TARGETS, "blackout_weeks": weeks, "base_version": "0"}
    assert client.post(page, posted).status_code == 302
    shown = client.get(page).context["form"]["blackout_weeks"].value()
    assert client.post(page, {**posted, "blackout_weeks": shown, "base_version": "1"}).status_code == 302
    assert again(assessment).plan_blackout_weeks == list(range(0, 521, 2))


@pytest.mark.parametrize(("name", "bound"), [("foundation", 6), ("targets", 5)])
def test_settings_pages_keep_their_statements(cast, assessment, sign_in, name, bound):
    client, page = sign_in(cast.owner), place(assessment, name)
    cache.clear()
    assert statements(lambda: client.get(page)) <= bound
    builders.answer_all(assessment, cast.owner)
    cache.clear()
    assert statements(lambda: client.get(page)) <= bound
