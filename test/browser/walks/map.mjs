// Map and timeline: an officer looks for what was reported near the road on two days, by mouse, by keyboard and on paper;
// a planner's convoy is not found on it; nothing comes from elsewhere.
const SEPTEMBER = '/map?as-of=2016-10-04'
const NARROW = '/map?from=2016-09-15&to=2016-09-17&kind=report'
const number = text => Number(/\d+/.exec(text)?.[0] ?? 0)

async function withoutScripts(room, lang) {
  const page = await room.page({ lang, javascript: false })
  await room.go(page, SEPTEMBER)
  room.check(!await page.locator('#map-part').isVisible(), `${lang}: without scripts there is no empty map`)
  room.check(await page.locator('.distances .rows li').count() > 10, `${lang}: the strip has its rows`)
  room.check(await page.locator('table.drawn tbody tr').count() > 50, `${lang}: the list has what the map would show`)
  const mark = page.locator('.days-by a.mark-link').first()
  const [count, where] = [number(await mark.locator('text').textContent()), await mark.getAttribute('href')]
  await room.go(page, where)
  room.check(await page.locator('table.drawn tbody tr').count() === count, `${lang}: a mark's number is its records' (${count})`)
  await room.go(page, NARROW)
  await page.locator('.filters input[name=to]').fill('2016-09-14')
  await room.follow(page.locator('form.filters button'))
  room.check(await page.locator('#fault').isVisible() && await page.locator('.filters input[name=to]').inputValue() === '2016-09-14',
    `${lang}: what makes no sense is said at its field, and stays`)
  await room.go(page, '/map?bbox=10,10,11,11')
  room.check(await page.locator('main a[href^="/map"]').count() > 0, `${lang}: where nothing is, a way on`)
}

async function ready(room, page, where) {
  await room.go(page, where)
  await page.locator('#map[data-ready]').waitFor({ timeout: 10000 })
}

const place = page => page.evaluate(() => document.querySelector('#map .leaflet-map-pane').style.transform)
const drawn = (page, what) => page.locator(`#map path.${what}`).evaluateAll(all =>
  all.filter(path => (path.getAttribute('d') ?? 'M0 0') !== 'M0 0').length)

async function theMap(room, lang) {
  const page = await room.page({ lang })
  await ready(room, page, SEPTEMBER)
  room.check(await page.locator('#map .leaflet-control-attribution').textContent() ===
    (lang === 'ar' ? 'الحدود المبيّنة لا تنطوي على أي رأي بشأن المركز القانوني' : 'Boundaries not authoritative'),
  `${lang}: boundaries are not authoritative`)
  await room.shot(page, `walk-map-${lang}`)
  room.check(await page.locator('#map .sign').count() > 2, `${lang}: there are signs`)
  room.check(await drawn(page, 'land') === 1 && await drawn(page, 'border') === 0, `${lang}: land, and no border in or around the area`)
  room.check(await drawn(page, 'distance') >= 8 && await drawn(page, 'reference') === 1, `${lang}: distances round the line`)

  const wide = await place(page)
  await page.evaluate(() => { document.getElementById('map').style.inlineSize = '12rem' })
  room.check(await page.waitForFunction(was => document.querySelector('#map .leaflet-map-pane').style.transform !== was, wide,
    { timeout: 5000 }).then(() => true, () => false), `${lang}: whatever makes it another size, its middle stays`)
  await page.evaluate(() => { document.getElementById('map').style.inlineSize = '' })
  await page.waitForFunction(was => document.querySelector('#map .leaflet-map-pane').style.transform === was, wide)

  await page.locator('#map').focus()
  const before = await place(page)
  await page.keyboard.press('ArrowRight')
  await page.waitForFunction(was => document.querySelector('#map .leaflet-map-pane').style.transform !== was, before)
  room.check(await place(page) !== before, `${lang}: arrow keys move it`)
  for (let i = 0; i < 14; i++) await page.keyboard.press('Minus')
  await page.waitForFunction(() => document.querySelector('#map .leaflet-control-zoom-out.leaflet-disabled'))
  room.check(await drawn(page, 'border') > 10, `${lang}: borders far away are drawn, faintly`)
  const names = await page.locator('#map .country').allTextContents()
  room.check(names.includes(lang === 'ar' ? 'البرازيل' : 'Brazil') && !names.some(name => /Syria|سور|Lebanon|لبنان|Türkiye|تركيا/.test(name)),
    `${lang}: states are named, but none in or around the area: ${names.slice(0, 8)}`)

  const sign = page.locator('#map .sign').first()
  await sign.focus()
  await page.keyboard.press('Enter')
  const popup = page.locator('#map .leaflet-popup')
  await popup.waitFor()
  const title = await sign.getAttribute('title')
  const links = popup.locator('a[href^="/records/"]')
  room.check(await links.count() >= Math.max(1, number(title.includes(':') ? title : '')), `${lang}: a sign opens its records (${title})`)
  await room.axe(page, `map with a record open ${lang}`)
  await page.keyboard.press('Escape')

  const all = await page.locator('.layers input').count()
  for (let i = 0; i < all; i++) await page.locator('.layers input').nth(i).uncheck()
  room.check(await page.locator('#map .sign, #map .country').count() === 0 && await drawn(page, 'land') === 0,
    `${lang}: every layer can be switched off`)
  await page.locator('.layers input[value=report]').check()
  room.check(await page.locator('#map .sign').count() > 0, `${lang}: and on`)

  await page.locator('#map-part a.skip').focus()
  await page.keyboard.press('Enter')
  room.check(await page.evaluate(() => document.activeElement.id) === 'behind-map', `${lang}: one can go past the map`)
}

