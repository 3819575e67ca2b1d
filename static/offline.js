// A copy of an essay without a server: what a page asks of the server is answered from the states that the file holds. It
// computes nothing and draws nothing: it puts the numbers of a computed state into its template, or those between two states.

{
const described = () => JSON.parse(document.getElementById('parameters').textContent)
const recordings = new Map() // figure -> promise of its recording
const matches = matchMedia.bind(window)

// The way to a far state leads through states that are not here: a jump does not ease.
window.matchMedia = query => query.includes('reduced-motion') ? { matches: true, addEventListener() {} } : matches(query)

// Two of 91 letters tell 13 or 14 bits.
function bytesOf(text) {
  const place = code => code - 33 - (code > 38) - (code > 60) - (code > 92) // letters from ! to ~ but & < and backslash
  const bytes = new Uint8Array(text.length)
  let [bits, held, length] = [0, 0, 0]
  for (let i = 0; i + 1 < text.length; i += 2) {
    const value = place(text.charCodeAt(i)) + 91 * place(text.charCodeAt(i + 1))
    bits |= value << held
    held += (value & 8191) > 88 ? 13 : 14
    for (; held > 7; held -= 8, bits >>= 8) bytes[length++] = bits
  }
  if (text.length % 2) bytes[length++] = bits | place(text.charCodeAt(text.length - 1)) << held
  return bytes.subarray(0, length)
}

async function unpack(name) {
  const stream = new Blob([bytesOf(document.getElementById(`states-${name}`).textContent)]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer())
  const length = new DataView(bytes.buffer).getUint32(0, true)
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)))
  const defaults = Object.entries(described()).map(([parameter, { default: text }]) => [parameter, text])
  const held = { ...head, name, columns: bytes.subarray(4 + length), asked: new Map(defaults) }
  for (const { parts } of held.grids) for (const part in parts) parts[part] = kin(held, parts[part])
  return held
}

const recording = name => recordings.get(name) ?? recordings.set(name, unpack(name)).get(name)

// --- from numbers to texts ---

// Whole numbers, small ones in one byte: the sign last, seven bits a byte, the lowest first.
function reader(bytes, at) {
  return () => {
    let value = 0
    for (let scale = 1, byte = 128; byte & 128; scale *= 128) value += ((byte = bytes[at++]) & 127) * scale
    return value % 2 ? -(value + 1) / 2 : value / 2
  }
}

const times = (count, make) => Array.from({ length: count }, make)

// What a part of an answer is made of in all states of a grid: strands, which of them follow each other in a family, and the
// family of each state.
function kin(held, offset) {
  const next = reader(held.columns, offset)
  const [strands, families] = [next(), next()]
  let [piece, columns] = [0, 0]
  const part = { strands: times(strands, () => [piece += next(), columns += next()]), unwound: [] }
  part.families = times(families, () => { let member = -1; return times(next(), () => member += next() + 1) })
  part.of = times(next(), next)
  return part
}

// A strand is a piece of a text as it runs through some states: a column for each number that varies, as differences.
function unwind(held, part, index) {
  const [piece, place] = part.strands[index]
  const cut = held.pieces[piece].split(/([\ue000-\ue0ff])/)
  const strand = { texts: cut.filter((_, i) => i % 2 === 0), slots: cut.filter((_, i) => i % 2).map(slot => slot.charCodeAt(0) - 0xe000) }
  const members = part.families.map(family => family.includes(index))
  let count = 0
  strand.rank = part.of.map(family => members[family] ? count++ : -1)
  strand.members = count
  strand.numbers = new Int32Array(strand.slots.length * count)
  const next = reader(held.columns, place - 1)
  strand.slots.forEach((slot, column) => {
    const back = (slot >> 5) * count // a number may be told from one before it
    for (let i = column * count, told = 0; i < (column + 1) * count; i++) strand.numbers[i] = (told += next()) + (back && strand.numbers[i - back])
  })
  return strand
}

function written(number, slot) {
  const value = Math.round(number) / 10 ** (slot % 16)
  return slot & 16 ? String(value) : value.toFixed(slot % 16)
}

