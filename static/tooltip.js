// The values of the data point under the mouse, in a small box above it. Loaded when the mouse first meets a picture.

import { nearestPoint, planeUnder } from './geometry.js'

const REACH = 18 // pixels

// 'at {x:2} bits' -> 'at 0.25 bits', with the row of a table.
export function fillTemplate(template, table, row) {
  return template.replace(/{(\w+):?(\d?)}/g, (_, column, decimals) => {
    const value = table[column][row]
    return decimals ? value.toFixed(decimals).replace('-', '−') : value
  })
}

export function connectTooltips(store, figures) {
  const tables = new Map() // figure -> { address, data }, the data of the state that it was last asked for

  async function load(figure) {
    const address = figure.address('data')
    if (tables.get(figure)?.address === address) return tables.get(figure).data
    const entry = { address, data: null }
    tables.set(figure, entry)
    entry.data = (await store.load(address)).data
    return null // the pointer has moved on; the next movement finds the data
  }

  async function hover(event) {
    const plane = planeUnder(event, '[data-columns]')
    const figure = plane && figures.find(({ picture }) => picture?.contains(plane))
    for (const other of figures) if (other !== figure) hideTooltip(other)
    if (!figure) return
    const { columns, columnX, columnY, x: scaleX, y: scaleY, tip } = plane.dataset
    const table = (await load(figure).catch(() => null))?.[columns]
    if (!table || !plane.isConnected) return
    const toX = pixelsOf(scaleX)
    const toY = pixelsOf(scaleY)
    const matrix = plane.getScreenCTM()
    const pointer = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse())
    const row = nearestPoint(table[columnX].map(toX), table[columnY].map(toY), pointer.x, pointer.y, REACH)
    if (row < 0) return hideTooltip(figure)
    const place = new DOMPoint(toX(table[columnX][row]), toY(table[columnY][row])).matrixTransform(matrix)
    showTooltip(figure, fillTemplate(tip, table, row), place)
  }

  document.addEventListener('pointermove', event => {
    if (event.pointerType === 'mouse' && !document.querySelector('.dragging')) hover(event)
  })
}

// The inverse of valueAt.
export function pixelsOf(scale) {
  const [low, high, start, stop] = scale.split(' ').map(Number)
  return value => start + (value - low) / (high - low) * (stop - start)
}

function showTooltip(figure, text, place) {
  let node = figure.picture.querySelector('.tip')
  if (!node) figure.picture.append(node = Object.assign(document.createElement('div'), { className: 'tip' }))
  node.hidden = false
  node.textContent = text
  const frame = figure.picture.getBoundingClientRect()
  const half = node.offsetWidth / 2
  node.style.left = `${Math.min(frame.width - half, Math.max(half, place.x - frame.left))}px`
  node.style.top = `${place.y - frame.top}px`
}

function hideTooltip({ picture }) {
  const node = picture?.querySelector('.tip')
  if (node) node.hidden = true
}