async function brushing(room, lang) {
  const page = await room.page({ lang })
  await ready(room, page, SEPTEMBER)
  const day = text => page.locator(`.days-by a[data-from^="${text}"]`)
  await page.locator('.days-by').evaluate(e => e.scrollIntoView({ block: 'center' }))
  const [from, to] = [await day('2016-09-13').boundingBox(), await day('2016-09-15').boundingBox()]
  await page.mouse.move(from.x + 8, from.y + 8)
  await page.mouse.down()
  await page.mouse.move((from.x + to.x) / 2, from.y + 30)
  await page.mouse.move(to.x + 8, to.y + 8)
  room.check(await page.locator('.days-by a[data-chosen]').count() === 3, `${lang}: days are chosen by drawing over them`)
  await Promise.all([page.waitForURL(/from=2016-09-13/), page.mouse.up()])
  const at = new URL(page.url()).searchParams
  room.check(at.get('to') === '2016-09-15T23:59:59Z' && at.get('as-of') === '2016-10-04', `${lang}: and stand in the address`)
  room.check(await page.locator('.filters input[name=from]').inputValue() === '2016-09-13T00:00:00Z', `${lang}: and in the form`)

  await ready(room, page, SEPTEMBER)
  await day('2016-09-16').focus()
  const forward = lang === 'ar' ? 'ArrowLeft' : 'ArrowRight'
  await page.keyboard.press(`Shift+${forward}`)
  await Promise.all([page.waitForURL(/from=2016-09-16.*to=2016-09-17/), page.keyboard.press('Enter')])
}

async function seen(room) {
  for (const lang of ['en', 'ar'])
    for (const how of [{ device: 'desktop' }, { device: 'phone', colorScheme: 'dark' }, { forcedColors: 'active' },
      { viewport: { width: 320, height: 256 } }, { javascript: false }]) {
      const page = await room.page({ lang, ...how })
      if (how.javascript === false) await room.go(page, NARROW)
      else await ready(room, page, NARROW)
      if (how.javascript !== false) await room.axe(page, `${lang} ${JSON.stringify(how)}`)
      const over = await page.locator('html').evaluate(e => e.scrollWidth - e.clientWidth)
      room.check(over <= 0, `${lang} ${JSON.stringify(how)}: nothing runs over`)
      if (how.device || how.forcedColors) await room.shot(page, `walk-map-${lang}-${how.device ?? 'forced'}`)
    }
}

async function onPaper(room) {
  for (const lang of ['en', 'ar']) {
    const page = await room.page({ lang })
    await ready(room, page, NARROW)
    await page.setViewportSize({ width: 700, height: 1000 }) // A4 less its edges
    await page.emulateMedia({ media: 'print' })
    room.check(await page.locator('#map .leaflet-control-scale-line').isVisible() && await page.locator('.boundaries').isVisible() &&
      await page.locator('table.drawn').isVisible(), `${lang}: map with its scale, the sentence and the list are printed`)
    const svg = await page.locator('.days-by svg').boundingBox()
    room.check(svg.width <= 700, `${lang}: the timeline fits the paper`)
    await room.shot(page, `walk-map-${lang}-print`)
  }
}

// What a first visit takes from the server, compressed as it is sent.
async function bytes(room) {
  const page = await room.page({})
  const elsewhere = []
  page.on('request', request => { if (!request.url().startsWith(room.base)) elsewhere.push(request.url()) })
  await ready(room, page, SEPTEMBER)
  const taken = await page.evaluate(() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .filter(entry => !entry.name.includes('/events')).map(entry => [entry.name, entry.transferSize]))
  const sum = taken.reduce((all, [, size]) => all + size, 0)
  console.log(`map: ${sum} bytes at the first visit: ` + taken.map(([name, size]) => `${name.split('/').pop().slice(0, 24)} ${size}`).join(', '))
  room.check(sum > 100000 && sum < 450000, `a first visit takes less than 450 kB: ${sum}`)
  room.check(elsewhere.length === 0, `nothing comes from elsewhere: ${elsewhere}`)
}

async function files(room) {
  const json = await (await fetch(`${room.base}${NARROW}&f=json`)).json()
  const geo = await (await fetch(`${room.base}${NARROW}&f=geojson`)).json()
  room.check(json.records.every(record => record.kind === 'report') && json.lines[0].place === 'castello-road', 'the same as JSON')
  room.check(geo.type === 'FeatureCollection' && geo.features.length > json.records.length &&
    geo.features.some(f => f.properties.kind === 'distance' && f.geometry.type === 'Polygon'), 'and as GeoJSON')
  const page = await room.page({ javascript: false })
  await room.go(page, NARROW)
  const licence = await page.locator('a[href^="/assets/licences"]').getAttribute('href')
  room.check(/Agafonkin[\s\S]*Bostock/.test(await (await fetch(room.base + licence)).text()), 'the licences of others can be read')
}

export default async function (room) {
  for (const lang of ['en', 'ar']) {
    await withoutScripts(room, lang)
    await theMap(room, lang)
    await brushing(room, lang)
  }
  await seen(room)
  await onPaper(room)
  await bytes(room)
  await files(room)
}
