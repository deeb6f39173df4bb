// Filing on one's own server: who sees what is shown while one types, the record is signed here, drafts are kept under the
// signing key. Without it the form leads through the same steps by itself.
import { conceal, own, ready, reveal, unlocked, WATCH, write } from './sign.js'
import { make } from './words.js'

const form = () => document.querySelector('form[data-file]')
const KEPT = 'truce-draft:'
let id = null, timer = 0
let pressed = [] // what the button says that sent the form, where it is a field's

const pairs = f => [...new FormData(f), ...pressed].filter(([, value]) => value !== '')
const fields = f => {
  const all = { kind: f.dataset.file }
  for (const [name, value] of pairs(f)) (all[name] ??= []).push(value)
  for (const name of ['~step', '~author']) delete all[name]
  return all
}

// ---- what the server says of it: its page, of which the view is taken, or the form with what was wrong

async function look(f) {
  const body = new URLSearchParams([...pairs(f), ['~step', 'look']])
  const answer = await fetch(f.action, { method: 'POST', headers: { Accept: 'text/html' }, body }).catch(() => null)
  return answer && new DOMParser().parseFromString(await answer.text(), 'text/html')
}

async function show(f) {
  const view = (await look(f))?.querySelector('.view'), here = document.getElementById('view')
  if (view && here && !here.contains(document.activeElement)) here.replaceWith(view)
}

function changed(event) {
  const f = form()
  if (!f?.contains(event.target)) return
  clearTimeout(timer)
  timer = setTimeout(async () => {
    await keep(f)
    if (f.elements['~author'].value) show(f)
  }, 400)
}

// ---- drafts

const recall = name => Promise.resolve(localStorage.getItem(name)).then(reveal).catch(() => null)

async function keep(f) {
  if (!await unlocked() || f.dataset.done) return
  id ??= KEPT + Date.now()
  const text = await conceal({ kind: f.dataset.file, pairs: pairs(f).filter(([name]) => name !== '~wide') })
  localStorage.setItem(id, text)
}

function fill(f, kept) {
  for (const e of f.elements) {
    const values = kept.filter(([name]) => name === e.name).map(([, value]) => value)
    if (e.type === 'submit') continue
    if (/checkbox|radio/.test(e.type)) e.checked = values.includes(e.value)
    else if (values.length > 0) e.value = values[0]
  }
}

async function list() {
  const section = document.getElementById('drafts'), locked = document.getElementById('drafts-locked')
  if (!section) return
  const names = Object.keys(localStorage).filter(name => name.startsWith(KEPT)).sort().reverse(), open = names.length > 0 && !!await unlocked()
  locked.hidden = names.length === 0 || open
  section.hidden = true
  if (!open) return
  const items = []
  for (const name of names) {
    const kept = await recall(name)
    if (!kept) continue // another key's
    const said = kept.pairs.find(([n]) => n === 'text~text')?.[1] ?? kept.kind, at = name.slice(KEPT.length)
    items.push(make('li', { 'data-item': 'draft' }, make('a', { href: `/file/${kept.kind}#${at}`, dir: 'auto' }, said.slice(0, 80)),
      ' ', make('time', {}, new Date(+at).toLocaleString(document.documentElement.lang))))
  }
  section.querySelector('ul').replaceChildren(...items)
  section.hidden = items.length === 0
}

// ---- a watch that goes on is remembered, so that its end is two taps

async function watches(f) {
  const kept = await recall(WATCH)
  if (!kept) return
  const ends = f.elements['~watch'].value === 'end'
  if (ends && f.elements.replaces?.value !== kept.id) return
  fill(f, kept.pairs.filter(([name]) => !name.startsWith('~') && (ends || !name.startsWith('when') && !name.startsWith('text'))))
}

async function remember(f, text, record) {
  const watch = f.elements['~watch']?.value
  if (!watch) return
  const kept = pairs(f).concat([['when.from', JSON.parse(text).when?.from ?? '']])
  localStorage.setItem(WATCH, await conceal({ id: watch === 'start' ? record : null, pairs: kept }))
}

// ---- the form

async function begin() {
  await list()
  const f = form()
  if (!own || !f) return
  f.querySelector('.main').textContent = f.dataset.sign
  const again = f.querySelectorAll('[data-again]') // as it was chosen last
  if (![...again].some(e => e.checked)) for (const e of again) e.checked = sessionStorage.getItem(e.name) === e.value
  const now = new Date(), zone = -now.getTimezoneOffset(), two = n => String(Math.abs(n) | 0).padStart(2, '0')
  if (f.elements['~zone'] && !location.search.includes('correct=')) {
    f.elements['~zone'].value = `${zone < 0 ? '-' : '+'}${two(zone / 60)}:${two(zone % 60)}`
    for (const e of f.querySelectorAll('[data-now]'))
      if (!e.value) e.value = new Date(now.getTime() + zone * 60000).toISOString().slice(0, 16)
  }
  const key = await unlocked()
  if (key) f.elements['~author'].value = `${key.by}:${key.id}`
  const name = KEPT + location.hash.slice(1), kept = key && await recall(name)
  if (kept) id = name, fill(f, kept.pairs)
  if (key && f.elements['~watch']) {
    await watches(f)
    show(f)
  }
  if (!document.querySelector('[autofocus]')) f.querySelector('select:not(#author, #zone), input:not([type=hidden])')?.focus()
}

async function sign(f) {
  const key = await ready()
  if (!key) return
  f.elements['~author'].value = `${key.by}:${key.id}`
  const confirmed = f.querySelector('[name="~wide"]')?.checked
  const page = await look(f), view = page?.querySelector('.view')
  if (!view) {
    if (page) document.querySelector('main').replaceWith(page.querySelector('main'))
    f.querySelector('.fault')?.focus()
    await begin()
    document.querySelector('[aria-invalid]')?.focus()
    return
  }
  document.getElementById('view').replaceWith(view)
  const wide = view.querySelector('[name="~wide"]')
  if (wide && !confirmed) return wide.focus()
  if (wide) wide.checked = true
  const { text, receipt } = await write(fields(f))
  f.dataset.done = 'yes'
  if (id) localStorage.removeItem(id)
  f.removeAttribute('data-dirty')
  await remember(f, text, receipt.id)
  for (const e of f.querySelectorAll('[data-again]:checked')) sessionStorage.setItem(e.name, e.value)
  location.assign(f.dataset.after ?? (receipt.id ? `/records/${receipt.id}` : '/today'))
}

document.addEventListener('submit', event => {
  const f = form()
  if (!own || event.target !== f) return
  event.preventDefault()
  const button = event.submitter
  if (button.value === 'form') return // Enter, where it signs nothing
  pressed = button.name.startsWith('~') ? [] : [[button.name, button.value]]
  button.disabled = true
  clearTimeout(timer)
  sign(f).catch(trouble => {
    document.getElementById('view').replaceChildren(make('p', { class: 'fault', role: 'alert', tabindex: '-1' }, trouble.message))
    document.querySelector('#view .fault').focus()
  }).finally(() => { button.disabled = false })
})
if (own) {
  document.addEventListener('input', changed)
  document.addEventListener('truce-unlocked', list)
}
begin()
