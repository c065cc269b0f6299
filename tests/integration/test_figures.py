"""Charts as files: an SVG that stands alone, and its numbers as CSV without formulas (S-12)."""

from __future__ import annotations

import csv
import io
import re
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from assessments.results import results_for
from assessments.services.settings import set_targets
from records.models import Event
from reports.document.figures import FIGURES
from tests import builders
from tests.reviewing import again

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def planned(cast):
    """Submitted work with uses and a plan."""
    assessment = builders.make_assessment(site=cast.site, owner=cast.owner)
    builders.answer_all(assessment, cast.owner)
    set_targets(
        actor=cast.owner, assessment=assessment, targets={}, start_on=None, capacity=4, blackout_weeks=[5],
        use_cases=[use.code for use in builders.bami_spec().use_cases], base_version=0,
    )  # fmt: skip
    return again(assessment, cast.owner)


def address(assessment, figure: str, ending: str) -> str:
    return reverse("reports:figure", args=[assessment.uuid, figure, ending])


@pytest.mark.parametrize("figure", FIGURES)
def test_a_chart_stands_alone(cast, planned, sign_in, figure):
    reply = sign_in(cast.viewer).get(address(planned, figure, "svg"))
    assert reply.status_code == 200
    assert reply["Content-Type"].startswith("image/svg+xml")
    assert reply["Content-Disposition"].startswith("attachment")
    text = reply.content.decode()
    drawn = ElementTree.fromstring(text)
    assert drawn.tag == f"{SVG}svg"
    assert drawn.findtext(f"{SVG}title"), "it states its finding"
    assert any(planned.title in (label.text or "") for label in drawn.findall(f"{SVG}text"))
    assert text.count("@font-face") == 2
    assert set(re.findall(r"url\((\w+):", text)) == {"data"}, "nothing is fetched from elsewhere"
    assert not re.search(r"var\(|class=|<script|href", text)
    assert drawn.findall(f"{SVG}path")
    assert len(text) < 200_000


@pytest.mark.parametrize("figure", FIGURES)
def test_each_chart_has_its_numbers_as_csv(cast, planned, sign_in, figure):
    reply = sign_in(cast.viewer).get(address(planned, figure, "csv"))
    assert reply.status_code == 200
    rows = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(rows[0])}


def test_the_table_of_the_ladder_holds_the_levels(cast, planned, sign_in):
    reply = sign_in(cast.owner).get(address(planned, "ladder", "csv"))
    rows = list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"))))
    claimed = results_for(planned).readings.claimed.dimensions
    assert [(row["Code"], row["Claimed"], row["Counts"]) for row in rows] == [
        (code, str(row.level), str(row.effective_level)) for code, row in claimed.items()
    ]


@pytest.mark.parametrize("title", ["=1+1", "<script>alert(1)</script>", "مراجعة 👍 " + "W" * 90])
def test_titles_do_no_harm(cast, sign_in, title):
    assessment = builders.make_assessment(site=cast.site, owner=cast.owner, title=title)
    client = sign_in(cast.owner)
    text = client.get(address(assessment, "heat", "svg")).content.decode()
    assert ElementTree.fromstring(text).tag == f"{SVG}svg"
    assert "<script" not in text
    assert client.get(address(assessment, "ladder", "csv")).status_code == 200


def test_what_cannot_be_drawn_or_has_no_name_is_not_there(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    for figure, ending in (("gantt", "svg"), ("radar", "svg"), ("nonsense", "svg"), ("ladder", "exe")):
        assert client.get(address(assessment, figure, ending)).status_code == 404
    for figure in ("ladder", "heat", "plant", "areas", "uses"):
        assert client.get(address(assessment, figure, "svg")).status_code == 200
    assert sign_in(cast.stranger).get(address(assessment, "ladder", "svg")).status_code == 404


def test_who_took_a_chart_is_kept(cast, planned, sign_in):
    sign_in(cast.viewer).get(address(planned, "gaps", "csv"))
    event = Event.objects.of(cast.organisation).order_by("-seq").first()
    assert (event.action, event.actor) == ("tables.exported", cast.viewer)
