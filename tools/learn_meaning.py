#!/usr/bin/env python3
"""Learn config/tables/check/meaning.tsv: the weights by which stages/check/meaning.c judges translations.

usage: learn_meaning.py --tools BUILD/tools --folder FOLDER [--leave-out KINDS] PAIRS > meaning.tsv

PAIRS has the columns language, kind, document, source, English. Kinds: OK (good human translations), machine (good machine
translations: closer to the source, so they teach only what truncated and added ones look like), other (the English says something
else), truncated (part of the source is missing), added (part of the English is not in the source); a colon and any name may
follow. Pairs of other kinds are only counted: how many of them are flagged is printed on standard error. FOLDER is the training material of train_lexicon.

Everything is cross-fitted by document, since a lexicon knows the sentences that it was trained with: for each of four folds, a
lexicon is trained without the good pairs of its documents, and the evidence of its pairs is taken with that lexicon. The
thresholds are set by, and the figures are, scores of pairs that neither the lexicon nor the weights have seen. Needs numpy.
"""
import argparse
import collections
import hashlib
import os
import random
import subprocess
import sys
import tempfile

import numpy

FOLDS = 4
# These are the constants of stages/check/evidence.h and meaning_internal.h.
CLASSES, BANDS, MARKS, MAX_MARKS_APART = (37, 15), 14, 4, 2
OF_PAIR = 5     # features of the pair alone that need words
RELATIVES, MAX_RELATIVE, MAX_DEVIATION, USUAL_WORDS = 11, 6, 6, 3
FAULTS = ('other', 'truncated', 'added')
# Share of the good pairs of each language set that may be flagged for each fault: one budget, divided.
BUDGET = {'other': .0065, 'truncated': .0045, 'added': .0007}
SHRINK = 20     # good pairs that the spread of all languages counts as, next to those of a language
# Good pairs that the scores of all languages count as, next to those of a language, and how many spreads above their mean the
# scores of all languages are made equal.
OFFSET_SHRINK, OFFSET_SPREADS = 100, 1.5
EVENED = ('other', 'truncated') # faults for which this is done: too few good pairs have a score near the threshold of "added"
RIDGE = 3       # of the logistic regressions
GOOD_WEIGHT = 3 # of a good pair, next to a faulty one
# Names of pairs that lack, or have in addition, a whole sentence or half of the text: these must hardly ever be missed.
WHOLE, WHOLE_WEIGHT = ('truncated-sentence', 'truncated-half', 'added-sentence'), 6
MIN_EXPECTED, MAX_EXPECTED, MIN_WORDS = 12, 800, 4
HEADER = """\
# kind	what	values
# Weights for judging the meaning of translations, learned by tools/learn_meaning.py; stages/check/meaning.c explains them.
# english, source: class of a word, and its weight in each band. normal: language, mean and spread of the relative features in
# good translations, and for each fault how much higher they score than those of other languages. fault: name, and the weights of the features where the lexicon knows the language, and where it does not.
"""


def fold_of(document):
    return int(hashlib.sha1(('meaning ' + document).encode()).hexdigest(), 16) % FOLDS


class Pair:
    def __init__(self, line):
        self.language, self.name, self.document, self.source, self.english = line.rstrip('\n').split('\t')
        self.kind = self.name.split(':')[0]
        self.fold = fold_of(self.document)

    def read(self, line):
        """Take the evidence as tools/meaning_evidence.c prints it."""
        head, english = line.split(' e', 1)
        english, source = english.split(' s', 1)
        values = [float(value) for value in head.split()]
        self.has_words, self.length, self.deviation, self.expected, self.sentences, self.cut, self.open = values[:7]
        self.marks = list(zip(values[7::2], values[8::2], strict=True))
        self.words = [numpy.array(side.split(), int) for side in (english, source)]


