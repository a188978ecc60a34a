#!/usr/bin/env python3
"""Learn which lines of a page belong to its article: the tables extract/odds.tsv and extract/lines.tsv of config/tables.

usage: train_lines.py PAGES TOOL [--data DATA] [--write]

PAGES is a folder with ground-truth.jsonl and pages/ID.html. Each line of ground-truth.jsonl is an object with id, url, site and
body (paragraphs separated by a blank line); where only parts of the text are known, with and without (lists of texts that must
and must not be in the body) instead of body. Other members, such as set and lang, are for bench/extract_folds.py. TOOL is the
program line_features (-DDRAGOMAN_TOOLS=ON). DATA is the folder of the tables (config).

Requires numpy and scikit-learn (1.9 was used). The result depends only on the pages, the program and these versions. Without
--write, the tables are compared with those in DATA: exit status 1 if they differ.

docs/extraction.md describes what is learned and how it is used."""
import argparse
import bisect
import collections
import hashlib
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile

import numpy
from sklearn.ensemble import HistGradientBoostingClassifier

FOLDS = 5          # of sites, for cross-validation; a site is never in two of them
ODDS_FOLDS = 20    # of sites, see read_pages()
LIKELY, CERTAIN, POSSIBLE, FEW_LINES, MANY_LINES, MAX_LINES, OFTEN_REPEATED = .45, .65, .1, 30, 100, 300, 3    # as in stages/extract/line_choice.c
CAPTION = 6        # enum block_kind
NO_ODDS = ['none\t0']
CONTEST = ['base\t0', 'tree', 'TAKEN\t0.5\t2', 'leaf\t-9', 'TAKEN\t%d.5\t2' % CAPTION, 'leaf\t9', 'leaf\t-9']
SHINGLE = 4        # tokens
MIN_SITES = 4      # a word of a name must be on pages of this many sites
EASY = 5           # one of this many lines that are easy (not taken, not wanted, of little weight) is used for training
TREES = dict(max_iter=120, learning_rate=.08, max_leaf_nodes=24, min_samples_leaf=40, l2_regularization=5, max_features=.3,
             max_bins=64, random_state=1, early_stopping=False)
# Scripts without spaces between words count each character as a token.
UNSPACED = '\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff'
TOKEN = re.compile('[%s]|[^\\W%s]+' % (UNSPACED, UNSPACED))


def fold_spaces(text):
    return ' '.join(text.split())


class Page:
    """A page as the program line_features prints it, and what is known about it."""

    def __init__(self, truth):
        self.truth, self.id = truth, truth['id']
        self.site = truth.get('site') or truth.get('url') or truth['id']
        number = int(hashlib.md5(self.site.encode()).hexdigest(), 16)
        self.fold, self.odds_fold = number % FOLDS, number // FOLDS % ODDS_FOLDS
        self.nodes, self.lines, self.blocks = {}, [], []
        self.node, self.kind, self.taken, self.width, self.hopeless = [], [], [], [], []

    def add(self, row):
        sort, *cells = row.split('\t')
        if sort == 'N':
            self.nodes[int(cells[0])] = (int(cells[1]), frozenset(cells[3].split()))
        elif sort == 'B':
            self.blocks.append((int(cells[0]), cells[1]))
        elif sort == 'L':
            for column, cell in zip((self.node, self.kind, self.taken, self.width, self.hopeless), cells):
                column.append(int(cell))
            self.lines.append('\t'.join(cells[5:]))

    def finish(self):
        for name in ('node', 'kind', 'taken', 'width', 'hopeless'):
            setattr(self, name, numpy.array(getattr(self, name), dtype=int))
        self.wanted, self.known = label(self)
        self.weight = weigh(self)

    def contest(self):
        """The lines that the contest took as text."""
        return (self.taken > 0) & (self.taken != CAPTION + 1)


# ---------------------------------------------------------------- the program

HEADS = {'odds.tsv': 'Words in the names of elements, and the natural logarithm of the odds that text inside belongs to the article.',
         'lines.model': 'Decision trees that tell which lines of a page belong to its article; see stages/extract/line_model.h.'}


