"""A world whose every text tries to run something, in the database of a running site (S-13)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import cycle
from typing import Any
from unittest import mock

from django.urls import reverse

from frameworks.document.checks import parse_framework
from frameworks.document.dump import dump_document
from frameworks.document.faults import DocumentFaults
from frameworks.document.shapes import FrameworkSpec
from tests import builders, world
from tests.integration import test_url_policy
from tests.payloads import WHOLE, groups
from tests.policy import POLICY, expected, walk

SHORT = 112  # signs that the shortest field of own words holds
LONG = {"scope", "comment", "evidence", "reason", "why", "inquiry", "reply", "statement", "stance", "note"}
ACTORS = ("anonymous", "owner", "reviewer", "editor", "programme_admin")
# Documents and files to fetch, links of mails, and what signs out.
LEFT_OUT = re.compile(
    r"_link|_file$|:file$|:tables$|:plan_table$|figure$|export|logout|reauth|^live$|^invitation$|^engagement$|_code$|from_key"
)


class HostileTenant(world.Tenant):
    """Its own words are payloads: all of them where there is room, else one group after another."""

    turns = cycle(groups(SHORT))

    def mark(self, place: str) -> str:
        return WHOLE if place.rpartition(".")[2] in LONG else next(self.turns)

    def email(self, place: str) -> str:
        return super().mark(place).lower() + "@example.org"


def make() -> None:
    """Fill the database; prints who may open which page of it as JSON: {address of the person: paths}."""
    spec = hostile_spec()
    with (
        mock.patch.object(world, "Tenant", HostileTenant),
        mock.patch.object(world, "tiny_spec", lambda: spec),
        mock.patch.object(test_url_policy, "SPEC", spec),
    ):
        made = world.make_world()
        found = {actor: list(pages_of(actor, made)) for actor in ACTORS}
    people = {actor: person.email if person else "" for actor, person in made.actors.items()}
    print(json.dumps({people[actor]: paths for actor, paths in found.items()}))


def pages_of(actor: str, made: world.World) -> Iterator[str]:
    """The pages of organisation A that this person may open."""
    for name, keys in walk():
        if name not in POLICY or LEFT_OUT.search(name) or expected(name, actor, "GET") != "OK":
            continue
        yield reverse(name, kwargs=test_url_policy.arguments(name, made.tenants["A"], keys))


def hostile_spec() -> FrameworkSpec:
    """The tiny framework with payloads in every text that takes one, as the newest version of the site's."""
    document = json.loads(json.dumps(dump_document(builders.tiny_spec()), default=str))
    document |= {"framework": builders.bami_spec().framework, "version": "9.0"}
    turns = cycle(groups(SHORT))
    spec = parse_framework(document)
    for holder, key in list(texts(document)):
        stands = holder[key]
        for words in (WHOLE, next(turns)):
            holder[key] = f"{stands} {words}"
            try:
                spec = parse_framework(document)
                break
            except DocumentFaults:  # a code, a word of a list, or too long
                holder[key] = stands
    return spec


def texts(part: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a document where a text stands: what holds it, and its key."""
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        if isinstance(value, str):
            yield part, key
        elif isinstance(value, dict | list):
            yield from texts(value)
