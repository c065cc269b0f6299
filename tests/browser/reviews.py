"""A client and its reviewers beside the demo: an assessment in each state, and the longest texts."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

from django.utils import timezone

from accounts.models import Engagement, Membership, Organisation
from accounts.services.engagements import engage
from accounts.services.members import invite
from accounts.services.people import create_owner, join_organisation
from accounts.services.sites import add_site
from assessments.models import Answer, Assessment
from assessments.services.answers import record_answer
from assessments.services.assessments import start_assessment
from assessments.services.submission import submit_assessment
from bami_site.demo import PASSWORD
from frameworks.models import FrameworkVersion
from tests import reviewing
from tests.browser.conftest import ADVISER, CLIENT, CLIENT_VIEWER, COLLEAGUE
from tests.browser.extremes import LINE, WORDS

STATES = ("fresh", "running", "decided", "done", "longest")
LONG = WORDS[:4000]


def make() -> None:
    """Make them; prints the UUID of each assessment by its state, and those of the client, as JSON."""
    owner = create_owner(
        email=CLIENT, organisation_name="Westmere Therapeutics", name="Vera Lund", password=PASSWORD
    )
    organisation = Organisation.objects.visible_to(owner).get()
    join_organisation(
        email=CLIENT_VIEWER, organisation=organisation, role=Membership.Role.VIEWER, name="Ola Vik",
        password=PASSWORD,
    )  # fmt: skip
    engagement, people = reviewing.make_consultants(organisation, "Maren Falk", "Jonas Weld")
    for person in people:
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
    maren, jonas = people
    site = add_site(actor=owner, organisation=organisation, name="Fjordby", place="", time_zone="Europe/Oslo")
    rows = {state: begin(owner, site, LINE if state == "longest" else state.capitalize()) for state in STATES}
    inquiry = reviewing.ask(rows["running"], maren, "D1-CTX")
    reviewing.decide(rows["running"], jonas, "D1-INV", 4)
    reviewing.answer(rows["running"], owner, inquiry)
    reviewing.ask(rows["running"], maren, "D2-VAL", "Which models does this hold for?")
    reviewing.accept_all(rows["decided"], maren)
    reviewing.make_reviewed(rows["done"], maren, {"D1-CTX": 1, "D4-MES": 4})
    reviewing.take_stance(rows["done"], owner, "D4-MES", True)
    long_inquiry = reviewing.ask(rows["longest"], maren, "D1-INV", LONG)
    reviewing.answer(rows["longest"], owner, long_inquiry, LONG)
    for code in ("D1-INV", "D4-MES"):
        reviewing.decide(rows["longest"], maren, code, 5, reason=LONG, pointer=LONG)
    reviewing.accept_all(rows["longest"], maren)
    reviewing.finish(rows["longest"], jonas, LONG)
    reviewing.take_stance(rows["longest"], owner, "D1-INV", False, LONG)
    invite(actor=owner, organisation=organisation, email=COLLEAGUE, role=Membership.Role.RESPONDENT)
    until = timezone.localdate() + timedelta(days=200)
    engage(
        actor=owner, organisation=organisation, kind=Engagement.Kind.READ, until_on=until, emails=[ADVISER]
    )
    made = rows | {"organisation": organisation, "engagement": engagement}
    print(json.dumps({name: str(row.uuid) for name, row in made.items()}))


def begin(owner, site, title):
    """A submitted assessment, every question at level 2 or 3."""
    version = FrameworkVersion.objects.get()
    started = start_assessment(actor=owner, site=site, version=version, title=title, scope="")
    words = LONG if title == LINE else "SOP 12, rev. 3"
    for place, answer in enumerate(started.answers.order_by("pk")):
        record_answer(
            actor=owner,
            assessment=started,
            question_code=answer.question_code,
            changes={
                "reply": {"state": Answer.State.LEVEL, "level": 2 + place % 2, "reason": ""},
                "grade": {"grade": "E1"},
                "evidence_note": {"evidence_note": words},
            },
            base_version=answer.version,
            op_id=uuid.uuid4(),
        )
    submit_assessment(actor=owner, assessment=started)
    row: Assessment = Assessment.objects.visible_to(owner).for_page().get(pk=started.pk)
    return row
