"""Row-level security on what 0004 made, and the doors to what is due of it."""

from django.db import migrations

from tenancy.operations import AddOwnedKey, CreateDoor, RemoveDoor, SecureOwned


def due(name: str, table: str, column: str, condition: str = "", *, reads: str = "") -> CreateDoor:
    """The door to the organizations with rows of `table` whose `column` has come; `reads` names more columns."""
    where = f"{column} <= now()" + (f" AND {condition}" if condition else "")
    return CreateDoor(
        f"{name}(at_most integer)",
        returns="SETOF uuid",
        body=f"""
                SELECT organization_id FROM {table} WHERE {where}
                GROUP BY organization_id ORDER BY min({column}) LIMIT at_most
            """,  # noqa: S608  fixed names
        reads=[(table, ", ".join(filter(None, ["organization_id", column, reads])))],
    )


FOLLOW_UPS_READ = [
    (
        "alerts_followup",
        "id, organization_id, first_contact_due_at, first_contacted_at, resolution_due_at, resolved_at, paused_at, state",
    ),
    ("alerts_slabreach", "organization_id, follow_up_id, promise"),
]


def due_follow_ups(running: str) -> str:
    """The body of the door to broken promises; `running` says whose clock runs."""
    return f"""
                SELECT organization_id FROM (
                    SELECT f.organization_id, f.first_contact_due_at AS due_at FROM alerts_followup f
                    WHERE f.first_contacted_at IS NULL AND f.resolved_at IS NULL{running}
                    AND f.first_contact_due_at <= now() AND NOT EXISTS (
                        SELECT FROM alerts_slabreach b WHERE b.organization_id = f.organization_id
                        AND b.follow_up_id = f.id AND b.promise = 'first_contact')
                    UNION ALL
                    SELECT f.organization_id, f.resolution_due_at FROM alerts_followup f
                    WHERE f.resolved_at IS NULL{running} AND f.resolution_due_at <= now() AND NOT EXISTS (
                        SELECT FROM alerts_slabreach b WHERE b.organization_id = f.organization_id
                        AND b.follow_up_id = f.id AND b.promise = 'resolution')
                ) overdue GROUP BY organization_id ORDER BY min(due_at) LIMIT at_most
            """  # noqa: S608  two fixed conditions


class Migration(migrations.Migration):
    dependencies = [("alerts", "0006_tighten")]

    operations = [
        SecureOwned(
            "Calendar",
            "EscalationStep",
            "Escalation",
            "Team",
            "TeamMember",
            "OwnerRule",
            "Absence",
            "StaffSettings",
            "Playbook",
            "PlaybookStep",
            "ReplyTemplate",
            "FollowUpStep",
            "AlertRuleVersion",
            "RuleCheck",
            "FollowUpAnswer",
            "FollowUpPause",
            "Watcher",
            "RootCause",
            "SavedView",
            "BulkDeed",
            "InboundMail",
            "Attachment",
            "NotificationChannel",
            "NotificationChoice",
            "QuietHours",
            "Notification",
            "Delivery",
            "RecoveryPlan",
            "Recovery",
            "Initiative",
            "InitiativeTouchpoint",
            "InitiativeFollowUp",
            "InitiativeMessage",
            "InitiativeRecipient",
        ),
        AddOwnedKey("FollowUp", "sla_policy"),
        AddOwnedKey("FollowUp", "playbook"),
        AddOwnedKey("FollowUp", "team"),
        AddOwnedKey("FollowUp", "merged_into"),
        AddOwnedKey("Alert", "customer"),
        AddOwnedKey("Alert", "follow_up"),
        AddOwnedKey("AlertRule", "playbook"),
        AddOwnedKey("AlertRule", "owner_rule"),
        AddOwnedKey("AlertRule", "starts_survey"),
        AddOwnedKey("SlaPolicy", "calendar"),
        RemoveDoor(
            "door_due_follow_ups(at_most integer)",
            returns="SETOF uuid",
            body=due_follow_ups(""),
            reads=FOLLOW_UPS_READ,
        ),
        CreateDoor(
            "door_due_follow_ups(at_most integer)",
            returns="SETOF uuid",
            body=due_follow_ups(" AND f.paused_at IS NULL AND f.state <> 'merged'"),
            reads=FOLLOW_UPS_READ,
        ),
        due("door_due_rule_checks", "alerts_rulecheck", "due_at"),
        due("door_due_escalations", "alerts_followup", "escalates_at"),
        due("door_due_resumptions", "alerts_followup", "resumes_at"),
        due("door_due_notifications", "alerts_notification", "mail_due_at"),
        due(
            "door_due_deliveries",
            "alerts_delivery",
            "due_at",
            "(state = 'due' OR (state = 'sending' AND lease_until <= now()))",
            reads="state, lease_until",
        ),
        due("door_due_recoveries", "alerts_recovery", "due_at"),
        due("door_due_inbound_mail", "alerts_inboundmail", "due_at", "state = 'due'", reads="state"),
        due("door_due_initiative_messages", "alerts_initiativemessage", "due_at"),
    ]
