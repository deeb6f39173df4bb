// The liaison officer's night: what waits, for whom, the most urgent first; as one party and those it answers for; what is
// confirmed disappears from another open page; a notice that is due sounds once the sound is on.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'

const PASSPHRASE = 'a long walk by the river at dawn'
const NOTICE = (due, alternates = 'syria-government') => ['to=russia', 'at=2026-01-05T09:00:00Z', `acknowledge_by=${due}`, `alternates=${alternates}`,
  'text.en=A convoy passes.', 'text.original=en']

function write(room, kind, by, ...fields) {
  const done = room.truce('write', kind, '-C', room.case, '--key', `${room.keys}/${by}.key`, '--submit', '--json', ...fields)
  room.check(done.status === 0, `${kind}: ${done.stderr}${done.stdout}`)
  return JSON.parse(done.stdout.trim().split('\n').at(-1)).id
}

async function asParty(room, lang, javascript) {
  const page = await room.page({ lang, javascript })
  await room.go(page, '/today?as-of=2016-10-04')
  const everybody = await page.locator('.party').count()
  await room.axe(page, `today ${lang}`)
  await page.locator('select[name=party]').selectOption('russia')
  await Promise.all([page.waitForURL('**party=russia**'), page.locator('.as-party button').click()])
  const parties = await page.locator('.party h2').allInnerTexts()
  room.check(parties.length > 0 && parties.length < everybody, `as a party fewer are shown: ${parties}`)
  room.check(page.url().includes('as-of=2016-10-04'), 'the moment is kept')
  const json = await (await page.request.get(room.base + '/today?as-of=2016-10-04&party=russia', { headers: { Accept: 'application/json' } })).json()
  room.check(json.waiting.for.includes('russia') && json.waiting.for.includes('syria-government'), 'and those it answers for')
  room.check(json.waiting.notices.every(n => json.waiting.for.includes(n.to)), 'nothing of others')
  const due = json.waiting.notices.map(n => n.due ?? '9')
  room.check(due.join() === [...due].sort().join(), 'the most urgent first')
}

async function windows(room) {
  const page = await room.page({ lang: 'ar' })
  await room.go(page, '/today?as-of=2016-09-13&known=2016-09-13')
  room.check(await page.locator('.windows').count() === 2, 'time limits, and where watching is missing')
  room.check(await page.locator('.windows a[href*="/why/"]').count() > 3, 'each leads to its explanation')
  const text = (await page.locator('.windows').first().innerText()).replace(/[\u2066-\u2069]/g, '')
  room.check(/\d\d:\d\d UTC \([^)]*\d\d:\d\d بالتوقيت المحلي\)/.test(text), `times show the clocks of the place: ${text.slice(0, 200)}`)
  await room.axe(page, 'windows')
}

async function sounds(room) {
  const page = await room.page({ lang: 'en' })
  await room.go(page, '/today')
  await page.evaluate(() => { window.heard = 0; document.addEventListener('truce-sounded', () => { window.heard++ }) })
  room.check(await page.locator('#sound').isVisible() && /off/.test(await page.locator('#sound .hint').innerText()), 'sound is off, and that is told')
  await page.locator('#sound button').click()
  const soon = new Date(Date.now() + 600000).toISOString().slice(0, 19) + 'Z'
  const id = write(room, 'notice', 'united-states', ...NOTICE(soon))
  const item = page.locator(`[data-item="${id}"]`).first()
  await item.waitFor({ timeout: 5000 })
  room.check(await page.waitForFunction(() => window.heard > 0, null, { timeout: 5000 }).then(() => true, () => false), 'it sounds')
  const marked = page.locator(`[data-item="${id}"].sounding`).first() // again at the next tick, if news came in between
  room.check(await marked.waitFor({ timeout: 5000 }).then(() => true, () => false), 'and is marked')
  room.check(/on/.test(await page.locator('#sound .hint').innerText()), 'the sound stays on when news come')
  write(room, 'acknowledgement', 'russia', `of=${id}`, 'at=2026-01-05T10:00:00Z', 'receipt=received')
  room.check(await item.waitFor({ state: 'detached', timeout: 5000 }).then(() => true, () => false), 'confirmed, it is gone')
}

const inSeconds = n => new Date(Date.now() + n * 1000).toISOString().slice(0, 19) + 'Z'

async function unlock(room, page) {
  const passphrase = path.join(room.folder, 'passphrase'), file = path.join(room.folder, `caller-${Math.random()}.json`)
  writeFileSync(passphrase, PASSPHRASE + '\n', { mode: 0o600 })
  room.truce('key', 'export', '--browser', `${room.keys}/united-states.key`, '--out', file, '--new-passphrase-file', passphrase)
  await page.locator('#unlock input[type=file]').setInputFiles(file)
  await page.locator('#unlock input[type=password]').fill(PASSPHRASE)
  await page.locator('#unlock button').first().click()
}

