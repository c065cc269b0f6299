"""Install a framework document from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from frameworks.document.checks import parse_framework
from frameworks.document.faults import DocumentFaults
from frameworks.document.reading import read_document
from frameworks.services import install_framework


class Command(BaseCommand):
    help = "Install a framework document; the same one again does nothing, a published version never changes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            spec = parse_framework(read_document(options["file"].read_bytes()))
            version, is_new = install_framework(spec)
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}") from error
        except DocumentFaults as faults:
            raise CommandError("\n".join(map(str, faults.faults))) from faults
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{version} is installed." if is_new else f"{version} was installed already.")
