"""A form that is refused gives everything back that was typed (R-09)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests.answering import posted as answer_posted
from tests.bodies import BODIES, NEW, QUESTION, soon
from tests.builders import tiny_spec
from tests.editing import field
from tests.flows import newest_link
from tests.integration.test_url_policy import arguments, browser_of, sessions, undone
from tests.policy import POLICY, Access, expected, walk
from tests.waitlist import FORM as JOINED
from tests.world import Tenant, make_world

Body = dict[str, Any]
LONG = "x" * 4001
LINES = "two\nlines"
# Never shown again, or not typed: what the page itself sends along, passwords, files.
UNSHOWN = {"csrfmiddlewaretoken", "op_id", "base_version", "seen", "revision", "page", "action_add"}


@pytest.fixture
def world(db):
    return make_world()


class Controls(HTMLParser):
    """What the controls of a page hold, by name: values of fields, of what is ticked, of what is chosen."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.held: dict[str, list[str]] = {}
        self.choices: set[str] = set()  # names of what one chooses rather than types
        self.select = self.textarea = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "select" or kind in ("checkbox", "radio"):
            self.choices.add(name)
        if tag == "select":
            self.select = name
        elif tag == "option" and "selected" in given:
            self.held.setdefault(self.select, []).append(given.get("value", ""))
        elif tag == "textarea":
            self.textarea = name
            self.held.setdefault(name, []).append("")
        elif tag == "input" and (kind not in ("checkbox", "radio") or "checked" in given):
            self.held.setdefault(name, []).append(given.get("value", "on"))

    def handle_data(self, text: str) -> None:
        if self.textarea:
            self.held[self.textarea][-1] += text

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # The line break that begins a textarea belongs to its markup.
            self.held[self.textarea][-1] = self.held[self.textarea][-1].removeprefix("\n")
            self.textarea = ""


def texts(value: Any) -> list[str]:
    """A value as controls hold it; a line break is one character."""
    values = value if isinstance(value, list | tuple) else [value]
    return [str(text).replace("\r\n", "\n") for text in values]


def emptied(body: Body, fault: Body, page: str) -> list[str]:
    """The fields whose value the page no longer holds; a choice that does not exist cannot be shown."""
    found = Controls(page)
    return [
        name
        for name, value in body.items()
        if name not in UNSHOWN | (set(fault) & found.choices)
        and "password" not in name
        and texts(value) != [""]
        and not set(texts(value)) <= set(found.held.get(name, []))
    ]


# --- Each form: all its fields filled in, and what each could be wrong with -----------------------------


def answered(tenant: Tenant) -> Body:
    row = tenant.draft.answers.get(question_code=QUESTION)
    words = {"comment": "My comment", "evidence_note": "SOP-12"}
    return answer_posted(row, reply="2", grade="E2", flagged="on", **words)


def targeted(tenant: Tenant) -> Body:
    plan = {"start_on": soon(), "capacity": "3", "blackout_weeks": "3, 5-6"}
    uses = [use.code for use in tiny_spec().use_cases]
    targets = {f"target_{dimension.code}": "4" for dimension in tiny_spec().dimensions}
    return {"use_cases": uses, **targets, **plan, "base_version": tenant.draft.settings_version}


def edited(tenant: Tenant) -> Body:
    title, why = f"questions/{QUESTION}/title", f"questions/{QUESTION}/why"
    return (
        {"op_id": str(uuid.uuid4()), "page": f"question:{QUESTION}"}
        | field(tenant.content, title, "Another title")
        | field(tenant.content, why, "Another reason")
        | field(tenant.content, f"questions/{QUESTION}/weight", "2")
    )


def named(tenant: Tenant) -> Body:
    return BODIES["assessments:start"](tenant) | {"scope": "All of it\nand more"}


def invited(tenant: Tenant) -> Body:
    return BODIES["programme:invite"](tenant) | {f"{tenant.entry.uuid}-organisation_name": "New name"}


def entry_fault(name: str, value: str) -> Callable[[Tenant], Body]:
    return lambda tenant: {f"{tenant.entry.uuid}-{name}": value}


