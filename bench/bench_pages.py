#!/usr/bin/env python3
"""Measure what an article on an 82 kB page costs apart from the service: CPU time of the whole process, and peak memory.

usage: DRAGOMAN=build/release/dragoman DRAGOMAN_SOURCE=. bench/bench_pages.py [PAGES [IN_FLIGHT]]

PAGES (400) generated pages pass through the whole pipeline. Each has an article of 14 paragraphs among scripts, styles, menus,
teasers and comments, like real pages. The fake service answers after 0.3 s, so that IN_FLIGHT (256) articles are in flight;
its own CPU time is not counted.
"""
import json
import os
import random
import resource
import sys
import time

SOURCE = os.environ['DRAGOMAN_SOURCE'] = os.path.abspath(os.environ['DRAGOMAN_SOURCE'])
os.environ['DRAGOMAN'] = os.path.abspath(os.environ['DRAGOMAN'])
sys.path[:0] = [os.path.join(SOURCE, 'tests'), os.path.join(SOURCE, 'tests', 'fault')]
from fake_service import FakeService                                     # noqa: E402
from program import Workspace                                            # noqa: E402

SIZE = 82_000
WORDS = ('el la los una por con para según durante entre ayer hoy mañana gobierno ciudad proyecto ley empresa obra puerto '
         'carretera escuela hospital alcalde ministra vecinos trabajadores precio vivienda agua energía informe datos '
         'anunció aprobó explicó pidió rechazó presentó subió bajó abrirá costará nuevo nueva grande local público').split()


def sentence(chance):
    words = [chance.choice(WORDS) for _ in range(chance.randint(9, 24))]
    words.insert(chance.randrange(3, len(words)), str(chance.randint(2, 9000)))
    return ' '.join(words).capitalize() + '.'


def paragraph(chance):
    return ' '.join(sentence(chance) for _ in range(chance.randint(2, 4)))


def menu(chance, count, name):
    items = ''.join('<li class="%s-item"><a href="/%s/%d" data-track="%d"><span>%s</span></a></li>\n'
                    % (name, name, i, chance.getrandbits(40), ' '.join(chance.sample(WORDS, 3))) for i in range(count))
    return '<nav class="%s"><ul>\n%s</ul></nav>\n' % (name, items)


def teasers(chance, count):
    return ''.join('<article class="teaser"><a href="/n/%d"><img src="/i/%d.jpg" alt="" width="300" height="200"><h3>%s</h3></a>'
                   '<p class="time">%d min</p></article>\n' % (i, i, sentence(chance), i) for i in range(count))


def script(chance, size):
    lines = ['window.q%d=window.q%d||[];q%d.push({id:%d,slot:"%x"});' % ((i,) * 3 + (chance.getrandbits(20), chance.getrandbits(48)))
             for i in range(size // 60)]
    return '<script>%s</script>\n' % '\n'.join(lines)


def page(number):
    chance = random.Random(number)
    title = sentence(chance)[:-1]
    linked = json.dumps({'@context': 'https://schema.org', '@type': 'NewsArticle', 'headline': title,
                         'datePublished': '2026-01-29T08:00:00+01:00'}, ensure_ascii=False)
    body = ''.join('<p>%s</p>\n' % paragraph(chance) for _ in range(14))
    text = ('<!DOCTYPE html><html lang="es"><head><meta charset="utf-8"><title>%s | Diario</title>\n'
            '<script type="application/ld+json">%s</script>\n<style>%s</style>\n%s</head><body>%s<main><article><h1>%s</h1>\n'
            '<div class="article-body">%s</div></article><aside class="related">%s</aside></main>%s'
            % (title, linked, '.a{margin:0 auto;padding:1em}\n' * 250, script(chance, 14000), menu(chance, 70, 'menu'), title, body,
               teasers(chance, 40), menu(chance, 50, 'footer')))
    text += script(chance, max(60, SIZE - len(text.encode()) - 100))
    return text + '</body></html>\n'


def main():
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    in_flight = int(sys.argv[2]) if len(sys.argv) > 2 else 256
    service = FakeService(delay=0.3)
    workspace = Workspace('in_flight = %d\n[source "pages"]\nkind = files\npath = pages\n[service "fake"]\nkind = libretranslate\nurl = %s\n'
                'concurrency = %d\n' % (in_flight, service.url, in_flight))
    folder, size = os.path.join(workspace.folder, 'pages'), 0
    os.mkdir(folder)
    for number in range(pages):
        data = page(number).encode()
        size += len(data)
        with open(os.path.join(folder, '%d.html' % number), 'wb') as f:
            f.write(data)
    start = time.monotonic()
    result = workspace.call('run', timeout=3600)
    wall = time.monotonic() - start
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    print('exit %d, %d pages of %d bytes, %d requests, %.1f s: CPU %.2f ms an article (user %.2f), peak %.1f MB'
          % (result.returncode, pages, size // pages, service.requests, wall, 1000 * (usage.ru_utime + usage.ru_stime) / pages,
             1000 * usage.ru_utime / pages, usage.ru_maxrss / 1024))
    sys.stderr.buffer.write(result.stderr)
    service.close()
    workspace.close()


if __name__ == '__main__':
    main()
