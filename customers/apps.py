"""The application and what it registers when it starts."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"

    def ready(self):
        from customers.customer_import import CustomerImport
        from customers.importing.registry import register

        register(CustomerImport())
