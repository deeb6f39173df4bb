"""compare.py PAIRS-BINARY [PAIRS [SEED]] — the program's verdicts beside the oracle's, over random pairs of a term and a log.

Prints each disagreement with what is needed to see it again, and last `N pairs, D differ`."""
import argparse
import hashlib
import json
import multiprocessing
import multiprocessing.util
import os
import random
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from draw import Draw, FEATURES, stamp
from log import seconds
from oracle import Backwards, Oracle

CLOCKS = 5  # of how many terms of a log the clock is looked at


class Program:
    def __init__(self, binary, folder):
        self.path = os.path.join(folder, f'index-{os.getpid()}')
        self.pipe = subprocess.Popen([binary], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, draw, moments, entries=None, why=()):
        open(self.path, 'w').close()
        lines = [f'log {self.path}']
        lines += [f'entry {int(void)} {received * 1000} {text}' for received, void, text in entries or draw.entries]
        lines += [f'ask {at}' for at in moments] + [f'why {at} {term}' for at, term in why] + ['end', '']
        self.pipe.stdin.write('\n'.join(lines))
        self.pipe.stdin.flush()
        out = []
        while (line := self.pipe.stdout.readline().strip()):
            out.append(json.loads(line))
        if len(out) != len(moments) + len(why):
            raise ValueError(f'the program gave up: {self.pipe.poll()}')
        return [standing[0] for standing in out[:len(moments)]] + out[len(moments):]


def texts(answer):
    """{text: {reading: verdict}} of the program's answer."""
    out = {None: answer['readings']}
    for name, rival in answer.get('rivals', {}).items():
        out[name] = rival['readings']
    return out


def one_log(program, seed, features, only=None):
    draw = Draw(seed, features)
    said = program.ask(draw, draw.moments)
    oracle = Oracle(program.path, draw.entries)
    faults, verdicts, pairs = [], {}, set()
    for at, answer in zip(draw.moments, said):
        if 'fault' in answer:
            raise ValueError(f"seed {seed}: the program cannot read its agreement: {answer['fault']}")
        for term in answer['terms']:
            if only and term['id'] != only:
                continue
            try:
                mine, joint = oracle.answer(oracle.terms[term['id']], at)
                was = oracle.was(oracle.terms[term['id']], at) if joint == 'void' else None
            except Backwards:
                continue
            pairs.add(term['id'])
            verdicts[joint] = verdicts.get(joint, 0) + 1
            if mine != texts(term) or joint != term['verdict']:
                faults.append((seed, at, term['id'], texts(term), term['verdict'], mine, joint))
            elif joint == 'void':
                theirs = term.get('was_readings'), term.get('was')
                if was != (None if theirs == (None, None) else theirs):
                    faults.append((seed, at, term['id'], {None: theirs[0] or {}}, f'was {theirs[1]}',
                                   {None: was[0] if was else {}}, f'was {was and was[1]}'))
    clocks, more = (0, []) if only else clock_faults(oracle, draw, said[0], draw.moments[0])
    oracle.close()
    return len(pairs), clocks, faults + more, verdicts


def begin(binary, features, only):
    """One worker: a program of its own, which ends with it."""
    global here
    here = Program(binary, folder_of_worker()), features, only


def folder_of_worker():
    folder = tempfile.TemporaryDirectory(prefix='oracle-')
    multiprocessing.util.Finalize(folder, folder.cleanup, exitpriority=10)
    return folder.name



def clock_faults(oracle, draw, answer, at):
    """For some terms: is the joint verdict what it was until the clock says, and then what it says?"""
    rng, faults, asked = random.Random(draw.seed), [], 0
    for term in rng.sample(answer['terms'], min(CLOCKS, len(answer['terms']))):
        next_at = seconds(term['clock']['at']) if 'at' in term['clock'] else None
        last = at + 20 * 86400 if next_at is None else next_at
        probes = [(rng.randint(at + 1, last - 1), term['verdict']) for _ in range(3) if last > at + 1]
        if next_at is not None:
            probes += [(next_at - 1, term['verdict'])] * (next_at > at + 1) + [(next_at, term['clock']['becomes'])]
        try:
            asked += 1
            for probe, expected in probes:
                joint = oracle.answer(oracle.terms[term['id']], probe)[1]
                if joint != expected:
                    faults.append((draw.seed, at, term['id'], term['clock'], expected, probe, joint))
                    break
        except Backwards:
            continue
    return asked, faults


def work(seed):
    program, features, only = here
    return one_log(program, seed, features, only)


def is_verdict(fault):
    return 'would' not in fault[3]


