// How far a source may be relied on: to call one unreliable before everybody endangers it. So the grades D and E of a finding
// stand in its author's own pages, for a member's session of that party or beside its key, and in nobody else's.
import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'

const WORDS = { en: 'E: unreliable', ar: 'E: مصدر غير موثوق به' }
const NOT_HERE = { en: 'not shown here', ar: 'لا يُعرض هنا' }
const flat = text => text.replace(/[\u2066-\u2069\u200e\u200f\u061c]/g, '').replace(/\s+/g, ' ')

function does(room, what, ...words) {
  const done = room.truce(...words)
  room.check(done.status === 0, `${what}: ${(done.stderr + done.stdout).slice(0, 300)}`)
  return done.stdout.trim()
}

function make(room) {
  const folder = `${room.folder}/grades`, register = `${folder}/register`
  mkdirSync(folder)
  const write = (kind, by, object) => {
    writeFileSync(`${folder}/${kind}.json`, JSON.stringify(object))
    return JSON.parse(does(room, `${kind} by ${by}`, 'write', '-C', register, kind, '--from', `${folder}/${kind}.json`, '--key',
      by === 'office' ? `${register}/keys/office.key` : `${folder}/${by}.key`, '--submit', '--json').split('\n').at(-1)).id
  }
  does(room, 'init', 'init', register, '--origin', 'truce.example/grades', '--name', 'office', '--yes')
  for (const [party, role] of [['south', 'party'], ['watch', 'monitor']]) {
    const [key, recovery] = ['key', 'recovery'].map(use => does(room, use, 'key', 'new', party, '--out', `${folder}/${party}.${use}`))
    write('party', 'office', { party, role, names: { en: `The ${party}`, original: 'en' }, keys: [key], recovery })
    does(room, 'session key', 'session', 'new', '-C', register, '--key', `${folder}/${party}.key`, '--out', `${folder}/${party}.session`)
  }
  const when = { from: '2020-03-01T06:00:00Z', to: '2020-03-01T06:05:00Z', precision: 'exact' }
  const claim = write('claim', 'south', { act: 'explosion', actor: 'south', event: { when }, text: { en: 'One blast', original: 'en' } })
  const finding = write('finding', 'watch', { finding: 'inconclusive', about: [claim], grade: { source: 'E', information: 4 },
    text: { en: 'One source alone', original: 'en' } })
  const token = does(room, 'member', 'member', 'add', 'lawyer', '--members', `${folder}/members`)
  return { folder, register, claim, finding, token, members: `${folder}/members` }
}

// Comes in as that party's member: the token of its session.
async function enter(room, site, session) {
  const challenge = await (await fetch(`${site.base}/session/challenge`)).text()
  const { stdout, stderr } = spawnSync(room.program, ['session', 'answer', '--session', session, '--to', site.base], { input: challenge, encoding: 'utf8' })
  const answer = await fetch(`${site.base}/session`, { method: 'POST', body: stdout, headers: { Accept: 'application/json', 'Content-Type': 'text/plain' } })
  room.check(answer.status === 201, `the session opens: ${answer.status} ${stderr}`)
  return (await answer.json()).token
}

async function sees(room, site, token, made, shown, who) {
  for (const lang of ['en', 'ar'])
    for (const javascript of [true, false]) {
      const here = Object.assign(Object.create(room), { base: site.base })
      const page = await here.page({ lang, javascript, device: lang === 'ar' ? 'phone' : 'desktop', extraHTTPHeaders: { Authorization: `Bearer ${token}` } })
      for (const where of [`/claims/${made.claim}`, `/records/${made.finding}`, `/incidents/${made.claim}`]) {
        const answer = await here.go(page, where)
        const html = await page.content(), text = flat(await page.locator('main').innerText())
        room.check(answer.status() === 200, `${who}: ${where} answers ${answer.status()}`)
        const graded = !where.startsWith('/incidents')
        room.check(text.includes(WORDS[lang]) === (shown && graded), `${who}, ${lang}: the grade is ${shown ? '' : 'not '}shown at ${where}`)
        if (graded) room.check(text.includes(NOT_HERE[lang]) === !shown, `${who}, ${lang}: that it is kept is ${shown ? 'not ' : ''}said at ${where}`)
        room.check(shown || !/"source":\s*"E"|E: /.test(html.replaceAll('&quot;', '"')), `${who}: nothing else in ${where} tells it`)
        await here.axe(page, `${where} ${lang}`)
      }
      await page.context().close()
    }
}

export default async function (room) {
  const made = make(room)
  const host = await room.serve({ directory: made.register, words: ['--members', made.members] })
  await sees(room, host, await enter(room, host, `${made.folder}/watch.session`), made, true, "the author's own staff")
  await sees(room, host, await enter(room, host, `${made.folder}/south.session`), made, false, 'another party')
  await sees(room, host, made.token, made, false, 'beside the key of another')
  await host.close()
  const own = `${made.folder}/own`
  cpSync(made.register, own, { recursive: true })
  copyFileSync(`${made.folder}/watch.key`, `${own}/keys/watch.key`)
  const mine = await room.serve({ directory: own, words: ['--members', made.members] })
  await sees(room, mine, made.token, made, true, "beside the author's key")
}
