"""A translation server on loopback that speaks LibreTranslate's protocol and plays faults. It counts what it bills."""
import http.server
import json
import threading
import time


class FakeService:
    """`fault(n, texts)` gets the number of the request and may return (status, headers, body bytes) or None."""

    def __init__(self, fault=lambda n, texts: None, delay=0.0):
        service = self
        self.requests, self.bills, self.sizes, self.lock = 0, [], [], threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            wbufsize = 65536                # one write an answer: headers and body apart cost a delayed ACK
            disable_nagle_algorithm = True

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
                with service.lock:
                    service.requests += 1
                    service.sizes.append(len(body['q']))
                    number = service.requests
                time.sleep(delay)
                answer = fault(number, body['q'])
                if answer is None:
                    with service.lock:
                        service.bills += body['q']
                    answer = 200, {}, json.dumps({'translatedText': [service.translate(t) for t in body['q']]}).encode()
                status, headers, data = answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if 'Content-Length' not in headers:
                    self.send_header('Content-Length', str(len(data)))
                self.end_headers()
                self.wfile.write(data)
                if headers.get('Content-Length'):
                    self.close_connection = True

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = 'http://127.0.0.1:%d' % self.server.server_address[1]

    @staticmethod
    def translate(text):
        """English enough for the checks: the figures kept, about as long."""
        digits = ' '.join(w.strip('.,;') for w in text.split() if any(c.isdigit() for c in w))
        return ' '.join('word%s' % chr(97 + i % 26) for i, _ in enumerate(text.split())) + (' ' + digits if digits else '') + '.'

    def close(self):
        self.server.shutdown()
        self.server.server_close()
