// A copy of a page without a server: answers come from the states that the file holds. Nothing is computed or drawn here: the
// numbers of a recorded state, or numbers between two of them, are put into their template.

import { formatAll, formatNumber } from './store.js'
import { labelRun } from './controls.js'
import { startPage } from './page.js'
import { areOneGroup, bestGrid, cornersAround, isSame, isSmooth, nearestPosition, nextHeld, textOf, unpackRecording } from './recording.js'

const parameters = JSON.parse(document.getElementById('parameters').textContent)
const defaults = Object.entries(parameters).map(([name, { default: initial }]) => [name, initial])
const recordings = new Map() // figure -> promise of its recording, with the state that it was last asked for
const unpacked = new Map() // figure -> its recording, once it is there
const stepped = new Map() // figure -> what the last key did to it

function recordingOf(name) {
  if (!recordings.has(name)) {
    const text = document.getElementById(`states-${name}`).textContent
    recordings.set(name, unpackRecording(text).then(recording => {
      unpacked.set(name, { ...recording, asked: new Map(defaults), cost: costsIn(name) })
      return unpacked.get(name)
    }))
  }
  return recordings.get(name)
}

// Stands in for the server: the answer for an address of a figure.
async function loadRecorded(address) {
  const { pathname, searchParams: query } = new URL(address, 'file:///')
  const name = pathname.match(/([^/]+)\.json$/)[1]
  const recording = await recordingOf(name)
  let wanted = new Map(defaults.map(([parameter, initial]) => [parameter, query.get(parameter) ?? initial]))
  const moved = [...wanted.keys()].filter(parameter => !isSame(wanted.get(parameter), recording.asked.get(parameter)))
  if (query.get('_grab')) wanted = stateAtPoint(name, recording, wanted, query.get('_grab'))
  recording.asked = wanted
  const best = bestGrid(recording, wanted, moved)
  if (!best) throw new Error('This copy does not hold that state of this figure; its picture shows the one before.')
  const answer = answerFrom(recording, best.grid, wanted, query)
  const isKept = parameter => drawnWith(parameter).some(figure => figure !== name)
  for (const parameter of best.differing.filter(isKept)) answer.parameters[parameter] = wanted.get(parameter)
  showChanges(name, best.differing.map(parameter => {
    const [label, value] = [labelOf(parameter), inWords(parameter, best.grid.fixed[parameter])]
    return isKept(parameter) ? `this picture has “${label}” at “${value}”` : `“${label}” went back to “${value}”`
  }))
  for (const [parameter, value] of formatAll(answer.parameters)) recording.asked.set(parameter, value)
  return answer
}

// What a figure cannot show in a state goes back, unless another figure shows it too: there it stays as the reader left it.
const drawnWith = parameter => [...document.querySelectorAll('[data-figure]')]
  .filter(node => node.querySelector('.picture') && node.dataset.parameters.split(' ').includes(parameter))
  .map(node => node.dataset.figure)

// What another value of a parameter than the wanted one costs: little without a control beside the picture, which then would say
// something else, and more where it does not go back.
function costsIn(figure) {
  const controlled = [...document.querySelectorAll(`[data-figure="${figure}"] [data-parameter]`)].map(node => node.dataset.parameter)
  return parameter => !controlled.includes(parameter) ? 9 : drawnWith(parameter).length > 1 ? 11 : 10
}

function answerFrom(recording, grid, wanted, query) {
  const position = grid.axes.map(([name]) => +wanted.get(name))
  let corners = cornersAround(grid, position)
  const isBetween = corners.length > 1 && isSmooth(grid, corners)
  if (!isBetween) corners = [[corners.sort(([, a], [, b]) => b - a)[0][0], 1]]
  const { parts } = grid
  const answer = JSON.parse(textOf(recording, parts.words, corners))
  if (isBetween) grid.axes.forEach(([name], axis) => { answer.parameters[name] = position[axis] })
  const isWide = query.get('_width') ? query.get('_width') > 500 : innerWidth > 480
  answer.svg = textOf(recording, isWide ? parts.wide : parts.narrow ?? parts.wide, corners)
  if (query.get('_fields')?.includes('table') && !parts.table) answer.table = { 'This copy holds no table of this state.': [] }
  else if (query.get('_fields')?.includes('table')) {
    const rows = areOneGroup(parts.table, corners) ? corners : [[corners[0][0], 1]]
    answer.table = JSON.parse(textOf(recording, parts.table, rows))
  }
  return answer
}

