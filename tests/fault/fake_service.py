"""Fake translation services on loopback that produce faults on request and count what they bill."""
import email.utils
import http.server
import json
import os
import threading
import time
import urllib.parse

from protocol_fakes import KEY, PROTOCOLS, Bad, kind_of


WORDS = ('works on their quiet street went well enough that many of those people who lived there thought about what could come '
         'after such long years').split()


def translate(text):
    """Returns English that passes the checks: about as long, with the same numbers."""
    digits = ' '.join(w.strip('.,;') for w in text.split() if any(c.isdigit() for c in w))
    words = ' '.join(WORDS[i % len(WORDS)] for i, _ in enumerate(text.split()))
    return words[:1].upper() + words[1:] + (' ' + digits if digits else '') + '.'


def write_articles(folder, count):
    """Writes pages in Spanish, each with a headline and four paragraphs of different lengths, and returns their paths."""
    paths = []
    for i in range(count):
        paths.append(os.path.join(folder, '%d.html' % i))
        body = ''.join('<p>La ciudad número %d abrió su estación %d y los vecinos celebraron la llegada del tren %d con %smúsica.</p>'
                       % (i, j, i * 10 + j, 'mucha ' * j) for j in range(4))
        with open(paths[-1], 'w', encoding='utf8') as f:
            f.write('<html lang="es"><head><title>Noticia %d de la ciudad</title></head><body><article><h1>Noticia %d de la ciudad</h1>'
                    '%s</article></body></html>' % (i, i, body))
    return paths


class Request:
    """A request, in the form in which a Protocol reads it."""

    def __init__(self, handler):
        length = int(handler.headers.get('Content-Length') or 0)
        self.headers, self.body = handler.headers, handler.rfile.read(length)
        split = urllib.parse.urlsplit(handler.path)
        self.host = split.netloc            # of the address that a proxy is asked for
        self.name, self.path, self.whole_path, self.query = '', split.path, split.path, dict(urllib.parse.parse_qsl(split.query))

    def json(self):
        return json.loads(self.body)


class Answer:
    """An answer to be sent: after `hang` seconds; with `headers` in place of the usual ones; with `length` as its Content-Length,
    whatever is sent; and with the parts `more` after the body."""

    def __init__(self, status, body=b'', headers=None, hang=0, length=None, more=()):
        self.status, self.headers, self.hang, self.length, self.more = status, headers or {}, hang, length, more
        self.body = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()


class Listener(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128                # with the default of five, further simultaneous connections would wait a second for their next SYN


class Server:
    """Passes every request to `answer(request)`, which returns an Answer."""

    def __init__(self, answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            wbufsize = 65536                # one write per answer: separate writes of headers and body would cost a delayed ACK
            disable_nagle_algorithm = True

            def log_message(self, *_):
                pass

            def do_POST(self):
                self.send(answer(Request(self)))

            do_GET = do_POST

            def send(self, given):
                time.sleep(given.hang)
                self.send_response(given.status)
                for name, value in given.headers.items():
                    self.send_header(name, value)
                self.send_header('Content-Length', str(len(given.body) if given.length is None else given.length))
                self.end_headers()
                self.wfile.write(given.body)
                for part in given.more:
                    self.wfile.write(part)
                if given.length is not None:
                    self.close_connection = True

            def handle_one_request(self):
                try:
                    super().handle_one_request()
                except (BrokenPipeError, ConnectionResetError):     # the client has given up
                    self.close_connection = True

            def finish(self):
                try:
                    super().finish()
                except (BrokenPipeError, ConnectionResetError):
                    pass

        self.server = Listener(('127.0.0.1', 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = 'http://127.0.0.1:%d' % self.server.server_address[1]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class FakeService(Server):
    """LibreTranslate without a key. `fault(n, texts)` gets the number of the request and returns (status, headers, body bytes),
    or None for a good answer. A Content-Length among the headers is sent as it is, even if it is wrong."""
    translate = staticmethod(translate)

    def __init__(self, fault=lambda n, texts: None, delay=0.0):
        self.requests, self.bills, self.sizes, self.lock = 0, [], [], threading.Lock()     # sizes: texts of each request billed
        self.delay = delay                     # may be changed later

        def answer(request):
            texts = request.json()['q']
            with self.lock:
                self.requests += 1
                number = self.requests
            time.sleep(self.delay)
            given = fault(number, texts)
            if given is None:
                with self.lock:
                    self.bills += texts
                    self.sizes.append(len(texts))
                return Answer(200, {'translatedText': [translate(t) for t in texts]})
            status, headers, data = given
            length = headers.pop('Content-Length', None)
            return Answer(status, data, headers, length=length)

        super().__init__(answer)


class FakeServices(Server):
    """Every kind of service on one port, each under a path with its name. `play(protocol, number, texts, request)` returns an
    Answer, or None for a good one. `complaints` lists requests that violate a protocol or send a secret where none belongs."""

    def __init__(self, play=lambda *_: None):
        self.play, self.requests, self.bills, self.complaints, self.lock = play, {}, {}, [], threading.Lock()
        super().__init__(self.answer)

    def answer(self, request):
        _, request.name, rest = request.path.split('/', 2)
        protocol, request.path = PROTOCOLS[request.name], '/' + rest
        try:
            if request.path != protocol.path or KEY in request.path:
                raise Bad('path ' + request.path)
            texts = protocol.read(request)
        except (Bad, KeyError, ValueError, TypeError) as why:
            self.complaints.append('%s: %r' % (request.name, why))
            return Answer(400, {'error': 'the request is wrong'})
        with self.lock:
            number = self.requests[request.name] = self.requests.get(request.name, 0) + 1
        given = self.play(protocol, number, texts, request)
        if given is not None:
            return given
        with self.lock:
            self.bills.setdefault(request.name, []).extend(texts)
        return Answer(200, protocol.good([translate(t) for t in texts], request))

    def sections(self, names=tuple(PROTOCOLS), more=''):
        return ''.join('[service "%s"]\nkind = %s\n%s%s%s' % (n, kind_of(n), PROTOCOLS[n].where('%s/%s' % (self.url, n)), PROTOCOLS[n].settings, more)
                       for n in names)


def http_date(seconds):
    return email.utils.formatdate(time.time() + seconds, usegmt=True)
