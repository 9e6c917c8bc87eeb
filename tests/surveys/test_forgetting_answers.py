"""An erased customer leaves their score in the counts and nothing else of what they said."""

from django.utils import timezone

from customers.erasure import erase_customer
from surveys.models import Answer, Response
from surveys.tokens import make_token
from tests.surveys.listening import a_response, make_invitation, make_live_survey


def test_words_and_attributes_go_and_the_score_stays(client, world):
    with world.home.scope():
        survey = make_live_survey(world.home)
        invitation = make_invitation(world.home, survey, at=timezone.now())
        world.home.chiara.attributes = {"plan": "gold"}
        a_response(world.home, survey=survey, invitation=invitation, verbatim="I live at 5 Low Street")
        kept = a_response(world.home, survey=survey, customer=world.home.karim, verbatim="Somebody else")
        erase_customer(world.home.chiara, by=world.home.ana, at=timezone.now())
        response = Response.objects.exclude(pk=kept.pk).get()
        assert (response.score, response.has_verbatim, response.attributes) == (3, False, {})
        assert not Answer.objects.filter(text__contains="Low Street").exists()
        assert Answer.objects.filter(text="Somebody else").exists()
    page = client.get(f"/r/{make_token(invitation.id)}/")
    assert page.status_code == 404
