"""The cast, and what every test may ask for."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.models import Membership, Organisation, Site, User
from assessments.models import Assessment
from tests import builders


@dataclass
class Cast:
    """One organisation with a member in each role, and a stranger from another."""

    organisation: Organisation
    site: Site
    owner: User
    respondent: User
    viewer: User
    stranger: User


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _flush_past_triggers():
    """After a test with real transactions Django empties every table; on SQLite the triggers would refuse."""
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def flush_without_triggers(self, sql_list):
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

    if connection.vendor == "sqlite":
        operations.execute_sql_flush = flush_without_triggers  # type: ignore[method-assign]
    yield
    operations.execute_sql_flush = flush  # type: ignore[method-assign]


@pytest.fixture
def cast(db) -> Cast:
    organisation = builders.make_organisation("Northmere Biologics")
    other = builders.make_organisation("Elsewhere Pharma")
    return Cast(
        organisation=organisation,
        site=builders.make_site(organisation, name="Kelderhaven"),
        owner=builders.make_member(organisation, email="owner@northmere.example"),
        respondent=builders.make_member(
            organisation, Membership.Role.RESPONDENT, email="respondent@northmere.example"
        ),
        viewer=builders.make_member(organisation, Membership.Role.VIEWER, email="viewer@northmere.example"),
        stranger=builders.make_member(other, email="stranger@elsewhere.example"),
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
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in
