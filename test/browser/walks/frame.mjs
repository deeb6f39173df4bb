// What every page has: nothing that axe-core finds, in both languages, with and without JavaScript; news; keys by their
// place on the keyboard.
const PAGES = ['/today?as-of=2016-10-04', '/standing?as-of=2016-10-04', '/records', '/integrity', '/session', '/nothing']

const SEEN = [{ device: 'desktop' }, { device: 'phone', colorScheme: 'dark' }, { forcedColors: 'active' },
  { viewport: { width: 320, height: 256 } }] // 1280 by 1024 pixels, four times as large

async function everyPage(room) {
  for (const lang of ['en', 'ar'])
    for (const seen of SEEN) {
      const page = await room.page({ lang, ...seen })
      for (const where of PAGES) {
        await room.go(page, where)
        await room.axe(page, `${where} ${lang} ${JSON.stringify(seen)}`)
        room.check(await page.evaluate(() => document.documentElement.dir) === (lang === 'ar' ? 'rtl' : 'ltr'), `${where}: direction`)
      }
    }
}

async function keys(room) {
  const page = await room.page({ lang: 'ar' })
  await room.go(page, '/records')
  await page.keyboard.press('Shift+Slash')
  room.check(await page.locator('dialog#keys').isVisible(), '? shows the keys')
  await room.axe(page, 'the keys')
  await page.locator('dialog#keys input[type=checkbox]').uncheck()
  await page.locator('dialog#keys button').click()
  await page.keyboard.press('Shift+Slash')
  room.check(!await page.locator('dialog#keys').isVisible(), 'keys that are switched off do nothing')
  await page.evaluate(() => localStorage.clear())
  await room.go(page, '/records')
  const focused = () => page.evaluate(() => document.activeElement.closest('[data-item]')?.rowIndex ?? document.activeElement.name)
  for (const [key, where] of [['j', 1], ['j', 2], ['k', 1], ['/', 'text']]) {
    // An Arabic layout: the key says another letter, and is the same key.
    await page.evaluate(([letter, code]) => document.activeElement.dispatchEvent(
      new KeyboardEvent('keydown', { key: letter, code, bubbles: true, cancelable: true })),
    { j: ['ت', 'KeyJ'], k: ['ن', 'KeyK'], '/': ['ظ', 'Slash'] }[key])
    room.check(await focused() === where, `${key} leads to ${where}`)
  }
  await page.keyboard.press('KeyJ')
  room.check(await focused() === 'text', 'who types is left alone')
  await room.go(page, '/standing')
  await page.keyboard.press('Slash')
  await page.waitForURL('**/records')
}

async function news(room) {
  const first = await room.page({ lang: 'en' })
  await room.go(first, '/records')
  const second = await first.context().newPage()
  await room.go(second, '/standing')
  await first.waitForTimeout(300)
  const written = room.truce('write', 'statement', '-C', room.case, '--key', `${room.keys}/russia.key`, '--submit',
    'at=2016-10-04T10:00:00Z', 'act=statement', 'speaker=Maria Zakharova', 'organisation=Ministry of Foreign Affairs',
    'words.exact=The walk of the frame.', 'words.lang=en')
  room.check(written.status === 0, 'a record is written: ' + written.stderr)
  for (const page of [first, second])
    room.check(await page.locator('#news').getByText('1').waitFor({ timeout: 3000 }).then(() => true, () => false),
      'it is told on every open page')
}

export default async function (room) {
  await everyPage(room)
  await keys(room)
  await news(room)
}
