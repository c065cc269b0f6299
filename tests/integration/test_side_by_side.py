"""An assessment beside an earlier state of its site, and the sites of an organisation side by side."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from accounts.models import Membership
from assessments.engine.display import whole
from assessments.results import results_for
from assessments.services.submission import reopen_assessment
from frameworks.services import install_framework
from tests import builders, reviewing
from tests.answering import statements
from tests.printing import plain
from tests.reviewing import again


@pytest.fixture
def reopened(cast):
    """Submitted once, opened again, and one dimension answered higher since."""
    submitted = builders.make_submitted(site=cast.site, owner=cast.owner)
    reopen_assessment(actor=cast.owner, assessment=submitted, reason="A year has passed since.")
    draft = again(submitted, cast.owner)
    for question in builders.bami_spec().dimensions[1].questions:
        builders.answer(draft, cast.owner, question.code, 3)
    return again(draft, cast.owner)


def address(assessment) -> str:
    return reverse("assessments:compare", args=[assessment.uuid])


def test_the_latest_earlier_revision_stands_beside_it_and_the_cause_is_said(cast, reopened, sign_in):
    text = plain(sign_in(cast.owner).get(address(reopened)).content.decode())
    assert "revision 1 as submitted" in text
    assert "counts 3 instead of 2" in text
    assert "10 answers differ" in text


def test_the_index_of_both_stands_with_the_levels(cast, reopened, sign_in):
    page = sign_in(cast.owner).get(address(reopened)).content.decode()
    before, after = re.findall(r'data-number="index">(\S+) → (\S+)</span>', page)[0]
    assert int(after) == whole(results_for(reopened).readings.claimed.index)
    assert int(before) < int(after)


def test_another_assessment_of_the_site_can_be_asked_for(cast, reopened, sign_in):
    other = builders.make_submitted(site=cast.site, owner=cast.owner, title="The year before")
    key = f"{other.uuid}.1.submitted"
    reply = sign_in(cast.owner).get(address(reopened), {"with": key})
    assert reply.status_code == 200
    assert "The year before" in reply.content.decode()
    assert f'value="{key}" selected' in reply.content.decode()


def test_what_the_other_side_is_must_be_visible_too(cast, reopened, sign_in):
    elsewhere = builders.make_organisation("Another plant")
    owner = builders.make_member(elsewhere, Membership.Role.OWNER)
    foreign = builders.make_submitted(site=builders.make_site(elsewhere), owner=owner)
    client = sign_in(cast.owner)
    for key in (f"{foreign.uuid}.1.submitted", str(foreign.uuid), "nonsense", f"{reopened.uuid}.9.submitted"):
        assert client.get(address(reopened), {"with": key}).status_code == 404
    assert sign_in(cast.stranger).get(address(reopened)).status_code == 404
    assert foreign.title not in client.get(address(reopened)).content.decode().replace(reopened.title, "")


def test_another_site_of_the_same_organisation_is_not_offered(cast, reopened, sign_in):
    there = builders.make_site(cast.organisation, name="Port Ellery")
    other = builders.make_submitted(site=there, owner=cast.owner, title="Of the other site")
    client = sign_in(cast.owner)
    assert "Of the other site" not in client.get(address(reopened)).content.decode()
    assert client.get(address(reopened), {"with": f"{other.uuid}.1.submitted"}).status_code == 404


def test_alone_it_says_so(cast, assessment, sign_in):
    text = plain(sign_in(cast.owner).get(address(assessment)).content.decode())
    assert "Nothing to compare with yet" in text


def test_the_reviewed_state_stands_beside_the_submitted_one(cast, sign_in):
    submitted = builders.make_submitted(site=cast.site, owner=cast.owner)
    reviewed = reviewing.make_reviewed(submitted, cast.reviewer, {"D1-CTX": 1})
    text = plain(sign_in(cast.viewer).get(address(reviewed)).content.decode())
    assert "revision 1 as submitted" in text
    level = results_for(reviewed).readings.validated.level
    assert f"The site has a validated level now: {level} " in text
    assert "There is a validated index now" in text
    assert f"– → {level}" in text
    assert "Nothing that counts is different" not in text


def test_across_versions_it_says_what_was_reworded_added_and_removed(cast, reopened, sign_in):
    version = install_framework(builders.tiny_spec())[0]
    other = builders.make_submitted(site=cast.site, owner=cast.owner, version=version, title="By another")
    reply = sign_in(cast.owner).get(address(reopened), {"with": f"{other.uuid}.1.submitted"})
    text = plain(reply.content.decode())
    assert reply.status_code == 200
    assert "Compared across versions" in text
    assert "removed" in text


def test_a_comparison_costs_a_constant_number_of_statements(cast, reopened, sign_in):
    client = sign_in(cast.owner)
    client.get(address(reopened))
    few = statements(lambda: client.get(address(reopened)))
    for number in range(3):
        builders.make_submitted(site=cast.site, owner=cast.owner, title=f"More {number}")
    assert statements(lambda: client.get(address(reopened))) == few <= 10


# --- The sites of an organisation ---


def test_sites_stand_side_by_side_with_their_newest_work(cast, sign_in):
    builders.make_submitted(site=cast.site, owner=cast.owner, title="The older")
    newest = builders.make_submitted(site=cast.site, owner=cast.owner, title="The newer")
    there = builders.make_site(cast.organisation, name="Port Ellery")
    draft = builders.make_assessment(site=there, owner=cast.owner, title="A draft there")
    page = (
        sign_in(cast.viewer).get(reverse("assessments:sites", args=[cast.organisation.uuid])).content.decode()
    )
    assert "The older" not in page
    for assessment in (newest, draft):
        assert f'data-assessment="{assessment.uuid}"' in page
    assert "2 assessed sites side by side" in plain(page)
    assert page.index("Kelderhaven") < page.index("Port Ellery")


def test_every_site_says_what_its_evidence_carries_and_what_its_review_validated(cast, sign_in):
    submitted = builders.make_submitted(site=cast.site, owner=cast.owner)
    changes = dict.fromkeys(list(builders.bami_spec().questions)[:10], 4)
    reviewed = reviewing.make_reviewed(submitted, cast.reviewer, changes)
    there = builders.make_site(cast.organisation, name="Port Ellery")
    draft = builders.make_assessment(site=there, owner=cast.owner)
    builders.answer_all(draft, cast.owner, 3, grade="E0")
    empty = builders.make_assessment(
        site=builders.make_site(cast.organisation, name="Zell"), owner=cast.owner
    )
    place = reverse("assessments:sites", args=[cast.organisation.uuid])
    page = sign_in(cast.viewer).get(place).content.decode()
    names = {level.level: level.name for level in builders.bami_spec().levels}
    for assessment in (reviewed, again(draft, cast.owner), empty):
        (row,) = re.findall(rf'<tr data-assessment="{assessment.uuid}">(.*?)</tr>', page, re.DOTALL)
        cells = re.findall(r'<td[^>]* data-label="(?:Level claimed|Index)">(.*?)</td>', row, re.DOTALL)
        shown = [re.findall(r'<span class="sub">(.*?)</span>', cell) for cell in cells]
        readings = results_for(assessment).readings
        beside = {"evidenced": readings.evidenced}
        beside |= {"validated": readings.validated} if readings.validated else {}
        levels = [
            f"none {name}" if found.level is None else f"{found.level} {names[found.level]} {name}"
            for name, found in beside.items()
        ]
        indices = [
            f"{whole(found.index)} {name}" for name, found in beside.items() if found.index is not None
        ]
        assert shown == [levels, indices]


def test_sites_of_others_are_not_there(cast, sign_in):
    place = reverse("assessments:sites", args=[cast.organisation.uuid])
    for person in (cast.stranger, cast.unengaged, cast.reviewer):
        assert sign_in(person).get(place).status_code == 404


def test_more_sites_cost_no_more_statements(cast, sign_in):
    place = reverse("assessments:sites", args=[cast.organisation.uuid])
    client = sign_in(cast.owner)
    builders.make_submitted(site=cast.site, owner=cast.owner)
    builders.make_assessment(site=cast.site, owner=cast.owner)
    client.get(place)
    few = statements(lambda: client.get(place))
    for number in range(3):
        site = builders.make_site(cast.organisation, name=f"Site {number}")
        builders.make_submitted(site=site, owner=cast.owner)
        builders.make_assessment(site=site, owner=cast.owner)
    assert statements(lambda: client.get(place)) == few


def test_without_an_assessment_the_page_says_so(cast, sign_in):
    page = (
        sign_in(cast.owner).get(reverse("assessments:sites", args=[cast.organisation.uuid])).content.decode()
    )
    assert "No site is assessed yet" in page


def test_what_was_submitted_stands_beside_the_draft_that_followed(cast, reopened, sign_in):
    place = reverse("assessments:sites", args=[cast.organisation.uuid])
    page = sign_in(cast.owner).get(place).content.decode()
    assert page.count(f'data-assessment="{reopened.uuid}"') == 2
    assert reverse("assessments:revision", args=[reopened.uuid, 1, "submitted"]) in page
    assert "revision 1, submitted" in page
    assert "draft, 50 of 50 replied" in page
