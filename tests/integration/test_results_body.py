"""The results below the finding: what is shown, in which order, and that it is kept for itself alone."""

from __future__ import annotations

import html
import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from assessments.results import results_for
from assessments.services.settings import set_targets
from tests import builders, reviewing
from tests.answering import statements
from tests.printing import plain

ORDER = (
    "s-back",
    "s-profile",
    "s-why",
    "s-heat",
    "s-plant",
    "s-areas",
    "s-uses",
    "s-gaps",
    "s-road",
    "s-hang",
)


@pytest.fixture
def shown(cast, assessment):
    """A draft answered at level 3 without evidence above E1, over a plant that carries less."""
    builders.answer_all(assessment, cast.owner, 3)
    assessment.refresh_from_db()
    assessment.dpmm_source, assessment.dpmm_level = "assessed", 2
    assessment.use_cases = [use.code for use in builders.bami_spec().use_cases[:3]]
    assessment.targets = {"D1": 5}
    assessment.stamp += 1
    assessment.save()
    return assessment


def results(assessment) -> str:
    return reverse("assessments:results", args=[assessment.uuid])


def body_of(page: str) -> str:
    return page.partition('<dl class="strip">')[2].partition("</main>")[0]


def test_the_page_is_read_top_down(cast, shown, sign_in):
    page = sign_in(cast.owner).get(results(shown)).content.decode()
    places = [page.index(f'id="{name}"') for name in ORDER]
    assert places == sorted(places)
    assert page.index("<h1>") < page.index('class="strip"') < places[0]


def test_everybody_who_may_read_sees_the_same_results_and_nothing_of_another_person(cast, shown, sign_in):
    people = (cast.owner, cast.viewer, cast.reviewer)
    pages = [sign_in(person).get(results(shown)).content.decode() for person in people]
    bodies = {body_of(page) for page in pages}
    assert len(bodies) == 1
    (body,) = bodies
    assert "csrfmiddlewaretoken" not in body
    assert not any(person.email in body or person.name in body for person in people if person.name)
    assert "Check and submit" in pages[0]
    assert "Check and submit" not in pages[1]
    assert sign_in(cast.stranger).get(results(shown)).status_code == 404


def test_two_assessments_never_share_what_is_kept(cast, shown, sign_in):
    other = builders.make_assessment(site=cast.site, owner=cast.owner, title="The other")
    builders.answer_all(other, cast.owner, 1)
    client = sign_in(cast.owner)
    for _ in range(2):
        assert str(other.uuid) not in body_of(client.get(results(shown)).content.decode())
        assert str(shown.uuid) not in body_of(client.get(results(other)).content.decode())


def test_a_change_shows_at_once(cast, shown, sign_in):
    client = sign_in(cast.owner)
    before = client.get(results(shown)).content.decode()
    assert client.get(results(shown)).content.decode().count("lvl-5") == before.count("lvl-5")
    builders.answer(shown, cast.owner, "D1-CTX", 5)
    after = client.get(results(shown)).content.decode()
    assert "1 of 50 answers stands at level 5" in plain(after)
    assert "1 of 50 answers stands at level 5" not in plain(before)


def test_an_unchanged_page_costs_few_statements_and_no_answer_is_read_again(cast, shown, sign_in):
    client = sign_in(cast.owner)
    assert statements(lambda: client.get(results(shown))) <= 10
    first = client.get(results(shown))
    kept = statements(lambda: client.get(results(shown)))
    assert kept <= 6
    cache.clear()
    assert body_of(client.get(results(shown)).content.decode()) == body_of(first.content.decode())


def test_the_heat_map_is_read_in_each_reading(cast, shown, sign_in):
    client = sign_in(cast.owner)

    def levels(reading: str) -> list[str]:
        page = client.get(results(shown), {"reading": reading}).content.decode()
        table = re.search(r'<table class="heat">.*?</table>', page, re.DOTALL)
        assert table
        return re.findall(r"<b>([^<]*)</b>", table[0])

    assert set(levels("claimed")) == {"3"}
    assert set(levels("evidenced")) == {"2"}
    said = plain(client.get(results(shown), {"reading": "evidenced"}).content.decode())
    assert "50 answers stand above what their evidence carries" in said.partition('id="heat"')[2]
    assert levels("validated") == levels("nonsense") == levels("claimed"), "there is no review yet"


