// The operator's own base map: an archive written here, with leaves, runs and holes, is read by truce as its format's own
// reader reads it, tile by tile; the map is drawn on it and names who made it; what is no archive is refused in words.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { runInThisContext } from 'node:vm'
import { deflateSync, gzipSync } from 'node:zlib'

const DEEPEST = 5, LEAF = 40

function crc32(bytes) {
  let sum = ~0
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return ~sum >>> 0
}

function picture(grey) {
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data]), out = Buffer.alloc(8)
    out.writeUInt32BE(data.length, 0)
    out.writeUInt32BE(crc32(body), 4)
    return Buffer.concat([out.subarray(0, 4), body, out.subarray(4)])
  }
  const head = Buffer.from([0, 0, 1, 0, 0, 0, 1, 0, 8, 0, 0, 0, 0]), rows = Buffer.alloc(256 * 257, grey)
  for (let y = 0; y < 256; y++) rows[y * 257] = 0
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0))])
}

function number(n) {
  const out = []
  for (; n >= 128; n = Math.floor(n / 128)) out.push((n % 128) | 128)
  return [...out, n]
}

function directory(entries, packed) {
  const columns = [number(entries.length)]
  entries.forEach((e, i) => columns.push(number(e.first - (i ? entries[i - 1].first : 0))))
  entries.forEach(e => columns.push(number(e.run)))
  entries.forEach(e => columns.push(number(e.size)))
  entries.forEach((e, i) => {
    const before = entries[i - 1]
    columns.push(number(before && before.at + before.size === e.at ? 0 : e.at + 1))
  })
  const bytes = Buffer.from(columns.flat())
  return packed ? gzipSync(bytes) : bytes
}

// Of all tiles down to the deepest zoom every seventh is missing; a third have one picture, often in runs.
function archive({ packed, leaves, type = 2 }) {
  const pictures = [...Array(12).keys()].map(n => picture(40 + 15 * n)), at = new Map(), entries = []
  let data = Buffer.alloc(0)
  for (let tile = 0; tile < (4 ** (DEEPEST + 1) - 1) / 3; tile++) {
    if (tile % 7 === 3) continue
    const shown = pictures[tile % 3 === 0 || tile % 50 > 30 ? 0 : tile % 11], last = entries.at(-1)
    if (!at.has(shown)) {
      at.set(shown, data.length)
      data = Buffer.concat([data, shown])
    }
    if (last && last.at === at.get(shown) && last.first + last.run === tile) last.run++
    else entries.push({ first: tile, run: 1, at: at.get(shown), size: shown.length })
  }
  let root = entries, leaf = Buffer.alloc(0)
  if (leaves) {
    root = []
    for (let i = 0; i < entries.length; i += LEAF) {
      const part = directory(entries.slice(i, i + LEAF), packed)
      root.push({ first: entries[i].first, run: 0, at: leaf.length, size: part.length })
      leaf = Buffer.concat([leaf, part])
    }
  }
  const top = directory(root, packed), about = packed ? gzipSync(Buffer.from('{}')) : Buffer.from('{}')
  const head = Buffer.alloc(127)
  head.write('PMTiles')
  head[7] = 3
  let where = 127
  for (const [i, part] of [top, about, leaf, data].entries()) {
    head.writeBigUInt64LE(BigInt(where), 8 + 16 * i)
    head.writeBigUInt64LE(BigInt(part.length), 16 + 16 * i)
    where += part.length
  }
  head.set([1, packed ? 2 : 1, 1, type, 0, DEEPEST], 96)
  return Buffer.concat([head, top, about, leaf, data])
}

async function compare(room, name, file, base) {
  const bytes = readFileSync(file)
  const source = { getKey: () => name, getBytes: async (at, size) => ({
    data: bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + at + size) }) }
  const other = new globalThis.pmtiles.PMTiles(source)
  let same = 0, there = 0, all = 0
  for (let z = 0; z <= DEEPEST; z++) {
    for (let x = 0; x < 2 ** z; x++) {
      for (let y = 0; y < 2 ** z; y++, all++) {
        const [theirs, ours] = await Promise.all([other.getZxy(z, x, y), fetch(`${base}/map/tiles/${z}/${x}/${y}`)])
        const got = Buffer.from(await ours.arrayBuffer())
        there += theirs ? 1 : 0
        same += theirs ? ours.status === 200 && ours.headers.get('content-type') === 'image/png' && got.equals(Buffer.from(theirs.data))
          : ours.status === 204 && got.length === 0
      }
    }
  }
  room.check(all === 1365 && there > 1000 && there < all && same === all, `${name}: ${same} of ${all} tiles are the same, ${there} are there`)
  const beyond = await Promise.all(['6/0/0', '3/8/0', '27/0/0', 'a/0/0', '1/0/-1'].map(tile => fetch(`${base}/map/tiles/${tile}`)))
  room.check(beyond.map(answer => answer.status).join() === '204,204,204,404,404', `${name}: nothing beyond it: ${beyond.map(a => a.status)}`)
}

