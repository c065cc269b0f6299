"""The results below the finding: what is shown, in which order, and that it is kept for itself alone."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.urls import reverse

from assessments.results import results_for
from assessments.services.settings import set_targets
from assessments.services.submission import submit_assessment
from assessments.views.results import READINGS
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


def test_a_dont_know_is_one_until_a_review_sets_its_level(cast, sign_in):
    assessment = builders.make_assessment(site=cast.site, owner=cast.owner)
    builders.answer_all(assessment, cast.owner)
    builders.answer(assessment, cast.owner, "D2-SUP", None)
    builders.answer(assessment, cast.owner, "D1-CTX", None)
    submit_assessment(actor=cast.owner, assessment=assessment)
    reviewing.make_reviewed(assessment, cast.reviewer, {"D2-SUP": 3})
    question, client = builders.bami_spec().questions["D2-SUP"], sign_in(cast.owner)

    def shown_of(code: str, reading: str) -> tuple[str, str, str]:
        page = client.get(results(assessment), {"reading": reading}).content.decode()
        cell = re.search(rf'<td class="(lvl-\d)[^"]*"><a href="#h-{code}".*?<b>(.*?)</b>', page)
        words = re.search(rf'<div id="h-{code}">.*?<dd>(.*?)</dd>', page, re.DOTALL)
        assert cell
        assert words
        return cell[1], cell[2], html.unescape(words[1])

    counted = ("lvl-0", "?", "Don’t know, counted as level 0.")
    assert [shown_of("D1-CTX", reading) for reading in READINGS] == [counted] * 3
    assert [shown_of("D2-SUP", reading) for reading in READINGS] == [
        counted,
        counted,
        ("lvl-3", "3", question.anchors[3]),
    ]


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
    assert "carries level 1 to 3, depending on the dimension" in plain(picture)
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


def test_the_plan_is_shown_by_wave_owner_and_area(cast, planned, sign_in):
    client, spec = sign_in(cast.viewer), builders.bami_spec()
    steps = {step.action: step for step in results_for(planned).roadmap.actions}
    assert actions(client, planned) == list(steps)
    for wave in ("first", "second", "third"):
        expected = [code for code, step in steps.items() if step.wave == wave]
        assert actions(client, planned, wave=wave) == expected
    for role in spec.roles:
        led = [code for code in steps if spec.action_by_code[code].roles[0] == role.code]
        assert actions(client, planned, owner=role.code) == led
    owner, area = spec.roles[0].code, spec.areas[1].code
    found = actions(client, planned, owner=owner, area=area)
    assert found == [
        code
        for code in steps
        if spec.action_by_code[code].roles[0] == owner and spec.action_by_code[code].area == area
    ]
    assert found


def test_a_plan_says_how_many_replies_it_is_reckoned_from(cast, planned, sign_in):
    client, address = sign_in(cast.viewer), reverse("assessments:roadmap", args=[planned.uuid])
    assert "Reckoned from" not in client.get(address).content.decode()
    planned.answers.filter(question_code="D1-CAP").update(state="unanswered", level=None, grade="")
    planned.stamp += 1
    planned.save(update_fields=["stamp"])
    page = plain(client.get(address).content.decode())
    assert plain("Reckoned from 49 of 50 replies; the rest may change it.") in page


def test_how_many_actions_are_critical_is_said_for_one_some_and_all(cast, planned, sign_in):
    client, seen = sign_in(cast.viewer), set()
    path = results_for(planned).roadmap.critical_path
    spec = builders.bami_spec()
    for role in spec.roles:
        page = client.get(reverse("assessments:roadmap", args=[planned.uuid]), {"owner": role.code})
        shown = re.findall(r'data-action="([^"]+)"', page.content.decode())
        critical = len(set(shown) & set(path))
        heads = re.findall(r'<h2 id="s-gantt">(.*?)</h2>', page.content.decode())
        if not shown:
            assert not heads
        elif len(shown) == 1:
            assert heads == [f"This action is {'' if critical else 'not '}on the critical path"]
        elif critical == len(shown):
            assert heads == [f"All {critical} of these actions are on the critical path"]
        elif critical:
            verb = "is" if critical == 1 else "are"
            assert heads == [f"{critical} of these {len(shown)} actions {verb} on the critical path"]
        else:
            assert heads == ["None of these actions is on the critical path"]
        seen.add((min(len(shown), 2), min(critical, 2)))
    assert (1, 0) in seen or (1, 1) in seen, seen


def test_a_filtered_plan_is_explored_and_taken_along_as_it_is_shown(cast, planned, sign_in):
    client, spec = sign_in(cast.viewer), builders.bami_spec()
    every = len(results_for(planned).roadmap.actions)
    for asked in ({}, {"wave": "second"}, {"owner": "qa", "area": "governance"}):
        page = client.get(reverse("assessments:roadmap", args=[planned.uuid]), asked).content.decode()
        shown = re.findall(r'data-action="([^"]+)"', page)
        (figure,) = re.findall(r'data-figure="([^"]+)"', page)
        told = json.loads(html.unescape(figure))
        assert {name.rpartition("(")[2].rstrip(")") for bar in told["data"] for name in bar["y"]} == set(
            shown
        )
        assert ("Download these actions:" in page) is bool(asked)
        links = dict(re.findall(r'href="[^"]+/figures/gantt/(csv|svg)/([^"]*)"', page))
        files = {
            ending: client.get(
                reverse("reports:figure", args=[planned.uuid, "gantt", ending]) + html.unescape(query)
            )
            for ending, query in links.items()
        }
        rows = list(csv.DictReader(io.StringIO(files["csv"].content.decode("utf-8-sig"))))
        assert [row["Code"] for row in rows] == shown
        drawn = ElementTree.fromstring(files["svg"].content.decode())
        texts = [label.text or "" for label in drawn.iter("{http://www.w3.org/2000/svg}text")]
        codes = {code.removeprefix("A-"): code for code in spec.action_by_code}
        assert [codes[text] for text in texts if text in codes] == shown
        part = f"{len(shown)} of {every} actions"
        assert (part in " ".join(texts)) is bool(asked)  # a long line is broken
        assert (part in files["csv"]["Content-Disposition"]) is bool(asked)


def test_a_chart_of_no_action_is_not_there(cast, planned, sign_in):
    client = sign_in(cast.viewer)
    led = {action.roles[0] for action in builders.bami_spec().actions}
    idle = next(role.code for role in builders.bami_spec().roles if role.code not in led)
    place = reverse("reports:figure", args=[planned.uuid, "gantt", "svg"])
    assert client.get(place, {"owner": idle}).status_code == 404


@pytest.mark.parametrize(
    ("page", "figures"),
    [
        ("results", {"ladder", "radar", "heat", "plant", "areas", "uses", "gaps", "projection"}),
        ("use_cases", {"uses"}),
        ("gaps", {"gaps", "gap_areas"}),
        ("roadmap", {"gantt", "projection"}),
    ],
)
def test_each_chart_is_taken_along_from_where_it_is_seen(cast, planned, sign_in, page, figures):
    text = sign_in(cast.viewer).get(reverse(f"assessments:{page}", args=[planned.uuid])).content.decode()
    for ending in ("svg", "csv"):
        links = re.findall(rf'href="[^"]+/figures/(\w+)/{ending}/"', text)
        assert sorted(links) == sorted(figures)


def test_a_filter_that_nothing_passes_says_so_and_an_unknown_one_counts_for_nothing(cast, planned, sign_in):
    client = sign_in(cast.owner)
    assert actions(client, planned, wave="nonsense", owner="<b>") == actions(client, planned)
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
        actions(client, planned, owner=role.code)
    assert [key for key in kept if key.startswith("part:")] == parts
