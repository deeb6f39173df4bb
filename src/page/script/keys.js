// Keys that lead somewhere, bound to where they are on the keyboard, so that they work in an Arabic layout as in a Latin
// one. They are listed by "?" and switched off there (WCAG 2.1.4).
const off = () => localStorage.getItem('keys') === 'off'
const actions = new Map()

// A key of a page: `code` as KeyboardEvent has it ("KeyJ"), with "Shift+" before it where that is meant.
export function bind(code, action) {
  actions.set(code, action)
}

function typing(target) {
  return target.closest('input:not([type=checkbox]):not([type=radio]):not([type=submit]), textarea, select, [contenteditable]')
}

function step(by) {
  const items = [...document.querySelectorAll('[data-item]')].filter(e => e.offsetParent !== null)
  if (items.length === 0) return
  const at = items.findIndex(e => e.contains(document.activeElement))
  const next = items[Math.min(Math.max(at + by, 0), items.length - 1)]
  const link = next.matches('a, button, [tabindex]') ? next : next.querySelector('a, button, [tabindex]')
  link?.focus()
  next.scrollIntoView({ block: 'nearest' })
}

const help = () => document.getElementById('keys')
bind('KeyJ', () => step(1))
bind('KeyK', () => step(-1))
// What is chosen is opened: its first link. Enter does so by itself, for that link has the focus.
bind('KeyO', () => document.activeElement.closest('[data-item]')?.querySelector('a[href], button')?.click())
// Where the page has nothing to search, the list of records has, at the same moment.
bind('Slash', () => {
  const field = document.querySelector('[data-search]')
  if (field) field.focus()
  else document.querySelector('nav a[data-go="/records"]')?.click()
})
bind('Shift+Slash', () => help()?.showModal())
bind('KeyD', () => document.querySelector('a[data-key=difference]')?.click())

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.isComposing) return
  const code = (event.altKey ? 'Alt+' : '') + (event.shiftKey ? 'Shift+' : '') + event.code
  if (off() || typing(event.target) || document.querySelector('dialog[open]')) return
  const action = actions.get(code)
  if (!action) return
  event.preventDefault()
  action(event)
})

const box = help()?.querySelector('input[type=checkbox]')
if (box) {
  box.checked = !off()
  box.addEventListener('change', () => localStorage.setItem('keys', box.checked ? 'on' : 'off'))
  document.querySelector('[data-open=keys]')?.addEventListener('click', event => {
    event.preventDefault()
    help().showModal()
  })
}
