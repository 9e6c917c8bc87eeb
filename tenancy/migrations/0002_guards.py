"""Row-level security on what tenancy owns, and the doors that lead to an organization."""

from django.db import migrations

from tenancy.operations import CreateDoor, SecureOwned


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0001_initial")]

    operations = [
        SecureOwned("Organization", column="id"),
        SecureOwned("Membership", "MembershipInvite", "ApiKey", "OutgoingMail"),
        SecureOwned("AuditEntry", privileges="SELECT, INSERT"),
        CreateDoor(
            "door_organizations_of_user(wanted uuid)",
            returns="TABLE (organization_id uuid, slug text, name text, role text)",
            body="""
                SELECT o.id, o.slug, o.name, m.role FROM tenancy_membership m
                JOIN tenancy_organization o ON o.id = m.organization_id WHERE m.user_id = wanted
            """,
            reads=[
                ("tenancy_membership", "organization_id, user_id, role"),
                ("tenancy_organization", "id, slug, name"),
            ],
        ),
        CreateDoor(
            "door_api_key(wanted text)",
            returns="TABLE (id uuid, organization_id uuid, name text, prefix text, scopes text[], last_used_at timestamptz)",
            body="""
                SELECT id, organization_id, name, prefix, scopes, last_used_at FROM tenancy_apikey
                WHERE secret_hash = wanted AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
            """,
            reads=[
                (
                    "tenancy_apikey",
                    "id, organization_id, name, prefix, secret_hash, scopes, last_used_at, revoked_at, expires_at",
                )
            ],
        ),
        CreateDoor(
            "door_membership_invite(wanted text)",
            returns="TABLE (id uuid, organization_id uuid)",
            body="SELECT id, organization_id FROM tenancy_membershipinvite WHERE secret_hash = wanted",
            reads=[("tenancy_membershipinvite", "id, organization_id, secret_hash")],
        ),
        CreateDoor(
            "door_due_mail(at_most integer)",
            returns="SETOF uuid",
            body="""
                SELECT organization_id FROM tenancy_outgoingmail
                WHERE due_at <= now() AND (state = 'due' OR (state = 'sending' AND lease_until <= now()))
                GROUP BY organization_id ORDER BY min(due_at) LIMIT at_most
            """,
            reads=[("tenancy_outgoingmail", "organization_id, due_at, state, lease_until")],
        ),
    ]
