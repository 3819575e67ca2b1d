import threading

from infodecomp.explorable.core.lazy import lazy_property


class Thing:
    made = 0

    @lazy_property
    def part(self):
        """Its part."""
        self.made += 1
        return [self]


def test_it_is_made_once_for_each_thing():
    one, other = Thing(), Thing()
    assert one.part is one.part and one.made == 1 and other.part[0] is other
    assert Thing.part.__doc__ == "Its part."


def test_what_takes_long_for_one_holds_up_no_other():
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
