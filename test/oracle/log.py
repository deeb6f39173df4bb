"""A log as tables: which entries count (spec/record.md, 8), who is who when, what each record says of an event."""
import hashlib
import json
import sqlite3
from datetime import datetime, timezone

NEVER, EVER = -2 ** 52, 2 ** 52


def seconds(text):
    return int(datetime.strptime(text, '%Y-%m-%dT%H:%M:%SZ').replace(tzinfo=timezone.utc).timestamp())


def duration(text):
    unit = {'D': 86400, 'H': 3600, 'M': 60, 'S': 1}[text[-1]]
    return int(text.lstrip('PT')[:-1]) * unit


# ---- which entries count

FAMILY_WHO = {'genesis', 'party', 'key', 'policy', 'approval', 'anchor'}
NEEDS = {'response': ['of'], 'acknowledgement': ['of'], 'answer': ['of'], 'retraction': ['of'], 'approval': ['of'],
         'standing': ['agreement'], 'finding': ['about'], 'link': ['about']}


def fits_target(body, target):
    """Admission's rule 10: may this record be about that one?"""
    kind = body['kind']
    if kind == 'acknowledgement':
        return (target['kind'] in ('notice', 'question') and
                body['by'] in target['to'] + target.get('alternates', []))
    if kind == 'answer':
        return target['kind'] == 'question'
    if kind == 'standing':
        return target['kind'] == 'agreement'
    if kind == 'retraction':
        return target['by'] == body['by'] and target['kind'] not in FAMILY_WHO | {'retraction'}
    return True


def effects(bodies, voids, ids):
    """For each entry the one that now stands for it, and whether that one counts: (head, counts)."""
    at = {}
    for i, record_id in enumerate(ids):
        if not voids[i]:
            at.setdefault(record_id, i)

    def out_of_place(i):
        body = bodies[i]
        target = at.get(body.get('agreement') if body['kind'] == 'standing' else body.get('of'))
        if target is not None and not fits_target(body, bodies[target]):
            return True
        old = at.get(body.get('replaces'))
        return old is not None and (bodies[old]['by'], bodies[old]['kind']) != (body['by'], body['kind'])

    placed = [not voids[i] and not out_of_place(i) for i in range(len(bodies))]
    retracted = {at.get(b['of']) for i, b in enumerate(bodies) if placed[i] and b['kind'] == 'retraction'}
    line = {i: i for i in range(len(bodies))}  # entry -> name of its line
    head = {i: i for i in range(len(bodies))}  # name of a line -> its head
    arrived = set()

    def join(i, target):
        ours, theirs = line[i], line[target]
        if ours == theirs:
            return
        a, b = head[theirs], head[ours]
        if target != a and bodies[b]['key'] == bodies[a]['key'] and bodies[b]['seq'] < bodies[a]['seq']:
            b = a
        for entry, name in line.items():
            if name == ours:
                line[entry] = theirs
        head[theirs] = b

    for i in range(len(bodies)):
        if not placed[i]:
            continue
        arrived.add(i)
        old = at.get(bodies[i].get('replaces'))
        if old is not None and old in arrived:
            join(i, old)
        for j in sorted(arrived - {i}):
            if bodies[j].get('replaces') == ids[i] and at[ids[i]] == i:
                join(j, i)

    def counts(i):
        if not placed[i] or i in retracted or head[line[i]] != i:
            return False
        named = [body_id for key in NEEDS.get(bodies[i]['kind'], []) + ['replaces'] if key in bodies[i]
                 for body_id in ([bodies[i][key]] if isinstance(bodies[i][key], str) else bodies[i][key])]
        return all(n in at for n in named)

    return [(head[line[i]], counts(i)) for i in range(len(bodies))]


# ---- tables

TABLES = '''
CREATE TEMP TABLE text(entry INTEGER PRIMARY KEY, received INTEGER, head INTEGER, counts INTEGER, json TEXT,
                       place INTEGER UNIQUE);
CREATE TEMP TABLE record(entry INTEGER PRIMARY KEY, id TEXT, kind TEXT, by TEXT, received INTEGER, written INTEGER,
                         json TEXT);
CREATE TEMP TABLE about(entry INTEGER, target INTEGER, named BLOB, PRIMARY KEY(entry,target));
CREATE TEMP TABLE named(entry INTEGER, name TEXT, alternate INTEGER);
CREATE TEMP TABLE act(entry INTEGER PRIMARY KEY, kind TEXT, by TEXT, t INTEGER, told INTEGER, act TEXT, channel TEXT, result TEXT,
                      receipt TEXT, due TEXT, of TEXT, w0 INTEGER, w1 INTEGER, json TEXT);
CREATE TEMP TABLE said(entry INTEGER, field TEXT, value, upto INTEGER);
CREATE INDEX temp.said_entry ON said(entry);
CREATE TEMP TABLE belong(sort TEXT, of TEXT, name TEXT, b0 INTEGER, b1 INTEGER);
CREATE INDEX temp.belong_name ON belong(name);
'''

