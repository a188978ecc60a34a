#!/usr/bin/env python3
"""Compare the CPU time of two builds, or see how that of one grows.

usage: bench/compare.py PROGRAM OTHER [ROUNDS [ROW]]    ratios PROGRAM / OTHER: median (lowest to highest) of ROUNDS (5)
       bench/compare.py --growth PROGRAM [ROW]          exponents, without the start: 1 is linear, 2 quadratic

Both programs must be in their build folders, with their data beside them; ROW is a part of the name of a row. They take turns,
so that other work on the machine troubles both. CPU time is user and system time of the program, without the fake service. File
systems differ in what a new file costs; TMPDIR=/dev/shm leaves that out.
"""
import json
import math
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile

os.environ.setdefault('DRAGOMAN', '')       # the modules of the tests want to know them
os.environ.setdefault('DRAGOMAN_SOURCE', os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from bench_pages import WORDS, page, sentence, FakeService               # noqa: E402

DOCUMENT = 60_000
TESTS = os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests')
# What is said in each encoding; repeated with changing numbers up to 60 kB.
ENCODINGS = {'ascii': 'Three ships lay in the harbour and waited for wind. ',
             'utf-8': 'В порту стояли три больших корабля и ждали ветра. ',
             'windows-1252': 'Au café, la crème brûlée était prête. ',
             'windows-1251': 'В порту стояли три больших корабля и ждали ветра. ',
             'koi8-r': 'В порту стояли три больших корабля и ждали ветра. ',
             'shift_jis': '港には大きな船が三隻あり、風を待っていました。',
             'gb18030': '港口停着三艘大船，等着起风。',
             'utf-16': 'Trois navires attendaient le vent près du café. '}


def cpu_seconds(program, folder, *words, **more):
    """Runs the program in the folder and returns its CPU time."""
    environment = {**{k: v for k, v in os.environ.items() if not k.startswith('DRAGOMAN')}, **more}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([program, *words], cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 3):
        sys.exit('%s: exit %d: %s' % (program, done.returncode, done.stderr.decode()[:500]))
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class Work:
    """Something to measure: a folder with input, and the commands of which the last one is timed."""

    def __init__(self, configuration='', commands=(('run',),)):
        self.keep, self.commands = tempfile.TemporaryDirectory(), commands
        self.folder = self.keep.name
        self.write('dragoman.conf', '[run]\noutput = out\nstate = out/state.db\n' + configuration)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as f:
            f.write(text if isinstance(text, bytes) else text.encode())

    def measure(self, program):
        shutil.rmtree(os.path.join(self.folder, 'out'), ignore_errors=True)
        return [cpu_seconds(program, self.folder, '--config', 'dragoman.conf', *words) for words in self.commands][-1]


def article(number, paragraphs):
    chance = random.Random(number)
    return json.dumps({'id': 'a%d' % number, 'url': 'https://a.example/%d' % number, 'title': {'source': sentence(chance)}, 'language': {'code': 'es'},
                       'body': [{'kind': 'paragraph', 'text': ' '.join(sentence(chance) for _ in range(3))}
                                for _ in range(paragraphs)]}, ensure_ascii=False) + '\n'


def service(url):
    return '[service "fake"]\nkind = libretranslate\nurl = %s\nconcurrency = 64\n' % url


def whole_run(url, pages=100):
    work = Work('[source "pages"]\nkind = files\npath = pages\n' + service(url))
    for number in range(pages):
        work.write('pages/%d.html' % number, page(number))
    return work


def extract(_url, pages=100):
    work = Work(commands=[('show', '--until', 'extract', *('pages/%d.html' % n for n in range(pages)))])
    for number in range(pages):
        work.write('pages/%d.html' % number, page(number))
    return work


def decode(encoding):
    def documents(_url, count=60):
        work = Work(commands=[('show', '--until', 'decode', *('%d.txt' % n for n in range(count)))])
        for number in range(count):
            text = ''
            while len(text.encode(encoding)) < DOCUMENT:
                text += ENCODINGS[encoding] * 20 + '%d\n' % (number + len(text))
            work.write('%d.txt' % number, text.encode(encoding))
        return work
    return documents


def lines(url, count, paragraphs=4, commands=(('run',),)):
    work = Work('[source "lines"]\nkind = ndjson\npath = lines.ndjson\n' + service(url), commands)
    work.write('lines.ndjson', ''.join(article(n, paragraphs) for n in range(count)))
    return work


def rerun(_url, count=20000):
    work = Work('[source "lines"]\nkind = ndjson\npath = lines.ndjson\n', [('run',), ('run',)])
    chance = random.Random(1)
    english = 'the bridge reopened on thursday after two years of works and the mayor said that traffic would return'.split()
    work.write('lines.ndjson', ''.join(json.dumps({'id': 'a%d' % n, 'url': 'https://a.example/%d' % n, 'title': {'source': 'Bridge %d' % n},
                                                   'text': ' '.join(chance.choices(english, k=60))}) + '\n' for n in range(count)))
    return work


def long_text(url, paragraphs):
    return lines(url, 4, paragraphs)


class Days(Work):
    """One run on each of `count` days, with 20 new articles; the program's clock is set by a library of the tests."""

    def __init__(self, url, count):
        super().__init__('[source "lines"]\nkind = ndjson\npath = lines.ndjson\n' + service(url))
        self.count, self.library = count, os.path.join(self.folder, 'fate.so')
        subprocess.run(['cc', '-shared', '-fPIC', '-o', self.library, os.path.join(TESTS, 'fault', 'fate.c'), '-ldl'], check=True)

    def measure(self, program):
        shutil.rmtree(os.path.join(self.folder, 'out'), ignore_errors=True)
        return sum(self.run(program, day) for day in range(self.count))

    def run(self, program, day):
        self.write('lines.ndjson', ''.join(article(day * 20 + n, 4) for n in range(20)))
        return cpu_seconds(program, self.folder, '--config', 'dragoman.conf', 'run', LD_PRELOAD=self.library, FATE_SECONDS=str(day * 86400))


def feeds(_url, count):
    item = '<item><title>%s</title><link>https://a.example/%d/%d</link><guid>%d-%d</guid><description>%s</description></item>'
    work = Work()
    chance = random.Random(2)
    names = []
    for number in range(count):
        names.append('f%d.xml' % number)
        items = ''.join(item % (' '.join(chance.choices(WORDS, k=6)), number, i, number, i, sentence(chance)) for i in range(20))
        work.write(names[-1], '<rss version="2.0"><channel><title>F%d</title>%s</channel></rss>' % (number, items))
    work.commands = [('show', '--until', 'decode', '--from', 'feed', *names)]
    return work


ROWS = {'whole run': whole_run, 'extract': extract, **{'decode ' + name: decode(name) for name in ENCODINGS},
        'rerun over known lines': rerun}
# What grows, and two sizes.
GROWTH = {'articles': (lambda url, n: lines(url, n), 200, 800), 'length of articles': (long_text, 50, 200),
          'days': (Days, 10, 40), 'feeds': (feeds, 50, 200),
          'rerun over known lines': (rerun, 20000, 80000)}


def compare(program, other, rounds, wanted, url):
    for name, make in ROWS.items():
        if wanted not in name:
            continue
        work, times = make(url), []
        for _ in range(rounds):
            times.append((work.measure(program), work.measure(other)))
        ratios = sorted(a / b for a, b in times)
        speed = ''
        if name.startswith('decode'):       # without the start, which one document takes as well
            one = make(url, 1).measure(program)
            speed = ', %.0f MB/s' % (59 * DOCUMENT / 1e6 / max(1e-6, statistics.median(a for a, _ in times) - one))
        print('%-24s %.3f (%.3f to %.3f), %.0f ms of CPU%s'
              % (name, statistics.median(ratios), ratios[0], ratios[-1], 1000 * statistics.median(a for a, _ in times), speed), flush=True)


def grow(program, wanted, url):
    for name, (make, few, many) in GROWTH.items():
        if wanted not in name:
            continue
        start, small, large = (min(make(url, size).measure(program) for _ in range(3)) for size in (1, few, many))
        print('%-24s %d to %d: %.2f s to %.2f s of CPU, exponent %.2f'
              % (name, few, many, small, large,
                 math.log(max(large - start, 1e-3) / max(small - start, 1e-3)) / math.log((many - 1) / (few - 1))), flush=True)


def main():
    growth = sys.argv[1:2] == ['--growth']
    words = sys.argv[2:] if growth else sys.argv[1:]
    if len(words) < (1 if growth else 2):
        sys.exit(__doc__)
    fake = FakeService(delay=0.05)
    try:
        if growth:
            grow(os.path.abspath(words[0]), words[1] if len(words) > 1 else '', fake.url)
        else:
            compare(os.path.abspath(words[0]), os.path.abspath(words[1]), int(words[2]) if len(words) > 2 else 5,
                    words[3] if len(words) > 3 else '', fake.url)
    finally:
        fake.close()


if __name__ == '__main__':
    main()