def table(name, rows):
    return '# %s\n# Made by tools/train_lines.py; see docs/extraction.md.\nrows\t%d\n%s\n' % (HEADS[name], len(rows), '\n'.join(rows))


def make_data(data, odds, scratch):
    """Return a data folder with these odds, and a model that keeps what the contest took."""
    folder = tempfile.mkdtemp(dir=scratch)
    shutil.copytree(data, folder, dirs_exist_ok=True)
    for name, rows in (('odds.tsv', odds), ('lines.model', CONTEST)):
        with open(os.path.join(folder, 'tables', 'extract', name), 'w', encoding='utf-8') as file:
            file.write(table(name, rows))
    return folder


def run_tool(tool, data, folder, truths, rows_path):
    """Return the output of the program for these pages. It writes the features to rows_path."""
    listing = ''.join('%s\t%s\n' % (os.path.join(folder, 'pages', t['id'] + '.html'), t.get('url') or '') for t in truths)
    done = subprocess.run([tool, data, rows_path], input=listing.encode(), stdout=subprocess.PIPE, check=True)
    return done.stdout.decode('utf-8', 'replace').split('\n')


def parse_output(output, truths):
    """Return the names of the features and the pages."""
    pages, names = [], output[0].split('\t')[1:]
    for row in output[1:]:
        if row.startswith('P\t'):
            pages.append(Page(truths[len(pages)]))
        elif row:
            pages[-1].add(row)
    for page in pages:
        page.finish()
    return names, pages


def read_features(rows_path, count, pages):
    rows = numpy.fromfile(rows_path, dtype=numpy.float32).reshape(-1, count)
    start = 0
    for page in pages:
        page.features = rows[start:start + len(page.lines)]
        start += len(page.lines)


# ---------------------------------------------------------------- labels

class Chain:
    """The heaviest chain of (line, start, end, weight) in which lines and positions in the text both increase, so that a line
    that the page also shows in a list beside the article is labelled only where the article has it."""
    SLACK = 6    # tokens by which a line may overlap the one before

    def __init__(self, matches):
        self.matches = sorted(matches)
        self.ends = sorted({m[2] for m in matches})
        self.tree = [(0, -1)] * (len(self.ends) + 1)    # maxima of prefixes (Fenwick)
        self.best, self.before = [0] * len(matches), [-1] * len(matches)

    def find(self, end):
        at, found = bisect.bisect_right(self.ends, end), (0, -1)
        while at > 0:
            found = max(found, self.tree[at], key=lambda x: x[0])
            at -= at & -at
        return found

    def set(self, end, value):
        at = bisect.bisect_left(self.ends, end) + 1
        while at < len(self.tree):
            self.tree[at] = max(self.tree[at], value, key=lambda x: x[0])
            at += at & -at

    def solve(self):
        start = 0
        while start < len(self.matches):
            stop = start
            while stop < len(self.matches) and self.matches[stop][0] == self.matches[start][0]:
                weight, self.before[stop] = self.find(self.matches[stop][1] + self.SLACK)
                self.best[stop] = weight + self.matches[stop][3]
                stop += 1
            for i in range(start, stop):
                self.set(self.matches[i][2], (self.best[i], i))
            start = stop
        at = max(range(len(self.matches)), key=lambda i: self.best[i]) if self.matches else -1
        while at >= 0:
            yield self.matches[at]
            at = self.before[at]


