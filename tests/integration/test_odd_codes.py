"""A framework whose codes hold every sign that the format allows: each address of the site still works."""

from __future__ import annotations

import re
import uuid

import pytest
from django.conf import settings
from django.urls import reverse

from assessments.emails import site_replied
from frameworks.document.checks import parse_framework
from frameworks.document.dump import dump_document
from frameworks.document.shapes import FrameworkSpec
from records.jobs import run_job
from records.models import Mail
from records.models.job import JobState
from reports.models import Report
from reports.rendering import render_report
from reports.services import request_report
from tests import builders, world
from tests.integration import test_url_policy
from tests.policy import POLICY, expected, walk

LISTS = ("roles", "references", "dimensions", "use_cases", "actions", "flags", "areas")
# Links of mails, what such a link leads to, what signs out, and the file of a sample that nobody asked for.
LEFT_OUT = re.compile(
    r"_link|logout|reauth|invitation$|engagement$|waitlist_(confirm|leave)$|_code$|from_key|sample_report_file"
)


def odd(code: str) -> str:
    """The code with a full stop and an underscore, whatever it is of."""
    return code.replace("-", "._") + "._x"


def odd_spec() -> FrameworkSpec:
    """The tiny framework, its codes odd, as the newest version of the site's."""
    document = dump_document(builders.tiny_spec())
    items = [item for name in LISTS for item in document[name]]
    items += [question for dimension in document["dimensions"] for question in dimension["questions"]]
    codes = {item["code"]: odd(item["code"]) for item in items}
    document = renamed(document, codes)
    return parse_framework(document | {"framework": builders.bami_spec().framework, "version": "9.0"})


def renamed(part, codes):
    if isinstance(part, dict):
        return {key: renamed(value, codes) for key, value in part.items()}
    if isinstance(part, list):
        return [renamed(item, codes) for item in part]
    return codes.get(part, part) if isinstance(part, str) else part


@pytest.fixture
def odd_world(db, monkeypatch):
    builders.make_version()  # of the sample
    spec = odd_spec()
    monkeypatch.setattr(world, "tiny_spec", lambda: spec)
    monkeypatch.setattr(test_url_policy, "SPEC", spec)
    monkeypatch.setattr(test_url_policy, "QUESTION", next(iter(spec.questions)))
    return world.make_world()


@pytest.mark.parametrize("actor", ["anonymous", "owner", "reviewer", "editor"])
def test_every_page_opens(odd_world, sign_in, actor):
    client = sign_in(odd_world.actors[actor])
    client.raise_request_exception = False
    failed, opened = [], 0
    for name, keys in walk():
        if name not in POLICY or LEFT_OUT.search(name) or expected(name, actor, "GET") != "OK":
            continue
        tenant = odd_world.tenants["A"]
        reply = client.get(reverse(name, kwargs=test_url_policy.arguments(name, tenant, keys)), follow=True)
        if reply.streaming:
            reply.getvalue()  # at its end the client closes the file
        opened += 1
        if reply.status_code != 200:
            failed.append((name, reply.status_code))
    assert failed == []
    assert opened > 10


def test_the_pages_of_a_review_open(odd_world, sign_in):
    """Under review and reviewed, for both sides: their links name the questions."""
    tenant = odd_world.tenants["A"]
    for row in (tenant.submitted, tenant.under_review, tenant.reviewed):
        for actor in ("owner", "reviewer"):
            client = sign_in(odd_world.actors[actor])
            for show in ("", "?show=all"):
                page = client.get(reverse("assessments:review", args=[row.uuid]) + show)
                assert page.status_code == 200


def test_the_mail_of_a_reply_names_the_question(odd_world):
    tenant = odd_world.tenants["A"]
    about = {
        "user": str(odd_world.actors["reviewer"].uuid),
        "assessment": str(tenant.under_review.uuid),
        "inquiry": str(tenant.inquiry.uuid),
    }
    said = site_replied(Mail(name="assessments/site_replied", about=about))
    assert said is not None
    assert said["link"].startswith(settings.SITE_URL)
    assert tenant.inquiry.question_code in said["link"]


@pytest.mark.parametrize("kind", Report.Kind)
def test_each_report_is_made(odd_world, kind):
    tenant = odd_world.tenants["A"]
    report = request_report(actor=tenant.people["owner"], assessment=tenant.reviewed, kind=kind)
    run_job(report.job_id, render_report)
    report.job.refresh_from_db()
    assert (report.job.state, report.job.reason) == (JobState.DONE, "")


def test_a_question_is_added_with_such_a_code(cast, sign_in):
    draft = builders.make_draft(actor=cast.editor)
    client = sign_in(cast.editor)
    posted = {"code": "D1.NEW_x", "title": "A new one", "op_id": uuid.uuid4()}
    reply = client.post(reverse("editor:add", args=[draft.uuid, "D1"]), posted)
    assert reply.status_code == 302
    assert client.get(reply["Location"]).status_code == 200
