// A figure on the page: asks the server for a picture of the state and puts it in place. Knows no particular figure.

import { formatAll } from './store.js'
import { debounce } from './timing.js'

const WORDS = 'texts,voice,description_html,parameters'
const TILE = 48 // pixels: larger handles are tiles, which stay where they are while their value is dragged

export class Figure {
  // openStream: starts the stream of a figure whose computation takes long. onWords: is told of each new sentence.
  // requests: asks for its states.
  constructor(node, store, inputs, values, { openStream, onWords, requests }) {
    this.node = node
    this.store = store
    this.inputs = inputs
    this.values = values
    this.onWords = onWords
    this.requests = requests
    this.name = node.dataset.figure
    this.names = node.dataset.parameters.split(' ').filter(Boolean)
    this.slowNames = (node.dataset.streams ?? '').split(' ') // a change of these takes a long computation
    this.picture = node.querySelector('.picture')
    this.table = node.querySelector('.numbers')
    this.isVisible = this.isNear = this.isStale = this.needsStream = false
    this.isAlone = 'streams' in node.dataset // a state may take long: no other waits for it
    this.asked = this.taken = 0 // numbers of the newest request, and of the newest answer
    this.isDeferred = this.picture?.classList.contains('pending') ?? false // the page came without its picture
    this.isPending = this.isDeferred // its picture is missing, or older than its words
    this.grab = null // a point of the plane at which the handle was asked for
    this.planeDrag = null
    this.drawn = new Map(this.names.map(name => [name, store.get(name)])) // the state of the picture
    this.width = this.height = 0
    this.svg = null // the newest picture
    this.retryDelay = 500
    this.stream = debounce(() => openStream(this), 300)
    this.keepOnePicture()
    this.markTiles()
  }

  // The page came with a picture, or its place, for each of some widths; the one that is shown, or is once its fold is open, stays.
  keepOnePicture() {
    const drawn = [...this.node.querySelectorAll('.drawn')]
    const kept = drawn.find(one => one.getClientRects().length) ?? drawn.find(one => getComputedStyle(one).display !== 'none')
    for (const one of drawn) if (one !== kept) one.remove()
    if (kept) kept.className = 'drawn'
  }

  invalidate() {
    this.isStale = true
    this.refresh()
  }

  // Far from what is in sight a figure gets its words alone: they may stand in the text that is in sight.
  refresh(evenIfHidden = false) {
    const isDue = this.isNear && this.isPending || this.isStale && (this.isVisible || evenIfHidden)
    if (!isDue) return
    if (this.needsStream) this.stream()
    else this.requests.add(this)
  }

  canAsk() {
    return !(this.isAlone && this.asked > this.taken)
  }

  // What is asked for now. Aborting requests would starve the picture: what comes in is shown unless something newer is there.
  ask() {
    const { grab } = this
    const address = this.nextAddress()
    this.isStale = false
    this.isPending &&= !this.isNear
    this.grab = null
    return { address, grab, number: ++this.asked, state: new Map(this.store.entries()) }
  }

  take({ grab, number, state }, answer) {
    if (number <= this.taken) return
    this.taken = number
    if (answer instanceof Error) return this.fail(answer)
    this.apply(answer, grab)
    // What the server has settled holds unless there was a newer change.
    const settled = formatAll(answer.parameters)
    this.store.set(settled.filter(([name]) => state.get(name) === this.store.get(name)), this)
    this.showProblem('')
    this.retryDelay = 500
    this.refresh()
  }

  async fail(error) {
    this.showProblem(error.message)
    if (error.retry) {
      this.retryDelay = Math.min(this.retryDelay * 2, 8000)
      await new Promise(done => setTimeout(done, this.retryDelay))
      this.isStale = this.isPending = true
    }
    this.refresh()
  }

  fields() {
    return [this.isNear && 'svg', WORDS, this.table?.open && 'table'].filter(Boolean).join()
  }

