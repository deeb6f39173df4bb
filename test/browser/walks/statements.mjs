// A news text is pasted or dropped, read, and what it attributes to somebody is accepted, mended or refused one by one:
// in both languages, with a script and without. What is hostile in it does nothing.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'

const BUILD = path.resolve(process.argv[2]), PASSPHRASE = 'a long walk by the river at dawn'

const TEXTS = {
  ar: `موسكو: القافلة تأخرت بسبب إجراءات التفتيش
قالت المتحدثة باسم وزارة الخارجية الروسية ليلى إبراهيم يوم الاثنين إن القافلة لم تصل إلى حلب بسبب إجراءات التفتيش على الطريق. وأضافت أن موسكو أبلغت واشنطن بذلك قبل يومين.
واتهم المبعوث الأميركي توماس ريد القوات الحكومية بقصف مستودع للمساعدات، وقال "لم نتلق أي جواب عن سؤالنا".
ونفى مصدر عسكري سوري وقوع أي قصف، مؤكداً أن ثلاثة أشخاص أصيبوا في انفجار.
`,
  en: `Moscow says the convoy was held up by inspections
The Russian foreign ministry spokeswoman Leila Ibrahim said on Monday that the convoy had not reached Aleppo because of inspections on the road. She added that Moscow had told Washington two days earlier.
The American envoy Thomas Reed accused the government forces of shelling an aid depot. "We have received no answer to our question," Reed said.
A Syrian military source denied that any shelling had taken place and said that three people were injured in an explosion.
`,
}
const SHORTER = { ar: 'القافلة لم تصل إلى حلب', en: 'the convoy had not reached Aleppo' }

const cards = page => page.locator('.proposals > .statement')
const accepted = page => page.locator('.accepted .statement')


async function press(page, javascript, selector) {
  if (javascript) await page.click(selector)
  else await Promise.all([page.waitForNavigation(), page.click(selector)])
}

async function read(room, lang, javascript, device) {
  const page = await room.page({ lang, javascript, device }), as = `${lang} ${javascript ? 'script' : 'no script'} ${device}`
  await room.go(page, '/statements')
  if (javascript) await room.axe(page, `statements, empty, ${as}`)
  await page.fill('[name=text]', TEXTS[lang])
  await page.fill('[name=day]', '2016-10-03')
  await Promise.all([page.waitForNavigation(), page.click('form.given button[type=submit]')])
  const count = await cards(page).count()
  room.check(count >= 4, `${as}: ${count} statements are proposed`)
  const source = page.locator('.source')
  room.check(await source.getAttribute('dir') === (lang === 'ar' ? 'rtl' : 'ltr'), `${as}: direction of the source`)
  const shown = await source.evaluate(e => { for (const n of e.querySelectorAll('.nr')) n.remove(); return e.textContent })
  room.check(shown === TEXTS[lang], `${as}: the source is shown whole`)
  return { page, as, count }
}

async function decide(room, lang, javascript, device) {
  const { page, as, count } = await read(room, lang, javascript, device)
  if (javascript) await room.axe(page, `statements, proposed, ${as}`)
  await room.shot(page, `statements-proposed.${lang}.${device}`)
  // Without its hour it cannot be accepted, and what was typed stays.
  await page.fill('[name=reported]', 'Walk Times, 3 October 2016')
  await page.selectOption('#statement-1 [name=party-1]', 'russia')
  await press(page, javascript, '[value=accept-1]')
  await page.locator('#statement-1 .fault').waitFor()
  room.check(await page.locator('#statement-1 [name=at-1]').getAttribute('aria-invalid') === 'true', `${as}: the fault stands at its field`)
  room.check(await page.inputValue('[name=party-1]') === 'russia' && await page.inputValue('[name=reported]') !== '', `${as}: what was typed stays`)
  if (javascript) await room.axe(page, `statements, a fault, ${as}`)
  await page.fill('[name=at]', lang === 'ar' ? '٢٠١٦-١٠-٠٣ ١٧:٠٠' : '2016-10-03 17:00')
  // Words that do not stand in the text are no quotation.
  await page.fill('[name=words-1]', 'something else')
  await press(page, javascript, '[value=accept-1]')
  await page.locator('[name=words-1][aria-invalid]').waitFor()
  await page.fill('[name=words-1]', SHORTER[lang])
  await page.selectOption('[name=act-1]', 'clarify')
  await press(page, javascript, '[value=accept-1]')
  await accepted(page).first().waitFor()
  room.check((await accepted(page).first().locator('blockquote').innerText()).trim() === SHORTER[lang], `${as}: the mended words are accepted`)
  await press(page, javascript, '[value=refuse-2]')
  await page.waitForFunction(() => !document.querySelector('#statement-2'))
  room.check(await page.locator('#in-text-2').count() === 0, `${as}: what was refused is marked no longer`)
  await page.check('[name=pick-3]')
  await page.check('[name=pick-4]')
  await press(page, javascript, '[value=accept-picked]')
  await page.waitForFunction(() => document.querySelectorAll('.accepted .statement').length === 3)
  room.check(await cards(page).count() === count - 4, `${as}: the others are left`)
  await press(page, javascript, '[value=back-4]')
  await page.waitForFunction(() => document.querySelectorAll('.accepted .statement').length === 2)
  room.check(await page.locator('.proposals #statement-4').count() === 1, `${as}: what was taken back is proposed again`)
  if (javascript) await room.axe(page, `statements, accepted, ${as}`)
  await room.shot(page, `statements-accepted.${lang}.${device}`)
  return { page, as }
}