// The text of a part at some states of one family, each with its weight.
function text(held, part, corners) {
  let told = ''
  for (const index of part.families[part.of[corners[0][0]]]) {
    const strand = part.unwound[index] ??= unwind(held, part, index)
    told += strand.texts[0]
    strand.slots.forEach((slot, i) => {
      let number = 0
      for (const [state, weight] of corners) number += weight * strand.numbers[i * strand.members + strand.rank[state]]
      told += written(number, slot) + strand.texts[i + 1]
    })
  }
  return told
}

// --- from an address to states ---

const same = (a, b) => a === b || Math.abs(a - b) < 1e-9

// The computed states around a place on a grid's axes, and how near each is.
function around(grid, place) {
  let corners = [[0, 1]]
  grid.axes.forEach(([, values], axis) => {
    const next = Math.max(values.findIndex(value => value > place[axis] - 1e-9), 0)
    const [low, high] = [values[next - 1], values[next]]
    const sides = same(high, place[axis]) ? [[next, 1]] : [[next - 1, (high - place[axis]) / (high - low)], [next, (place[axis] - low) / (high - low)]]
    corners = corners.flatMap(([state, weight]) => sides.map(([index, share]) => [state * values.length + index, weight * share]))
  })
  return corners
}

function smooth({ parts, rough }, corners) {
  const kin = ['wide', 'narrow', 'words'].every(part => corners.every(([state]) => parts[part].of[state] === parts[part].of[corners[0][0]]))
  return kin && !rough.includes(corners[0][0])
}

// The grid that fits a state best: where it holds what has just been moved, and needs the fewest others to go back.
function fitting(held, wanted, moved) {
  let best = null
  for (const grid of held.grids) {
    const away = Object.keys(grid.fixed).filter(name => !same(grid.fixed[name], wanted.get(name)))
    if (away.some(name => moved.includes(name) || held.slow.includes(name))) continue
    const exact = grid.axes.every(([name, values]) => values.some(value => same(value, wanted.get(name))))
    const cost = away.length * 10 + (exact ? 0 : grid.axes.length)
    if (!best || cost < best.cost) best = { grid, away, cost }
  }
  return best
}

// The place on a grid whose handle lies nearest to a point of the plane.
function grabbed(held, wanted, point) {
  const plane = document.querySelector(`[data-figure="${held.name}"] .plane[data-grab]`)
  const share = (scale, value) => { const [low, high] = scale.split(' ').map(Number); return (value - low) / (high - low) }
  const [x, y] = point.split(',').map(Number)
  const [toX, toY] = [share(plane.dataset.x, x), 1 - share(plane.dataset.y, y)]
  const grids = held.grids.filter(grid => grid.at && Object.keys(grid.fixed).every(name => same(grid.fixed[name], wanted.get(name))))
  const grid = grids.sort((a, b) => b.axes.length - a.axes.length)[0]
  if (!grid) throw new Error('This copy holds no other places of this point here.')
  const away = corners => {
    let [dx, dy] = [-toX, -toY]
    for (const [state, weight] of corners) { dx += weight * grid.at[2 * state]; dy += weight * grid.at[2 * state + 1] }
    return dx * dx * 2.5 + dy * dy // a plane is wider than high
  }
  let nearest = 0
  for (let state = 1; 2 * state < grid.at.length; state++) if (away([[state, 1]]) < away([[nearest, 1]])) nearest = state
  let rest = nearest
  const cells = grid.axes.map(([, values]) => values.length).reverse().map(length => { const cell = rest % length; rest = (rest - cell) / length; return cell }).reverse()
  const { steps } = grid.axes.reduce(({ steps }, [name, values], axis) => {
    const [low, high, step] = [values[Math.max(cells[axis] - 1, 0)], values[Math.min(cells[axis] + 1, values.length - 1)], described()[name].step]
    const along = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, i) => +Math.min(low + i * step, high).toFixed(9))
    return { steps: steps.flatMap(place => along.map(value => [...place, value])) }
  }, { steps: [[]] })
  const place = steps.map(place => [away(around(grid, place)), place]).sort(([a], [b]) => a - b)[0][1]
  return new Map([...wanted, ...grid.axes.map(([name], axis) => [name, String(place[axis])])])
}

