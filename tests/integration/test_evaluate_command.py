"""The command `evaluate` as people run it: a process, a database, two streams and an exit status."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from frameworks.document.checks import load_framework
from frameworks.models import FrameworkVersion
from frameworks.services import install_framework

TINY = Path(__file__).parents[1] / "data" / "tiny"
INPUT, OUTPUT = (TINY / "input.json").read_bytes(), (TINY / "output.json").read_bytes()
DOCUMENT = str(TINY / "tiny-1.0.yaml")


def run(*arguments, given=b""):
    """Status, standard output and lines of standard error; the database is one that nobody can reach."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        "PYTHONIOENCODING": "ascii",
    }
    done = subprocess.run(
        [sys.executable, settings.BASE_DIR / "manage.py", "evaluate", *arguments],
        input=given,
        capture_output=True,
        env=environment,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr.decode().splitlines()


def test_file_and_standard_input_give_the_same_bytes_without_a_database():
    assert run(str(TINY / "input.json"), "--document", DOCUMENT) == (0, OUTPUT, [])
    assert run("-", "--document", DOCUMENT, given=INPUT) == (0, OUTPUT, [])


def test_output_is_utf_8_whatever_the_encoding_of_the_terminal(tmp_path):
    document = Path(DOCUMENT).read_text(encoding="utf-8")
    spoken = document.replace("Monitoring without capture at source.", "Überwachung ohne Erfassung…")
    (tmp_path / "tiny.yaml").write_text(spoken, encoding="utf-8")
    whole = json.loads(INPUT)
    whole["replies"] |= {"D2-BBB": {"level": 3}, "D1-AAA": {"level": 1}}
    status, output, errors = run(
        "-", "--document", str(tmp_path / "tiny.yaml"), given=json.dumps(whole).encode()
    )
    assert (status, errors) == (0, [])
    assert '"text": "Überwachung ohne Erfassung…"\n' in output.decode("utf-8")


def test_bad_input_gives_status_2_every_fault_on_a_line_and_no_output():
    whole = json.loads(INPUT)
    whole["replies"]["D1-AAA"]["level"] = 7
    whole["use_cases"] = ["UC01", "UC01"]
    whole["a\nb"] = 1
    assert run("-", "--document", DOCUMENT, given=json.dumps(whole).encode()) == (
        2,
        b"",
        [
            "'a\\nb': not a key that is known here",
            "replies.D1-AAA.level: 0 to 5 expected, 7 found",
            "use_cases[1]: 'UC01' is given more than once",
        ],
    )


def test_files_that_cannot_be_read_and_documents_with_faults_give_status_2(tmp_path):
    missing = str(tmp_path / "none")
    assert run(missing, "--document", DOCUMENT) == (
        2,
        b"",
        [f"{missing}: cannot be read: No such file or directory"],
    )
    status, output, errors = run("-", "--document", str(tmp_path), given=INPUT)
    assert (status, output, errors) == (2, b"", [f"{tmp_path}: cannot be read: Is a directory"])
    broken = tmp_path / "broken.yaml"
    broken.write_text(
        Path(DOCUMENT).read_text(encoding="utf-8").replace("weight: 2", "weight: 0").replace("E0", "E9")
    )
    status, output, errors = run("-", "--document", str(broken), given=INPUT)
    assert (status, output) == (2, b"")
    assert len(errors) == 2
    assert errors[1].startswith("dimensions[1].questions[0].weight: ")


def test_wrong_arguments_give_status_2():
    status, output, errors = run()
    assert (status, output) == (2, b"")
    assert errors


def test_without_document_a_database_that_cannot_be_read_is_told_on_one_line():
    status, output, errors = run("-", given=INPUT)
    assert (status, output, len(errors)) == (2, b"", 1)
    assert errors[0].startswith("version: the database cannot be read")


@pytest.mark.django_db
def test_installed_version_is_used_and_another_refused(tmp_path, monkeypatch):
    version, _ = install_framework(load_framework((TINY / "tiny-1.0.yaml").read_bytes()))
    assert FrameworkVersion.objects.published().filter(pk=version.pk).exists()
    written = StringIO()
    call_command("evaluate", str(TINY / "input.json"), stdout=written)
    assert written.getvalue().encode() == OUTPUT

    other = tmp_path / "other.json"
    other.write_bytes(INPUT.replace(b'"1.0"', b'"1.1"'))
    written, errors = StringIO(), StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("evaluate", str(other), stdout=written, stderr=errors)
    assert caught.value.code == 2
    assert written.getvalue() == ""
    assert errors.getvalue() == "version: '1.1' of the framework 'tiny' is not installed\n"
