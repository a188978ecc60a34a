"""A server on loopback that notes what hooks send to it."""
from fake_service import Answer, Server

TOKEN = 'c0ffee42-9ce1-4ad0'


class Receiver:
    """`script` holds the status of each answer, or 'hang' for one that comes too late, 'long' for success with a
    long text; the last one stays. `seen` is called before
    an answer is given."""

    def __init__(self, *script, seen=lambda: None):
        self.script, self.got, self.seen = list(script) or [200], [], seen
        self.server = Server(self.answer)
        self.url = '%s/ping/%s' % (self.server.url, TOKEN)

    def answer(self, request):
        query = '&'.join('%s=%s' % pair for pair in request.query.items())
        self.got.append((request.path.replace('/ping/' + TOKEN, '') + (query and '?' + query), request.body.decode()))
        self.seen()
        status = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if status == 'hang':
            return Answer(200, hang=3600)
        if status == 'long':
            return Answer(200, b'Thank you. ' * 300000)
        return Answer(status, b'You sent ' + request.whole_path.encode())

    def paths(self):
        return [path for path, _ in self.got]

    def close(self):
        self.server.close()
