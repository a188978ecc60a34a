"""A server that answers with exactly the bytes of a test, in the clear or encrypted, directly or as a proxy, and a small internet that leads to it."""
import contextlib
import os
import socket
import ssl
import struct
import subprocess
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PUBLIC = '203.0.113.10'             # stands for the public internet (names.c)


class Visit:
    """A request as it arrived; `proxied`: this server was asked as a proxy."""

    def __init__(self, head):
        lines = head.decode('latin-1').split('\r\n')
        self.method, target, _ = (lines[0] + '  ').split(' ', 2)
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(':') for line in lines[1:] if ':' in line)}
        self.proxied = '://' in target
        if self.method == 'CONNECT':
            self.host, path = target, ''
        elif self.proxied:
            self.host, _, path = target.partition('://')[2].partition('/')
        else:
            self.host, path = self.headers.get('host', ''), target[1:]
        self.path, self.time = '/' + path, time.monotonic()


def head(status=200, **headers):
    """Returns a status line and headers, without the empty line that ends them; `_` in a name stands for `-`."""
    return ('HTTP/1.1 %d X\r\nConnection: close\r\n' % status + ''.join('%s: %s\r\n' % (name.replace('_', '-'), value) for name, value in headers.items())).encode()


def answer(body, kind='text/html; charset=utf-8', status=200, **headers):
    body = body if isinstance(body, bytes) else body.encode()
    return head(status, Content_Type=kind, Content_Length=len(body), **headers) + b'\r\n' + body


def redirect(address, status=302, **headers):
    return head(status, Location=address, Content_Length=0, **headers) + b'\r\n'


def chunks(*parts):
    return b''.join(b'%x\r\n%s\r\n' % (len(part), part) for part in parts)


class Hostile:
    """`pages` maps 'host/path' to the bytes of the whole answer, or to a function that gets the connection and the visit; the rest is a 404.
    The connection is then closed. `visits` has the requests in order, and `tunnels` the hosts that it should connect to as a proxy, which it
    does by answering for them itself. `certificates` maps hosts to files with a certificate and its key; with it, everything is encrypted, or,
    if it is set later, the tunnels are."""

    def __init__(self, pages=None, certificates=None):
        self.pages, self.visits, self.tunnels, self.closing, self.lock = dict(pages or {}), [], [], threading.Event(), threading.Lock()
        self.certificates, self.encrypted = certificates or {}, certificates is not None
        self.listener = socket.create_server(('127.0.0.1', 0), backlog=512)
        self.port = self.listener.getsockname()[1]
        self.url = 'http://127.0.0.1:%d' % self.port
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while not self.closing.is_set():
            with contextlib.suppress(OSError):
                connection, _ = self.listener.accept()
                threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with contextlib.suppress(OSError, ValueError), contextlib.ExitStack() as opened:
            opened.callback(connection.close)
            connection.settimeout(60)
            self.converse(connection, opened)

    def converse(self, connection, opened):
        if self.encrypted:
            connection = opened.enter_context(self.secure(connection))
        visit = self.read(connection)
        if visit.method == 'CONNECT':
            with self.lock:
                self.tunnels.append(visit.host)
            if not self.certificates:
                self.give(connection, visit, self.pages.get('CONNECT ' + visit.host, answer('no', status=502)))
                return
            connection.sendall(b'HTTP/1.1 200 Connected\r\n\r\n')
            connection = opened.enter_context(self.secure(connection))
            visit = self.read(connection)
        with self.lock:
            self.visits.append(visit)
        self.give(connection, visit, self.pages.get(visit.host + visit.path, self.pages.get(visit.host, answer('not here', status=404))))

    def give(self, connection, visit, page):
        if callable(page):
            page = page(connection, visit)
        if page is not None:
            connection.sendall(page)
            end(connection)

    def secure(self, connection):
        """Shows the certificate of the host that the client names."""
        def choose(wrapped, host, _context):
            chosen = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            chosen.load_cert_chain(self.certificates[host])
            wrapped.context = chosen
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(next(iter(self.certificates.values())))
        context.sni_callback = choose
        return context.wrap_socket(connection, server_side=True)

    @staticmethod
    def read(connection):
        """Reads a request with its body, so that closing the connection does not reset it."""
        data = b''
        while b'\r\n\r\n' not in data:
            part = connection.recv(65536)
            if not part:
                raise ValueError('no request')
            data += part
        visit = Visit(data.split(b'\r\n\r\n')[0])
        visit.body = data.split(b'\r\n\r\n', 1)[1]
        while len(visit.body) < int(visit.headers.get('content-length', 0)):
            visit.body += connection.recv(65536)
        return visit

    def count(self, host, path=None):
        return sum(v.host == host and path in (None, v.path) for v in self.visits)

    def close(self):
        self.closing.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def end(connection):
    """Ends the answer and waits for the client to notice, so that what was sent arrives."""
    if not isinstance(connection, ssl.SSLSocket):
        connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(OSError):
            while connection.recv(65536):
                pass


def reset_after(data):
    """Sends the bytes and then a reset instead of the rest."""
    def play(connection, _visit):
        connection.sendall(data)
        time.sleep(0.1 if data else 0)          # a reset may overtake what is still on the way; both count as lost
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        connection.close()
    return play


def drip(start, byte=b'x'):
    """Sends a byte now and then until the client gives up."""
    def play(connection, _visit):
        connection.sendall(start)
        for _ in range(1200):
            time.sleep(0.1)
            connection.sendall(byte)
    return play


def endless(start, part):
    def play(connection, _visit):
        connection.sendall(start)
        while True:
            connection.sendall(part)
    return play


class Internet:
    """Names and public addresses for the program: see names.c. `names` maps a name to 'address,address|address'."""

    def __init__(self):
        self.tools = tempfile.TemporaryDirectory()
        self.library = os.path.join(self.tools.name, 'names.so')
        subprocess.run(['cc', '-O1', '-shared', '-fPIC', '-o', self.library, os.path.join(HERE, 'names.c'), '-ldl', '-lpthread'], check=True)

    def environment(self, names, ports):
        return {'LD_PRELOAD': self.library, 'ASAN_OPTIONS': 'verify_asan_link_order=0',
                'NAMES_TABLE': ' '.join('%s=%s' % pair for pair in names.items()), 'NAMES_PUBLIC': ','.join('%d=%d' % pair for pair in ports.items())}

    def close(self):
        self.tools.cleanup()
