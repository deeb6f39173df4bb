// Integrity: what stands behind the register and what in it does not fit, with the exact commands by which anybody checks
// it; and on one's own server the page of a record checks itself in the browser. A byte that was changed is told in a
// sentence; a server that serves others claims nothing of the kind.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const KIND = ['--kind', 'notice']

async function seen(room, lang, javascript, device) {
  const as = `${lang}, ${device}${javascript ? '' : ', no script'}`
  const page = await room.page({ lang, javascript, device })
  await room.go(page, '/heads') // an address of before
  room.check(new URL(page.url()).pathname === '/integrity', `${as}: who stands behind the log is part of it`)
  await room.axe(page, `integrity, ${as}`)
  const text = (await page.locator('main').innerText()).replace(/[\u2066-\u2069]/g, '')
  const whole = await (await fetch(room.base + '/integrity')).json()
  for (const part of [whole.genesis, whole.key, whole.head.root, whole.head.phrase, 'quorum none', `truce verify DIR --genesis ${whole.genesis} --policy policy.txt`])
    room.check(text.includes(part), `${as}: ${part}`)
  room.check(/^(\d{3} ){6}\d{3}$/.test(whole.head.phrase), 'a phrase of threes')
  room.check(await page.locator('main bdi[dir=ltr]', { hasText: whole.head.phrase }).count() === 1, `${as}: read from the left`)
  room.check(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${as}: nothing runs over`)
  await page.locator(`main a[href="/records?known=${whole.head.size}"]`).click()
  await page.waitForURL('**/records?known=*')
}

async function copied(room, lang) {
  const page = await room.page({ lang, permissions: ['clipboard-read', 'clipboard-write'] })
  await room.go(page, '/integrity')
  const button = page.locator('pre + button').first(), before = await button.innerText()
  await button.click()
  await page.waitForFunction(text => document.querySelector('pre + button').textContent !== text, before)
  room.check((await page.evaluate(() => navigator.clipboard.readText())).startsWith('truce mirror '), `${lang}: a command is copied`)
}

// The commands of the page of a host, as they stand there.
async function typed(room) {
  const { base, close } = await room.serve({ words: ['--host', 'register.example:80'] })
  const answer = await fetch(base + '/integrity', { headers: { Accept: 'text/html', Cookie: 'lang=en' } })
  const page = await room.page({ lang: 'en', javascript: false })
  await page.setContent(await answer.text())
  const steps = await page.locator('pre').allInnerTexts(), copy = path.join(room.folder, 'copy')
  room.check(steps[0].startsWith(`truce mirror ${base} DIR --genesis `), `the host's own address: ${steps[0]}`)
  const { head: { phrase } } = await (await fetch(base + '/integrity', { headers: { Accept: 'application/json' } })).json()
  mkdirSync(copy)
  writeFileSync(path.join(copy, 'policy.txt'), steps[1] + '\n')
  for (const step of [steps[0], steps[2]]) {
    const run = spawnSync(room.program, step.split(' ').slice(1), { cwd: copy, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } })
    room.check(run.status === 0, `${step}: ${run.stdout}${run.stderr}`)
    if (step === steps[2]) room.check(run.stdout.includes(phrase), `the command line ends with the phrase of the page, ${phrase}: ${run.stdout}`)
  }
  const record = await (await fetch(`${base}/records/${room.id(...KIND)}`, { headers: { Accept: 'text/html' } })).text()
  room.check(!record.includes('id="check"') && !/check-[0-9a-f]+\.js/.test(record), 'a server that serves others shows no check')
  await close()
}

// Waits until the page of a record has said what it found.
async function checked(page) {
  await page.waitForSelector('#check[data-checked]', { timeout: 10000 })
  return { verdict: await page.getAttribute('#check', 'data-checked'), said: await page.locator('#check [role=status]').innerText() }
}

