"""Who may do what: the guard of the manager, the table of rights, and the gate of who is not signed in."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import reverse

from accounts.models import User
from accounts.permissions import RIGHTS, Deed, Role, may
from assessments import permissions
from assessments.models import Assessment
from records.models import OwnedManager, OwnedModel, Unscoped
from tests import builders

OWNED = [model for model in apps.get_models() if issubclass(model, OwnedModel)]
OURS = ("accounts", "assessments", "bami_site", "frameworks", "records", "reports")
TABLE = {  # deed: who may, in the words of the table's roles
    Deed.READ: "owner respondent viewer reviewer reader",
    Deed.ASK_FOR_REPORT: "owner respondent viewer reviewer reader",
    Deed.ANSWER: "owner respondent",
    Deed.CALL_UNCLEAR: "owner respondent viewer reviewer reader",
    Deed.START: "owner",
    Deed.RENAME: "owner",
    Deed.ARCHIVE: "owner",
    Deed.DELETE: "owner",
    Deed.STATE_DPMM: "owner",
    Deed.SET_TARGETS: "owner",
    Deed.SUBMIT: "owner",
    Deed.REOPEN: "owner",
    Deed.REVIEW: "reviewer",
    Deed.ANSWER_REVIEW: "owner",
    Deed.SEE_ORGANISATION: "owner respondent viewer",
    Deed.LEAVE: "owner respondent viewer",
    Deed.KEEP_ORGANISATION: "owner",
    Deed.KEEP_SITES: "owner",
    Deed.KEEP_MEMBERS: "owner",
    Deed.ENGAGE: "owner",
    Deed.EDIT_CONTENT: "editor",
    Deed.PUBLISH: "editor",
    Deed.KEEP_WAITLIST: "programme-admin",
    Deed.KEEP_MAIL: "programme-admin",
}
PREDICATES = {
    "can_answer": Deed.ANSWER,
    "can_call_unclear": Deed.CALL_UNCLEAR,
    "can_rename": Deed.RENAME,
    "can_archive": Deed.ARCHIVE,
    "can_delete": Deed.DELETE,
    "can_state_dpmm": Deed.STATE_DPMM,
    "can_set_targets": Deed.SET_TARGETS,
    "can_submit": Deed.SUBMIT,
    "can_reopen": Deed.REOPEN,
    "can_ask_for_report": Deed.ASK_FOR_REPORT,
    "can_review": Deed.REVIEW,
    "can_answer_review": Deed.ANSWER_REVIEW,
}
ROLES = (*Role, None)


def allowed(role: str | None, deed: Deed) -> bool:
    return (role or "nobody").replace(" ", "-") in TABLE[deed].split()


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
def test_a_read_that_does_not_say_whose_raises(model):
    assert isinstance(model.objects, OwnedManager)
    reads = {
        "all": model.objects.all,
        "get": lambda: model.objects.get(pk=1),
        "filter": lambda: model.objects.filter(pk=1),
        "exclude": lambda: model.objects.exclude(pk=1),
        "count": model.objects.count,
        "first": model.objects.first,
        "values": model.objects.values,
        "update": model.objects.update,
        "select_related": model.objects.select_related,
        "in_bulk": model.objects.in_bulk,
        "get_or_create": lambda: model.objects.get_or_create(pk=1),
    }
    read: Any
    for read in reads.values():
        with pytest.raises(Unscoped, match=model.__name__):
            read()


def calls(name: str) -> list[tuple[str, ast.Call]]:
    """Every call of a method of that name in our own code."""
    found = []
    for app in OURS:
        for path in sorted(Path(settings.BASE_DIR, app).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr == name
                ):
                    found.append((str(path.relative_to(settings.BASE_DIR)), node))
    return found


# Rows that lead to an organisation and belong to the installation.
NOT_OWNED = {
    "ChainHead": "the trail's own counter, which no page reads",
    "User": "a person may belong to several; seen through memberships",
    "EmailAddress": "allauth's row of a person",
    "WaitlistEntry": "who waits belongs to no organisation yet; programme admins alone see it",
}
# Where the scope of managers could be gone past; `cursor` is for migrations and nothing else.
AROUND = {"raw", "cursor", "_base_manager", "unguarded"}


@pytest.mark.check("S-04")
def test_a_read_that_forgets_whose_fails_loudly(figure):
    """Every model that leads to an organisation is guarded, and few places go around, each with a reason."""
    unguarded = [name for name in leading_to_organisations() if name not in NOT_OWNED and name not in GUARDED]
    places = calls("unscoped")
    unexplained = [
        path
        for path, call in places
        if len(call.args) != 1
        or not isinstance(call.args[0], ast.Constant)
        or len(str(call.args[0].value).split()) < 4
    ]
    around = goings_around()
    unscoped = len(unguarded) + len(unexplained) + len(around) + max(0, len(places) - 10)
    figure("S-04", models=len(GUARDED), places=len(places), unscoped=unscoped)
    assert (unguarded, unexplained, around) == ([], [], [])
    assert len(places) <= 10


@pytest.mark.django_db
def test_who_is_not_in_the_database_sees_nothing_not_even_what_nobody_is_a_member_of():
    assessment = builders.make_assessment()
    assessment.organisation.memberships.all().delete()
    assert Assessment.objects.of(assessment.organisation).exists()
    for model in OWNED:
        rows = vars(model)["objects"].manager
        if isinstance(rows, OwnedManager):
            assert not rows.visible_to(User()).exists(), model.__name__


GUARDED = {model.__name__ for model in OWNED if isinstance(vars(model)["objects"].manager, OwnedManager)}


def leading_to_organisations() -> set[str]:
    """Our models from which foreign keys lead to an organisation, at any distance."""
    found = {"Organisation"}
    while True:
        more = {
            model.__name__
            for model in apps.get_models()
            for field in model._meta.concrete_fields
            if field.related_model and field.related_model.__name__ in found
        }
        if more <= found:
            return found - {"Organisation"}
        found |= more


def goings_around() -> list[str]:
    """Each use of a name that reads past a guarded manager; `none()` is what a form's field begins with."""
    found = []
    for app in OURS:
        for path in sorted(Path(settings.BASE_DIR, app).rglob("*.py")):
            if "migrations" in path.parts or path.name == "owned.py":
                continue
            names = [
                node
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(node, ast.Attribute)
            ]
            empty = {id(node.value) for node in names if node.attr == "none"}
            found += [
                f"{path.name}: {ast.unparse(node)}"
                for node in names
                if node.attr in AROUND and id(node) not in empty
            ]
    return found


