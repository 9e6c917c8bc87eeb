"""The second and third tenancy guards, read from PostgreSQL's own catalogue: what is declared is what is there."""

import json
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from tenancy.models import AuditEntry, Organization
from tenancy.operations import CreateDoor, RemoveDoor, SecureOwned, owned_key_name, owned_keys
from tenancy.owned import OwnedModel, new_id
from tests.services.database import superuser
from tests.surveys.listening import a_response
from tests.world import World

EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"
# The ways from the outside to an organization. A new one is a decision: add it here with the reason in its migration.
DOORS = {
    "door_organizations_of_user(uuid)",
    "door_api_key(text)",
    "door_membership_invite(uuid)",
    "door_due_mail(integer)",
    "door_due_exports(integer)",
    "door_due_imports(integer)",
    "door_old_imports(integer)",
    "door_old_replies(integer)",
    "door_invitation(uuid)",
    "door_due_invitations(integer)",
    "door_due_unplanned_events(integer)",
    "door_dirty_organizations(integer)",
    "door_dashboard_link(text)",
    "door_due_evaluations(integer)",
    "door_due_follow_ups(integer)",
    "door_due_digests(integer)",
    "door_due_rule_checks(integer)",
    "door_due_escalations(integer)",
    "door_due_resumptions(integer)",
    "door_due_bulk_deeds(integer)",
    "door_due_notifications(integer)",
    "door_due_deliveries(integer)",
    "door_due_steps(integer)",
    "door_old_notifications(integer)",
    "door_old_deliveries(integer)",
    "door_old_bulk_deeds(integer)",
    "door_due_recoveries(integer)",
    "door_due_inbound_mail(integer)",
    "door_due_initiative_messages(integer)",
}
# Functions that run with the rights of their caller, behind every policy: no doors.
ORDINARY_FUNCTIONS = {
    "surveys_asked(uuid)",
    "surveys_intake(uuid[],uuid[],text[],text[])",
    "surveys_store(json,json,json)",
}
# Unique keys that rightly say nothing of the organization, each with its reason.
KEYS_WITHOUT_ORGANIZATION = {
    "tenancy_organization_slug_key": "the slug leads to the organization",
}
OWNED = [model for model in apps.get_models(include_auto_created=True) if issubclass(model, OwnedModel)]
SECURED = [*OWNED, Organization]


def rows(sql: str, *values) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchall()


def operations() -> Iterator[tuple[str, object]]:
    """(app, operation) of every migration, in the order they are applied."""
    loader = MigrationLoader(None)
    seen = set()
    for leaf in sorted(loader.graph.leaf_nodes()):
        for app, name in loader.graph.forwards_plan(leaf):
            if (app, name) not in seen:
                seen.add((app, name))
                yield from ((app, operation) for operation in loader.get_migration(app, name).operations)


def declared_privileges() -> dict[str, set[str]]:
    return {
        apps.get_model(app, name)._meta.db_table: set(operation.privileges.split(", "))
        for app, operation in operations()
        if isinstance(operation, SecureOwned)
        for name in operation.model_names
    }


def declared_doors() -> dict[str, CreateDoor]:
    doors: dict[str, CreateDoor] = {}
    for _, operation in operations():
        if isinstance(operation, RemoveDoor):
            del doors[operation._callable()]
        elif isinstance(operation, CreateDoor):
            doors[operation._callable()] = operation
    return doors


# --- tables


def test_every_table_with_an_organization_is_a_secured_model(db):
    found = {
        row[0]
        for row in rows(
            "SELECT table_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND column_name = 'organization_id'"
        )
    }
    assert found == {model._meta.db_table for model in OWNED}
    assert declared_privileges().keys() == {model._meta.db_table for model in SECURED}


@pytest.mark.parametrize("model", SECURED, ids=lambda model: model._meta.label)
def test_row_level_security_is_forced_with_the_generated_policy_alone(db, model):
    table, column = model._meta.db_table, "id" if model is Organization else "organization_id"
    assert rows(
        "SELECT relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner) FROM pg_class WHERE oid = %s::regclass",
        f'public."{table}"',
    ) == [(True, True, "cxm_owner")]
    assert rows(
        "SELECT data_type, is_nullable FROM information_schema.columns WHERE table_schema = 'public' "
        "AND table_name = %s AND column_name = %s",
        table,
        column,
    ) == [("uuid", "NO")]
    policies = rows(
        "SELECT permissive, roles::text[], cmd, qual, with_check FROM pg_policies WHERE tablename = %s", table
    )
    assert len(policies) == 1
    permissive, roles, command, using, check = policies[0]
    assert (permissive, roles, command) == ("PERMISSIVE", ["public"], "ALL")
    setting = "(NULLIF(current_setting('cxm.organization_id'::text, true), ''::text))::uuid"
    assert " ".join(using.split()) == f'({column} = ( SELECT {setting} AS "nullif"))'
    assert check == using


