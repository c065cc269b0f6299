"""Every address, everybody, both methods: who gets in is decided on purpose (S-01, S-03, S-21)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.middleware import csrf
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.bodies import BODIES
from tests.builders import tiny_spec
from tests.policy import OF_INSTALLATION, POLICY, Access, expected, views, walk
from tests.world import Tenant, World, make_world

METHODS = ("GET", "POST")
SPEC = tiny_spec()
QUESTION = next(iter(SPEC.questions))
# What a request may write however it ends: who came when, and what was tried.
KEPT = re.compile(r'"(django_session|records_event|records_chainhead)"')
WRITES = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\b", re.IGNORECASE)


@pytest.fixture
def world(db) -> World:
    return make_world()


def arguments(name: str, tenant: Tenant, keys: tuple[str, ...]) -> dict[str, object]:
    """What stands in the address for this tenant's own things."""
    values: dict[str, object] = {
        "uuid": subject(name, tenant).uuid,
        "site_uuid": tenant.site.uuid,
        "user_uuid": tenant.people["viewer"].uuid,
        "invitation_uuid": tenant.invitation.uuid,
        "engagement_uuid": tenant.engagement.uuid,
        "consultant_uuid": tenant.consultant.uuid,
        "report_uuid": tenant.report.uuid,
        "inquiry": tenant.inquiry.uuid,
        "note": tenant.note.uuid,
        "revision": 1,
        "kind": "reviewed",
        "dimension": SPEC.dimension_of[QUESTION],
        "question": QUESTION,
        "code": code_in(name),
        "framework": SPEC.framework,
        "version": SPEC.version,
        "figure": "ladder",
        "ending": "csv",
        "token": "no-such-token",
        "key": "no-such-key",
        "uidb36": "1",
    }
    return {key: values[key] for key in keys}


def subject(name: str, tenant: Tenant) -> Any:
    """What the first UUID of an address names."""
    if name == "programme:send_again":
        return tenant.unsent
    if name == "assessments:sites":
        return tenant.organisation
    space = name.partition(":")[0]
    things = {
        "accounts": tenant.organisation,
        "programme": tenant.entry,
        "editor": tenant.content,
        "question_preview": tenant.content,
    }
    return things.get(space) or getattr(tenant, POLICY[name].on)


def code_in(name: str) -> str:
    """The code of content in an address: a use case's, a question's, else a dimension's."""
    if name == "editor:use_case":
        return SPEC.use_cases[0].code
    of_question = {"editor:question", "editor:move", "editor:remove", "question_preview"}
    return QUESTION if name in of_question else SPEC.dimensions[0].code


def ids_of(given: dict[str, object]) -> list[str]:
    return [key for key, value in given.items() if isinstance(value, uuid.UUID)]


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    cache.clear()


def asked(
    client: Client, method: str, address: str, body: dict[str, Any] | None = None
) -> tuple[HttpResponse, list[str]]:
    """The reply, and the statements that wrote to anything but sessions and the trail."""
    connection.queries_log.clear()  # it holds 9,000 and complains of more
    with CaptureQueriesContext(connection) as queries:
        reply = client.get(address) if method == "GET" else client.post(address, body)
        if reply.streaming:
            reply.getvalue()  # at its end the client closes the file
    wrote = [
        query["sql"] for query in queries if WRITES.match(query["sql"]) and not KEPT.search(query["sql"])
    ]
    return reply, wrote  # type: ignore[return-value]  # the client's own class of replies


def outcome(reply: HttpResponse) -> str:
    """Which door that was."""
    if reply.status_code == 302 and reply["Location"].startswith(reverse("account_login")):
        return "LOGIN"
    codes = {401: "LOGIN", 403: "DENY", 404: "HIDE", 405: "METHOD"}
    known = reply.status_code in (200, 202, 302, 409, 422, 428)
    return codes.get(reply.status_code, "OK" if known else str(reply.status_code))


def sessions(world: World) -> dict[str, str]:
    """The session of each actor who can sign in."""
    found = {}
    for name, person in world.actors.items():
        client = Client()
        if person:
            client.force_login(person)
        found[name] = client.cookies["sid"].value if person else ""
    return found


def browser_of(session: str) -> Client:
    """A browser as it is before the first click: what a page does to its cookies lasts for one."""
    client = Client()
    if session:
        client.cookies["sid"] = session
    return client


def plain(reply: HttpResponse) -> str:
    """A page without what differs from one opening to the next."""
    words = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", reply.content.decode())
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "UUID", words)


@pytest.mark.check("S-01")
def test_every_address_is_in_the_policy_and_the_policy_names_no_other():
    assert {name for name, _keys in walk()} == set(POLICY)