// Its time is over: who is next is named until somebody was tried; then whoever comes after them.
async function attempts(room, lang) {
  const id = write(room, 'notice', 'united-states', ...NOTICE(inSeconds(-60), 'syria-government,monitor'))
  const page = await room.page({ lang, device: lang === 'ar' ? 'phone' : 'desktop' }), item = page.locator(`[data-item="${id}"]`)
  await room.go(page, '/today')
  const named = async () => await item.locator('.next-alternate').isVisible() ? item.locator('.next-alternate').innerText() : ''
  const first = await named()
  room.check(/Syria|سوري/.test(first), `the first alternate is named: ${first}`)
  await room.axe(page, `an overdue notice ${lang}`)
  await item.locator('.next-alternate a').click()
  await page.waitForURL(/file\/attempt/)
  room.check(await page.locator('form.filing [name=to]').inputValue() === 'syria-government', 'whom it is about is filled in')
  await page.locator('[name=means][value=radio]').check()
  await room.axe(page, `an attempt ${lang}`)
  await room.shot(page, `attempt.${lang}.${lang === 'ar' ? 'phone' : 'desktop'}`)
  await page.locator('[name="at~time"]').press('Enter')
  room.check(page.url().includes('/file/attempt'), 'Enter in a field signs nothing')
  await page.locator('button[name=result][value=no-answer]').click()
  await page.locator('#unlock').waitFor()
  await unlock(room, page)
  await page.waitForURL(/today$/)
  const second = await named()
  room.check(/onitor|رصد|مراقب/.test(second) && second !== first, `then the next: ${second}`)
  room.check(await item.locator('.fields .records a').count() === 1, 'the attempt is listed')
  await room.shot(page, `today-attempt.${lang}.${lang === 'ar' ? 'phone' : 'desktop'}`)
  await item.locator('.next-alternate a').click() // two taps, for the means is as it was last
  await page.waitForURL(/file\/attempt/)
  await page.waitForFunction(() => document.querySelector('[name="~author"]').value !== '')
  await page.locator('button[name=result][value=reached]').click()
  await page.waitForURL(/today$/)
  room.check(await named() === '', 'nobody is left to be named')
  const found = room.truce('list', '-C', room.case, '--kind', 'attempt', '--json').stdout.trim().split('\n').map(l => JSON.parse(l)).filter(a => a.of === id)
  room.check(found.map(a => `${a.to} ${a.means} ${a.result}`).join() === 'syria-government radio no-answer,monitor radio reached',
    `the attempts are in the log: ${JSON.stringify(found)}`)
}

// Without scripts: the same form, then the text, the line that signs it, and the note taken back.
async function attemptByHand(room, lang) {
  const id = write(room, 'notice', 'united-states', ...NOTICE(inSeconds(-60)))
  const page = await room.page({ lang, javascript: false })
  await room.go(page, '/today')
  await room.follow(page.locator(`[data-item="${id}"] .confirm .attempt`))
  const author = await page.locator('[name="~author"] option[value^="united-states:"]').first().getAttribute('value')
  await page.locator('[name="~author"]').selectOption(author)
  await page.locator('[name=means][value=telephone]').check()
  await page.locator('[name="at~time"]').fill(inSeconds(-120).slice(0, 17) + '07')
  await room.follow(page.locator('button[name=result][value=wrong-person]'))
  await room.follow(page.locator('button.main'))
  const line = await page.locator('pre').nth(1).textContent()
  const said = spawnSync('sh', ['-c', line.replace(/^truce/, room.program).replace('--key ', `--key ${room.keys}/`)], { encoding: 'utf8' })
  room.check(said.status === 0, `the line signs the text: ${said.stderr}`)
  await page.locator('textarea[name=notes]').fill(said.stdout)
  await page.locator('form[action="/outbox"] button').click()
  await page.waitForURL(/records\/[0-9a-f]{64}/)
  const note = JSON.parse(room.truce('show', page.url().split('/').pop(), '-C', room.case, '--json').stdout)
  room.check(note.of === id && note.to === 'russia' && note.result === 'wrong-person', `an attempt by hand: ${JSON.stringify(note)}`)
}

// The time runs out while one looks; what is more than a day late sounds no more; the chosen item is opened by a key.
async function runsOut(room) {
  const page = await room.page({ lang: 'en' })
  const old = write(room, 'notice', 'united-states', ...NOTICE(inSeconds(-90000)))
  const soon = write(room, 'notice', 'united-states', ...NOTICE(inSeconds(8)))
  await room.go(page, '/today')
  const next = page.locator(`[data-item="${soon}"] .next-alternate`)
  room.check(!await next.isVisible(), 'as long as there is time nobody else is named')
  await page.locator('.sounding').first().waitFor()
  room.check(await page.locator(`[data-item="${soon}"]`).evaluate(e => e.classList.contains('sounding')), 'what is due sounds')
  room.check(!await page.locator(`[data-item="${old}"]`).evaluate(e => e.classList.contains('sounding')), 'a day late, it sounds no more')
  await next.waitFor({ timeout: 20000 })
  room.check(/Syria/.test(await next.innerText()), 'then the alternate is named')
  await page.keyboard.press('KeyJ')
  const chosen = await page.evaluate(() => document.activeElement.closest('[data-item]').dataset.item)
  await page.keyboard.press('KeyO')
  await page.waitForURL('**/records/' + chosen)
  room.check(true, 'o opens what is chosen')
}

export default async function (room) {
  for (const lang of ['ar', 'en']) {
    await attempts(room, lang)
    await attemptByHand(room, lang)
  }
  await runsOut(room)
  for (const lang of ['ar', 'en']) for (const javascript of [true, false]) await asParty(room, lang, javascript)
  await windows(room)
  await sounds(room)
}
