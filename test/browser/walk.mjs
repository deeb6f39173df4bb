// walk.mjs BUILD [NAME…] — people's days at the page, in Chromium by Playwright: every file of walks/ walks one, against
// `truce serve` on loopback with a case of its own. Each walk is a function of a room:
//   room.base                 address of the server; room.case: its register's directory; room.keys: the exercise's keys
//   room.page(options)        a new page: {lang, javascript, device: "phone" | "desktop", …Playwright's own options}
//   room.go(page, path)       goes there; what the browser complains about is a fault
//   room.follow(thing)        clicks a locator that leads to another page, and waits until that is there
//   room.check(holds, what)   one check
//   room.axe(page, what)      axe-core finds nothing
//   room.truce(…arguments)    the program; {status, stdout, stderr}; room.program: its path
//   room.id(…options)         the id of the first record that `truce list` finds with them
//   room.serve({load, directory, port, words})   another server: of a case, or of a register; {base, case, keys, server,
//                             close()}
//   room.shot(page, name)     a picture in BUILD/screens
//   room.vendor               where packages of npm lie
// Playwright and axe-core come from npm, by name and hash (tools/vendor).
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { launch } from './chromium.mjs'

const HERE = path.dirname(fileURLToPath(import.meta.url))
const [build, ...names] = process.argv.slice(2).map((a, n) => (n === 0 ? path.resolve(a) : a))
const program = path.join(build, 'truce'), vendor = path.join(build, 'test', 'vendor')
const fetched = spawnSync(path.join(HERE, '../../tools/fetch-vendor'), ['check', vendor], { stdio: 'inherit' })
if (fetched.status !== 0) process.exit(1)
const axe = readFileSync(path.join(vendor, 'axe-core/axe.min.js'), 'utf8')
const DEVICES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } }
const ENVIRONMENT = { ...process.env, LC_ALL: 'C.UTF-8', TRUCE_DIR: '' }

function truce(...words) {
  return spawnSync(program, words, { encoding: 'utf8', env: ENVIRONMENT, maxBuffer: 1 << 28 })
}

async function serve(folder, { load = 'syria-2016', directory, port = 0, words = [] } = {}) {
  const where = directory ?? path.join(mkdtempSync(path.join(folder, 'case-')), 'register')
  if (!directory) {
    const loaded = truce('case', 'load', load, '-C', where)
    if (loaded.status !== 0) throw new Error(loaded.stderr)
  }
  const server = spawn(program, ['serve', '-C', where, '--listen', `127.0.0.1:${port}`, '--yes', '--lang', 'en', ...words],
    { stdio: ['ignore', 'pipe', 'pipe'], env: ENVIRONMENT })
  const ended = new Promise(resolve => server.on('exit', resolve))
  let said = ''
  const base = await new Promise((resolve, reject) => {
    const take = data => {
      said += data
      const found = /https?:\/\/[0-9.:]+/.exec(said)
      if (found) resolve(found[0])
    }
    server.stdout.on('data', take)
    server.stderr.on('data', take)
    server.on('exit', () => reject(new Error('truce serve ended: ' + said)))
  })
  return { base, case: where, keys: path.join(where, 'keys'), server, close: () => (server.kill(), ended) }
}

class Room {
  constructor(name, folder, browser, site) {
    Object.assign(this, { name, folder, browser, site, base: site.base, case: site.case, keys: site.keys, truce, program, vendor })
    this.checks = 0
    this.faults = []
    this.open = []
  }

  check(holds, what) {
    this.checks++
    if (!holds) this.faults.push(what)
    return holds
  }

  id(...options) {
    const found = truce('list', '-C', this.case, '--json', '--limit', '1', ...options).stdout
    return JSON.parse(found.split('\n')[0]).id
  }

