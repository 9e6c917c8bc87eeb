"""What alerts stores: rules and their firings, follow-ups with their clocks, and the proof that loops were closed."""

from alerts.models.clocks import Calendar, Escalation, EscalationStep, Priority, Promise, SlaBreach, SlaPolicy
from alerts.models.follow_ups import (
    BulkDeed,
    FollowUp,
    FollowUpAnswer,
    FollowUpDigest,
    FollowUpEntry,
    FollowUpPause,
    RootCause,
    SavedView,
    Watcher,
)
from alerts.models.mail import Attachment, InboundMail
from alerts.models.notifications import (
    Delivery,
    Notification,
    NotificationChannel,
    NotificationChoice,
    QuietHours,
)
from alerts.models.owners import Absence, OwnerRule, StaffSettings, Team, TeamMember
from alerts.models.playbooks import FollowUpStep, Playbook, PlaybookStep, ReplyTemplate
from alerts.models.proof import (
    Initiative,
    InitiativeFollowUp,
    InitiativeMessage,
    InitiativeRecipient,
    InitiativeTouchpoint,
    Recovery,
    RecoveryPlan,
)
from alerts.models.rules import Alert, AlertRule, AlertRuleVersion, Evaluation, RuleCheck

__all__ = [
    "Absence",
    "Alert",
    "AlertRule",
    "AlertRuleVersion",
    "Attachment",
    "BulkDeed",
    "Calendar",
    "Delivery",
    "Escalation",
    "EscalationStep",
    "Evaluation",
    "FollowUp",
    "FollowUpAnswer",
    "FollowUpDigest",
    "FollowUpEntry",
    "FollowUpPause",
    "FollowUpStep",
    "InboundMail",
    "Initiative",
    "InitiativeFollowUp",
    "InitiativeMessage",
    "InitiativeRecipient",
    "InitiativeTouchpoint",
    "Notification",
    "NotificationChannel",
    "NotificationChoice",
    "OwnerRule",
    "Playbook",
    "PlaybookStep",
    "Priority",
    "Promise",
    "QuietHours",
    "Recovery",
    "RecoveryPlan",
    "ReplyTemplate",
    "RootCause",
    "RuleCheck",
    "SavedView",
    "SlaBreach",
    "SlaPolicy",
    "StaffSettings",
    "Team",
    "TeamMember",
    "Watcher",
]
