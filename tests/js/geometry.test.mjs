import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearestPoint, nextInDirection, predictedShift, touchIntent, valueAt } from '../../static/geometry.js'
import { fillTemplate, pixelsOf } from '../../static/tooltip.js'

test('a finger taps, scrolls up and down, and drags to the side', () => {
  assert.equal(touchIntent(5, 5), 'undecided')
  assert.equal(touchIntent(3, -20), 'scroll')
  assert.equal(touchIntent(-20, 15), 'drag')
})

test('a scale turns pixels into values, within its bounds, and back', () => {
  const scale = '0 2 40 640'
  assert.equal(valueAt(scale, 340), 1)
  assert.equal(valueAt(scale, 0), 0)
  assert.equal(valueAt(scale, 900), 2)
  assert.equal(valueAt('0 1 300 0', 75), 0.75) // y grows upwards
  assert.equal(pixelsOf(scale)(1), 340)
  assert.equal(valueAt(scale, pixelsOf(scale)(1.3)), 1.3)
})

test('a free handle follows the pointer from the place of the last answer', () => {
  assert.deepEqual(predictedShift([110, 95], [{ pointer: [100, 100], handle: [100, 100] }], true), [10, -5])
  const followed = [{ pointer: [0, 0], handle: [0, 0] }, { pointer: [10, 0], handle: [10, 0] }]
  assert.deepEqual(predictedShift([12, 6], followed, true), [2, 6])
})

test('a handle on a curve waits for the server, then goes on along its last step', () => {
  assert.deepEqual(predictedShift([110, 95], [{ pointer: [100, 100], handle: [100, 100] }], false), [0, 0])
  const along = [{ pointer: [0, 0], handle: [0, 0] }, { pointer: [10, 0], handle: [8, 6] }]
  assert.deepEqual(predictedShift([15, 0], along, false), [4, 3])
})

test('a free handle at the edge of what can be reached does not leave it', () => {
  const stopped = [{ pointer: [0, 0], handle: [0, 0] }, { pointer: [0, -40], handle: [0, 0] }]
  assert.deepEqual(predictedShift([0, -80], stopped, true).map(Math.abs), [0, 0])
})

test('once the last question is answered there is no shift', () => {
  for (const free of [true, false]) {
    const answers = [{ pointer: [0, 0], handle: [3, 3] }, { pointer: [10, 0], handle: [12, 5] }]
    assert.deepEqual(predictedShift([10, 0], answers, free).map(Math.abs), [0, 0])
  }
})

test('the nearest point within reach is found', () => {
  assert.equal(nearestPoint([0, 10, 20], [0, 0, 0], 12, 3, 18), 1)
  assert.equal(nearestPoint([0, 10, 20], [0, 0, 0], 12, 30, 18), -1)
})

test('arrows go to the nearest neighbour in their direction', () => {
  const grid = [[0, 0], [10, 0], [0, 10], [10, 10]]
  assert.equal(nextInDirection(grid, [0, 0], 'ArrowRight'), 1)
  assert.equal(nextInDirection(grid, [0, 0], 'ArrowDown'), 2)
  assert.equal(nextInDirection(grid, [0, 0], 'ArrowLeft'), -1)
})

test('a tooltip takes its values from a row', () => {
  assert.equal(fillTemplate('{x:1} bits of {name}', { x: [0, 0.25], name: ['a', 'b'] }, 1), '0.3 bits of b')
})
