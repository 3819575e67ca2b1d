import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Requests } from '../../static/requests.js'

const BITS = { kind: 'range', low: 0, high: 1, step: 0.01 }
const turn = () => new Promise(done => setTimeout(done))

// A figure that asks for a value and remembers what it has shown.
function figure(name, { isVisible = true, isAlone = false } = {}) {
  const figure = {
    isVisible, isAlone, names: ['bits'], value: 0, asked: 0, taken: 0, shown: [],
    canAsk: () => !(isAlone && figure.asked > figure.taken),
    nextAddress: ({ bits = figure.value } = {}) => `/figures/${name}.json?bits=${bits}`,
    ask: () => ({ address: figure.nextAddress(), number: ++figure.asked }),
    take({ number }, answer) {
      if (number <= figure.taken) return
      figure.taken = number
      figure.shown.push(answer.svg)
    },
  }
  return figure
}

// A server whose answers are given one by one.
function server(latency = 1) {
  const calls = []
  const load = addresses => new Promise(done => {
    const answers = addresses.map(address => ({ svg: address }))
    calls.push({ addresses, answer: () => { done({ answers, latency }); return turn() } })
  })
  return { calls, load }
}

async function move(requests, figures, value) {
  for (const figure of figures) figure.value = value
  for (const figure of figures) requests.add(figure)
  await turn()
}

test('all figures in sight are asked for in one request, those out of sight in another', async () => {
  const { calls, load } = server()
  const requests = new Requests(load)
  await move(requests, [figure('a'), figure('b'), figure('c', { isVisible: false })], 1)
  assert.deepEqual(calls.map(({ addresses }) => addresses.length), [2, 1])
})

test('over a short way one request is under way, and the latest state goes out when it is back', async () => {
  const { calls, load } = server()
  const a = figure('a')
  const requests = new Requests(load)
  for (const value of [1, 2, 3]) await move(requests, [a], value)
  assert.equal(calls.length, 1)
  await calls[0].answer()
  assert.deepEqual(calls[1].addresses, ['/figures/a.json?bits=3'])
})

test('a request that fails, or a figure that cannot take its answer, stops no other request', async () => {
  const failing = Object.assign(figure('a'), { take() { throw new TypeError('no picture') } })
  const requests = new Requests(server().load)
  for (const name of ['fly', 'flyBehind']) {
    const { calls, load } = server()
    requests.load = load
    const failed = assert.rejects(requests[name]([failing]), /no picture/)
    await calls[0].answer()
    await failed
  }
  assert.deepEqual([requests.flights, requests.isBehind], [0, false])
})

test('over a long way several are under way, and the newest answer wins', async () => {
  const { calls, load } = server(80)
  const a = figure('a')
  const requests = new Requests(load)
  await move(requests, [a], 0)
  await calls[0].answer()
  for (let value = 1; value < 20; value++) {
    await move(requests, [a], value)
    await new Promise(done => setTimeout(done, 8))
  }
  const open = calls.length - 1
  assert.ok(open > 2 && open <= 4, `${open} under way`)
  await calls[2].answer()
  await calls[1].answer()
  assert.deepEqual(a.shown, [0, 2].map(i => calls[i].addresses[0]))
})

test('what was shown lately is shown again at once', async () => {
  const { calls, load } = server()
  const a = figure('a')
  const requests = new Requests(load)
  for (const value of [1, 2]) {
    await move(requests, [a], value)
    await calls.at(-1).answer()
  }
  await move(requests, [a], 1)
  assert.equal(calls.length, 2)
  assert.equal(a.shown.at(-1), '/figures/a.json?bits=1')
})

test('a long computation is asked for by itself, and its answer is not kept', async () => {
  const { calls, load } = server()
  const [slow, fast] = [figure('slow', { isAlone: true }), figure('fast')]
  const requests = new Requests(load)
  await move(requests, [slow, fast], 1)
  assert.deepEqual(calls.map(({ addresses }) => addresses.length), [1, 1])
  await move(requests, [slow], 2)
  assert.equal(calls.length, 2) // one at a time
  await calls[0].answer()
  assert.equal(calls.length, 3)
  await calls[2].answer()
  await move(requests, [slow], 1)
  assert.equal(calls.length, 4)
})

test('a steady hand meets states that are there; after a jump none are made', async () => {
  const { calls, load } = server()
  const asked = []
  const loadAhead = async addresses => {
    asked.push(...addresses)
    return addresses.map(address => ({ svg: address }))
  }
  const a = figure('a')
  const requests = new Requests(load, loadAhead)
  const follow = async (value, isKept) => {
    requests.follow('bits', BITS, value)
    const before = calls.length
    await move(requests, [a], value)
    assert.equal(calls.length, before + !isKept)
    if (!isKept) await calls.at(-1).answer()
    await turn()
  }
  await follow('.5')
  assert.deepEqual(asked, [])
  await follow('.51')
  assert.deepEqual(asked, ['.52', '.53'].map(bits => `/figures/a.json?bits=${bits}`))
  await follow('.52', true)
  await follow('.53', true)
  assert.equal(a.shown.at(-1), '/figures/a.json?bits=.53')
  assert.deepEqual(asked.slice(2), ['.54', '.55'].map(bits => `/figures/a.json?bits=${bits}`)) // always two ahead
  await follow('.9')
  assert.equal(asked.length, 4)
})

test('a drag over a way of 80 ms shows 20 pictures a second and more', async () => {
  const wait = milliseconds => new Promise(done => setTimeout(done, milliseconds))
  let work = Promise.resolve()
  const load = async addresses => {
    await wait(40)
    await (work = work.then(() => wait(8))) // the server makes one picture after the other
    await wait(40)
    return { latency: 80, answers: addresses.map(address => ({ svg: address })) }
  }
  const a = figure('a')
  const requests = new Requests(load)
  await move(requests, [a], -1)
  await wait(150)
  const start = performance.now()
  for (let value = 0; value < 60; value++) {
    await move(requests, [a], value)
    await wait(16)
  }
  const pictures = a.shown.length - 1
  assert.ok(pictures >= 20 * (performance.now() - start) / 1000, `${pictures} pictures`)
  await wait(150)
  assert.equal(a.shown.at(-1), '/figures/a.json?bits=59')
})
