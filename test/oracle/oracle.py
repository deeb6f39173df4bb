"""A second, slow and obvious evaluator of terms: SQL over the index, made for each term, from spec/terms.md alone.

What a record says of an event, what counts for a reading and what fits a selector are tables; each count is one SELECT
over them. Only what goes through time step by step (force, periods, runs) is walked in Python."""
import json

import earth
from log import EVER, NEVER, Log, duration, seconds
from places import Places

DAY = 86400
FACT = 'f,reading,entry,t0,t1,fit,status,lo,hi,excused,decided'
ACTS = ('acknowledgement', 'answer', 'approval', 'attempt', 'finding', 'notice', 'question', 'standing')
GRAVITY = {'breached': 4, 'not-observed': 3, 'disputed': 3, 'pending': 2, 'excused': 1, 'met': 0}


def q(text):
    return "'" + text.replace("'", "''") + "'"


def least(*parts):
    parts = [p for p in parts if p != '2']
    return '2' if not parts else parts[0] if len(parts) == 1 else f"min({','.join(parts)})"


def most(*parts):
    return parts[0] if len(parts) == 1 else f"max({','.join(parts)})"


def listed(value):
    return value if isinstance(value, list) else [value]


def remembered(ask):
    """Asks once for each set of arguments. Terms are known by their identity."""
    def asked(self, *arguments):
        key = (ask.__name__, *[id(a) if isinstance(a, dict) else a for a in arguments])
        if key not in self.memo:
            try:
                self.memo[key] = ask(self, *arguments)
            except Backwards as error:
                self.memo[key] = error
        if isinstance(self.memo[key], Backwards):
            raise self.memo[key]
        return self.memo[key]
    return asked


class Backwards(Exception):
    """A window that ends before it begins: the specification does not say what is judged then."""


class Zone:
    def __init__(self, table):
        self.table = [(seconds(e['from']), e['offset_s']) for e in table]

    def offset(self, at):
        found = self.table[0][1] if self.table else 0
        for t, offset in self.table:
            if t <= at:
                found = offset
        return found

    def utc(self, wall):
        """The first moment that a clock on the wall calls so; where none is, the change itself."""
        options = sorted({wall - offset for _, offset in self.table} or {wall})
        exact = [t for t in options if t + self.offset(t) == wall]
        if exact:
            return exact[0]
        return max(options)

    def day(self, at):
        return (at + self.offset(at)) // DAY


READING_TABLES = '''
CREATE TEMP TABLE reading(reading INTEGER PRIMARY KEY, conflict INTEGER);
CREATE TEMP TABLE trusts(reading INTEGER, entry INTEGER, PRIMARY KEY(reading,entry));
CREATE TEMP TABLE links(reading INTEGER, entry INTEGER, PRIMARY KEY(reading,entry));
CREATE TEMP TABLE part(event INTEGER, entry INTEGER, rank INTEGER, PRIMARY KEY(event,entry));
CREATE TEMP TABLE member(reading INTEGER, event INTEGER, entry INTEGER, kind TEXT, rank INTEGER, trusted INTEGER,
                         PRIMARY KEY(reading,event,entry));
CREATE TEMP TABLE speaks(reading INTEGER, event INTEGER, entry INTEGER, rank INTEGER, level INTEGER, used INTEGER);
CREATE TEMP TABLE valid(reading INTEGER, event INTEGER, entry INTEGER, response TEXT, PRIMARY KEY(reading,event,entry));
CREATE TEMP TABLE best(reading INTEGER, event INTEGER, field TEXT, rank INTEGER, entry INTEGER, value, upto INTEGER);
CREATE INDEX temp.best_field ON best(reading,event,field);
CREATE TEMP TABLE ev(reading INTEGER, event INTEGER, t0 INTEGER, t1 INTEGER, status INTEGER, seen INTEGER,
                     passed INTEGER, credible INTEGER, conflict INTEGER, PRIMARY KEY(reading,event));
CREATE TEMP TABLE fact(f INTEGER, reading INTEGER, entry INTEGER, t0 INTEGER, t1 INTEGER, fit INTEGER, status INTEGER,
                       lo INTEGER, hi INTEGER, excused INTEGER, decided INTEGER);
CREATE INDEX temp.fact_f ON fact(f,reading);
CREATE TEMP TABLE force(scope TEXT, f0 INTEGER, f1 INTEGER);
CREATE TEMP TABLE local_day(zone TEXT, d0 INTEGER, d1 INTEGER);
CREATE TEMP TABLE watched(reading INTEGER, key TEXT, w0 INTEGER, w1 INTEGER, permille INTEGER);
CREATE INDEX temp.watched_key ON watched(key,reading);
'''

# What an event is (1), before links: reports and passages, claims that are about nothing else and tell an event; with the
# claims, findings and responses about it. A report about a report is another event. rank: 0 what tells it, then claims,
# findings and responses; each hangs on what comes before.
PARTS = '''
INSERT INTO part
  WITH RECURSIVE own(entry) AS (
    SELECT entry FROM record WHERE kind IN ('report','passage')
    UNION SELECT entry FROM record WHERE kind='claim' AND json_extract(json,'$.about') IS NULL
      AND (json_extract(json,'$.event.act') IS NOT NULL OR json_extract(json,'$.act') IS NOT NULL
           AND json_extract(json,'$.event') IS NOT NULL)),
  sort(entry,rank) AS (SELECT entry, CASE WHEN entry IN own THEN 0 WHEN kind='claim' THEN 1 WHEN kind='finding' THEN 2
    ELSE 3 END FROM record WHERE kind IN ('report','passage','claim','finding','response')),
  part(event,entry,rank) AS (
    SELECT entry, entry, 0 FROM own
    UNION SELECT p.event, a.entry, s.rank FROM part p JOIN about a ON a.target=p.entry JOIN sort s ON s.entry=a.entry
      WHERE s.rank>0 AND p.rank<=s.rank)
  SELECT event, entry, rank FROM part
'''

