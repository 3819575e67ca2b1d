import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bestGrid, cornersAround, integerReader, nearestPosition, nextHeld } from '../../static/recording.js'

test('integers of one and of several bytes, with signs', () => {
  const next = integerReader(Uint8Array.from([0, 1, 2, 3, 128 + 72, 4]), 0)
  assert.deepEqual([next(), next(), next(), next(), next()], [0, -1, 1, -2, 292])
})

const grid = { axes: [['a', [0, 0.5, 1]], ['b', [0, 1]]], fixed: { mode: 'each' }, at: [] }

test('a recorded state is its own corner, others are weighted', () => {
  assert.deepEqual(cornersAround(grid, [0.5, 1]), [[3, 1]])
  const corners = cornersAround(grid, [0.25, 0.25])
  assert.deepEqual(corners.map(([state]) => state), [0, 1, 2, 3])
  assert.ok(Math.abs(corners.reduce((sum, [, weight]) => sum + weight, 0) - 1) < 1e-12)
})

test('the grid that holds what was moved last is chosen', () => {
  const other = { ...grid, fixed: { mode: 'budget' } }
  const wanted = new Map([['a', '.5'], ['b', '1'], ['mode', 'budget']])
  assert.equal(bestGrid({ grids: [grid, other], slow: [] }, wanted, ['mode']).grid, other)
  assert.equal(bestGrid({ grids: [grid], slow: [] }, wanted, ['mode']), null)
  assert.deepEqual(bestGrid({ grids: [grid], slow: [] }, wanted, ['a']).differing, ['mode'])
})

test('a grid that knows nothing of what was moved last is the last choice', () => {
  const own = { axes: [['w', [0, 1]]], fixed: { fit: 'own', v: '3', u: '4' } }
  const trained = { axes: [], fixed: { fit: 'trained' } }
  const wanted = new Map([['fit', 'own'], ['w', '1'], ['v', '5'], ['u', '6']])
  const grids = [trained, own]
  assert.deepEqual(bestGrid({ grids, slow: [] }, wanted, ['w']).differing, ['v', 'u'])
  assert.deepEqual(bestGrid({ grids, slow: [] }, wanted, ['elsewhere']).differing, ['fit'])
})

test('of the parameters that may change, those change that cost least', () => {
  const [one, other] = [{ a: '1', b: '2' }, { a: '2', b: '1' }].map(fixed => ({ axes: [], fixed }))
  const wanted = new Map([['a', '1'], ['b', '1']])
  for (const [cheap, grid] of [['b', one], ['a', other]]) {
    const cost = name => name === cheap ? 9 : 10
    assert.equal(bestGrid({ grids: [one, other], slow: [], cost }, wanted, []).grid, grid)
  }
})

test('a point of the plane leads to the position whose handle is nearest', () => {
  const line = { axes: [['a', [0, 0.5, 1]]], at: [0, 0, 0.5, 0.5, 1, 1] }
  assert.deepEqual(nearestPosition(line, [0.7, 0.7], [0.1]).map(value => +value.toFixed(6)), [0.7])
})

test('an arrow key leads to the step it wishes where the recording interpolates, and else to the next recorded value', () => {
  const one = groups => ({ groupOf: groups })
  const recording = groups => ({ slow: [], grids: [{ axes: [['a', [0, 10, 20]]], fixed: {}, rough: [], parts: { wide: one(groups), words: one(groups) } }] })
  const at = value => new Map([['a', String(value)]])
  assert.equal(nextHeld(recording([0, 0, 0]), at(10), 'a', 11), 11)
  assert.equal(nextHeld(recording([0, 1, 2]), at(10), 'a', 11), 20)
  assert.equal(nextHeld(recording([0, 1, 2]), at(10), 'a', 9), 0)
  assert.equal(nextHeld(recording([0, 1, 2]), at(10), 'b', 9), null)
})