def add_pairs(pairs):
    """Make pairs with an addition: half of the English of another document follows, as a clause."""
    generator = random.Random(1)
    good = collections.defaultdict(list)
    for pair in pairs:
        if pair.kind == 'OK':
            good[pair.language].append(pair)
    made = []
    for language, items in sorted(good.items()):
        for pair in items:
            other = generator.choice(items)
            words = other.english.split()
            if other.document == pair.document or len(words) < 8:
                continue
            clause = ' '.join(words[len(words) // 2:]).rstrip('.')
            made.append(Pair('\t'.join((language, 'added', pair.document, pair.source,
                                        '%s, %s.' % (pair.english.rstrip('. '), clause)))))
    return pairs + made


# ---------------------------------------------------------------- evidence

def train(options, pairs, fold, path):
    """Train a lexicon with the good pairs of all documents but those of a fold."""
    with tempfile.NamedTemporaryFile('w', encoding='utf-8') as file:
        for pair in pairs:
            if pair.kind == 'OK' and pair.fold != fold:
                file.write('\t'.join((pair.language.split('-')[0], '3', pair.source, pair.english)) + '\n')
        file.flush()
        subprocess.run([os.path.join(options.tools, 'train_lexicon'), '--data', options.data, '--leave-out', options.leave_out,
                        options.folder, file.name, path], check=True)


def link_but(source, folder, but):
    """Make a folder with links to everything in another one but one name. Returns the path of this name."""
    os.makedirs(folder)
    for name in os.listdir(source):
        if name != but:
            os.symlink(os.path.abspath(os.path.join(source, name)), os.path.join(folder, name))
    return os.path.join(folder, but)


def data_folder(options, folder, model):
    """A data folder like the product's, but with another lexicon."""
    tables = link_but(options.data, folder, 'tables')
    os.symlink(model, link_but(os.path.join(options.data, 'tables'), tables, 'lexicon.model'))


def evidence_folder(options, folder, model):
    """The same with a meaning.tsv of zeros. The program refuses one that has fewer weights than it needs, so that evidence could
    not be taken after a feature was added."""
    tables = link_but(options.data, folder, 'tables')
    check = link_but(os.path.join(options.data, 'tables'), tables, 'check')
    os.remove(os.path.join(tables, 'lexicon.model'))
    os.symlink(model, os.path.join(tables, 'lexicon.model'))
    path = link_but(os.path.join(options.data, 'tables', 'check'), check, 'meaning.tsv')
    with open(path, 'w', encoding='utf-8') as file:
        write(blank_model(), {}, {fault: (0, 0) for fault in FAULTS}, file)


def read_evidence(options, pairs, fold):
    with tempfile.TemporaryDirectory() as folder:
        model = os.path.join(folder, 'model')
        train(options, pairs, fold, model)
        data = os.path.join(folder, 'data')
        evidence_folder(options, data, model)
        mine = [pair for pair in pairs if pair.fold == fold]
        lines = ''.join('%s\t%s\t%s\n' % (pair.language, pair.source, pair.english) for pair in mine)
        out = subprocess.run([os.path.join(options.tools, 'meaning_evidence'), data], input=lines, stdout=subprocess.PIPE, check=True,
                             encoding='utf-8').stdout.splitlines()
        for pair, line in zip(mine, out, strict=True):
            pair.read(line)


# ---------------------------------------------------------------- weights of words

def learn_words(pairs):
    """Weight of each class and band on either side: log of its share in good pairs over its share beside another sentence."""
    counts = [numpy.zeros((2, classes, BANDS)) for classes in CLASSES]
    for pair in pairs:
        if pair.kind not in ('OK', 'other') or not pair.has_words:
            continue
        for side in (0, 1):
            numpy.add.at(counts[side][int(pair.kind == 'other')], (pair.words[side] // BANDS, pair.words[side] % BANDS), 1)
    shares = [(of_side + 1) / (of_side.sum(2, keepdims=True) + 10) for of_side in counts]
    return [numpy.round(numpy.log(of_side[0] / of_side[1]), 2) for of_side in shares]


def worst_run(weights):
    run = worst = 0
    for weight in weights:
        run = min(0, run + weight)
        worst = min(worst, run)
    return worst


def worst_third(weights):
    count = len(weights)
    parts = [weights[count * third // 3:count * (third + 1) // 3] for third in range(3)]
    return min(part.mean() if len(part) else 0 for part in parts)


def relatives(pair, words):
    """The features that are judged relative to the language, in the order of meaning.c."""
    sides = [words[side][pair.words[side] // BANDS, pair.words[side] % BANDS] for side in (0, 1)]
    values = []
    for side in sides:
        values += [side.sum() / numpy.sqrt(len(side) + 1), side.sum() / (len(side) + 1), worst_run(side)]
    return values + [pair.length] + [worst_third(side) for side in sides] + [worst_run(side - side.mean()) for side in sides]


def learn_normal(pairs):
    """Mean and spread of the relative features in the good pairs of each language, of its base language, and of all ("*")."""
    groups = collections.defaultdict(list)
    for pair in pairs:
        if pair.kind == 'OK' and pair.has_words:
            for code in {pair.language, pair.language.split('-')[0]}:
                groups[code].append(pair.relatives)
            groups['*'].append(pair.relatives)
    everything = numpy.array(groups.pop('*'))
    around = sum(((numpy.array(values) - numpy.mean(values, 0)) ** 2).sum(0) for values in groups.values())
    around = around / sum(len(values) for values in groups.values())
    normal = {}
    for code, values in sorted(groups.items()):
        values = numpy.array(values)
        square = ((values - values.mean(0)) ** 2).sum(0) + SHRINK * around
        normal[code] = (numpy.round(values.mean(0), 3), numpy.round(numpy.sqrt(square / (len(values) + SHRINK)), 3))
    normal['*'] = (numpy.round(everything.mean(0), 3), numpy.round(everything.std(0), 3))
    return normal


# ---------------------------------------------------------------- features and regressions

def mark_features(pair):
    row = []
    for source, english in pair.marks:
        more = max(-MAX_MARKS_APART, min(MAX_MARKS_APART, numpy.log((english + 1) / (source + 1))))
        row += [max(0, more), max(0, -more), numpy.log(min(source, english) + 1)]
    return row


def features(pair, normal, with_words=True):
    row = []
    with_words = with_words and pair.has_words
    if with_words:
        mean, spread = normal.get(pair.language) or normal.get(pair.language.split('-')[0]) or normal['*']
        relative = numpy.clip((numpy.array(pair.relatives) - mean) / spread, -MAX_RELATIVE, MAX_RELATIVE)
        row = list(relative) + [numpy.log(len(pair.words[0]) + 1) - USUAL_WORDS, pair.relatives[1], pair.relatives[4],
                                relative[1] * relative[4], min(relative[1], relative[4])]
    else:
        row = [0] * (RELATIVES + OF_PAIR)
    deviation = row[6] if with_words else max(-MAX_DEVIATION, min(MAX_DEVIATION, pair.deviation))
    short, long = max(0, -deviation), max(0, deviation)
    fewer, more = max(0, min(2, -pair.sentences)), max(0, min(2, pair.sentences))
    english_third, source_third = max(0, -row[7]), max(0, -row[8])
    return row + [fewer * source_third, more * english_third, short * source_third, long * english_third, short, short ** 2,
                  long, long ** 2, fewer, more, pair.cut, pair.cut * pair.open, fewer * short, more * long, pair.cut * short,
                  numpy.log(min(pair.expected, MAX_EXPECTED) + 1)] + mark_features(pair) + [1]


def regress(rows, wanted, weights):
    """Logistic regression with a ridge, by Newton's method. The last column is the constant."""
    spread = rows.std(0)
    spread[spread == 0] = 1
    scaled = rows / spread
    ridge = numpy.full(rows.shape[1], RIDGE)
    ridge[-1] = 1e-6
    solution = numpy.zeros(rows.shape[1])
    for _ in range(25):
        chance = 1 / (1 + numpy.exp(-numpy.clip(scaled @ solution, -30, 30)))
        gradient = scaled.T @ (weights * (wanted - chance)) - ridge * solution
        curvature = (scaled * (weights * chance * (1 - chance))[:, None]).T @ scaled + numpy.diag(ridge)
        solution = solution + numpy.linalg.solve(curvature, gradient)
    return solution / spread


def learn_fault(pairs, rows, fault, with_words):
    kinds = ('OK', 'machine', fault) if fault != 'other' else ('OK', fault)
    chosen = [i for i, pair in enumerate(pairs) if pair.kind in kinds and pair.expected >= MIN_EXPECTED and
              (pair.has_words or not with_words)]
    wanted = numpy.array([pairs[i].kind == fault for i in chosen], float)
    matrix = rows[with_words][chosen]
    if fault == 'added':  # most of the faulty pairs are made of another sentence, and would only teach that it has its own marks
        matrix[:, -1 - 3 * MARKS:-1] = 0
    weights = [WHOLE_WEIGHT if pair.name.split(':')[-1] in WHOLE else 1 if pair.kind == fault else GOOD_WEIGHT
               for pair in (pairs[i] for i in chosen)]
    return regress(matrix, wanted, numpy.array(weights, float))


def learn(pairs):
    words = learn_words(pairs)
    for pair in pairs:
        pair.relatives = relatives(pair, words) if pair.has_words else None
    normal = learn_normal(pairs)
    rows = [numpy.array([features(pair, normal, with_words) for pair in pairs]) for with_words in (False, True)]
    weights = {fault: [learn_fault(pairs, rows, fault, with_words) for with_words in (True, False)] for fault in FAULTS}
    return words, normal, weights


def scores(pairs, model):
    """Scores of pairs for each fault: with words, and as if the lexicon did not know the language."""
    words, normal, weights = model
    for pair in pairs:
        pair.relatives = relatives(pair, words) if pair.has_words else None
    rows, bare = (numpy.array([features(pair, normal, with_words) for pair in pairs]) for with_words in (True, False))
    return {fault: (rows @ weights[fault][0], bare @ weights[fault][1]) for fault in FAULTS}


# ---------------------------------------------------------------- thresholds and figures

def thresholds(pairs, scored):
    """The scores above which the budget's share of the good pairs lies, for both sets of weights."""
    good = [i for i, pair in enumerate(pairs) if pair.kind == 'OK' and pair.expected >= MIN_EXPECTED]
    return {fault: [numpy.quantile(scored[fault][kind][good], 1 - BUDGET[fault]) for kind in (0, 1)] for fault in FAULTS}


def learn_offsets(pairs, scored):
    """For each language, how much higher its good pairs score than those of all languages. Without this, most of the false alarms
    would be those of a few languages."""
    good = [i for i, pair in enumerate(pairs) if pair.kind == 'OK' and pair.has_words]
    groups = collections.defaultdict(list)
    for i in good:
        for code in {pairs[i].language, pairs[i].language.split('-')[0]}:
            groups[code].append(i)
    offsets = {code: [] for code in groups}
    for fault in EVENED:
        scores_of_all = scored[fault][0]
        mean, spread = scores_of_all[good].mean(), scores_of_all[good].std()
        for code, members in groups.items():
            values, count = scores_of_all[members], len(members) + OFFSET_SHRINK
            own = (values.sum() + OFFSET_SHRINK * mean) / count
            square = (((values - own) ** 2).sum() + OFFSET_SHRINK * spread ** 2) / count
            offsets[code].append(round(own + OFFSET_SPREADS * square ** 0.5 - mean - OFFSET_SPREADS * spread, 3))
    return {code: values + [0] * (len(FAULTS) - len(EVENED)) for code, values in offsets.items()}


def offset_of(offsets, language, fault):
    found = offsets.get(language) or offsets.get(language.split('-')[0]) or [0] * len(FAULTS)
    return found[FAULTS.index(fault)]


def even_out(pairs, scored):
    """Take the offsets off the scores. For each fold, they are learned from the others."""
    even = {fault: [numpy.array(values) for values in both] for fault, both in scored.items()}
    for fold in range(FOLDS):
        others = [i for i, pair in enumerate(pairs) if pair.fold != fold]
        offsets = learn_offsets([pairs[i] for i in others], {fault: [scored[fault][0][others]] for fault in FAULTS})
        for i, pair in enumerate(pairs):
            for fault in FAULTS if pair.fold == fold and pair.has_words else ():
                even[fault][0][i] -= offset_of(offsets, pair.language, fault)
    return even


def report(pairs, scored, limits):
    counts = collections.defaultdict(lambda: numpy.zeros(5))
    languages = collections.defaultdict(lambda: numpy.zeros(2))
    for i, pair in enumerate(pairs):
        over = [scored[fault][0][i] > limits[fault][0] and pair.expected >= MIN_EXPECTED and
                (fault != 'other' or len(pair.words[0]) >= MIN_WORDS) for fault in FAULTS]
        bare = any(scored[fault][1][i] > limits[fault][1] and pair.expected >= MIN_EXPECTED for fault in FAULTS)
        counts[pair.name] += [1, any(over), over[0], over[1], bare]
        if pair.kind == 'OK':
            languages[pair.language] += [1, any(over)]
    for name, (count, *hits) in sorted(counts.items()):
        print('%-20s %6d  flagged %.4f  other %.4f  truncated %.4f  without words %.4f' % (name, count, *(hit / count for hit in hits)),
              file=sys.stderr)
    worst = sorted(((hits / count, code) for code, (count, hits) in languages.items()), reverse=True)[:8]
    print('most false alarms: ' + ', '.join('%s %.3f' % (code, share) for share, code in worst), file=sys.stderr)


def blank_model():
    """A model of the right shape without any knowledge."""
    pair = Pair('\t' * 4)
    pair.read(' '.join(['0'] * (7 + 2 * MARKS)) + ' e s')
    count = len(features(pair, {}))
    return ([numpy.zeros((classes, BANDS)) for classes in CLASSES], {'*': (numpy.zeros(RELATIVES), numpy.ones(RELATIVES))},
            {fault: [numpy.zeros(count), numpy.zeros(count)] for fault in FAULTS})


def write(model, offsets, limits, file):
    words, normal, weights = model
    numbers = lambda values: ' '.join('%g' % value for value in values)
    print(HEADER, end='', file=file)
    for side, name in enumerate(('english', 'source')):
        for index in range(CLASSES[side]):
            print('%s\t%d\t%s' % (name, index, numbers(words[side][index])), file=file)
    for code, (mean, spread) in normal.items():
        offset = offsets.get(code) or [0] * len(FAULTS)
        print('normal\t%s\t%s\t%s\t%s' % (code, numbers(mean), numbers(spread), numbers(offset)), file=file)
    for fault in FAULTS:
        for kind in (0, 1):
            weights[fault][kind][-1] -= limits[fault][kind]
        print('fault\t%s\t%s' % (fault, '\t'.join(numbers(numpy.round(values, 4)) for values in weights[fault])), file=file)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--tools', required=True)
    parser.add_argument('--folder', required=True)
    parser.add_argument('--data', default='config')
    parser.add_argument('--leave-out', default='')
    parser.add_argument('pairs')
    options = parser.parse_args()
    with open(options.pairs, encoding='utf-8') as file:
        pairs = [Pair(line) for line in file]
    pairs = add_pairs(pairs)
    for fold in range(FOLDS):
        read_evidence(options, pairs, fold)
    out = {fault: [numpy.zeros(len(pairs)), numpy.zeros(len(pairs))] for fault in FAULTS}
    for fold in range(FOLDS):
        model = learn([pair for pair in pairs if pair.fold != fold])
        mine = [i for i, pair in enumerate(pairs) if pair.fold == fold]
        for fault, both in scores([pairs[i] for i in mine], model).items():
            for kind in (0, 1):
                out[fault][kind][mine] = both[kind]
    even = even_out(pairs, out)
    limits = thresholds(pairs, even)
    report(pairs, even, limits)
    write(learn(pairs), learn_offsets(pairs, out), limits, sys.stdout)


if __name__ == '__main__':
    main()
