// Asks for the states of figures: all that are in sight in one request, several at once where the way is long.

import { formatNumber, snapToStep } from './store.js'

const LONG_WAY = 20 // milliseconds: for each of these that the way takes, one more request may be on its way
const MOST = 4
const KEPT = 60 // answers

export class Requests {
  // load: addresses -> promise of { answers, latency }, an error in place of an answer that there is not. loadAhead: the same for
  // states that nobody has asked for yet, which a server makes while it is idle, with a signal to give up; optional.
  constructor(load, loadAhead) {
    Object.assign(this, { load, loadAhead, due: new Set(), flights: 0, latency: 0, lastSent: 0, timer: 0, isPlanned: false })
    this.kept = new Map() // address -> answer, the newest last
    this.ahead = new AbortController()
    this.change = null // the last change of one parameter, which tells where it goes next
  }

  // What is added in one turn goes out together.
  add(figure) {
    this.due.add(figure)
    if (this.isPlanned) return
    this.isPlanned = true
    queueMicrotask(() => {
      this.isPlanned = false
      this.send()
    })
  }

  send() {
    const figures = [...this.due].filter(figure => figure.canAsk())
    const [alone, together] = [true, false].map(isAlone => figures.filter(figure => figure.isAlone === isAlone))
    for (const figure of alone) this.fly([figure])
    const answered = together.filter(figure => figure.isVisible && this.answerAtOnce(figure))
    const [inSight, behind] = [true, false].map(isVisible => together.filter(figure => figure.isVisible === isVisible && this.due.has(figure)))
    if (inSight.length && this.isClear()) this.fly(inSight)
    if (behind.length && !this.isBehind) this.flyBehind(behind)
    if (answered.length) this.lookAhead(answered)
  }

  // Whether one more request may go. Where several are on their way, they are spread over the time that one takes.
  isClear() {
    const limit = Math.min(MOST, 1 + Math.floor(this.latency / LONG_WAY))
    if (!this.flights) return true
    const wait = this.lastSent + this.latency / limit - performance.now()
    if (this.flights >= limit) return false // the next answer that comes in sends it
    if (wait > 1) this.timer ||= setTimeout(() => { this.timer = 0; this.send() }, wait)
    return wait <= 1
  }

  async fly(figures) {
    this.ahead.abort()
    const places = figures[0].isAlone ? 0 : 1
    this.flights += places
    this.lastSent = performance.now()
    try {
      await this.ask(figures)
    } finally {
      this.flights -= places
      this.send()
    }
    this.lookAhead(figures)
  }

  // Figures out of sight do not hold up those in sight.
  async flyBehind(figures) {
    this.isBehind = true
    try {
      await this.ask(figures.slice(0, 8))
    } finally {
      this.isBehind = false
      this.send()
    }
  }

  async ask(figures) {
    const asked = figures.map(figure => {
      this.due.delete(figure)
      return figure.ask()
    })
    const { answers, latency } = await this.load(asked.map(({ address }) => address))
    if (latency !== undefined) this.latency = this.latency ? Math.min(latency, this.latency * 1.05) : latency
    figures.forEach((figure, i) => {
      const answer = answers[i]
      if (!(answer instanceof Error)) this.keep(figure, asked[i].address, answer)
      figure.take(asked[i], answer)
    })
  }

  keep(figure, address, answer) {
    if (figure.isAlone) return // it may be a part
    this.kept.delete(address)
    this.kept.set(address, answer)
    if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value)
  }

  answerAtOnce(figure) {
    const answer = this.kept.get(figure.nextAddress())
    if (!answer) return false
    this.due.delete(figure)
    figure.take(figure.ask(), answer)
    return true
  }

  // Each change of one parameter; after a jump nobody knows what comes next.
  follow(name, parameter, value) {
    const pace = this.change?.name === name ? value - this.change.value : 0
    const isSteady = pace && Math.abs(pace) <= (parameter.high - parameter.low) / 20
    const steps = isSteady ? [1, 2].map(count => formatNumber(snapToStep(parameter, +value + count * pace))) : []
    this.change = { name, value, steps: steps.filter(next => next !== value) }
  }

  // The next states along a parameter, in case it goes on as it went.
  async lookAhead(figures) {
    if (!this.loadAhead) return
    const { name, steps } = this.change ?? {}
    const moved = figures.filter(figure => figure.isVisible && !figure.isAlone && figure.names.includes(name))
    const next = moved.flatMap(figure => steps.map(value => figure.nextAddress({ [name]: value })))
    const addresses = next.filter(address => !this.kept.has(address))
    if (!addresses.length || this.isAhead || this.flights || this.due.size) return
    this.isAhead = true
    this.ahead = new AbortController()
    const answers = await this.loadAhead(addresses, this.ahead.signal).catch(() => [])
    this.isAhead = false
    answers.forEach((answer, i) => { if (answer?.svg) this.keep(moved[0], addresses[i], answer) })
  }
}
