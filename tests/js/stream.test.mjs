import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseEvents } from '../../static/stream.js'
import { joinQuery, stateOf } from '../../static/menu.js'
import { shorten } from '../../static/table.js'

test('of several answers that came at once the newest counts, and a piece is kept for later', () => {
  const { answer, isDone, isBroken, rest } = parseEvents('data: {"step":1}\n\ndata: {"step":2}\n\ndata: {"st')
  assert.deepEqual([answer, isDone, isBroken, rest], [{ step: 2 }, false, false, 'data: {"st'])
})

test('the end and a failure are told apart', () => {
  assert.equal(parseEvents('data: {"step":3}\n\nevent: done\ndata: {}\n\n').isDone, true)
  assert.deepEqual(parseEvents('event: broken\ndata: {}\n\n'), { answer: undefined, isBroken: true, isDone: false, rest: '' })
})

test('a link of the menu carries the state of its own figure', () => {
  assert.equal(stateOf(['bits', 'mode'], '?bits=.5&seed=3&mode=a%26b'), 'bits=.5&mode=a%26b')
  assert.equal(joinQuery('', false, 'a=1', undefined, 'b=2'), '?a=1&b=2')
  assert.equal(joinQuery('', false), '')
})

test('numbers of a table are short', () => {
  assert.deepEqual([0.123456, 3, 'A'].map(shorten), ['0.1235', 3, 'A'])
})
