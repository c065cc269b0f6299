"""The lock of an assessment: what others wrote between finding and locking is read anew, and only then."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from assessments.models import Assessment
from assessments.services.assessments import delete_assessment, rename_assessment
from assessments.services.lock import NotADraft, lock_draft
from assessments.services.settings import state_dpmm
from assessments.services.submission import submit_assessment
from tests.builders import answer_all, make_assessment

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment():
    return make_assessment()


@pytest.fixture
def owner(assessment):
    return assessment.created_by


@pytest.fixture
def found(assessment, owner):
    """An assessment as a save finds it, and the same row in the hands of somebody else."""
    return Assessment.objects.visible_to(owner).for_saving().get(pk=assessment.pk), assessment


def statements_of_lock(assessment):
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        lock_draft(assessment)
    return [query["sql"] for query in captured if query["sql"].startswith("SELECT")]


def test_what_nobody_wrote_to_is_not_read_twice(found):
    mine, _ = found
    assert len(statements_of_lock(mine)) == 1


def test_settings_of_somebody_else_are_seen_under_the_lock(found, owner):
    mine, other = found
    state_dpmm(
        actor=owner, assessment=other, source="assessed", level=4, on=None, tool="", by="", base_version=0
    )
    assert mine.dpmm_source == ""
    assert len(statements_of_lock(mine)) == 2
    other.refresh_from_db()
    assert (mine.dpmm_source, mine.dpmm_level, mine.stamp) == ("assessed", 4, other.stamp)


def test_what_was_not_read_before_is_read_under_the_lock(found, owner):
    mine, other = found
    rename_assessment(actor=owner, assessment=other, title="Renamed", scope="")
    statements_of_lock(mine)
    assert mine.title == "Renamed"


def test_what_was_submitted_meanwhile_is_no_draft(found, owner):
    mine, other = found
    answer_all(other, owner)
    submit_assessment(actor=owner, assessment=other)
    with pytest.raises(NotADraft):
        statements_of_lock(mine)


def test_what_was_deleted_meanwhile_is_no_draft(found, owner):
    mine, other = found
    delete_assessment(actor=owner, assessment=other)
    with pytest.raises(NotADraft):
        statements_of_lock(mine)
