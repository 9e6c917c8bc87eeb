"""Clocks that stand still and go on, by the API."""

from alerts import pausing
from alerts.api.moves import Move, moves
from alerts.api.shapes import PauseFields, SnoozeFields


class FollowUpWaiting(Move):
    fields = PauseFields
    move = staticmethod(pausing.wait_for_customer)

    @moves("wait_for_customer", "Once contacted: the clocks stand still until they write", PauseFields)
    def post(self, request, pk):
        return self.answer(request, pk)


class FollowUpSnooze(Move):
    fields = SnoozeFields
    move = staticmethod(pausing.snooze)

    @moves("snooze_follow_up", "The clocks stand still until a moment you choose", SnoozeFields)
    def post(self, request, pk):
        return self.answer(request, pk)


class FollowUpResumption(Move):
    fields = PauseFields
    move = staticmethod(pausing.resume)

    @moves("resume_follow_up", "The clocks go on, with the working time that was left", PauseFields)
    def post(self, request, pk):
        return self.answer(request, pk)
