// The page's side of every figure: it keeps the parameters, asks the server for pictures and puts them in place.
// It computes nothing, draws nothing and knows no figure: a figure's declaration says all that is needed here.

const parameters = JSON.parse(document.getElementById('parameters').textContent)
const state = new Map() // parameter -> value in the notation of an address
const figures = []
const STILL = matchMedia('(prefers-reduced-motion: reduce)')
const streams = () => import('./stream.js')

// The nodes outside of pictures by what they say or set: looked for once.
function nodes(attribute) {
  const found = {}
  for (const node of document.querySelectorAll(`[data-${attribute}]`)) (found[node.dataset[attribute]] ??= []).push(node)
  return name => found[name] ?? []
}
const [controls, shown, levels, lives] = ['parameter', 'shows', 'level', 'value'].map(nodes)

class Figure {
  constructor(node) {
    this.node = node
    this.name = node.dataset.figure
    this.names = node.dataset.parameters.split(' ').filter(Boolean)
    this.picture = node.querySelector('.picture')
    this.numbers = node.querySelector('.numbers')
    this.slow = (node.dataset.streams ?? '').split(' ') // a change of these takes a long computation
    this.seen = this.dirty = this.busy = this.long = false
    this.grab = ''
    this.width = this.height = 0
    this.patience = 500
    // The page came with a picture for each of two widths; the one that is seen stays.
    const [wide, narrow] = node.querySelectorAll('.drawn')
    const unseen = narrow?.getClientRects().length ? wide : narrow
    unseen?.remove()
    for (const drawn of node.querySelectorAll('.drawn')) drawn.className = 'drawn'
  }

  // One request in flight; when it is back, the latest state goes out. Aborting on every event would starve painting.
  async pump(unseen = false) {
    if (this.busy || !this.dirty || !(this.seen || unseen)) return
    if (this.long) return later(this.listen, 300)
    this.busy = true
    this.dirty = false
    const grab = this.grab
    const asked = new Map(state)
    this.grab = ''
    try {
      const reply = await fetch(this.address('svg,texts,voice,description,parameters' + (this.numbers?.open ? ',table' : ''), grab))
      const answer = await reply.json()
      if (reply.status === 503) throw new TypeError('busy', { cause: 'Busy; trying again.' })
      if (!reply.ok) throw new Error(answer.detail)
      this.apply(answer)
      // What the server has settled holds unless a newer change came.
      const settled = Object.entries(answer.parameters).map(([name, value]) => [name, write(value)])
      set(settled.filter(([name]) => asked.get(name) === state.get(name)), this)
      this.complain('')
      this.patience = 500
    } catch (error) {
      const again = error instanceof TypeError // nobody answered, or not yet
      this.complain(again ? error.cause ?? 'The server does not answer; trying again.' : error.message)
      if (again) {
        await new Promise(done => setTimeout(done, this.patience = Math.min(this.patience * 2, 8000)))
        this.dirty = true
      }
    }
    this.busy = false
    this.pump()
  }

  // A long computation sends pictures of what it has found so far. It begins when the hand rests.
  listen = () => streams().then(({ listen }) => listen(this, page))

  address(fields, grab) {
    const query = new URLSearchParams()
    for (const name of this.names) if (said(name)) query.set(name, state.get(name))
    if (fields) query.set('_fields', fields)
    if (this.width) query.set('_width', this.width)
    if (this.height) query.set('_height', this.height)
    if (grab) query.set('_grab', grab)
    return `/figures/${this.name}.json?${query}`
  }

  apply(answer) {
    if (answer.svg) {
      const held = [...this.picture.querySelectorAll('.handle, .pick')].indexOf(document.activeElement)
      this.picture.querySelector('.drawn').innerHTML = answer.svg
      if (held >= 0) this.picture.querySelectorAll('.handle, .pick')[held]?.focus({ preventScroll: true })
    }
    if (answer.table) import('./table.js').then(({ tabulate }) => tabulate(this.numbers.querySelector('.scrolls'), answer.table))
    for (const link of this.node.querySelectorAll('[data-follows]')) link.href = this.address('', '').replace('.json', `.${link.dataset.follows}`).replace(/[?&]_.*/, '')
    const says = this.node.querySelector('.says')
    if (says && says.textContent !== answer.description) {
      says.textContent = answer.description
      announce(this, answer.description)
    }
    for (const [value, text] of Object.entries(answer.texts)) {
      for (const live of lives(`${this.name}.${value}`)) if (live.value !== text) live.textContent = live.value = text
    }
    for (const [name, words] of Object.entries(answer.voice)) {
      for (const input of controls(name)) if (input.type === 'range') input.setAttribute('aria-valuetext', words)
    }
  }

  complain(words) {
    const line = this.node.querySelector('.trouble')
    line.textContent = words
    line.hidden = !words
  }
}

