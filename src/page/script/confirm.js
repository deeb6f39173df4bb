// What was read back and agrees is signed by Enter, on the reader's own server.
import { say, make } from './words.js'
import { own, ready, write } from './sign.js'

const button = document.getElementById('confirm'), fault = document.getElementById('confirm-fault')
const first = document.getElementById('back-0')

function trouble(text) {
  fault.textContent = text
  fault.hidden = false
}

async function confirm() {
  fault.hidden = true
  button.disabled = true
  try {
    if (!await ready()) return trouble(say('confirm-key'))
    const { receipt } = await write({ kind: 'acknowledgement', object: JSON.parse(button.dataset.object) })
    const done = make('p', { class: 'agrees', role: 'status', tabindex: '-1' },
      make('a', { href: `/records/${receipt.id}` }, say('confirmed', receipt.index, receipt.phrase ?? '')))
    button.closest('main').querySelector('#by-hand').remove()
    button.replaceWith(done)
    done.focus()
  } catch (refusal) {
    trouble(refusal.message)
  } finally {
    button.disabled = false
  }
}

if (first) first.focus()
if (button && own) {
  button.hidden = false
  document.getElementById('by-hand').hidden = true
  button.addEventListener('click', confirm)
  button.focus()
}
