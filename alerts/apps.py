"""The application and what it registers when it starts."""

from importlib import import_module

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "alerts"

    def ready(self):
        for module in ("receivers", "furnishing", "figures", "handling", "linking", "promising", "timeline"):
            import_module(f"alerts.{module}")
