"""One bad request harms its own caller, never its neighbours in the batch and never the writer."""

from __future__ import annotations

from tests.eventlog.bins import Bin, pick, stock
from tests.eventlog.support import request, statuses


def unspeakable(log):
    """A flow with a fault: it answers with what no receipt can hold."""
    log.get(Bin, "A").stock(50)
    return object()


def test_an_answer_that_cannot_be_written_down_undoes_only_its_own_command(desk):
    answers = desk.together(stock("A", 1), unspeakable, stock("A", 2))

    assert statuses(answers) == ["accepted", "TypeError", "accepted"]
    assert desk.counted("A") == 3


def test_an_event_that_cannot_be_written_down_undoes_only_its_own_command(desk):
    answers = desk.together(stock("A", 1), stock("A", 50, note=object()), stock("A", 2))

    assert statuses(answers) == ["accepted", "TypeError", "accepted"]
    assert desk.counted("A") == 3


def test_a_refusal_that_cannot_be_described_undoes_only_its_own_command(desk):
    def speechless(_refusal):
        raise ZeroDivisionError

    desk.writer._describe = speechless
    answers = desk.together(stock("A", 1), pick("A", 9), stock("A", 2))

    assert statuses(answers) == ["accepted", "ZeroDivisionError", "accepted"]
    assert desk.counted("A") == 3


def test_a_caller_that_gives_up_does_not_stop_the_writer(desk):
    def give_up(_log):
        assert desk.writer.submit(request(stock("A"))).cancel()

    desk.do(give_up)
    promise = desk.writer.submit(request(stock("B")))
    desk.writer.stop()

    assert promise.done()
    assert promise.result().receipt.status == "accepted"


def test_a_caller_that_gives_up_in_mid_batch_does_not_stop_the_writer(desk):
    promises = []

    def give_up(_log):
        promises[0].cancel()

    promises.append(desk.writer.submit(request(give_up)))
    promise = desk.writer.submit(request(stock("B")))
    desk.writer.stop()

    assert promise.done()
    assert promise.result().receipt.status == "accepted"
