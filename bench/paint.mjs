// paint.mjs BUILD REGISTER — how soon pages are seen, in Chromium with the processor slowed four times: the first paint of
// each page over five loads (median, worst; aim 0.5 s), and how soon a new record is told on ten open pages (aim 0.3 s,
// without slowing). REGISTER is a loaded case with its keys; `truce serve` is started on it, on loopback.
import { spawn, spawnSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { launch } from '../test/browser/chromium.mjs'

const HERE = path.dirname(fileURLToPath(import.meta.url))
const [build, register] = process.argv.slice(2).map(a => path.resolve(a))
const program = path.join(build, 'truce'), vendor = path.join(build, 'test', 'vendor')
if (spawnSync(path.join(HERE, '../tools/fetch-vendor'), ['check', vendor], { stdio: 'inherit' }).status) process.exit(1)
const PAGES = ['/today', '/standing', '/compliance', '/why/cessation-2016-09-09/seven-days', '/records', '/heads']
const LOADS = 5, OPEN = 10, SLOWED = 4, NEWS = 7

const server = spawn(program, ['serve', '-C', register, '--listen', '127.0.0.1:0', '--yes', '--lang', 'en'],
  { stdio: ['ignore', 'pipe', 'inherit'] })
let said = ''
const base = await new Promise((resolve, reject) => {
  server.stdout.on('data', data => {
    said += data
    const found = /http:\/\/[0-9.:]+/.exec(said)
    if (found) resolve(found[0])
  })
  server.on('exit', () => reject(new Error('truce serve ended: ' + said)))
})
const browser = await launch(vendor)
const median = list => list.sort((a, b) => a - b)[list.length >> 1]

async function paint(where, lang) {
  const times = []
  for (let i = 0; i < LOADS; i++) {
    const context = await browser.newContext({ locale: lang })
    const page = await context.newPage()
    const wire = await context.newCDPSession(page)
    await wire.send('Emulation.setCPUThrottlingRate', { rate: SLOWED })
    await page.goto(base + where + '?lang=' + lang)
    times.push(await page.evaluate(() => new Promise(done => new PerformanceObserver((list, observer) => {
      const first = list.getEntriesByName('first-contentful-paint')[0]
      if (first) (observer.disconnect(), done(first.startTime))
    }).observe({ type: 'paint', buffered: true }))))
    await context.close()
  }
  console.log(`first paint of ${where} (${lang}): ${median(times).toFixed(0)} ms, at worst ${Math.max(...times).toFixed(0)} ms`)
}

async function news() {
  const context = await browser.newContext({ locale: 'en' })
  const pages = []
  for (let i = 0; i < OPEN; i++) {
    pages.push(await context.newPage())
    await pages[i].goto(base + PAGES[i % PAGES.length])
    await pages[i].evaluate(() => new MutationObserver(() => { window.told = Date.now() })
      .observe(document.getElementById('news'), { childList: true }))
  }
  const times = []
  await pages[0].waitForTimeout(1000)
  for (let i = 0; i < NEWS; i++) {
    for (const page of pages) await page.evaluate(() => { window.told = 0 })
    const note = spawnSync(program, ['write', 'statement', '-C', register, '--key', `${register}/keys/russia.key`,
      'at=2016-10-04T10:00:00Z', 'act=statement', 'speaker=A speaker', 'organisation=An office', 'words.lang=en',
      `words.exact=Measured, ${i}.`]).stdout
    const answer = await fetch(base + '/records', { method: 'POST', body: note, headers: { 'Content-Type': 'text/plain' } })
    const admitted = Date.now()
    if (answer.status !== 201) throw new Error(await answer.text())
    await pages[0].waitForTimeout(700)
    for (const page of pages) times.push((await page.evaluate(() => window.told)) - admitted)
  }
  if (times.some(t => t < -1000)) throw new Error('a page was not told')
  console.log(`a new record told on ${OPEN} open pages: ${median(times).toFixed(0)} ms, at worst ${Math.max(...times)} ms`)
}

try {
  for (const where of PAGES) for (const lang of ['ar', 'en']) await paint(where, lang)
  await news()
} finally {
  await browser.close()
  server.kill()
}
