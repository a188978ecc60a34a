"""Every call of a small run fails once, and then every allocation: no false success, and the next run completes (40 minutes)."""
import argparse
import collections
import os
import random
import sys
import tempfile
import time

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')
sys.path[:0] = TESTS, os.path.join(TESTS, 'fault')
from calls import Scene, draw, kinds_of                                  # noqa: E402


class Faults:
    """Makes calls fail in one kind of run: 'empty' begins without a state, 'later' finds new articles beside those of an earlier run."""

    def __init__(self, scene, begin, given):
        self.scene, self.begin, self.given, self.codes, self.problems, self.struck = scene, begin, given, collections.Counter(), [], 0
        scene.clear()
        if begin == 'later':
            scene.publish(False)
            scene.calm('run')
        scene.keep()
        scene.publish(True)
        self.wanted = scene.calm('run')

    def points(self, allocations):
        """Returns (call, fault) for every different call, with one fault of each that the function has, or all of them."""
        chance, found = random.Random(self.given.seed), []
        self.scene.restore()
        for call in self.scene.record('run', allocations=allocations):
            kinds = kinds_of(call.split()[0])
            found += [(call, kind) for kind in (kinds if self.given.all else [chance.choice(kinds)])]
        return draw(found, self.given.count, self.given.seed, self.given.known)

    def strike(self, call, kind, allocations):
        self.scene.restore()
        first, hit = self.scene.strike(call, kind, 'run', **({'CALLS_ALLOCATIONS': '1'} if allocations else {}))
        if not hit:
            return
        self.struck += 1
        self.codes[first.returncode] += 1
        wrong = self.scene.judge(first, self.wanted)
        if allocations and first.returncode not in (0, 69, 71):
            wrong.append('out of memory ended with %d: %s' % (first.returncode, first.stderr[-300:]))
        if wrong:
            self.problems.append((call, kind, wrong))
            print('%s %s %s: %d\n    %s' % (self.begin, call, kind, first.returncode, '\n    '.join(w[:1500] for w in wrong)), flush=True)

    def play(self, allocations):
        points, start = self.points(allocations), time.monotonic()
        for place, (call, kind) in enumerate(points):
            self.strike(call, kind, allocations)
            if place % 100 == 99:
                print('%s: %d of %d after %d s' % (self.begin, place + 1, len(points), time.monotonic() - start), flush=True)
        print('%s %s: %d of %d were reached, %d with problems; exit codes %s; %d s' % (
            self.begin, 'allocations' if allocations else 'calls', self.struck, len(points), len(self.problems), dict(self.codes), time.monotonic() - start), flush=True)
        return self.problems


def main():
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument('--count', type=int, default=1 << 20, help='how many, drawn by the seed (default: all)')
    reader.add_argument('--seed', type=int, default=20261129)
    reader.add_argument('--all', action='store_true', help='every fault that a function can have, not one of them')
    reader.add_argument('--begin', choices=['empty', 'later'], action='append')
    reader.add_argument('--what', choices=['calls', 'allocations'], action='append')
    given = argparse.Namespace(known=None)
    reader.parse_args(namespace=given)
    if os.path.isdir('/dev/shm'):
        tempfile.tempdir = '/dev/shm'
    scene, problems = Scene(), []
    try:
        for begin in given.begin or ['empty', 'later']:
            for what in given.what or ['calls', 'allocations']:
                problems += Faults(scene, begin, given).play(what == 'allocations')
    finally:
        scene.close()
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
