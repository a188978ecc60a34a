#!/usr/bin/env python3
"""Learn config/tables/segment/ends.tsv: where sentences end in languages that do not use full stops.

usage: learn_ends.py FOLDER > ends.tsv
       learn_ends.py --folds 5 FOLDER

FOLDER holds <language>.txt with one or a few sentences per line. The lines are shuffled and joined to paragraphs, once with a
space between them, as in news, and once without, as in text that has lost its spaces. For each of the two, a logistic
regression learns from the context of every place where a sentence may end: up to 8 characters before it, up to 12 characters
after it, and the length of the sentence so far. The most informative features (G2) are kept. Training is stochastic gradient
descent with AdaGrad steps.

Expressions that are common in news but missing from the text are added from ends_additions.tsv in this folder.

A line with several sentences counts as one sentence. The table therefore errs on the side of too few ends, and --folds, which
prints precision, recall and F1 on held-out lines, counts some correct ends as wrong. The same text always gives the same
table.
"""
import argparse
import collections
import hashlib
import math
import os
import random
import re
import sys
import unicodedata

HEADER = """\
# language	joint	side	tenths	texts, learned by tools/learn_ends.py: evidence for and against the end of a sentence
# joint: what separates sentences. side: bias, or enough (the threshold of the sum), or before or behind (where the text is),
# or length (the sentence has fewer bytes than this; 0: it is longer than all). tenths: the weight in tenths.
# In the texts, _ stands for a space, 0 for any digit, a for any ASCII letter and " for any quotation mark.
"""
QUOTES = frozenset('"“”„‟«»‹›″〝〞＂\'’‘‚′`')
BEFORE, BEHIND = 8, 12
LENGTHS = (45, 75, 120, 180, 270, 390, 540)  # bytes of UTF-8
SHORTEST_LINE, LINES, SHORTEST_SENTENCE = 20, 7, 60
# language: (joint, features to keep, passes over the text, epochs, decay, threshold of the sum)
LEARNED = {
    'lo': (('space', 3000, 3, 5, 1e-3, -1.5),),
    'th': (('space', 3000, 3, 5, 1e-3, -1.5), ('none', 5000, 2, 6, 1e-4, -1.2)),
}


def fold_character(character):
    if unicodedata.category(character) == 'Nd':
        return '0'
    if character.isascii() and character.isalpha():
        return 'a'
    if character in QUOTES:
        return '"'
    return character


def read_lines(path):
    with open(path, encoding='utf-8') as file:
        lines = [re.sub(r'\s+', ' ', line.strip()).rstrip('.') for line in file]
    return [line for line in lines if len(line) >= SHORTEST_LINE]


def paragraphs(lines, joint, seed):
    """Yield folded paragraphs of a few lines each, with the positions at which all lines but the last end."""
    order = lines[:]
    random.Random(seed).shuffle(order)
    for first in range(0, len(order) - LINES + 1, LINES):
        piece = order[first:first + LINES]
        ends, length = set(), 0
        for line in piece[:-1]:
            ends.add(length + len(line))
            length += len(line) + len(joint)
        yield ''.join(map(fold_character, joint.join(piece))), ends


def places(text, spaced):
    """Yield each position where a sentence may end, and the position where the next one would begin."""
    for i in range(1, len(text) - 1):
        if spaced and text[i] == ' ':
            yield i, i + 1
        elif not spaced and text[i] != ' ' and text[i - 1] != ' ' and unicodedata.category(text[i])[0] != 'M':
            yield i, i


def length_class(size):
    return next((limit for limit in LENGTHS if size < limit), 0)


def features(text, end, begin, size):
    found = [('before', text[end - n:end]) for n in range(1, min(BEFORE, end) + 1)]
    found += [('behind', text[begin:begin + n]) for n in range(1, min(BEHIND, len(text) - begin) + 1)]
    found.append(('length', str(length_class(size))))
    return found


def offsets(text):
    """Return the number of bytes before each character."""
    total, found = 0, [0]
    for character in text:
        total += len(character.encode())
        found.append(total)
    return found


def examples(lines, spaced, passes):
    for seed in range(1, passes + 1):
        for text, ends in paragraphs(lines, ' ' if spaced else '', seed):
            start, bytes_before = 0, offsets(text)
            for end, begin in places(text, spaced):
                yield features(text, end, begin, bytes_before[begin] - bytes_before[start]), end in ends
                if end in ends:
                    start = begin


