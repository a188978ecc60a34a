"""Tests of a state in PostgreSQL: the database server is one of the test's own (postgresql.py)."""
import contextlib
import os
import subprocess
import unittest

import postgresql
import program
from program import SAMPLES, Workspace, files_source

BUILT_IN = b'PostgreSQL: yes' in subprocess.run([program.PROGRAM, '--version'], capture_output=True).stdout
ARTICLES = files_source(os.path.join(SAMPLES, 'articles'))

needs_libpq = unittest.skipUnless(BUILT_IN, 'built without PostgreSQL')


@contextlib.contextmanager
def stores_on(server):
    """Workspaces that are made meanwhile have a store on this server; None = a file."""
    before, program.SERVER = program.SERVER, server and server.address
    try:
        yield
    finally:
        program.SERVER = before


class WithAddress(Workspace):
    """A workspace whose store has this address."""

    def __init__(self, address, more=''):
        self.line = 'store = %s\n%s' % (address, more)
        super().__init__(ARTICLES)

    def store_line(self):
        self.store = None
        return self.line


class Case(unittest.TestCase):
    def done(self, workspace, *words, code=0):
        """Returns what the command printed."""
        result = workspace.call(*words)
        said = (result.stdout + result.stderr).decode()
        self.assertEqual(result.returncode, code, said)
        return said

    def kept(self, workspace):
        self.addCleanup(workspace.close)
        return workspace


@needs_libpq
@unittest.skipUnless(postgresql.programs(), 'PostgreSQL is not installed')
class ServerCase(Case):
    """`server` serves all tests of the class."""

    @classmethod
    def setUpClass(cls):
        cls.server = postgresql.Server()
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.__enter__()

    def new_workspace(self, configuration=ARTICLES):
        with stores_on(self.server):
            return self.kept(Workspace(configuration))

    def run_sql(self, *statements):
        subprocess.run(['psql', '-q', self.server.address] + [word for statement in statements for word in ('-c', statement)],
                       check=True, stderr=subprocess.DEVNULL)

    def address(self, database='postgres', user=None, schema=None):
        text = 'postgresql:///%s?host=%s&port=%d&user=%s' % (database, self.server.folder, self.server.port, user or self.server.name)
        return text + ('&options=-csearch_path%%3D%s' % schema if schema else '')

    def guarded_address(self):
        """Of a store whose user needs the password hunter2."""
        self.run_sql('CREATE ROLE %s LOGIN PASSWORD \'hunter2\'' % postgresql.GUARDED, 'CREATE SCHEMA %s AUTHORIZATION %s' % (2 * (postgresql.GUARDED,)))
        return self.address(user=postgresql.GUARDED, schema=postgresql.GUARDED)

    def write_password(self, password):
        """Returns the path of the file."""
        secret = os.path.join(self.server.folder, 'secret')
        with open(secret, 'w', encoding='utf8') as file:
            file.write(password)
        os.chmod(secret, 0o600)
        return secret
