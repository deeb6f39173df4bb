// A moment set once is kept: on every page that links lead to, and in the files that are taken along; the difference from
// now is one key away, and the same key leads back. In both languages, without JavaScript too, on a phone.
const MOMENT = 'as-of=2016-09-18&known=2016-09-18'

const kept = address => {
  const asked = new URL(address).searchParams
  return asked.get('as-of') === '2016-09-18' && asked.get('known') === '2016-09-18'
}

// Set in the form of one page; then by links alone to every place of the navigation, and from there on.
async function setOnce(room, lang, javascript, device) {
  const page = await room.page({ lang, javascript, device })
  const what = `${lang} ${device} ${javascript ? '' : 'without JavaScript'}`
  await room.go(page, '/standing')
  await page.locator('details.moment summary').first().click()
  await page.locator('input[name="as-of"]').fill('2016-09-18')
  await page.locator('input[name="known"]').fill('2016-09-18')
  await page.locator('details.moment form button').first().click()
  await page.waitForURL('**/standing?**')
  const places = await page.locator('nav.places a').evaluateAll(all => all.map(a => a.href))
  room.check(places.length > 5, `${what}: places`)
  for (const place of places) {
    room.check(kept(place), `${what}: ${place} keeps the moment`)
    await room.go(page, place)
    room.check(await page.locator('.as-known').isVisible(), `${what}: ${place} says of which moment it is`)
    room.check((await page.locator('.as-known a[data-key=difference]').count()) === 1, `${what}: ${place} leads to the difference`)
    const onward = await page.locator('main a[href^="/"]').evaluateAll(all => all.map(a => a.href))
    const loose = onward.filter(a => /\/(why|records\/[0-9a-f]{64}|claims|incidents|standing|today|map)(\/|\?|$)/.test(a) &&
      !a.includes('f=') && !kept(a))
    room.check(loose.length === 0, `${what}: links of ${place} keep it: ${loose.slice(0, 3)}`)
  }
}

async function difference(room, lang, javascript, device) {
  const page = await room.page({ lang, javascript, device })
  const what = `difference ${lang} ${device} ${javascript ? '' : 'without JavaScript'}`
  const from = `/why/cessation-2016-09-09/government-heavy?reading=strict&${MOMENT}`
  await room.go(page, from)
  if (javascript) {
    await page.evaluate(() => document.body.dispatchEvent( // an Arabic layout: the key says another letter
      new KeyboardEvent('keydown', { key: 'ي', code: 'KeyD', bubbles: true, cancelable: true })))
  } else {
    await page.locator('a[data-key=difference]').click()
  }
  await page.waitForURL('**/difference?**')
  room.check(kept(page.url()), `${what}: of the same moment`)
  if (javascript) await room.axe(page, what)
  room.check((await page.locator('tr[data-item]').count()) > 30, `${what}: rows`)
  const row = page.locator('tr[data-item]', { hasText: 'government-heavy' }).first()
  const [was, learned, now] = await row.locator('td').evaluateAll(all => all.map(td => [...td.querySelectorAll('a')].map(a => a.href)))
  room.check(was.some(kept), `${what}: why, as known then`)
  room.check(learned.some(a => a.includes('/records/')) && learned.some(a => a.includes('/why/') && !a.includes('known=')),
    `${what}: the record that became known, and why as known now`)
  room.check(now.some(a => a.includes('/why/') && !a.includes('as-of=')), `${what}: why, now`)
  room.check(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${what}: no wider than the screen`)
  if (javascript)
    await page.keyboard.press('d')
  else
    await page.locator('a[data-key=difference]').click()
  await page.waitForURL('**/why/**')
  const back = new URL(page.url())
  room.check(back.pathname + '?' + new URLSearchParams([...back.searchParams].sort()) ===
    '/why/cessation-2016-09-09/government-heavy?as-of=2016-09-18&known=2016-09-18&reading=strict', `${what}: back to ${page.url()}`)
  await page.goBack()
  await page.waitForURL('**/difference?**')
  await page.goBack()
  await page.waitForURL('**/why/**')
  room.check(page.url().endsWith(from), `${what}: the browser's own way back`)
}

async function answers(room) {
  const ask = async (where, accept) => (await fetch(room.base + where, { headers: { Accept: accept ?? 'application/json' } })).text()
  const told = JSON.parse(await ask(`/difference?${MOMENT}`))
  room.check(told.as_of === '2016-09-18T23:59:59Z' && told.known === 132 && told.later === told.now.known - 132, 'the moment, in JSON')
  const heavy = told.standing.find(row => row.term === 'government-heavy' && !row.reading)
  room.check(heavy.was === 'disputed' && heavy.learned === 'breached' && heavy.learned_by.length === 1, 'what became known')
  const centre = told.standing.find(row => row.channel === 'joint-centre')
  room.check(centre.learned === 'in-force' && centre.now === 'suspended' && centre.now_by.length === 1, 'what happened')
  // Files say of which moment they are; without one they are as they were.
  const csv = (await ask(`/records?${MOMENT}&kind=report&f=csv`)).split('\r\n')
  room.check(csv[0].endsWith(',text_en,as_of,known') && csv[1].endsWith(',2016-09-18T23:59:59Z,2016-09-18T23:59:59Z'), `CSV: ${csv[0]}`)
  room.check((await ask('/records?kind=report&f=csv')).split('\r\n')[0].endsWith(',text_en'), 'CSV without a moment')
  for (const where of ['/records', '/map']) {
    const file = JSON.parse(await ask(`${where}?${MOMENT}&f=geojson`))
    room.check(file.as_of === '2016-09-18T23:59:59Z' && `${file.known}`.match(/^(132|2016-09-18T23:59:59Z)$/) && file.features.length > 3,
      `${where} as GeoJSON: ${file.as_of} ${file.known}`)
  }
  // What stands where the page's own address is expected becomes an address of this site.
  const page = await room.page()
  for (const back of ['https://evil.example/x', '//evil.example/x', 'javascript:alert(1)', '/../x', '\\\\evil']) {
    await room.go(page, `/difference?${MOMENT}&back=${encodeURIComponent(back)}`)
    const href = await page.locator('a[data-key=difference]').getAttribute('href')
    room.check(href === null || /^\/[^/\\]/.test(href), `${back} leads nowhere else: ${href}`)
  }
  await room.go(page, '/difference')
  room.check((await page.locator('main a[href="/changes"]').count()) === 1, 'without a moment it says how to choose one')
}

async function paper(room) {
  const page = await room.page({ lang: 'en' })
  await room.go(page, `/difference?${MOMENT}&print=en`)
  await page.emulateMedia({ media: 'print' })
  room.check(await page.locator('.as-known').isVisible(), 'the print bears its banner')
  room.check(!(await page.locator('.as-known a').first().isVisible()), 'and no ways on')
}

export default async function (room) {
  for (const lang of ['en', 'ar']) for (const javascript of [true, false]) await setOnce(room, lang, javascript, 'desktop')
  for (const device of ['desktop', 'phone'])
    for (const lang of ['en', 'ar']) for (const javascript of [true, false]) await difference(room, lang, javascript, device)
  await answers(room)
  await paper(room)
}
