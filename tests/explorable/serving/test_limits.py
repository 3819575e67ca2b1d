import threading
import time

import pytest

from infodecomp.explorable.core.errors import Busy, TooMany
from infodecomp.explorable.serving.limits import ConcurrencyLimit, SlidingWindowLimiter, WorkerPool, network


def waiting_in(places: ConcurrencyLimit, number: int) -> None:
    for _ in range(500):
        if places.waiting == number:
            return
        time.sleep(0.002)
    raise AssertionError(f"{places.waiting} wait, not {number}")


def test_who_came_first_is_served_first_and_one_at_a_time():
    places, order, inside = ConcurrencyLimit("work", 1, queue=9, wait_timeout=5), [], []

    def work(number):
        with places:
            inside.append(number)
            order.append((number, len(inside)))
            time.sleep(0.002)
            inside.pop()

    places.take()
    workers = []
    for number in range(9):
        workers.append(threading.Thread(target=work, args=(number,)))
        workers[-1].start()
        waiting_in(places, number + 1)
    places.give()
    for worker in workers:
        worker.join()
    assert order == [(number, 1) for number in range(9)]
    assert places.free == 1 and places.waiting == 0


def test_a_full_queue_and_a_long_wait_are_told_at_once_and_in_time():
    places = ConcurrencyLimit("exports", 2, queue=1, wait_timeout=0.1)
    with places, places:
        waiter = threading.Thread(target=lambda: pytest.raises(Busy, places.take))
        waiter.start()
        waiting_in(places, 1)
        start = time.monotonic()
        with pytest.raises(Busy, match="All 2 places for exports are taken, and 1 wait") as refused:
            places.take()
        assert time.monotonic() - start < 0.05 and refused.value.retry_after == 2
        waiter.join()
        with pytest.raises(Busy, match=r"within 0\.1 seconds"):
            places.take()
        assert places.waiting == 0
    assert places.free == 2


def test_no_place_is_lost_where_patience_ends_as_the_turn_comes():
    places = ConcurrencyLimit("work", 1, queue=50, wait_timeout=0.01)

    def ask():
        for _ in range(20):
            try:
                with places:
                    time.sleep(0.001)
            except Busy:
                pass

    max_waiters = [threading.Thread(target=ask) for _ in range(30)]
    for asker in max_waiters:
        asker.start()
    for asker in max_waiters:
        asker.join()
    assert places.free == 1 and places.waiting == 0


def test_a_crew_works_in_order_and_says_when_too_much_waits():
    crew, over, done = WorkerPool("computations", workers=1, queue=2), threading.Event(), []
    crew.do(over.wait)
    crew.do(lambda: done.append(1))
    crew.do(lambda: done.append(2))
    with pytest.raises(Busy, match="computations are under way") as refused:
        crew.do(lambda: done.append(3))
    assert refused.value.retry_after and crew.full
    over.set()
    for _ in range(500):
        if not crew.busy and not crew.waiting:
            break
        time.sleep(0.002)
    assert done == [1, 2] and not crew.full
    crew.do(lambda: done.append(threading.current_thread().name))
    for _ in range(500):
        if len(done) == 3:
            break
        time.sleep(0.002)
    assert done[2] == "computations 1", "the one thread that it has"


def test_an_address_may_begin_so_much_a_minute_and_no_other_is_held_up():
    now = [1000.0]
    rates = SlidingWindowLimiter(2, clock=lambda: now[0])
    for _ in range(2):
        with rates.count("192.0.2.1"):
            now[0] += 10
    with pytest.raises(TooMany, match="2 long computations") as refused:
        with rates.count("192.0.2.1"):
            raise AssertionError("it may not begin")
    assert refused.value.retry_after == pytest.approx(40, abs=1) and refused.value.status == 429
    with rates.count("192.0.2.2"):
        pass
    now[0] += 41
    with rates.count("192.0.2.1"):
        pass


def test_what_found_no_place_is_not_counted():
    rates = SlidingWindowLimiter(1)
    for _ in range(3):
        with pytest.raises(Busy), rates.count("192.0.2.1"):
            raise Busy("full")
    with rates.count("192.0.2.1"):
        pass
    with pytest.raises(TooMany), rates.count("192.0.2.1"):
        pass


def test_addresses_that_ask_no_more_are_forgotten():
    now = [0.0]
    rates = SlidingWindowLimiter(5, clock=lambda: now[0])
    for number in range(1000):
        with rates.count(f"192.0.2.{number}"):
            now[0] += 1
    assert len(rates._begun) <= 2 * SlidingWindowLimiter.WITHIN + 2


def test_one_household_has_one_address():
    assert network("2001:db8:1:2:3::4") == network("2001:db8:1:2:ffff::1") != network("2001:db8:1:3::4")
    assert network("192.0.2.7") == "192.0.2.7" and network("unix") == "unix"