def tell(fault):
    if not is_verdict(fault):
        seed, at, term, clock, expected, probe, joint = fault
        print(f'log {seed}, as of {stamp(at)}, term {term}: the clock says {clock}; at {stamp(probe)} {expected} is due,'
              f' the oracle {joint}')
        return
    seed, at, term, theirs, their_joint, mine, my_joint = fault
    print(f'log {seed}, as of {stamp(at)}, term {term}: the program {their_joint}, the oracle {my_joint}')
    for text in mine:
        for reading in mine[text]:
            a, b = theirs.get(text, {}).get(reading), mine[text][reading]
            if a != b:
                print(f"    {'' if text is None else text + ' '}{reading}: the program {a}, the oracle {b}")


def differs(program, draw, entries, term, at):
    [answer] = program.ask(draw, [at], entries)
    if not answer['terms']:  # without its parts it has none
        return False, None
    theirs = next(t for t in answer['terms'] if t['id'] == term)
    oracle = Oracle(program.path, entries)
    mine, joint = oracle.answer(oracle.terms[term], at)
    oracle.close()
    return mine != texts(theirs) or joint != theirs['verdict'], (draw.seed, at, term, texts(theirs), theirs['verdict'],
                                                                 mine, joint)


def shrink(program, draw, term, at):
    """Leaves out records for as long as the disagreement stays, and tells what is left."""
    entries = list(draw.entries)
    step = len(entries) // 2
    while step:
        i = 9
        while i < len(entries):
            fewer = entries[:i] + [e for e in entries[i:i + step] if '"kind":"agreement"' in e[2]] + entries[i + step:]
            if len(fewer) < len(entries) and differs(program, draw, fewer, term, at)[0]:
                entries = fewer
            else:
                i += step
        step //= 2
    tell(differs(program, draw, entries, term, at)[1])
    body = draw.body
    shown = [term]
    for name in shown:
        text = json.dumps({k: v for k, v in next(t for t in body['terms'] if t['id'] == name).items() if k != 'clause'})
        print('   ', text)
        shown += [t['id'] for t in body['terms'] if f'"{t["id"]}"' in text and t['id'] not in shown]
    for key in ('force', 'anchors', 'zones', 'channels', 'prevails', 'decides'):
        if key in body:
            print('   ', key, json.dumps(body[key]))
    for name, reading in body['readings'].items():
        print('   ', name, json.dumps(reading))
    number = {hashlib.sha256(e[2].encode() + b'\n').hexdigest(): i for i, e in enumerate(entries)}
    envelope = ('v', 'register', 'key', 'prev', 'written', 'method', 'seq', 'kind', 'by')
    for i, (received, void, text) in enumerate(entries[8:]):
        record = json.loads(text)
        if record['kind'] == 'agreement':
            continue
        shown = json.dumps({k: v for k, v in record.items() if k not in envelope})
        for name, n in number.items():
            shown = shown.replace(f'"{name}"', f'#{n}')
        print(f"    #{i + 8} {stamp(received)} {'void ' if void else ''}{record['kind']} by {record['by']} {shown}")


def look(asked, features):
    """One disagreement, made small."""
    with tempfile.TemporaryDirectory() as folder:
        program = Program(asked.binary, folder)
        draw = Draw(asked.seed, features)
        for fault in one_log(program, asked.seed, features, asked.term)[2][:asked.tell]:
            tell(fault)
            shrink(program, draw, fault[2], fault[1] if is_verdict(fault) else fault[5])


def main():
    parse = argparse.ArgumentParser()
    parse.add_argument('binary')
    parse.add_argument('pairs', nargs='?', type=int, default=2000)
    parse.add_argument('seed', nargs='?', type=int, default=int(time.time()))
    parse.add_argument('--only', help='these features of draw.py alone, by commas')
    parse.add_argument('--without', default='', help='all but these')
    parse.add_argument('--term')
    parse.add_argument('--look', action='store_true', help="the seed's log alone: each disagreement with the fewest records")
    parse.add_argument('--tell', type=int, default=10)
    asked = parse.parse_args()
    features = asked.only.split(',') if asked.only is not None else [f for f in FEATURES if f not in asked.without.split(',')]
    if asked.look:
        return look(asked, features)
    print(f'seed {asked.seed}')
    started = time.time()
    pairs = clocks = differ = 0
    verdicts, seeds = {}, iter(range(asked.seed, asked.seed + 10 ** 9))
    with multiprocessing.Pool(2, begin, (asked.binary, features, asked.term)) as pool:
        while pairs < asked.pairs:
            for found, clocked, faults, counted in pool.imap_unordered(work, [next(seeds) for _ in range(16)]):
                pairs += found
                clocks += clocked
                for fault in faults:
                    differ += 1
                    if differ <= asked.tell:
                        tell(fault)
                for verdict, n in counted.items():
                    verdicts[verdict] = verdicts.get(verdict, 0) + n
        pool.close()
        pool.join()
    print(', '.join(f'{v} {n}' for v, n in sorted(verdicts.items())))
    print(f'{clocks} clocks, {time.time() - started:.1f} seconds')
    print(f'{pairs} pairs, {differ} differ')
    sys.exit(1 if differ else 0)


if __name__ == '__main__':
    main()
