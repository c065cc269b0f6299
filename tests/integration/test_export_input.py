"""The command `export_input`: what it writes is exactly what `evaluate` is told."""

from __future__ import annotations

import json
import uuid
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import User
from assessments.engine.evaluate import evaluate
from assessments.engine.reading import read_input
from assessments.engine.writing import write_results
from assessments.results import results_for, spec_of
from assessments.services.settings import set_targets, state_dpmm
from tests.builders import answer, make_assessment, make_submitted
from tests.processes import manage


def make_varied():
    """A draft with every kind of reply, a statement, targets and a plan."""
    assessment = make_assessment()
    owner = User.objects.get(memberships__organisation=assessment.organisation)
    for place, row in enumerate(list(assessment.answers.all())[:30]):
        level = None if place % 7 == 0 else place % 6
        answer(
            assessment, owner, row.question_code, level, grade=f"E{place % 4}", comment="Ångström – “quoted”"
        )
    state_dpmm(
        actor=owner,
        assessment=assessment,
        source="assessed",
        level=3,
        on=None,
        tool="",
        by="",
        base_version=0,
    )
    set_targets(
        actor=owner,
        assessment=assessment,
        use_cases=[use.code for use in spec_of(assessment).use_cases[:2]],
        targets={"D2": 4},
        start_on=None,
        capacity=2,
        blackout_weeks=[51, 3],
        base_version=1,
    )
    return type(assessment).objects.of(assessment.organisation).for_page().get(pk=assessment.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("make", [make_varied, make_submitted], ids=["draft", "submitted"])
def test_the_input_evaluates_to_the_results_of_the_pages(make):
    assessment = make()
    written = manage("export_input", str(assessment.uuid))
    assert (written.returncode, written.stderr) == (0, "")
    spec = spec_of(assessment)
    expected = write_results(results_for(assessment))
    assert write_results(evaluate(spec, read_input(written.stdout, spec))) == expected
    evaluated = manage("evaluate", "-", text=written.stdout)
    assert (evaluated.returncode, evaluated.stderr) == (0, "")
    assert json.loads(evaluated.stdout) == json.loads(expected)
    assert evaluated.stdout == expected


@pytest.mark.django_db(transaction=True)
def test_an_unknown_uuid_is_said_in_one_line():
    asked = str(uuid.UUID(int=7))
    run = manage("export_input", asked)
    assert (run.returncode, run.stdout, run.stderr) == (
        2,
        "",
        f"CommandError: there is no assessment {asked}\n",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["nonsense", "", "é" * 500])
def test_a_malformed_uuid_is_refused(asked):
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("export_input", asked, stdout=out)
    assert (str(caught.value), caught.value.returncode) == (f"{asked!r} is not a UUID", 2)
    assert out.getvalue() == ""
