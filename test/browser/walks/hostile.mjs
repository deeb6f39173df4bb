// What somebody hostile writes does nothing on any page: markup, scripts, addresses, controls of direction and words as long as
// a record may have them stand there as text, in both languages, and no page runs over.
const MARKUP = '"><script>window.taken = 1</script><img src=x onerror="window.taken = 2"><svg onload=window.taken=3>' +
  `'--></title></textarea></style><base href="//evil.example/"><a href="javascript:window.taken=4">x</a>`
const DIRECTION = '\u2067\u2066\u2069\u2069\u200F\u061C قتيل \u2068<b>\u2069'
const LONG = 'ق'.repeat(25000)

function write(room, kind, by, ...fields) {
  const done = room.truce('write', kind, '--json', '-C', room.case, '--key', `${room.keys}/${by}.key`, '--submit', ...fields)
  room.check(done.status === 0, `${kind} is written: ${done.stderr.slice(0, 300)}`)
  return done.status === 0 ? JSON.parse(done.stdout.split('\n').find(line => line.startsWith('{'))).id : null
}

function fill(room) {
  const text = lang => [`text.${lang}=${MARKUP} ${DIRECTION}`, `text.original=${lang}`]
  const ids = [
    write(room, 'statement', 'russia', 'at=2016-10-04T10:00:00Z', 'act=statement', `speaker=${MARKUP.slice(0, 190)}`,
      `organisation=${DIRECTION}`, `words.exact=${LONG.slice(0, 3500)}`, 'words.lang=ar', 'cue=<b>'),
    write(room, 'question', 'russia', 'to=united-states', 'at=2016-10-04T10:00:00Z', 'answer_by=2016-10-05T10:00:00Z', `text.ar=${LONG.slice(0, 10000)}`, 'text.original=ar'),
    write(room, 'notice', 'united-states', 'to=russia', 'at=2016-10-04T10:00:00Z', `event.where.name=${MARKUP.slice(0, 90)}`, 'event.where.point.lat_e7=362000000', 'event.where.point.lon_e7=371000000', 'event.where.radius_m=500', ...text('ar')),
    write(room, 'standing', 'russia', `agreement=${room.id('--kind', 'agreement')}`, 'act=suspend', 'scope.channel=talks', 'at=2016-10-04T10:00:00Z',
      `grounds.ar=${MARKUP} ${DIRECTION} ${LONG.slice(0, 3000)}`, 'grounds.original=ar'),
  ]
  const passage = write(room, 'passage', 'un-humanitarian', 'passage=convoy-of-markup', 'step=roadblock', 'at=2016-10-04T10:00:00Z', `where.name=${MARKUP.slice(0, 90)}`, 'where.point.lat_e7=362000000', 'where.point.lon_e7=371000000', 'where.radius_m=500', `counts.0.kind=${'x'.repeat(64)}`, 'counts.0.n=1', 'counts.0.exactness=exact', ...text('en'))
  ids.push(passage, write(room, 'notice', 'un-humanitarian', 'to=russia', 'at=2016-10-04T10:00:00Z', `about.0=${passage}`, 'act=convoy', ...text('ar')))
  ids.push(write(room, 'site', 'un-humanitarian', `site=${'w'.repeat(64)}`, 'protects=other', `where.name=${DIRECTION}`, 'where.point.lat_e7=362000000', 'where.point.lon_e7=371000000', 'where.radius_m=500', `consent.by=${MARKUP.slice(0, 190)}`, 'consent.at=2016-10-01T10:00:00Z', 'sharing=exact', 'expires=2017-10-01T10:00:00Z', ...text('ar')))
  const places = [`/access/${passage}`, `/access/${ids.at(-1)}`, ...fillEvent(room, text, ids)]
  return { ids: ids.filter(id => id !== null), places }
}

