// The secretariat's morning: what is claimed of the convoy beside what was answered and found, the incident with its
// links, and each party's count as a worksheet.
async function morning(room, lang, javascript) {
  const page = await room.page({ lang, javascript })
  const axe = async what => javascript && room.axe(page, `${what} ${lang}`)
  await room.go(page, '/claims')
  await axe('claims')
  await page.locator('select[name=against]').selectOption('russia')
  await room.follow(page.locator('form.filters button'))
  room.check(page.url().includes('against=russia'), 'its address')
  room.check((await page.locator('tr[data-item]').count()) > 0, 'claims against one')
  await room.follow(page.locator('tr[data-item] th a').first())
  room.check((await page.locator('.beside-each-other thead th').count()) > 3, 'columns')
  room.check((await page.locator('main').innerText()).includes('≠') || (await page.locator('.under').count()) > 0, 'marked')
  await axe('claim')
  await room.follow(page.locator('a[href^="/incidents/"]').first())
  room.check((await page.locator('svg.sketch circle').count()) > 0, 'the place is drawn with its error')
  room.check((await page.locator('.links > li').count()) > 0, 'links decided')
  await axe('incident')
  await page.emulateMedia({ media: 'print' })
  room.check(!(await page.locator('nav.places').isVisible()), 'the print has no navigation')
  await page.emulateMedia({ media: 'screen' })
  await room.go(page, '/claims/tallies')
  room.check((await page.locator('.worksheet tr[data-item]').count()) === 6, 'a row for each tally')
  await axe('tallies')
}

export default async function (room) {
  for (const lang of ['en', 'ar']) for (const javascript of [true, false]) await morning(room, lang, javascript)
}
