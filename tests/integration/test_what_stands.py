"""What is published, reviewed or on the trail is not emptied away, changed or removed by SQL either."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.services.people import note
from tests import reviewing
from tests.builders import make_engagement, make_submitted, make_version, tiny_spec

STANDING = [
    *(f"frameworks_{part}" for part in (
        "frameworkversion", "level", "dimension", "question", "dpmmlevel", "ceiling", "usecase", "action",
        "reference",
    )),
    *(f"assessments_{name}" for name in ("snapshot", "review", "decision", "inquiry", "stance")),
    "records_event",
]  # fmt: skip


@pytest.fixture
def _everything(cast):
    """A row of every kind that stands."""
    version = make_version(tiny_spec())
    submitted = make_submitted(site=cast.site, owner=cast.owner, version=version)
    first, second = list(tiny_spec().questions)[:2]
    asked = reviewing.ask(submitted, cast.reviewer, first, "Which suites does it cover?")
    reviewing.answer(submitted, cast.owner, asked, "Suites 1 and 2.")
    reviewing.decide(submitted, cast.reviewer, second, 1, reason="Not in force yet.", pointer="SOP-1")
    reviewing.accept_asked(submitted, cast.reviewer)
    reviewing.accept_all(submitted, cast.reviewer)
    reviewing.finish(submitted, cast.reviewer, "Looked at on site in spring.")
    reviewing.take_stance(submitted, cast.owner, second, agrees=True, text="")


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table}")
        return int(cursor.fetchone()[0])


def refused(statement: str) -> bool:
    connection.check_constraints()  # PostgreSQL empties no table while keys wait to be checked
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError as error:
        return "stand" in str(error) or "never changes" in str(error)
    return False


@pytest.mark.usefixtures("_everything")
def test_no_table_of_what_stands_is_emptied():
    """PostgreSQL empties a table past the triggers of its rows; SQLite removes them one by one."""
    emptying = "TRUNCATE {} CASCADE" if connection.vendor == "postgresql" else "DELETE FROM {}"
    before = {table: count(table) for table in STANDING}
    assert 0 not in before.values()
    assert [table for table in STANDING if not refused(emptying.format(table))] == []
    assert {table: count(table) for table in STANDING} == before


def test_emptying_what_the_trail_hangs_on_is_refused_too(cast):
    note(cast.organisation, "member.left", {}, actor=cast.owner)
    verb = "TRUNCATE accounts_organisation CASCADE" if connection.vendor == "postgresql" else ""
    assert refused(verb or "DELETE FROM records_event")
    assert count("records_event") == 1


@pytest.mark.parametrize("statement", ["UPDATE records_event SET action = 'x'", "DELETE FROM records_event"])
def test_an_entry_of_the_trail_is_neither_changed_nor_removed(cast, statement):
    note(cast.organisation, "member.left", {}, actor=cast.owner)
    assert refused(statement)
    assert count("records_event") == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_tests_that_commit_begin_with_empty_tables(cast, turn):
    assert count("records_event") == 0
    note(cast.organisation, "member.left", {}, actor=cast.owner)
    make_engagement(cast.organisation, cast.consultancy, [cast.unnamed])
    make_version(tiny_spec())
    assert (count("records_event"), count("frameworks_frameworkversion")) == (2, 1)
