// Geometry of gestures, in pixels of the picture unless said otherwise.

export const SLOP = 8 // a finger that has moved less than this has tapped

// What a finger does, seen from where it went down: nothing yet, a drag to the side, or a scroll of the page.
export function touchIntent(dx, dy) {
  if (Math.hypot(dx, dy) < SLOP) return 'undecided'
  return Math.abs(dx) > Math.abs(dy) ? 'drag' : 'scroll'
}

// The value at a pixel. scale: 'low high start stop', the values at two pixels.
export function valueAt(scale, pixel) {
  const [low, high, start, stop] = scale.split(' ').map(Number)
  return low + Math.min(1, Math.max(0, (pixel - start) / (stop - start))) * (high - low)
}

// How far a handle in the plane must be moved until the next picture comes.
// pointer: where the pointer is now. answers: the last two places that the server was asked for and the handle's place in its
// answers, the newest last. free: whether the handle can go anywhere; otherwise it follows a curve that only the server knows, and
// is moved on in the direction of its last step.
export function predictedShift(pointer, answers, free) {
  const [before, last] = answers.length > 1 ? answers : [null, answers[0]]
  if (!last) return [0, 0]
  const ahead = minus(pointer, last.pointer)
  const pointerStep = before && minus(last.pointer, before.pointer)
  const handleStep = before && minus(last.handle, before.handle)
  if (free && (!before || length(minus(handleStep, pointerStep)) <= .3 * length(pointerStep) + 1)) return ahead
  if (!before || length(pointerStep) < 1) return [0, 0]
  const share = dot(ahead, pointerStep) / dot(pointerStep, pointerStep)
  const limit = length(ahead) / (length(handleStep) || 1)
  return handleStep.map(step => step * Math.max(-limit, Math.min(limit, share)))
}

const minus = (a, b) => [a[0] - b[0], a[1] - b[1]]
const dot = (a, b) => a[0] * b[0] + a[1] * b[1]
const length = a => Math.hypot(...a)

// The index of the point nearest to (x, y), or -1 where none is within a distance.
export function nearestPoint(xs, ys, x, y, distance) {
  let nearest = -1
  let least = distance ** 2
  for (let i = 0; i < xs.length; i++) {
    const squared = (xs[i] - x) ** 2 + (ys[i] - y) ** 2
    if (squared < least) [nearest, least] = [i, squared]
  }
  return nearest
}

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

// The index of the point that an arrow key leads to: the nearest in that direction, with a penalty for lying to the side.
export function nextInDirection(points, from, key) {
  const [right, down] = DIRECTIONS[key]
  const costs = points.map(([x, y]) => {
    const ahead = (x - from[0]) * right + (y - from[1]) * down
    const aside = Math.abs((x - from[0]) * down + (y - from[1]) * right)
    return ahead > 2 ? ahead + 3 * aside : Infinity
  })
  const least = Math.min(...costs)
  return least < Infinity ? costs.indexOf(least) : -1
}

// The plane of a picture under the pointer, also where marks lie over it, unless one of them is a link.
export function planeUnder({ target, clientX, clientY }, kind) {
  if (!target.closest?.('.picture') || target.closest('.pick')) return null
  return document.elementsFromPoint(clientX, clientY).find(node => node.matches(`.plane${kind}`))
}
