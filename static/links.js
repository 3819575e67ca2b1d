// Words in the prose and terms in pictures that lead to a state, and what lights up when they are pointed at.

import { formatNumber, snapToStep } from './store.js'
import { nextInDirection } from './geometry.js'

const EASE = 150 // milliseconds
const GLIDE = 300 // milliseconds after a press in which the page begins to scroll smoothly

// Moves the state to a target through the states between, each of which is as true as any other.
export function easeTo(store, target, isStill) {
  const moves = [...target].filter(([name]) => name in store.parameters)
    .map(([name, text]) => [name, store.parameters[name].kind === 'range' ? formatNumber(+text) : text])
  const from = new Map(store.entries())
  const start = performance.now()
  const frame = now => {
    const share = isStill() ? 1 : Math.min(1, (now - start) / EASE)
    store.set(moves.map(([name, text]) => {
      const parameter = store.parameters[name]
      if (share === 1 || parameter.kind !== 'range') return [name, text]
      return [name, formatNumber(snapToStep(parameter, +from.get(name) + (text - from.get(name)) * share))]
    }))
    if (share < 1) requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
}

const targetOf = link => new URLSearchParams(link.dataset.set)

// reveal: brings what a link changes into view.
export function connectLinks(store, inputs, ease, reveal) {
  document.addEventListener('click', event => {
    if (event.target.closest('a[href^="#"]')) glide()
    const link = event.target.closest('[data-set]')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    ease(targetOf(link))
    reveal(link, [...targetOf(link).keys()])
  })

  // Some terms are chosen as the mouse or the focus comes over them. A finger presses.
  for (const kind of ['pointerover', 'focusin']) {
    document.addEventListener(kind, event => {
      const link = event.target.closest?.('.pick.peek')
      if (link && event.pointerType !== 'touch') store.set([...targetOf(link)])
    })
  }

  for (const [kind, isOn] of [['pointerover', true], ['pointerout', false], ['focusin', true], ['focusout', false]]) {
    document.addEventListener(kind, event => highlight(event.target, isOn, inputs))
  }

  document.addEventListener('keydown', event => {
    const link = event.target.closest?.('.pick')
    if (!link || !event.key.startsWith('Arrow') || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    focusNext(link, event.key)
  })
}

// A pressed link of the page glides to its target. A page opened at an anchor, or gone back to, is there at once.
function glide() {
  const { classList } = document.documentElement
  classList.add('gliding')
  setTimeout(() => classList.remove('gliding'), GLIDE)
}

// Pointing at a word or at a number in the prose shows what it moves or where it comes from.
function highlight(target, isOn, inputs) {
  const word = target.closest?.('[data-set], [data-value]')
  if (!word) return
  const nodes = word.dataset.set
    ? [...targetOf(word).keys()].flatMap(name => inputs(name).map(input => input.closest('.control')))
    : sourcesOf(word.dataset.value)
  for (const node of nodes) node?.classList.toggle('lit', isOn)
}

function sourcesOf(path) {
  const [name, value] = path.split('.')
  const figure = document.querySelector(`[data-figure="${name}"]`)
  const marks = figure?.querySelectorAll(`[data-tells~="${value}"]`) ?? []
  return marks.length ? [...marks] : [figure]
}

function focusNext(link, key) {
  const links = [...link.closest('.picture').querySelectorAll('.pick')]
  links[nextInDirection(links.map(centre), centre(link), key)]?.focus()
}

function centre(node) {
  const { x, y, width, height } = node.getBoundingClientRect()
  return [x + width / 2, y + height / 2]
}
