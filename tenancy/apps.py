"""The application and what it watches over when it starts."""

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.signals import connection_created

_checked_roles: set[str] = set()


def refuse_powerful_role(sender, connection, **kwargs):
    """A superuser, or a role with BYPASSRLS, makes every policy vanish without a sound: refuse to work as one."""
    user = str(connection.settings_dict["USER"])
    if user in _checked_roles:
        return
    with connection.connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            raise ImproperlyConfigured(
                f"The database role {user!r} is a superuser or has BYPASSRLS: row-level security would not hold. "
                "DATABASE_URL must name the role cxm_app (manage.py setup_database creates it)."
            )
    _checked_roles.add(user)


class TenancyConfig(AppConfig):
    name = "tenancy"

    def ready(self):
        connection_created.connect(refuse_powerful_role)
        # Models can be imported only now.
        from tenancy.audit_reading import AUDIT_EXPORT
        from tenancy.exports import offer_export

        offer_export(AUDIT_EXPORT)
