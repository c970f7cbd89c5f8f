"""That canon tells apart what differs, and nothing else. Run by any interpreter, without arguments."""
import unittest

import geometry
import zoo
from canon import canon
from zoo import text


def twice(obj):
    return [obj, obj]


def cycle_of(length):
    """Instances in a ring."""
    ring = [zoo.Plain() for _ in range(length)]
    for left, right in zip(ring, ring[1:] + ring[:1]):
        left.next = right
    return ring[0]


DIFFERENT = [
    (twice([]), [[], []]), (twice({}), [{}, {}]), (twice(zoo.Plain()), [zoo.Plain(), zoo.Plain()]),
    (twice(([],)), [([],), ([],)]), (twice(bytearray()), [bytearray(), bytearray()]),
    (cycle_of(1), cycle_of(2)), (1, 1.0), (1, True), (0.0, -0.0), (b'1', text(1)), ([], ()), (set(), frozenset()),
    ((1, 2), geometry.Pair(1, 2)), (zoo.Int(1), 1), (zoo.Plain(x=1), zoo.Child(x=1)), (zoo.Slots(x=1), zoo.Slots(y=1)),
    (zoo.with_attributes(zoo.List(), x=1), zoo.List()), ([u'a", u"b'], [u'a', u'b']), (zoo.Plain, zoo.Plain()),
]
EQUAL = [
    (float('nan'), float('nan')), ({1, 2 ** 61}, {2 ** 61, 1}), (twice((1, u'a')), [(1, u'a'), tuple([1, u'a'])]),
    (twice(u'long string'), [u'long string', u'long' + u' string']), (cycle_of(2), cycle_of(2).next),
    (frozenset([(1, 2), (3, 4)]), frozenset([(3, 4), (1, 2)])),
    ({zoo.Plain(x=1), zoo.Plain(x=2)}, {zoo.Plain(x=2), zoo.Plain(x=1)}),
]


class TestCanon(unittest.TestCase):
    def test_different(self):
        for left, right in DIFFERENT:
            self.assertNotEqual(canon(left), canon(right))

    def test_equal(self):
        for left, right in EQUAL:
            self.assertEqual(canon(left), canon(right))

    def test_cyclic(self):
        self.assertTrue(canon(cycle_of(3))[1])
        self.assertFalse(canon(twice(twice([])))[1])

    def test_depth_and_sharing_cost_nothing(self):
        deep, wide, values = [], [], ()
        for _ in range(100000):
            deep = [deep]
        for _ in range(100):
            wide, values = twice(wide), (values, values)
        for obj in (deep, wide, values):
            self.assertFalse(canon(obj)[1])
        while deep:
            deep = deep.pop()


if __name__ == '__main__':
    unittest.main()
