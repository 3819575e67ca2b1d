// The recording of a figure in a copy without a server: how its bytes become the answer for one state, or for one between
// recorded states. infodecomp/explorable/offline writes what is read here.

// Base 91: two letters hold 13 or 14 bits. The letters run from ! to ~, without & < and backslash.
export function decodeBase91(text) {
  const digit = code => code - 33 - (code > 38) - (code > 60) - (code > 92)
  const bytes = new Uint8Array(text.length)
  let [bits, count, length] = [0, 0, 0]
  for (let i = 0; i + 1 < text.length; i += 2) {
    const value = digit(text.charCodeAt(i)) + 91 * digit(text.charCodeAt(i + 1))
    bits |= value << count
    count += (value & 8191) > 88 ? 13 : 14
    for (; count > 7; count -= 8, bits >>= 8) bytes[length++] = bits
  }
  if (text.length % 2) bytes[length++] = bits | digit(text.charCodeAt(text.length - 1)) << count
  return bytes.subarray(0, length)
}

// Reads integers one by one: seven bits a byte, the lowest first; the lowest bit of the result is the sign.
export function integerReader(bytes, offset) {
  return () => {
    let value = 0
    for (let scale = 1, byte = 128; byte & 128; scale *= 128) value += ((byte = bytes[offset++]) & 127) * scale
    return value % 2 ? -(value + 1) / 2 : value / 2
  }
}

// The recording of a figure, from the text that the page holds.
export async function unpackRecording(text) {
  const stream = new Blob([decodeBase91(text)]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer())
  const length = new DataView(bytes.buffer).getUint32(0, true)
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)))
  const recording = { ...head, columns: bytes.subarray(4 + length) }
  for (const { parts } of recording.grids) for (const name in parts) parts[name] = readPart(recording, parts[name])
  return recording
}

const repeat = (count, read) => Array.from({ length: count }, read)

// A part of an answer in all states of a grid. Its text is a sequence of templates; states with the same sequence form a group.
function readPart({ columns }, offset) {
  const next = integerReader(columns, offset)
  const [templates, groups] = [next(), next()]
  let [template, column] = [0, 0]
  return {
    templates: repeat(templates, () => [template += next(), column += next()]),
    unpacked: [],
    groups: repeat(groups, () => {
      let index = -1
      return repeat(next(), () => index += next() + 1)
    }),
    groupOf: repeat(next(), next),
  }
}

// A template: texts with slots between them, and for each slot a column of its numbers in all states, stored as differences.
function unpackTemplate({ pieces, columns }, part, index) {
  const [piece, offset] = part.templates[index]
  const tokens = pieces[piece].split(/([\ue000-\ue0ff])/)
  const texts = tokens.filter((_, i) => i % 2 === 0)
  const slots = tokens.filter((_, i) => i % 2).map(slot => slot.charCodeAt(0) - 0xe000)
  const isMember = part.groups.map(group => group.includes(index))
  let count = 0
  const rank = part.groupOf.map(group => isMember[group] ? count++ : -1)
  const numbers = new Int32Array(slots.length * count)
  const next = integerReader(columns, offset - 1)
  slots.forEach((slot, column) => {
    const back = (slot >> 5) * count // a column may be stored as its distance from one before it
    for (let i = column * count, sum = 0; i < (column + 1) * count; i++) numbers[i] = (sum += next()) + (back && numbers[i - back])
  })
  return { texts, slots, rank, numbers, count }
}

function formatSlot(number, slot) {
  const value = Math.round(number) / 10 ** (slot % 16)
  return slot & 16 ? String(value) : value.toFixed(slot % 16)
}

// The text of a part. corners: pairs of a state and its weight, all of one group.
export function textOf(recording, part, corners) {
  let text = ''
  for (const index of part.groups[part.groupOf[corners[0][0]]]) {
    const { texts, slots, rank, numbers, count } = part.unpacked[index] ??= unpackTemplate(recording, part, index)
    text += texts[0]
    slots.forEach((slot, i) => {
      let number = 0
      for (const [state, weight] of corners) number += weight * numbers[i * count + rank[state]]
      text += formatSlot(number, slot) + texts[i + 1]
    })
  }
  return text
}

// --- which of the recorded states ---

export const isSame = (a, b) => a === b || Math.abs(a - b) < 1e-9

