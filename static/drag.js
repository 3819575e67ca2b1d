// Handles and planes of pictures: dragged with the mouse or a finger, tapped, or moved with the arrow keys.

import { formatNumber, snapToStep } from './store.js'
import { planeUnder, predictedShift, touchIntent, valueAt } from './geometry.js'

// A drag of one parameter along an axis of the picture.
class AxisDrag {
  constructor(store, { moves, axis, perPixel }, start, value) {
    Object.assign(this, { store, moves, axis, perPixel: +perPixel, start, value: value ?? +store.get(moves) })
  }

  move({ clientX, clientY }) {
    const pixels = (this.axis === 'x' ? clientX - this.start.x : clientY - this.start.y) / this.start.scale
    const value = snapToStep(this.store.parameters[this.moves], this.value + pixels * this.perPixel)
    this.store.set([[this.moves, formatNumber(value)]])
  }
}

// A drag over the plane: the server finds the state whose handle is nearest to the pointer. Until it answers, the handle goes
// where the pointer leads it.
class PlaneDrag {
  constructor(figure, plane, start) {
    const handle = figure.picture.querySelector('.handle[data-keys]')
    this.figure = figure
    this.index = Math.max(0, planesOf(figure).indexOf(plane)) // the elements change with every picture
    this.isFree = handle?.dataset.keys.includes(' ') ?? false // several parameters: the handle can go anywhere
    this.answers = handle ? [{ pointer: start ?? centreOf(handle), handle: centreOf(handle) }] : []
  }

  move(event) {
    const plane = planesOf(this.figure)[this.index]
    if (!plane) return
    const { x, y } = localPoint(plane, event)
    const values = [valueAt(plane.dataset.x, x), valueAt(plane.dataset.y, y)]
    if (plane.dataset.grab === 'rows') values[1] = this.row ??= values[1] // a drag stays in the row where it began
    this.pointer = [x, y]
    this.figure.grab = { text: values.map(value => value.toPrecision(6)).join(), pointer: this.pointer }
    this.figure.moveHandles()
    this.figure.invalidate()
  }

  answer(pointer, handle) {
    if (handle) this.answers = [...this.answers.slice(-1), { pointer, handle: centreOf(handle) }]
  }

  shift() {
    return predictedShift(this.pointer, this.answers, this.isFree)
  }
}

const planesOf = figure => [...figure.picture.querySelectorAll('.plane[data-grab]')]

function localPoint(node, { clientX, clientY }) {
  return new DOMPoint(clientX, clientY).matrixTransform(node.ownerSVGElement.getScreenCTM().inverse())
}

function centreOf(handle) {
  const { x, y, width, height } = handle.querySelector('.target')
  return [x.baseVal.value + width.baseVal.value / 2, y.baseVal.value + height.baseVal.value / 2]
}

// What a press on a picture can begin: { begin, isTap }, or null where there is nothing to take hold of.
function gestureAt(store, figure, event) {
  const handle = event.target.closest('.handle')
  const plane = planeUnder(event, '[data-grab]')
  const start = { x: event.clientX, y: event.clientY, scale: figure.picture.querySelector('svg').getScreenCTM()?.a ?? 1 }
  if (handle?.dataset.moves) return { begin: () => new AxisDrag(store, axisOf(handle, event), start) }
  if (!handle && !plane) return null
  const only = onlyAxisHandle(figure)
  if (only) return { begin: () => new AxisDrag(store, only.dataset, start, valueUnder(figure, only, event)), isTap: true }
  const held = handle && localPoint(handle, event)
  const begin = () => figure.planeDrag = new PlaneDrag(figure, plane, held && [held.x, held.y])
  return { begin, isTap: !handle }
}

// A finger drags tiles to the side, since its vertical movements scroll the page: to the right is up.
function axisOf({ dataset, classList }, { pointerType }) {
  if (pointerType !== 'touch' || !classList.contains('tile') || dataset.axis === 'x') return dataset
  return { moves: dataset.moves, axis: 'x', perPixel: -dataset.perPixel }
}

// A picture with a single handle, which moves along an axis: a press anywhere in its plane brings the handle there.
function onlyAxisHandle({ picture }) {
  const handles = picture.querySelectorAll('.handle')
  return handles.length === 1 && handles[0].dataset.moves ? handles[0] : null
}

function valueUnder(figure, handle, event) {
  const { moves, axis, perPixel } = handle.dataset
  const { x, y } = localPoint(handle, event)
  const [centreX, centreY] = centreOf(handle)
  return +figure.drawn.get(moves) + (axis === 'x' ? x - centreX : y - centreY) * perPixel
}

export function connectDragging(store, figures) {
  let drag = null
  let touch = null // a finger that has yet to show what it does

  function begin(gesture, figure, event) {
    drag = { ...gesture, motion: gesture.begin(), figure }
    figure.picture.classList.add('dragging')
    figure.picture.querySelector('.tip')?.setAttribute('hidden', '')
    drag.motion.move(event)
  }

  function end() {
    drag?.figure.picture.classList.remove('dragging')
    drag = touch = null
  }

  document.addEventListener('pointerdown', event => {
    const figure = figures.find(({ picture }) => picture && picture === event.target.closest('.picture'))
    const gesture = figure && !event.button && event.isPrimary && gestureAt(store, figure, event)
    if (!gesture) return
    event.preventDefault()
    event.target.closest('.handle')?.focus({ preventScroll: true })
    figure.picture.setPointerCapture(event.pointerId) // the element that was pressed goes with the next picture
    if (event.pointerType === 'touch') touch = { gesture, figure, event }
    else begin(gesture, figure, event)
  })

  document.addEventListener('pointermove', event => {
    if (drag) return drag.motion.move(event)
    if (!touch) return
    const { gesture, figure, event: down } = touch
    const intent = touchIntent(event.clientX - down.clientX, event.clientY - down.clientY)
    if (intent === 'undecided') return
    touch = null
    if (intent === 'drag' && !gesture.isTap) begin(gesture, figure, event)
  })

  document.addEventListener('pointerup', event => {
    if (touch?.gesture.isTap) begin(touch.gesture, touch.figure, event)
    end()
  })
  document.addEventListener('pointercancel', end)

  document.addEventListener('keydown', event => {
    const handle = event.target.closest?.('.handle')
    if (!handle || !(event.key in STEPS) || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    moveByKey(store, handle, event.key)
  })
}

// key -> how many steps, and which of the handle's parameters: the first or the one for up and down
const STEPS = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [-1, 1], ArrowUp: [1, 1],
  PageDown: [-10, 1], PageUp: [10, 1], Home: [-Infinity, 1], End: [Infinity, 1],
}

function moveByKey(store, { dataset: { moves, keys, axis, perPixel } }, key) {
  const [steps, which] = STEPS[key]
  const names = (moves || keys).split(' ')
  const name = names[which] ?? names[0]
  const parameter = store.parameters[name]
  const direction = axis === 'y' && perPixel > 0 ? -1 : 1 // up means fewer pixels
  const value = +store.get(name) + direction * steps * parameter.step
  const choice = store.isActive(name) ? [] : [parameter.only] // moving a parameter makes the choice under which it holds
  const bounded = Math.min(parameter.high, Math.max(parameter.low, value)) // infinite for Home and End
  store.set([...choice, [name, formatNumber(snapToStep(parameter, bounded))]])
}
