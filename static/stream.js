// Pictures of a computation that takes long: a search that follows a change, or a run that a button plays. Loaded on demand.

import { formatAll } from './store.js'

// played: the parameter that the run plays; undefined for a search. label: writes what its button says.
export async function openStream(figure, store, figures, label, played) {
  figure.stop?.()
  const abort = new AbortController()
  const isOpen = () => !abort.signal.aborted
  figure.stop = () => {
    abort.abort()
    figure.stop = figure.played = null
    figure.needsStream = !played // a search that was cut short goes on with the next change
    labelButtons(figures, played, label)
  }
  figure.played = played
  figure.isStale = figure.needsStream = false
  labelButtons(figures, played, label)
  const show = answer => isOpen() && showAnswer(figure, store, answer)
  while (isOpen()) {
    try {
      if (await readStream(figure, played, abort.signal, show)) break
    } catch (error) {
      if (!isOpen()) return
      figure.showProblem(error.message)
      if (!error.retryAfter) break
      await new Promise(done => setTimeout(done, error.retryAfter)) // it goes on from where it was
    }
  }
  if (!isOpen()) return
  figure.stop()
  figure.needsStream = false
  if (figure.table?.open) figure.isStale = true
  figure.refresh(true)
}

const retryIn = (milliseconds, message) => Object.assign(new Error(message), { retryAfter: milliseconds })

// True when the stream has come to its end.
async function readStream(figure, played, signal, show) {
  const address = figure.address().replace('.json', '/stream') + (played ? `&_play=${played}` : '')
  const lost = () => { throw retryIn(2000, 'The server does not answer; trying again.') }
  const response = await fetch(address, { signal }).catch(lost)
  if (response.status === 503) throw retryIn(1000 * (response.headers.get('Retry-After') || 2), 'Busy; trying again.')
  if (!response.ok) throw new Error((await response.json()).detail)
  figure.showProblem('')
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    const { value, done } = await reader.read().catch(lost)
    if (done) return false
    const { answer, isBroken, isDone, rest } = parseEvents(text + value)
    text = rest
    if (answer) show(answer)
    if (isBroken) throw new Error('This could not be computed.')
    if (isDone) return true
  }
}

// Server-sent events in a piece of a stream: of several answers that came at once, the newest counts.
export function parseEvents(text) {
  const events = text.split('\n\n')
  const rest = events.pop()
  const last = events.findLast(event => event.startsWith('data: '))
  const has = kind => events.some(event => event.startsWith(`event: ${kind}`))
  return { answer: last && JSON.parse(last.slice(6)), isBroken: has('broken'), isDone: has('done'), rest }
}

function showAnswer(figure, store, answer) {
  figure.apply(answer)
  store.set(formatAll(answer.parameters), figure)
}

function labelButtons(figures, played, label) {
  for (const button of document.querySelectorAll(`[data-plays="${played}"]`)) {
    button.classList.toggle('running', figures.some(figure => figure.played === played))
    label(button)
  }
}

// The button plays the figure beside it, or the first that has a stream of its parameter; a second press stops it there.
export function togglePlay(button, store, figures, label) {
  const { plays } = button.dataset
  const playing = figures.find(({ played }) => played === plays)
  if (playing) return playing.stop()
  const able = figures.filter(({ node, names }) => 'streams' in node.dataset && names.includes(plays))
  const figure = able.find(({ node }) => node.contains(button)) ?? able[0]
  if (figure) openStream(figure, store, figures, label, plays)
}
