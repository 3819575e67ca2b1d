// Two buttons below each figure: the link to its state, and back to its first state. One more, at the end of an essay, resets
// all figures. For keys, each figure begins with a way to the next one.

import { copyText } from './clipboard.js'

function makeButton(textContent, onclick, ariaLabel) {
  return Object.assign(document.createElement('button'), { type: 'button', className: 'tool', textContent, ariaLabel, onclick })
}

// A button that only keys meet: it shows when it has the focus, and gives it to the next figure.
function makeSkip(later) {
  const skip = makeButton('Next figure', () => {
    const next = later.find(node => node.checkVisibility()) // not in a part that is folded
    if (!next) return
    next.tabIndex = -1
    next.focus({ preventScroll: true })
    next.scrollIntoView({ block: next.offsetHeight < innerHeight ? 'center' : 'start' })
  })
  skip.className = 'skip'
  return skip
}

export function addToolbars(store, figures, ease) {
  const resets = []

  function addReset(place, names, text, label) {
    const changed = () => names.filter(name => store.get(name) !== store.parameters[name].default)
    const reset = makeButton(text, () => {
      reset.focus() // some browsers do not focus a button that is pressed
      ease(changed().map(name => [name, store.parameters[name].default]))
    }, label)
    reset.dataset.reset = ''
    resets.push(() => { reset.disabled = !changed().length })
    place.append(reset)
  }

  for (const figure of figures) {
    const place = figure.node.querySelector('.about')
    if (!place) continue
    const title = place.querySelector('.spoken')?.textContent ?? ''
    if (place.querySelector('[data-online]')) {
      const copy = makeButton('Copy link', () => copyText(linkTo(store, figure), copy, 'Link copied'), `Copy link${title}`)
      place.append(copy)
    }
    if (figure.names.length) addReset(place, figure.names, 'Reset', `Reset${title}`)
  }
  const pictures = figures.filter(({ picture }) => picture).map(({ node }) => node)
  pictures.slice(0, -1).forEach((node, index) => node.prepend(makeSkip(pictures.slice(index + 1))))
  const footer = document.querySelector('.foot')
  if (footer) addReset(footer, Object.keys(store.parameters), 'Reset all figures')

  const update = () => resets.forEach(refresh => refresh())
  store.subscribe(update)
  update()
}

// The address of a figure in its present state, on the page where it is.
function linkTo(store, { name, names, node }) {
  const query = new URLSearchParams()
  for (const parameter of names) if (store.isStated(parameter)) query.set(parameter, store.get(parameter))
  const path = document.body.classList.contains('embed') ? `/embed/${name}` : location.pathname
  return `${location.origin}${path}${query.size ? `?${query}` : ''}#${node.id}`
}
