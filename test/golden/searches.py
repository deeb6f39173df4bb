#!/usr/bin/env python3
"""searches.py PROGRAM — phrases looked for in articles that lie beside this repository (../shared, or where $SHARED says); where they do not,
one line says so and nothing is asked. Each line of searches.ref is a phrase, a tab, and the articles that say it with
how often; in all others it must not be found. Lines that begin with # say what the phrases below them try. UPDATE=1
writes the counts anew: read every difference against the articles before you commit it."""
import glob
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SHARED = os.environ.get("SHARED") or os.path.join(HERE, "..", "..", "..", "shared")
REFERENCE = os.path.join(HERE, "searches.ref")


def articles():
    paths = glob.glob(os.path.join(SHARED, "statements", "dev", "*.txt"))
    seed = os.path.join(SHARED, "seed", "article-ar.txt")
    return {os.path.basename(p)[:-4]: p for p in paths} | ({"seed": seed} if os.path.exists(seed) else {})


def ask(phrase, paths):
    names = {path: name for name, path in paths.items()}
    done = subprocess.run([sys.argv[1], "search-text", phrase, "--json", "--"] + list(names), capture_output=True)
    if done.returncode != 0:
        sys.exit("%s: %s" % (phrase, done.stderr.decode()))
    counts = {names[path]: count for path, count in json.loads(done.stdout).items()}
    return " ".join("%s:%d" % (name, counts[name]) for name in sorted(counts) if counts[name] > 0)


def main():
    paths, asked, wrong, out = articles(), 0, 0, []
    if len(paths) < 12:
        print("skipped: the articles to search do not lie in ../shared")
        return 77
    for line in open(REFERENCE, encoding="utf-8").read().splitlines():
        phrase, _, wanted = line.partition("\t")
        if line.startswith("#") or not line:
            out.append(line)
            continue
        got = ask(phrase, paths)
        out.append(phrase + "\t" + got)
        asked += 1
        if got != wanted:
            wrong += 1
            print("%s\n    found  %s\n    wanted %s" % (phrase, got, wanted), file=sys.stderr)
    if os.environ.get("UPDATE"):
        open(REFERENCE, "w", encoding="utf-8").write("\n".join(out) + "\n")
    print("%d phrases asked of %d articles, %d differ" % (asked, len(paths), wrong))
    return 1 if wrong or asked == 0 else 0


sys.exit(main())
