// A reader comes for the first time, confirms what should be read first, and chooses how numbers and days are written;
// without JavaScript, for none of it needs any.
async function firstTime(room, lang) {
  const page = await room.page({ lang, javascript: false })
  await room.go(page, '/')
  room.check(page.url().endsWith('/welcome'), 'a newcomer reads first')
  room.check((await page.locator('main p').count()) >= 3, 'the text is there')
  await page.locator('main button').click()
  await page.waitForURL('**/today')
  room.check(page.url().endsWith('/today'), 'and goes on')
  await room.go(page, '/')
  room.check(page.url().endsWith('/today'), 'once is enough')
}

async function numbers(room) {
  const page = await room.page({ lang: 'ar', javascript: false })
  const where = '/records?kind=report&limit=3'
  await room.go(page, where)
  const usual = await page.locator('main').innerText()
  room.check(!/[٠-٩]/.test(usual), 'digits are Western unless others are asked for')
  await page.locator('summary', { hasText: 'الأرقام والتواريخ' }).click()
  await page.locator('select[name=digits]').selectOption('arab')
  await page.locator('select[name=calendar]').selectOption('hijri')
  await page.locator('.choices details[open] button').click()
  await page.waitForURL('**digits=arab**')
  room.check(/[٠-٩]/.test(await page.locator('main').innerText()), 'Arabic-Indic digits on request')
  room.check(new URL(page.url()).searchParams.get('kind') === 'report', 'the question is kept')
  await room.go(page, `/records/${room.id('--kind', 'standing')}`)
  const text = (await page.locator('main').innerText()).replace(/[\u2066-\u2069]/g, '')
  room.check(/[٠-٩]/.test(text), 'they stay on the next page')
  room.check(/محرم ١٤٣٨ هـ|ذو الحجة ١٤٣٧ هـ/.test(text), 'and days are in the Hijri calendar as well')
  room.check((await page.locator('bdi.code').allInnerTexts()).every(id => !/[٠-٩]/.test(id)), 'ids keep Western digits')
}

export default async function (room) {
  for (const lang of ['en', 'ar']) await firstTime(room, lang)
  await numbers(room)
  const page = await room.page({ lang: 'ar' })
  await room.go(page, '/welcome')
  await room.axe(page)
}
