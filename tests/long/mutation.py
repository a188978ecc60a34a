"""Small changes of the code, drawn by a seed, one at a time: how many do the tests notice? (300: hours on one core)"""
import argparse
import collections
import json
import os
import shutil
import sys
import time

TESTS = os.path.abspath(os.path.join(os.path.dirname(__file__), '..'))
ROOT = os.path.dirname(TESTS)
sys.path[:0] = [os.path.join(TESTS, 'mutation')]
from builds import CHECKED, PLAIN, Build, copy_tree                      # noqa: E402
from changes import draw, folder_of                                      # noqa: E402
from cover import Coverage                                               # noqa: E402
from suite import SKIPPED, find_tests                                    # noqa: E402

WORK = os.path.join(ROOT, 'build', 'mutation')
TREE = os.path.join(WORK, 'tree')
EQUIVALENTS = os.path.join(TESTS, 'mutation', 'equivalents.tsv')


def say(text):
    print('%s %s' % (time.strftime('%H:%M:%S'), text), flush=True)


def read_equivalents():
    """Returns the changes that are known to make no difference: {(path, function, kind, statement, change)}."""
    with open(EQUIVALENTS, encoding='utf8') as f:
        return {tuple(line.rstrip('\n').split('\t')[:5]) for line in f if line.strip() and not line.startswith('#')}


class Run:
    def __init__(self, given):
        self.given = given
        copy_tree(ROOT, TREE)
        self.coverage = Coverage(TREE, WORK, given.jobs)
        self.plain = Build(TREE, os.path.join(WORK, 'plain'), PLAIN, given.jobs)
        self.checked = None if given.plain else Build(TREE, os.path.join(WORK, 'checked'), CHECKED, given.jobs)
        self.tests = find_tests(self.coverage.build, TREE)
        self.broken = self.coverage.measure(self.tests, say)
        for name, code in self.broken:
            say('%s ends with %d on the unchanged program and is left out' % (name, code))
        self.same, self.scratch = {}, os.path.join(WORK, 'scratch')
        self.sound = {}
        self.equivalents = read_equivalents()

    def command_in(self, build, test):
        """Sets up a test, which was found in the build that measures coverage, for another build."""
        old, new = self.coverage.build.folder + '/', build.folder + '/'
        environment = {k: v.replace(old, new) for k, v in test.environment.items()}
        return type(test)(test.name, [w.replace(old, new) for w in test.command], environment, test.files)

    def order(self, change, tests):
        """The tests of the changed file first, then whatever is quickest; test programs before the tests in Python."""
        own = os.path.splitext(change.path)[0].replace('/', '_')
        return sorted(tests, key=lambda t: (' ' in t.name, not t.name.startswith('unit_' + own), t.seconds))

    def fails(self, build, test):
        """Returns whether the test fails with the changed library, and succeeds with the unchanged one if that is not known."""
        here = self.command_in(build, test)
        here.seconds = test.seconds * (3 if build is self.checked else 1)
        os.makedirs(self.scratch, exist_ok=True)
        return here.run(self.scratch, {'ASAN_OPTIONS': 'hard_rss_limit_mb=3000'}, build is self.checked) not in (0, SKIPPED)

    def is_sound(self, build, test, change):
        """Returns whether the test succeeds on the unchanged program in this build, too; asked once, when it has failed on a changed one."""
        key = build.folder, test.name
        if key not in self.sound:
            build.write(change.path, change.text)
            build.restore()
            self.sound[key] = not self.fails(build, test)
            build.write(change.path, change.changed())
            build.change(change.path)
        return self.sound[key]

    def try_tests(self, build, change, tests, seconds):
        """Returns the first test that fails, or None, and how many were run."""
        for i, test in enumerate(tests):
            if seconds < 0:
                return None, i
            seconds -= test.seconds
            if self.fails(build, test) and self.is_sound(build, test, change):
                return test.name, i + 1
        return None, len(tests)

    def is_new(self, change):
        """Returns whether the compiler accepts the change and makes something else of it. Leaves the change in the tree."""
        if change.path not in self.same:
            self.same[change.path] = self.plain.optimized(change.path)
        self.plain.write(change.path, change.changed())
        made = self.plain.optimized(change.path)
        return made is not None and made != self.same[change.path]

    def judge(self, change):
        """Returns what became of a change, or None if it does not compile or makes no difference."""
        stamp = os.stat(os.path.join(TREE, change.path)).st_mtime_ns
        try:
            if not self.is_new(change) or not self.plain.change(change.path):
                return None
            if change.key() in self.equivalents:
                return 'equivalent', '', 0, 0
            tests, known = self.coverage.tests_of(change, [t for t in self.tests if self.coverage.ran.get(t.name)])
            tests = self.order(change, tests)
            found, count = self.try_tests(self.plain, change, tests, self.given.seconds)
            if not found and self.checked and self.checked.change(change.path):
                found, _ = self.try_tests(self.checked, change, [t for t in tests if ' ' not in t.name], self.given.seconds)
            verdict = 'noticed' if found else 'survived' if tests else 'not run'
            return verdict, found or '', count, len(tests)
        finally:
            self.plain.write(change.path, change.text, stamp)

    def changes(self):
        """Yields the drawn changes, or those of an earlier run that survived."""
        if not self.given.again:
            yield from draw(TREE, self.given.seed, self.given.folder)
            return
        with open(self.given.again, encoding='utf8') as f:
            rows = [row for row in json.load(f) if row['verdict'] in ('survived', 'not run')]
        keys = {(r['path'], r['function'], r['kind'], r['statement'], r['change']) for r in rows}
        for change in draw(TREE, rows[0]['seed'], None) if rows else []:
            if change.key() in keys:
                yield change

    def play(self):
        rows, path = [], os.path.join(WORK, 'results-%s%d.json' % ('again-' if self.given.again else '', self.given.seed))
        for change in self.changes():
            if len(rows) == self.given.count:
                break
            start, result = time.monotonic(), self.judge(change)
            if result is None:
                continue
            verdict, test, count, of = result
            rows.append({'seed': self.given.seed, 'path': change.path, 'line': change.line, 'function': change.function, 'folder': folder_of(change.path), 'kind': change.kind,
                         'change': change.words(), 'statement': change.statement, 'diff': change.line_diff(), 'verdict': verdict, 'test': test, 'run': count, 'of': of})
            say('%d %s %s:%d %s(): %s: %s%s (%d of %d tests, %d s)' % (
                len(rows), verdict, change.path, change.line, change.function, change.kind, change.words()[:120], ' by ' + test if test else '', count, of, time.monotonic() - start))
            with open(path, 'w', encoding='utf8') as f:
                json.dump(rows, f, indent=1, ensure_ascii=False)
        report(rows)
        return rows


