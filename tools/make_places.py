#!/usr/bin/env python3
"""Write config/tables/check/places.txt: places that a text may name in lower case.

usage: make_places.py TABLE ENGLISH CLDR WORDFREQ > TABLE

TABLE is the current table, whose comment lines (source and licence) are kept. ENGLISH is english.txt, whose words are left out.
CLDR is the folder common/ of Unicode CLDR, which names the subdivisions of all countries and the cities of the time zones.
WORDFREQ is the data folder of the Python package wordfreq: a name that is also a common word of another language (manche, norte)
is left out. Requires msgpack."""
import os
import re
import sys
import unicodedata

from word_frequencies import frequencies, is_common

NAME = re.compile(r'<(?:subdivision type="[a-z0-9]+"|exemplarCity)[^>]*>([^<]+)<')
# Common words of other languages that is_common() does not tell: they are as frequent in English, as names.
LEFT_OUT = set("""abra alma arno barda bloke bono brest caldas chaco cocos faro fontana ganja gard gorje granada guerrero hama kano
komenda kozje kumi lacs laguna lara latina lija logar lori mara menges moulins nara nica planken poni radenci regina rieti rivas
rivera rosario saba sale salé samar semič sonora stip tabasco tarn tete tori trzin vargas žiri""".split())
ZONE = re.compile(r'/([A-Z][^\W\d]+)(?=[ "])')
WORD = re.compile(r'[^\W\d_]{4,}')


def without_marks(word):
    return ''.join(c for c in unicodedata.normalize('NFD', word) if not unicodedata.combining(c))


def names(folder):
    """Yield the names, with and without diacritics. Time zones whose city has no other name in English have only an identifier."""
    for path, pattern in ('subdivisions/en.xml', NAME), ('main/en.xml', NAME), ('bcp47/timezone.xml', ZONE):
        with open(os.path.join(folder, path), encoding='utf8') as file:
            for name in pattern.findall(file.read()):
                if WORD.fullmatch(name):
                    yield from (name.lower(), without_marks(name.lower()))


def main(table, english, cldr, wordfreq):
    with open(table, encoding='utf8') as file:
        head = [line for line in file if line.startswith('#')]
    with open(english, encoding='utf8') as file:
        words = {line.strip() for line in file}
    known = frequencies(wordfreq)
    chosen = {name for name in names(cldr) if name not in words | LEFT_OUT and not is_common(known.get(name, {}))}
    sys.stdout.reconfigure(encoding='utf8')
    sys.stdout.writelines(head)
    for word in sorted(chosen, key=lambda word: word.encode()):
        print(word)


if __name__ == '__main__':
    if len(sys.argv) != 5:
        sys.exit('usage: make_places.py TABLE ENGLISH CLDR WORDFREQ > TABLE')
    main(*sys.argv[1:])
