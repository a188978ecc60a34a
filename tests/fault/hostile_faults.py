"""What can go wrong with an answer: each fault gets the headers' Content-Type and the body that would be right, and returns what a
Hostile server sends instead."""
import base64
import gzip
import random
import time
import zlib
from email.utils import formatdate

from hostile import answer, chunks, drip, endless, head, redirect, reset_after

# 64 MiB of spaces behind some text, by the encoders' best efforts; zstd's blocks of one repeated byte are written by hand.
BROTLI = base64.b64decode('z///f/ilQXh84LQgmgD2mA7AAWaqoTeiUOel+3/k//8//BIAcVgAoHv/z///f/glAOKwCED3/p/////wSwDEYQGA7v1/tAHglwCIwAIABA==')
ZSTD = b'\x28\xb5\x2f\xfd\x00\x58' + (b'\x02\x00\x10 ') * 511 + b'\x03\x00\x10 '
NONSENSE = random.Random(19).randbytes(3000)
PNG = b'\x89PNG\r\n\x1a\n' + NONSENSE
ELF = b'\x7fELF\x02\x01\x01' + bytes(9) + NONSENSE
DAY = 86400


def squeeze(data, bits):
    packer = zlib.compressobj(9, zlib.DEFLATED, bits)
    return packer.compress(data) + packer.flush()


def part(body, share=.6):
    """Returns the first part of the body, which ends in the middle of a word."""
    place = int(len(body) * share)
    while not body[place - 2:place + 1].isalpha():
        place -= 1
    return body[:place]


def interim(kind, body):
    def play(connection, _visit):
        for _ in range(2000):
            connection.sendall(b'HTTP/1.1 100 Continue\r\n\r\n' * 50)
        return answer(body, kind)
    return play


def plain(kind, **headers):
    return head(200, Content_Type=kind, **headers) + b'\r\n'


def encoded(data, encoding):
    return lambda kind, body: head(200, Content_Type=kind, Content_Encoding=encoding, Content_Length=len(data)) + b'\r\n' + data


def later(status, wait):
    return lambda kind, body: answer(b'later', 'text/plain', status, Retry_After=wait() if callable(wait) else wait)


