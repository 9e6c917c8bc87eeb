"""Migration operations that make the database guards: row-level security, composite keys, grants and doors."""

from django.apps.registry import Apps
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

from tenancy.owned import OwnedForeignKey

# A plain typed equality, exactly: an OR in a policy made count(*) on two million rows 3,000 times slower.
POLICY = "(%(column)s = (SELECT nullif(current_setting('cxm.organization_id', true), '')::uuid))"
APP_ROLE = "cxm_app"
DOOR_ROLE = "cxm_door"


class SecureOwned(Operation):
    """Row-level security, grants for cxm_app and composite foreign keys for tables owned by an organization.

    `privileges` narrows what cxm_app may do (an append-only table takes "SELECT, INSERT"); `column` is the column
    holding the organization's id. Runs after the operations that create the models and the models they point at.
    """

    reversible = True

    def __init__(
        self,
        *model_names: str,
        privileges: str = "SELECT, INSERT, UPDATE, DELETE",
        column: str = "organization_id",
    ):
        self.model_names = model_names
        self.privileges = privileges
        self.column = column

    def deconstruct(self):
        return (
            type(self).__name__,
            list(self.model_names),
            {"privileges": self.privileges, "column": self.column},
        )

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor: BaseDatabaseSchemaEditor, from_state, to_state):
        for model in self._models(app_label, to_state.apps):
            table = model._meta.db_table
            policy = POLICY % {"column": self.column}
            schema_editor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
            schema_editor.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
            schema_editor.execute(
                f'CREATE POLICY organization_only ON "{table}" USING {policy} WITH CHECK {policy}',
                params=None,
            )
            schema_editor.execute(f'REVOKE ALL ON "{table}" FROM PUBLIC, {APP_ROLE}')
            schema_editor.execute(f'GRANT {self.privileges} ON "{table}" TO {APP_ROLE}')
            for field in owned_keys(model):
                AddOwnedKey(model._meta.model_name, field.name).apply(model, field, schema_editor)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for model in self._models(app_label, from_state.apps):
            table = model._meta.db_table
            for field in owned_keys(model):
                schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{owned_key_name(model, field)}"')
            schema_editor.execute(f'DROP POLICY organization_only ON "{table}"')
            schema_editor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
            schema_editor.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')

    def describe(self):
        return f"Secure the owned tables {', '.join(self.model_names)}"

    def _models(self, app_label: str, apps: Apps):
        return [apps.get_model(app_label, name) for name in self.model_names]


class AddOwnedKey(Operation):
    """The composite foreign key of one OwnedForeignKey added to a table that is already secured."""

    reversible = True

    def __init__(self, model_name: str, field_name: str):
        self.model_name = model_name
        self.field_name = field_name

    def deconstruct(self):
        return (type(self).__name__, [self.model_name, self.field_name], {})

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        self.apply(model, model._meta.get_field(self.field_name), schema_editor)

    def apply(self, model, field, schema_editor):
        target = field.remote_field.model._meta.db_table
        schema_editor.execute(
            f'ALTER TABLE "{model._meta.db_table}" ADD CONSTRAINT "{owned_key_name(model, field)}" '
            f'FOREIGN KEY (organization_id, "{field.column}") REFERENCES "{target}" (organization_id, id) '
            "DEFERRABLE INITIALLY IMMEDIATE"
        )

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        model = from_state.apps.get_model(app_label, self.model_name)
        name = owned_key_name(model, model._meta.get_field(self.field_name))
        schema_editor.execute(f'ALTER TABLE "{model._meta.db_table}" DROP CONSTRAINT "{name}"')

    def describe(self):
        return f"Tie {self.model_name}.{self.field_name} to the same organization"


class RemoveOwnedKey(AddOwnedKey):
    """Takes away the composite foreign key of a field, before the field itself goes."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        super().database_backwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return f"Untie {self.model_name}.{self.field_name}"


class CreateDoor(Operation):
    """A SECURITY DEFINER function owned by cxm_door: one of the few ways from the outside to an organization.

    `signature` is `door_name(arg type, ...)`, `returns` the SQL return type, `body` one SQL statement, and `reads`
    the (table, "column, column") pairs cxm_door may read; a door sees these columns and nothing else.
    """

    reversible = True

    def __init__(self, signature: str, *, returns: str, body: str, reads: list[tuple[str, str]]):
        self.signature = signature
        self.returns = returns
        self.body = body
        self.reads = reads

    def deconstruct(self):
        return (
            type(self).__name__,
            [self.signature],
            {"returns": self.returns, "body": self.body, "reads": self.reads},
        )

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for table, columns in self.reads:
            schema_editor.execute(f'GRANT SELECT ({columns}) ON "{table}" TO {DOOR_ROLE}')
        schema_editor.execute(
            f"CREATE FUNCTION {self.signature} RETURNS {self.returns} LANGUAGE sql STABLE SECURITY DEFINER "
            f"SET search_path = public, pg_temp AS $door${self.body}$door$",
            params=None,
        )
        name = self._callable()
        schema_editor.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
        schema_editor.execute(f"GRANT EXECUTE ON FUNCTION {name} TO {APP_ROLE}")
        schema_editor.execute(f"ALTER FUNCTION {name} OWNER TO {DOOR_ROLE}")

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        # The owner of the tables is a member of cxm_door, so it may drop what cxm_door owns.
        schema_editor.execute(f"SET LOCAL ROLE {DOOR_ROLE}")
        schema_editor.execute(f"DROP FUNCTION {self._callable()}")
        schema_editor.execute("RESET ROLE")

    def describe(self):
        return f"Open the door {self.signature}"

    def _callable(self) -> str:
        """The function with its argument types alone: `door_x(uuid, integer)`."""
        name, arguments = self.signature.rstrip(")").split("(", 1)
        types = [argument.split(None, 1)[1] for argument in arguments.split(",") if argument.strip()]
        return f"{name}({', '.join(types)})"


class RemoveDoor(CreateDoor):
    """Takes away a door made by CreateDoor with the same arguments, for good or before it is made anew."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        super().database_backwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return f"Close the door {self.signature}"


def owned_keys(model: type[models.Model]) -> list[models.ForeignKey]:
    """The keys of `model` that point at rows of the same organization."""
    return [field for field in model._meta.local_fields if isinstance(field, OwnedForeignKey)]


def owned_key_name(model: type[models.Model], field: models.Field) -> str:
    return f"{model._meta.db_table}_{field.column}_owned"[:63]
