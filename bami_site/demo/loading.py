"""Loads the demo through the services that pages use: organisations, their assessments, and who looks in."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone

from accounts.models import Consultant, Engagement, Membership, Organisation, Site, User, WaitlistEntry
from accounts.services.engagements import accept_engagement, engage
from accounts.services.people import change_organisation, create_admin, create_owner, join_organisation
from accounts.services.sites import add_site
from assessments.models import Assessment
from assessments.services.answers import Changes, record_answer
from assessments.services.assessments import start_assessment
from assessments.services.review_answers import answer_change, answer_inquiry
from assessments.services.reviews import Ruling, accept_rest, ask_site, finish_review, record_decision
from assessments.services.settings import set_targets, state_dpmm
from assessments.services.submission import submit_assessment
from bami_site.demo import PASSWORD
from bami_site.demo.waitlist import entries, load_waitlist
from frameworks.document.editing import find_slot
from frameworks.models import FrameworkVersion
from frameworks.queries import document_of, published_versions
from frameworks.services.drafts import Change, add_question, save_fields, start_draft
from frameworks.services.notes import note_unclear
from reports.services import request_report

HERE = Path(__file__).parent
ORGANISATIONS = ("northmere", "fennelcroft", "tallowmere")
People = dict[str, User]  # by e-mail


def read(name: str) -> dict[str, Any]:
    """One of the demo's files."""
    document: dict[str, Any] = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    return document


def is_loaded() -> bool:
    return Organisation.objects.filter(name=read(ORGANISATIONS[0])["organisation"]["name"]).exists()


@transaction.atomic
def load() -> None:
    """All of the demo or nothing."""
    version = next(row for row in published_versions() if row.framework == "bami")
    for name in ORGANISATIONS:
        load_organisation(read(name), version)
    programme = read("programme")
    consultants = load_people(programme["consultancy"], "consultancy")
    for entry in programme["engagements"]:
        load_engagement(entry, consultants)
    for name in ORGANISATIONS:
        for written in read(name)["assessments"]:
            if "review" in written:
                load_review(written["title"], written["review"], consultants)
    admins = [load_admin(admin) for admin in programme["admins"]]
    load_draft(programme["draft"], version, next(user for user in admins if user.is_editor))
    load_notes(programme["notes"], version)
    load_waitlist(next(user for user in admins if user.is_programme_admin))


def load_organisation(entry: dict[str, Any], version: FrameworkVersion) -> None:
    """An organisation with members, sites and assessments."""
    people = load_people({**entry["organisation"], "people": entry["people"]}, entry["organisation"]["kind"])
    owner = next(iter(people.values()))
    organisation = Organisation.objects.visible_to(owner).get()
    sites = {
        site["name"]: add_site(actor=owner, organisation=organisation, **site) for site in entry["sites"]
    }
    for written in entry["assessments"]:
        assessment = load_assessment(written, list(people.values()), sites[written["site"]], version)
        if written["submitted"]:
            submit_assessment(actor=owner, assessment=assessment)
            assessment.refresh_from_db()
            if "review" not in written:  # its report is made once it is reviewed
                request_report(actor=owner, assessment=assessment)


def load_people(entry: dict[str, Any], kind: str) -> People:
    """The members of a new organisation, its owner first, all with the demo's password."""
    first, *others = entry["people"]
    owner = create_owner(
        email=first["email"], organisation_name=entry["name"], name=first["name"], password=PASSWORD
    )
    organisation = Organisation.objects.visible_to(owner).get()
    change_organisation(
        actor=owner, organisation=organisation, name=organisation.name, kind=kind, paper=organisation.paper
    )
    people = {first["email"]: owner}
    for person in others:
        people[person["email"]] = join_organisation(
            email=person["email"],
            organisation=organisation,
            role=person["role"],
            name=person["name"],
            password=PASSWORD,
        )
    for person in entry["people"]:
        set_job_title(people[person["email"]], person["job_title"])
    return people


def set_job_title(user: User, job_title: str) -> None:
    user.job_title = job_title
    user.save(update_fields=["job_title"])


def load_admin(entry: dict[str, Any]) -> User:
    user = create_admin(
        email=entry["email"],
        editor=entry.get("editor", False),
        programme=entry.get("programme", False),
        name=entry["name"],
        password=PASSWORD,
    )
    set_job_title(user, entry["job_title"])
    return user


