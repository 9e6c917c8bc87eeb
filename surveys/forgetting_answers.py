"""Forgetting a customer: the scores they gave stay in the counts, what they wrote does not."""

from customers.models import Customer
from surveys.models import Answer, Question, Response
from surveys.responding import day_in
from surveys.signals import response_completed


def forget_answers(customer: Customer) -> None:
    """Blank the words and the frozen attributes of this customer's answers, and have their days counted again.

    The submission keys stay: a file that is imported again must not bring back what was forgotten.
    """
    responses = list(Response.objects.filter(customer=customer).select_related("survey", "organization"))
    if not responses:
        return
    Answer.objects.filter(response__in=responses, kind=Question.Kind.VERBATIM).update(text="")
    Response.objects.filter(customer=customer).update(has_verbatim=False, attributes={}, may_contact=False)
    days = {day_in(each.organization.time_zone, each.responded_at) for each in responses}
    for response in responses:
        response.has_verbatim, response.attributes, response.may_contact = False, {}, False
    response_completed.send_robust(sender=Response, responses=responses, is_new=False, raise_alerts=False, days=days)
