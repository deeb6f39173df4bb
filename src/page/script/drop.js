// A file that is dropped anywhere on the page is as one that was chosen: in the form's own field, and sent with it. What
// is larger than the form says it takes is told before it is sent.
const field = selector => document.querySelector(`${selector} input[type=file]`)

function fits(input) {
  const most = Number(input.form.dataset.most), file = input.files[0]
  input.setCustomValidity(most && file && file.size > most ? input.form.dataset.tooLarge : '')
  return input.reportValidity()
}

export function takeDrops(selector) {
  document.addEventListener('dragover', event => {
    if (field(selector) && event.dataTransfer.types.includes('Files')) event.preventDefault()
  })
  document.addEventListener('drop', event => {
    const input = field(selector)
    if (!input || event.dataTransfer.files.length === 0) return
    event.preventDefault()
    input.files = event.dataTransfer.files
    if (fits(input)) input.form.requestSubmit()
  })
  document.addEventListener('change', event => {
    if (event.target === field(selector)) fits(event.target)
  })
}
