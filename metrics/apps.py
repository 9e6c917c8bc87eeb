"""The application and what it registers when it starts."""

from importlib import import_module

from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "metrics"

    def ready(self):
        import_module("metrics.receivers")
