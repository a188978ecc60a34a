#!/usr/bin/env python3
"""Measure a run that finds nothing new, on NDJSON lines and on files in a folder.

usage: bench_rerun.py DRAGOMAN [LINES [FILES]]

Writes English articles, which are skipped, runs once, then three more times, and prints wall time, CPU time and memory of the
best of the three.
"""
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time

WORDS = 'the bridge reopened on thursday after two years of works and the mayor said that traffic would return soon'.split()


def write_lines(folder, count):
    with open(os.path.join(folder, 'articles.ndjson'), 'w') as file:
        for number in range(count):
            text = ' '.join(random.choices(WORDS, k=120))
            file.write(json.dumps({'id': '%032x' % (number * 2654435761 + 7), 'url': f'https://a.example/{number}',
                                   'title': {'source': f'Bridge {number}'}, 'text': text}) + '\n')
    return 'kind = ndjson\npath = articles.ndjson\n'


def write_files(folder, count):
    os.mkdir(os.path.join(folder, 'articles'))
    for number in range(count):
        with open(os.path.join(folder, 'articles', f'{number}.txt'), 'w') as file:
            file.write(f'Bridge {number} open\n\n' + ' '.join(random.choices(WORDS, k=60)) + '.\n')
    return 'kind = files\npath = articles\n'


def run(dragoman, folder):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run([dragoman, '--config', 'dragoman.conf', 'run'], cwd=folder, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr.decode()
    return time.monotonic() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, after.ru_maxrss


def measure(dragoman, name, write, count):
    with tempfile.TemporaryDirectory() as folder:
        source = write(folder, count)
        with open(os.path.join(folder, 'dragoman.conf'), 'w') as file:
            file.write(f'[run]\noutput = out\n\n[source "{name}"]\n{source}')
        run(dragoman, folder)
        wall, cpu, memory = min(run(dragoman, folder) for _ in range(3))
        print(f'{count} known {name}: {wall:.2f} s, {cpu:.2f} s of CPU, {memory // 1024} MB')


def main():
    dragoman = os.path.abspath(sys.argv[1])
    random.seed(1)
    measure(dragoman, 'lines', write_lines, int(sys.argv[2]) if len(sys.argv) > 2 else 100000)
    measure(dragoman, 'files', write_files, int(sys.argv[3]) if len(sys.argv) > 3 else 10000)


if __name__ == '__main__':
    main()
