"""A fake web behind a proxy on loopback. Sources are not allowed to connect to loopback addresses that the configuration does not
name, but a proxy can answer for any host. Requests sent to it directly are for the host '127.0.0.1:PORT'."""
import threading
import time

from fake_service import Answer, Server


class Visit:
    """A request as it arrived."""

    def __init__(self, request):
        self.time, self.path, self.headers = time.monotonic(), request.whole_path, request.headers
        self.host, self.query = request.host or request.headers['Host'], request.query


class Web(Server):
    """`pages` maps 'host/path' to the answer: an Answer, a text, or a function of the Visit that returns one; everything else is
    a 404. `visits` lists the requests in order, and `peaks` has the largest number of simultaneous requests per host."""

    def __init__(self, pages=None):
        self.pages, self.visits, self.peaks, self.closing, self.lock = dict(pages or {}), [], {}, threading.Event(), threading.Lock()
        self.busy = {}
        super().__init__(self.answer)

    def answer(self, request):
        visit = Visit(request)
        with self.lock:
            self.visits.append(visit)
            self.busy[visit.host] = self.busy.get(visit.host, 0) + 1
            self.peaks[visit.host] = max(self.peaks.get(visit.host, 0), self.busy[visit.host])
        page = self.pages.get(visit.host + visit.path, Answer(404, b'not here'))
        given = page(visit) if callable(page) else page
        with self.lock:
            self.busy[visit.host] -= 1
        return given if isinstance(given, Answer) else Answer(200, given.encode(), {'Content-Type': 'text/html; charset=utf-8'})

    def hang(self, _visit):
        """A page that is never sent."""
        self.closing.wait(120)
        return Answer(500)

    def visits_of(self, host, path=None):
        return [v for v in self.visits if v.host == host and path in (None, v.path)]

    def paths_of(self, host):
        return [v.path for v in self.visits_of(host)]

    def gaps_of(self, host):
        times = [v.time for v in self.visits_of(host)]
        return [later - earlier for earlier, later in zip(times, times[1:])]

    def close(self):
        self.closing.set()
        super().close()


PARAGRAPH = ('El ayuntamiento anunció ayer que las obras del puente %s terminarán antes del verano, según explicó la alcaldesa a los '
             'vecinos reunidos en la plaza. Los comerciantes del barrio esperan que el mercado vuelva a llenarse cuando se abra la calle.')


def page(title):
    """Returns a page that is clearly an article in Spanish."""
    return ('<!DOCTYPE html><html lang="es"><head><meta charset="utf-8"><title>%s</title></head><body><article><h1>%s</h1>%s</article></body></html>'
            % (title, title, ''.join('<p>%s</p>' % (PARAGRAPH % name) for name in ('viejo', 'nuevo', 'de piedra', 'de hierro'))))


def feed(*items):
    """Returns an RSS feed. An item is (address, title, words of the summary) and optionally the whole text in HTML."""
    def write(address, title, summary, content=''):
        content = content and '<content:encoded><![CDATA[%s]]></content:encoded>' % content
        return '<item><link>%s</link><title>%s</title><description>%s</description>%s</item>' % (address, title, summary, content)
    return ('<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Radio</title>'
            '<language>es</language>%s</channel></rss>' % ''.join(write(*item) for item in items))
