"""Only the fields that a form names are written, whoever sends whatever besides (S-06)."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import reverse

from tests.bodies import BODIES
from tests.integration.test_url_policy import arguments, browser_of, sessions, undone
from tests.policy import POLICY, Access, expected, walk
from tests.world import make_world

OURS = ("accounts", "assessments", "frameworks", "records", "reports", "account")
# Differ from one run to the next whatever is sent: keys, moments, random parts and what is made of them.
VOLATILE = re.compile(r"^(id|uuid|hash|digest|password|key)$|_at$|_hash$")
MADE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[\d:.+]+")  # a UUID or a moment inside a text
# What a field of that name could be set to, to do harm.
HARM = {
    "state": "reviewed", "role": "owner", "level": "5", "kind": "reviewer", "is_editor": "on", "grade": "E3",
    "is_programme_admin": "on", "is_active": "", "archived_at": "2020-01-01", "submitted_at": "2020-01-01",
    "revision": "99", "version": "99", "stamp": "99", "index": "100", "accepted_at": "2020-01-01",
}  # fmt: skip


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


def rows(known: dict[type[models.Model], set[Any]]) -> dict[str, list[dict[str, Any]]]:
    """Every row of ours without what is volatile; a key of a row that is not `known` is only "new"."""
    found = {}
    for model in ours():
        if model.__name__ in ("Event", "ChainHead", "FrameworkVersion"):
            continue
        related = {
            field.attname: known.get(field.related_model, set())
            for field in model._meta.concrete_fields
            if isinstance(field.related_model, type)
        }
        found[model.__name__] = [
            {
                name: "new" if name in related and value and value not in related[name] else plain(value)
                for name, value in row.items()
                if not VOLATILE.search(name)
            }
            for row in model._base_manager.order_by("pk").values()
        ]
    return found


def plain(value: object) -> object:
    return MADE.sub("made", str(value)) if isinstance(value, str | dict) else value


def every_field() -> dict[str, str]:
    """A value for each field name of each model of ours."""
    names = {field.name for model in ours() for field in model._meta.get_fields() if field.concrete}
    names |= {f"{name}_id" for name in names}
    return {name: HARM.get(name, "9") for name in sorted(names)}


def differences(one: Any, other: Any) -> list[object]:
    """Where two ends differ: statuses, and the first pair of rows of each model."""
    told: list[object] = [] if one[0] == other[0] else [(one[0], other[0])]
    for name in one[1]:
        if one[1][name] != other[1][name]:
            told.append(
                (
                    name,
                    [pair for pair in zip(one[1][name], other[1][name], strict=False) if pair[0] != pair[1]][
                        :1
                    ],
                )
            )
    return told


@pytest.mark.check("S-06")
def test_fields_beyond_a_form_change_nothing(db, figure):
    world = make_world()
    kept = sessions(world)
    changed, posts = [], 0
    harm = every_field()
    posting = {
        name for name, rule in POLICY.items()
        if rule.post is not None and Access.PUBLIC not in (rule.get, rule.post)
    }  # fmt: skip
    assert posting == set(BODIES)
    known = {model: set(model._base_manager.values_list("pk", flat=True)) for model in ours()}
    before = rows(known)
    for name, keys in walk():
        if name not in posting:
            continue
        address = reverse(name, kwargs=arguments(name, world.tenants["A"], keys))
        body = BODIES[name](world.tenants["A"])
        for actor in (
            actor for actor in kept if actor != "anonymous" and expected(name, actor, "POST") == "OK"
        ):
            ends = []
            for sent in (body, harm | body):
                with undone():
                    reply = browser_of(kept[actor]).post(address, sent)
                    ends.append((reply.status_code, rows(known)))
                posts += 1
            if ends[0] != ends[1]:
                changed.append((name, actor, *differences(*ends)))
    assert rows(known) == before
    figure("S-06", posts=posts, fields=len(harm), changed=len(changed))
    assert changed == []


@pytest.mark.check("S-06")
def test_no_form_takes_all_fields_of_a_model(figure):
    open_ended = []
    for app in ("accounts", "assessments", "bami_site", "frameworks", "records", "reports"):
        for path in sorted(Path(settings.BASE_DIR, app).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    name, value = node.targets[0].id, ast.unparse(node.value)
                    if (name, value) == ("fields", "'__all__'") or name == "exclude":
                        open_ended.append(f"{path.name}: {name} = {value}")
    figure("S-06", changed=len(open_ended))
    assert open_ended == []
