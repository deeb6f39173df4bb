// The end of a night: what waits, what was confirmed, tried and recorded in the shift; on paper with room for two
// signatures, or signed as a notice to one's own party, whose receipt the next shift confirms.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'

const PASSPHRASE = 'a long walk by the river at dawn'
const SHIFT = '/handover?party=russia&as-of=2016-09-19T18:00:00Z&from=2016-09-17T06:00:00Z'

async function json(room, where) {
  const answer = await fetch(room.base + where, { headers: { Accept: 'application/json' } })
  return answer.ok ? answer.json() : { status: answer.status, ...await answer.json() }
}

async function seen(room, lang, javascript) {
  const page = await room.page({ lang, javascript, device: lang === 'ar' ? 'phone' : 'desktop' })
  await room.go(page, SHIFT)
  await room.axe(page, `handover ${lang}`)
  const { shift } = await json(room, SHIFT)
  const rows = await page.locator('main table.events').evaluateAll(all => all.map(t => t.tBodies[0].rows.length))
  room.check(rows.join() === [shift.open.notices.length + shift.open.questions.length, shift.confirmed.length, shift.attempts.length].join(),
    `a row for each: ${rows}`)
  room.check(shift.confirmed.length > 0 && shift.attempts.length === 3, 'receipts were confirmed, and somebody was called')
  room.check(await page.locator('main > ul.records li').count() === shift.records.length, 'and every record of the shift is there')
  room.check(await page.locator('main table.events tbody th a').evaluateAll(all => all.every(a => a.href.includes('/records/') && a.href.includes('as-of='))), 'each leads to its record at that moment')
  room.check(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), 'nothing runs over')
  await Promise.all([page.waitForURL(/from=2016-09-19T10%3A00%3A00Z|from=2016-09-19T10:00:00Z/), page.locator('main .ways a').nth(1).click()])
  room.check(page.url().includes('party=russia') && page.url().includes('as-of='), 'another beginning keeps party and moment')
  if (javascript) await room.shot(page, `handover-eight.${lang}`)
  await page.close()
}

// Shifts that meet share nothing and leave nothing out.
async function meets(room) {
  const part = async (from, to) => (await json(room, `/handover?from=${from}&as-of=${to}`)).shift.records
  const whole = await part('2016-09-16T00:00:00Z', '2016-09-19T12:00:00Z')
  const first = await part('2016-09-16T00:00:00Z', '2016-09-17T14:28:00Z'), second = await part('2016-09-17T14:28:00Z', '2016-09-19T12:00:00Z')
  room.check(first.length > 0 && second.length > 0 && [...first, ...second].join() === whole.join(), 'shifts that meet make one')
  const others = await json(room, SHIFT.replace('party=russia', 'party=ucdp'))
  room.check(others.shift.confirmed.length === 0 && others.shift.attempts.length === 0 && others.shift.open.notices.length === 0, 'others have other clocks')
  room.check((await json(room, '/handover?from=yesterday')).status === 400, 'a beginning that is none is told')
  const page = await room.page({ lang: 'en' })
  await room.go(page, '/handover?as-of=2016-09-12&known=3&from=2016-09-12T00:00:00Z')
  room.check(/Nothing was confirmed/.test(await page.locator('main').innerText()), 'an empty shift says so')
  await room.axe(page, 'an empty shift')
}

async function paper(room, lang, words) {
  const page = await room.page({ lang, javascript: false }), file = path.join(room.folder, `handover-${lang}.pdf`)
  await room.go(page, `${SHIFT}&print=${lang}`)
  await page.pdf({ path: file, preferCSSPageSize: true })
  const text = spawnSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).stdout
  room.check(words.every(word => text.includes(word)), `on paper there is room to sign (${lang})`)
  await room.shot(page, `handover-paper.${lang}`)
}

async function sign(room, lang) {
  const passphrase = path.join(room.folder, 'passphrase'), key = path.join(room.folder, `russia-${lang}.json`)
  writeFileSync(passphrase, PASSPHRASE + '\n', { mode: 0o600 })
  room.truce('key', 'export', '--browser', `${room.keys}/russia.key`, '--out', key, '--new-passphrase-file', passphrase)
  const page = await room.page({ lang })
  await room.go(page, '/handover?party=russia')
  await page.locator('main a.button').click()
  await page.waitForURL(/file\/notice/)
  room.check(await page.locator('[name="to~set"][value=russia]').isChecked(), 'it is to the party itself')
  const words = await page.locator('[name="text~text"]').inputValue()
  room.check(/[0-9a-f]{64}/.test(words) && /\/handover\?party=russia&from=.*&known=\d+/.test(words), `it bears root and address: ${words}`)
  await page.locator('button.main').click()
  await page.locator('#unlock').waitFor()
  await page.locator('#unlock input[type=file]').setInputFiles(key)
  await page.locator('#unlock input[type=password]').fill(PASSPHRASE)
  await page.locator('#unlock button').first().click()
  const wide = page.locator('[name="~wide"]')
  await Promise.race([wide.waitFor().catch(() => {}), page.waitForURL(/records\//)])
  if (!page.url().includes('/records/')) {
    await wide.check()
    await page.locator('button.main').click()
    await page.waitForURL(/records\//)
  }
  const id = page.url().split('/').pop()
  const waits = (await json(room, '/handover?party=russia')).shift.open.notices.find(n => n.id === id)
  room.check(waits?.from === 'russia' && waits.to === 'russia', 'the next shift is asked to confirm it')
  const again = await json(room, /\/handover\S+/.exec(words)[0])
  room.check(again.root === /[0-9a-f]{64}/.exec(words)[0], 'its address leads to the same root')
  const done = room.truce('write', 'acknowledgement', '-C', room.case, '--key', `${room.keys}/russia.key`, '--submit', '--json', `of=${id}`,
    'at=2026-01-05T10:00:00Z', 'receipt=received')
  room.check(done.status === 0, done.stderr)
  const after = (await json(room, '/handover?party=russia')).shift
  room.check(!after.open.notices.some(n => n.id === id) && after.confirmed.includes(JSON.parse(done.stdout.trim().split('\n').at(-1)).id), 'then it is confirmed, and by whom')
}

export default async function (room) {
  for (const lang of ['ar', 'en']) for (const javascript of [true, false]) await seen(room, lang, javascript)
  await meets(room)
  await paper(room, 'en', ['Handed over by', 'Taken over by', 'Signature'])
  await paper(room, 'ar', [])
  for (const lang of ['ar', 'en']) await sign(room, lang)
}
