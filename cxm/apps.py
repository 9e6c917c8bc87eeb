"""The roof as a Django application, for its template tags and commands."""

import importlib

from django.apps import AppConfig


class CxmConfig(AppConfig):
    name = "cxm"

    def ready(self) -> None:
        # Here rather than in cxm/__init__.py, so that what starts the product need not load it.
        importlib.import_module("cxm.celery")