@pytest.mark.parametrize("model", SECURED, ids=lambda model: model._meta.label)
def test_the_app_may_do_what_is_declared_and_no_more(db, model):
    table = model._meta.db_table
    granted = rows(
        "SELECT grantee, privilege_type FROM information_schema.role_table_grants WHERE table_schema = 'public' "
        "AND table_name = %s AND grantee <> 'cxm_owner'",
        table,
    )
    assert set(granted) == {("cxm_app", privilege) for privilege in declared_privileges()[table]}
    assert declared_privileges()[table] <= set(EVERYTHING.split(", "))


def test_public_may_do_nothing(db):
    granted = rows(
        "SELECT table_name, privilege_type FROM information_schema.table_privileges "
        "WHERE grantee = 'PUBLIC' AND table_schema = 'public'"
    )
    assert granted == []


# --- keys


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model._meta.label)
def test_keys_between_owned_tables_carry_the_organization(db, model):
    found = rows(
        "SELECT conname, confrelid::regclass::text, pg_get_constraintdef(oid), convalidated FROM pg_constraint "
        "WHERE contype = 'f' AND conrelid = %s::regclass",
        f'public."{model._meta.db_table}"',
    )
    owned_tables = {owned._meta.db_table for owned in OWNED}
    between = {
        name: (target, definition, is_valid) for name, target, definition, is_valid in found if target in owned_tables
    }
    expected = {
        owned_key_name(model, field): (
            field.related_model._meta.db_table,
            f"FOREIGN KEY (organization_id, {field.column}) REFERENCES "
            f"{field.related_model._meta.db_table}(organization_id, id) DEFERRABLE",
            True,
        )
        for field in owned_keys(model)
    }
    assert between == expected
    assert not [
        field.name
        for field in model._meta.local_fields
        if field.is_relation and issubclass(field.related_model, OwnedModel) and field not in owned_keys(model)
    ], "a key to an owned model is an OwnedForeignKey"


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model._meta.label)
def test_every_unique_key_carries_the_organization(db, model):
    found = rows(
        """
        SELECT i.relname, x.indisprimary,
               (SELECT array_agg(a.attname::text) FROM pg_attribute a
                WHERE a.attrelid = x.indrelid AND a.attnum = ANY(x.indkey))
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indisunique AND x.indrelid = %s::regclass
        """,
        f'public."{model._meta.db_table}"',
    )
    assert {"organization_id", "id"} in [set(columns) for _, _, columns in found]
    assert [columns for _, is_primary, columns in found if is_primary] == [["id"]]
    without = {name for name, is_primary, columns in found if not is_primary and "organization_id" not in columns}
    assert without <= KEYS_WITHOUT_ORGANIZATION.keys()


def test_uniqueness_beneath_a_policy_tells_nobody_of_others_except_the_slug(db):
    found = rows(
        "SELECT conname FROM pg_constraint WHERE contype = 'u' AND conrelid = 'tenancy_organization'::regclass"
    )
    assert [name for (name,) in found if re.match("tenancy_organization_slug", name)] == [name for (name,) in found]


# --- doors


def test_the_doors_are_those_on_the_list(db):
    found = rows(
        "SELECT p.oid::regprocedure::text, p.prosecdef, has_function_privilege('public', p.oid, 'EXECUTE') "
        "FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public'"
    )
    assert {name for name, is_door, _ in found if is_door} == DOORS
    assert {name for name, is_door, _ in found if not is_door} == ORDINARY_FUNCTIONS
    assert not [name for name, _, is_public in found if is_public]
    assert declared_doors().keys() == DOORS


def test_ordinary_functions_are_the_owners_and_look_in_one_place(db):
    found = rows(
        "SELECT p.oid::regprocedure::text, pg_get_userbyid(proowner), 'search_path=public, pg_temp' = ANY(proconfig) "
        "FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' AND NOT prosecdef"
    )
    assert set(found) == {(name, "cxm_owner", True) for name in ORDINARY_FUNCTIONS}


