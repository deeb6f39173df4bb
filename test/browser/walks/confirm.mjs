// An officer of the night confirms a notice: what is read back is typed without being seen, a difference is shown and
// nothing is signed, and what agrees is signed by Enter.
import { writeFileSync } from 'node:fs'
import path from 'node:path'

const PASSPHRASE = 'a long walk by the river at dawn'
const NOTICE = ['to=russia', 'at=2016-10-04T09:00:00Z', 'acknowledge_by=2016-10-04T18:00:00Z', 'channel=deconfliction',
  'alternates=syria-government', 'event.act=convoy', 'event.where.point.lat_e7=362510000', 'event.where.point.lon_e7=371200000', 'event.where.radius_m=50',
  'event.when.from=2016-10-05T05:00:00Z', 'event.when.to=2016-10-05T09:00:00Z', 'event.when.precision=exact',
  'text.en=Thirty-one trucks.', 'text.original=en', 'read_back=/event/where/point,/event/when']

function key(room) {
  const passphrase = path.join(room.folder, 'passphrase'), file = path.join(room.folder, `russia-${Math.random()}.json`)
  writeFileSync(passphrase, PASSPHRASE + '\n', { mode: 0o600 })
  const made = room.truce('key', 'export', '--browser', `${room.keys}/russia.key`, '--out', file, '--new-passphrase-file', passphrase)
  room.check(made.status === 0, made.stderr)
  return file
}

function notice(room) {
  const done = room.truce('write', 'notice', '-C', room.case, '--key', `${room.keys}/united-states.key`, '--submit', '--json', ...NOTICE)
  room.check(done.status === 0, 'a notice is written: ' + done.stderr + done.stdout)
  return JSON.parse(done.stdout.trim().split('\n').at(-1)).id
}

async function type(page, values) {
  for (const [pointer, value] of Object.entries(values)) await page.locator(`input[name="${pointer}"]`).fill(value)
}

const RIGHT = { '/event/where/point/lat_e7': '36.2510', '/event/where/point/lon_e7': '٣٧٫١٢', '/event/when/from': '2016-10-05 05:00',
  '/event/when/to': '2016-10-05 09:00' }

async function read(room, lang, javascript) {
  const id = notice(room)
  const page = await room.page({ lang, javascript, device: lang === 'ar' ? 'phone' : 'desktop' })
  await room.go(page, `/notices/${id}/confirm`)
  const blind = await page.content()
  room.check(!/36\.25|362510000|37\.12|371200000|05:00|Thirty-one/.test(blind), 'what is to be read back is not in the page')
  if (javascript) await room.axe(page, `read back ${lang}`)
  await type(page, { ...RIGHT, '/event/where/point/lat_e7': '36.1510' })
  await Promise.all([page.waitForNavigation(), page.locator('input[name="/event/when/to"]').press('Enter')])
  const told = (await page.locator('.fault').first().innerText()).replace(/[\u2066-\u2069]/g, '')
  room.check(told.includes('36.251') && told.includes('36.1510') && told.includes('11'), 'the difference is shown: ' + told)
  room.check(await page.locator('input[name="/event/when/from"]').inputValue() === '2016-10-05 05:00', 'what was typed is kept')
  if (javascript) await room.axe(page, `a difference ${lang}`)
  if (javascript) await room.shot(page, `confirm-differs.${lang}`)
  await type(page, RIGHT)
  await Promise.all([page.waitForNavigation(), page.locator('input[name="/event/when/to"]').press('Enter')])
  room.check(await page.locator('.agrees').isVisible(), 'what agrees is told')
  return { id, page }
}

async function inThePage(room, lang) {
  const { id, page } = await read(room, lang, true)
  await room.axe(page, `to be signed ${lang}`)
  await page.keyboard.press('Enter')
  await page.locator('#unlock').waitFor()
  await page.locator('#unlock input[type=file]').setInputFiles(key(room))
  await page.locator('#unlock input[type=password]').fill(PASSPHRASE)
  await page.locator('#unlock button').first().click()
  await page.locator('main .agrees a, #confirm-fault:not([hidden])').first().waitFor()
  room.check(!await page.locator('#confirm-fault').isVisible(), await page.locator('#confirm-fault').innerText().catch(() => ''))
  await room.shot(page, `confirm-done.${lang}`)
  const found = room.truce('list', '-C', room.case, '--kind', 'acknowledgement', '--json').stdout
  room.check(found.includes(`"of":"${id}"`) && found.includes('"read-back"'), 'the receipt is in the log')
  const standing = JSON.parse(room.truce('standing', '-C', room.case, '--json').stdout)
  room.check(!standing.open.notices.some(n => n.id === id && n.to === 'russia'), 'the notice waits no more')
}

async function byHand(room, lang) {
  const { id, page } = await read(room, lang, false)
  const object = await page.locator('#by-hand pre').first().innerText()
  const file = path.join(room.folder, 'acknowledgement.json')
  writeFileSync(file, object)
  const done = room.truce('write', 'acknowledgement', '-C', room.case, '--from', file, '--key', `${room.keys}/russia.key`, '--submit', '--json')
  room.check(done.status === 0, 'without scripts the command signs it: ' + done.stderr)
  const found = room.truce('list', '-C', room.case, '--kind', 'acknowledgement', '--json').stdout
  room.check(found.includes(`"of":"${id}"`), 'and it is in the log')
}

export default async function (room) {
  for (const lang of ['en', 'ar']) {
    await inThePage(room, lang)
    await byHand(room, lang)
  }
}
