// Signing in the page, on the reader's own server on loopback alone, by a key file of `truce key export --browser`
// (spec/browser-key.md). Others call:
//   own                  may this page sign at all?
//   await ready()        {by, id} of the unlocked key; asks for one where there is none; null: the reader would not
//   await unlocked()     the same, without asking
//   await write(fields)  drafts, signs, sends: {text, note, receipt}. fields: {kind, …as truce_object or spec/http.md
//                        name them}, strings or lists of them; or {kind, object: {…}, seal, unsealed, reader}
//   await draft(fields), await view(fields), await sign(text), await send(note)   the steps of it
//   await conceal(thing), await reveal(text)   JSON under the key's own drafts key
//   await lock()         forgets the key and all that the page shows
// What fails throws a Trouble {code, message, pointer}. document gets 'truce-unlocked' and 'truce-locked'. The key cannot
// be taken out of the browser, and lies in its IndexedDB until it is locked.
import { say, make } from './words.js'

export const own = document.body.dataset.own !== undefined && isSecureContext && !!globalThis.crypto?.subtle

export class Trouble extends Error {
  constructor({ code, message, detail, refused, pointer }) {
    super(message ?? detail)
    this.code = code ?? refused
    this.pointer = pointer ?? ''
  }
}

const utf8 = text => new TextEncoder().encode(text)
const bytes = base64 => Uint8Array.from(atob(base64), c => c.charCodeAt(0))
const base64 = array => btoa(String.fromCharCode(...array))

function store(mode, what) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('truce-key', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('keys')
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const base = opening.result, work = base.transaction('keys', mode), request = what(work.objectStore('keys'))
      work.oncomplete = () => { base.close(); resolve(request.result ?? null) }
      work.onerror = () => { base.close(); reject(work.error) }
    }
  })
}

let key // undefined: not looked yet

async function held() {
  if (key === undefined) key = own ? await store('readonly', s => s.get('unlocked')).catch(() => null) : null
  return key
}

export async function unlocked() {
  const now = await held()
  return now && { by: now.name, id: now.id }
}

async function opened(file, passphrase) {
  const derived = await crypto.subtle.importKey('raw', utf8(passphrase.normalize('NFC')), 'PBKDF2', false, ['deriveKey'])
  const outer = await crypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt: bytes(file.salt), iterations: file.iterations },
    derived, { name: 'AES-GCM', length: 256 }, false, ['decrypt'])
  return new Uint8Array(await crypto.subtle.decrypt(
    { name: 'AES-GCM', iv: bytes(file.iv), additionalData: utf8(file.verifier) }, outer, bytes(file.sealed)))
}

// Of the key itself, so that another passphrase opens the same drafts.
async function drafts_key(pkcs8) {
  const secret = await crypto.subtle.importKey('raw', pkcs8, 'HKDF', false, ['deriveKey'])
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8('truce drafts/1') },
    secret, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

export async function unlock(text, passphrase) {
  const file = await new Response(text).json().catch(() => null)
  if (file?.form !== 'truce-browser-key/1' || !(file.iterations >= 600000 && file.iterations <= 10000000))
    throw new Trouble({ code: 'browser-key-form', message: say('key-form') })
  const pkcs8 = await opened(file, passphrase).catch(() => null)
  if (!pkcs8) throw new Trouble({ code: 'key-passphrase-wrong', message: say('key-passphrase') })
  const made = {
    name: file.name, id: file.id, drafts: await drafts_key(pkcs8),
    sign: await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']),
  }
  pkcs8.fill(0)
  await store('readwrite', s => s.put(made, 'unlocked'))
  key = made
  told.postMessage('unlocked')
  show()
  return { by: key.name, id: key.id }
}

async function post(where, fields) {
  const { name: by, id: key } = await held()
  if (fields.object) return reach(where, JSON.stringify({ by, key, ...fields }), { 'Content-Type': 'application/json' })
  const body = new URLSearchParams({ by, key })
  for (const [name, value] of Object.entries(fields))
    for (const one of [value].flat()) body.append(name, one)
  return reach(where, body)
}

async function reach(where, body, headers) {
  const answer = await fetch(where, { method: 'POST', headers: { Accept: 'application/json', ...headers }, body }).catch(() => null)
  const said = await answer?.json().catch(() => null)
  if (!answer?.ok || !said || said.refused) throw new Trouble(said ?? { code: 'server-silent', message: say('server-silent') })
  return said
}