def test_function_that_stores_answers_is_held_by_the_policies(world: World):
    """It takes whole rows, their organization among them, and passes by the ORM: the policy is what refuses."""
    with world.other.scope():
        a_response(world.other)
        ((theirs,),) = rows("SELECT json_agg(r)::text FROM surveys_response r")
    answer = json.loads(theirs)[0] | {"id": str(new_id()), "submission_key": "smuggled", "invitation_id": None}
    with world.home.scope():
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            rows("SELECT surveys_store(%s, '[]', '[]')", json.dumps([answer]))
        names = [[answer["survey_id"]], [answer["customer_id"]], [], []]
        ((told,),) = rows("SELECT surveys_intake(%s::uuid[], %s::uuid[], %s::text[], %s::text[])", *names)
        assert told == {"surveys": [], "customers": []}


@pytest.mark.parametrize("door", sorted(DOORS))
def test_door_is_guarded(db, door):
    found = rows(
        "SELECT pg_get_userbyid(proowner), prosecdef, proconfig, provolatile, prosrc, "
        "has_function_privilege('cxm_app', oid, 'EXECUTE'), has_function_privilege('public', oid, 'EXECUTE') "
        "FROM pg_proc WHERE oid = %s::regprocedure",
        door,
    )
    body = declared_doors()[door].body
    assert found == [("cxm_door", True, ["search_path=public, pg_temp"], "s", body, True, False)]


def test_doors_see_the_columns_they_declare_and_nothing_else(db):
    declared = {
        (table, column.strip())
        for door in declared_doors().values()
        for table, columns in door.reads
        for column in columns.split(",")
    }
    with superuser(connection.settings_dict["NAME"]) as cursor:
        cursor.execute(
            "SELECT c.table_name, c.column_name, c.privilege_type FROM information_schema.column_privileges c "
            "WHERE c.grantee = 'cxm_door'"
        )
        found = cursor.fetchall()
        cursor.execute("SELECT 1 FROM information_schema.role_table_grants WHERE grantee = 'cxm_door'")
        assert cursor.fetchall() == []
    assert {privilege for _, _, privilege in found} == {"SELECT"}
    assert {(table, column) for table, column, _ in found} == declared


def test_doors_answer_only_what_they_were_asked(world: World):
    """A door opened by one person names their own organizations; an unknown key opens nothing."""
    assert {row[1] for row in rows("SELECT * FROM door_organizations_of_user(%s)", world.home.ana.pk)} == {"northwind"}
    assert {row[1] for row in rows("SELECT * FROM door_organizations_of_user(%s)", world.olga.pk)} == {
        "northwind",
        "eastwood",
    }
    assert rows("SELECT * FROM door_api_key(%s)", "nothing") == []


# --- roles


def test_the_app_has_no_power_over_the_database(db):
    assert rows(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication FROM pg_roles "
        "WHERE rolname = current_user"
    ) == [("cxm_app", False, False, False, False, False)]
    assert rows(
        "SELECT has_schema_privilege('public', 'CREATE'), has_database_privilege(current_database(), 'CREATE')"
    ) == [(False, False)]
    assert (
        rows(
            "SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid "
            "JOIN pg_roles u ON u.oid = m.member WHERE u.rolname = 'cxm_app'"
        )
        == []
    )
    assert (
        rows("SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = 'cxm_app' AND relpersistence <> 't'") == []
    )


def test_the_owner_is_held_by_the_policies_too(db):
    assert rows(
        "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls FROM pg_roles "
        "WHERE rolname IN ('cxm_app', 'cxm_door', 'cxm_owner') ORDER BY rolname"
    ) == [("cxm_app", True, False, False), ("cxm_door", False, False, True), ("cxm_owner", True, False, False)]
    assert rows(
        "SELECT m.inherit_option, m.set_option FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid "
        "JOIN pg_roles u ON u.oid = m.member WHERE u.rolname = 'cxm_owner' AND r.rolname = 'cxm_door'"
    ) == [(False, True)]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE grabbed (id int)",
        "ALTER TABLE tenancy_membership DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE tenancy_membership NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY organization_only ON tenancy_membership",
        "CREATE POLICY open ON tenancy_membership USING (true)",
        "DROP TABLE tenancy_apikey",
        "TRUNCATE tenancy_membership",
        "CREATE FUNCTION grabbed() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SET ROLE cxm_owner",
        "SET ROLE cxm_door",
        "SET SESSION AUTHORIZATION postgres",
        "UPDATE tenancy_auditentry SET verb = 'nothing.happened'",
        "DELETE FROM tenancy_auditentry",
    ],
)
def test_the_app_is_refused(world: World, statement):
    with (
        world.home.scope(),
        pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_what_was_done_cannot_be_undone_in_the_audit_log(world: World):
    with world.home.scope():
        entry = AuditEntry.objects.first()
        for change in (
            lambda: AuditEntry.objects.filter(pk=entry.pk).update(verb="nothing.happened"),
            lambda: entry.delete(),
            lambda: entry.save(),
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                change()