// The state whose handle lies nearest to a point of the plane.
function stateAtPoint(name, { grids }, wanted, point) {
  const holds = ({ at, fixed }) => at && Object.keys(fixed).every(parameter => isSame(fixed[parameter], wanted.get(parameter)))
  const grid = grids.filter(holds).sort((a, b) => b.axes.length - a.axes.length)[0]
  if (!grid) throw new Error('This copy holds no other places of this point here.')
  const { x: scaleX, y: scaleY } = document.querySelector(`[data-figure="${name}"] .plane[data-grab]`).dataset
  const [x, y] = point.split(',').map(Number)
  const steps = grid.axes.map(([parameter]) => parameters[parameter].step)
  const position = nearestPosition(grid, [shareOf(scaleX, x), 1 - shareOf(scaleY, y)], steps)
  return new Map([...wanted, ...grid.axes.map(([parameter], axis) => [parameter, String(position[axis])])])
}

function shareOf(scale, value) {
  const [low, high] = scale.split(' ').map(Number)
  return (value - low) / (high - low)
}

function labelOf(parameter) {
  const control = document.querySelector(`[data-parameter="${parameter}"]`)?.closest('.control')
  return control?.querySelector('label, legend')?.textContent ?? parameter
}

function inWords(parameter, value) {
  const input = document.querySelector(`[data-parameter="${parameter}"][type=radio][value="${value}"]`)
  return input?.closest('label').textContent ?? inProse(value)
}

const inProse = value => value.replace(/^(-?)\./, '$10.')

function showChanges(name, changes) {
  const texts = [stepped.get(name), changes.length && `Not all of this is held at once: ${changes.join(', ')}.`]
  const text = texts.filter(Boolean).join(' ')
  for (const line of document.querySelectorAll(`[data-figure="${name}"] .went-back`)) {
    line.hidden = !text
    line.textContent = text
  }
}

// --- a run is played by moving its slider from one recorded step to the next ---

const FRAME = 60 // milliseconds
const timers = new Map() // button -> timer, while it plays

async function playRecorded(button) {
  if (timers.has(button)) return stop(button)
  const { plays } = button.dataset
  const { low, high } = parameters[plays]
  const recording = await recordingOf(button.closest('[data-figure]').dataset.figure)
  const isPlayed = ([name]) => name === plays
  const isHeld = ({ fixed }) => recording.slow.every(name => !(name in fixed) || isSame(fixed[name], recording.asked.get(name)))
  const isCurrent = grid => grid.axes.some(isPlayed) && isHeld(grid)
  const steps = recording.grids.find(isCurrent)?.axes.find(isPlayed)[1] ?? []
  if (+store.get(plays) >= high) store.set([[plays, String(low)]])
  button.classList.add('running')
  labelRun(button, store)
  timers.set(button, setInterval(() => {
    const next = steps.find(step => step > +store.get(plays))
    if (next === undefined) stop(button)
    else store.set([[plays, String(next)]])
  }, FRAME))
}

function stop(button) {
  clearInterval(timers.get(button))
  timers.delete(button)
  button.classList.remove('running')
  labelRun(button, store)
}

// A jump is not eased: there are no recorded states on the way to a far one.
const { store, figures } = startPage({ load: loadRecorded, play: playRecorded, isStill: () => true })

// --- an arrow key leads to the next state that every figure in sight of its parameter can show ---

let isKeyed = false
let isStepping = false // the change is that to a state that is held
addEventListener('keydown', () => { isKeyed = true }, true)
addEventListener('pointerdown', () => { isKeyed = false }, true)
let before = new Map(store.entries())

store.subscribe((changed, source) => {
  const [name] = changed
  const isStep = isKeyed && !source && changed.length === 1 && store.parameters[name].kind === 'range'
  const from = before
  before = new Map(store.entries())
  if (source || isStepping) return
  stepped.clear()
  figures[0]?.requests.kept.clear() // an answer comes with what is said of it, so none is used again
  if (isStep) stepToHeld(name, from)
})

function stepToHeld(name, from) {
  const wished = +store.get(name)
  const isUp = wished > +from.get(name)
  const held = figures.filter(figure => figure.names.includes(name) && unpacked.has(figure.name))
  let value = wished
  for (let tries = 0; tries < 9; tries++) { // what one figure holds another may not
    const next = held.map(figure => nextHeld(unpacked.get(figure.name), from, name, value)).filter(found => found !== null)
    const far = isUp ? Math.max(...next) : Math.min(...next)
    if (!next.length || isSame(far, value)) break
    value = far
  }
  if (isSame(value, wished)) return
  const text = `The arrow keys go to the next state that this copy holds: ${labelOf(name)} ${inProse(formatNumber(value))}.`
  for (const figure of held) stepped.set(figure.name, text)
  isStepping = true
  store.set([[name, formatNumber(value)]])
  isStepping = false
}

addEventListener('load', async () => {
  for (const { id } of document.querySelectorAll('[id^=states-]')) await recordingOf(id.slice('states-'.length))
})
