#!/usr/bin/env python3
"""Write <language>.words (a word, a tab, how often it was seen in 10^9) for tools/train_votes from the word lists of the
Python package wordfreq (3.1.1; its data are CC BY-SA 4.0).

usage: word_lists.py FOLDER_OF_WORDFREQ_DATA OUTPUT_FOLDER

Needs the package msgpack. Left out: the lists that join languages which are to be told apart (Serbo-Croatian, Chinese),
and Japanese and Korean, whose words are not parted by spaces."""
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
