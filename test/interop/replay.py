#!/usr/bin/env python3
"""replay.py VECTORS [PRINTER TRUCE] — an implementation of record.md that is not truce's (records.py) says of spec/vectors
what they say, and of every entry of every worked case what TRUCE says, as PRINTER (standing-of-entries) prints it."""
import base64, json, os, struct, subprocess, sys, tempfile
import forms, records

checks, failed = 0, 0


def same(got, wanted, what):
    global checks, failed
    checks += 1
    if got != wanted:
        failed += 1
        print('%s: got %s, wanted %s' % (what, got, wanted))


def load(directory, name):
    with open(os.path.join(directory, name + '.json'), encoding='utf-8') as file:
        return json.load(file)


# ---- vectors

def notes(directory):
    for one in load(directory, 'records')['valid']:
        record = records.Record(base64.b64decode(one['note_base64']))
        same(record.id, one['id'], one['name'])
        for field, value in record.body.items():
            same(forms.has_form(value, forms.field_form(record.kind, '/' + field)), True, one['name'] + ': ' + field)


def signatures(directory):
    for one in load(directory, 'signatures')['cases']:
        record, key = records.Record(base64.b64decode(one['note_base64'])), records.Key(one['verifier'])
        same(records.holds(key.bytes, record.signature, record.text), one['holds'], one['name'])


def in_force(m):
    p = m.policy
    watching = p.get('witnessing', {})
    quota = '; quota %d %d' % (p['quota']['per_day'], p['quota']['reserve']) if 'quota' in p else ''
    mirrors = [k.name for k, _ in m.mirrors()]
    return 'log %s; enrol %d; policy %d; grace %d%s; %s; %s; %s' % (
        m.log_keys[-1][1].id, p['thresholds']['enrol'], p['thresholds']['policy'], p.get('grace_entries', 0), quota,
        ' '.join(['quorum %d of' % watching.get('quorum', 0)] + [k.name for k in m.witnesses()]),
        ' '.join(['mirrors %d of' % watching.get('mirror_quorum', 1 if mirrors else 0)] + mirrors),
        ' '.join(['readers'] + ['%s:%s' % (p, k.key.id) for p in m.members for k in m.readers() if k.party == p]))


def entry_of(received, note):
    return b'received %d\n' % received + note


def admission(directory):
    vectors = load(directory, 'admission')
    for told in vectors['logs']:
        log = records.Log()
        for one in told['entries']:
            note, received = base64.b64decode(vectors['notes'][one['note']]), one.get('received', 1473667200000)
            record, what = records.Record(note), told['name'] + ': ' + one['note']
            try:
                log.check(record, received)
                same('', one.get('code', ''), what)
            except records.Refused as refused:
                same((refused.code, refused.pointer), (one.get('code', ''), one.get('pointer', '')), what)
                continue
            log.append(record, received, entry_of(received, note))
            if 'state' in one:
                same(in_force(log.members), one['state'], what)
            for wanted in one.get('delivered', []):
                got = log.members.delivery(wanted['party'], wanted['index'])
                same('nothing' if got is None else '%d %d %d' % got[2:], wanted['by'], what + ': delivered')


def effect(directory):
    vectors = load(directory, 'effect')
    for told in vectors['logs']:
        entries, members = [], records.Members() if told.get('members') else None
        for one, row in zip(told['entries'], told['at']):
            record = records.Record(base64.b64decode(vectors['notes'][one['note']]))
            if members is not None:
                members.add(len(entries), 0, record)
            entries.append((record, one.get('void', False)))
            same(records.effects(entries, len(entries), members), row, told['name'])
        same(records.Effects(entries, len(entries), members).chains(), told['chains'], told['name'])


# ---- whole logs

def journal(directory):
    """spec/log.md: groups of a head of 56 bytes and a payload of entries, each behind its length."""
    with open(os.path.join(directory, 'log', 'journal'), 'rb') as file:
        data = file.read()
    at = 0
    while at < len(data):
        count, size = struct.unpack('>II', data[at + 16:at + 24])
        at += 56
        for _ in range(count):
            length, = struct.unpack('>H', data[at:at + 2])
            yield data[at + 2:at + 2 + length]
            at += 2 + length


def whole(printer, directory):
    log, told = records.Log(check_signatures=False), []
    for entry in journal(directory):
        head, note = entry.split(b'\n', 1)
        received, record, is_void = int(head.split(b' ')[1]), records.Record(note), False
        try:
            log.check(record, received)
        except records.Refused:
            is_void = True
        log.append(record, received, entry, is_void)
    entries = [(r, v) for r, _, v in log.entries]
    wanted = subprocess.run([printer, directory], capture_output=True, text=True, check=True).stdout.splitlines()
    same(records.effects(entries, len(entries), log.members) + [in_force(log.members)], wanted, directory)
    print('%s: %d entries' % (os.path.basename(directory), len(entries)))


def cases(printer, truce):
    listed = subprocess.run([truce, '--json', 'case', 'list'], capture_output=True, text=True, check=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        for case in json.loads(listed):
            directory = os.path.join(folder, case)
            subprocess.run([truce, 'case', 'load', case, '--yes', '-C', directory], check=True, capture_output=True)
            whole(printer, directory)


def main():
    vectors, programs = sys.argv[1], sys.argv[2:]
    for replay in (notes, signatures, admission, effect):
        replay(vectors)
    if programs:
        cases(*programs)
    print('%d checks, %d failed' % (checks, failed))
    return 1 if failed or not checks else 0


if __name__ == '__main__':
    sys.exit(main())
