"""Runs the finished program for tests, in a folder of its own with its own configuration."""
import contextlib
import json
import os
import sqlite3
import subprocess
import tempfile
import uuid

PROGRAM = os.environ['DRAGOMAN']
SOURCE = os.environ['DRAGOMAN_SOURCE']
SAMPLES = os.path.join(SOURCE, 'samples')
SOME_SOURCE = '[source "own"]\nkind = files\npath = dragoman.conf\n' # for configurations that are about something else
SERVER = os.environ.get('TEST_POSTGRESQL') # the address of a database that takes the place of the files (postgresql.py)


def new_store():
    """Returns the address of an empty store in the database."""
    schema = 'store_%s' % uuid.uuid4().hex
    subprocess.run(['psql', '-q', SERVER, '-c', 'CREATE SCHEMA ' + schema], check=True)
    return '%s&options=-csearch_path%%3D%s' % (SERVER, schema)


class Workspace:
    """A temporary folder with a configuration and the program's output."""

    def __init__(self, configuration):
        self.keep = tempfile.TemporaryDirectory()
        self.folder = self.keep.name
        self.config = os.path.join(self.folder, 'dragoman.conf')
        self.out = os.path.join(self.folder, 'out')
        with open(self.config, 'w', encoding='utf8') as f:
            f.write('[run]\noutput = %s\nstate = %s/state.db\n%s%s' % (self.out, self.out, self.store_line(), configuration))

    def store_line(self):
        self.store = new_store() if SERVER else None
        return 'store = %s\n' % self.store if SERVER else ''

    def rows(self, statement):
        """Returns what the statement finds in the state, all as text."""
        if self.store:
            found = subprocess.run(['psql', '-qAt', '-F', '\t', self.store, '-c', statement], check=True, capture_output=True, text=True)
            return [tuple(line.split('\t')) for line in found.stdout.splitlines()]
        with contextlib.closing(sqlite3.connect(os.path.join(self.out, 'state.db'))) as database:
            return [tuple(map(str, row)) for row in database.execute(statement)]

    def command(self, *words, **options):
        environment = {k: v for k, v in os.environ.items() if not k.startswith('DRAGOMAN')}
        environment['DRAGOMAN_DATA'] = os.path.join(SOURCE, 'config')
        return [PROGRAM, '--config', self.config, *words], dict(env=environment, **options)

    def call(self, *words, stdin=b'', timeout=300):
        command, options = self.command(*words, input=stdin, capture_output=True, timeout=timeout)
        return subprocess.run(command, **options)

    def start(self, *words):
        command, options = self.command(*words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return subprocess.Popen(command, **options)

    def records(self):
        found = {}
        for folder, _, names in os.walk(self.out):
            for name in names:
                if name.endswith('.json') and os.path.basename(folder) == 'articles':
                    with open(os.path.join(folder, name), 'rb') as f:
                        found[name] = json.loads(f.read())
        return found

    def days(self):
        """Returns the names of the days' folders, the oldest first."""
        return sorted(n for n in os.listdir(self.out) if n[0] == '2' and os.path.isdir(os.path.join(self.out, n)))

    def status(self):
        return json.loads(self.call('status', '--json').stdout)

    def close(self):
        self.keep.cleanup()


def is_sentence(text):
    """Returns whether the text is more than names, which are the same in both languages."""
    return sum(word[0].islower() for word in text.split()) > 3


def files_source(*paths):
    return '[source "files"]\nkind = files\n' + ''.join('path = %s\n' % p for p in paths)
