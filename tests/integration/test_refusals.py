"""Requests that are refused: what the sender is told, what the log keeps, and that no words are lost."""

from __future__ import annotations

import logging
import re
import sys
from urllib.parse import urlencode

import pytest
from django.db import OperationalError
from django.urls import reverse

from bami_site.logs import shorten
from tests.integration.test_resending import form_of

WORDS = "The batch record of suite 2 <b>& 3</b>"


def record(name: str, level: int) -> logging.LogRecord:
    try:
        raise ValueError("a fault")
    except ValueError:
        return logging.LogRecord(name, level, "", 1, "refused", (), sys.exc_info())


@pytest.mark.parametrize(
    ("name", "level", "is_kept"),
    [
        ("django.security.DisallowedHost", logging.ERROR, False),
        ("django.request", logging.WARNING, False),
        ("django.request", logging.ERROR, True),
        ("records.jobs", logging.WARNING, True),
    ],
)
def test_a_refusal_is_one_line_in_the_log_and_a_fault_keeps_its_traceback(name, level, is_kept):
    line = record(name, level)
    assert shorten(line)
    assert bool(line.exc_info) is is_kept


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "zlib"])
def test_a_body_in_another_charset_is_a_bad_request(client, db, charset):
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert client.generic("POST", "/accounts/login/", b"login=x", content_type=kind).status_code == 400


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (urlencode({f"a{number}": "1" for number in range(501)}), "application/x-www-form-urlencoded"),
        ("a=" + "x" * 1_048_577, "application/x-www-form-urlencoded"),
        ("x", "multipart/form-data"),
    ],
    ids=["too many fields", "too large", "no boundary"],
)
def test_a_form_that_cannot_be_read_is_refused_as_every_page_is_given(client, db, body, kind):
    reply = client.post("/waitlist/", body, content_type=kind)
    assert reply.status_code == 400
    assert "This request could not be read" in reply.content.decode()
    page = client.get("/waitlist/")
    steady = {"Content-Security-Policy", "X-Frame-Options", "Permissions-Policy", "Cache-Control"}
    assert steady <= {*page.headers}
    assert {name: reply.headers.get(name) for name in steady} == {name: page[name] for name in steady}


def test_a_foreign_host_is_a_bad_request(client):
    reply = client.get("/accounts/login/", headers={"Host": "evil.example"})
    assert reply.status_code == 400
    assert b"evil.example" not in reply.content


@pytest.mark.parametrize(
    ("fault", "status", "again"), [(OperationalError, 503, "10"), (RuntimeError, 500, None)]
)
def test_a_database_that_is_away_is_told_from_a_fault(cast, sign_in, monkeypatch, fault, status, again):
    def fail(**values):
        raise fault("of secrets")

    monkeypatch.setattr("accounts.views.sites.add_site", fail)
    client = sign_in(cast.owner)
    client.raise_request_exception = False
    address = reverse("accounts:site_add", args=[cast.organisation.uuid])
    reply = client.post(address, {"name": "A", "place": "", "time_zone": "Europe/Berlin"})
    assert (reply.status_code, reply.headers.get("Retry-After")) == (status, again)
    assert b"secrets" not in reply.content
    assert reply["Cache-Control"] == "no-store"


# --- A form sent after the session ended ------------------------------------------------------------------


def test_what_was_typed_is_given_back_to_who_is_signed_out(cast, assessment, client):
    row = assessment.answers.get(question_code="D1-INV")
    address = reverse("assessments:save", args=[assessment.uuid, "D1", "D1-INV"])
    page = address.removesuffix("save/")
    posted = form_of(row, comment=WORDS, reply="3") | {"password1": "hidden away"}
    del posted["flagged"]  # a box without a tick posts nothing
    reply = client.post(address, posted, headers={"Referer": f"http://testserver{page}?show=all"})
    assert reply.status_code == 401
    shown = reply.content.decode()
    assert "The batch record of suite 2 &lt;b&gt;&amp; 3&lt;/b&gt;</textarea>" in shown
    assert f'href="{reverse("account_login")}?next={page}%3Fshow%3Dall"' in shown
    assert "hidden away" not in shown
    assert posted["op_id"] not in shown
    assert len(re.findall("<textarea", shown)) == 2  # the reply and the comment
    assert reply["Cache-Control"] == "no-store"
    row.refresh_from_db()
    assert row.version == 0


@pytest.mark.parametrize(
    "referer", ["", "https://evil.example/x", "//evil.example", "javascript:alert(1)", "http://[", "x" * 3000]
)
def test_the_way_back_leads_to_our_own_pages_only(client, referer, db):
    reply = client.post(reverse("assessments:start"), {"title": "A title"}, headers={"Referer": referer})
    assert reply.status_code == 401
    back = re.search(r'\?next=([^"]*)"', reply.content.decode())
    assert back is not None
    assert "evil" not in back[1]
    assert "javascript" not in back[1]
