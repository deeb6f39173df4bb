// A notice due within the hour sounds, again and again, until its receipt is confirmed or it is a day late; when its time
// is over the page names who is next, as the server does for what is late already. Browsers are silent until somebody has
// touched the page: a button turns the sound on and tests it.
import { say } from './words.js'
import { now } from './clock.js'

const HOUR = 3600000, DAY = 24 * HOUR, AGAIN = 20000
const line = document.getElementById('sound')
let audio = null, last = 0

function tone() {
  const start = audio.currentTime
  for (const [n, pitch] of [660, 880, 660].entries()) {
    const source = new OscillatorNode(audio, { frequency: pitch }), gain = new GainNode(audio, { gain: 0.25 })
    source.connect(gain).connect(audio.destination)
    source.start(start + n * 0.25)
    source.stop(start + n * 0.25 + 0.2)
  }
}

const left = item => Date.parse(item.dataset.due) - now()

function tick() {
  if (document.body.dataset.live !== 'now') return
  const all = [...document.querySelectorAll('[data-due]')].filter(item => item.dataset.due)
  const due = all.filter(item => left(item) < HOUR && left(item) > -DAY)
  document.title = document.title.replace(/^● /, '')
  for (const item of all) {
    const next = item.querySelector('.next-alternate')
    item.classList.toggle('sounding', due.includes(item))
    if (next) next.hidden = left(item) > 0
  }
  if (due.length === 0) return
  document.title = '● ' + document.title
  if (!audio || now() - last < AGAIN) return
  last = now()
  tone()
  navigator.vibrate?.([300, 100, 300])
  document.dispatchEvent(new CustomEvent('truce-sounded'))
}

if (line && document.body.dataset.live === 'now') {
  line.hidden = false
  line.querySelector('button').addEventListener('click', () => {
    audio ??= new AudioContext()
    audio.resume()
    tone()
    line.querySelector('.hint').textContent = say('sound-on')
  })
  document.addEventListener('truce-tick', tick)
}
