// A deck: one slide at a time, its number and the state of the figures in the address. Without this script the slides stand
// one below the other.

import { startPage } from './page.js'
import { debounce } from './timing.js'

const root = document.documentElement
const isSpeaker = window.name === 'speaker'
const slides = [...document.querySelectorAll('.slide')]
const bar = document.querySelector('.bar')
const channel = new BroadcastChannel(`slides ${location.pathname}`)
let current = 0
let blankColour = ''
const started = Date.now()
let slideStarted = started

// A picture is drawn for a window of 850 by 600 and enlarged from there, and so is the type: its smallest, of 12 pixels, is then as
// large as 18 on a screen of 1080 lines, whether 16:9 or 4:3.
function fitWindow() {
  const zoom = Math.max(1, Math.min(innerWidth / 850, innerHeight / (isSpeaker ? 900 : 600)))
  root.style.setProperty('--zoom', zoom.toFixed(3))
  placeControls()
}

// Where a window is wide, three and more controls stand beside the picture; elsewhere only so many that rows of them below it
// would leave little room for it.
function placeControls() {
  const most = innerWidth / innerHeight > 1.5 ? 2 : 6
  for (const figure of document.querySelectorAll('.slide .figure')) {
    const count = figure.querySelectorAll('.control:not([hidden])').length
    figure.classList.toggle('beside', count > most)
    figure.classList.toggle('many', count > 4)
  }
}

function show(number, isRemote) {
  const before = current
  current = Math.max(0, Math.min(slides.length - 1, number))
  if (current !== before) slideStarted = Date.now()
  for (const [i, slide] of slides.entries()) {
    slide.classList.toggle('now', i === current)
    slide.classList.toggle('coming', isSpeaker && i === current + 1) // small, with its picture, beside the notes
  }
  bar.querySelector('.count').textContent = `${current + 1} / ${slides.length}`
  history.replaceState(null, '', `${location.pathname}${location.search}#/${current + 1}`)
  if (document.body.classList.contains('overview')) slides[current].scrollIntoView({ block: 'nearest' })
  else scrollTo(0, 0)
  if (!isRemote) send()
}

const toggle = name => document.body.classList.toggle(name)

// The audience sees nothing but a colour, until any key is pressed; the speaker's own window stays.
function blank(colour) {
  sendBlank(blankColour === colour ? '' : colour)
}

function sendBlank(colour) {
  channel.postMessage({ blank: colour })
  showBlank(colour)
}

function showBlank(colour) {
  blankColour = colour
  document.body.classList.toggle('blank', Boolean(colour) && !isSpeaker)
  document.body.classList.toggle('white', colour === 'white')
}

const actions = {
  next: () => show(current + 1),
  previous: () => show(current - 1),
  first: () => show(0),
  last: () => show(slides.length - 1),
  overview: () => { if (toggle('overview')) slides[current].scrollIntoView({ block: 'center' }) },
  notes: () => toggle('with-notes'),
  fullscreen: () => document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen?.(),
  black: () => blank('black'),
  white: () => blank('white'),
  speaker: () => open(location.href, 'speaker', 'popup,width=900,height=900'),
}

const KEYS = {
  ArrowRight: 'next', ArrowDown: 'next', PageDown: 'next', ' ': 'next', ArrowLeft: 'previous', ArrowUp: 'previous', PageUp: 'previous',
  Home: 'first', End: 'last', o: 'overview', n: 'notes', f: 'fullscreen', s: 'speaker', b: 'black', '.': 'black', w: 'white',
}

// What has the focus keeps its own keys: a slider its arrows, notes those that scroll them, a button its space bar.
function usesKey(node, key) {
  if (node.closest?.('input, textarea, select, .handle, .scrolls')) return true
  if (/^Arrow(Up|Down)$/.test(key) && node.closest?.('.notes')) return true
  return key === ' ' && node.closest?.('button, a, summary')
}

