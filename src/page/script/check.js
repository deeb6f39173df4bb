// On one's own server the open record is checked by the browser's SHA-256 and Ed25519: its note, its place in the log and
// the log's heads (spec/record.md, spec/log.md; RFC 9162, 2.1.3.2), by the keys that records name. Base64 and numbers
// have one form each, or a byte of them could be changed unseen. What is wrong is thrown as a sentence.
import { say } from './words.js'
import { own } from './sign.js'

function must(holds, word, ...things) {
  if (!holds) throw say(word, ...things) + (word === 'check-silent' ? '' : ' ' + say('check-next'))
}

const utf8 = text => new TextEncoder().encode(text)
const byte = number => new Uint8Array([number])
const hex = bytes => Array.from(bytes, one => one.toString(16).padStart(2, '0')).join('')
const sha256 = async (...parts) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', await new Blob(parts).arrayBuffer()))

function bytes(base64) {
  const text = atob(base64)
  if (btoa(text) !== base64) throw 0
  return Uint8Array.from(text, c => c.charCodeAt(0))
}

async function get(path) {
  const answer = await fetch(path, { cache: 'no-store', headers: { Accept: 'application/json' } }).catch(() => null)
  must(answer?.ok, 'check-silent', path)
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await answer.arrayBuffer())
}

// What cannot be taken apart is wrong in its form.
function taken(apart, text, word) {
  try { return apart(text) } catch { must(false, word) }
}

// A signed note: its text with the newline, and its lines.
function note(whole) {
  const [, text, lines] = /^([^]*\n)\n((?:— \S+ \S+\n)+)$/.exec(whole)
  return { whole, text, lines: [...lines.matchAll(/— (\S+) (\S+)\n/g)].map(([, name, code]) => [name, bytes(code)]) }
}

function record(whole) {
  const read = note(whole)
  if (read.lines[1]) throw 0
  return { ...read, is: JSON.parse(read.text) }
}

function head(whole) {
  const read = note(whole), [, origin, size, root] = /^(.+)\n(0|[1-9]\d*)\n(.{44})\n$/.exec(read.text)
  return { ...read, origin, size: Number(size), root: hex(bytes(root)) }
}

function proof(text) {
  const [, index, hashes, rest] = /^c2sp\.org\/tlog-proof@v1\nindex (0|[1-9]\d*)\n((?:.{44}\n)*)\n([^]+)$/.exec(text)
  return { index: Number(index), hashes: hashes.split('\n').slice(0, -1).map(bytes), head: head(rest) }
}

// NAME+ID+BASE64, with the key's own id.
async function key(text) {
  const [, name, id, code] = /^(.+)\+([0-9a-f]{8})\+(.+)$/.exec(text), raw = bytes(code)
  must(raw[0] === 1 && hex(await sha256(utf8(name + '\n'), raw)).startsWith(id), 'check-key', id)
  return { name, id, key: await crypto.subtle.importKey('raw', raw.slice(1), 'Ed25519', false, ['verify']) }
}

async function signed({ text, lines }, by) {
  for (const [name, line] of lines)
    if (name === by.name && hex(line.slice(0, 4)) === by.id)
      return crypto.subtle.verify('Ed25519', by.key, line.slice(4), utf8(text))
}

const half = number => Math.floor(number / 2)

async function root(hash, { index, hashes, head }) {
  let node = index, last = head.size - 1
  if (node > last) return
  for (const other of hashes) {
    if (last === 0) return
    if (node % 2 === 1 || node === last) {
      hash = await sha256(byte(1), other, hash)
      for (; node % 2 === 0 && node !== 0; last = half(last)) node = half(node)
    } else hash = await sha256(byte(1), hash, other)
    node = half(node)
    last = half(last)
  }
  return last === 0 && hex(hash)
}

// A record of this id, whole.
async function fetched(id, word) {
  const what = taken(record, await get(`/records/${id}/note`), word + '-form')
  must(hex(await sha256(utf8(what.text))) === id, word)
  return what
}

// The key by which it says it is signed, out of the record that brought it.
async function authorOf({ is: { by, key: id } }) {
  const [party] = JSON.parse(await get('/parties/' + by)).parties
  const from = party.keys.find(one => one.id === id)?.record
  must(from, 'check-key', id)
  const text = (await fetched(from, 'check-note')).text.split('"').find(one => one.startsWith(`${by}+${id}+`))
  must(text, 'check-key', id)
  return { ...await key(text), from }
}

async function check({ id, received }) {
  const what = await fetched(id, 'check-note'), whole = JSON.parse(await get('/integrity'))
  const genesis = await fetched(whole.genesis, 'check-note'), author = await authorOf(what), log = await key(whole.key)
  must(document.body.dataset.register.endsWith('#' + whole.genesis.slice(0, 16)), 'check-genesis')
  must(await signed(what, author), 'check-author')
  const way = taken(proof, await get(`/records/${id}/proof`), 'check-proof-form'), old = way.head
  const leaf = await sha256(byte(0), utf8(`received ${Date.parse(received)}\n${what.whole}`))
  must(await root(leaf, way) === old.root, 'check-proof')
  must(old.origin === log.name && await signed(old, log), 'check-proof-head')
  const newest = taken(head, await get('/checkpoint'), 'check-head-form')
  must(newest.origin === log.name && await signed(newest, log), 'check-head')
  must(newest.size > old.size || newest.size === old.size && newest.root === old.root, 'check-head-other')
  return [['note', id.slice(0, 8)], ['author', author.id, author.name, author.from.slice(0, 8)],
    ['entry', way.index, old.size, old.root.slice(0, 16)], ['head', newest.size, log.id],
    [genesis.is.log_key === whole.key ? 'genesis' : 'later', whole.genesis.slice(0, 16)]]
}

async function show(box) {
  const line = box.querySelector('[role=status]')
  box.hidden = false
  try {
    const held = await check(box.dataset)
    line.textContent = say('check-holds')
    for (const [word, ...things] of held) {
      const item = box.querySelector(`[data-word=check-is-${word}]`)
      item.textContent = say('check-is-' + word, ...things.map(thing => `\u2068${thing}\u2069`))
      item.hidden = item.parentNode.hidden = false
    }
    box.dataset.checked = 'yes'
  } catch (wrong) {
    line.className = 'fault'
    line.textContent = typeof wrong === 'string' ? wrong : say('check-cannot')
    box.dataset.checked = 'no'
  }
}

const box = document.getElementById('check')
if (own && box) show(box)
