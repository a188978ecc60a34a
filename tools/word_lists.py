#!/usr/bin/env python3
"""Write <language>.words for tools/train_votes from the word lists of the Python package wordfreq (3.1.1; data: CC BY-SA 4.0).
Each line holds a word, a tab and its frequency per 10^9 words.

usage: word_lists.py FOLDER_OF_WORDFREQ_DATA OUTPUT_FOLDER

Requires the package msgpack. Lists that combine languages that have to be distinguished (Serbo-Croatian, Chinese) are left
out, as are those of Japanese and Korean, because identification does not split these languages into words."""
import gzip
import os
import sys
import unicodedata

import msgpack

MOST = 60000
LEFT_OUT = {'sh', 'zh', 'ja', 'ko'}
OTHER_CODE = {'fil': 'tl'}


def is_word(text):
    return any(unicodedata.category(c)[0] == 'L' for c in text) and not any(c.isdigit() for c in text)


def write_words(path, output):
    with gzip.open(path) as packed:
        bins = msgpack.load(packed, raw=False)[1:]
    words = ((word, round(10 ** (9 - i / 100))) for i, words in enumerate(bins) for word in words if is_word(word))
    with open(output, 'w', encoding='utf8') as out:
        for _, (word, count) in zip(range(MOST), words):
            out.write('%s\t%d\n' % (word, count))


def main(data, folder):
    for name in sorted(os.listdir(data)):
        size, _, code = name.removesuffix('.msgpack.gz').partition('_')
        larger = os.path.join(data, 'large_%s.msgpack.gz' % code)
        if size not in ('large', 'small') or code in LEFT_OUT or (size == 'small' and os.path.exists(larger)):
            continue
        write_words(os.path.join(data, name), os.path.join(folder, OTHER_CODE.get(code, code) + '.words'))


if __name__ == '__main__':
    main(*sys.argv[1:])
