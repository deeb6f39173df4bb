// Filing a record: a key of the exercise is exported for the browser, unlocked in the page of one's own server, and signs;
// Lock now forgets it.
import { spawnSync } from 'node:child_process'
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
  await room.follow(other.locator('main a'))
  room.check(await signing(other, s => s.unlocked()) === null, 'the key is gone')
  room.check(!await other.locator('#signing').isVisible(), 'and the page says so')
}


// ---- the form

const WHERE = { en: '040° 5-7 km from castello-checkpoint-west', ar: '٤٠° ٥-٧ كم من castello-checkpoint-west' }

async function choose(page, name, value) {
  await page.locator(`[name="${name}"]`).selectOption(value)
}

// A monitor in a team site: everything by keys, and few of them.
async function report(room, lang) {
  const page = await room.page({ lang })
  await room.go(page, '/file')
  await room.axe(page, `/file ${lang}`)
  await page.locator('a.tile').first().click()
  await page.waitForURL(/file\/report/)
  await room.axe(page, `/file/report ${lang}`)
  let strokes = 0
  const press = async key => { strokes++; await page.keyboard.press(key) }
  const type = async text => { strokes += text.length; await page.keyboard.type(text) }
  room.check(await page.evaluate(() => document.activeElement?.name) === 'method', 'the first field has the focus')
  await choose(page, 'method', 'heard') // a letter in a list
  await press('Tab')
  await choose(page, 'act', 'explosion')
  strokes += 2
  await page.locator('[name="where~where"]').focus()
  strokes += 5
  await type(WHERE[lang])
  await page.locator('[name="text~text"]').focus()
  strokes++
  await type(lang === 'ar' ? 'سُمعت خمسة انفجارات.' : 'Five explosions were heard.')
  await page.locator('button.main').click()
  await page.locator('#unlock').waitFor()
  await unlock(room, page, exported(room, 'monitor'), PASSPHRASE)
  await page.locator('.view svg.drawn').waitFor()
  await room.axe(page, `who sees what ${lang}`)
  await room.shot(page, `file-look.${lang}.desktop`)
  const seen = await page.locator('.view').innerText()
  room.check(seen.includes(WHERE[lang]), `the words of the place are shown: ${seen}`)
  room.check(page.url().includes('/file/report'), 'nothing was signed before it was confirmed')
  room.check(await page.locator('[name="~wide"]').evaluate(e => e === document.activeElement), 'the confirmation has the focus')
  await press('Space')
  await page.locator('button.main').click()
  await page.waitForURL(/records\/[0-9a-f]{64}/)
  strokes += 2
  room.check(strokes < 120, `a report took ${strokes} keystrokes`)
  const note = JSON.parse(room.truce('show', page.url().split('/').pop(), '-C', room.case, '--json').stdout)
  room.check(note.where.bearing.degrees === 40 && note.where.bearing.least_m === 5000 && note.where.bearing.most_m === 7000
    && note.where.name === WHERE[lang] && note.by === 'monitor', `the record has area and words: ${JSON.stringify(note.where)}`)
  room.check(Object.keys(note.text).includes(lang) && note.text.original === lang, 'and the language of its words')
  await room.axe(page, `the record that was filed ${lang}`)
  await room.go(page, '/file')
  room.check(await page.locator('#drafts li').count() === 0, 'no draft is left of what was signed')
  return page
}

// What was typed is kept where something is wrong, and it is said at the field.
async function mistakes(room, page, lang) {
  await room.go(page, '/file/report')
  await choose(page, 'act', 'explosion')
  await page.locator('[name="where~where"]').fill('nowhere at all')
  await page.locator('[name="text~text"]').fill('Kept?')
  await page.locator('button.main').click()
  await page.locator('[aria-invalid]').waitFor()
  room.check(await page.locator('[aria-invalid]').getAttribute('name') === 'where~where', 'the fault stands at its field')
  room.check(await page.locator('[name="text~text"]').inputValue() === 'Kept?', 'what was typed is kept')
  await room.axe(page, `a form with a fault ${lang}`)
  await page.locator('[name="where~where"]').fill('aleppo')
  await page.locator('button.main').click()
  await page.locator('[name=method][aria-invalid]').waitFor()
  room.check(true, 'what is missing is told as well')
}

// The browser ends in the middle: the draft is there again, and nobody reads it without the key.
async function crash(room, page) {
  await room.go(page, '/file/report')
  await page.locator('[name="text~text"]').fill('A witness by name of Nobody saw it.')
  await page.waitForFunction(() => Object.keys(localStorage).some(k => k.startsWith('truce-draft:')))
  await page.waitForTimeout(300)
  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage }))
  room.check(!stored.includes('Nobody') && !stored.includes('witness'), 'nothing lies in clear in the storage')
  const after = await page.context().newPage()
  await page.close()
  await room.go(after, '/file')
  const draft = after.locator('#drafts a').filter({ hasText: 'A witness' })
  await draft.waitFor()
  await room.axe(after, 'drafts')
  await draft.click()
  await after.waitForFunction(() => document.querySelector('[name="text~text"]')?.value.includes('Nobody'))
  room.check(true, 'the draft is back')
  await after.locator('[data-lock]').click()
  await after.locator('main.locked').waitFor()
  room.check(!(await after.content()).includes('Nobody'), 'Lock now clears the screen')
  await room.go(after, '/file')
  room.check(await after.locator('#drafts li').count() === 0, 'a locked draft is not shown')
  await after.locator('#drafts-locked button').waitFor()
  await after.close()
}

