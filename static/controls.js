// Sliders, choices and numbers of the page, and what else shows the value of a parameter: they follow the state at once.

import { formatNumber, formatValue } from './store.js'
import { touchIntent } from './geometry.js'

// The nodes of the page by what an attribute of theirs names. Looked up once.
export function indexBy(attribute) {
  const found = {}
  for (const node of document.querySelectorAll(`[data-${attribute}]`)) (found[node.dataset[attribute]] ??= []).push(node)
  return name => found[name] ?? []
}

export function connectControls(store, inputs) {
  const [outputs, levels, buttons] = [indexBy('shows'), indexBy('level'), indexBy('plays')]

  function show(name) {
    const { kind, low, high, decimals } = store.parameters[name]
    const value = store.get(name)
    for (const input of inputs(name)) {
      input.closest('.control')?.toggleAttribute('hidden', !store.isActive(name))
      if (kind === 'choice' || kind === 'toggle') input.checked = input.value === value
      else if (kind === 'range' ? +input.value !== +value : input.value !== value) input.value = value
    }
    if (kind !== 'range') return
    const share = (value - low) / (high - low)
    for (const input of inputs(name)) input.style.setProperty('--fill', share)
    for (const node of outputs(name)) node.textContent = (+value).toFixed(decimals).replace('-', '−')
    for (const node of levels(name)) node.setAttribute('transform', `translate(0 14) scale(1 ${-share})`)
    for (const button of buttons(name)) labelRun(button, store)
  }

  const depending = name => Object.keys(store.parameters).filter(other => store.parameters[other].only?.[0] === name)
  store.subscribe(changed => {
    for (const name of new Set(changed.flatMap(name => [name, ...depending(name)]))) show(name)
  })
  for (const name of Object.keys(store.parameters)) show(name) // a browser that goes back may have kept other values

  function read({ value, checked, dataset: { parameter } }) {
    const { kind } = store.parameters[parameter]
    const isOn = checked === (value === '1') // the value of a box is what it sets when it is checked
    store.set([[parameter, kind === 'range' ? formatNumber(+value) : kind === 'toggle' ? formatValue(isOn) : value]])
  }

  const touch = ignoreScrollingTouches(read, input => show(input.dataset.parameter))
  document.addEventListener('input', ({ target }) => {
    if (target.dataset.parameter && !touch.isUndecided(target)) read(target)
  })
}

// The button of a run: how long the rest of it takes, how far it has come, or that it can start over.
export function labelRun(button, store) {
  const { go, halt, seconds, low, high } = store.parameters[button.dataset.plays]
  const done = (store.get(button.dataset.plays) - low) / (high - low)
  const isRunning = button.classList.contains('running')
  const time = seconds ? ` (about ${Math.ceil(seconds * (1 - done))} s)` : ''
  button.textContent = isRunning ? halt : done < 1 ? go + time : `${go} again`
  button.classList.toggle('done', !isRunning && done >= 1)
  button.style.setProperty('--done', done)
}

// A browser moves a slider as soon as a finger touches it, even if the finger then scrolls the page. What the slider says is
// taken once the finger has moved sideways or has left it; otherwise the slider goes back.
function ignoreScrollingTouches(accept, restore) {
  let touched = null
  document.addEventListener('pointerdown', ({ target, pointerType, clientX, clientY }) => {
    const isSlider = pointerType === 'touch' && target.matches('input[type=range][data-parameter]')
    touched = isSlider ? { input: target, x: clientX, y: clientY } : null
  })
  document.addEventListener('pointermove', ({ clientX, clientY }) => {
    if (touched && touchIntent(clientX - touched.x, clientY - touched.y) === 'drag') release(accept)
  })
  document.addEventListener('pointerup', () => release(accept))
  document.addEventListener('pointercancel', () => release(restore))
  const release = outcome => {
    const input = touched?.input
    touched = null
    if (input) outcome(input)
  }
  return { isUndecided: input => touched?.input === input }
}
