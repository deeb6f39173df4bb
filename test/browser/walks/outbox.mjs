// What was written on one's own machine is found in the outbox, handed in, carried in a pouch and opened at another copy:
// in both languages, with a script and without. Elsewhere the page says what it is.
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const WORDS = ['The bridge at Handarat is closed.', 'جسر حندرات مغلق.']

function write(room, site, key, words, lang, ...more) {
  const done = room.truce('write', 'statement', '-C', site.case, '--key', `${site.keys}/${key}.key`, 'at=2016-10-04T10:00:00Z',
    'act=statement', 'speaker=Leila Ibrahim', `words.exact=${words}`, `words.lang=${lang}`, ...more)
  room.check(done.status === 0, 'a record is written: ' + done.stderr)
}

async function open(room, site, lang, javascript, device = 'desktop') {
  const page = await room.page({ lang, javascript, device })
  await page.context().addCookies([{ name: 'lang', value: lang, url: site.base }, { name: 'first-run', value: 'yes', url: site.base }])
  await room.go(page, site.base + '/outbox')
  return page
}

const waiting = page => page.locator('.kept > li')

async function pack(room, page, name, from = '') {
  await page.fill('[name=from]', from)
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('form.pack button')])
  const file = path.join(room.folder, name)
  await download.saveAs(file)
  return file
}

// A pouch is packed where the record waits, and opened where the log's key is.
async function carry(room, lang, javascript) {
  const as = `${lang} ${javascript ? 'script' : 'no script'}`
  const office = await room.serve({}), host = room
  write(room, office, 'russia', WORDS[0] + as, 'en')
  write(room, office, 'un', WORDS[1] + as, 'ar')
  const page = await open(room, office, lang, javascript)
  room.check(await waiting(page).count() === 2, `${as}: two records wait`)
  room.check((await page.locator('.kept').innerText()).includes(WORDS[0] + as), `${as}: their words are shown`)
  room.check(await page.locator('.records > li').count() > 10, `${as}: what is in the log stands with its level`)
  if (javascript) await room.axe(page, `outbox, ${as}`)
  await room.shot(page, `outbox-waits.${lang}.desktop`)
  const file = await pack(room, page, `${lang}-${javascript}.pouch`)
  const there = await open(room, host, lang, javascript)
  if (javascript) {
    const bytes = [...readFileSync(file)]
    await Promise.all([there.waitForNavigation(), there.evaluate(data => {
      const files = new DataTransfer()
      files.items.add(new File([new Uint8Array(data)], 'office.pouch'))
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }))
    }, bytes)])
  } else {
    await there.setInputFiles('[name=pouch]', file)
    await Promise.all([there.waitForNavigation(), there.click('form.open button')])
  }
  room.check(await there.locator('#opened .records > li').count() === 2, `${as}: the pouch brings two records`)
  if (javascript) await room.axe(there, `outbox, a pouch was opened, ${as}`)
  await room.shot(there, `outbox-opened.${lang}.desktop`)
  const found = room.truce('list', '-C', host.case, '--text', `"${WORDS[0]}"`, '--json').stdout
  room.check(found.includes(as), `${as}: they are in the log of the host`)
  await there.setInputFiles('[name=pouch]', file)
  await Promise.all([there.waitForNavigation(), there.click('form.open button')])
  room.check(await there.locator('#opened .problem').count() === 0, `${as}: opened again, nothing is twice and nothing is wrong`)
  // What waits here is handed in from the page.
  await Promise.all([page.waitForNavigation(), page.click('form.send button')])
  room.check(await page.locator('#opened .records > li').count() === 2 && await waiting(page).count() === 0, `${as}: what waited is handed in`)
  await room.shot(page, `outbox-sent.${lang}.desktop`)
  for (const one of [page, there]) await one.context().close()
  await office.close()
}

// A chain that lacks a record, and a pouch that is none, are told in sentences; nothing is half taken without a word.
async function troubles(room, lang) {
  const office = await room.serve({})
  write(room, office, 'russia', 'First.', 'en')
  const page = await open(room, office, lang, true)
  const first = await pack(room, page, `${lang}-first.pouch`)
  for (const [name, bytes] of Object.entries({ broken: readFileSync(first).subarray(0, 200), none: Buffer.from('no pouch') })) {
    const file = path.join(room.folder, `${lang}-${name}`)
    writeFileSync(file, bytes)
    await room.go(page, room.base + '/outbox')
    await page.setInputFiles('[name=pouch]', file)
    await Promise.all([page.waitForNavigation(), page.click('form.open button')])
    room.check(await page.locator('.problem').first().innerText() !== '', `${lang}: ${name} is told`)
    await room.axe(page, `a pouch that is ${name}, ${lang}`)
  }
  const other = await room.serve({ load: 'village' })
  await room.go(page, other.base + '/outbox')
  await page.setInputFiles('[name=pouch]', first)
  await Promise.all([page.waitForNavigation(), page.click('form.open button')])
  room.check((await page.locator('.problem').first().innerText()).includes('village'), `${lang}: another register's pouch is told`)
  await room.go(page, office.base + '/outbox')
  await page.fill('[name=from]', 'x')
  await Promise.all([page.waitForNavigation(), page.click('form.pack button')])
  room.check((await page.locator('.problem').innerText()).includes('x'), `${lang}: what makes no sense is told`)
}

// A log that was set back, as from an old copy, takes nothing from the pouch that shows it: it would sign a second history.
async function setBack(room) {
  const old = path.join(room.folder, 'old'), pouch = path.join(room.folder, 'newer.pouch')
  const newer = await room.serve({})
  await newer.close()
  cpSync(newer.case, old, { recursive: true })
  write(room, newer, 'russia', 'Later.', 'en', '--submit')
  room.check(room.truce('pouch', 'pack', pouch, '-C', newer.case).status === 0, 'a pouch is packed')
  const site = await room.serve({ directory: old }), page = await open(room, site, 'en', true)
  await page.setInputFiles('[name=pouch]', pouch)
  await Promise.all([page.waitForNavigation(), page.click('form.open button')])
  room.check((await page.locator('.problem').first().innerText()).includes('set back'), 'a log that was set back is told')
}

async function elsewhere(room, lang) {
  const answer = await fetch(room.base + '/outbox', { headers: { Accept: 'application/json' } })
  const lists = await answer.json()
  room.check(['arrivals', 'outbox', 'promises', 'sealed'].every(name => Array.isArray(lists[name])), 'programs get the lists')
  const phone = await open(room, room, lang, true, 'phone')
  await room.axe(phone, `outbox, phone, ${lang}`)
  room.check(await phone.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${lang}: nothing runs over on a phone`)
  await room.shot(phone, `outbox.${lang}.phone`)
}

async function hostile(room) {
  const site = await room.serve({})
  write(room, site, 'russia', `<img src=x onerror="window.hit=1">${'y'.repeat(7000)}`, 'en')
  const page = await open(room, site, 'en', true)
  room.check(await page.evaluate(() => window.hit) === undefined && await page.locator('.kept img').count() === 0, 'markup in a record does nothing')
  room.check(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), 'a long word runs over nothing')
}

export default async function (room) {
  for (const lang of ['ar', 'en']) {
    for (const javascript of [true, false]) await carry(room, lang, javascript)
    await troubles(room, lang)
    await elsewhere(room, lang)
  }
  await hostile(room)
  await setBack(room)
}