async function holds(room, lang, device) {
  const page = await room.page({ lang, device })
  const ids = [room.id(...KIND), ...(device === 'phone' ? [] : ['genesis', 'party', 'report'].map(kind => room.id('--kind', kind)))]
  for (const id of ids) {
    await room.go(page, `/records/${id}`)
    const { verdict, said } = await checked(page)
    room.check(verdict === 'yes', `${lang}: the check holds: ${said}`)
    room.check(await page.locator('#check .values > li:visible').count() === 5, `${lang}: and says what it checked`)
  }
  await room.axe(page, `a record that checks itself, ${lang}, ${device}`)
  room.check(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${lang}: nothing runs over`)
  await room.shot(page, `record-checked.${lang}.${device}`)
}

// One byte of what the server gives is another. `at` finds it in the text.
const BYTES = {
  'note, in its text': ['**/records/*/note', text => text.indexOf('"kind":"') + 8, 'check-note'],
  'note, in its signature': ['**/records/*/note', text => text.length - 30, 'check-author'],
  'note, in its form': ['**/records/*/note', text => text.indexOf('\n\n'), 'check-note-form'],
  'proof, in a hash': ['**/records/*/proof', text => text.indexOf('\n', 30) + 5, 'check-proof'],
  'proof, in its entry': ['**/records/*/proof', text => text.indexOf('index ') + 6, 'check-proof'],
  'proof, in its form': ['**/records/*/proof', () => 0, 'check-proof-form'],
  "proof, in its head's signature": ['**/records/*/proof', text => text.length - 30, 'check-proof-head'],
  'checkpoint, in its size': ['**/checkpoint', text => text.indexOf('\n') + 1, 'check-head'],
  'checkpoint, in its root': ['**/checkpoint', text => text.indexOf('\n', text.indexOf('\n') + 1) + 3, 'check-head'],
  'checkpoint, in its signature': ['**/checkpoint', text => text.length - 30, 'check-head'],
  'checkpoint, in its form': ['**/checkpoint', text => text.indexOf('\n\n'), 'check-head-form'],
}

function other(text, at) {
  const was = text[at], is = /[0-9]/.test(was) ? String((Number(was) + 1) % 10 || 1) : was === 'B' ? 'C' : 'B'
  return text.slice(0, at) + is + text.slice(at + 1)
}

async function tampered(room, lang) {
  const id = room.id(...KIND), sentences = new Set()
  const page = await room.page({ lang })
  for (const [what, [where, at, word]] of Object.entries(BYTES)) {
    await page.route(where, async route => {
      const answer = await route.fetch(), text = await answer.text()
      const mine = where !== '**/records/*/note' || route.request().url().includes(id)
      await route.fulfill({ response: answer, body: mine ? other(text, at(text)) : text })
    })
    await room.go(page, `/records/${id}`)
    const { verdict, said } = await checked(page)
    const wanted = await page.locator(`[data-word="${word}"]`).textContent()
    room.check(verdict === 'no' && said.startsWith(wanted), `${lang}: ${what}: ${said}`)
    room.check(await page.locator('#check .values > li:visible').count() === 0, `${lang}: ${what}: nothing is said to hold`)
    sentences.add(said)
    if (what === 'proof, in a hash') {
      await room.axe(page, `a record that does not hold, ${lang}`)
      await room.shot(page, `record-fails.${lang}.desktop`)
    }
    await page.unroute(where)
  }
  room.check(sentences.size === 8, `${lang}: each has its sentence: ${sentences.size}`)
}

// Two copies of one log under one key that go on differently, and a record whose predecessor never came: where the copies
// meet, the page shows what does not fit, and the evidence proves itself.
async function forked(room) {
  const here = await room.serve({}), away = path.join(room.folder, 'away')
  const write = (where, words, ...more) => room.truce('write', 'statement', '-C', where, '--key', `${here.keys}/russia.key`,
    'at=2016-10-04T10:00:00Z', 'act=statement', 'speaker=Maria Zakharova', `words.exact=${words}`, 'words.lang=en', ...more)
  await here.close()
  cpSync(here.case, away, { recursive: true })
  room.check(write(away, 'There.', '--submit').status === 0, 'the other copy goes on')
  write(here.case, 'Kept back.')
  const note = path.join(room.folder, 'later')
  writeFileSync(note, write(here.case, 'Later.').stdout)
  room.check(room.truce('submit', note, '-C', here.case).status === 0, 'a record comes without the one before')
  const ours = await room.serve({ directory: here.case }), theirs = await room.serve({ directory: away })
  const head = await (await fetch(theirs.base + '/checkpoint')).text()
  const answer = await fetch(ours.base + '/cosignatures', { method: 'POST', body: head })
  room.check((await answer.json()).code === 'heads-other', 'the heads do not fit')
  for (const lang of ['en', 'ar'])
    for (const device of ['desktop', 'phone']) {
      const page = await room.page({ lang, device })
      await page.context().addCookies([{ name: 'lang', value: lang, url: ours.base }])
      await room.go(page, ours.base + '/integrity')
      room.check(await page.locator('[data-evidence=fork]').count() === 1, `${lang}: the fork is shown`)
      room.check(await page.locator('[data-chain=gap] a[href*="/records/"]').count() >= 1, `${lang}: the gap leads to its record`)
      room.check(!/\b(liar|cheat|lied)/i.test(await page.locator('main').innerText()), `${lang}: and nobody is blamed`)
      room.check(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${lang}: nothing runs over`)
      await room.axe(page, `integrity of a fork, ${lang}, ${device}`)
      await room.shot(page, `integrity-forked.${lang}.${device}`)
    }
  const { evidence } = await (await fetch(ours.base + '/integrity')).json()
  const proved = room.truce('verify', path.join(here.case, evidence.files[0].file))
  room.check(proved.status === 0, 'the evidence proves itself: ' + proved.stdout + proved.stderr)
}

async function withoutScript(room, lang) {
  const page = await room.page({ lang, javascript: false })
  await room.go(page, `/records/${room.id(...KIND)}`)
  room.check(!await page.locator('#check').isVisible(), `${lang}: without a script nothing is said to be checked`)
  room.check((await page.locator('pre').allInnerTexts()).some(text => text.includes('truce verify')), `${lang}: the commands are there`)
}

export default async function (room) {
  for (const lang of ['en', 'ar']) {
    for (const device of ['desktop', 'phone'])
      for (const javascript of [true, false]) await seen(room, lang, javascript, device)
    await copied(room, lang)
    for (const device of ['desktop', 'phone']) await holds(room, lang, device)
    await tampered(room, lang)
    await withoutScript(room, lang)
  }
  await typed(room)
  await forked(room)
}
