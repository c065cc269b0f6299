"""Results that are kept in the cache: read by the release that kept them, and by no other."""

from __future__ import annotations

import pytest

from assessments import results
from assessments.results import results_for
from tests.answering import statements

pytestmark = pytest.mark.django_db


class OfAnotherRelease:
    """What the cache holds cannot be read where a shape has changed since."""

    def __reduce__(self):
        return getattr, (self.__class__, "not_there_any_more")


def test_results_are_kept_until_something_changes(assessment):
    assert statements(lambda: results_for(assessment)) == 1
    assert statements(lambda: results_for(assessment)) == 0


def test_results_that_another_release_kept_are_not_read(assessment, monkeypatch):
    """A shared cache outlives the release that filled it by an hour."""
    expected = results._results(assessment)
    with monkeypatch.context() as other:
        other.setattr(results, "shapes_digest", lambda: "another")
        other.setattr(results, "_results", lambda _assessment: OfAnotherRelease())
        results_for(assessment)
        with pytest.raises(AttributeError):
            results_for(assessment)
    assert results_for(assessment) == expected
