"""No page, file or mail holds a word of an organisation that its reader does not belong to (S-02)."""

from __future__ import annotations

import subprocess
from itertools import product
from pathlib import Path

import pytest
from django.core import mail as outbox
from django.core.files.storage import default_storage
from django.urls import reverse

from assessments.models import Assessment
from records.jobs import run_job
from records.models import Mail
from reports.rendering import render_report
from reports.services import request_report
from tests.integration.test_url_policy import arguments, browser_of, sessions, undone
from tests.mailing import send_what_is_due
from tests.policy import ROLES, walk
from tests.world import World, make_world, marks_in

# Written, and shown to nobody: the words of a file that the list of reports only names.
UNSHOWN: set[str] = set()
# What reviewers decide is theirs alone until the review is finished.
UNFINISHED, REVIEWERS = {"under_review.why", "under_review.where"}, {"reviewer", "of_two"}
# Whose marks an actor may meet, beyond those of the organisation whose page it is.
OVER_CLIENTS = {"clients", "home"}
REPORTED = ("draft", "submitted", "reviewed")
OF_THE_DEMO = "sent_mail"  # shows every mail, to everybody; no other mode has it


@pytest.fixture
def world(db) -> World:
    return make_world()


def allowed(actor: str, tenant: str, name: str) -> set[str]:
    """The organisations whose words this actor may read on this page of that tenant."""
    if actor == "programme_admin":
        return set("ABC") if name.startswith("programme:") else set()
    if actor == "of_two":
        return {"A", "B"} if name in OVER_CLIENTS else {tenant} & {"A", "B"}
    if actor == "ended" and name in OVER_CLIENTS:
        return {"A"}  # the list names whose engagement is over, and nothing else of theirs
    if actor in ("stranger", "strange_respondent"):
        return {"B"}
    members = {"owner", "respondent", "viewer", "reviewer", "reader"}
    return {"A"} if actor in members & set(ROLES) else set()


@pytest.mark.check("S-02")
def test_no_page_holds_a_word_of_another_organisation(world, figure):
    foreign, seen, pages = [], set(), 0
    for (name, keys), (actor, session), letter in product(
        list(walk()), sessions(world).items(), world.tenants
    ):
        if name == OF_THE_DEMO or (not keys and letter != "A"):
            continue  # an address without ids is the same page
        address = reverse(name, kwargs=arguments(name, world.tenants[letter], keys))
        with undone():
            reply = browser_of(session).get(address)
            content = reply.getvalue() if reply.streaming else reply.content
        found = marks_in(content.decode(errors="replace") + str(reply.headers)) & set(world.planted)
        pages += 1
        seen |= found
        whose = allowed(actor, letter, name)
        foreign += [(name, letter, actor, mark) for mark in found if mark[2] not in whose]
        early = {mark for mark in found if world.planted[mark] in UNFINISHED}
        foreign += [(name, letter, actor, mark) for mark in early if actor not in REVIEWERS]
    for letter, which in product(world.tenants, REPORTED):
        seen |= marks_in(text_of_report(world, letter, which))
    unseen = {
        (mark, place)
        for mark, place in world.planted.items()
        if mark not in seen and mark[2] in "AB" and place not in UNSHOWN
    }
    figure("S-02", pages=pages, canaries=len(world.planted), seen=len(seen), foreign=len(foreign))
    assert foreign == []
    assert unseen == set()


def text_of_report(world: World, letter: str, which: str) -> str:
    """The words of the PDF of one assessment of this tenant, made as the worker makes it."""
    tenant = world.tenants[letter]
    default_storage.delete(tenant.report.job.result["file"])  # the world's own holds a single word
    assessment = Assessment.objects.of(tenant.organisation).for_page().get(pk=getattr(tenant, which).pk)
    report = request_report(actor=tenant.people["viewer"], assessment=assessment)
    run_job(report.job_id, render_report)
    report.job.refresh_from_db()
    path = Path(default_storage.path(report.job.result["file"]))
    run = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    return run.stdout


@pytest.mark.check("S-02")
def test_no_report_holds_a_word_of_another_organisation(world, figure):
    foreign, words = [], 0
    for letter, which in product(world.tenants, REPORTED):
        found = marks_in(text_of_report(world, letter, which))
        words += len(found)
        foreign += [(letter, mark) for mark in found if mark[2] != letter]
    figure("S-02", reports=len(REPORTED) * len(world.tenants), seen=words, foreign=len(foreign))
    assert words
    assert foreign == []


@pytest.mark.check("S-02")
def test_no_mail_holds_a_word_of_another_organisation(world, figure):
    send_what_is_due()
    foreign = []
    for sent in outbox.outbox:
        page = str(sent.alternatives[0][0])
        text = f"{sent.subject} {sent.body} {page} {sent.recipients()} {sent.extra_headers}"
        found = marks_in(text) & set(world.planted)  # the token of a link may look like a mark
        if len({mark[2] for mark in found}) > 1:
            foreign.append((sent.recipients(), found))
    figure("S-02", mails=len(outbox.outbox), foreign=len(foreign))
    assert len(outbox.outbox) == Mail.objects.filter(state="sent").count() > 0
    assert foreign == []
