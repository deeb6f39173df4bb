// A legal adviser asks what each commitment was on each day: from the table to a day, from the day to its records and to the
// explanation as of its end, with and without scripts; a liaison officer asks it of one party; a phone has a list, the newest
// day first.
const WHEN = 'as-of=2016-10-04'

async function adviser(room, lang, javascript) {
  const page = await room.page({ lang, javascript })
  const axe = async what => javascript && room.axe(page, `${what} ${lang}`)
  await room.go(page, '/today?' + WHEN)
  if (!(await page.locator('nav.places a[data-go="/compliance"]').isVisible())) await page.locator('nav.places summary').click()
  await page.locator('nav.places a[data-go="/compliance"]').click()
  await page.waitForURL('**/compliance?**' + WHEN + '**')
  const rows = page.locator('.matrix tbody tr:not(.one-party)')
  room.check((await rows.count()) === 31, `a row for each term, not ${await rows.count()}`)
  room.check((await page.locator('.matrix thead th[scope=col]').count()) === 15, 'fourteen days')
  room.check((await page.locator('.matrix tbody th[scope]').count()) === (await page.locator('.matrix tbody tr').count()), 'a head for each row')
  room.check((await page.locator('.by-day').isHidden()), 'no list beside the table')
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
  await page.locator('.matrix tbody th a[href*="term=calm&"]').click()
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

const calm = page => page.locator('.matrix tbody').filter({ has: page.locator('th a[href*="term=calm&"]') })
const DAYS = '&from=2016-09-12&to=2016-09-25'
const RUSSIA = { en: 'Russian Federation', ar: 'الاتحاد الروسي' }

// What cells of the page say to whom: their own words against the JSON of the same address.
async function answer(room, where) {
  return (await (await fetch(room.base + where, { headers: { Accept: 'application/json' } })).json()).agreements[0]
}

async function parties(room, lang, javascript) {
  const page = await room.page({ lang, javascript })
  const axe = async what => javascript && room.axe(page, `${what} ${lang}`)
  const where = `/compliance?${WHEN}${DAYS}`
  const judged = term => term.bound.length > 1 && term.days.some(d => Object.values(d.readings).some(r => r.parties.some(p => p.state || p.verdict)))
  await room.go(page, where)
  for (const term of (await answer(room, where)).terms) {
    const block = page.locator('.matrix tbody').filter({ has: page.locator(`th a[href*="term=${term.id}&"]`) })
    const several = judged(term)
    room.check((await block.locator('tr.one-party').count()) === (several ? term.bound.length : 0), `${term.id}: a row for each party`)
    room.check((await block.locator('th[scope=rowgroup]').count()) === (several ? 1 : 0), `${term.id}: the head is of all its rows`)
    if (!several && term.bound.length === 1)
      room.check((await block.locator('th').innerText()).includes(lang === 'ar' ? 'من يُلزمهم البند' : 'Whom it binds'), `${term.id}: its head says whose it is`)
  }
  // Each cell of a party: shape, word, hours watched, and the way to its records.
  const row = calm(page).locator('tr.one-party').filter({ hasText: RUSSIA[lang] })
  room.check((await row.locator('th[scope=row]').innerText()) === RUSSIA[lang], 'the head of a row is the party')
  room.check((await row.locator('td').count()) === 14, 'fourteen cells')
  for (const cell of await row.locator('td').all()) {
    room.check((await cell.locator('svg.mark').count()) > 0 && (await cell.locator('.result').count()) > 0, 'shape and word of a party')
    room.check((await cell.locator('.by .number').count()) >= 2, 'hours watched in the cell of a party')
  }
  const said = await row.locator('td').nth(7).locator('.result').allInnerTexts()
  await row.locator('td').nth(7).locator('a[href*="party=russia"]').click()
  await page.waitForURL('**term=calm**party=russia**from=2016-09-19&to=2016-09-19**')
  const day = (await answer(room, `/compliance?${WHEN}&term=calm&party=russia&from=2016-09-19&to=2016-09-19`)).terms[0].days[0]
  const own = new Set(Object.values(day.readings).flatMap(r => ['counted', 'perhaps', 'excused'].flatMap(k => r.parties[0][k]?.ids ?? [])))
  const shown = await page.locator('.reading .records a[href^="/records/"]').evaluateAll(list => list.map(a => /[0-9a-f]{64}/.exec(a.href)[0]))
  room.check(own.size > 3 && new Set(shown).size === own.size && shown.every(id => own.has(id)), 'the records of that party, and no others')
  const results = await page.locator('.reading > p:not(.verdict) > .result').allInnerTexts()
  room.check(results.length > 0 && results.every(r => said.some(s => s.trim() === r.trim())), 'the day says what the cell said')
  await axe('one day of one party')

  // Of one party alone: chosen in the form, kept on the way.
  await room.go(page, where)
  await page.locator('form.filters select[name=party]').selectOption('russia')
  await page.locator('form.filters button').click()
  await page.waitForURL('**party=russia**')
  room.check(page.url().includes(WHEN), 'the moment is kept')
  const mine = (await answer(room, where + '&party=russia')).terms
  room.check((await page.locator('.matrix tbody').count()) === mine.length && mine.every(t => t.bound.includes('russia')), 'the commitments that bind it')
  const heads = await page.locator('.matrix tr.one-party th').allInnerTexts()
  room.check(heads.length === mine.filter(judged).length && heads.every(h => h === RUSSIA[lang]), 'its rows alone')
  await axe('of one party')
  await page.locator('.ways-on a').first().click()
  await page.waitForURL('**party=russia**to=2016-09-11**')
  await page.goBack()
  await calm(page).locator('th[scope=rowgroup] a').click()
  await page.waitForURL('**term=calm**party=russia**')
  room.check((await page.locator('.days.compliance thead th').count()) === 3, 'of a commitment all together and the party')

  // All together alone.
  await room.follow(page.locator('.ways-on a').last())
  await page.locator('form.filters select[name=party]').selectOption('*')
  await page.locator('form.filters button').click()
  await page.waitForURL(url => url.searchParams.get('party') === '*')
  room.check((await page.locator('.matrix tbody tr').count()) === 31, 'commitments alone')

  // Somebody whom nothing binds; somebody who is nobody.
  await room.go(page, where + '&term=calm&party=red-crescent')
  room.check((await page.locator('main').innerText()).includes(lang === 'ar' ? 'لا التزام مما طُلب' : 'No commitment that is asked for'), 'nothing binds it')
  room.check((await page.locator('h1').count()) === 1, 'its page has a head')
  await room.go(page, where + '&party=nobody')
  room.check((await page.locator('#fault').innerText()).includes(lang === 'ar' ? 'لا يوجد طرف باسم' : 'There is no party'), 'an unknown party is told so')
  room.check((await page.locator('select[name=party]').inputValue()) === 'nobody', 'the party that was typed stays')
  room.check((await page.locator('select[name=party][aria-invalid]').count()) === 1 && (await page.locator('input[aria-invalid]').count()) === 0, 'at its field')
  room.check((await page.locator('form.filters input[name=from]').inputValue()) === '2016-09-12', 'the days that were typed stay')
  await axe('nobody')
}

async function fits(room, page, what) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  room.check(over <= 0, `${what} runs over by ${over}`)
}

