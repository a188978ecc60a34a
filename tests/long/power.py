"""The file system is shut down at 60 moments of runs, as in a power cut: caps hold, nothing is lost, torn or bought again (6 minutes; root)."""
import argparse
import atexit
import collections
import fcntl
import os
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')
sys.path[:0] = TESTS, os.path.join(TESTS, 'fault'), os.path.join(TESTS, 'long')
from calls import HEAVY, Scene                                           # noqa: E402
from kills import Kills                                                  # noqa: E402

SHUTDOWN = 2 << 30 | 4 << 16 | ord('X') << 8 | 125    # _IOR('X', 125, __u32): FS_IOC_SHUTDOWN
LOSE_JOURNAL, KEEP_JOURNAL = 2, 1                     # what was not committed is lost; or the journal is written, but no data any more
OPTIONS = 'data=ordered', 'data=writeback', 'data=writeback,noauto_da_alloc', 'noauto_da_alloc,commit=1'
SLOTS, ARTICLES, SKIPPED, MOST_DAMAGED = 4, 24, 77, 3
WAYS = 'request', 'call', 'time', 'end', 'command'
COMMANDS = 'digest', 'retry', 'accept', 'import', 'repair'


class Damaged(Exception):
    """The file system itself did not survive."""


class Disk:
    """An ext4 file system in a file."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='dragoman-power-')
        self.image, self.at, self.options = os.path.join(self.folder, 'disk.img'), os.path.join(self.folder, 'disk'), OPTIONS[0]
        os.mkdir(self.at)
        atexit.register(self.close)

    def call(self, *words):
        result = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if result.returncode:
            raise OSError('%s: %s' % (' '.join(words), (result.stdout + result.stderr).strip()))

    def make(self):
        self.unmount()
        with open(self.image, 'wb') as f:
            f.truncate(96 << 20)
        self.call('mkfs.ext4', '-q', '-F', self.image)
        self.mount()

    def mount(self):
        self.call('mount', '-o', 'loop,' + self.options, self.image, self.at)

    def unmount(self):
        while os.path.ismount(self.at):
            self.call('umount', self.at)

    def shut_down(self, way=LOSE_JOURNAL):
        """Nothing reaches the disk from now on."""
        folder = os.open(self.at, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, SHUTDOWN, struct.pack('I', way))
        finally:
            os.close(folder)

    def restart(self):
        """Mounts what is on the disk, which recovers the journal, and checks the file system."""
        self.unmount()
        self.mount()
        self.unmount()
        try:
            self.call('fsck.ext4', '-f', '-n', self.image)
        except OSError as why:
            raise Damaged(str(why)) from why
        self.mount()

    def close(self):
        if os.path.ismount(self.at):
            subprocess.run(['umount', '-q', '-l', self.at], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


class Place(Scene):
    """The scene of the tests that make calls fail, with its output and state on a disk of their own, more articles, and a cap that
    is reached in the first half of a run. The power fails when the service has received request number `cut_at`."""

    def __init__(self, disk):
        super().__init__(engine=False)
        self.process = None
        self.disk, self.cut_at, self.way, self.requests, self.largest, self.cut_seen = disk, 0, LOSE_JOURNAL, 0, 0, False
        self.old = self.workspace.out
        self.workspace.out, self.kept = os.path.join(disk.at, 'out'), os.path.join(disk.folder, 'kept')
        with open(self.workspace.config, encoding='utf8') as f:
            text = f.read().replace(self.old, self.workspace.out).replace('price = 20\n', 'price = 20\nconcurrency = %d\n' % SLOTS)
        self.configuration = text

    def set_cap(self, characters):
        with open(self.workspace.config, 'w', encoding='utf8') as f:
            f.write(re.sub('characters_per_day = .*', 'characters_per_day = %d' % characters, self.configuration))

    def publish(self, everything):
        super().publish(everything)
        if everything:
            with open(os.path.join(self.workspace.folder, 'items.ndjson'), 'a', encoding='utf8') as f:
                f.writelines(self.article(100 + n) for n in range(ARTICLES))

    def play(self, number, texts):
        with self.service.lock:
            self.requests += 1
            self.largest = max(self.largest, sum(map(len, texts)))
            cut = self.requests == self.cut_at
        if cut:
            self.cut()
        return super().play(number, texts)

    def cut(self):
        """The program stops first, because what it would send now, after a flush that only seemed to succeed, could not leave a machine without
        power. What it has sent is on its way and is billed."""
        if self.process:
            self.process.send_signal(signal.SIGSTOP)
            while self.process.poll() is None and not self.stopped():
                time.sleep(0.001)
        self.disk.shut_down(self.way)
        self.cut_seen = True

    def stopped(self):
        with open('/proc/%d/stat' % self.process.pid, encoding='utf8') as f:
            return f.read().rsplit(')', 1)[1].split()[0] in 'TZX'

    def billed(self):
        with self.service.lock:
            return sum(map(len, self.service.bills)), sum(map(len, set(self.service.bills)))


class Cuts:
    def __init__(self, place, seed, say):
        self.place, self.disk, self.say, self.chance, self.seen = place, place.disk, say, random.Random(seed), collections.Counter()
        self.problems, self.played, self.most_again = [], collections.Counter(), 0
        self.begins = {begin: self.prepare(begin) for begin in ('empty', 'later')}

    def prepare(self, begin):
        """Returns what an undisturbed run leaves, how many requests it makes, how long it takes, its calls, and what is bought."""
        place = self.place
        self.disk.make()
        place.set_cap(place.CAP)
        place.service.bills.clear()
        place.publish(False)
        if begin == 'later':
            place.calm('run')
        kept = os.path.join(self.disk.folder, 'kept-' + begin)
        if os.path.exists(place.workspace.out):
            shutil.copytree(place.workspace.out, kept, symlinks=True)
        before = place.billed()[0]
        place.publish(True)
        place.requests, start = 0, time.monotonic()
        wanted = place.calm('run')
        seconds, requests, whole = time.monotonic() - start, place.requests, place.billed()[0]
        self.disk.make()
        self.put(kept)
        calls = [call for call in place.record('run') if call.split()[0] in HEAVY]
        return dict(kept=kept, wanted=wanted, seconds=seconds, requests=requests, calls=calls, before=before, whole=whole)

    def put(self, kept):
        if os.path.exists(kept):
            shutil.copytree(kept, self.place.workspace.out, symlinks=True)
        os.sync()
        if os.path.exists(self.place.hit):
            os.unlink(self.place.hit)

    # ---------------------------------------------------------------- a cut

    def cut_run(self, way, begin):
        """Begins a run and shuts the file system down at a moment that is drawn. Returns its exit code."""
        place = self.place
        place.requests, place.cut_seen, place.cut_at = 0, False, self.chance.randint(1, begin['requests']) if way == 'request' else 0
        if way == 'call':
            code = self.strike(begin['calls'], 'run').returncode
        else:
            code = self.run_until(way, begin['seconds'])
        finished = set(place.names()) if way == 'end' else set()
        if not place.cut_seen:
            place.cut()
        place.cut_at = 0
        self.disk.restart()
        self.expect(finished <= set(place.names()), 'files of a run that had ended are gone: %s', sorted(finished - set(place.names())))
        return code

    def strike(self, calls, *words):
        return self.place.strike(self.chance.choice(calls), self.chance.choice(('before', 'after')), *words)[0]

    def run_until(self, way, seconds):
        command, options = self.place.workspace.command('run', stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        process = self.place.process = subprocess.Popen(command, **options)
        end = time.monotonic() + (self.chance.uniform(0.05, 1) * seconds if way == 'time' else 60)
        while process.poll() is None and time.monotonic() < end and not self.place.cut_seen:
            time.sleep(0.001)
        if way != 'end' and not self.place.cut_seen:
            self.place.cut()
        process.send_signal(signal.SIGKILL)
        self.place.process = None
        return process.wait()

    def expect(self, fine, what, *values):
        if not fine:
            self.problems.append(what % values)
            self.say('    ' + self.problems[-1][:1500])

    def expect_none(self, problems):
        for problem in problems:
            self.expect(False, '%s', problem)

    def visible(self):
        """Returns what somebody could read: the English of every record. Its dates change when the source has changed."""
        try:
            return self.place.texts()
        except ValueError as torn:
            self.expect(False, 'a torn record: %s', torn)
            return {}

    def play(self, way):
        """Returns a sentence about what was played."""
        place = self.place
        self.disk.options, place.way = self.chance.choice(OPTIONS), self.chance.choice((LOSE_JOURNAL, LOSE_JOURNAL, KEEP_JOURNAL))
        self.disk.make()
        self.played[way] += 1
        what = self.play_command() if way == 'command' else self.play_run(way)
        return '%s: %s, journal %s, %s' % (way, self.disk.options, 'kept' if place.way == KEEP_JOURNAL else 'lost', what)

    def play_run(self, way):
        """Cuts the power in a run under a cap, sometimes again in the next one, and lets the one after that finish; then the cap is raised."""
        place, begin = self.place, self.begins[self.chance.choice(('empty', 'later'))]
        self.put(begin['kept'])
        place.publish(True)
        with place.service.lock:
            place.service.bills.clear()
        part = self.chance.randint(3, 8) / 10 if self.chance.random() < 0.7 else 1.5
        cap = begin['before'] + int((begin['whole'] - begin['before']) * part)
        place.set_cap(cap)
        ways = [way] + [self.chance.choice(WAYS[:-1])] * (self.chance.random() < 0.3)
        codes = [self.cut_run(each, begin) for each in ways]
        self.check(begin, cap - begin['before'], len(ways))
        return 'cap %d, exit codes %s' % (cap, codes)

    def check(self, begin, allowed, times):
        place, seen = self.place, self.visible()
        result = place.call('run')
        self.expect(result.returncode in (0, 69), 'the next run ended with %d: %s', result.returncode, result.stderr[-400:])
        self.expect_none(place.judge_output())
        left = self.visible()
        lost = [record for record, english in seen.items() if left.get(record) != english]
        self.expect(not lost, 'records that were there have gone or changed: %s', lost)
        billed = place.billed()[0]
        known = place.workspace.status()['characters'] - begin['before']
        self.expect(billed <= known, '%d characters were bought, and %d are known', billed, known)
        self.expect(billed <= allowed, '%d characters were bought where the cap left %d', billed, allowed)
        self.seen['caps'] += result.returncode == 69
        place.set_cap(place.CAP)
        self.expect_none(place.judge(result, begin['wanted'], killed=True))
        billed, once = place.billed()
        self.most_again = max(self.most_again, billed - once)
        self.expect(billed - once <= times * SLOTS * place.largest, '%d of %d characters were bought again', billed - once, billed)

    def play_command(self):
        """Cuts the power when a command of the user's has just ended: what it did is there. Or while it works; then it is given again."""
        place, name = self.place, self.chance.choice(COMMANDS)
        place.set_cap(place.CAP)
        kills = Kills(place, name, argparse.Namespace(count=0, seed=0, known=None))
        calls = [call for call in self.recorded(kills) if call.split()[0] in HEAVY]
        self.disk.make()
        place.restore()
        os.sync()
        ended = self.chance.random() < 0.5
        result = place.call(*kills.words) if ended else self.strike(calls, *kills.words)
        self.disk.shut_down(place.way)
        self.disk.restart()
        self.expect_none(place.judge(result, kills.wanted, killed=True, redo=None if ended else kills.redo))
        return '%s, exit code %d' % (' '.join(kills.words), result.returncode)

    def recorded(self, kills):
        self.place.restore()
        return self.place.record(*kills.words)