BOMB = gzip.compress(b'<html>' + b' ' * (64 << 20), 9)
FAULTS = {
    'cut-length': lambda kind, body: head(200, Content_Type=kind, Content_Length=len(body)) + b'\r\n' + part(body),
    'cut-open': lambda kind, body: plain(kind) + part(body),
    'cut-open-late': lambda kind, body: plain(kind) + part(body, .95),
    'cut-chunk': lambda kind, body: plain(kind, Transfer_Encoding='chunked') + chunks(part(body)) + b'50\r\nabc',
    'cut-chunks': lambda kind, body: plain(kind, Transfer_Encoding='chunked') + chunks(part(body)),
    'bad-chunks': lambda kind, body: plain(kind, Transfer_Encoding='chunked') + b'zz\r\n' + part(body),
    'cut-gzip': lambda kind, body: plain(kind, Content_Encoding='gzip') + squeeze(body, 31)[:-200],
    'cut-headers': lambda kind, body: b'HTTP/1.1 200 OK\r\nContent-Type: ' + kind.encode() + b'\r\nX-Cut',
    'garbage': lambda kind, body: NONSENSE,
    'garbage-lines': lambda kind, body: b'\r\n'.join(NONSENSE[n:n + 40] for n in range(0, 2000, 40)),
    'http-0.9': lambda kind, body: body,
    'other-protocol': lambda kind, body: b'220 mail.example ESMTP\r\n',
    'closed': lambda kind, body: b'',
    'reset': lambda kind, body: reset_after(b''),
    'reset-headers': lambda kind, body: reset_after(b'HTTP/1.1 200 OK\r\nContent-Type: te'),
    'reset-body': lambda kind, body: reset_after(head(200, Content_Type=kind, Content_Length=len(body)) + b'\r\n' + part(body)),
    'reset-open': lambda kind, body: reset_after(plain(kind) + part(body)),
    'many-headers': lambda kind, body: head(200, Content_Type=kind, Content_Length=len(body)) + b''.join(b'X-%d: %s\r\n' % (n, b'a' * 200) for n in range(20000))
    + b'\r\n' + body,
    'huge-header': lambda kind, body: endless(b'HTTP/1.1 200 OK\r\nX: ', b'a' * 65536),
    'interim': interim,
    'loop': lambda kind, body: lambda connection, visit: redirect(visit.path),
    'loop-growing': lambda kind, body: lambda connection, visit: redirect(visit.path + 'x'),
    'to-file': lambda kind, body: redirect('file:///etc/hostname'),
    'to-ftp': lambda kind, body: redirect('ftp://203.0.113.10/a', 301),
    'to-gopher': lambda kind, body: redirect('gopher://127.0.0.1:70/_GET'),
    'to-script': lambda kind, body: redirect('javascript:alert(1)', 307),
    'to-data': lambda kind, body: redirect('data:text/html,hola'),
    'to-nonsense': lambda kind, body: redirect('http://[nonsense'),
    'gzip-bomb': encoded(BOMB, 'gzip'),
    'deflate-bomb': encoded(squeeze(b'<html>' + b' ' * (64 << 20), 15), 'deflate'),
    'br-bomb': encoded(BROTLI, 'br'),
    'zstd-bomb': encoded(ZSTD, 'zstd'),
    'nested-bomb': encoded(gzip.compress(BOMB), 'gzip, gzip'),
    'ten-encodings': encoded(b'x', ', '.join(['gzip'] * 10)),
    'unknown-encoding': encoded(b'x', 'rot13'),
    'damaged-gzip': lambda kind, body: encoded(squeeze(body, 31)[:40] + NONSENSE[:400], 'gzip')(kind, body),
    'not-gzip': lambda kind, body: encoded(body, 'gzip')(kind, body),
    'image': lambda kind, body: answer(PNG, 'image/png'),
    'executable': lambda kind, body: answer(ELF, 'application/x-executable'),
    'text-as-image': lambda kind, body: answer(body, 'image/png'),
    'image-as-text': lambda kind, body: answer(PNG, kind),
    'executable-as-text': lambda kind, body: answer(ELF, kind),
    'empty': lambda kind, body: answer(b'', kind),
    'zeros': lambda kind, body: answer(bytes(5000), kind),
    'length-negative': lambda kind, body: head(200, Content_Type=kind, Content_Length=-1) + b'\r\n' + body,
    'length-huge': lambda kind, body: head(200, Content_Type=kind, Content_Length='9' * 30) + b'\r\n' + part(body),
    'length-words': lambda kind, body: head(200, Content_Type=kind, Content_Length='many') + b'\r\n' + body,
    'length-twice': lambda kind, body: head(200, Content_Type=kind, Content_Length=20) + b'Content-Length: 4000\r\n\r\n' + body,
    'length-short': lambda kind, body: head(200, Content_Type=kind, Content_Length=len(part(body))) + b'\r\n' + body,
    'status-999': lambda kind, body: answer(body, kind, 999),
    'status-204': lambda kind, body: head(204) + b'\r\n',
    '429-day': later(429, DAY),
    '503-day': later(503, DAY),
    '429-date': later(429, lambda: formatdate(time.time() + DAY, usegmt=True)),
    '503-forever': later(503, '9' * 21),
    '503-nonsense': later(503, 'soon'),
    '503-negative': later(503, -5),
    '500': later(500, ''),
}
SLOW = {
    'hang': lambda kind, body: lambda connection, visit: time.sleep(100),
    'drip-headers': lambda kind, body: drip(b'HTTP/1.1 200 OK\r\nX-Slow: '),
    'drip-body': lambda kind, body: drip(plain(kind, Content_Length=100000) + part(body)),
}
