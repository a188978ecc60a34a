#!/usr/bin/env python3
"""Rebuild the generated tables under config/tables from their inputs.

INPUTS is a folder with the files listed in tools/tables.manifest. Each file is verified by its SHA-256. The tables are rebuilt
in a temporary folder and compared with the manifest and with config/tables. With --write, tables that differ are replaced, and
their hashes in the manifest are updated.

Exit status: 0 if all tables are as expected (or were written), 1 if any table differs, 2 if an input is missing or a program
failed.

Requires dpkg-deb, the programs built with -DDRAGOMAN_TOOLS=ON, and for votes.model Debian's python3-msgpack."""
import argparse
import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile

TOOLS = os.path.dirname(os.path.abspath(__file__))
TABLES = os.path.join(os.path.dirname(TOOLS), 'config', 'tables')
MANIFEST = os.path.join(TOOLS, 'tables.manifest')


def fail(message):
    print('rebuild_tables: ' + message, file=sys.stderr)
    sys.exit(2)


def sha256(path):
    with open(path, 'rb') as file:
        return hashlib.file_digest(file, 'sha256').hexdigest()


def read_manifest():
    """Return two dictionaries: inputs by file name, and tables by path below config/tables."""
    inputs, tables = {}, {}
    with open(MANIFEST, encoding='utf-8') as file:
        rows = [line.rstrip('\n').split('\t') for line in file if line.strip() and not line.startswith('#')]
    for kind, digest, name, *rest in rows:
        if kind == 'input':
            inputs[name] = digest
        else:
            tables[name] = (digest, rest[1].split())
    return inputs, tables


class Inputs:
    """The inputs, verified and unpacked when they are first needed."""

    def __init__(self, folder, hashes, any_input, scratch):
        self.folder, self.hashes, self.any_input, self.scratch = folder, hashes, any_input, scratch
        self.unpacked = {}

    def find(self, name):
        path = os.path.join(self.folder, name)
        if self.any_input and not os.path.exists(path):
            stem = re.split('[_-]', name)[0]
            found = sorted(glob.glob(os.path.join(self.folder, stem + '[_-]*' + os.path.splitext(name)[1])))
            path = found[0] if found else path
        if not os.path.exists(path):
            fail(f"input '{name}' is missing from {self.folder}; tools/tables.manifest says where it comes from")
        if sha256(path) != self.hashes[name]:
            message = f"input '{path}' is not the file that the manifest names (SHA-256 differs)"
            if not self.any_input:
                fail(message)
            print('warning: ' + message, file=sys.stderr)
        return path

    def __call__(self, prefix):
        name = next(name for name in self.hashes if name.startswith(prefix))
        if name not in self.unpacked:
            path, target = self.find(name), os.path.join(self.scratch, 'inputs', prefix)
            os.makedirs(target)
            if path.endswith('.deb'):
                run(['dpkg-deb', '-x', path, target])
            elif path.endswith('.whl'):
                zipfile.ZipFile(path).extractall(target)
            else:
                unpack_text(path, target)
            self.unpacked[name] = target
        return self.unpacked[name]

    def text(self):
        """Return the training text: a folder that holds only <language>.txt."""
        return self('train')


def unpack_text(path, target):
    """Extract the files FOLDER/<language>.txt of an archive into the folder `target`."""
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isfile() and re.fullmatch(r'[^/]+/[A-Za-z-]+\.txt', member.name):
                with open(os.path.join(target, os.path.basename(member.name)), 'wb') as file:
                    shutil.copyfileobj(archive.extractfile(member), file)


def run(command, output=None):
    """Run a command, with its standard output going to the file `output` if one is given."""
    with open(output or os.devnull, 'wb') as file:
        status = subprocess.run(command, stdout=file, env={**os.environ, 'LC_ALL': 'C.UTF-8'}).returncode
    if status:
        fail(f"'{os.path.basename(command[0])} {os.path.basename(command[1])} ...' exited with status {status}")


def script(name):
    return [sys.executable, os.path.join(TOOLS, name)]


def build_language(inputs, programs, output):
    run([programs + '/train_model', inputs.text(), output])


def build_writing(inputs, programs, output):
    run([programs + '/train_writing', inputs.text(), output])


def build_starters(inputs, programs, output):
    run([programs + '/learn_starters', inputs.text()], output)


def build_ends(inputs, programs, output):
    run(script('learn_ends.py') + [inputs.text()], output)


def build_common(inputs, programs, output):
    run([programs + '/learn_common', inputs.text() + '/en.txt'], output)