Fault = Body | Callable[[Tenant], Body]
FORMS: dict[str, tuple[Callable[[Tenant], Body], list[Fault]]] = {
    "account_email": (BODIES["account_email"], [{"email": "no address"}]),
    "account_change_password": (BODIES["account_change_password"], [{"oldpassword": "wrong"}]),
    "account_reauthenticate": (BODIES["account_reauthenticate"], [{"password": "wrong"}]),
    "profile": (BODIES["profile"], [{"name": ""}, {"name": LINES}, {"job_title": LINES}]),
    "accounts:organisation": (
        BODIES["accounts:organisation"],
        [{"name": ""}, {"name": LINES}, {"kind": "nonsense"}, {"paper": "nonsense"}],
    ),
    "accounts:site_add": (
        BODIES["accounts:site_add"],
        [{"name": ""}, {"name": LINES}, {"place": "x" * 121}, {"time_zone": "Nowhere"}],
    ),
    "accounts:site_change": (
        lambda t: BODIES["accounts:site_change"](t) | {"place": "Aarhus"},
        [{"name": ""}, {"name": LINES}, {"place": "x" * 121}, {"time_zone": "Nowhere"}],
    ),
    "accounts:member": (BODIES["accounts:member"], [{"role": "king"}]),
    "accounts:invite": (BODIES["accounts:invite"], [{"email": "no address"}, {"role": "king"}]),
    "accounts:engage": (
        BODIES["accounts:engage"],
        [{"emails": "no address"}, {"kind": "king"}, {"until_on": "tomorrow"}, {"until_on": "2020-01-01"}],
    ),
    "accounts:engagement_change": (
        BODIES["accounts:engagement_change"],
        [{"kind": "king"}, {"until_on": "tomorrow"}],
    ),
    "accounts:consultant_name": (BODIES["accounts:consultant_name"], [{"email": "no address"}]),
    "assessments:start": (named, [{"title": ""}, {"scope": LONG}, {"site": "x"}, {"version": "x"}]),
    "assessments:rename": (
        lambda t: BODIES["assessments:rename"](t) | {"scope": "All of it"}, [{"title": ""}, {"scope": LONG}]
    ),
    "assessments:carry": (BODIES["assessments:carry"], [{"source": ""}]),
    "assessments:leave_out": (BODIES["assessments:leave_out"], [{"reason": "short"}, {"reason": LONG}]),
    "assessments:unclear": (BODIES["assessments:unclear"], [{"text": "x" * 1001}]),
    "assessments:reopen": (BODIES["assessments:reopen"], [{"reason": "short"}, {"reason": LONG}]),
    "assessments:save": (
        answered,
        [{"reply": "6"}, {"grade": "E9"}, {"comment": LONG}, {"evidence_note": LONG}, {"seen": ""}],
    ),
    "assessments:foundation": (
        lambda t: BODIES["assessments:foundation"](t) | {"on": "2026-01-05", "tool": "DPMM 3.0", "by": "QA"},
        [{"source": "guess"}, {"level": "9"}, {"on": "soon"}, {"tool": "x" * 121}, {"by": LINES}],
    ),
    "assessments:targets": (
        targeted,
        [{"start_on": "soon"}, {"capacity": "many"}, {"blackout_weeks": "some"}, {"use_cases": ["X"]}],
    ),
    "assessments:decide": (
        BODIES["assessments:decide"],
        [{"decision": "guess"}, {"level": "9"}, {"reason": LONG}, {"reason": "short"}, {"pointer": LONG}],
    ),
    "assessments:finish_review": (BODIES["assessments:finish_review"], [{"statement": LONG}]),
    "assessments:answer_inquiry": (BODIES["assessments:answer_inquiry"], [{"text": LONG}]),
    "assessments:answer_change": (
        BODIES["assessments:answer_change"], [{"stance": "maybe"}, {"text": LONG}]
    ),
    "editor:save": (edited, [{f"value:questions/{QUESTION}/weight": "none"}]),
    "editor:add": (BODIES["editor:add"], [{"code": "no code"}, {"title": ""}]),
    "editor:ask": (BODIES["editor:ask"], [{"note": "short"}, {"number": "none"}]),
    "programme:invite": (
        invited, [entry_fault("organisation_name", ""), entry_fault("kind", "nonsense")]
    ),
    "programme:note": (BODIES["programme:note"], [{"note": LONG}]),
    "waitlist": (
        lambda t: dict(JOINED),
        [{"name": ""}, {"email": "no address"}, {"organisation_name": LINES}, {"kind": "x"}, {"role": "x"},
         {"country": "x"}, {"interests": ["x"]}, {"consent": ""}],
    ),
    "accept_invitation": (
        lambda t: {"name": "New person", "password1": NEW, "password2": NEW},
        [{"name": ""}, {"name": LINES}, {"password2": "another"}],
    ),
    "account_login": (
        lambda t: {"login": "who@example.org", "password": "x"}, [{"password": "y"}, {"password": ""}]
    ),
    "account_reset_password": (lambda t: {"email": "who@example.org"}, [{"email": "no address"}]),
    "account_reset_password_from_key": (lambda t: {"password1": "a", "password2": "b"}, [{"password2": "c"}]),
}  # fmt: skip
# Buttons, choices that are one click, and files: nothing typed that could be lost.
WITHOUT_WORDS = {
    *(name for name, body in BODIES.items() if body.__name__ == "nothing"),
    "account_confirm_reauthentication_code",  # not in use
    "accept_engagement",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_inactive",
    "account_logout",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_signup",
    "assessments:accept_rest",
    "assessments:confirm_carried",
    "assessments:answering",
    "assessments:show_part",
    "assessments:take_back",
    "editor:move",
    "editor:publish",
    "live",
    "sample_report_ask",
    "waitlist_confirm",
    "waitlist_leave",
}