def find_reason():
    """Returns why power cuts cannot be played here, or None."""
    if os.geteuid() != 0:
        return 'it needs root'
    missing = [name for name in ('mkfs.ext4', 'fsck.ext4', 'mount', 'umount') if not shutil.which(name, path=os.environ.get('PATH', '') + ':/usr/sbin:/sbin')]
    return 'it needs %s' % ', '.join(missing) if missing else None


def main():
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument('--count', type=int, default=60)
    reader.add_argument('--seed', type=int, default=20261130)
    given = reader.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    why, disk = find_reason(), Disk()
    try:
        if not why:
            disk.make()
            disk.shut_down()
            disk.restart()
    except (OSError, Damaged) as failure:
        why = str(failure)
    if why:
        print('SKIPPED, no power cut was played: %s' % why)
        return SKIPPED
    place = Place(disk)
    try:
        cuts = Cuts(place, given.seed, lambda line: print(line, flush=True))
        number = damaged = 0
        while number < given.count and damaged < MOST_DAMAGED:
            before = len(cuts.problems)
            try:
                print('%2d %s: %d problems' % (number + 1, cuts.play(WAYS[number % len(WAYS)]), len(cuts.problems) - before), flush=True)
                number += 1
            except Damaged as why:
                damaged += 1
                print('   not counted, because the file system itself was damaged: %s' % str(why)[:200], flush=True)
        print('%d power cuts (%s), caps reached in %d, at most %d characters bought again (a request has up to %d); %d problems'
              % (number, dict(cuts.played), cuts.seen['caps'], cuts.most_again, place.largest, len(cuts.problems)))
        return 1 if cuts.problems or number < given.count else 0
    finally:
        disk.unmount()
        place.close()


if __name__ == '__main__':
    sys.exit(main())
