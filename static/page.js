// Starts the figures of a page. Scripts that need another server, another zoom or the store itself pass or take them here.

import { createStore, fetchAhead, fetchAnswers } from './store.js'
import { debounce } from './timing.js'
import { Figure } from './figures.js'
import { Requests } from './requests.js'
import { connectControls, indexBy, labelRun } from './controls.js'
import { connectDragging } from './drag.js'
import { connectLinks, easeTo } from './links.js'
import { observeLayout } from './layout.js'
import { connectPrinting } from './print.js'
import { trackHistory } from './history.js'
import { addToolbars } from './toolbar.js'

// load: address -> answer, instead of the server. play: what a button that plays a run does. isStill: whether changes of the
// state are shown at once, without easing. zoom: node -> how much its picture is enlarged.
export function startPage({ load, play, isStill, zoom } = {}) {
  document.documentElement.classList.add('live-page')
  const store = createStore(JSON.parse(document.getElementById('parameters').textContent), location.search, load)
  const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)')
  const ease = target => easeTo(store, target, isStill ?? (() => reducedMotion.matches))
  const inputs = indexBy('parameter')
  const requests = load ? new Requests(loadEach(load)) : new Requests(fetchAnswers, fetchAhead)
  const label = button => labelRun(button, store)
  const withStream = action => target => import('./stream.js').then(module => module[action](target, store, figures, label))
  const hooks = { openStream: withStream('openStream'), onWords: describeFirst(() => figures), requests }
  const values = indexBy('value')
  const figures = [...document.querySelectorAll('[data-figure]')].map(node => new Figure(node, store, inputs, values, hooks))

  // Figures out of sight wait until the changes have paused; their numbers in the prose may be in sight.
  const refreshHidden = () => figures.forEach(figure => figure.refresh(true))
  const refreshLater = debounce(refreshHidden, 250)

  connectControls(store, inputs)
  store.subscribe((changed, source) => {
    const active = changed.filter(name => store.isActive(name))
    const [name] = changed
    if (!source && changed.length === 1 && store.parameters[name].kind === 'range') requests.follow(name, store.parameters[name], store.get(name))
    for (const figure of figures) {
      if (!figure.picture) continue
      figure.moveHandles()
      if (figure === source || !active.some(name => figure.names.includes(name))) continue
      figure.stop?.()
      figure.grab = null // what was asked for before is out of date
      figure.needsStream ||= active.some(name => figure.slowNames.includes(name))
      figure.invalidate()
    }
    refreshLater()
  })
  connectDragging(store, figures)
  let reveal
  connectLinks(store, inputs, ease, async (link, names) => {
    const { connectReveal } = await import('./reveal.js')
    reveal ??= connectReveal(figures, () => reducedMotion.matches)
    reveal(link, names)
  })
  addToolbars(store, figures, ease)
  trackHistory(store)
  observeLayout(figures, zoom)
  if (!load) connectPrinting(figures)
  loadOnDemand(store, figures, play ?? withStream('togglePlay'))
  markInputMode()
  return { store, ease, figures }
}

// Where answers do not come from a server, each is loaded by itself.
const loadEach = load => async addresses => ({ answers: await Promise.all(addresses.map(address => load(address).catch(error => error))) })

// Once the changes have paused, the sentence of the first figure that changed is read out.
function describeFirst(figures) {
  let latest = null
  const announce = debounce(() => {
    document.getElementById('announcement').textContent = latest.text
    latest = null
  }, 500)
  return (figure, text) => {
    if (!latest || figures().indexOf(figure) <= figures().indexOf(latest.figure)) latest = { figure, text }
    announce()
  }
}

// Tables, menus, tooltips and runs are loaded when somebody opens, meets or plays them.
function loadOnDemand(store, figures, play) {
  document.addEventListener('toggle', ({ target }) => {
    if (target.matches('.answer[open]')) import('./reveal.js').then(({ uncoverBet }) => uncoverBet(target))
    if (target.matches('.take[open]')) import(document.body.dataset.menu).then(({ openMenu }) => openMenu(target))
    const figure = figures.find(({ table }) => table === target)
    if (!figure?.table.open) return
    figure.isStale = true
    figure.refresh(true)
  }, true)
  const meetPicture = ({ target, pointerType }) => {
    if (pointerType !== 'mouse' || !target.closest?.('.picture')) return
    document.removeEventListener('pointermove', meetPicture)
    import('./tooltip.js').then(({ connectTooltips }) => connectTooltips(store, figures))
  }
  document.addEventListener('pointermove', meetPicture)
  document.addEventListener('click', ({ target }) => {
    const button = target.closest('[data-plays]')
    if (button) play(button)
  })
}

// Focus rings are for the keyboard. A browser also shows them on what a script has focused during a drag.
function markInputMode() {
  const { classList } = document.documentElement
  document.addEventListener('pointerdown', () => classList.add('pointing'), true)
  document.addEventListener('keydown', () => classList.remove('pointing'), true)
  // What scrolls sideways can be scrolled with the keys, however wide the window is at the moment.
  const wide = new ResizeObserver(entries => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0
      else if (target !== document.activeElement) target.removeAttribute('tabindex')
    }
  })
  for (const node of document.querySelectorAll('.math-block, .table, pre')) wide.observe(node)
}
