// Two buttons below each figure: the link to its state, and back to its first state. One more, at the end of an essay, resets
// all figures.

import { copyText } from './clipboard.js'

function makeButton(textContent, onclick, ariaLabel) {
  return Object.assign(document.createElement('button'), { type: 'button', className: 'tool', textContent, ariaLabel, onclick })
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
      const copy = makeButton('Copy link', () => copyText(linkTo(figure), copy, 'Link copied'), `Copy link${title}`)
      place.append(copy)
    }
    if (figure.names.length) addReset(place, figure.names, 'Reset', `Reset${title}`)
  }
  addSkips(figures.filter(({ picture }) => picture).map(({ node }) => node))
  const footer = document.querySelector('.foot')
  if (footer) addReset(footer, Object.keys(store.parameters), 'Reset all figures')

  const update = () => resets.forEach(refresh => refresh())
  store.subscribe(update)
  update()
}

// For keys: a button that shows when it has the focus, and leads to the next figure.
function addSkips(all) {
  all.slice(0, -1).forEach((node, i) => {
    const skip = makeButton('Next figure', () => {
      const next = all.slice(i + 1).find(node => node.checkVisibility()) // not in a part that is folded
      if (next) next.tabIndex = -1
      next?.focus()
    })
    skip.className = 'skip'
    node.prepend(skip)
  })
}

// The address of a figure in its present state, on the page where it is.
function linkTo(figure) {
  const path = document.body.classList.contains('embed') ? `/embed/${figure.name}` : location.pathname
  return `${location.origin}${path}${new URL(figure.bareAddress(''), location).search}#${figure.node.id}`
}
