"""Charts of an earlier revision as files: those that its page shows, whatever came after."""

from __future__ import annotations

import csv
import html
import io
import re
from urllib.parse import urljoin
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from assessments.services.settings import set_targets
from assessments.services.submission import reopen_assessment, submit_assessment
from bami_site import settings as shipped
from records.models import Event
from tests import builders, reviewing
from tests.printing import plain
from tests.reviewing import again

SVG = "{http://www.w3.org/2000/svg}"
ON_PAGE = {"ladder", "radar", "heat", "plant", "areas", "uses", "gaps", "projection"}
LINK = re.compile(r'href="([^"]+/figures/(\w+)/(svg|csv)/[^"]*)"')
CELL = re.compile(r'<td class="lvl-(\d)')


@pytest.fixture
def submitted(cast):
    """Revision 1, submitted with uses, a plan, and one answer without evidence."""
    assessment = builders.make_assessment(site=cast.site, owner=cast.owner, title="Baseline")
    builders.answer_all(assessment, cast.owner)
    builders.answer(assessment, cast.owner, "D2-SUP", 3, grade="E0")
    set_targets(
        actor=cast.owner, assessment=assessment, targets={}, start_on=None, capacity=4, blackout_weeks=[],
        use_cases=[use.code for use in builders.bami_spec().use_cases], base_version=0,
    )  # fmt: skip
    submit_assessment(actor=cast.owner, assessment=again(assessment, cast.owner))
    return again(assessment, cast.owner)


def revise(cast, assessment, level: int = 3) -> None:
    """The next revision, submitted with every answer at this level."""
    reopen_assessment(actor=cast.owner, assessment=again(assessment, cast.owner), reason="A new line.")
    for row in assessment.answers.all():
        builders.answer(again(assessment, cast.owner), cast.owner, row.question_code, level, grade="E1")
    submit_assessment(actor=cast.owner, assessment=again(assessment, cast.owner))


def page_of(assessment, revision: int, kind: str) -> str:
    return reverse("assessments:revision", args=[assessment.uuid, revision, kind])


def address(assessment, revision: object, kind: str, figure: str = "ladder", ending: str = "csv") -> str:
    own = reverse("reports:list", args=[assessment.uuid])
    return f"{own}revisions/{revision}/{kind}/figures/{figure}/{ending}/"


def taken(client, page: str) -> dict[tuple[str, str], tuple[bytes, str, str]]:
    """What the links of a page lead to, by chart and ending: content, type and name."""
    links = LINK.findall(client.get(page).content.decode())
    assert len(links) == len({(figure, ending) for _, figure, ending in links})
    replies = {(figure, ending): client.get(html.unescape(link)) for link, figure, ending in links}
    return {
        key: (reply.content, reply["Content-Type"], reply["Content-Disposition"])
        for key, reply in replies.items()
    }


def test_what_was_taken_from_a_revision_stays_what_it_was(cast, submitted, sign_in):
    """As submitted and as reviewed, each chart is to the byte what it was while that revision stood."""
    client, results = sign_in(cast.viewer), reverse("assessments:results", args=[submitted.uuid])
    as_submitted = taken(client, results)
    reviewing.make_reviewed(submitted, cast.reviewer, {"D1-INV": 4})
    as_reviewed = taken(client, results)
    revise(cast, submitted)
    now = taken(client, results)
    assert set(now) == {(figure, ending) for figure in ON_PAGE for ending in ("svg", "csv")}
    assert taken(client, page_of(submitted, 1, "submitted")) == as_submitted
    assert taken(client, page_of(submitted, 1, "reviewed")) == as_reviewed
    assert taken(client, page_of(submitted, 2, "submitted")) == now
    for figure in ON_PAGE - {"plant"}:  # its ceilings stay where no answer reaches them
        assert as_submitted[figure, "csv"][0] != now[figure, "csv"][0]
    assert as_submitted["ladder", "csv"][0] != as_reviewed["ladder", "csv"][0]


