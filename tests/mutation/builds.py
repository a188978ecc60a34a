"""Builds of a copy of the sources for the mutation test. The code under test is a shared library there, so that a change needs
one compilation and one linking, whatever tests are run afterwards."""
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess

PLAIN = ['-DCMAKE_C_FLAGS_DEBUG=-O1 -ftrivial-auto-var-init=zero']
CHECKED = ['-DCMAKE_C_FLAGS_DEBUG=-O1', '-DDRAGOMAN_SANITIZE=address,undefined']
# Mistakes that the project's own build refuses, and no change is meant to make.
REFUSED = ['-Werror=incompatible-pointer-types', '-Werror=int-conversion', '-Werror=implicit-function-declaration', '-Werror=format', '-Werror=return-type']


def copy_tree(root, tree):
    """Copies the files that git knows, or that are new, and removes what is gone. Leaves equal files alone, so that little is built anew."""
    listed = subprocess.run(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], cwd=root, capture_output=True, check=True).stdout
    wanted = {os.fsdecode(name) for name in listed.split(b'\0') if name and os.path.isfile(os.path.join(os.fsencode(root), name))}
    for name in wanted:
        old, new = os.path.join(root, name), os.path.join(tree, name)
        with open(old, 'rb') as f:
            data = f.read()
        if not os.path.exists(new) or open(new, 'rb').read() != data:
            os.makedirs(os.path.dirname(new), exist_ok=True)
            shutil.copy(old, new)
    for folder, _, names in os.walk(tree):
        for name in names:
            if os.path.relpath(os.path.join(folder, name), tree) not in wanted and '__pycache__' not in folder:
                os.remove(os.path.join(folder, name))


def hash_of(tree, wanted):
    """Returns a hash of the files below `tree` whose names `wanted` accepts."""
    whole = hashlib.sha256()
    for folder, folders, names in os.walk(tree):
        folders.sort()
        for name in sorted(names):
            path = os.path.relpath(os.path.join(folder, name), tree)
            if wanted(path):
                with open(os.path.join(tree, path), 'rb') as f:
                    whole.update(path.encode() + b'\0' + hashlib.sha256(f.read()).digest())
    return whole.hexdigest()


class Build:
    def __init__(self, tree, folder, options, jobs):
        self.tree, self.folder, self.library = tree, folder, os.path.join(folder, 'libdragoman_core.so')
        self.environment = dict(os.environ, CCACHE_DISABLE='1')
        subprocess.run(['cmake', '-S', tree, '-B', folder, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Debug', '-DBUILD_SHARED_LIBS=ON',
                        '-DCMAKE_LINK_DEPENDS_NO_SHARED=ON', '-DCMAKE_POSITION_INDEPENDENT_CODE=ON', *options], check=True, stdout=subprocess.DEVNULL)
        if os.path.exists(self.library):
            os.remove(self.library)          # may have been made of changed sources by a run that was ended
        done = subprocess.run(['nice', '-n', '19', 'ninja', '-C', folder, '-j', str(jobs)], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stdout[-3000:])
        with open(os.path.join(folder, 'compile_commands.json'), encoding='utf8') as f:
            self.commands = {os.path.relpath(c['file'], tree): c for c in json.load(f) if '/dragoman_core.dir/' in c['command']}
        listed = subprocess.run(['ninja', '-C', folder, '-t', 'commands', os.path.basename(self.library)], capture_output=True, text=True, check=True).stdout
        self.link = listed.strip().split('\n')[-1]

    def object_of(self, path):
        return os.path.join(self.folder, re.search(r' -o (\S+)', self.commands[path]['command']).group(1))

    def compile(self, path, output, extra=()):
        """Compiles a source as it is in the tree now. Returns whether the compiler accepts it."""
        words = shlex.split(self.commands[path]['command'])
        words = words[1:] if os.path.basename(words[0]) == 'ccache' else words
        words[words.index('-o') + 1] = output
        return subprocess.run([*words, *extra], cwd=self.folder, env=self.environment, capture_output=True).returncode == 0

    def write(self, path, text, stamp=None):
        """Writes a source, and returns the time of its last change before, with which it is as if nothing had happened."""
        place = os.path.join(self.tree, path)
        before = os.stat(place).st_mtime_ns
        with open(place, 'w', encoding='utf8', newline='') as f:
            f.write(text)
        if stamp:
            os.utime(place, ns=(stamp, stamp))
        return before

    def optimized(self, path):
        """Returns what the compiler makes of a source with -O2, or None if it refuses it."""
        output = os.path.join(self.folder, 'optimized.o')
        accepted = self.compile(path, output, ['-O2', '-g0', '-fno-PIC', '-fno-sanitize=all', *REFUSED])
        return open(output, 'rb').read() if accepted else None

    def change(self, path):
        """Makes the library with a source as it is in the tree now. Returns whether it could be made."""
        place = self.object_of(path)
        shutil.copy(place, place + '.kept')
        made = self.compile(path, place, REFUSED) and subprocess.run(self.link, shell=True, cwd=self.folder, capture_output=True).returncode == 0
        os.replace(place + '.kept', place)
        return made

    def restore(self):
        """Makes the library of the unchanged sources again."""
        subprocess.run(self.link, shell=True, cwd=self.folder, check=True, capture_output=True)
