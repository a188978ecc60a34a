#!/usr/bin/env python3
"""Write config/tables/check/numbers.tsv: the number words that ICU generates from the Unicode CLDR's spellout rules.

usage: make_numbers.py ICU_FOLDER > config/tables/check/numbers.tsv

ICU_FOLDER holds libicudata.so.72, libicuuc.so.72 and libicui18n.so.72 (Debian's libicu72). ICU 72 has the data of CLDR 42.

The program that made the first table was not kept. This one was reconstructed from the table; the corrections below are the
places where the table differs from the rules."""
import collections
import ctypes
import os
import sys

HEADER = """\
# language	value	kind	words for the number in lower case, separated by spaces
# From all cardinal and ordinal spellout rules of Unicode CLDR 42 (ICU 72). Words with several values and numbers of more than
# one word are left out. Words that CLDR lacks (abbreviations, further inflected forms, further languages) are in
# more-numbers.tsv. © 1991-2022 Unicode, Inc., Unicode License V3 (unicode.org/license.txt).
"""
LANGUAGES = """af am ar az be bg bs ca cs cy da de el eo es et fa fi fil fo fr ga he hi hr hu hy id is it ka kk ky lb lt
lv mk ms mt nb ne nl nn pl pt ro ru sk sl sq sr-Cyrl sr-Latn sv sw ta th tr uk vi""".split()
ICU_NAMES = {'sr-Cyrl': 'sr', 'sr-Latn': 'sr_Latn'}
SCALES = {10**3: (1, 2), 10**6: (1, 2, 5), 10**7: (1,), 10**9: (1, 2, 5), 10**12: (1, 2, 5)}
VALUES = [*range(1, 21), *range(30, 100, 10), *range(100, 1000, 100), 10**3, 10**6, 10**9, 10**12]
# Languages whose numbers from 21 to 99 are not composed of other numbers. Thai writes large numbers as one word.
WHOLE = {language: range(21, 100) for language in ('fr', 'hi', 'ne')}
WHOLE['th'] = (2 * 10**3, 10**4, 10**5, 2 * 10**6, 5 * 10**6, 10**7, 10**8, 2 * 10**9, 5 * 10**9, 2 * 10**12, 5 * 10**12)
# Words that more often mean something else (new, you are, family, is, no), or that the first table did not have.
REMOVED = {('am', 10**9), ('am', 10**12), ('ta', 10**7), ('fr', 9), ('it', 6)}
REMOVED_WORDS = {('es', 10**6, 'millones'), ('ru', 7, 'семью'), ('ne', 6, 'छ'), ('fa', 9, 'نه')}
# Words that CLDR uses only in phrases of another form.
ADDED = {('fil', 10**3): 'libó', ('fil', 10**6): 'milyón', ('fil', 10**9): 'bilyón', ('fil', 10**12): 'trilyón',
         ('ga', 10**3): 'mhíle', ('ga', 10**6): 'mhilliún', ('hi', 10**12): 'खरब', ('ne', 10**12): 'खरब',
         ('hu', 10**8): 'egyszázmillió százmillió'}
SPELLOUT, DEFAULT_RULESET, PUBLIC_RULESETS = 5, 6, 7  # from enum UNumberFormatStyle and UNumberFormatTextAttribute


class Speller:
    def __init__(self, icu, language):
        self.icu, self.error = icu, ctypes.c_int(0)
        name = ICU_NAMES.get(language, language).encode()
        icu.unum_open_72.restype = ctypes.c_void_p
        self.format = ctypes.c_void_p(
            icu.unum_open_72(SPELLOUT, None, 0, name, None, ctypes.byref(self.error)))
        buffer = ctypes.create_string_buffer(40000)
        length = icu.unum_getTextAttribute_72(self.format, PUBLIC_RULESETS, buffer, 20000, ctypes.byref(self.error))
        self.rules = [rule for rule in self.text(buffer, length).split(';') if rule]

    def text(self, buffer, length):
        if self.error.value > 0:
            sys.exit(f'ICU reports error {self.error.value}')
        return buffer.raw[:2 * length].decode('utf-16-le')

    def spell(self, rule, value):
        name = rule.encode('utf-16-le') + b'\0\0'
        self.icu.unum_setTextAttribute_72(self.format, DEFAULT_RULESET, name, len(rule), ctypes.byref(self.error))
        buffer = ctypes.create_string_buffer(4000)
        length = self.icu.unum_formatInt64_72(self.format, ctypes.c_int64(value), buffer, 2000, None,
                                              ctypes.byref(self.error))
        return self.text(buffer, length).lower()


def words_of(speller, language):
    """Return the set of words for each (kind, value)."""
    found = collections.defaultdict(set)
    values = {*VALUES, *WHOLE.get(language, ())}
    units = {unit: {speller.spell(rule, unit) for rule in speller.rules} for unit in (1, 2, 5)}
    products = [(unit * scale, unit, scale) for scale, multiples in SCALES.items() for unit in multiples]
    for rule in (rule for rule in speller.rules if 'year' not in rule):
        kind = 'ordinal' if 'ordinal' in rule else 'cardinal'
        for value in values | {product for product, _, _ in products}:
            if kind == 'ordinal' and value > 100:
                continue
            words = speller.spell(rule, value).replace('\xad', '').replace('\u200b', '').split()
            if any(c.isdigit() for word in words for c in word):
                continue
            if len(words) == 1 and (value in values or value == 1):
                found[kind, value].add(words[0])
            elif kind == 'cardinal' and len(words) == 2:
                for product, unit, scale in products:
                    if value == product and words[0] in units[unit]:
                        found[kind, scale].add(words[1])
    return found


def rows_of(speller, language):
    found = words_of(speller, language)
    for value in range(1, 101):
        found['ordinal', value] -= found['cardinal', value]
    values = collections.defaultdict(set)
    for (_, value), words in found.items():
        for word in words:
            values[word].add(value)
    rows = {}
    for (kind, value), words in found.items():
        kept = {word for word in words if len(values[word]) == 1 and (language, value, word) not in REMOVED_WORDS}
        if kind == 'cardinal' and (value == 1 or (language, value) in REMOVED):
            continue
        rows[kind, value] = kept
    for (name, value), words in ADDED.items():
        if name == language:
            rows.setdefault(('cardinal', value), set()).update(words.split())
    return [(value, kind, words) for (kind, value), words in sorted(rows.items()) if words]


def main(folder):
    for name in ('libicudata.so.72', 'libicuuc.so.72', 'libicui18n.so.72'):
        icu = ctypes.CDLL(os.path.join(folder, name), mode=ctypes.RTLD_GLOBAL)
    sys.stdout.reconfigure(encoding='utf-8')
    rows = [(language, value, kind, ' '.join(sorted(words))) for language in LANGUAGES
            for value, kind, words in rows_of(Speller(icu, language), language)]
    sys.stdout.write(HEADER)
    print('rows', len(rows), sep='\t')  # so that the program notices when a part of the table is missing
    for row in rows:
        print(*row, sep='\t')


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit('usage: make_numbers.py ICU_FOLDER > config/tables/check/numbers.tsv')
    main(sys.argv[1])
