// Clocks count the server's time, whatever this machine's own clock says: it is asked once, and from there on the time
// since then counts.
let server = Date.now(), since = performance.now()

export const now = () => server + performance.now() - since

async function ask() {
  const answer = await fetch('/healthz', { method: 'HEAD', cache: 'no-store' }).catch(() => null)
  const said = Date.parse(answer?.headers.get('Date'))
  if (said) [server, since] = [said, performance.now()]
}

const two = n => String(n).padStart(2, '0')

// "1:02:03" from seconds, whatever the sign.
export function span(seconds) {
  const s = Math.floor(Math.abs(seconds))
  return `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`
}

// <span data-until=ISO>: how long until then, or since then, shown beside what the server wrote.
function tick() {
  for (const clock of document.querySelectorAll('[data-until]')) {
    const left = (Date.parse(clock.dataset.until) - now()) / 1000
    clock.textContent = span(left)
    clock.closest('[data-clock]')?.classList.toggle('over', left < 0)
  }
  document.dispatchEvent(new CustomEvent('truce-tick'))
}

if (document.body.dataset.live === 'now') {
  ask().then(tick)
  setInterval(tick, 1000)
  setInterval(ask, 600000)
}
