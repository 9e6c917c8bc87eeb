"""An answer far larger than any person writes is refused, and nothing of it is stored."""

from django.utils import timezone

from surveys.models import Response
from tests.surveys.listening import make_invitation, make_live_survey, path_of


def test_ten_megabytes_in_one_field_are_refused_and_the_link_still_works(client, world):
    home = world.home
    with home.scope():
        path = path_of(make_invitation(home, make_live_survey(home), at=timezone.now()))
    refused = client.post(
        path, f"score=3&verbatim={'x' * 10_000_000}", content_type="application/x-www-form-urlencoded"
    )
    assert refused.status_code == 400
    with home.scope():
        assert not Response.objects.exists()
    assert client.post(path, {"score": "3", "verbatim": "Late"}).status_code == 303
