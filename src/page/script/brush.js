// Several days of the timeline at once, by mouse or pen, or by keys. The filters' own fields say the same.
const days = () => [...document.querySelectorAll('.days-by a[data-from]')]
let first = null, last = null, drawing = false

function chosen() {
  const all = days(), ends = [all.indexOf(first), all.indexOf(last)].sort((a, b) => a - b)
  return first && last && ends[0] >= 0 ? all.slice(ends[0], ends[1] + 1) : []
}

function mark() {
  const those = chosen()
  for (const day of days()) day.toggleAttribute('data-chosen', those.length > 1 && those.includes(day))
}

function open() {
  const those = chosen(), address = new URL(location.href)
  address.searchParams.set('from', those[0].dataset.from)
  address.searchParams.set('to', those.at(-1).dataset.to)
  location.assign(address)
}

// The day above or below which the pointer is.
function under(event) {
  return days().find(day => {
    const { left, right } = day.getBoundingClientRect()
    return event.clientX >= left && event.clientX < right
  })
}

document.addEventListener('pointerdown', event => {
  if (event.pointerType === 'touch' || event.button !== 0 || !event.target.closest?.('.days-by svg')) return
  first = last = under(event) ?? null
  drawing = first !== null
})
document.addEventListener('pointermove', event => {
  if (!drawing) return
  last = under(event) ?? last
  mark()
})
document.addEventListener('pointerup', () => {
  if (drawing && chosen().length > 1) open()
  drawing = false
})
document.addEventListener('dragstart', event => { if (event.target.closest?.('.days-by')) event.preventDefault() })
document.addEventListener('click', event => {
  if (chosen().length > 1 && event.target.closest?.('.days-by')) event.preventDefault()
})

document.addEventListener('keydown', event => {
  const day = event.target.closest?.('.days-by a[data-from]')
  if (!day) return
  if (event.key === 'Enter' && chosen().length > 1) {
    event.preventDefault()
    open()
  }
  if (event.key === 'Escape') first = last = null, mark()
  if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
  const all = days(), forward = (event.key === 'ArrowRight') === (document.documentElement.dir !== 'rtl')
  const next = all[all.indexOf(day) + (forward ? 1 : -1)]
  event.preventDefault()
  if (!next) return
  if (event.shiftKey) first ??= day, last = next
  else first = last = null
  mark()
  next.focus()
})