def test_a_chart_of_a_revision_says_what_its_page_says(cast, submitted, sign_in):
    reviewing.make_reviewed(submitted, cast.reviewer, {"D1-INV": 4})
    revise(cast, submitted)
    client, said = sign_in(cast.viewer), {}
    for revision, kind in ((1, "submitted"), (1, "reviewed"), (2, "submitted")):
        page = client.get(page_of(submitted, revision, kind)).content.decode()
        files = taken(client, page_of(submitted, revision, kind))
        rows = csv.DictReader(io.StringIO(files["heat", "csv"][0].decode("utf-8-sig")))
        shown = CELL.findall(page)
        assert len(shown) == len(builders.bami_spec().questions)
        assert [row["Level claimed"] for row in rows] == shown
        for figure in ON_PAGE:
            drawn = ElementTree.fromstring(files[figure, "svg"][0])
            assert plain(drawn.findtext(f"{SVG}title", "nothing")) in plain(html.unescape(page))
        about = drawn.findall(f".//{SVG}text")[1].text
        said[revision, kind] = (about, files["heat", "svg"][2])
    name = f"{cast.site.name} - Baseline"
    words = f"{cast.site.name}, Baseline"
    assert said == {
        (1, "submitted"): (
            f"{words}, revision 1, BAMI 1.0",
            f'attachment; filename="BAMI heat - {name} - revision 1.svg"',
        ),
        (1, "reviewed"): (
            f"{words}, revision 1, reviewed, BAMI 1.0",
            f'attachment; filename="BAMI heat - {name} - revision 1 reviewed.svg"',
        ),
        (2, "submitted"): (
            f"{words}, revision 2, BAMI 1.0",
            f'attachment; filename="BAMI heat - {name} - revision 2.svg"',
        ),
    }


SWITCH = re.compile(r'<a href="(\?reading=(\w+)#heat)"( aria-current="true")?>')


@pytest.mark.parametrize(("kind", "readings"), [("submitted", 2), ("reviewed", 3)])
def test_the_heat_map_of_a_revision_is_shown_and_taken_along_in_each_reading_that_it_has(
    cast, submitted, sign_in, kind, readings
):
    reviewing.make_reviewed(submitted, cast.reviewer, {"D1-INV": 4})
    revise(cast, submitted)
    client, own = sign_in(cast.viewer), page_of(submitted, 1, kind)
    links = SWITCH.findall(client.get(own).content.decode())
    assert [name for _, name, _ in links] == ["claimed", "evidenced", "validated"][:readings]
    shown = {}
    for link, reading, _ in links:
        text = client.get(urljoin(own, link.partition("#")[0])).content.decode()
        assert [name for _, name, is_current in SWITCH.findall(text) if is_current] == [reading]
        heat = text[text.index('id="heat"') :]
        assert f"{reading.capitalize()} level of every question" in heat
        (file,) = (link for link, figure, ending in LINK.findall(heat) if (figure, ending) == ("heat", "csv"))
        assert "/revisions/1/" in file
        table = client.get(html.unescape(file)).content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(table)))
        shown[reading] = CELL.findall(heat)
        assert [row[f"Level {reading}"] for row in rows] == shown[reading]
    assert len(set(map(tuple, shown.values()))) == readings
    nonsense = client.get(own, {"reading": "nonsense"}).content.decode()
    assert [name for _, name, is_current in SWITCH.findall(nonsense) if is_current] == ["claimed"]


def test_an_address_of_a_revision_takes_reading_and_filter_too(cast, submitted, sign_in):
    reviewing.make_reviewed(submitted, cast.reviewer, {"D1-INV": 4})
    client = sign_in(cast.owner)
    heads = {}
    for kind, reading in (("reviewed", "validated"), ("submitted", "validated"), ("submitted", "evidenced")):
        reply = client.get(address(submitted, 1, kind, "heat"), {"reading": reading})
        heads[kind, reading] = next(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))[-1]
    assert heads == {
        ("reviewed", "validated"): "Level validated",
        ("submitted", "validated"): "Level claimed",  # it has none yet
        ("submitted", "evidenced"): "Level evidenced",
    }
    every = client.get(address(submitted, 1, "submitted", "gantt")).content.decode().splitlines()
    some = client.get(address(submitted, 1, "submitted", "gantt"), {"wave": "second"})
    rows = some.content.decode().splitlines()
    assert 1 < len(rows) < len(every)
    assert f"{len(rows) - 1} of {len(every) - 1} actions" in some["Content-Disposition"]


