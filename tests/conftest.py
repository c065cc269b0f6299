"""The cast, and what every test may ask for."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from accounts.models import Engagement, Membership, Organisation, Site, User
from assessments.live_state import forget
from assessments.models import Assessment
from tests import builders

# Tables and names of the triggers that refuse to empty them; 32 is TRUNCATE's bit (pg_trigger.h).
ON_TRUNCATE = """
    SELECT tgrelid::regclass::text, quote_ident(tgname) FROM pg_trigger
    WHERE NOT tgisinternal AND tgtype & 32 <> 0"""


@dataclass
class Cast:
    """One organisation with a member in each role, the consultants around it, admins, and a stranger."""

    organisation: Organisation
    site: Site
    owner: User
    respondent: User
    viewer: User
    stranger: User  # owns another organisation
    consultancy: Organisation
    reviewer: User  # engaged to review
    reader: User  # engaged to read
    unengaged: User  # of another consultancy, which nobody engaged
    unnamed: User  # of the engaged consultancy, but the engagement does not name them
    ended: User  # the engagement that named them has ended
    editor: User
    programme_admin: User

    def everybody(self) -> dict[str, User]:
        """Each person by their place in the cast."""
        return {name: person for name, person in vars(self).items() if isinstance(person, User)}


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()
    forget()


@pytest.fixture(scope="session", autouse=True)
def _load_addresses():
    """Before any test: one that met them first with other settings would choose for all that follow."""
    _ = get_resolver().url_patterns


@pytest.fixture(scope="session", autouse=True)
def _flush_past_triggers():
    """After a test with real transactions Django empties every table, which the triggers would refuse."""
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def flush_on_postgres(self, sql_list):
        with self.connection.cursor() as cursor:
            cursor.execute(ON_TRUNCATE)
            triggers = cursor.fetchall()
        switched = {
            deed: [f"ALTER TABLE {table} {deed} TRIGGER {name};" for table, name in triggers]
            for deed in ("DISABLE", "ENABLE")
        }
        flush(self, [*switched["DISABLE"], *sql_list, *switched["ENABLE"]])  # one transaction

    def flush_on_sqlite(self, sql_list):
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            try:
                flush(self, sql_list)
            finally:
                for _, statement in triggers:
                    cursor.execute(statement)

    flushing = flush_on_sqlite if connection.vendor == "sqlite" else flush_on_postgres
    operations.execute_sql_flush = flushing  # type: ignore[method-assign]  # for the run
    yield
    operations.execute_sql_flush = flush  # type: ignore[method-assign]  # as it was


@pytest.fixture
def cast(db) -> Cast:
    organisation = builders.make_organisation("Northmere Biologics")
    other = builders.make_organisation("Elsewhere Pharma")
    consultancy = builders.make_organisation("Tessaly Advisory", kind=Organisation.Kind.CONSULTANCY)
    third = builders.make_organisation("Unasked Advisory", kind=Organisation.Kind.CONSULTANCY)
    people = {
        name: builders.make_member(consultancy, email=f"{name}@tessaly.example")
        for name in ("reviewer", "reader", "unnamed", "ended")
    }
    review, read = Engagement.Kind.REVIEW, Engagement.Kind.READ
    builders.make_engagement(organisation, consultancy, [people["reviewer"]], kind=review)
    builders.make_engagement(organisation, consultancy, [people["reader"]], kind=read)
    builders.make_engagement(
        organisation, consultancy, [people["ended"]], kind=review, ended_at=timezone.now()
    )
    return Cast(
        organisation=organisation,
        site=builders.make_site(organisation, name="Kelderhaven"),
        owner=builders.make_member(organisation, email="owner@northmere.example"),
        respondent=builders.make_member(
            organisation, Membership.Role.RESPONDENT, email="respondent@northmere.example"
        ),
        viewer=builders.make_member(organisation, Membership.Role.VIEWER, email="viewer@northmere.example"),
        stranger=builders.make_member(other, email="stranger@elsewhere.example"),
        consultancy=consultancy,
        unengaged=builders.make_member(third, email="unengaged@unasked.example"),
        editor=builders.make_user("editor@programme.example", is_editor=True),
        programme_admin=builders.make_user("admin@programme.example", is_programme_admin=True),
        **people,
    )


@pytest.fixture
def assessment(cast: Cast) -> Assessment:
    return builders.make_assessment(site=cast.site, owner=cast.owner)


@pytest.fixture
def sign_in():
    """Gives a client signed in as a person: sign_in(cast.owner)."""

    def signed_in(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    return signed_in