def build_votes(inputs, programs, output):
    folder = os.path.join(inputs.scratch, 'votes')
    shutil.copytree(inputs.text(), folder)
    run(script('word_lists.py') + [inputs('wordfreq') + '/wordfreq/data', folder])
    run([programs + '/train_votes', folder, os.path.join(TOOLS, 'votes', 'priors.tsv'), output])


def build_months(inputs, programs, output):
    run(script('make_months.py') + [inputs('unicode-cldr-core') + '/usr/share/unicode/cldr/common/main',
                                    inputs('locales') + '/usr/share/i18n/locales'], output)


def build_numbers(inputs, programs, output):
    library = glob.glob(inputs('libicu72') + '/usr/lib/*/libicui18n.so.72')
    if not library:
        fail("libicui18n.so.72 is missing from the package libicu72")
    run(script('make_numbers.py') + [os.path.dirname(library[0])], output)


def build_places(inputs, programs, output):
    run(script('make_places.py') + [os.path.join(TABLES, 'check/places.txt'), os.path.join(TABLES, 'check/english.txt'),
                                    inputs('unicode-cldr-core') + '/usr/share/unicode/cldr/common',
                                    inputs('wordfreq') + '/wordfreq/data'], output)


def english(kind, table, additions, more=()):
    def build(inputs, programs, output):
        lists = [inputs('wamerican') + '/usr/share/dict/american-english',
                 inputs('wbritish') + '/usr/share/dict/british-english']
        if more:
            lists += ['--long', inputs('wordfreq') + '/wordfreq/data'] + [inputs(package) + path for package, path in more]
        run(script('make_english.py') + [kind, os.path.join(TABLES, table), os.path.join(TOOLS, additions), *lists], output)
    return build


BUILDERS = {
    'language.model': build_language,
    'votes.model': build_votes,
    'writing.model': build_writing,
    'segment/starters.tsv': build_starters,
    'segment/ends.tsv': build_ends,
    'group/common.tsv': build_common,
    'extract/months.tsv': build_months,
    'check/numbers.tsv': build_numbers,
    'check/english.txt': english('words', 'check/english.txt', 'english_additions.txt',
                                 [('wamerican-large', '/usr/share/dict/american-english-large'),
                                  ('wbritish-large', '/usr/share/dict/british-english-large')]),
    'check/names.txt': english('names', 'check/names.txt', 'name_additions.txt'),
    'check/places.txt': build_places,
}


def rewrite_manifest(changed):
    with open(MANIFEST, encoding='utf-8') as file:
        text = file.read()
    for old, new in changed:
        text = text.replace(old, new)
    with open(MANIFEST, 'w', encoding='utf-8') as file:
        file.write(text)


def rebuild(arguments, scratch):
    hashes, tables = read_manifest()
    inputs = Inputs(arguments.inputs, hashes, arguments.any_input, scratch)
    different, changed = 0, []
    for table in arguments.only or tables:
        if table not in tables or table not in BUILDERS:
            fail(f"unknown table '{table}'; expected one of: {', '.join(tables)}")
        output = os.path.join(scratch, 'output', table)
        os.makedirs(os.path.dirname(output), exist_ok=True)
        began = time.monotonic()
        BUILDERS[table](inputs, arguments.tools, output)
        expected, digest, committed = tables[table][0], sha256(output), os.path.join(TABLES, table)
        same = digest == expected == sha256(committed)
        print(f"{table}: {'identical' if same else 'DIFFERENT'} ({time.monotonic() - began:.1f} s)", flush=True)
        if not same and arguments.write:
            shutil.copyfile(output, committed)
            changed.append((expected, digest))
        different += not same
    rewrite_manifest(changed)
    return 1 if different and not arguments.write else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('inputs', metavar='INPUTS')
    parser.add_argument('--check', action='store_true', help='compare only (the default)')
    parser.add_argument('--write', action='store_true', help='replace tables that differ, and their hashes')
    parser.add_argument('--tools', metavar='FOLDER', help='the training programs (default: build/tools/tools)',
                        default=os.path.join(os.path.dirname(TOOLS), 'build', 'tools', 'tools'))
    parser.add_argument('--any-input', action='store_true', help='warn instead of failing if an input is another version')
    parser.add_argument('--only', action='append', metavar='TABLE', help='rebuild only this table; may be repeated')
    arguments = parser.parse_args()
    if arguments.check and arguments.write:
        parser.error('--check and --write exclude each other')
    with tempfile.TemporaryDirectory() as scratch:
        sys.exit(rebuild(arguments, scratch))


if __name__ == '__main__':
    main()
