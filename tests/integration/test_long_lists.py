"""Every list takes the same number of statements at ten rows and at a thousand."""

from __future__ import annotations

from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Consultant, Engagement, Invitation, Membership, Site, User
from assessments.models import Assessment
from frameworks.models import FrameworkDraft
from tests.builders import make_version, tiny_spec

FEW, MANY = 10, 1000
_numbers = count(1)


def grow(cast, rows):
    """More of everything that a list shows, written at once."""
    now, version = timezone.now(), make_version(tiny_spec())
    numbers = [next(_numbers) for _ in range(rows)]
    own = cast.organisation
    Assessment.objects.bulk_create(
        Assessment(
            organisation=own, site=cast.site, version=version, title=f"Assessment {n}", created_by=cast.owner,
            state="draft", asked=3,
        )
        for n in numbers
    )  # fmt: skip
    people = User.objects.bulk_create(User(email=f"p{n}@northmere.example", name=f"P {n}") for n in numbers)
    Membership.objects.bulk_create(Membership(organisation=own, user=user, role="viewer") for user in people)
    Invitation.objects.bulk_create(
        Invitation(
            organisation=own,
            email=f"i{n}@northmere.example",
            role="viewer",
            invited_by=cast.owner,
            expires_at=now,
        )
        for n in numbers
    )
    Site.objects.bulk_create(Site(organisation=own, name=f"Site {n}") for n in numbers)
    engagements = Engagement.objects.bulk_create(
        Engagement(
            organisation=own,
            consultancy=cast.consultancy,
            kind="reader",
            until_on=now.date(),
            created_by=cast.owner,
            ended_at=now if number > FEW else None,  # a client has a few at once, and many that are over
        )
        for number in numbers
    )
    Consultant.objects.bulk_create(
        Consultant(
            engagement=row, email="lead@tessaly.example", user=cast.reviewer, accepted_at=now, expires_at=now
        )
        for row in engagements
    )
    FrameworkDraft.objects.bulk_create(
        FrameworkDraft(
            framework="tiny", number=f"2.{n}", document="{}", created_by=cast.editor, changed_by=cast.editor
        )
        for n in numbers
    )


@pytest.mark.django_db
def test_lists_take_the_same_number_of_statements_however_long_they_are(cast, sign_in):
    own = [cast.organisation.uuid]
    pages = {
        "/home/": (cast.owner, cast.reviewer, cast.editor),
        reverse("assessments:list"): (cast.owner,),
        reverse("clients"): (cast.reviewer,),
        reverse("accounts:sites", args=own): (cast.owner,),
        reverse("accounts:members", args=own): (cast.owner,),
        reverse("accounts:engagements", args=own): (cast.owner,),
        reverse("editor:versions"): (cast.editor,),
    }
    taken: dict[int, dict[tuple[str, str], int]] = {}
    for rows in (FEW, MANY):
        grow(cast, rows)
        taken[rows] = {}
        for address, people in pages.items():
            for person in people:
                client = sign_in(person)
                client.get(address)  # what a process keeps is read once
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(address).status_code == 200
                taken[rows][address, person.email] = len(queries)
    assert taken[FEW] == taken[MANY]
    assert max(taken[MANY].values()) <= 10
