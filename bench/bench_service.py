#!/usr/bin/env python3
"""Measure how busy the program keeps the slots of a slow service, and what a rerun over known articles costs.

usage: DRAGOMAN=build/release/dragoman DRAGOMAN_SOURCE=. bench/bench_service.py [ARTICLES]

A fake service with 16 slots and 200 ms per request translates ARTICLES (2,000) distinct articles from one NDJSON file; then the
run is repeated with all of them known. A slot is busy from the moment the service has read a request until it answers. "While
work remains" means from the first request to the start of the last one. Peak memory is the maximum resident set of the
program.
"""
import json
import os
import resource
import sys
import time

SOURCE = os.environ['DRAGOMAN_SOURCE'] = os.path.abspath(os.environ['DRAGOMAN_SOURCE'])
os.environ['DRAGOMAN'] = os.path.abspath(os.environ['DRAGOMAN'])
sys.path[:0] = [os.path.join(SOURCE, 'tests'), os.path.join(SOURCE, 'tests', 'fault')]
from fake_service import FakeService                                     # noqa: E402
from program import Workspace                                            # noqa: E402

DELAY, SLOTS = 0.2, 16


def article(number):
    sentences = ['El ayuntamiento número %d aprobó ayer el plan de la calle %d.' % (number, number * 7 + i) for i in range(6)]
    return json.dumps({'id': 'a%d' % number, 'title': {'source': 'El plan de la calle %d' % number}, 'language': {'code': 'es'},
                       'body': [{'kind': 'paragraph', 'text': s} for s in sentences]}, ensure_ascii=False)


def write_articles(path, count):
    with open(path, 'w', encoding='utf8') as f:
        for number in range(count):
            f.write(article(number) + '\n')


class SlowService(FakeService):
    """Delays every answer by DELAY and records when each request began and ended."""

    def __init__(self):
        self.spans = []
        super().__init__(fault=self.wait)

    def wait(self, _number, _texts):
        start = time.monotonic()
        time.sleep(DELAY)
        self.spans.append((start, time.monotonic()))

    def share_busy(self):
        first, last = min(s for s, _ in self.spans), max(s for s, _ in self.spans)
        used = sum(min(end, last) - start for start, end in self.spans)
        return used / (SLOTS * (last - first))


def main():
    articles = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    service = SlowService()
    workspace = Workspace('[source "items"]\nkind = ndjson\npath = items.ndjson\n[service "fake"]\nkind = libretranslate\nurl = %s\n'
                'concurrency = %d\n' % (service.url, SLOTS))
    items = os.path.join(workspace.folder, 'items.ndjson')
    write_articles(items, articles)
    start = time.monotonic()
    result = workspace.call('run', timeout=3600)
    code = result.returncode
    sys.stderr.buffer.write(result.stderr)
    wall = time.monotonic() - start
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    print('exit %d, %d articles, %d requests, %.1f s: slots busy %.1f %% while work remained, CPU %.2f ms an article, peak %.1f MB'
          % (code, articles, service.requests, wall, 100 * service.share_busy(), 1000 * (usage.ru_utime + usage.ru_stime) / articles,
             usage.ru_maxrss / 1024))
    service.close()
    for number in (0, 1):
        start = time.monotonic()
        code = workspace.call('run', timeout=3600).returncode
        print('rerun over %d known: exit %d, %.3f s' % (articles, code, time.monotonic() - start))
    workspace.close()


if __name__ == '__main__':
    main()
