"""What was told long ago is thrown away, and only that."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from alerts.models import BulkDeed, Delivery, Notification
from alerts.notifying.floods import first_id_of
from alerts.notifying.keeping import add_channel
from alerts.notifying.sweeping import KEPT, forget_old


def id_of(moment: datetime) -> UUID:
    """A UUIDv7 made at this moment."""
    return UUID(int=first_id_of(moment).int | 7 << 76 | 2 << 62 | uuid4().int & 0xFFFFFFFF)


def fill(ground, at: datetime) -> None:
    with ground.scope():
        channel = add_channel(
            kind="email", name=str(at), address="care@desk.example", events=["follow_up.opened"], by=ground.ana, at=at
        )
        Notification.objects.create(
            id=id_of(at), user=ground.greta, event="mentioned", title="x", dedupe_key=str(at), at=at
        )
        BulkDeed.objects.create(id=id_of(at), deed="close", done_at=at)
        for state in ("delivered", "given_up", "due"):
            Delivery.objects.create(
                id=id_of(at), channel=channel, event="test", dedupe_key=state, state=state, created_at=at, due_at=at
            )


def test_only_what_is_old_and_done_with_goes_in_every_organization(world):
    now = timezone.now()
    for ground in (world.home, world.other):
        fill(ground, now - KEPT - timedelta(hours=1))
        fill(ground, now - KEPT + timedelta(hours=1))
    assert forget_old() == 8
    assert forget_old() == 0
    for ground in (world.home, world.other):
        with ground.scope():
            assert Notification.objects.count() == 1
            assert BulkDeed.objects.count() == 1
            assert sorted(Delivery.objects.values_list("state", flat=True)) == ["delivered", "due", "due", "given_up"]