def test_which_revision_was_taken_and_by_whom_is_kept(cast, submitted, sign_in):
    reviewing.make_reviewed(submitted, cast.reviewer, {})
    revise(cast, submitted)
    for person, revision, kind in ((cast.viewer, 1, "submitted"), (cast.reviewer, 1, "reviewed")):
        assert sign_in(person).get(address(submitted, revision, kind)).status_code == 200
    sign_in(cast.reader).get(reverse("reports:figure", args=[submitted.uuid, "gaps", "svg"]))
    events = Event.objects.of(cast.organisation).filter(action="tables.exported").order_by("seq")
    assert [(event.actor, event.object_id, event.after_json) for event in events] == [
        (person, str(submitted.uuid), {"what": what, "revision": revision, "state": state})
        for person, what, revision, state in (
            (cast.viewer, "ladder.csv", 1, "submitted"),
            (cast.reviewer, "ladder.csv", 1, "reviewed"),
            (cast.reader, "gaps.svg", 2, "submitted"),
        )
    ]


def test_what_no_revision_has_is_not_there_and_leaves_no_trace(cast, submitted, sign_in, settings):
    settings.FIGURES_AN_HOUR = 1
    other = builders.make_submitted(site=builders.make_site(), title="Elsewhere")
    client = sign_in(cast.owner)
    for asked in (
        address(submitted, 1, "submitted", "nonsense"),
        address(submitted, 1, "submitted", "ladder", "exe"),
        address(submitted, 1, "submitted", "ladder", "SVG"),
        address(submitted, 1, "reviewed"),
        address(submitted, 1, "nonsense"),
        address(submitted, 0, "submitted"),
        address(submitted, 2, "submitted"),
        address(submitted, "9" * 40, "submitted"),
        address(submitted, -1, "submitted"),
        address(submitted, "1e0", "submitted"),
        address(other, 1, "submitted"),
        address(submitted, 1, "submitted", "..%2f..%2fetc%2fpasswd"),
    ):
        assert client.get(asked).status_code == 404, asked
    for who in (cast.stranger, cast.unengaged, cast.unnamed, cast.ended, cast.editor, cast.programme_admin):
        assert sign_in(who).get(address(submitted, 1, "submitted")).status_code == 404
    assert not Event.objects.of(cast.organisation).filter(action="tables.exported").exists()
    client = sign_in(cast.owner)
    assert client.post(address(submitted, 1, "submitted")).status_code == 405
    assert client.get(address(submitted, 1, "submitted")).status_code == 200, "none of those was counted"


def test_all_charts_of_a_page_of_results_can_be_taken_in_a_row(cast, submitted, sign_in, settings):
    """As the settings stand where nobody sets them; and no chart is in the way of a table."""
    settings.FIGURES_AN_HOUR, settings.EXPORTS_AN_HOUR = shipped.FIGURES_AN_HOUR, 1
    client, results = sign_in(cast.viewer), reverse("assessments:results", args=[submitted.uuid])
    links = [html.unescape(link) for link, _, _ in LINK.findall(client.get(results).content.decode())]
    assert len(links) == 2 * len(ON_PAGE)
    assert [client.get(link).status_code for link in links] == [200] * len(links)
    plan = reverse("reports:plan_table", args=[submitted.uuid])
    assert [client.get(plan).status_code for _ in range(2)] == [200, 429]


def test_files_of_revisions_count_like_those_of_the_present(cast, submitted, sign_in, settings):
    settings.FIGURES_AN_HOUR = 2
    client, present = sign_in(cast.owner), reverse("reports:figure", args=[submitted.uuid, "gaps", "csv"])
    asked = (present, address(submitted, 1, "submitted"), address(submitted, 1, "submitted"), present)
    replies = [client.get(path) for path in asked]
    assert [reply.status_code for reply in replies] == [200, 200, 429, 429]
    assert all("Too many tries in a short time" in reply.content.decode() for reply in replies[2:])
    assert all(0 < int(reply["Retry-After"]) <= 3600 for reply in replies[2:])
    assert Event.objects.of(cast.organisation).filter(action="tables.exported").count() == 2


def test_a_revision_without_a_level_offers_no_chart_that_it_does_not_show(cast, sign_in):
    assessment = builders.make_assessment(site=cast.site, owner=cast.owner)
    for row in assessment.answers.all():
        builders.answer(assessment, cast.owner, row.question_code, None)
    submit_assessment(actor=cast.owner, assessment=again(assessment, cast.owner))
    client = sign_in(cast.owner)
    files = taken(client, page_of(assessment, 1, "submitted"))
    assert {figure for figure, _ in files} == {"ladder", "radar", "heat", "plant", "areas", "uses"}
    assert client.get(address(assessment, 1, "submitted", "gaps", "svg")).status_code == 404
    assert not any(content.startswith(b"<!doctype") for content, _, _ in files.values())
