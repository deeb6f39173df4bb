// The network at a checkpoint: slow, cut, and back. The page says when it is not heard and when it is again, what came
// meanwhile is told, what was typed stays, and on a slow line the words come before the scripts.
async function cut(room, lang) {
  const site = await room.serve()
  const page = await room.page({ lang })
  await page.context().addCookies([{ name: 'lang', value: lang, url: site.base }])
  await room.go(page, site.base + '/records')
  await page.locator('input[name=text]').fill('قافلة')
  await page.waitForTimeout(300)
  site.server.kill('SIGKILL')
  const news = page.locator('#news')
  room.check(await news.waitFor({ timeout: 5000 }).then(() => true, () => false), 'a server that is gone is told')
  room.faults = room.faults.filter(fault => !fault.includes('ERR_'))
  const written = room.truce('write', 'statement', '-C', site.case, '--key', `${site.keys}/russia.key`, '--submit',
    'at=2016-10-04T10:00:00Z', 'act=statement', 'speaker=A speaker', 'organisation=An office',
    'words.exact=While the line was cut.', 'words.lang=en')
  room.check(written.status === 0, 'a record comes meanwhile: ' + written.stderr)
  await room.serve({ directory: site.case, port: new URL(site.base).port })
  room.check(await news.locator('a').waitFor({ timeout: 10000 }).then(() => true, () => false), 'what came is told then')
  room.check(await page.locator('input[name=text]').inputValue() === 'قافلة', 'what was typed stays')
  room.faults = room.faults.filter(fault => !fault.includes('ERR_'))
}

async function slow(room) {
  const page = await room.page({ lang: 'ar', device: 'phone' })
  const wire = await page.context().newCDPSession(page)
  await wire.send('Network.enable')
  await wire.send('Network.emulateNetworkConditions', { offline: false, latency: 400, downloadThroughput: 8000, uploadThroughput: 4000 })
  await page.goto(room.base + '/standing?as-of=2016-10-04', { waitUntil: 'commit' })
  await page.locator('h1').waitFor({ timeout: 30000 })
  const scripts = await page.evaluate(() => performance.getEntriesByType('resource').filter(r => r.name.endsWith('.js') && r.responseEnd > 0).length)
  room.check(scripts < 5, `the words do not wait for the scripts (${scripts} had come)`)
  await room.check(await page.locator('main').innerText() !== '', 'the page can be read')
}

export default async function (room) {
  for (const lang of ['ar', 'en']) await cut(room, lang)
  await slow(room)
}
