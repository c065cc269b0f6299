"""No answer tells whether an address has an account (S-09)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth import hashers
from django.core import mail as outbox
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.builders import PASSWORD

UNKNOWN = "nobody@unknown.example"


def sign_in_door(cast, email):
    return Client(), reverse("account_login"), {"login": email, "password": "not the one at all"}


def reset_door(cast, email):
    return Client(), reverse("account_reset_password"), {"email": email}


def invitation_door(cast, email):
    return (
        owner(cast),
        reverse("accounts:invite", args=[cast.organisation.uuid]),
        {"email": email, "role": "viewer"},
    )


def engagement_door(cast, email):
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    posted = {"emails": email, "kind": "reader", "until_on": day}
    return owner(cast), reverse("accounts:engage", args=[cast.organisation.uuid]), posted


def own_address_door(cast, email):
    client = Client()
    client.post(reverse("account_login"), {"login": cast.owner.email, "password": PASSWORD})
    return client, reverse("account_email"), {"email": email, "action_add": ""}


def owner(cast):
    client = Client()
    client.force_login(cast.owner)
    return client


def knocked(door, cast, email, monkeypatch):
    """What comes back for an address: statuses, words, password hashes computed, mails sent meanwhile."""
    client, address, posted = door(cast, email)
    hashed, sent = [], len(outbox.outbox)
    make = hashers.MD5PasswordHasher.encode

    def counted(self, *values):
        hashed.append(values)
        return make(self, *values)

    with monkeypatch.context() as patch:
        patch.setattr(hashers.MD5PasswordHasher, "encode", counted)
        reply = client.post(address, posted, follow=True)
    words = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", reply.content.decode())
    words = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "UUID", words).replace(email, "ADDRESS")
    statuses = [status for _page, status in reply.redirect_chain] + [reply.status_code]
    return statuses, words, len(hashed), len(outbox.outbox) - sent


@pytest.mark.check("S-09")
@pytest.mark.parametrize(
    "door", [sign_in_door, reset_door, invitation_door, engagement_door, own_address_door]
)
def test_a_known_address_is_answered_like_an_unknown_one(cast, door, monkeypatch, figure):
    with transaction.atomic():
        known = knocked(door, cast, cast.stranger.email, monkeypatch)
        transaction.set_rollback(True)  # what the first leaves behind is not what is compared
    cache.clear()
    unknown = knocked(door, cast, UNKNOWN, monkeypatch)
    differing = sum(a != b for a, b in zip(known, unknown, strict=True)) + known[3] + unknown[3]
    figure("S-09", doors=1, differing=differing)
    assert known[0] == unknown[0]
    assert known[2:] == unknown[2:]
    assert known[1] == unknown[1]
    assert unknown[3] == 0