// One happening as somebody hostile tells, claims, answers, finds, links, proves and withdraws it: its claim, its incident, and
// the incident that is no more.
function fillEvent(room, text, ids) {
  const where = ['where.point.lat_e7=362000000', 'where.point.lon_e7=371000000', 'where.radius_m=500', `where.name=${DIRECTION}`]
  const when = ['when.from=2016-10-03T10:00:00Z', 'when.to=2016-10-03T10:05:00Z', 'when.precision=exact']
  const long = [`text.ar=${LONG.slice(0, 9500)}`, 'text.original=ar'], w = 'w'.repeat(64)
  const tale = (by, said) => write(room, 'report', by, `act=${w}`, 'method=told', `observer.function=${MARKUP.slice(0, 190)}`, ...when, ...where, ...said)
  const one = tale('russia', text('ar')), other = tale('opposition', long), gone = tale('opposition', text('en'))
  const claim = write(room, 'claim', 'opposition', `about.0=${one}`, 'actor=russia', `act=${w}`, ...long)
  const response = write(room, 'response', 'russia', `of=${claim}`, 'response=justify', `ground=${w}`, ...text('ar'))
  const finding = write(room, 'finding', 'monitor', `about.0=${claim}`, 'finding=inconclusive', `event.where.name=${MARKUP.slice(0, 90)}`, 'event.where.point.lat_e7=362000000', 'event.where.point.lon_e7=371000000', 'event.where.radius_m=500',
    `dissent.ar=${MARKUP} ${LONG.slice(0, 3000)}`, 'dissent.original=ar', ...long)
  const pair = [one, other].sort()
  const links = ['monitor', 'russia'].map((by, n) => write(room, 'link', by, `link=${['same', 'distinct'][n]}`, `about.0=${pair[0]}`, `about.1=${pair[1]}`, ...text('ar')))
  const evidence = write(room, 'evidence', 'russia', `about.0=${one}`, `sha256=${'ab'.repeat(32)}`, 'size_bytes=1', `media_type=text/${'x'.repeat(60)}`,
    `custody.0.by=${MARKUP.slice(0, 190)}`, 'custody.0.act=stored', 'custody.0.at=2016-10-04T10:00:00Z', ...text('en'))
  const statement = write(room, 'statement', 'press', `about.0=${claim}`, 'at=2016-10-04T10:00:00Z', 'act=statement', `speaker=${DIRECTION}`, `words.exact=${MARKUP}`, 'words.lang=en', 'cue=<i>')
  const withdrawal = write(room, 'retraction', 'opposition', `of=${gone}`, `text.ar=${MARKUP} ${DIRECTION} ${LONG.slice(0, 9500)}`, 'text.original=ar')
  ids.push(one, other, gone, claim, response, finding, ...links, evidence, statement, withdrawal)
  return [`/claims/${claim}`, `/incidents/${one}`, `/incidents/${gone}`, '/claims?by=opposition&from=2016-10-03', '/incidents?from=2016-10-03']
}

async function look(room, page, where) {
  await room.go(page, where)
  const seen = await page.evaluate(() => ({
    taken: window.taken, scripts: [...document.scripts].filter(s => !s.src.startsWith(location.origin + '/assets/')).length,
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    acts: [...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on') ||
      (/^(href|src|action)$/.test(a.name) && /^\s*(javascript|data):/i.test(a.value)))).length,
    base: document.querySelectorAll('base, iframe, object, embed').length,
  }))
  room.check(seen.taken === undefined && seen.scripts === 0 && seen.acts === 0 && seen.base === 0, `${where}: ${JSON.stringify(seen)}`)
  room.check(seen.wide <= 0, `${where} runs over by ${seen.wide} pixels`)
}

export default async function (room) {
  const { ids, places } = fill(room)
  const { pages: addresses } = await room.crawl({ start: ['/today', '/difference?known=40', '/handover?from=2016-09-01', '/compliance', '/', '/access', ...places, '/agreements/cessation-2016-09-09', ...ids.map(id => `/records/${id}`),
    `/records?text=${encodeURIComponent(MARKUP.slice(0, 300))}`, '/records?from=' + encodeURIComponent(MARKUP.slice(0, 200))], each: ids.length, most: 220 })
  room.check(addresses.length > 12 && places.every(where => addresses.includes(where)), `${addresses.length} pages were found, and those that were written`)
  for (const lang of ['en', 'ar']) {
    const page = await room.page({ lang, device: lang === 'ar' ? 'phone' : 'desktop' })
    page.on('dialog', dialog => { room.check(false, 'a dialog: ' + dialog.message()); dialog.dismiss() })
    for (const where of addresses) await look(room, page, where)
  }
}
