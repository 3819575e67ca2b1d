from types import SimpleNamespace

from infodecomp.explorable.serving.sweeping import Sweeper


class Coming:
    """A request that is coming in."""


def connection(request=None, waiting=0, last=0.0):
    one = SimpleNamespace(request=request, total_outbufs_len=waiting, last_activity=last, closed=False)
    one.handle_close = lambda: setattr(one, "closed", True)
    return one


def test_a_request_that_comes_in_drop_by_drop_is_cut_off_and_a_quick_one_is_not():
    sweeper, slow, idle = Sweeper(20), connection(Coming()), connection()
    for now in range(0, 21, 5):
        slow.last_activity = now  # it does send, a byte at a time
        sweeper.sweep([slow, idle], now)
        assert not slow.closed
    slow.last_activity = 25
    assert sweeper.sweep([slow, idle], 25) == 1
    assert slow.closed and not idle.closed


def test_the_next_request_of_a_connection_has_all_of_its_time():
    sweeper, busy = Sweeper(20), connection()
    for now in range(0, 100, 5):
        busy.request = Coming()
        sweeper.sweep([busy], now)
    assert not busy.closed


def test_a_reader_who_takes_nothing_is_cut_off_and_a_slow_one_is_not():
    sweeper, stuck, slow, done = Sweeper(20), connection(waiting=9, last=10), connection(waiting=9, last=25), connection(last=10)
    sweeper.sweep([stuck, slow, done], 31)
    assert stuck.closed and not slow.closed and not done.closed