// The recorded states around a position on the axes of a grid, with their weights.
export function cornersAround({ axes }, position) {
  let corners = [[0, 1]]
  axes.forEach(([, values], axis) => {
    const next = Math.max(values.findIndex(value => value > position[axis] - 1e-9), 0)
    const [low, high] = [values[next - 1], values[next]]
    const share = (position[axis] - low) / (high - low)
    const sides = isSame(high, position[axis]) ? [[next, 1]] : [[next - 1, 1 - share], [next, share]]
    corners = corners.flatMap(([state, weight]) => sides.map(([index, part]) => [state * values.length + index, weight * part]))
  })
  return corners
}

export const areOneGroup = ({ groupOf }, corners) => corners.every(([state]) => groupOf[state] === groupOf[corners[0][0]])

// Whether the answer between these states can be interpolated.
export function isSmooth({ parts, rough }, corners) {
  return ['wide', 'narrow', 'words'].every(name => !parts[name] || areOneGroup(parts[name], corners)) && !rough.includes(corners[0][0])
}

// The grid that fits a state best: one that holds what was moved last and whose other parameters cost least to change. Where a
// parameter has no meaning, as a weight of one's own beside trained ones, a grid knows nothing of it.
export function bestGrid({ grids, slow, cost: costOf = () => 10 }, wanted, moved) {
  const knows = ({ fixed, axes }, name) => name in fixed || axes.some(([other]) => other === name)
  const known = moved.filter(name => grids.some(grid => knows(grid, name)))
  let best = null
  for (const grid of grids) {
    const differing = Object.keys(grid.fixed).filter(name => !isSame(grid.fixed[name], wanted.get(name)))
    if (differing.some(name => moved.includes(name) || slow.includes(name))) continue
    const isExact = grid.axes.every(([name, values]) => values.some(value => isSame(value, wanted.get(name))))
    const unknown = known.filter(name => !knows(grid, name)).length
    const changes = differing.reduce((sum, name) => sum + costOf(name), 0)
    const cost = unknown * 1000 + changes + (isExact ? 0 : grid.axes.length / 9)
    if (!best || cost < best.cost) best = { grid, differing, cost }
  }
  return best
}

// The position on the axes of a grid whose handle lies nearest to a point. target: the point, as shares of the plane's width and
// height. steps: for each axis the step of its parameter.
export function nearestPosition(grid, [targetX, targetY], steps) {
  const distance = corners => {
    let [dx, dy] = [-targetX, -targetY]
    for (const [state, weight] of corners) {
      dx += weight * grid.at[2 * state]
      dy += weight * grid.at[2 * state + 1]
    }
    return dx * dx * 2.5 + dy * dy // a plane is wider than it is high
  }
  const states = Array.from({ length: grid.at.length / 2 }, (_, state) => state)
  const nearest = minimumOf(states, state => distance([[state, 1]]))
  const positions = gridAround(grid, nearest, steps)
  return minimumOf(positions, position => distance(cornersAround(grid, position)))
}

function minimumOf(items, cost) {
  const costs = items.map(cost)
  return items[costs.reduce((best, value, i) => value < costs[best] ? i : best, 0)]
}

// All positions that the parameters can take in the cells around a state.
function gridAround({ axes }, state, steps) {
  let rest = state
  const cells = axes.map(([, values]) => values.length).reverse().map(length => {
    const cell = rest % length
    rest = (rest - cell) / length
    return cell
  }).reverse()
  return axes.reduce((positions, [, values], axis) => {
    const low = values[Math.max(cells[axis] - 1, 0)]
    const high = values[Math.min(cells[axis] + 1, values.length - 1)]
    const along = Array.from({ length: Math.round((high - low) / steps[axis]) + 1 }, (_, i) => +Math.min(low + i * steps[axis], high).toFixed(9))
    return positions.flatMap(position => along.map(value => [...position, value]))
  }, [[]])
}

// The value that an arrow key leads to from one value of a parameter towards another: that one if the recording shows it, or else
// the next that was recorded, in the grid that fits the state best. null: nothing lies there.
export function nextHeld(recording, state, name, value) {
  const best = bestGrid(recording, new Map([...state, [name, String(value)]]), [name])
  const axis = best?.grid.axes.findIndex(([other]) => other === name) ?? -1
  if (axis < 0) return null
  const { grid } = best
  const position = grid.axes.map(([other]) => other === name ? value : +state.get(other))
  if (isSmooth(grid, cornersAround(grid, position))) return value
  const isUp = value > +state.get(name)
  const values = isUp ? grid.axes[axis][1] : [...grid.axes[axis][1]].reverse()
  return values.find(held => isUp ? held > value - 1e-9 : held < value + 1e-9) ?? null
}