def find_matches(lines, text):
    """Yield (line, start, end, number of shingles, their share) for the places where a line may stand in the text."""
    index = collections.defaultdict(list)
    for i in range(len(text) - SHINGLE + 1):
        places = index[tuple(text[i:i + SHINGLE])]
        if len(places) < 50:
            places.append(i)
    for i, tokens in enumerate(lines):
        count = len(tokens) - SHINGLE + 1
        hits = [(j, index[key]) for j in range(count) if (key := tuple(tokens[j:j + SHINGLE])) in index]
        if not hits or len(hits) < count / 4:
            continue
        starts = sorted({place - j for j, places in (hits[0], hits[len(hits) // 2]) for place in places})
        for start in starts[:60]:
            near = sum(any(abs(place - j - start) <= 12 for place in places) for j, places in hits)
            if near >= count / 4:
                yield i, start, start + len(tokens), near, near / count


def add_short_lines(lines, text, spans, covered, shares):
    """Label lines of few tokens, such as headings, if the text has them between the lines around them."""
    anchors, at = sorted(spans.items()), 0
    for i, tokens in enumerate(lines):
        if i in spans:
            at = spans[i][1]
        elif tokens and len(tokens) < SHINGLE:
            following = bisect.bisect_right(anchors, (i, (math.inf, 0)))
            end = anchors[following][1][0] if following < len(anchors) else len(text)
            for place in range(max(0, at - 1), min(end + 1, len(text), at + 300) - len(tokens) + 1):
                if text[place:place + len(tokens)] == tokens and not covered[place:place + len(tokens)].any():
                    shares[i], at = 1, place + len(tokens)
                    covered[place:at] = True
                    break


def label_by_body(page, body):
    """Return the share of each line that is in the body."""
    text, lines = TOKEN.findall(body), [TOKEN.findall(line) for line in page.lines]
    shares, covered, spans = numpy.zeros(len(lines)), numpy.zeros(len(text) + 1, bool), {}
    matches = list(find_matches(lines, text))
    for i, start, end, _, share in Chain(matches).solve():
        shares[i], spans[i] = share, (start, end)
        covered[max(0, start):end] = True
    for i, start, end, _, share in sorted(matches, key=lambda m: -m[3]):    # text in another order than on the page
        place = covered[max(0, start):end]
        if i not in spans and not shares[i] and len(place) and place.mean() < .3:
            shares[i] = share
            covered[max(0, start):end] = True
    add_short_lines(lines, text, spans, covered, shares)
    return shares >= .5


def label(page):
    """Return, for each line, whether it belongs to the article, and whether that is known."""
    if page.truth.get('body'):
        return label_by_body(page, page.truth['body']), numpy.ones(len(page.lines), bool)
    good, bad = ([fold_spaces(text) for text in page.truth.get(name) or []] for name in ('with', 'without'))
    lines = [fold_spaces(line) for line in page.lines]
    wanted = numpy.array([any(text in line for text in good) for line in lines], bool)
    unwanted = numpy.array([any(text in line for text in bad) for line in lines], bool)
    return wanted, wanted | unwanted


def weigh(page):
    """A page has the same weight whatever its length. What is around a short article does not outweigh it without bounds."""
    if not page.truth.get('body'):
        return page.known * 300 / max(1, page.known.sum())
    body = max(300, page.width[page.wanted].sum())
    weight = numpy.minimum(page.width, 1500) / body
    around = weight[~page.wanted].sum()
    return weight * 1000 * min(1, 4 / max(around, 1e-9))


# ---------------------------------------------------------------- names

def count_words(pages):
    """Return {word: {site: (amount of text of articles, amount of other text)}}. Amounts are shares of the article's length,
    at most 1 a page, so that no site counts for more than another."""
    counts = collections.defaultdict(dict)
    pages = [p for p in pages if p.truth.get('body')]
    sites = collections.Counter(p.site for p in pages)
    for page in pages:
        above, amounts = {-1: frozenset()}, collections.defaultdict(lambda: [0, 0])
        for node in sorted(page.nodes):
            parent, words = page.nodes[node]
            above[node] = above.get(parent, frozenset()) | words
        for node, width, wanted in zip(page.node, page.width, page.wanted):
            for word in above[node]:
                amounts[word][not wanted] += width
        body = max(1, page.width[page.wanted].sum())
        for word, (inside, outside) in amounts.items():
            old = counts[word].get(page.site, (0, 0))
            counts[word][page.site] = tuple(o + min(1, n / body) / sites[page.site] for o, n in zip(old, (inside, outside)))
    return counts


def learn_odds(pages):
    """Return the rows of the table extract/odds.tsv, learned from these pages."""
    rows = []
    for word, sites in count_words(pages).items():
        if len(sites) < MIN_SITES or not 2 < len(word) < 60:
            continue
        inside, outside = (sum(amounts[i] for amounts in sites.values()) + .25 for i in (0, 1))
        odds = max(-3, min(3, math.log(inside / outside) * min(1, len(sites) / 4)))
        if abs(odds) >= .3:
            rows.append('%s\t%.2f' % (word, odds))
    return sorted(rows)


# ---------------------------------------------------------------- trees

def learn_trees(pages, seed=1):
    features = numpy.concatenate([p.features for p in pages])
    wanted = numpy.concatenate([p.wanted for p in pages])
    weight = numpy.concatenate([p.weight for p in pages])
    taken = numpy.concatenate([p.taken > 0 for p in pages])
    use = (weight > 0) & ~numpy.concatenate([p.hopeless > 0 for p in pages])
    easy = ~taken & ~wanted & (weight < 2)
    use &= ~easy | (numpy.random.default_rng(seed).random(len(easy)) < 1 / EASY)
    weight = numpy.where(easy, weight * EASY, weight)[use]
    return HistGradientBoostingClassifier(**TREES).fit(features[use], wanted[use], sample_weight=weight / weight.mean())


def judge(trees, page):
    if not len(page.lines):
        return numpy.zeros(0)
    return numpy.where(page.hopeless > 0, 0, trees.predict_proba(page.features)[:, 1])


def choose(page, probability, names):
    """Return which lines the program keeps."""
    if len(page.lines) < FEW_LINES or page.contest().sum() > MAX_LINES:
        return page.contest()
    refused, repeats = (page.features[:, names.index(name)] for name in ('REFUSED', 'REPEATED'))
    doubtful = (page.taken == 0) & ((refused > 0) | (repeats >= OFTEN_REPEATED))
    taken = page.contest() & (page.contest().sum() > MANY_LINES)
    return probability >= numpy.where(doubtful, CERTAIN, numpy.where(taken, POSSIBLE, LIKELY))


def write_tree(nodes, at, names):
    """Return the rows of a subtree, depth first."""
    node = nodes[at]
    if node['is_leaf']:
        return ['leaf\t%.4g' % node['value']]
    left, right = write_tree(nodes, node['left'], names), write_tree(nodes, node['right'], names)
    return ['%s\t%.7g\t%d' % (names[node['feature_idx']], node['num_threshold'], len(left) + 1)] + left + right


def write_trees(trees, names):
    """Return the rows of the table extract/lines.model."""
    rows = ['base\t%.6g' % trees._baseline_prediction.ravel()[0]]
    for iteration in trees._predictors:
        rows += ['tree'] + write_tree(iteration[0].nodes, 0, names)
    return rows


# ---------------------------------------------------------------- the whole

def read_truth(folder):
    with open(os.path.join(folder, 'ground-truth.jsonl'), encoding='utf-8') as file:
        return [json.loads(line) for line in file]


def read_pages(tool, data, folder, scratch):
    """Return the names of the features and the pages. The odds that a page's features rest on are learned from the pages of
    other sites, as they are for the pages that the model will meet."""
    truths, path = read_truth(folder), os.path.join(scratch, 'rows')
    names, pages = parse_output(run_tool(tool, make_data(data, NO_ODDS, scratch), folder, truths, path), truths)
    for fold in range(ODDS_FOLDS):
        odds = learn_odds([p for p in pages if p.odds_fold != fold])
        held = [p for p in pages if p.odds_fold == fold]
        run_tool(tool, make_data(data, odds, scratch), folder, [p.truth for p in held], path)
        read_features(path, len(names), held)
    return names, pages


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('pages')
    parser.add_argument('tool')
    parser.add_argument('--data', default=os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'config'))
    parser.add_argument('--write', action='store_true')
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        names, pages = read_pages(args.tool, args.data, args.pages, scratch)
    tables = {'odds.tsv': learn_odds(pages), 'lines.model': write_trees(learn_trees(pages), names)}
    same = True
    for name, rows in tables.items():
        text = table(name, rows)
        path = os.path.join(args.data, 'tables', 'extract', name)
        with open(path, encoding='utf-8') as file:
            same &= file.read() == text
        if args.write:
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text)
    sys.exit(0 if same or args.write else 1)


if __name__ == '__main__':
    main()
