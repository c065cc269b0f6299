"""Two organisations beside the demo's: one whose every text is as long as it may be, one with nothing yet."""

from __future__ import annotations

import json
import uuid

from accounts.models import Organisation, Site, User
from accounts.services.people import create_owner
from accounts.services.sites import add_site
from assessments.models import OWN_WORDS, Answer
from assessments.results import spec_of
from assessments.services.answers import Changes, record_answer
from assessments.services.assessments import start_assessment
from assessments.services.settings import set_targets, state_dpmm
from bami_site.demo import PASSWORD
from frameworks.models import FrameworkVersion
from tests.browser.conftest import EMPTY, LONGEST

LINE = "W" * 120
WORDS = (
    "مراجعة سجل الدفعة، 批生产记录, 👩‍🔬 " + "unbroken" * 40 + "\n\nA second paragraph, <b>as typed</b>. "
) * 12
ANSWERED: Changes = {
    "reply": {"state": Answer.State.LEVEL, "level": 1, "reason": ""},
    "grade": {"grade": "E1"},
    "comment": {"comment": WORDS[:OWN_WORDS]},
    "evidence_note": {"evidence_note": WORDS[:OWN_WORDS]},
    "flagged": {"flagged": True},
}


def make() -> None:
    """Make both; prints the two addresses of their owners' organisations and assessments as JSON."""
    made = {}
    for email, name, title in ((LONGEST, LINE, LINE), (EMPTY, "New to it", "Not begun")):
        owner = create_owner(email=email, organisation_name=name, name=name, password=PASSWORD)
        organisation = Organisation.objects.visible_to(owner).get()
        site = add_site(
            actor=owner,
            organisation=organisation,
            name=name,
            place=name,
            time_zone="America/Indiana/Indianapolis",
        )
        made[email] = {"organisation": str(organisation.uuid), "assessment": begin(owner, site, title)}
    print(json.dumps(made))


def begin(owner: User, site: Site, title: str) -> str:
    """A draft; of the longest texts, answered in full."""
    version = FrameworkVersion.objects.get()
    longest = title == LINE
    scope = WORDS[:OWN_WORDS] if longest else ""
    assessment = start_assessment(actor=owner, site=site, version=version, title=title, scope=scope)
    if longest:
        state_dpmm(
            actor=owner, assessment=assessment, source="estimated", level=1, on=None,
            tool=LINE, by=LINE, base_version=0,
        )  # fmt: skip
        codes = [use.code for use in spec_of(assessment).use_cases]
        set_targets(
            actor=owner, assessment=assessment, use_cases=codes, targets={}, start_on=None,
            capacity=1, blackout_weeks=list(range(1, 60, 2)), base_version=1,
        )  # fmt: skip
        for answer in assessment.answers.all():
            record_answer(
                actor=owner,
                assessment=assessment,
                question_code=answer.question_code,
                changes=ANSWERED,
                base_version=answer.version,
                op_id=uuid.uuid4(),
            )
    return str(assessment.uuid)
