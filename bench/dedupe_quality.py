#!/usr/bin/env python3
"""Measure how many copies the dedupe stage finds after each of six edits, its false pairs among different articles, and its time.

usage: DRAGOMAN=build/release/dragoman bench/dedupe_quality.py [ARTICLES.ndjson...]

ARTICLES hold one distinct article per line, {"text": ...} (or "body") with one paragraph per line of the text. Each article is
compared with its edited copy, a hundred pairs per process; a copy counts as found if it is linked or dropped. False pairs are
counted among all articles together. Without ARTICLES, the time for 10,000 generated articles of 2,000 letters is measured.
"""
import gzip
import json
import os
import random
import re
import subprocess
import sys
import time

LEAST = 400        # letters; this measurement leaves out shorter texts on purpose
PROGRAM = os.environ['DRAGOMAN']


def read(paths):
    for path in paths:
        with (gzip.open if path.endswith('.gz') else open)(path, 'rt', encoding='utf8') as lines:
            for line in lines:
                row = json.loads(line)
                text = row.get('text') or row.get('body') or ''
                if isinstance(text, str) and sum(map(str.isalnum, text)) >= LEAST:
                    yield text


def item(name, text):
    body = [{'kind': 'paragraph', 'text': ' '.join(p.split())} for p in text.split('\n') if p.strip()]
    return {'id': name, 'title': {'source': name}, 'language': {'code': 'xx'}, 'body': body}


def run(items, stage='dedupe'):
    lines = '\n'.join(json.dumps(i, ensure_ascii=False) for i in items) + '\n'
    done = subprocess.run([PROGRAM, 'show', '--from', 'ndjson', '--only', stage, '--set', 'run.threads=1', '-'],
                          input=lines.encode(), stdout=subprocess.PIPE)
    return [json.loads(line) for line in done.stdout.splitlines()]


def sentences(text):
    return [s for s in re.split(r'(?<=[.!?。।])\s*|\n', text) if s.strip()]


def marks(text, other):
    return re.sub(r'[^\w\s]', '', text).upper()


def cut(text, other):
    return text[:max(len(text) * 6 // 10, 1)]


def added(text, other):
    return other[:len(text) // 2] + '\n' + text


def words(text, other):
    return ' '.join('changed%d' % random.randrange(999) if random.random() < 0.05 else w for w in text.split(' '))


def shuffled(text, other):
    parts = sentences(text)
    random.shuffle(parts)
    return '\n'.join(parts)


def embedded(text, other):
    return other + '\n' + text + '\n' + other[::-1]


def time_many(count=10000):
    vocabulary = [''.join(random.choice('aeiounrstlmdk') for _ in range(random.randrange(2, 10))) for _ in range(20000)]
    items = [item('a%d' % i, '\n'.join(' '.join(random.choices(vocabulary, k=45)) for _ in range(8))) for i in range(count)]
    for stage in ('dedupe', 'identify'):
        start = time.time()
        answers = run(items, stage)
        linked = sum('duplicate_of' in a for a in answers)
        print('%d made articles, show --only %s: %.2f s, %d linked' % (count, stage, time.time() - start, linked))


def main():
    random.seed(1)
    if len(sys.argv) == 1:
        return time_many()
    texts = list(dict.fromkeys(read(sys.argv[1:])))
    for edit in (marks, cut, added, words, shuffled, embedded):
        found = 0
        for first in range(0, len(texts), 100):
            items = []
            for i in range(first, min(first + 100, len(texts))):
                items += [item('a%d' % i, texts[i]), item('b%d' % i, edit(texts[i], texts[(i + len(texts) // 2) % len(texts)]))]
            answers = run(items)
            for lead, copy in zip(answers[::2], answers[1::2]):
                found += bool(lead.get('duplicate_of') or copy.get('duplicate_of'))
        print('copies found, %-10s %6.3f   n=%d' % (edit.__name__, found / len(texts), len(texts)))
    start = time.time()
    answers = run([item('a%d' % i, t) for i, t in enumerate(texts)])
    pairs = [(a['id'], a['duplicate_of'], a.get('containment')) for a in answers if a.get('duplicate_of')]
    print('articles linked or dropped among unlike ones: %d of %d (%.1f s)' % (len(pairs), len(texts), time.time() - start))
    for pair in pairs[:10]:
        print('  ', *pair)


if __name__ == '__main__':
    main()
