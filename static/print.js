// Paper shows every picture in its present state. It is printed as soon as the page has been told of it, so nothing else happens
// until the pictures are there.

import { batch } from './store.js'

const AT_ONCE = 8 // figures in one request

export function connectPrinting(figures) {
  addEventListener('beforeprint', () => {
    const due = figures.filter(({ picture, needsStream, isPending, isStale }) => picture && !needsStream && (isPending || isStale))
    while (due.length) update(due.splice(0, AT_ONCE))
  })
}

function update(figures) {
  const asked = figures.map(figure => {
    const { isNear } = figure
    figure.isNear = true
    const request = figure.ask()
    figure.isNear = isNear
    return request
  })
  const request = new XMLHttpRequest()
  request.open('GET', batch(asked.map(({ address }) => address)), false)
  request.send()
  const { states } = JSON.parse(request.responseText)
  states.forEach((answer, i) => { if (answer.svg) figures[i].take(asked[i], answer) })
}
