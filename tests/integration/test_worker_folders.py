"""The temporary folders of the worker's children: private, and gone with them however they end."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.conf import settings

from bami_site.celery import FOLDERS, private_folder
from tests.processes import wait_until

HOLD = "from bami_site.celery import private_folder\nprint(private_folder(), flush=True)\ninput()"


@pytest.fixture
def other(tmp_path):
    """Another process with a private folder in the test's own."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        cwd=settings.BASE_DIR,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    yield process, folder
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        assert stream is not None
        stream.close()


def test_a_folder_in_use_stays_and_what_a_killed_process_left_goes(other, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    process, folder = other
    (folder / "half.pdf").write_bytes(b"%PDF")
    elsewhere = tmp_path / "kept"
    elsewhere.mkdir()
    (tmp_path / f"{FOLDERS}link").symlink_to(elsewhere)
    mine = Path(private_folder())
    assert folder.is_dir()
    assert mine.stat().st_mode & 0o777 == 0o700
    process.kill()
    wait_until(lambda: process.poll() is not None, 5, "the process gone")
    private_folder()
    assert not folder.exists()
    assert mine.is_dir()
    assert elsewhere.is_dir()
