// The form for paper has a button where scripts run; without them the browser's own command prints it.
const button = document.querySelector('[data-print]')
if (button) {
  button.hidden = false
  button.addEventListener('click', () => print())
}
