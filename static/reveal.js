// Words change figures. One that is out of sight is brought into view, and a button leads back to the word.

const ENOUGH = 0.6 // of a picture, or of the window if that is lower, is in sight

export function connectReveal(figures, isStill) {
  let word = null
  const back = Object.assign(document.createElement('button'), { type: 'button', className: 'way-back', textContent: 'Back to the text', hidden: true })
  back.addEventListener('click', goBack)
  back.addEventListener('keydown', ({ key }) => { if (key === 'Escape') goBack() })
  document.body.append(back)

  const watch = new IntersectionObserver(([{ isIntersecting }]) => { if (isIntersecting) forget() })
  const scrollTo = (node, block) => node.scrollIntoView({ behavior: isStill() ? 'instant' : 'smooth', block })

  function forget() {
    watch.disconnect()
    if (back === document.activeElement) word.focus({ preventScroll: true })
    back.hidden = true
  }

  function goBack() {
    forget()
    scrollTo(word, 'center')
  }

  // names: the parameters that a pressed word changes. It may also say to which figure it leads.
  return function reveal(pressed, names) {
    const { to } = pressed.dataset
    const shared = figure => figure.picture && names.filter(name => figure.names.includes(name)).length
    const most = Math.max(1, ...figures.map(shared))
    const isMeant = figure => to ? figure.name === to : shared(figure) === most
    const drawn = figures.filter(figure => isMeant(figure) && hasRoom(figure.picture))
    const unfolded = drawn.filter(({ picture }) => picture.checkVisibility())
    const shown = unfolded.length ? unfolded : drawn
    if (!shown.length || unfolded.some(isInSight)) return
    const { top } = pressed.getBoundingClientRect()
    const distance = ({ node }) => Math.abs(node.getBoundingClientRect().top - top)
    const { node } = shown.sort((a, b) => distance(a) - distance(b))[0]
    node.closest('details')?.setAttribute('open', '')
    word = pressed
    scrollTo(node, node.offsetHeight < innerHeight ? 'center' : 'start')
    back.hidden = false
    back.focus({ preventScroll: true })
    setTimeout(() => watch.observe(word), 1000) // it is still in sight while the page begins to scroll
  }
}

// Also of a picture in a part that is folded, which opens; not of one on another slide.
function hasRoom(picture) {
  const fold = picture.closest('details:not([open])')
  return (fold ?? picture).checkVisibility()
}

function isInSight({ picture }) {
  const { top, bottom, height } = picture.getBoundingClientRect()
  return Math.min(bottom, innerHeight) - Math.max(top, 0) >= ENOUGH * Math.min(height, innerHeight)
}

// An answer that a reader opens is uncovered in the bet above it, whose checked box then holds it open. Whichever of
// the two is hidden leaves the focus to the other.
export function uncoverBet(answer) {
  const box = answer.previousElementSibling?.querySelector('.toggle input:not(:checked)')
  if (!box) return
  const summary = answer.querySelector('summary')
  const hasFocus = summary === document.activeElement
  box.click()
  if (hasFocus) box.focus({ preventScroll: true })
  box.addEventListener('change', () => summary.focus({ preventScroll: true }), { once: true })
  answer.open = !CSS.supports('selector(::details-content)')
}