  async page({ lang = 'en', javascript = true, device = 'desktop', ...others } = {}) {
    const context = await this.browser.newContext({
      viewport: DEVICES[device], javaScriptEnabled: javascript, reducedMotion: 'reduce', acceptDownloads: true,
      locale: lang === 'ar' ? 'ar' : 'en-GB', ...others,
    })
    await context.addCookies([{ name: 'lang', value: lang, url: this.base }])
    const page = await context.newPage()
    page.scripted = javascript
    page.on('pageerror', error => this.faults.push(`${page.url()}: ${error.message}`))
    page.on('console', message => {
      if (message.type() === 'error' && !/status of (4\d\d|503)/.test(message.text()))
        this.faults.push(`${page.url()}: ${message.text()}`)
    })
    this.open.push(context)
    return page
  }

  async go(page, where) {
    return page.goto(where.startsWith('http') ? where : this.base + where, { waitUntil: 'load' })
  }

  // A click alone waits until the other page begins to come.
  async follow(thing) {
    await Promise.all([thing.page().waitForNavigation(), thing.click()])
  }

  // Addresses of this site that links lead to, from `start` on: {pages, files}, of one shape (an id is like another) at
  // most `each`.
  async crawl({ start = ['/'], lang = 'en', each = 2, most = 150, headers = {} } = {}) {
    const seen = new Map(), pages = [], files = [], queue = [...start]
    while (queue.length > 0 && pages.length < most) {
      const where = queue.shift()
      const url = new URL(where, this.base)
      const shape = url.pathname.replace(/[0-9a-f]{8,64}/g, '*').replace(/\/why\/.*/, '/why/*') +
        [...url.searchParams.keys()].sort().join()
      const count = seen.get(shape) ?? 0
      if (pages.includes(where) || files.includes(where) || count >= each) continue
      seen.set(shape, count + 1)
      const answer = await fetch(url, { headers: { Accept: 'text/html', Cookie: `lang=${lang}`, ...headers } })
      const page = answer.headers.get('content-type')?.startsWith('text/html')
      ;(page ? pages : files).push(where)
      if (!page) {
        await answer.body?.cancel()
        continue
      }
      const html = await answer.text()
      for (const [, href] of html.matchAll(/<a\b[^>]*? href="(\/[^"#]*)/g))
        if (!href.includes('lang=')) queue.push(href.replaceAll('&amp;', '&').replaceAll('&#39;', "'"))
    }
    return { pages, files }
  }

  // Playwright runs it beside the page's content security policy, as an extension would.
  async axe(page, what = page.url()) {
    if (!page.scripted) return // it is a script: the same page is judged where they run
    await page.evaluate(axe)
    const found = await page.evaluate(() => window.axe.run(document, {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }))
    this.checks++
    for (const v of found.violations)
      this.faults.push(`${what}: ${v.id}: ${v.help} (${v.nodes.slice(0, 3).map(n => n.target.join(' ')).join('; ')})`)
  }

  async shot(page, name) {
    mkdirSync(path.join(build, 'screens'), { recursive: true })
    await page.screenshot({ path: path.join(build, 'screens', name + '.png'), fullPage: true })
  }

  async serve(options) {
    const site = await serve(this.folder, options)
    this.open.push(site)
    return site
  }

  async close() {
    for (const thing of this.open.reverse()) await thing.close()
  }
}

const folder = mkdtempSync(path.join(tmpdir(), 'truce-walks-'))
let checks = 0, faults = 0
try {
  const browser = await launch(vendor)
  for (const file of readdirSync(path.join(HERE, 'walks')).sort()) {
    const name = path.basename(file, '.mjs')
    if (names.length > 0 && !names.includes(name)) continue
    const walk = await import(pathToFileURL(path.join(HERE, 'walks', file)))
    const site = await serve(folder, walk.site)
    const room = new Room(name, folder, browser, site)
    try {
      await walk.default(room)
    } catch (error) {
      room.faults.push(error.stack)
    }
    await room.close()
    await site.close()
    for (const fault of room.faults) console.log(`${name}: ${fault}`)
    if (room.checks === 0) console.log(`${name}: checks nothing`), faults++
    checks += room.checks
    faults += room.faults.length
  }
  await browser.close()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`${checks} checks, ${faults} faults`)
process.exit(faults > 0 || checks === 0 ? 1 : 0)
