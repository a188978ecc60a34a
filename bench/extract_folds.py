#!/usr/bin/env python3
"""Measure how well the text of articles is found on pages of sites that the line model was not trained on.

usage: extract_folds.py PAGES TOOL [--without GROUP]... [--all-groups]

The pages (see tools/train_lines.py) are divided into five folds, so that no site is in two of them. The lines of each fold are
judged by a model that was trained on the other four. Printed are the contest's rules alone ("rules") and the model ("learned"),
by set and by language: F1 of the body, the number of pages whose own F1 is below .5 or .8, and, where parts of the text are
given, F1 of these parts.

F1 is that of scrapinghub/article-extraction-benchmark: sequences of four words, with precision and recall averaged over pages.
--without trains without a group of features; --all-groups prints one row for each group."""
import argparse
import collections
import os
import re
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, 'tools'))
import train_lines    # noqa: E402

# Names of features (stages/extract/line_features.h). Groups overlap.
GROUPS = {
    'odds of names': 'ODDS_.*',
    'meanings of names': 'IS_.*|RANK',
    'elements': 'KIND|TAG|PARENT_TAG|DEPTH|IN_(?!DESCRIPTION|KNOWN|TITLE|CONTAINER).*',
    'contest': '(?!PAGE).*TAKEN.*|PAGE_TAKEN.*|REFUSED|LEFT_OUT|CARD|IN_CONTAINER|CONTAINER_.*|FROM_FIRST|FROM_LAST',
    'text': 'ENDS|CLAUSES|DIGITS|CAPITALS|WORDS|SIGNS|QUESTION|COLON|PROSE|PHRASE|REPEATED',
    'place': 'ARTICLE|FROM_HEADLINE|WIDTH_FROM_HEADLINE|BEFORE.*|FROM_HEADING|HEADING_.*',
    'neighbours': '(PREVIOUS|NEXT|NEAR|WIDE|FAR)_.*',
    'lines of the same kind': 'GROUP_.*',
    'parents': '(PARENT|GRAND)_.*',
    'data of the page': 'IN_DESCRIPTION|IN_KNOWN|HAS_KNOWN|IN_TITLE',
    'page': 'PAGE_.*',
}
WORD = re.compile(r'\w+')


def shingles(text):
    words = WORD.findall(text)
    return collections.Counter(tuple(words[i:i + 4]) for i in range(max(1, len(words) - 3))) if words else collections.Counter()


class Score:
    def __init__(self):
        self.precision, self.recall, self.own, self.parts = [], [], [], [0, 0, 0]

    def add(self, truth, text):
        if truth.get('body'):
            wanted, found = shingles(truth['body']), shingles(text)
            both = (wanted & found).total()
            precision, recall = both / max(1, found.total()), both / wanted.total()
            if found:
                self.precision.append(precision)
            self.recall.append(recall)
            self.own.append(2 * precision * recall / (precision + recall) if both else 0)
        text, good = train_lines.fold_spaces(text), truth.get('with') or []
        hits = sum(train_lines.fold_spaces(part) in text for part in good)
        misses = sum(train_lines.fold_spaces(part) in text for part in truth.get('without') or [])
        self.parts = [a + b for a, b in zip(self.parts, (hits, misses, len(good) - hits))]

    def cells(self):
        cells = ['', '', '', '']
        if self.own:
            p, r = sum(self.precision) / max(1, len(self.precision)), sum(self.recall) / len(self.recall)
            cells[:3] = '%.4f' % (2 * p * r / (p + r)), sum(f < .5 for f in self.own), sum(f < .8 for f in self.own)
        hits, misses, lost = self.parts
        if hits + lost:
            cells[3] = '%.4f' % (2 * hits / (2 * hits + misses + lost))
        return cells


def is_from_data(page):
    """True if the program takes the text from the page's data: the lines do not matter then."""
    lines = set(page.lines)
    text = [block for kind, block in page.blocks if kind != train_lines.CAPTION]
    return sum(block not in lines for block in text) > len(text) / 2


def answers(page, wanted):
    if is_from_data(page):
        return '\n\n'.join(block for kind, block in page.blocks if kind != train_lines.CAPTION)
    return '\n\n'.join(line for line, keep in zip(page.lines, wanted) if keep)


def groups_of(page):
    language = page.truth.get('lang') or '?'
    return ['all', 'set ' + (page.truth.get('set') or '?'), 'English' if language == 'en' else 'not English', 'language ' + language]


def score(pages, choose):
    scores = collections.defaultdict(Score)
    for page in pages:
        text = answers(page, choose(page))
        for group in groups_of(page):
            scores[group].add(page.truth, text)
    return scores


def judge_folds(pages, names):
    """Set which lines are chosen."""
    for fold in range(train_lines.FOLDS):
        trees = train_lines.learn_trees([p for p in pages if p.fold != fold])
        for page in pages:
            if page.fold == fold:
                page.chosen = train_lines.choose(page, train_lines.judge(trees, page), names)


def without(pages, names, groups):
    """Set the features of these groups to 0."""
    columns = [i for i, name in enumerate(names) if any(re.fullmatch(GROUPS[group], name) for group in groups)]
    for page in pages:
        page.features = page.all_features.copy()
        page.features[:, columns] = 0


def learned(page):
    return page.chosen


def print_table(pages, rules, model):
    print('%-16s %5s  %7s %4s %4s %7s  %7s %4s %4s %7s' % ('', 'pages', 'rules', '<.5', '<.8', 'parts', 'learned', '<.5', '<.8', 'parts'))
    sizes = collections.Counter(group for page in pages for group in groups_of(page))
    for group in sorted(sizes, key=lambda g: (g.startswith(('set', 'language')), g.startswith('language'), -sizes[g])):
        print('%-16s %5d ' % (group, sizes[group]), '%7s %4s %4s %7s ' % tuple(rules[group].cells()), '%7s %4s %4s %7s' % tuple(model[group].cells()))


def print_groups(pages, names):
    print('\n%-24s %7s %7s %7s %4s' % ('without', 'all', 'not en', 'parts', '<.5'))
    for group in GROUPS:
        without(pages, names, [group])
        judge_folds(pages, names)
        model = score(pages, learned)
        row = model['all'].cells()
        print('%-24s %7s %7s %7s %4s' % (group, row[0], model['not English'].cells()[0], row[3], row[1]), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('pages')
    parser.add_argument('tool')
    parser.add_argument('--data', default=os.path.join(ROOT, 'config'))
    parser.add_argument('--without', action='append', default=[], choices=GROUPS)
    parser.add_argument('--all-groups', action='store_true')
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        names, pages = train_lines.read_pages(args.tool, args.data, args.pages, scratch)
    for page in pages:
        page.all_features = page.features
    without(pages, names, args.without)
    judge_folds(pages, names)
    print_table(pages, score(pages, train_lines.Page.contest), score(pages, learned))
    if args.all_groups:
        print_groups(pages, names)


if __name__ == '__main__':
    main()
