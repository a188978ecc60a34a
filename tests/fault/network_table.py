"""What has to become of each fault of the network (hostile_faults.py), for pages, for lists (feeds and sitemaps) and for services."""
import collections

# page: 'waits' for its host, 'failed', or 'partial'; list: the source 'fails', is 'cut' (what was before is taken) or is 'read'.
# Requests are counted per run; `words` are regular expressions for what the user is told.
Row = collections.namedtuple('Row', 'page list page_requests list_requests service_requests page_words list_words service_words')

LOST = r'closed the connection in the middle of its reply: try again later'
NO_HTTP = r'did not send a valid HTTP reply: try again later, and check address and port'
UNPACKED = r'sent a compressed reply that cannot be decompressed: try again later'
HEADERS = r'sent more headers than a reply may have: try again later'
LARGE = r'the reply is larger than 1048576 bytes'
PART = r'^The page is cut off: the server sent only a part of it\.$'
AFTER = r'cannot be read after line 1; the 1 (item|address) before it was read'
AFTER_TWO = r'cannot be read after line 1; the 2 (items|addresses) before it were read'
MOVED = r'redirects are not followed: set url to the new address'
NO_JSON = r'but not with JSON: check url'
EMPTY = r'but the answer is empty'
CUT = r'but the answer is cut off'


def lost(words, service_requests=3):
    """The reply has not arrived: tried three times, then everything waits."""
    return Row('waits', 'fails', 3, 3, service_requests, words, words, words)


def unpacked():
    """A service is not asked for compressed replies, so what it sends is taken as it is."""
    return Row('waits', 'fails', 3, 3, 2, UNPACKED, UNPACKED, NO_JSON)


def bomb():
    return Row('failed', 'fails', 1, 1, 2, LARGE, LARGE, NO_JSON)


def told_once(words):
    return Row('waits', 'fails', 1, 1, 1, words, words, words)


def elsewhere(address):
    words = r'redirects to %s, which is not a valid http or https address' % address
    return Row('failed', 'fails', 1, 1, 1, words, words, MOVED)


def cut(list_words=AFTER, list_state='cut'):
    return Row('partial', list_state, 3, 1, 3, PART, list_words, CUT)


def no_text(page_words, list_words, service_words=NO_JSON, requests=2):
    return Row('failed', 'fails', 1, 1, requests, page_words, list_words, service_words)


def later(status, requests):
    page = r'^host \S+ answered %d \((too many requests|the server reported an error)\): later$' % status
    return Row('waits', 'fails', requests, requests, requests, page, page, r'answered %d \(the service (asks for fewer requests|has an internal error)\)' % status)


LOOP = Row('failed', 'fails', 6, 6, 1, 'redirects too many times', 'redirects too many times', MOVED)
TABLE = {
    'cut-length': lost(LOST), 'cut-chunk': lost(LOST), 'cut-chunks': lost(LOST), 'bad-chunks': lost(LOST), 'cut-headers': lost(LOST), 'length-twice': lost(LOST),
    'reset': lost(LOST), 'reset-headers': lost(LOST), 'reset-body': lost(LOST), 'reset-open': lost(LOST),
    'closed': lost(r'closed the connection without a reply: try again later, and check the port'),
    'garbage': lost(NO_HTTP), 'garbage-lines': lost(NO_HTTP), 'http-0.9': lost(NO_HTTP), 'other-protocol': lost(NO_HTTP), 'length-negative': lost(NO_HTTP),
    'length-words': lost(NO_HTTP),
    'cut-open': cut(), 'cut-open-late': cut(AFTER_TWO), 'length-short': cut(), 'length-huge': cut(),
    'cut-status': cut(), 'cut-range': cut(AFTER_TWO),
    'empty-open': Row('waits', 'fails', 3, 1, 2, r'sent only a part of the page: try again later', 'contains no text', EMPTY),
    'cut-gzip': Row('waits', 'fails', 3, 1, 2, r'sent only a part of the page, which has no text of the article: try again later', 'contains no text', EMPTY),
    'many-headers': told_once(HEADERS), 'huge-header': told_once(HEADERS), 'interim': told_once(HEADERS),
    'loop': LOOP, 'loop-growing': LOOP, 'to-file': elsewhere('file:///etc/hostname'), 'to-ftp': elsewhere('ftp://203.0.113.10/a'),
    'to-gopher': elsewhere('gopher://127.0.0.1:70/_GET'), 'to-script': elsewhere(r'javascript:alert\(1\)'), 'to-data': elsewhere('data:text/html,hola'),
    'to-nonsense': elsewhere(r'http://\[nonsense'),
    'gzip-bomb': bomb(), 'deflate-bomb': bomb(), 'br-bomb': bomb(), 'zstd-bomb': bomb(), 'nested-bomb': bomb(),
    'ten-encodings': unpacked(), 'unknown-encoding': unpacked(), 'damaged-gzip': unpacked(),
    'not-gzip': unpacked()._replace(service_requests=1, service_words=None),
    'image': no_text('the page is image/png, not text', 'is a PNG image, not text'),
    'executable': no_text('the page is application/x-executable, not text', 'is an ELF executable, not text'),
    'image-as-text': no_text('is a PNG image, not text', 'is a PNG image, not text'),
    'executable-as-text': no_text('is an ELF executable, not text', 'is an ELF executable, not text'),
    'text-as-image': Row('failed', 'read', 1, 1, 1, 'the page is image/png, not text', None, None),
    'zeros': no_text('no article text was found', 'is not a (feed|sitemap)'), 'empty': no_text('the page is empty', 'contains no text', EMPTY),
    'status-204': no_text('the page is empty', 'contains no text', EMPTY), 'status-999': no_text('answered 999', 'answered 999', 'answered 999', 1),
    '429-day': later(429, 1), '503-day': later(503, 1), '429-date': later(429, 1), '503-forever': later(503, 1), '503-nonsense': later(503, 3),
    '503-negative': later(503, 3), '500': later(500, 3),
}