FILL = '''
-- What counts: the index says which entries there are, spec/record.md 8 which of them count. From here on an entry is
-- known by its place in the order that matters.
INSERT INTO record SELECT t.place, lower(hex(e.id)), e.kind, e.author, t.received,
    seconds(json_extract(t.json,'$.written')), t.json
  FROM main.entry e JOIN text t ON t.entry=e.entry WHERE t.counts;
-- Whoever speaks of a record that was replaced speaks of what stands in its place.
INSERT OR IGNORE INTO about SELECT b.place, h.place, f.target FROM main.reference f JOIN text b ON b.entry=f.entry
  JOIN main.entry e ON e.id=f.target AND e.is_void=0 JOIN text t ON t.entry=e.entry JOIN text h ON h.entry=t.head
  WHERE f.field IN ('about','of') AND b.counts AND h.counts;
-- Signed acts: at the later of what they state and when they were received; an attempt at its stated time.
INSERT INTO act SELECT entry, kind, by,
    CASE kind WHEN 'attempt' THEN seconds(json_extract(json,'$.at'))
              ELSE max(received, coalesce(seconds(json_extract(json,'$.at')),received)) END,
    CASE kind WHEN 'attempt' THEN seconds(json_extract(json,'$.at'))
              ELSE max(received, coalesce(seconds(json_extract(json,'$.at')),received)) END,
    json_extract(json,'$.act'), coalesce(json_extract(json,'$.channel'),json_extract(json,'$.scope.channel')),
    coalesce(json_extract(json,'$.result'),json_extract(json,'$.decision'),json_extract(json,'$.finding')),
    json_extract(json,'$.receipt'),
    coalesce(json_extract(json,'$.acknowledge_by'),json_extract(json,'$.answer_by')),
    coalesce(json_extract(json,'$.of'),json_extract(json,'$.agreement')),
    seconds(json_extract(json,'$.event.when.from')), seconds(json_extract(json,'$.event.when.to')), json
  FROM record WHERE kind IN ('notice','acknowledgement','question','answer','standing','attempt','approval','finding');
INSERT INTO named SELECT r.entry, n.value, 0 FROM record r, json_each(r.json,'$.to') n
  WHERE r.kind IN ('notice','question','attempt');
INSERT INTO named SELECT r.entry, n.value, 1 FROM record r, json_each(r.json,'$.alternates') n
  WHERE r.kind IN ('notice','question');
'''

def said():
    """Where each kind says each field: of an event alone, or of itself."""
    out = """
INSERT INTO said SELECT entry,'when',seconds(json_extract(json,'$.at')),seconds(json_extract(json,'$.at'))
  FROM record WHERE kind='passage';
INSERT INTO said SELECT entry,'step',json_extract(json,'$.step'),NULL FROM record WHERE kind='passage';
"""
    when = ['when.exact', 'when']
    for kind, at in [('report', '$'), ('claim', '$'), ('claim', '$.event'), ('finding', '$.event'), ('response', '$.event'),
                     ('passage', '$')]:
        own = ('act', 'actor') if (kind, at) == ('claim', '$') else ('act', 'actor', 'target', 'where', 'weapon')
        for field in own:
            out += f"""
INSERT INTO said SELECT entry,'{field}',json_extract(json,'{at}.{field}'),NULL FROM record
  WHERE kind='{kind}' AND json_extract(json,'{at}.{field}') IS NOT NULL;
"""
        edges = [f"seconds(coalesce({','.join(f'json_extract(json,{chr(39)}{at}.{w}.{edge}{chr(39)})' for w in when)},NULL))"
                 for edge in ('from', 'to')]
        out += f"""
INSERT INTO said SELECT entry,'when',{','.join(edges)} FROM record
  WHERE kind='{kind}' AND json_extract(json,'{at}.when') IS NOT NULL;
"""
        # "about n" is wrong by up to a quarter either way; "at least n" has no most
        for word in ('sum', 'max'):
            out += f"""
INSERT INTO said SELECT r.entry,'{word} '||json_extract(c.value,'$.kind'),
    {word}(CASE json_extract(c.value,'$.exactness') WHEN 'at-most' THEN 0
        WHEN 'about' THEN (3*json_extract(c.value,'$.n')+3)/4 ELSE json_extract(c.value,'$.n') END),
    {word}(CASE json_extract(c.value,'$.exactness') WHEN 'at-least' THEN 1000000000000
        WHEN 'about' THEN 5*json_extract(c.value,'$.n')/4 ELSE json_extract(c.value,'$.n') END)
  FROM record r, json_each(r.json,'{at}.counts') c WHERE r.kind='{kind}'
  GROUP BY r.entry, json_extract(c.value,'$.kind');
"""
    return out


