// The legal adviser's evening: a verdict's page gives its bundle and the very commands; the file verifies where there is no
// register, and does not once a byte is another. In both languages, without JavaScript too.
import { readFileSync, writeFileSync } from 'node:fs'

const WHERE = '/why/cessation-2016-09-09/government-heavy?as-of=2016-09-18&known=2016-09-18&reading=strict'

async function download(room, lang, javascript) {
  const page = await room.page({ lang, javascript, device: javascript ? 'phone' : 'desktop' })
  await room.go(page, WHERE)
  if (javascript) await room.axe(page, `why, with its bundle ${lang}`)
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('.bundle a').click()])
  room.check(file.suggestedFilename() === 'government-heavy.bundle', `its name: ${file.suggestedFilename()}`)
  const commands = await page.locator('.bundle .code').allInnerTexts()
  room.check(commands.length === 2 && commands[0] === 'truce verify government-heavy.bundle', `commands: ${commands}`)
  return { path: await file.path(), make: commands[1] }
}

function verify(room, path, ...words) {
  const run = room.truce('verify', path, ...words)
  return { status: run.status, said: run.stdout + run.stderr }
}

export default async function (room) {
  let first
  for (const lang of ['en', 'ar'])
    for (const javascript of [true, false]) {
      const { path, make } = await download(room, lang, javascript)
      const bytes = readFileSync(path)
      first ??= { bytes, make }
      room.check(bytes.equals(first.bytes) && make === first.make, `${lang}: the same bytes whoever asks`)
    }
  const path = `${room.folder}/government-heavy.bundle`, own = `${room.folder}/own.bundle`
  writeFileSync(path, first.bytes)
  const good = verify(room, path, '--lang', 'en')
  room.check(good.status === 0 && good.said.includes('cessation-2016-09-09/government-heavy (strict), as of 2016-09-18T23:59:59Z') &&
    good.said.includes('first 132 records: breached. Computed from signed records; not a finding'), good.said)
  room.check(verify(room, path, '--lang', 'ar').said.includes('بايتاً ببايت'), 'in Arabic too')
  room.check(verify(room, path, '--genesis', '0'.repeat(64)).status === 3, 'another genesis')
  // The command that the page shows, out of a register of one's own.
  const made = room.truce(...first.make.split(' ').slice(1, -1), own, '-C', room.case)
  room.check(made.status === 0 && readFileSync(own).equals(first.bytes), `${first.make}: ${made.stderr}`)
  for (let part = 0; part < 40; part++) {
    const bytes = Buffer.from(first.bytes), at = Math.floor(((part + 0.5) / 40) * bytes.length)
    bytes[at] ^= 1 << part % 8
    writeFileSync(path, bytes)
    const bad = verify(room, path, '--json')
    const fault = bad.status === 3 && JSON.parse(bad.said.split('\n')[0])
    room.check(fault && fault.place === path, `byte ${at}: ${bad.status} ${bad.said.slice(0, 200)}`)
  }
  const none = await fetch(room.base + '/why/cessation-2016-09-09/nothing-such/bundle')
  room.check(none.status >= 400 && none.status < 500, `no such term: ${none.status}`)
  const wrong = await fetch(room.base + '/why/cessation-2016-09-09/calm/bundle?as-of=someday')
  room.check(wrong.status === 400, `no such day: ${wrong.status}`)
}
