#!/usr/bin/env python3
"""golden.py PROGRAM — what the program prints, word for word, in both languages: each NAME.in beside this file holds
commands, and NAME.ref what they gave (standard output, then error, then the exit status). UPDATE=1 writes the .ref
files anew: read the difference before committing it. A line of a .in file is
    $ WORDS…      runs truce WORDS… (with the shell's quoting); "| TEXT" at its end gives TEXT as standard input
    case NAME     loads a worked case as the scenario's register, in place of the one before
All scenarios run in a folder of their own, with TRUCE_DIR naming the register there."""
import difflib
import glob
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.abspath(sys.argv[1])
LANGUAGES = ("en", "ar")


def run(words, folder, language, stdin):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "TRUCE"))}
    environment.update(TRUCE_DIR="register", LC_ALL="ar_SY.UTF-8" if language == "ar" else "C.UTF-8")
    done = subprocess.run([PROGRAM] + words, cwd=folder, env=environment, input=stdin.encode(), capture_output=True)
    return done.stdout.decode(), done.stderr.decode(), done.returncode


def scenario(path, language):
    out = []
    with tempfile.TemporaryDirectory() as folder:
        for line in open(path, encoding="utf-8"):
            line = line.rstrip("\n")
            if line.startswith("case "):
                shutil.rmtree(os.path.join(folder, "register"), ignore_errors=True)
                stdout, stderr, status = run(["case", "load", line[5:], "-C", "register"], folder, language, "")
                if status != 0:
                    sys.exit("%s: the case does not load: %s" % (path, stderr))
            elif line.startswith("$ "):
                command, _, stdin = line[2:].partition(" | ")
                stdout, stderr, status = run(shlex.split(command), folder, language, stdin)
                stdout = re.sub(r'"note":"[^"]*"', '"note":"…"', stdout)  # a signed refusal says when
                # Ids are held by answers.py; here a corrected record would change every line that names it.
                stdout = re.sub(r"\b(?:[0-9a-f]{64}|(?=[a-z]*[0-9])[0-9a-f]{8})\b", "········", stdout)
                stderr = re.sub(r"\b(?:\d{3} ){6}\d{3}\b", "…", stderr)  # a check phrase hangs on the time of receipt
                out += [line + "\n", stdout, stderr, "→ %d\n\n" % status]
    return "".join(out)


def main():
    differing, done = [], 0
    for path in sorted(glob.glob(os.path.join(HERE, "*.in"))):
        for language in LANGUAGES:
            reference = "%s.%s.ref" % (path[:-3], language)
            got = scenario(path, language)
            if os.environ.get("UPDATE"):
                open(reference, "w", encoding="utf-8", newline="").write(got)
            wanted = open(reference, encoding="utf-8", newline="").read()
            done += 1
            if got != wanted:
                differing.append(reference)
                sys.stderr.writelines(difflib.unified_diff(wanted.splitlines(True), got.splitlines(True), reference, "now"))
    print("%d scenarios, %d differ" % (done, len(differing)))
    if differing:
        print("If this is what they should say now: UPDATE=1 test/golden/golden.py PROGRAM", file=sys.stderr)
    return 1 if differing or done == 0 else 0


sys.exit(main())