async function drawn(room, lang, base) {
  const page = await room.page({ lang })
  const asked = []
  page.on('request', request => asked.push(request.url()))
  await room.go(page, base + '/map?as-of=2016-10-04')
  await page.locator('#map[data-ready]').waitFor({ timeout: 10000 })
  await page.locator('#map').focus()
  for (let i = 0; i < 8; i++) await page.keyboard.press('Minus')
  await page.waitForFunction(() => document.querySelectorAll('#map img.leaflet-tile-loaded').length > 0)
  room.check(!asked.some(url => url.includes('world')), `${lang}: the land that comes along is not fetched`)
  room.check(await page.locator('#map path.land').count() === 0, `${lang}: nor drawn`)
  room.check((await page.locator('#map .leaflet-control-attribution').textContent()).includes('Maps & <b>more</b>'),
    `${lang}: who made it stands on the map, as text`)
  room.check((await page.locator('p.forms').last().textContent()).includes('Maps & <b>more</b>'), `${lang}: and under the list`)
  await room.axe(page, `map on tiles ${lang}`)
  await page.locator('.layers input[value=base]').uncheck()
  room.check(await page.locator('#map img.leaflet-tile').count() === 0, `${lang}: it can be switched off`)
  await page.close()
}

function refused(room, name, bytes, words) {
  const file = path.join(room.folder, name)
  if (bytes) writeFileSync(file, bytes)
  const said = room.truce('serve', '-C', room.case, '--listen', '127.0.0.1:0', '--yes', '--lang', 'en', '--tiles', file, '--tiles-by', 'x')
  room.check(said.status !== 0 && words.test(said.stderr), `${name}: ${said.status} ${said.stderr}`)
}

export default async function tiles(room) {
  runInThisContext(readFileSync(path.join(room.vendor, 'pmtiles/pmtiles.js'), 'utf8') + '\nglobalThis.pmtiles = pmtiles')
  const forms = { 'packed.pmtiles': { packed: true, leaves: true }, 'plain.pmtiles': { packed: false, leaves: false } }
  for (const [name, form] of Object.entries(forms)) {
    const file = path.join(room.folder, name)
    writeFileSync(file, archive(form))
    const site = await room.serve({ words: ['--tiles', file, '--tiles-by', 'Maps & <b>more</b>'] })
    await compare(room, name, file, site.base)
    if (form.packed) for (const lang of ['ar', 'en']) await drawn(room, lang, site.base)
    await site.close()
  }
  room.check((await fetch(room.base + '/map/tiles/0/0/0')).status === 404, 'without tiles there is no tile')
  const other = await room.serve()
  await other.close()
  room.case = other.case // of a server that is gone: its register can be served
  const good = archive({ packed: true, leaves: true })
  refused(room, 'absent.pmtiles', null, /absent\.pmtiles/)
  refused(room, 'text.pmtiles', Buffer.alloc(4000, 'x'), /no PMTiles archive of version 3/)
  refused(room, 'short.pmtiles', good.subarray(0, 90), /no PMTiles archive of version 3/)
  refused(room, 'cut.pmtiles', good.subarray(0, good.length - 1), /breaks off/)
  refused(room, 'shapes.pmtiles', archive({ packed: true, leaves: false, type: 1 }), /tiles of shapes are not drawn/)
  const said = room.truce('serve', '-C', room.case, '--listen', '127.0.0.1:0', '--yes', '--lang', 'en', '--tiles', path.join(room.folder, 'plain.pmtiles'))
  room.check(said.status === 2 && said.stderr.includes('--tiles-by'), `a map without its maker: ${said.stderr}`)
}
