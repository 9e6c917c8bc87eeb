"""The application and what it registers when it starts."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"

    def ready(self):
        from customers.importing.registry import register
        from surveys import receivers, timeline_items  # noqa: F401  (listen to and register with the floors below)
        from surveys.response_import import ResponseImport

        register(ResponseImport())
