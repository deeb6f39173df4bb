// Paper: every page has a form for it, numbered, with what to cite at the foot of each sheet, without navigation, in one
// language or in both; by a link, without JavaScript too.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'

const PAGES = ['/today?as-of=2016-10-04', '/handover?as-of=2016-10-04', '/standing?as-of=2016-10-04', '/records?kind=report&limit=20', '/parties',
  '/integrity', '/changes?known=40', '/difference?as-of=2016-09-18&known=2016-09-18']

// The sheets as text; what goes from right to left comes in visual order, so that codes alone are looked for in it.
function sheets(file) {
  const run = spawnSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8', maxBuffer: 1 << 26 })
  if (run.status !== 0) throw new Error('pdftotext: ' + (run.error ?? run.stderr))
  return run.stdout.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '').split('\f').slice(0, -1)
}

async function paper(room, folder, where, lang, print) {
  const page = await room.page({ lang, javascript: false }), seen = await room.page({ lang }) // axe-core is a script
  await room.go(page, where)
  const root = (await page.locator('footer .citation .code').allInnerTexts()).find(code => /^[0-9a-f]{64}$/.test(code))
  await room.follow(page.locator('header a[href*="print="]').first())
  room.check(new URL(page.url()).searchParams.get('print') === lang, `${where}: the link leads to the form for paper`)
  await room.go(seen, page.url())
  await room.axe(seen, `${where} on paper ${lang}`)
  await room.go(page, `${where}${where.includes('?') ? '&' : '?'}print=${print}`)
  await room.go(seen, page.url())
  await room.axe(seen, `${where} on paper ${print}`)
  room.check((await page.locator('.again').count()) === (print.includes(',') ? 1 : 0), `${where}: languages of ${print}`)
  const file = path.join(folder, 'page.pdf')
  await page.pdf({ path: file, preferCSSPageSize: true })
  const all = sheets(file)
  all.forEach((sheet, i) => {
    room.check(new RegExp(`(^|\\s)${i + 1} / ${all.length}(\\s|$)`).test(sheet), `${where} ${print}: sheet ${i + 1} of ${all.length} is numbered`)
    room.check(sheet.includes(root), `${where} ${print}: the root stands on sheet ${i + 1}`)
    room.check(/syria-2016#/.test(sheet), `${where} ${print}: and the register`)
  })
  const text = all.join('\n')
  room.check(!/More pages|Another moment|Back to the page|صفحات أخرى/.test(text), `${where} ${print}: no navigation`)
}

async function button(room) {
  const page = await room.page({ lang: 'en' })
  await page.addInitScript(() => { window.print = () => { document.title = 'printed' } })
  await room.go(page, '/parties?print=en')
  await page.locator('[data-print]').click()
  room.check(await page.title() === 'printed', 'the button prints')
}

export default async function (room) {
  const folder = mkdtempSync(path.join(tmpdir(), 'truce-paper-'))
  for (const where of PAGES) {
    await paper(room, folder, where, 'ar', 'ar')
    await paper(room, folder, where, 'en', 'en,ar')
  }
  await button(room)
  rmSync(folder, { recursive: true })
}
