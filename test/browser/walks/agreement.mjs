// A legal adviser's reading: both languages of every clause beside each other in one row, the reader's first, with the result of
// each term; the rival text beside its clause; the acts with their stated grounds; and the ways there from other pages.
const PAGE = '/agreements/cessation-2016-09-09?as-of=2016-10-04'
const boxes = (page, selector) => page.locator(selector).evaluateAll(all => all.map(e => {
  const { top, left, right, bottom } = e.getBoundingClientRect()
  return { top, left, right, bottom, lang: e.querySelector('.words').lang }
}))

async function reading(room, lang, javascript) {
  const page = await room.page({ lang, javascript })
  const what = `${lang}, ${javascript ? 'with' : 'without'} scripts`
  await room.go(page, PAGE)
  if (javascript) await room.axe(page, `agreement ${lang}`)
  const clauses = page.locator('article.text-of')
  room.check((await clauses.count()) > 20, `clauses, ${what}`)
  for (const at of [0, 5]) {
    const [first, second] = await boxes(page, `article.text-of >> nth=${at} >> xpath=./div[contains(@class,"sides")]/div`)
    room.check(first.lang === lang && second.lang !== lang, `the reader's language is first, ${what}`)
    room.check(Math.abs(first.top - second.top) < 2, `the two stand in one row, ${what}`)
    room.check(lang === 'ar' ? second.right <= first.left : first.right <= second.left, `in reading order, ${what}`)
  }
  const text = await page.locator('main').innerText()
  const says = (en, ar) => room.check(text.includes(lang === 'ar' ? ar : en), `${en}, ${what}`)
  says('Stated grounds; the register does not endorse them', 'الأسباب المعلنة، ولا يتبنّاها السجل')
  says('Prevails in case of divergence', 'الذي يُعتدّ به عند الاختلاف')
  says('Unofficial translation, made by', 'ترجمة غير رسمية')
  says('Computed from signed records; not a finding of responsibility.', 'نتيجة محسوبة من وثائق موقَّعة')
  const rival = page.locator('#clause-government-heavy .other-text')
  room.check((await rival.count()) === 1 && (await rival.innerText()).includes('3000'), `the rival text, ${what}`)
  await page.locator('#clause-government-heavy .results a').first().click()
  await page.waitForURL('**/why/**')
  room.check(page.url().includes('/why/cessation-2016-09-09/government-heavy'), `to the reasons, ${what}`)
  await room.follow(page.locator('main a[href*="#clause-government-heavy"]'))
  room.check(page.url().endsWith('#clause-government-heavy') && page.url().includes('as-of=2016-10-04'), `and back, ${what}`)
  await room.go(page, '/standing?as-of=2016-10-04')
  await room.follow(page.locator('main a[href^="/agreements/"]').first())
  room.check((await clauses.count()) > 20, `from the standing, ${what}`)
  await room.go(page, `/records/${room.id('--kind', 'standing')}`)
  await room.follow(page.locator('main a[href^="/agreements/"]').first())
  room.check((await clauses.count()) > 20, `from an act's record, ${what}`)
}

async function small(room, lang) {
  const page = await room.page({ lang, device: 'phone' })
  await room.go(page, PAGE)
  await room.axe(page, `agreement ${lang}, phone`)
  const [first, second] = await boxes(page, 'article.text-of >> nth=0 >> xpath=./div[contains(@class,"sides")]/div')
  room.check(second.top >= first.bottom, `on a phone one under the other, ${lang}`)
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  room.check(wide <= 0, `on a phone it runs over by ${wide}, ${lang}`)
}

async function edges(room, lang) {
  const page = await room.page({ lang })
  await room.go(page, '/agreements')
  await room.axe(page, `agreements ${lang}`)
  room.check((await page.locator('main li a').count()) === 1, `one agreement, ${lang}`)
  await room.go(page, '/agreements?known=1')
  await room.axe(page, `no agreement ${lang}`)
  room.check((await page.locator('main p').count()) > 1, `none yet says what to do, ${lang}`)
  const absent = await room.go(page, '/agreements/nothing')
  room.check(absent.status() === 404, `none of that name, ${lang}`)
  await room.go(page, '/agreements/cessation-2016-09-09?as-of=2016-09-18&known=2016-09-18')
  room.check(!(await page.locator('main').innerText()).includes('aid prevented'), `what was not known is not there, ${lang}`)
  await room.go(page, PAGE + '&print=ar,en')
  await page.emulateMedia({ media: 'print' })
  const [one, two] = await boxes(page, 'article.text-of >> nth=0 >> xpath=./div[contains(@class,"sides")]/div')
  room.check(Math.abs(one.top - two.top) < 2, `on paper side by side, ${lang}`)
}

export default async function (room) {
  for (const lang of ['en', 'ar']) {
    for (const javascript of [true, false]) await reading(room, lang, javascript)
    await small(room, lang)
    await edges(room, lang)
  }
}
