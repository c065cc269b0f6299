"""After a review pages, lists and the report say that they rest on claims, and what the review says."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from assessments.engine.display import whole
from assessments.models import Assessment
from assessments.results import results_for
from assessments.services.submission import reopen_assessment
from tests import builders, reviewing
from tests.printing import draw, plain
from tests.records import answer_record, make_record, make_review
from tests.reviewing import again

SPEC = builders.bami_spec()
LOWERED = dict.fromkeys(SPEC.questions, 0)


@pytest.fixture
def reviewed(cast) -> Assessment:
    submitted = builders.make_submitted(site=cast.site, owner=cast.owner)
    return reviewing.make_reviewed(submitted, cast.reviewer, LOWERED)


def name_of(level):
    return SPEC.levels[level].name


def said_in(found):
    validated = found.readings.validated
    name = name_of(validated.level)
    return f"the review says level {validated.level} {name}, index {whole(validated.index)}."


def test_results_say_it_and_their_title_does_not_contradict_the_review(cast, reviewed, sign_in):
    found = results_for(reviewed)
    claimed, validated = found.readings.claimed.level, found.readings.validated.level
    assert claimed != validated
    for page in (
        reverse("assessments:results", args=[reviewed.uuid]),
        reverse("assessments:revision", args=[reviewed.uuid, 1, "reviewed"]),
    ):
        shown = plain(sign_in(cast.owner).get(page).content.decode())
        assert f"The numbers below rest on the claims; {said_in(found)}" in shown
        names = [name_of(level) for level in (claimed, validated)]
        assert f"Level {claimed} {names[0]} claimed, {validated} {names[1]} validated</h1>" in shown
    before = reverse("assessments:revision", args=[reviewed.uuid, 1, "submitted"])
    assert "rest on the claims" not in sign_in(cast.owner).get(before).content.decode()


def test_lists_show_both_until_the_next_revision_begins(cast, reviewed, sign_in):
    validated = results_for(reviewed).readings.validated
    lists = ((cast.reviewer, "clients"), (cast.owner, "assessments:list"))
    words = (
        f"{validated.level} {name_of(validated.level)} validated",
        f"the review says {whole(validated.index)}<",
    )
    for person, name in lists:
        shown = sign_in(person).get(reverse(name)).content.decode()
        assert all(word in shown for word in words)
    reopen_assessment(
        actor=cast.owner, assessment=again(reviewed, cast.owner), reason="More records were found."
    )
    for person, name in lists:
        shown = sign_in(person).get(reverse(name)).content.decode()
        assert not any(word in shown for word in words)


def test_what_was_reviewed_before_lists_kept_it_is_filled_in(reviewed):
    kept = Assessment.objects.of(reviewed.organisation)
    filled = kept.values_list("validated_level", "validated_index").get(pk=reviewed.pk)
    assert None not in filled
    kept.filter(pk=reviewed.pk).update(validated_level=None, validated_index=None)
    migration = importlib.import_module("assessments.migrations.0005_accepted_with_the_rest")
    migration.fill_validated(apps, connection.schema_editor())
    assert kept.values_list("validated_level", "validated_index").get(pk=reviewed.pk) == filled


def test_lists_show_what_evidence_carries_beside_the_claim(cast, sign_in):
    assessment = builders.make_assessment(site=cast.site, owner=cast.owner)
    client, names = sign_in(cast.owner), [step.name for step in SPEC.levels]
    assert "evidenced</span>" not in client.get(reverse("assessments:list")).content.decode()
    builders.answer_all(assessment, cast.owner, 3, "E1")
    found = results_for(again(assessment, cast.owner)).readings
    assert (found.claimed.level, found.evidenced.level) == (3, 2)
    shown = client.get(reverse("assessments:list")).content.decode()
    assert f"2 {names[2]} evidenced</span>" in shown


def test_what_was_submitted_before_lists_kept_what_is_evidenced_is_filled_in(reviewed):
    kept = Assessment.objects.of(reviewed.organisation)
    filled = kept.values_list("evidenced_level", flat=True).get(pk=reviewed.pk)
    assert filled == results_for(reviewed).readings.evidenced.level is not None
    kept.filter(pk=reviewed.pk).update(evidenced_level=None)
    migration = importlib.import_module("assessments.migrations.0007_evidenced_level")
    migration.fill_evidenced(apps, connection.schema_editor())
    assert kept.values_list("evidenced_level", flat=True).get(pk=reviewed.pk) == filled


def test_the_report_says_it_and_its_title_does_not_contradict_the_review(tmp_path):
    answers = tuple(answer_record(code, 3) for code in SPEC.questions)
    record = make_record(
        answers=answers, submitted_at="2026-12-02T10:00:00+00:00", review=make_review(LOWERED)
    )
    drawn = draw(record)
    words = plain(drawn.text(tmp_path))
    assert f"The numbers of this report rest on the claims; {said_in(drawn.results)}" in words
    assert f"claims level {drawn.results.readings.claimed.level} " in words
    assert f"the review says 0 {SPEC.levels[0].name}" in words
    assert "is at level" not in words
    assert drawn.warnings == []
