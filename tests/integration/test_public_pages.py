"""What anybody may read: the landing page, the framework, the sample report, and the small print."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from io import BytesIO, StringIO
from xml.etree import ElementTree

import pytest
import time_machine
from django.conf import settings as project
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import User, WaitlistEntry
from accounts.services.waitlist import KEEP_UNCONFIRMED
from assessments.engine.record import read_record, record_document
from assessments.queries import RECORD, find_sample
from bami_site.demo.sample import as_sample, sample_of_demo
from frameworks.document.digest import canonical_json
from frameworks.models import FrameworkVersion
from frameworks.services import install_framework
from records.models import Event, Job, Mail
from records.models.job import JobState
from reports import services
from reports.services import newest_sample, request_sample
from reports.tasks import render_sample_task
from reports.views import sample_content
from tests.builders import BAMI, bami_spec, make_version
from tests.printing import plain

FRAMEWORK = (
    "/framework/", "/framework/dimensions/D1/", "/framework/crosswalk/", "/framework/use-cases/",
    "/framework/scoring/", "/framework/references/", "/framework/glossary/",
)  # fmt: skip
VAULT = project.BASE_DIR / "static" / "js" / "vault.js"  # what waits in the browser, and for how long
PRINT = ("/privacy/", "/accessibility/", "/terms/")
ALL = ("/", *FRAMEWORK, "/sample-report/", "/waitlist/", *PRINT)


@pytest.fixture
def content(db) -> FrameworkVersion:
    return make_version()


def words(reply) -> str:
    """What a page says, without its tags."""
    return words_of(reply.content.decode())


def words_of(markup: str) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", markup).split()))


# --- For anybody ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ALL)
def test_anybody_reads_it(content, cast, client, sign_in, path):
    assert client.get(path).status_code == 200
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == (422 if path == "/waitlist/" else 405)
    expected = 302 if path == "/" else 200
    assert sign_in(cast.viewer).get(path).status_code == expected


@pytest.mark.parametrize("path", [path for path in ALL if path != "/waitlist/"])
def test_reading_sets_no_cookie_and_asks_no_other_host(content, client, path):
    request_sample()
    reply = client.get(path)
    assert not reply.cookies
    asked = re.findall(r'(?:src|href|action|srcset|data)="([^"]+)"', reply.content.decode())
    assert asked
    assert [address for address in asked if not address.startswith(("/", "#", "mailto:"))] == []


def test_who_is_signed_in_goes_home(cast, sign_in):
    assert sign_in(cast.owner).get("/")["Location"] == "/home/"


def test_the_landing_page_draws_the_sample_as_it_is_computed(content, client):
    page = client.get("/")
    sample = find_sample()
    claimed = sample.results.readings.claimed.dimensions
    evidenced = sample.results.readings.evidenced.dimensions
    for dimension in sample.spec.dimensions:
        row = claimed[dimension.code]
        title = (
            f"{dimension.short_name}: claimed {row.level}, evidenced {evidenced[dimension.code].level}, "
            f"ceiling {row.sustained}"
        )
        assert title in page.content.decode()
    said = words(page)
    assert "50 questions, answered with evidence" in said
    assert "A verdict on 19 AI uses" in said
    for dimension in bami_spec().dimensions:
        for headline in dimension.headlines:
            assert headline in said


def test_without_a_framework_the_door_still_opens(db, client):
    page = client.get("/")
    assert page.status_code == 200
    assert "Join the waitlist" in words(page)
    assert "sample report" not in page.content.decode().partition("<main")[2]
    assert {client.get(path).status_code for path in (*FRAMEWORK, "/sample-report/")} == {404}
    assert {client.get(path).status_code for path in (*PRINT, "/waitlist/")} == {200}


def test_the_newest_published_version_is_shown(content, client):
    newer = replace(
        bami_spec(), version="1.10", notice="The notice of 1.10.", content_digest="sha256:" + "0" * 64
    )
    install_framework(newer)
    install_framework(replace(newer, version="1.9", content_digest="sha256:" + "9" * 64))
    said = words(client.get("/framework/"))
    assert "Framework BAMI 1.10" in said
    assert find_sample().spec.version == "1.0"  # judged by its own version for life


# --- The framework ----------------------------------------------------------------------------------------


def test_every_question_is_readable_with_its_anchors(content, client):
    for dimension in bami_spec().dimensions:
        said = words(client.get(f"/framework/dimensions/{dimension.code}/"))
        for question in dimension.questions:
            for text in (question.title, question.text, question.why, question.evidence, *question.anchors):
                assert " ".join(text.split()) in said
    assert client.get("/framework/dimensions/D9/").status_code == 404


def test_every_reason_of_the_crosswalk_stands_there(content, client):
    said = words(client.get("/framework/crosswalk/"))
    spec = bami_spec()
    assert len(spec.dpmm.ceilings) == 25
    for ceiling in spec.dpmm.ceilings:
        assert " ".join(ceiling.because.split()) in said
        line = f"{ceiling.sustained} across the site, {ceiling.ring_fenced} on one line"
        assert f"{spec.dimension_by_code[ceiling.dimension].short_name} {line}" in said


def test_every_use_stands_in_its_class_with_what_it_needs(content, client):
    page = client.get("/framework/use-cases/")
    said, spec = words(page), bami_spec()
    assert sum(len(uses) for _impact, uses in page.context["groups"]) == len(spec.use_cases) == 19
    for use in spec.use_cases:
        needs = f"DPMM {use.dpmm.bounded} on one line, {use.dpmm.site_wide} across the site"
        assert f"{use.name} {needs}" in said
        for minimum in use.minima:
            assert " ".join(minimum.because.split()) in said


def test_every_reference_has_its_status_and_the_day_it_is_of(content, client):
    said = words(client.get("/framework/references/"))
    assert "With their status as of 30 September 2026." in said
    for reference in bami_spec().references:
        assert " ".join(reference.title.split()) in said
        assert " ".join(reference.status_text.split()) in said


def test_scoring_and_glossary_say_what_the_pages_inside_say(content, assessment, cast, client, sign_in):
    inside = sign_in(cast.viewer)
    for public, private in (("scoring", "method"), ("glossary", "answers/rules")):
        outer = words(client.get(f"/framework/{public}/"))
        inner = inside.get(f"/assessments/{assessment.uuid}/{private}/").content.decode()
        sections = re.findall(r"<section.*?</section>", inner, re.DOTALL)
        assert len(sections) >= 4
        for section in sections:
            assert words_of(section) in outer
    for term in bami_spec().glossary:
        assert " ".join(term.meaning.split()) in words(client.get("/framework/glossary/"))


@pytest.mark.parametrize("path", ["/", *FRAMEWORK, "/sample-report/", "/terms/"])
def test_whose_content_this_is_stands_on_each_page(content, client, path):
    said = words(client.get(path))
    assert " ".join(bami_spec().notice.split()) in said
    assert "regulatory status as of 30 September 2026" in said


# --- The sample -------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("days", [0, 45])
def test_the_demo_holds_the_sample_and_an_entry_in_each_state(days):
    call_command("loaddata", str(BAMI), verbosity=0)
    with time_machine.travel(timezone.now() + timedelta(days=days)):  # whichever day it is loaded
        call_command("load_demo", stdout=StringIO())
    made = sample_of_demo(User.objects.get(email="owner@northmere.example"))
    shipped = RECORD.read_text(encoding="utf-8")
    assert canonical_json(record_document(made)) + "\n" == shipped, "run manage.py write_sample"
    assert as_sample(read_record(json.loads(shipped))) == made
    assert set(WaitlistEntry.objects.values_list("state", flat=True)) == set(WaitlistEntry.State)
    assert set(Mail.objects.named("accounts/waitlist_").values_list("state", flat=True)) == {"sent"}
    invited = WaitlistEntry.objects.get(state="invited")
    assert invited.invitation is not None
    assert invited.invited_at is not None
    held = invited.invitation.expires_at - invited.invited_at
    assert abs(held - timedelta(days=project.INVITATION_DAYS)) < timedelta(minutes=1)


def test_the_sample_is_read_like_any_result(content, client):
    page = client.get("/sample-report/")
    said = words(page)
    assert "Kelderhaven of Northmere Biologics is invented" in said
    claimed = find_sample().results.readings.claimed
    assert f"Level {claimed.level} " in said
    assert page.content.decode().count('<td class="lvl-') >= 45
    assert "/assessments/" not in page.content.decode()
    for code in ("D1-CTX", "D2-VAL"):
        assert f'href="/framework/dimensions/{code[:2]}/#{code}"' in page.content.decode()
    assert f'id="{code}"' in client.get(f"/framework/dimensions/{code[:2]}/").content.decode()


def test_the_pdf_of_the_sample_is_made_by_the_worker_once(content, client):
    page = client.get("/sample-report/")
    assert "The PDF is not made yet" in words(page)
    assert client.get("/sample-report/file/")["Location"] == "/sample-report/"
    for _ in range(3):
        assert client.post("/sample-report/ask/")["Location"] == "/sample-report/"
    call_command("request_sample")
    assert Job.objects.of_installation().count() == 1
    assert "The PDF is being made" in words(client.get("/sample-report/"))
    render_sample_task(newest_sample().pk)
    assert newest_sample().state == JobState.DONE
    assert "Download the PDF report" in words(client.get("/sample-report/"))
    reply = client.get("/sample-report/file/")
    assert reply["Content-Type"] == "application/pdf"
    assert reply["Content-Disposition"] == 'attachment; filename="BAMI sample report.pdf"'
    assert reply["Content-Security-Policy"] == "sandbox; default-src 'none'"
    paper = PdfReader(BytesIO(b"".join(reply.streaming_content)))
    text = " ".join(page.extract_text() for page in paper.pages)
    assert "Sample of an invented site" in text
    assert "Kelderhaven" in text
    assert "Spreadsheets of the buffer team were added in the last review." in text
    assert "A sample: organisation, site and people are invented." in " ".join(text.split())
    assert "Confidential" not in text
    assert "Draft, not submitted" not in text
    assert request_sample().pk == newest_sample().pk


def test_a_sample_whose_file_is_gone_or_whose_making_failed_is_made_anew(content, client):
    job = request_sample()
    Job.objects.of_installation().update(state=JobState.DONE, result={"file": "samples/gone.pdf"})
    assert not default_storage.exists("samples/gone.pdf")
    assert "The PDF is not made yet" in words(client.get("/sample-report/"))
    client.post("/sample-report/ask/")
    assert newest_sample().pk != job.pk
    Job.objects.of_installation().update(state=JobState.FAILED, reason="There is no room left.")
    assert "There is no room left." in words(client.get("/sample-report/"))
    client.post("/sample-report/ask/")
    assert newest_sample().state == JobState.QUEUED
    assert Job.objects.of_installation().count() == 3


def test_a_report_that_looks_otherwise_is_another_job(content, monkeypatch):
    first = request_sample()
    monkeypatch.setattr(services, "TEMPLATE_VERSION", "next")
    assert newest_sample() is None
    assert request_sample().pk != first.pk


def test_asking_for_the_sample_has_its_limit(content, client, settings):
    settings.REPORTS_AN_HOUR = 1
    assert [client.post("/sample-report/ask/").status_code for _ in range(2)] == [302, 429]
    assert client.get("/sample-report/").status_code == 200


def test_what_asks_for_the_sample_is_a_post(content, client):
    assert client.get("/sample-report/ask/").status_code == 405
    assert client.post("/sample-report/file/").status_code == 405


@pytest.fixture
def undrawn():
    """Whatever was drawn of the sample before is forgotten."""
    sample_content.cache_clear()


def test_each_chart_of_the_sample_is_taken_along(content, undrawn, client):
    """Without an account, as the page shows it; a chart that travels alone says that the site is invented."""
    page = client.get("/sample-report/").content.decode()
    links = re.findall(r'href="(/sample-report/figures/(\w+)/(svg|csv)/)"', page)
    charts = ("areas", "gaps", "heat", "ladder", "plant", "projection", "radar", "uses")
    assert sorted(links) == [
        (f"/sample-report/figures/{chart}/{ending}/", chart, ending)
        for chart in charts
        for ending in ("csv", "svg")
    ]
    replies = {(chart, ending): client.get(link) for link, chart, ending in links}
    for (chart, ending), reply in replies.items():
        assert reply.status_code == 200
        name = f'attachment; filename="BAMI sample {chart}.{ending}"'
        assert reply["Content-Disposition"] == name
        assert reply["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert not reply.cookies
    for chart in charts:
        drawn = ElementTree.fromstring(replies[chart, "svg"].content)
        title = drawn.findtext("{http://www.w3.org/2000/svg}title", "nothing")
        assert plain(title) in plain(unescape(page))
        about = "Sample of an invented site: Kelderhaven, Baseline, autumn 2026, revision 1, BAMI 1.0"
        assert [label.text for label in drawn.iter("{http://www.w3.org/2000/svg}text")][1] == about
    rows = list(csv.DictReader(StringIO(replies["heat", "csv"].content.decode("utf-8-sig"))))
    cells = re.findall(r'<td class="lvl-(\d|none)', page)
    assert [row["Level claimed"] or "none" for row in rows] == cells
    ladder = csv.DictReader(StringIO(replies["ladder", "csv"].content.decode("utf-8-sig")))
    claimed = find_sample().results.readings.claimed.dimensions
    assert [(row["Code"], row["Claimed"], row["Counts"]) for row in ladder] == [
        (code, str(row.level), str(row.effective_level)) for code, row in claimed.items()
    ]


def test_a_chart_of_the_sample_is_drawn_once_whoever_asks(content, cast, undrawn, client, sign_in):
    address = "/sample-report/figures/ladder/svg/"
    first = client.get(address)
    assert sample_content.cache_info().currsize == 1
    again = [who.get(address) for who in (client, sign_in(cast.owner), sign_in(cast.programme_admin))]
    assert {(reply.status_code, reply.content) for reply in again} == {(200, first.content)}
    assert sample_content.cache_info().misses == 1
    assert client.head(address).status_code == 200
    assert client.get(f"{address}?reading=evidenced&wave=second").content == first.content
    assert sample_content.cache_info().currsize == 1, "nothing that is asked for fills it"
    assert not Event.objects.of(cast.organisation).filter(action="tables.exported").exists()


@pytest.mark.parametrize(
    "path", ["nonsense/svg/", "ladder/exe/", "ladder/SVG/", "ladder/", "", "..%2fladder/csv/", "gap_areas/"]
)
def test_what_is_no_chart_of_the_sample_is_not_there(content, client, path):
    assert client.get(f"/sample-report/figures/{path}").status_code == 404
    assert client.post("/sample-report/figures/ladder/csv/").status_code == 405


def test_a_sample_without_its_framework_has_no_chart(db, client):
    assert client.get("/sample-report/figures/ladder/csv/").status_code == 404
    make_version()
    assert client.get("/sample-report/figures/ladder/csv/").status_code == 200


# --- The small print --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PRINT)
def test_who_runs_the_site_is_named_or_it_says_that_nobody_is(db, client, settings, path):
    settings.DEMO = False
    settings.OPERATOR, settings.CONTACT_URL = "", "mailto:desk@operator.example"
    page = client.get(path)
    assert "has not stated a name and an address here" in words(page)
    assert "This is a demo" not in words(page)
    assert 'href="mailto:desk@operator.example"' in page.content.decode()
    settings.OPERATOR = "Operator <AG>, Street 1, Town"
    said = words(client.get(path))
    assert "This site is run by Operator <AG>, Street 1, Town." in said
    settings.DEMO = True
    assert "This is a demo" in words(client.get(path))


def test_the_privacy_page_says_what_the_settings_say(db, client, settings):
    settings.WAITLIST_CONFIRMATION_DAYS, settings.INVITATION_DAYS = 9, 21
    said = words(client.get("/privacy/"))
    assert "Links hold 21 days in an invitation, 9 days to confirm an address" in said
    assert "60 minutes to set a password" in said
    assert f"is erased after {KEEP_UNCONFIRMED.days} days" in said
    assert f"after {project.SESSION_COOKIE_AGE // 3600} hours at the latest" in said
    assert f"{project.CSRF_COOKIE_NAME} Set with a page that has a form" in said
    assert f"{project.SESSION_COOKIE_NAME} Set when you sign in" in said
    assert "They set no cookie, but for a page with a form" in said
    assert "what is older than three days goes with the next page that you open" in said
    assert "VAULT_KEEP = 72 * 3600 * 1000;" in VAULT.read_text(encoding="utf-8")


def test_a_form_sets_the_one_cookie_that_the_privacy_page_names(content, cast, client):
    client.get("/waitlist/")
    client.get("/accounts/login/")
    assert set(client.cookies) == {project.CSRF_COOKIE_NAME}
    client.get("/waitlist/confirm/token/")
    assert set(client.cookies) == {project.CSRF_COOKIE_NAME, project.SESSION_COOKIE_NAME}
    assert client.cookies[project.SESSION_COOKIE_NAME]["max-age"] == ""


def test_every_page_links_the_small_print(content, cast, assessment, client, sign_in):
    pages = [client.get("/"), client.get("/accounts/login/"), client.get("/no-such-page/")]
    pages.append(sign_in(cast.viewer).get(f"/assessments/{assessment.uuid}/"))
    for page in pages:
        foot = page.content.decode().partition("<footer")[2]
        for path in ("privacy", "accessibility", "terms"):
            assert f'href="/{path}/"' in foot
        assert "How scoring works" in foot
