"""Which branches, and which statements that report a failure, no test runs (half an hour or more; --unit: unit tests only)."""
import argparse
import collections
import concurrent.futures
import os
import re
import subprocess
import sys

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
BUILD = os.path.join(ROOT, 'build', 'coverage')
EXCEPTIONS = os.path.join(ROOT, 'tests', 'coverage-exceptions.tsv')
FOLDERS = ('config', 'pipeline', 'program', 'stages')

# The functions that describe a failure. Functions that do nothing but call one of them are found in the sources.
REPORTS = {'failure_set', 'failure_fatal', 'config_add_problem'}

# A function: its name, and its body up to the closing brace in the first column.
FUNCTION = re.compile(r'^(?:[a-z][\w *]*[ *])(\w+)\(([^;{}]*)\) \{\n(.*?)^\}', re.S | re.M)


class Line:
    """What gcov says about a line: how often it ran, and how often each of its branches and calls was taken."""

    def __init__(self):
        self.count, self.branches, self.calls = 0, [], []

    def add(self, other):
        """Adds what another object file says about the same line of a header."""
        self.count += other.count
        self.branches = add_counts(self.branches, other.branches)
        self.calls = add_counts(self.calls, other.calls)


def add_counts(one, other):
    return [a + b for a, b in zip(one, other)] if len(one) == len(other) else max(one, other, key=len)


def read_arc(text):
    """Returns the count of a line such as 'branch  1 taken 12 (fallthrough)' or 'call    0 returned 3'."""
    found = re.search(r'(?:taken|returned) (\d+)', text)
    return int(found.group(1)) if found else 0


def read_gcov(text):
    """Returns {source: {line number: Line}} from the output of gcov for one object file."""
    sources, lines, line = {}, {}, Line()
    for row in text.split('\n'):
        source = re.match(r' +-: +0:Source:(.*)', row)
        counted = re.match(r' *(\d+\*?|#####|=====|-): *(\d+):', row)
        if source:
            lines = sources.setdefault(os.path.normpath(os.path.join(BUILD, source.group(1))), {})
        elif counted and counted.group(1) != '-':
            line = lines.setdefault(int(counted.group(2)), Line())
            line.count += int(re.sub(r'\D', '', counted.group(1)) or 0)
        elif row.startswith('branch '):
            line.branches.append(read_arc(row))
        elif row.startswith('call '):
            line.calls.append(read_arc(row))
    return sources


def run_gcov(notes):
    data = notes[:-len('.gcno')] + '.gcda'
    done = subprocess.run(['gcov', '-b', '-c', '-t', data if os.path.exists(data) else notes], cwd=BUILD, text=True, check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, errors='replace')
    return read_gcov(done.stdout)


def find_notes():
    for folder, _, names in os.walk(os.path.join(BUILD, 'CMakeFiles')):
        yield from (os.path.join(folder, name) for name in names if name.endswith('.gcno'))


def measure():
    """Returns {path: {line number: Line}} for the sources and headers of the program."""
    all_lines = collections.defaultdict(dict)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for sources in pool.map(run_gcov, sorted(find_notes())):
            for source, lines in sources.items():
                path = os.path.relpath(source, ROOT)
                if path.split(os.sep)[0] in FOLDERS:
                    for number, line in lines.items():
                        all_lines[path].setdefault(number, Line()).add(line)
    return all_lines


def blank(comment):
    return re.sub(r'[^\n]', ' ', comment.group())


def read_sources(paths):
    """Returns {path: text}, with comments blanked out."""
    texts = {}
    for path in paths:
        with open(os.path.join(ROOT, path), encoding='utf-8') as file:
            texts[path] = re.sub(r'/\*.*?\*/', blank, file.read(), flags=re.S)
    return texts


def only_reports(body, names):
    """Whether a function does nothing but report: no condition, no loop, and its last statement calls one of `names`."""
    last = body.rstrip().rstrip(';').split(';\n')[-1]
    return not re.search(r'\b(if|for|while|switch)\b', body) and re.match(r' *(?:return )?(\w+)\(', last) and \
        re.match(r'\s*(?:return )?(\w+)\(', last).group(1) in names


def find_reporting(texts):
    """Returns {path: names} of the functions that report: REPORTS, and each file's own functions that only call such a one."""
    reporting = {}
    for path, text in texts.items():
        names, before = set(REPORTS), None
        while before != names:
            before = set(names)
            names |= {name for name, _, body in FUNCTION.findall(text) if only_reports(body, names)}
        reporting[path] = names
    return reporting


class Statement:
    """A statement that reports a failure: where it stands, and what it says."""

    def __init__(self, path, function, numbers, name, words, before):
        """`before` is what precedes it in its line."""
        self.path, self.function, self.numbers, self.name, self.words = path, function, numbers, name, words
        self.has_condition = before.strip() not in ('', 'return')

    def __str__(self):
        return '%s:%d %s(): %s %s' % (self.path, self.numbers[0], self.function, self.name, self.words)


def arguments_of(text, start):
    """Returns the text from `start`, behind an opening bracket, to the closing one."""
    depth, end = 1, start
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[()]', text[start:]):
        depth += {'(': 1, ')': -1}.get(token.group(), 0)
        end = start + token.start()
        if depth == 0:
            break
    return text[start:end]


