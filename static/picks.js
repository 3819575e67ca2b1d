// Arrow keys among what can be pressed in a picture: to the nearest one that way. Loaded with the first arrow.

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

const middle = node => {
  const { x, y, width, height } = node.getBoundingClientRect()
  return [x + width / 2, y + height / 2]
}

export function go(pick, key) {
  const [x, y] = middle(pick)
  const [right, down] = WAYS[key]
  let nearest = null
  let least = Infinity
  for (const other of pick.closest('.picture').querySelectorAll('.pick')) {
    const [away, below] = middle(other).map((at, i) => at - [x, y][i])
    const ahead = away * right + below * down
    const cost = ahead + 3 * Math.abs(away * down + below * right)
    if (ahead > 2 && cost < least) [nearest, least] = [other, cost]
  }
  nearest?.focus()
}