def load_draft(entry: dict[str, Any], version: FrameworkVersion, editor: User) -> None:
    """A draft of the next version in the middle of its work, with faults."""
    draft = start_draft(actor=editor, version=version)
    document = document_of(draft)
    changes = []
    for change in entry["changes"]:
        slot = find_slot(document, change["field"])
        assert slot is not None, change["field"]
        changes.append(Change(change["field"], change["value"], slot.mark))
    save_fields(actor=editor, draft=draft, changes=changes, op_id=uuid.uuid4())
    add_question(actor=editor, draft=draft, **entry["add"])


def load_notes(notes: list[dict[str, str]], version: FrameworkVersion) -> None:
    """What respondents of the first organisation find unclear in questions."""
    organisation = Organisation.objects.get(name=read(ORGANISATIONS[0])["organisation"]["name"])
    writer = Membership.objects.of(organisation).filter(role=Membership.Role.RESPONDENT).first()
    assert writer is not None
    for entry in notes:
        note_unclear(
            actor=writer.user,
            organisation=organisation,
            version=version,
            question=entry["question"],
            text=entry["text"],
        )


def load_engagement(entry: dict[str, Any], consultants: People) -> None:
    """An engagement that every consultant it names has accepted."""
    client = Organisation.objects.get(name=entry["client"])
    owner = Membership.objects.of(client).filter(role=Membership.Role.OWNER).get().user
    engagement = engage(
        actor=owner,
        organisation=client,
        kind=entry["kind"],
        until_on=timezone.localdate() + timedelta(days=30 * entry["months"]),
        emails=entry["consultants"],
    )
    for place in Consultant.objects.of(client).filter(engagement=engagement):
        user = consultants[place.email]
        firm = Organisation.objects.visible_to(user).get()
        accept_engagement(consultant=place, user=user, consultancy=firm)


def load_review(title: str, entry: dict[str, Any], consultants: People) -> None:
    """A finished review: what was asked and answered, what was changed, and what the owner says to it."""
    reviewer = next(iter(consultants.values()))
    mine = Assessment.objects.visible_to(reviewer).for_page()
    assessment: Assessment = mine.get(title=title)
    owner = Membership.objects.of(assessment.organisation).filter(role=Membership.Role.OWNER).get().user
    for asked in entry["asked"]:
        inquiry = ask_site(
            actor=reviewer,
            assessment=assessment,
            question_code=asked["q"],
            text=asked["text"],
            revision=1,
            base_version=0,
        )
        answer_inquiry(actor=owner, assessment=assessment, inquiry=inquiry, text=asked["reply"])
    for change in entry["changes"]:
        ruling = Ruling("set", change["level"], change["reason"], change["pointer"])
        record_decision(
            actor=reviewer,
            assessment=assessment,
            question_code=change["q"],
            ruling=ruling,
            revision=1,
            base_version=0,
        )
    accept_rest(actor=reviewer, assessment=assessment, revision=1)
    finish_review(actor=reviewer, assessment=assessment, revision=1, statement=entry["statement"])
    assessment = Assessment.objects.visible_to(owner).for_page().get(pk=assessment.pk)
    for change in entry["changes"]:
        answer = {"text": "", **change["answer"]}
        answer_change(actor=owner, assessment=assessment, question_code=change["q"], **answer)
    request_report(actor=owner, assessment=assessment)


def load_assessment(
    entry: dict[str, Any], people: list[User], site: Site, version: FrameworkVersion
) -> Assessment:
    """A draft with its digital plant, uses, plan and answers; the second person answers the operations."""
    owner, colleague = people[0], people[1]
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
            actor=colleague if item["q"].startswith(("D3", "D4")) else owner,
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


def who_can_sign_in() -> list[tuple[str, str]]:
    """(address, what the person is) for each account of the demo."""
    found = []
    for name in ORGANISATIONS:
        entry = read(name)
        found += [(p["email"], f"{p['role']} of {entry['organisation']['name']}") for p in entry["people"]]
    programme = read("programme")
    firm = programme["consultancy"]
    reviewing = {
        email
        for engagement in programme["engagements"]
        if engagement["kind"] == Engagement.Kind.REVIEW
        for email in engagement["consultants"]
    }
    for person in firm["people"]:
        what = "to review" if person["email"] in reviewing else "to read only"
        found.append((person["email"], f"consultant {what}, {firm['name']}"))
    found += [
        (a["email"], "content editor" if a.get("editor") else "programme admin") for a in programme["admins"]
    ]
    found += [
        (entry["email"], f"owner of {entry['organisation_name']}, from the waitlist")
        for entry in entries()
        if entry["state"] == WaitlistEntry.State.ACTIVE
    ]
    return found
