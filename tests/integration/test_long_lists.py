"""Every list takes the same number of statements at ten rows and at a thousand."""

from __future__ import annotations

from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Consultant, Engagement, Invitation, Membership, Site, User, WaitlistEntry
from assessments.models import Assessment
from assessments.services.answers import object_id
from frameworks.models import FrameworkDraft, QuestionNote
from records.models import Event, Job, Mail
from reports.models import Report
from tests.builders import make_assessment, make_version, tiny_spec

FEW, MANY = 10, 1000
QUESTION = next(iter(tiny_spec().questions))
_numbers = count(1)


@pytest.fixture
def shown(cast):
    """The assessment whose own lists grow."""
    return make_assessment(site=cast.site, owner=cast.owner, version=make_version(tiny_spec()))


def grow(cast, rows, shown):
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
    grow_programme(now, numbers)
    QuestionNote.objects.bulk_create(
        QuestionNote(version=version, question_code=QUESTION, text=f"Note {n}", written_on=now.date())
        for n in numbers
    )
    grow_assessment(cast, numbers, shown)


def grow_programme(now, numbers):
    WaitlistEntry.objects.bulk_create(
        WaitlistEntry(
            name=f"W {n}", email=f"w{n}@example.org", organisation_name=f"Plant {n}", kind="cdmo",
            role="quality", country="DK", updates=True, consent="I agree.", consented_at=now,
            state="confirmed", confirmed_at=now,
        )
        for n in numbers
    )  # fmt: skip
    Mail.objects.bulk_create(
        Mail(name="accounts/invitation", recipient=f"i{n}@northmere.example", state="given up")
        for n in numbers
    )


def grow_assessment(cast, numbers, shown):
    """The files of one assessment, and what its trail holds of it and of one of its answers."""
    own = cast.organisation
    jobs = Job.objects.bulk_create(
        Job(organisation=own, kind="report", requested_by=cast.owner, input_hash=str(n), state="failed")
        for n in numbers
    )
    Report.objects.bulk_create(
        Report(organisation=own, assessment=shown, revision=1, paper="A4", job=job) for job in jobs
    )
    about = (("assessment", str(shown.uuid)), ("answer", object_id(shown, QUESTION)))
    Event.objects.bulk_create(
        Event(
            organisation=own, seq=100_000 + 2 * n + place, at_utc=timezone.now(), at_tz="UTC",
            actor=cast.owner, actor_kind="user", action=f"{kind}.renamed", object_type=kind, object_id=named,
        )
        for n in numbers
        for place, (kind, named) in enumerate(about)
    )  # fmt: skip


@pytest.mark.django_db
def test_lists_take_the_same_number_of_statements_however_long_they_are(cast, sign_in, shown):
    own, one = [cast.organisation.uuid], [shown.uuid]
    answer = [*one, tiny_spec().dimensions[0].code, QUESTION]
    pages = {
        "/home/": (cast.owner, cast.reviewer, cast.editor, cast.programme_admin),
        "/mail/": (cast.owner,),
        reverse("assessments:list"): (cast.owner,),
        reverse("clients"): (cast.reviewer,),
        reverse("accounts:sites", args=own): (cast.owner,),
        reverse("accounts:members", args=own): (cast.owner,),
        reverse("accounts:engagements", args=own): (cast.owner,),
        reverse("editor:versions"): (cast.editor,),
        reverse("editor:notes"): (cast.editor,),
        reverse("assessments:start"): (cast.owner,),
        reverse("assessments:sites", args=own): (cast.owner,),
        reverse("assessments:history", args=one): (cast.owner, cast.reviewer),
        reverse("assessments:answer_history", args=answer): (cast.owner,),
        reverse("reports:list", args=one): (cast.owner, cast.reader),
        reverse("programme:waitlist"): (cast.programme_admin,),
        reverse("programme:counts"): (cast.programme_admin,),
        reverse("programme:unsent"): (cast.programme_admin,),
    }
    taken: dict[int, dict[tuple[str, str], int]] = {}
    for rows in (FEW, MANY):
        grow(cast, rows, shown)
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
