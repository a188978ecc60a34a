#!/usr/bin/env python3
"""Measure characters per second with the embedded engine, and with Apertium's HTTP server if it is installed.

usage: DRAGOMAN=build/release/dragoman DRAGOMAN_SOURCE=. bench/bench_engine.py [ARTICLES]

A complete run translates, checks, summarizes and writes ARTICLES (1,500) Spanish articles of about 2,400 characters, without
repeated sentences, from one NDJSON file. It is measured with one engine pipeline (one request at a time), with the adapter's
default, and with the server for a tenth of the articles. Characters are those of the source. Seconds are wall time of the
whole run, with start-up and digest. CPU time is that of the program and the engine, without the server. For comparison, the
throughput of the bare engine on the same text is measured first.
"""
import importlib.util
import json
import os
import resource
import subprocess
import sys
import time

SOURCE = os.environ['DRAGOMAN_SOURCE'] = os.path.abspath(os.environ['DRAGOMAN_SOURCE'])
os.environ['DRAGOMAN'] = os.path.abspath(os.environ['DRAGOMAN'])
sys.path[:0] = [os.path.join(SOURCE, 'tests')]
from program import Workspace                                            # noqa: E402

WHO = ['La alcaldesa', 'El consejero de obras', 'La portavoz del gobierno', 'Un grupo de vecinos', 'El director del puerto', 'La empresa pública']
DID = ['anunció ayer', 'presentó el lunes', 'defendió en el pleno', 'rechazó por carta', 'explicó a los periodistas', 'prometió de nuevo']
WHAT = ['la reforma del mercado', 'un plan contra las inundaciones', 'la venta de los terrenos', 'el nuevo horario de los trenes',
        'las ayudas a los agricultores', 'la ampliación del hospital']
HOW = ['que costará %d millones de euros', 'aprobada por %d votos a favor', 'que afecta a %d familias', 'con un retraso de %d meses',
       'después de %d reuniones', 'que ocupa %d hectáreas']
END = ['y pidió paciencia a los ciudadanos', 'aunque la oposición no está de acuerdo', 'antes de que termine el verano',
       'porque los informes técnicos son favorables', 'sin dar más detalles sobre las fechas', 'según el acuerdo firmado en invierno']


def sentence(number):
    picks = [list_[(number // 6 ** place) % 6] for place, list_ in enumerate((WHO, DID, WHAT, HOW, END))]
    picks[3] %= number + 2
    return ' '.join(picks) + '.'


def article(number):
    sentences = [sentence(number * 20 + i) for i in range(20)]
    paragraphs = [' '.join(sentences[i:i + 4]) for i in range(0, 20, 4)]
    return {'id': 'a%d' % number, 'title': {'source': 'Noticia número %d de la comarca' % number}, 'language': {'code': 'es'},
            'body': [{'kind': 'paragraph', 'text': p} for p in paragraphs]}


def characters_of(articles):
    return sum(len(a['title']['source']) + sum(len(b['text']) for b in a['body']) for a in articles)


def engine_alone(articles):
    text = '\n'.join(b['text'] for a in articles for b in a['body']).encode()
    start = time.monotonic()
    subprocess.run(['apertium', '-u', 'spa-eng'], input=text, stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - start


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(name, articles, configuration):
    workspace = Workspace('[source "items"]\nkind = ndjson\npath = items.ndjson\n' + configuration)
    with open(os.path.join(workspace.folder, 'items.ndjson'), 'w', encoding='utf8') as f:
        f.writelines(json.dumps(a, ensure_ascii=False) + '\n' for a in articles)
    start, cpu = time.monotonic(), cpu_seconds()
    code = workspace.call('run', timeout=3600).returncode
    seconds, cpu = time.monotonic() - start, cpu_seconds() - cpu
    characters = characters_of(articles)
    print('%-28s exit %d, %d articles, %d characters in %.1f s (CPU %.1f s): %d characters a second'
          % (name, code, len(articles), characters, seconds, cpu, characters / seconds))
    workspace.close()


def apy_server():
    path = os.path.join(SOURCE, 'tests', 'command', 'test_apy.py')
    spec = importlib.util.spec_from_file_location('test_apy', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Apy()


def main():
    articles = [article(n) for n in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1500)]
    print('%-28s %d characters a second' % ('the engine alone', characters_of(articles) / engine_alone(articles)))
    run('embedded, one pipeline', articles, '[service "apertium"]\nconcurrency = 1\n')
    run('embedded, as it thinks best', articles, '')
    apy = apy_server()
    try:
        run('APy', articles[:len(articles) // 10], '[service "apy"]\nurl = %s\n' % apy.url)
    finally:
        apy.close()


if __name__ == '__main__':
    main()
