// The lawyer's afternoon: what several told of one happening. In the 2016 case the list, and the convoy that many reported:
// observed, received, known; its place with its error; who linked what. In a register of our own the two accounts of one
// explosion: suggested first, joined by whoever the reading names and by nobody else, and the evidence with its custody.
import { mkdirSync, writeFileSync } from 'node:fs'

const main = page => page.locator('main')
const flat = text => text.replace(/[\u2066-\u2069\u200e\u200f\u061c]/g, '').replace(/\s+/g, ' ')
const said = async page => flat(await main(page).innerText())
const HEADINGS = {
  en: ['Observed, received, known', 'Place', 'Links decided', 'What each reading takes for one event', 'Links suggested', 'Evidence and custody'],
  ar: ['الرصد والاستلام والعلم', 'المكان', 'ما تقرر من ربط أو تمييز', 'ما تعدّه كل قراءة حادثاً واحداً', 'ما يُقترح ربطه', 'مواد الإثبات وحيازتها'],
}

async function json(room, where, headers = {}) {
  const answer = await fetch(room.base + where, { headers: { Accept: 'application/json', ...headers } })
  return (await answer.text()).trim().split('\n').map(line => JSON.parse(line))
}

async function fits(room, page, what) {
  room.check(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${what} runs over`)
}

/* ---- the 2016 case */

async function theList(room, page, lang) {
  const all = await json(room, '/incidents?several=yes')
  await room.go(page, '/incidents?several=yes')
  await room.axe(page, `incidents ${lang}`)
  await fits(room, page, `incidents ${lang}`)
  const rows = page.locator('tr[data-item]')
  room.check(await rows.count() === all.length && all.length > 10, `a row for each incident (${all.length})`)
  const links = await rows.evaluateAll(each => each.map(row => ({
    head: row.querySelector('th a')?.getAttribute('href'), records: row.querySelectorAll('a[href^="/records/"]').length,
    loose: [...row.querySelectorAll('.told li')].filter(li => li.querySelector('a') === null).length })))
  room.check(links.every(row => /^\/incidents\/[0-9a-f]{64}/.test(row.head) && row.records > 0), 'each leads to its incident and its records')
  room.check(links.every(row => row.loose === 0), 'those that are only counted are one link away')
  room.check(all.some(line => line.incident.members.length > 6), 'some have more than a row shows')
  await page.locator('select[name=against]').selectOption('russia')
  await page.locator('form.filters button').click()
  await page.waitForURL('**against=russia**')
  const few = await rows.count()
  room.check(few > 0 && few < all.length && page.url().includes('several=yes'), `filters add up (${few})`)
  const wrong = await room.go(page, '/incidents?from=yesterday')
  room.check(wrong.status() === 400 && await page.locator('#fault').isVisible() && await page.locator('form.filters input[name=from]').inputValue() === 'yesterday',
    'what makes no sense is said, and stays')
  await room.go(page, '/incidents?by=witness&from=2016-09-12&to=2016-09-12')
  room.check(await main(page).locator('a[href="/incidents"]').count() === 1, 'where nothing is, a way on')
}

async function theConvoy(room, page, lang) {
  const id = room.id('--kind', 'report', '--by', 'red-crescent', '--from', '2016-09-19T16:00:00Z')
  const [{ incident }] = await json(room, `/incidents/${id}`)
  await room.go(page, `/incidents/${id.slice(0, 8)}`)
  await room.axe(page, `incident ${lang}`)
  await fits(room, page, `incident ${lang}`)
  const heads = (await main(page).locator('h2').allInnerTexts()).map(flat)
  room.check(heads.join('|') === HEADINGS[lang].join('|'), `its sections, ${lang}: ${heads}`)
  const rows = await main(page).locator('tbody tr[data-item]').evaluateAll(all => all.map(row => ({
    href: row.querySelector('th a').getAttribute('href'), cells: [...row.cells].map(cell => cell.innerText.trim()) })))
  room.check(rows.length === incident.members.length && rows.every((row, n) => row.href.includes(incident.members[n].id)),
    `every account is a row that leads to its record (${rows.length})`)
  room.check(rows.every(row => row.cells.length === 6 && row.cells.every(text => text.length > 0)), 'each says what it says, when, received, known, where')
  room.check(rows.every((row, n) => flat(row.cells[3]).includes(incident.members[n].received.slice(11, 16))), 'and when it was received')
  const sketch = page.locator('svg.sketch')
  const drawn = flat((await sketch.locator('text').allTextContents()).join(' '))
  const placed = incident.members.flatMap((member, n) => (member.disc ? [n + 1] : []))
  room.check(placed.every(n => new RegExp(`\\b${n}\\b`).test(drawn)), `each place is drawn with its number: ${drawn}`)
  room.check(await sketch.locator('circle').count() === 2 && await sketch.locator('circle[stroke-dasharray]').count() === 1,
    'as far as it may be wrong, and as far as the named place reaches')
  room.check(/ (km|كم)/.test(drawn) && await sketch.getAttribute('aria-label') !== null, 'to scale, and said in words')
  await theLinks(room, page, incident)
}

async function theLinks(room, page, incident) {
  const links = await page.locator('ul.links > li').evaluateAll(all => all.map(li => ({
    ids: [...li.querySelectorAll('a[href^="/records/"]')].map(a => a.getAttribute('href').slice(9, 73)), differs: li.querySelector('.differs') !== null })))
  room.check(links.length === incident.links.length, `${links.length} links`)
  incident.links.forEach((link, n) => {
    room.check([link.id, ...link.about, ...link.contradicted_by].every(id => links[n].ids.includes(id)), `link ${link.id.slice(0, 8)} leads to all that it names`)
    room.check(links[n].differs === link.contradicted_by.length > 0, `whether another link says the opposite of ${link.id.slice(0, 8)}`)
  })
  room.check(incident.links.some(link => link.followed_by.length === 0) && incident.links.some(link => link.followed_by.length > 0), 'of both sorts')
  const decide = await page.locator('a.decide').evaluateAll(all => all.map(a => a.getAttribute('href')))
  room.check(decide.length === 2 * incident.suggested.length && decide.every(href => /^\/file\/link\?link=(same|distinct)&/.test(href)),
    'each suggestion can be decided either way')
}

// As it was known on the evening itself: one account, and no link.
async function thatEvening(room, page) {
  const id = room.id('--kind', 'report', '--by', 'red-crescent', '--from', '2016-09-19T16:00:00Z')
  const [{ incident }] = await json(room, `/incidents/${id}?known=2016-09-19T19:00:00Z`)
  await room.go(page, `/incidents/${id}?known=2016-09-19T19:00:00Z`)
  room.check(await page.locator('.as-known').isVisible() && await page.locator('main tbody tr[data-item]').count() === incident.members.length,
    'as known then')
  room.check(incident.links.length === 0 && await page.locator('ul.links').count() === 0, 'nobody had linked anything')
}

// The address of a report that its author withdrew says so, and leads to what was known before.
const WITHDRAWN = { en: 'Withdrawn by its author', ar: 'سحبها مُصدرها' }

async function theWithdrawn(room, page, lang) {
  const retraction = room.id('--kind', 'retraction')
  const [{ of }] = await json(room, `/records/${retraction}`)
  const answer = await room.go(page, `/incidents/${of}`)
  room.check(answer.status() === 200, `its address still answers (${answer.status()})`)
  const text = await said(page)
  room.check(text.includes(WITHDRAWN[lang]) && text.includes('10:10'), `by whom and when: ${text.slice(0, 300)}`)
  for (const id of [of, retraction]) room.check(await main(page).locator(`a[href^="/records/${id}"]`).count() === 1, 'each with its record')
  await room.axe(page, `withdrawn ${lang}`)
  await fits(room, page, `withdrawn ${lang}`)
  await main(page).locator('a[href*="known="]').click()
  await page.waitForURL('**known=**')
  room.check(await page.locator('main tbody tr[data-item]').count() === 1, 'what was known stays known')
}

/* ---- a register of our own */

const TALES = {
  north: { when: { from: '2020-03-01T06:00:00Z', to: '2020-03-01T06:05:00Z', precision: 'exact' }, metres: 900, lat: 362010000, text: 'A blast by the mill' },
  watch: { when: { from: '2020-03-01T06:02:00Z', to: '2020-03-01T06:02:30Z', precision: 'exact' }, metres: 250, lat: 362000000, text: 'One explosion, seen' },
}

function does(room, what, ...words) {
  const done = room.truce(...words)
  room.check(done.status === 0, `${what}: ${(done.stderr + done.stdout).slice(0, 300)}`)
  return done.stdout.trim()
}

// {register, write(kind, by, object): its id, token, members}
function make(room) {
  const folder = `${room.folder}/mill`, register = `${folder}/register`, office = `${register}/keys/office.key`
  mkdirSync(folder)
  const write = (kind, by, object) => {
    const file = `${folder}/${kind}.json`
    writeFileSync(file, JSON.stringify(object))
    const line = does(room, `${kind} by ${by}`, 'write', '-C', register, kind, '--from', file, '--key',
      by === 'office' ? office : `${folder}/${by}.key`, '--submit', '--json').split('\n').at(-1)
    return JSON.parse(line).id
  }
  does(room, 'init', 'init', register, '--origin', 'truce.example/mill', '--name', 'office', '--yes')
  for (const [party, role] of [['north', 'party'], ['south', 'party'], ['watch', 'monitor']]) {
    const [key, recovery] = ['key', 'recovery'].map(use => does(room, use, 'key', 'new', party, '--out', `${folder}/${party}.${use}`))
    write('party', 'office', { party, role, names: { en: `The ${party}`, ar: `ال${party}`, original: 'en', translated_by: { ar: 'the walk' } }, keys: [key], recovery })
  }
  const agreement = write('agreement', 'office', { agreement: 'mill', title: { en: 'The mill', original: 'en' }, parties: ['north', 'south'],
    groups: { sides: ['north', 'south'], watchers: ['watch'] }, anchors: { start: { at: '2020-01-01T00:00:00Z' } },
    readings: { monitor: { trust: '*', links: 'watchers', need: ['report'] } }, force: { assent: 'sides', from: 'start' } })
  for (const side of ['north', 'south'])
    write('standing', side, { agreement, act: 'assent', scope: { whole: true }, at: '2019-12-01T00:00:00Z' })
  const token = does(room, 'member', 'member', 'add', 'lawyer', '--members', `${folder}/members`)
  return { register, write, token, members: `${folder}/members` }
}

const report = by => ({ act: 'explosion', method: 'seen', when: TALES[by].when, text: { en: TALES[by].text, original: 'en' },
  where: { point: { lat_e7: TALES[by].lat, lon_e7: 371000000 }, radius_m: TALES[by].metres } })
const link = (about, reason) => ({ link: 'same', about: [...about].sort(), text: { en: reason, original: 'en' } })

async function each(room, here, what) {
  for (const lang of ['en', 'ar'])
    for (const javascript of [true, false]) {
      const page = await here.page({ lang, javascript, extraHTTPHeaders: { Authorization: `Bearer ${here.token}` }, viewport: { width: 320, height: 700 } })
      await what(page, lang)
      await here.axe(page, `${page.url()} ${lang}`)
      await fits(room, page, `${page.url()} ${lang}`)
      await page.context().close()
    }
}

async function ofOurOwn(room) {
  const { register, write, token, members } = make(room)
  const north = write('report', 'north', report('north')), watch = write('report', 'watch', report('watch'))
  const site = await room.serve({ directory: register, words: ['--members', members] })
  const here = Object.assign(Object.create(room), { base: site.base, token })
  const headers = { Authorization: `Bearer ${token}` }
  const list = () => json(here, '/incidents', headers)

  room.check((await list()).length === 2, 'two accounts are two incidents while nobody links them')
  await each(room, here, async page => {
    await room.go(page, `${here.base}/incidents/${north}`)
    const about = await page.locator('a.decide').first().getAttribute('href')
    room.check(await page.locator('a.decide').count() === 2 && about.includes(north) && about.includes(watch), 'they are suggested to be one')
    room.check(await page.locator('ul.links').count() === 0, 'no link is decided')
    room.check(await page.locator('svg.sketch circle').count() === 1, 'its error alone is drawn')
  })

  const bySouth = write('link', 'south', link([north, watch], 'The same blast'))
  room.check((await list()).length === 2, 'whom no reading names joins nothing')
  const byWatch = write('link', 'watch', link([north, watch], 'One crater, seen by both'))
  const evidence = write('evidence', 'watch', { about: [watch], sha256: 'ab'.repeat(32), size_bytes: 20480, media_type: 'image/jpeg',
    custody: [{ act: 'collected', by: 'watch', at: '2020-03-01T07:00:00Z' }, { act: 'stored', by: 'office', at: '2020-03-02T09:00:00Z' }] })
  room.mill = { here, write, north, watch, byWatch }
  const joined = await list()
  room.check(joined.length === 1 && joined[0].incident.members.length === 2, 'whom a reading names joins them')
  await each(room, here, async (page, lang) => {
    await room.go(page, `${here.base}/incidents`)
    room.check(await page.locator('tr[data-item]').count() === 1, 'one row')
    await page.locator('tr[data-item] th a').click()
    await page.waitForURL('**/incidents/*')
    const text = await said(page)
    room.check([TALES.north, TALES.watch].every(tale => text.includes(tale.when.from.slice(11, 16))), 'each account keeps its own time')
    room.check(await page.locator('svg.sketch circle').count() === 2, 'each place with its error')
    const links = page.locator('ul.links > li')
    room.check(await links.count() === 2 && await links.locator(`a[href*="${bySouth}"]`).count() === 1 && await links.locator(`a[href*="${byWatch}"]`).count() === 1,
      'both links stand there')
    room.check(text.includes('One crater, seen by both'), 'with their reasons')
    room.check(await page.locator('a.decide').count() === 0, 'nothing is suggested any more')
    room.check(await page.locator(`main a[href*="${evidence}"]`).count() > 0 && text.includes('ab'.repeat(8)), 'evidence, with its hash')
    room.check(text.includes(lang === 'ar' ? 'سلسلة الحيازة' : 'Chain of custody') && text.slice(-200).includes('09:00'), 'and who had it since when')
  })
}

// Both accounts are withdrawn: whatever was said of them leads to that.
async function nothingIsLeft(room) {
  const { here, write, north, watch, byWatch } = room.mill
  const headers = { Authorization: `Bearer ${here.token}` }
  const claim = write('claim', 'south', { about: [north], actor: 'north', text: { en: 'They fired it', original: 'en' } })
  const why = { text: { en: 'Two blasts were mixed up', original: 'en' } }
  write('retraction', 'watch', { of: watch, ...why })
  room.check((await json(here, '/incidents', headers))[0].incident.members.length === 2, 'one account and what is claimed of it are left')
  const last = write('retraction', 'north', { of: north, ...why })
  room.check((await (await fetch(`${here.base}/incidents`, { headers: { Accept: 'application/json', ...headers } })).text()) === '', 'no incident is left')
  for (const [id, gone] of [[north, [north]], [claim, [north]], [byWatch, [north, watch]]]) {
    const [{ incident }] = await json(here, `/incidents/${id}`, headers)
    room.check(incident.gone.map(one => one.id).sort().join() === [...gone].sort().join() && incident.gone.every(one => one.effect === 'retracted'),
      `${id.slice(0, 8)} leads to what was withdrawn`)
    room.check(incident.named_by.includes(claim) && incident.named_by.includes(byWatch), 'and to who spoke of it')
  }
  await each(room, here, async (page, lang) => {
    const answer = await room.go(page, `${here.base}/incidents/${claim}`)
    const text = await said(page)
    room.check(answer.status() === 200 && text.includes(WITHDRAWN[lang]) && text.includes('Two blasts were mixed up'), 'withdrawn, with the reason')
    for (const id of [north, last, claim]) room.check(await main(page).locator(`a[href^="/records/${id}"]`).count() > 0, 'each with its record')
  })
}

export default async function (room) {
  for (const lang of ['en', 'ar'])
    for (const javascript of [true, false]) {
      const page = await room.page({ lang, javascript, viewport: { width: javascript ? 1280 : 320, height: 900 } })
      await theList(room, page, lang)
      await theConvoy(room, page, lang)
      await thatEvening(room, page)
      await theWithdrawn(room, page, lang)
      await page.setViewportSize({ width: 320, height: 700 })
      await room.go(page, '/incidents')
      await fits(room, page, `incidents at 320 px ${lang}`)
      await room.follow(page.locator('tr[data-item] th a').first())
      await fits(room, page, `an incident at 320 px ${lang}`)
    }
  const narrow = await room.page({ lang: 'ar', viewport: { width: 320, height: 700 } })
  await room.go(narrow, `/incidents/${room.id('--kind', 'report', '--by', 'red-crescent', '--from', '2016-09-19T16:00:00Z')}`)
  await room.axe(narrow, 'incident at 320 px')
  await narrow.emulateMedia({ media: 'print' })
  room.check(!await narrow.locator('nav.places').isVisible(), 'the print has no navigation')
  await ofOurOwn(room)
  await nothingIsLeft(room)
}
