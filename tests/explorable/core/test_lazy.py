import threading

from infodecomp.explorable.core.lazy import lazy_property


class Thing:
    made = 0

    @lazy_property
    def part(self):
        """Its part."""
        self.made += 1
        return [self]


def test_the_value_is_computed_once_per_instance():
    one, other = Thing(), Thing()
    assert one.part is one.part and one.made == 1 and other.part[0] is other
    assert Thing.part.__doc__ == "Its part."


def test_a_slow_instance_does_not_block_another():
    begun, go_on = threading.Event(), threading.Event()

    class Slow:
        def __init__(self, quick):
            self.quick = quick

        @lazy_property
        def data(self):
            begun.set()
            return self.quick or go_on.wait(5)

    slow = threading.Thread(target=lambda: Slow(False).data)
    slow.start()
    begun.wait()
    found = []
    quick = threading.Thread(target=lambda: found.append(Slow(True).data))
    quick.start()
    quick.join(2)
    assert found == [True]
    go_on.set()
    slow.join()