def test_the_table_of_rights():
    assert set(RIGHTS) == set(TABLE) == set(Deed)
    for deed in Deed:
        for role in ROLES:
            assert may(role, deed) is allowed(role, deed), (deed, role)
    assert not any(may(role, deed) for role in ("", "OWNER", "admin") for deed in Deed)


@pytest.mark.parametrize(("name", "deed"), PREDICATES.items())
def test_each_predicate_reads_its_own_line_of_the_table(name, deed):
    assert {key for key in vars(permissions) if key.startswith("can_")} == set(PREDICATES)
    for role in ROLES:
        assessment = Assessment()
        if role:
            setattr(assessment, "role", role)  # noqa: B010  # as the query annotates it
        assert getattr(permissions, name)(assessment) is allowed(role, deed)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"Accept": "application/json"}])
def test_a_script_that_is_not_signed_in_gets_401_without_a_body(client, method, headers):
    response = getattr(client, method)(reverse("assessments:list"), headers=headers)
    assert (response.status_code, response.content) == (401, b"")
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_person_who_is_not_signed_in_is_sent_to_sign_in(client):
    response = client.get(reverse("assessments:list"))
    assert response.status_code == 302
    assert response.headers["Location"] == f"{reverse('account_login')}?next={reverse('assessments:list')}"
