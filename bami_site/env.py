"""Strict readers of the environment: nonsense stops the start and names the setting."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Literal

from django.core.exceptions import ImproperlyConfigured

Mode = Literal["demo", "embedded", "production"]
MODES: tuple[Mode, ...] = ("demo", "embedded", "production")


def read_text(name: str, default: str = "") -> str:
    """The setting as text, or what the file named by NAME_FILE holds."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE: {path} cannot be read ({error.strerror})") from error
    return os.environ.get(name, default).strip()


def read_flag(name: str, *, default: bool) -> bool:
    """True or false, spelled so; anything else is refused."""
    value = read_text(name).lower()
    if not value:
        return default
    if value in ("true", "1", "yes"):
        return True
    if value in ("false", "0", "no"):
        return False
    raise ImproperlyConfigured(f"{name}: true or false expected, {value!r} found")


def read_number(name: str, *, default: int, least: int = 0) -> int:
    """A whole number of at least `least`."""
    value = read_text(name)
    if not value:
        return default
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"{name}: a whole number of at least {least} expected, {value!r} found")
    return int(value)


def read_list(name: str, default: list[str]) -> list[str]:
    """Values parted by commas."""
    value = read_text(name)
    return [part.strip() for part in value.split(",") if part.strip()] if value else default


def read_mode() -> Mode:
    """BAMI_MODE: demo (nothing set), embedded or production."""
    value = read_text("BAMI_MODE", "demo")
    if value not in MODES:
        raise ImproperlyConfigured(f"BAMI_MODE: one of {', '.join(MODES)} expected, {value!r} found")
    return value


def require(name: str, value: str, mode: Mode) -> str:
    """The value, which no other mode than demo may leave out."""
    if not value and mode != "demo":
        raise ImproperlyConfigured(f"{name}: must be set when BAMI_MODE is {mode}")
    return value


def read_secret_key(mode: Mode, folder: Path) -> str:
    """SECRET_KEY of at least 50 characters; demo mode makes one and keeps it in a private file."""
    key = require("SECRET_KEY", read_text("SECRET_KEY"), mode)
    if not key:
        return _kept_secret(folder / "secret-key")
    if len(key) < 50 or key.startswith("django-insecure"):
        raise ImproperlyConfigured("SECRET_KEY: at least 50 characters from a random source expected")
    return key


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text(encoding="utf-8")


def check_addresses(site_url: str, hosts: list[str]) -> None:
    """Refuse to start outside the demo on an address that would be insecure, naming the setting."""
    if not site_url.startswith("https://"):
        raise ImproperlyConfigured("SITE_URL: must start with https://")
    if not hosts or "*" in hosts:
        raise ImproperlyConfigured("ALLOWED_HOSTS: name the hosts of the site, never *")


def check_contacts(sender: str, contact_url: str) -> None:
    """Refuse to start outside the demo with the addresses of the example, which belong to nobody."""
    for name, value in (("DEFAULT_FROM_EMAIL", sender), ("CONTACT_URL", contact_url)):
        if not value or "example.org" in value:
            raise ImproperlyConfigured(f"{name}: an address of your own expected, {value!r} found")


def check_production(database_engine: str, redis_url: str) -> None:
    """Refuse to start in production on what would be insecure or would not hold, naming the setting."""
    if "postgresql" not in database_engine:
        raise ImproperlyConfigured(
            "DATABASE_URL: production needs PostgreSQL; SQLite is for BAMI_MODE=embedded"
        )
    if not redis_url:
        raise ImproperlyConfigured("REDIS_URL: production needs Redis for its jobs")
