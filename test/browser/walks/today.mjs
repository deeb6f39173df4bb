// The liaison officer's night: what waits, for whom, the most urgent first; as one party and those it answers for; what is
// confirmed disappears from another open page; a notice that is due sounds once the sound is on.
const NOTICE = (due, ...others) => ['to=russia', 'at=2026-01-05T09:00:00Z', `acknowledge_by=${due}`, 'alternates=syria-government',
  'text.en=A convoy passes.', 'text.original=en', ...others]

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
  room.check(await item.evaluate(e => e.classList.contains('sounding')), 'and is marked')
  room.check(/on/.test(await page.locator('#sound .hint').innerText()), 'the sound stays on when news come')
  write(room, 'acknowledgement', 'russia', `of=${id}`, 'at=2026-01-05T10:00:00Z', 'receipt=received')
  room.check(await item.waitFor({ state: 'detached', timeout: 5000 }).then(() => true, () => false), 'confirmed, it is gone')
}

export default async function (room) {
  for (const lang of ['ar', 'en']) for (const javascript of [true, false]) await asParty(room, lang, javascript)
  await windows(room)
  await sounds(room)
}
