// Filing a record: a key of the exercise is exported for the browser, unlocked in the page of one's own server, and signs;
// Lock now forgets it.
import { writeFileSync } from 'node:fs'
import path from 'node:path'

const PASSPHRASE = 'a long walk by the river at dawn'
const REPORT = {
  kind: 'report', act: 'explosion', method: 'heard', 'when.from': '2016-09-20T04:55:00Z', 'when.to': '2016-09-20T04:56:00Z',
  'text.en': 'Five explosions were heard.', 'text.original': 'en',
}

function exported(room, name) {
  const passphrase = path.join(room.folder, 'passphrase'), file = path.join(room.folder, `${name}-${Math.random()}.json`)
  writeFileSync(passphrase, PASSPHRASE + '\n', { mode: 0o600 })
  const made = room.truce('key', 'export', '--browser', `${room.keys}/${name}.key`, '--out', file, '--new-passphrase-file', passphrase)
  room.check(made.status === 0, `a key is exported for the browser: ${made.stderr}`)
  return file
}

// The page's own module of signing, as other modules import it.
async function signing(page, what, value) {
  const module = await page.evaluateHandle(() => import(
    performance.getEntriesByType('resource').map(e => e.name).find(name => /\/sign-/.test(name))))
  return module.evaluate(what, value)
}

async function unlock(room, page, file, passphrase) {
  await page.locator('#unlock input[type=file]').setInputFiles(file)
  await page.locator('#unlock input[type=password]').fill(passphrase)
  await page.locator('#unlock button').first().click()
}

async function sign(room, lang) {
  const file = exported(room, 'russia')
  const page = await room.page({ lang })
  await room.go(page, '/records')
  room.check(!await page.locator('#signing').isVisible(), 'nothing is unlocked at first')
  const wanted = signing(page, s => s.ready())
  await page.locator('#unlock').waitFor()
  await room.axe(page, `the dialog that unlocks ${lang}`)
  await unlock(room, page, file, 'something else')
  await page.locator('#unlock .fault').waitFor()
  await unlock(room, page, file, PASSPHRASE)
  const who = await wanted
  room.check(who?.by === 'russia', `the key is unlocked: ${JSON.stringify(who)}`)
  await room.go(page, '/today')
  await page.locator('#signing').waitFor()
  room.check((await page.locator('#signing').innerText()).includes('russia'), 'another page knows the key')
  await room.axe(page, `a key is unlocked ${lang}`)
  const done = await signing(page, (s, value) => s.write(value), REPORT)
  room.check(/^[0-9a-f]{64}$/.test(done.receipt.id), `a report is signed and admitted: ${JSON.stringify(done.receipt)}`)
  const shown = room.truce('show', done.receipt.id, '-C', room.case, '--note')
  room.check(shown.stdout === done.note, 'the log has the note as it was signed')
  const again = await signing(page, (s, value) => s.send(value), done.note)
  room.check(again.id === done.receipt.id, 'handed in again it gets the same receipt')
  const wrong = await signing(page, (s, value) => s.write(value).catch(e => ({ code: e.code, pointer: e.pointer, message: e.message })),
    { ...REPORT, method: 'felt' })
  room.check(wrong.pointer === '/method', `a fault stands at its field: ${JSON.stringify(wrong)}`)
  const tampered = await signing(page, (s, value) => s.send(value).catch(e => e.code), done.note.replace('Five', 'Nine'))
  room.check(tampered === 'keep-signature', `a note that was changed is not kept: ${tampered}`)
  const theirs = room.truce('list', '-C', room.case, '--by', 'united-states', '--json', '--limit', '1').stdout
  const refused = await signing(page, (s, value) => s.write(value).catch(e => e.code),
    { kind: 'retraction', of: JSON.parse(theirs).id })
  room.check(/^admission-/.test(refused), `what the log refuses is told: ${refused}`)
  const next = await signing(page, (s, value) => s.write(value).then(d => d.receipt.id, e => e.message), REPORT)
  room.check(/^[0-9a-f]{64}$/.test(next), `and does not stand in the way of the next: ${next}`)
  const hidden = await signing(page, s => s.conceal({ a: 'secret' }).then(async c => [c, await s.reveal(c)]))
  room.check(hidden[1].a === 'secret' && !hidden[0].includes('secret'), 'a draft is concealed')
  return page
}

async function lock(room, page) {
  const other = await page.context().newPage()
  await room.go(other, '/records')
  await other.locator('#signing').waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  for (const one of [page, other]) {
    await one.locator('main.locked').waitFor()
    await room.axe(one, 'locked')
    room.check(!(await one.content()).includes('russia'), 'nothing is left on the screen')
  }
  await other.locator('main a').click()
  await other.waitForLoadState('load')
  room.check(await signing(other, s => s.unlocked()) === null, 'the key is gone')
  room.check(!await other.locator('#signing').isVisible(), 'and the page says so')
}

export default async function (room) {
  for (const lang of ['en', 'ar']) await lock(room, await sign(room, lang))
}
