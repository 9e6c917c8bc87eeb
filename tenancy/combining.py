"""Work that comes at the same moment done by one transaction: who comes first works for all who came meanwhile.

Nobody waits for company: alone, a caller works at once. While one transaction is on its way to the disk the callers
behind it gather, and the first of them takes them all along. What a transaction costs beside its rows is then paid once
for many; the busier it is, the cheaper each becomes.
"""

import threading
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

MOST = 64
# How long a caller waits for the one who works for them; longer than any transaction of ours takes.
PATIENCE_SECONDS = 45.0


class GaveUpWaiting(RuntimeError):
    """Whoever worked for this caller did not come back: what became of the work is not known."""


class Combiner(Generic[Item, Outcome]):
    """`work(key, items)` returns an outcome for each item, in order, once its transaction is committed.

    It is called outside any transaction of its caller, with items of one key. When it raises for several items, each of
    them is tried alone, so that one bad item spoils nothing but itself.
    """

    def __init__(self, work: Callable[[Any, Sequence[Item]], Sequence[Outcome]]) -> None:
        self._work = work
        self._lock = threading.Lock()
        # By key those who wait; a key is there while somebody works for it.
        self._waiting: dict[Hashable, list[_Ticket[Item, Outcome]]] = {}

    def do(self, key: Hashable, item: Item) -> Outcome:
        """The outcome of this item; raises what `work` raised for it."""
        ticket: _Ticket[Item, Outcome] = _Ticket(item)
        with self._lock:
            waiting = self._waiting.get(key)
            if waiting is None:
                self._waiting[key] = []
            else:
                waiting.append(ticket)
        if waiting is not None:
            self._wait(key, ticket)
        if not ticket.is_done:
            self._lead(key, ticket)
        if ticket.error is not None:
            raise ticket.error
        return ticket.outcome

    def _wait(self, key: Hashable, ticket: "_Ticket[Item, Outcome]") -> None:
        """Until the work is done, or it is this caller's turn to do it."""
        if ticket.turn.wait(PATIENCE_SECONDS):
            return
        with self._lock:
            if ticket.turn.is_set():  # in this very moment: whose turn it is must not run away
                return
            if ticket in self._waiting.get(key, []):
                self._waiting[key].remove(ticket)
        raise GaveUpWaiting("The work of another request did not come to an end.")

    def _lead(self, key: Hashable, own: "_Ticket[Item, Outcome]") -> None:
        with self._lock:
            waiting = self._waiting[key]
            tickets = [own, *waiting[: MOST - 1]]
            del waiting[: MOST - 1]
        try:
            self._serve(key, tickets)
        finally:
            with self._lock:
                heirs = self._waiting[key]
                heir = heirs.pop(0) if heirs else None
                if heir is None:
                    del self._waiting[key]
                else:
                    heir.turn.set()
            for ticket in tickets:
                ticket.settle()

    def _serve(self, key: Hashable, tickets: "list[_Ticket[Item, Outcome]]") -> None:
        try:
            outcomes = self._work(key, [ticket.item for ticket in tickets])
        except Exception as error:
            if len(tickets) == 1:
                tickets[0].error = error
                return
            for ticket in tickets:
                self._serve(key, [ticket])
            return
        for ticket, outcome in zip(tickets, outcomes, strict=True):
            ticket.outcome, ticket.is_done = outcome, True


class _Ticket(Generic[Item, Outcome]):
    __slots__ = ("error", "is_done", "item", "outcome", "turn")

    outcome: Outcome

    def __init__(self, item: Item) -> None:
        self.item = item
        self.is_done = False
        self.error: BaseException | None = None
        self.turn = threading.Event()

    def settle(self) -> None:
        """Tell who waits; who was left without an outcome is told that as well."""
        if not self.is_done and self.error is None:
            self.error = GaveUpWaiting("The request that did this work was stopped.")
        self.is_done = True
        self.turn.set()