@pytest.mark.check("R-09")
def test_no_form_is_forgotten():
    posting = {name for name, rule in POLICY.items() if rule.post is not None}
    assert posting == set(FORMS) | WITHOUT_WORDS
    assert not set(FORMS) & WITHOUT_WORDS


@pytest.mark.check("R-09")
def test_a_refused_form_gives_back_all_that_was_typed(world, figure):
    tenant = world.tenants["A"]
    kept = sessions(world)
    link = newest_link("invitations", tenant.invitation.email)
    lost: list[object] = []
    posts = values = 0
    for name, keys in walk():
        if name not in FORMS:
            continue
        whole, faults = FORMS[name]
        public = Access.PUBLIC in (POLICY[name].get, POLICY[name].post)
        actor = "anonymous" if public else next(
            who for who in kept if who != "anonymous" and expected(name, who, "POST") == "OK"
        )  # fmt: skip
        address = reverse(name, kwargs=arguments(name, tenant, keys))
        for fault in faults:
            wrong = fault(tenant) if callable(fault) else fault
            body = whole(tenant) | wrong
            with undone():
                cache.clear()
                client = browser_of(kept[actor])
                if name == "accept_invitation":
                    client.get(link)
                reply = client.post(address, body)
            posts += 1
            gone = emptied(body, wrong, reply.content.decode())
            refused = (200,) if name.startswith("account_") else (409, 422)  # allauth has no 422
            values += len(body.keys() - UNSHOWN)
            if reply.status_code not in refused or gone:
                lost.append((name, wrong, reply.status_code, gone))
    figure("R-09", forms=len(FORMS), posts=posts, values=values, emptied=len(lost))
    assert lost == []


def test_what_a_page_dropped_is_found():
    page = """<form><input name="name" value="Ada"><textarea name="scope">
All
of it</textarea><select name="kind"><option value="a">A</option><option value="b" selected>B</option></select>
<input type="checkbox" name="consent" checked></form>"""
    body = {"name": "Ada", "scope": "All\r\nof it", "kind": "b", "consent": "on"}
    assert emptied(body, {}, page) == []
    assert emptied(body | {"name": "Bo", "scope": "Some", "kind": "a", "more": "words"}, {}, page) == [
        "name", "scope", "kind", "more",
    ]  # fmt: skip
    assert emptied(body | {"kind": "no such"}, {"kind": "no such"}, page) == []
