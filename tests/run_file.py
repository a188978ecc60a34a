"""Runs one file of tests for ctest: run_file.py FILE [OPTION ...]. Exits with 77, which ctest reports as skipped, if a test was
skipped and none failed, and with 1 if a test failed or the file has no tests."""
import importlib.util
import os
import sys
import unittest

NOT_TESTED = 77


def load(path):
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    spec = importlib.util.spec_from_file_location(os.path.basename(path)[:-3], path)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main(path, *options):
    result = unittest.main(load(path), argv=[path, *options], exit=False).result
    if result.testsRun == 0 or not result.wasSuccessful():
        return 1
    return NOT_TESTED if result.skipped else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
