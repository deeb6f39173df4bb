// Parties and keys: whoever takes part under the names that they give themselves, each fact with its record, as it was
// known then; in both languages, with and without JavaScript.
async function everybody(room, lang, javascript) {
  const page = await room.page({ lang, javascript })
  await room.go(page, '/parties')
  await room.axe(page, `/parties ${lang}`)
  const text = (await page.locator('main').innerText()).replace(/[\u2066-\u2069]/g, '')
  for (const name of ['الاتحاد الروسي', 'Russian Federation', 'حكومة الجمهورية العربية السورية'])
    room.check(text.includes(name), `${lang}: ${name} stands in its own words`)
  const russia = page.locator('section.party', { has: page.locator('a[href*="/parties/russia"]') })
  room.check((await russia.locator('a[href*="/records/"]').count()) >= 4, 'facts lead to their records')
  room.check(/truce write party/.test(text) && /truce key new/.test(text), 'the way to enrol is told exactly')
  await russia.locator('h2 a').click()
  await page.waitForURL('**/parties/russia')
  await room.axe(page, `/parties/russia ${lang}`)
  const one = await page.locator('main').innerText()
  room.check(one.includes('2cc4fcf1'), 'its key is there')
  room.check((await page.locator('main a[href*="/records/"]').count()) >= 4, 'with its record')
  await page.locator('main a[href*="/records?by=russia"]').click()
  await page.waitForURL('**/records?by=russia*')
}

async function then(room, lang) {
  const page = await room.page({ lang, javascript: false })
  await room.go(page, '/parties?known=3')
  const few = await page.locator('section.party').count()
  room.check(await page.locator('.as-known').isVisible(), 'the banner says as known when')
  await room.go(page, '/parties')
  const all = await page.locator('section.party').count()
  room.check(few > 0 && few < all, `fewer took part then: ${few} of ${all}`)
  const json = await (await page.request.get(room.base + '/parties/russia', { headers: { Accept: 'application/json' } })).json()
  room.check(json.parties.length === 1 && json.parties[0].party === 'russia', 'the same address as JSON')
  const nobody = await page.request.get(room.base + '/parties/nobody', { headers: { Accept: 'application/json' } })
  room.check(nobody.status() === 404 && (await nobody.json()).code === 'party-absent', 'nobody is not there')
}

export default async function (room) {
  for (const lang of ['en', 'ar']) {
    for (const javascript of [true, false]) await everybody(room, lang, javascript)
    await then(room, lang)
  }
}