// No table on a phone, nor at 400 % zoom: a list, the newest day first. Paper has the table.
async function phone(room, lang, javascript) {
  const page = await room.page({ lang, javascript, device: 'phone' })
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 640 })
    for (const where of ['', '&term=calm', '&term=calm&from=2016-09-19&to=2016-09-19', '&party=russia', '&party=nobody']) {
      await room.go(page, `/compliance?${WHEN}${where}`)
      await fits(room, page, `${lang} ${width} ${where}`)
      if (width === 320) await room.axe(page, `phone ${lang} ${where}`)
    }
  }
  await room.go(page, `/compliance?${WHEN}${DAYS}`)
  room.check((await page.locator('.matrix').isHidden()) && (await page.locator('.by-day').isVisible()), 'a list in place of the table')
  const dates = await page.locator('.by-day :is(summary, .earlier) time').evaluateAll(list => list.map(t => t.dateTime))
  room.check(dates.length === 14 && dates.every((d, i) => i === 0 || d < dates[i - 1]), 'fourteen days, the newest first')
  const line = page.locator('.by-day details[open] .commitments > li').filter({ has: page.locator('a[href*="term=no-attacks-guarantors&"]') })
  room.check((await line.count()) === 1, 'the newest day stands open')
  room.check((await line.locator('svg.mark').count()) >= 4 && (await line.locator('.result').count()) >= 4, 'shape and word')
  room.check((await line.locator('.by .number').count()) >= 2, 'hours watched')
  room.check((await line.locator('ul > li').count()) === 3, 'a line for each party')
  await page.locator('.by-day summary').nth(1).click()
  room.check((await page.locator('.by-day details[open]').count()) === 2, 'the day before opens')
  await fits(room, page, `${lang} opened`)
  await page.locator('.by-day .earlier a[href*="from=2016-09-19"]').click()
  await page.waitForURL('**from=2016-09-19&to=2016-09-19**')
  await page.locator('.by-day .commitments a[href*="term=calm&"][href*="party=russia"]').click()
  await page.waitForURL('**term=calm**party=russia**')
  room.check((await page.locator('.reading .records a[href^="/records/"]').count()) > 3, 'its records are reached')
  await room.go(page, `/compliance?${WHEN}`)
  await page.emulateMedia({ media: 'print' })
  room.check((await page.locator('.matrix').isVisible()) && (await page.locator('.by-day').isHidden()), 'paper has the table')
}

async function table(room, lang) {
  const page = await room.page({ lang })
  await page.setViewportSize({ width: 800, height: 700 })
  await room.go(page, `/compliance?${WHEN}`)
  await fits(room, page, `table ${lang}`)
  await page.locator('[role=region]').focus()
  const before = await page.locator('[role=region]').evaluate(e => e.scrollLeft)
  for (let i = 0; i < 5; i++) await page.keyboard.press(lang === 'ar' ? 'ArrowLeft' : 'ArrowRight')
  await page.waitForFunction(from => document.querySelector('[role=region]').scrollLeft !== from, before)
  room.check(true, 'the keyboard moves the table')
}

export default async function (room) {
  for (const lang of ['en', 'ar'])
    for (const javascript of [true, false]) {
      await adviser(room, lang, javascript)
      await parties(room, lang, javascript)
      await phone(room, lang, javascript)
    }
  for (const lang of ['en', 'ar']) await table(room, lang)
}
