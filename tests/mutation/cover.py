"""Which tests run which statement: every test is run once in a build whose blocks note that they were run (coverage.c)."""
import json
import os
import re
import subprocess

from builds import Build, hash_of
from suite import SKIPPED

OPTIONS = ['-DCMAKE_C_COMPILER=clang', '-DCMAKE_C_FLAGS_DEBUG=-O0 -gline-tables-only -fsanitize-coverage=trace-pc-guard,pc-table,no-prune']
ROOM = 1 << 20                               # blocks
ROW = re.compile(r'0x([0-9a-f]+)\s+(\d+)\s+(\d+)\s+(\d+)\s')
NAME = re.compile(r'file_names\[\s*(\d+)\]:')


def is_core(path):
    return path.endswith(('.c', '.h', '.tsv', '.txt', '.in', '.cmake')) and not path.startswith(('tests/', 'bench/', 'docs/'))


class Coverage:
    """`places` maps a source to its (line, column, block), in order; `ran` maps the name of a test to its blocks."""

    def __init__(self, tree, work, jobs):
        self.tree, self.work = tree, work
        folder = os.path.join(work, 'coverage')
        hook = os.path.join(work, 'coverage.o')
        os.makedirs(work, exist_ok=True)
        subprocess.run(['clang', '-O1', '-fPIC', '-c', os.path.join(tree, 'tests/mutation/coverage.c'), '-o', hook], check=True)
        self.build = Build(tree, folder, [*OPTIONS, '-DCMAKE_SHARED_LINKER_FLAGS=%s -Wl,-Bsymbolic-functions' % hook], jobs)
        self.core = hash_of(tree, is_core)
        self.places, self.ran = self.read_places(), {}

    def read_places(self):
        listed = os.path.join(self.work, 'blocks')
        subprocess.run([os.path.join(self.build.folder, 'dragoman'), '--version'], env={**os.environ, 'MUTATION_BLOCKS': listed}, stdout=subprocess.DEVNULL)
        with open(listed, encoding='ascii') as f:
            blocks = sorted((int(line, 16), i + 1) for i, line in enumerate(f))
        places, position, last = {}, 0, None
        for address, path, line, column in sorted(self.rows()):
            while position < len(blocks) and blocks[position][0] <= address:
                last, position = blocks[position][1], position + 1
            if last and line:
                places.setdefault(path, set()).add((line, column, last))
        return {path: sorted(found) for path, found in places.items()}

    def rows(self):
        """Yields (address, path, line, column) of the library's line table."""
        dump = subprocess.run(['llvm-dwarfdump', '--debug-line', self.build.library], capture_output=True, text=True, check=True).stdout
        for unit in dump.split('debug_line[')[1:]:
            names = dict(zip(NAME.findall(unit), re.findall(r'^\s+name: "(.*)"$', unit, re.M)))
            path = os.path.normpath(os.path.join(self.build.folder, names.get('0', '')))
            if not path.startswith(self.tree + '/'):
                continue
            own = {number for number, name in names.items() if os.path.basename(name) == os.path.basename(path)}
            for address, line, column, number in ROW.findall(unit):
                if number in own:
                    yield int(address, 16), os.path.relpath(path, self.tree), int(line), int(column)

    def measure(self, tests, say):
        """Runs every test whose result is not kept from an earlier time. Sets the tests' times too; leaves out those that fail."""
        kept_path = os.path.join(self.work, 'coverage.json')
        kept = json.load(open(kept_path, encoding='utf8')) if os.path.exists(kept_path) else {}
        kept = kept if kept.get('core') == self.core else {'core': self.core, 'tests': {}}
        sound = {name: result['key'] for name, result in kept['tests'].items() if result['code'] in (0, SKIPPED)}
        missing = [t for t in tests if sound.get(t.name) != self.key_of(t)]
        for i, test in enumerate(missing):
            kept['tests'][test.name] = self.run(test)
            if i % 50 == 49 or i + 1 == len(missing):
                say('coverage: %d of %d tests' % (i + 1, len(missing)))
                with open(kept_path + '.new', 'w', encoding='utf8') as f:
                    json.dump(kept, f)
                os.replace(kept_path + '.new', kept_path)
        for test in tests:
            result = kept['tests'][test.name]
            test.seconds = result['seconds']
            if result['code'] in (0, SKIPPED):       # what is skipped here may run with sanitizers
                self.ran[test.name] = set(result['blocks'])
        return [(t.name, kept['tests'][t.name]['code']) for t in tests if t.name not in self.ran]

    def key_of(self, test):
        """A test is measured again when its own source has changed, but not what other tests share."""
        path = test.files[0] if test.files[0].startswith(self.tree) else self.source_of(test)
        return hash_of(os.path.dirname(path), lambda name: name == os.path.basename(path))

    def source_of(self, test):
        """Returns the source of a test program, which CMake names after it."""
        for entry in self.sources():
            if '/%s.dir/' % test.name in entry['command']:
                return entry['file']
        return os.path.join(self.tree, 'CMakeLists.txt')

    def sources(self):
        if not hasattr(self, 'listed'):
            with open(os.path.join(self.build.folder, 'compile_commands.json'), encoding='utf8') as f:
                self.listed = json.load(f)
        return self.listed

    def run(self, test):
        path, scratch = os.path.join(self.work, 'hits.%d' % os.getpid()), os.path.join(self.work, 'scratch')
        os.makedirs(scratch, exist_ok=True)
        with open(path, 'wb') as f:
            f.truncate(ROOM)
        code = test.run(scratch, {'MUTATION_COVERAGE': path})
        with open(path, 'rb') as f:
            hits = f.read()
        os.remove(path)
        return {'code': code, 'seconds': round(test.took, 3), 'key': self.key_of(test), 'blocks': [m.start() for m in re.finditer(b'\x01', hits)]}

    def tests_of(self, change, tests):
        """Returns the tests that run the statement that is changed, and whether the compiler knows the statement."""
        places, (first, last) = self.places.get(change.path, []), change.span
        blocks = {b for line, column, b in places if first <= (line, column) <= last} or {b for line, _, b in places if line == change.line}
        return [t for t in tests if not self.ran.get(t.name, set()).isdisjoint(blocks)], bool(blocks)
