"""Every command that writes is killed at every call that changes a file: nothing lost, doubled, torn or stale (40 minutes)."""
import argparse
import os
import signal
import sys
import tempfile
import time

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')
sys.path[:0] = TESTS, os.path.join(TESTS, 'fault')
from calls import HEAVY, Scene, draw                                     # noqa: E402

DAY = 24 * 3600


class Kills:
    """One kind of command that is killed. prepare_NAME() makes the state in which it begins and returns its words."""

    def __init__(self, scene, name, given):
        self.scene, self.name, self.given, self.killed, self.problems = scene, name, given, 0, []
        scene.clear()
        scene.seconds, scene.mood, self.redo, self.morning = 0, '', None, 0
        scene.publish(name in ('retry', 'accept', 'import'))    # an import changes what news becomes
        self.words = getattr(self, 'prepare_' + name)()
        scene.keep()
        if self.redo:
            scene.calm(*self.words)
        scene.publish(True)
        self.wanted = scene.calm('run')
        self.wanted['one_day'] = not self.morning

    def prepare_empty(self):
        return 'run',

    def prepare_run(self):
        self.scene.calm('run')
        return 'run',

    def prepare_midnight(self):
        """Killed ten minutes before midnight, and run again in the morning."""
        now = time.localtime()
        self.scene.seconds = DAY - 600 - (now.tm_hour * 3600 + now.tm_min * 60 + now.tm_sec)
        self.morning = 7 * 3600
        self.scene.calm('run')
        return 'run',

    def prepare_digest(self):
        self.scene.calm('run')
        return 'digest',

    def prepare_retry(self):
        """Articles wait because the service was down, and some are given up for good."""
        self.scene.mood = 'down'
        self.scene.call('run')
        self.scene.mood = ''
        self.redo = 'retry',
        return self.redo

    def prepare_accept(self):
        self.scene.mood = 'sloppy'
        self.scene.calm('run')
        self.scene.mood = ''
        record, number = next((name[:-5], s['id']) for name, r in self.scene.workspace.records().items() for b in r['body'] for s in b['segments'] if s['status'] == 'suspect')
        self.redo = 'accept', record, str(number)
        return self.redo

    def prepare_import(self):
        """A corrected XLIFF."""
        self.scene.calm('run')
        path = os.path.join(self.scene.workspace.folder, 'corrected.xlf')
        text = self.scene.call('export', 'xliff', '--language', 'es').stdout.decode()
        with open(path, 'w', encoding='utf8') as f:
            f.write(text.replace('Works on their quiet street', 'They work in the quiet street'))
        self.redo = 'import', path
        return self.redo

    def prepare_repair(self):
        """Records and a page of an earlier run are gone."""
        self.scene.calm('run')
        for name in self.scene.names():
            if '/articles/' in name or name.endswith('digest.md'):
                os.unlink(os.path.join(self.scene.workspace.out, name))
        return 'verify', '--repair'

    def two_old_days(self):
        """A day that is to be pruned, with what lies beside it, and one that stays."""
        out = self.scene.workspace.out
        self.scene.seconds = -100 * DAY
        self.scene.calm('run')
        old = self.scene.workspace.days()[0]
        for name in 'archive/%s.warc.gz' % old, 'selections/old.html':
            path = os.path.join(out, name)
            os.makedirs(os.path.dirname(path))
            with open(path, 'w', encoding='ascii') as file:
                file.write('x' * 1000)
            os.utime(path, (time.time() - 100 * DAY,) * 2)
        self.scene.seconds = -5 * DAY
        self.scene.publish_some(3)
        self.scene.calm('run')
        self.scene.seconds = 0

    def prepare_prune(self):
        self.two_old_days()
        self.redo = 'prune', '--days', '10', '--archive', '10', '--memory', '60'
        return self.redo

    def prepare_pruning_run(self):
        """A run that prunes at its end."""
        self.two_old_days()
        self.redo = 'run', '--set', 'prune.auto=yes', '--set', 'prune.days=10', '--set', 'prune.archive=10', '--set', 'prune.memory=60'
        return self.redo

    def points(self):
        self.scene.restore()
        found = [(call, when) for call in self.scene.record(*self.words) if call.split()[0] in HEAVY for when in ('before', 'after')]
        return draw(found, self.given.count, self.given.seed, self.given.known)

    def strike(self, call, when):
        self.scene.restore()
        first, _ = self.scene.strike(call, when, *self.words)
        if first.returncode != -signal.SIGKILL:
            return
        self.killed += 1
        self.scene.seconds += self.morning
        wrong = self.scene.judge(first, self.wanted, killed=True, redo=self.redo)
        self.scene.seconds -= self.morning
        if wrong:
            self.problems.append((call, when, wrong))
            print('%s %s %s\n    %s' % (self.name, when, call, '\n    '.join(w[:1500] for w in wrong)), flush=True)

    def play(self):
        points, start = self.points(), time.monotonic()
        for place, (call, when) in enumerate(points):
            self.strike(call, when)
            if place % 100 == 99:
                print('%s: %d of %d after %d s' % (self.name, place + 1, len(points), time.monotonic() - start), flush=True)
        print('%s: %d points, %d killed, %d with problems; %d s' % (self.name, len(points), self.killed, len(self.problems), time.monotonic() - start), flush=True)
        return self.problems


NAMES = [name[len('prepare_'):] for name in vars(Kills) if name.startswith('prepare_')]


def main():
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument('--count', type=int, default=1 << 20, help='how many of each command, drawn by the seed (default: all)')
    reader.add_argument('--seed', type=int, default=20261129)
    reader.add_argument('--command', choices=NAMES, action='append')
    given = argparse.Namespace(known=None)
    reader.parse_args(namespace=given)
    if os.path.isdir('/dev/shm'):
        tempfile.tempdir = '/dev/shm'
    scene, problems = Scene(), []
    try:
        for name in given.command or NAMES:
            problems += Kills(scene, name, given).play()
    finally:
        scene.close()
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
