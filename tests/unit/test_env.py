"""The readers of the environment: what each takes, and how it names a setting that makes no sense."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.exceptions import ImproperlyConfigured

from bami_site import env

ROOT = Path(__file__).resolve().parents[2]


def refused(message):
    return pytest.raises(ImproperlyConfigured, match=f"^{re.escape(message)}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [(None, "kept"), ("", ""), ("  a b ", "a b"), ("é", "é")],
)
def test_text(monkeypatch, text, expected):
    monkeypatch.delenv("THING", raising=False)
    if text is not None:
        monkeypatch.setenv("THING", text)
    assert env.read_text("THING", "kept") == expected


def test_text_from_a_file(monkeypatch, tmp_path):
    monkeypatch.setenv("THING", "from the environment")
    monkeypatch.setenv("THING_FILE", str(tmp_path / "thing"))
    with refused(f"THING_FILE: {tmp_path / 'thing'} cannot be read (No such file or directory)"):
        env.read_text("THING")
    (tmp_path / "thing").write_text(" from a file\n")
    assert env.read_text("THING") == "from a file"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        *((word, True) for word in ("true", "True", "1", "yes", " YES ")),
        *((word, False) for word in ("false", "FALSE", "0", "no")),
    ],
)
@pytest.mark.parametrize("default", [True, False])
def test_flags(monkeypatch, text, expected, default):
    monkeypatch.setenv("THING", text)
    assert env.read_flag("THING", default=default) is (default if expected is None else expected)


@pytest.mark.parametrize("text", ["on", "2", "y", "truee", "None"])
def test_no_flag(monkeypatch, text):
    monkeypatch.setenv("THING", text)
    with refused(f"THING: true or false expected, {text.lower()!r} found"):
        env.read_flag("THING", default=False)


@pytest.mark.parametrize(("text", "expected"), [("", 5), ("0", 0), ("17", 17), (" 3 ", 3)])
def test_numbers(monkeypatch, text, expected):
    monkeypatch.setenv("THING", text)
    assert env.read_number("THING", default=5) == expected


@pytest.mark.parametrize("text", ["-1", "1.5", "many", "1e3", "0x1"])
def test_no_number(monkeypatch, text):
    monkeypatch.setenv("THING", text)
    with refused(f"THING: a whole number of at least 0 expected, {text!r} found"):
        env.read_number("THING", default=5)


def test_a_number_that_is_too_small(monkeypatch):
    monkeypatch.setenv("THING", "1")
    with refused("THING: a whole number of at least 2 expected, '1' found"):
        env.read_number("THING", default=5, least=2)


@pytest.mark.parametrize(
    ("text", "expected"), [("", ["kept"]), ("a", ["a"]), ("a, b,,c ", ["a", "b", "c"]), (",", [])]
)
def test_lists(monkeypatch, text, expected):
    monkeypatch.setenv("THING", text)
    assert env.read_list("THING", ["kept"]) == expected


def test_modes(monkeypatch):
    monkeypatch.delenv("BAMI_MODE", raising=False)
    assert env.read_mode() == "demo"
    for mode in env.MODES:
        monkeypatch.setenv("BAMI_MODE", mode)
        assert env.read_mode() == mode
    for other in ("Production", "prod", ""):
        monkeypatch.setenv("BAMI_MODE", other)
        with refused(f"BAMI_MODE: one of demo, embedded, production expected, {other!r} found"):
            env.read_mode()


@pytest.mark.parametrize("mode", ["embedded", "production"])
def test_only_the_demo_goes_without(mode):
    assert env.require("THING", "", "demo") == ""
    assert env.require("THING", "x", mode) == "x"
    with refused(f"THING: must be set when BAMI_MODE is {mode}"):
        env.require("THING", "", mode)


def test_the_demo_makes_a_private_secret_once(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    folder = tmp_path / "new" / "folder"
    key = env.read_secret_key("demo", folder)
    assert len(key) >= 50
    assert env.read_secret_key("demo", folder) == key
    assert stat.S_IMODE((folder / "secret-key").stat().st_mode) == 0o600
    assert env.read_secret_key("demo", tmp_path) != key
    with refused("SECRET_KEY: must be set when BAMI_MODE is production"):
        env.read_secret_key("production", folder)


@pytest.mark.parametrize("key", ["x" * 49, "django-insecure-" + "x" * 50])
@pytest.mark.parametrize("mode", env.MODES)
def test_a_weak_secret_is_refused_everywhere(monkeypatch, tmp_path, key, mode):
    monkeypatch.setenv("SECRET_KEY", key)
    with refused("SECRET_KEY: at least 50 characters from a random source expected"):
        env.read_secret_key(mode, tmp_path)


GOOD: list[Any] = [
    "django.db.backends.postgresql",
    "redis://redis/0",
]


@pytest.mark.parametrize(
    ("site_url", "hosts", "names"),
    [
        ("http://bami.example", ["bami.example"], "SITE_URL"),
        ("", ["bami.example"], "SITE_URL"),
        ("https://bami.example", [], "ALLOWED_HOSTS"),
        ("https://bami.example", ["bami.example", "*"], "ALLOWED_HOSTS"),
    ],
)
def test_an_insecure_address_is_refused_outside_the_demo(site_url, hosts, names):
    env.check_addresses("https://bami.example", ["bami.example"])
    with refused(f"{names}: "):
        env.check_addresses(site_url, hosts)


@pytest.mark.parametrize(
    ("sender", "contact_url", "names"),
    [
        ("BAMI <no-reply@example.org>", "https://bami.example/help", "DEFAULT_FROM_EMAIL"),
        ("", "https://bami.example/help", "DEFAULT_FROM_EMAIL"),
        ("BAMI <desk@bami.example>", "mailto:contact@example.org", "CONTACT_URL"),
        ("BAMI <desk@bami.example>", "", "CONTACT_URL"),
    ],
)
def test_the_addresses_of_the_example_are_refused_outside_the_demo(sender, contact_url, names):
    env.check_contacts("BAMI <desk@bami.example>", "https://bami.example/help")
    with refused(f"{names}: an address of your own expected"):
        env.check_contacts(sender, contact_url)


def test_every_setting_reaches_the_container():
    listed = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    passed = compose["x-bami"]["environment"]
    assert set(passed) == set(listed)
    # What the file decides itself: the shape of production.
    of_the_shape = {"BAMI_MODE", "DATABASE_URL", "REDIS_URL", "DATA_DIR"}
    assert {name for name in passed if f"${{{name}:" not in str(passed[name])} == of_the_shape


@pytest.mark.parametrize(
    ("place", "value", "names"),
    [
        (0, "django.db.backends.sqlite3", "DATABASE_URL"),
        (1, "", "REDIS_URL"),
    ],
)
def test_production_names_what_it_refuses(place, value, names):
    env.check_production(*GOOD)
    with refused(f"{names}: "):
        refusing: list[Any] = [*GOOD[:place], value, *GOOD[place + 1 :]]
        env.check_production(*refusing)
