"""What the API says of follow-ups, and what is said to it."""

from rest_framework import serializers

from alerts.following_up import CONTACT_OUTCOMES, CONTACT_WAYS, REACHED
from alerts.models import FollowUp, FollowUpEntry, Priority
from alerts.work.marking import MOST_TAGS, TAG_CHARACTERS
from tenancy.api_paging import Paging
from tenancy.api_shapes import Moment, Shape, Text

# "Mine" is a view for people; a key is nobody.
VIEWS = ("unassigned", "due_today", "overdue", "waiting", "snoozed", "to_close", "closed", "all")
NOTE_CHARACTERS = 5000


class OwnerShape(Shape):
    id = serializers.UUIDField()
    name = Text()
    email = Text()


class FollowUpShape(Shape):
    id = serializers.UUIDField()
    number = serializers.IntegerField(help_text="What people call it: follow-up 214.")
    version = serializers.IntegerField(help_text="Counts every change; say it when you change something.")
    state = serializers.ChoiceField(FollowUp.State.choices)
    customer = serializers.UUIDField(source="customer_id", allow_null=True)
    response = serializers.UUIDField(
        source="response_id", allow_null=True, help_text="Null where a silence or a score that fell opened it."
    )
    score = serializers.IntegerField(source="response.score", allow_null=True)
    reason = Text(source="alert.reason", help_text="Why the first rule fired, in words.")
    owner = OwnerShape(allow_null=True)
    priority = serializers.ChoiceField(Priority.choices)
    tags = serializers.ListField(child=Text())
    opened_at = Moment()
    first_contact_due_at = Moment()
    resolution_due_at = Moment()
    next_due_at = Moment(allow_null=True, help_text="Of the promise that runs; null once it is resolved.")
    paused_at = Moment(allow_null=True, help_text="The clocks stand still since then.")
    pause_reason = serializers.ChoiceField(["", *FollowUp.Pause.values])
    resumes_at = Moment(allow_null=True, help_text="When they go on by themselves.")
    first_contacted_at = Moment(allow_null=True)
    resolved_at = Moment(allow_null=True)
    closed_at = Moment(allow_null=True)
    outcome = serializers.ChoiceField(["", *FollowUp.Outcome.values])
    root_cause = Text(help_text="The key of a root cause; empty until it is resolved.")
    merged_into = serializers.UUIDField(source="merged_into_id", allow_null=True, help_text="Where everything stands.")
    closing = serializers.ChoiceField(["", *FollowUp.Closing.values], help_text="Empty until the loop is closed.")


class EntryShape(Shape):
    """One line of its history."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(FollowUpEntry.Kind.choices)
    at = Moment()
    by = Text(source="by_label")
    from_state = Text()
    to_state = Text()
    text = Text()


class FollowUpFilters(Paging):
    view = serializers.ChoiceField(VIEWS, required=False, default="all", help_text="As in the queue.")
    state = serializers.ChoiceField(FollowUp.State.choices, required=False)
    customer = serializers.UUIDField(required=False)
    priority = serializers.ChoiceField(Priority.choices, required=False)
    tag = Text(max_length=TAG_CHARACTERS, required=False)


class Versioned(Shape):
    version = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, help_text="The one you saw; 409 if it moved on."
    )


class AcknowledgementFields(Versioned):
    pass


class ContactFields(Versioned):
    way = serializers.ChoiceField(list(CONTACT_WAYS), help_text="How the customer was reached, or tried to be.")
    outcome = serializers.ChoiceField(
        list(CONTACT_OUTCOMES.items()),
        default=REACHED,
        required=False,
        help_text="Only reached counts as a contact; the others are kept as attempts. Say more in text for other.",
    )
    text = Text(max_length=NOTE_CHARACTERS, allow_blank=True, required=False, default="")
    happened_at = serializers.DateTimeField(
        allow_null=True, required=False, default=None, help_text="Null: now. Not before the follow-up opened."
    )


class ResolutionFields(Versioned):
    outcome = serializers.ChoiceField(
        FollowUp.Outcome.values,
    )
    root_cause = Text(max_length=60, help_text="The key of a root cause of this organization.")
    text = Text(max_length=NOTE_CHARACTERS, help_text="What was done.")


class ClosureFields(Versioned):
    closing = serializers.ChoiceField(
        FollowUp.Closing.choices, default="told", required=False, help_text="told needs a recorded contact."
    )
    text = Text(max_length=NOTE_CHARACTERS, help_text="What the customer was told, or why that was impossible.")


class ReopeningFields(Versioned):
    text = Text(max_length=NOTE_CHARACTERS, allow_blank=True, required=False, default="")


class OwnerFields(Versioned):
    owner = Text(max_length=254, allow_null=True, help_text="A colleague's e-mail address, or null for nobody.")
    text = Text(
        max_length=NOTE_CHARACTERS,
        allow_blank=True,
        required=False,
        default="",
        help_text="Why. Needed when it leaves the owner it had.",
    )


class PauseFields(Versioned):
    pass


class SnoozeFields(Versioned):
    until = Moment(help_text="When the clocks go on; at the longest as the policy allows.")


class PriorityFields(Versioned):
    priority = serializers.ChoiceField(Priority.choices)


class TagsFields(Versioned):
    add = serializers.ListField(child=Text(max_length=TAG_CHARACTERS), max_length=MOST_TAGS, required=False, default=[])
    remove = serializers.ListField(
        child=Text(max_length=TAG_CHARACTERS), max_length=MOST_TAGS, required=False, default=[]
    )


class MergeFields(Versioned):
    duplicate = serializers.UUIDField(help_text="The follow-up that ends in this one.")
    duplicate_version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="The one you saw of it.")


class WatcherFields(Shape):
    person = Text(max_length=254, help_text="A colleague's e-mail address.")
    watches = serializers.BooleanField(default=True, required=False)


class NoteFields(Shape):
    text = Text(max_length=NOTE_CHARACTERS)
    mentions = serializers.ListField(
        child=Text(max_length=254),
        max_length=20,
        required=False,
        default=[],
        help_text="E-mail addresses of colleagues who hear of it, beside those named with @ in the text.",
    )
