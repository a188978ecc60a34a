"""The tests that the mutation test runs one by one: test programs, and every method of the tests in Python."""
import json
import os
import resource
import subprocess
import time

SKIPPED = 77
MEMORY, FILE = 6 << 30, 1 << 30              # bytes; a change may make the program grow without end
# A change may make the program kill whatever it may. In a namespace of its own that is nobody else; what is left over ends with it.
ALONE = ['unshare', *([] if os.geteuid() == 0 else ['--user', '--map-root-user']), '--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL',
         'sh', '-c', '"$@"; exit $?', 'sh']
LIST = '''import sys, unittest; sys.path.insert(0, sys.argv[1]); from run_file import load
def walk(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite): walk(test)
        else: print('.'.join(test.id().split('.')[-2:]))
walk(unittest.defaultTestLoader.loadTestsFromModule(load(sys.argv[2])))'''


class Test:
    def __init__(self, name, command, environment, files):
        self.name, self.command, self.environment, self.files = name, command, environment, files
        self.seconds = 60.0                  # until it is known; sets how long the test may take

    def run(self, folder, extra=None, sanitized=False):
        """Runs the test in `folder`. Returns its exit code, or -1 if it took far longer than on the unchanged program."""
        environment = {**os.environ, **self.environment, 'TMPDIR': folder, **(extra or {})}
        start = time.monotonic()
        process = subprocess.Popen(['nice', '-n', '19', *ALONE, *self.command], env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, preexec_fn=lambda: self.limit(sanitized))
        try:
            code = process.wait(60 + 20 * self.seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            code = -1
        self.took = time.monotonic() - start
        return code

    def limit(self, sanitized):
        seconds = int(20 + 10 * self.seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE, FILE))
        if not sanitized:
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def methods_of(tree, path, environment):
    done = subprocess.run(['/usr/bin/python3', '-B', '-c', LIST, os.path.join(tree, 'tests'), path], env={**os.environ, **environment}, capture_output=True, text=True)
    return done.stdout.split()


def find_tests(build, tree):
    """Returns every test of the build, those in Python method by method."""
    listed = json.loads(subprocess.run(['ctest', '--show-only=json-v1'], cwd=build.folder, capture_output=True, check=True).stdout)
    found = []
    for entry in listed['tests']:
        name, command = entry['name'], entry['command']
        environment = dict(pair.split('=', 1) for p in entry['properties'] if p['name'] == 'ENVIRONMENT' for pair in p['value'])
        if name.startswith('tree_'):
            continue
        if not command[0].endswith('python3'):
            found.append(Test(name, command, environment, [command[0]]))
            continue
        path = command[3]
        for method in methods_of(tree, path, environment):
            found.append(Test('%s %s' % (name, method), [*command[:4], method], environment, [path]))
    return found


