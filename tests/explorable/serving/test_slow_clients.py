from infodecomp.explorable.serving.slow_clients import SlowClientReaper


class Coming:
    """A request that is coming in."""


class Connection:
    def __init__(self, request=None, waiting=0, last=0.0):
        self.request, self.total_outbufs_len, self.last_activity, self.closed = request, waiting, last, False

    def handle_close(self):
        self.closed = True


def test_a_request_that_comes_in_drop_by_drop_is_cut_off_and_a_quick_one_is_not():
    sweeper, slow, idle = SlowClientReaper(20), Connection(Coming()), Connection()
    for now in range(0, 21, 5):
        slow.last_activity = now  # it does send, a byte at a time
        sweeper.sweep([slow, idle], now)
        assert not slow.closed
    slow.last_activity = 25
    assert sweeper.sweep([slow, idle], 25) == 1
    assert slow.closed and not idle.closed


def test_the_next_request_of_a_connection_has_all_of_its_time():
    sweeper, busy = SlowClientReaper(20), Connection()
    for now in range(0, 100, 5):
        busy.request = Coming()
        sweeper.sweep([busy], now)
    assert not busy.closed


def test_a_reader_who_takes_nothing_is_cut_off_and_a_slow_one_is_not():
    sweeper, stuck, slow, done = (
        SlowClientReaper(20),
        Connection(waiting=9, last=1),
        Connection(waiting=9),
        Connection(last=1),
    )
    for now in range(
        30, 50, 5
    ):  # it begins to wait long after something last came from it: its answer was long in the making
        slow.last_activity = now
        sweeper.sweep([stuck, slow, done], now)
        assert not stuck.closed
    for now in (50, 55):
        slow.last_activity = now
        sweeper.sweep([stuck, slow, done], now)
    assert stuck.closed and not slow.closed and not done.closed
