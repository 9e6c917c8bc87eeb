"""The application and what it registers when it starts."""

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "journeys"

    def ready(self):
        from customers.importing.registry import register
        from journeys import furnishing, receivers  # noqa: F401  (register themselves)
        from journeys.event_import import EventImport

        register(EventImport())