def table(rows, by):
    print('\n%-28s %8s %8s %6s' % (by, 'changes', 'noticed', '%'))
    for name in sorted({row[by] for row in rows}) + ['all']:
        these = [row for row in rows if name in ('all', row[by])]
        noticed = sum(row['verdict'] == 'noticed' for row in these)
        print('%-28s %8d %8d %6.1f' % (name, len(these), noticed, 100 * noticed / len(these)))


def report(rows):
    counted = [row for row in rows if row['verdict'] != 'equivalent']
    if counted:
        table(counted, 'folder')
        table(counted, 'kind')
    print('\n%s' % dict(collections.Counter(row['verdict'] for row in rows)))
    for row in counted:
        if row['verdict'] != 'noticed':
            print('\n%s:%d %s(): %s; %s, %d of %d tests run\n%s' % (
                row['path'], row['line'], row['function'], row['kind'], row['verdict'], row['run'], row['of'], row['diff']), end='')


def main():
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument('--count', type=int, default=300)
    reader.add_argument('--seed', type=int, default=1)
    reader.add_argument('--folder', help='only changes below this folder, such as stages/check')
    reader.add_argument('--jobs', type=int, default=1, help='compilers at the same time; tests are always run one by one')
    reader.add_argument('--seconds', type=int, default=300, help='how long tests may take for one change, measured on the unchanged program; whatever is left then has survived')
    reader.add_argument('--plain', action='store_true', help='do not try what survives with AddressSanitizer and UndefinedBehaviorSanitizer')
    reader.add_argument('--again', metavar='FILE', help='try the survivors of an earlier run, whose results are in FILE')
    run = Run(reader.parse_args())
    try:
        run.play()
    finally:
        run.plain.restore()
        shutil.rmtree(run.scratch, ignore_errors=True)


if __name__ == '__main__':
    main()
