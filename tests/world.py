"""Three organisations that hold the same things, each word marked with whose it is."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import (
    Consultant,
    Engagement,
    Invitation,
    Membership,
    Organisation,
    Site,
    User,
    WaitlistEntry,
)
from accounts.services.engagements import engage
from accounts.services.members import invite
from accounts.services.waitlist import keep_note
from assessments.models import Assessment, Inquiry
from assessments.services.answers import record_answer
from assessments.services.assessments import start_assessment
from assessments.services.settings import state_dpmm
from assessments.services.submission import submit_assessment
from frameworks.models import FrameworkDraft, QuestionNote
from frameworks.services.drafts import start_draft
from frameworks.services.notes import note_unclear
from records.jobs import run_job
from records.mail import write_mail
from records.models import Mail
from records.models.mail import MailState
from reports.models import Report
from reports.services import request_report
from tests import builders, reviewing
from tests.builders import make_engagement, make_member, make_organisation, make_user, tiny_spec
from tests.editing import reword

MARK = re.compile(r"KX([A-Z])[a-z]+\d+Q", re.IGNORECASE)
_numbers = count(1)
MEMBERS = ("owner", "respondent", "viewer")


def marks_in(text: str) -> set[str]:
    """The marks in a text, in capitals, since addresses are kept in small letters."""
    return {found[0].upper() for found in MARK.finditer(text)}


@dataclass
class Tenant:
    """One organisation with a thing of every kind; each text is a mark that begins with KX and its letter."""

    letter: str
    planted: dict[str, str] = field(default_factory=dict)  # mark: where it was written
    people: dict[str, User] = field(default_factory=dict)
    organisation: Organisation = field(init=False)  # set while it is built, as those below
    site: Site = field(init=False)
    draft: Assessment = field(init=False)
    submitted: Assessment = field(init=False)
    under_review: Assessment = field(init=False)
    inquiry: Inquiry = field(init=False)
    reviewed: Assessment = field(init=False)
    report: Report = field(init=False)
    invitation: Invitation = field(init=False)
    engagement: Engagement = field(init=False)
    consultant: Consultant = field(init=False)
    entry: WaitlistEntry = field(init=False)
    unsent: Mail = field(init=False)
    note: QuestionNote = field(init=False)  # that a question is unclear, as editors see it
    content: FrameworkDraft = field(init=False)  # of the installation: the same for all

    def mark(self, place: str) -> str:
        """A new mark: letters and digits alone, so that nothing escapes or wraps it."""
        name = re.sub("[^a-z]", "", place.lower())[-12:]
        mark = f"KX{self.letter}{name}{next(_numbers)}Q"
        self.planted[mark.upper()] = place
        return mark

    def email(self, place: str) -> str:
        return f"{self.mark(place)}@example.org".lower()


@dataclass
class World:
    """Tenants A, B and C; the cast is around A, and one consultant is engaged by A and B."""

    tenants: dict[str, Tenant]
    consultancy: Organisation
    actors: dict[str, User | None]

    @property
    def planted(self) -> dict[str, str]:
        return {mark: place for tenant in self.tenants.values() for mark, place in tenant.planted.items()}


def make_world() -> World:
    """Everything that can be seen or touched, three times over, and everybody who might try."""
    builders.make_version(tiny_spec())
    tenants = {letter: make_tenant(letter) for letter in "ABC"}
    a, b = tenants["A"], tenants["B"]
    author = make_user("author@programme.example", is_editor=True)
    content = start_draft(actor=author, version=builders.make_version(tiny_spec()))
    reword(content)  # or it could not be asked for
    content.refresh_from_db()
    for tenant in tenants.values():
        tenant.content = content
    consultancy = make_organisation("Tessaly Advisory", kind=Organisation.Kind.CONSULTANCY)
    firm = {name: make_member(consultancy, email=f"{name}@tessaly.example") for name in
            ("reviewer", "reader", "of_two", "unnamed", "ended")}  # fmt: skip
    unasked = make_organisation("Unasked Advisory", kind=Organisation.Kind.CONSULTANCY)
    review, read = Engagement.Kind.REVIEW, Engagement.Kind.READ
    make_engagement(a.organisation, consultancy, [firm["reviewer"], firm["of_two"]], kind=review)
    make_engagement(a.organisation, consultancy, [firm["reader"]], kind=read)
    make_engagement(b.organisation, consultancy, [firm["of_two"]], kind=review)
    of_c = make_member(consultancy, email="of_c@tessaly.example")
    make_engagement(tenants["C"].organisation, consultancy, [of_c], kind=review)
    for letter, reviewer in (("A", firm["reviewer"]), ("B", firm["of_two"]), ("C", of_c)):
        make_reviews(tenants[letter], reviewer)
    make_engagement(a.organisation, consultancy, [firm["ended"]], kind=review, ended_at=timezone.now())
    actors: dict[str, User | None] = {
        "anonymous": None,
        "without_organisation": make_user("nobody@example.org"),
        **a.people,
        **firm,
        "unengaged": make_member(unasked, email="unengaged@unasked.example"),
        "stranger": b.people["owner"],
        "strange_respondent": b.people["respondent"],
        "editor": make_user("editor@programme.example", is_editor=True),
        "programme_admin": make_user("admin@programme.example", is_programme_admin=True),
    }
    return World(tenants, consultancy, actors)


def make_tenant(letter: str) -> Tenant:
    """An organisation with members, a site, a draft, a submitted assessment with its report, and the rest."""
    tenant = Tenant(letter)
    tenant.organisation = make_organisation(tenant.mark("organisation.name"))
    for role in MEMBERS:
        tenant.people[role] = make_member(
            tenant.organisation,
            Membership.Role(role),
            email=tenant.email(f"{role}.email"),
            name=tenant.mark(f"{role}.name"),
        )
    owner = tenant.people["owner"]
    tenant.site = builders.make_site(
        tenant.organisation, name=tenant.mark("site.name"), place=tenant.mark("site.place")
    )
    tenant.draft = make_assessment(tenant, "draft")
    tenant.submitted = make_assessment(tenant, "submitted")
    submit_assessment(actor=owner, assessment=tenant.submitted)
    tenant.submitted.refresh_from_db()
    tenant.report = make_report(tenant)
    tenant.invitation = invite(
        actor=owner, organisation=tenant.organisation, email=tenant.email("invitation.email"), role="viewer"
    )
    tenant.engagement = engage(
        actor=owner,
        organisation=tenant.organisation,
        kind="reader",
        until_on=timezone.localdate(),
        emails=[tenant.email("consultant.email")],
    )
    tenant.consultant = Consultant.objects.of(tenant.organisation).get(engagement=tenant.engagement)
    # Every question has one: the pages of any of them show it, and nothing of who wrote it.
    for code in tiny_spec().questions:
        tenant.note = note_unclear(
            actor=tenant.people["respondent"],
            organisation=tenant.organisation,
            version=tenant.draft.version,
            question=code,
            text="Which of the two is meant?",
        )
    tenant.entry = make_entry(tenant)
    tenant.unsent = write_mail(
        name="accounts/password_changed",
        recipient=tenant.email("unsent.email"),
        about={"user": str(owner.uuid)},
    )
    Mail.objects.filter(pk=tenant.unsent.pk).update(state=MailState.GIVEN_UP, reason="TimeoutError")
    return tenant


def make_reviews(tenant: Tenant, reviewer: User) -> None:
    """One assessment whose review is decided but not finished and one whose is, with words in every field."""
    owner = tenant.people["owner"]
    tenant.under_review = make_assessment(tenant, "under", told=False)
    tenant.reviewed = make_assessment(tenant, "reviewed", told=False)
    first, second = [code for code, asked in tiny_spec().questions.items() if not asked.not_applicable][:2]
    for name in ("under_review", "reviewed"):
        kept: Assessment = getattr(tenant, name)
        submit_assessment(actor=owner, assessment=kept)
        kept.refresh_from_db()
        asked = reviewing.ask(kept, reviewer, first, tenant.mark(f"{name}.inquiry"))
        for question in (first, second):
            mark = tenant.mark if name == "reviewed" or question == first else str  # the pages open the first
            why, where = mark(f"{name}.why"), mark(f"{name}.where")
            reviewing.decide(kept, reviewer, question, 2, reason=why, pointer=where)
        reviewing.accept_all(kept, reviewer)
        if name == "under_review":
            tenant.inquiry = asked
            continue
        reviewing.answer(kept, owner, asked, tenant.mark("reviewed.reply"))
        reviewing.finish(kept, reviewer, tenant.mark("reviewed.statement"))
        reviewing.take_stance(kept, owner, second, agrees=False, text=tenant.mark("reviewed.stance"))


def make_entry(tenant: Tenant) -> WaitlistEntry:
    """Of somebody who waits and has confirmed; programme admins alone see it."""
    entry = WaitlistEntry.objects.create(
        name=tenant.mark("entry.name"),
        email=tenant.email("entry.email"),
        organisation_name=tenant.mark("entry.organisation"),
        kind="vendor",
        role="quality",
        country="DE",
        updates=True,
        consent="I agree.",
        consented_at=timezone.now(),
        state=WaitlistEntry.State.CONFIRMED,
        confirmed_at=timezone.now(),
    )
    keep_note(actor=tenant.people["owner"], entry=entry, text=tenant.mark("entry.note"), base_version=0)
    return entry


def make_assessment(tenant: Tenant, name: str, *, told: bool = True) -> Assessment:
    """Answered in full, with words in every field that takes some, marked where they are `told`."""
    mark = tenant.mark if told else str
    owner = tenant.people["owner"]
    started = start_assessment(
        actor=owner,
        site=tenant.site,
        version=builders.make_version(tiny_spec()),
        title=mark(f"{name}.title"),
        scope=mark(f"{name}.scope"),
    )
    assessment: Assessment = Assessment.objects.visible_to(owner).for_page().get(pk=started.pk)
    state_dpmm(
        actor=owner, assessment=assessment, source="assessed", level=2, on=None,
        tool=mark(f"{name}.tool"), by=mark(f"{name}.by"), base_version=0,
    )  # fmt: skip
    for place, row in enumerate(assessment.answers.order_by("pk")):
        question = tiny_spec().questions[row.question_code]
        reply: dict[str, Any] = {"state": "level", "level": 3, "reason": ""}
        if question.not_applicable and place:
            reply = {"state": "not_applicable", "level": None, "reason": mark(f"{name}.reason")}
        changes: dict[str, dict[str, Any]] = {"reply": reply}
        if place < 2:
            changes["comment"] = {"comment": mark(f"{name}.comment")}
            changes["evidence_note"] = {"evidence_note": mark(f"{name}.evidence")}
            changes["grade"] = {"grade": "E1"}
        record_answer(
            actor=tenant.people["respondent"],
            assessment=assessment,
            question_code=row.question_code,
            changes=changes,
            base_version=0,
            op_id=uuid.uuid4(),
        )
    return assessment


def make_report(tenant: Tenant) -> Report:
    """Of the submitted assessment, finished, with a file that names whose it is."""
    report = request_report(actor=tenant.people["owner"], assessment=tenant.submitted)
    words = tenant.mark("report.file").encode()

    def work(job: Any) -> dict[str, Any]:
        name = f"reports/{job.uuid}-{job.attempts}"
        path = Path(default_storage.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%PDF-1.7 " + words)
        return {"file": name, "bytes": 9 + len(words), "pages": 1}

    run_job(report.job_id, work)
    report.job.refresh_from_db()
    return report
