"""Drives Chromium over the pipe of its debugging protocol: keys, colour schemes, printing, and scripts in pages."""
import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

CHROMIUM = shutil.which('chromium')
KEYS = {'Tab': 9, 'Enter': 13, 'ArrowRight': 39, 'ArrowLeft': 37}


class Browser:
    def __init__(self):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        theirs_in, self.write_end = os.pipe()
        self.read_end, theirs_out = os.pipe()
        high = [fcntl.fcntl(fd, fcntl.F_DUPFD, 20) for fd in (theirs_in, theirs_out)]   # out of the way of 3 and 4

        def place():
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self.process = subprocess.Popen(
            [CHROMIUM, '--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--remote-debugging-pipe',
             '--user-data-dir=' + self.profile.name, 'about:blank'],
            preexec_fn=place, pass_fds=(3, 4), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for fd in (theirs_in, theirs_out, *high):
            os.close(fd)
        self.number, self.rest, self.events = 0, b'', []
        target = self.call('Target.createTarget', url='about:blank')['targetId']
        self.session = self.call('Target.attachToTarget', targetId=target, flatten=True)['sessionId']
        for method in 'Page.enable', 'Runtime.enable':
            self.do(method)

    def receive(self, deadline):
        while b'\0' not in self.rest:
            if not select.select([self.read_end], [], [], max(0, deadline - time.monotonic()))[0]:
                raise TimeoutError('the browser does not answer')
            part = os.read(self.read_end, 1 << 16)
            if not part:
                raise EOFError('the browser has ended')
            self.rest += part
        message, self.rest = self.rest.split(b'\0', 1)
        return json.loads(message)

    def call(self, method, session=None, **parameters):
        self.number += 1
        message = {'id': self.number, 'method': method, 'params': parameters}
        if session:
            message['sessionId'] = session
        data = json.dumps(message).encode() + b'\0'
        while data:
            data = data[os.write(self.write_end, data):]
        deadline = time.monotonic() + 120
        while True:
            answer = self.receive(deadline)
            if answer.get('id') == self.number:
                if 'error' in answer:
                    raise RuntimeError(answer['error']['message'])
                return answer['result']
            self.events.append(answer.get('method'))

    def do(self, method, **parameters):
        return self.call(method, self.session, **parameters)

    def open(self, path, width=1280, dark=False):
        """Loads a file in a window of this width. Scripts may be run in it in spite of its Content-Security-Policy."""
        self.do('Page.setBypassCSP', enabled=True)
        self.do('Emulation.setDeviceMetricsOverride', width=width, height=900, deviceScaleFactor=1, mobile=width < 500)
        self.do('Emulation.setEmulatedMedia', features=[{'name': 'prefers-color-scheme', 'value': 'dark' if dark else 'light'}])
        self.events.clear()
        self.do('Page.navigate', url='file://' + path)
        deadline = time.monotonic() + 60
        while 'Page.loadEventFired' not in self.events:
            self.events.append(self.receive(deadline).get('method'))

    def run(self, script):
        """Returns the value of an expression, which may be a promise, in the page."""
        result = self.do('Runtime.evaluate', expression=script, returnByValue=True, awaitPromise=True)
        if 'exceptionDetails' in result:
            raise RuntimeError(result['exceptionDetails']['exception'].get('description'))
        return result['result'].get('value')

    def press(self, key):
        for kind in 'rawKeyDown', 'keyUp':
            text = {'text': '\r'} if key == 'Enter' and kind == 'rawKeyDown' else {}
            self.do('Input.dispatchKeyEvent', type='keyDown' if text else kind, key=key, code=key, windowsVirtualKeyCode=KEYS[key], **text)

    def print(self):
        """Returns the page as a PDF."""
        return base64.b64decode(self.do('Page.printToPDF', preferCSSPageSize=True)['data'])

    def close(self):
        try:
            self.call('Browser.close')
        except (EOFError, TimeoutError, BrokenPipeError):
            self.process.kill()
        self.process.wait(30)
        os.close(self.read_end)
        os.close(self.write_end)
        self.profile.cleanup()
