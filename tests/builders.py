"""Plain builders: each makes one thing with sensible values, any of them overridden."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.models import Consultant, Engagement, Membership, Organisation, Site, User, WaitlistEntry
from assessments.models import Answer, Assessment
from assessments.services.answers import record_answer
from assessments.services.assessments import start_assessment
from assessments.services.submission import submit_assessment
from frameworks.document.checks import load_framework
from frameworks.document.shapes import FrameworkSpec
from frameworks.models import FrameworkDraft, FrameworkVersion
from frameworks.services import install_framework
from frameworks.services.drafts import start_from

DATA = Path(__file__).parent / "data"
BAMI = settings.BASE_DIR / "frameworks" / "fixtures" / "bami-1.0.yaml"
PASSWORD = "a long enough phrase"
_numbers = count(1)


@cache
def bami_spec() -> FrameworkSpec:
    return load_framework(BAMI.read_bytes())


@cache
def tiny_spec() -> FrameworkSpec:
    return load_framework((DATA / "tiny" / "tiny-1.0.yaml").read_bytes())


def make_version(spec: FrameworkSpec | None = None) -> FrameworkVersion:
    """BAMI 1.0, installed; or another document."""
    return install_framework(spec or bami_spec())[0]


def make_editor(email: str = "", **fields: Any) -> User:
    return make_user(email, is_editor=True, **fields)


def make_draft(
    actor: User | None = None, document: Any = None, base: FrameworkVersion | None = None
) -> FrameworkDraft:
    """A draft from the tiny framework, or one with another document, faults and all."""
    base = base or make_version(tiny_spec())
    content = json.loads(base.document) if document is None else document
    return start_from(actor=actor or make_editor(), document=content, base=base, source="a test")


def make_user(email: str = "", **fields: Any) -> User:
    from allauth.account.models import EmailAddress

    email = email or f"person-{next(_numbers)}@example.org"
    user = User.objects.create_user(email, PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_organisation(name: str = "", **fields: Any) -> Organisation:
    return Organisation.objects.create(name=name or f"Organisation {next(_numbers)}", **fields)


def make_member(organisation: Organisation, role: str = Membership.Role.OWNER, **fields: Any) -> User:
    user = make_user(**fields)
    Membership.objects.create(organisation=organisation, user=user, role=role)
    return user


def make_engagement(
    organisation: Organisation, consultancy: Organisation, consultants: list[User], **fields: Any
) -> Engagement:
    """A client's engagement of these members of a consultancy, accepted; to review, for a month."""
    now = timezone.now()
    values: dict[str, Any] = {"kind": Engagement.Kind.REVIEW, "until_on": now.date() + timedelta(days=30)}
    owner = Membership.objects.of(organisation).filter(role="owner").first()
    author = owner.user if owner else consultants[0]
    values |= {"organisation": organisation, "consultancy": consultancy, "created_by": author}
    row = Engagement.objects.create(**(values | fields))
    for person in consultants:
        make_consultant(row, person)
    return row


def make_consultant(engagement: Engagement, person: User) -> Consultant:
    """A place in the engagement that this person has accepted."""
    now = timezone.now()
    person.consults = True
    person.save(update_fields=["consults"])
    return Consultant.objects.create(
        engagement=engagement, email=person.email, user=person, accepted_at=now, expires_at=now
    )


def make_site(organisation: Organisation | None = None, **fields: Any) -> Site:
    site = Site(organisation=organisation or make_organisation(), name=f"Site {next(_numbers)}")
    site.place = "Aarhus, Denmark"
    for name, value in fields.items():
        setattr(site, name, value)
    site.save()
    return site


def make_assessment(**overrides: Any) -> Assessment:
    """A draft of BAMI 1.0; `owner` is who started it."""
    site = overrides.pop("site", None) or make_site(overrides.pop("organisation", None))
    owner = overrides.pop("owner", None) or make_member(site.organisation)
    version = overrides.pop("version", None) or make_version()
    values = {"title": "Baseline", "scope": "", **overrides}
    started = start_assessment(actor=owner, site=site, version=version, **values)
    row: Assessment = Assessment.objects.visible_to(owner).for_page().get(pk=started.pk)
    return row


def answer(assessment: Assessment, actor: User, question: str, level: int | None, **fields: Any) -> Answer:
    """One answer by level, or don't know where the level is None, with evidence and words as given."""
    state = "unknown" if level is None else "level"
    changes: dict[str, dict[str, Any]] = {"reply": {"state": state, "level": level, "reason": ""}}
    changes |= {name: {name: value} for name, value in fields.items()}
    row = assessment.answers.get(question_code=question)
    saved = record_answer(
        actor=actor,
        assessment=assessment,
        question_code=question,
        changes=changes,
        base_version=row.version,
        op_id=uuid.uuid4(),
    )
    return saved.answer


def answer_all(assessment: Assessment, actor: User, level: int = 2, grade: str = "E1") -> None:
    """Every question at one level with one grade of evidence."""
    for row in assessment.answers.all():
        answer(assessment, actor, row.question_code, level, grade=grade)


def make_submitted(**overrides: Any) -> Assessment:
    """A submitted assessment, every question at level 2."""
    site = overrides.pop("site", None) or make_site(overrides.pop("organisation", None))
    owner = overrides.pop("owner", None) or make_member(site.organisation)
    assessment = make_assessment(site=site, owner=owner, **overrides)
    answer_all(assessment, owner)
    submit_assessment(actor=owner, assessment=assessment)
    row: Assessment = Assessment.objects.visible_to(owner).for_page().get(pk=assessment.pk)
    return row


def make_waiting(**fields: Any) -> WaitlistEntry:
    """An entry of the waitlist, joined and not confirmed."""
    number = next(_numbers)
    values = {
        "name": f"Person {number}",
        "email": f"waiting-{number}@example.org",
        "organisation_name": f"Plant {number}",
        "kind": WaitlistEntry.Kind.MANUFACTURER,
        "role": WaitlistEntry.Role.QUALITY,
        "country": "DK",
        "early_access": True,
        "consent": "I agree.",
        "consented_at": timezone.now(),
    }
    return WaitlistEntry.objects.create(**(values | fields))


def make_confirmed(**fields: Any) -> WaitlistEntry:
    """An entry of the waitlist that can be invited."""
    values = {"state": WaitlistEntry.State.CONFIRMED, "confirmed_at": timezone.now()}
    return make_waiting(**(values | fields))
