// Which figures are in sight or near it, and how much room their pictures have.

const MANY = 3000 // elements: with more of them a page answers more slowly, and pictures far away are given up

// zoom: how much a picture is enlarged on the screen.
export function observeLayout(figures, zoom = () => 1) {
  const drawn = figures.filter(({ picture }) => picture)
  const figureOf = node => drawn.find(figure => figure.node === node || figure.picture === node)

  const watch = (property, rootMargin) => new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) {
      const figure = figureOf(target)
      figure[property] = isIntersecting
      figure.refresh()
      if (!figure.isNear && document.getElementsByTagName('*').length > MANY) figure.release()
    }
  }, { rootMargin })
  const visibility = watch('isVisible', '0px')
  const nearness = watch('isNear', '150% 0px') // of the window's height: pictures are there before they are in sight

  // A figure that has come to the middle of the window for the first time shows for a second what can be held.
  const meeting = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) if (isIntersecting) meet(target)
  }, { rootMargin: '-30% 0px' })
  const meet = node => {
    meeting.unobserve(node)
    node.classList.add('met')
    setTimeout(() => node.classList.remove('met'), 1000)
  }

  // Pictures out of sight are not painted. They are watched once all are laid out, so that their sizes are known.
  const painting = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) target.classList.toggle('away', !isIntersecting)
  })
  setTimeout(() => drawn.forEach(({ node }) => painting.observe(node)), 2000)

  const sizes = new ResizeObserver(entries => {
    for (const { target, contentRect } of entries) {
      const scale = zoom(target)
      if (!fitTo(figureOf(target), contentRect.width / scale, contentRect.height / scale)) continue
      figureOf(target).isPending = true
      figureOf(target).refresh()
    }
  })

  for (const figure of drawn) {
    const { node, picture } = figure
    visibility.observe(node)
    if (staysInSight(node)) figure.isNear = true // its height depends on the window, and all below it on its height
    else nearness.observe(node)
    sizes.observe(picture)
    meeting.observe(node)
  }
}

// Sets the size that a picture is asked for; true where the present one does not fit.
function fitTo(figure, available, height) {
  const svg = figure.picture.querySelector('svg')
  const width = Math.floor(available / 10) * 10
  if (!svg || width < 200) return false
  figure.width = Math.min(width, 1200)
  figure.height = staysInSight(figure.node) ? stickyHeight(figure) : hasBox(figure.node) ? Math.max(140, Math.floor(height / 10) * 10) : 0
  const box = svg.viewBox.baseVal
  return Math.abs(box.width - available) >= 12 || (figure.height > 0 && box.height > figure.height)
}

// On a slide and in a fixed frame the room for a picture has a height of its own, which does not depend on the picture.
const hasBox = node => node.closest('.boxed') && !node.closest('.overview')

const staysInSight = node => node.matches('.sticky, .x-sticky')

// A figure that stays in sight while the text moves on takes at most half of the window.
function stickyHeight({ node, picture }) {
  const rest = node.offsetHeight - picture.offsetHeight
  return Math.max(140, Math.floor((innerHeight / 2 - rest) / 20) * 20)
}