def select(found, count):
    """Return the most informative features by the likelihood ratio G2."""
    seen, ended, total, ends = collections.Counter(), collections.Counter(), 0, 0
    for names, is_end in found:
        total, ends = total + 1, ends + is_end
        seen.update(names)
        if is_end:
            ended.update(names)
    rate = ends / total

    def worth(name):
        share = ended[name] / seen[name]
        value = ended[name] * math.log(share / rate) if share else 0
        return value + ((seen[name] - ended[name]) * math.log((1 - share) / (1 - rate)) if share < 1 else 0)

    usable = [name for name in seen if seen[name] >= 3 and (ended[name] >= 2 or seen[name] * rate > 3)]
    return set(sorted(usable, key=lambda name: (-worth(name), name))[:count])


def read_additions():
    """Return the weights of ends_additions.tsv by (language, joint), then by feature."""
    found = collections.defaultdict(dict)
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'ends_additions.tsv')
    with open(path, encoding='utf-8') as file:
        for line in file:
            if not line.startswith('#'):
                language, joint, side, tenths, texts = line.rstrip('\n').split('\t')
                for text in texts.split(' '):
                    found[language, joint][side, text.replace('_', ' ')] = int(tenths) / 10
    return found


def learn(language, lines, joint, *settings):
    weights, bias = train(lines, joint, *settings)
    for name, weight in read_additions()[language, joint].items():
        weights[name] = weights.get(name, 0) + weight
    return weights, bias


def train(lines, joint, count, passes, epochs, decay):
    found = list(examples(lines, joint == 'space', passes))
    chosen = select(found, count)
    found = [([name for name in names if name in chosen], is_end) for names, is_end in found]
    weights, steps, bias, order = dict.fromkeys(chosen, 0.0), dict.fromkeys(chosen, 0.01), -3.0, random.Random(1)
    for _ in range(epochs):
        order.shuffle(found)
        for names, is_end in found:
            total = bias + sum(weights[name] for name in names)
            error = 1 / (1 + math.exp(-max(-30.0, min(30.0, total)))) - is_end
            if abs(error) < 1e-3:
                continue
            bias -= 0.01 * error
            for name in names:
                slope = error + decay * weights[name]
                steps[name] += slope * slope
                weights[name] -= 0.2 * slope / math.sqrt(steps[name])
    return weights, bias


def print_weights(language, joint, weights, bias, threshold):
    print(f'{language}\t{joint}\tbias\t{round(bias * 10)}')
    print(f'{language}\t{joint}\tenough\t{round(threshold * 10)}')
    groups = collections.defaultdict(list)
    for (side, text), weight in weights.items():
        if round(weight * 10):
            groups[side, round(weight * 10)].append(text.replace(' ', '_'))
    for (side, tenths), texts in sorted(groups.items()):
        print(f'{language}\t{joint}\t{side}\t{tenths}\t' + ' '.join(sorted(texts)))


def cut(text, spaced, weights, bias, threshold):
    start, bytes_before, found = 0, offsets(text), set()
    for end, begin in places(text, spaced):
        size = bytes_before[begin] - bytes_before[start]
        if size >= SHORTEST_SENTENCE and bias + sum(
                weights.get(name, 0) for name in features(text, end, begin, size)) > threshold:
            start = begin
            found.add(end)
    return found


def judge(folder, folds):
    for language, joints in LEARNED.items():
        lines = read_lines(os.path.join(folder, language + '.txt'))
        fold_of = {line: hashlib.sha256(line.encode()).digest()[0] % folds for line in lines}
        for joint, *settings, threshold in joints:
            right = wrong = missed = 0
            for fold in range(folds):
                kept = [line for line in lines if fold_of[line] != fold]
                weights, bias = learn(language, kept, joint, *settings)
                left_out = [line for line in lines if fold_of[line] == fold]
                for text, ends in paragraphs(left_out, ' ' if joint == 'space' else '', 1):
                    found = cut(text, joint == 'space', weights, bias, threshold)
                    right, wrong, missed = right + len(found & ends), wrong + len(found - ends), missed + len(ends - found)
            print(f'{language} {joint}: P {right / (right + wrong):.3f} R {right / (right + missed):.3f} '
                  f'F1 {2 * right / (2 * right + wrong + missed):.3f}', flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--folds', metavar='N', type=int, help='print the quality on held-out lines by cross-validation with N folds, instead of the table')
    parser.add_argument('folder', metavar='FOLDER')
    arguments = parser.parse_args()
    if arguments.folds:
        return judge(arguments.folder, arguments.folds)
    print(HEADER, end='')
    for language, joints in LEARNED.items():
        lines = read_lines(os.path.join(arguments.folder, language + '.txt'))
        for joint, *settings, threshold in joints:
            weights, bias = learn(language, lines, joint, *settings)
            print_weights(language, joint, weights, bias, threshold)
    return 0


if __name__ == '__main__':
    sys.exit(main())
