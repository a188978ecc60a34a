"""The program of a service of kind `command`: passes each line on to a fake service at the address in its argument, and does with
its own output what the service does with its answer. A status that is no success ends the program."""
import http.client
import json
import sys


def ask(line):
    """Returns the answer, and whether it was complete."""
    host, path = sys.argv[1].split('//')[1].split('/', 1)
    connection = http.client.HTTPConnection(host, timeout=60)
    connection.request('POST', '/' + path, line)
    answer = connection.getresponse()
    if answer.status >= 300:
        sys.exit('the service behind the program answered %d' % answer.status)
    try:
        return answer.read(), True
    except http.client.IncompleteRead as part:
        return part.partial, False


def with_id(body, number):
    """The service's messages for errors do not know the id."""
    try:
        answer = json.loads(body)
    except ValueError:
        return body
    return json.dumps(dict({'id': number}, **answer)).encode() if isinstance(answer, dict) else body


print('{"hello": "fake", "model": "m"}', flush=True)
for request in sys.stdin.buffer:
    body, complete = ask(request)
    sys.stdout.buffer.write(with_id(body, json.loads(request)['id']) + b'\n' if complete else body)
    sys.stdout.buffer.flush()
    if not complete:
        sys.exit(1)
