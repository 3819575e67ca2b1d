// Which figures are in sight, and how much room their pictures have.

import { debounce } from './timing.js'

// refreshHidden: brings figures out of sight up to date. zoom: how much a picture is enlarged on the screen.
export function observeLayout(figures, refreshHidden, zoom = () => 1) {
  const drawn = figures.filter(({ picture }) => picture)
  const figureOf = node => drawn.find(figure => figure.node === node || figure.picture === node)

  const visibility = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) {
      const figure = figureOf(target)
      figure.isVisible = isIntersecting
      figure.refresh()
    }
  })

  // Pictures out of sight are not painted. They are watched once all are laid out, so that their sizes are known.
  const painting = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) target.classList.toggle('away', !isIntersecting)
  })
  setTimeout(() => drawn.forEach(({ node }) => painting.observe(node)), 2000)

  const refreshLater = debounce(refreshHidden, 600)
  const sizes = new ResizeObserver(entries => {
    for (const { target, contentRect } of entries) {
      if (!fitTo(figureOf(target), contentRect.width / zoom(target))) continue
      figureOf(target).invalidate()
      refreshLater()
    }
  })

  for (const { node, picture } of drawn) {
    visibility.observe(node)
    sizes.observe(picture)
  }
}

// Sets the size that a picture is asked for; true where the present one does not fit.
function fitTo(figure, available) {
  const svg = figure.picture.querySelector('svg')
  const width = Math.floor(available / 10) * 10
  if (!svg || width < 200) return false
  figure.width = Math.min(width, 1200)
  figure.height = figure.node.matches('.sticky, .x-sticky') ? stickyHeight(figure) : 0
  const box = svg.viewBox.baseVal
  return Math.abs(box.width - available) >= 12 || (figure.height > 0 && box.height > figure.height)
}

// A figure that stays in sight while the text moves on takes at most half of the window.
function stickyHeight({ node, picture }) {
  const rest = node.offsetHeight - picture.offsetHeight
  return Math.max(140, Math.floor((innerHeight / 2 - rest) / 20) * 20)
}
