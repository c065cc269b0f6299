"""Every way in which something is written: each address that takes a POST, and what workers do."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core import mail as outbox
from django.core import signing
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Engagement, Membership, Site, User
from accounts.services import engagements, waitlist
from accounts.services.people import create_owner
from assessments.forms.leaving_out import seen_in
from assessments.models import Assessment
from assessments.services.assessments import archive_assessment, start_assessment
from frameworks.document.digest import canonical_json
from frameworks.document.editing import mark_of
from frameworks.document.parts import find_question
from frameworks.queries import document_of
from frameworks.services.drafts import add_question
from frameworks.services.publication import ask_for_publication
from frameworks.services.versions import install_framework
from frameworks.views.files import PENDING
from records.jobs import sweep
from records.models import Job
from reports.services import request_report
from tests import builders
from tests.bodies import BODIES, NEW, QUESTION
from tests.builders import BAMI, PASSWORD, bami_spec, tiny_spec
from tests.integration.test_url_policy import arguments, browser_of, sessions
from tests.mailing import send_what_is_due
from tests.policy import POLICY, Access, expected, walk
from tests.waitlist import FORM, details
from tests.world import Tenant, World

BO = "bo@quay.example"
EDITOR = "editor@programme.example"


@dataclass
class Flow:
    """One deed as somebody does it. `first` brings about what it needs, before anything is looked at.

    `steps`: deeds that it consists of, each whole by itself: who joins is signed in, which is noted too.
    """

    name: str
    run: Callable[[], object]
    first: Callable[[], object] = lambda: None
    steps: int = 1


def flows(world: World) -> list[Flow]:
    """All of them; addresses by the first person of the cast who may."""
    kept = sessions(world)
    tenant = world.tenants["A"]
    found = []
    for name, keys in walk():
        rule = POLICY[name]
        if rule.post is None or Access.PUBLIC in (rule.get, rule.post):
            continue
        actor = next(who for who in kept if who != "anonymous" and expected(name, who, "POST") == "OK")
        person = world.actors[actor]
        assert person is not None
        found.append(Flow(name, _posting(name, keys, tenant, kept[actor], person), _first(name, tenant)))
    return [*found, *of_visitors(tenant), *of_workers(tenant), *of_commands()]


def _first(name: str, tenant: Tenant) -> Callable[[], None]:
    def first() -> None:
        signed_in_lately.clear()  # the database was put back since
        FIRST.get(name, lambda _tenant: None)(tenant)
        tenant.content.refresh_from_db()

    return first


def _posting(
    name: str, keys: tuple[str, ...], tenant: Tenant, session: str, person: User
) -> Callable[[], None]:
    def run() -> None:
        cache.clear()
        client = browser_of(signed_in_lately.get(person.email, session))
        client.raise_request_exception = False
        given = arguments(name, tenant, keys) | TO.get(name, lambda _tenant: {})(tenant)
        body = BODY.get(name, BODIES[name])(tenant)
        client.post(reverse(name, kwargs=given), body)

    return run


# --- What an address needs before it has something to do ----------------------------------------------------

signed_in_lately: dict[str, str] = {}  # sessions that may change an account, by address


def sign_in(tenant: Tenant) -> None:
    """Changing one's account asks for a password given lately."""
    person = User.objects.get(email="nobody@example.org")
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    signed_in_lately[person.email] = client.cookies["sid"].value


def empty_draft(tenant: Tenant) -> None:
    version = builders.make_version(tiny_spec())
    start_assessment(actor=tenant.people["owner"], site=tenant.site, version=version, title="Empty", scope="")


def bami_draft(tenant: Tenant) -> None:
    """Its D3 may be left out as a whole."""
    version = builders.make_version()
    start_assessment(actor=tenant.people["owner"], site=tenant.site, version=version, title="BAMI", scope="")


def answered(tenant: Tenant) -> None:
    builders.answer(tenant.draft, tenant.people["owner"], QUESTION, 1)


def carried(tenant: Tenant) -> None:
    """An answer that was copied from the submitted assessment and waits to be confirmed."""
    copied = tenant.submitted.answers.get(question_code=QUESTION)
    tenant.draft.answers.filter(question_code=QUESTION).update(carried_from=copied)


def put_away(tenant: Tenant) -> None:
    archive_assessment(actor=tenant.people["owner"], assessment=tenant.draft)


def unanswered(tenant: Tenant) -> None:
    tenant.draft.answers.update(state="unanswered", level=None)