@pytest.mark.check("S-01")
def test_everybody_finds_at_every_address_the_door_that_the_policy_says(world, figure):
    unexpected: list[object] = []
    cells = 0
    kept = sessions(world)
    bodies = {name: make(world.tenants["A"]) for name, make in BODIES.items()}
    for (name, keys), (actor, session), method in product(list(walk()), kept.items(), METHODS):
        address = reverse(name, kwargs=arguments(name, world.tenants["A"], keys))
        body = bodies.get(name)
        with undone():
            reply, wrote = asked(browser_of(session), method, address, body)
        found, wanted = outcome(reply), expected(name, actor, method)
        public = Access.PUBLIC in (POLICY[name].get, POLICY[name].post)
        cells += 1
        if found != wanted and not (public and wanted == "OK" and reply.status_code < 500):
            unexpected.append((name, actor, method, wanted, found))
        elif wrote and (found != "OK" or method == "GET") and not public:
            unexpected.append((name, actor, method, "nothing written", wrote[0]))
    figure("S-01", cells=cells, unexpected=len(unexpected))
    assert unexpected == []


@pytest.mark.check("S-01")
def test_what_is_foreign_is_like_what_is_not_there(world, figure):
    """Ids of another organisation, of nothing, and none at all: 404, in the same words."""
    unexpected: list[object] = []
    cells = 0
    client = browser_of(sessions(world)["owner"])
    for (name, keys), method in product(list(walk()), METHODS):
        own = arguments(name, world.tenants["A"], keys)
        if not ids_of(own) or expected(name, "owner", method) not in ("OK", "DENY", "HIDE"):
            continue
        if POLICY[name].get in OF_INSTALLATION or POLICY[name].post in OF_INSTALLATION:
            continue  # belongs to no organisation
        foreign = arguments(name, world.tenants["B"], keys)
        absent = own | {key: uuid.uuid4() for key in ids_of(own)}
        pages = []
        for given in (foreign, absent):
            reply, wrote = asked(client, method, reverse(name, kwargs=given))
            pages.append(plain(reply))
            cells += 1
            if outcome(reply) != "HIDE" or wrote:
                unexpected.append((name, method, given, reply.status_code, wrote))
        if pages[0] != pages[1]:
            unexpected.append((name, method, "foreign and absent differ"))
        for key in ids_of(own):
            address = reverse(name, kwargs=own).replace(str(own[key]), "not-an-id")
            reply, _wrote = asked(client, method, address)
            cells += 1
            if reply.status_code != 404:
                unexpected.append((name, method, address, reply.status_code, ""))
    figure("S-01", cells=cells, unexpected=len(unexpected))
    assert unexpected == []


@pytest.mark.check("S-03")
def test_parent_and_child_always_agree(world, figure):
    """Own and foreign ids in every mixture but the right one: 404, and nothing is written."""
    changed: list[object] = []
    pairs = 0
    client = browser_of(sessions(world)["owner"])
    a, b = world.tenants["A"], world.tenants["B"]
    for (name, keys), method in product(list(walk()), METHODS):
        own, foreign = arguments(name, a, keys), arguments(name, b, keys)
        ids = ids_of(own)
        if len(ids) < 2 or expected(name, "owner", method) == "METHOD":
            continue
        if POLICY[name].get in OF_INSTALLATION or POLICY[name].post in OF_INSTALLATION:
            continue  # belongs to no organisation: an owner finds 403 at every mixture
        for mixture in product((own, foreign), repeat=len(ids)):
            given = own | {key: source[key] for key, source in zip(ids, mixture, strict=True)}
            if given == own:
                continue
            reply, wrote = asked(client, method, reverse(name, kwargs=given))
            pairs += 1
            if reply.status_code != 404 or wrote:
                changed.append((name, method, given, reply.status_code, wrote))
    figure("S-03", pairs=pairs, changed=len(changed))
    assert changed == []


@pytest.mark.check("S-21")
def test_no_change_without_the_token_of_its_own_session_and_page(world, figure):
    """Every address that takes a POST, by who may: no token, a foreign page, the token of another session."""
    let_through, tried = [], 0
    kept = sessions(world)
    for name, keys in walk():
        if POLICY[name].post is None:
            continue
        actor = next((who for who in kept if expected(name, who, "POST") == "OK"), "owner")
        address = reverse(name, kwargs=arguments(name, world.tenants["A"], keys))
        mine, theirs = csrf._get_new_csrf_string(), csrf._get_new_csrf_string()
        for what, token, headers in (
            ("no token", "", {}),
            ("foreign page", mine, {"Origin": "https://evil.example"}),
            ("another's token", theirs, {}),
        ):
            client = Client(enforce_csrf_checks=True)
            client.cookies["sid"], client.cookies["csrf"] = kept[actor], mine
            with undone():
                reply = client.post(address, {"csrfmiddlewaretoken": token}, headers=headers)
            tried += 1
            if reply.status_code != 403:
                let_through.append((name, actor, what, reply.status_code))
    exempt = [name for name, view in views() if getattr(view, "csrf_exempt", False)]
    figure("S-21", tried=tried, exempt=len(exempt), open=len(let_through) + len(exempt))
    assert (let_through, exempt) == ([], [])


@pytest.mark.check("S-21")
def test_opening_a_page_changes_nothing(world, figure):
    changed, tried = [], 0
    for (name, keys), (actor, session) in product(list(walk()), sessions(world).items()):
        address = reverse(name, kwargs=arguments(name, world.tenants["A"], keys))
        with undone():
            _reply, wrote = asked(browser_of(session), "GET", address)
        tried += 1
        changed += [(name, actor, statement) for statement in wrote]
    figure("S-21", tried=tried, open=len(changed))
    assert changed == []