class Log:
    """entries: (received in seconds, void, canonical text)"""

    def __init__(self, path, entries):
        self.bodies = [json.loads(text) for _, _, text in entries]
        self.ids = [hashlib.sha256(text.encode() + b'\n').hexdigest() for _, _, text in entries]
        self.effects = effects(self.bodies, [void for _, void, _ in entries], self.ids)
        self.sql = sqlite3.connect(path, isolation_level=None, cached_statements=1000)
        self.sql.create_function('seconds', 1, lambda text: None if text is None else seconds(text), deterministic=True)
        self.sql.execute('PRAGMA temp_store=MEMORY')
        self.sql.executescript(TABLES)
        self.sql.execute('BEGIN')
        order = sorted(range(len(entries)), key=lambda i: (entries[i][0], *[self.bodies[i][k] for k in ('by', 'key', 'seq')]))
        self.sql.executemany('INSERT INTO text VALUES(?,?,?,?,?,?)', [(i, entries[i][0], *self.effects[i], entries[i][2], place)
                                                                      for place, i in enumerate(order)])
        for statement in (FILL + said()).split(';\n'):
            if statement.strip():
                self.sql.execute(statement)
        self.find_members(entries)
        self.find_designated()
        self.sql.execute('CREATE INDEX temp.about_target ON about(target)')

    def close(self):
        self.sql.close()

    def rows(self, statement, *values):
        return self.sql.execute(statement, values).fetchall()

    def belong(self, sort, of, name, b0, b1):
        if b0 < b1:
            self.sql.execute('INSERT INTO belong VALUES(?,?,?,?,?)', (sort, of, name, b0, b1))

    def find_members(self, entries):
        """Roles, and who answers for whom: the last that was said of each party."""
        self.roles, answers = {}, {}
        for i, body in enumerate(self.bodies):  # who is a member follows the log
            if entries[i][1]:
                continue
            if body['kind'] == 'genesis':
                self.roles = {f['party']: f['role'] for f in body['founders']}
            if body['kind'] == 'party':
                self.roles[body['party']] = body['role']
                if 'answers_for' in body:
                    answers[body['party']] = body['answers_for']
        for name, role in self.roles.items():
            self.belong('role', role, name, NEVER, EVER)
        for name, others in answers.items():
            for other in others:
                self.belong('answered_for', name, other['party'], seconds(other['from']),
                            seconds(other['until']) if 'until' in other else EVER)

    def find_designated(self):
        """Who was designated when: at each moment the last word of the secretariat that holds then."""
        words = [(entry, b, seconds(b['from']), seconds(b['until']) if 'until' in b else EVER)
                 for entry, b in ((e, json.loads(j)) for e, j in self.rows(
                     "SELECT entry,json FROM record WHERE kind='designation' ORDER BY entry"))
                 if self.roles.get(b['by']) == 'secretariat']
        edges = sorted({NEVER, EVER} | {t for _, _, b0, b1 in words for t in (b0, b1)})
        spans = {}
        for b0, b1 in zip(edges, edges[1:]):
            listed, affiliate = {}, {}
            for _, b, f, u in words:
                if f <= b0 < u:
                    if 'designation' in b:
                        listed[b['group']] = b['designation'] == 'in'
                    if 'affiliate_of' in b:
                        affiliate[b['group']] = b['affiliate_of']
            chosen = {name for name, is_in in listed.items() if is_in}
            while True:  # an affiliate of one, over several steps; whoever is listed as out is out
                more = {n for n, of in affiliate.items() if of in chosen and n not in listed} - chosen
                if not more:
                    break
                chosen |= more
            for name, of in list(affiliate.items()):
                while of in affiliate:
                    of = affiliate[of]
                    affiliate.setdefault((name, of), of)
            for key in [('designated', '', n) for n in chosen] + [
                    ('affiliate_of', of, n if isinstance(n, str) else n[0]) for n, of in affiliate.items()]:
                whole = spans.setdefault(key, [])
                if whole and whole[-1][1] == b0:
                    whole[-1][1] = b1
                else:
                    whole.append([b0, b1])
        for key, whole in spans.items():
            for b0, b1 in whole:
                self.belong(*key, b0, b1)
