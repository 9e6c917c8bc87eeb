"""The life of a follow-up as one table: which deed is allowed in which state, and where it leads. Pure."""

from enum import StrEnum


class State(StrEnum):
    """Where a follow-up stands, in order."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CONTACTED = "contacted"
    RESOLVED = "resolved"
    CLOSED = "closed"
    MERGED = "merged"


class Deed(StrEnum):
    """What can be done with a follow-up's state."""

    ACKNOWLEDGE = "acknowledge"
    CONTACT = "contact"
    RESOLVE = "resolve"
    CLOSE_LOOP = "close_loop"
    REOPEN = "reopen"
    # Nobody's deed: the only reply that counted as a contact could not be delivered.
    LOSE_CONTACT = "lose_contact"


class IllegalMove(Exception):
    """The deed is not allowed in this state; the message says why in words for people."""

    def __init__(self, deed: Deed, state: str, why: str):
        self.deed, self.state = deed, State(state)
        super().__init__(why)


# Further contacts are recorded without going back: after a resolution somebody still has to tell the customer.
MOVES: dict[Deed, dict[State, State]] = {
    Deed.ACKNOWLEDGE: {State.OPEN: State.ACKNOWLEDGED},
    Deed.CONTACT: {
        State.OPEN: State.CONTACTED,
        State.ACKNOWLEDGED: State.CONTACTED,
        State.CONTACTED: State.CONTACTED,
        State.RESOLVED: State.RESOLVED,
    },
    Deed.RESOLVE: {
        State.OPEN: State.RESOLVED,
        State.ACKNOWLEDGED: State.RESOLVED,
        State.CONTACTED: State.RESOLVED,
    },
    Deed.CLOSE_LOOP: {State.RESOLVED: State.CLOSED},
    Deed.REOPEN: {State.RESOLVED: State.OPEN, State.CLOSED: State.OPEN},
    Deed.LOSE_CONTACT: {State.CONTACTED: State.ACKNOWLEDGED, State.RESOLVED: State.RESOLVED},
}

WORDS = {
    Deed.ACKNOWLEDGE: "acknowledged",
    Deed.CONTACT: "marked as contacted",
    Deed.RESOLVE: "resolved",
    Deed.CLOSE_LOOP: "closed",
    Deed.REOPEN: "reopened",
    Deed.LOSE_CONTACT: "without a contact",
}
STATE_WORDS = {
    State.OPEN: "open",
    State.ACKNOWLEDGED: "acknowledged",
    State.CONTACTED: "contacted",
    State.RESOLVED: "resolved",
    State.CLOSED: "closed",
    State.MERGED: "merged into another",
}


def next_state(state: str, deed: Deed) -> State:
    """The state after `deed`; raises IllegalMove."""
    after = MOVES[deed].get(State(state))
    if after is None:
        why = f"A follow-up that is {STATE_WORDS[State(state)]} cannot be {WORDS[deed]}."
        raise IllegalMove(deed, state, why)
    return after


def allowed_deeds(state: str) -> list[Deed]:
    """The deeds the table allows people in this state, in the order of the loop."""
    return [deed for deed, moves in MOVES.items() if State(state) in moves and deed != Deed.LOSE_CONTACT]
