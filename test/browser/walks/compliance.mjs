// A legal adviser asks what each commitment was on each day: from the table to a day, from the day to its records and to the
// explanation as of its end, with and without scripts; a phone reaches all of it.
const WHEN = 'as-of=2016-10-04'

async function adviser(room, lang, javascript) {
  const page = await room.page({ lang, javascript })
  const axe = async what => javascript && room.axe(page, `${what} ${lang}`)
  await room.go(page, '/today?' + WHEN)
  if (!(await page.locator('nav.places a[data-go="/compliance"]').isVisible())) await page.locator('nav.places summary').click()
  await page.locator('nav.places a[data-go="/compliance"]').click()
  await page.waitForURL('**/compliance?**' + WHEN + '**')
  const rows = page.locator('.matrix tbody tr')
  room.check((await rows.count()) === 31, `a row for each term, not ${await rows.count()}`)
  room.check((await page.locator('.matrix thead th[scope=col]').count()) === 15, 'fourteen days')
  room.check((await page.locator('.matrix th[scope=row]').count()) === 31, 'a head for each row')
  room.check((await page.locator('.clock .strip').count()) === 5, 'the clock, reading by reading')
  room.check((await page.locator('[role=region][tabindex="0"][aria-label]').count()) === 1, 'the table moves in a region of its own')
  await axe('compliance')

  // What was asked for without sense stays to be mended.
  await page.locator('form.filters input[name=from]').fill('2016-09-12')
  await page.locator('form.filters input[name=to]').fill('2016-09-01')
  await page.locator('form.filters button').click()
  await page.locator('#fault').waitFor()
  room.check((await page.locator('form.filters input[name=from]').inputValue()) === '2016-09-12', 'what was typed stays')
  await axe('refused')
  await page.locator('form.filters input[name=to]').fill('2016-09-20')
  await page.locator('form.filters button').click()
  await page.waitForURL('**from=2016-09-12**to=2016-09-20**')
  room.check(page.url().includes(WHEN), 'the moment is kept')

  // A commitment, party by party; hours and restrictions stand in the same cell.
  await page.locator('.matrix tbody th a[href*="term=calm"]').click()
  await page.waitForURL('**term=calm**')
  const cells = page.locator('.days.compliance tbody tr').first().locator('td')
  room.check((await cells.count()) === 5, 'all together and four parties')
  for (const cell of await cells.all()) {
    room.check((await cell.locator('svg.mark').count()) > 0 && (await cell.locator('.result').count()) > 0, 'shape and word')
    room.check((await cell.locator('.by .number').count()) >= 2, 'hours watched in the same cell')
  }
  await axe('one commitment')

  // A cell opens its records.
  await page.locator('.days.compliance td a[href*="from=2016-09-19"]').first().click()
  await page.waitForURL('**from=2016-09-19&to=2016-09-19**')
  room.check((await page.locator('.reading a[href^="/records/"]').count()) > 3, 'records of the day')
  room.check((await page.locator('main').innerText()).includes(lang === 'ar' ? 'وليست استنتاجاً بالمسؤولية' : 'not a finding of responsibility'),
    'a breach ends with the sentence')
  await axe('one day')
  const record = await page.locator('.reading a[href^="/records/"]').first().getAttribute('href')
  const why = page.locator('.reading a[href^="/why/"][href*="as-of=2016-09-19T20"]').first()
  const said = await page.locator('.reading .verdict .result').nth(1).innerText()
  await why.click()
  await page.waitForURL('**/why/**')
  room.check((await page.locator('.reading h2 .result').first().innerText()).trim() === said.trim(), 'the explanation says the same')
  await room.go(page, record)
  room.check((await page.locator('main h1').count()) === 1, 'the record opens')
}

async function phone(room, lang) {
  const page = await room.page({ lang, device: 'phone' })
  for (const where of ['', '&term=calm', '&term=calm&from=2016-09-19&to=2016-09-19']) {
    await room.go(page, `/compliance?${WHEN}${where}`)
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    room.check(over <= 0, `${lang} ${where} runs over by ${over}`)
    await room.axe(page, `phone ${lang} ${where}`)
  }
  await room.go(page, `/compliance?${WHEN}`)
  await page.locator('[role=region]').focus()
  const before = await page.locator('[role=region]').evaluate(e => e.scrollLeft)
  for (let i = 0; i < 5; i++) await page.keyboard.press(lang === 'ar' ? 'ArrowLeft' : 'ArrowRight')
  await page.waitForFunction(from => document.querySelector('[role=region]').scrollLeft !== from, before)
  room.check(true, 'the keyboard moves the table')
}

export default async function (room) {
  for (const lang of ['en', 'ar']) for (const javascript of [true, false]) await adviser(room, lang, javascript)
  for (const lang of ['en', 'ar']) await phone(room, lang)
}
