"""Framework documents through their doors: a malformed one changes nothing and says where its fault is."""

from __future__ import annotations

import hashlib
import resource
import sys
import time
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import Organisation
from records.models import ChainHead, Event
from tests.builders import BAMI
from tests.data.malformed import malformed

MOST_SECONDS = 2
MOST_MEMORY = 100 * 1024 * 1024


def install(path):
    call_command("install_framework", str(path), stdout=StringIO())


def load(path):
    call_command("loaddata", str(path), verbosity=0)


def everything() -> str:
    """A digest of all framework and event rows."""
    digest = hashlib.sha256()
    model: Any
    for model in [*apps.get_app_config("frameworks").get_models(), ChainHead, Event]:
        manager = getattr(model, "unguarded", model._default_manager)
        rows = sorted(map(repr, manager.values_list()))
        digest.update(f"{model._meta.label} {len(rows)} {rows}\n".encode())
    return digest.hexdigest()


def peak_memory() -> int:
    """The most that this process has held, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


@pytest.mark.check("S-15")
@pytest.mark.django_db
@pytest.mark.parametrize("door", [install, load])
def test_malformed_documents_change_nothing_and_say_where(door, tmp_path, figure):
    install(BAMI)
    before, slowest, largest, files, changed = everything(), 0.0, 0, 0, 0
    for case in malformed():
        path = tmp_path / "document.yaml"
        path.write_bytes(case.content)
        begun, memory = time.process_time(), peak_memory()
        with pytest.raises(CommandError) as caught:
            door(path)
        slowest = max(slowest, time.process_time() - begun)
        largest = max(largest, peak_memory() - memory)
        files += 1
        changed += everything() != before
        said = str(caught.value)
        assert case.fault in said, case.name
        assert all(line.isprintable() for line in said.split("\n")), case.name
    figure("S-15", files=files, changed=changed, seconds=round(slowest, 2))
    assert (changed, files >= 36) == (0, True)
    assert slowest <= MOST_SECONDS
    assert largest <= MOST_MEMORY


@pytest.mark.django_db
@pytest.mark.parametrize("comment", ["", "# Rows of ours\n\n---\n", "\ufeff"])
def test_a_fixture_of_other_models_still_goes_through_djangos_own_reader(comment, tmp_path):
    Organisation.objects.create(name="Northmere: 'Biologics' – Århus")
    out = StringIO()
    call_command("dumpdata", "accounts.organisation", format="yaml", stdout=out)
    path = tmp_path / "organisations.yaml"
    path.write_text(comment + out.getvalue(), encoding="utf-8")
    rows = list(Organisation.objects.values())
    Organisation.objects.all().delete()
    load(path)
    assert list(Organisation.objects.values()) == rows
    assert "yaml" in serializers.get_public_serializer_formats()