// Signed on the command line, as the page says.
async function signElsewhere(room, { page, as }, lang) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[value=lines]')])
  const file = path.join(room.folder, `${room.name}-${lang}.jsonl`)
  await download.saveAs(file)
  const command = (await page.locator('.accepted pre').innerText()).replace('FILE', `${room.keys}/un.key`).replace('statements.jsonl', file)
  const done = spawnSync('sh', ['-c', command], { encoding: 'utf8', env: { ...process.env, PATH: `${BUILD}:${process.env.PATH}`, TRUCE_DIR: room.case, LC_ALL: 'C.UTF-8' } })
  room.check(done.status === 0, `${as}: the command signs: ${done.stderr}`)
  const found = room.truce('list', '-C', room.case, '--kind', 'statement', '--by', 'un', '--json').stdout
  room.check(found.includes(SHORTER[lang]) && found.includes('Walk Times'), `${as}: the records are in the log`)
}

// Signed where the register cannot be reached: the command prints notes, and the page takes them back.
async function signAndReturn(room, { page, as }, lang) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[value=lines]')])
  const file = path.join(room.folder, `${room.name}-back-${lang}.jsonl`)
  await download.saveAs(file)
  room.check(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${as}: nothing runs over`)
  const command = (await page.locator('.accepted pre').innerText()).replace('FILE', `${room.keys}/ucdp.key`).replace('statements.jsonl', file).replace(' --submit', '')
  const done = spawnSync('sh', ['-c', command], { encoding: 'utf8', env: { ...process.env, PATH: `${BUILD}:${process.env.PATH}`, TRUCE_DIR: room.case, LC_ALL: 'C.UTF-8' } })
  const notes = done.stdout, count = await accepted(page).count(), of = () =>
    room.truce('list', '-C', room.case, '--kind', 'statement', '--by', 'ucdp', '--json').stdout.trim().split('\n').filter(line => line !== '').length
  room.check(done.status === 0 && notes.split('\n— ucdp ').length === count + 1, `${as}: each is printed as a note: ${done.stderr}`)
  const before = of()
  await page.locator('.returned [name=notes]').fill(notes)
  await Promise.all([page.waitForURL('**/records/*'), page.locator('.returned button').click()])
  room.check(of() === before + count, `${as}: all that it printed is in the log`)
}

// Signed in the page with a key that the browser unlocks; what was sent leads to its record.
async function signHere(room, { page, as }) {
  const secret = path.join(room.folder, 'statements-passphrase'), file = path.join(room.folder, `press-${Math.random()}.json`)
  writeFileSync(secret, PASSPHRASE + '\n', { mode: 0o600 })
  const made = room.truce('key', 'export', '--browser', `${room.keys}/press.key`, '--out', file, '--new-passphrase-file', secret)
  room.check(made.status === 0, `${as}: a key is exported for the browser: ${made.stderr}`)
  const count = await accepted(page).count()
  await page.click('#sign')
  await page.locator('#unlock input[type=file]').setInputFiles(file)
  await page.locator('#unlock input[type=password]').fill(PASSPHRASE)
  await page.locator('#unlock button').first().click()
  await page.waitForFunction(() => document.querySelectorAll('.accepted .statement').length === 0)
  const links = page.locator('main > .records > li')
  room.check(await links.count() === count, `${as}: all are signed and sent`)
  await room.axe(page, `statements, sent, ${as}`)
  const text = await (await fetch(room.base + await links.first().locator('a').first().getAttribute('href'), { headers: { Accept: 'application/json' } })).json()
  room.check(text.kind === 'statement' && text.by === 'press' && text.words.sha256.length === 64, `${as}: the record is in the log`)
  await page.click('[value=read]')
  await page.waitForTimeout(300)
  room.check(await links.count() === count, `${as}: they stay sent while the page goes on`)
}

async function hostile(room, lang) {
  const page = await room.page({ lang })
  const word = 'x'.repeat(50000), text = `<script>window.hit = 1</script>\u202E<img src=x onerror="window.hit = 1"> & "quotes'
Leila Ibrahim said that "<b onclick=hit>${word}</b> \u202Egnp.exe\u202C is \u0000\uFFFE here".
`.replace('\u0000', '')
  await room.go(page, '/statements')
  await page.fill('[name=text]', text)
  await Promise.all([page.waitForNavigation(), page.click('form.given button[type=submit]')])
  room.check(await page.evaluate(() => window.hit) === undefined, `hostile ${lang}: nothing ran`)
  room.check(await page.locator('.source .unseen').count() >= 3, `hostile ${lang}: controls of direction are shown`)
  room.check(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `hostile ${lang}: nothing runs over`)
  await page.setViewportSize({ width: 320, height: 600 })
  room.check(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `hostile ${lang}: nothing runs over at 320`)
  await page.fill('[name=at]', '2016-10-03 17:00')
  const before = await page.inputValue('[name=kept]')
  await page.click('[value=read]')
  await page.waitForTimeout(300)
  room.check(await page.inputValue('[name=kept]') === before, `hostile ${lang}: the source is carried as it came`)
  await room.axe(page, `statements, hostile, ${lang}`)
}

// A page of the web is shown as it is read; its spans are of the file.
async function htmlFile(room) {
  const page = await room.page({ lang: 'en' }), file = path.join(room.folder, 'page.html')
  writeFileSync(file, '<!doctype html><title>News</title><script>var hit = 1</script>\r\n<p>Leila&nbsp;Ibrahim said that <b>the road</b> is&#32;open.</p>\r\n')
  await room.go(page, '/statements')
  await page.setInputFiles('[name=file]', file)
  await Promise.all([page.waitForNavigation(), page.click('form.given button[type=submit]')])
  const text = await page.locator('.source').innerText()
  room.check(text.includes('the road is open') && !text.includes('var hit') && !text.includes('<b>'), 'a page is shown without its markup: ' + text)
  await page.fill('[name=at]', '2016-10-03 17:00')
  await page.click('[value=accept-1]')
  await accepted(page).first().waitFor()
  room.check((await accepted(page).first().getAttribute('data-statement')).includes('"exact":"the road is open"'), 'its words are accepted without it')
}

async function wrongFiles(room, lang) {
  const files = { 'nul.bin': Buffer.from([1, 0, 2, 3]), 'utf16.txt': Buffer.from('\ufeff' + TEXTS.en, 'utf16le'), 'empty.txt': Buffer.alloc(0) }
  for (const javascript of [true, false])
    for (const [name, bytes] of Object.entries(files)) {
      const page = await room.page({ lang, javascript }), file = path.join(room.folder, name)
      writeFileSync(file, bytes)
      await room.go(page, '/statements')
      await page.fill('[name=day]', '2016-10-03')
      await page.setInputFiles('[name=file]', file)
      await Promise.all([page.waitForNavigation(), page.click('form.given button[type=submit]')])
      room.check(await page.locator('#fault').innerText() !== '' && await page.inputValue('[name=day]') === '2016-10-03', `${name} ${lang}: the fault is said, and what was typed stays`)
      if (javascript) await room.axe(page, `statements, ${name}, ${lang}`)
      await page.context().close()
    }
  const page = await room.page({ lang })
  await room.go(page, '/statements')
  await page.evaluate(() => {
    const files = new DataTransfer()
    files.items.add(new File([new Uint8Array(3000000)], 'large.txt'))
    document.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }))
  })
  room.check(await page.evaluate(() => !document.querySelector('[name=file]').validity.valid) && page.url().endsWith('/statements'), `${lang}: too large a file is told before it is sent`)
}

async function drop(room, lang) {
  const page = await room.page({ lang })
  await room.go(page, '/statements')
  await Promise.all([page.waitForNavigation(), page.evaluate(text => {
    const files = new DataTransfer()
    files.items.add(new File([text], 'article.txt', { type: 'text/plain' }))
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }))
  }, TEXTS[lang])])
  room.check(await cards(page).count() >= 4, `${lang}: a dropped file is read`)
}

async function asJson(room) {
  const answer = await (await fetch(room.base + '/statements?day=2016-10-03', { method: 'POST', body: TEXTS.en, headers: { 'Content-Type': 'text/plain' } })).json()
  room.check(answer.lang === 'en' && answer.statements.length >= 4 && answer.statements[0].offers !== undefined, 'programs get the answer of intake')
}

export default async function (room) {
  for (const lang of ['ar', 'en']) {
    const there = await decide(room, lang, true, 'desktop')
    await signHere(room, await decide(room, lang, true, 'phone'))
    await signElsewhere(room, there, lang)
    await signElsewhere(room, await decide(room, lang, false, 'desktop'), lang)
    await signAndReturn(room, await decide(room, lang, false, 'phone'), lang)
    await hostile(room, lang)
    await wrongFiles(room, lang)
    await drop(room, lang)
  }
  await htmlFile(room)
  await asJson(room)
}