export const draft = async fields => (await post('/draft', fields)).text
export const view = fields => post('/draft/view', fields)

export async function sign(text) {
  const now = await held()
  const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', now.sign, utf8(text)))
  const line = new Uint8Array([...now.id.match(/../g).map(two => parseInt(two, 16)), ...signature])
  return `${text}\n— ${now.name} ${base64(line)}\n`
}

export const send = note => reach('/outbox', note, { 'Content-Type': 'text/plain' })

export async function write(fields) {
  for (let tries = 0; ; tries++)
    try {
      const text = await draft(fields), note = await sign(text)
      return { text, note, receipt: await send(note) }
    } catch (trouble) {
      if (trouble.code !== 'keep-place' || tries === 5) throw trouble // somebody wrote with this key meanwhile
    }
}

export async function conceal(thing) {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const cipher = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, (await held()).drafts, utf8(JSON.stringify(thing)))
  return base64(new Uint8Array([...iv, ...new Uint8Array(cipher)]))
}

export async function reveal(text) {
  const all = bytes(text), now = await held()
  const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: all.slice(0, 12) }, now.drafts, all.slice(12))
  return JSON.parse(new TextDecoder().decode(plain))
}

// ---- locking: key, screen, what the browser kept of pages; on every open page

function blank() {
  key = null
  document.title = say('locked')
  document.body.replaceChildren(make('main', { id: 'main', class: 'locked' }, make('h1', {}, say('locked')),
    make('p', {}, make('a', { href: '/today' }, say('locked-open')))), ...document.querySelectorAll('[data-words]'))
  document.dispatchEvent(new CustomEvent('truce-locked'))
}

export async function lock() {
  const forgotten = store('readwrite', s => s.clear()).catch(() => null)
  told.postMessage('locked')
  blank()
  sessionStorage.clear()
  await forgotten
  await fetch('/session/end', { method: 'POST', headers: { Accept: 'application/json' } }).catch(() => null)
}

// ---- what every page shows of it: whose key it is, and the end of the watch that was begun here

export const WATCH = 'truce-watch'

async function ending() {
  const kept = await reveal(localStorage.getItem(WATCH)).catch(() => null)
  if (kept?.id) document.querySelector('[data-watch=end]').href = `/file/coverage?correct=${kept.id}&watch=end`
}

const told = own ? new BroadcastChannel('truce-key') : { postMessage() {} }
told.onmessage = message => {
  key = undefined
  if (message.data === 'locked') blank()
  else show()
}

async function show() {
  const now = await unlocked(), line = document.getElementById('signing')
  if (!line) return
  line.hidden = !now
  line.querySelector('bdi').textContent = now ? now.by : ''
  document.documentElement.toggleAttribute('data-unlocked', !!now)
  if (!now) return
  ending()
  document.dispatchEvent(new CustomEvent('truce-unlocked', { detail: now }))
}

const dialog = () => document.getElementById('unlock')
export async function ready() {
  if (!own) return null
  const now = await unlocked()
  if (now) return now
  const box = dialog()
  box.querySelector('.fault').hidden = true
  box.showModal()
  return new Promise(resolve => box.addEventListener('close', () => resolve(unlocked()), { once: true }))
}

async function submitted(event) {
  const box = dialog()
  if (!box?.contains(event.target) || event.submitter?.formNoValidate) return
  event.preventDefault()
  const [file, passphrase] = box.querySelectorAll('input'), fault = box.querySelector('.fault')
  event.submitter.disabled = true
  try {
    await unlock(await file.files[0].text(), passphrase.value)
    passphrase.value = file.value = ''
    box.close()
  } catch (trouble) {
    fault.textContent = trouble.message
    fault.hidden = false
    passphrase.select()
  }
  event.submitter.disabled = false
}

let escaped = 0
if (own) {
  document.addEventListener('submit', submitted)
  document.addEventListener('click', event => {
    if (event.target.closest('[data-lock]')) lock()
    if (event.target.closest('[data-unlock]')) event.preventDefault(), ready()
  })
  document.addEventListener('keydown', event => {
    if (event.code !== 'Escape' || event.repeat) return
    if (event.timeStamp - escaped < 700) lock()
    escaped = event.timeStamp
  }, true)
  show()
}
