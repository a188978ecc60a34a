#!/usr/bin/env python3
"""Measure how busy the program keeps the slots of a slow service, and what a rerun over known articles costs.

usage: DRAGOMAN=build/bench/dragoman DRAGOMAN_SOURCE=. bench/bench_service.py [ARTICLES]

A service with 16 slots and 200 ms per request (fake_service.c, in the folder bench beside the program) translates ARTICLES
(2,000) distinct articles from one NDJSON file; then the run is repeated with all of them known. A slot is busy from the moment
the service has read a request until it answers; this is measured while work remains, which is from the first request to the
start of the last one. Peak memory is the maximum resident set of the program.
"""
import json
import os
import resource
import subprocess
import sys
import time

SOURCE = os.environ['DRAGOMAN_SOURCE'] = os.path.abspath(os.environ['DRAGOMAN_SOURCE'])
os.environ['DRAGOMAN'] = os.path.abspath(os.environ['DRAGOMAN'])
sys.path.insert(0, os.path.join(SOURCE, 'tests'))
from program import Workspace                                            # noqa: E402

DELAY, SLOTS = 200, 16
FAKE_SERVICE = os.path.join(os.path.dirname(os.environ['DRAGOMAN']), 'bench', 'fake_service')


def article(number):
    sentences = ['El ayuntamiento número %d aprobó ayer el plan de la calle %d.' % (number, number * 7 + i) for i in range(6)]
    return json.dumps({'id': 'a%d' % number, 'title': {'source': 'El plan de la calle %d' % number}, 'language': {'code': 'es'},
                       'body': [{'kind': 'paragraph', 'text': s} for s in sentences]}, ensure_ascii=False)


def write_articles(path, count):
    with open(path, 'w', encoding='utf8') as f:
        for number in range(count):
            f.write(article(number) + '\n')


class Service:
    """bench/fake_service.c"""

    def __init__(self):
        self.process = subprocess.Popen([FAKE_SERVICE, str(DELAY), str(SLOTS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()

    def close(self):
        """Returns what it measured."""
        return self.process.communicate()[0].strip()


def main():
    articles = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    service = Service()
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
    print('exit %d, %d articles in %.1f s, %s, CPU %.2f ms an article, peak %.1f MB'
          % (code, articles, wall, service.close(), 1000 * (usage.ru_utime + usage.ru_stime) / articles, usage.ru_maxrss / 1024))
    for number in (0, 1):
        start = time.monotonic()
        code = workspace.call('run', timeout=3600).returncode
        print('rerun over %d known: exit %d, %.3f s' % (articles, code, time.monotonic() - start))
    workspace.close()


if __name__ == '__main__':
    main()