def words_of(arguments):
    """Returns the sentence among the arguments of a call, or else the arguments, on one line."""
    quoted = re.findall(r'"((?:[^"\\]|\\.)*)"', arguments)
    return ''.join(quoted) or re.sub(r'\s+', ' ', arguments)


def statements_in(path, text, names):
    call = re.compile(r'\b(%s)\(' % '|'.join(sorted(names)))
    for function in FUNCTION.finditer(text):
        for found in call.finditer(text, function.start(3), function.end(3)):
            number, arguments = text.count('\n', 0, found.start()) + 1, arguments_of(text, found.end())
            yield Statement(path, function.group(1), range(number, number + arguments.count('\n') + 1), found.group(1),
                            words_of(arguments), text[text.rfind('\n', 0, found.start()) + 1:found.start()])


def was_run(statement, lines):
    """Later lines hold the arguments, which are computed only if the statement runs. In the first line, its own call is the last
    one, after those of the condition before it."""
    later = [lines[number] for number in statement.numbers[1:] if number in lines]
    line = lines.get(statement.numbers[0], Line())
    if later and (statement.has_condition or not line.count):
        return any(line.count for line in later)
    return line.calls[-1] > 0 if line.calls else line.count > 0


def find_statements(texts):
    names = find_reporting(texts)
    return [statement for path in sorted(texts) for statement in statements_in(path, texts[path], names[path])]


def read_exceptions():
    """Returns [(path, function, part of the words, reason)]."""
    if not os.path.exists(EXCEPTIONS):
        return []
    with open(EXCEPTIONS, encoding='utf-8') as file:
        rows = [line.rstrip('\n').split('\t') for line in file if line.strip() and not line.startswith('#')]
    for row in rows:
        if len(row) != 4 or not all(row):
            sys.exit('%s: expected path, function, words and reason: %s' % (EXCEPTIONS, row))
    return rows


def fits(statement, exception):
    return (statement.path, statement.function) == tuple(exception[:2]) and exception[2] in statement.words


def share(values):
    return '%6.1f %%' % (100 * sum(value > 0 for value in values) / len(values)) if values else '     -  '


def print_folder(name, lines):
    branches = [count for line in lines for count in line.branches]
    print('%-28s %s of %5d branches %s of %5d lines' % (name, share(branches), len(branches),
                                                       share([line.count for line in lines]), len(lines)))


def print_folders(measured):
    by_folder = collections.defaultdict(list)
    for path, lines in measured.items():
        folder = os.path.dirname(path)
        for name in {folder, folder.split(os.sep)[0] + ' (all)', 'all'}:
            by_folder[name] += lines.values()
    for name in sorted(by_folder):
        print_folder(name, by_folder[name])


def print_branches(measured, texts, folder):
    """Lists the lines in `folder` of which a branch was never taken."""
    for path in sorted(measured):
        if path.startswith(folder):
            source = texts[path].split('\n')
            for number, line in sorted(measured[path].items()):
                if 0 in line.branches:
                    print('%s:%d: %s %s' % (path, number, ','.join(map(str, line.branches)), source[number - 1].strip()))


def print_statements(statements, measured):
    """Lists what no test runs. Returns whether all of it, and nothing else, is among the exceptions."""
    exceptions, missed = read_exceptions(), [each for each in statements if not was_run(each, measured.get(each.path, {}))]
    unknown = [each for each in missed if not any(fits(each, exception) for exception in exceptions)]
    stale = [exception for exception in exceptions if not any(fits(each, exception) for each in missed)]
    print('%d statements report a failure; %d are never run, %d of them with a reason in %s' %
          (len(statements), len(missed), len(missed) - len(unknown), os.path.relpath(EXCEPTIONS, ROOT)))
    for each in unknown:
        print('never run: %s' % each)
    for exception in stale:
        print('not true any more: %s' % '\t'.join(exception))
    return not unknown and not stale


def run(*command):
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    if done.returncode:
        sys.exit('%s: exit code %d' % (' '.join(command), done.returncode))


def forget_counts():
    for folder, _, names in os.walk(BUILD):
        for name in names:
            if name.endswith('.gcda'):
                os.remove(os.path.join(folder, name))


def run_tests(given):
    """Builds the preset `coverage` and runs the tests, from counts of zero."""
    run('cmake', '--preset', 'coverage')
    run('cmake', '--build', BUILD, '-j', str(given.jobs))
    forget_counts()
    pattern = given.tests or ('^(unit|fuzz)_' if given.unit else '.')
    done = subprocess.run(['ctest', '-j', str(given.jobs), '-R', pattern, '--output-on-failure'], cwd=BUILD)
    if done.returncode:
        print('some tests failed: what only they run is missing below')


def read_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--unit', action='store_true', help='run the unit tests and fuzz corpora only')
    parser.add_argument('--tests', metavar='PATTERN', help='run only these tests (ctest -R)')
    parser.add_argument('--read', action='store_true', help='run no tests: read the counts of the last run')
    parser.add_argument('--branches', metavar='FOLDER', help='list the branches below FOLDER that no test takes')
    parser.add_argument('--jobs', type=int, default=2)
    return parser.parse_args()


def main():
    given = read_options()
    if not given.read:
        run_tests(given)
    measured = measure()
    texts = read_sources(measured)
    print_folders(measured)
    if given.branches:
        print_branches(measured, texts, given.branches)
    return 0 if print_statements(find_statements(texts), measured) else 1


if __name__ == '__main__':
    sys.exit(main())