addEventListener('keydown', event => {
  const { key, target } = event
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
  if (blankColour && !isSpeaker) {
    event.preventDefault()
    return sendBlank('')
  }
  if (key === 'Escape') {
    document.body.classList.remove('overview')
    document.activeElement?.blur() // the arrows move the slides again
    return
  }
  if (key === 'Enter' && document.body.classList.contains('overview') && !target.closest('a, button')) return actions.overview()
  const isLetter = key.length === 1 && key !== ' '
  const action = KEYS[isLetter ? key.toLowerCase() : key === ' ' && event.shiftKey ? 'PageUp' : key]
  if (!action || (!isLetter && usesKey(target, key)) || target.matches('textarea, input[type=number]')) return
  event.preventDefault()
  actions[action]()
})

document.addEventListener('click', event => {
  const button = event.target.closest('[data-do]')
  if (button) return actions[button.dataset.do]()
  const slide = event.target.closest('.overview .slide')
  if (!slide) return
  event.preventDefault()
  event.stopPropagation()
  document.body.classList.remove('overview')
  show(slides.indexOf(slide))
}, true)

let swipe = null
document.addEventListener('pointerdown', event => {
  const isFree = event.pointerType !== 'mouse' && !event.target.closest('input, button, .handle, .plane, .scrolls, .math-block')
  swipe = isFree ? [event.clientX, event.clientY] : null
})
document.addEventListener('pointerup', event => {
  if (!swipe || document.body.classList.contains('overview')) return
  const [dx, dy] = [event.clientX - swipe[0], event.clientY - swipe[1]]
  if (Math.abs(dx) > 60 && Math.abs(dx) > 2 * Math.abs(dy)) dx < 0 ? actions.next() : actions.previous()
})

// --- the figures, and a second window that shows the same slide in the same state ---

const zoomOf = node => +getComputedStyle(node).getPropertyValue('--zoom') || 1
const { store, ease, figures } = startPage({ zoom: zoomOf })
let sharedQuery = store.query() // what both windows show, or are on their way to

function send() {
  sharedQuery = store.query()
  channel.postMessage({ current, query: sharedQuery })
}

const sendChanges = debounce(() => { if (store.query() !== sharedQuery) send() }, 200)
store.subscribe(sendChanges)
store.subscribe(placeControls)

// The code on a slide leads to the state that its figure shows.
const coded = figures.flatMap(figure => {
  const image = figure.node.closest('.slide').querySelector('.code')
  return image ? [{ figure, image }] : []
})
const updateCodes = debounce(() => {
  for (const { figure, image } of coded) {
    const address = figure.bareAddress('qr')
    if (image.getAttribute('src') !== address) image.src = address
  }
}, 300)
if (coded.length) store.subscribe(updateCodes)

channel.onmessage = ({ data }) => {
  if (data === 'where') return send()
  if ('blank' in data) return showBlank(data.blank)
  if (data.query !== store.query()) {
    ease(store.parse(data.query))
    sharedQuery = data.query
  }
  if (data.current !== current) show(data.current, true)
}

const numberInAddress = () => (location.hash.match(/^#\/(\d+)$/)?.[1] ?? 1) - 1
addEventListener('hashchange', () => show(numberInAddress()))
addEventListener('resize', fitWindow)

// The time of day, and the minutes since the talk began and on this slide, for the speaker.
function showClock() {
  const minutes = since => `${Math.floor((Date.now() - since) / 60000)}:${String(Math.floor((Date.now() - since) / 1000) % 60).padStart(2, '0')}`
  const time = new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  bar.querySelector('.clock').textContent = `${time} · talk ${minutes(started)} · slide ${minutes(slideStarted)}`
}

if (isSpeaker) setInterval(showClock, 1000)
fitWindow()
document.body.classList.add('presenting', 'boxed')
document.body.classList.toggle('speaker', isSpeaker)
bar.hidden = false
show(numberInAddress(), true)
if (isSpeaker) channel.postMessage('where')
