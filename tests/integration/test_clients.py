"""The clients page: whom a consultant sees, and that its length costs no statement more."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Engagement, Organisation
from tests.builders import (
    make_assessment,
    make_engagement,
    make_member,
    make_organisation,
)
from tests.engaging import CLIENTS


def test_a_consultant_sees_only_clients_that_engaged_them(cast, assessment, sign_in):
    other = Organisation.objects.get(name="Elsewhere Pharma")
    make_assessment(organisation=other, owner=cast.stranger)
    seen = {
        name: "Northmere Biologics" in sign_in(person).get(CLIENTS).content.decode().split('id="over"')[0]
        for name, person in cast.everybody().items()
    }
    assert {name for name, sees in seen.items() if sees} == {"reviewer", "reader"}
    for person in cast.everybody().values():
        assert "Elsewhere Pharma" not in sign_in(person).get(CLIENTS).content.decode()


def test_a_clients_assessment_is_not_on_a_consultants_own_list(cast, assessment, sign_in):
    shown = sign_in(cast.reviewer).get(reverse("assessments:list")).content.decode()
    assert assessment.title not in shown


def test_a_client_with_another_engagement_is_not_over(cast, assessment, sign_in):
    make_engagement(cast.organisation, cast.consultancy, [cast.reviewer], ended_at=timezone.now())
    shown = sign_in(cast.reviewer).get(CLIENTS).content.decode()
    assert "Northmere Biologics" in shown
    assert 'id="over"' not in shown
    Engagement.objects.of(cast.organisation).update(ended_at=timezone.now())
    shown = sign_in(cast.reviewer).get(CLIENTS).content.decode()
    assert shown.split('id="over"')[1].count("You no longer see this client’s assessments.") == 2


def test_a_client_without_an_assessment_is_named_once(cast, sign_in):
    days = [timezone.localdate() + timedelta(days=number) for number in (60, 40)]
    for day in days:
        make_engagement(cast.organisation, cast.consultancy, [cast.reviewer], until_on=day)
    shown = sign_in(cast.reviewer).get(CLIENTS).content.decode().split('id="idle"')[1]
    assert shown.count("Northmere Biologics") == 1
    assert f"engaged until {date_format(days[0], 'j F Y')}" in shown


def test_a_client_is_found_in_any_case(cast, sign_in):
    firm = make_organisation("Øresund Biologics")
    make_assessment(organisation=firm, owner=make_member(firm))
    make_engagement(firm, cast.consultancy, [cast.reviewer])
    for words, is_there in (("øRESUND", True), ("nobody", False)):
        page = sign_in(cast.reviewer).get(CLIENTS, {"q": words}).content.decode()
        assert ("Øresund Biologics" in page) is is_there


def test_the_clients_page_takes_the_same_number_of_statements(
    cast, assessment, sign_in, django_assert_num_queries
):
    client = sign_in(cast.reviewer)
    client.get(CLIENTS)
    with django_assert_num_queries(5):
        client.get(CLIENTS)
    for number in range(3):
        firm = make_organisation(f"Client {number}")
        make_assessment(organisation=firm, owner=make_member(firm))
        make_engagement(firm, cast.consultancy, [cast.reviewer])
    with django_assert_num_queries(5):
        assert client.get(CLIENTS).content.decode().count("Baseline") == 4
