// Notices and access: a planner looks at the convoys and sites as they stood on a day, opens one, sees who confirmed and
// with whom silence lasts, and is asked what a listing is to become; then tells others of a convoy that nobody was told of.
const text = page => page.locator('main').innerText()
const SAFE = {
  en: ['Receipt was confirmed. This does not make a place or journey safe.', 'A confirmed receipt does not make a place or journey safe.'],
  ar: ['أُكّد الاستلام. هذا لا يجعل المكان أو الطريق آمناً.', 'تأكيد الاستلام لا يجعل المكان أو الطريق آمناً.'],
}
const ASK = { en: 'Renew the listing', ar: 'تجديد الإدراج' }
const MOVED = { en: 'Record that it moved', ar: 'تسجيل تغيّر الموقع' }
const DAY = 'as-of=2016-10-07'

async function theList(room, page, lang) {
  await room.go(page, `/access?${DAY}`)
  const rows = await page.locator('tr[data-item]').count()
  room.check(rows === 9, `${lang}: every convoy and site has a row (${rows})`)
  room.check((await text(page)).includes(SAFE[lang][1]) && !(await text(page)).includes(SAFE[lang][0]),
    `${lang}: the list says what a receipt does not do`)
  await page.locator('select[name=state]').selectOption('open')
  await page.locator('select[name=kind]').selectOption('passage')
  await page.locator('form.filters button').click()
  await page.waitForURL('**state=open**')
  room.check(page.url().includes(DAY) && await page.locator('select[name=state]').inputValue() === 'open',
    `${lang}: filters and the moment stay`)
  const open = await page.locator('tr[data-item]').count()
  room.check(open > 0 && open < rows, `${lang}: those that go on (${open})`)
  await room.go(page, '/access?state=erased')
  room.check(await page.locator('main a[href="/access"]').count() > 0 && await page.locator('main a[href^="/file/site"]').count() > 0,
    `${lang}: where nothing is, ways on`)
  const wrong = await room.go(page, '/access?state=sideways')
  room.check(wrong.status() === 400 && await page.locator('#fault').isVisible(), `${lang}: what is no state is said`)
}

async function theConvoy(room, page, lang) {
  await room.go(page, '/access?as-of=2016-09-14&party=opposition')
  room.check(await page.locator('tr[data-item]').count() === 1, `${lang}: whoever was told has a part in it`)
  await room.follow(page.locator('tr[data-item] th a'))
  room.check(page.url().includes('as-of=2016-09-14'), `${lang}: the moment stays`)
  const said = await text(page)
  room.check(said.includes(SAFE[lang][0]), `${lang}: receipt was confirmed, and what that does not do`)
  room.check(await page.locator('.links table tbody tr').count() === 4, `${lang}: each who was told`)
  room.check(await page.locator('a[href^="/notices/"]').count() === 1, `${lang}: the receipt can be confirmed`)
  const records = await page.locator('table.events a[href^="/records/"]').count()
  room.check(records >= 5, `${lang}: the record behind each step and answer (${records})`)
  const next = await page.locator('a[href^="/file/passage"]').getAttribute('href')
  room.check(next.includes('passage=turkey-eastern-aleppo'), `${lang}: its next step bears its name`)
  await room.go(page, next)
  room.check(await page.locator('main input[name=passage]').inputValue() === 'turkey-eastern-aleppo', `${lang}: which stands in the form`)
}

