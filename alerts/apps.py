"""The application and what it registers when it starts."""

from importlib import import_module

from django.apps import AppConfig

REGISTERING = (
    "receivers",
    "furnishing",
    "figures",
    "handling",
    "linking",
    "promising",
    "timeline",
    "proof.recovery.plans",
    "proof.measures.loop",
    "work.watching",
    "work.announcing",
    "correspondence.undelivered",
)


class AlertsConfig(AppConfig):
    name = "alerts"

    def ready(self):
        for module in REGISTERING:
            import_module(f"alerts.{module}")
