"""What a sealed value may look like: the tables of fields that spec/record.md ends with, read as they stand there, and the
rules beyond them that a value of a field that may be sealed can break."""
import base64, json, os, re
from datetime import datetime

SPEC = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'spec', 'record.md')


def tables(path):
    """{heading: {field: (needed, value)}}; objects stand as *name*, kinds as their name, the envelope as ''."""
    out, heading = {}, None
    with open(path, encoding='utf-8') as file:
        for line in file.read().split('### Fields of every kind')[1].splitlines():
            head = re.match(r'### `(.+?)`|(\*[^*]+\*)$', line)
            row = re.fullmatch(r'\| `(\w+)` \|(.*)\|(.*)\|', line)
            if head:
                heading = head[1] or head[2]
            elif row:
                out.setdefault(heading or '', {})[row[1]] = row[2].strip(), row[3].strip().split(';')[0]
    return out


TABLES = tables(SPEC)
MOST = 2**53 - 1


def canonical(value):
    """RFC 8785 for what json.md lets stand: members by the UTF-16 of their names, no number but integers."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode('utf-16-be'))
        return '{%s}' % ','.join('%s:%s' % (canonical(n), canonical(value[n])) for n in names)
    if isinstance(value, list):
        return '[%s]' % ','.join(map(canonical, value))
    return json.dumps(value, ensure_ascii=False)


def string(value, least=0, most=60000):
    return isinstance(value, str) and least <= len(value.encode()) <= most


def matches(pattern):
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII) is not None


def integer(value, least=-MOST, most=MOST):
    return type(value) is int and least <= value <= most


def time(value):
    try:
        return matches(r'\d{4}(-\d\d){2}T\d\d(:\d\d){2}Z')(value) and bool(datetime.strptime(value, '%Y-%m-%dT%H:%M:%SZ'))
    except ValueError:
        return False


def duration(value):
    if not matches(r'P([1-9]\d{0,8})D|PT(0|[1-9]\d{0,8})[HMS]')(value):
        return False
    n, unit = int(re.search(r'\d+', value)[0]), value[-1]
    larger = {'S': 60, 'M': 60, 'H': 24, 'D': 0}[unit]
    return value == 'PT0S' if n == 0 else not larger or n % larger != 0


def key(value):
    try:
        name, id_, raw = value.split('+', 2)
        return matches('[0-9a-f]{8}')(id_) and bool(name and base64.b64decode(raw, validate=True))
    except (AttributeError, ValueError):
        return False


def text(value):
    if not isinstance(value, dict):
        return False
    languages = {k for k in value if re.fullmatch('[a-z]{2,3}', k)}
    by, machine = value.get('translated_by', {}), value.get('machine', [])
    if set(value) - languages - {'original', 'translated_by', 'machine'} or value.get('original') not in languages:
        return False
    if not isinstance(by, dict) or not isinstance(machine, list) or {} == value.get('translated_by') or [] == value.get('machine'):
        return False
    return (all(string(value[k], 1, 20000) for k in languages) and all(string(v, 1, 200) for v in by.values()) and
            machine == sorted(set(machine)) and sorted([*by, *machine]) == sorted(languages - {value['original']}))


NAME = matches('[a-z0-9-]{1,64}')
PLAIN = {
    'name': NAME, 'id': matches('[0-9a-f]{64}'), 'hash': matches('[0-9a-f]{64}'), 'key id': matches('[0-9a-f]{8}'),
    'term': matches('[a-z0-9-]{1,64}(/[a-z0-9-]{1,64})?'), 'time': time, 'duration': duration, 'text': text,
    'boolean': lambda value: isinstance(value, bool), 'any JSON': lambda value: True, 'any': lambda value: True,
    'pointer': lambda value: matches('(/([^~/]|~[01])*)*')(value) and string(value, 0, 255),
    'verifier key': key, 'verifier or reader key': key,
}


def beyond(object_):
    """What spec/record.md §3 wants beyond the tables."""
    rising = [object_[n] for n in ('low', 'best', 'high') if n in object_]
    line, polygon = object_.get('line'), object_.get('polygon')
    return ('to' not in object_ or object_['from'] <= object_['to']) and rising == sorted(rising) and \
        ('least_m' not in object_ or object_['least_m'] <= object_['most_m']) and (line is None or len(line) >= 2) and \
        (polygon is None or (len(polygon) >= 3 and polygon[0] != polygon[-1]))


def has_form(value, form):
    """Does `value` have the form that a table's last column asks for?"""
    many = re.fullmatch('(list|set) of (.+)', form)
    numbers = [int(n) for n in re.findall(r'-?\d+', form)]
    if many:
        if not isinstance(value, list) or not 1 <= len(value) <= 1024 or not all(has_form(v, many[2]) for v in value):
            return False
        forms = [canonical(v).encode() for v in value]
        return many[1] == 'list' or forms == sorted(set(forms))
    if form.startswith('*'):
        return has_fields(value, TABLES[form])
    if form.startswith('`'):
        return value in form.strip('`').split('` `')
    if form.startswith('integer'):
        return integer(value, *numbers)
    return string(value, *numbers) if form.startswith('string') else PLAIN[form](value)


def has_fields(value, table):
    if not isinstance(value, dict) or set(value) - set(table):
        return False
    if not all(has_form(v, table[name][1]) for name, v in value.items()):
        return False
    def count(needed):
        return sum(name in value for name, row in table.items() if row[0] == needed), \
            sum(row[0] == needed for row in table.values())
    (needed, all_needed), (one, any_one), (some, any_some) = count('yes'), count('one of'), count('some of')
    return needed == all_needed and one == min(1, any_one) and some >= min(1, any_some) and \
        (needed < all_needed or beyond(value))


def field_form(kind, pointer):
    """The form of the field that `pointer` names in a record of this kind, or None: it leads through objects alone."""
    table, form = {**TABLES[''], **TABLES[kind]}, None
    for step in pointer.split('/')[1:]:
        if step not in (table or {}):
            return None
        form = table[step][1]
        table = TABLES[form] if form.startswith('*') else None
    return form
