"""A PostgreSQL server for tests: a cluster in a temporary folder, reached through a socket in it or a port of 127.0.0.1, gone
afterwards.

    with postgresql.Server() as server: ... server.address

Run as a program, it runs each of the programs and Python files that are its arguments with the address in
TEST_POSTGRESQL; it exits with 77, which ctest reports as skipped, where PostgreSQL is not installed."""
import contextlib
import ctypes
import glob
import os
import pwd
import queue
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

SKIPPED = 77
PR_SET_PDEATHSIG = 1
GUARDED = 'clerk' # the user who needs a password


def programs():
    """Returns the folder of initdb and postgres, of the newest version; None if there is none."""
    found = glob.glob('/usr/lib/postgresql/*/bin/initdb')
    if found:
        return os.path.dirname(max(found, key=lambda path: int(path.split('/')[4])))
    path = shutil.which('initdb')
    return path and os.path.dirname(path)


def ordinary_user():
    """PostgreSQL does not run as root."""
    if os.geteuid() != 0:
        return None
    names = {user.pw_name for user in pwd.getpwall()}
    return pwd.getpwnam('postgres' if 'postgres' in names else 'nobody')


def free_port():
    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        return listener.getsockname()[1]


class Server:
    """A server of the test's own, whose cache has this size."""

    def __init__(self, buffers='16MB'):
        self.bin, self.buffers = programs(), buffers
        self.user = ordinary_user()
        self.process = None
        # The name of a socket may have 107 bytes.
        self.folder = tempfile.mkdtemp(prefix='dragoman-pg-', dir='/tmp')
        self.log = os.path.join(self.folder, 'log')
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        os.chmod(self.folder, 0o755)
        self.name = self.user.pw_name if self.user else pwd.getpwuid(os.geteuid()).pw_name
        self.port = free_port()
        self.address = 'postgresql:///postgres?host=%s&port=%d&user=%s' % (self.folder, self.port, self.name)

    def become(self):
        """The server must not outlive its test, however that ends."""
        if self.user:
            os.setgroups([])
            os.setgid(self.user.pw_gid)
            os.setuid(self.user.pw_uid)
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)

    def run(self, *words):
        environment = {'PATH': os.environ['PATH'], 'LC_ALL': 'C.UTF-8', 'TZ': 'UTC'}
        with open(self.log, 'ab') as log:
            return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                                    preexec_fn=self.become, env=environment)

    def output(self):
        with open(self.log, encoding='utf8', errors='replace') as file:
            return file.read()

    def create(self):
        made = self.run(os.path.join(self.bin, 'initdb'), '-D', os.path.join(self.folder, 'data'), '-A', 'trust', '-E', 'UTF8',
                        '--locale=C.UTF-8', '--no-sync', '--no-instructions')
        if made.wait() != 0:
            raise RuntimeError(self.output())
        rules = os.path.join(self.folder, 'data', 'pg_hba.conf') # the first one that fits counts
        with open(rules, encoding='utf8') as file:
            text = 'local all %s scram-sha-256\n%s' % (GUARDED, file.read())
        with open(rules, 'w', encoding='utf8') as file:
            file.write(text)

    def start(self):
        """Waits until the server answers. It does not flush to the disk: no test cuts the power, and what has been written
        survives the server's crash."""
        self.process = self.run(os.path.join(self.bin, 'postgres'), '-D', os.path.join(self.folder, 'data'), '-k', self.folder,
                                '-p', str(self.port), '-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=30', '-c', 'shared_buffers=' + self.buffers,
                                '-c', 'fsync=off')
        path = os.path.join(self.folder, '.s.PGSQL.%d' % self.port)
        ready = [os.path.join(self.bin, 'pg_isready'), '-q', '-h', self.folder, '-p', str(self.port)]
        for _ in range(600):
            if self.process.poll() is not None:
                break
            if os.path.exists(path) and subprocess.call(ready) == 0:
                return
            time.sleep(0.1)
        raise RuntimeError(self.output())

    def stop(self, how=signal.SIGINT):
        """SIGINT ends the connections; SIGQUIT is like a crash."""
        if self.process:
            self.process.send_signal(how)
            self.process.wait()
        self.process = None

    def __enter__(self):
        try:
            self.create()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Proxy:
    """Stands between a program and a server, `delay` seconds away from both, and counts how often the program waits: it sends something
    when all that the server has said has reached it. A program that does not wait sends while answers are on their way."""

    def __init__(self, server, delay):
        self.port, self.delay, self.waits, self.sockets = server.port, delay, [], []
        self.listener = socket.create_server(('127.0.0.1', 0))
        name = server.address.rpartition('=')[2]
        self.address = 'postgresql://%s@127.0.0.1:%d/postgres?sslmode=disable' % (name, self.listener.getsockname()[1])
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError): # until it is closed
            while True:
                client, _ = self.listener.accept()
                server = socket.create_connection(('127.0.0.1', self.port))
                self.waits.append(0)
                self.sockets += [client, server]
                ways = [queue.Queue(), queue.Queue()]
                state = {'place': len(self.waits) - 1, 'outstanding': False} # outstanding: something was sent, no answer has arrived
                for source, target, way, from_client in (client, server, ways[0], True), (server, client, ways[1], False):
                    source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    threading.Thread(target=self.receive, args=(source, way, state, from_client), daemon=True).start()
                    threading.Thread(target=self.pass_on, args=(target, way, state, from_client), daemon=True).start()

    def receive(self, source, way, state, from_client):
        data = b'x'
        while data:
            try:
                data = source.recv(1 << 16)
            except OSError:
                data = b''
            if from_client and not state['outstanding']:
                state['outstanding'] = True
                self.waits[state['place']] += 1
            way.put((time.monotonic() + self.delay, data))

    def pass_on(self, target, way, state, from_client):
        data = b'x'
        while data:
            due, data = way.get()
            time.sleep(max(0, due - time.monotonic()))
            with contextlib.suppress(OSError):
                if data:
                    target.sendall(data)
                else:
                    target.shutdown(socket.SHUT_WR)
            if not from_client and way.empty():
                state['outstanding'] = False

    def close(self):
        for one in [self.listener] + self.sockets:
            one.close()


def main():
    if not programs():
        print('PostgreSQL is not installed')
        return SKIPPED
    failed = 0
    with Server() as server:
        for program in sys.argv[1:]:
            print('==', os.path.basename(program), flush=True)
            command = [sys.executable, '-B', program, '-v'] if program.endswith('.py') else [program]
            failed += subprocess.call(command, env=dict(os.environ, TEST_POSTGRESQL=server.address)) != 0
        if failed:
            print(server.output())
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
