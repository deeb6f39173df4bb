// Statements: what is decided is sent and shown in place, and the next proposal has the focus; the form carries all of
// it, with a script as without.
import { takeDrops } from './drop.js'
import { own, ready, write } from './sign.js'
import { make } from './words.js'

takeDrops('form.given')

const number = card => Number(card.id.split('-')[1])

// Where to go on: the first proposal behind the one that was decided, else the first there is.
function goOn(after) {
  const cards = [...document.querySelectorAll('.proposals > .statement')]
  const wrong = cards.find(card => card.querySelector('.fault'))
  const next = wrong ?? cards.find(card => number(card) > after) ?? cards[0]
  const target = wrong?.querySelector('[aria-invalid]') ?? next?.querySelector('h3 a') ?? document.querySelector('main')
  target?.focus({ preventScroll: true })
  next?.scrollIntoView({ block: 'nearest' })
}

async function send(form, button) {
  const fields = button.form ? new FormData(form, button) : new FormData(form)
  const answer = await fetch(form.action, { method: 'POST', body: fields, headers: { Accept: 'text/html' } })
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main')
  if (!fresh) throw new Error(answer.status)
  document.querySelector('main').replaceChildren(...fresh.childNodes)
  document.dispatchEvent(new CustomEvent('truce-fresh'))
  goOn(Number(button.value.split('-')[1]) || 0)
}

document.addEventListener('submit', event => {
  const form = event.target, button = event.submitter
  if (!form.matches('form.reading') || !button?.value || button.value === 'lines') return
  event.preventDefault()
  send(form, button).catch(() => { // without the script's help, then
    form.append(make('input', { type: 'hidden', name: button.name, value: button.value }))
    form.submit()
  })
})

// Signs one after the other, for each follows the one before in its author's chain; what was sent is so in the form.
async function signAll(form) {
  if (!await ready()) return
  for (const card of form.querySelectorAll('.accepted .statement')) {
    const { receipt } = await write({ kind: 'statement', object: JSON.parse(card.dataset.statement) })
    form.querySelector(`[name=is-${number(card)}]`).value = 'sent'
    card.append(make('input', { type: 'hidden', name: `id-${number(card)}`, value: receipt.id }))
  }
}

document.addEventListener('click', async event => {
  const button = event.target.closest('#sign')
  if (!button) return
  const form = button.form, fault = document.getElementById('sign-fault')
  button.disabled = true
  fault.hidden = true
  try {
    await signAll(form)
    if (form.querySelector('[name^=id-]')) await send(form, { value: '' })
  } catch (trouble) {
    if (form.querySelector('.accepted [name^=id-]')) await send(form, { value: '' }).catch(() => null)
    const line = document.getElementById('sign-fault') ?? fault
    line.textContent = trouble.message
    line.hidden = false
  } finally {
    button.disabled = false
  }
})

const offer = () => { if (own) document.getElementById('sign')?.removeAttribute('hidden') }
document.addEventListener('truce-fresh', offer)
offer()