// A parameter is said in an address where it is not its default and no other choice rules it out.
const inForce = name => !parameters[name].only || (state.get(parameters[name].only[0]) ?? parameters[name].only[1]) === parameters[name].only[1]
const said = name => state.get(name) !== parameters[name].default && inForce(name)

// A number as addresses write it: .3 for 0.3, no rounding noise.
const write = value => typeof value === 'number' ? String(+value.toPrecision(12)).replace(/^(-?)0\./, '$1.') : value === true ? '1' : value === false ? '0' : value

const bounded = (name, value) => {
  const { low, high, step } = parameters[name]
  return Math.min(high, Math.max(low, +(low + Math.round((value - low) / step) * step).toFixed(10)))
}

// Every change goes through here: the controls follow, then the figures that depend on it ask for themselves anew, once.
function set(changes, by) {
  const changed = changes.filter(([name, text]) => name in parameters && state.get(name) !== text)
  // What fixes a run has changed: another run, and it begins at its first step.
  for (const [name, { run, low }] of Object.entries(parameters)) {
    if (changed.some(([other]) => run?.includes(other)) && !changes.some(([other]) => other === name)) changed.push([name, write(low)])
  }
  for (const [name, text] of changed) {
    state.set(name, text)
    show(name)
    for (const other of Object.keys(parameters)) if (parameters[other].only?.[0] === name) show(other)
  }
  const ruling = changed.filter(([name]) => inForce(name))
  if (!ruling.length) return
  for (const figure of figures) {
    if (figure !== by && figure.picture && ruling.some(([name]) => figure.names.includes(name))) {
      figure.halt?.()
      figure.dirty = true
      figure.long ||= ruling.some(([name]) => figure.slow.includes(name))
      figure.pump()
    }
  }
  later(remember, 150)
  later(catchUp, 250)
}

// Figures out of sight wait until the hand rests; their numbers in the prose may still be in sight.
function catchUp() {
  for (const figure of figures) figure.pump(true)
}

function show(name) {
  const { kind, low, high, decimals } = parameters[name]
  const text = state.get(name)
  for (const input of controls(name)) {
    input.closest('.control')?.toggleAttribute('hidden', !inForce(name))
    if (kind === 'choice') input.checked = input.value === text
    else if (kind === 'toggle') input.checked = text === '1'
    else if (kind === 'range' ? +input.value !== +text : input.value !== text) input.value = text
  }
  if (kind !== 'range') return
  for (const node of shown(name)) node.textContent = (+text).toFixed(decimals)
  for (const node of levels(name)) node.setAttribute('transform', `translate(0 14) scale(1 ${-(text - low) / (high - low)})`)
}