// Renewed: the place stays, and until when is asked; moved: the other way about. What stood there is said beside.
async function renewedOrMoved(room, page, lang, id) {
  const form = page.locator('form.filing'), where = form.locator('[name="where~where"]'), expires = form.locator('[name="expires~time"]')
  const begins = async () => (await form.locator('[name=site]').inputValue()) === 'eastern-aleppo-hospital' &&
    (await form.locator('[name=protects]').inputValue()) === 'hospital' && (await form.locator('[name=replaces]').inputValue()) === id
  room.check(await begins() && (await where.inputValue()).includes('371800000') && await expires.inputValue() === '', `${lang}: renewed, the place stays and the end is asked for`)
  room.check(await form.locator('p.quiet', { hasText: '2016' }).count() === 1, `${lang}: until when it was listed is said`)
  await room.go(page, `/access/${id}?as-of=2016-10-08`)
  await page.getByRole('link', { name: MOVED[lang], exact: true }).click()
  await page.waitForURL('**/file/site**')
  room.check(await begins() && await where.inputValue() === '' && (await expires.inputValue()).startsWith('2016-10-12'), `${lang}: moved, the end stays and the place is asked for`)
  room.check(await form.locator('p.quiet', { hasText: '36.2' }).count() === 1, `${lang}: where it was is said`)
  room.check(await where.evaluate(e => e === document.activeElement), `${lang}: and one is there`)
  await room.axe(page, `a site that moved ${lang}`)
  if (!page.scripted) { // a script asks for the key first
    await form.locator('[name="~author"]').selectOption({ index: 1 })
    await form.locator('button[value=look]').click()
    await page.locator('.fault').first().waitFor()
  }
  room.check(await where.inputValue() === '' && await form.locator('p.quiet', { hasText: '36.2' }).count() === 1, `${lang}: without a place it is asked again, beside what was`)
  await room.go(page, `/access/${id}?as-of=2016-10-13`)
  const both = page.locator('a[href*="anew=where%2Cexpires"]')
  room.check(await both.count() === 1, `${lang}: where it is over, both are asked for`)
}

async function theSite(room, page, lang) {
  const id = room.id('--kind', 'site')
  await room.go(page, `/access/${id}?as-of=2016-09-20`)
  room.check((await text(page)).includes(SAFE[lang][1]) && !(await text(page)).includes(SAFE[lang][0]), `${lang}: no receipt is claimed`)
  await room.go(page, `/access/${id}?as-of=2016-10-08`)
  const ask = page.getByRole('link', { name: ASK[lang], exact: true })
  room.check(await ask.count() === 1, `${lang}: near its end it asks`)
  const about = await page.locator('a[href*="erase-sealed"]').getAttribute('href')
  room.check(about.startsWith('/file/notice?about=' + id), `${lang}: erasure is asked for by a notice of it`)
  await ask.click()
  await page.waitForURL('**/file/site**')
  room.check(await page.locator('main [name=site]').inputValue() === 'eastern-aleppo-hospital' &&
    await page.locator('main [name=replaces]').inputValue() === id, `${lang}: the form has what it renews`)
  await renewedOrMoved(room, page, lang, id)
  await room.go(page, `/access/${id}?as-of=2016-10-13`)
  room.check(!(await text(page)).includes('36.2'), `${lang}: what is over has no place`)
}

async function withScripts(room, lang) {
  const page = await room.page({ lang })
  await room.go(page, `/access?${DAY}`)
  await room.axe(page, `access ${lang}`)
  await page.keyboard.press('KeyJ')
  room.check(await page.evaluate(() => document.activeElement.closest('tr[data-item]') !== null), `${lang}: j goes to the first`)
  await room.shot(page, `walk-access-${lang}`)
  await room.go(page, `/access/${room.id('--kind', 'passage')}?as-of=2016-09-14`)
  await room.axe(page, `passage ${lang}`)
  await room.go(page, `/access/${room.id('--kind', 'site')}?as-of=2016-10-08`)
  await room.axe(page, `site ${lang}`)
  const phone = await room.page({ lang, device: 'phone' })
  for (const where of [`/access?${DAY}`, `/access/${room.id('--kind', 'passage')}?as-of=2016-09-14`]) {
    await room.go(phone, where)
    room.check(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${lang}: ${where} fits a phone`)
  }
  await room.axe(phone, `phone ${lang}`)
  await phone.emulateMedia({ media: 'print' })
  room.check(!await phone.locator('nav.places').isVisible(), `${lang}: the print has no navigation`)
}

export default async function (room) {
  for (const lang of ['en', 'ar']) {
    for (const javascript of [true, false]) {
      const page = await room.page({ lang, javascript })
      await theList(room, page, lang)
      await theConvoy(room, page, lang)
      await theSite(room, page, lang)
    }
    await withScripts(room, lang)
  }
}
