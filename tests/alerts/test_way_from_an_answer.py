"""The page of an answer leads to the follow-up it opened."""

from tests.alerts.answering import evaluate, give_answers


def test_page_of_an_answer_links_its_follow_up(client, world):
    (response,) = give_answers(world.home, 2)
    evaluate(world.home)
    client.force_login(world.home.greta)
    page = client.get(world.home.url(f"responses/{response.pk}/")).content.decode()
    assert "Follow-up 1" in page and "owner:" in page
