// A deck: one slide at a time, its number and the figures' state in the address. Without this script the slides stand one below
// the other. The figures are explorable.js's, here too.

const slides = [...document.querySelectorAll('.slide')]
const root = document.documentElement
const bar = document.querySelector('.bar')
const wire = new BroadcastChannel(`slides ${location.pathname}`)
const speaker = window.name === 'speaker'
let now = 0

// Figures measure their room in the units that they are drawn in, before they are enlarged.
window.ResizeObserver = class extends ResizeObserver {
  constructor(told) {
    super(entries => told(entries.map(({ target, contentRect }) => {
      return { target, contentRect: { width: contentRect.width / (getComputedStyle(target).getPropertyValue('--zoom') || 1) } }
    })))
  }
}

// Type and pictures are as large as the room asks for: a picture is drawn for a window of 960 by 600 and enlarged from there.
function fit() {
  const zoom = Math.max(1, Math.min(innerWidth / 960, innerHeight / (speaker ? 900 : 600)))
  root.style.setProperty('--zoom', zoom.toFixed(3))
}

function go(to, told) {
  now = Math.max(0, Math.min(slides.length - 1, to))
  for (const [i, slide] of slides.entries()) slide.classList.toggle('now', i === now)
  bar.querySelector('.count').textContent = `${now + 1} / ${slides.length}`
  bar.querySelector('.next').textContent = speaker && slides[now + 1] ? `next: ${slides[now + 1].querySelector('h2').textContent}` : ''
  history.replaceState(null, '', `${location.pathname}${location.search}#/${now + 1}`)
  if (document.body.classList.contains('overview')) slides[now].scrollIntoView({ block: 'nearest' })
  else scrollTo(0, 0)
  if (!told) tell()
}

const toggle = name => document.body.classList.toggle(name)

const deeds = {
  on: () => go(now + 1),
  back: () => go(now - 1),
  first: () => go(0),
  last: () => go(slides.length - 1),
  overview: () => { if (toggle('overview')) slides[now].scrollIntoView({ block: 'center' }) },
  notes: () => toggle('with-notes'),
  full: () => document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen?.(),
  window: () => open(location.href, 'speaker', 'popup,width=900,height=900'),
}

const KEYS = {
  ArrowRight: 'on', ArrowDown: 'on', PageDown: 'on', ' ': 'on', ArrowLeft: 'back', ArrowUp: 'back', PageUp: 'back', Home: 'first', End: 'last',
  o: 'overview', n: 'notes', f: 'full', w: 'window',
}

// What has the focus keeps its own keys: a slider its arrows, notes those that scroll them, a button its space bar.
const keeps = (node, key) => node.closest?.('input, textarea, select, .handle, .scrolls') || (/^Arrow(Up|Down)$/.test(key) && node.closest?.('.notes')) || (key === ' ' && node.closest?.('button, a, summary'))

addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
  if (event.key === 'Escape') {
    document.body.classList.remove('overview')
    document.activeElement?.blur() // gives the arrows back to the deck
    return
  }
  if (event.key === 'Enter' && document.body.classList.contains('overview') && !event.target.closest('a, button')) return deeds.overview()
  const letter = event.key.length === 1 && event.key !== ' '
  const deed = KEYS[letter ? event.key.toLowerCase() : event.key === ' ' && event.shiftKey ? 'PageUp' : event.key]
  if (!deed || (!letter && keeps(event.target, event.key)) || event.target.matches('textarea, input[type=number]')) return
  event.preventDefault()
  deeds[deed]()
})

document.addEventListener('click', event => {
  const button = event.target.closest('[data-do]')
  if (button) return deeds[button.dataset.do]()
  const slide = event.target.closest('.overview .slide')
  if (!slide) return
  event.preventDefault()
  event.stopPropagation()
  document.body.classList.remove('overview')
  go(slides.indexOf(slide))
}, true)

let from = null
document.addEventListener('pointerdown', event => {
  const free = event.pointerType !== 'mouse' && !event.target.closest('input, button, .handle, .plane, .scrolls, .math-block')
  from = free ? [event.clientX, event.clientY] : null
})
document.addEventListener('pointerup', event => {
  if (!from || document.body.classList.contains('overview')) return
  const [x, y] = [event.clientX - from[0], event.clientY - from[1]]
  if (Math.abs(x) > 60 && Math.abs(x) > 2 * Math.abs(y)) x < 0 ? deeds.on() : deeds.back()
})

// --- two windows in step: the number of the slide, and the figures' state ---

let known = location.search // what both windows are at, or on their way to
let seen = known

function tell() {
  known = location.search
  wire.postMessage({ now, search: known })
}

wire.onmessage = ({ data }) => {
  if (data === 'where') return tell()
  if (data.search !== location.search) {
    const given = new URLSearchParams(data.search)
    const every = Object.entries(JSON.parse(document.getElementById('parameters').textContent)).map(([name, { default: text }]) => [name, given.get(name) ?? text])
    const word = Object.assign(document.createElement('a'), { hidden: true })
    word.dataset.set = new URLSearchParams(every)
    document.body.append(word)
    word.click() // as any word that leads to a state
    word.remove()
    known = data.search
  }
  if (data.now !== now) go(data.now, true)
}

setInterval(() => {
  if (location.search === seen) return
  seen = location.search
  if (seen !== known) tell()
}, 200)

// --- begin ---

const asked = () => (location.hash.match(/^#\/(\d+)$/)?.[1] ?? 1) - 1
addEventListener('hashchange', () => go(asked()))
addEventListener('resize', fit)
addEventListener('DOMContentLoaded', () => { // when the figures have seen which of their pictures is shown
  fit()
  document.body.classList.add('presenting')
  document.body.classList.toggle('speaker', speaker)
  bar.hidden = false
  go(asked(), true)
  if (speaker) wire.postMessage('where')
})