// Two taps begin a watch, two end it.
async function watch(room, page, lang) {
  await room.go(page, '/today')
  await page.locator('[data-watch=start]').click()
  await page.waitForURL(/watch=start/)
  await room.axe(page, `Start watch ${lang}`)
  await page.locator('[name="where~where"]').fill('castello-road')
  await choose(page, 'how', 'post')
  await page.locator('button.main').click()
  await page.waitForURL(/records\//)
  const begun = JSON.parse(room.truce('show', page.url().split('/').pop(), '-C', room.case, '--json').stdout)
  room.check(begun.when.from === begun.when.to, 'a watch that goes on is a moment')
  await room.go(page, '/records')
  await page.waitForFunction(() => document.querySelector('[data-watch=end]').href.includes('correct='))
  await page.locator('[data-watch=end]').click()
  await page.waitForURL(/watch=end/)
  await page.waitForTimeout(1100)
  await page.locator('.view').waitFor()
  await page.locator('button.main').click()
  await page.waitForURL(/records\//)
  const ended = JSON.parse(room.truce('show', page.url().split('/').pop(), '-C', room.case, '--json').stdout)
  room.check(ended.replaces === begun.id && ended.when.from === begun.when.from && ended.when.to > ended.when.from
    && ended.where.place === 'castello-road' && ended.how === 'post', `its end takes its place: ${JSON.stringify(ended)}`)
  await room.go(page, '/file/coverage?watch=start')
  await page.locator('.view').waitFor()
  room.check(await page.locator('[name="where~where"]').inputValue() === 'castello-road', 'the next one begins at the same place: two taps')
}

// axe-core is a script itself: where scripts do not run it looks at a copy of the page.
async function axeOfCopy(room, page, lang, what) {
  const copy = await room.page({ lang }), body = await page.content()
  await copy.route('**/copy', route => route.fulfill({ contentType: 'text/html; charset=utf-8', body }))
  await room.go(copy, '/copy')
  await room.axe(copy, what)
  await copy.close()
}

// Without JavaScript: the text, the line that signs it, and the note taken back.
async function byHand(room, lang) {
  const page = await room.page({ lang, javascript: false })
  await room.go(page, '/file/report')
  await page.locator('[name="~author"]').selectOption({ index: 1 })
  const author = await page.locator('[name="~author"] option[value^="monitor:"]').getAttribute('value')
  await page.locator('[name="~author"]').selectOption(author)
  await choose(page, 'method', 'seen')
  await choose(page, 'act', 'explosion')
  await choose(page, '~zone', '+03:00')
  await page.locator('[name="when.from~time"]').fill('2016-09-20T06:55:30')
  await page.locator('[name="where~where"]').fill('36.2012, 37.1612')
  await page.locator('[name="text~text"]').fill("It's seen.")
  await room.follow(page.locator('button.main'))
  await axeOfCopy(room, page, lang, `who sees what, without scripts ${lang}`)
  await page.locator('[name="~wide"]').check()
  await page.locator('button.main').click()
  await page.locator('textarea[name=notes]').waitFor()
  await axeOfCopy(room, page, lang, `the text to be signed ${lang}`)
  await room.shot(page, `file-sign.${lang}.desktop`)
  const text = await page.locator('pre').first().textContent()
  const line = await page.locator('pre').nth(1).textContent()
  const said = spawnSync('sh', ['-c', line.replace(/^truce/, room.program).replace('--key ', `--key ${room.keys}/`)], { encoding: 'utf8' })
  room.check(said.status === 0 && said.stdout.startsWith(text), `the line signs the text: ${said.stderr}`)
  await page.locator('textarea[name=notes]').fill(said.stdout)
  await page.locator('form[action="/outbox"] button').click()
  await page.waitForURL(/records\/[0-9a-f]{64}/)
  const note = JSON.parse(room.truce('show', page.url().split('/').pop(), '-C', room.case, '--json').stdout)
  room.check(note.when.from === '2016-09-20T03:55:30Z' && note.when.to === note.when.from, 'a local time is kept as UTC')
  await room.follow(page.locator('a[href*="retraction"]'))
  room.check(await page.locator('form.filing [name=of]').inputValue() === note.id, 'withdrawing names the record')
  await axeOfCopy(room, page, lang, `withdrawing ${lang}`)
  await room.go(page, `/file/report?correct=${note.id}`)
  room.check(await page.locator('form.filing [name=replaces]').inputValue() === note.id
    && await page.locator('[name="where~where"]').inputValue() === '36.2012, 37.1612'
    && await page.locator('[name="text~text"]').inputValue() === "It's seen.", 'correcting begins with what was said')
  await axeOfCopy(room, page, lang, `correcting ${lang}`)
}

export default async function (room) {
  for (const lang of ['en', 'ar']) {
    await lock(room, await sign(room, lang))
    const page = await report(room, lang)
    await mistakes(room, page, lang)
    await watch(room, page, lang)
    await crash(room, page)
    await byHand(room, lang)
  }
}