def ask(tenant: Tenant) -> None:
    """Another editor asks for the publication of what the world's draft holds."""
    author = User.objects.get(email="author@programme.example")
    tenant.content.refresh_from_db()  # as the database was put back
    ask_for_publication(
        actor=author, draft=tenant.content, note="Another wording of D1.", revision=tenant.content.revision,
        number="9.0",
    )  # fmt: skip


def one_more_question(tenant: Tenant) -> None:
    """Nothing names it, so it can be taken out again."""
    author = User.objects.get(email="author@programme.example")
    dimension = tiny_spec().dimensions[0].code
    add_question(actor=author, draft=tenant.content, dimension=dimension, code="D1-NEW", title="New")


def invite(tenant: Tenant) -> None:
    admin = User.objects.get(email="admin@programme.example")
    invited = waitlist.Invited(entry=tenant.entry.uuid, organisation_name="New", kind="cdmo")
    waitlist.invite_from_waitlist(actor=admin, invited=[invited])


def mistaken_site(tenant: Tenant) -> None:
    builders.make_site(tenant.organisation, name="Added by mistake")


def newest_site(tenant: Tenant) -> dict[str, Any]:
    return {"site_uuid": Site.objects.of(tenant.organisation).latest("pk").uuid}


def newest(tenant: Tenant) -> dict[str, Any]:
    return {"uuid": Assessment.objects.of(tenant.organisation).latest("pk").uuid}


def removing(tenant: Tenant) -> dict[str, Any]:
    found = find_question(document_of(tenant.content), "D1-NEW")
    assert found is not None
    return {"seen": mark_of(found[1])}


def replacing(tenant: Tenant) -> dict[str, Any]:
    """The second step of a replacement: the document that the page of the difference holds."""
    document = document_of(tenant.content) | {"title": "Another title"}
    held = {"draft": str(tenant.content.uuid), "document": canonical_json(document), "source": "a.yaml"}
    return {
        "pending": signing.dumps(held, salt=PENDING, compress=True),
        "revision": str(tenant.content.revision),
    }


def leaving_out(tenant: Tenant) -> dict[str, Any]:
    draft = Assessment.objects.of(tenant.organisation).latest("pk")
    return BODIES["assessments:leave_out"](tenant) | {"seen": seen_in(list(draft.answers.all()))}


def second_owner(tenant: Tenant) -> None:
    """The last owner cannot leave."""
    Membership.objects.of(tenant.organisation).filter(role="viewer").update(role="owner")


FIRST: dict[str, Callable[[Tenant], None]] = {
    "account_email": sign_in,
    "account_change_password": sign_in,
    "accounts:leave": second_owner,
    "accounts:site_remove": mistaken_site,
    "assessments:delete": empty_draft,
    "assessments:leave_out": bami_draft,
    "assessments:take_back": answered,
    "assessments:carry": unanswered,
    "assessments:confirm_carried": carried,
    "assessments:restore": put_away,
    "assessments:mark_unknown": unanswered,
    "editor:take_back": ask,
    "editor:publish": ask,
    "editor:remove": one_more_question,
    "programme:invite_again": invite,
    "programme:revoke": invite,
}
TO: dict[str, Callable[[Tenant], dict[str, Any]]] = {
    "accounts:site_remove": newest_site,
    "assessments:delete": newest,
    "assessments:leave_out": lambda tenant: newest(tenant) | {"dimension": "D3"},
    "editor:remove": lambda _tenant: {"code": "D1-NEW"},
    "reports:ask": lambda tenant: {"uuid": tenant.draft.uuid},
    "assessments:carry": lambda tenant: {"uuid": tenant.draft.uuid},
}
BODY: dict[str, Callable[[Tenant], dict[str, Any]]] = {
    "assessments:leave_out": leaving_out,
    "editor:remove": removing,
    "editor:replace": replacing,
    "editor:upload": lambda _tenant: {"file": SimpleUploadedFile("bami.yaml", BAMI.read_bytes())},
}


# --- Who is not signed in -----------------------------------------------------------------------------


