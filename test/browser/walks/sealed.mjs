// A member who is not a named reader finds no exact place or time of a sealed site, convoy, watch or report in any page,
// list, export, feed, file or search: everything that links lead to, and every form of every list, is looked through. The
// same register without sealing shows that the looking finds what is there.
import { mkdirSync, writeFileSync } from 'node:fs'

const MARK = 'Qasr-al-Zaytun'
const PLACE = { point: { lat_e7: 361234987, lon_e7: 371987234 }, radius_m: 37, name: `${MARK} mill` }
const ROUTE = { line: [{ lat_e7: 361234987, lon_e7: 371987234 }, { lat_e7: 361239871, lon_e7: 371982341 }], radius_m: 40 }
const WHEN = { from: '2016-09-12T10:11:12Z', to: '2016-09-12T10:15:16Z', precision: 'exact' }
const SECRETS = [MARK, '361234987', '371987234', '36.1234', '37.1987', '361239871', '36.1239', '10:11:12', '10:15:16',
  '36°7', '36° 7']
const RECORDS = {
  site: { site: 'mill', protects: 'shelter', where: PLACE, consent: { by: 'the miller', at: '2016-09-01T00:00:00Z' },
    sharing: '10km', expires: '2030-01-01T00:00:00Z' },
  passage: { passage: 'convoy-1', step: 'under-way', at: '2016-09-12T09:00:00Z', where: PLACE, route: ROUTE },
  coverage: { where: PLACE, when: WHEN, how: 'post' },
  report: { act: 'shelling', method: 'seen', when: WHEN, where: PLACE, observer: { function: `miller of ${MARK}` },
    text: { en: `Seen from the roof of ${MARK}`, original: 'en' } },
}
const SEALED = [
  { kind: 'report', pointers: ['/observer', '/text', '/when', '/where'] },
  { kind: 'coverage', pointers: ['/when', '/where'] },
  { kind: 'passage', pointers: ['/route', '/where'] },
  { kind: 'site', pointers: ['/where'] },
]

function does(room, what, ...words) {
  const done = room.truce(...words)
  room.check(done.status === 0, `${what}: ${(done.stderr + done.stdout).slice(0, 300)}`)
  return done.stdout.trim()
}

function make(room, name, sealing) {
  const folder = `${room.folder}/${name}`, register = `${folder}/register`
  mkdirSync(folder)
  const file = (name, value) => (writeFileSync(`${folder}/${name}.json`, JSON.stringify(value)), `${folder}/${name}.json`)
  does(room, 'init', 'init', register, '--origin', 'truce.example/sealed', '--name', 'office', '--yes')
  const office = `${register}/keys/office.key`, recovery = `${register}/keys/office.recovery.key`
  const [signs, recovers] = ['key', 'recovery'].map(use =>
    does(room, use, 'key', 'new', 'relief', '--out', `${folder}/relief.${use}`))
  does(room, 'party', 'write', '-C', register, 'party', '--from', file('party', { party: 'relief', role: 'humanitarian',
    names: { en: 'Relief', original: 'en' }, keys: [signs], recovery: recovers }), '--key', office, '--submit')
  const public_ = does(room, 'reader', 'key', 'new', 'office', '--out', `${folder}/office.reader`, '--read')
  does(room, 'reader key', 'write', '-C', register, 'key', 'party=office', 'change=reader', `verifier=${public_}`, '--key',
    recovery, '--submit')
  if (sealing)
    does(room, 'policy', 'write', '-C', register, 'policy', '--from', file('policy', { sealed_by_default: SEALED }), '--key',
      office, '--submit')
  const ids = Object.entries(RECORDS).map(([kind, record]) => {
    const said = does(room, kind, 'write', '-C', register, kind, '--from', file(kind, record), '--key',
      /site|passage/.test(kind) ? `${folder}/relief.key` : office,
      ...(sealing ? ['--reader', 'office'] : []), '--submit', '--json')
    return JSON.parse(said.split('\n').at(-1)).id
  })
  const token = does(room, 'member', 'member', 'add', 'north', '--members', `${folder}/members`)
  return { register, ids, token, members: `${folder}/members` }
}

const secrets = text => SECRETS.filter(secret => text.includes(secret))

// What the member is given at every address: {address: what of the secrets stands there}.
async function lookThrough(room, { register, ids, token, members }) {
  const site = await room.serve({ directory: register, words: ['--members', members] })
  const here = Object.assign(Object.create(room), { base: site.base })
  const headers = { Authorization: `Bearer ${token}` }
  const start = ['/today', '/handover', '/standing', '/compliance', '/records', '/integrity', '/changes', '/difference?known=1', '/access', '/access?state=open',
    ...ids.map(id => `/access/${id}`), ...ids.map(id => `/records/${id}`),
    `/records?text=${MARK}`, '/records?near=36.1235,37.1987&within=100', '/records?bbox=37.19,36.12,37.2,36.13']
  const { pages, files } = await here.crawl({ start, headers, each: 6 })
  const forms = pages.flatMap(p => ['json', 'csv', 'geojson'].map(f => p + (p.includes('?') ? '&' : '?') + 'f=' + f))
  const others = [...ids.flatMap(id => ['note', 'proof', 'receipt'].map(f => `/records/${id}/${f}`)), '/tile/entries/000.p/' +
    JSON.parse(await (await fetch(site.base + '/healthz')).text()).published]
  const found = {}
  for (const where of new Set([...pages, ...forms, ...files, ...others])) {
    const answer = await fetch(site.base + where, { headers: { Accept: 'text/html', ...headers } })
    const asked = decodeURIComponent(where)
    const there = secrets(await answer.text()).filter(secret => !asked.includes(secret))
    if (there.length > 0) found[where] = there
  }
  const events = new AbortController()
  const stream = await fetch(`${site.base}/events?after=0`, { headers, signal: events.signal })
  let heard = ''
  setTimeout(() => events.abort(), 1500)
  try {
    for await (const piece of stream.body) heard += Buffer.from(piece)
  } catch { /* it was ended */ }
  room.check(ids.every(id => heard.includes(id)), 'every record is told')
  if (secrets(heard).length > 0) found['/events'] = secrets(heard)
  return { found, count: pages.length, search: pages.includes(`/records?text=${MARK}`) &&
    await (await fetch(`${site.base}/records?text=${MARK}`, { headers })).text() }
}

export default async function (room) {
  const open = await lookThrough(room, make(room, 'open', false))
  for (const where of ['/records?text=' + MARK]) room.check(where in open.found || open.search !== '', `unsealed, ${where} finds it`)
  room.check(Object.keys(open.found).length > 10, 'unsealed, the looking finds what is there')
  const sealed = await lookThrough(room, make(room, 'sealed', true))
  room.check(sealed.count > 12, `${sealed.count} pages were looked through`)
  room.check(sealed.search === '', 'a search finds nothing that is sealed')
  for (const [where, what] of Object.entries(sealed.found)) room.check(false, `${where} shows ${what}`)
}
