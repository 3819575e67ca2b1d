import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStore, fetchAnswers, formatNumber, snapToStep } from '../../static/store.js'

const parameters = {
  bits: { kind: 'range', default: '.5', low: 0, high: 1, step: 0.01 },
  mode: { kind: 'choice', default: 'each' },
  trade: { kind: 'range', default: '.2', low: 0, high: 1, step: 0.01, only: ['mode', 'budget'] },
  seed: { kind: 'range', default: '1', low: 0, high: 9, step: 1 },
  step: { kind: 'range', default: '40', low: 0, high: 40, step: 1, run: ['seed'] },
}

test('numbers are written as in addresses', () => {
  const written = [0.3, -0.25, 0, 1, 0.1 + 0.2, 12.5, 1e-9].map(formatNumber)
  assert.deepEqual(written, ['.3', '-.25', '0', '1', '.3', '12.5', '1e-9'])
})

test('a value is snapped to a step within the bounds', () => {
  assert.equal(snapToStep(parameters.bits, 0.123), 0.12)
  assert.equal(snapToStep(parameters.bits, 7), 1)
  assert.equal(snapToStep(parameters.bits, -7), 0)
  assert.equal(snapToStep({ low: -1, high: 1, step: 0.5 }, 0.3), 0.5)
})

test('an address gives the state, and the state gives the shortest address', () => {
  const store = createStore(parameters, '?bits=0.7&mode=budget&_theme=dark')
  assert.equal(store.get('bits'), '.7')
  assert.equal(store.get('trade'), '.2')
  assert.equal(store.query('?_theme=dark&bits=.1'), '_theme=dark&bits=.7&mode=budget')
  store.set([['bits', '.5'], ['mode', 'each']])
  assert.equal(store.query(), '')
})

test('a parameter without meaning in this state is left out of the address', () => {
  const store = createStore(parameters, '?trade=.9')
  assert.equal(store.query(), '')
  store.set([['mode', 'budget']])
  assert.equal(store.query(), 'mode=budget&trade=.9')
})

test('subscribers hear what changed, once, and not what stayed', () => {
  const store = createStore(parameters)
  const heard = []
  store.subscribe((names, source) => heard.push([names, source]))
  store.set([['bits', '.5'], ['unknown', '1']])
  store.set([['bits', '.6'], ['mode', 'each']], 'a figure')
  assert.deepEqual(heard, [[['bits'], 'a figure']])
})

test('another run starts at its first step', () => {
  const store = createStore(parameters)
  store.set([['seed', '2']])
  assert.equal(store.get('step'), '0')
  store.set([['seed', '3'], ['step', '7']])
  assert.equal(store.get('step'), '7')
})

test('answers come from the loader that the store was given', async () => {
  const store = createStore(parameters, '', async address => ({ address }))
  assert.deepEqual(await store.load('/figures/a.json?'), { address: '/figures/a.json?' })
})

for (const [status, retry, message] of [[503, true, /Busy/], [400, undefined, /bits = 9/]]) {
  test(`status ${status} is an error`, async context => {
    context.mock.method(globalThis, 'fetch', async () => new Response('{"detail": "bits = 9"}', { status }))
    await assert.rejects(createStore(parameters).load('/figures/a.json?'), error => error.retry === retry && message.test(error.message))
  })
}

test('a batch that is refused is an error of each of its figures, and one that a proxy refuses is worth another attempt', async context => {
  const addresses = ['a', 'b'].map(name => `/decompose/X/figures/${name}.json?`)
  for (const [status, body, retry, message] of [[404, '{"status": 404, "detail": "no table"}', undefined, /no table/], [502, '<html>', true, /Busy/]]) {
    context.mock.method(globalThis, 'fetch', async () => new Response(body, { status }))
    const { answers } = await fetchAnswers(addresses)
    assert.equal(answers.length, 2)
    for (const error of answers) assert.ok(error instanceof Error && error.retry === retry && message.test(error.message), error)
  }
})

test('a server that does not answer is worth another attempt', async context => {
  context.mock.method(globalThis, 'fetch', async () => { throw new TypeError('failed') })
  await assert.rejects(createStore(parameters).load('/figures/a.json?'), { retry: true })
})