# Who answers (5): an admission, denial or justification speaks only for its author and those the author answers for. Of
# what it answers, it is told there; else in the response itself.
ANSWERS = '''
INSERT INTO valid SELECT m.reading, m.event, m.entry, json_extract(r.json,'$.response') FROM member m JOIN record r USING(entry)
  JOIN (SELECT r.entry, coalesce((SELECT coalesce(json_extract(t.json,'$.actor'),json_extract(t.json,'$.event.actor'))
      FROM about a JOIN record t ON t.entry=a.target WHERE a.entry=r.entry),json_extract(r.json,'$.event.actor')) actor
    FROM record r WHERE r.kind='response') x USING(entry)
  WHERE m.kind='response' AND (x.actor=r.by OR EXISTS (SELECT 1 FROM belong b WHERE b.sort='answered_for' AND b.of=r.by
    AND b.name=x.actor AND b.b0<=r.written AND r.written<b.b1));
-- "partly" admits what its event states.
CREATE TEMP TABLE admits AS SELECT v.* FROM valid v JOIN record r USING(entry)
  WHERE v.response='admit' OR v.response='partly' AND json_extract(r.json,'$.event') IS NOT NULL;
'''
# Weight (3): findings before admissions before reports and claims that the reading uses. A report that a finding or an
# admission bears out without another account of it is used; so is a claim or finding that is admitted.
SPEAKS = '''
CREATE TEMP TABLE borne AS SELECT reading, event FROM member m JOIN record r USING(entry) WHERE m.kind='finding' AND m.trusted
    AND json_extract(r.json,'$.finding')='substantiated' AND json_extract(r.json,'$.event') IS NULL
  UNION SELECT reading, event FROM valid WHERE response='admit';
CREATE TEMP TABLE admitted AS SELECT v.reading, v.event, a.target entry FROM valid v JOIN about a USING(entry)
  WHERE v.response='admit';
INSERT INTO speaks SELECT m.reading, m.event, m.entry, m.rank, 3, 1 FROM member m JOIN record r USING(entry)
  WHERE m.kind='finding' AND (m.trusted AND json_extract(r.json,'$.finding')='substantiated'
    OR EXISTS (SELECT 1 FROM admitted a WHERE a.reading=m.reading AND a.event=m.event AND a.entry=m.entry));
INSERT INTO speaks SELECT DISTINCT reading, event, entry, 3, 2, 1 FROM admits;
INSERT INTO speaks SELECT m.reading, m.event, m.entry, m.rank, 1, 1 FROM member m JOIN needs n USING(reading)
  WHERE m.rank<=1 AND (m.trusted AND (m.kind<>'claim' OR n.claim)
    OR m.kind<>'claim' AND EXISTS (SELECT 1 FROM borne b WHERE b.reading=m.reading AND b.event=m.event)
    OR EXISTS (SELECT 1 FROM admitted a WHERE a.reading=m.reading AND a.event=m.event AND a.entry=m.entry));
-- Where the reading uses nothing, those it trusts say what the event is about; else anybody does.
INSERT INTO speaks SELECT m.reading, m.event, m.entry, m.rank, 1, 0 FROM member m WHERE m.rank<=1
  AND NOT EXISTS (SELECT 1 FROM speaks s WHERE s.reading=m.reading AND s.event=m.event)
  AND (m.trusted OR NOT EXISTS (SELECT 1 FROM member o WHERE o.reading=m.reading AND o.event=m.event AND o.rank<=1
    AND o.trusted));
INSERT INTO best SELECT s.reading, s.event, x.field, s.rank, s.entry, x.value, x.upto FROM speaks s JOIN said x USING(entry)
  WHERE x.field<>'when' AND s.level=(SELECT max(level) FROM speaks o JOIN said y USING(entry)
    WHERE o.reading=s.reading AND o.event=s.event AND y.field=x.field);
-- When it was is told by anybody, where nobody says whose word the reading uses.
INSERT INTO best
  WITH dated AS (SELECT m.reading, m.event, m.rank, m.entry, x.value, x.upto, coalesce((SELECT max(level) FROM speaks s
      WHERE s.reading=m.reading AND s.event=m.event AND s.entry=m.entry AND s.used),0) level
    FROM member m JOIN said x USING(entry) WHERE x.field='when')
  SELECT reading, event, 'when', rank, entry, value, upto FROM dated d WHERE (rank<=1 OR level>1)
    AND level=(SELECT max(level) FROM dated o WHERE o.reading=d.reading AND o.event=d.event AND (o.rank<=1 OR o.level>1));
'''
# Counts as (5). status 2: counts; 1: towards the most alone. What was found not to be so counts for nothing where the
# reading heeds that.
EVENTS = '''
INSERT INTO ev
  WITH has AS (SELECT reading, event,
      max(m.rank<=1 AND m.kind<>'claim' AND m.trusted) reported, max(m.rank<=1 AND m.kind='claim' AND m.trusted) claimed,
      (SELECT json_extract(z.json,'$.finding') FROM member x JOIN record z USING(entry) WHERE x.reading=m.reading
        AND x.event=m.event AND x.kind='finding' AND x.trusted AND json_extract(z.json,'$.finding') LIKE '%substantiated'
        ORDER BY x.entry DESC LIMIT 1) last_word,
      EXISTS (SELECT 1 FROM admits v WHERE v.reading=m.reading AND v.event=m.event) admitted,
      EXISTS (SELECT 1 FROM valid v WHERE v.reading=m.reading AND v.event=m.event AND v.response='deny') denied
    FROM member m GROUP BY reading, event),
  said AS (SELECT h.*, coalesce(last_word='substantiated',0) found,
      n.not_found AND coalesce(last_word='not-substantiated',0) undone FROM has h JOIN needs n USING(reading))
  SELECT h.reading, h.event,
    coalesce((SELECT value FROM best b WHERE b.reading=h.reading AND b.event=h.event AND field='when'
              ORDER BY upto-value, rank, entry LIMIT 1), :never),
    coalesce((SELECT upto FROM best b WHERE b.reading=h.reading AND b.event=h.event AND field='when'
              ORDER BY upto-value, rank, entry LIMIT 1), :ever),
    CASE WHEN (n.report AND reported OR n.claim AND claimed OR n.found AND h.found OR n.admitted AND h.admitted)
          AND NOT undone AND NOT (n.deny AND denied AND NOT h.found AND NOT h.admitted) THEN 2
         WHEN (reported OR claimed) AND NOT undone THEN 1 ELSE 0 END,
    r.kind<>'passage', r.kind='passage', reported OR claimed, c.conflict
  FROM said h JOIN needs n USING(reading) JOIN reading c USING(reading) JOIN record r ON r.entry=h.event
'''

# One count: what lies in the pieces of the window, as of a moment. See `Oracle.count`.
COUNT = '''
WITH piece(p0,p1) AS ({piece}),
timed AS (SELECT *, CASE
    WHEN t1<=:T AND EXISTS (SELECT 1 FROM piece WHERE p0<=t0 AND t1<{edge}p1) THEN 2
    WHEN t0<=:T AND EXISTS (SELECT 1 FROM piece WHERE p0<=t1 AND t0<{edge}p1) THEN 1 ELSE 0 END tin
  FROM fact WHERE f=:f AND reading=:r),
judged AS (SELECT *, min(fit,status,tin,CASE WHEN decided<=:T OR excused=2 AND decided<:ever THEN 2 ELSE 1 END,
    CASE WHEN t1>=:doubt THEN 1 ELSE 2 END) count FROM timed)
SELECT {what}
'''
SUMS = '''coalesce({sum}(CASE WHEN count=2 AND excused=0 THEN lo END),0),
       coalesce({sum}(CASE WHEN count>=1 AND excused<=1 THEN hi END),0),
       coalesce(max(count=2 AND excused=2),0) FROM judged'''
FORCE = 'SELECT max(f0,:s), min(f1,:e) FROM force WHERE scope=:scope AND max(f0,:s)<min(f1,:e)'

# The days of the window that have ended, and whether each had its share of watching.
DAYS = '''
WITH piece(p0,p1) AS ({piece}),
day(a,b) AS (SELECT max(d0,p0), min(d1,p1) FROM local_day JOIN piece ON d0<p1 AND p0<d1
             WHERE zone=:zone AND min(d1,p1)<=:T)
SELECT a, b, {enough} FROM day ORDER BY a
'''