// A jump eases over 150 ms, through states as true as any other.
function glide(targets) {
  const moves = [...targets].filter(([name]) => name in parameters).map(([name, text]) => [name, parameters[name].kind === 'range' ? write(+text) : text])
  const from = new Map(state)
  const start = performance.now()
  const frame = now => {
    const part = STILL.matches ? 1 : Math.min(1, (now - start) / 150)
    set(moves.map(([name, text]) => {
      if (part === 1 || parameters[name].kind !== 'range') return [name, text]
      return [name, write(bounded(name, +from.get(name) + (text - from.get(name)) * part))]
    }))
    if (part < 1) requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
}

function remember() {
  const query = new URLSearchParams(location.search)
  for (const [name, text] of state) said(name) ? query.set(name, text) : query.delete(name)
  const search = query.size ? `?${query}` : ''
  if (search !== location.search) history.replaceState(null, '', location.pathname + search + location.hash)
}

const page = { parameters, figures, set, write } // what is lent to modules that are loaded on a press

const timers = new Map()
function later(what, wait, ...given) {
  clearTimeout(timers.get(what))
  timers.set(what, setTimeout(what, wait, ...given))
}

// One polite sentence after the last change: of the first figure that changed.
let news = null
function announce(figure, words) {
  if (!news || figures.indexOf(figure) <= figures.indexOf(news.figure)) news = { figure, words }
  later(say, 500)
}
function say() {
  document.getElementById('announcement').textContent = news.words
  news = null
}

// --- reading the page ---

document.documentElement.classList.add('live-page')

for (const node of document.querySelectorAll('[data-figure]')) figures.push(new Figure(node))

const query = new URLSearchParams(location.search)
for (const [name, parameter] of Object.entries(parameters)) {
  const given = query.get(name)
  state.set(name, given === null ? parameter.default : parameter.kind === 'range' ? write(+given) : given)
  show(name) // a browser that goes back may have kept other values in the inputs
}

document.addEventListener('input', event => {
  const { parameter } = event.target.dataset
  if (!parameter) return
  const { kind } = parameters[parameter]
  const { value, checked } = event.target
  set([[parameter, kind === 'range' ? write(+value) : kind === 'toggle' ? write(checked) : value]])
})

document.addEventListener('click', event => {
  const button = event.target.closest('[data-plays]')
  if (button) streams().then(({ press }) => press(button, page))
  const word = event.target.closest('[data-set]')
  if (!word || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  glide(new URLSearchParams(word.dataset.set))
})

// A table is made when it is opened, and follows from then on.
document.addEventListener('toggle', event => {
  if (event.target.matches('.take[open]')) import(document.body.dataset.menu).then(({ open }) => open(event.target))
  const figure = figures.find(({ numbers }) => numbers === event.target)
  if (!figure?.numbers.open) return
  figure.dirty = true
  figure.pump(true)
}, true)

// Pointing at a word or a number shows what it speaks of.
function highlight(event, on) {
  const word = event.target.closest?.('[data-set], [data-value]')
  if (!word) return
  const [name, value] = (word.dataset.value ?? '').split('.')
  const figure = word.dataset.set ? null : document.querySelector(`[data-figure="${name}"]`)
  const told = figure?.querySelectorAll(`[data-tells~="${value}"]`) ?? []
  const found = word.dataset.set
    ? [...new URLSearchParams(word.dataset.set).keys()].flatMap(key => [...controls(key)].map(input => input.closest('.control')))
    : told.length ? [...told] : [figure]
  for (const node of found) node?.classList.toggle('lit', on)
}
for (const [kind, on] of [['pointerover', true], ['pointerout', false], ['focusin', true], ['focusout', false]]) {
  document.addEventListener(kind, event => highlight(event, on))
}

// Terms of a list are chosen as one comes over them.
for (const kind of ['pointerover', 'focusin']) {
  document.addEventListener(kind, event => {
    const pick = event.target.closest?.('.pick.peek')
    if (pick) set([...new URLSearchParams(pick.dataset.set)])
  })
}

const near = new IntersectionObserver(entries => {
  for (const { target, isIntersecting } of entries) {
    const figure = figures.find(({ node }) => node === target)
    figure.seen = isIntersecting
    figure.pump()
  }
})

// Pictures out of sight rest, once all are laid out.
const rest = new IntersectionObserver(entries => entries.forEach(({ target, isIntersecting }) => target.classList.toggle('away', !isIntersecting)))
setTimeout(() => figures.forEach(({ node }) => rest.observe(node)), 2000)

const sizes = new ResizeObserver(entries => {
  for (const { target, contentRect } of entries) {
    const figure = figures.find(({ picture }) => picture === target)
    const drawn = target.querySelector('svg')
    const room = Math.floor(contentRect.width / 10) * 10
    if (!drawn || room < 200) continue
    figure.width = Math.min(room, 1200)
    // A figure that stays in sight while the text moves on takes at most half of the window.
    const rest = figure.node.offsetHeight - target.offsetHeight
    figure.height = figure.node.matches('.sticky, .x-sticky') ? Math.max(140, Math.floor((innerHeight / 2 - rest) / 20) * 20) : 0
    const { width, height } = drawn.viewBox.baseVal
    if (Math.abs(width - contentRect.width) < 12 && !(figure.height && height > figure.height)) continue
    figure.dirty = true
    figure.pump()
    later(catchUp, 600)
  }
})

for (const { node, picture } of figures) {
  if (!picture) continue
  near.observe(node)
  sizes.observe(picture)
}

// What scrolls sideways scrolls with the keys.
for (const node of document.querySelectorAll('.math-block, .table')) if (node.scrollWidth > node.clientWidth) node.tabIndex = 0

// --- hands and keys on pictures ---

const scaled = (scale, pixel) => {
  const [low, high, start, stop] = scale.split(' ').map(Number)
  return Math.min(Math.max(low, high), Math.max(Math.min(low, high), low + (pixel - start) / (stop - start) * (high - low)))
}

function place(plane, event) {
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(plane.getScreenCTM().inverse())
  return [scaled(plane.dataset.x, x), scaled(plane.dataset.y, y)]
}

let drag = null

function pick(figure, event) {
  const plane = figure.picture.querySelector('.plane[data-grab]')
  const point = place(plane, event)
  if (plane.dataset.grab && drag) point[1] = drag.row ??= point[1]
  figure.grab = point.map(number => number.toPrecision(6)).join()
  figure.dirty = true
  figure.pump()
}

document.addEventListener('pointerdown', event => {
  const node = event.target.closest('.picture')
  if (!node || event.button) return
  const figure = figures.find(({ picture }) => picture === node)
  const handle = event.target.closest('.handle')
  const plane = event.target.closest('.plane[data-grab]')
  if (handle?.dataset.moves) {
    const { moves, axis, perPixel } = handle.dataset
    const ratio = handle.ownerSVGElement.getScreenCTM().a
    drag = { figure, moves, axis, start: axis === 'x' ? event.clientX : event.clientY, value: +state.get(moves), per: perPixel / ratio }
  } else if (handle || (plane && event.pointerType === 'mouse')) {
    drag = { figure }
  } else if (plane) {
    pick(figure, event)
  }
  if (!drag) return
  handle?.focus({ preventScroll: true })
  event.preventDefault()
  node.setPointerCapture(event.pointerId)
  node.classList.add('dragging')
  tip(figure)
  if (!drag.moves) pick(figure, event)
})

document.addEventListener('pointermove', event => {
  if (drag?.moves) {
    const along = (drag.axis === 'x' ? event.clientX : event.clientY) - drag.start
    set([[drag.moves, write(bounded(drag.moves, drag.value + along * drag.per))]])
  } else if (drag) pick(drag.figure, event)
  else if (event.pointerType === 'mouse') hover(event)
})

for (const end of ['pointerup', 'pointercancel']) {
  document.addEventListener(end, () => {
    drag?.figure.picture.classList.remove('dragging')
    drag = null
  })
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [-1, 1], ArrowUp: [1, 1], PageDown: [-10, 1], PageUp: [10, 1], Home: [-Infinity, 1], End: [Infinity, 1] }

document.addEventListener('keydown', event => {
  const handle = event.target.closest?.('.handle')
  const step = STEPS[event.key]
  const pick = /^Arrow/.test(event.key) && event.target.closest?.('.pick')
  if (!(handle || pick) || !step || event.altKey || event.ctrlKey || event.metaKey) return
  event.preventDefault()
  if (pick) return import('./picks.js').then(({ go }) => go(pick, event.key))
  const names = (handle.dataset.moves || handle.dataset.keys).split(' ')
  const name = names[step[1]] ?? names[0]
  const { low, high } = parameters[name]
  const way = handle.dataset.axis === 'y' && handle.dataset.perPixel > 0 ? -1 : 1 // up is fewer pixels
  const value = +state.get(name) + way * step[0] * parameters[name].step
  const ruling = inForce(name) ? [] : [parameters[name].only] // a key says which choice it means
  set([...ruling, [name, write(bounded(name, Math.min(high, Math.max(low, value))))]])
})

// --- what lies under the pointer ---

async function hover(event) {
  const plane = event.target.closest?.('.plane[data-columns]') || (event.target.closest?.('.picture') && document.elementsFromPoint(event.clientX, event.clientY).find(node => node.matches('.plane[data-columns]')))
  const figure = plane && figures.find(({ picture }) => picture?.contains(plane))
  for (const other of figures) if (other !== figure) tip(other)
  if (!figure) return
  const address = figure.address('data')
  if (figure.rowsOf !== address) {
    figure.rowsOf = address
    figure.rows = null
    const reply = await fetch(address)
    if (reply.ok) figure.rows = (await reply.json()).data
    return
  }
  const { columns, columnX, columnY } = plane.dataset
  const table = figure.rows?.[columns]
  if (!table) return
  const [x, y] = place(plane, event)
  const unit = plane.getBBox()
  const [lowX, highX] = plane.dataset.x.split(' ').map(Number)
  const [lowY, highY] = plane.dataset.y.split(' ').map(Number)
  const [perX, perY] = [unit.width / (highX - lowX), unit.height / (highY - lowY)]
  let best = -1
  let least = 18 * 18
  for (let i = 0; i < table[columnX].length; i++) {
    const away = ((table[columnX][i] - x) * perX) ** 2 + ((table[columnY][i] - y) * perY) ** 2
    if (away < least) [best, least] = [i, away]
  }
  if (best < 0) return tip(figure)
  const words = plane.dataset.tip.replace(/{(\w+):?(\d?)}/g, (_, column, decimals) => decimals ? table[column][best].toFixed(decimals) : table[column][best])
  const there = new DOMPoint(unit.x + (table[columnX][best] - lowX) * perX, unit.y + unit.height - (table[columnY][best] - lowY) * perY).matrixTransform(plane.getScreenCTM())
  tip(figure, words, there)
}

function tip(figure, words, at) {
  let node = figure.picture?.querySelector('.tip')
  if (!words) return node && (node.hidden = true)
  if (!node) figure.picture.append(node = Object.assign(document.createElement('div'), { className: 'tip' }))
  const frame = figure.picture.getBoundingClientRect()
  node.hidden = false
  node.textContent = words
  const half = node.offsetWidth / 2
  node.style.left = `${Math.min(frame.width - half, Math.max(half, at.x - frame.left))}px`
  node.style.top = `${at.y - frame.top}px`
}
