// What is typed elsewhere as it stands has a button that copies it, where the browser lets a page do so.
import { say } from './words.js'

for (const button of navigator.clipboard ? document.querySelectorAll('button.copy') : []) {
  button.hidden = false
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.previousElementSibling.textContent)
    button.textContent = say('copied')
  })
}