class Oracle:
    def __init__(self, path, entries):
        self.log = Log(path, entries)
        self.sql = self.log.sql
        self.rows = self.log.rows
        [found] = self.rows("SELECT entry,id,json FROM record WHERE kind='agreement' ORDER BY entry LIMIT 1")
        self.entry, self.id, text = found
        self.agreement = json.loads(text)
        self.join_parts()
        self.readings = list(self.tables.get('readings', {}).items())
        self.names = [name for name, _ in self.readings]
        areas = [(self.log.roles.get(b['by']) == 'secretariat', b['area'], b['where'], seconds(b['from']), seconds(b['until']) if 'until' in b else EVER)
                 for e, b in ((e, json.loads(j)) for e, j in self.rows(
                     "SELECT entry,json FROM record WHERE kind='area' ORDER BY entry"))]
        self.places = Places(self.tables.get('places', {}), areas)
        self.zones = {name: Zone(table) for name, table in self.tables.get('zones', {}).items()}
        self.terms = {t['id']: t for t in self.tables.get('terms', [])}
        self.memo = {}
        self.sql.create_function('place_fit', 4, self.place_fit, deterministic=True)
        self.sql.create_function('weapon_fit', 2, self.weapon_fit, deterministic=True)
        self.sql.create_function('place_held', 3, self.place_held, deterministic=True)
        self.sql.executescript(READING_TABLES)
        self.sql.execute('BEGIN')
        self.fill_days()
        self.fill_readings()
        self.facts_made = {}
        self.watches_made = set()
        self.sql.execute('UPDATE ev SET t1=(SELECT received FROM record r WHERE r.entry=event) WHERE t0=?', (NEVER,))
        self.find_force()

    def close(self):
        self.log.close()

    def join_parts(self):
        self.tables = {}
        self.missing = False
        sources = [self.agreement]
        for part in self.agreement.get('parts', []):
            found = self.rows('SELECT json FROM record WHERE id=?', part)
            self.missing |= not found
            sources += [json.loads(t) for t, in found]
        for source in sources:
            for key in ('zones', 'groups', 'classes', 'places', 'anchors', 'channels', 'readings'):
                self.tables.setdefault(key, {}).update(source.get(key, {}))
            self.tables.setdefault('terms', []).extend(source.get('terms', []))

    def fill_days(self):
        for name, zone in [('', Zone([]))] + list(self.zones.items()):
            first = min([seconds('2019-12-15T00:00:00Z')])
            days = range(zone.day(first), zone.day(first) + 90)
            self.sql.executemany('INSERT INTO local_day VALUES(?,?,?)',
                                 [(name, zone.utc(d * DAY), zone.utc((d + 1) * DAY)) for d in days])

    # ---- groups

    def is_everybody(self, group):
        if isinstance(group, list):
            return any(self.is_everybody(g) for g in group)
        return group == '*'

    def group(self, group, value, t0, t1):
        """SQL: is `value` in the group then? 2 all the time, 1 at times."""
        if isinstance(group, str):
            if group == '*':
                return '2'
            if group in self.tables.get('groups', {}):
                return self.group(self.tables['groups'][group], value, t0, t1)
            return f'2*({value}={q(group)})'
        if isinstance(group, list):
            return most(*[self.group(g, value, t0, t1) for g in group])
        if 'not' in group:
            return f"(2-{self.group(group['not'], value, t0, t1)})"
        [(sort, of)] = group.items()
        if sort == 'answered_for':  # and that one itself
            return most(f'2*({value}={q(of)})', self.spans(sort, of, value, t0, t1))
        return self.spans(sort, of, value, t0, t1)

    def spans(self, sort, of, value, t0, t1):
        of = q(of) if isinstance(of, str) else "''"
        spans = f"SELECT 1 FROM belong WHERE sort={q(sort)} AND of={of} AND name={value} AND"
        return (f'CASE WHEN EXISTS ({spans} b0<={t0} AND {t1}<b1) THEN 2'
                f' WHEN EXISTS ({spans} b0<={t1} AND {t0}<b1) THEN 1 ELSE 0 END')

    def members(self, group):
        """The names of a group of names."""
        if isinstance(group, list):
            return [n for g in group for n in self.members(g)]
        named = self.tables.get('groups', {}).get(group)
        return [group] if named is None else self.members(named)

    # ---- readings

    def fill_readings(self):
        run = self.sql.execute
        run('CREATE TEMP TABLE needs(reading INTEGER PRIMARY KEY, report, claim, found, admitted, not_found, deny,'
            ' excuse TEXT)')
        run(PARTS)
        for r, (_, reading) in enumerate(self.readings):
            run('INSERT INTO reading VALUES(?,?)', (r, ['out', 'maybe', 'in'].index(reading.get('conflict', 'maybe'))))
            run('INSERT INTO needs VALUES(?,?,?,?,?,?,?,?)',
                (r, *[w in reading['need'] for w in ('report', 'claim', 'found', 'admitted')],
                 *[w in reading.get('unless', []) for w in ('not-found', 'deny')], reading.get('excuse', 'never')))
            for table, group in (('trusts', reading['trust']), ('links', reading['links'])):
                run(f'INSERT INTO {table} SELECT {r}, entry FROM record'
                    f" WHERE {self.group(group, 'by', 'written', 'written')}=2")
            self.join_events(r)
        for statement in (ANSWERS + SPEAKS).split(';\n'):
            if statement.strip():
                run(statement)
        run(EVENTS, {'never': NEVER, 'ever': EVER})

    def join_events(self, r):
        """`same` links make several events one; `distinct` ones hold them apart, and prevail."""
        root = {e: e for e, in self.rows('SELECT DISTINCT event FROM part')}
        links = [(word, [e for e, in self.rows(
            'SELECT p.event FROM about a JOIN part p ON p.event=a.target AND p.entry=a.target WHERE a.entry=?'
            ' ORDER BY a.named', entry)])
            for entry, word in self.rows("SELECT entry, json_extract(json,'$.link') FROM record JOIN links USING(entry)"
                                         " WHERE kind='link' AND reading=? ORDER BY entry", r)]
        apart = {(a, b) for word, events in links if word == 'distinct' for a in events for b in events if a != b}
        for word, events in links:
            for other in events[1:] if word == 'same' else []:
                mine = [e for e in root if root[e] == root[events[0]]]
                theirs = [e for e in root if root[e] == root[other]]
                if not any((a, b) in apart for a in mine for b in theirs):
                    name = min(root[events[0]], root[other])
                    for e in mine + theirs:
                        root[e] = name
        self.sql.executemany('INSERT OR IGNORE INTO member SELECT ?1,?2,p.entry,k.kind,p.rank,EXISTS (SELECT 1 FROM trusts t'
                             ' WHERE t.reading=?1 AND t.entry=p.entry) FROM part p JOIN record k USING(entry)'
                             ' WHERE p.event=?3', [(r, name, event) for event, name in root.items()])

    # ---- what fits a selector

    def place_fit(self, key, where, t0, t1):
        found = self.memo.get((key, where, t0, t1))
        if found is None:
            found = self.places.fit(self.places.keys[key], json.loads(where), t0, t1)
            self.memo[key, where, t0, t1] = found
        return found

    def place_held(self, key, where, at):
        return self.places.holds(json.loads(where), self.places.keys[key], at)

    def weapon_fit(self, key, said):
        said, wanted = json.loads(said), json.loads(key)
        if said['class'] not in wanted['any']:
            return 0
        if 'um' not in wanted:
            return 2
        if 'calibre_um' not in said:
            return 1
        return 2 if wanted['um'][0] <= said['calibre_um'] <= wanted['um'][1] else 0

    def class_of(self, value):
        named = self.tables.get('classes', {}).get(value) if isinstance(value, str) else value
        named = [value] if named is None else named
        return named if isinstance(named, dict) else {'any': named}

    def leaves(self, selector):
        if 'any' in selector:
            return [leaf for part in selector['any'] for leaf in self.leaves(part)]
        return [selector]

    def field(self, name, fits):
        """A field of an event: those who say it best; `fits` judges one of their words, b.value."""
        return (f"(SELECT CASE WHEN count(*)=0 THEN 1 WHEN max(p)=2 AND min(p)=0 THEN e.conflict WHEN max(p)=2 THEN 2"
                f" WHEN min(p)=0 THEN 0 ELSE 1 END FROM (SELECT {fits} p FROM best b WHERE b.reading=e.reading"
                f" AND b.event=e.event AND b.field={q(name)}))")

    def one_of(self, value, words):
        return f"2*coalesce({value} IN ({','.join(q(w) for w in words)}),0)"

    def fit_event(self, s, who):
        if isinstance(who, tuple):  # `each`: this one of those in `who`
            return least(self.field('actor', self.group(who[0], 'b.value', 'e.t0', 'e.t1')), self.fit_event(s, who[1]))
        parts = []
        if 'act' in s:
            parts.append(self.field('act', self.one_of('b.value', self.class_of(s['act'])['any'])))
        for name in ('actor', 'target'):
            group = s.get(name, who if name == 'actor' else None)
            if name == 'actor' and 'actor' not in s and s.get('kind') == 'passage':  # which names nobody
                group = None
            if group is not None and not (name == 'actor' and self.is_everybody(group)):
                parts.append(self.field(name, self.group(group, 'b.value', 'e.t0', 'e.t1')))
        if 'weapon' in s:
            key = json.dumps(self.class_of(s['weapon']))
            parts.append(self.field('weapon', f'weapon_fit({q(key)},b.value)'))
        if 'place' in s:
            parts.append(self.field('where', f"place_fit({q(self.places.key(s['place']))},b.value,e.t0,e.t1)"))
        if 'step' in s:
            parts.append(self.field('step', self.one_of('b.value', listed(s['step']))))
        if 'by' in s:
            author = self.group(s['by'], 'm.by', 'e.t0', 'e.t1')
            parts.append(f"(SELECT {author} FROM record m WHERE m.entry=e.event)")
        parts.append('2*e.passed' if s.get('kind') == 'passage' else '2*e.seen')
        return least(*parts)

    def fit_act(self, s, who, a='a'):
        if isinstance(who, tuple):
            own = [] if s.get('by') is None else [self.group(who[0], f'{a}.by', f'{a}.t', f'{a}.t')]
            return least(*own, self.fit_act(s, who[0], a))
        parts = [f"2*({a}.kind={q(s['kind'])})"]
        if s['kind'] in ('approval', 'standing'):
            parts.append(f'2*({a}.of IS {q(self.id)})')
        if s['kind'] in ('notice', 'question'):  # one that names another agreement is none of this one's
            parts.append(f'2*(coalesce({a}.of,{q(self.id)})={q(self.id)})')
        if 'act' in s:
            parts.append(self.one_of(f'{a}.act', self.class_of(s['act'])['any']))
        for word in ('channel', 'result', 'receipt'):
            if word in s:
                parts.append(self.one_of(f'{a}.{word}', listed(s[word])))
        parts.append(self.group(s.get('by', who), f'{a}.by', f'{a}.t', f'{a}.t'))
        if 'to' in s:
            parts.append(f"coalesce((SELECT max({self.group(s['to'], 'm.name', f'{a}.t', f'{a}.t')}) FROM named m"
                         f" WHERE m.entry={a}.entry AND NOT m.alternate),0)")
        return least(*parts)

    def facts(self, selector, who, measure='events', excepts=(), finding=None):
        """Fills `fact` with all that may fit, for every reading; gives its number."""
        key = json.dumps([selector, who, measure, list(excepts), finding], sort_keys=True)
        if key in self.facts_made:
            return self.facts_made[key]
        f = self.facts_made[key] = len(self.facts_made)
        leaves = self.leaves(selector)
        seen = [s for s in leaves if s.get('kind', 'passage') == 'passage']
        acts = [s for s in leaves if s not in seen]
        if seen:
            fit = most(*[self.fit_event(s, who) for s in seen])
            lo, hi = self.amount(measure)
            excused = most('0', *[self.excuse(x, who) for x in excepts])
            self.sql.execute(
                f'INSERT INTO fact SELECT {FACT} FROM (SELECT {f} f, e.reading, e.event entry, e.t0, e.t1, {fit} fit, e.status,'
                f' {lo} lo, {hi} hi, {excused} excused, {self.decided(finding)} decided FROM ev e WHERE e.status>0) WHERE fit>0')
        if acts:
            fit = most(*[self.fit_act(s, who) for s in acts])
            excused = most('0', *[self.excuse_act(x, who) for x in excepts])
            self.sql.execute(
                f'INSERT INTO fact SELECT * FROM (SELECT {f}, c.reading, a.entry, a.t, a.t, {fit} fit,'
                f" CASE WHEN a.kind='attempt' AND NOT EXISTS (SELECT 1 FROM trusts t WHERE t.reading=c.reading AND"
                f' t.entry=a.entry) THEN 1 ELSE 2 END, 1, 1, {excused}, {NEVER} FROM act a, reading c) WHERE fit>0')
        return f

    def amount(self, measure):
        if measure == 'events':
            return '1', '1'
        [(word, unit)] = measure.items()
        rows = f"FROM best b WHERE b.reading=e.reading AND b.event=e.event AND b.field={q(word + ' ' + unit)}"
        return f'coalesce((SELECT min(b.value) {rows}),0)', f'coalesce((SELECT max(b.upto) {rows}),1000000000000)'

    def excuse(self, x, who):
        """SQL: is the event e excused by this exception? 2 surely, 1 perhaps."""
        if 'justify' in x:
            accepted = """FROM valid v JOIN record j USING(entry) JOIN needs n USING(reading)
              WHERE v.reading=e.reading AND v.event=e.event AND json_extract(j.json,'$.ground') IS NOT NULL AND (
                n.excuse='claimed' AND EXISTS (SELECT 1 FROM trusts t WHERE t.reading=v.reading AND t.entry=v.entry)
                OR n.excuse='found' AND EXISTS (SELECT 1 FROM about o JOIN trusts t ON t.entry=o.entry AND t.reading=v.reading
                  JOIN record k ON k.entry=o.entry WHERE o.target=v.entry AND k.kind='finding'
                    AND json_extract(k.json,'$.finding')='substantiated'))"""
            return f"CASE WHEN EXISTS (SELECT 1 {accepted} AND json_extract(j.json,'$.ground')={q(x['justify'])}) THEN 2 ELSE 0 END"
        if 'if' in x:
            return most(*[self.fit_event(s, '*') for s in self.leaves(x['if'])])
        return self.notified(x, who, 'e.t0', 'e.t1')

    def excuse_act(self, x, who):
        if 'justify' in x:
            return '0'
        if 'if' in x:
            return most('0', *[self.fit_act(s, '*') for s in self.leaves(x['if']) if s.get('kind', 'passage') != 'passage'])
        return self.notified(x, who, 'a.t', 'a.t')

    def notified(self, x, who, t0, t1):
        """SQL: was notice given so long before it began; and of something in that time, if the notice says when."""
        who = who[1] if isinstance(who, tuple) else who
        fit = most(*[self.fit_act(s, who, 'n') for s in self.leaves(x['notified'])])
        return f"""coalesce((SELECT max(min({fit},CASE WHEN n.w0 IS NULL OR n.w0<={t0} AND {t1}<=n.w1 THEN 2
          WHEN n.w0<={t1} AND {t0}<=n.w1 THEN 1 ELSE 0 END)) FROM act n WHERE n.t+{duration(x['lead'])}<={t0}),0)"""

    def decided(self, finding):
        """SQL: from when a finding decides that the event e counts."""
        if finding is None:
            return str(NEVER)
        ranks = ['plausible', 'probable', 'highly-probable']
        wanted = ranks[ranks.index(finding['standard']):] if finding.get('standard', 'none') != 'none' else None
        good = '1' if wanted is None else f"""{self.one_of("json_extract(l.json,'$.standard')", wanted)}=2"""
        found = f"""(SELECT l.received FROM member m JOIN record l USING(entry) WHERE m.reading=e.reading AND m.event=e.event
          AND m.kind='finding' AND {self.group(finding['by'], 'l.by', 'l.written', 'l.written')}=2
          AND NOT EXISTS (SELECT 1 FROM member o JOIN record x USING(entry) WHERE o.reading=e.reading AND o.event=e.event
            AND o.kind='finding' AND x.by=l.by AND x.entry>l.entry)
          AND json_extract(l.json,'$.finding')='substantiated' AND {good}
          ORDER BY l.entry LIMIT 1 OFFSET {finding.get('quorum', 1) - 1})"""
        if duration(finding.get('reply', 'PT0S')) == 0:
            return f'CASE WHEN {found} IS NULL THEN {EVER} ELSE {NEVER} END'
        actor = """(SELECT b.value FROM best b WHERE b.reading=e.reading AND b.event=e.event AND b.field='actor'
          ORDER BY b.rank, b.entry LIMIT 1)"""
        return f"""coalesce(min({found}+{duration(finding['reply'])}, coalesce((SELECT min(x.received) FROM member m
          JOIN record x USING(entry) WHERE m.reading=e.reading AND m.event=e.event AND m.kind='response'
          AND x.received>{found} AND ({actor} IS NULL OR {actor}=x.by OR EXISTS (SELECT 1 FROM belong g
            WHERE g.sort='answered_for' AND g.of=x.by AND g.name={actor} AND g.b0<=x.written AND x.written<g.b1))),{EVER})),
          {EVER})"""

    # ---- moments: None is undetermined

    def zone_name(self, thing):
        return thing.get('zone') or (next(iter(self.zones)) if len(self.zones) == 1 else '')

    def zone(self, thing):
        return self.zones.get(self.zone_name(thing)) or Zone([])

    def moment(self, m, r, scope=''):
        """What the whole log makes it, also where it comes after the as-of time."""
        if isinstance(m, str):
            return self.moment(self.tables['anchors'][m], r, scope)
        if 'at' in m:
            at = seconds(m['at'])
        elif 'local' in m:
            at = self.zone(m).utc(seconds(m['local'] + 'Z'))
        elif 'of' in m:
            at = self.moment(m['of'], r, scope)
        elif 'done' in m:
            at = self.done(m['done'], r)
        elif 'event' in m:
            at = self.reached(self.facts(m['event'], '*'), r, m.get('nth', 1), 'sum')
        else:
            parts = [self.moment(p, r, scope) for p in m.get('first') or m['last']]
            known = [p for p in parts if p is not None]
            if 'first' in m:
                at = min(known) if known else None
            else:
                at = max(known) if len(known) == len(parts) else None
        if at is None:
            return None
        if 'days' in m:
            zone = self.zone(m)
            at = zone.utc(at + zone.offset(at) + m['days'] * DAY)
        if 'plus' in m:
            at += duration(m['plus'])
        if 'renew' in m:
            at = self.renewed(at, self.members(m['renew']), scope)
        return at

    def reached(self, f, r, n, adding, s=NEVER, e=EVER):
        """When so much had surely come, and been decided."""
        rows = self.rows('SELECT max(t1,decided) at, lo FROM fact WHERE f=? AND reading=? AND fit=2 AND status=2 AND excused=0'
                         ' AND t0>=? AND t1<=? AND decided<? ORDER BY at', f, r, s, e, EVER)
        at = self.passes(rows, n - 1, adding)
        return None if at == EVER else at

    @remembered
    def done(self, name, r):
        term = self.terms[name]
        if 'held' in term['rule']:
            done = self.held_runs(term, r, EVER)[0]
            return None if done == EVER else done
        s, e = self.window(term, r)
        if s is None or e is None:
            return None
        spans = [(s, e)]
        if 'every' in term:  # when the last of its periods was kept, if there is a last
            every = duration(term['every'])
            if e == EVER or e < s + every:
                return None
            spans = [(t, t + every - 1) for t in range(s, e + 1, every) if t + every <= e]
        names = [(n, term['who']) for n in self.members(term['who'])] if term.get('each') else [None]
        found = [self.reached_in(term, n, r, a, b, e) for a, b in spans for n in names]
        return None if None in found else max(found)

    def reached_in(self, term, who, r, a, b, last):
        if isinstance(term['rule']['at_least'], dict):
            return self.ratio_reached(term, who, r, a, b, last)
        at = self.reached(self.fact_of(term, who), r, term['rule']['at_least'], self.adding(term), a, b)
        return at if at is not None and at <= last else None

    def ratio_reached(self, term, who, r, a, b, last):
        """What is in the end enough, by when it was."""
        if self.floor_once(term, r, last, a, b, who, EVER, EVER) != 'met':
            return None
        needed = self.needed(term, r, last, a, b)[1]
        return self.reached(self.fact_of(term, who), r, needed, self.adding(term), a, b)

    def renewed(self, end, names, scope):
        """The end, carried on by the renewals of all of them, of the whole and of that channel."""
        if scope:
            end = self.renewed(end, names, '')
        acts = [(by, t, seconds(b['until'])) for by, t, b in
                ((by, t, json.loads(j)) for by, t, j in self.rows(
                    "SELECT by,t,json FROM act WHERE kind='standing' AND act='renew' AND of=?", self.id))
                if 'until' in b and b['scope'] == ({'channel': scope} if scope else {'whole': True})]
        while True:
            latest = [max([u for by, t, u in acts if by == name and t <= end], default=NEVER) for name in names]
            if not latest or min(latest) <= end:
                return end
            end = min(latest)

    # ---- standing

    def find_force(self):
        force = self.agreement['force']
        parties = self.members(force['assent'])
        assents = {by: t for by, t in self.rows(
            "SELECT by,min(t) FROM act WHERE kind='standing' AND act='assent' AND of=?"
            " AND json_extract(json,'$.scope.whole') GROUP BY by", self.id)}
        self.find_assented()
        self.assented = max(assents[p] for p in parties) if all(p in assents for p in parties) else None
        start = self.moment(force['from'], 0) if 'from' in force else NEVER
        begun = None if self.assented is None or start is None or self.missing else max(self.assented, start)
        self.begun = begun
        self.states = {}
        rights = {'': force.get('release', {})}
        for name, channel in self.tables.get('channels', {}).items():
            rights[name] = channel.get('release', rights[''])  # the whole of it
        end = self.moment(force['until'], 0) if 'until' in force else EVER
        for scope, right in rights.items():
            until = self.renewed(end, parties, scope) if 'until' in force and end is not None else end
            self.states[scope] = self.walk_force(scope, right, begun, EVER if until is None else until)
            for f0, f1, state in self.states[scope]:
                if state == 'in-force' and f0 < f1:
                    self.sql.execute('INSERT INTO force VALUES(?,?,?)', (scope, f0, f1))

    def find_assented(self):
        """Who has assented and not withdrawn; a withdrawal without the right changes nothing."""
        right = self.agreement['force'].get('release', {}).get('withdraw')
        may = '0' if right is None else f"{self.group(right, 'by', 't', 't')}=2"
        acts = self.rows("SELECT by,t,act FROM act WHERE kind='standing' AND of=? AND json_extract(json,'$.scope.whole') AND"
                         f" (act='assent' OR act='withdraw' AND {may}) ORDER BY t,entry", self.id)
        edges = sorted({t for _, t, _ in acts} | {EVER})
        for a, b in zip(edges, edges[1:]):
            for name in {by for by, _, _ in acts}:
                if [act for by, t, act in acts if by == name and t <= a][-1:] == ['assent']:
                    self.log.belong('assented', '', name, a, b)

    def walk_force(self, scope, right, begun, end):
        """[(from, until, state)…]"""
        where = "json_extract(json,'$.scope.whole')" if scope == '' else f"json_extract(json,'$.scope.channel')={q(scope)}"
        may = {word: self.group(right[word], 'by', 't', 't') if word in right else '0' for word in ('suspend', 'withdraw')}
        open_by, gone_by, turns = set(), None, [(NEVER, False, False)]
        begun = EVER if begun is None else begun
        for t, by, act, suspends, withdraws in self.rows(
                f"SELECT t,by,act,max({may['suspend']},{may['withdraw']})=2,{may['withdraw']}=2 FROM act"
                f" WHERE kind='standing' AND of=? AND ({where} OR act='assent' AND json_extract(json,'$.scope.whole'))"
                ' ORDER BY t,entry', self.id):
            if act == 'withdraw' and withdraws and gone_by is None:
                gone_by = by
            elif act == 'assent' and gone_by == by:  # who assents anew has not withdrawn
                gone_by = None
            elif act == 'suspend' and suspends:
                open_by.add(by)
            elif act == 'resume':
                open_by.discard(by)
            turns.append((t, bool(open_by), gone_by is not None))
        out = []
        edges = sorted({NEVER, begun, end, EVER} | {t for t, _, _ in turns})
        for a, b in zip(edges, edges[1:]):
            _, held, gone = [turn for turn in turns if turn[0] <= a][-1]
            state = ('withdrawn' if gone else 'not-begun' if a < begun else 'lapsed' if a >= end else
                     'suspended' if held else 'in-force')
            if out and out[-1][2] == state:
                out[-1] = (out[-1][0], b, state)
            else:
                out.append((a, b, state))
        return out

    def state(self, scope, T):
        return [state for f0, f1, state in self.states[scope] if f0 <= T < f1][-1]

    def first_in_force(self, scope):
        return min([f0 for f0, _, state in self.states[scope] if state == 'in-force'], default=None)

    # ---- verdicts

    @remembered
    def window(self, term, r):
        """(from, until); None: undetermined."""
        scope = term.get('channel', '')
        s = self.moment(term['from'], r, scope) if 'from' in term else self.first_in_force(scope)
        end = term.get('until') or term.get('by')
        e = self.moment(end, r, scope) if end else EVER
        if s is not None and e is not None and e < s:
            raise Backwards
        return s, e

    def judged(self, term, f, r, T, s, e, cut, doubt, what):
        text = COUNT.format(piece=FORCE if cut else 'SELECT :s, :e WHERE :s<=:e', edge='' if cut else '=', what=what)
        return self.sql.execute(text, dict(T=T, f=f, r=r, s=s, e=e, scope=term.get('channel', ''), doubt=doubt, ever=EVER))

    def count(self, term, f, r, T, s, e, cut, doubt=EVER):
        """(least, most, was anything excused)"""
        return self.judged(term, f, r, T, s, e, cut, doubt, SUMS.format(sum=self.adding(term))).fetchone()

    @staticmethod
    def adding(term):
        measure = term['rule'].get('measure', 'events')
        return 'max' if isinstance(measure, dict) and 'max' in measure else 'sum'

    def passes(self, rows, n, adding):
        """When what is counted one after the other is first more than n."""
        total = 0
        for at, amount in rows:
            total = max(total, amount) if adding == 'max' else total + amount
            if total > n:
                return at
        return EVER

    @remembered
    def broken(self, term, r):
        """From when a cap or floor is surely broken, and from when perhaps, in its own right, as the whole log tells."""
        s, e = self.window(term, r)
        if s is None or e is None:
            return EVER, EVER
        every = duration(term['every']) if 'every' in term else 0
        sure, perhaps = (self.cap_broken if 'at_most' in term['rule'] else self.floor_broken)(term, r, s, e, every)
        return sure, min(sure, perhaps)

    def cap_broken(self, term, r, s, e, every):
        f, n, turns = self.fact_of(term), term['rule']['at_most'], [[], []]
        last = self.rows('SELECT max(t1) FROM fact WHERE f=? AND reading=?', f, r)[0][0] or NEVER
        periods = [(t, min(t + every, e)) for t in range(s, min(e, last + 1), every)] if every else [(s, e)]
        for a, b in periods:
            for out, what in zip(turns, (
                    'max(t1,decided) at, lo FROM judged WHERE count=2 AND excused=0',
                    'max(t0,(SELECT min(p0) FROM piece WHERE p0<=t1 AND t0<p1)) at, hi FROM judged WHERE count>=1 AND excused<=1')):
                out.append(self.passes(self.judged(term, f, r, EVER - 1, a, b, True, EVER, what + ' ORDER BY at'), n,
                                       self.adding(term)))
        return min(turns[0], default=EVER), min(turns[1], default=EVER)

    def floor_broken(self, term, r, s, e, every):
        """It is broken when it is due, or when the first of its periods is."""
        sure = perhaps = EVER
        self.fact_of(term)
        last = max(s, self.rows("SELECT max(coalesce((SELECT max(t1) FROM fact),0), coalesce((SELECT max(seconds(json_extract("
                                "json,'$.when.to'))) FROM record WHERE kind IN ('coverage','restriction')),0))")[0][0])
        due = s + every if every else e
        while due <= e and due < EVER and sure == EVER:
            late = due + self.grace(term)
            found = self.floor_rule(term, r, late, due - every if every else s, due if every else e, EVER, EVER)
            if found == 'breached':
                sure = due
            if found == 'not-observed':
                perhaps = min(perhaps, due)
            if not every or due > last + 2 * every + self.grace(term):
                break
            due += every
        return sure, perhaps

    def freed(self, term, r):
        """`while`: from when the term binds no longer, surely and perhaps."""
        if 'while' not in term:
            return EVER, EVER
        return self.broken(self.terms[term['while']], r)

    def asked(self, selector):
        leaves = self.leaves(selector)
        if not all('act' in s for s in leaves):
            return None
        return sorted({a for s in leaves for a in self.class_of(s['act'])['any']})

    def watch_key(self, place, acts):
        """Fills `watched` for a place and acts: at each moment the best single watch."""
        key = json.dumps([place, acts])
        if key in self.watches_made:
            return key
        self.watches_made.add(key)
        p = self.places.key(place)
        notices = '1' if acts is None else (
            "NOT EXISTS (SELECT 1 FROM json_each(:acts) a WHERE a.value NOT IN (SELECT value FROM json_each(r.json,'$.acts')))")
        self.sql.execute(f'''INSERT INTO watched
          WITH watch AS (SELECT t.reading, r.by, seconds(json_extract(json,'$.when.from')) w0,
              seconds(json_extract(json,'$.when.to')) w1, coalesce(json_extract(json,'$.uptime_permille'),1000) permille
            FROM record r JOIN trusts t USING(entry) WHERE kind='coverage'
              AND place_held({q(p)},json_extract(json,'$.where'),seconds(json_extract(json,'$.when.from')))
              AND (json_extract(r.json,'$.acts') IS NULL OR {'0' if acts is None else notices})),
          barred AS (SELECT r.by, seconds(json_extract(json,'$.when.from')) w0, seconds(json_extract(json,'$.when.to')) w1
            FROM record r WHERE kind='restriction'
              AND place_held({q(p)},json_extract(json,'$.where'),seconds(json_extract(json,'$.when.from')))),
          edge AS (SELECT w0 t FROM watch UNION SELECT w1 FROM watch UNION SELECT w0 FROM barred UNION SELECT w1 FROM barred),
          slice AS (SELECT t a, lead(t) OVER (ORDER BY t) b FROM edge)
          SELECT w.reading, :key, a, b, max(permille) FROM slice JOIN watch w ON w.w0<=a AND b<=w.w1
            WHERE b IS NOT NULL AND NOT EXISTS (SELECT 1 FROM barred x WHERE x.by=w.by AND x.w0<=a AND b<=x.w1)
            GROUP BY w.reading, a, b''', dict(key=key, acts=json.dumps(acts)))
        return key

    def enough(self, term, acts):
        """SQL: did the time from a to b have its share?"""
        if term['watch'] == 'log':
            return '1'
        part, whole = term['watch']['share']
        keys = [self.watch_key(p, acts) for p in term['watch']['of']]
        return ' AND '.join(
            f'(SELECT coalesce(sum((min(w1,b)-max(w0,a))*permille),0) FROM watched WHERE key={q(k)} AND reading=:r'
            f' AND w0<b AND a<w1)*{whole}>={part * 1000}*(b-a)' for k in keys)

    def days(self, term, r, T, s, e, acts=None, watched=True):
        """The days that have ended: (from, until, had its share)."""
        text = DAYS.format(piece=FORCE, enough=self.enough(term, acts) if watched else '1')
        return self.sql.execute(text, dict(T=T, r=r, s=s, e=e, scope=term.get('channel', ''),
                                           zone=self.zone_name(term))).fetchall()

    def grace(self, term):
        return 0 if term['watch'] == 'log' else duration(term['watch'].get('grace', 'PT0S'))

    def fact_of(self, term, who=None):
        rule = term['rule']
        return self.facts(rule['of'], term['who'] if who is None else who, rule.get('measure', 'events'),
                          term.get('except', ()), term.get('finding'))

    def cap(self, term, r, T, s, e):
        f = self.fact_of(term)
        n = term['rule']['at_most']
        over, doubt = self.freed(term, r)
        e = min(e, over)
        lo, hi, excused = self.count(term, f, r, T, s, e, True, doubt)
        days = self.days(term, r, T, s, e, self.asked(term['rule']['of']))
        past = [d for d in days if d[2] or d[1] + self.grace(term) <= T]
        if 'every' in term:
            every = duration(term['every'])
            counts = [self.count(term, f, r, T, t, min(t + every, e), True, doubt) for t in range(s, min(e, T + 1), every)]
            lo, hi, excused = (max((c[i] for c in counts), default=0) for i in range(3))
        if lo > n:
            return 'breached'
        if hi > n:
            return 'not-observed'
        if any(not d[2] for d in past):
            return 'not-observed'
        if excused or (not days and over <= T):
            return 'excused'
        return 'met' if past else 'pending'

    def floor_once(self, term, r, T, s, e, who, over, doubt, period=False):
        rule = term['rule']
        lo, hi, _ = self.count(term, self.fact_of(term, who), r, T, s, e - period, False)
        n0, n1 = self.needed(term, r, T, s, e - period)
        if lo >= n1 and n1 > 0:
            return 'met'
        if over <= min(T, e - period):
            return 'excused'
        if T < e or n1 == 0:
            return 'pending'
        if hi >= n0 or doubt <= e - period:
            return 'not-observed'
        text = f"SELECT {self.enough(term, self.asked(rule['of']))} FROM (SELECT :s a, :e b)"
        if e <= s or self.sql.execute(text, dict(s=s, e=e, r=r)).fetchone()[0]:
            return 'breached'
        return 'pending' if T < e + self.grace(term) else 'not-observed'

    def needed(self, term, r, T, s, e):
        """How many at least, and at most: a number, or a share of something else."""
        n = term['rule']['at_least']
        if not isinstance(n, dict):
            return n, n
        a, b = n['times']
        base = self.facts(n['of'], '*', term['rule'].get('measure', 'events'))
        lo, hi, _ = self.count(term, base, r, T, s, e, False)
        return -(-a * lo // b), -(-a * hi // b)

    def floor(self, term, r, T, s, e):
        return self.floor_rule(term, r, T, s, e, *self.freed(term, r))

    def floor_rule(self, term, r, T, s, e, over, doubt):
        names = [(n, term['who']) for n in self.members(term['who'])] if term.get('each') else [None]
        if 'every' not in term:
            return self.gravest([self.floor_once(term, r, T, s, e, n, over, doubt) for n in names])
        every = duration(term['every'])
        closed = [(t, t + every) for t in range(s, min(e, T + 1), every) if t + every <= min(e, T)]
        if not closed:  # the first is judged as it runs
            if e < s + every:
                return 'pending'
            closed = [(s, s + every)]
        return self.gravest([self.floor_once(term, r, T, a, b, n, over, doubt, True) for a, b in closed for n in names])

    def gravest(self, verdicts):
        return max(verdicts, key=GRAVITY.get)

    @remembered
    def held_runs(self, term, r, T):
        """When the sure and the possible run were complete, as the days up to T tell; EVER: not."""
        rule, zone = term['rule'], self.zone(term)
        wanted = duration(rule['held'])
        s, e = self.window(term, r)
        sure = possible = 0
        done = maybe_done = before = EVER
        if s is None or e is None:
            return done, maybe_done
        for a, b, _ in self.days(term, r, T, s, min(e, self.freed(term, r)[0]), watched=False):
            if before < a and rule.get('void', 'reset') == 'reset':
                sure = possible = 0
            before = b
            state, again = self.held_day(term, r, T, a, b)
            if state == 'breached':
                sure, possible = 0, 0 if again is None else b - zone.utc((zone.day(again) + 1) * DAY)
            elif state == 'met':
                sure, possible = sure + b - a, possible + b - a
            elif state == 'doubted':
                sure, possible = 0, possible + b - a
            elif state == 'unwatched':
                sure = {'stop': sure, 'reset': 0, 'count': sure + b - a}[rule['unwatched']]
                possible += b - a
            if sure >= wanted:
                done = min(done, b - (sure - wanted))
            if possible >= wanted:
                maybe_done = min(maybe_done, b - (possible - wanted))
        return done, maybe_done

    def held_day(self, term, r, T, a, b):
        """What the gravest of the caps makes of a day, and from when the possible run may have begun anew."""
        days = [self.cap_day(self.terms[t], r, T, a, b) for t in term['rule']['of']]
        state = min((state for state, _ in days), key=['breached', 'running', 'doubted', 'unwatched', 'met'].index)
        again = [at for state, at in days if state == 'breached']
        return state, None if None in again else max(again, default=None)

    def cap_day(self, cap, r, T, a, b):
        n = cap['rule']['at_most']
        s, e = self.window(cap, r)
        doubt = self.freed(cap, r)[1]
        if s is None or e is None:
            s, e = 0, -1
        # what surely happened across midnight counts on the day in which it ended
        rows = self.sql.execute(f'''WITH piece(p0,p1) AS ({FORCE}),
          near AS (SELECT *, EXISTS (SELECT 1 FROM piece WHERE p0<=t0 AND t1<p1) inside,
            EXISTS (SELECT 1 FROM piece WHERE p0<=t1 AND t0<p1) touches FROM fact WHERE f=:f AND reading=:r AND t1>=:a AND t0<:b AND t0<=:T)
          SELECT t0, lo, hi, min(fit, status, CASE WHEN decided<=:T THEN 2 ELSE 1 END,
              CASE WHEN inside AND t1<:b AND t1<=:T AND t1<:doubt THEN 2 ELSE 1 END)=2 AND excused=0 sure, excused
            FROM near WHERE touches AND excused<2 ORDER BY t0, entry''',
                                dict(f=self.fact_of(cap), r=r, a=a, b=b, T=T, s=s, e=min(e, self.freed(cap, r)[0]), doubt=doubt,
                                     scope=cap.get('channel', ''))).fetchall()
        add = max if self.adding(cap) == 'max' else lambda x, y: x + y
        lo = hi = inside = 0
        for t0, least_, most_, sure, _ in rows:
            hi = add(hi, most_)
            if sure:
                lo = add(lo, least_)
                inside = add(inside, least_) if t0 >= a else inside
        if lo > n:
            again = None
            for t0, least_, _, sure, _ in reversed(rows):
                if sure and t0 < a and inside <= n:
                    inside = add(inside, least_)
                    again = t0
            return 'breached', again
        if hi > n:
            return 'doubted', None
        enough = self.enough(cap, self.asked(cap['rule']['of']))
        if not self.sql.execute(f'SELECT {enough} FROM (SELECT :a a, :b b)', dict(a=a, b=b, r=r)).fetchone()[0]:
            return 'running' if b + self.grace(cap) > T else 'unwatched', None
        return 'met', None

    def held(self, term, r, T, s, e):
        done, maybe_done = self.held_runs(term, r, T)
        return 'met' if done <= T else 'not-observed' if maybe_done <= T else 'pending'

    def reply(self, term, r, T, s, e):
        rule = term['rule']
        f, g = self.facts(rule['reply'], '*'), self.facts(rule['with'], '*')
        over, doubt = self.freed(term, r)
        due = (f"coalesce({'seconds(a.due)' if rule.get('stated') else 'NULL'}, a.told+{duration(rule['within'])})")
        owed = self.group(term['who'], 'n.name', 'a.told', 'a.told')
        found = self.sql.execute(f'''
          WITH piece(p0,p1) AS ({FORCE}),
          trigger AS (SELECT a.entry, n.name, min(x.fit,x.status,{owed},CASE WHEN a.told>=:doubt THEN 1 ELSE 2 END) sure, {due} due
            FROM fact x JOIN act a USING(entry) JOIN named n USING(entry)
            WHERE x.f={f} AND x.reading=:r AND NOT n.alternate AND {owed}>0 AND a.told<=:T
              AND EXISTS (SELECT 1 FROM piece WHERE p0<=a.told AND a.told<p1)),
          answered AS (SELECT t.*, (SELECT max(min(y.fit,y.status)) FROM fact y JOIN about o ON o.entry=y.entry AND
              o.target=t.entry JOIN act w ON w.entry=y.entry WHERE y.f={g} AND y.reading=:r AND w.told<=:T AND w.told<=t.due
              AND (w.by=t.name OR EXISTS (SELECT 1 FROM named z WHERE z.entry=t.entry AND z.alternate AND z.name=w.by)))
              answer FROM trigger t)
          SELECT CASE WHEN answer=2 THEN 'met' WHEN due>:T THEN 'pending' WHEN sure=2 AND answer IS NULL THEN 'breached'
                 ELSE 'not-observed' END FROM answered''',
                                 dict(T=T, r=r, s=s, e=min(e, over), doubt=doubt, scope=term.get('channel', ''))).fetchall()
        return self.gravest([v for v, in found]) if found else 'pending'

    def rule(self, term, r, T):
        """The verdict that the rule gives, whatever is in force."""
        rule = term['rule']
        if 'all' in rule or 'any' in rule:
            parts = [self.part(self.terms[t], r, T) for t in rule.get('all') or rule['any']]
            return min(parts, key=GRAVITY.get) if 'any' in rule else self.gravest(parts)
        s, e = self.window(term, r)
        if s is None or e is None or T < s:
            return 'pending'
        if 'may' in rule:  # from when it first binds
            over = min(e, self.freed(term, r)[0])
            bound = [max(f0, s) for f0, f1, state in self.states[term.get('channel', '')]
                     if state == 'in-force' and max(f0, s) < min(f1, over)]
            return 'met' if bound and bound[0] <= T else 'pending'
        for name, judge in (('at_most', self.cap), ('at_least', self.floor), ('held', self.held), ('reply', self.reply)):
            if name in rule:
                return judge(term, r, T, s, e)

    def part(self, term, r, T):
        """What a term is to `all` and `any`: in all of its texts that decide."""
        found = {self.rule(text, r, T) for _, text, decides in self.wordings(term) if decides}
        return found.pop() if len(found) == 1 else 'disputed'

    @remembered
    def verdict(self, term, r, T):
        scope = term.get('channel', '')
        state = self.state(scope, T)
        if state == 'not-begun':
            return 'pending' if self.assented is not None else 'void'
        if state != 'in-force':
            e = self.window(term, r)[1]
            ceased = max([f1 for f0, f1, s in self.states[scope] if s == 'in-force' and f1 <= T], default=NEVER)
            if e is None or e > ceased or self.window(term, r)[0] is None:
                return 'void'
        return self.rule(term, r, T)

    @remembered
    def wordings(self, term):
        """(name, term, decides): the agreement's own text, then the rivals'."""
        return list(self.make_wordings(term))

    def make_wordings(self, term):
        prevails = self.agreement.get('prevails')
        languages = {v['lang'] for v in self.agreement.get('versions', [])}
        rivals = term.get('rival', {})
        own = not (prevails in rivals and prevails in languages)
        yield None, term, own
        for name, patches in rivals.items():
            text = json.loads(json.dumps(term))
            for pointer, value in patches.items():
                *path, last = pointer.split('/')[1:]
                at = text
                for step in path:
                    at = at[int(step)] if isinstance(at, list) else at[step]
                at[int(last) if isinstance(at, list) else last] = value
            yield name, text, not (prevails is not None and name in languages and name != prevails)

    def answer(self, term, T):
        """{text: {reading: verdict}}, and the joint verdict."""
        out, deciding = {}, []
        for name, text, decides in self.wordings(term):
            out[name] = {reading: self.verdict(text, r, T) for r, reading in enumerate(self.names)}
            if decides:
                decider = self.agreement.get('decides')
                deciding += [v for reading, v in out[name].items() if decider in (None, reading)]
        return out, self.joint(deciding)

    def was(self, term, T):
        """What a void term was when it ceased, under each reading; and what of all: None if it never was in force."""
        ceased = max([f1 for _, f1, s in self.states[term.get('channel', '')] if s == 'in-force' and f1 <= T], default=None)
        if ceased is None or any(self.verdict(text, r, T) != 'void' for _, text, _ in self.wordings(term)
                                 for r in range(len(self.names))):
            return None
        decider = self.agreement.get('decides')
        own = {name: self.rule(term, r, ceased - 1) for r, name in enumerate(self.names)}
        return own, self.joint([self.rule(text, r, ceased - 1) for _, text, decides in self.wordings(term) if decides
                                for r, name in enumerate(self.names) if decider in (None, name)])

    @staticmethod
    def joint(verdicts):
        found = set(verdicts)
        if len(found) == 1:
            return found.pop()
        if 'not-observed' in found and not found & {'breached', 'excused', 'disputed'}:
            return 'not-observed'
        return 'disputed'
