"""Word frequencies of the Python package wordfreq, for make_english.py and make_places.py. Requires msgpack."""
import collections
import glob
import gzip
import os

import msgpack

# In hundredths of a power of ten: a word is common in a language if it occurs there 10^3.8 times in 10^9 words, and 10^1.5 times
# as often as in English.
COMMON, RATIO = 380, 150


def frequencies(folder):
    """Return {word: {language: frequency as the logarithm in hundredths}}."""
    found = collections.defaultdict(dict)
    for path in glob.glob(os.path.join(folder, '*.msgpack.gz')):
        size, _, language = os.path.basename(path).removesuffix('.msgpack.gz').partition('_')
        larger = os.path.join(folder, 'large_%s.msgpack.gz' % language)
        if size not in ('large', 'small') or (size == 'small' and os.path.exists(larger)):
            continue
        with gzip.open(path) as packed:
            for place, words in enumerate(msgpack.load(packed, raw=False)[1:]):
                for word in words:
                    found[word][language] = 900 - place
    return found


def is_common(languages):
    """Return whether a word with these frequencies is a common word of another language and rare in English."""
    english = languages.get('en', 0)
    return any(f >= COMMON and f > english + RATIO for language, f in languages.items() if language != 'en')
