"""How addresses are kept and shown, whose requests count together, and what a link of ours is."""

from __future__ import annotations

import uuid

import pytest

from accounts.links import LEAVING, address_code, entry_of_leave_token
from accounts.middleware import network_of
from accounts.models import plain_address, shown_address


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Ada@Northmere.Example ", "ada@northmere.example"),
        ("ａｄａ＠northmere.example", "ada@northmere.example"),
        ("ada@northmere．example", "ada@northmere.example"),
        ("müller@example.org", "müller@example.org"),
    ],
)
def test_one_address_is_kept_in_one_spelling(typed, kept):
    assert plain_address(typed) == kept


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ada@northmere.example", "ada@northmere.example"),
        ("ada@müller.example", "ada@müller.example"),
        ("ада@пример.рф", "ада@пример.рф"),
        ("ada@аррӏе.example", "ada@xn--80ak6aa92e.example"),
        ("ada@nоrthmere.example", "ada@xn--nrthmere-nbh.example"),
        ("ada@раураl.com", "ada@xn--l-7sba6dbr.com"),
        ("ada@" + "о" * 64 + ".example", "ada@" + "\\u043e" * 64 + ".example"),
        ("no address", "no address"),
        ("", ""),
    ],
)
def test_a_domain_of_several_scripts_is_shown_as_punycode(address, shown):
    assert shown_address(address) == shown


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
    ],
)
def test_who_hops_inside_a_subscribers_network_is_one(address, network):
    assert network_of(address) == network


def test_a_token_to_leave_is_ours_or_nothing():
    entry = uuid.uuid4()
    token = LEAVING.sign(entry.hex)
    assert entry_of_leave_token(token) == str(entry)
    for other in (token[:-1], token + "A", token.replace(entry.hex, uuid.uuid4().hex), entry.hex, "", "."):
        assert entry_of_leave_token(other) is None


def test_a_code_of_an_address_tells_nothing_and_ignores_its_case():
    assert address_code("Ada@x.example") == address_code("ada@X.example") != address_code("bo@x.example")
    assert "ada" not in address_code("ada@x.example")
