import threading
import time

import pytest

from infodecomp.explorable.core.errors import Busy, TooMany
from infodecomp.explorable.serving.limits import ConcurrencyLimit, RateLimiter, WorkerPool, client_key
from tests.live_server import wait_until


def wait_for_waiters(places: ConcurrencyLimit, number: int) -> None:
    wait_until(lambda: places.waiting == number)


def test_waiting_threads_are_served_in_order_and_one_at_a_time():
    places, order, inside = ConcurrencyLimit("work", 1, queue=9, wait_timeout=5), [], []

    def work(number):
        with places:
            inside.append(number)
            order.append((number, len(inside)))
            time.sleep(0.002)
            inside.pop()

    places.acquire()
    workers = []
    for number in range(9):
        workers.append(threading.Thread(target=work, args=(number,)))
        workers[-1].start()
        wait_for_waiters(places, number + 1)
    places.release()
    for worker in workers:
        worker.join()
    assert order == [(number, 1) for number in range(9)]
    assert places.free == 1 and places.waiting == 0


def test_a_full_queue_and_a_long_wait_raise_busy():
    places = ConcurrencyLimit("exports", 2, queue=1, wait_timeout=0.1)
    with places, places:
        waiter = threading.Thread(target=lambda: pytest.raises(Busy, places.acquire))
        waiter.start()
        wait_for_waiters(places, 1)
        with pytest.raises(Busy, match="All 2 places for exports are taken, and 1 wait") as refused:
            places.acquire()
        assert refused.value.retry_after == 2
        waiter.join()
        with pytest.raises(Busy, match=r"within 0\.1 seconds"):
            places.acquire()
        assert places.waiting == 0
    assert places.free == 2


def test_no_place_is_lost_if_a_timeout_and_a_grant_coincide():
    places = ConcurrencyLimit("work", 1, queue=50, wait_timeout=0.01)

    def ask():
        for _ in range(20):
            try:
                with places:
                    time.sleep(0.001)
            except Busy:
                pass

    threads = [threading.Thread(target=ask) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert places.free == 1 and places.waiting == 0


def test_a_pool_works_in_order_and_rejects_what_exceeds_its_queue():
    pool, release, done = WorkerPool("computations", workers=1, queue=2), threading.Event(), []
    tasks = [
        pool.submit(release.wait),
        pool.submit(lambda: done.append(1)),
        pool.submit(lambda: done.append(2)),
    ]
    with pytest.raises(Busy, match="computations are under way") as refused:
        pool.submit(lambda: done.append(3))
    assert refused.value.retry_after and pool.full and pool.busy == 1 and pool.waiting == 2
    release.set()
    for task in tasks:
        task.result(5)
    wait_until(lambda: not pool.busy)
    assert done == [1, 2] and not pool.full
    assert pool.submit(lambda: threading.current_thread().name).result(5).startswith("computations")


def limiter(limit: int, clock=time.monotonic) -> RateLimiter:
    return RateLimiter(limit, 60, lambda wait: f"{limit} are enough; wait {wait} seconds", clock)


def test_a_client_may_cause_so_many_events_within_a_window_and_others_are_not_affected():
    now = [1000.0]
    rates = limiter(2, lambda: now[0])
    for _ in range(2):
        rates.count("192.0.2.1")
        now[0] += 10
    with pytest.raises(TooMany, match="2 are enough; wait 40 seconds") as refused:
        rates.count("192.0.2.1")
    assert refused.value.retry_after == 40 and refused.value.status == 429
    rates.count("192.0.2.2")
    now[0] += 41
    rates.count("192.0.2.1")


def test_idle_clients_are_forgotten():
    now = [0.0]
    rates = limiter(5, lambda: now[0])
    for number in range(1000):
        rates.count(f"192.0.2.{number}")
        now[0] += 1
    assert len(rates) <= 2 * 60 + 2


def test_a_64_prefix_of_ipv6_is_one_client():
    assert (
        client_key("2001:db8:1:2:3::4") == client_key("2001:db8:1:2:ffff::1") != client_key("2001:db8:1:3::4")
    )
    assert client_key("192.0.2.7") == "192.0.2.7" and client_key("unix") == "unix"
    rates = limiter(1)
    rates.count("2001:db8:1:2:3::4")
    with pytest.raises(TooMany):
        rates.count("2001:db8:1:2:ffff::1")