def test_the_heat_map_knows_the_validated_reading(cast, sign_in):
    submitted = builders.make_submitted(site=cast.site, owner=cast.owner)
    reviewing.make_reviewed(submitted, cast.reviewer, {"D1-CTX": 5})
    page = sign_in(cast.owner).get(results(submitted), {"reading": "validated"}).content.decode()
    row = re.search(r'class="lvl-5[^"]*"><a href="#h-D1-CTX"', page)
    assert row
    assert "Validated level of every question" in page


def test_each_cell_opens_what_its_level_says_and_leads_on_to_its_answer(cast, shown, sign_in):
    page = sign_in(cast.owner).get(results(shown)).content.decode()
    spec = builders.bami_spec()
    for code, question in spec.questions.items():
        assert f'href="#h-{code}"' in page
        (words,) = re.findall(rf'<div id="h-{code}">.*?</div>', page, re.DOTALL)
        assert question.anchors[3] in html.unescape(words)
        assert question.anchors[4] in html.unescape(words)
        assert reverse("assessments:question", args=[shown.uuid, spec.dimension_of[code], code]) in words


def test_findings_open_to_what_they_were_read_from(cast, shown, sign_in):
    page = sign_in(cast.owner).get(results(shown)).content.decode()
    section = page.partition('id="holds-back"')[2].partition("</section>")[0]
    text = plain(section)
    assert "dimensions claim more than the digital plant carries" in text
    assert "What there is to decide" in text
    assert 'href="#why-D1"' in section
    assert 'id="why-D1"' in page


def test_the_crosswalk_shows_what_is_lowered_and_which_step_frees_it(cast, shown, sign_in):
    page = sign_in(cast.owner).get(results(shown)).content.decode()
    picture = page.partition('id="plant"')[2].partition("</section>")[0]
    assert 'class="here"' in picture
    assert "frees it" in picture
    assert "claim more than the digital plant carries" in plain(picture)
    assert "DPMM 3" in plain(picture)


@pytest.mark.parametrize("page", ["results", "gaps", "use_cases", "roadmap"])
def test_pages_of_results_open_while_nothing_is_answered(cast, assessment, sign_in, page):
    reply = sign_in(cast.owner).get(reverse(f"assessments:{page}", args=[assessment.uuid]))
    assert reply.status_code == 200


# --- The plan, filtered ---


@pytest.fixture
def planned(cast, assessment):
    """A draft with every use chosen, so that the plan is long."""
    builders.answer_all(assessment, cast.owner)
    set_targets(
        actor=cast.owner, assessment=assessment, targets={}, start_on=None, capacity=4, blackout_weeks=[],
        use_cases=[use.code for use in builders.bami_spec().use_cases], base_version=0,
    )  # fmt: skip
    return reviewing.again(assessment, cast.owner)


def actions(client, assessment, **asked) -> list[str]:
    page = client.get(reverse("assessments:roadmap", args=[assessment.uuid]), asked).content.decode()
    return re.findall(r'data-action="([^"]+)"', page)


def test_the_plan_is_shown_by_wave_role_and_area(cast, planned, sign_in):
    client, spec = sign_in(cast.viewer), builders.bami_spec()
    steps = {step.action: step for step in results_for(planned).roadmap.actions}
    assert actions(client, planned) == list(steps)
    for wave in ("first", "second", "third"):
        expected = [code for code, step in steps.items() if step.wave == wave]
        assert actions(client, planned, wave=wave) == expected
    role, area = spec.roles[0].code, spec.areas[1].code
    found = actions(client, planned, role=role, area=area)
    assert found == [
        code
        for code in steps
        if role in spec.action_by_code[code].roles and spec.action_by_code[code].area == area
    ]


def test_a_filter_that_nothing_passes_says_so_and_an_unknown_one_counts_for_nothing(cast, planned, sign_in):
    client = sign_in(cast.owner)
    assert actions(client, planned, wave="nonsense", role="<b>") == actions(client, planned)
    page = client.get(reverse("assessments:roadmap", args=[planned.uuid]), {"wave": "later"})
    if not actions(client, planned, wave="later"):
        assert "No action of the plan is of this kind." in page.content.decode()


def test_filters_do_not_fill_the_cache(cast, planned, sign_in, monkeypatch):
    client, put = sign_in(cast.owner), cache.set
    kept: list[str] = []

    def keep(key, *rest, **named):
        kept.append(key)
        return put(key, *rest, **named)

    monkeypatch.setattr(cache, "set", keep)
    actions(client, planned)
    parts = [key for key in kept if key.startswith("part:")]
    assert len(parts) == 1
    for role in builders.bami_spec().roles:
        actions(client, planned, role=role.code)
    assert [key for key in kept if key.startswith("part:")] == parts