async function ask(name, query) {
  const held = await recording(name)
  const parameters = described()
  let wanted = new Map(Object.entries(parameters).map(([parameter, { default: text }]) => [parameter, query.get(parameter) ?? text]))
  const moved = [...wanted.keys()].filter(parameter => !same(wanted.get(parameter), held.asked.get(parameter)))
  if (query.get('_grab')) wanted = grabbed(held, wanted, query.get('_grab'))
  held.asked = wanted
  const fit = fitting(held, wanted, moved)
  if (!fit) throw new Error('This copy does not hold that state of this figure; its picture shows the one before.')
  const place = fit.grid.axes.map(([axis]) => +wanted.get(axis))
  let corners = around(fit.grid, place)
  const between = corners.length > 1 && smooth(fit.grid, corners)
  if (!between) corners = [[corners.sort(([, a], [, b]) => b - a)[0][0], 1]]
  const { parts } = fit.grid
  const answer = JSON.parse(text(held, parts.words, corners))
  if (between) fit.grid.axes.forEach(([axis], i) => { answer.parameters[axis] = place[i] })
  answer.svg = text(held, parts[+query.get('_width') > 500 || (!query.get('_width') && innerWidth > 480) ? 'wide' : 'narrow'], corners)
  if (query.get('_fields')?.includes('table')) {
    const whole = corners.every(([state]) => parts.table.of[state] === parts.table.of[corners[0][0]])
    answer.table = JSON.parse(text(held, parts.table, whole ? corners : [[corners[0][0], 1]]))
  }
  tell(name, fit.away.map(parameter => `${labelled(parameter)} went back to ${fit.grid.fixed[parameter].replace(/^(-?)\./, '$10.')}`))
  for (const [parameter, value] of Object.entries(answer.parameters)) held.asked.set(parameter, String(typeof value === 'boolean' ? +value : value))
  return answer
}

const labelled = parameter => document.querySelector(`[data-parameter="${parameter}"]`)?.closest('.control')?.querySelector('label, legend')?.textContent ?? parameter

function tell(name, words) {
  for (const line of document.querySelectorAll(`[data-figure="${name}"] .went-back`)) {
    line.hidden = !words.length
    line.textContent = words.length ? `Not all of this is held at once: ${words.join(', ')}.` : ''
  }
}

window.fetch = async address => {
  const { pathname, searchParams } = new URL(address, 'file:///')
  try {
    const answer = await ask(pathname.match(/([^/]+)\.json$/)[1], searchParams)
    return { ok: true, status: 200, json: async () => answer }
  } catch (error) {
    return { ok: false, status: 404, json: async () => ({ detail: error.message }) }
  }
}

// --- a run is played by its slider ---

addEventListener('click', event => {
  const button = event.target.closest('[data-plays]')
  if (!button) return
  event.stopImmediatePropagation()
  if (button.timer) return halt(button)
  const input = document.querySelector(`input[data-parameter="${button.dataset.plays}"]`)
  if (+input.value >= +input.max) move(input, input.min)
  button.words = button.textContent
  button.textContent = described()[button.dataset.plays].halt
  recording(button.closest('[data-figure]').dataset.figure).then(held => {
    const plays = ([name]) => name === button.dataset.plays
    const here = ({ fixed, axes }) => axes.some(plays) && held.slow.every(name => !(name in fixed) || same(fixed[name], held.asked.get(name)))
    const stops = held.grids.find(here)?.axes.find(plays)[1] ?? []
    button.timer = setInterval(() => {
      const next = stops.find(stop => stop > +input.value)
      next === undefined ? halt(button) : move(input, next)
    }, 60)
  })
}, true)

function move(input, value) {
  input.value = value
  input.dispatchEvent(new Event('input', { bubbles: true }))
}

function halt(button) {
  clearInterval(button.timer)
  button.timer = 0
  button.textContent = button.words
}

addEventListener('load', async () => {
  for (const node of document.querySelectorAll('[id^=states-]')) await recording(node.id.slice('states-'.length))
})
}
