"""The records app."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class RecordsConfig(AppConfig):
    name = "records"

    def ready(self) -> None:
        from records.search import teach_sqlite  # noqa: PLC0415  # fields take lookups once apps load

        connection_created.connect(teach_sqlite, dispatch_uid="records.search")
