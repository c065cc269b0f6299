"""Files that come in: held in memory up to a bound, the rest thrown away as it comes."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

MOST = 2 * 1024 * 1024 + 1  # bytes: one more than the largest file that any page takes


class BoundedUpload(FileUploadHandler):
    """Keeps the beginning of a file and counts the whole: a page sees by its size that it is too large.

    Django's own handlers would write a file of any size to the disk, for whoever sends one.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.kept.write(raw_data[: max(0, MOST - start)])

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        self.kept.seek(0)
        return InMemoryUploadedFile(
            self.kept,
            self.field_name,
            self.file_name,
            self.content_type,
            file_size,
            self.charset,
            self.content_type_extra,
        )
