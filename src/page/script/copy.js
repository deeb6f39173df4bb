// What is typed elsewhere as it stands has a button that copies it, where the browser lets a page do so.
import { say, make } from './words.js'

for (const text of navigator.clipboard ? document.querySelectorAll('[data-copy]') : []) {
  const button = make('button', { type: 'button', class: 'copy' }, say('copy'))
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(text.textContent)
    button.textContent = say('copied')
  })
  text.after(button)
}
