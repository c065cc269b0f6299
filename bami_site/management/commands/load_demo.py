"""Load the demo: an invented organisation with a submitted assessment and one in progress."""

from __future__ import annotations

import uuid
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Membership, Organisation, Site, User, WaitlistEntry
from accounts.services.people import create_admin, create_owner, join_organisation
from accounts.services.sites import add_site
from assessments.models import Assessment
from assessments.services.answers import Changes, record_answer
from assessments.services.assessments import start_assessment
from assessments.services.settings import set_targets, state_dpmm
from assessments.services.submission import submit_assessment
from bami_site.demo import PASSWORD
from bami_site.demo.waitlist import entries, load_waitlist
from frameworks.models import FrameworkVersion
from frameworks.queries import published_versions
from reports.services import request_report

ADMIN = {"email": "admin@bami.example", "name": "Elin Marsh"}  # of the waitlist and of unsent mail
DEMO = settings.BASE_DIR / "bami_site" / "demo" / "northmere.yaml"


class Command(BaseCommand):
    help = "Load the demo if it is not there, and say who can sign in. Demo mode only."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "The demo is for BAMI_MODE=demo: its accounts have a password that everybody knows."
            )
        demo = yaml.safe_load(DEMO.read_text(encoding="utf-8"))
        if not Organisation.objects.filter(name=demo["organisation"]["name"]).exists():
            self.stdout.write("Loading the demo")
            load(demo)
        self.stdout.write("Sign in with one of these, password: " + PASSWORD)
        for person in demo["people"]:
            self.stdout.write(f"  {person['email']:<30} {person['role']}, {person['name']}")
        self.stdout.write(f"  {ADMIN['email']:<30} programme admin, {ADMIN['name']}")
        for said in entries():
            if said["state"] == WaitlistEntry.State.ACTIVE:
                self.stdout.write(f"  {said['email']:<30} owner from the waitlist, {said['name']}")


@transaction.atomic
def load(demo: dict[str, Any]) -> None:
    """All of the demo or nothing, written through the same services that pages use."""
    people = load_people(demo)
    owner = people[Membership.Role.OWNER]
    organisation = Organisation.objects.visible_to(owner).get()
    sites = {site["name"]: add_site(actor=owner, organisation=organisation, **site) for site in demo["sites"]}
    version = next(row for row in published_versions() if row.framework == "bami")
    for entry in demo["assessments"]:
        assessment = load_assessment(entry, people, sites[entry["site"]], version)
        if entry["submitted"]:
            submit_assessment(actor=owner, assessment=assessment)
            assessment.refresh_from_db()
            request_report(actor=owner, assessment=assessment)
    load_waitlist(create_admin(**ADMIN, editor=False, programme=True, password=PASSWORD))


def load_people(demo: dict[str, Any]) -> dict[str, User]:
    """One person for each role, all with the demo's password."""
    people: dict[str, User] = {}
    for person in demo["people"]:
        if person["role"] == Membership.Role.OWNER:
            user = create_owner(
                email=person["email"],
                organisation_name=demo["organisation"]["name"],
                name=person["name"],
                password=PASSWORD,
            )
        else:
            user = join_organisation(
                email=person["email"],
                organisation=Organisation.objects.get(name=demo["organisation"]["name"]),
                role=person["role"],
                name=person["name"],
                password=PASSWORD,
            )
        user.job_title = person["job_title"]
        user.save(update_fields=["job_title"])
        people[person["role"]] = user
    return people


def load_assessment(
    entry: dict[str, Any], people: dict[str, User], site: Site, version: FrameworkVersion
) -> Assessment:
    """A draft with its digital plant, uses, plan and answers; the respondent answers the operations."""
    owner, respondent = people[Membership.Role.OWNER], people[Membership.Role.RESPONDENT]
    started = start_assessment(
        actor=owner, site=site, version=version, title=entry["title"], scope=entry["scope"]
    )
    assessment: Assessment = Assessment.objects.visible_to(owner).for_page().get(pk=started.pk)
    dpmm = entry["dpmm"]
    state_dpmm(
        actor=owner,
        assessment=assessment,
        source=dpmm["source"],
        level=dpmm.get("level"),
        on=dpmm.get("on"),
        tool=dpmm.get("tool", ""),
        by=dpmm.get("by", ""),
        base_version=0,
    )
    set_targets(
        actor=owner,
        assessment=assessment,
        use_cases=entry["use_cases"],
        targets=entry["targets"],
        start_on=None,
        capacity=entry["plan"]["capacity"],
        blackout_weeks=entry["plan"]["blackout_weeks"],
        base_version=1,
    )
    for item in entry["answers"]:
        record_answer(
            actor=respondent if item["q"].startswith(("D3", "D4")) else owner,
            assessment=assessment,
            question_code=item["q"],
            changes=changes_of(item),
            base_version=0,
            op_id=uuid.uuid4(),
        )
    return assessment


def changes_of(item: dict[str, Any]) -> Changes:
    """What one entry of the demo says, as a save names it."""
    reply: dict[str, Any] = {"state": "level", "level": item.get("level"), "reason": ""}
    if "not_applicable" in item:
        reply = {"state": "not_applicable", "level": None, "reason": item["not_applicable"]}
    elif item["level"] == "unknown":
        reply = {"state": "unknown", "level": None, "reason": ""}
    changes: dict[str, dict[str, Any]] = {"reply": reply}
    for field, key in (
        ("grade", "grade"),
        ("evidence_note", "evidence"),
        ("comment", "comment"),
        ("flagged", "flagged"),
    ):
        if key in item:
            changes[field] = {field: item[key]}
    return changes