  // Gives up a picture that is far away; its room stays.
  release() {
    if (!this.isDeferred || this.isPending || this.picture.contains(document.activeElement)) return
    const svg = this.picture.querySelector('svg')
    svg.replaceWith(svg.cloneNode())
    this.svg = null
    this.isPending = true
  }

  // The address of the present state, or of one with other values.
  address(fields, values = {}) {
    const query = new URLSearchParams()
    for (const name of this.names) {
      if (name in values || this.store.isStated(name)) query.set(name, values[name] ?? this.store.get(name))
    }
    if (fields) query.set('_fields', fields)
    if (this.width) query.set('_width', this.width)
    if (this.height) query.set('_height', this.height)
    return `${document.body.dataset.figures}/${this.name}.json?${query}`
  }

  // Another form of the present state, without what an address says about size.
  bareAddress(kind) {
    return this.address().replace('.json', `.${kind}`).replace(/[?&]_.*/, '')
  }

  nextAddress(values) {
    return this.address(this.fields(), values) + (this.grab ? `&_grab=${this.grab.text}` : '')
  }

  apply(answer, grab) {
    this.isPending ||= !answer.svg
    if (answer.svg) this.showPicture(answer, grab)
    if (answer.table) import('./table.js').then(({ showTable }) => showTable(this.table.querySelector('.scrolls'), answer.table))
    this.updateLinks()
    this.describe(answer.description_html)
    for (const [value, text] of Object.entries(answer.texts)) {
      for (const node of this.values(`${this.name}.${value}`)) if (node.value !== text) node.textContent = node.value = text
    }
    for (const [name, text] of Object.entries(answer.voice)) {
      for (const input of this.inputs(name)) if (input.type === 'range') input.setAttribute('aria-valuetext', text)
    }
  }

  showPicture({ svg, parameters }, grab) {
    this.drawn = new Map(formatAll(parameters))
    if (svg !== this.svg) this.replacePicture(svg)
    if (grab) this.planeDrag?.answer(grab.pointer, this.picture.querySelector('.handle[data-keys]'))
    this.moveHandles()
  }

  // Where two states look the same, nothing is parsed, laid out and painted again.
  replacePicture(svg) {
    this.svg = svg
    const focusable = () => [...this.picture.querySelectorAll('.handle, .pick')]
    const focused = focusable().indexOf(document.activeElement)
    this.picture.querySelector('.drawn').innerHTML = svg
    this.picture.classList.remove('pending')
    if (focused >= 0) focusable()[focused]?.focus({ preventScroll: true })
    this.markTiles()
  }

  updateLinks() {
    for (const link of this.node.querySelectorAll('[data-follows]')) {
      link.href = this.bareAddress(link.dataset.follows)
    }
  }

  describe(html) {
    const line = this.node.querySelector('.says')
    if (!line || this.sentence === html) return
    const before = line.textContent
    line.innerHTML = this.sentence = html // escaped by the server, which marks key numbers with elements
    if (line.textContent !== before) this.onWords(this, line.textContent)
  }

  showProblem(text) {
    const line = this.node.querySelector('.trouble')
    line.textContent = text
    line.hidden = !text
  }

  markTiles() {
    for (const target of this.picture?.querySelectorAll('.handle .target') ?? []) {
      target.parentNode.classList.toggle('tile', target.width.baseVal.value > TILE)
    }
  }

  // Handles do not wait for the next picture: they stand where the state says, by the scale that they carry.
  moveHandles() {
    for (const handle of this.picture?.querySelectorAll('.handle:not(.tile)') ?? []) {
      const [dx, dy] = handle.dataset.moves ? this.shiftAlongAxis(handle.dataset) : this.planeDrag?.shift() ?? [0, 0]
      if (dx || dy) handle.setAttribute('transform', `translate(${dx.toFixed(2)} ${dy.toFixed(2)})`)
      else handle.removeAttribute('transform')
    }
  }

  shiftAlongAxis({ moves, axis, perPixel }) {
    const pixels = (this.store.get(moves) - this.drawn.get(moves)) / perPixel
    return axis === 'x' ? [pixels, 0] : [0, pixels]
  }
}
