// What is new reaches every open page. One page of this browser listens for all (a browser has few connections to one
// host) and passes on what it hears; when it is closed another takes over.
import { say, make } from './words.js'

const body = document.body
const heard = new BroadcastChannel('truce-events')
let last = Number(body.dataset.size) || 0
let waiting = 0, pending = null

function listen() {
  const stream = new EventSource(`/events?after=${last}`)
  stream.onmessage = message => {
    const event = JSON.parse(message.data)
    heard.postMessage(event)
    take(event)
  }
  stream.onopen = () => tell(null)
  stream.onerror = () => tell(say('cut-off'))
}

// The line at the top: what came, or that the server is not heard.
function tell(text, link) {
  const line = document.getElementById('news')
  if (!line) return // locked
  line.replaceChildren() // it stays in the page when it is empty: what is hidden is not announced
  if (text !== null) line.append(link ? make('a', { href: link }, text) : text)
}

function take(event) {
  if (event.index < last) return
  last = event.index + 1
  waiting++
  tell(say('news', waiting), waiting === 1 ? `/records/${event.id}` : `/records?after=${last - waiting}`)
  document.dispatchEvent(new CustomEvent('truce-record', { detail: event }))
  pending ??= setTimeout(refresh, 50 + Math.random() * 100)
}

// Somebody is writing here: what they typed is not taken from under their hands.
function busy() {
  return document.querySelector('main form[data-dirty], dialog[open], main [data-hold]') !== null
}

// The same page again, and what differs takes its place; what was opened stays open, and the place in the page too.
async function refresh() {
  pending = null
  if (busy() || body.dataset.fixed) return
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' } }).catch(() => null)
  if (!answer?.ok || busy()) return
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const main = document.querySelector('main'), next = fresh.querySelector('main')
  if (!next || main.innerHTML === next.innerHTML) return
  const open = [...main.querySelectorAll('details')].map(d => d.open)
  const focused = document.activeElement?.id
  const top = scrollY
  const kept = main.querySelectorAll('[data-keep]') // what belongs to this very page
  main.replaceChildren(...next.childNodes)
  for (const one of kept) document.getElementById(one.id)?.replaceWith(one)
  main.querySelectorAll('details').forEach((d, i) => { if (open[i]) d.open = true })
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true })
  scrollTo(scrollX, top)
  document.dispatchEvent(new CustomEvent('truce-fresh'))
}

document.addEventListener('input', event => event.target.closest('form')?.setAttribute('data-dirty', ''))
heard.onmessage = message => take(message.data)
if (body.dataset.live) {
  // Where pages cannot agree on one (no secure context), each listens for itself.
  if (navigator.locks) navigator.locks.request('truce-events', () => { listen(); return new Promise(() => {}) })
  else listen()
}
