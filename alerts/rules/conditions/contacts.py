"""Whether the customer asked to be contacted."""

from alerts.rules.conditions.parameters import check_yes_or_no
from alerts.rules.conditions.registry import Condition, Names, Parameters, register
from alerts.rules.facts import Facts


def _check(parameters: Parameters) -> None:
    check_yes_or_no(parameters, "is")


def _holds(facts: Facts, parameters: Parameters) -> bool:
    """Who was not asked has said neither yes nor no."""
    return facts.response.may_contact is parameters["is"]


def _sentence(parameters: Parameters, names: Names) -> str:
    return "customer asked to be contacted" if parameters["is"] else "customer does not want to be contacted"


register(Condition("may_contact", "Customer asked to be contacted", _check, _holds, _sentence, ("is",)))