def of_visitors(tenant: Tenant) -> list[Flow]:
    """The waitlist, taking places, signing in and out, and a new password."""
    links: dict[str, str] = {}

    def learn(name: str, to: str, act: Callable[[], object] = lambda: None) -> Callable[[], None]:
        def first() -> None:
            act()
            links[name] = newest_link(name, to)

        return first

    def posting(address: str, link: str = "", **body: Any) -> Callable[[], None]:
        def run() -> None:
            cache.clear()
            client = Client(raise_request_exception=False)
            led_to = client.get(links[link], follow=True).request["PATH_INFO"] if link else ""
            client.post(address or led_to, body)

        return run

    def join() -> None:
        waitlist.join_waitlist(details=details(email=BO))

    def reset() -> None:
        Client().post("/accounts/password/reset/", {"email": tenant.people["owner"].email})

    def taken() -> None:
        client = browser_of(held["session"])
        client.raise_request_exception = False
        client.get(links["engagements"], follow=True)
        client.post("/engagements/accept/")

    def with_account() -> None:
        firm = builders.make_organisation("Another firm", kind="consultancy")
        client = Client()
        person = builders.make_member(firm, email=tenant.consultant.email)
        client.force_login(person)
        held["session"] = client.cookies["sid"].value
        links["engagements"] = newest_link("engagements", tenant.consultant.email)

    held: dict[str, str] = {}
    owner = tenant.people["owner"]
    new = {"name": "New", "password1": NEW, "password2": NEW}
    set_password = posting("", "accounts/password", **new)
    sign_in = posting("/accounts/login/", login=owner.email, password=PASSWORD)
    confirm, leave = "waitlist/confirm", "waitlist/leave"
    place = learn("invitations", tenant.invitation.email)
    return [
        Flow("waitlist", posting("/waitlist/", **dict[str, Any](FORM))),
        Flow("waitlist_confirm", posting("/waitlist/confirm/", confirm), learn(confirm, BO, join)),
        Flow("waitlist_leave", posting("/waitlist/leave/", leave), learn(leave, BO, join)),
        Flow("accept_invitation", posting("/invitations/accept/", "invitations", **new), place, steps=3),
        Flow("accept_engagement", taken, with_account),
        Flow("account_login", sign_in),
        Flow("account_reset_password", posting("/accounts/password/reset/", email=owner.email)),
        Flow("account_reset_password_from_key", set_password, learn("accounts/password", owner.email, reset)),
        Flow("sample_report_ask", posting(reverse("sample_report_ask"))),
    ]


def newest_link(name: str, to: str) -> str:
    """The path of the newest link that begins so in a mail to this address."""
    outbox.outbox.clear()
    send_what_is_due()
    for sent in reversed(outbox.outbox):
        if sent.to == [to] and (found := re.search(rf"https?://[^/\s]+(/{name}/\S+)", str(sent.body))):
            return found[1]
    raise LookupError(name)


# --- Workers and commands -----------------------------------------------------------------------------


def of_workers(tenant: Tenant) -> list[Flow]:
    """The ends of a job, and what a sweep does."""
    held: dict[str, Any] = {}

    def claimed() -> None:
        held["job"] = request_report(actor=tenant.people["owner"], assessment=tenant.draft).job
        Job.objects.work().claim(held["job"].pk, "here")

    def given_up() -> None:
        claimed()
        late = timezone.now() - timedelta(hours=1)
        Job.objects.work().filter(pk=held["job"].pk).update(attempts=3, lease_until=late)

    def old_entry() -> None:
        builders.make_waiting(joined_at=timezone.now() - timedelta(days=400))

    def lapsed() -> None:
        person = builders.make_member(
            builders.make_organisation("Past firm", kind="consultancy"), email="past@firm.example"
        )
        yesterday = timezone.localdate() - timedelta(days=1)
        firm = person.memberships.get().organisation
        kind = Engagement.Kind.READ
        builders.make_engagement(tenant.organisation, firm, [person], kind=kind, until_on=yesterday)

    def finish() -> None:
        Job.objects.work().finish(held["job"].pk, 1, {"file": "x.pdf", "pages": 1})

    return [
        Flow("report finished", finish, claimed),
        Flow("report failed", lambda: Job.objects.work().fail(held["job"].pk, 1, "too large"), claimed),
        Flow("jobs swept", sweep, given_up),
        Flow("waitlist swept", waitlist.sweep, old_entry),
        Flow("engagements swept", engagements.sweep, lapsed),
    ]  # fmt: skip


def of_commands() -> list[Flow]:
    def own() -> None:
        create_owner(email="new@quay.example", organisation_name="Quay", name="New")

    return [
        Flow("install_framework", lambda: install_framework(bami_spec())),
        Flow("create_owner", own),
        Flow("create_admin", lambda: call_command("create_admin", "adm@quay.example", "--editor")),
        Flow("create_admin --no-editor", lambda: call_command("create_admin", EDITOR, "--no-editor")),
    ]
