"""The lock files: every package pinned by a digest, and nothing about where it was downloaded from."""

from __future__ import annotations

import re

import pytest
from django.conf import settings


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_pins_by_digest_and_names_no_address(name):
    lock = (settings.BASE_DIR / name).read_text()
    packages = re.findall(r"^\S.*$", lock, re.MULTILINE)
    assert packages
    assert [line for line in packages if not re.match(r"[A-Za-z0-9_.-]+==[\w.]+ ", line)] == []
    assert lock.count("--hash=sha256:") >= len(packages)
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host", lock)
